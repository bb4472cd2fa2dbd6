//! Which expressions can't raise an error for one element of a loop and none for another.

use palisade_rego::checked::{Callee, Expr, Term, TermKind, With};

use super::module::Module;
use super::targets::Mocked;
use super::walk::{self, Visitor};

/// The built-ins that have a value for all arguments.
const TOTAL: [&str; 8] =
    ["equal", "neq", "lt", "lte", "gt", "gte", "internal.member_2", "internal.member_3"];

/// Whether an expression raises nothing that it would not have raised for the first element too. Documents may raise
/// conflicts, but have one value wherever they are asked for; parts of them depend on their keys, calls on their arguments.
pub(super) fn is_quiet(module: &Module, expr: &Expr) -> bool {
    let mut noise = Noise { module, is_found: false };
    walk::expr(expr, &mut noise);
    !noise.is_found
}

struct Noise<'a, 'p> {
    module: &'a Module<'p>,
    is_found: bool,
}

impl Visitor for Noise<'_, '_> {
    fn with(&mut self, _with: &With) {
        self.is_found = true;
    }

    fn term(&mut self, term: &Term) {
        self.is_found |= match &term.kind {
            TermKind::Call(Callee::Function(_), _) | TermKind::ObjectComprehension(..) => true,
            TermKind::Call(Callee::Builtin(id), _) => {
                let name = self.module.source.builtins[id.0 as usize].name.as_str();
                !TOTAL.contains(&name) || self.module.targets.callee(Mocked::Builtin(*id)).is_some()
            }
            TermKind::Data(parts) => {
                self.module.needs_access(parts) || self.module.asks_for_part(parts)
            }
            _ => false,
        };
    }
}
