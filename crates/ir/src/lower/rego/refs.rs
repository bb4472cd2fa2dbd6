//! References into values: `input`, and the parts of any other term.

use palisade_rego::checked::{Term, TermKind};
use palisade_value::Value;

use super::emit::{Done, Emitter, Next};
use crate::program::{Reg, Stmt};

impl<'m, 'p> Emitter<'m, 'p> {
    /// `input`, or something in it.
    pub(super) fn input_ref(&mut self, parts: &[Term], next: Next<'_, 'm, 'p>) -> Done {
        let path: Vec<String> = parts.iter().map_while(constant_key).map(str::to_owned).collect();
        let rest = &parts[path.len()..];
        let dst = self.reg();
        self.push(Stmt::Input { dst, path });
        self.ref_steps(dst, rest, next)
    }

    /// What stands under these keys of a value: one solution for each key that an unbound part stands for.
    pub(super) fn ref_steps(&mut self, value: Reg, parts: &[Term], next: Next<'_, 'm, 'p>) -> Done {
        let Some((part, rest)) = parts.split_first() else { return next(self, value) };
        if self.is_open(part) {
            return self.scan(value, |e, key, value| {
                e.match_term(key, part, &mut |e| e.ref_steps(value, rest, next))
            });
        }
        self.term(part, &mut |e, key| {
            let value = e.get(value, key);
            e.ref_steps(value, rest, next)
        })
    }
}

/// The string that a part of a reference is, if it is one.
pub(super) fn constant_key(part: &Term) -> Option<&str> {
    match &part.kind {
        TermKind::Const(Value::String(key)) => Some(key),
        _ => None,
    }
}
