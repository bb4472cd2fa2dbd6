//! Writing the module's sections.

use std::collections::BTreeMap;

use palisade_abi::image::{IMAGE_FIELDS, Image};
use palisade_abi::{ABI_VERSION, MANIFEST_SECTION};
use palisade_ir::program::Program;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ElementSection, Elements,
    Encode, EntityType, ExportKind, ExportSection, FunctionSection, GlobalSection, GlobalType,
    ImportSection, IndirectNameMap, MemorySection, MemoryType, Module, NameMap, NameSection,
    RefType, StartSection, TableSection, TableType, TypeSection, ValType,
};

use super::linker::Linked;
use super::{Abi, Entry, Import, Options, opa, signature};
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
    pub imports: Vec<Import>,
    /// The program's functions.
    pub bodies: Vec<Body>,
    /// The functions behind them, which the host calls.
    pub entries: Vec<Entry>,
    /// The functions of the guest that the host calls.
    pub guest_exports: &'static [&'static str],
    pub linked: Linked,
    pub reached: Reached,
    pub options: &'a Options,
}

impl Parts<'_, '_> {
    /// The index of the first entry.
    fn first_entry(&self) -> u32 {
        (self.imports.len() + self.bodies.len()) as u32
    }

    fn is_for_opa(&self) -> bool {
        self.options.abi == Abi::Opa
    }

    /// How many pages of memory there must be.
    fn pages(&self) -> u64 {
        (self.linked.memory_end().div_ceil(PAGE) + ARENA_PAGES) as u64
    }
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
    let imports = import_section(parts, &mut types);
    let functions = function_section(parts, &indices, &mut types);
    let segments = segments(parts);
    let mut module = Module::new();
    module.section(&types.section);
    if !imports.is_empty() {
        module.section(&imports);
    }
    module.section(&functions);
    module.section(&table_section(parts.guest));
    if !parts.is_for_opa() {
        module.section(&memory_section(parts));
    }
    module.section(&global_section(parts));
    module.section(&export_section(parts, &indices));
    if parts.is_for_opa() {
        let function_index = parts.first_entry() + parts.entries.len() as u32 - 1;
        module.section(&StartSection { function_index });
    }
    module.section(&element_section(parts, &indices));
    if parts.is_for_opa() {
        module.section(&DataCountSection { count: segments.len() as u32 });
    }
    module.section(&code_section(parts, &indices, &segments));
    module.section(&data_section(parts, &segments));
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
    let first = parts.first_entry() + parts.entries.len() as u32;
    let functions = (first..).zip(&order).map(|(index, function)| (*function, index)).collect();
    Indices { functions, order }
}

/// The guest's types, and those that generated functions need besides.
struct Types {
    section: TypeSection,
    generated: BTreeMap<(Vec<u8>, Vec<u8>), u32>,
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

    fn index(&mut self, (params, results): (Vec<ValType>, Vec<ValType>)) -> u32 {
        let bytes = |types: &[ValType]| {
            let mut bytes = Vec::new();
            types.iter().for_each(|it| it.encode(&mut bytes));
            bytes
        };
        let key = (bytes(&params), bytes(&results));
        *self.generated.entry(key).or_insert_with(|| {
            self.section.ty().function(params, results);
            self.section.len() - 1
        })
    }
}

/// What the host gives: functions, and in OPA's ABI its memory.
fn import_section(parts: &Parts<'_, '_>, types: &mut Types) -> ImportSection {
    let mut section = ImportSection::new();
    if parts.is_for_opa() {
        section.import("env", "memory", memory(opa::PAGES_MIN));
    }
    for import in &parts.imports {
        let ty = types.index(import.signature.clone());
        section.import(import.module, import.name, EntityType::Function(ty));
    }
    section
}

