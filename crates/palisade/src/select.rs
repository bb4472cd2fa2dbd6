//! Parts of results: the part of a JSON text that some keys lead to, and the object made of several texts.

use std::borrow::Cow;
use std::collections::BTreeMap;

use palisade_abi::canonical::canonical_json;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::base::Document;

/// The part of `json` that the keys lead to: members of objects by name, items of arrays by position.
pub(crate) fn select(json: &str, keys: &[String]) -> Option<String> {
    let mut part = json;
    for key in keys {
        part = member(part, key)?;
    }
    Some(part.to_owned())
}

fn member<'a>(json: &'a str, key: &str) -> Option<&'a str> {
    if json.trim_ascii_start().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
        let item = items.get(key.parse::<usize>().ok()?)?;
        return Some(item.get());
    }
    let members: BTreeMap<Cow<'a, str>, &'a RawValue> = serde_json::from_str(json).ok()?;
    members.get(key).map(|member| member.get())
}

/// A tree of results, each at the path of its entrypoint.
#[derive(Default)]
pub(crate) struct Tree(BTreeMap<String, Node>);

enum Node {
    Leaf(String),
    Inner(Tree),
}

impl Tree {
    /// Puts `json` at a path such as `a/b`. An entrypoint above others already has them in its own result, so what
    /// lies below a leaf is passed over.
    pub(crate) fn insert(&mut self, path: &str, json: String) {
        match path.split_once('/') {
            None => drop(self.0.insert(path.to_owned(), Node::Leaf(json))),
            Some((key, rest)) => {
                let node =
                    self.0.entry(key.to_owned()).or_insert_with(|| Node::Inner(Tree::default()));
                if let Node::Inner(tree) = node {
                    tree.insert(rest, json);
                }
            }
        }
    }

    /// Adds base data where no result is: a rule's document stands before base data at its path.
    pub(crate) fn add_base(&mut self, base: Document<'_>) {
        for (key, document) in base.members().into_iter().flatten() {
            match self.0.get_mut(key) {
                None => drop(self.0.insert(key.to_owned(), Node::Leaf(document.to_json()))),
                Some(Node::Inner(tree)) => tree.add_base(document),
                Some(Node::Leaf(_)) => {}
            }
        }
    }

    /// The tree as one JSON object.
    pub(crate) fn to_json(&self) -> String {
        let members: Vec<String> = self
            .0
            .iter()
            .map(|(key, node)| {
                let json = match node {
                    Node::Leaf(json) => json.clone(),
                    Node::Inner(tree) => tree.to_json(),
                };
                format!("{}:{json}", canonical_json(&Value::from(key.as_str())))
            })
            .collect();
        format!("{{{}}}", members.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, keys: &[&str], expected: Option<&str>) {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(select(json, &keys).as_deref(), expected);
    }

    #[test]
    fn keys_lead_into_objects_and_arrays() {
        let json = r#"{"a": [10, {"b c": 1.50}], "é": null}"#;
        check(json, &[], Some(json));
        check(json, &["a", "0"], Some("10"));
        check(json, &["a", "1", "b c"], Some("1.50"));
        check(json, &["é"], Some("null"));
        check(r#"{"A": 1}"#, &["A"], Some("1"));
    }

    #[test]
    fn what_is_not_there_is_nothing() {
        for keys in
            [&["b"][..], &["a", "2"], &["a", "-1"], &["a", "x"], &["a", "0", "x"], &["é", "x"]]
        {
            check(r#"{"a": [10, 11], "é": null}"#, keys, None);
        }
    }

    #[test]
    fn results_are_put_together_by_path() {
        let mut tree = Tree::default();
        for (path, json) in [("b/c", "1"), ("a", "{\"x\":2}"), ("a/x", "2"), ("b/d/\"e\"", "[]")] {
            tree.insert(path, json.to_owned());
        }
        assert_eq!(tree.to_json(), r#"{"a":{"x":2},"b":{"c":1,"d":{"\"e\"":[]}}}"#);
        assert_eq!(Tree::default().to_json(), "{}");
    }

    #[test]
    fn base_data_is_put_beside_results() {
        let data = r#"{"a": 0, "b": {"c": 0, "x": [1, 2]}, "d": {"y": {}}, "e": 5}"#;
        let base = crate::base::Base::new(RawValue::from_string(data.to_owned()).expect("JSON"));
        let mut tree = Tree::default();
        for (path, json) in [("a", "1"), ("b/c", "2"), ("e/f", "3")] {
            tree.insert(path, json.to_owned());
        }
        tree.add_base(base.at(&[]).expect("the whole"));
        let expected = r#"{"a":1,"b":{"c":2,"x":[1,2]},"d":{"y":{}},"e":{"f":3}}"#;
        assert_eq!(tree.to_json(), expected);
    }
}
