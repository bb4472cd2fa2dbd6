//! Rules for every text file.

use super::File;

/// Paths of one person's machine. Put together, so that this file doesn't break the rule.
const HOMES: [&str; 3] = [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

/// Checks a file.
pub fn check(file: &File, breaches: &mut Vec<String>) {
    for (at, line) in file.text.lines().enumerate() {
        if let Some(home) = HOMES.iter().find(|home| line.contains(**home)) {
            breaches.push(format!("{}:{}: a path of one machine: {home}", file.path, at + 1));
        }
    }
    if file.text.contains('\r') {
        breaches.push(format!("{}: lines end with carriage returns", file.path));
    }
}
