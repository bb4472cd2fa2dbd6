//! Reading DER: the binary form of keys and certificates (X.690).
//!
//! As strict as Go's reader is: one form for every length and integer, tags of one byte.

use crate::failure::Failure;

/// Why something could not be read, in the words of whoever reads it.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const NUMERIC_STRING: u8 = 0x12;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const T61_STRING: u8 = 0x14;
pub(crate) const IA5_STRING: u8 = 0x16;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The tag of a field that its structure numbers, with simple content.
pub(crate) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// The tag of a field that its structure numbers, with elements inside.
pub(crate) const fn constructed(number: u8) -> u8 {
    0xa0 | number
}

/// One element: its tag, what is in it, and all of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// What is left to read. Reading something that isn't there gives `None` and leaves it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether an element of this tag comes next.
    pub(crate) fn is_next(&self, tag: u8) -> bool {
        self.rest.first() == Some(&tag)
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Option<Element<'a>> {
        let (&tag, rest) = self.rest.split_first()?;
        // A tag that doesn't fit the byte: no structure here has one.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, mut rest) = rest.split_first()?;
        let length = match first {
            0..=0x7f => usize::from(first),
            0x81..=0x84 => {
                let (digits, behind) = rest.split_at_checked(usize::from(first & 0x7f))?;
                rest = behind;
                let length = digits.iter().fold(0u32, |it, digit| it << 8 | u32::from(*digit));
                // The shortest form is the only one.
                if length < 0x80 || digits.first() == Some(&0) {
                    return None;
                }
                usize::try_from(length).ok()?
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let whole = self.rest.get(..self.rest.len() - rest.len())?;
        self.rest = rest;
        Some(Element { tag, content, whole })
    }

    /// The next element if it has this tag.
    pub(crate) fn element(&mut self, tag: u8) -> Option<Element<'a>> {
        if self.is_next(tag) { self.any() } else { None }
    }

    /// What is in the next element if it has this tag.
    pub(crate) fn content(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.element(tag).map(|it| it.content)
    }

    /// What is in the next element if it has this tag, for reading on.
    pub(crate) fn inside(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.content(tag).map(Reader::new)
    }

    /// The content of an element that may be missing: `Some(None)` then, `None` if it is broken.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Option<&'a [u8]>> {
        if self.is_next(tag) { self.content(tag).map(Some) } else { Some(None) }
    }

    /// An integer as it is written: two's complement, the highest byte first, no byte too many.
    pub(crate) fn integer(&mut self) -> Option<&'a [u8]> {
        let mut after = *self;
        let content = after.content(INTEGER).filter(|it| is_shortest(it))?;
        *self = after;
        Some(content)
    }

    /// An integer that isn't negative, without leading zeros.
    pub(crate) fn unsigned(&mut self) -> Option<&'a [u8]> {
        self.integer().filter(|it| it.first().is_some_and(|first| first & 0x80 == 0)).map(trimmed)
    }

    /// An integer of at most 63 bits that isn't negative.
    pub(crate) fn small(&mut self) -> Option<i64> {
        let digits = self.unsigned()?;
        if digits.len() > 8 {
            return None;
        }
        let it = digits.iter().fold(0u64, |it, digit| it << 8 | u64::from(*digit));
        i64::try_from(it).ok()
    }

    pub(crate) fn boolean(&mut self) -> Option<bool> {
        match self.content(BOOLEAN)? {
            [0] => Some(false),
            [0xff] => Some(true),
            _ => None,
        }
    }

    /// The bytes of an object identifier that [`arcs`] can read.
    pub(crate) fn oid(&mut self) -> Option<&'a [u8]> {
        self.content(OBJECT_IDENTIFIER).filter(|it| arcs(it).is_some())
    }

    /// A string of bits: the bytes, and how many bits of the last one don't count (they are zero).
    pub(crate) fn bits(&mut self) -> Option<(&'a [u8], u8)> {
        let (&unused, bytes) = self.content(BIT_STRING)?.split_first()?;
        let is_right = match bytes.last() {
            Some(last) => unused <= 7 && last & ((1 << unused) - 1) == 0,
            None => unused == 0,
        };
        is_right.then_some((bytes, unused))
    }
}

