//! Documents with general heads (`p[a].b[c] := v`, `p[a] contains v`), where several rules give parts of one object.
//!
//! Every part is noted in one flat object under its whole path as an array; sets are noted as pairs of path and
//! member. Objects and sets are sorted, so parts with a common front stand together, and one scan over the flat
//! object builds the nested one: it holds one open builder a level, and closes those whose key changes.

use palisade_diag::Span;
use palisade_rego::checked::{Node, Rule, RuleKind, Term};
use palisade_value::Value;

use super::documents::{OBJECT_CONFLICT, is_complete};
use super::emit::{Done, Emitter};
use super::module::Key;
use super::parts::goals;
use crate::lower::LowerError;
use crate::program::{Collection, ErrorInfo, Reg, Stmt};

/// What gives parts of the document.
enum Part<'p> {
    /// A complete document at a path below.
    Document(Vec<Value>),
    /// A rule, its head starting with these keys.
    Rule(Vec<Value>, &'p Rule),
}

/// One level of the object being built.
struct Level {
    /// Its builder; open while `key` has a value (the outermost one always is).
    builder: Reg,
    /// The key in the level above.
    key: Reg,
    /// The key of the last value that was put into it whole: nothing may be put below that.
    last: Reg,
}

/// The shape of the document.
struct Shape {
    /// The lengths of the paths, shortest first.
    lengths: Vec<usize>,
    /// Whether some parts are values and some are members of sets. Then parts are tagged, so that a value and a set in
    /// one place are a conflict even if they are equal.
    is_mixed: bool,
    /// The error of a conflict.
    conflict: Option<ErrorInfo>,
}

/// The tags of values and sets.
const VALUE: Value = Value::Integer(0);
const SET: Value = Value::Integer(1);

impl<'m, 'p> Emitter<'m, 'p> {
    /// The body of the function of a document with general heads.
    pub(super) fn nested_document(&mut self, node: &'p Node, path: &[Value], keys: &[Reg]) -> Done {
        let mut parts = Vec::new();
        self.parts(node, &mut Vec::new(), &mut parts);
        let span = self.module.rules_at(node).first().map(|rule| rule.span);
        let conflict = span.map(|span: Span| self.module.conflict(OBJECT_CONFLICT, span));
        let members = parts.iter().filter(|part| part.is_member()).count();
        let is_mixed = members > 0 && members < parts.len();
        let shape = Shape { lengths: lengths(&parts), is_mixed, conflict };

        let values = self.start(Collection::Object);
        let members = self.start(Collection::Set);
        for part in &parts {
            match part {
                Part::Document(below) => {
                    self.under(below, keys, |e, _| e.document_part(path, below, values, &shape))?
                }
                Part::Rule(front, rule) => self.under(front, keys, |e, keys| {
                    e.rule_part(front, rule, keys, values, members, &shape)
                })?,
            }
        }
        let members = self.close(members, None);
        self.gather_sets(members, values, &shape)?;
        let flat = self.close(values, shape.conflict.clone());
        let src = self.build(flat, &shape)?;
        self.push(Stmt::Return { src });
        Ok(())
    }

    fn parts(&self, node: &'p Node, below: &mut Vec<Value>, parts: &mut Vec<Part<'p>>) {
        let rules = self.module.rules_at(node);
        if rules.iter().any(|rule| is_complete(rule)) {
            parts.push(Part::Document(below.clone()));
        }
        for rule in rules.into_iter().filter(|rule| !is_complete(rule)) {
            parts.push(Part::Rule(below.clone(), rule));
        }
        for (key, child) in &node.children {
            below.push(key.clone());
            self.parts(child, below, parts);
            below.pop();
        }
    }

    fn document_part(
        &mut self,
        path: &[Value],
        below: &[Value],
        values: Reg,
        shape: &Shape,
    ) -> Done {
        if below.is_empty() {
            return Ok(());
        }
        let value = self.call_key(Key::Document([path, below].concat()), Vec::new());
        let value = self.tagged(value, &VALUE, shape);
        let key = self.constant(&Value::Array(below.into()));
        self.push(Stmt::Insert { builder: values, key, value });
        Ok(())
    }

    fn rule_part(
        &mut self,
        front: &[Value],
        rule: &'p Rule,
        keys: &[Reg],
        values: Reg,
        members: Reg,
        shape: &Shape,
    ) -> Done {
        self.rule(rule, &goals(rule, keys), false, &mut |e, clause, then| {
            let (is_member, value) = match &rule.kind {
                RuleKind::Contains(member) => (true, member),
                RuleKind::Value | RuleKind::Function(_) => (false, &clause.value),
            };
            let parts: Vec<&Term> = rule.suffix.iter().chain([value]).collect();
            e.terms(&parts, &mut |e, mut parts| {
                e.only_under(keys, rule, &parts);
                let value = parts.pop().unwrap_or(Reg(0));
                let mut keys: Vec<Reg> = front.iter().map(|key| e.constant(key)).collect();
                keys.append(&mut parts);
                let key = e.array(keys);
                if is_member {
                    let value = e.array(vec![key, value]);
                    e.push(Stmt::Append { builder: members, value });
                } else {
                    let value = e.tagged(value, &VALUE, shape);
                    e.push(Stmt::Insert { builder: values, key, value });
                }
                then(e, None)
            })
        })
    }

