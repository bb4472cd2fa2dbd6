//! Text to tokens. Reads the whole file at once; what it cannot read becomes an error token and a diagnostic.

use palisade_diag::{Diagnostic, FileId, Span};

use super::ast::Comment;
use super::errors;
use super::token::{Kind, Token};

/// What the lexer makes of a file.
pub(super) struct Lexed {
    /// The tokens; the last is [`Kind::Eof`].
    pub(super) tokens: Vec<Token>,
    /// The comments in order.
    pub(super) comments: Vec<Comment>,
    /// What could not be read.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Splits a text into tokens. One with too many has none, and a diagnostic; so has one whose places are no 32-bit numbers.
pub(super) fn lex(text: &str, file: FileId, tokens_max: usize) -> Lexed {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        file,
        tokens_max,
        at: 0,
        newline: false,
        depth: 0,
        templates: Vec::new(),
        out: Lexed { tokens: Vec::new(), comments: Vec::new(), diagnostics: Vec::new() },
    };
    if text.starts_with('\u{feff}') {
        lexer.at = '\u{feff}'.len_utf8();
    }
    lexer.run();
    lexer.out
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    file: FileId,
    tokens_max: usize,
    at: usize,
    newline: bool,
    depth: u32,
    /// The template strings whose `{` we are inside of: raw or not, and the braces open inside.
    templates: Vec<(bool, u32)>,
    out: Lexed,
}

