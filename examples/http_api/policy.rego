# METADATA
# title: HTTP API with JWT claims
# description: Which requests a bearer of these claims may make. The gateway in front has verified the token's signature.
package http_api

# METADATA
# title: May this request go through?
# entrypoint: true
default allow := false

allow if {
	token_is_current
	some route in data.http_api.routes
	route.method == input.method
	glob.match(route.path, ["/"], input.path)
	every scope in route.scopes { scope in scopes }
}

# Customers may always see and cancel their own orders.
allow if {
	token_is_current
	["customers", id, "orders", _] = array.slice(split(input.path, "/"), 1, 5)
	id == claims.sub
	input.method in {"GET", "DELETE"}
}

# METADATA
# title: Why a request did not go through
# entrypoint: true
reasons contains "no bearer token" if not claims

reasons contains "the token has expired" if {
	claims
	not token_is_current
}

reasons contains sprintf("scope %s is missing", [scope]) if {
	some route in data.http_api.routes
	route.method == input.method
	glob.match(route.path, ["/"], input.path)
	some scope in route.scopes
	not scope in scopes
}

claims := json.unmarshal(base64url.decode(payload)) if {
	[scheme, token] := split(input.headers.authorization, " ")
	lower(scheme) == "bearer"
	[_, payload, _] := split(token, ".")
}

token_is_current if {
	now := time.now_ns() / 1000000000
	claims.exp > now
	object.get(claims, "nbf", 0) <= now
}

scopes contains scope if some scope in split(claims.scope, " ")
