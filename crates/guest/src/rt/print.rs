//! What the policy prints: lines that are kept until the decision document is written, if the host has asked for them.
//!
//! Only modules that print have any of this.

use palisade_abi::limits::PRINT_BYTES_MAX;

use crate::global::Global;
use crate::image::{read_word, write_word};
use crate::rt::{ambient, evaluation};
use crate::word::{self, Word};

/// The newest line: the address of its text and of the line before; 0 if there is none.
static NEWEST: Global<u32> = Global::new(0);
/// How many bytes may still be printed.
static LEFT: Global<u32> = Global::new(PRINT_BYTES_MAX as u32);

/// What calls of `print` become. The argument is an array with the set of values of each of its arguments.
#[unsafe(no_mangle)]
pub extern "C" fn bi_internal_print(arguments: u64) -> u64 {
    if ambient::prints() {
        let mut left = LEFT.get() as usize;
        let lines = palisade_builtins::print::lines(&Word(arguments), &mut left);
        LEFT.set(left as u32);
        lines.into_iter().for_each(keep);
    }
    Word::TRUE.0
}

fn keep(line: String) {
    let entry = word::words_block(2);
    write_word(entry, 0, Word::string_at(line.leak().as_bytes()));
    write_word(entry, 1, Word(u64::from(NEWEST.get())));
    NEWEST.set(entry);
}

/// Ends the evaluation of a policy that prints. Returns the packed place of the decision document.
#[unsafe(no_mangle)]
pub extern "C" fn rt_finish_printing(value: u64) -> u64 {
    if NEWEST.get() == 0 {
        return evaluation::rt_finish(value);
    }
    let lines = take();
    evaluation::finish_with(value, |out| {
        out.raw(b"\"prints\":[");
        let mut is_first = true;
        for line in lines {
            out.comma(&mut is_first);
            out.string(line.bytes());
        }
        out.raw(b"]");
    })
}

/// The lines in their order; the next evaluation starts with none.
fn take() -> Vec<Word> {
    let mut lines = Vec::new();
    let mut entry = NEWEST.get();
    while entry != 0 {
        lines.push(read_word(entry, 0));
        entry = read_word(entry, 1).0 as u32;
    }
    NEWEST.set(0);
    LEFT.set(PRINT_BYTES_MAX as u32);
    lines.reverse();
    lines
}
