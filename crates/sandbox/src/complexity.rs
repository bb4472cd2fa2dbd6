//! What a module may cost to compile, found out before it is compiled.
//!
//! A compiler keeps track of every value at every place where the control flow divides or joins, so a module of a few
//! kilobytes can keep it busy for minutes and fill the memory. No deadline holds in a compiler; so a module that would
//! take too long is refused. The counting takes one pass over the code.

mod names;
mod work;

use wasmparser::{
    BinaryReaderError, CompositeInnerType, ElementItems, FuncValidatorAllocations, FunctionBody,
    Operator, Parser, Payload, ValidPayload, Validator,
};

use crate::error::{FunctionId, LoadError, TooComplex};
use crate::limits::TABLES_MAX;
use work::Work;

/// The most of each kind of thing. A module of 30,000 rules has some 60,000 functions and little of anything else.
const TYPES_MAX: u64 = 10_000;
const FUNCTIONS_MAX: u64 = 500_000;
const GLOBALS_MAX: u64 = 100_000;
const EXPORTS_MAX: u64 = 100_000;
const ELEMENTS_MAX: u64 = 1_000_000;
const DATA_SEGMENTS_MAX: u64 = 100_000;

/// The most parameters of a function type, and the most results: the compiler moves each of them at every call.
const SIGNATURE_MAX: u64 = 128;
/// The most locals of all functions together. Of one function the validator allows 50,000, as browsers do.
const LOCALS_MAX: u64 = 10_000_000;
/// The longest body of one function, and of all together, in bytes.
const BODY_BYTES_MAX: u64 = 4 << 20;
const CODE_BYTES_MAX: u64 = 32 << 20;

/// The most [`Work`] of one function, and of all together. In the worst shapes known, nested loops that change all
/// locals, 32 million take some ten seconds of one core and 200 MB; what our own compiler makes takes a tenth of that.
const FUNCTION_WORK_MAX: u64 = 32_000_000;
const MODULE_WORK_MAX: u64 = 128_000_000;

/// The most places in the tables of the locals of one function: 4 bytes each, twice that while a table grows.
const TABLE_PLACES_MAX: u64 = 64_000_000;

/// Refuses a module that would take too long or too much memory to compile, as [`crate::Module::load`] does first.
///
/// # Errors
/// [`LoadError::TooComplex`], or [`LoadError::Invalid`] when it is not even WebAssembly.
pub fn check(module: &[u8]) -> Result<(), LoadError> {
    match count(module) {
        Ok(()) => Ok(()),
        Err(Fault::Malformed(error)) => Err(LoadError::Invalid(error.to_string())),
        Err(Fault::TooComplex(mut excess)) => {
            if let TooComplex::Work { function, .. } | TooComplex::Function { function, .. } =
                &mut excess
            {
                function.name = names::of(module, function.number);
            }
            Err(LoadError::TooComplex(excess))
        }
    }
}

fn count(module: &[u8]) -> Result<(), Fault> {
    let mut counts = Counts::default();
    let mut validator = Validator::new();
    let mut allocations = FuncValidatorAllocations::default();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        counts.add(&payload)?;
        if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
            let mut function = function.into_validator(allocations);
            counts.add_body(&body, &mut function)?;
            allocations = function.into_allocations();
        }
    }
    Ok(())
}

type FuncValidator = wasmparser::FuncValidator<wasmparser::ValidatorResources>;

enum Fault {
    Malformed(BinaryReaderError),
    TooComplex(TooComplex),
}

impl From<BinaryReaderError> for Fault {
    fn from(error: BinaryReaderError) -> Fault {
        Fault::Malformed(error)
    }
}

/// What was counted so far.
#[derive(Default)]
struct Counts {
    n_types: u64,
    n_elements: u64,
    n_bodies: usize,
    n_locals: u64,
    code_bytes: u64,
    /// The work of all functions, and that of the one at hand.
    work: u64,
    function: Work,
}

