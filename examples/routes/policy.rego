# METADATA
# title: A thousand routes
# description: One rule a route, as generators write them.
package routes

# METADATA
# title: May the role use the route?
# entrypoint: true
default allow := false

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/accounts/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/accounts/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/accounts/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/accounts/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/accounts/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/addresses/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/addresses/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/addresses/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/addresses/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/addresses/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/alerts/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/alerts/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/alerts/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/alerts/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/alerts/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/assets/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/assets/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/assets/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/assets/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/assets/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/audits/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/audits/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/audits/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/audits/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/audits/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/backups/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/backups/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/backups/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/backups/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/backups/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/batches/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/batches/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/batches/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/batches/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/batches/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/budgets/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/budgets/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/budgets/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/budgets/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/budgets/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/calendars/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/calendars/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/calendars/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/calendars/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/calendars/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/campaigns/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/campaigns/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/campaigns/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/campaigns/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/campaigns/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/carts/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/carts/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/carts/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/carts/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/carts/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/catalogs/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/catalogs/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/catalogs/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/catalogs/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/catalogs/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/channels/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/channels/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/channels/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/channels/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/channels/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/claims/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/claims/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/claims/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/claims/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/claims/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clients/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clients/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clients/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clients/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clients/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/clusters/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/clusters/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/clusters/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/clusters/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/clusters/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/comments/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/comments/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/comments/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/comments/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/comments/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/contracts/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/contracts/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/contracts/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/contracts/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/contracts/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/coupons/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/coupons/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/coupons/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/coupons/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/coupons/09"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/00"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/00"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/00"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/00"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/00"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/01"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/01"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/01"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/01"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/01"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/02"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/02"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/02"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/02"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/02"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/03"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/03"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/03"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/03"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/03"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/04"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/04"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/04"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/04"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/04"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/05"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/05"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/05"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/05"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/05"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/06"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/06"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/06"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/06"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/06"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/07"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/07"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/07"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/07"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/07"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/08"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/08"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/08"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/08"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/08"
	"writer" in input.roles
}

allow if {
	input.method == "GET"
	input.path == "/v1/customers/09"
	"reader" in input.roles
}

allow if {
	input.method == "POST"
	input.path == "/v1/customers/09"
	"writer" in input.roles
}

allow if {
	input.method == "PUT"
	input.path == "/v1/customers/09"
	"writer" in input.roles
}

allow if {
	input.method == "DELETE"
	input.path == "/v1/customers/09"
	"owner" in input.roles
}

allow if {
	input.method == "PATCH"
	input.path == "/v1/customers/09"
	"writer" in input.roles
}
