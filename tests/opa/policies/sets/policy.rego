# Sets, sets of sets, and their algebra.
package sets

algebra := {
	"union": left | right,
	"intersection": left & right,
	"difference": left - right,
	"unions": union({left, right, {0}}),
	"common": intersection({left, right}),
}

left := {x | some x in input.left}

right := {x | some x in input.right}

nested := {{1, 2}, {{"a"}, set()}, [{3}], {"k": {4}}}

contained if {1, {2}} in {{1, {2}}}

partial contains [x, {y}] if {
	some x in input.left
	some y in input.right
	x < y
}

kinds := {x: type_name(x) | some x in [null, true, 1, "s", [], {}, set()]}
