//! Built-ins that take a regular expression, for expressions that were known when the module was built.
//!
//! They are called with the address of the expression's tables before the built-in's own operands.

use palisade_builtins::regexes::known;
use palisade_builtins::regexes::tables::{LENGTHS, Tables};

use crate::image::{bytes_at, read_u32};
use crate::rt::builtins::unwrap;
use crate::word::Word;

/// The tables at an address that the code generator wrote them to.
#[inline(always)]
fn tables(address: u32) -> Tables<'static> {
    let (forward, reverse) = (read_u32(address), read_u32(address + 4));
    Tables::new(bytes_at(address, LENGTHS as u32 + forward + reverse))
}

macro_rules! export {
    ($($name:literal, $export:ident, $function:ident($($argument:ident),*);)*) => {
        $(
            #[doc = concat!("`", $name, "` with a known expression.")]
            #[unsafe(no_mangle)]
            pub extern "C" fn $export(pattern: u32, $($argument: u64),*) -> u64 {
                unwrap($name, known::$function(&tables(pattern), &[$(Word($argument)),*]))
            }
        )*
    };
}

export! {
    "regex.match", known_regex_match, regex_match(a, b);
    "re_match", known_re_match, regex_match(a, b);
    "regex.find_n", known_regex_find_n, regex_find_n(a, b, c);
    "regex.find_all_string_submatch_n", known_regex_find_all_string_submatch_n,
        regex_find_all_string_submatch_n(a, b, c);
    "regex.split", known_regex_split, regex_split(a, b);
    "regex.replace", known_regex_replace, regex_replace(a, b, c);
}
