//! The shortest decimal text that reads back as the same number.
//!
//! The number and the two borders of the interval that rounds to it are written out exactly; the first prefix of the
//! number's digits that, rounded down or up, falls between the borders is the answer.

use num_bigint::BigUint;

use super::Float;

/// The text: plain digits for integers and numbers near one, with an exponent otherwise.
pub(super) fn text(it: Float) -> String {
    let digits = Digits::of(it);
    let mut out = String::with_capacity(digits.text.len() + 8);
    if it.negative {
        out.push('-');
    }
    let exponent = digits.point - 1;
    if it.is_integer() || (-4..6).contains(&exponent) {
        digits.write_plain(&mut out);
    } else {
        digits.write_scientific(exponent, &mut out);
    }
    out
}

/// `0.text × 10^point`, without zeros on either side.
struct Digits {
    text: String,
    point: i64,
}

impl Digits {
    fn of(it: Float) -> Digits {
        let middle = BigUint::from(it.mantissa) << 2_u8;
        // Below a power of two the neighbours stand twice as close.
        let gap_below: u8 = if it.mantissa == 1 << 63 { 1 } else { 2 };
        let exponent = it.exponent - 2;
        let scale = match u64::try_from(exponent) {
            Ok(left) => BigUint::from(1_u8) << left,
            Err(_) => BigUint::from(5_u8).pow(exponent.unsigned_abs() as u32),
        };
        let upper = ((&middle + 2_u8) * &scale).to_string().into_bytes();
        let lower = padded((&middle - gap_below) * &scale, upper.len());
        let middle = padded(middle * &scale, upper.len());
        let point = upper.len() as i64 + exponent.min(0);
        let inclusive = it.mantissa & 1 == 0;
        let between = |it: &[u8]| {
            let (low, high) = (it.cmp(&lower), it.cmp(&upper));
            if inclusive { low.is_ge() && high.is_le() } else { low.is_gt() && high.is_lt() }
        };
        for n_digits in 1..middle.len() {
            let down = cut(&middle, n_digits);
            let up = increased(&down, n_digits);
            let (down_fits, up_fits) = (between(&down), up.as_deref().is_some_and(between));
            match up {
                Some(up) if up_fits && (!down_fits || nearer_up(&middle, n_digits)) => {
                    return Digits::new(&up, point);
                }
                _ if down_fits => return Digits::new(&down, point),
                _ => {}
            }
        }
        Digits::new(&middle, point)
    }

    fn new(padded: &[u8], point: i64) -> Digits {
        let text: String = padded.iter().map(|it| *it as char).collect();
        let n_leading = text.len() - text.trim_start_matches('0').len();
        Digits { text: text.trim_matches('0').to_owned(), point: point - n_leading as i64 }
    }

    fn write_plain(&self, out: &mut String) {
        let n_digits = self.text.len() as i64;
        if self.point <= 0 {
            out.push_str("0.");
            out.extend((self.point..0).map(|_| '0'));
            out.push_str(&self.text);
        } else if self.point >= n_digits {
            out.push_str(&self.text);
            out.extend((n_digits..self.point).map(|_| '0'));
        } else {
            let (whole, fraction) = self.text.split_at(self.point as usize);
            out.push_str(whole);
            out.push('.');
            out.push_str(fraction);
        }
    }

    fn write_scientific(&self, exponent: i64, out: &mut String) {
        let (first, rest) = self.text.split_at(1);
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        out.push_str(if exponent < 0 { "e-" } else { "e+" });
        if exponent.abs() < 10 {
            out.push('0');
        }
        out.push_str(&exponent.abs().to_string());
    }
}

fn padded(it: BigUint, length: usize) -> Vec<u8> {
    let digits = it.to_string().into_bytes();
    let mut all = vec![b'0'; length.saturating_sub(digits.len())];
    all.extend(digits);
    all
}

/// The digits with all but the first ones made zero.
fn cut(digits: &[u8], n_digits: usize) -> Vec<u8> {
    digits.iter().enumerate().map(|(at, digit)| if at < n_digits { *digit } else { b'0' }).collect()
}

/// One more in the last of the first digits, if there is room for the carry.
fn increased(digits: &[u8], n_digits: usize) -> Option<Vec<u8>> {
    let mut digits = digits.to_vec();
    for digit in digits.iter_mut().take(n_digits).rev() {
        if *digit < b'9' {
            *digit += 1;
            return Some(digits);
        }
        *digit = b'0';
    }
    None
}

/// Whether what was cut off is more than a half, or a half behind an odd digit.
fn nearer_up(digits: &[u8], n_digits: usize) -> bool {
    let (kept, rest) = digits.split_at(n_digits);
    match rest {
        [b'5', more @ ..] if more.iter().all(|it| *it == b'0') => {
            kept.last().is_some_and(|it| it % 2 == 1)
        }
        [first, ..] => *first >= b'5',
        [] => false,
    }
}
