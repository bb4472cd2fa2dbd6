//! Rules for Rust files.

use super::File;

/// The longest a file may be, in lines.
const LINES_MAX: usize = 800;

/// Words that say that something is not finished. Put together, so that this file doesn't break the rule.
const UNFINISHED: [&str; 6] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("db", "g!("),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("#[ig", "nore"),
];

/// Where unsafe code may stand: the compiler's lints see to it that it stands nowhere else.
const UNSAFE_CRATES: [&str; 2] = ["crates/guest/", "crates/sandbox/"];

/// How far above an unsafe block its reason may stand, in lines.
const REASON_LINES: usize = 8;

/// Checks a file.
pub fn check(file: &File, breaches: &mut Vec<String>) {
    let mut report =
        |line: usize, what: String| breaches.push(format!("{}:{line}: {what}", file.path));
    let lines: Vec<&str> = file.text.lines().collect();
    if !lines.first().is_some_and(|line| line.starts_with("//!")) {
        report(1, "the file doesn't begin by saying what it is for (`//!`)".to_owned());
    }
    if lines.len() > LINES_MAX {
        report(LINES_MAX, format!("the file has {} lines, more than {LINES_MAX}", lines.len()));
    }
    if file.path.ends_with("/mod.rs") {
        report(1, "a module's file is called like the module".to_owned());
    }
    for (at, line) in lines.iter().enumerate() {
        if let Some(word) = UNFINISHED.iter().find(|word| line.contains(**word)) {
            report(at + 1, format!("unfinished: {word}"));
        }
    }
    if UNSAFE_CRATES.iter().any(|it| file.path.starts_with(it)) {
        unsafe_without_reason(&lines)
            .for_each(|line| report(line, "unsafe without `// SAFETY:`".to_owned()));
    }
}

/// The lines of unsafe blocks that don't say why they are sound.
fn unsafe_without_reason<'a>(lines: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
    let is_unsafe = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        code.contains("unsafe {") || code.contains("unsafe impl")
    };
    lines.iter().enumerate().filter(move |(_, line)| is_unsafe(line)).filter_map(
        move |(at, line)| {
            let above = &lines[at.saturating_sub(REASON_LINES)..at];
            let has_reason =
                line.contains("SAFETY:") || above.iter().any(|it| it.contains("SAFETY:"));
            (!has_reason).then_some(at + 1)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(path: &str, text: &str, expected: &[&str]) {
        let mut breaches = Vec::new();
        check(&File { path: path.to_owned(), text: text.to_owned() }, &mut breaches);
        assert_eq!(breaches, expected);
    }

    #[test]
    fn a_documented_file_is_tidy() {
        check_text("crates/a/src/lib.rs", "//! What for.\n", &[]);
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        let breach = "a.rs:1: the file doesn't begin by saying what it is for (`//!`)";
        check_text("a.rs", "use std::fs;\n", &[breach]);
    }

    #[test]
    fn unfinished_work_is_found() {
        let text = format!("//! What for.\nfn a() {{ {}) }}\n", UNFINISHED[0]);
        check_text("a.rs", &text, &[&format!("a.rs:2: unfinished: {}", UNFINISHED[0])]);
    }

    #[test]
    fn unsafe_code_gives_its_reason() {
        let good = "//! What for.\n// SAFETY: it is.\nlet a = unsafe { b() };\n";
        check_text("crates/guest/src/a.rs", good, &[]);
        let bad = "//! What for.\nlet a = unsafe { b() };\n";
        check_text(
            "crates/guest/src/a.rs",
            bad,
            &["crates/guest/src/a.rs:2: unsafe without `// SAFETY:`"],
        );
    }
}