impl Counts {
    fn add(&mut self, payload: &Payload<'_>) -> Result<(), Fault> {
        match payload {
            Payload::TypeSection(types) => {
                for group in types.clone() {
                    for ty in group?.types() {
                        self.n_types += 1;
                        at_most("types", self.n_types, TYPES_MAX)?;
                        if let CompositeInnerType::Func(ty) = &ty.composite_type.inner {
                            let n_values = ty.params().len().max(ty.results().len());
                            let what = "parameters or results of one function";
                            at_most(what, n_values as u64, SIGNATURE_MAX)?;
                        }
                    }
                }
                Ok(())
            }
            Payload::FunctionSection(it) => at_most("functions", it.count().into(), FUNCTIONS_MAX),
            Payload::TableSection(it) => at_most("tables", it.count().into(), TABLES_MAX as u64),
            Payload::GlobalSection(it) => at_most("globals", it.count().into(), GLOBALS_MAX),
            Payload::ExportSection(it) => at_most("exports", it.count().into(), EXPORTS_MAX),
            Payload::DataSection(it) => {
                at_most("data segments", it.count().into(), DATA_SEGMENTS_MAX)
            }
            Payload::ElementSection(segments) => {
                for segment in segments.clone() {
                    let n_items = match segment?.items {
                        ElementItems::Functions(items) => items.count(),
                        ElementItems::Expressions(_, items) => items.count(),
                    };
                    // A segment costs something even if it is empty.
                    self.n_elements += u64::from(n_items) + 1;
                    at_most("table elements", self.n_elements, ELEMENTS_MAX)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn add_body(
        &mut self,
        body: &FunctionBody<'_>,
        validator: &mut FuncValidator,
    ) -> Result<(), Fault> {
        let number = self.n_bodies;
        self.n_bodies += 1;
        let bytes = body.range().len() as u64;
        self.code_bytes += bytes;
        at_most("bytes of code", self.code_bytes, CODE_BYTES_MAX)?;
        at_most_in(number, "bytes of code", bytes, BODY_BYTES_MAX)?;

        let mut reader = body.get_binary_reader();
        validator.read_locals(&mut reader)?;
        let n_locals = u64::from(validator.len_locals());
        self.n_locals += n_locals;
        at_most("locals", self.n_locals, LOCALS_MAX)?;

        self.function.begin(n_locals as usize);
        let mut operators = wasmparser::OperatorsReader::new(reader);
        while !operators.eof() {
            let (op, offset) = operators.read_with_offset()?;
            let ends_at = height_of_block(validator).filter(|_| matches!(op, Operator::End));
            self.function.add(&op, validator.operand_stack_height().into());
            validator.op(offset, &op)?;
            let begins_at =
                height_of_block(validator).filter(|_| matches!(op, Operator::Loop { .. }));
            if let Some(height) = ends_at.or(begins_at) {
                let n_values = validator.operand_stack_height().saturating_sub(height);
                self.function.leave(n_values.into());
            }
        }
        operators.finish()?;
        self.add_work(number, n_locals)
    }

    fn add_work(&mut self, number: usize, n_locals: u64) -> Result<(), Fault> {
        let work = self.function.total();
        self.work = self.work.saturating_add(work);
        let what = "places in tables of locals (locals times branches before their last use)";
        at_most_in(number, what, self.function.table_places(), TABLE_PLACES_MAX)?;
        if work > FUNCTION_WORK_MAX || self.work > MODULE_WORK_MAX {
            let (n_branches, n_loops, depth) = self.function.shape();
            return Err(Fault::TooComplex(TooComplex::Work {
                function: FunctionId { number, name: None },
                n_locals,
                n_branches,
                n_loops,
                depth,
            }));
        }
        Ok(())
    }
}

/// How many values are on the operand stack below the innermost block.
fn height_of_block(validator: &FuncValidator) -> Option<u32> {
    validator.get_control_frame(0).map(|frame| frame.height as u32)
}

fn at_most(what: &'static str, count: u64, max: u64) -> Result<(), Fault> {
    if count <= max {
        return Ok(());
    }
    Err(Fault::TooComplex(TooComplex::Module { what, count, max }))
}

fn at_most_in(number: usize, what: &'static str, count: u64, max: u64) -> Result<(), Fault> {
    if count <= max {
        return Ok(());
    }
    let function = FunctionId { number, name: None };
    Err(Fault::TooComplex(TooComplex::Function { function, what, count, max }))
}
