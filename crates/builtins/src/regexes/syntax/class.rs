//! Classes in brackets.

use super::{SyntaxError, Translator};

/// The names that may stand in `[:name:]`.
const NAMES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

impl Translator<'_> {
    /// What follows `[`. A bracket that comes first is a member, and so is an opening one anywhere.
    pub(super) fn class(&mut self) -> Result<(), SyntaxError> {
        let tail = self.rest.len() + 1;
        self.out.push('[');
        if self.eat("^") {
            self.out.push('^');
        }
        let mut is_first = true;
        while is_first || !self.eat("]") {
            if self.rest.is_empty() {
                return Err(SyntaxError::in_tail("missing closing ]", tail));
            }
            is_first = false;
            if !self.named_class()? && !self.escaped_class()? {
                self.range()?;
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// `[:alpha:]` or `[:^alpha:]`
    fn named_class(&mut self) -> Result<bool, SyntaxError> {
        let Some((name, rest)) = self.rest.strip_prefix("[:").and_then(|it| it.split_once(":]"))
        else {
            return Ok(false);
        };
        if !NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return Err(SyntaxError::new("invalid character class range"));
        }
        let named = ["[:", name, ":]"].concat();
        self.out.push_str(&named);
        self.rest = rest;
        Ok(true)
    }

    /// `\d`, `\pL` and the like within brackets.
    fn escaped_class(&mut self) -> Result<bool, SyntaxError> {
        let before = self.rest;
        if !self.eat("\\") {
            return Ok(false);
        }
        if let Some((items, negated)) = self.short_class() {
            let class = if negated { ["[^", items, "]"].concat() } else { items.to_owned() };
            self.out.push_str(&class);
            return Ok(true);
        }
        if let Some(class) = self.unicode_class()? {
            self.out.push_str(&class);
            return Ok(true);
        }
        self.rest = before;
        Ok(false)
    }

    /// One character, or two with a hyphen between them.
    fn range(&mut self) -> Result<(), SyntaxError> {
        let low = self.member()?;
        self.literal(low);
        if self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1 {
            self.eat("-");
            let high = self.member()?;
            if high < low {
                return Err(SyntaxError::new("invalid character class range"));
            }
            self.out.push('-');
            self.literal(high);
        }
        Ok(())
    }

    fn member(&mut self) -> Result<char, SyntaxError> {
        match self.next() {
            Some('\\') => self.character(),
            Some(it) => Ok(it),
            None => Err(SyntaxError::new("missing closing ]")),
        }
    }
}
