//! The shapes of module that can be loaded, told apart by the types of their exports.

use palisade_abi::exports;
use wasmtime::{ExternType, FuncType, ValType};

use crate::error::LoadError;
use crate::{host, opa};

/// The contract that a module keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Palisade ABI 1: `evaluate` and one export per entrypoint, `(i32, i32) -> i64`.
    Palisade,
    /// A custom engine whose `evaluate` is `(i32, i32) -> (i32, i32)`: pointer and length of the decision.
    Pair,
    /// A custom engine whose `evaluate` is `(i32, i32) -> i64`: both packed into one number.
    Packed,
    /// A custom engine whose `evaluate` is `(i32, i32) -> i32`: 1 allows and 0 does not.
    Boolean,
    /// A module that OPA's compiler made, by OPA's ABI 1.2 or later.
    Opa,
}

impl Shape {
    /// Whether the contract says that an instance can be used again. Palisade modules forget an evaluation; what others
    /// do is not known, and a decision must not depend on the one before.
    pub(crate) fn is_reusable(self) -> bool {
        match self {
            Shape::Palisade | Shape::Opa => true,
            Shape::Pair | Shape::Packed | Shape::Boolean => false,
        }
    }
}

/// Tells the shape of a module, and refuses one that has no known shape, or imports something that its shape does not.
pub(crate) fn tell(module: &wasmtime::Module) -> Result<Shape, LoadError> {
    if opa::is_opa(module) {
        opa::check(module)?;
        return Ok(Shape::Opa);
    }
    // Only Palisade's own modules can say in their manifest what they import; what is allowed is decided when they are
    // linked.
    let is_palisade = matches!(module.get_export(exports::VERSION), Some(ExternType::Global(_)));
    match module.imports().next() {
        Some(_) if is_palisade => drop(host::imported(module)?),
        Some(import) => {
            return Err(LoadError::Import {
                module: import.module().to_owned(),
                name: import.name().to_owned(),
            });
        }
        None => {}
    }
    require_memory(module)?;
    if !is_function(module, exports::ALLOCATE, &[Ty::I32], &[Ty::I32]) {
        return Err(wrong(exports::ALLOCATE, "a function (i32) -> i32"));
    }
    match module.get_export(exports::VERSION) {
        None => tell_custom(module),
        Some(ExternType::Global(_)) => tell_palisade(module),
        Some(_) => Err(wrong(exports::VERSION, "a global")),
    }
}

/// Whether the export called `name` is an entrypoint of Palisade's type.
pub(crate) fn is_entrypoint(module: &wasmtime::Module, name: &str) -> bool {
    is_function(module, name, &[Ty::I32, Ty::I32], &[Ty::I64])
}

fn tell_palisade(module: &wasmtime::Module) -> Result<Shape, LoadError> {
    if !is_entrypoint(module, exports::EVALUATE) {
        return Err(wrong(exports::EVALUATE, "a function (i32, i32) -> i64"));
    }
    for name in [exports::LOAD, exports::AMBIENT] {
        if module.get_export(name).is_some() && !is_entrypoint(module, name) {
            return Err(wrong(name, "a function (i32, i32) -> i64"));
        }
    }
    Ok(Shape::Palisade)
}

fn tell_custom(module: &wasmtime::Module) -> Result<Shape, LoadError> {
    let shapes: [(&[Ty], Shape); 3] = [
        (&[Ty::I32, Ty::I32], Shape::Pair),
        (&[Ty::I64], Shape::Packed),
        (&[Ty::I32], Shape::Boolean),
    ];
    shapes
        .into_iter()
        .find(|(results, _)| is_function(module, exports::EVALUATE, &[Ty::I32, Ty::I32], results))
        .map(|(_, shape)| shape)
        .ok_or_else(|| {
            wrong(exports::EVALUATE, "a function (i32, i32) -> (i32, i32), -> i64 or -> i32")
        })
}

fn require_memory(module: &wasmtime::Module) -> Result<(), LoadError> {
    match module.get_export(exports::MEMORY) {
        Some(ExternType::Memory(memory)) if !memory.is_64() && !memory.is_shared() => Ok(()),
        _ => Err(wrong(exports::MEMORY, "a 32-bit memory of its own")),
    }
}

/// The two value types of the contracts.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Ty {
    I32,
    I64,
}

fn is_function(module: &wasmtime::Module, name: &str, params: &[Ty], results: &[Ty]) -> bool {
    match module.get_export(name) {
        Some(ExternType::Func(func)) => has_type(&func, params, results),
        _ => false,
    }
}

/// Whether a function has these parameters and results.
pub(crate) fn has_type(func: &FuncType, params: &[Ty], results: &[Ty]) -> bool {
    let same = |found: &mut dyn Iterator<Item = ValType>, expected: &[Ty]| {
        found.map(|ty| ty_of(&ty)).eq(expected.iter().copied().map(Some))
    };
    same(&mut func.params(), params) && same(&mut func.results(), results)
}

fn ty_of(ty: &ValType) -> Option<Ty> {
    match ty {
        ValType::I32 => Some(Ty::I32),
        ValType::I64 => Some(Ty::I64),
        ValType::F32 | ValType::F64 | ValType::V128 | ValType::Ref(_) => None,
    }
}

fn wrong(export: &str, expected: &str) -> LoadError {
    LoadError::Shape(format!("its export `{export}` must be {expected}"))
}
