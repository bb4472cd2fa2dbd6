# Documents and functions replaced for an expression.
package withs

allow if input.user == data.owner

as_owner if allow with input.user as data.owner

elsewhere if allow with data.owner as input.user

narrowed := value if {
	value := echo with input as input.inner
}

echo := input

mocked := answer if {
	answer := fetched with data.remote as {"status": 418} with lookup as 7
}

fetched := {"status": data.remote.status, "looked": lookup("x")}

lookup(_) := 1

every_user if {
	every user in input.users { allow with input.user as user }
}
