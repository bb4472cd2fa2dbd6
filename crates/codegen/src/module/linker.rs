//! What generated functions refer to: guest functions, constants, slots. Each gets its index or address when it is
//! first asked for.
//!
//! The order of functions in the module is: imported functions, the program's functions, those that stand for host
//! functions, generated entries, guest functions that are called from generated code in the order of their first use,
//! then the rest of the guest that is kept.

use std::collections::BTreeMap;
use std::ops::Range;

use palisade_abi::host::{HostFunction, host_function};
use palisade_abi::image::{self, Image};
use palisade_ir::program::{
    BuiltinId, ConstId, ErrorInfo, FuncId, HeldId, Location, PatternId, Program, SlotId,
};
use palisade_value::{AnyValue, Value, json};

use super::PRINT;
use super::host_functions;
use crate::guest::{FuncIdx, Guest};
use crate::memory::Memory;
use crate::paths::Paths;

/// See the module's documentation.
pub struct Linker<'p> {
    guest_exports: BTreeMap<String, FuncIdx>,
    program: &'p Program,
    memory: Memory,
    image: Image,
    image_address: u32,
    input_slots: BTreeMap<Vec<String>, u32>,
    data_slots: BTreeMap<Vec<String>, u32>,
    input_is_replaced: bool,
    constants: Vec<Option<u64>>,
    constant_lists: BTreeMap<Vec<ConstId>, u32>,
    match_tables: BTreeMap<Vec<ConstId>, u32>,
    patterns: BTreeMap<PatternId, u32>,
    error_records: BTreeMap<(String, String, String), u32>,
    /// The host functions that the program calls.
    hosts: Vec<&'static HostFunction>,
    /// The indices of generated functions in the module.
    generated: Range<u32>,
    roots: Vec<FuncIdx>,
    n_memos_used: u32,
    /// The generated function that prints, where the host does that.
    host_print: Option<u32>,
}

/// What is known when all functions have been generated.
pub struct Linked {
    /// The guest functions that generated code calls, in their order.
    pub roots: Vec<FuncIdx>,
    /// Address and bytes of the static data.
    pub data: (u32, Vec<u8>),
    /// Where the guest finds the image's description, and the description.
    pub image: (u32, Image),
}

impl Linked {
    /// The address behind all static data.
    pub fn memory_end(&self) -> usize {
        self.data.0 as usize + self.data.1.len()
    }
}

