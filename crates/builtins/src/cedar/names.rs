//! Names as Cedar writes them: of types, and of entities in text.

/// What is no identifier though it looks like one.
const RESERVED: [&str; 10] =
    ["true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar"];

/// The last part of the types of all actions.
const ACTION: &str = "Action";

/// Whether it is an identifier.
pub(super) fn is_identifier(text: &str) -> bool {
    let is_part = |it: u8| it == b'_' || it.is_ascii_alphanumeric();
    !text.starts_with(|it: char| it.is_ascii_digit())
        && !text.is_empty()
        && text.bytes().all(is_part)
        && !RESERVED.contains(&text)
}

/// Whether it is the name of a type: `PhotoApp::User`.
pub(super) fn is_type(text: &str) -> bool {
    text.split("::").all(is_identifier)
}

/// Whether entities of this type are actions.
pub(super) fn is_action(ty: &str) -> bool {
    ty.strip_suffix(ACTION).is_some_and(|it| it.is_empty() || it.ends_with("::"))
}

/// Reads `User::"alice"`: the type, and the name without its escapes.
pub(super) fn parse_uid(text: &str) -> Option<(&str, String)> {
    let (ty, rest) = text.split_once("::\"")?;
    let id = unescape(rest.strip_suffix('"')?)?;
    is_type(ty).then_some((ty, id))
}

/// The text of a string literal without its escapes.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        match it {
            '\\' => match rest.next()? {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                '0' => out.push('\0'),
                it @ ('\\' | '\'' | '"') => out.push(it),
                'x' => out.push(byte(&mut rest)?),
                'u' => out.push(code_point(&mut rest)?),
                // The line goes on behind the space that the next one begins with.
                '\n' => {
                    rest = rest.as_str().trim_start_matches([' ', '\t', '\n', '\r']).chars();
                }
                _ => return None,
            },
            '"' | '\r' => return None,
            _ => out.push(it),
        }
    }
    Some(out)
}

/// Two hexadecimal digits: `\x41`.
fn byte(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let code = rest.next()?.to_digit(16)? * 16 + rest.next()?.to_digit(16)?;
    char::from_u32(code).filter(char::is_ascii)
}

/// Up to six hexadecimal digits in braces: `\u{1F600}`.
fn code_point(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let (inside, behind) = rest.as_str().strip_prefix('{')?.split_once('}')?;
    *rest = behind.chars();
    if inside.starts_with('_') {
        return None;
    }
    let mut code = None;
    for (at, it) in inside.chars().filter(|it| *it != '_').enumerate() {
        if at == 6 {
            return None;
        }
        code = Some(code.unwrap_or(0) * 16 + it.to_digit(16)?);
    }
    char::from_u32(code?)
}
