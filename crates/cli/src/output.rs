//! What commands write: JSON with indentation, tables, files that are there whole or not at all.

use std::io::Write as _;
use std::path::Path;

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

/// An error of a temporary file, without the name of that file, which nobody has heard of.
fn unnamed(error: std::io::Error) -> std::io::Error {
    match error.to_string().split_once(" at path ") {
        Some((cause, _)) => std::io::Error::new(error.kind(), cause),
        None => error,
    }
}

/// Writes a file so that it is there whole or not at all.
pub fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".palisade-").tempfile_in(dir)?;
        file.write_all(bytes)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
        }
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(unnamed).with_context(|| format!("cannot write `{}`", path.display()))
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
