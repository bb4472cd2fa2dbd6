//! Which words are keywords: some always, some since Rego v1, some by import.

use super::ast::Version;

/// A keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    As,
    Default,
    Else,
    False,
    Import,
    Not,
    Null,
    Package,
    Some,
    True,
    With,
    Contains,
    Every,
    If,
    In,
    And,
    Or,
}

/// The words whose meaning depends on version and imports: which of them are keywords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keywords {
    /// `contains` in rule heads.
    pub contains: bool,
    /// `every`
    pub every: bool,
    /// `if` in rule heads.
    pub if_: bool,
    /// The operator `in`.
    pub in_: bool,
    /// Improved negation: everything under `not` belongs to it. Without, `not` is a keyword all the same.
    pub not: bool,
    /// Experimental: `and` between expressions.
    pub and: bool,
    /// Experimental: `or` between expressions.
    pub or: bool,
}

impl Keywords {
    /// What a version has from the start.
    pub fn of(version: Version) -> Keywords {
        match version {
            Version::V0 => Keywords::default(),
            Version::V1 => Keywords {
                contains: true,
                every: true,
                if_: true,
                in_: true,
                ..Keywords::default()
            },
        }
    }

    /// Those of both.
    pub fn with(self, other: Keywords) -> Keywords {
        Keywords {
            contains: self.contains || other.contains,
            every: self.every || other.every,
            if_: self.if_ || other.if_,
            in_: self.in_ || other.in_ || other.every,
            not: self.not || other.not,
            and: self.and || other.and,
            or: self.or || other.or,
        }
    }

    /// The one keyword that `future.keywords.<name>` imports.
    pub fn named(name: &str) -> Option<Keywords> {
        let none = Keywords::default();
        Some(match name {
            "contains" => Keywords { contains: true, ..none },
            // `every x in xs` needs the `in`.
            "every" => Keywords { every: true, in_: true, ..none },
            "if" => Keywords { if_: true, ..none },
            "in" => Keywords { in_: true, ..none },
            "not" => Keywords { not: true, ..none },
            "and" => Keywords { and: true, ..none },
            "or" => Keywords { or: true, ..none },
            _ => return None,
        })
    }

    /// Whether what `future.keywords.<name>` imports is among these. Of `every` not the `in` that comes with it.
    pub(super) fn includes(&self, name: &str) -> bool {
        match name {
            "contains" => self.contains,
            "every" => self.every,
            "if" => self.if_,
            "in" => self.in_,
            "not" => self.not,
            "and" => self.and,
            "or" => self.or,
            _ => false,
        }
    }

    /// Whether a word is a keyword now.
    pub fn has(&self, word: &str) -> bool {
        self.find(word).is_some()
    }

    /// The keyword that a word is, if it is one now.
    pub(super) fn find(&self, word: &str) -> Option<Keyword> {
        let (keyword, is_active) = match word {
            "as" => (Keyword::As, true),
            "default" => (Keyword::Default, true),
            "else" => (Keyword::Else, true),
            "false" => (Keyword::False, true),
            "import" => (Keyword::Import, true),
            "not" => (Keyword::Not, true),
            "null" => (Keyword::Null, true),
            "package" => (Keyword::Package, true),
            "some" => (Keyword::Some, true),
            "true" => (Keyword::True, true),
            "with" => (Keyword::With, true),
            "contains" => (Keyword::Contains, self.contains),
            "every" => (Keyword::Every, self.every),
            "if" => (Keyword::If, self.if_),
            "in" => (Keyword::In, self.in_),
            "and" => (Keyword::And, self.and),
            "or" => (Keyword::Or, self.or),
            _ => return None,
        };
        is_active.then_some(keyword)
    }
}
