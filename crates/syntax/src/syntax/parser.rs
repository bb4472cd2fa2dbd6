//! The parser's state: the place in the tokens, the keywords in force, trial and return, recovery, limits.

use std::collections::BTreeMap;

use palisade_diag::{Diagnostic, FileId, Files, Span};

use super::ast::{Comment, Term, Version};
use super::keywords::{Keyword, Keywords};
use super::language::Language;
use super::lexer::lex;
use super::token::{Kind, Token};
use super::{ParseOptions, errors};
use crate::limits::Depth;

/// A construct could not be read; a diagnostic says why. The reader that knows where to go on goes on there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failed;

/// What a production gives.
pub(super) type Parsed<T> = Result<T, Failed>;

/// The parser of one file.
pub(super) struct Parser<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Comment>,
    /// How many there are of both.
    pub(super) n_tokens: usize,
    /// The index of the current token.
    pub(super) at: usize,
    /// The version that the text is read in, before it says anything itself.
    pub(super) first_version: Version,
    pub(super) version: Version,
    pub(super) keywords: Keywords,
    pub(super) language: Language,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What is wrong only if the file turns out to be Rego v1.
    pub(super) v1_faults: Vec<Diagnostic>,
    /// The index of a token that is a name here although it is a keyword.
    name_at: Option<usize>,
    /// How deep the text may nest.
    pub(super) limit: Depth,
    /// How many constructs are open.
    depth: u32,
    /// The height of the highest tree that has been read inside the innermost open construct.
    height: u32,
    /// How many trials are open. A failure inside one is not recovered from, because something else is tried then.
    pub(super) trials: u32,
    /// What has been read inside trials, by first token: without it nested trials would take exponential time.
    known: BTreeMap<usize, Known>,
}

/// The outcome of reading a bracketed term.
#[derive(Clone)]
struct Known {
    outcome: Parsed<Term>,
    next: usize,
    height: u32,
    diagnostics: Vec<Diagnostic>,
}

/// A place to return to.
pub(super) struct Mark {
    at: usize,
    diagnostics: usize,
    v1_faults: usize,
    height: u32,
}

impl<'a> Parser<'a> {
    pub(super) fn new(files: &'a Files, file: FileId, options: &ParseOptions) -> Parser<'a> {
        let text = files.text(file);
        let lexed = lex(text, file, options.tokens_max);
        let language = match options.experimental {
            true => options.language.with_experimental(),
            false => options.language,
        };
        Parser {
            file,
            text,
            n_tokens: lexed.tokens.len() + lexed.comments.len(),
            tokens: lexed.tokens,
            comments: lexed.comments,
            at: 0,
            first_version: options.version,
            version: options.version,
            keywords: Keywords::of(options.version).with(options.keywords),
            language: language.in_files_of(options.version),
            diagnostics: lexed.diagnostics,
            v1_faults: Vec::new(),
            name_at: None,
            limit: options.depth,
            depth: 0,
            height: 0,
            trials: 0,
            known: BTreeMap::new(),
        }
    }

    /// The token `ahead` of the current one; the last token again and again behind the end.
    pub(super) fn peek(&self, ahead: usize) -> Token {
        let last = self.tokens.len().saturating_sub(1);
        self.tokens.get((self.at + ahead).min(last)).copied().unwrap_or(Token {
            kind: Kind::Eof,
            start: 0,
            end: 0,
            newline: false,
            depth: 0,
        })
    }

    pub(super) fn token(&self) -> Token {
        self.peek(0)
    }

    pub(super) fn at(&self, kind: Kind) -> bool {
        self.token().kind == kind
    }

    pub(super) fn bump(&mut self) -> Token {
        let token = self.token();
        if token.kind != Kind::Eof {
            self.at += 1;
        }
        token
    }

    /// Steps over a token of this kind, if it is the current one.
    pub(super) fn eat(&mut self, kind: Kind) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn expect(&mut self, kind: Kind, expected: &str) -> Parsed<Token> {
        if self.at(kind) { Ok(self.bump()) } else { Err(self.unexpected(expected)) }
    }

    pub(super) fn text_of(&self, token: Token) -> &'a str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    pub(super) fn text_in(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(super) fn span_of(&self, token: Token) -> Span {
        Span { file: self.file, start: token.start, end: token.end }
    }

    /// From a byte to the end of the token before the current one.
    pub(super) fn span_from(&self, start: u32) -> Span {
        Span { file: self.file, start, end: self.last_end().max(start) }
    }

