# The time comes from the host; everything else about it is the module's own.
package clock

# METADATA
# entrypoint: true
now := time.now_ns()

# The same all through an evaluation.
stands_still if time.now_ns() == time.now_ns()

recent if {
	time.date(time.now_ns())[0] >= 2024
}

dice := rand.intn("dice", 6) < 6

unmoved := input.x
