//! What a module shows to hosts of OPA's Wasm ABI 1.3.
//!
//! Most of the exports are functions of the guest. Generated are those that call the policy or the host: `eval`,
//! `opa_eval`, `entrypoints`, `builtins`, and the start function.
//!
//! The host makes the memory, of a size of its own choosing. So the module asks for little, makes it as large as it must
//! be when it starts, and only then writes its data there.
//!
//! Built-ins are native, so that the host need not have any. One exception is its clock: a policy that looks at the
//! time, or needs a start for randomness, asks the host for `time.now_ns` once an evaluation. Another is `print`, in
//! modules that keep it: the host gets what is printed as it comes, by `internal.print`. The last are functions that reach
//! out of the evaluation, such as `http.send`, where the policy was compiled with the permission to call them.

use palisade_abi::image;
use palisade_ir::program::Program;
use palisade_value::Value;
use wasm_encoder::{BlockType, Instruction as I, ValType};

use super::{Entry, Import, Linker, PRINT, host, host_functions, prints};
use crate::function::Body;

/// The functions of the guest that the host calls.
pub const GUEST_EXPORTS: &[&str] = &[
    "opa_malloc",
    "opa_free",
    "opa_value_free",
    "opa_heap_ptr_get",
    "opa_heap_ptr_set",
    "opa_heap_blocks_stash",
    "opa_heap_blocks_restore",
    "opa_heap_stash_clear",
    "opa_json_parse",
    "opa_json_dump",
    "opa_value_parse",
    "opa_value_dump",
    "opa_value_add_path",
    "opa_value_remove_path",
    "opa_eval_ctx_new",
    "opa_eval_ctx_set_input",
    "opa_eval_ctx_set_data",
    "opa_eval_ctx_set_entrypoint",
    "opa_eval_ctx_get_result",
];

/// The exported globals: the version of the ABI.
pub const VERSION: [(&str, i32); 2] =
    [("opa_wasm_abi_version", 1), ("opa_wasm_abi_minor_version", 3)];

/// How many functions [`entries`] gives.
pub fn n_entries(program: &Program) -> u32 {
    if prints(program) { 6 } else { 5 }
}

/// Which of the generated functions prints, in a program that prints: the first one behind those that stand for what the
/// host is asked.
pub fn print_index(program: &Program) -> u32 {
    (program.functions.len() + host_functions(program).len()) as u32
}

/// How many pages of memory the module asks its host for.
pub const PAGES_MIN: u64 = 2;

/// The imported functions, by their index.
const ABORT: u32 = 0;
const BUILTIN0: u32 = 1;

/// The numbers by which the host knows the built-ins that it has to have.
const NOW_ID: i32 = 0;
const PRINT_ID: i32 = 1;

/// The number by which the host knows the first of the functions that reach out; the others follow.
const FIRST_HOST_ID: i32 = 2;

/// The built-ins whose result depends on the time, or on a seed that is taken from it.
const TIMED: [&str; 6] = [
    "time.now_ns",
    "rand.intn",
    "uuid.rfc4122",
    "io.jwt.decode_verify",
    "io.jwt.encode_sign",
    "io.jwt.encode_sign_raw",
];

fn needs_time(program: &Program) -> bool {
    program.builtins.iter().any(|it| TIMED.contains(&it.name.as_str()))
}

/// What the module imports, besides the memory.
pub fn imports(program: &Program) -> Vec<Import> {
    let i32s = |n| vec![ValType::I32; n];
    let import = |name, signature| Import { module: "env", name, signature };
    let mut imports = vec![import("opa_abort", (i32s(1), Vec::new()))];
    if needs_time(program) {
        imports.push(import("opa_builtin0", (i32s(2), i32s(1))));
    }
    if prints(program) || !host_functions(program).is_empty() {
        imports.push(import("opa_builtin1", (i32s(3), i32s(1))));
    }
    imports
}

/// The import by which the host is asked with one argument: the last one, where there is something to ask.
fn one_argument(program: &Program) -> u32 {
    imports(program).len() as u32 - 1
}