    /// The end of the token before the current one.
    pub(super) fn last_end(&self) -> u32 {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.end)
    }

    /// Whether nothing stands between the current token and the one before.
    pub(super) fn is_adjacent(&self) -> bool {
        self.token().start == self.last_end()
    }

    /// The keyword that the current token is.
    pub(super) fn keyword(&self) -> Option<Keyword> {
        let token = self.token();
        match token.kind {
            Kind::Ident => self.keywords.find(self.text_of(token)),
            _ => None,
        }
    }

    pub(super) fn at_keyword(&self, keyword: Keyword) -> bool {
        self.keyword() == Some(keyword)
    }

    /// Whether the current token is the first name of a reference although it is a keyword: `if.x`, `not["a"]`.
    pub(super) fn at_keyword_ref(&self) -> bool {
        let (word, next) = (self.token(), self.peek(1));
        self.language.keywords_in_refs
            && self.keyword().is_some()
            && next.start == word.end
            && matches!(next.kind, Kind::Dot | Kind::OpenBracket)
    }

    /// Lets the current token be a name even if it is a keyword.
    pub(super) fn name_here(&mut self) {
        self.name_at = Some(self.at);
    }

    pub(super) fn is_name_here(&self) -> bool {
        self.name_at == Some(self.at)
    }

    /// Reports the current token as out of place.
    pub(super) fn unexpected(&mut self, expected: &str) -> Failed {
        let token = self.token();
        // What the lexer could not read is reported already.
        if token.kind != Kind::Error {
            let word = self.text_of(token);
            let is_keyword = token.kind == Kind::Ident && self.keywords.find(word).is_some();
            let found = if is_keyword { word } else { token.kind.name() };
            let mut diagnostic =
                errors::unexpected(self.span_of(token), found, is_keyword, expected);
            if token.kind == Kind::Ident && !is_keyword {
                diagnostic = diagnostic.label(format!("found `{word}`"));
            }
            self.diagnostics.push(diagnostic);
        }
        Failed
    }

    /// Reports, at the current token, that something is missing. Where the lexer could not read it, that is said already.
    pub(super) fn fail_here(&mut self, report: impl FnOnce(Span) -> Diagnostic) -> Failed {
        if !self.at(Kind::Error) {
            self.diagnostics.push(report(self.span_of(self.token())));
        }
        Failed
    }

    pub(super) fn fail(&mut self, diagnostic: Diagnostic) -> Failed {
        self.diagnostics.push(diagnostic);
        Failed
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            at: self.at,
            diagnostics: self.diagnostics.len(),
            v1_faults: self.v1_faults.len(),
            height: self.height,
        }
    }

    pub(super) fn reset(&mut self, mark: &Mark) {
        self.at = mark.at;
        self.diagnostics.truncate(mark.diagnostics);
        self.v1_faults.truncate(mark.v1_faults);
        self.height = mark.height;
    }

    /// Reads something that may turn out to be something else. The caller resets if it fails.
    pub(super) fn trial<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.trials += 1;
        let outcome = read(self);
        self.trials -= 1;
        outcome
    }

    /// Reads one construct, counted against the limit.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= self.limit.nesting {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let outer = std::mem::take(&mut self.height);
        let outcome = read(self);
        self.depth -= 1;
        self.height = outer.max(self.height + 1);
        outcome
    }

    /// Reads one of several things that stand beside each other: their heights do not add up.
    pub(super) fn beside<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = std::mem::take(&mut self.height);
        let outcome = read(self);
        self.height = self.height.max(outer);
        outcome
    }

    /// Counts a node that is put on top of what has been read, as `+ c` is on `a + b`.
    pub(super) fn grow(&mut self) -> Parsed<()> {
        self.height += 1;
        if self.height + self.depth > self.limit.height { Err(self.too_high()) } else { Ok(()) }
    }

    fn too_deep(&mut self) -> Failed {
        let span = self.span_of(self.token());
        self.fail(errors::too_deep(span, self.limit.nesting))
    }

    fn too_high(&mut self) -> Failed {
        let span = self.span_of(self.token());
        self.fail(errors::too_high(span, self.limit.height))
    }

    pub(super) fn too_many_branches(&mut self) -> Failed {
        let span = self.span_of(self.token());
        self.fail(errors::too_many_branches(span, self.limit.height))
    }

    /// Reads a bracketed term, or takes it from memory if it has been read in a trial.
    pub(super) fn remembered(
        &mut self,
        read: impl FnOnce(&mut Self) -> Parsed<Term>,
    ) -> Parsed<Term> {
        let (start, diagnostics) = (self.at, self.diagnostics.len());
        if let Some(known) = self.known.get(&start).cloned() {
            self.at = known.next;
            self.height = self.height.max(known.height);
            self.diagnostics.extend(known.diagnostics);
            return known.outcome;
        }
        if self.trials == 0 {
            return read(self);
        }
        let outer = std::mem::take(&mut self.height);
        let outcome = read(self);
        let known = Known {
            outcome: outcome.clone(),
            next: self.at,
            height: self.height,
            diagnostics: self.diagnostics.get(diagnostics..).unwrap_or_default().to_vec(),
        };
        self.height = self.height.max(outer);
        self.known.insert(start, known);
        outcome
    }

    /// Forgets what trials have read: it is of no use beyond the statement, and wrong once the keywords change.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// Whether a line starts with the current token, without indentation, so that it is likely a new rule.
    pub(super) fn at_margin(&self) -> bool {
        let token = self.token();
        token.kind == Kind::Ident
            && (token.start == 0
                || self.text.as_bytes().get(token.start as usize - 1) == Some(&b'\n'))
    }

    /// After a failure in a body that is `depth` brackets deep: goes to the next expression, or to the body's end.
    ///
    /// Where a bracket is missing, depths are wrong from there on. Then the lines that are not indented further than the
    /// failed expression tell where something new starts.
    pub(super) fn recover_in_body(&mut self, depth: u32, failed: Token) {
        let indentation = self.indentation(failed);
        while !self.at(Kind::Eof) && !self.at_margin() {
            let token = self.token();
            let ends_here =
                token.depth == depth && (token.newline || token.kind == Kind::Semicolon);
            let is_outdented = token.newline && self.indentation(token) <= indentation;
            if token.depth < depth || ends_here || is_outdented {
                break;
            }
            self.bump();
        }
    }

    /// How far the line of a token is indented.
    fn indentation(&self, token: Token) -> usize {
        let before = self.text.get(..token.start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    /// After a failure in a statement: goes to what is likely the next one.
    pub(super) fn recover_in_module(&mut self, start: usize) {
        while !self.at(Kind::Eof) {
            let token = self.token();
            let starts_here = token.kind == Kind::Ident && token.newline && token.depth == 0;
            if self.at > start && (self.at_margin() || starts_here) {
                break;
            }
            self.bump();
        }
    }
}
