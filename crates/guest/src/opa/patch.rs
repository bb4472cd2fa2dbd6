//! Changing a data document in place of loading it again.

use crate::image::write_word;
use crate::opa::values;
use crate::rt::edit;
use crate::word::Word;
use palisade_abi::image::tag;

/// All is well.
const OK: u32 = 0;
/// The document or the path isn't what it must be.
const INVALID_TYPE: u32 = 2;
/// There is nothing at the path.
const INVALID_PATH: u32 = 3;

/// Puts a value at a path of strings into the document in the cell `base`.
#[unsafe(no_mangle)]
pub extern "C" fn opa_value_add_path(base: u32, path: u32, value: u32) -> u32 {
    change(base, path, |document, path| match path.split_last() {
        None => Ok(values::get(value)),
        Some((_, parents)) if !edit::has_objects(document, parents) => Err(INVALID_PATH),
        Some(_) => Ok(edit::put(document, path, values::get(value))),
    })
}

/// Removes what stands at a path of strings in the document in the cell `base`.
#[unsafe(no_mangle)]
pub extern "C" fn opa_value_remove_path(base: u32, path: u32) -> u32 {
    change(base, path, |document, path| edit::without(document, path).ok_or(INVALID_PATH))
}

fn change(base: u32, path: u32, how: impl FnOnce(Word, &[Word]) -> Result<Word, u32>) -> u32 {
    let (document, path) = (values::get(base), values::get(path));
    let is_path = !path.is_small()
        && path.is(tag::ARRAY)
        && path.items().iter().all(|it| !it.is_small() && it.is(tag::STRING));
    if !document.is_defined() || !is_path {
        return INVALID_TYPE;
    }
    match how(document, path.items()) {
        Ok(changed) => {
            write_word(base, 0, changed);
            OK
        }
        Err(code) => code,
    }
}
