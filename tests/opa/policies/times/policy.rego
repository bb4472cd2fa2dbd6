# Times that are computed; the clock itself is in the policy `clock`.
package times

of_moment := {
	"date": time.date(ns),
	"clock": time.clock([ns, "Europe/Berlin"]),
	"weekday": time.weekday(ns),
	"text": time.format([ns, "America/New_York", "2006-01-02T15:04:05Z07:00"]),
	"later": time.add_date(ns, 0, 1, -3),
}

ns := time.parse_rfc3339_ns(input.moment)

apart := time.diff(time.parse_ns("2006-01-02", input.to), time.parse_ns("2006-01-02", input.from))

duration := time.parse_duration_ns(input.duration)
