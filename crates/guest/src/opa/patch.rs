//! Changing a data document in place of loading it again.

use crate::image::write_word;
use crate::opa::{compact, values};
use crate::rt::edit;
use crate::word::Word;
use palisade_abi::image::tag;

/// All is well.
const OK: u32 = 0;
/// What the path leads through is no object.
const INVALID_TYPE: u32 = 2;
/// The path is no array of strings, or empty.
const INVALID_PATH: u32 = 3;

/// Puts a value at a path of strings into the document in the cell `base`. Objects on the way that are missing are made.
#[unsafe(no_mangle)]
pub extern "C" fn opa_value_add_path(base: u32, path: u32, value: u32) -> u32 {
    change(base, path, |document, path| {
        let (value, parents) = (values::get(value), &path[..path.len() - 1]);
        if value.is_defined() && edit::replace(document, path, value) {
            return Ok(document);
        }
        let fits = value.is_defined() && edit::is_open(document, parents);
        fits.then(|| edit::put(document, path, value)).ok_or(INVALID_TYPE)
    })
}

/// Removes what stands at a path of strings in the document in the cell `base`, if anything does.
#[unsafe(no_mangle)]
pub extern "C" fn opa_value_remove_path(base: u32, path: u32) -> u32 {
    change(base, path, |document, path| Ok(edit::without(document, path).unwrap_or(document)))
}

/// Changes the document in a cell. The path that `how` gets is not empty.
fn change(base: u32, path: u32, how: impl FnOnce(Word, &[Word]) -> Result<Word, u32>) -> u32 {
    let (document, path) = (values::get(base), values::get(path));
    let is_path = !path.is_small()
        && path.is(tag::ARRAY)
        && path.length() > 0
        && path.items().iter().all(|it| !it.is_small() && it.is(tag::STRING));
    if !is_path {
        return INVALID_PATH;
    }
    if !document.is_defined() {
        return INVALID_TYPE;
    }
    match how(document, path.items()) {
        Ok(changed) => {
            write_word(base, 0, changed);
            compact::changed(base);
            OK
        }
        Err(code) => code,
    }
}