/// Whether an integer in two's complement has no byte too many.
fn is_shortest(integer: &[u8]) -> bool {
    match integer {
        [] => false,
        [0, second, ..] => second & 0x80 != 0,
        [0xff, second, ..] => second & 0x80 == 0,
        _ => true,
    }
}

/// The number without leading zeros.
pub(crate) fn trimmed(mut digits: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = digits {
        digits = rest;
    }
    digits
}

/// The numbers in an object identifier; none may need more than 31 bits.
pub(crate) fn arcs(oid: &[u8]) -> Option<Vec<u32>> {
    let mut arcs = Vec::new();
    let (mut arc, mut is_inside) = (0u32, false);
    for byte in oid {
        // A number doesn't begin with an empty digit, and keeps its sign bit.
        if (!is_inside && *byte == 0x80) || arc > u32::MAX >> 8 {
            return None;
        }
        arc = arc << 7 | u32::from(byte & 0x7f);
        is_inside = byte & 0x80 != 0;
        if !is_inside {
            if arcs.is_empty() {
                let first = (arc / 40).min(2);
                arcs.extend([first, arc - first * 40]);
            } else {
                arcs.push(arc);
            }
            arc = 0;
        }
    }
    (!arcs.is_empty() && !is_inside).then_some(arcs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_form_and_do_not_lie() {
        let long = [&[0x04, 0x81, 0x80][..], &[7; 0x80]].concat();
        assert_eq!(Reader::new(&long).content(OCTET_STRING), Some(&[7; 0x80][..]));
        for wrong in [
            &[][..],
            &[0x04],
            &[0x04, 1],
            &[0x04, 0x80, 0, 0],
            &[0x04, 0x81, 1, 7],
            &[0x04, 0x82, 0, 1, 7],
            &[0x04, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x04, 0x85, 0, 0, 0, 0, 1, 7],
            &[0x1f, 1, 7],
        ] {
            assert!(Reader::new(wrong).any().is_none(), "{wrong:x?}");
        }
    }

    #[test]
    fn integers_have_one_form() {
        let small = |bytes: &[u8]| Reader::new(bytes).small();
        assert_eq!(small(&[2, 1, 0]), Some(0));
        assert_eq!(small(&[2, 2, 0, 0x80]), Some(0x80));
        assert_eq!(small(&[2, 8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), Some(i64::MAX));
        for wrong in [&[2, 0][..], &[2, 2, 0, 1], &[2, 1, 0x80], &[2, 2, 0xff, 0xff], &[4, 1, 1]] {
            assert_eq!(small(wrong), None, "{wrong:x?}");
        }
        assert_eq!(small(&[2, 9, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]), None);
    }

    #[test]
    fn object_identifiers_are_read_arc_by_arc() {
        assert_eq!(arcs(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]), Some(vec![1, 2, 840, 113_549]));
        assert_eq!(arcs(&[0x88, 0x37, 3]), Some(vec![2, 999, 3]));
        for wrong in
            [&[][..], &[0x2a, 0x86], &[0x2a, 0x80, 1], &[0x2a, 0xff, 0xff, 0xff, 0xff, 0x7f]]
        {
            assert_eq!(arcs(wrong), None, "{wrong:x?}");
        }
    }

    #[test]
    fn unused_bits_are_zero() {
        assert_eq!(Reader::new(&[3, 2, 4, 0xf0]).bits(), Some((&[0xf0][..], 4)));
        for wrong in [&[3, 0][..], &[3, 1, 1], &[3, 2, 8, 0], &[3, 2, 4, 0xf8]] {
            assert_eq!(Reader::new(wrong).bits(), None, "{wrong:x?}");
        }
    }
}
