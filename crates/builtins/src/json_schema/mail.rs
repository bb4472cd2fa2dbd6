//! Mail addresses as Go reads them: `a@b.c`, also in angle brackets behind a name.

/// Whether it is one address, with a name before it or without.
pub(super) fn is_address(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    if let Some(rest) = address(text) {
        return rest.trim_matches([' ', '\t']).is_empty();
    }
    let Some((name, rest)) = text.split_once('<') else { return false };
    let is_name = words(name);
    let rest = rest.trim_start_matches([' ', '\t']);
    let closed = address(rest).and_then(|it| it.trim_start_matches([' ', '\t']).strip_prefix('>'));
    is_name && closed.is_some_and(str::is_empty)
}

/// Words of a name: atoms, atoms with points and quoted strings.
fn words(name: &str) -> bool {
    let mut rest = name.trim_matches([' ', '\t']);
    while !rest.is_empty() {
        let after = if rest.starts_with('"') { quoted(rest) } else { atoms(rest, true) };
        match after {
            Some(after) => rest = after.trim_start_matches([' ', '\t']),
            None => return false,
        }
    }
    true
}

/// The rest behind an address.
fn address(text: &str) -> Option<&str> {
    let rest = if text.starts_with('"') { quoted(text)? } else { atoms(text, false)? };
    let rest = rest.trim_start_matches([' ', '\t']).strip_prefix('@')?;
    let rest = rest.trim_start_matches([' ', '\t']);
    match rest.strip_prefix('[') {
        Some(literal) => {
            let (address, rest) = literal.split_once(']')?;
            let address = address.strip_prefix("IPv6:").unwrap_or(address);
            address.parse::<std::net::IpAddr>().ok().map(|_| rest)
        }
        None => atoms(rest, false),
    }
}

fn quoted(text: &str) -> Option<&str> {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, it)) = chars.next() {
        match it {
            '"' => return text.get(at + 1..),
            '\\' => {
                chars.next().filter(|(_, it)| !it.is_control())?;
            }
            _ if it.is_control() && it != '\t' => return None,
            _ => {}
        }
    }
    None
}

/// The rest behind atoms with single points between them; in a name the points may stand anywhere.
fn atoms(text: &str, is_name: bool) -> Option<&str> {
    let is_atom = |it: char| {
        it.is_ascii_alphanumeric() || !it.is_ascii() || "!#$%&'*+-/=?^_`{|}~".contains(it)
    };
    let end = text.find(|it| !is_atom(it) && it != '.').unwrap_or(text.len());
    let (atoms, rest) = text.split_at(end);
    let has_bad_point = atoms.starts_with('.') || atoms.ends_with('.') || atoms.contains("..");
    (!atoms.is_empty() && (is_name || !has_bad_point)).then_some(rest)
}
