//! The precompiled guest, taken apart: its functions, data objects and who refers to whom.
//!
//! The guest is linked with `--emit-relocs`, so that it still carries the symbol table and relocations of
//! <https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md>. A relocation inside a function's body or a
//! data object that names another function or object is an edge; that is all [`crate::reach`] needs.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use wasmparser::{
    DataKind, ElementItems, ExternalKind, FunctionBody, KnownCustom, Linking, Operator, Parser,
    Payload, RelocationType, SymbolInfo,
};

/// The guest's bytes, see `cargo xtask guest`.
pub static BYTES: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../guest/guest.wasm"));

/// A function of the guest, an index into [`Guest::functions`].
pub type FuncIdx = u32;

/// The guest, taken apart. Broken guests are bugs of the build, so that reading panics on them.
pub struct Guest<'a> {
    /// The function types, by type index.
    pub types: Vec<wasmparser::FuncType>,
    /// The functions, by function index (there are no imports).
    pub functions: Vec<Function<'a>>,
    /// The globals' types and initial values.
    pub globals: Vec<(wasmparser::GlobalType, i64)>,
    /// The exported functions by name.
    pub exports: BTreeMap<&'a str, FuncIdx>,
    /// The exported globals by name, with the values they have: addresses of data symbols.
    pub addresses: BTreeMap<&'a str, u32>,
    /// The function table: slot by slot.
    pub table: Vec<Option<FuncIdx>>,
    /// The table's declared minimum.
    pub table_size: u64,
    /// The data segments: address and bytes.
    pub segments: Vec<(u32, &'a [u8])>,
    /// The data objects.
    pub objects: Vec<Object>,
}

/// A function of the guest.
pub struct Function<'a> {
    /// Its type.
    pub ty: u32,
    /// Its body.
    pub body: FunctionBody<'a>,
    /// What it refers to.
    pub uses: Vec<Node>,
}

/// A data object of the guest: a constant, a table, a static.
pub struct Object {
    /// Its addresses.
    pub range: Range<u32>,
    /// What it refers to.
    pub uses: Vec<Node>,
}

/// Something that can be referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// A function that is called.
    Function(FuncIdx),
    /// A function whose address is taken.
    Address(FuncIdx),
    /// A data object, an index into [`Guest::objects`].
    Object(usize),
}

/// A symbol, by its index in the symbol table.
#[derive(Clone, Copy)]
enum Symbol {
    Function(FuncIdx),
    Object(usize),
    Other,
}

impl Guest<'static> {
    /// The guest of this build, taken apart once a process.
    pub fn shared() -> &'static Guest<'static> {
        static GUEST: OnceLock<Guest<'static>> = OnceLock::new();
        GUEST.get_or_init(|| Guest::parse(BYTES))
    }
}

impl<'a> Guest<'a> {
    /// Reads a guest module.
    pub fn parse(bytes: &'a [u8]) -> Guest<'a> {
        Reader::new(bytes).read()
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    guest: Guest<'a>,
    /// Where the contents of the code and the data section start, for relocation offsets.
    code_start: usize,
    data_start: usize,
    /// Where each segment's bytes lie in the file.
    segment_files: Vec<Range<usize>>,
    symbols: Vec<Symbol>,
    code_relocs: Vec<(u32, RelocationType, u32)>,
    data_relocs: Vec<(u32, RelocationType, u32)>,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader {
            bytes,
            guest: Guest {
                types: Vec::new(),
                functions: Vec::new(),
                globals: Vec::new(),
                exports: BTreeMap::new(),
                addresses: BTreeMap::new(),
                table: Vec::new(),
                table_size: 0,
                segments: Vec::new(),
                objects: Vec::new(),
            },
            code_start: 0,
            data_start: 0,
            segment_files: Vec::new(),
            symbols: Vec::new(),
            code_relocs: Vec::new(),
            data_relocs: Vec::new(),
        }
    }

    fn read(mut self) -> Guest<'a> {
        let mut function_types = Vec::new();
        for payload in Parser::new(0).parse_all(self.bytes) {
            match payload.expect("guest.wasm is a well-formed module") {
                Payload::TypeSection(types) => {
                    let types = types.into_iter_err_on_gc_types();
                    self.guest.types = types.map(|ty| ty.expect("a function type")).collect();
                }
                Payload::ImportSection(imports) => {
                    assert_eq!(imports.count(), 0, "the guest imports nothing")
                }
                Payload::FunctionSection(types) => {
                    function_types =
                        types.into_iter().map(|ty| ty.expect("a type index")).collect();
                }
                Payload::TableSection(tables) => {
                    for table in tables {
                        self.guest.table_size = table.expect("a table").ty.initial;
                    }
                }
                Payload::GlobalSection(globals) => {
                    for global in globals {
                        let global = global.expect("a global");
                        self.guest.globals.push((global.ty, constant(&global.init_expr)));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        self.export(export.expect("an export"));
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        self.element(element.expect("an element segment"));
                    }
                }
                Payload::CodeSectionStart { range, .. } => {
                    self.code_start = range.start;
                }
                Payload::CodeSectionEntry(body) => {
                    let ty = function_types[self.guest.functions.len()];
                    self.guest.functions.push(Function { ty, body, uses: Vec::new() });
                }
                Payload::DataSection(segments) => {
                    self.data_start = segments.range().start;
                    for segment in segments {
                        self.segment(segment.expect("a data segment"));
                    }
                }
                Payload::CustomSection(section) => self.custom(&section),
                _ => {}
            }
        }
        self.connect();
        self.guest
    }

