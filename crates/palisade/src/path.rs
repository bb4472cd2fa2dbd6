//! From the path of a document to the entrypoints that make it.

use std::collections::BTreeMap;

/// The entrypoints of a policy by their paths.
pub(crate) type Entrypoints<Id> = BTreeMap<String, Id>;

/// What lies at a path.
#[derive(Debug, PartialEq)]
pub(crate) enum Target<'a, Id> {
    /// An entrypoint's result, or the part of it that these keys lead to.
    Within(Id, Vec<String>),
    /// The object of the entrypoints below, each with its path from here.
    Below(Vec<(&'a str, Id)>),
}

/// Finds what lies at `path`: the entrypoint with the longest common beginning, or all entrypoints below.
pub(crate) fn find<'a, Id: Copy>(
    entrypoints: &'a Entrypoints<Id>,
    path: &[String],
) -> Option<Target<'a, Id>> {
    (0..=path.len())
        .rev()
        .find_map(|len| within(entrypoints, path, len))
        .or_else(|| below(entrypoints, path))
}

/// The entrypoint at the first `len` keys of the path.
fn within<'a, Id: Copy>(
    entrypoints: &'a Entrypoints<Id>,
    path: &[String],
    len: usize,
) -> Option<Target<'a, Id>> {
    let (start, rest) = path.split_at_checked(len)?;
    let id = entrypoints.get(&join(start)?)?;
    Some(Target::Within(*id, rest.to_vec()))
}

fn below<'a, Id: Copy>(
    entrypoints: &'a Entrypoints<Id>,
    path: &[String],
) -> Option<Target<'a, Id>> {
    let prefix = match path {
        [] => String::new(),
        path => join(path)? + "/",
    };
    let found: Vec<_> = entrypoints
        .range(prefix.clone()..)
        .map_while(|(path, id)| Some((path.strip_prefix(&prefix)?, *id)))
        .collect();
    if found.is_empty() { None } else { Some(Target::Below(found)) }
}

/// The keys as an entrypoint's path. A key with a slash in it is not part of any: `["a/b"]` is not `["a", "b"]`.
fn join(keys: &[String]) -> Option<String> {
    keys.iter().all(|key| !key.contains('/')).then(|| keys.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each entrypoint's id is its own path.
    #[track_caller]
    fn check(entrypoints: &[&str], path: &[&str], expected: &str) {
        let entrypoints: Entrypoints<&str> =
            entrypoints.iter().map(|path| ((*path).to_owned(), *path)).collect();
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let found = match find(&entrypoints, &path) {
            None => "nothing".to_owned(),
            Some(Target::Within(id, rest)) => format!("{id} {rest:?}"),
            Some(Target::Below(found)) => {
                let list: Vec<_> = found.iter().map(|(path, id)| format!("{path}={id}")).collect();
                list.join(" ")
            }
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn the_longest_beginning_wins() {
        check(&["a", "a/b"], &["a", "b", "c"], r#"a/b ["c"]"#);
        check(&["a", "a/b"], &["a", "c", "d"], r#"a ["c", "d"]"#);
        check(&["a/b"], &["a", "b"], "a/b []");
        check(&["", "a"], &["b"], r#" ["b"]"#);
    }

    #[test]
    fn above_entrypoints_is_the_object_of_them() {
        check(&["a/b", "a/c/d", "ab/c", "a"], &["a"], "a []");
        check(&["a/b", "a/c/d", "ab/c"], &["a"], "b=a/b c/d=a/c/d");
        check(&["a/b", "b"], &[], "a/b=a/b b=b");
    }

    #[test]
    fn elsewhere_is_nothing() {
        check(&["a/b"], &["b"], "nothing");
        check(&["a/b"], &["a/b"], "nothing");
        check(&["a/b"], &["a/b", "c"], "nothing");
        check(&[], &[], "nothing");
        check(&["ab/c"], &["a"], "nothing");
    }
}
