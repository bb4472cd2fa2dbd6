//! A template's text as tokens.

/// A token, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Open,
    Close,
    Space,
    Assign,
    Declare,
    Pipe,
    Comma,
    Quoted,
    Raw,
    Variable,
    Character,
    Field,
    Dot,
    Number,
    Word,
    LeftParen,
    RightParen,
    /// Any other printable character.
    Other,
    End,
}

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// Why a text has no tokens.
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) message: String,
}

/// The tokens of a template, and what is wrong behind the last of them.
pub(super) fn tokens(text: &str) -> (Vec<Token<'_>>, Option<Fault>) {
    let mut lexer = Lexer { text, at: 0, line: 1, parens: 0, tokens: Vec::new() };
    let fault = lexer.run().err();
    let line = lexer.line;
    if fault.is_none() {
        lexer.tokens.push(Token { kind: Kind::End, text: "", start: text.len(), line });
    }
    (lexer.tokens, fault)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    parens: usize,
    tokens: Vec<Token<'a>>,
}

fn is_space(it: char) -> bool {
    matches!(it, ' ' | '\t' | '\r' | '\n')
}

fn is_word(it: char) -> bool {
    it == '_' || it.is_alphanumeric()
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn fault<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault { line: self.line, message: message.into() })
    }

    /// Makes a token of the next bytes.
    fn push(&mut self, kind: Kind, length: usize) {
        let text = self.rest().get(..length).unwrap_or("");
        self.tokens.push(Token { kind, text, start: self.at, line: self.line });
        self.skip(length);
    }

    fn skip(&mut self, length: usize) {
        let skipped = self.rest().get(..length).unwrap_or("");
        self.line += skipped.bytes().filter(|it| *it == b'\n').count();
        self.at += length;
    }

    fn run(&mut self) -> Result<(), Fault> {
        while let Some(length) = self.rest().find(OPEN) {
            self.text_before(length);
            let trims = self.trims_left(self.at + OPEN.len());
            let inner = self.at + OPEN.len() + if trims { 2 } else { 0 };
            if self.text.get(inner..).is_some_and(|it| it.starts_with("/*")) {
                self.skip(inner - self.at);
                self.comment()?;
            } else {
                self.push(Kind::Open, OPEN.len());
                self.skip(inner - self.at);
                self.parens = 0;
                self.action()?;
            }
        }
        let length = self.rest().len();
        if length > 0 {
            self.push(Kind::Text, length);
        }
        Ok(())
    }

    /// Whether the spaces before a delimiter that ends here are to be left out.
    fn trims_left(&self, at: usize) -> bool {
        let mut chars = self.text.get(at..).unwrap_or("").chars();
        chars.next() == Some('-') && chars.next().is_some_and(is_space)
    }

    fn text_before(&mut self, length: usize) {
        let text = self.rest().get(..length).unwrap_or("");
        let kept = match self.trims_left(self.at + length + OPEN.len()) {
            true => text.trim_end_matches(is_space).len(),
            false => length,
        };
        if kept > 0 {
            self.push(Kind::Text, kept);
        }
        self.skip(length - kept);
    }

    fn comment(&mut self) -> Result<(), Fault> {
        let Some(end) = self.rest().get(2..).and_then(|it| it.find("*/")) else {
            return self.fault("unclosed comment");
        };
        self.skip(end + 4);
        match self.closing() {
            Some(length) => {
                self.close(length);
                Ok(())
            }
            None => self.fault("comment ends before closing delimiter"),
        }
    }

    /// The length of the delimiter that stands here, with the space and the minus before it.
    fn closing(&self) -> Option<usize> {
        let rest = self.rest();
        let trimmed = rest.strip_prefix(is_space).and_then(|it| it.strip_prefix('-'));
        if trimmed.is_some_and(|it| it.starts_with(CLOSE)) {
            return Some(2 + CLOSE.len());
        }
        rest.starts_with(CLOSE).then_some(CLOSE.len())
    }

    fn close(&mut self, length: usize) {
        self.skip(length);
        if length > CLOSE.len() {
            let rest = self.rest();
            self.skip(rest.len() - rest.trim_start_matches(is_space).len());
        }
    }

    fn action(&mut self) -> Result<(), Fault> {
        loop {
            if let Some(length) = self.closing() {
                if self.parens > 0 {
                    return self.fault("unclosed left paren");
                }
                let token = Token {
                    kind: Kind::Close,
                    text: CLOSE,
                    start: self.at + length - CLOSE.len(),
                    line: self.line,
                };
                self.tokens.push(token);
                self.close(length);
                return Ok(());
            }
            let Some(it) = self.peek() else { return self.fault("unclosed action") };
            match it {
                _ if is_space(it) => self.space(),
                '=' => self.push(Kind::Assign, 1),
                ':' if self.rest().starts_with(":=") => self.push(Kind::Declare, 2),
                ':' => return self.fault("expected :="),
                '|' => self.push(Kind::Pipe, 1),
                ',' => self.push(Kind::Comma, 1),
                '"' => self.quoted('"', Kind::Quoted, "unterminated quoted string")?,
                '\'' => self.quoted('\'', Kind::Character, "unterminated character constant")?,
                '`' => self.raw()?,
                '$' => self.name(Kind::Variable)?,
                '.' if !self.rest().get(1..).is_some_and(starts_with_digit) => self.field()?,
                '.' | '+' | '-' | '0'..='9' => self.number()?,
                _ if is_word(it) => self.word()?,
                '(' => {
                    self.parens += 1;
                    self.push(Kind::LeftParen, 1);
                }
                ')' if self.parens == 0 => return self.fault("unexpected right paren"),
                ')' => {
                    self.parens -= 1;
                    self.push(Kind::RightParen, 1);
                }
                ' '..='~' => self.push(Kind::Other, 1),
                _ => return self.bad_character("unrecognized character in action: ", it),
            }
        }
    }

    fn bad_character(&self, message: &str, it: char) -> Result<(), Fault> {
        self.fault(format!("{message}U+{:04X} '{it}'", u32::from(it)))
    }

    /// Spaces; the last one may belong to the delimiter behind them.
    fn space(&mut self) {
        let rest = self.rest();
        let mut length = rest.len() - rest.trim_start_matches(is_space).len();
        let behind = rest.get(length..).unwrap_or("");
        if behind.strip_prefix('-').is_some_and(|it| it.starts_with(CLOSE)) {
            length -= 1;
        }
        if length > 0 {
            self.push(Kind::Space, length);
        }
    }

    fn quoted(&mut self, mark: char, kind: Kind, message: &str) -> Result<(), Fault> {
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, it)) = chars.next() {
            let it = if it == '\\' {
                chars.next().map(|(_, it)| it).filter(|it| *it == '\n')
            } else {
                Some(it)
            };
            match it {
                Some('\n') => break,
                Some(it) if it == mark => {
                    self.push(kind, at + 1);
                    return Ok(());
                }
                _ => {}
            }
        }
        self.fault(message)
    }

    fn raw(&mut self) -> Result<(), Fault> {
        match self.rest().get(1..).and_then(|it| it.find('`')) {
            Some(end) => {
                self.push(Kind::Raw, end + 2);
                Ok(())
            }
            None => self.fault("unterminated raw quoted string"),
        }
    }

    /// What may follow a name.
    fn check_end(&self, at: usize) -> Result<(), Fault> {
        let rest = self.rest().get(at..).unwrap_or("");
        match rest.chars().next() {
            Some(it) if !is_space(it) && !".,|:)(".contains(it) && !rest.starts_with(CLOSE) => {
                self.bad_character("bad character ", it)
            }
            _ => Ok(()),
        }
    }

    fn name(&mut self, kind: Kind) -> Result<(), Fault> {
        let rest = self.rest().get(1..).unwrap_or("");
        let length = 1 + rest.find(|it| !is_word(it)).unwrap_or(rest.len());
        self.check_end(length)?;
        self.push(kind, length);
        Ok(())
    }

    fn field(&mut self) -> Result<(), Fault> {
        let is_field = self.rest().chars().nth(1).is_some_and(is_word);
        self.name(if is_field { Kind::Field } else { Kind::Dot })
    }

    fn word(&mut self) -> Result<(), Fault> {
        let length = self.rest().find(|it| !is_word(it)).unwrap_or(self.rest().len());
        self.check_end(length)?;
        self.push(Kind::Word, length);
        Ok(())
    }

    /// Everything that looks like part of a number; whether it is one is found out later.
    fn number(&mut self) -> Result<(), Fault> {
        let mut before = ' ';
        let is_hex =
            self.rest().trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("0x");
        let belongs = |it: char| {
            let is_sign = matches!(it, '+' | '-')
                && (before == ' ' || before.eq_ignore_ascii_case(&if is_hex { 'p' } else { 'e' }));
            before = it;
            is_sign || it == '.' || is_word(it)
        };
        let length = length_while(self.rest(), belongs);
        self.push(Kind::Number, length);
        Ok(())
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_digit())
}

/// The length in bytes of the characters at the beginning for which a test holds.
fn length_while(text: &str, mut test: impl FnMut(char) -> bool) -> usize {
    text.char_indices().find(|(_, it)| !test(*it)).map_or(text.len(), |(at, _)| at)
}
