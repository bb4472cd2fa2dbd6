//! The decision: the request is read, the policies that it is about are asked, and their answers are put together.

use palisade_cedar::checked::{Effect, Policy, PolicySet};
use palisade_value::{AnyValue, Value};

use super::Options;
use super::body::Body;
use super::conditions::Conditions;
use super::constants::{schema, store};
use super::index::index;
use super::module::Module;
use crate::program::{Collection, Compare, FuncId, Reg, Stmt};

/// The document `{"decision", "reasons", "errors"}`.
pub(super) fn decision(module: &mut Module, set: &PolicySet, options: &Options) -> FuncId {
    let conditions = Conditions::lower(module, &set.conditions);
    module.function(format!("{}.decision", options.name), 0, true, |body| {
        let request = Request::read(body, set, options);
        let answers = request.ask(body, set, &conditions);
        answers.decide(body);
    })
}

/// Whether the decision is `"allow"`.
pub(super) fn allow(module: &mut Module, decision: FuncId, options: &Options) -> FuncId {
    module.function(format!("{}.allow", options.name), 0, false, |body| {
        let document = body.reg();
        body.push(Stmt::Call { dst: document, function: decision, args: Vec::new() });
        body.block(|body| {
            let lhs = body.get(document, Value::text("decision"));
            let rhs = body.constant(Value::text("allow"));
            body.push(Stmt::Compare { op: Compare::Equal, lhs, rhs });
            body.give(true);
        });
        body.give(false);
    })
}

/// The request, in registers.
struct Request {
    principal: Reg,
    action: Reg,
    resource: Reg,
    context: Reg,
    store: Reg,
}

impl Request {
    /// Reads it from the input. What is no request ends the evaluation.
    fn read(body: &mut Body<'_>, set: &PolicySet, options: &Options) -> Request {
        let input = body.constant(Value::null());
        body.block(|body| {
            let whole = body.reg();
            body.push(Stmt::Input { dst: whole, path: Vec::new() });
            body.push(Stmt::Move { dst: input, src: whole });
        });
        let schema = body.large_constant(schema(set.schema.as_ref()));
        let validates = body.constant(Value::boolean(options.validates_requests));
        let parts = body.call("request", vec![input, schema, validates]);
        let entities = body.constant(Value::array(Vec::new()));
        body.block(|body| {
            let src = body.get(input, Value::text("entities"));
            body.push(Stmt::Move { dst: entities, src });
        });
        let frozen = body.large_constant(store(&set.entities));
        let store = body.call("entities", vec![entities, schema, frozen]);
        Request {
            principal: body.get(parts, Value::integer(0)),
            action: body.get(parts, Value::integer(1)),
            resource: body.get(parts, Value::integer(2)),
            context: body.get(parts, Value::integer(3)),
            store,
        }
    }

    /// Asks all policies that it is about.
    fn ask(&self, body: &mut Body<'_>, set: &PolicySet, conditions: &Conditions) -> Answers {
        let index = body.large_constant(index(&set.policies));
        let (principal, action, resource) = (self.principal, self.action, self.resource);
        let candidates = vec![index, principal, action, resource, self.store];
        let numbers = body.call("candidates", candidates);
        let rows = set.policies.iter().map(|policy| row(policy, conditions));
        let rows = body.large_constant(Value::array(rows.collect()));
        let answers = Answers::start(body);
        let (at, number) = (body.reg(), body.reg());
        let each = body.inside(|body| {
            let row = body.reg();
            body.push(Stmt::Get { dst: row, collection: rows, key: number });
            let id = body.get(row, Value::integer(0));
            let outcome = self.outcome(body, row, conditions);
            answers.add(body, row, id, outcome);
        });
        body.push(Stmt::Scan { collection: numbers, key: at, value: number, body: each });
        answers
    }

