//! Which texts are names of Rego, and how paths are written with them.

use palisade_value::{AnyValue, Value, json};

/// The words that are no names in Rego v1.
const KEYWORDS: [&str; 15] = [
    "as", "contains", "default", "else", "every", "false", "if", "import", "in", "not", "null",
    "package", "some", "true", "with",
];

/// Whether a text can stand for a variable or rule, or behind a dot.
pub fn is_name(text: &str) -> bool {
    let is_letter = |it: char| it.is_ascii_alphabetic() || it == '_';
    let is_part = |it: char| is_letter(it) || it.is_ascii_digit();
    text.starts_with(is_letter) && text.chars().all(is_part) && !KEYWORDS.contains(&text)
}

/// A reference with constant parts: `data.roles["a b"][0]`. The first part is written as it is.
pub fn reference(path: &[Value]) -> String {
    let mut text = String::new();
    for (at, part) in path.iter().enumerate() {
        match part.as_str() {
            Some(part) if at == 0 => text.push_str(part),
            Some(part) if is_name(part) => {
                text.push('.');
                text.push_str(part);
            }
            _ => {
                text.push('[');
                json::write_rego(part, &mut text);
                text.push(']');
            }
        }
    }
    text
}

/// A path below `data` as messages and records show it: `data.roles.a b[0]`.
pub fn data_path<'a>(path: impl IntoIterator<Item = &'a Value>) -> String {
    path.into_iter().fold("data".to_owned(), |text, key| text + &step(key))
}

/// One step of such a path: strings stand behind a dot, whatever is in them.
pub fn step(key: &Value) -> String {
    match key.as_str() {
        Some(key) => format!(".{key}"),
        None => format!("[{key}]"),
    }
}

/// The strings that a path begins with: a name of the document that holds all the rest.
pub fn strings(path: &[Value]) -> Vec<String> {
    path.iter().map_while(|key| key.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_written_as_policies_write_them() {
        let path = ["data", "roles", "a b", "every", "x1"].map(Value::from);
        let path = [path.as_slice(), &[Value::Integer(0)]].concat();
        assert_eq!(reference(&path), r#"data.roles["a b"]["every"].x1[0]"#);
    }

    #[test]
    fn messages_show_paths_without_quotes() {
        let path = [Value::from("roles"), Value::from("a b"), Value::Integer(0), Value::Null];
        assert_eq!(data_path(&path), "data.roles.a b[0][null]");
        assert_eq!(strings(&path), ["roles", "a b"]);
    }

    #[test]
    fn keywords_are_no_names() {
        assert!(is_name("allow") && is_name("_x") && is_name("every2"));
        assert!(!is_name("with") && !is_name("in") && !is_name("") && !is_name("2x"));
    }
}
