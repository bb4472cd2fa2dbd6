//! Queries: all solutions of a body, in order.

use palisade_value::{AnyValue, Value};

use super::bodies::Purpose;
use super::emit::{Done, Emitter};
use crate::program::{Collection, Stmt};

impl<'m, 'p> Emitter<'m, 'p> {
    /// The body of a query's function: returns the array of solutions.
    pub(super) fn query(&mut self, at: usize) -> Done {
        let query = &self.module.source.queries[at];
        self.scope(&query.scope);
        let solutions = self.start(Collection::Array);
        self.block(|e| {
            e.body(&query.body, Purpose::each(), &mut |e| {
                let mut values = Vec::new();
                for (_, local) in &query.exprs {
                    let bound = local.and_then(|id| e.local(id));
                    values.push(bound.unwrap_or_else(|| e.constant(&Value::Boolean(true))));
                }
                let values = e.array(values);
                let mut entries = Vec::new();
                for (name, id) in &query.bindings {
                    if let Some(value) = e.local(*id) {
                        entries.push((e.constant(&Value::text(name)), value));
                    }
                }
                let bindings = e.reg();
                e.push(Stmt::Object { dst: bindings, entries });
                let value = e.array(vec![values, bindings]);
                e.push(Stmt::Append { builder: solutions, value });
                Ok(())
            })
        })?;
        let src = self.close(solutions, None);
        self.push(Stmt::Return { src });
        Ok(())
    }
}
