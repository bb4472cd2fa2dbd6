package rbac_test

import data.rbac

test_a_role_grants_its_permissions if {
	rbac.allow with input as {"user": "alice", "action": "pay", "resource": "invoice"}
	rbac.allow with input as {"user": "bob", "action": "read", "resource": "article"}
}

test_nothing_is_granted_without_a_role if {
	not rbac.allow with input as {"user": "bob", "action": "write", "resource": "article"}
	not rbac.allow with input as {"user": "carol", "action": "read", "resource": "article"}
	not rbac.allow with input as {"user": "mallory", "action": "read", "resource": "article"}
}

test_permissions_of_all_roles_are_listed if {
	count(rbac.permissions) == 4 with input as {"user": "alice"}
	count(rbac.permissions) == 0 with input as {"user": "mallory"}
}

test_roles_come_from_data if {
	rbac.allow with input as {"user": "carol", "action": "read", "resource": "article"}
		with data.rbac.user_roles as {"carol": ["viewer"]}
}
