//! Texts that are nearly right: bytes changed, cut, repeated, nested, of sources and of inputs.

use crate::rng::Rng;

/// Pieces of Rego that are put into sources.
const REGO_PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "`",
    "$\"",
    "\\",
    "\\u00",
    "#",
    "\n",
    "\t",
    "\r",
    ";",
    ",",
    ":=",
    "=",
    "==",
    "|",
    "&",
    "-",
    ".",
    "_",
    " if ",
    " else ",
    "else := 1",
    "default ",
    "not ",
    "some ",
    "every ",
    " in ",
    " with ",
    " as ",
    "import ",
    "package ",
    "contains ",
    "input",
    "data",
    "set()",
    "null",
    "1e",
    "0x",
    "1.",
    "ä",
    "\u{0}",
    "\u{feff}",
    "😀",
    "# METADATA\n# entrypoint: true\n",
    "# METADATA\n# scope: [\n",
    "import rego.v1\n",
    "import future.keywords.not\n",
    "$`{",
    "{}}",
    "a.b[c]",
    "f(x)",
    "[_|_]",
    "x |",
    " with input as ",
];

/// Pieces of JSON that are put into inputs.
const JSON_PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "\\",
    "\\u",
    "\\ud800",
    "\\udc00",
    "\\u0000",
    "null",
    "true",
    "fals",
    "-",
    "0",
    "00",
    "1e",
    "1e400",
    "-0",
    ".5",
    "1.",
    "+1",
    " ",
    "\n",
    "\u{b}",
    "\u{feff}",
    "\"a\":",
    "\"n\":1,",
    "\"list\":",
    "{\"n\":1,\"n\":2}",
    "123456789012345678901234567890",
    "\u{7f}",
    "ä",
    "//",
    "NaN",
];

/// How deep the deepest nesting is: beyond every limit.
const NESTING_MAX: usize = 200_000;

/// A source after some mutations. Bytes that are no UTF-8 become the replacement character, as no source may have them.
pub fn source(rng: &mut Rng, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..rng.between(1, 6) {
        step(rng, &mut bytes, REGO_PIECES);
    }
    if rng.chance(4) {
        nest(
            rng,
            &mut bytes,
            &[
                ("[", "]"),
                ("{", "}"),
                ("(", ")"),
                ("{1:", "}"),
                ("[x|", "]"),
                ("-", ""),
                ("not ", ""),
                ("f(", ")"),
                ("1+", ""),
            ],
        );
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An input after some mutations.
pub fn input(rng: &mut Rng, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..rng.between(1, 4) {
        step(rng, &mut bytes, JSON_PIECES);
    }
    if rng.chance(3) {
        nest(rng, &mut bytes, &[("[", "]"), ("{\"a\":", "}"), ("[1,", "]"), (" ", "")]);
    }
    bytes
}

fn step(rng: &mut Rng, bytes: &mut Vec<u8>, pieces: &[&str]) {
    let at = rng.below(bytes.len() + 1);
    let end = (at + rng.below(12)).min(bytes.len());
    match rng.weighted(&[6, 3, 4, 2, 1, 3]) {
        0 => {
            let piece = rng.pick(pieces).bytes().collect::<Vec<u8>>();
            bytes.splice(at..at, piece);
        }
        1 => {
            let piece = rng.pick(pieces).bytes().collect::<Vec<u8>>();
            bytes.splice(at..end, piece);
        }
        2 => {
            bytes.drain(at..end);
        }
        3 => {
            let copy = bytes[at..end].to_vec();
            let to = rng.below(bytes.len() + 1);
            bytes.splice(to..to, copy);
        }
        4 => bytes.truncate(at),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.below(8);
            }
        }
    }
}

/// Puts many brackets somewhere, closed or not.
fn nest(rng: &mut Rng, bytes: &mut Vec<u8>, brackets: &[(&str, &str)]) {
    let (open, close) = *rng.pick(brackets);
    let depths = [50, 500, 599, 600, 601, 1_499, 1_501, 5_000, 50_000, NESTING_MAX];
    let depth = *rng.pick(&depths);
    let at = rng.below(bytes.len() + 1);
    let closed = if rng.chance(60) { close.repeat(depth) } else { String::new() };
    let text = format!("{}1{closed}", open.repeat(depth));
    bytes.splice(at..at, text.into_bytes());
}
