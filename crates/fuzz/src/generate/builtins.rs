//! Calls of built-ins, by the type of their result.

use palisade_value::types::{Signature, Type};

use super::bodies::Scope;
use super::world::fits;
use super::{Generator, pools};

/// A built-in that programs call by its name.
pub struct Callable {
    /// The name.
    pub name: &'static str,
    /// Its types.
    pub signature: Signature,
    /// Whether equal arguments may give different results, so that peers can't agree.
    pub nondeterministic: bool,
    /// How often it is taken.
    weight: usize,
}

/// Families whose code makes modules large, so that compiling them takes long; they have test vectors of their own.
const HEAVY: [&str; 9] = [
    "io.jwt.",
    "crypto.x509.",
    "crypto.parse_",
    "providers.",
    "graphql.",
    "json.match_schema",
    "json.verify_schema",
    "yaml.",
    "strings.render_template",
];

/// The built-ins that can be called in any place of an expression.
pub fn callables() -> Vec<Callable> {
    let declarations = palisade_builtins::declarations().iter();
    let wanted = declarations.filter(|it| {
        let is_plain = !it.deprecated && !it.relation && !it.name.starts_with("internal.");
        is_plain && !matches!(it.name, "eq" | "assign")
    });
    let callable = |it: &palisade_value::types::Declaration| {
        let is_heavy = HEAVY.iter().any(|family| it.name.starts_with(family));
        Some(Callable {
            name: it.name,
            signature: it.signature()?,
            nondeterministic: it.nondeterministic,
            weight: if is_heavy {
                1
            } else if it.infix.is_some() {
                4
            } else {
                25
            },
        })
    };
    wanted.filter_map(callable).collect()
}

impl Generator {
    /// A call of a built-in that gives the type; none if there is no such built-in.
    pub fn builtin_call(&mut self, scope: &Scope, want: &Type, depth: usize) -> Option<String> {
        let weights: Vec<usize> = self
            .callables
            .iter()
            .map(|it| if fits(&it.signature.result, want) { it.weight } else { 0 })
            .collect();
        if weights.iter().all(|it| *it == 0) {
            return None;
        }
        let at = self.rng.weighted(&weights);
        let name = self.callables[at].name;
        let parameters: Vec<Type> =
            self.callables[at].signature.parameters.iter().map(|it| it.kind.clone()).collect();
        self.peers_differ |= self.callables[at].nondeterministic;
        let mut arguments = Vec::new();
        for (position, kind) in parameters.iter().enumerate() {
            arguments.push(self.operand(scope, name, position, kind, depth));
        }
        Some(format!("{name}({})", arguments.join(", ")))
    }

    fn operand(
        &mut self,
        scope: &Scope,
        name: &str,
        position: usize,
        kind: &Type,
        depth: usize,
    ) -> String {
        match pools::operands(name, position) {
            // What could be huge is only ever taken from its pool.
            Some(pool) if self.rng.chance(75) || is_bounded(name) => {
                (*self.rng.pick(pool)).to_owned()
            }
            _ => self.term(scope, kind, depth.saturating_sub(1)),
        }
    }
}

/// Built-ins whose result grows with the numbers in their arguments.
fn is_bounded(name: &str) -> bool {
    matches!(name, "numbers.range" | "numbers.range_step" | "bits.lsh" | "net.cidr_expand")
}