/// The functions that stand for what the host is asked.
pub fn host_entries(linker: &mut Linker<'_>, program: &Program) -> Vec<Entry> {
    let import = one_argument(program);
    let numbered = (FIRST_HOST_ID..).zip(host_functions(program));
    let entry = |(id, function)| {
        let argument = 0;
        let code = vec![
            I::I32Const(id),
            I::I32Const(0),
            I::LocalGet(argument),
            I::Call(linker.rt("rt_opa_cell")),
            I::Call(import),
            I::Call(linker.rt("rt_opa_value")),
        ];
        host::of(function, Body { locals: Vec::new(), code })
    };
    numbered.map(entry).collect()
}

/// The generated functions; the start function is the last one, its body follows when the data is known.
pub fn entries(linker: &mut Linker<'_>, program: &Program) -> Vec<Entry> {
    let start = Entry {
        exports: Vec::new(),
        name: "start".to_owned(),
        signature: (Vec::new(), Vec::new()),
        body: Body { locals: Vec::new(), code: Vec::new() },
    };
    let print = prints(program).then(|| print(linker, program));
    let called_by_host = [
        eval(linker, program),
        opa_eval(linker, program),
        entrypoints(linker, program),
        builtins(linker, program),
    ];
    print.into_iter().chain(called_by_host).chain([start]).collect()
}

/// `eval(context) -> 0`
fn eval(linker: &mut Linker<'_>, program: &Program) -> Entry {
    let (context, entrypoint, value, end) = (0, 1, 2, 3);
    let mut code =
        vec![I::LocalGet(context), I::Call(linker.rt("rt_opa_begin")), I::LocalSet(entrypoint)];
    code.extend(now(linker, program));
    code.extend(dispatch(linker, program, entrypoint, end));
    code.extend([
        I::LocalSet(value),
        I::LocalGet(context),
        I::LocalGet(value),
        I::Call(linker.rt("rt_opa_end")),
        I::LocalSet(end),
    ]);
    code.extend(abort_if(end));
    code.push(I::I32Const(0));
    Entry {
        exports: vec!["eval".to_owned()],
        name: "eval".to_owned(),
        signature: (vec![ValType::I32], vec![ValType::I32]),
        body: Body { locals: vec![ValType::I32, ValType::I64, ValType::I64], code },
    }
}

/// `opa_eval(reserved, entrypoint, data, input, input length, heap, format) -> text`
fn opa_eval(linker: &mut Linker<'_>, program: &Program) -> Entry {
    let (entrypoint, data, input, len, heap, format, end) = (1, 2, 3, 4, 5, 6, 7);
    let mut code: Vec<I<'static>> = [data, input, len, heap].map(I::LocalGet).into();
    code.extend([I::Call(linker.rt("rt_opa_eval_begin")), I::LocalSet(end)]);
    code.extend(abort_if(end));
    code.extend(now(linker, program));
    code.extend(dispatch(linker, program, entrypoint, end));
    code.extend([I::LocalGet(format), I::Call(linker.rt("rt_opa_eval_end")), I::LocalSet(end)]);
    code.extend(abort_if(end));
    code.extend([I::LocalGet(end), I::I32WrapI64]);
    Entry {
        exports: vec!["opa_eval".to_owned()],
        name: "opa_eval".to_owned(),
        signature: (vec![ValType::I32; 7], vec![ValType::I32]),
        body: Body { locals: vec![ValType::I64], code },
    }
}

/// Runs the function of the entrypoint whose number is in a local, and leaves its value. Aborts if there is none.
fn dispatch(
    linker: &mut Linker<'_>,
    program: &Program,
    entrypoint: u32,
    end: u32,
) -> Vec<I<'static>> {
    let mut code = vec![I::Block(BlockType::Result(ValType::I64))];
    for (number, it) in program.entrypoints.iter().enumerate() {
        code.extend([
            I::LocalGet(entrypoint),
            I::I32Const(number as i32),
            I::I32Eq,
            I::If(BlockType::Empty),
            I::Call(linker.function(it.function)),
            I::Br(1),
            I::End,
        ]);
    }
    code.extend([I::Call(linker.rt("rt_opa_no_entrypoint")), I::LocalSet(end)]);
    code.extend(abort_if(end));
    code.extend([I::Unreachable, I::End]);
    code
}

