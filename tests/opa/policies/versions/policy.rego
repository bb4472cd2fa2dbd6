package versions

newer if semver.compare(input.version, data.minimum) > 0

valid := semver.is_valid(input.version)

sizes := {"bytes": units.parse_bytes(input.size), "units": units.parse(input.size)}

identity := uuid.parse(input.uuid)

address := uri.parse(input.uri)
