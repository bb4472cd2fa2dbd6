//! The README's tour, as it is printed: commands and what they answer, up to where the server starts.

use std::process::Command;

use crate::support::{Workplace, repository};

/// A command and the lines it is said to print; `…` in a line stands for anything.
struct Step {
    command: String,
    output: Vec<String>,
}

/// The steps of every `console` block before the server's.
fn steps(readme: &str) -> Vec<Step> {
    let tour = readme.split("**Serve.**").next().unwrap_or_default();
    let blocks = tour.split("```console\n").skip(1);
    let mut steps: Vec<Step> = Vec::new();
    for line in blocks.filter_map(|block| block.split("```").next()).flat_map(str::lines) {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => {
                steps.push(Step { command: command.to_owned(), output: Vec::new() });
            }
            (None, Some(step)) if is_open(&step.command) => {
                step.command.push('\n');
                step.command.push_str(line);
            }
            (None, Some(step)) => step.output.push(line.to_owned()),
            (None, None) => panic!("a block begins with a command, found `{line}`"),
        }
    }
    steps
}

/// Whether a document in the command has not come to its end.
fn is_open(command: &str) -> bool {
    command.contains("<<'END'") && !command.ends_with("\nEND")
}

fn matches(pattern: &str, line: &str) -> bool {
    let parts: Vec<&str> = pattern.split('…').collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    let mut at = first.len();
    line.starts_with(first)
        && line.ends_with(last)
        && parts.iter().skip(1).all(|part| {
            let found = line.get(at..).and_then(|rest| rest.find(part));
            at += found.unwrap_or_default() + part.len();
            found.is_some()
        })
}

fn copy(from: &std::path::Path, place: &Workplace, to: &str) {
    for entry in std::fs::read_dir(from).expect("a directory") {
        let path = entry.expect("an entry").path();
        let name = format!("{to}/{}", path.file_name().expect("a name").to_string_lossy());
        match path.is_dir() {
            true => copy(&path, place, &name),
            false => {
                place.write(&name, &std::fs::read_to_string(&path).expect("a text"));
            }
        }
    }
}

#[test]
fn the_tour_does_what_it_says() {
    let place = Workplace::new();
    copy(&repository().join("examples"), &place, "examples");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_palisade"));
    let dir = binary.parent().expect("a directory").display().to_string();
    let path = format!("{dir}:{}", std::env::var("PATH").unwrap_or_default());
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("the README");
    let steps = steps(&readme);
    assert!(steps.len() >= 10, "only {} commands are found", steps.len());
    for Step { command, output } in steps {
        let ran = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(place.path())
            .env("PATH", &path)
            .env("COSIGN_PASSWORD", "")
            .env("NO_COLOR", "1")
            .output()
            .expect("a shell");
        let text = String::from_utf8_lossy(&ran.stdout);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), output.len(), "{command}\n{text}");
        for (pattern, line) in output.iter().zip(lines) {
            assert!(matches(pattern, line), "{command}\nexpected {pattern}\nfound    {line}");
        }
    }
}
