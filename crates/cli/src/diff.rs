//! Two texts compared line by line, in the unified form.

use std::ops::Range;

/// How many unchanged lines are shown around changes.
const CONTEXT: usize = 3;
/// Above this many pairs of lines, what differs is shown as one change: finding the smallest would take too long.
const PAIRS_MAX: usize = 16_000_000;

/// A line in both texts, in the first or in the second.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edit {
    Keep,
    Remove,
    Add,
}

/// The difference of two texts under a name; empty if there is none.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let edits = edits(&old, &new);
    let hunks = hunks(&edits);
    if hunks.is_empty() {
        return String::new();
    }
    let mut out = format!("--- {name}\n+++ {name}\n");
    let (mut at, mut old_at, mut new_at) = (0, 0, 0);
    for hunk in hunks {
        // Between hunks, both texts go on in step.
        old_at += hunk.start - at;
        new_at += hunk.start - at;
        let inside = edits.get(hunk.clone()).unwrap_or_default();
        let n_old = inside.iter().filter(|it| **it != Edit::Add).count();
        let n_new = inside.iter().filter(|it| **it != Edit::Remove).count();
        out += &format!("@@ -{} +{} @@\n", range(old_at, n_old), range(new_at, n_new));
        for edit in inside {
            let (sign, line) = match edit {
                Edit::Keep => (' ', old.get(old_at)),
                Edit::Remove => ('-', old.get(old_at)),
                Edit::Add => ('+', new.get(new_at)),
            };
            old_at += usize::from(*edit != Edit::Add);
            new_at += usize::from(*edit != Edit::Remove);
            let line = line.copied().unwrap_or_default();
            out.push(sign);
            out += line;
            if !line.ends_with('\n') {
                out += "\n\\ No newline at end of file\n";
            }
        }
        at = hunk.end;
    }
    out
}

/// Where a hunk starts, counted from 1, and how long it is. One without lines is behind the line that it names.
fn range(at: usize, len: usize) -> String {
    format!("{},{len}", if len == 0 { at } else { at + 1 })
}

/// The edits from one text to the other, removals before additions.
fn edits(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let mut edits = vec![Edit::Keep; head];
    if old.len().saturating_mul(new.len()) > PAIRS_MAX {
        edits.resize(edits.len() + old.len(), Edit::Remove);
        edits.resize(edits.len() + new.len(), Edit::Add);
    } else {
        edits.extend(smallest(old, new));
    }
    edits.resize(edits.len() + tail, Edit::Keep);
    edits
}

/// The fewest edits, by the longest common subsequence.
fn smallest(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let width = new.len() + 1;
    // The length of the longest one from here on, for each pair of places.
    let mut common = vec![0u32; (old.len() + 1) * width];
    for (i, line) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            common[i * width + j] = if line == other {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut edits = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            edits.push(Edit::Keep);
            (i, j) = (i + 1, j + 1);
        } else if i < old.len()
            && (j == new.len() || common[(i + 1) * width + j] >= common[i * width + j + 1])
        {
            edits.push(Edit::Remove);
            i += 1;
        } else {
            edits.push(Edit::Add);
            j += 1;
        }
    }
    edits
}

/// The stretches of edits that are shown: changes with the lines around them.
fn hunks(edits: &[Edit]) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (at, _) in edits.iter().enumerate().filter(|(_, edit)| **edit != Edit::Keep) {
        let (start, end) = (at.saturating_sub(CONTEXT), (at + 1 + CONTEXT).min(edits.len()));
        match hunks.last_mut() {
            Some(last) if start <= last.end => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(unified("a", "x\ny\n", "x\ny\n"), "");
    }

    #[test]
    fn changes_come_with_their_surroundings() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n13\n";
        let expected = "\
--- a
+++ a
@@ -2,11 +2,12 @@
 2
 3
 4
-5
+five
 6
 7
 8
 9
 10
 11
-12
\\ No newline at end of file
+12
+13
";
        assert_eq!(unified("a", before, after), expected);
    }

    #[test]
    fn distant_changes_are_apart() {
        let before = "a\n1\n2\n3\n4\n5\n6\n7\nb\n";
        let after = "1\n2\n3\n4\n5\n6\n7\nb\nc\n";
        let expected = "\
--- a
+++ a
@@ -1,4 +1,3 @@
-a
 1
 2
 3
@@ -7,3 +6,4 @@
 6
 7
 b
+c
";
        assert_eq!(unified("a", before, after), expected);
    }
}
