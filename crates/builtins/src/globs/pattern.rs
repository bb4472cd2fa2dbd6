//! Glob patterns: `*`, `**`, `?`, `[abc]`, `[a-z]`, `[!a-z]`, `{one,two}`, `\x`.
//!
//! A pattern compiles to a small program whose states are followed all at once, so that matching takes time
//! proportional to pattern and text, whatever they are.

use crate::failure::Failure;

/// How deep alternatives may nest.
const NESTING_MAX: usize = 100;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    program: Vec<Step>,
    delimiters: String,
}

/// One step of a program. Unless it says otherwise, the next step follows.
#[derive(Debug)]
enum Step {
    /// This character.
    Literal(char),
    /// Any character that is no delimiter.
    Single,
    /// Any character.
    Any,
    /// A character in this range, or one outside of it.
    Range { low: char, high: char, negated: bool },
    /// One of these characters, or any other.
    List { members: String, negated: bool },
    /// Goes on at both places.
    Fork(usize, usize),
    /// Goes on there.
    Jump(usize),
}

impl Step {
    fn takes(&self, it: char, delimiters: &str) -> bool {
        match self {
            Step::Literal(expected) => it == *expected,
            Step::Single => !delimiters.contains(it),
            Step::Any => true,
            Step::Range { low, high, negated } => (*low..=*high).contains(&it) != *negated,
            Step::List { members, negated } => members.contains(it) != *negated,
            Step::Fork(..) | Step::Jump(_) => false,
        }
    }
}

impl Pattern {
    /// Compiles a pattern.
    pub(super) fn new(source: &str, delimiters: &str) -> Result<Pattern, Failure> {
        let mut compiler = Compiler { rest: source, program: Vec::new(), depth: 0 };
        compiler.sequence()?;
        Ok(Pattern { program: compiler.program, delimiters: delimiters.to_owned() })
    }

    /// Whether the whole text matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut states = States::new(self.program.len() + 1);
        let mut next = States::new(self.program.len() + 1);
        states.enter(0, &self.program);
        for it in text.chars() {
            for at in &states.entered {
                if self.program.get(*at).is_some_and(|step| step.takes(it, &self.delimiters)) {
                    next.enter(at + 1, &self.program);
                }
            }
            if next.entered.is_empty() {
                return false;
            }
            std::mem::swap(&mut states, &mut next);
            next.clear();
        }
        states.contains(self.program.len())
    }
}

/// The steps at which a match may stand; the one behind the last means that it is complete.
struct States {
    entered: Vec<usize>,
    is_entered: Vec<bool>,
}

impl States {
    fn new(n_steps: usize) -> States {
        States { entered: Vec::new(), is_entered: vec![false; n_steps] }
    }

    fn contains(&self, at: usize) -> bool {
        self.is_entered.get(at).copied().unwrap_or(false)
    }

    fn clear(&mut self) {
        for at in self.entered.drain(..) {
            if let Some(it) = self.is_entered.get_mut(at) {
                *it = false;
            }
        }
    }

    /// Adds a step and all that can be reached from it without taking a character.
    fn enter(&mut self, at: usize, program: &[Step]) {
        let mut pending = vec![at];
        while let Some(at) = pending.pop() {
            match self.is_entered.get_mut(at) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            self.entered.push(at);
            match program.get(at) {
                Some(Step::Fork(one, other)) => pending.extend([*one, *other]),
                Some(Step::Jump(to)) => pending.push(*to),
                _ => {}
            }
        }
    }
}

struct Compiler<'a> {
    rest: &'a str,
    program: Vec<Step>,
    depth: usize,
}

impl Compiler<'_> {
    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let it = characters.next()?;
        self.rest = characters.as_str();
        Some(it)
    }

    fn eat(&mut self, it: char) -> bool {
        let found = self.rest.starts_with(it);
        if found {
            self.next();
        }
        found
    }

    /// Up to the end, or to what ends an alternative.
    fn sequence(&mut self) -> Result<(), Failure> {
        while !(self.rest.is_empty() || self.depth > 0 && self.rest.starts_with([',', '}'])) {
            match self.next() {
                Some('*') if self.eat('*') => self.repeat(Step::Any),
                Some('*') => self.repeat(Step::Single),
                Some('?') => self.program.push(Step::Single),
                Some('[') => self.class()?,
                Some('{') => self.alternatives()?,
                Some('\\') => {
                    let escaped = self.next().map(Step::Literal);
                    self.program.extend(escaped);
                }
                Some(it) => self.program.push(Step::Literal(it)),
                None => {}
            }
        }
        Ok(())
    }

    fn repeat(&mut self, step: Step) {
        let at = self.program.len();
        self.program.extend([Step::Fork(at + 1, at + 3), step, Step::Jump(at)]);
    }

    fn alternatives(&mut self) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(Failure::error("pattern is nested too deeply"));
        }
        let mut ends = Vec::new();
        loop {
            let fork = self.program.len();
            self.program.push(Step::Jump(fork + 1));
            self.sequence()?;
            // The end of the pattern closes what is still open.
            if self.next() != Some(',') {
                break;
            }
            ends.push(self.program.len());
            self.program.push(Step::Jump(0));
            let behind = self.program.len();
            self.patch(fork, Step::Fork(fork + 1, behind));
        }
        let end = self.program.len();
        ends.into_iter().for_each(|at| self.patch(at, Step::Jump(end)));
        self.depth -= 1;
        Ok(())
    }

    fn patch(&mut self, at: usize, step: Step) {
        if let Some(it) = self.program.get_mut(at) {
            *it = step;
        }
    }

    /// Either one range or a list of characters, not both.
    fn class(&mut self) -> Result<(), Failure> {
        let error = Failure::error("could not parse range");
        let negated = self.eat('!');
        let mut characters = self.rest.chars();
        if let (Some(low), Some('-')) = (characters.next(), characters.next()) {
            self.rest = characters.as_str();
            let high = self.next().ok_or(error.clone())?;
            if !self.eat(']') || high < low {
                return Err(error);
            }
            self.program.push(Step::Range { low, high, negated });
            return Ok(());
        }
        let mut members = String::new();
        loop {
            match self.next().ok_or(error.clone())? {
                ']' => break,
                '\\' => members.extend(self.next()),
                it => members.push(it),
            }
        }
        if members.is_empty() {
            return Err(error);
        }
        self.program.push(Step::List { members, negated });
        Ok(())
    }
}
