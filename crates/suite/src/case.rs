//! What a section says: sources, documents and expectations.

use std::ops::Range;

use palisade_compiler::{Schemas, Source};
use palisade_rego::syntax::ast::Version;
use palisade_value::{Value, json};

use crate::markdown::{Block, Section};

/// A section as a test.
#[derive(Clone, Debug)]
pub struct Case {
    /// The language version of the sources.
    pub version: Version,
    /// The sources.
    pub sources: Vec<Source>,
    /// The input document as JSON text.
    pub input: Option<String>,
    /// The base data.
    pub data: Value,
    /// The schemas to check with.
    pub schemas: Schemas,
    /// What must come out, in the order of the blocks.
    pub expectations: Vec<(Expectation, Expected)>,
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// The diagnostics of the sources.
    Diagnostics,
    /// The solutions of a query, or the error that it ends with.
    Query {
        /// The query.
        query: String,
        /// Whether an error is expected.
        fails: bool,
        /// Whether errors of built-ins end the evaluation.
        strict: bool,
    },
    /// The answer of an entrypoint.
    Decision(String),
    /// The lines that are printed on the way to the answer of an entrypoint.
    Prints(String),
    /// The intermediate form for an entrypoint.
    Ir(String),
}

/// What is written in a block, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The text.
    pub text: String,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// A section that is no test.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// A block of an unknown kind.
    #[error("`{0}` is no kind of block")]
    UnknownBlock(String),
    /// The input or the data is no JSON.
    #[error("the block `{0}` is not JSON")]
    NotJson(String, #[source] palisade_value::json::ParseError),
    /// Nothing is expected.
    #[error("the section expects nothing: add a `result`, `decision`, `error` or `ir` block")]
    NoExpectation,
}

impl Case {
    /// Reads a section.
    ///
    /// # Errors
    /// The section is no test: see [`CaseError`].
    pub fn new(section: &Section) -> Result<Case, CaseError> {
        let mut case = Case {
            version: Version::V1,
            sources: Vec::new(),
            input: None,
            data: Value::empty_object(),
            schemas: Schemas::default(),
            expectations: Vec::new(),
        };
        for block in &section.blocks {
            case.add(block)?;
        }
        if case.expectations.is_empty() { Err(CaseError::NoExpectation) } else { Ok(case) }
    }

    fn add(&mut self, block: &Block) -> Result<(), CaseError> {
        let (kind, rest) = block.info.split_once(' ').unwrap_or((&block.info, ""));
        let rest = rest.trim();
        match (kind, rest) {
            ("rego", "v0") => {
                self.version = Version::V0;
                self.add_source("", block);
            }
            ("rego", name) => self.add_source(name, block),
            ("json", "input") => {
                parse(block)?;
                self.input = Some(block.text.clone());
            }
            ("json", "data") => self.data = parse(block)?,
            ("json", schema) if schema.split(' ').next() == Some("schema") => {
                let path = schema.split(' ').nth(1).unwrap_or_default();
                let parts = path.split('/').filter(|part| !part.is_empty());
                self.schemas.add(parts.map(str::to_owned).collect(), parse(block)?);
            }
            _ => {
                let expectation = expectation(kind, rest)
                    .ok_or_else(|| CaseError::UnknownBlock(block.info.clone()))?;
                let expected = Expected { text: block.text.clone(), range: block.range.clone() };
                self.expectations.push((expectation, expected));
            }
        }
        Ok(())
    }

    fn add_source(&mut self, name: &str, block: &Block) {
        let number = self.sources.len() + 1;
        let name = match (name, number) {
            ("", 1) => "policy.rego".to_owned(),
            ("", _) => format!("policy-{number}.rego"),
            (name, _) => name.to_owned(),
        };
        self.sources.push(Source::new(name, block.text.clone()));
    }
}

fn expectation(kind: &str, rest: &str) -> Option<Expectation> {
    let strict = kind == "strict";
    let (kind, rest) = if strict { rest.split_once(' ')? } else { (kind, rest) };
    let text = rest.trim().to_owned();
    Some(match (kind, rest) {
        ("error", "") => Expectation::Diagnostics,
        ("error", _) => Expectation::Query { query: text, fails: true, strict },
        ("result", _) => Expectation::Query { query: text, fails: false, strict },
        _ if strict => return None,
        ("decision", _) => Expectation::Decision(text),
        ("prints", _) => Expectation::Prints(text),
        ("ir", _) => Expectation::Ir(text),
        _ => return None,
    })
}

fn parse(block: &Block) -> Result<Value, CaseError> {
    json::parse(&block.text).map_err(|error| CaseError::NotJson(block.info.clone(), error))
}
