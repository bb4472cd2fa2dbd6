//! A session at a terminal: line editing, history, completion, Ctrl-C.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Editor, Helper};

use super::complete::{Names, complete};
use super::session::{Next, Session};

/// The prompts: for a statement, and for the rest of one.
const PROMPTS: [&str; 2] = ["> ", "| "];

/// How many statements the history keeps.
const HISTORY_MAX: usize = 10_000;

/// Completes names.
struct Words {
    names: Names,
}

impl Completer for Words {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(complete(line.get(..at).unwrap_or(line), &self.names))
    }
}

impl Hinter for Words {
    type Hint = String;
}

impl Highlighter for Words {}

impl Validator for Words {}

impl Helper for Words {}

/// Reads lines from the terminal until the session ends.
///
/// # Errors
/// The terminal can't be used.
pub fn run(session: &mut Session, history: Option<PathBuf>) -> anyhow::Result<()> {
    let config = Config::builder().max_history_size(HISTORY_MAX)?;
    let config = config.history_ignore_space(true).completion_type(CompletionType::List).build();
    let mut editor: Editor<Words, FileHistory> =
        Editor::with_config(config).context("cannot use the terminal")?;
    // The editor has set its own handler for the signal. One that comes after it gets the signal too; one that came before
    // would not.
    stop_on_interrupt(session.start.cancel.clone())?;
    editor.set_helper(Some(Words { names: session.names() }));
    if let Some(history) = history.as_deref().filter(|it| it.exists()) {
        editor
            .load_history(history)
            .with_context(|| format!("cannot read `{}`", history.display()))?;
    }
    let ended = converse(session, &mut editor);
    if let Some(history) = &history {
        editor
            .save_history(history)
            .with_context(|| format!("cannot write `{}`", history.display()))?;
    }
    ended
}

fn converse(session: &mut Session, editor: &mut Editor<Words, FileHistory>) -> anyhow::Result<()> {
    let mut next = Next::Statement;
    let mut entry = Entry::default();
    while next != Next::End {
        let prompt = PROMPTS[usize::from(next == Next::Rest)];
        match editor.readline(prompt) {
            Ok(text) => {
                next = answer(session, editor, &mut entry, &text)?;
                if let (Next::Statement, Some(words)) = (next, editor.helper_mut()) {
                    words.names = session.names();
                }
            }
            Err(ReadlineError::Interrupted) => {
                session.abandon();
                entry = Entry::default();
                next = Next::Statement;
            }
            Err(ReadlineError::Eof) => {
                session.finish()?;
                next = Next::End;
            }
            Err(error) => return Err(error).context("cannot read from the terminal"),
        }
    }
    Ok(())
}

/// Takes what was typed or pasted, line by line. Ctrl-C drops the lines behind the one that it stops.
fn answer(
    session: &mut Session,
    editor: &mut Editor<Words, FileHistory>,
    entry: &mut Entry,
    text: &str,
) -> anyhow::Result<Next> {
    session.rearm();
    let mut next = Next::Statement;
    for line in lines(text) {
        next = session.line(line)?;
        if let Some(statement) = entry.line(line, next) {
            editor.add_history_entry(statement)?;
        }
        if next == Next::End {
            break;
        }
        if session.is_cancelled() {
            session.abandon();
            *entry = Entry::default();
            return Ok(Next::Statement);
        }
    }
    Ok(next)
}

/// The lines of a text. The break at the end of a pasted one is none of its own: Enter follows it. Nothing is an empty line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.strip_suffix('\n').unwrap_or(text).split('\n')
}

/// Lets Ctrl-C stop the evaluation that is under way, and nothing else.
fn stop_on_interrupt(cancel: Arc<AtomicBool>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot listen for Ctrl-C")?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                cancel.store(true, Ordering::Relaxed);
            }
        });
    });
    Ok(())
}

/// What the history keeps: a statement over several lines is one entry.
#[derive(Debug, Default)]
struct Entry {
    text: String,
}

impl Entry {
    /// Takes a line; gives the statement that it ends, if it does and isn't empty.
    fn line(&mut self, line: &str, next: Next) -> Option<String> {
        self.text.push_str(line);
        if next == Next::Rest {
            self.text.push('\n');
            return None;
        }
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_texts_are_taken_line_by_line() {
        let split = |text: &'static str| lines(text).collect::<Vec<_>>();
        assert_eq!(split(""), [""]);
        assert_eq!(split("1 + 1"), ["1 + 1"]);
        assert_eq!(split("1 + 10\n2 + 20\n"), ["1 + 10", "2 + 20"]);
        assert_eq!(split("p if {\n\tx\n}\n\nq"), ["p if {", "\tx", "}", "", "q"]);
        // An empty line still ends a statement.
        assert_eq!(split("x :=\n\n"), ["x :=", ""]);
    }

    #[test]
    fn a_paste_has_one_entry_for_each_statement() {
        let mut entry = Entry::default();
        let nexts = [Next::Statement, Next::Rest, Next::Rest, Next::Statement, Next::Statement];
        let pasted = lines("1 + 1\np if {\n\tx == 1\n}\np").zip(nexts);
        let kept: Vec<String> = pasted.filter_map(|(line, next)| entry.line(line, next)).collect();
        assert_eq!(kept, ["1 + 1", "p if {\n\tx == 1\n}", "p"]);
    }

    #[test]
    fn statements_are_kept_whole() {
        let mut entry = Entry::default();
        assert_eq!(entry.line("", Next::Statement), None);
        assert_eq!(entry.line("x := 1", Next::Statement), Some("x := 1".to_owned()));
        assert_eq!(entry.line("p if {", Next::Rest), None);
        assert_eq!(entry.line("\tx == 1", Next::Rest), None);
        assert_eq!(entry.line("}", Next::Statement), Some("p if {\n\tx == 1\n}".to_owned()));
        assert_eq!(entry.line("exit", Next::End), Some("exit".to_owned()));
    }
}
