//! Writing the module's sections.

use std::collections::BTreeMap;

use palisade_abi::image::{IMAGE_FIELDS, Image};
use palisade_abi::{ABI_VERSION, MANIFEST_SECTION};
use palisade_ir::program::Program;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, ExportKind,
    ExportSection, FunctionSection, GlobalSection, GlobalType, IndirectNameMap, MemorySection,
    MemoryType, Module, NameMap, NameSection, RefType, TableSection, TableType, TypeSection,
    ValType,
};

use super::linker::Linked;
use super::{Options, signature};
use crate::function::Body;
use crate::guest::{FuncIdx, Guest};
use crate::reach::Reached;

const PAGE: usize = 64 * 1024;
/// Room for the arena from the start, so that small evaluations never grow the memory.
const ARENA_PAGES: usize = 16;

/// Everything that becomes the module.
pub struct Parts<'a, 'g> {
    pub program: &'a Program,
    pub guest: &'a Guest<'g>,
    pub bodies: Vec<Body>,
    pub linked: Linked,
    pub reached: Reached,
    pub options: &'a Options,
}

/// The final indices of guest functions.
struct Indices {
    functions: BTreeMap<FuncIdx, u32>,
    /// The guest's functions in the order in which they are written.
    order: Vec<FuncIdx>,
}

impl Reencode for &Indices {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Self::Error>> {
        Ok(self.functions[&function])
    }
}

/// Writes the module.
pub fn write(parts: &Parts<'_, '_>) -> Vec<u8> {
    let indices = indices(parts);
    let mut types = Types::of(parts.guest);
    let functions = function_section(parts, &indices, &mut types);
    let mut module = Module::new();
    module.section(&types.section);
    module.section(&functions);
    module.section(&table_section(parts.guest));
    module.section(&memory_section(&parts.linked));
    let (globals, abi) = global_section(parts.guest);
    module.section(&globals);
    module.section(&export_section(parts, &indices, abi));
    module.section(&element_section(parts, &indices));
    module.section(&code_section(parts, &indices));
    module.section(&data_section(parts));
    module.section(&name_section(parts, &indices));
    module.section(&CustomSection {
        name: MANIFEST_SECTION.into(),
        data: parts.options.manifest.as_slice().into(),
    });
    module.finish()
}

fn indices(parts: &Parts<'_, '_>) -> Indices {
    let mut order = parts.linked.roots.clone();
    order.extend(parts.reached.functions.iter().filter(|it| !parts.linked.roots.contains(it)));
    let n_generated = parts.bodies.len() as u32;
    let functions =
        (n_generated..).zip(&order).map(|(index, function)| (*function, index)).collect();
    Indices { functions, order }
}

/// The guest's types, and those that generated functions need besides.
struct Types {
    section: TypeSection,
    generated: BTreeMap<(usize, usize, bool), u32>,
}

impl Types {
    fn of(guest: &Guest<'_>) -> Types {
        let mut section = TypeSection::new();
        let convert = |ty: &wasmparser::ValType| match ty {
            wasmparser::ValType::I32 => ValType::I32,
            wasmparser::ValType::I64 => ValType::I64,
            wasmparser::ValType::F32 => ValType::F32,
            wasmparser::ValType::F64 => ValType::F64,
            other => panic!("the guest has no functions over {other}"),
        };
        for ty in &guest.types {
            section
                .ty()
                .function(ty.params().iter().map(convert), ty.results().iter().map(convert));
        }
        Types { section, generated: BTreeMap::new() }
    }

    fn index(&mut self, params: Vec<ValType>, results: Vec<ValType>) -> u32 {
        let key = (params.len(), results.len(), params.first() == Some(&ValType::I32));
        *self.generated.entry(key).or_insert_with(|| {
            self.section.ty().function(params, results);
            self.section.len() - 1
        })
    }
}

fn function_section(
    parts: &Parts<'_, '_>,
    indices: &Indices,
    types: &mut Types,
) -> FunctionSection {
    let mut section = FunctionSection::new();
    for function in &parts.program.functions {
        let (params, results) = signature(function);
        section.function(types.index(params, results));
    }
    for _ in &parts.program.entrypoints {
        section.function(types.index(vec![ValType::I32, ValType::I32], vec![ValType::I64]));
    }
    for function in &indices.order {
        section.function(parts.guest.functions[*function as usize].ty);
    }
    section
}

fn table_section(guest: &Guest<'_>) -> TableSection {
    let mut section = TableSection::new();
    section.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: guest.table_size,
        maximum: Some(guest.table_size),
        shared: false,
    });
    section
}

