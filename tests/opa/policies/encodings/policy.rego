package encodings

encoded := {
	"base64": base64.encode(input.text),
	"base64url": base64url.encode_no_pad(input.text),
	"hex": hex.encode(input.text),
	"url": urlquery.encode(input.text),
	"query": urlquery.encode_object({"q": input.text, "many": ["1", "2"]}),
	"json": json.marshal({"text": input.text, "set": {3, 1, 2}}),
}

decoded := {
	"base64": base64.decode(base64.encode(input.text)),
	"hex": hex.decode(hex.encode(input.text)),
	"url": urlquery.decode(urlquery.encode(input.text)),
	"json": json.unmarshal(input.document),
}

valid := json.is_valid(input.document)
