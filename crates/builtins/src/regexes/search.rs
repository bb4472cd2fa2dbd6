//! Looking for a pattern in a text, whatever form the pattern has.

use std::ops::Range;

use regex::Regex;

/// A pattern that can be looked for.
pub trait Search {
    /// Whether the pattern occurs in the text.
    fn is_match(&self, text: &str) -> bool;

    /// Where the leftmost match is that starts at `start` or behind it.
    fn find_from(&self, text: &str, start: usize) -> Option<Range<usize>>;
}

impl Search for Regex {
    fn is_match(&self, text: &str) -> bool {
        Regex::is_match(self, text)
    }

    fn find_from(&self, text: &str, start: usize) -> Option<Range<usize>> {
        self.find_at(text, start).map(|it| it.range())
    }
}

/// All matches that don't overlap, from left to right. A match of nothing right behind another match doesn't count.
pub(super) fn matches<'a>(
    search: &'a impl Search,
    text: &'a str,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut start = 0;
    let mut last_end = None;
    std::iter::from_fn(move || {
        let mut found = search.find_from(text, start)?;
        if found.is_empty() && Some(found.end) == last_end {
            found = search.find_from(text, next_boundary(text, start)?)?;
        }
        start = found.end;
        last_end = Some(found.end);
        Some(found)
    })
}

/// Where the character behind the one at `at` starts; `None` at the end.
fn next_boundary(text: &str, at: usize) -> Option<usize> {
    (at + 1..=text.len()).find(|it| text.is_char_boundary(*it))
}
