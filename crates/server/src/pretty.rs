//! JSON text with line breaks, as `?pretty` wants it. Numbers and strings stay as they are written.

/// Indents well-formed JSON by two spaces a level. Text that is not JSON comes out as some other text.
pub(crate) fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut chars = json.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' => copy_string(&mut out, &mut chars),
            '{' | '[' => {
                out.push(char);
                skip_space(&mut chars);
                match chars.next_if(|next| matches!(next, '}' | ']')) {
                    Some(close) => out.push(close),
                    None => {
                        depth += 1;
                        break_line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(char);
            }
            ',' => {
                out.push(char);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            ' ' | '\t' | '\r' | '\n' => {}
            other => out.push(other),
        }
    }
    out
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn copy_string(out: &mut String, chars: &mut Chars<'_>) {
    out.push('"');
    while let Some(char) = chars.next() {
        out.push(char);
        match char {
            '"' => return,
            '\\' => out.extend(chars.next()),
            _ => {}
        }
    }
}

fn skip_space(chars: &mut Chars<'_>) {
    while chars.next_if(|next| next.is_ascii_whitespace()).is_some() {}
}

fn break_line(out: &mut String, depth: usize) {
    /// Deeper levels are not indented further, or the text would grow with the square of its depth.
    const INDENTED_MAX: usize = 64;
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(INDENTED_MAX)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(pretty(json), expected);
    }

    #[test]
    fn levels_are_indented() {
        check(
            r#"{"a":[1.50,{"b":null}],"c":"x"}"#,
            "{\n  \"a\": [\n    1.50,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": \"x\"\n}",
        );
    }

    #[test]
    fn empty_containers_and_strings_stay_as_they_are() {
        check("{}", "{}");
        check("[ { } ]", "[\n  {}\n]");
        check(r#""{\"a\": [1,2]\\""#, r#""{\"a\": [1,2]\\""#);
    }

    #[test]
    fn depth_does_not_square_the_size() {
        let json = "[".repeat(10_000) + &"]".repeat(10_000);
        assert!(pretty(&json).len() < 10_000 * 300);
    }
}
