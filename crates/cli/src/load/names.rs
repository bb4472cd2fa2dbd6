//! Names of sources that say nothing of the machine.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::Place;

/// A name for each source: its path in the directory it was found in. Where two sources would have one name, all have
/// their paths in the deepest directory that holds all of them, which tells them apart.
pub fn portable(places: &[Place]) -> Vec<String> {
    let distinct: BTreeSet<&str> = places.iter().map(|it| it.inner.as_str()).collect();
    if distinct.len() == places.len() {
        return places.iter().map(|it| it.inner.clone()).collect();
    }
    let full: Vec<Vec<String>> = places.iter().map(|it| parts(&it.full)).collect();
    let n_shared = n_shared_folders(&full);
    full.iter().map(|path| path[n_shared..].join("/")).collect()
}

/// How many leading folders all paths have in common; a file's own name is no folder.
fn n_shared_folders(paths: &[Vec<String>]) -> usize {
    let Some(first) = paths.first() else { return 0 };
    (0..first.len())
        .take_while(|at| paths.iter().all(|path| at + 1 < path.len() && path[*at] == first[*at]))
        .count()
}

/// The absolute path, without `.` and `..`.
pub fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.components().fold(PathBuf::new(), |mut so_far, part| {
        match part {
            Component::ParentDir => drop(so_far.pop()),
            part => so_far.push(part),
        }
        so_far
    })
}

/// The names in a path, from its top.
pub fn parts(path: &Path) -> Vec<String> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(places: &[(&str, &str)], expected: &[&str]) {
        let places: Vec<Place> = places
            .iter()
            .map(|(inner, full)| Place {
                inner: (*inner).to_owned(),
                full: absolute(Path::new(full)),
            })
            .collect();
        assert_eq!(portable(&places), expected);
    }

    #[test]
    fn names_are_as_short_as_they_can_be() {
        check(&[], &[]);
        check(&[("p.rego", "/x/p.rego"), ("a/q.rego", "/y/a/q.rego")], &["p.rego", "a/q.rego"]);
        let two = ["a/p.rego", "b/p.rego"];
        check(&[("p.rego", "/x/a/p.rego"), ("p.rego", "/x/b/p.rego")], &two);
        check(&[("p.rego", "/other/y/a/p.rego"), ("p.rego", "/other/y/b/p.rego")], &two);
        check(&[("p.rego", "/x/c/../a/./p.rego"), ("p.rego", "/x/b/p.rego")], &two);
        check(&[("p.rego", "/x/q/p.rego"), ("p.rego", "/x/p.rego")], &["q/p.rego", "p.rego"]);
    }
}
