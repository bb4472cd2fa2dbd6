//! The capabilities of OPA's versions, kept as what each of them added (`+`) and took away (`-`).
//!
//! A built-in has the types that it has now: they have hardly changed, and where they have, they became more exact.

use palisade_rego::syntax::ast::Version;
use palisade_value::types::Declaration;

use super::{AbiVersion, Builtin, Capabilities};

/// A line a version, indented where it goes on. Words without a sort before the colon are built-ins.
const VERSIONS: &str = include_str!("versions.txt");

/// Built-ins of OPA that may be missing here. One that is there is not looked up in this list.
const ELSEWHERE: [Declaration; 3] = [
    Declaration::new("http.send", "(object[string: any]) -> object[any: any]").nondeterministic(),
    Declaration::new("net.lookup_ip_addr", "(string) -> set[string]").nondeterministic(),
    Declaration::new("rego.parse_module", "(string, string) -> object[string: any]"),
];

/// The names of the versions, oldest first.
pub fn names() -> impl Iterator<Item = &'static str> {
    let lines = VERSIONS.lines().filter(|line| !line.starts_with(' '));
    lines.filter_map(|line| line.split_whitespace().next())
}

/// What a version had.
pub fn capabilities(name: &str) -> Option<Capabilities> {
    names().find(|it| *it == name)?;
    let mut have: Vec<&str> = Vec::new();
    let mut version = "";
    for word in VERSIONS.split_whitespace() {
        match (word.strip_prefix('+'), word.strip_prefix('-')) {
            (Some(added), _) => have.push(added),
            (_, Some(gone)) => have.retain(|it| *it != gone),
            // The next version begins.
            _ if version == name => break,
            _ => version = word,
        }
    }
    Some(of_words(have))
}

fn of_words(words: Vec<&str>) -> Capabilities {
    let known = Capabilities::current(Version::V1).builtins;
    let elsewhere = ELSEWHERE.iter().map(Builtin::declared);
    let known: Vec<Builtin> = known.into_iter().chain(elsewhere).collect();
    let mut capabilities = Capabilities::default();
    for word in words {
        match word.split_once(':') {
            Some(("keyword", keyword)) => capabilities.future_keywords.push(keyword.to_owned()),
            Some(("feature", feature)) => capabilities.features.push(feature.to_owned()),
            Some(("abi", abi)) => {
                let (major, minor) = abi.split_once('.').unwrap_or((abi, "0"));
                let number = |text: &str| text.parse().unwrap_or_default();
                let abi = AbiVersion { version: number(major), minor_version: number(minor) };
                capabilities.wasm_abi_versions.get_or_insert_default().push(abi);
            }
            _ => capabilities.builtins.extend(known.iter().find(|it| it.name == word).cloned()),
        }
    }
    capabilities.builtins.sort_by(|a, b| a.name.cmp(&b.name));
    capabilities.future_keywords.sort();
    capabilities.features.sort();
    capabilities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_of_every_version_is_known() {
        let words = VERSIONS.split_whitespace().filter_map(|it| it.strip_prefix('+'));
        let builtins: Vec<&str> = words.filter(|it| !it.contains(':')).collect();
        let capabilities = of_words(builtins.clone());
        assert_eq!(capabilities.builtins.len(), builtins.len());
    }

    #[test]
    fn a_version_has_what_was_added_up_to_it() {
        let has = |version: &str, name: &str| {
            let capabilities = capabilities(version).expect("a version");
            capabilities.builtins.iter().any(|it| it.name == name)
        };
        assert!(!has("v0.17.1", "object.filter"));
        assert!(has("v0.17.2", "object.filter"));
        assert!(has("v1.19.0", "object.filter"));
        let keywords = |version| capabilities(version).expect("a version").future_keywords;
        assert_eq!(keywords("v0.70.0"), ["contains", "every", "if", "in"]);
        assert_eq!(keywords("v1.19.0"), ["not"]);
        assert!(capabilities("v9.9.9").is_none());
    }
}
