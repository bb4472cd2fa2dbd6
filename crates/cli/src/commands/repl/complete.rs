//! What a half-typed name may become.

use std::collections::BTreeSet;

use palisade_rego::checked::Node;
use palisade_value::{AnyValue, Value};

use super::command::COMMANDS;

/// The names that are known.
#[derive(Clone, Debug)]
pub struct Names {
    /// Rules and imports of the active package.
    pub rules: Vec<String>,
    /// The input.
    pub input: Option<Value>,
    /// The base data.
    pub data: Value,
    /// The virtual documents.
    pub documents: Node,
}

/// Where the last word of a line begins, and what it may become, sorted.
pub fn complete(before: &str, names: &Names) -> (usize, Vec<String>) {
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, it)| it.is_alphanumeric() || matches!(it, '_' | '.' | '-'))
        .last()
        .map_or(before.len(), |(at, _)| at);
    let word = &before[start..];
    let mut found = BTreeSet::new();
    if before[..start].trim().is_empty() {
        let first = |name: &'static str| name.split(' ').next().unwrap_or(name);
        found.extend(COMMANDS.iter().map(|(name, ..)| first(name).to_owned()));
    }
    if before[..start].trim() == "unset" {
        found.extend(names.rules.iter().cloned());
    } else {
        found.extend(expressions(word, names));
    }
    found.retain(|it| it.starts_with(word) && it != word);
    (start, found.into_iter().collect())
}

/// The names that an expression can begin with, and the paths one step further than the word.
fn expressions(word: &str, names: &Names) -> Vec<String> {
    let mut found: Vec<String> = names.rules.clone();
    found.extend(["data", "input"].map(str::to_owned));
    let builtins = palisade_builtins::declarations().iter();
    found.extend(builtins.map(|it| it.name.to_owned()).filter(|it| !it.starts_with("internal.")));
    let Some((path, _)) = word.rsplit_once('.') else { return found };
    let mut parts = path.split('.');
    let keys = match parts.next() {
        Some("data") => data_keys(parts, names),
        Some("input") => base_keys(parts, names.input.clone()),
        _ => BTreeSet::new(),
    };
    found.extend(keys.into_iter().map(|key| format!("{path}.{key}")));
    found
}

fn data_keys<'a>(path: impl Iterator<Item = &'a str> + Clone, names: &Names) -> BTreeSet<String> {
    let node = names.documents.at(path.clone());
    let documents = node.into_iter().flat_map(|it| it.children.keys());
    let documents = documents.filter_map(Value::as_str).map(str::to_owned);
    documents.chain(base_keys(path, Some(names.data.clone()))).collect()
}

/// The keys of the document at a path that can stand behind a dot.
fn base_keys<'a>(
    mut path: impl Iterator<Item = &'a str>,
    document: Option<Value>,
) -> BTreeSet<String> {
    let found = document.and_then(|it| path.try_fold(it, |value, key| value.get_str(key)));
    let Some(Value::Object(entries)) = found else { return BTreeSet::new() };
    let keys = entries.iter().filter_map(|entry| entry.key.as_str());
    keys.filter(|key| is_name(key)).map(str::to_owned).collect()
}

fn is_name(key: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
    key.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') && key.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use palisade_value::json;

    use super::*;

    fn check(before: &str, start: usize, wanted: &[&str]) {
        let mut documents = Node::default();
        documents.make(&["authz", "allow"].map(Value::from));
        documents.make(&["authz", "admins"].map(Value::from));
        let parse = |text: &str| json::parse(text).expect("JSON");
        let names = Names {
            rules: vec!["target_user".to_owned(), "uses".to_owned()],
            input: Some(parse(r#"{"user": {"name": "a", "first name": "b"}}"#)),
            data: parse(r#"{"users": {"x": 1}, "authz": {"roles": []}}"#),
            documents,
        };
        assert_eq!(
            complete(before, &names),
            (start, wanted.iter().map(|it| it.to_string()).collect())
        );
    }

    #[test]
    fn commands_stand_at_the_beginning_only() {
        check("targ", 0, &["target", "target_user"]);
        check("1 + targ", 4, &["target_user"]);
        check("unset-p", 0, &["unset-package"]);
        check("unset ta", 6, &["target_user"]);
    }

    #[test]
    fn paths_are_followed_through_rules_and_data() {
        check("data.", 0, &["data.authz", "data.users"]);
        check("x = data.authz.a", 4, &["data.authz.admins", "data.authz.allow"]);
        check("data.authz.r", 0, &["data.authz.roles"]);
        check("count(input.user.", 6, &["input.user.name"]);
        check("data.nothing.", 0, &[]);
        check("data.users.x.", 0, &[]);
    }

    #[test]
    fn built_ins_are_known() {
        check("json.un", 0, &["json.unmarshal"]);
        check("p if array.co", 5, &["array.concat"]);
    }
}
