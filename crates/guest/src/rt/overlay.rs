//! `with`: other values in replacement slots for as long as a body runs.

use palisade_abi::image::Image;

use crate::global::Global;
use crate::image::{clear, image, read_word, write_word};
use crate::rt::{errors, evaluation};
use crate::word::{self, Word};

/// A frame that was left and can be used again, or 0; its first word is the next one.
static FREE_FRAME: Global<u32> = Global::new(0);

/// How many `with` are open.
static DEPTH: Global<u32> = Global::new(0);

/// How many `with` are open.
pub fn depth() -> u32 {
    DEPTH.get()
}

/// Forgets the frames, which are freed with the arena.
#[inline(always)]
pub fn reset() {
    FREE_FRAME.set(0);
    DEPTH.set(0);
}

/// Room for all slots and memo cells. All frames have one size, so that those that were left are used again: a `with` in
/// a loop takes no more memory than one alone.
fn frame(image: &Image) -> u32 {
    match FREE_FRAME.get() {
        0 => word::words_block((image.n_slots + image.n_memos) as usize),
        free => {
            FREE_FRAME.set(read_word(free, 0).0 as u32);
            free
        }
    }
}

/// Replaces `len` slots: at `pairs` there are that many pairs of a slot's number and its value, a word each. Memo cells
/// are emptied. Returns the frame that [`rt_with_leave`] takes.
#[unsafe(no_mangle)]
pub extern "C" fn rt_with_enter(pairs: u32, len: u32) -> u64 {
    let image = image();
    let frame = frame(&image);
    DEPTH.set(DEPTH.get() + 1);
    copy_words(image.slots, frame, image.n_slots);
    copy_words(image.memos, frame + 8 * image.n_slots, image.n_memos);
    clear(image.memos, 8 * image.n_memos);
    for at in 0..len {
        let slot = read_word(pairs, 2 * at).0 as u32;
        write_word(image.slots, slot, read_word(pairs, 2 * at + 1));
    }
    u64::from(frame)
}

/// Puts slots and memo cells back to what they were.
#[unsafe(no_mangle)]
pub extern "C" fn rt_with_leave(frame: u64) {
    let (image, frame) = (image(), frame as u32);
    copy_words(frame, image.slots, image.n_slots);
    copy_words(frame + 8 * image.n_slots, image.memos, image.n_memos);
    DEPTH.set(DEPTH.get() - 1);
    if errors::raised() != 0 {
        evaluation::note_behind_with();
    }
    write_word(frame, 0, Word(u64::from(FREE_FRAME.get())));
    FREE_FRAME.set(frame);
}

/// Copies words to a place that does not overlap theirs.
pub fn copy_words(from: u32, to: u32, len: u32) {
    for at in 0..len {
        write_word(to, at, read_word(from, at));
    }
}
