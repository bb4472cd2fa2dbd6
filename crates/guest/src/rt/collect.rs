//! Making collections: from values that are all there, or one by one.

use palisade_abi::image::tag;
use palisade_value::Entry;

use crate::order;
use crate::rt::errors::rt_raise;
use crate::sort;
use crate::word::{self, Word, block};

/// Room for `len` words, to be filled and given to [`rt_array`], [`rt_set`] or [`rt_object`]: it becomes the collection.
#[unsafe(no_mangle)]
pub extern "C" fn rt_scratch(len: u32) -> u32 {
    // Objects need a header before their entries; for the others it is lost.
    word::entries_block((len as usize).div_ceil(2))
}

/// An array of `len` words at `address`.
#[unsafe(no_mangle)]
pub extern "C" fn rt_array(address: u32, len: u32) -> u64 {
    Word::array_at(address, len as usize).0
}

/// A set of `len` words at `address`, in any order.
#[unsafe(no_mangle)]
pub extern "C" fn rt_set(address: u32, len: u32) -> u64 {
    Word::set_at(address, len as usize).0
}

/// An object of `len` entries (key, value) at `address`, in any order; the last one of equal keys wins.
#[unsafe(no_mangle)]
pub extern "C" fn rt_object(address: u32, len: u32) -> u64 {
    Word::object_at(address, len as usize).0
}

/// A collection in the making.
struct Builder {
    /// The tag of the collection.
    kind: u32,
    address: u32,
    /// How many words there are, and how many there is room for.
    len: u32,
    capacity: u32,
}

/// How many words a builder has room for at first.
const FIRST_CAPACITY: u32 = 8;

/// Starts a collection with that tag: array, set or object. Returns the builder.
#[unsafe(no_mangle)]
pub extern "C" fn rt_start(kind: u32) -> u64 {
    let address = word::entries_block(FIRST_CAPACITY as usize / 2);
    let builder = Box::new(Builder { kind, address, len: 0, capacity: FIRST_CAPACITY });
    Box::leak(builder) as *mut Builder as usize as u64
}

#[inline(always)]
fn builder(handle: u64) -> &'static mut Builder {
    // SAFETY: handles come from `rt_start` and are used by one function of generated code, one call after the other.
    unsafe { &mut *std::ptr::with_exposed_provenance_mut(handle as usize) }
}

impl Builder {
    #[inline(always)]
    fn push(&mut self, word: Word) {
        if self.len == self.capacity {
            self.grow();
        }
        crate::image::write_word(self.address, self.len, word);
        self.len += 1;
    }

    #[cold]
    fn grow(&mut self) {
        let address = word::entries_block(self.capacity as usize);
        block::<Word>(address, self.len as usize)
            .copy_from_slice(block(self.address, self.len as usize));
        self.address = address;
        self.capacity *= 2;
    }
}

/// Adds to an array or a set.
#[unsafe(no_mangle)]
pub extern "C" fn rt_append(handle: u64, value: u64) {
    builder(handle).push(Word(value));
}

/// Adds to an object.
#[unsafe(no_mangle)]
pub extern "C" fn rt_insert(handle: u64, key: u64, value: u64) {
    let builder = builder(handle);
    builder.push(Word(key));
    builder.push(Word(value));
}

/// Ends a collection. If an object has two different values for one key, the error at `conflict` is raised, and there is
/// no value.
#[unsafe(no_mangle)]
pub extern "C" fn rt_finish_collection(handle: u64, conflict: u32) -> u64 {
    let Builder { kind, address, len, .. } = *builder(handle);
    match u64::from(kind) {
        tag::OBJECT => finish_object(address, len as usize / 2, conflict).0,
        tag::SET => Word::set_at(address, len as usize).0,
        _ => Word::array_at(address, len as usize).0,
    }
}

fn finish_object(address: u32, len: usize, conflict: u32) -> Word {
    if conflict == 0 {
        return Word::object_at(address, len);
    }
    let entries = block(address, len);
    sort::by_key(entries);
    if has_conflict(entries) {
        rt_raise(conflict);
        return Word::UNDEFINED;
    }
    // Equal keys may be written differently, 1 and 1.0: the first one stays.
    Word::pack(tag::OBJECT, address, sort::keep_first_entries(entries))
}

/// Whether a key of sorted entries has two different values.
fn has_conflict(entries: &[Entry<Word>]) -> bool {
    entries.windows(2).any(|pair| {
        order::equal(pair[0].key, pair[1].key) && !order::equal(pair[0].value, pair[1].value)
    })
}
