package bits_of

masks[name] := value if {
	some name, value in {
		"and": bits.and(input.a, input.b),
		"or": bits.or(input.a, input.b),
		"xor": bits.xor(input.a, input.b),
		"negate": bits.negate(input.a),
		"left": bits.lsh(input.a, 70),
		"right": bits.rsh(input.a, 3),
	}
}
