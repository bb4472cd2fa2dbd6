package roles_test

import data.roles

test_admins_may_do_anything if {
	roles.allow with input as {"subject": {"role": "admin"}, "action": "delete", "resource": {"sensitivity": 9}}
}

test_engineers_read_up_to_two if {
	every sensitivity, expected in {1: true, 2: true, 3: false} {
		roles.allow == expected with input as {
			"subject": {"role": "engineer"},
			"action": "read",
			"resource": {"sensitivity": sensitivity},
		}
	}
}

test_engineers_write_up_to_one if {
	roles.allow with input as {"subject": {"role": "engineer"}, "action": "write", "resource": {"sensitivity": 1}}
	not roles.allow with input as {"subject": {"role": "engineer"}, "action": "write", "resource": {"sensitivity": 2}}
}

test_unknown_roles_may_nothing if {
	not roles.allow with input as {"subject": {"role": "guest"}, "action": "read", "resource": {"sensitivity": 0}}
}

test_an_empty_input_is_denied if {
	not roles.allow with input as {}
}
