package digests

of_text := {
	"md5": crypto.md5(input.text),
	"sha1": crypto.sha1(input.text),
	"sha256": crypto.sha256(input.text),
	"hmac": crypto.hmac.sha512(input.text, input.key),
}

genuine if crypto.hmac.equal(crypto.hmac.sha256(input.text, input.key), input.mac)
