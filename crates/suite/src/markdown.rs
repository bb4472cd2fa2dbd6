//! Markdown files as sections with fenced blocks. Only headings `##` and fences of back-quotes mean something here.

use std::ops::Range;

/// A part of a file under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading's text.
    pub title: String,
    /// The fenced blocks, in their order.
    pub blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What stands behind the opening fence.
    pub info: String,
    /// The lines between the fences.
    pub text: String,
    /// Where those lines stand in the file, in bytes.
    pub range: Range<usize>,
}

/// The sections of a file. What stands before the first heading belongs to none.
pub fn sections(markdown: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open: Option<Open> = None;
    let mut offset = 0;
    for line in markdown.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let content = line.trim_end();
        match open.take() {
            Some(block) if content == block.fence => {
                let range = block.start..start;
                let text = markdown[range.clone()].to_owned();
                if let Some(section) = sections.last_mut() {
                    section.blocks.push(Block { info: block.info, text, range });
                }
            }
            Some(block) => open = Some(block),
            None => open = opening(content, offset),
        }
        if let (None, Some(title)) = (&open, content.strip_prefix("## ")) {
            sections.push(Section { title: title.trim().to_owned(), blocks: Vec::new() });
        }
    }
    sections
}

/// A block whose end is not reached yet.
struct Open {
    fence: String,
    info: String,
    start: usize,
}

fn opening(line: &str, start: usize) -> Option<Open> {
    let info = line.trim_start_matches('`');
    let fence = &line[..line.len() - info.len()];
    (fence.len() >= 3).then(|| Open {
        fence: fence.to_owned(),
        info: info.trim().to_owned(),
        start,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, expected: &[(&str, &[(&str, &str)])]) {
        let found = sections(markdown);
        let plain: Vec<(&str, Vec<(&str, &str)>)> = found
            .iter()
            .map(|it| {
                let blocks = it.blocks.iter().map(|block| {
                    assert_eq!(&markdown[block.range.clone()], block.text);
                    (block.info.as_str(), block.text.as_str())
                });
                (it.title.as_str(), blocks.collect())
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(title, blocks)| (*title, blocks.to_vec())).collect();
        assert_eq!(plain, expected);
    }

    #[test]
    fn blocks_belong_to_the_heading_above() {
        check(
            "# File\n```rego\nlost\n```\n## One\nwords\n```rego a.rego\npackage a\n```\n## Two\n```result data\n```\n",
            &[("One", &[("rego a.rego", "package a\n")]), ("Two", &[("result data", "")])],
        );
    }

    #[test]
    fn headings_inside_of_blocks_are_text() {
        check("## One\n```rego\n## no heading\n```\n", &[("One", &[("rego", "## no heading\n")])]);
    }

    #[test]
    fn a_longer_fence_holds_shorter_ones() {
        check("## One\n````md\n```rego\n```\n````\n", &[("One", &[("md", "```rego\n```\n")])]);
    }

    #[test]
    fn a_block_without_end_is_none() {
        check("## One\n```rego\npackage a\n", &[("One", &[])]);
    }
}
