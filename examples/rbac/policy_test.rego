package rbac_test

import data.rbac

# The tests bring data of their own: they hold whatever is deployed, and wherever the files are read from.
user_roles := {"alice": ["editor", "billing"], "bob": ["viewer"], "carol": []}

role_permissions := {
	"billing": [{"action": "read", "resource": "invoice"}, {"action": "pay", "resource": "invoice"}],
	"editor": [{"action": "read", "resource": "article"}, {"action": "write", "resource": "article"}],
	"viewer": [{"action": "read", "resource": "article"}],
}

allowed(user, action, resource) if {
	rbac.allow with input as {"user": user, "action": action, "resource": resource}
		with data.rbac.user_roles as user_roles
		with data.rbac.role_permissions as role_permissions
}

permissions(user) := found if {
	found := rbac.permissions with input as {"user": user}
		with data.rbac.user_roles as user_roles
		with data.rbac.role_permissions as role_permissions
}

test_a_role_grants_its_permissions if {
	allowed("alice", "pay", "invoice")
	allowed("bob", "read", "article")
}

test_nothing_is_granted_without_a_role if {
	not allowed("bob", "write", "article")
	not allowed("carol", "read", "article")
	not allowed("mallory", "read", "article")
}

test_permissions_of_all_roles_are_listed if {
	count(permissions("alice")) == 4
	count(permissions("mallory")) == 0
}

test_roles_come_from_data if {
	rbac.allow with input as {"user": "carol", "action": "read", "resource": "article"}
		with data.rbac.user_roles as {"carol": ["viewer"]}
		with data.rbac.role_permissions as role_permissions
}
