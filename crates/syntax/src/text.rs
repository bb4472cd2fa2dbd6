//! Text in messages. What the standard library has for this would do, but a module whose policy reads policies has the
//! library's functions in common with others: one more use of a function that is used once keeps it from being inlined
//! there, and modules grow that have nothing to do with it.

/// Words with a space between them.
pub(crate) fn spaced(words: &[&str]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// Text with control characters, quotes and backslashes as Rust writes them.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for it in text.chars() {
        match it {
            '\0' => out.push_str("\\0"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '"' | '\'' | '\\' => out.extend(['\\', it]),
            _ if it.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(it))),
            _ => out.push(it),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spaced() {
        assert_eq!(spaced(&["a", "b c", "d"]), "a b c d");
        assert_eq!(spaced(&[]), "");
    }

    #[test]
    fn what_no_terminal_shows_is_escaped() {
        assert_eq!(escaped("a\t\"é\"\u{1b}\\\n"), r#"a\t\"é\"\u{1b}\\\n"#);
    }
}
