//! Built-ins of OPA that may be missing here, and why. Asked only about names that nobody declares, so a built-in that is
//! added needs no change here.

/// Functions that only compute.
const NAMES: [&str; 38] = [
    "crypto.parse_private_keys",
    "crypto.x509.parse_and_verify_certificates",
    "crypto.x509.parse_and_verify_certificates_with_options",
    "crypto.x509.parse_certificate_request",
    "crypto.x509.parse_certificates",
    "crypto.x509.parse_keypair",
    "crypto.x509.parse_rsa_private_key",
    "graphql.is_valid",
    "graphql.parse",
    "graphql.parse_and_verify",
    "graphql.parse_query",
    "graphql.parse_schema",
    "graphql.schema_is_valid",
    "io.jwt.decode",
    "io.jwt.decode_verify",
    "io.jwt.encode_sign",
    "io.jwt.encode_sign_raw",
    "io.jwt.verify_eddsa",
    "io.jwt.verify_es256",
    "io.jwt.verify_es384",
    "io.jwt.verify_es512",
    "io.jwt.verify_hs256",
    "io.jwt.verify_hs384",
    "io.jwt.verify_hs512",
    "io.jwt.verify_ps256",
    "io.jwt.verify_ps384",
    "io.jwt.verify_ps512",
    "io.jwt.verify_rs256",
    "io.jwt.verify_rs384",
    "io.jwt.verify_rs512",
    "json.match_schema",
    "json.verify_schema",
    "providers.aws.sign_req",
    "rego.parse_module",
    "strings.render_template",
    "yaml.is_valid",
    "yaml.marshal",
    "yaml.unmarshal",
];

/// Why there is no such function, if OPA has it.
pub fn reason(name: &str) -> Option<&'static str> {
    NAMES.contains(&name).then_some("OPA has this function; this version of Palisade does not")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opa_has_is_told_from_what_nobody_has() {
        assert!(reason("io.jwt.decode").is_some_and(|it| it.contains("OPA has")));
        assert_eq!(reason("io.jwt.decod"), None);
    }
}
