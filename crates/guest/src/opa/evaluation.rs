//! One evaluation: in one step from text to text, or in many over a context.

use palisade_value::{AnyValue, Entry};

use crate::arena;
use crate::image::{read_u32, write_u32};
use crate::json::write::Out;
use crate::opa::values::{self, ABORT};
use crate::opa::literal;
use crate::rt::{ambient, data, errors, evaluation};
use crate::word::{self, Word};

/// An evaluation context: the addresses of input, data and result, and the number of the entrypoint.
const CONTEXT_WORDS: usize = 2;
const INPUT: u32 = 0;
const DATA: u32 = 4;
const RESULT: u32 = 8;
const ENTRYPOINT: u32 = 12;

/// A new context.
#[unsafe(no_mangle)]
pub extern "C" fn opa_eval_ctx_new() -> u32 {
    arena::attach();
    let context = word::words_block(CONTEXT_WORDS);
    [INPUT, DATA, RESULT, ENTRYPOINT].into_iter().for_each(|at| write_u32(context + at, 0));
    context
}

/// Sets a context's input.
#[unsafe(no_mangle)]
pub extern "C" fn opa_eval_ctx_set_input(context: u32, value: u32) {
    write_u32(context + INPUT, value);
}

/// Sets a context's data.
#[unsafe(no_mangle)]
pub extern "C" fn opa_eval_ctx_set_data(context: u32, value: u32) {
    write_u32(context + DATA, value);
}

/// Sets a context's entrypoint.
#[unsafe(no_mangle)]
pub extern "C" fn opa_eval_ctx_set_entrypoint(context: u32, entrypoint: u32) {
    write_u32(context + ENTRYPOINT, entrypoint);
}

/// The result of a context that was evaluated: a set of objects.
#[unsafe(no_mangle)]
pub extern "C" fn opa_eval_ctx_get_result(context: u32) -> u32 {
    read_u32(context + RESULT)
}

/// Starts the evaluation of a context. The number of its entrypoint.
#[unsafe(no_mangle)]
pub extern "C" fn rt_opa_begin(context: u32) -> u32 {
    arena::attach();
    evaluation::begin_with(values::get(read_u32(context + INPUT)));
    data::use_document(values::get(read_u32(context + DATA)));
    read_u32(context + ENTRYPOINT)
}

/// Ends the evaluation of a context. 0, or that the host is to abort.
#[unsafe(no_mangle)]
pub extern "C" fn rt_opa_end(context: u32, value: u64) -> u64 {
    if errors::raised() != 0 {
        return raised();
    }
    let members = match Word(value) {
        Word::UNDEFINED => Vec::new(),
        value => vec![Word::object(vec![Entry { key: <Word as AnyValue>::text("result"), value }])],
    };
    write_u32(context + RESULT, values::cell(Word::set(members)));
    ambient::reset();
    0
}

/// Starts an evaluation in one step: memory above `heap` is free, the input is text. 0, or that the host is to abort.
#[unsafe(no_mangle)]
pub extern "C" fn rt_opa_eval_begin(data: u32, input: u32, len: u32, heap: u32) -> u64 {
    arena::attach();
    arena::rewind(heap);
    let refused = evaluation::rt_begin(input, len);
    if refused != 0 {
        // It is no JSON. It may be a literal with sets.
        let value = values::get(values::opa_value_parse(input, len));
        if !value.is_defined() {
            return values::abort(b"the input is neither JSON nor a Rego literal");
        }
        evaluation::begin_with(value);
    }
    data::use_document(values::get(data));
    0
}

/// Ends an evaluation in one step: the address of the text for the host, as JSON or (`format` 1) as a Rego literal; or
/// that the host is to abort.
#[unsafe(no_mangle)]
pub extern "C" fn rt_opa_eval_end(value: u64, format: u32) -> u64 {
    if errors::raised() != 0 {
        return raised();
    }
    let value = Word(value);
    let mut out = Out::new();
    match (format, value.is_defined()) {
        (1, false) => out.raw(b"set()"),
        (1, true) => {
            out.raw(b"{{\"result\":");
            literal::write(&mut out, value);
            out.raw(b"}}");
        }
        (_, false) => out.raw(b"[]"),
        (_, true) => {
            out.raw(b"[{\"result\":");
            out.value(value);
            out.raw(b"}]");
        }
    }
    ambient::reset();
    u64::from(values::terminated(out))
}

/// That the host is to abort because there is no such entrypoint.
#[unsafe(no_mangle)]
pub extern "C" fn rt_opa_no_entrypoint() -> u64 {
    values::abort(b"internal: illegal entrypoint id")
}

/// Sets the time of the evaluation that was begun, and where its randomness starts, from what the host's clock said.
#[unsafe(no_mangle)]
pub extern "C" fn rt_opa_now(value: u32) {
    ambient::set_now(values::get(value));
}

/// The value in a cell that the host gave.
#[unsafe(no_mangle)]
pub extern "C" fn rt_opa_value(cell: u32) -> u64 {
    values::get(cell).0
}

/// A cell for a value that the host gets.
#[unsafe(no_mangle)]
pub extern "C" fn rt_opa_cell(value: u64) -> u32 {
    values::cell(Word(value))
}

/// `file:row:col: message` of the error that was raised.
#[cold]
fn raised() -> u64 {
    let mut out = Out::new();
    errors::write_text(errors::raised(), &mut out);
    ambient::reset();
    u64::from(values::terminated(out)) | ABORT
}
