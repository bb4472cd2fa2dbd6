# METADATA
# title: Role check
# description: Who may do what to a document, by role and by how sensitive the document is.
package roles

# METADATA
# title: May the subject do this?
# entrypoint: true
default allow := false

allow if input.subject.role == "admin"

allow if {
	input.subject.role == "engineer"
	input.action == "read"
	input.resource.sensitivity < 3
}

allow if {
	input.subject.role == "engineer"
	input.action == "write"
	input.resource.sensitivity < 2
}
