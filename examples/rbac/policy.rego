# METADATA
# title: Role-based access control
# description: Users have roles, roles have permissions, both are data.
package rbac

# METADATA
# title: May the user do this?
# entrypoint: true
default allow := false

allow if {
	some role in data.rbac.user_roles[input.user]
	some permission in data.rbac.role_permissions[role]
	permission.action == input.action
	permission.resource == input.resource
}

# METADATA
# title: Everything the user may do
# entrypoint: true
permissions contains permission if {
	some role in data.rbac.user_roles[input.user]
	some permission in data.rbac.role_permissions[role]
}
