//! Terms: from a term to the register that holds its value.

use palisade_rego::checked::{Body, Term, TermKind};

use super::bodies::Purpose;
use super::emit::{Done, Emitter, Next};
use super::targets::Mocked;
use crate::lower::LowerError;
use crate::program::{Collection, Reg, Stmt};

/// The error of an object comprehension with two values for one key.
const OBJECT_CONFLICT: &str = "object keys must be unique";

/// A literal with more terms is built one by one.
const LONG: usize = 100;

impl<'m, 'p> Emitter<'m, 'p> {
    /// Lowers a term; `next` follows for each of its values.
    pub(super) fn term(&mut self, term: &Term, next: Next<'_, 'm, 'p>) -> Done {
        match &term.kind {
            TermKind::Const(value) => {
                let value = self.constant(value);
                next(self, value)
            }
            TermKind::Local(id) => match self.local(*id) {
                Some(value) => next(self, value),
                None => Err(self.unbound(*id, term)),
            },
            TermKind::Array(items) if self.is_long(items.iter()) => {
                let array = self.built(Collection::Array, |e, builder| e.append(builder, items))?;
                next(self, array)
            }
            TermKind::Set(items) if self.is_long(items.iter()) => {
                let set = self.built(Collection::Set, |e, builder| e.append(builder, items))?;
                next(self, set)
            }
            TermKind::Object(entries) if self.is_long(entries.iter().flat_map(both)) => {
                let object =
                    self.built(Collection::Object, |e, builder| e.insert(builder, entries))?;
                next(self, object)
            }
            TermKind::Array(items) => self.terms(&refs(items), &mut |e, items| {
                let array = e.array(items);
                next(e, array)
            }),
            TermKind::Set(items) => self.terms(&refs(items), &mut |e, items| {
                let dst = e.reg();
                e.push(Stmt::Set { dst, items });
                next(e, dst)
            }),
            TermKind::Object(entries) => {
                let parts: Vec<&Term> = entries.iter().flat_map(both).collect();
                self.terms(&parts, &mut |e, parts| {
                    let dst = e.reg();
                    let entries = parts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
                    e.push(Stmt::Object { dst, entries });
                    next(e, dst)
                })
            }
            TermKind::Input(parts) => self.input_ref(parts, next),
            TermKind::Data(parts) => self.data_ref(parts, next),
            TermKind::Ref(base, parts) => {
                self.term(base, &mut |e, base| e.ref_steps(base, parts, next))
            }
            TermKind::Call(callee, args) => {
                let callee = Mocked::from_callee(*callee);
                self.terms(&refs(args), &mut |e, args| e.call_values(callee, args, term.span, next))
            }
            TermKind::ArrayComprehension(value, body) => {
                let value = self.comprehension(Collection::Array, value, body)?;
                next(self, value)
            }
            TermKind::SetComprehension(value, body) => {
                let value = self.comprehension(Collection::Set, value, body)?;
                next(self, value)
            }
            TermKind::ObjectComprehension(key, value, body) => {
                let value = self.object_comprehension(term, key, value, body)?;
                next(self, value)
            }
        }
    }

    /// Lowers terms front to back; `next` follows for each combination of their values.
    pub(super) fn terms(
        &mut self,
        terms: &[&Term],
        next: &mut dyn FnMut(&mut Self, Vec<Reg>) -> Done,
    ) -> Done {
        self.terms_behind(Vec::new(), terms, next)
    }

    fn terms_behind(
        &mut self,
        mut values: Vec<Reg>,
        mut terms: &[&Term],
        next: &mut dyn FnMut(&mut Self, Vec<Reg>) -> Done,
    ) -> Done {
        while let Some((first, rest)) = terms.split_first() {
            if !self.is_single(first) {
                return self.term(first, &mut |e, value| {
                    let mut values = values.clone();
                    values.push(value);
                    e.terms_behind(values, rest, next)
                });
            }
            // Lowered without nesting, so that long literals don't need a deep stack.
            values.push(self.single(first)?);
            terms = rest;
        }
        next(self, values)
    }

