package networks

inside if net.cidr_contains(data.office, input.address)

overlapping if net.cidr_intersects(data.office, input.network)

matches := net.cidr_contains_matches(data.ranges, input.addresses)

merged := net.cidr_merge(input.networks)

hosts := net.cidr_expand(input.network)

valid := [network | some network in input.networks; net.cidr_is_valid(network)]
