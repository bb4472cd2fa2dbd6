package authz

default allow := false

allow if {
	input.method == "GET"
	some role in data.roles[input.user]
	role == "admin"
}

allow if {
	input.path = ["public", _]
	not deny[input.path[1]]
	count(input.tags) > 2
}

deny contains "secret"
deny contains input.blocked[_]

level := "high" if input.n > 10

else := "low" if input.n > 5

docs contains d if {
	some d in data.docs
	d.owner == input.user
	upper(d.kind) == "A"
}

f(x) := y if y := x + 1
q if every x in input.xs { x > 1; x < 10}
c := [x | x := input.xs[_]; x > 1]
g if f(input.x) == 3
