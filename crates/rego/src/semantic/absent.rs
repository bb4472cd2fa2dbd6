//! Built-ins of OPA that are missing here, and why. Asked only about names that nobody declares, so a built-in that is
//! added needs no change here.

/// Functions that reach out of the evaluation.
const REACHING_OUT: [&str; 2] = ["http.send", "net.lookup_ip_addr"];

/// Why there is no such function, if OPA has it.
pub fn reason(name: &str) -> Option<&'static str> {
    REACHING_OUT.contains(&name).then_some(
        "a policy sees nothing but its input and data: look it up beforehand and pass it in",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opa_has_is_told_from_what_nobody_has() {
        assert!(reason("http.send").is_some_and(|it| it.contains("input and data")));
        assert_eq!(reason("http.sent"), None);
    }
}