/// Asks the host for the time, where the policy needs it.
fn now(linker: &mut Linker<'_>, program: &Program) -> Vec<I<'static>> {
    if !needs_time(program) {
        return Vec::new();
    }
    vec![I::I32Const(NOW_ID), I::I32Const(0), I::Call(BUILTIN0), I::Call(linker.rt("rt_opa_now"))]
}

/// Gives the host a line to print.
fn print(linker: &mut Linker<'_>, program: &Program) -> Entry {
    let host = one_argument(program);
    let code = vec![
        I::I32Const(PRINT_ID),
        I::I32Const(0),
        I::LocalGet(0),
        I::Call(linker.rt("rt_opa_cell")),
        I::Call(host),
        I::Drop,
        I::I64Const(image::TRUE as i64),
    ];
    Entry {
        exports: Vec::new(),
        name: "print".to_owned(),
        signature: (vec![ValType::I64], vec![ValType::I64]),
        body: Body { locals: Vec::new(), code },
    }
}

/// Aborts where the result of a step in a local says so, with the text whose address is in its lower half.
fn abort_if(end: u32) -> [I<'static>; 9] {
    [
        I::LocalGet(end),
        I::I64Const(0),
        I::I64LtS,
        I::If(BlockType::Empty),
        I::LocalGet(end),
        I::I32WrapI64,
        I::Call(ABORT),
        I::Unreachable,
        I::End,
    ]
}

/// `entrypoints() -> value`: their numbers by name.
fn entrypoints(linker: &mut Linker<'_>, program: &Program) -> Entry {
    let numbers = program.entrypoints.iter().zip(0..);
    let numbers = Value::object_of(numbers.map(|(it, at)| (it.path.as_str(), Value::from(at))));
    constant(linker, "entrypoints", &numbers)
}

/// `builtins() -> value`: the numbers of those that the host must have.
fn builtins(linker: &mut Linker<'_>, program: &Program) -> Entry {
    let now = needs_time(program).then_some(("time.now_ns", NOW_ID));
    let print = prints(program).then_some((PRINT, PRINT_ID));
    let hosts = host_functions(program).into_iter().map(|it| it.name).zip(FIRST_HOST_ID..);
    let numbers = now.into_iter().chain(print).chain(hosts);
    let numbers = Value::object_of(numbers.map(|(name, id)| (name, Value::from(i64::from(id)))));
    constant(linker, "builtins", &numbers)
}

/// A function that gives the address of a value.
fn constant(linker: &mut Linker<'_>, name: &str, value: &Value) -> Entry {
    let code = vec![I::I32Const(linker.cell(value) as i32)];
    Entry {
        exports: vec![name.to_owned()],
        name: name.to_owned(),
        signature: (Vec::new(), vec![ValType::I32]),
        body: Body { locals: Vec::new(), code },
    }
}

/// The start function: makes the memory as large as it must be, and copies the data segments into it.
pub fn start(pages: u64, segments: &[(u32, Vec<u8>)]) -> Body {
    let pages = pages as i32;
    let mut code = vec![
        I::MemorySize(0),
        I::I32Const(pages),
        I::I32LtU,
        I::If(BlockType::Empty),
        I::I32Const(pages),
        I::MemorySize(0),
        I::I32Sub,
        I::MemoryGrow(0),
        I::I32Const(-1),
        I::I32Eq,
        I::If(BlockType::Empty),
        I::Unreachable,
        I::End,
        I::End,
    ];
    for (index, (address, bytes)) in (0..).zip(segments) {
        code.extend([
            I::I32Const(*address as i32),
            I::I32Const(0),
            I::I32Const(bytes.len() as i32),
            I::MemoryInit { mem: 0, data_index: index },
            I::DataDrop(index),
        ]);
    }
    Body { locals: Vec::new(), code }
}
