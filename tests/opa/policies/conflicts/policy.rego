# What ends an evaluation: a rule with two values, an object with two values for a key, a function likewise.
package conflicts

level := 1 if input.low

level := 2 if input.high

owner[resource] := person if {
	some person, resources in input.owners
	some resource in resources
}

mapped := {key: value | some [key, value] in input.pairs}

doubled(x) := x * 2

doubled(x) := x + x + input.extra

called := doubled(input.number)
