//! Rules: head, body, `else`, further bodies.

use super::heads::{contains_fault, default_fault, is_function, is_ground, read_as_bracket_set};
use crate::syntax::ast::{Assign, Body, Else, Expr, ExprKind, Head, Rule, TermKind};
use crate::syntax::errors;
use crate::syntax::keywords::{Keyword, Keywords};
use crate::syntax::parser::{Parsed, Parser};
use crate::syntax::token::Kind;

impl Parser<'_> {
    /// A rule with everything that belongs to it.
    pub(super) fn rule(&mut self) -> Parsed<Rule> {
        let start = self.token().start;
        if self.at_keyword(Keyword::Default) && !self.at_keyword_ref() {
            self.bump();
            return self.default_rule(start);
        }
        let mut head = self.head()?;
        let has_brackets_with_value =
            head.path.len() == 2 && head.value.is_some() && !is_function(&head);
        let has_contains = head.contains.is_some();
        head.has_if = self.at_keyword(Keyword::If) && !self.at_keyword_ref();
        read_as_bracket_set(&mut head);
        let body = if head.has_if {
            self.bump();
            Some(self.if_body()?)
        } else if self.at(Kind::OpenBrace) {
            self.fault_missing_if(&head);
            Some(self.block()?)
        } else {
            None
        };
        let mut rule = Rule {
            span: self.span_from(start),
            is_default: false,
            head,
            body,
            elses: Vec::new(),
            more_bodies: Vec::new(),
        };
        if rule.body.is_none() {
            self.check_bare(&rule.head, has_contains)?;
        } else {
            if self.at_else() {
                self.check_else(&rule.head, has_brackets_with_value);
                rule.elses = self.elses()?;
            }
            self.more_bodies(&mut rule)?;
        }
        self.fault_head(&rule.head);
        rule.span = self.span_from(start);
        Ok(rule)
    }

    fn default_rule(&mut self, start: u32) -> Parsed<Rule> {
        let head = self.head()?;
        let span = self.span_from(start);
        if let Some(fault) = default_fault(&head) {
            self.diagnostics.push(errors::invalid_default(span, &fault));
        }
        Ok(Rule {
            span,
            is_default: true,
            head,
            body: None,
            elses: Vec::new(),
            more_bodies: Vec::new(),
        })
    }

    /// What follows `if`: one expression, or a block. A lone set is a block: as a set it would always hold.
    fn if_body(&mut self) -> Parsed<Body> {
        if !self.at(Kind::OpenBrace) {
            let expr = self.literal()?;
            return Ok(Body { span: expr.span, exprs: vec![expr] });
        }
        let mark = self.mark();
        match self.trial(|p| p.literal()) {
            Ok(expr) if !is_bare_set(&expr) => Ok(Body { span: expr.span, exprs: vec![expr] }),
            _ => {
                self.reset(&mark);
                self.block()
            }
        }
    }

    fn at_else(&self) -> bool {
        self.at_keyword(Keyword::Else) && !self.at_keyword_ref()
    }

    fn check_else(&mut self, head: &Head, has_brackets_with_value: bool) {
        let here = self.span_of(self.token());
        if head.path.len() > 1 && !head.path.iter().all(is_ground) {
            let message = "else keyword cannot be used on rules with variables in head";
            self.diagnostics.push(errors::invalid_else(here, message));
        } else if head.contains.is_some() || (has_brackets_with_value && !head.has_if) {
            self.diagnostics.push(errors::invalid_else(
                here,
                "else keyword cannot be used on multi-value rules",
            ));
        }
    }

    fn elses(&mut self) -> Parsed<Vec<Else>> {
        let mut elses = Vec::new();
        while self.at_else() {
            // Each branch is inside the one before in the tree that OPA makes of it.
            if elses.len() >= self.limit.height as usize {
                return Err(self.too_many_branches());
            }
            elses.push(self.else_branch()?);
        }
        Ok(elses)
    }

    /// `else := v if { … }`
    fn else_branch(&mut self) -> Parsed<Else> {
        let start = self.bump().start;
        let assign = match self.token().kind {
            Kind::Declare => Some(Assign::Declare),
            Kind::Unify => Some(Assign::Unify),
            Kind::OpenBrace => None,
            _ if self.at_keyword(Keyword::If) => None,
            _ => return Err(self.unexpected("expected else value term or rule body")),
        };
        let value = match assign {
            Some(_) => {
                self.bump();
                Some(self.term()?)
            }
            None => None,
        };
        let has_if = self.at_keyword(Keyword::If) && !self.at_keyword_ref();
        if has_if {
            self.bump();
        }
        let body = if self.at(Kind::OpenBrace) {
            if !has_if {
                let brace = self.span_of(self.token());
                self.v1_faults.push(errors::if_required(brace, "rule", brace));
            }
            Some(self.block()?)
        } else if !has_if {
            None
        } else if self.at(Kind::Eof) {
            return Err(self.unexpected("rule body expected"));
        } else {
            let expr = self.literal()?;
            Some(Body { span: expr.span, exprs: vec![expr] })
        };
        Ok(Else { span: self.span_from(start), value, assign, body })
    }

    /// `p { … } { … }`
    fn more_bodies(&mut self, rule: &mut Rule) -> Parsed<()> {
        while self.at(Kind::OpenBrace) {
            if !rule.elses.is_empty() {
                let here = self.span_of(self.token());
                return Err(self.fail(errors::invalid_else(here, "expected else keyword")));
            }
            rule.more_bodies.push(self.block()?);
        }
        Ok(())
    }

    /// A rule without body must say something by its head.
    fn check_bare(&mut self, head: &Head, has_contains: bool) -> Parsed<()> {
        if has_contains || head.value.is_some() {
            return Ok(());
        }
        let token = self.token();
        if !token.newline && !matches!(token.kind, Kind::Eof | Kind::Ident) {
            return Err(self.unexpected(""));
        }
        if self.at_keyword(Keyword::With) && !token.newline {
            let here = self.span_of(token);
            let message = "expressions using with keyword cannot be used for rule head";
            return Err(self.fail(errors::invalid_rule(here, message)));
        }
        match &head.args {
            Some(args) if args.is_empty() => {
                let message = "rule argument list must take at least one argument";
                return Err(self.fail(errors::invalid_rule(head.span, message)));
            }
            // `f(1)` is true.
            Some(_) => return Ok(()),
            None if head.path.len() == 1 && !head.is_bracket_set => {
                return Err(self.bare_name(head));
            }
            None => {}
        }
        if !head.is_bracket_set {
            self.v1_faults.push(errors::body_or_value_required(head.span));
        }
        Ok(())
    }

    /// A name alone. In v0, what follows may be a keyword that has not been imported.
    fn bare_name(&mut self, head: &Head) -> crate::syntax::parser::Failed {
        let token = self.token();
        let mut diagnostic = errors::bare_rule_name(head.span, self.text_in(head.span));
        let word = self.text_of(token);
        if !token.newline
            && token.kind == Kind::Ident
            && matches!(word, "if" | "contains")
            && self.keyword().is_none()
        {
            diagnostic = diagnostic.help(format!(
                "`import rego.v1` or `import future.keywords.{word}` to use `{word}`"
            ));
        }
        self.fail(diagnostic)
    }

    fn fault_missing_if(&mut self, head: &Head) {
        let sort = if is_function(head) { "function" } else { "rule" };
        let brace = self.span_of(self.token());
        self.v1_faults.push(errors::if_required(head.span, sort, brace));
    }

    /// What is wrong with a head in Rego v1 only.
    fn fault_head(&mut self, head: &Head) {
        if let [name] = head.path.as_slice()
            && let TermKind::String { text, .. } = &name.kind
            && Keywords::of(crate::syntax::ast::Version::V1).find(text).is_some()
        {
            let fault = errors::keyword_rule_name(name.span, text);
            self.v1_faults.push(fault);
        }
        let fault = contains_fault(self, head);
        self.v1_faults.extend(fault);
    }
}

fn is_bare_set(expr: &Expr) -> bool {
    let is_set =
        matches!(&expr.kind, ExprKind::Term(term) if matches!(term.kind, TermKind::Set(_)));
    is_set && !expr.negated
}
