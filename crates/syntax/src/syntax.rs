//! Rego source text to syntax tree.
//!
//! Parsing never fails: what cannot be read is left out of the tree, or stands in it as [`ast::TermKind::Error`], and a
//! diagnostic says why. A tree without diagnostics is the whole text.

mod annotations;
pub mod ast;
mod errors;
mod grammar;
mod keywords;
mod language;
mod lexer;
mod literal;
mod parser;
mod token;

use palisade_diag::{Diagnostic, FileId, Files, Span};

use ast::{Body, Module, Term, TermKind, Version};
pub use keywords::Keywords;
pub use language::Language;
use parser::Parser;

use crate::limits::{Depth, TOKENS_MAX, on_large_stack};

/// How to read a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseOptions {
    /// The language version that holds unless the text says `import rego.v1`.
    pub version: Version,
    /// Keywords in force from the start, beyond those of the version.
    pub keywords: Keywords,
    /// Whether the experimental keywords `and` and `or` may be imported.
    pub experimental: bool,
    /// The parts of the language that may be used.
    pub language: Language,
    /// How deep the text may nest.
    pub depth: Depth,
    /// How many tokens and comments the text may have.
    pub tokens_max: usize,
}

impl ParseOptions {
    /// A version with nothing beyond it.
    pub fn of(version: Version) -> ParseOptions {
        ParseOptions {
            version,
            keywords: Keywords::default(),
            experimental: false,
            language: Language::default(),
            depth: Depth::POLICY,
            tokens_max: TOKENS_MAX,
        }
    }
}

impl Default for ParseOptions {
    /// Rego v1.
    fn default() -> ParseOptions {
        ParseOptions::of(Version::V1)
    }
}

/// A tree and what was wrong with the text, in the order of the text.
#[derive(Clone, Debug)]
pub struct Parse<T> {
    /// What could be read.
    pub tree: T,
    /// What could not. Empty if the tree is the whole text.
    pub diagnostics: Vec<Diagnostic>,
    /// How many tokens and comments the text has.
    pub n_tokens: usize,
}

/// Reads a policy file.
pub fn parse_module(files: &Files, file: FileId, options: &ParseOptions) -> Parse<Module> {
    let mut parse = parse_statements(files, file, options);
    // Above a rule that could not be read, a block would be put to the wrong one.
    if parse.diagnostics.is_empty() {
        (parse.tree.annotations, parse.diagnostics) = annotations::read(files, &parse.tree);
    }
    parse
}

/// Reads a policy file with its metadata blocks as mere comments, whatever is in them.
pub fn parse_statements(files: &Files, file: FileId, options: &ParseOptions) -> Parse<Module> {
    let mut parser = Parser::new(files, file, options);
    let mut module = on_large_stack(|| parser.module());
    module.comments = std::mem::take(&mut parser.comments);
    finish(parser, module)
}

/// Reads a query, as `eval` takes it.
pub fn parse_query(files: &Files, file: FileId, options: &ParseOptions) -> Parse<Body> {
    let mut parser = Parser::new(files, file, options);
    let body = on_large_stack(|| parser.query());
    parser.check_version(body.span);
    finish(parser, body)
}

/// Reads a single term, such as an input that is written in Rego.
pub fn parse_term(files: &Files, file: FileId, options: &ParseOptions) -> Parse<Term> {
    let mut parser = Parser::new(files, file, options);
    let end = files.text(file).len() as u32;
    let term = on_large_stack(|| parser.single_term());
    let error = Term { span: Span { file, start: 0, end }, kind: TermKind::Error };
    finish(parser, term.unwrap_or(error))
}

fn finish<T>(parser: Parser<'_>, tree: T) -> Parse<T> {
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span().map(|span| span.start));
    Parse { tree, diagnostics, n_tokens: parser.n_tokens }
}
