//! How deep a JSON text is nested.

/// Whether the text has containers within containers beyond `max` levels.
pub(crate) fn is_deeper(json: &str, max: u32) -> bool {
    let mut depth = 0_u32;
    let mut in_string = false;
    let mut is_escaped = false;
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth = depth.saturating_add(1),
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > max {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_containers_count() {
        assert!(!is_deeper(r#"{"a": [1, {"b": []}], "c": [[[]]]}"#, 4));
        assert!(is_deeper(r#"{"a": [1, {"b": []}], "c": [[[]]]}"#, 3));
        assert!(!is_deeper(r#"["[[[\"[[[", "\\", "[["]"#, 1));
        assert!(!is_deeper("[[],[],[],[]]", 2));
        assert!(!is_deeper("1", 0));
    }
}
