//! Links in Markdown lead somewhere.

use std::path::Path;

use super::File;

/// Checks the links of a file that lead into the repository.
pub fn check(root: &Path, file: &File, breaches: &mut Vec<String>) {
    let folder = root.join(&file.path);
    let folder = folder.parent().unwrap_or(root);
    let mut in_block = false;
    for (at, line) in file.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        }
        if in_block {
            continue;
        }
        for target in targets(line) {
            let path = target.split('#').next().unwrap_or_default();
            if !path.is_empty() && !folder.join(path).exists() {
                breaches.push(format!(
                    "{}:{}: the link leads nowhere: {target}",
                    file.path,
                    at + 1
                ));
            }
        }
    }
}

/// What the links `[text](target)` of a line lead to, other sites excluded.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let ends = line.split("](").skip(1);
    ends.filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
        .filter(|it| !it.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_targets(line: &str, expected: &[&str]) {
        assert_eq!(targets(line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn links_are_found() {
        check_targets("see [a](a.md) and [b](docs/b.md#c).", &["a.md", "docs/b.md#c"]);
    }

    #[test]
    fn other_sites_are_not_ours() {
        check_targets("see [a](https://example.com) or [b](mailto:a@example.com)", &[]);
    }
}