fn memory_section(linked: &Linked) -> MemorySection {
    let mut section = MemorySection::new();
    section.memory(MemoryType {
        minimum: (linked.memory_end().div_ceil(PAGE) + ARENA_PAGES) as u64,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    section
}

/// The guest's globals, then the one that says which ABI the module has; its index.
fn global_section(guest: &Guest<'_>) -> (GlobalSection, u32) {
    let mut section = GlobalSection::new();
    for (ty, value) in &guest.globals {
        let (val_type, init) = match ty.content_type {
            wasmparser::ValType::I64 => (ValType::I64, ConstExpr::i64_const(*value)),
            _ => (ValType::I32, ConstExpr::i32_const(*value as i32)),
        };
        section.global(GlobalType { val_type, mutable: ty.mutable, shared: false }, &init);
    }
    let abi = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
    section.global(abi, &ConstExpr::i32_const(ABI_VERSION as i32));
    (section, guest.globals.len() as u32)
}

fn export_section(parts: &Parts<'_, '_>, indices: &Indices, abi: u32) -> ExportSection {
    let mut section = ExportSection::new();
    section.export("memory", ExportKind::Memory, 0);
    section.export("palisade_abi", ExportKind::Global, abi);
    for name in ["allocate", "load", "ambient"] {
        section.export(name, ExportKind::Func, indices.functions[&parts.guest.exports[name]]);
    }
    let first = parts.program.functions.len() as u32;
    if !parts.program.entrypoints.is_empty() {
        section.export("evaluate", ExportKind::Func, first);
    }
    for (index, entrypoint) in (first..).zip(&parts.program.entrypoints) {
        section.export(&entrypoint.path, ExportKind::Func, index);
    }
    section
}

/// The table keeps its numbering; functions that are gone leave holes.
fn element_section(parts: &Parts<'_, '_>, indices: &Indices) -> ElementSection {
    let mut runs: Vec<(usize, Vec<u32>)> = Vec::new();
    for (slot, function) in parts.guest.table.iter().enumerate() {
        let Some(function) = function.filter(|it| parts.reached.in_table.contains(it)) else {
            continue;
        };
        let index = indices.functions[&function];
        match runs.last_mut() {
            Some((start, run)) if *start + run.len() == slot => run.push(index),
            _ => runs.push((slot, vec![index])),
        }
    }
    let mut section = ElementSection::new();
    for (start, run) in runs {
        section.active(None, &ConstExpr::i32_const(start as i32), Elements::Functions(run.into()));
    }
    section
}

fn code_section(parts: &Parts<'_, '_>, indices: &Indices) -> CodeSection {
    let mut section = CodeSection::new();
    for body in &parts.bodies {
        let mut function =
            wasm_encoder::Function::new_with_locals_types(body.locals.iter().copied());
        for instruction in &body.code {
            function.instruction(instruction);
        }
        function.instruction(&wasm_encoder::Instruction::End);
        section.function(&function);
    }
    for function in &indices.order {
        let body = parts.guest.functions[*function as usize].body.clone();
        let mut reencode = indices;
        reencode
            .parse_function_body(&mut section, body)
            .expect("a function of the guest is well-formed");
    }
    section
}

fn data_section(parts: &Parts<'_, '_>) -> DataSection {
    let mut section = DataSection::new();
    let (image_address, image) = &parts.linked.image;
    let mut add = |address: u32, bytes: &[u8]| {
        // Memory starts as zeros; writing them would only make the module larger.
        for (start, run) in nonzero_runs(bytes) {
            let at = ConstExpr::i32_const((address + start as u32) as i32);
            section.active(0, &at, run.iter().copied());
        }
    };
    for (address, bytes) in &parts.reached.data {
        add(*address, bytes);
    }
    add(parts.linked.data.0, &parts.linked.data.1);
    // Last, so that it overwrites the empty description that the guest was built with.
    section.active(0, &ConstExpr::i32_const(*image_address as i32), image_bytes(image));
    section
}

/// Zeros between two runs that are cheaper to write than a segment of their own.
const ZEROS_MAX: usize = 16;

fn nonzero_runs(bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == 0 {
            continue;
        }
        match runs.last_mut() {
            Some((_, end)) if at - *end <= ZEROS_MAX => *end = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs.into_iter().map(|(start, end)| (start, &bytes[start..end])).collect()
}

fn image_bytes(image: &Image) -> Vec<u8> {
    let fields: [u32; IMAGE_FIELDS] = [
        image.arena_start,
        image.input_shape,
        image.input_slots,
        image.n_input_slots,
        image.data_slots,
        image.n_data_slots,
        image.data_paths,
        image.memos,
        image.n_memos,
        image.slots,
        image.n_slots,
        image.held,
        image.n_held,
        image.rule_texts,
    ];
    fields.iter().flat_map(|field| field.to_le_bytes()).collect()
}

/// Names of generated functions, and of the guest functions they call.
fn name_section(parts: &Parts<'_, '_>, indices: &Indices) -> NameSection {
    let mut functions = NameMap::new();
    let mut index = 0;
    let mut name = |text: &str| {
        functions.append(index, text);
        index += 1;
    };
    for function in &parts.program.functions {
        name(&function.name);
    }
    for entrypoint in &parts.program.entrypoints {
        name(&format!("entrypoint {}", entrypoint.path));
    }
    let exports: BTreeMap<u32, &str> =
        parts.guest.exports.iter().map(|(name, function)| (*function, *name)).collect();
    for function in &indices.order[..parts.linked.roots.len()] {
        name(exports[function]);
    }
    let mut section = NameSection::new();
    section.functions(&functions);
    section.locals(&IndirectNameMap::new());
    section
}
