package objects

patched := json.patch(input.document, input.patch)

trimmed := {
	"filtered": json.filter(input.document, ["a/b", "c"]),
	"removed": json.remove(input.document, ["a/b"]),
	"without": object.remove(input.document, {"c"}),
	"only": object.filter(input.document, ["c"]),
}

merged := object.union_n([{"a": {"x": 1}}, input.document, {"c": null}])

covers if object.subset(input.document, {"a": {"b": 1}})
