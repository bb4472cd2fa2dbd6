//! Verbs for numbers with a fraction.

use super::directive::Flags;

/// Writes a double; `false` if the verb isn't one for them.
pub(super) fn write(it: f64, verb: char, flags: &Flags, out: &mut String) -> bool {
    let magnitude = it.abs();
    let precision = flags.precision;
    let text = match verb {
        'v' | 'g' | 'G' => general(magnitude, precision),
        'e' | 'E' => scientific(magnitude, Some(precision.unwrap_or(6))),
        'f' | 'F' => fixed(magnitude, precision.unwrap_or(6)),
        'b' => binary(magnitude),
        'x' | 'X' => hexadecimal(magnitude, precision),
        _ => return false,
    };
    let text = if flags.sharp && verb != 'b' { with_point(text, verb, precision) } else { text };
    let text = if verb.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text };
    let sign = match (it.is_sign_negative(), flags.plus, flags.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    write_signed(sign, &text, flags, out);
    true
}

/// The sign stands before zeros that fill, but after spaces that do.
fn write_signed(sign: &str, text: &str, flags: &Flags, out: &mut String) {
    let length = sign.len() + text.len();
    match flags.width {
        Some(width) if flags.zero && !flags.minus && width > length => {
            out.push_str(sign);
            flags.write_padding(width - length, out);
            out.push_str(text);
        }
        _ => flags.pad(&[sign, text].concat(), out),
    }
}

/// No double has more decimals than this that aren't zero, nor more digits.
const DECIMALS_MAX: usize = 1_100;

/// So many decimals.
fn fixed(it: f64, n_decimals: usize) -> String {
    let mut text = format!("{it:.*}", n_decimals.min(DECIMALS_MAX));
    text.extend(std::iter::repeat_n('0', n_decimals.saturating_sub(DECIMALS_MAX)));
    text
}

/// Digits and decimal exponent: the shortest that read back, or so many significant ones.
fn digits(it: f64, n_digits: Option<usize>) -> (String, i32) {
    let text = match n_digits {
        Some(n) => format!("{it:.*e}", n.clamp(1, DECIMALS_MAX) - 1),
        None => format!("{it:e}"),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits = mantissa.replace('.', "");
    digits.extend(std::iter::repeat_n('0', n_digits.unwrap_or(0).saturating_sub(DECIMALS_MAX)));
    (digits, exponent.parse().unwrap_or(0))
}

fn scientific(it: f64, precision: Option<usize>) -> String {
    let (digits, exponent) = digits(it, precision.map(|it| it.saturating_add(1)));
    with_exponent(&digits, exponent)
}

fn with_exponent(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at_checked(1).unwrap_or(("0", ""));
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", exponent.unsigned_abs())
}

/// Plain for exponents that the precision covers, scientific otherwise; no zeros at the end.
fn general(it: f64, precision: Option<usize>) -> String {
    let (digits, exponent) = digits(it, precision);
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let mut limit = precision.map_or(6, |it| i32::try_from(it.max(1)).unwrap_or(i32::MAX));
    let n_digits = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if precision.is_some() && limit > n_digits && n_digits > exponent {
        limit = n_digits;
    }
    if exponent < -4 || exponent >= limit {
        return with_exponent(digits, exponent);
    }
    let n_decimals = (n_digits - 1 - exponent).max(0);
    match precision {
        Some(_) => {
            let rounded: f64 = with_exponent(digits, exponent).parse().unwrap_or(it);
            fixed(rounded, n_decimals.unsigned_abs() as usize)
        }
        None => fixed(it, n_decimals.unsigned_abs() as usize),
    }
}

/// The shortest text that reads back as this finite double, as Go's `%g` gives it without precision.
pub(crate) fn shortest(it: f64) -> String {
    [if it.is_sign_negative() { "-" } else { "" }, &general(it.abs(), None)].concat()
}

/// Mantissa and power of two as integers: `6755399441055744p-52`.
fn binary(it: f64) -> String {
    let (mantissa, exponent) = parts(it);
    format!("{mantissa}p{exponent:+}")
}

/// The 53-bit mantissa and the exponent of its last bit.
fn parts(it: f64) -> (u64, i32) {
    let bits = it.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match ((bits >> 52) & 0x7ff) as i32 {
        0 => (fraction, -1074),
        biased => (fraction | 1 << 52, biased - 1075),
    }
}

/// `0x1.8p+00`: one binary digit, hexadecimal ones behind the point, a power of two.
fn hexadecimal(it: f64, precision: Option<usize>) -> String {
    let (mut mantissa, mut exponent) = parts(it);
    if mantissa == 0 {
        exponent = -52;
    } else {
        let n_zeros = mantissa.leading_zeros() - 11;
        mantissa <<= n_zeros;
        exponent -= n_zeros as i32;
    }
    if let Some(n) = precision.filter(|n| *n < 13) {
        // Cut to so many digits, ties to even.
        let n_cut = 52 - 4 * n as u32;
        let (kept, cut, half) =
            (mantissa >> n_cut, mantissa & ((1 << n_cut) - 1), 1_u64 << (n_cut - 1));
        let up = cut > half || cut == half && kept & 1 == 1;
        mantissa = (kept + u64::from(up)) << n_cut;
        if mantissa >> 53 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut fraction = format!("{:013x}", mantissa & ((1 << 52) - 1));
    match precision {
        Some(n) if n <= 13 => fraction.truncate(n),
        Some(n) => fraction.extend(std::iter::repeat_n('0', n - 13)),
        None => fraction.truncate(fraction.trim_end_matches('0').len()),
    }
    let point = if fraction.is_empty() { "" } else { "." };
    let power = exponent + 52;
    let sign = if power < 0 { '-' } else { '+' };
    format!("0x{}{point}{fraction}p{sign}{:02}", mantissa >> 52, power.unsigned_abs())
}

/// Under `#` there is always a point, and `%g` keeps its zeros.
fn with_point(text: String, verb: char, precision: Option<usize>) -> String {
    let is_hex = matches!(verb, 'x' | 'X');
    let at = text.find(if is_hex { 'p' } else { 'e' }).unwrap_or(text.len());
    let (number, tail) = text.split_at(at);
    let mut number = number.to_owned();
    let significant =
        number.trim_start_matches(['0', '.']).bytes().filter(|it| *it != b'.').count();
    let mut n_missing = match verb {
        'v' | 'g' | 'G' | 'x' => precision.unwrap_or(6).saturating_sub(significant),
        _ => 0,
    };
    if !number.contains('.') {
        if number == "0" {
            n_missing = n_missing.saturating_sub(1);
        }
        number.push('.');
    }
    number.extend(std::iter::repeat_n('0', n_missing));
    number + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_precision_is_written_out() {
        for verb in ['f', 'e', 'x', 'g'] {
            let flags = Flags { sharp: true, precision: Some(100_000), ..Flags::default() };
            let mut out = String::new();
            assert!(write(1.5, verb, &flags, &mut out), "{verb}");
            assert!((100_000..100_020).contains(&out.len()), "{verb}: {}", out.len());
        }
    }
}