    fn export(&mut self, export: wasmparser::Export<'a>) {
        match export.kind {
            ExternalKind::Func => {
                self.guest.exports.insert(export.name, export.index);
            }
            ExternalKind::Global => {
                let value = self.guest.globals[export.index as usize].1;
                self.guest.addresses.insert(export.name, value as u32);
            }
            _ => {}
        }
    }

    fn element(&mut self, element: wasmparser::Element<'a>) {
        let wasmparser::ElementKind::Active { offset_expr, .. } = element.kind else { return };
        let offset = constant(&offset_expr) as usize;
        let ElementItems::Functions(functions) = element.items else {
            panic!("the guest's table holds functions");
        };
        for (at, function) in functions.into_iter().enumerate() {
            let slot = offset + at;
            if self.guest.table.len() <= slot {
                self.guest.table.resize(slot + 1, None);
            }
            self.guest.table[slot] = Some(function.expect("a function index"));
        }
    }

    fn segment(&mut self, segment: wasmparser::Data<'a>) {
        let DataKind::Active { offset_expr, .. } = segment.kind else {
            panic!("the guest's data segments are active");
        };
        let end = segment.range.end;
        self.segment_files.push(end - segment.data.len()..end);
        self.guest.segments.push((constant(&offset_expr) as u32, segment.data));
    }

    fn custom(&mut self, section: &wasmparser::CustomSectionReader<'a>) {
        match section.as_known() {
            KnownCustom::Linking(linking) => {
                for part in linking.subsections() {
                    if let Linking::SymbolTable(symbols) = part.expect("a linking subsection") {
                        for symbol in symbols {
                            let symbol = self.symbol(symbol.expect("a symbol"));
                            self.symbols.push(symbol);
                        }
                    }
                }
            }
            KnownCustom::Reloc(relocs) => {
                let entries = relocs.entries().into_iter().map(|entry| {
                    let entry = entry.expect("a relocation");
                    (entry.offset, entry.ty, entry.index)
                });
                match section.name() {
                    "reloc.CODE" => self.code_relocs = entries.collect(),
                    "reloc.DATA" => self.data_relocs = entries.collect(),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn symbol(&mut self, symbol: SymbolInfo<'a>) -> Symbol {
        match symbol {
            SymbolInfo::Func { index, .. } => Symbol::Function(index),
            SymbolInfo::Data { symbol: Some(symbol), .. } => {
                // Zero-initialised objects have no segment: nothing of them needs to be kept.
                let Some((address, _)) = self.guest.segments.get(symbol.index as usize) else {
                    return Symbol::Other;
                };
                let start = address + symbol.offset;
                self.guest
                    .objects
                    .push(Object { range: start..start + symbol.size, uses: Vec::new() });
                Symbol::Object(self.guest.objects.len() - 1)
            }
            _ => Symbol::Other,
        }
    }

    /// Turns relocations into edges.
    fn connect(&mut self) {
        let bodies: Vec<Range<usize>> = self
            .guest
            .functions
            .iter()
            .map(|function| function.body.range().start..function.body.range().end)
            .collect();
        for (offset, ty, symbol) in std::mem::take(&mut self.code_relocs) {
            let at = self.code_start + offset as usize;
            let Some(node) = self.node(ty, symbol) else { continue };
            let index = bodies.partition_point(|body| body.end <= at);
            assert!(bodies[index].contains(&at), "a code relocation lies in a function");
            self.guest.functions[index].uses.push(node);
        }
        let mut by_start: Vec<usize> = (0..self.guest.objects.len()).collect();
        by_start.sort_by_key(|object| self.guest.objects[*object].range.start);
        // The furthest end of any object up to here: objects may overlap, and behind it none reaches.
        let ends: Vec<u32> = by_start
            .iter()
            .scan(0, |end, object| {
                *end = self.guest.objects[*object].range.end.max(*end);
                Some(*end)
            })
            .collect();
        for (offset, ty, symbol) in std::mem::take(&mut self.data_relocs) {
            let Some(node) = self.node(ty, symbol) else { continue };
            let address = self.address(self.data_start + offset as usize);
            let behind =
                by_start.partition_point(|it| self.guest.objects[*it].range.start <= address);
            for at in (0..behind).rev().take_while(|at| ends[*at] > address) {
                let object = &mut self.guest.objects[by_start[at]];
                if object.range.contains(&address) {
                    object.uses.push(node);
                }
            }
        }
    }

    fn node(&self, ty: RelocationType, symbol: u32) -> Option<Node> {
        if ty == RelocationType::TypeIndexLeb {
            return None;
        }
        let address = matches!(
            ty,
            RelocationType::TableIndexSleb
                | RelocationType::TableIndexI32
                | RelocationType::TableIndexRelSleb
        );
        match self.symbols[symbol as usize] {
            Symbol::Function(function) if address => Some(Node::Address(function)),
            Symbol::Function(function) => Some(Node::Function(function)),
            Symbol::Object(object) => Some(Node::Object(object)),
            Symbol::Other => None,
        }
    }

    /// The address in memory of a byte of the file.
    fn address(&self, file: usize) -> u32 {
        let segment = self.segment_files.partition_point(|range| range.end <= file);
        assert!(self.segment_files[segment].contains(&file), "a data relocation lies in a segment");
        self.guest.segments[segment].0 + (file - self.segment_files[segment].start) as u32
    }
}

/// The value of a constant expression.
fn constant(expr: &wasmparser::ConstExpr<'_>) -> i64 {
    match expr.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => i64::from(value),
        Ok(Operator::I64Const { value }) => value,
        other => panic!("the guest's constants are plain integers, found {other:?}"),
    }
}
