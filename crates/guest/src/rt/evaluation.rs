//! The frame of an evaluation: room for the input, reading it, and the decision document.

use palisade_abi::image::{Image, LENGTH_MAX, tag};
use palisade_abi::{ErrorCode, pack};

use crate::global::Global;
use crate::image::{bytes_at, clear, image, read_word, write_word};
use crate::json::cursor::{Bad, Cursor};
use crate::json::write::Out;
use crate::json::{capture, tree};
use crate::rt::{ambient, builtins, errors, overlay};
use crate::word::Word;
use crate::{arena, bytes};

/// Whether an evaluation has ended, so that the next `allocate` frees what it left.
static HAS_ENDED: Global<bool> = Global::new(false);
/// Where the input is.
static INPUT: Global<u32> = Global::new(0);
/// How many bytes it has; 0 if there is none.
static INPUT_LEN: Global<u32> = Global::new(0);
/// Room for the memo cells and the marks of the rules that held, as they were when an error was raised; or 0.
static NOTED: Global<u32> = Global::new(0);
/// Inside of how many `with` the noted memo cells belong.
static NOTED_DEPTH: Global<u32> = Global::new(0);
/// The whole input as a tree, once it was asked for.
static WHOLE_INPUT: Global<Word> = Global::new(Word::UNDEFINED);

/// What follows every text that is read: the zero that ends it, and what a read of eight bytes touches behind it.
const PADDING: u32 = 16;

/// Room for `len` bytes of input, 8-byte aligned; 0 if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(len: u32) -> u32 {
    arena::prepare();
    if HAS_ENDED.get() {
        HAS_ENDED.set(false);
        arena::reset();
    }
    arena::try_allocate(len.saturating_add(PADDING))
}

/// Notes that the evaluation is over.
#[inline(always)]
fn end() {
    HAS_ENDED.set(true);
    ambient::reset();
}

/// Starts an evaluation and reads the input. Returns 0, or the packed place of an error document.
#[unsafe(no_mangle)]
pub extern "C" fn rt_begin(address: u32, len: u32) -> u64 {
    arena::prepare();
    let image = image();
    reset(&image);
    if len == 0 {
        return 0;
    }
    let address = match readable(address, len) {
        Ok(address) => address,
        Err(message) => {
            end();
            return errors::document(ErrorCode::InputMalformed, message, None);
        }
    };
    INPUT.set(address);
    INPUT_LEN.set(len);
    let mut cursor = Cursor::new(address, len);
    match capture::document(&mut cursor, image.input_shape, image.input_slots) {
        Ok(()) => 0,
        Err(bad) => {
            end();
            errors::malformed(ErrorCode::InputMalformed, bad, &cursor, address)
        }
    }
}

/// Starts an evaluation with an input that is a value already, or undefined.
pub fn begin_with(input: Word) {
    let image = image();
    reset(&image);
    WHOLE_INPUT.set(input);
    capture::known(input, image.input_shape, image.input_slots);
}

/// Forgets everything of the last evaluation but the base data and the ambient facts.
#[inline(always)]
fn reset(image: &Image) {
    errors::reset();
    builtins::reset();
    overlay::reset();
    INPUT_LEN.set(0);
    WHOLE_INPUT.set(Word::UNDEFINED);
    NOTED.set(0);
    clear_words(image.input_slots, image.n_input_slots);
    clear_words(image.memos, image.n_memos);
    clear_words(image.slots, image.n_slots);
    clear(image.held, image.n_held);
}

/// Notes which values are kept and which rules have held, before an error leads to others.
#[cold]
pub fn note() {
    let image = image();
    if NOTED.get() == 0 {
        NOTED.set(arena::allocate(8 * image.n_memos + image.n_held));
    }
    note_kept(&image);
    let held = bytes_at(image.held, image.n_held);
    let noted = NOTED.get() + 8 * image.n_memos;
    crate::word::block::<u8>(noted, held.len()).copy_from_slice(held);
}

fn note_kept(image: &Image) {
    overlay::copy_words(image.memos, NOTED.get(), image.n_memos);
    NOTED_DEPTH.set(overlay::depth());
}

/// Notes the values that were kept before a `with`, if the error came up inside of it.
#[cold]
pub fn note_behind_with() {
    if NOTED_DEPTH.get() > overlay::depth() {
        note_kept(&image());
    }
}

/// Goes back to what was noted.
#[cold]
pub fn restore() {
    let image = image();
    overlay::copy_words(NOTED.get(), image.memos, image.n_memos);
    let noted = bytes_at(NOTED.get() + 8 * image.n_memos, image.n_held);
    crate::word::block::<u8>(image.held, noted.len()).copy_from_slice(noted);
}

