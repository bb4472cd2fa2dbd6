//! Base data that the host loads: read once, kept until the next `load`.

use palisade_abi::ErrorCode;
use palisade_abi::image::{hash_string, tag};
use palisade_value::Entry;

use crate::arena;
use crate::image::{bytes_at, image, read_word, write_word};
use crate::json::cursor::{Bad, Cursor};
use crate::rt::{errors, evaluation, lookup};
use crate::word::{self, Word};

/// Replaces the base data by the JSON object in `len` bytes at `address`. Everything else that was allocated is freed.
/// Returns 0, or the packed place of an error document; the base data then stays as it is.
#[unsafe(no_mangle)]
pub extern "C" fn load(address: u32, len: u32) -> u64 {
    arena::prepare();
    let address = match evaluation::readable(address, len) {
        Ok(address) => address,
        Err(message) => return errors::document(ErrorCode::DataMalformed, message, None),
    };
    let mut cursor = Cursor::new(address, len);
    if let Err(bad) = validate(&mut cursor) {
        return errors::malformed(ErrorCode::DataMalformed, bad, &cursor, address);
    }
    resolve(keep(address, len));
    0
}

fn validate(cursor: &mut Cursor) -> Result<(), Bad> {
    cursor.skip_space();
    if cursor.peek() != b'{' {
        return Err(Bad::Value);
    }
    cursor.skip_container()?;
    cursor.finish()
}

/// Moves the text to the beginning of the arena, over the old base data, and makes a tree behind it.
fn keep(address: u32, len: u32) -> Word {
    let start = arena::start_address();
    let target = std::ptr::with_exposed_provenance_mut::<u8>(start as usize);
    // SAFETY: both places are in the arena; nothing in it but this text is needed any more. The zero behind it moves too.
    unsafe { target.copy_from(bytes_at(address, len + 1).as_ptr(), len as usize + 1) };
    arena::rewind(start + len + 16);
    let data = evaluation::tree_of(start, len);
    index(data);
    arena::keep();
    data
}

/// Gives every large object a hash index.
pub fn index(value: Word) {
    if value.is_small() {
        return;
    }
    match value.tag() {
        tag::ARRAY => value.items().iter().for_each(|it| index(*it)),
        tag::OBJECT => {
            let is_text = |it: &Entry<Word>| !it.key.is_small() && it.key.is(tag::STRING);
            if value.length() > lookup::LINEAR_MAX && value.entries().iter().all(is_text) {
                index_object(value);
            }
            value.entries().iter().for_each(|it| index(it.value));
        }
        _ => {}
    }
}

fn index_object(object: Word) {
    let size = (2 * object.length()).next_power_of_two();
    let address = arena::allocate(4 * size as u32);
    let cells = word::block::<u32>(address, size);
    cells.fill(0);
    for (number, entry) in (1..).zip(object.entries()) {
        let mut cell = hash_string(entry.key.bytes()) as usize & (size - 1);
        while cells[cell] != 0 {
            cell = (cell + 1) & (size - 1);
        }
        cells[cell] = number;
    }
    object.set_index(address, size as u32 - 1);
}

/// Takes a value for the base data; undefined for none.
pub fn use_document(data: Word) {
    resolve(data);
}

/// Fills the data slots with what stands at the paths that the policy reads.
fn resolve(data: Word) {
    let image = image();
    for at in 0..image.n_data_slots {
        let mut value = data;
        for key in read_word(image.data_paths, at).items() {
            let is_object = !value.is_small() && value.is(tag::OBJECT);
            value =
                if is_object { lookup::get_string(value, key.bytes()) } else { Word::UNDEFINED };
        }
        write_word(image.data_slots, at, value);
    }
}
