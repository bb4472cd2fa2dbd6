//! The variables of one rule and which name means which of them where.

use std::collections::{BTreeMap, BTreeSet};

use palisade_diag::{Diagnostic, Span};

use crate::checked::{Local, LocalId};
use crate::semantic::errors;

/// How a name came into a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is simply used.
    Used,
    /// By `some`.
    Some,
    /// By `some … in`.
    Iterated,
    /// By `every`.
    Every,
    /// By `:=`.
    Assigned,
    /// It is a parameter.
    Parameter,
}

#[derive(Debug)]
struct Name {
    local: LocalId,
    origin: Origin,
    span: Span,
    is_read: bool,
}

/// The names of one body.
#[derive(Debug, Default)]
pub struct Frame {
    depth: u32,
    /// The depth of the variables that first stand here: less in a negation, whose variables come from outside.
    depth_of_new: u32,
    names: BTreeMap<String, Name>,
    /// The names that the body declares somewhere. Until then they mean what they mean outside.
    declared_later: BTreeSet<String>,
}

/// The variables of a rule and the frames that are open.
#[derive(Debug, Default)]
pub struct Scopes {
    /// The variables.
    pub locals: Vec<Local>,
    /// For each variable how many closures are around its body.
    pub depths: Vec<u32>,
    frames: Vec<Frame>,
}

/// What a name means among variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// This variable.
    Local(LocalId),
    /// No variable yet, but the body declares it later on, so it means no document either.
    Pending,
    /// Nothing.
    Unknown,
}

impl Scopes {
    /// A new variable in the innermost body.
    pub fn fresh(&mut self, name: &str, span: Span) -> LocalId {
        let depth = self.frames.last().map_or(0, |frame| frame.depth_of_new);
        self.fresh_at(name, span, depth)
    }

    /// A new variable of a body inside so many closures.
    pub fn fresh_at(&mut self, name: &str, span: Span, depth: u32) -> LocalId {
        self.locals.push(Local { name: name.to_owned(), span });
        self.depths.push(depth);
        LocalId(self.locals.len() as u32 - 1)
    }

    /// Opens a body, as a closure or as a part of the rule itself.
    pub fn open(&mut self, closure: bool, declared_later: BTreeSet<String>) {
        let depth = self.frames.last().map_or(0, |frame| frame.depth + u32::from(closure));
        self.frames.push(Frame {
            depth,
            depth_of_new: depth,
            names: BTreeMap::new(),
            declared_later,
        });
    }

    /// Opens an ordinary `not`: a body in the tree, but without variables of its own.
    pub fn open_negation(&mut self) {
        let outer = self.depth();
        let (names, declared_later) = (BTreeMap::new(), BTreeSet::new());
        self.frames.push(Frame { depth: outer + 1, depth_of_new: outer, names, declared_later });
    }

    /// Closes a body and reports what it declares in vain. `strict` counts assignments too.
    pub fn close(&mut self, strict: bool, diagnostics: &mut Vec<Diagnostic>) {
        let Some(frame) = self.frames.pop() else { return };
        for (text, name) in &frame.names {
            if name.is_read {
                continue;
            }
            match name.origin {
                Origin::Some | Origin::Every => {
                    diagnostics.push(errors::unused_declaration(text, name.span))
                }
                Origin::Assigned if strict => {
                    diagnostics.push(errors::unused_assignment(text, name.span))
                }
                Origin::Parameter if strict => {
                    diagnostics.push(errors::unused_argument(text, name.span))
                }
                _ => {}
            }
        }
    }

    /// How many closures are around the innermost body.
    pub fn depth(&self) -> u32 {
        self.frames.last().map_or(0, |frame| frame.depth)
    }

    /// What the name means here; reading it counts as use.
    pub fn lookup(&mut self, name: &str) -> Lookup {
        for frame in self.frames.iter_mut().rev() {
            if let Some(found) = frame.names.get_mut(name) {
                found.is_read = true;
                return Lookup::Local(found.local);
            }
        }
        match self.frames.iter().any(|frame| frame.declared_later.contains(name)) {
            true => Lookup::Pending,
            false => Lookup::Unknown,
        }
    }

    /// What the name means here, without using it.
    pub fn peek(&self, name: &str) -> Lookup {
        let found = self.frames.iter().rev().find_map(|frame| frame.names.get(name));
        match found {
            Some(found) => Lookup::Local(found.local),
            None if self.frames.iter().any(|frame| frame.declared_later.contains(name)) => {
                Lookup::Pending
            }
            None => Lookup::Unknown,
        }
    }

    /// Whether the name is declared as a variable here, not just used as one.
    pub fn is_declared(&self, name: &str) -> bool {
        let found = self.frames.iter().rev().find_map(|frame| frame.names.get(name));
        found.is_some_and(|found| found.origin != Origin::Used)
    }

    /// Forgets the uses so far: that a parameter stands in the head is no use, but that one stands there twice is.
    pub fn unread_once(&mut self, repeated: &BTreeSet<String>) {
        for frame in &mut self.frames {
            frame.names.iter_mut().for_each(|(text, name)| name.is_read = repeated.contains(text));
        }
    }

    /// Forgets the uses of names that their own declaration has just made.
    pub fn unread_declared<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        let Some(frame) = self.frames.last_mut() else { return };
        for name in names {
            if let Some(found) = frame.names.get_mut(name)
                && matches!(found.origin, Origin::Assigned | Origin::Iterated)
            {
                found.is_read = false;
            }
        }
    }

    /// The variable of a name that is used without declaration, new if there is none.
    pub fn used(&mut self, name: &str, span: Span) -> LocalId {
        if let Lookup::Local(local) = self.lookup(name) {
            return local;
        }
        let local = self.fresh(name, span);
        self.insert(name, Name { local, origin: Origin::Used, span, is_read: true });
        local
    }

    /// Declares a name in the innermost body.
    pub fn declare(
        &mut self,
        name: &str,
        span: Span,
        origin: Origin,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> LocalId {
        if let Some(error) = self.clash(name, span) {
            diagnostics.push(error);
        }
        let known = self.frames.last_mut().and_then(|frame| frame.names.get_mut(name));
        if let Some(known) = known.filter(|known| known.origin == Origin::Used) {
            // One variable for both, or the one used before would be reported as unsafe as well.
            known.origin = origin;
            return known.local;
        }
        let local = self.fresh(name, span);
        self.insert(name, Name { local, origin, span, is_read: false });
        local
    }

    fn insert(&mut self, name: &str, entry: Name) {
        if let Some(frame) = self.frames.last_mut() {
            frame.declared_later.remove(name);
            frame.names.insert(name.to_owned(), entry);
        }
    }

    fn clash(&self, name: &str, span: Span) -> Option<Diagnostic> {
        let depth = self.depth();
        for frame in self.frames.iter().rev().take_while(|frame| frame.depth == depth) {
            let Some(first) = frame.names.get(name) else { continue };
            return Some(match first.origin {
                Origin::Used => errors::referenced_above(name, span, first.span),
                Origin::Some | Origin::Iterated | Origin::Every => {
                    errors::declared_above(name, span, first.span)
                }
                Origin::Assigned => errors::assigned_above(name, span, first.span),
                Origin::Parameter => errors::argument_redeclared(name, span, first.span),
            });
        }
        None
    }
}