    /// What the condition of a policy gives: true, false, or undefined for an error.
    fn outcome(&self, body: &mut Body<'_>, row: Reg, conditions: &Conditions) -> Reg {
        let outcome = body.reg();
        body.set(outcome, Value::boolean(true));
        body.block(|body| {
            let mut args =
                vec![self.principal, self.action, self.resource, self.context, self.store];
            let numbers: Vec<Reg> = (0..conditions.n_numbers)
                .map(|at| body.get(row, Value::integer(FIRST_NUMBER + at as i64)))
                .collect();
            args.extend(numbers);
            body.push(Stmt::Clear { dst: outcome });
            body.push(Stmt::Call { dst: outcome, function: conditions.function, args });
        });
        outcome
    }
}

/// Where the numbers of the condition begin in a policy's row, behind its name and whether it permits. A policy without
/// a condition has none.
const FIRST_NUMBER: i64 = 2;

fn row(policy: &Policy, conditions: &Conditions) -> Value {
    let permits = policy.effect == Effect::Permit;
    let numbers = policy.condition.into_iter().flat_map(|it| conditions.numbers(it));
    let row = [Value::text(&policy.id), Value::boolean(permits)].into_iter().chain(numbers);
    Value::array(row.collect())
}

/// The answers of the policies, as arrays that are being built.
struct Answers {
    permits: Reg,
    forbids: Reg,
    errors: Reg,
}

impl Answers {
    fn start(body: &mut Body<'_>) -> Answers {
        let mut start = || {
            let dst = body.reg();
            body.push(Stmt::Start { dst, kind: Collection::Array });
            dst
        };
        Answers { permits: start(), forbids: start(), errors: start() }
    }

    /// Adds the answer of one policy.
    fn add(&self, body: &mut Body<'_>, row: Reg, id: Reg, outcome: Reg) {
        body.block(|body| {
            body.push(Stmt::Undefined { src: outcome });
            let message = body.call("fault", Vec::new());
            let (policy, text) =
                (body.constant(Value::text("policy")), body.constant(Value::text("message")));
            let value = body.reg();
            body.push(Stmt::Object { dst: value, entries: vec![(policy, id), (text, message)] });
            body.push(Stmt::Append { builder: self.errors, value });
        });
        body.push(Stmt::Test { src: outcome });
        let permits = body.get(row, Value::integer(1));
        body.block(|body| {
            body.push(Stmt::Test { src: permits });
            body.push(Stmt::Append { builder: self.permits, value: id });
        });
        let forbids = body.inside(|body| body.push(Stmt::Test { src: permits }));
        body.push(Stmt::Not { body: forbids });
        body.push(Stmt::Append { builder: self.forbids, value: id });
    }

    /// Returns the decision: whatever forbids decides, else whatever permits, else nothing does and it is denied.
    fn decide(self, body: &mut Body<'_>) {
        let permits = finish(body, self.permits);
        let forbids = finish(body, self.forbids);
        let errors = finish(body, self.errors);
        body.block(|body| {
            some(body, forbids);
            document(body, "deny", forbids, errors);
        });
        body.block(|body| {
            some(body, permits);
            document(body, "allow", permits, errors);
        });
        document(body, "deny", forbids, errors);
    }
}

fn finish(body: &mut Body<'_>, builder: Reg) -> Reg {
    let dst = body.reg();
    body.push(Stmt::Finish { dst, builder, conflict: None });
    dst
}

/// Fails if an array is empty.
fn some(body: &mut Body<'_>, array: Reg) {
    let empty = body.inside(|body| body.push(Stmt::Length { src: array, length: 0 }));
    body.push(Stmt::Not { body: empty });
}

fn document(body: &mut Body<'_>, decision: &str, reasons: Reg, errors: Reg) {
    let parts = [
        ("decision", body.constant(Value::text(decision))),
        ("reasons", reasons),
        ("errors", errors),
    ];
    let entries = parts.map(|(key, value)| (body.constant(Value::text(key)), value));
    let dst = body.reg();
    body.push(Stmt::Object { dst, entries: entries.to_vec() });
    body.push(Stmt::Return { src: dst });
}
