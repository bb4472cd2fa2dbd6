//! No rule needs itself, directly or through others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use palisade_diag::{Diagnostic, Span};

use crate::checked::{Rule, RuleId};
use crate::names::data_path;
use crate::semantic::dependencies::Graph;
use crate::semantic::errors;

/// How many rules of one cycle are reported: they all have the same cause.
const REPORTED_MAX: usize = 10;

/// Reports every rule that needs itself.
pub fn check(rules: &[Rule], graph: &Graph, diagnostics: &mut Vec<Diagnostic>) {
    for component in graph.components() {
        let members: BTreeSet<RuleId> = component.iter().copied().collect();
        for rule in component.iter().take(REPORTED_MAX) {
            let Some(cycle) = shortest_cycle(*rule, &members, graph) else { continue };
            let names: Vec<String> = cycle.iter().filter_map(|rule| name(*rule, rules)).collect();
            if let (Some(name), Some(rule)) = (name(*rule, rules), rules.get(rule.0 as usize)) {
                let steps = cycle.iter().zip(cycle.iter().skip(1));
                let withs: Vec<Span> =
                    steps.filter_map(|(rule, next)| graph.with_between(*rule, *next)).collect();
                diagnostics.push(errors::recursive(&name, &names.join(" -> "), rule.head, &withs));
            }
        }
    }
}

fn name(rule: RuleId, rules: &[Rule]) -> Option<String> {
    rules.get(rule.0 as usize).map(|rule| data_path(&rule.path))
}

/// The shortest way from a rule back to itself, both ends included.
fn shortest_cycle(start: RuleId, members: &BTreeSet<RuleId>, graph: &Graph) -> Option<Vec<RuleId>> {
    let mut came_from: BTreeMap<RuleId, RuleId> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(rule) = queue.pop_front() {
        for next in graph.after(rule).filter(|next| members.contains(next)) {
            if next == start {
                let mut cycle = vec![start, rule];
                let mut at = rule;
                while let Some(before) = came_from.get(&at) {
                    cycle.push(*before);
                    at = *before;
                }
                if rule == start {
                    cycle.truncate(2);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if let std::collections::btree_map::Entry::Vacant(entry) = came_from.entry(next) {
                entry.insert(rule);
                queue.push_back(next);
            }
        }
    }
    None
}
