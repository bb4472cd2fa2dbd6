//! Strings in YAML: what style one may have, and each style.

use super::{WIDTH, Writer};

/// What a string's characters allow.
#[derive(Default)]
pub(super) struct Analysis {
    /// Whether there are line breaks in it.
    pub(super) is_multiline: bool,
    /// Whether it can stand without quotes.
    pub(super) may_be_plain: bool,
    /// Whether it can stand in single quotes.
    pub(super) may_be_single_quoted: bool,
    /// Whether its lines can stand on lines of their own.
    pub(super) may_be_block: bool,
}

/// Whether the character ends a line in YAML 1.1.
pub(super) fn is_break(it: char) -> bool {
    matches!(it, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank(it: char) -> bool {
    matches!(it, ' ' | '\t')
}

/// What Go takes for printable ends with the basic plane.
fn is_printable(it: char) -> bool {
    matches!(it, '\n' | ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

impl Analysis {
    pub(super) fn of(text: &str) -> Analysis {
        let Some(first) = text.chars().next() else {
            return Analysis {
                may_be_plain: true,
                may_be_single_quoted: true,
                ..Analysis::default()
            };
        };
        let last = text.chars().next_back().unwrap_or(first);
        let is_edge = |it: char| it == ' ' || is_break(it);
        let is_multiline = text.contains(is_break);
        let has_special = !text.chars().all(is_printable);
        let follows = |a: fn(char) -> bool, b: fn(char) -> bool| {
            text.chars().zip(text.chars().skip(1)).any(|(x, y)| a(x) && b(y))
        };
        let is_space = |it: char| it == ' ';
        let (space_break, break_space) = (follows(is_space, is_break), follows(is_break, is_space));
        let unfit = space_break || has_special;
        Analysis {
            is_multiline,
            may_be_plain: !(is_edge(first)
                || is_edge(last)
                || break_space
                || unfit
                || is_multiline
                || has_indicators(text)),
            may_be_single_quoted: !(break_space || unfit),
            may_be_block: !(last == ' ' || unfit),
        }
    }
}

/// Whether something in the text means something to YAML.
fn has_indicators(text: &str) -> bool {
    if text.starts_with("---") || text.starts_with("...") {
        return true;
    }
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(it) = chars.next() {
        let ends = chars.peek().is_none_or(|next| is_blank(*next));
        let found = match (it, before) {
            (
                '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`',
                None,
            ) => true,
            ('?' | '-', None) | (':', _) => ends,
            ('#', Some(before)) => is_blank(before) || is_break(before) || before == '\0',
            _ => false,
        };
        if found {
            return true;
        }
        before = Some(it);
    }
    false
}

impl Writer {
    /// Whether the line is to be broken at this space.
    fn breaks_here(&self, may_break: bool, after_space: bool) -> bool {
        may_break && !after_space && self.column > WIDTH
    }

    /// Without quotes. There are no line breaks in it.
    pub(super) fn plain(&mut self, text: &str, may_break: bool) {
        if !self.after_space {
            self.put(' ');
        }
        let mut after_space = false;
        let mut chars = text.chars().peekable();
        while let Some(it) = chars.next() {
            let before_space = chars.peek() == Some(&' ');
            if it == ' ' && self.breaks_here(may_break, after_space) && !before_space {
                self.indent_line();
            } else {
                self.put(it);
            }
            after_space = it == ' ';
            if it != ' ' {
                self.after_indent = false;
            }
        }
        self.after_space = false;
        self.after_indent = false;
    }

    pub(super) fn single_quoted(&mut self, text: &str, may_break: bool) {
        self.indicator("'", true, false, false);
        let (mut after_space, mut after_break) = (false, false);
        let mut chars = text.chars().enumerate().peekable();
        while let Some((at, it)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            if it == ' ' {
                let is_inside = at > 0 && next.is_some_and(|next| next != ' ');
                if self.breaks_here(may_break, after_space) && is_inside {
                    self.indent_line();
                } else {
                    self.put(it);
                }
                after_space = true;
            } else if is_break(it) {
                self.put(it);
                self.after_indent = true;
                after_break = true;
            } else {
                if after_break {
                    self.indent_line();
                }
                if it == '\'' {
                    self.put('\'');
                }
                self.put(it);
                self.after_indent = false;
                (after_space, after_break) = (false, false);
            }
        }
        self.indicator("'", false, false, false);
        self.after_space = false;
        self.after_indent = false;
    }

    pub(super) fn double_quoted(&mut self, text: &str, may_break: bool) {
        self.indicator("\"", true, false, false);
        // A byte order mark at the start makes Go escape everything behind it too.
        let escapes_all = text.starts_with('\u{feff}');
        let mut after_space = false;
        let mut chars = text.chars().enumerate().peekable();
        while let Some((at, it)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            if escapes_all || !is_printable(it) || is_break(it) || matches!(it, '"' | '\\') {
                self.escape(it);
                after_space = false;
            } else if it == ' ' {
                if self.breaks_here(may_break, after_space) && at > 0 && next.is_some() {
                    self.indent_line();
                    if next == Some(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(it);
                }
                after_space = true;
            } else {
                self.put(it);
                after_space = false;
            }
        }
        self.indicator("\"", false, false, false);
        self.after_space = false;
        self.after_indent = false;
    }

    fn escape(&mut self, it: char) {
        let short = match it {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' | '\\' => it,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(it);
                let text = match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                return self.put_all(&text);
            }
        };
        self.put('\\');
        self.put(short);
    }

    /// With its lines on lines of their own.
    pub(super) fn literal(&mut self, text: &str) {
        self.indicator("|", true, false, false);
        if text.starts_with(|it| it == ' ' || is_break(it)) {
            self.indicator("2", false, false, false);
        }
        let mut from_end = text.chars().rev();
        match (from_end.next(), from_end.next()) {
            (Some(last), _) if !is_break(last) => self.indicator("-", false, false, false),
            (_, None) => self.indicator("+", false, false, false),
            (_, Some(before)) if is_break(before) => self.indicator("+", false, false, false),
            _ => {}
        }
        self.put('\n');
        self.after_indent = true;
        self.after_space = true;
        let mut after_break = true;
        for it in text.chars() {
            if is_break(it) {
                self.put(it);
                self.after_indent = true;
                after_break = true;
            } else {
                if after_break {
                    self.indent_line();
                }
                self.put(it);
                self.after_indent = false;
                after_break = false;
            }
        }
    }
}
