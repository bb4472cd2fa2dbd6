# Undefined, false, null and defaults are four different answers.
package defaults

default allow := false

allow if input.role == "admin"

maybe if input.role == "admin"

nothing := null if input.role == "admin"

denied := false if input.role == "admin"

default limit(_) := 10

limit(role) := 100 if role == "admin"

limits := {role: limit(role) | some role in ["admin", "guest"]}

fallback := "first" if {
	input.first
} else := "second" if {
	input.second
} else := "none"

absent if not input.role
