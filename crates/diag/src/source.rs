//! Source files and positions in them.

use std::sync::Arc;

/// A file of a [`Files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

impl Span {
    /// From the start of `self` to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place as people count: from 1, columns in bytes as OPA counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub row: u32,
    /// The byte in the line, from 1.
    pub col: u32,
}

/// The source files of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: Arc<str>,
    text: Arc<str>,
    /// The offset at which each line starts.
    lines: Vec<u32>,
}

impl Files {
    /// No files.
    pub fn new() -> Files {
        Files::default()
    }

    /// Adds a file under the name that diagnostics show. Texts of 4 GiB and more are the caller's to refuse.
    pub fn add(&mut self, name: &str, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let lines = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|(_, byte)| *byte == b'\n')
                    .map(|(at, _)| at as u32 + 1),
            )
            .collect();
        self.files.push(File { name: Arc::from(name), text, lines });
        FileId(self.files.len() as u32 - 1)
    }

    fn get(&self, file: FileId) -> Option<&File> {
        self.files.get(file.0 as usize)
    }

    /// The file's name; empty for a file of another [`Files`].
    pub fn name(&self, file: FileId) -> &str {
        self.get(file).map_or("", |file| &file.name)
    }

    /// The file's whole text; empty for a file of another [`Files`].
    pub fn text(&self, file: FileId) -> &str {
        self.get(file).map_or("", |file| &file.text)
    }

    /// The text under a span; empty if there is none.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Row and column of a byte. What lies behind the end counts as the end.
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        let Some(file) = self.get(file) else {
            return Position { row: 1, col: 1 };
        };
        let offset = offset.min(file.text.len() as u32);
        let rows = file.lines.partition_point(|start| *start <= offset).max(1);
        let start = file.lines.get(rows - 1).copied().unwrap_or_default();
        Position { row: rows as u32, col: offset.saturating_sub(start) + 1 }
    }

    /// Row and column of a span's start.
    pub fn start(&self, span: Span) -> Position {
        self.position(span.file, span.start)
    }

    /// Every file, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &str, &str)> {
        self.files
            .iter()
            .enumerate()
            .map(|(at, file)| (FileId(at as u32), &*file.name, &*file.text))
    }
}
