//! Giving back what changes of a document left behind.
//!
//! A change copies the objects on its path and lets the old ones lie. When what lies there is as much again as the
//! document, the document moves together: a copy of all of it is made at the top and goes down to behind the document's
//! cell, which is the only thing that the host knows of it. So many changes take time and memory in proportion to what
//! they change.

use palisade_abi::image::tag;
use palisade_value::Entry;

use crate::arena;
use crate::global::Global;
use crate::image::{bytes_at, read_word, write_word};
use crate::rt::data;
use crate::word::{self, Word};

/// The cell of the document that was changed last; 0 if it has moved together since.
static CHANGED: Global<u32> = Global::new(0);
/// The cell that `AFFORDED` is about.
static CELL: Global<u32> = Global::new(0);
/// How far behind its cell the document and what it left behind may reach.
static AFFORDED: Global<u32> = Global::new(0);

/// Less than this is not worth moving anything.
const WASTE_MIN: u32 = 64 << 10;

/// Notes that the document in a cell was changed.
pub fn changed(cell: u32) {
    CHANGED.set(cell);
    if CELL.get() != cell {
        CELL.set(cell);
        // What was loaded lies below the cell, and is about as large as the document.
        AFFORDED.set(cell - arena::start_address());
    }
}

/// Moves the document that was changed together, if that is worth it. The host has let go of everything that it made
/// since the document was loaded.
pub fn settle() {
    let cell = CHANGED.replace(0);
    if cell == 0 || !is_wasteful(cell) {
        return;
    }
    let bottom = cell + 8;
    let top = arena::top();
    let document = Mover { distance: top - bottom }.copy(read_word(cell, 0));
    let len = arena::top() - top;
    let target = std::ptr::with_exposed_provenance_mut::<u8>(bottom as usize);
    // SAFETY: both areas are in the arena, and the lower one holds only what the copy was made of.
    unsafe { target.copy_from(bytes_at(top, len).as_ptr(), len as usize) };
    arena::rewind(bottom + len);
    data::index(document);
    write_word(cell, 0, document);
    AFFORDED.set(arena::top() - bottom);
}

fn is_wasteful(cell: u32) -> bool {
    let afforded = AFFORDED.get().saturating_add(AFFORDED.get().max(WASTE_MIN));
    arena::top().saturating_sub(cell) > afforded
}

/// Copies values to the top of the arena, with the addresses that they have when all of it has moved down.
struct Mover {
    distance: u32,
}

impl Mover {
    fn copy(&self, value: Word) -> Word {
        // What stands below the arena is a part of the module, and stays.
        if value.is_small() || value.length() == 0 || value.address() < arena::start_address() {
            return value;
        }
        match value.tag() {
            tag::STRING | tag::DECIMAL => {
                let block = arena::allocate(value.length() as u32);
                word::block(block, value.length()).copy_from_slice(value.bytes());
                self.moved(value, block)
            }
            tag::ARRAY | tag::SET => {
                let block = word::words_block(value.length());
                for (at, item) in value.items().iter().enumerate() {
                    let item = self.copy(*item);
                    word::block::<Word>(block, value.length())[at] = item;
                }
                self.moved(value, block)
            }
            tag::OBJECT => {
                let block = word::entries_block(value.length());
                for (at, entry) in value.entries().iter().enumerate() {
                    let entry = Entry { key: self.copy(entry.key), value: self.copy(entry.value) };
                    word::block(block, value.length())[at] = entry;
                }
                self.moved(value, block)
            }
            _ => value,
        }
    }

    fn moved(&self, value: Word, block: u32) -> Word {
        Word::pack(value.tag(), block - self.distance, value.length())
    }
}
