//! Tokens: the words and signs of Rego, with what the parser needs to know of the space around them.

/// A word or sign of the source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// The first byte.
    pub(super) start: u32,
    /// The byte behind the last.
    pub(super) end: u32,
    /// Whether a line ends between the token before and this one.
    pub(super) newline: bool,
    /// How many brackets are open around it.
    pub(super) depth: u32,
}

/// The kinds of token. Keywords are [`Kind::Ident`]: which words are keywords depends on the imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The end of the file; always the last token.
    Eof,
    /// What the lexer could not read and has reported.
    Error,
    /// A name or keyword.
    Ident,
    /// A number without sign.
    Number,
    /// `"…"`
    String,
    /// `` `…` ``
    RawString,
    /// A literal stretch of a template string with its delimiters: `$"…{`, `}…{`, `}…"`, `$"…"`.
    Template {
        /// Whether it starts the string.
        first: bool,
        /// Whether it ends the string.
        last: bool,
        /// Whether it is written in back-quotes.
        raw: bool,
    },
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `;`
    Semicolon,
    /// `.`
    Dot,
    /// `:=`
    Declare,
    /// `=`
    Unify,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// `&`
    Ampersand,
    /// `|`
    Pipe,
}

impl Kind {
    /// The name that OPA's messages give the token.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Eof => "eof",
            Kind::Error => "illegal",
            Kind::Ident => "identifier",
            Kind::Number => "number",
            Kind::String | Kind::RawString => "string",
            Kind::Template { .. } => "template string",
            Kind::OpenBracket => "[",
            Kind::CloseBracket => "]",
            Kind::OpenBrace => "{",
            Kind::CloseBrace => "}",
            Kind::OpenParen => "(",
            Kind::CloseParen => ")",
            Kind::Comma => ",",
            Kind::Colon => ":",
            Kind::Semicolon => ";",
            Kind::Dot => ".",
            Kind::Declare => "assign",
            Kind::Unify => "eq",
            Kind::Equal => "equal",
            Kind::NotEqual => "neq",
            Kind::Less => "lt",
            Kind::LessEqual => "lte",
            Kind::Greater => "gt",
            Kind::GreaterEqual => "gte",
            Kind::Plus => "plus",
            Kind::Minus => "minus",
            Kind::Star => "mul",
            Kind::Slash => "div",
            Kind::Percent => "rem",
            Kind::Ampersand => "and",
            Kind::Pipe => "or",
        }
    }
}
