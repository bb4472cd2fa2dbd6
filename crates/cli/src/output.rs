//! What commands write: JSON with indentation, tables, files that are there whole or not at all.

use std::fs::Permissions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use palisade_value::{AnyValue, Entry, Value, View, json};

/// The causes of an error in one line, without the system's numbers.
pub fn chain(error: &anyhow::Error) -> String {
    let causes = error.chain().map(|cause| {
        let text = cause.to_string();
        match text.split_once(" (os error ") {
            Some((before, after)) if after.ends_with(')') => before.to_owned(),
            _ => text,
        }
    });
    causes.collect::<Vec<_>>().join(": ")
}

/// An error as OPA's JSON has those that lie in no policy.
pub fn error(error: &anyhow::Error) -> Value {
    Value::object_of([("message", Value::text(&chain(error)))])
}

/// An error of a temporary file, without the name of that file, which nobody has heard of.
fn unnamed(error: std::io::Error) -> std::io::Error {
    match error.to_string().split_once(" at path ") {
        Some((cause, _)) => std::io::Error::new(error.kind(), cause),
        None => error,
    }
}

/// Writes a file so that it is there whole or not at all. A link is followed; what is no regular file, such as a device
/// or a pipe, is written to as it is. A new file has the mode that the umask leaves it, an old one keeps its own.
pub fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = || -> std::io::Result<()> {
        let path = behind_links(path)?;
        match std::fs::metadata(&path) {
            Ok(about) if about.is_file() => replace(&path, bytes, Some(about.permissions())),
            Ok(_) => std::fs::OpenOptions::new().write(true).open(&path)?.write_all(bytes),
            Err(_) => replace(&path, bytes, None),
        }
    };
    write().map_err(unnamed).with_context(|| format!("cannot write `{}`", path.display()))
}

/// Puts a whole file in place of what is there, or where nothing is.
fn replace(path: &Path, bytes: &[u8], mode: Option<Permissions>) -> std::io::Result<()> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".palisade-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(dir)?;
    file.write_all(bytes)?;
    if let Some(mode) = mode {
        file.as_file().set_permissions(mode)?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// How many links may lead to a file; more go in a circle.
const LINKS_MAX: usize = 40;

/// Where links lead, also if nothing is there yet.
fn behind_links(path: &Path) -> std::io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS_MAX {
        if !path.is_symlink() {
            return Ok(path);
        }
        let target = std::fs::read_link(&path)?;
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    Err(std::io::Error::other("too many links lead on from here"))
}

/// Prints a line; a closed pipe is the reader's decision and no error.
pub fn line(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n"));
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// JSON with two spaces of indentation. Numbers are printed as they are.
pub fn pretty_json(value: &Value) -> String {
    let mut out = String::new();
    write_pretty(value, 0, &mut out);
    out
}

fn write_pretty(value: &Value, depth: usize, out: &mut String) {
    let newline = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    match value.view() {
        View::Array([_, ..]) | View::Set([_, ..]) => {
            out.push('[');
            for (at, item) in value.items().iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                newline(out, depth + 1);
                write_pretty(item, depth + 1, out);
            }
            newline(out, depth);
            out.push(']');
        }
        View::Object(entries @ [_, ..]) => {
            out.push('{');
            for (at, Entry { key, value }) in entries.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                newline(out, depth + 1);
                match key.as_str() {
                    Some(key) => json::write_string(key, out),
                    None => json::write_string(&json::to_json(key), out),
                }
                out.push_str(": ");
                write_pretty(value, depth + 1, out);
            }
            newline(out, depth);
            out.push('}');
        }
        _ => json::write_json(value, out),
    }
}

/// A table with a ruled head, columns as wide as their widest cell.
pub fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        std::iter::once(head)
            .chain(rows.iter().map(Vec::as_slice))
            .map(|row| row.get(column).map_or(0, |cell| cell.chars().count()))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let rule = || {
        let cells: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
        format!("+{}+\n", cells.join("+"))
    };
    let print_row = |row: &[String]| {
        let cells: Vec<String> =
            widths.iter().zip(row).map(|(width, cell)| format!(" {cell:<width$} ")).collect();
        format!("|{}|\n", cells.join("|"))
    };
    let body: String = rows.iter().map(|row| print_row(row)).collect();
    format!("{}{}{}{body}{}", rule(), print_row(head), rule(), rule())
}