    /// Puts the members of each set together and notes the sets among the values.
    fn gather_sets(&mut self, pairs: Reg, values: Reg, shape: &Shape) -> Done {
        let (path, set) = (self.cleared(), self.reg());
        self.scan(pairs, |e, _, pair| {
            let at = e.get_const(pair, &Value::Integer(0));
            let member = e.get_const(pair, &Value::Integer(1));
            e.block(|e| {
                e.unless_equal(path, at)?;
                e.end_set(path, set, values, shape)?;
                e.push(Stmt::Start { dst: set, kind: Collection::Set });
                e.push(Stmt::Move { dst: path, src: at });
                Ok(())
            })?;
            e.push(Stmt::Append { builder: set, value: member });
            Ok(())
        })?;
        self.end_set(path, set, values, shape)
    }

    fn end_set(&mut self, path: Reg, set: Reg, values: Reg, shape: &Shape) -> Done {
        self.block(|e| {
            e.push(Stmt::Defined { src: path });
            let value = e.close(set, None);
            let value = e.tagged(value, &SET, shape);
            e.push(Stmt::Insert { builder: values, key: path, value });
            Ok(())
        })
    }

    /// Fails if the first register has a value equal to the second.
    fn unless_equal(&mut self, a: Reg, b: Reg) -> Done {
        let (body, ()) = self.nested(|e| {
            e.push(Stmt::Defined { src: a });
            e.equal(a, b);
            Ok(())
        })?;
        self.push(Stmt::Not { body });
        Ok(())
    }

    fn tagged(&mut self, value: Reg, tag: &Value, shape: &Shape) -> Reg {
        if !shape.is_mixed {
            return value;
        }
        let tag = self.constant(tag);
        self.array(vec![tag, value])
    }

    /// Builds the nested object of a flat one.
    fn build(&mut self, flat: Reg, shape: &Shape) -> Result<Reg, LowerError> {
        let depth = shape.lengths.last().copied().unwrap_or(1);
        let level = |e: &mut Self| Level { builder: e.reg(), key: e.cleared(), last: e.cleared() };
        let levels: Vec<Level> = (0..depth).map(|_| level(self)).collect();
        let root = levels.first().map_or(Reg(0), |level| level.builder);
        self.push(Stmt::Start { dst: root, kind: Collection::Object });
        self.scan(flat, |e, path, value| {
            let value = if shape.is_mixed { e.get_const(value, &Value::Integer(1)) } else { value };
            for length in &shape.lengths {
                e.block(|e| {
                    if shape.lengths.len() > 1 {
                        e.push(Stmt::Length { src: path, length: *length as u32 });
                    }
                    e.place_part(&levels, path, *length, value, shape)
                })?;
            }
            Ok(())
        })?;
        self.end_levels(&levels, 1, shape)?;
        Ok(self.close(root, shape.conflict.clone()))
    }

    fn place_part(
        &mut self,
        levels: &[Level],
        path: Reg,
        length: usize,
        value: Reg,
        shape: &Shape,
    ) -> Done {
        let keys: Vec<Reg> =
            (0..length).map(|at| self.get_const(path, &Value::Integer(at as i64))).collect();
        for at in 1..length {
            let (level, key) = (&levels[at], keys[at - 1]);
            self.block(|e| {
                e.unless_equal(level.key, key)?;
                e.end_levels(levels, at, shape)?;
                if shape.lengths.contains(&at) {
                    e.refuse_below(levels[at - 1].last, key, shape)?;
                }
                e.push(Stmt::Start { dst: level.builder, kind: Collection::Object });
                e.push(Stmt::Move { dst: level.key, src: key });
                Ok(())
            })?;
        }
        self.end_levels(levels, length, shape)?;
        let (level, key) = (&levels[length - 1], keys[length - 1]);
        self.push(Stmt::Insert { builder: level.builder, key, value });
        if shape.lengths.len() > 1 {
            self.push(Stmt::Move { dst: level.last, src: key });
        }
        Ok(())
    }

    /// Raises a conflict if a value stands where an object is to be opened. Paths are sorted: that value came last.
    fn refuse_below(&mut self, last: Reg, key: Reg, shape: &Shape) -> Done {
        let Some(error) = shape.conflict.clone() else { return Ok(()) };
        self.block(|e| {
            e.push(Stmt::Defined { src: last });
            e.equal(last, key);
            e.push(Stmt::Raise { error });
            Ok(())
        })
    }

    /// Closes the open levels from the innermost one up to `first`.
    fn end_levels(&mut self, levels: &[Level], first: usize, shape: &Shape) -> Done {
        for at in (first..levels.len()).rev() {
            self.block(|e| {
                e.push(Stmt::Defined { src: levels[at].key });
                e.block(|e| {
                    let value = e.close(levels[at].builder, shape.conflict.clone());
                    e.push(Stmt::Insert {
                        builder: levels[at - 1].builder,
                        key: levels[at].key,
                        value,
                    });
                    Ok(())
                })?;
                e.push(Stmt::Clear { dst: levels[at].key });
                e.push(Stmt::Clear { dst: levels[at].last });
                Ok(())
            })?;
        }
        Ok(())
    }
}

impl Part<'_> {
    fn is_member(&self) -> bool {
        matches!(self, Part::Rule(_, Rule { kind: RuleKind::Contains(_), .. }))
    }
}

/// The lengths of the parts' paths, shortest first.
fn lengths(parts: &[Part]) -> Vec<usize> {
    let mut lengths: Vec<usize> = parts
        .iter()
        .map(|part| match part {
            Part::Document(below) => below.len(),
            Part::Rule(front, rule) => front.len() + rule.suffix.len(),
        })
        .filter(|length| *length > 0)
        .collect();
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}
