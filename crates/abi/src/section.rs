//! Finds a custom section in a WebAssembly module, without reading anything else of it.

/// Magic number and version of a core module.
const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// The contents of the first custom section called `name`; `None` when there is none or the module is malformed before
/// it.
pub fn custom_section<'a>(module: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut rest = module.strip_prefix(HEADER)?;
    while !rest.is_empty() {
        let (&id, after_id) = rest.split_first()?;
        let (body, after_body) = length_prefixed(after_id)?;
        if id == 0 {
            let (found, contents) = length_prefixed(body)?;
            if found == name.as_bytes() {
                return Some(contents);
            }
        }
        rest = after_body;
    }
    None
}

/// The bytes that a length announces, and what comes after them.
fn length_prefixed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = leb_u32(bytes)?;
    rest.split_at_checked(usize::try_from(len).ok()?)
}

/// An unsigned 32-bit LEB128 number and what comes after it.
fn leb_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0u64;
    for (idx, &byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * idx);
        if byte & 0x80 == 0 {
            return Some((u32::try_from(value).ok()?, bytes.get(idx + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(sections: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = HEADER.to_vec();
        for (id, body) in sections {
            bytes.push(*id);
            bytes.push(u8::try_from(body.len()).expect("the test's sections are short"));
            bytes.extend_from_slice(body);
        }
        bytes
    }

    #[track_caller]
    fn check(sections: &[(u8, &[u8])], expected: Option<&[u8]>) {
        assert_eq!(custom_section(&module(sections), "mf"), expected);
    }

    #[test]
    fn the_named_section_is_found_among_others() {
        check(
            &[(1, b"\x00"), (0, b"\x01xmf"), (0, b"\x02mfbody"), (0, b"\x02mfsecond")],
            Some(b"body"),
        );
        check(&[(0, b"\x02mf")], Some(b""));
    }

    #[test]
    fn a_missing_or_malformed_section_is_none() {
        check(&[], None);
        check(&[(1, b"\x02mfbody")], None);
        check(&[(0, b"\x09mf")], None);
        assert_eq!(custom_section(b"\0asm\x01\0\0\0\0\xff\xff\xff\xff\xff\x01", "mf"), None);
        assert_eq!(custom_section(b"not a module", "mf"), None);
    }

    #[test]
    fn every_truncation_is_none() {
        let whole = module(&[(0, b"\x02mfbody")]);
        for len in 0..whole.len() {
            assert_eq!(custom_section(&whole[..len], "mf"), None, "{len} bytes");
        }
    }
}
