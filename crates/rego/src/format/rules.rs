//! Rules: head, body, branches, and which of them stand together.

use super::file::Item;
use super::source::{CURLY, ROUND, SQUARE};
use super::writer::{Writer, Written};
use crate::tree::{Location, Rule, Terms, Value};

impl Writer<'_> {
    pub(super) fn rules(&mut self, rules: &[Item<'_>]) {
        for (at, item) in rules.iter().enumerate() {
            match item {
                Item::Rule(rule) => {
                    // Where comments clash, the rule is checked afterwards, and kept as it is if something got lost.
                    let _ = self.insert_comments_at(rule.location);
                    let _ = self.rule(rule, false);
                }
                Item::Kept(place) => self.kept(*place),
                Item::Bare(place, bodies) => self.bare_rules(*place, bodies),
            }
            if !self.stand_together(item, rules.get(at + 1)) {
                self.blank_line();
            }
        }
    }

    fn kept(&mut self, place: Location) {
        let _ = self.insert_comments_at(place);
        self.start_line();
        // A comment in the first line is part of what follows, unless that is the last line too.
        let held =
            self.held.take().filter(|_| self.source.row(place) == self.source.last_row(place));
        self.keeps_last_comment = true;
        self.write_as_is(place);
        self.held = held;
        self.end_line();
    }

    /// What was read from one rule, below all its comments.
    fn bare_rules(&mut self, place: Location, bodies: &[&Rule]) {
        let comments = self.comments_above(self.source.last_row(place) + 1);
        self.next = comments.end;
        self.write_comments(comments);
        for (at, rule) in bodies.iter().enumerate() {
            if at > 0 {
                self.blank_line();
            }
            // Without comments, nothing clashes.
            let _ = self.rule(rule, false);
        }
    }

    /// Whether no blank line belongs between two rules: both say something short, and the source has none.
    fn stand_together(&self, item: &Item<'_>, next: Option<&Item<'_>>) -> bool {
        match (item, next) {
            (Item::Rule(rule), Some(Item::Rule(next))) => {
                self.is_short(rule)
                    && self.is_short(next)
                    && self.source.row(next.location) == self.source.row(rule.location) + 1
            }
            _ => false,
        }
    }

    fn is_short(&self, rule: &Rule) -> bool {
        rule.body.len() <= 1 && !rule.is_default && self.takes_if(rule)
    }

    /// Whether `if` is written before the body: not before that of a set written with a bracket.
    fn takes_if(&self, rule: &Rule) -> bool {
        self.style.has_if && (self.style.has_contains || rule.head.value.is_some())
    }

    fn rule(&mut self, rule: &Rule, is_else: bool) -> Written {
        if !is_else {
            self.start_line();
        }
        if rule.is_default {
            self.write("default ");
        }
        let is_constant = rule.otherwise.is_none() && is_always(rule);
        self.keeps_last_comment = is_constant;
        let head = self.rule_head(&rule.head, rule.is_default, is_constant, is_else);
        if is_constant {
            self.end_line();
            return head;
        }
        self.keeps_last_comment = true;
        if self.takes_if(rule) {
            self.write(" if");
            if let [expr] = rule.body.as_slice()
                && self.source.row(expr.location) == self.source.last_row(rule.head.location)
            {
                self.write(" ");
                let outcome = self.expr(expr);
                self.end_line();
                return head.and(outcome).and(self.branch(rule));
            }
        }
        if head.is_err() && self.next < self.comments.len() {
            self.write(" { ");
        } else {
            self.write(" {");
            self.end_line();
        }
        self.up();
        let body = self.body(&rule.body);
        // A branch does not show its parameters.
        let skipped = if !rule.head.args.is_empty() && !is_else {
            Some(ROUND)
        } else {
            rule.head.key.as_ref().map(|_| SQUARE)
        };
        let close = self.source.closing_row_behind(rule.location, skipped, CURLY);
        let closing = self.insert_comments_to(close);
        self.down();
        self.start_line();
        self.write("}");
        head.and(body).and(closing).and(self.branch(rule))
    }

    /// The branch behind a rule: in the line of its closing brace where it is written so, and no comment comes between.
    fn branch(&mut self, rule: &Rule) -> Written {
        let Some(branch) = &rule.otherwise else {
            return Ok(());
        };
        let row = self.source.row(branch.location);
        let was_inline = self.is_inline(rule, branch);
        let has_comment = self.has_comment_above(row) || self.held.is_some();
        if was_inline && !has_comment {
            self.write(" ");
        } else {
            self.blank_line();
            self.start_line();
        }
        let comments = self.insert_comments(row);
        if has_comment && !was_inline {
            self.start_line();
        }
        comments.and(self.rule(branch, true))
    }

    /// Whether something stands before `else` in its line. A rule in one line does not count.
    fn is_inline(&self, rule: &Rule, branch: &Rule) -> bool {
        let row = self.source.row(branch.location).saturating_sub(self.source.row(rule.location));
        let line = self.source.text(rule.location).split('\n').nth(row as usize);
        row > 0 && line.is_some_and(|line| !line.trim_start().starts_with("else"))
    }
}

/// Whether a body is `true`, as it is where none is written.
fn is_always(rule: &Rule) -> bool {
    match rule.body.as_slice() {
        [expr] => {
            let is_true =
                matches!(&expr.terms, Terms::Term(it) if matches!(it.value, Value::Boolean(true)));
            is_true && !expr.negated && expr.with.is_empty()
        }
        _ => false,
    }
}
