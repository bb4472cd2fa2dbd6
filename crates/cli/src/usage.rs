//! What is said to arguments that the parser does not know: what was meant, rather than how to quote it.

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::commands::Cli;

/// What other programs call commands, and what to say of them.
const ELSEWHERE: [(&str, &str); 6] = [
    (
        "run",
        "`serve` serves a signed bundle, `up` a directory of policies, and `eval` evaluates a query",
    ),
    ("exec", "`eval` evaluates a query over policies, data and input"),
    ("deps", "`inspect` shows what a bundle or module holds"),
    ("capabilities", "`version` shows what the program is made of"),
    ("lint", "`check` parses and analyses policies, and `check --strict` does more"),
    ("explain", "`why` explains a past decision, and `eval --explain` an evaluation"),
];

/// How far a flag may be from a known one to be taken for it, in letters.
const DISTANCE_MAX: usize = 3;

/// The error with a better tip.
pub fn with_tip(mut error: clap::Error, arguments: &[String]) -> clap::Error {
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = context(&error, ContextKind::InvalidSubcommand).unwrap_or_default();
            if let Some((_, tip)) = ELSEWHERE.iter().find(|(other, _)| *other == name) {
                error.remove(ContextKind::SuggestedSubcommand);
                suggest(&mut error, tip);
            }
        }
        ErrorKind::UnknownArgument => {
            let flag = context(&error, ContextKind::InvalidArg).unwrap_or_default();
            error.remove(ContextKind::Suggested);
            error.remove(ContextKind::SuggestedArg);
            if let Some(near) = nearest_flag(&flag, arguments) {
                suggest(&mut error, &format!("did you mean `{near}`?"));
            }
        }
        _ => {}
    }
    error
}

fn suggest(error: &mut clap::Error, tip: &str) {
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.to_owned().into()]));
}

fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// The flag of the command that was asked for which is spelt most like this one.
fn nearest_flag(flag: &str, arguments: &[String]) -> Option<String> {
    let name = flag.strip_prefix("--")?;
    let mut command = Cli::command();
    for argument in arguments {
        let Some(inner) = command.find_subcommand(argument) else { continue };
        command = inner.clone();
    }
    let known = command.get_arguments().filter_map(|it| it.get_long().map(str::to_owned));
    let near = known.map(|known| (distance(name, &known), known));
    let (far, known) = near.min()?;
    // A short name is changed into any other by a few letters.
    (far <= DISTANCE_MAX && far * 2 < name.chars().count()).then(|| format!("--{known}"))
}

/// How many letters have to be put in, taken out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_compared_by_letters() {
        for (a, b, n) in
            [("", "abc", 3), ("bundel", "bundle", 2), ("kitten", "sitting", 3), ("a", "a", 0)]
        {
            assert_eq!(distance(a, b), n, "{a} {b}");
        }
    }

    #[test]
    fn flags_are_those_of_the_command() {
        let near = |flag: &str, arguments: &[&str]| {
            nearest_flag(flag, &arguments.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(near("--bundel", &["eval"]).as_deref(), Some("--bundle"));
        assert_eq!(near("--entrypoints", &["build"]).as_deref(), Some("--entrypoint"));
        assert_eq!(near("--expect-haed", &["log", "verify"]).as_deref(), Some("--expect-head"));
        assert_eq!(near("--entrypoints", &["eval"]), None);
        assert_eq!(near("--nonsense", &["eval"]), None);
        assert_eq!(near("-x", &["eval"]), None);
    }
}
