//! The image descriptor that the code generator fills in, and reads and writes at the addresses it gives.

use palisade_abi::image::Image;

use crate::global::Global;
use crate::word::Word;

/// The descriptor. Its first value only says "not linked"; it is not zero so that the variable has a data segment.
#[unsafe(no_mangle)]
pub static PALISADE_IMAGE: Global<Image> = Global::new(Image {
    arena_start: u32::MAX,
    input_shape: 0,
    input_slots: 0,
    n_input_slots: 0,
    data_slots: 0,
    n_data_slots: 0,
    data_paths: 0,
    memos: 0,
    n_memos: 0,
    slots: 0,
    n_slots: 0,
    held: 0,
    n_held: 0,
    rule_texts: 0,
});

/// The descriptor as the code generator left it.
#[inline(always)]
pub fn image() -> Image {
    PALISADE_IMAGE.get_volatile()
}

/// A pointer to the `index`th `T` behind `address`.
#[inline(always)]
fn place<T>(address: u32, index: u32) -> *mut T {
    std::ptr::with_exposed_provenance_mut::<T>(address as usize).wrapping_add(index as usize)
}

/// The `u32` at `address`, which the code generator or this library wrote there.
#[inline(always)]
pub fn read_u32(address: u32) -> u32 {
    // SAFETY: the address comes from the image or from a word; both point into memory that holds such a number.
    unsafe { place::<u32>(address, 0).read() }
}

/// The `index`th word of those at `address`.
#[inline(always)]
pub fn read_word(address: u32, index: u32) -> Word {
    // SAFETY: as in `read_u32`.
    unsafe { place::<Word>(address, index).read() }
}

/// Replaces the `index`th word of those at `address`.
#[inline(always)]
pub fn write_word(address: u32, index: u32, word: Word) {
    // SAFETY: as in `read_u32`; slots and blocks got from `rt_scratch` are writable.
    unsafe { place::<Word>(address, index).write(word) }
}

/// Replaces the `u32` at `address`.
#[inline(always)]
pub fn write_u32(address: u32, value: u32) {
    // SAFETY: as in `write_word`.
    unsafe { place::<u32>(address, 0).write(value) }
}

/// Sets `len` bytes at `address` to zero. Nothing may stand there that is still read.
#[inline(always)]
pub fn clear(address: u32, len: u32) {
    // SAFETY: as in `write_word`.
    unsafe { place::<u8>(address, 0).write_bytes(0, len as usize) }
}

/// The bytes of one of the image's areas.
#[inline(always)]
pub fn bytes_at(address: u32, len: u32) -> &'static [u8] {
    if len == 0 {
        return &[];
    }
    // SAFETY: the callers check that the area lies in memory, and nothing writes to it while the slice lives.
    unsafe { std::slice::from_raw_parts(place::<u8>(address, 0), len as usize) }
}
