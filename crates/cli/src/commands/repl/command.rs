//! The commands: words that stand alone, unlike anything in Rego.

use clap::ValueEnum as _;

use super::settings::OFF;
use crate::explain::Explain;

/// A command with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Prints the commands, or more about one thing.
    Help(Option<String>),
    /// Prints the active package.
    Show,
    /// Prints the settings.
    ShowDebug,
    /// Sets which steps of an evaluation are shown, if any.
    Trace(Option<Explain>),
    /// Shows these steps, or none if it is these that are shown.
    ToggleTrace(Explain),
    /// Toggles times.
    Metrics,
    /// Toggles profiles.
    Profile,
    /// Toggles types.
    Types,
    /// Toggles strict errors of built-ins.
    Strict,
    /// Results as JSON.
    Json,
    /// Results for people.
    Pretty,
    /// Sets what is not known, for partial evaluation; an empty list turns that off.
    Unknown(Vec<String>),
    /// Removes a rule.
    Unset(String),
    /// Removes a package.
    UnsetPackage(String),
    /// Prints the data, or writes it to a file.
    Dump(Option<String>),
    /// Sets the evaluator.
    Target(Option<String>),
    /// Ends.
    Exit,
}

/// The commands by name, with what they take and what they do.
pub const COMMANDS: &[(&str, &str, &str)] = &[
    ("show", "", "show the active package"),
    ("show debug", "", "show the settings"),
    ("unset", "RULE", "remove the rules of this name from the active package"),
    ("unset-package", "PACKAGE", "remove a package that was typed"),
    ("json", "", "print results as JSON"),
    ("pretty", "", "print results for people"),
    (
        "trace",
        "[full|notes|fails|off]",
        "show how results come about; alone it toggles a full trace",
    ),
    ("notes", "", "toggle the trace of notes"),
    ("fails", "", "toggle the trace of failures"),
    ("metrics", "", "toggle how long each stage took"),
    ("profile", "", "toggle the profile of each expression"),
    ("types", "", "toggle the types of results"),
    ("strict-builtin-errors", "", "toggle whether an error in a built-in ends the evaluation"),
    ("unknown", "[REF...]", "evaluate partially, without these; alone it turns that off"),
    ("dump", "[FILE]", "print the data, or write it to a file"),
    ("target", "[rego|wasm]", "set or show the evaluator"),
    ("help", "[input]", "this list, or how to set the input"),
    ("exit", "", "end (or Ctrl-D)"),
];

/// Reads a command; none if the line is something else. A command with arguments that it does not take is something else
/// too, so that a rule may be called `show`.
pub fn read(line: &str) -> Option<Command> {
    let words: Vec<&str> = line.split_whitespace().collect();
    Some(match words.as_slice() {
        ["help"] => Command::Help(None),
        ["help", topic] => Command::Help(Some((*topic).to_owned())),
        ["show"] => Command::Show,
        ["show", "debug"] => Command::ShowDebug,
        ["trace"] => Command::ToggleTrace(Explain::Full),
        ["trace", mode] if *mode == OFF => Command::Trace(None),
        ["trace", mode] => Command::Trace(Some(Explain::from_str(mode, false).ok()?)),
        ["notes"] => Command::ToggleTrace(Explain::Notes),
        ["fails"] => Command::ToggleTrace(Explain::Fails),
        ["metrics"] => Command::Metrics,
        ["profile"] => Command::Profile,
        ["types"] => Command::Types,
        ["strict-builtin-errors"] => Command::Strict,
        ["json"] => Command::Json,
        ["pretty"] => Command::Pretty,
        ["unknown", rest @ ..] if rest.iter().all(|it| is_ref(it)) => {
            Command::Unknown(rest.iter().map(|it| (*it).to_owned()).collect())
        }
        ["unset", name] => Command::Unset((*name).to_owned()),
        ["unset-package", name] => Command::UnsetPackage((*name).to_owned()),
        ["dump"] => Command::Dump(None),
        ["dump", file] => Command::Dump(Some((*file).to_owned())),
        ["target"] => Command::Target(None),
        ["target", name] => Command::Target(Some((*name).to_owned())),
        ["exit"] | ["quit"] => Command::Exit,
        _ => return None,
    })
}

fn is_ref(word: &str) -> bool {
    word.starts_with(char::is_alphabetic)
}

/// The list of commands as `help` prints it.
pub fn help() -> String {
    let left = |(name, takes, _): &(&str, &str, &str)| format!("{name} {takes}").trim().to_owned();
    let width = COMMANDS.iter().map(|it| left(it).len()).max().unwrap_or(0);
    let mut text = String::from(
        "Type a query, or a rule such as `p if input.x > 1`; `package` and `import` as in a file.\n\
         An empty line ends a statement over several lines.\n\n",
    );
    for it in COMMANDS {
        text.push_str(&format!("  {:width$}  {}\n", left(it), it.2));
    }
    text
}

/// What `help input` prints.
pub const HELP_INPUT: &str = "\
The input is what -i names, or the document at data.repl.input:

  palisade repl -i input.json policies/
  palisade repl policies/ repl.input:input.json

For one query, say it in the query: data.authz.allow with input as {\"user\": \"alice\"}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_from_statements() {
        assert_eq!(read("show"), Some(Command::Show));
        assert_eq!(read("  show   debug "), Some(Command::ShowDebug));
        assert_eq!(read("trace notes"), Some(Command::Trace(Some(Explain::Notes))));
        assert_eq!(read("trace := 1"), None);
        assert_eq!(read("trace(\"x\")"), None);
        assert_eq!(read("unset p.q"), Some(Command::Unset("p.q".to_owned())));
        assert_eq!(
            read("unknown input.x data.y"),
            Some(Command::Unknown(vec!["input.x".to_owned(), "data.y".to_owned()]))
        );
        assert_eq!(read("unknown == 1"), None);
        assert_eq!(read("data.x"), None);
        assert_eq!(read("exit"), Some(Command::Exit));
    }

    #[test]
    fn every_listed_command_is_one() {
        for (name, takes, _) in COMMANDS {
            let argument = if takes.is_empty() || takes.starts_with('[') { "" } else { " x" };
            assert!(read(&format!("{name}{argument}")).is_some(), "{name}");
        }
        assert!(help().contains("unset-package PACKAGE"));
    }
}
