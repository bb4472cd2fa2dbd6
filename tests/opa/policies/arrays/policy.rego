package arrays

shaped := {
	"joined": array.concat(input.left, input.right),
	"middle": array.slice(input.left, 1, 3),
	"backwards": array.reverse(input.right),
	"flat": array.flatten([input.left, [input.right]]),
}

indexes := {value: index | some index, value in input.left}

last := input.left[count(input.left) - 1]
