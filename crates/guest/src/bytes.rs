//! Comparing and copying short byte strings without calls: most strings of a policy have less than twenty bytes.

use std::cmp::Ordering;

/// Eight bytes from `at` on, the first one lowest.
///
/// # Safety
/// They must be readable.
#[inline(always)]
pub unsafe fn read8(at: *const u8) -> u64 {
    // SAFETY: by this function's own contract.
    unsafe { at.cast::<u64>().read_unaligned() }
}

/// Four bytes from `at` on, the first one lowest.
///
/// # Safety
/// They must be readable.
#[inline(always)]
unsafe fn read4(at: *const u8) -> u32 {
    // SAFETY: by this function's own contract.
    unsafe { at.cast::<u32>().read_unaligned() }
}

/// Whether two byte strings of the same length are equal.
#[inline(always)]
pub fn equal_at(a: *const u8, b: *const u8, len: usize) -> bool {
    // SAFETY: every read ends at or before `len`; the last one may overlap the one before.
    unsafe {
        if len >= 8 {
            let mut at = 0;
            while at + 8 < len {
                if read8(a.add(at)) != read8(b.add(at)) {
                    return false;
                }
                at += 8;
            }
            return read8(a.add(len - 8)) == read8(b.add(len - 8));
        }
        if len >= 4 {
            return read4(a) == read4(b) && read4(a.add(len - 4)) == read4(b.add(len - 4));
        }
        let mut at = 0;
        while at < len {
            if *a.add(at) != *b.add(at) {
                return false;
            }
            at += 1;
        }
        true
    }
}

/// Whether two byte strings are equal.
#[inline(always)]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && equal_at(a.as_ptr(), b.as_ptr(), a.len())
}

/// The first eight bytes, the first one lowest; zeros where there are less.
///
/// # Safety
/// `len` bytes must be readable.
#[inline(always)]
unsafe fn first8(at: *const u8, len: usize) -> u64 {
    // SAFETY: no read begins before `at` or ends behind `len`. Two reads may overlap, and then agree.
    unsafe {
        if len >= 8 {
            return read8(at);
        }
        if len >= 4 {
            let rest = u64::from(read4(at.add(len - 4)));
            return u64::from(read4(at)) | rest << (8 * (len - 4));
        }
        if len == 0 {
            return 0;
        }
        let (middle, last) = (len / 2, len - 1);
        u64::from(*at)
            | u64::from(*at.add(middle)) << (8 * middle)
            | u64::from(*at.add(last)) << (8 * last)
    }
}

/// Compares two byte strings, a prefix being less than the whole.
#[inline]
pub fn compare(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        // SAFETY: both have as many bytes as they say.
        let (left, right) = unsafe { (first8(a.as_ptr(), a.len()), first8(b.as_ptr(), b.len())) };
        if left != right {
            return left.swap_bytes().cmp(&right.swap_bytes());
        }
        if a.len() <= 8 || b.len() <= 8 {
            return a.len().cmp(&b.len());
        }
        (a, b) = (&a[8..], &b[8..]);
    }
}

/// Copies text up to the first chunk in which a byte must be escaped in JSON; whether there was none.
///
/// # Safety
/// `text.len()` bytes must be writable at `to`, and not be part of the text.
#[inline(always)]
pub unsafe fn copy_plain(text: &[u8], to: *mut u8) -> bool {
    let (from, len) = (text.as_ptr(), text.len());
    // SAFETY: by this function's own contract; the last chunk may overlap the one before.
    unsafe {
        if len < 8 {
            // Zeros behind a short text would be taken for control characters.
            let spaces = (ONES * 0x20) << (8 * len);
            copy_short(from, to, len);
            return json_marks(first8(from, len) | spaces) == 0;
        }
        let mut at = 0;
        loop {
            let chunk = read8(from.add(at));
            if json_marks(chunk) != 0 {
                return false;
            }
            to.add(at).cast::<u64>().write_unaligned(chunk);
            if at + 8 == len {
                return true;
            }
            at = (at + 8).min(len - 8);
        }
    }
}

/// Copies up to 32 bytes with ordinary loads and stores; engines make a call of the copying instruction.
///
/// # Safety
/// `len` bytes must be readable at `from` and writable at `to`, and the two places must not overlap.
#[inline(always)]
pub unsafe fn copy_short(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: by this function's own contract; the last block of eight or four bytes may overlap the one before.
    unsafe {
        if len >= 8 {
            let mut at = 0;
            while at + 8 < len {
                to.add(at).cast::<u64>().write_unaligned(read8(from.add(at)));
                at += 8;
            }
            to.add(len - 8).cast::<u64>().write_unaligned(read8(from.add(len - 8)));
        } else if len >= 4 {
            to.cast::<u32>().write_unaligned(read4(from));
            to.add(len - 4).cast::<u32>().write_unaligned(read4(from.add(len - 4)));
        } else {
            let mut at = 0;
            while at < len {
                *to.add(at) = *from.add(at);
                at += 1;
            }
        }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Marks, with its highest bit, every byte that ends a run of plain text in a JSON string: `"`, `\` and control
/// characters. The lowest mark is exact; a borrow may make false ones above it.
#[inline(always)]
pub fn json_marks(bytes: u64) -> u64 {
    let quote = bytes ^ (ONES * b'"' as u64);
    let backslash = bytes ^ (ONES * b'\\' as u64);
    let control = bytes.wrapping_sub(ONES * 0x20) & !bytes;
    let found =
        (quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash) | control;
    found & HIGHS
}

/// Whether all bytes are ASCII.
pub fn is_ascii(text: &[u8]) -> bool {
    let mut seen = 0u64;
    let (words, rest) = text.as_chunks::<8>();
    for word in words {
        seen |= u64::from_le_bytes(*word);
    }
    for byte in rest {
        seen |= u64::from(*byte);
    }
    seen & HIGHS == 0
}