fn function_section(
    parts: &Parts<'_, '_>,
    indices: &Indices,
    types: &mut Types,
) -> FunctionSection {
    let mut section = FunctionSection::new();
    for function in &parts.program.functions {
        section.function(types.index(signature(function)));
    }
    for entry in &parts.entries {
        section.function(types.index(entry.signature.clone()));
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

fn memory_section(parts: &Parts<'_, '_>) -> MemorySection {
    let mut section = MemorySection::new();
    section.memory(memory(parts.pages()));
    section
}

fn memory(pages: u64) -> MemoryType {
    MemoryType {
        minimum: pages,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    }
}

/// The exported globals: which ABI the module has.
fn versions(parts: &Parts<'_, '_>) -> &'static [(&'static str, i32)] {
    if parts.is_for_opa() { &opa::VERSION } else { &[("palisade_abi", ABI_VERSION as i32)] }
}

/// The guest's globals, then those that say which ABI the module has.
fn global_section(parts: &Parts<'_, '_>) -> GlobalSection {
    let mut section = GlobalSection::new();
    for (ty, value) in &parts.guest.globals {
        let (val_type, init) = match ty.content_type {
            wasmparser::ValType::I64 => (ValType::I64, ConstExpr::i64_const(*value)),
            _ => (ValType::I32, ConstExpr::i32_const(*value as i32)),
        };
        section.global(GlobalType { val_type, mutable: ty.mutable, shared: false }, &init);
    }
    for (_, version) in versions(parts) {
        let ty = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
        section.global(ty, &ConstExpr::i32_const(*version));
    }
    section
}

fn export_section(parts: &Parts<'_, '_>, indices: &Indices) -> ExportSection {
    let mut section = ExportSection::new();
    section.export("memory", ExportKind::Memory, 0);
    for (index, (name, _)) in (parts.guest.globals.len() as u32..).zip(versions(parts)) {
        section.export(name, ExportKind::Global, index);
    }
    for name in parts.guest_exports {
        section.export(name, ExportKind::Func, indices.functions[&parts.guest.exports[name]]);
    }
    for (index, entry) in (parts.first_entry()..).zip(&parts.entries) {
        for name in &entry.exports {
            section.export(name, ExportKind::Func, index);
        }
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

fn code_section(
    parts: &Parts<'_, '_>,
    indices: &Indices,
    segments: &[(u32, Vec<u8>)],
) -> CodeSection {
    let mut section = CodeSection::new();
    let start = parts.is_for_opa().then(|| opa::start(parts.pages(), segments));
    let entries = parts.entries.iter().map(|it| &it.body);
    let entries = entries.take(parts.entries.len() - usize::from(start.is_some()));
    for body in parts.bodies.iter().chain(entries).chain(&start) {
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

/// Everything that memory starts with: addresses and bytes.
fn segments(parts: &Parts<'_, '_>) -> Vec<(u32, Vec<u8>)> {
    let mut segments = Vec::new();
    let mut add = |address: u32, bytes: &[u8]| {
        // Memory starts as zeros; writing them would only make the module larger.
        for (start, run) in nonzero_runs(bytes) {
            segments.push((address + start as u32, run.to_vec()));
        }
    };
    for (address, bytes) in &parts.reached.data {
        add(*address, bytes);
    }
    add(parts.linked.data.0, &parts.linked.data.1);
    // Last, so that it overwrites the empty description that the guest was built with.
    let (image_address, image) = &parts.linked.image;
    segments.push((*image_address, image_bytes(image)));
    segments
}

/// Where the module has no say in how large memory is at first, the start function copies the segments.
fn data_section(parts: &Parts<'_, '_>, segments: &[(u32, Vec<u8>)]) -> DataSection {
    let mut section = DataSection::new();
    for (address, bytes) in segments {
        if parts.is_for_opa() {
            section.passive(bytes.iter().copied());
        } else {
            section.active(0, &ConstExpr::i32_const(*address as i32), bytes.iter().copied());
        }
    }
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
    let mut index = parts.imports.len() as u32;
    let mut name = |text: &str| {
        functions.append(index, text);
        index += 1;
    };
    for function in &parts.program.functions {
        name(&function.name);
    }
    for entry in &parts.entries {
        name(&entry.name);
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