impl Lexer<'_> {
    fn run(&mut self) {
        if u32::try_from(self.text.len()).is_err() {
            return self.give_up();
        }
        loop {
            if self.out.tokens.len() + self.out.comments.len() > self.tokens_max {
                return self.give_up();
            }
            match self.peek() {
                None => break,
                Some(b'\n') => {
                    self.newline = true;
                    self.at += 1;
                }
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'#') => self.comment(),
                Some(byte) => self.token(byte),
            }
        }
        let end = self.at;
        self.push(Kind::Eof, end);
    }

    /// Leaves nothing but the end, and the reason.
    fn give_up(&mut self) {
        let start = self.out.tokens.last().map_or(0, |it| it.start as usize);
        self.out.diagnostics = vec![errors::too_large(self.span(start, start))];
        self.out.tokens = Vec::new();
        self.out.comments = Vec::new();
        self.at = 0;
        self.push(Kind::Eof, 0);
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end as u32 }
    }

    /// Adds the token from `start` to here.
    fn push(&mut self, kind: Kind, start: usize) {
        let closes = match kind {
            Kind::CloseBrace | Kind::CloseBracket | Kind::CloseParen => true,
            Kind::Template { first, .. } => !first,
            _ => false,
        };
        let opens = match kind {
            Kind::OpenBrace | Kind::OpenBracket | Kind::OpenParen => true,
            Kind::Template { last, .. } => !last,
            _ => false,
        };
        if closes {
            self.depth = self.depth.saturating_sub(1);
        }
        let (newline, depth) = (self.newline, self.depth);
        self.out.tokens.push(Token {
            kind,
            start: start as u32,
            end: self.at as u32,
            newline,
            depth,
        });
        self.newline = false;
        if opens {
            self.depth += 1;
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        let line = self.text[start..].lines().next().unwrap_or_default();
        self.at = start + line.len();
        self.check_characters(start, line);
        self.out.comments.push(Comment {
            span: self.span(start, self.at),
            text: line.get(1..).unwrap_or_default().to_owned(),
        });
    }

    fn token(&mut self, first: u8) {
        let start = self.at;
        match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                self.push(Kind::Ident, start);
            }
            b'0'..=b'9' => self.number(),
            b'"' => self.string(),
            b'`' => self.raw_string(),
            b'$' => self.template_start(),
            b'}' if matches!(self.templates.last(), Some((_, 0))) => {
                let (raw, _) = self.templates.pop().unwrap_or_default();
                self.at += 1;
                self.template(start, false, raw);
            }
            _ => match sign(first, self.bytes.get(start + 1).copied()) {
                Some((kind, len)) => {
                    self.at += len;
                    self.count_braces(kind);
                    self.push(kind, start);
                }
                None => self.illegal_character(),
            },
        }
    }

    fn count_braces(&mut self, kind: Kind) {
        if let Some((_, open)) = self.templates.last_mut() {
            match kind {
                Kind::OpenBrace => *open += 1,
                Kind::CloseBrace => *open = open.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn skip_while(&mut self, accept: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.peek().is_some_and(&accept) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) {
        let start = self.at;
        let mut fault = None;
        self.skip_while(|byte| byte.is_ascii_digit());
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
                fault = Some("expected fraction");
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
                fault = Some("expected exponent");
            }
        }
        if self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_') > 0 {
            fault = fault.or(Some("illegal number format"));
        }
        match fault {
            Some(fault) => {
                self.fail(errors::invalid_number(self.span(start, self.at), fault), start)
            }
            None => self.push(Kind::Number, start),
        }
    }

    /// Reports and adds an error token from `start` to here.
    fn fail(&mut self, diagnostic: Diagnostic, start: usize) {
        self.out.diagnostics.push(diagnostic);
        self.push(Kind::Error, start);
    }

    fn illegal_character(&mut self) {
        let start = self.at;
        let found = self.text[start..].chars().next().unwrap_or_default();
        self.at += found.len_utf8().max(1);
        self.fail(errors::illegal_character(self.span(start, self.at), found), start);
    }

    /// Reports what no part of a source may hold, in a text that is skipped or copied as it is.
    fn check_characters(&mut self, start: usize, text: &str) {
        for (at, found) in
            text.char_indices().filter(|(_, found)| matches!(found, '\0' | '\u{feff}'))
        {
            let span = self.span(start + at, start + at + found.len_utf8());
            self.out.diagnostics.push(errors::illegal_character(span, found));
        }
    }

    fn string(&mut self) {
        let start = self.at;
        self.at += 1;
        let mut is_sound = true;
        loop {
            match self.peek() {
                None | Some(b'\n') => return self.unterminated(start),
                Some(b'"') => break,
                Some(b'\\') => is_sound &= self.escape(false),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        self.check_characters(start, &self.text[start..self.at]);
        self.push(if is_sound { Kind::String } else { Kind::Error }, start);
    }

    fn raw_string(&mut self) {
        let start = self.at;
        self.at += 1;
        self.skip_while(|byte| byte != b'`');
        if self.peek().is_none() {
            return self.unterminated(start);
        }
        self.at += 1;
        self.check_characters(start, &self.text[start..self.at]);
        self.push(Kind::RawString, start);
    }

    fn template_start(&mut self) {
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(quote @ (b'"' | b'`')) => {
                self.at += 2;
                self.template(start, true, *quote == b'`');
            }
            _ => self.illegal_character(),
        }
    }

    /// Reads a template's literal text up to its `{` or its closing quote; what stands before is read.
    fn template(&mut self, start: usize, first: bool, raw: bool) {
        let last = loop {
            match self.peek() {
                None => return self.unterminated(start),
                Some(b'\n') if !raw => return self.unterminated(start),
                Some(b'"') if !raw => break true,
                Some(b'`') if raw => break true,
                Some(b'{') => break false,
                Some(b'\\') if raw && self.bytes.get(self.at + 1) == Some(&b'{') => self.at += 2,
                Some(b'\\') if !raw => {
                    self.escape(true);
                }
                Some(_) => self.at += 1,
            }
        };
        self.at += 1;
        if !last {
            self.templates.push((raw, 0));
        }
        self.check_characters(start, &self.text[start..self.at]);
        // An escape that is none has been reported; the token stays a template, so that its end is found.
        self.push(Kind::Template { first, last, raw }, start);
    }

    fn unterminated(&mut self, start: usize) {
        // What follows a missing quote on the line is lost; the next line may be read again.
        let rest = &self.text[self.at.min(self.text.len())..];
        self.at += rest.find('\n').unwrap_or(rest.len());
        let end = self.text[..self.at].trim_end().len().max(start + 1);
        self.fail(errors::unterminated_string(self.span(start, end)), start);
    }

    /// Steps over an escape sequence and tells whether it is one.
    fn escape(&mut self, is_template: bool) -> bool {
        let start = self.at;
        self.at += 1;
        let len = match self.peek() {
            Some(b'\\' | b'"' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 1,
            Some(b'{') if is_template => 1,
            Some(b'u') if self.has_four_hex_digits() => 5,
            _ => 0,
        };
        self.at += len;
        if len == 0 {
            let end = start + 1 + self.text[start + 1..].chars().next().map_or(0, char::len_utf8);
            self.out.diagnostics.push(errors::illegal_escape(self.span(start, end)));
        }
        len > 0
    }

    fn has_four_hex_digits(&self) -> bool {
        self.bytes
            .get(self.at + 1..self.at + 5)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    }
}

/// The sign that starts with these bytes, and its length.
fn sign(first: u8, second: Option<u8>) -> Option<(Kind, usize)> {
    Some(match (first, second) {
        (b':', Some(b'=')) => (Kind::Declare, 2),
        (b'=', Some(b'=')) => (Kind::Equal, 2),
        (b'!', Some(b'=')) => (Kind::NotEqual, 2),
        (b'<', Some(b'=')) => (Kind::LessEqual, 2),
        (b'>', Some(b'=')) => (Kind::GreaterEqual, 2),
        (b'[', _) => (Kind::OpenBracket, 1),
        (b']', _) => (Kind::CloseBracket, 1),
        (b'{', _) => (Kind::OpenBrace, 1),
        (b'}', _) => (Kind::CloseBrace, 1),
        (b'(', _) => (Kind::OpenParen, 1),
        (b')', _) => (Kind::CloseParen, 1),
        (b',', _) => (Kind::Comma, 1),
        (b':', _) => (Kind::Colon, 1),
        (b';', _) => (Kind::Semicolon, 1),
        (b'.', _) => (Kind::Dot, 1),
        (b'=', _) => (Kind::Unify, 1),
        (b'<', _) => (Kind::Less, 1),
        (b'>', _) => (Kind::Greater, 1),
        (b'+', _) => (Kind::Plus, 1),
        (b'-', _) => (Kind::Minus, 1),
        (b'*', _) => (Kind::Star, 1),
        (b'/', _) => (Kind::Slash, 1),
        (b'%', _) => (Kind::Percent, 1),
        (b'&', _) => (Kind::Ampersand, 1),
        (b'|', _) => (Kind::Pipe, 1),
        _ => return None,
    })
}
