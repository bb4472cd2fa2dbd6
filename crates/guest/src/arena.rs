//! Memory: one bump pointer over linear memory. Freeing does nothing but for the newest block; a reset frees everything
//! above the base at once.
//!
//! ```text
//! static data | loaded base data | blocks of this evaluation | free |  scratch |
//!             start              base                        top   end         limit
//! ```
//!
//! The scratch is a stack of words that grows down from the end of memory. It holds elements of collections whose length
//! is not known yet, so that they can be copied into a block of the right size and leave nothing behind.

use std::alloc::{GlobalAlloc, Layout};

use crate::global::Global;
use crate::image::{bytes_at, image, read_word, write_word};
use crate::word::Word;

/// The size of a page of linear memory.
const PAGE: u32 = 1 << 16;
/// Every block starts at a multiple of this.
const ALIGNMENT: u32 = 8;

/// Where resets go back to; 0 until the first use.
static BASE: Global<u32> = Global::new(0);
/// Behind the newest block.
static TOP: Global<u32> = Global::new(0);
/// Where free memory ends and the scratch begins.
static END: Global<u32> = Global::new(0);
/// How many bytes the memory has.
static LIMIT: Global<u32> = Global::new(0);

/// The allocator of this library.
struct Arena;

#[global_allocator]
static ARENA: Arena = Arena;

/// Prepares the arena when nothing was allocated yet.
#[inline(always)]
pub fn prepare() {
    if BASE.get() == 0 {
        start();
    }
}

#[cold]
fn start() {
    let start = image().arena_start;
    BASE.set(start);
    TOP.set(start);
    END.set(memory_size());
    LIMIT.set(memory_size());
}

/// Frees everything above the base.
pub fn reset() {
    TOP.set(BASE.get());
}

/// Prepares the arena, and sees memory that the host has added. Only when the scratch is empty.
pub fn attach() {
    prepare();
    END.set(memory_size());
    LIMIT.set(memory_size());
}

/// Behind the newest block.
pub fn top() -> u32 {
    TOP.get()
}

/// Where the arena begins, behind everything static.
pub fn start_address() -> u32 {
    image().arena_start
}

/// Frees everything above `address`.
pub fn rewind(address: u32) {
    TOP.set(round_up(address));
}

/// Moves the base behind the newest block: what is there now survives resets.
pub fn keep() {
    BASE.set(TOP.get());
}

/// Whether `len` bytes at `address` and as many again as a word has lie inside one of the arena's blocks.
pub fn owns(address: u32, len: u32) -> bool {
    address >= BASE.get() && u64::from(address) + u64::from(len) + 8 <= u64::from(TOP.get())
}

/// Whether `len` bytes at `address` lie in memory.
pub fn in_memory(address: u32, len: u32) -> bool {
    address != 0 && u64::from(address) + u64::from(len) <= u64::from(LIMIT.get())
}

/// A block of `len` bytes, or 0 if memory cannot grow that far.
#[inline(always)]
pub fn try_allocate(len: u32) -> u32 {
    let start = TOP.get();
    // Rounded before the check, so that the top always is aligned.
    let end = (u64::from(start) + u64::from(len) + 7) & !7;
    if end > u64::from(END.get()) && !grow(end - u64::from(END.get())) {
        return 0;
    }
    TOP.set(end as u32);
    start
}

/// A block of `len` bytes. Traps if memory cannot grow that far.
#[inline(always)]
pub fn allocate(len: u32) -> u32 {
    let start = try_allocate(len);
    if start == 0 {
        exhausted();
    }
    start
}

/// Gives up: a value is too large for memory or for a word. The host sees a trap, which never is a decision.
#[cold]
pub fn exhausted() -> ! {
    std::process::abort()
}

/// Makes room for `missing` more bytes, and some for what follows. The scratch moves along with the end.
#[cold]
fn grow(missing: u64) -> bool {
    let pages = missing.div_ceil(u64::from(PAGE));
    let generous = pages.max(u64::from(LIMIT.get() / PAGE / 4));
    if !grow_by(generous) && !grow_by(pages) {
        return false;
    }
    let (from, limit) = (END.get(), memory_size());
    let scratch = LIMIT.get() - from;
    let to = limit - scratch;
    let target = std::ptr::with_exposed_provenance_mut::<u8>(to as usize);
    // SAFETY: both areas are in memory, above everything that the arena handed out.
    unsafe { target.copy_from(bytes_at(from, scratch).as_ptr(), scratch as usize) };
    END.set(to);
    LIMIT.set(limit);
    true
}

fn grow_by(pages: u64) -> bool {
    match usize::try_from(pages) {
        Ok(pages) => core::arch::wasm32::memory_grow::<0>(pages) != usize::MAX,
        Err(_) => false,
    }
}

/// The size of memory in bytes; the last page of a full 4 GiB is left unused.
fn memory_size() -> u32 {
    let pages = core::arch::wasm32::memory_size::<0>().min((u32::MAX / PAGE) as usize);
    pages as u32 * PAGE
}

#[inline(always)]
fn round_up(address: u32) -> u32 {
    (address + ALIGNMENT - 1) & !(ALIGNMENT - 1)
}

/// How many words are in the scratch.
#[inline(always)]
pub fn scratch_len() -> usize {
    ((LIMIT.get() - END.get()) / 8) as usize
}

/// Puts a word on the scratch.
#[inline(always)]
pub fn scratch_push(word: Word) {
    if END.get() - TOP.get() < 8 && !grow(8) {
        exhausted();
    }
    let at = END.get() - 8;
    END.set(at);
    write_word(at, 0, word);
}

/// Moves the newest `len` words from the scratch into a block, in the order in which they were pushed.
#[inline(always)]
pub fn scratch_pop_into(block: u32, len: usize) {
    let from = END.get();
    let len = len as u32;
    for at in 0..len {
        write_word(block, at, read_word(from, len - 1 - at));
    }
    END.set(from + 8 * len);
}

/// Drops what is in the scratch, after a reading that failed.
pub fn scratch_clear() {
    END.set(LIMIT.get());
}

// SAFETY: blocks are handed out from memory above every earlier block, rounded to 8 bytes; larger alignments take
// the room to align within. A block changes only if it is the newest.
unsafe impl GlobalAlloc for Arena {
    #[inline(always)]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let align = layout.align() as u32;
        let slack = align.saturating_sub(ALIGNMENT);
        let start = try_allocate((layout.size() as u32).saturating_add(slack));
        let start = if slack > 0 && start != 0 { (start + slack) & !(align - 1) } else { start };
        std::ptr::with_exposed_provenance_mut(start as usize)
    }

    #[inline(always)]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let start = block.expose_provenance() as u32;
        if round_up(start + layout.size() as u32) == TOP.get() {
            TOP.set(start);
        }
    }

    #[inline(always)]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let start = block.expose_provenance() as u32;
        let is_newest = round_up(start + layout.size() as u32) == TOP.get();
        if is_newest {
            TOP.set(start);
            let again = try_allocate(size as u32);
            if again == 0 {
                TOP.set(round_up(start + layout.size() as u32));
            }
            return std::ptr::with_exposed_provenance_mut(again as usize);
        }
        if size <= layout.size() {
            return block;
        }
        move_block(block, layout, size)
    }
}

#[cold]
fn move_block(block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
    let to = try_allocate(size as u32);
    let to = std::ptr::with_exposed_provenance_mut::<u8>(to as usize);
    if !to.is_null() {
        // SAFETY: the new block lies behind the old one, and is at least as large.
        unsafe { block.copy_to_nonoverlapping(to, layout.size()) };
    }
    to
}
