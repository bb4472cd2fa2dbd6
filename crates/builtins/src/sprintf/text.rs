//! Verbs for strings.

use super::directive::Flags;
use crate::quote;

/// Writes the text; `false` if the verb isn't one for strings.
pub(super) fn write(text: &str, verb: char, flags: &Flags, out: &mut String) -> bool {
    match verb {
        'v' if flags.sharp_v => quoted(text, flags, out),
        'v' | 's' => flags.pad(truncated(text, flags), out),
        'x' => hex(text.as_bytes(), b"0123456789abcdef", 'x', flags, out),
        'X' => hex(text.as_bytes(), b"0123456789ABCDEF", 'X', flags, out),
        'q' => quoted(text, flags, out),
        _ => return false,
    }
    true
}

/// The precision is the largest number of characters.
fn truncated<'a>(text: &'a str, flags: &Flags) -> &'a str {
    let end =
        flags.precision.and_then(|n| text.char_indices().nth(n)).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

fn quoted(text: &str, flags: &Flags, out: &mut String) {
    let text = truncated(text, flags);
    let mut quoted = String::with_capacity(text.len() + 2);
    if flags.sharp && goes_between_backquotes(text) {
        quoted.push('`');
        quoted.push_str(text);
        quoted.push('`');
    } else {
        quote::quote(text, '"', flags.plus, &mut quoted);
    }
    flags.pad(&quoted, out);
}

fn goes_between_backquotes(text: &str) -> bool {
    text.chars().all(|it| !matches!(it, '`' | '\u{7f}' | '\u{feff}') && (it >= ' ' || it == '\t'))
}

/// The bytes as hexadecimal digits; with a space between them and a prefix where the flags ask for it.
fn hex(bytes: &[u8], digits: &[u8; 16], letter: char, flags: &Flags, out: &mut String) {
    let n_bytes = flags.precision.unwrap_or(usize::MAX).min(bytes.len());
    let mut text = String::with_capacity(2 * n_bytes);
    for (at, byte) in bytes.iter().take(n_bytes).enumerate() {
        if at > 0 && flags.space {
            text.push(' ');
        }
        if flags.sharp && (at == 0 || flags.space) {
            text.push('0');
            text.push(letter);
        }
        for half in [byte >> 4, byte & 15] {
            text.push(digits.get(usize::from(half)).map_or('0', |it| *it as char));
        }
    }
    flags.pad(&text, out);
}
