# Role-based access: what most policies look like.
package roles

default allow := false

allow if {
	some role in data.bindings[input.user]
	some grant in data.grants[role]
	grant.action == input.action
	grant.kind == input.kind
}

allow if "admin" in data.bindings[input.user]

reasons contains reason if {
	not data.bindings[input.user]
	reason := sprintf("%s has no roles", [input.user])
}

reasons contains $"{input.action} on {input.kind} needs another role" if {
	data.bindings[input.user]
	not allow
}
