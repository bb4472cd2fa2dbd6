package strings_of

parts := {
	"upper": upper(input.text),
	"lower": lower(input.text),
	"trim": trim_space(input.text),
	"split": split(input.text, " "),
	"replace": replace(input.text, "a", "ä"),
	"reverse": strings.reverse(input.text),
	"substring": substring(input.text, 2, 3),
	"index": indexof(input.text, "b"),
	"indexes": indexof_n(input.text, "a"),
	"count": strings.count(input.text, "a"),
	"length": count(input.text),
}

formats := sprintf("%s|%5d|%-5v|%08.3f|%x|%q|%t|%v", [input.text, 42, "l", 3.14159, 255, "q\"", true, {"k": {1}}])

affixes := {
	"starts": startswith(input.text, "pre"),
	"ends": endswith(input.text, "post"),
	"contains": contains(input.text, "mid"),
	"any": strings.any_prefix_match(input.text, {"x", "pre"}),
}

joined := concat(", ", {name | some name in input.names})

interpolated := $"{input.text}: {input.missing} {count(input.text)}"
