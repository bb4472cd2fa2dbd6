//! Verbs for integers.

use num_bigint::{BigInt, Sign};

use super::directive::Flags;
use crate::quote;

/// Writes a 64-bit integer; `false` if the verb isn't one for integers.
pub(super) fn write(it: i64, verb: char, flags: &Flags, out: &mut String) -> bool {
    let digits = |base| BigInt::from(it.unsigned_abs()).to_str_radix(base);
    let (text, base) = match verb {
        'v' | 'd' => (it.unsigned_abs().to_string(), 10),
        'b' => (digits(2), 2),
        'o' | 'O' => (digits(8), 8),
        'x' => (digits(16), 16),
        'X' => (digits(16).to_ascii_uppercase(), 16),
        'c' => {
            flags.pad(&character(it).to_string(), out);
            return true;
        }
        'q' => {
            let mut quoted = String::new();
            quote::quote(character(it).encode_utf8(&mut [0; 4]), '\'', flags.plus, &mut quoted);
            flags.pad(&quoted, out);
            return true;
        }
        'U' => {
            code_point(it, flags, out);
            return true;
        }
        _ => return false,
    };
    write_digits(it < 0, text, base, verb, flags, out);
    true
}

fn character(it: i64) -> char {
    u32::try_from(it).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Zeros fill up to the precision, or to the width if the `0` flag says so and there is no precision.
fn write_digits(
    negative: bool,
    digits: String,
    base: u8,
    verb: char,
    flags: &Flags,
    out: &mut String,
) {
    let spaces = Flags { zero: false, ..*flags };
    if flags.precision == Some(0) && digits == "0" {
        spaces.write_padding(flags.width.unwrap_or(0), out);
        return;
    }
    let has_sign = negative || flags.plus || flags.space;
    let n_digits_min = match (flags.precision, flags.width) {
        (Some(precision), _) => precision,
        (None, Some(width)) if flags.zero && !flags.minus => {
            width.saturating_sub(usize::from(has_sign))
        }
        _ => 0,
    };
    let mut text = String::with_capacity(n_digits_min + 4);
    text.push_str(sign(negative, flags));
    if verb == 'O' {
        text.push_str("0o");
    }
    text.push_str(match (verb, base) {
        (_, 2) if flags.sharp => "0b",
        (_, 8) if flags.sharp && !digits.starts_with('0') && digits.len() >= n_digits_min => "0",
        ('x', 16) if flags.sharp => "0x",
        ('X', 16) if flags.sharp => "0X",
        _ => "",
    });
    text.extend(std::iter::repeat_n('0', n_digits_min.saturating_sub(digits.len())));
    text.push_str(&digits);
    spaces.pad(&text, out);
}

fn sign(negative: bool, flags: &Flags) -> &'static str {
    match (negative, flags.plus, flags.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

/// `U+0041`, followed by the character itself under `#`.
fn code_point(it: i64, flags: &Flags, out: &mut String) {
    let digits = BigInt::from(it as u64).to_str_radix(16).to_ascii_uppercase();
    let mut text = String::from("U+");
    text.extend(std::iter::repeat_n(
        '0',
        flags.precision.unwrap_or(4).max(4).saturating_sub(digits.len()),
    ));
    text.push_str(&digits);
    if let Some(it) = u32::try_from(it)
        .ok()
        .and_then(char::from_u32)
        .filter(|it| flags.sharp && quote::prints(*it))
    {
        text.extend([' ', '\'', it, '\'']);
    }
    Flags { zero: false, ..*flags }.pad(&text, out);
}

/// Writes an integer of any size; `false` if the verb isn't one for such.
pub(super) fn write_big(it: &BigInt, verb: char, flags: &Flags, out: &mut String) -> bool {
    let magnitude = it.magnitude();
    let (digits, prefix) = match verb {
        'v' | 'd' | 's' => (magnitude.to_str_radix(10), ""),
        'b' => (magnitude.to_str_radix(2), "0b"),
        'o' => (magnitude.to_str_radix(8), "0"),
        'O' => (magnitude.to_str_radix(8), "0o"),
        'x' => (magnitude.to_str_radix(16), "0x"),
        'X' => (magnitude.to_str_radix(16).to_ascii_uppercase(), "0X"),
        _ => return false,
    };
    let mut head = sign(it.sign() == Sign::Minus, flags).to_owned();
    if flags.sharp || verb == 'O' {
        head.push_str(prefix);
    }
    let mut n_zeros = flags.precision.unwrap_or(0).saturating_sub(digits.len());
    let n_missing = flags.width.unwrap_or(0).saturating_sub(head.len() + n_zeros + digits.len());
    if flags.zero && !flags.minus && flags.precision.is_none() {
        n_zeros = n_missing;
    }
    head.extend(std::iter::repeat_n('0', n_zeros));
    head.push_str(&digits);
    Flags { zero: false, ..*flags }.pad(&head, out);
    true
}