    /// Lowers a term that has at most one value.
    pub(super) fn single(&mut self, term: &Term) -> Result<Reg, LowerError> {
        let mut result = None;
        self.term(term, &mut |_, value| {
            result = Some(value);
            Ok(())
        })?;
        result.ok_or_else(|| self.unbound_at(String::new(), term.span))
    }

    /// Whether a term has at most one value and binds nothing: it is lowered without a loop around what follows.
    pub(super) fn is_single(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Const(_)
            | TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => true,
            TermKind::Local(id) => self.local(*id).is_some(),
            TermKind::Array(items) | TermKind::Set(items) => self.are_single(items),
            TermKind::Object(entries) => {
                entries.iter().all(|(key, value)| self.is_single(key) && self.is_single(value))
            }
            TermKind::Input(parts) | TermKind::Data(parts) => self.are_single(parts),
            TermKind::Ref(base, parts) => self.is_single(base) && self.are_single(parts),
            TermKind::Call(callee, args) => {
                !self.is_relation(Mocked::from_callee(*callee)) && self.are_single(args)
            }
        }
    }

    fn are_single(&self, terms: &[Term]) -> bool {
        terms.iter().all(|term| self.is_single(term))
    }

    /// Whether the members of a collection are too many to keep the values of all until it is made.
    fn is_long<'t>(&self, mut terms: impl Iterator<Item = &'t Term> + Clone) -> bool {
        terms.clone().nth(LONG).is_some() && terms.all(|term| self.is_single(term))
    }

    /// A collection that is built one by one.
    fn built(
        &mut self,
        kind: Collection,
        fill: impl FnOnce(&mut Self, Reg) -> Done,
    ) -> Result<Reg, LowerError> {
        let builder = self.start(kind);
        fill(self, builder)?;
        Ok(self.close(builder, None))
    }

    fn append(&mut self, builder: Reg, items: &[Term]) -> Done {
        items.iter().try_for_each(|item| {
            let value = self.single(item)?;
            self.push(Stmt::Append { builder, value });
            Ok(())
        })
    }

    fn insert(&mut self, builder: Reg, entries: &[(Term, Term)]) -> Done {
        entries.iter().try_for_each(|(key, value)| {
            let (key, value) = (self.single(key)?, self.single(value)?);
            self.push(Stmt::Insert { builder, key, value });
            Ok(())
        })
    }

    fn comprehension(
        &mut self,
        kind: Collection,
        value: &Term,
        body: &Body,
    ) -> Result<Reg, LowerError> {
        let builder = self.start(kind);
        let purpose = match kind {
            Collection::Array => Purpose::each(),
            Collection::Set | Collection::Object => Purpose::values([value]),
        };
        self.closed(|e| {
            e.block(|e| {
                e.body(body, purpose, &mut |e| {
                    e.term(value, &mut |e, value| {
                        e.push(Stmt::Append { builder, value });
                        Ok(())
                    })
                })
            })
        })?;
        Ok(self.close(builder, None))
    }

    fn object_comprehension(
        &mut self,
        term: &Term,
        key: &Term,
        value: &Term,
        body: &Body,
    ) -> Result<Reg, LowerError> {
        let builder = self.start(Collection::Object);
        self.closed(|e| {
            e.block(|e| {
                e.body(body, Purpose::values([key, value]), &mut |e| {
                    e.terms(&[key, value], &mut |e, entry| {
                        e.push(Stmt::Insert { builder, key: entry[0], value: entry[1] });
                        Ok(())
                    })
                })
            })
        })?;
        let conflict = self.module.conflict(OBJECT_CONFLICT, term.span);
        Ok(self.close(builder, Some(conflict)))
    }
}

fn both((key, value): &(Term, Term)) -> [&Term; 2] {
    [key, value]
}

/// The terms by reference.
pub(super) fn refs(terms: &[Term]) -> Vec<&Term> {
    terms.iter().collect()
}
