//! The values of string and number literals.

/// The largest power of ten that a number may have: OPA's limit of 100,000 binary digits.
const EXPONENT_MAX: i64 = 30_102;

/// The text of a string with its escape sequences resolved; `None` if it is not what JSON allows.
///
/// Halves of surrogate pairs that stand alone become U+FFFD, as in OPA.
pub(super) fn unescape(text: &str, is_template: bool) -> Option<String> {
    if !text.bytes().any(|it| it == b'\\') {
        return Some(text.to_owned());
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        match next {
            '\\' => out.push(escape(&mut rest, is_template)?),
            _ if next < ' ' => return None,
            _ => out.push(next),
        }
    }
    Some(out)
}

fn escape(rest: &mut std::str::Chars<'_>, is_template: bool) -> Option<char> {
    Some(match rest.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        it @ ('"' | '\\' | '/') => it,
        '{' if is_template => '{',
        'u' => unicode(rest)?,
        _ => return None,
    })
}

fn unicode(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let unit = hex(rest)?;
    if (0xd800..0xdc00).contains(&unit) {
        let mut ahead = rest.clone();
        if ahead.next() == Some('\\')
            && ahead.next() == Some('u')
            && let Some(low) = hex(&mut ahead)
            && (0xdc00..0xe000).contains(&low)
        {
            *rest = ahead;
            return char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        }
    }
    Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn hex(rest: &mut std::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |unit, _| Some(unit * 16 + rest.next()?.to_digit(16)?))
}

/// The text of a raw template with `\{` resolved.
pub(super) fn unescape_raw_template(text: &str) -> String {
    text.replace("\\{", "{")
}

/// What is wrong with a number's digits, the sign left out.
pub(super) fn number_fault(digits: &str) -> Option<&'static str> {
    let bytes = digits.as_bytes();
    if bytes.first() == Some(&b'0') && bytes.get(1).is_some_and(u8::is_ascii_digit) {
        return Some("expected number without leading zero");
    }
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let whole = mantissa.split('.').next().unwrap_or_default().len() as i64;
    // An exponent that does not even fit an integer is out of range in any case.
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX);
    let is_zero = mantissa.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let is_too_big = exponent.saturating_add(whole).abs() > EXPONENT_MAX;
    (is_too_big && !is_zero).then_some("number too big")
}