impl<'p> Linker<'p> {
    /// Lays out what is known beforehand.
    ///
    /// `generated` are the indices that generated functions have in the module.
    pub fn new(
        guest: &Guest<'_>,
        program: &'p Program,
        paths: &Paths,
        generated: Range<u32>,
    ) -> Linker<'p> {
        let mut memory = Memory::new(guest.addresses["__heap_base"]);
        let n_memos = program.functions.iter().filter(|it| it.is_memo).count();
        let data_words: Vec<u64> = paths
            .data
            .iter()
            .map(|path| at_path(&program.data.0, path).map_or(0, |it| memory.value(&it)))
            .collect();
        let data_paths: Vec<u64> = paths
            .data
            .iter()
            .map(|path| {
                memory.value(&Value::array(path.iter().map(|key| Value::text(key)).collect()))
            })
            .collect();
        let rule_texts: Vec<u64> =
            program.rules.iter().map(|rule| memory.text(&rule_text(rule))).collect();
        let image = Image {
            arena_start: 0,
            input_shape: paths.write_shape(&mut memory),
            input_slots: memory.reserve_words(paths.input.len()),
            n_input_slots: paths.input.len() as u32,
            data_slots: memory.words(data_words),
            n_data_slots: paths.data.len() as u32,
            data_paths: memory.words(data_paths),
            memos: memory.reserve_words(n_memos),
            n_memos: n_memos as u32,
            slots: memory.reserve_words(program.slots.len().max(1)),
            n_slots: program.slots.len().max(1) as u32,
            held: memory.reserve_bytes(program.rules.len()),
            n_held: program.rules.len() as u32,
            rule_texts: memory.words(rule_texts),
        };
        let addresses = |paths: &[Vec<String>], base: u32| {
            (0u32..).zip(paths).map(|(at, path)| (path.clone(), base + at * 8)).collect()
        };
        Linker {
            guest_exports: guest
                .exports
                .iter()
                .map(|(name, index)| ((*name).to_owned(), *index))
                .collect(),
            program,
            input_slots: addresses(&paths.input, image.input_slots),
            data_slots: addresses(&paths.data, image.data_slots),
            input_is_replaced: paths.input_is_replaced,
            memory,
            image,
            image_address: guest.addresses[image::IMAGE_SYMBOL],
            constants: vec![None; program.constants.len()],
            constant_lists: BTreeMap::new(),
            match_tables: BTreeMap::new(),
            patterns: BTreeMap::new(),
            error_records: BTreeMap::new(),
            hosts: host_functions(program),
            generated,
            roots: Vec::new(),
            n_memos_used: 0,
            host_print: None,
        }
    }

    /// The index of a guest function.
    pub fn rt(&mut self, name: &str) -> u32 {
        let function =
            *self.guest_exports.get(name).unwrap_or_else(|| panic!("the guest exports {name}"));
        let at = self.roots.iter().position(|root| *root == function).unwrap_or_else(|| {
            self.roots.push(function);
            self.roots.len() - 1
        });
        self.generated.end + at as u32
    }

    /// The index of a generated function.
    pub fn function(&self, function: FuncId) -> u32 {
        self.generated.start + function.0
    }

    /// The address of a cell with a value.
    pub fn cell(&mut self, value: &Value) -> u32 {
        let word = self.memory.value(value);
        self.memory.words([word])
    }

    /// Lets a generated function, which calls the host, be what prints.
    pub fn print_by_host(&mut self, function: u32) {
        self.host_print = Some(function);
    }

    /// Whether there is a function for a built-in.
    pub fn has_builtin(&self, name: &str) -> bool {
        self.guest_exports.contains_key(&builtin_export(name)) || host_function(name).is_some()
    }

    /// The index of a built-in's function.
    pub fn builtin(&mut self, builtin: BuiltinId) -> u32 {
        let name = &self.program.builtins[builtin.0 as usize].name;
        if let Some(at) = self.hosts.iter().position(|it| it.name == name) {
            return self.generated.start + self.program.functions.len() as u32 + at as u32;
        }
        match self.host_print {
            Some(function) if name == PRINT => function,
            _ => self.rt(&builtin_export(name)),
        }
    }

    /// The index of the function that is a built-in for a known pattern: it takes the tables' address first.
    pub fn builtin_with_pattern(&mut self, builtin: BuiltinId) -> u32 {
        let name = &self.program.builtins[builtin.0 as usize].name;
        self.rt(&format!("known_{}", name.replace('.', "_")))
    }

    /// The address of a pattern's tables.
    pub fn pattern(&mut self, pattern: PatternId) -> u32 {
        let program = self.program;
        if let Some(address) = self.patterns.get(&pattern) {
            return *address;
        }
        let address = self.memory.block(&program.patterns[pattern.0 as usize].tables);
        self.patterns.insert(pattern, address);
        address
    }

    /// The next memo cell.
    pub fn memo(&mut self) -> u32 {
        self.n_memos_used += 1;
        self.image.memos + (self.n_memos_used - 1) * 8
    }

    /// The address of a replacement slot.
    pub fn slot(&self, slot: SlotId) -> u32 {
        self.image.slots + slot.0 * 8
    }

    /// The address of a rule's mark.
    pub fn held(&self, rule: HeldId) -> u32 {
        self.image.held + rule.0
    }

    /// Whether anything in the program replaces the input.
    pub fn input_is_replaced(&self) -> bool {
        self.input_is_replaced
    }

    /// The address of the slot of an input path.
    pub fn input_slot(&self, path: &[String]) -> u32 {
        self.input_slots[path]
    }

    /// The address of the slot of a base data path.
    pub fn data_slot(&self, path: &[String]) -> u32 {
        self.data_slots[path]
    }

    /// The word of a string.
    pub fn text(&mut self, text: &str) -> u64 {
        self.memory.text(text)
    }

    /// The word of a constant.
    pub fn constant(&mut self, constant: ConstId) -> u64 {
        let at = constant.0 as usize;
        let program = self.program;
        *self.constants[at].get_or_insert_with(|| self.memory.value(&program.constants[at]))
    }

    /// The address of the words of some constants.
    pub fn constant_words(&mut self, constants: &[ConstId]) -> u32 {
        if let Some(address) = self.constant_lists.get(constants) {
            return *address;
        }
        let words: Vec<u64> = constants.iter().map(|constant| self.constant(*constant)).collect();
        let address = self.memory.words(words);
        self.constant_lists.insert(constants.to_vec(), address);
        address
    }

    /// The address of the table that finds a case by its constant.
    pub fn match_table(&mut self, cases: &[ConstId]) -> u32 {
        if let Some(address) = self.match_tables.get(cases) {
            return *address;
        }
        let program = self.program;
        let mut sorted: Vec<(u64, ConstId)> = (0..).zip(cases.iter().copied()).collect();
        sorted.sort_by_key(|(_, constant)| &program.constants[constant.0 as usize]);
        let words: Vec<u64> =
            sorted.iter().flat_map(|(case, constant)| [self.constant(*constant), *case]).collect();
        let address = self.memory.words(std::iter::once(cases.len() as u64).chain(words));
        self.match_tables.insert(cases.to_vec(), address);
        address
    }

    /// The word of a place's JSON text.
    pub fn location(&mut self, location: &Location) -> u64 {
        self.memory.text(&location_text(location))
    }

    /// The address of an error's record.
    pub fn error_record(&mut self, error: &ErrorInfo) -> u32 {
        let texts = (quote(error.code), quote(&error.message), location_text(&error.location));
        if let Some(address) = self.error_records.get(&texts) {
            return *address;
        }
        let words =
            [self.memory.text(&texts.0), self.memory.text(&texts.1), self.memory.text(&texts.2), 0];
        let address = self.memory.words(words);
        self.error_records.insert(texts, address);
        address
    }

    /// Ends the layout: the arena begins behind everything.
    pub fn finish(mut self) -> Linked {
        self.image.arena_start = self.memory.align(16);
        Linked {
            roots: self.roots,
            data: self.memory.into_segment(),
            image: (self.image_address, self.image),
        }
    }
}

/// The guest's export for a built-in: `json.patch` is `bi_json_patch`.
fn builtin_export(name: &str) -> String {
    format!("bi_{}", name.replace('.', "_"))
}

fn rule_text(rule: &palisade_ir::program::RuleInfo) -> String {
    json::to_json(&Value::object_of([
        ("file", Value::text(&rule.file)),
        ("path", Value::text(&rule.path)),
        ("row", Value::from(i64::from(rule.row))),
    ]))
}

fn location_text(location: &Location) -> String {
    json::to_json(&Value::object_of([
        ("file", Value::text(&location.file)),
        ("row", Value::from(i64::from(location.row))),
        ("col", Value::from(i64::from(location.col))),
    ]))
}

fn quote(text: &str) -> String {
    json::to_json(&Value::text(text))
}

fn at_path(data: &Value, path: &[String]) -> Option<Value> {
    path.iter().try_fold(data.clone(), |value, key| value.get_str(key))
}
