//! Names that were probably meant.

/// ` Did you mean "a", "b", or "c"?` with the options that are close to the name; nothing if none is.
pub(super) fn did_you_mean<'a>(
    prefix: &str,
    name: &str,
    options: impl IntoIterator<Item = &'a str>,
) -> String {
    let close = close_to(name, options);
    if close.is_empty() { String::new() } else { suggestion(prefix, &close) }
}

/// ` Did you mean "a" or "b"?`
pub(super) fn suggestion(prefix: &str, options: &[&str]) -> String {
    let quoted: Vec<String> = options.iter().map(|it| ["\"", it, "\""].concat()).collect();
    let listed = listed(&quoted);
    [" ", prefix, " ", &listed, "?"].concat()
}

/// The options as an enumeration, at most five.
fn listed(options: &[String]) -> String {
    match options.get(..5).unwrap_or(options) {
        [one, two] => [one, " or ", two].concat(),
        [first @ .., last] if !first.is_empty() => {
            [first.join(", ").as_str(), ", or ", last].concat()
        }
        options => options.concat(),
    }
}

/// The options that are close to the name, the closest first.
fn close_to<'a>(name: &str, options: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = name.len() * 2 / 5 + 1;
    let mut close: Vec<(usize, &str)> = options
        .into_iter()
        .map(|it| (distance(name, it), it))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    close.sort_by_key(|it| it.0);
    close.into_iter().map(|it| it.1).collect()
}

/// How many characters have to be changed, added or removed; another case of letters counts as one change.
fn distance(a: &str, b: &str) -> usize {
    if a == b {
        return 0;
    }
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    if a == b {
        return 1;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, x) in a.chars().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        for (y, slot) in b.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(x != *y);
            diagonal = *slot;
            left = changed.min(*slot + 1).min(left + 1);
            *slot = left;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
