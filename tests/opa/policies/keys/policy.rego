# Objects whose keys are no strings, and names that take quoting.
package keys

by_value := {1: "number", true: "boolean", null: "nothing", [1, 2]: "array", {"k": 1}: "object", {3}: "set"}

by_number := object.get({1: "one", 2.5: "two and a half"}, input.key, "unknown")

names := object.keys(input.object)

quoted := {"": 1, "a\"b": 2, "tab\t": 3, "new\nline": 4, "\u0000": 5, "é": 6, "日本": 7, "🦀": 8, "back\\slash": 9}

at := input.object[""]["a b"]["日本"]
