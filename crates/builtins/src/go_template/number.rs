//! Constants: numbers, characters and strings as Go writes them.

use super::ast::OperandKind;

/// A number without quotes.
pub(super) fn number(text: &str) -> Result<OperandKind, String> {
    if let Some(it) = integer(text) {
        return Ok(OperandKind::Integer(it));
    }
    let plain = text.replace('_', "");
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let is_decimal = unsigned.starts_with(|it: char| it.is_ascii_digit() || it == '.')
        && unsigned.bytes().all(|it| it.is_ascii_digit() || b".eE+-".contains(&it));
    match plain.parse::<f64>() {
        Ok(it) if is_decimal && it.is_finite() => {
            if unsigned.bytes().all(|it| it.is_ascii_digit()) {
                return Err(["integer overflow: \"", text, "\""].concat());
            }
            Ok(OperandKind::Float(it))
        }
        _ => Err(["illegal number syntax: \"", text, "\""].concat()),
    }
}

/// An integer in one of Go's notations.
fn integer(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, lower.get(2..)?),
        Some("0o") => (8, lower.get(2..)?),
        Some("0b") => (2, lower.get(2..)?),
        Some(it) if it.starts_with('0') => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    let digits = digits.replace('_', "");
    if digits.is_empty() || !digits.chars().all(|it| it.is_digit(radix)) {
        return None;
    }
    let magnitude = i128::from_str_radix(&digits, radix).ok()?;
    i64::try_from(if is_negative { -magnitude } else { magnitude }).ok()
}

/// A character between single quotes, as its number.
pub(super) fn character(text: &str) -> Result<OperandKind, String> {
    let malformed = || ["malformed character constant: ", text].concat();
    let inner =
        text.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).ok_or_else(malformed)?;
    let unescaped = unescape(inner, '\'').ok_or_else(malformed)?;
    let mut chars = unescaped.chars();
    match (chars.next(), chars.next()) {
        (Some(it), None) => Ok(OperandKind::Integer(i64::from(u32::from(it)))),
        _ => Err(malformed()),
    }
}

/// A string between double quotes.
pub(super) fn string(text: &str) -> Result<String, String> {
    let inner = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.and_then(|it| unescape(it, '"')).ok_or_else(|| "invalid syntax".to_owned())
}

/// A string between backquotes.
pub(super) fn raw_string(text: &str) -> String {
    text.trim_matches('`').replace('\r', "")
}

fn unescape(text: &str, mark: char) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(it) = rest.chars().next() {
        rest = rest.get(it.len_utf8()..)?;
        if it != '\\' {
            let mut space = [0; 4];
            bytes.extend_from_slice(it.encode_utf8(&mut space).as_bytes());
            continue;
        }
        let escape = rest.chars().next()?;
        rest = rest.get(escape.len_utf8()..)?;
        let n_digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '0'..='7' => {
                let digits = [escape.to_string().as_str(), rest.get(..2)?].concat();
                bytes.push(u8::from_str_radix(&digits, 8).ok()?);
                rest = rest.get(2..)?;
                continue;
            }
            _ => {
                bytes.push(simple(escape, mark)?);
                continue;
            }
        };
        let code = u32::from_str_radix(rest.get(..n_digits)?, 16).ok()?;
        rest = rest.get(n_digits..)?;
        if escape == 'x' {
            bytes.push(u8::try_from(code).ok()?);
        } else {
            let mut space = [0; 4];
            bytes.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut space).as_bytes());
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn simple(escape: char, mark: char) -> Option<u8> {
    Some(match escape {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' => b'\\',
        _ if escape == mark => u8::try_from(escape).ok()?,
        _ => return None,
    })
}
