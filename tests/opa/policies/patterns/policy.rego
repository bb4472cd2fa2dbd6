package patterns

matches := {
	"regex": regex.match(`^[a-z]+\d{2,}$`, input.text),
	"glob": glob.match("*.example.*", ["."], input.text),
	"given": regex.match(input.pattern, input.text),
	"template": regex.template_match("urn:<.*>:end", input.text, "<", ">"),
}

parts := {
	"split": regex.split(`[,;]\s*`, input.text),
	"found": regex.find_n(`[0-9]+`, input.text, -1),
	"groups": regex.find_all_string_submatch_n(`(\w)(\d)`, input.text, 2),
	"replaced": regex.replace(input.text, `(\w+)@`, "<$1>"),
}

valid := regex.is_valid(input.pattern)

quoted := glob.quote_meta(input.text)
