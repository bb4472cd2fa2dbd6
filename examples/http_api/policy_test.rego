package http_api_test

import data.http_api

now_s := 1700000000

# The tests bring routes of their own: they hold whatever is deployed, and wherever the files are read from.
routes := [
	{"method": "GET", "path": "/products/*", "scopes": []},
	{"method": "POST", "path": "/products", "scopes": ["catalog:write"]},
	{"method": "GET", "path": "/reports/**", "scopes": ["reports:read"]},
]

token(claims) := concat(".", ["e30", trim(base64url.encode(json.marshal(claims)), "="), "c2ln"])

request(method, path, claims) := {
	"method": method,
	"path": path,
	"headers": {"authorization": concat(" ", ["Bearer", token(claims)])},
}

reader := {"sub": "c-1", "exp": 1700000600, "scope": "reports:read"}

allowed(method, path, claims) if {
	http_api.allow with input as request(method, path, claims)
		with data.http_api.routes as routes
		with time.now_ns as now_s * 1000000000
}

test_open_routes_need_a_token_only if {
	allowed("GET", "/products/17", reader)
	not allowed("GET", "/products/17/price", reader)
}

test_scopes_open_routes if {
	allowed("GET", "/reports/2026/11", reader)
	not allowed("POST", "/products", reader)
	allowed("POST", "/products", object.union(reader, {"scope": "catalog:write reports:read"}))
}

test_customers_see_their_own_orders if {
	allowed("GET", "/customers/c-1/orders/9", reader)
	not allowed("GET", "/customers/c-2/orders/9", reader)
	not allowed("POST", "/customers/c-1/orders/9", reader)
}

test_expired_and_early_tokens_are_refused if {
	not allowed("GET", "/products", object.union(reader, {"exp": 1699999999}))
	not allowed("GET", "/products", object.union(reader, {"nbf": 1700000300}))
}

test_broken_tokens_are_refused if {
	every header in ["", "Bearer", "Bearer x", "Bearer a.!!.c", "Basic dTpw"] {
		not http_api.allow with input as {"method": "GET", "path": "/products", "headers": {"authorization": header}}
	}
}

test_reasons_are_given if {
	http_api.reasons == {"no bearer token"} with input as {"method": "GET", "path": "/products", "headers": {}}
		with data.http_api.routes as routes
	http_api.reasons == {"scope catalog:write is missing"} with input as request("POST", "/products", reader)
		with data.http_api.routes as routes
		with time.now_ns as now_s * 1000000000
}
