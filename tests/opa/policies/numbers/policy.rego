# Integers of any size and decimals, exact through input, data, arithmetic and output.
package numbers_of

echo := input.number

limit := data.limit

arithmetic := {
	"plus": input.a + input.b,
	"minus": input.a - input.b,
	"times": input.a * input.b,
	"negative": 0 - input.a,
}

rounded := [round(input.number), ceil(input.number), floor(input.number), abs(input.number)]

remainder := input.a % input.b

quotient := input.a / input.b

range := numbers.range(input.a, input.b)

steps := numbers.range_step(input.a, input.b, 3)

text := {"hex": format_int(input.number, 16), "number": to_number(input.text)}

same if input.a == input.b

above if input.number > data.limit
