//! From what is written to OPA's shape: rules.

use super::build::{Builder, always, location, term, word};
use super::order::is_ground;
use super::{Expr, Head, Location, Part, Rule, Term, Terms, Value};
use crate::syntax::ast::{self, Assign};

impl Builder<'_> {
    /// A rule and what its further bodies make.
    pub(super) fn rule(&mut self, rule: &ast::Rule) -> Vec<Rule> {
        let mut head = self.plain_head(&rule.head);
        if rule.is_default {
            generate_value(&mut head);
            let here = word(rule.span, "default");
            return vec![whole(here, true, head, always(here))];
        }
        let Some(body) = &rule.body else {
            return vec![self.bodiless(rule, head)];
        };
        read_key(&mut head, &rule.head);
        let body = self.body(body);
        let copy = head.clone();
        let mut first = whole(location(rule.span), false, head, body);
        if let Some(body) = rule.more_bodies.first() {
            first.location.end = self.end_before(body.span.start);
        }
        first.otherwise = self.otherwise(&copy, &rule.elses, rule.span.end);
        let mut rules = vec![first];
        for body in &rule.more_bodies {
            let here = location(body.span);
            let mut head = copy.clone();
            let exprs = self.body(body);
            self.renew_wildcards(&mut head);
            relocate_head(&mut head, here);
            rules.push(whole(here, false, head, exprs));
        }
        rules
    }

    /// Where the text before `start` ends, space left out.
    fn end_before(&self, start: u32) -> u32 {
        let text = self.text.get(..start as usize).unwrap_or_default();
        text.trim_end().len() as u32
    }

    /// The head as far as it does not depend on what follows it.
    fn plain_head(&mut self, head: &ast::Head) -> Head {
        let mut reference = self.terms(&head.path);
        if let Some(name) = reference.first_mut()
            && let Value::String { text, .. } = &name.value
        {
            name.value = Value::Var(text.clone());
        }
        let args = self.terms(head.args.as_deref().unwrap_or_default());
        let key = head.contains.as_ref().map(|it| self.term(it));
        let value = head.value.as_ref().map(|it| self.term(it));
        let name = reference.first().filter(|_| reference.len() == 1).and_then(var_name);
        Head {
            location: location(head.span),
            name,
            reference,
            args,
            key,
            value,
            assign: head.assign == Some(Assign::Declare),
        }
    }

    /// A rule without body. All but `p contains x` have been read as an expression by OPA, which shows in places.
    fn bodiless(&mut self, rule: &ast::Rule, mut head: Head) -> Rule {
        let here = location(rule.span);
        if let Some(value) = &head.value {
            let at = value.location.unwrap_or(here);
            if let [name, key] = head.reference.as_slice()
                && head.args.is_empty()
            {
                head.name = var_name(name);
                head.key = Some(key.clone());
            }
            head.location = here;
            return whole(here, false, head, always(at));
        }
        if head.key.is_some() {
            let is_written = !rule.head.is_bracket_set;
            let name = head.reference.first().and_then(var_name).unwrap_or_default();
            let at = if is_written { word(rule.span, &name) } else { here };
            return whole(head.location, false, head, always(at));
        }
        let mut at = here;
        if !head.args.is_empty() {
            let open = rule.head.path.last().map_or(here.start, |it| it.span.end);
            let rest = self.text.get(open as usize..).unwrap_or_default();
            at.end = open + rest.find('(').unwrap_or_default() as u32;
        }
        head.location = at;
        head.value = Some(term(at, Value::Boolean(true)));
        whole(at, false, head, always(at))
    }

    /// The branches behind a rule, each inside the one before.
    fn otherwise(&mut self, head: &Head, elses: &[ast::Else], end: u32) -> Option<Box<Rule>> {
        let (first, rest) = elses.split_first()?;
        let here = Location { end, ..location(first.span) };
        let mut head_here = head.clone();
        self.renew_wildcards(&mut head_here);
        head_here.location = word(first.span, "else");
        match &first.value {
            Some(value) => {
                head_here.location.end = value.span.end;
                head_here.assign = first.assign == Some(Assign::Declare);
                head_here.value = Some(self.term(value));
            }
            None => head_here.value = Some(Term { location: None, value: Value::Boolean(true) }),
        }
        let body = match &first.body {
            None => always(here),
            Some(body) => {
                let is_braced = self.has_at(body.span.start, '{');
                let mut exprs = self.body(body);
                if !is_braced {
                    exprs.iter_mut().for_each(|it| relocate_expr(it, here));
                }
                exprs
            }
        };
        let mut rule = whole(here, false, head_here, body);
        rule.otherwise = self.otherwise(head, rest, end);
        Some(Box::new(rule))
    }

    fn renew_wildcards(&mut self, head: &mut Head) {
        for arg in &mut head.args {
            if matches!(&arg.value, Value::Var(name) if name.starts_with('$')) {
                arg.value = self.var("_");
            }
        }
    }
}