/// Empties words; there mostly are a handful.
#[inline(always)]
fn clear_words(address: u32, len: u32) {
    if len > 16 {
        return clear(address, len * 8);
    }
    for at in 0..len {
        write_word(address, at, Word::UNDEFINED);
    }
}

/// Makes text readable for a [`Cursor`]: it is UTF-8, and ends with a zero in memory that is ours.
///
/// # Errors
/// What is wrong, when it cannot be read.
pub fn readable(address: u32, len: u32) -> Result<u32, &'static str> {
    if !arena::in_memory(address, len) || len as usize > LENGTH_MAX {
        return Err("not a place in memory, or too long");
    }
    let text = bytes_at(address, len);
    if !bytes::is_ascii(text) && std::str::from_utf8(text).is_err() {
        return Err(Bad::Encoding.message());
    }
    let address = if arena::owns(address, len) { address } else { copied(text) };
    clear(address + len, 1);
    Ok(address)
}

/// A copy of the text with padding, for a host that did not write to the beginning of an allocated place.
#[cold]
fn copied(text: &[u8]) -> u32 {
    let address = arena::allocate(text.len() as u32 + PADDING);
    crate::word::block::<u8>(address, text.len()).copy_from_slice(text);
    address
}

/// The value in an input slot; text that nobody has looked at yet becomes a tree, which stays in the slot.
#[unsafe(no_mangle)]
pub extern "C" fn rt_force(slot: u32) -> u64 {
    let word = read_word(slot, 0);
    if word.is_small() || !word.is(tag::RAW) {
        return word.0;
    }
    let value = tree_of(word.address(), word.length() as u32);
    write_word(slot, 0, value);
    value.0
}

/// The whole input as a value; undefined if there is no input.
#[unsafe(no_mangle)]
pub extern "C" fn rt_whole_input() -> u64 {
    if !WHOLE_INPUT.get().is_defined() && INPUT_LEN.get() > 0 {
        WHOLE_INPUT.set(tree_of(INPUT.get(), INPUT_LEN.get()));
    }
    WHOLE_INPUT.get().0
}

/// The value of text that was validated before.
pub fn tree_of(address: u32, len: u32) -> Word {
    let mut cursor = Cursor::new(address, len);
    cursor.skip_space();
    // The text was validated, so that the reading cannot fail.
    tree::value(&mut cursor).unwrap_or(Word::UNDEFINED)
}

/// Notes that a rule held. Generated code may set the byte itself.
#[unsafe(no_mangle)]
pub extern "C" fn rt_held(rule: u32) {
    let held = image().held;
    crate::word::block::<u8>(held + rule, 1).fill(1);
}

/// Ends the evaluation. Returns the packed place of the decision document.
#[unsafe(no_mangle)]
pub extern "C" fn rt_finish(value: u64) -> u64 {
    let value = Word(value);
    if errors::raised() == 0
        && !ambient::explains()
        && let Some(document) = frequent(value)
    {
        end();
        return pack(document.as_ptr().expose_provenance() as u32, document.len() as u32);
    }
    let document = document(value, None::<fn(&mut Out)>);
    end();
    document
}

/// Ends the evaluation with a document that has one more member.
pub fn finish_with(value: u64, member: impl FnOnce(&mut Out)) -> u64 {
    let document = document(Word(value), Some(member));
    end();
    document
}

/// The decision documents of most policies stand ready.
#[inline(always)]
fn frequent(value: Word) -> Option<&'static [u8]> {
    match value {
        Word::TRUE => Some(b"{\"result\":true}"),
        Word::FALSE => Some(b"{\"result\":false}"),
        Word::UNDEFINED => Some(b"{}"),
        _ => None,
    }
}

fn document(value: Word, member: Option<impl FnOnce(&mut Out)>) -> u64 {
    let mut out = Out::new();
    out.raw(b"{");
    let mut is_first = true;
    if errors::raised() != 0 {
        errors::write_record(errors::raised(), &mut out);
        is_first = false;
    } else if value.is_defined() {
        out.raw(b"\"result\":");
        out.value(value);
        is_first = false;
    }
    if ambient::explains() {
        out.comma(&mut is_first);
        write_rules(&mut out);
    }
    if let Some(member) = member {
        out.comma(&mut is_first);
        member(&mut out);
    }
    out.raw(b"}");
    out.finish()
}

#[cold]
fn write_rules(out: &mut Out) {
    let image = image();
    out.raw(b"\"rules\":[");
    let mut is_first = true;
    for (rule, held) in (0..).zip(bytes_at(image.held, image.n_held)) {
        if *held != 0 {
            out.comma(&mut is_first);
            out.raw(read_word(image.rule_texts, rule).bytes());
        }
    }
    out.raw(b"]");
}
