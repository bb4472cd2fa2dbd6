//! Arguments that make no sense: what exits 2 whatever the command.

use std::fmt;

/// What is wrong with the arguments, where the parser of arguments can't see it.
#[derive(Debug)]
pub struct Misuse(String);

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misuse {}

/// An error about the arguments; the text names the flag.
pub fn misuse(text: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Misuse(text.into()))
}