fn whole(location: Location, is_default: bool, head: Head, body: Vec<Expr>) -> Rule {
    Rule { location, is_default, head, body, otherwise: None }
}

fn var_name(term: &Term) -> Option<String> {
    match &term.value {
        Value::Var(name) => Some(name.clone()),
        _ => None,
    }
}

/// Gives a head without value the value `true`, except where it may be a set's.
fn generate_value(head: &mut Head) {
    if head.value.is_none()
        && head.key.is_none()
        && (head.reference.len() != 2 || !head.args.is_empty())
    {
        head.value = Some(Term { location: None, value: Value::Boolean(true) });
    }
}

/// Decides what the last part of a head with body is: `p[x] if` has a key, `p[x] { … }` a member.
fn read_key(head: &mut Head, written: &ast::Head) {
    generate_value(head);
    let is_member = head.key.is_some();
    let [name, last] = head.reference.as_slice() else {
        return;
    };
    if is_member || (!written.has_if && !head.args.is_empty()) {
        return;
    }
    let name = var_name(name);
    if written.has_if {
        let is_open = !is_ground(last) || matches!(last.value, Value::Ref(_));
        if is_open && head.args.is_empty() {
            head.key = Some(last.clone());
        }
        match head.value {
            None => head.value = Some(term(head.location, Value::Boolean(true))),
            Some(_) => head.name = name,
        }
    } else {
        head.key = Some(last.clone());
        head.name = name;
    }
}

/// Puts a head to the body that it is written without. The path stays where it is.
fn relocate_head(head: &mut Head, here: Location) {
    head.location = here;
    let terms = head.args.iter_mut().chain(&mut head.key).chain(&mut head.value);
    terms.for_each(|it| relocate(it, here));
}

fn relocate_expr(expr: &mut Expr, here: Location) {
    expr.location = here;
    match &mut expr.terms {
        Terms::Term(it) => relocate(it, here),
        Terms::Call(terms) => terms.iter_mut().for_each(|it| relocate(it, here)),
        Terms::Some { location, symbols } => {
            *location = here;
            symbols.iter_mut().for_each(|it| relocate(it, here));
        }
        Terms::Every(every) => {
            every.location = here;
            every.key.iter_mut().for_each(|it| relocate(it, here));
            relocate(&mut every.value, here);
            relocate(&mut every.domain, here);
            every.body.iter_mut().for_each(|it| relocate_expr(it, here));
        }
        Terms::Not { body, .. } => body.iter_mut().for_each(|it| relocate_expr(it, here)),
        Terms::Logical(it) => {
            let exprs = it.lhs.body.iter_mut().chain(&mut it.rhs.body);
            exprs.for_each(|it| relocate_expr(it, here));
        }
    }
    for with in &mut expr.with {
        with.location = here;
        relocate(&mut with.target, here);
        relocate(&mut with.value, here);
    }
}

/// Puts a term and all inside it to one place.
fn relocate(term: &mut Term, here: Location) {
    term.location = Some(here);
    match &mut term.value {
        Value::Null
        | Value::Boolean(_)
        | Value::Number(_)
        | Value::String { .. }
        | Value::Var(_) => {}
        Value::Template { parts, .. } => parts.iter_mut().for_each(|part| match part {
            Part::Text(it) | Part::Scalar(it) => relocate(it, here),
            Part::Expr(it) => relocate_expr(it, here),
        }),
        Value::Ref(terms) | Value::Array(terms) | Value::Set(terms) | Value::Call(terms) => {
            terms.iter_mut().for_each(|it| relocate(it, here));
        }
        Value::Object(pairs) => pairs.iter_mut().for_each(|(key, value)| {
            relocate(key, here);
            relocate(value, here);
        }),
        Value::ArrayComprehension(head, body) | Value::SetComprehension(head, body) => {
            relocate(head, here);
            body.iter_mut().for_each(|it| relocate_expr(it, here));
        }
        Value::ObjectComprehension(key, value, body) => {
            relocate(key, here);
            relocate(value, here);
            body.iter_mut().for_each(|it| relocate_expr(it, here));
        }
    }
}
