//! GraphQL text as tokens.

use std::borrow::Cow;

use crate::quote;

/// A place in the text: line and column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// What a token is. Punctuation is the same as its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Invalid,
    End,
    Mark(&'static str),
    Name,
    Int,
    Float,
    String,
    BlockString,
}

impl Kind {
    /// The kind in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Invalid => "<Invalid>",
            Kind::End => "<EOF>",
            Kind::Mark(text) => text,
            Kind::Name => "Name",
            Kind::Int => "Int",
            Kind::Float => "Float",
            Kind::String => "String",
            Kind::BlockString => "BlockString",
        }
    }
}

/// A token, its value without quotes and escapes, and the comments before it.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) value: Cow<'a, str>,
    pub(super) position: Position,
    pub(super) comments: Vec<&'a str>,
}

impl Token<'_> {
    /// The token in messages.
    pub(super) fn describe(&self) -> String {
        let mut text = self.kind.name().to_owned();
        if !self.value.is_empty() {
            text.push(' ');
            quote::quote(&self.value, '"', false, &mut text);
        }
        text
    }
}

const MARKS: [&str; 14] = ["...", "!", "$", "&", "(", ")", ":", "=", "@", "[", "]", "{", "}", "|"];

/// Reads one token after the other.
pub(super) struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    /// Characters since the beginning of the line.
    column: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Lexer<'a> {
        Lexer { rest: text, line: 1, column: 0 }
    }

    fn position(&self) -> Position {
        Position { line: self.line, column: self.column + 1 }
    }

    /// Steps over so many bytes, among which there is no line break.
    fn skip(&mut self, length: usize) -> &'a str {
        let (skipped, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.column += skipped.chars().count();
        self.rest = rest;
        skipped
    }

    /// Steps over a line break. The second half of a Windows one counts as the line's first column.
    fn skip_break(&mut self, counts_second: bool) {
        let is_double = self.rest.starts_with("\r\n");
        self.skip(if is_double { 2 } else { 1 });
        self.line += 1;
        self.column = usize::from(is_double && counts_second);
    }

    fn skip_space(&mut self) {
        while let Some(it) = self.rest.chars().next() {
            match it {
                '\t' | ' ' | ',' | '\u{feff}' => {
                    self.skip(it.len_utf8());
                }
                '\n' | '\r' => self.skip_break(true),
                _ => return,
            }
        }
    }

    /// The next token; one that is invalid if there is none.
    pub(super) fn next(&mut self) -> Token<'a> {
        let mut comments = Vec::new();
        loop {
            self.skip_space();
            if !self.rest.starts_with('#') {
                break;
            }
            let is_end = |it: char| it < ' ' && it != '\t';
            let length = self.rest.find(is_end).unwrap_or(self.rest.len());
            comments.push(self.skip(length));
        }
        let position = self.position();
        let token = |kind, value| Token { kind, value, position, comments };
        let Some(first) = self.rest.chars().next() else { return token(Kind::End, "".into()) };
        if let Some(mark) = MARKS.iter().find(|it| self.rest.starts_with(**it)) {
            self.skip(mark.len());
            return token(Kind::Mark(mark), "".into());
        }
        let is_name = |it: char| it == '_' || it.is_ascii_alphanumeric();
        match first {
            '"' => {
                let comments = token(Kind::Invalid, "".into()).comments;
                let string = self.string();
                let (kind, value, position) = match string {
                    Ok(it) => it,
                    Err(()) => (Kind::Invalid, String::new(), self.position()),
                };
                Token { kind, value: value.into(), position, comments }
            }
            '-' | '0'..='9' => match self.number() {
                Some((kind, text)) => token(kind, text.into()),
                None => Token { position: self.position(), ..token(Kind::Invalid, "".into()) },
            },
            _ if is_name(first) => {
                let length = self.rest.find(|it| !is_name(it)).unwrap_or(self.rest.len());
                let name = self.skip(length);
                token(Kind::Name, name.into())
            }
            _ => token(Kind::Invalid, "".into()),
        }
    }

    fn skip_digits(&mut self) -> usize {
        let n_digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        self.skip(n_digits);
        n_digits
    }

    fn eat(&mut self, marks: &[char]) -> bool {
        let found = self.rest.starts_with(marks);
        if found {
            self.skip(1);
        }
        found
    }

    /// An integer or a number with a fraction or an exponent, as its text.
    fn number(&mut self) -> Option<(Kind, &'a str)> {
        let start = self.rest;
        self.eat(&['-']);
        if self.eat(&['0']) {
            if self.rest.starts_with(|it: char| it.is_ascii_digit()) {
                return None;
            }
        } else if self.skip_digits() == 0 {
            return None;
        }
        let mut kind = Kind::Int;
        if self.eat(&['.']) {
            kind = Kind::Float;
            if self.skip_digits() == 0 {
                return None;
            }
        }
        if self.eat(&['e', 'E']) {
            kind = Kind::Float;
            self.eat(&['+', '-']);
            if self.skip_digits() == 0 {
                return None;
            }
        }
        Some((kind, start.get(..start.len() - self.rest.len())?))
    }

    fn string(&mut self) -> Result<(Kind, String, Position), ()> {
        if self.rest.starts_with("\"\"\"") { self.block_string() } else { self.short_string() }
    }

    fn short_string(&mut self) -> Result<(Kind, String, Position), ()> {
        self.skip(1);
        // Go's parser places a string behind its first quote.
        let position = self.position();
        let mut value = String::new();
        loop {
            match self.rest.chars().next().ok_or(())? {
                '"' => {
                    self.skip(1);
                    return Ok((Kind::String, value, position));
                }
                '\\' => value.push(self.escape()?),
                it if it < ' ' && it != '\t' => return Err(()),
                it => {
                    self.skip(it.len_utf8());
                    value.push(it);
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, ()> {
        let unescaped = match self.rest.chars().nth(1) {
            Some(it @ ('"' | '/' | '\\')) => it,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let digits = self.rest.get(2..6).filter(|_| self.rest.len() > 6);
                let code = digits.filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
                match code.and_then(|it| u32::from_str_radix(it, 16).ok()) {
                    Some(code) => {
                        self.skip(6);
                        return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
                    }
                    None => {
                        self.skip(1);
                        return Err(());
                    }
                }
            }
            _ => {
                self.skip(1);
                return Err(());
            }
        };
        self.skip(2);
        Ok(unescaped)
    }

    /// A string on several lines stands where its last line begins.
    fn block_string(&mut self) -> Result<(Kind, String, Position), ()> {
        self.skip(3);
        let mut column = self.column + 1;
        let mut raw = String::new();
        loop {
            let it = self.rest.chars().next().ok_or(())?;
            let n_quotes = self.rest.bytes().take_while(|it| *it == b'"').count();
            if n_quotes >= 3 {
                // Of more than three quotes the last three end the string.
                raw.extend(std::iter::repeat_n('"', n_quotes - 3));
                self.skip(n_quotes);
                let position = Position { line: self.line, column };
                return Ok((Kind::BlockString, without_indent(&raw), position));
            }
            match it {
                '\\' if self.rest.starts_with("\\\"\"\"") => {
                    self.skip(4);
                    raw.push_str("\"\"\"");
                }
                '\n' | '\r' => {
                    self.skip_break(false);
                    raw.push('\n');
                    column = 1;
                }
                _ if it < ' ' && it != '\t' => return Err(()),
                _ => {
                    self.skip(it.len_utf8());
                    raw.push(it);
                }
            }
        }
    }
}

/// A block string without the indentation that its lines share, nor the blank lines around them.
fn without_indent(raw: &str) -> String {
    let blank = |it: &str| it.trim_start_matches([' ', '\t']).is_empty();
    let indent = |it: &str| it.len() - it.trim_start_matches([' ', '\t']).len();
    let mut lines: Vec<&str> = raw.split('\n').collect();
    if let Some(common) = lines.iter().filter(|it| !blank(it)).map(|it| indent(it)).min() {
        for line in lines.iter_mut().skip(1) {
            *line = line.get(common..).unwrap_or("");
        }
    }
    let start = lines.iter().position(|it| !blank(it)).unwrap_or(lines.len());
    let end = lines.iter().rposition(|it| !blank(it)).map_or(start, |it| it + 1);
    lines.get(start..end).unwrap_or_default().join("\n")
}
