//! `with`: other values in replacement slots for as long as a body runs.

use crate::image::{clear, image, read_word, write_word};
use crate::word;

/// Replaces `len` slots: at `pairs` there are that many pairs of a slot's number and its value, a word each. Memo cells
/// are emptied. Returns the frame that [`rt_with_leave`] takes.
#[unsafe(no_mangle)]
pub extern "C" fn rt_with_enter(pairs: u32, len: u32) -> u64 {
    let image = image();
    let frame = word::words_block((image.n_slots + image.n_memos) as usize);
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
}

fn copy_words(from: u32, to: u32, len: u32) {
    for at in 0..len {
        write_word(to, at, read_word(from, at));
    }
}
