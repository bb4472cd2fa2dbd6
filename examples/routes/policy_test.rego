package routes_test

import data.routes

test_the_first_and_the_last_route_are_found if {
	routes.allow with input as {"method": "GET", "path": "/v1/accounts/00", "roles": ["reader"]}
	routes.allow with input as {"method": "PATCH", "path": "/v1/customers/09", "roles": ["reader", "writer"]}
}

test_a_role_is_needed if {
	not routes.allow with input as {"method": "DELETE", "path": "/v1/claims/03", "roles": ["writer"]}
}

test_unknown_routes_are_closed if {
	every path in ["/v1/accounts/10", "/v1/accounts", "/", ""] {
		not routes.allow with input as {"method": "GET", "path": path, "roles": ["reader", "writer", "owner"]}
	}
}

test_roles[role] if {
	some role, expected in {"reader": false, "writer": true, "owner": false}
	routes.allow == expected with input as {"method": "PUT", "path": "/v1/carts/05", "roles": [role]}
}
