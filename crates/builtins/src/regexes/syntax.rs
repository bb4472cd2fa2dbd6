//! RE2's syntax as Go reads it, rewritten into that of the `regex` crate.
//!
//! The two differ in what the short classes mean (RE2: ASCII), in what may stand unescaped (`{`, `[` in a class), in a
//! few escapes, and in what each allows beyond the other. A pattern that Go refuses is refused here.

use crate::failure::Failure;

mod class;
mod escape;

/// Why a pattern is none, in Go's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    message: &'static str,
    /// How many bytes before the pattern's end the part to blame begins; `None` for all of it.
    tail: Option<usize>,
}

impl SyntaxError {
    /// The whole pattern is to blame.
    const fn new(message: &'static str) -> SyntaxError {
        SyntaxError { message, tail: None }
    }

    /// The last `tail` bytes of the pattern are to blame.
    const fn in_tail(message: &'static str, tail: usize) -> SyntaxError {
        SyntaxError { message, tail: Some(tail) }
    }

    /// The failure of the function that was given the pattern.
    pub(super) fn describe(self, pattern: &str) -> Failure {
        let start = self.tail.and_then(|tail| pattern.len().checked_sub(tail)).unwrap_or(0);
        let blamed = pattern.get(start..).unwrap_or(pattern);
        Failure::Error(["error parsing regexp: ", self.message, ": `", blamed, "`"].concat().into())
    }
}

/// The largest count in `x{n}`.
const REPEAT_MAX: u32 = 1_000;

/// The pattern in the other syntax.
pub(super) fn translate(pattern: &str) -> Result<String, SyntaxError> {
    let mut translator = Translator {
        rest: pattern,
        out: String::with_capacity(pattern.len() + 8),
        groups: Vec::new(),
        most: 1,
        last_most: 1,
        names: Vec::new(),
        pending_flags: String::new(),
    };
    translator.run()?;
    Ok(translator.out)
}

struct Translator<'a> {
    rest: &'a str,
    out: String,
    /// For each open group the most repetitions in each other of what stands before it in the group around.
    groups: Vec<u32>,
    /// The most repetitions in each other so far, in the group that is being read.
    most: u32,
    /// The same in what the next operator repeats.
    last_most: u32,
    names: Vec<&'a str>,
    /// Flags that hold from here on. A repetition may still follow them: it repeats what stands before them.
    pending_flags: String,
}

/// What the last thing was, for the operators that repeat it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Atom,
    Repeated,
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), SyntaxError> {
        let mut last = Last::Nothing;
        while let Some(it) = self.next() {
            if !matches!(it, '*' | '+' | '?' | '{') {
                self.out.push_str(&std::mem::take(&mut self.pending_flags));
            }
            if !matches!(it, ')' | '*' | '+' | '?' | '{') {
                self.last_most = 1;
            }
            last = match it {
                '(' => self.open(last)?,
                ')' => {
                    self.close()?;
                    Last::Atom
                }
                '|' => {
                    self.out.push('|');
                    Last::Nothing
                }
                '*' | '+' | '?' => self.repeat(&it.to_string(), last)?,
                '{' => match self.counts()? {
                    Some(counts) => self.repeat(&counts, last)?,
                    None => {
                        self.out.push_str(&std::mem::take(&mut self.pending_flags));
                        self.last_most = 1;
                        self.literal('{')
                    }
                },
                '[' => {
                    self.class()?;
                    Last::Atom
                }
                '\\' => self.escape(last)?,
                '^' | '$' | '.' => {
                    self.out.push(it);
                    Last::Atom
                }
                _ => self.literal(it),
            };
        }
        match self.groups.is_empty() {
            true => Ok(()),
            false => Err(SyntaxError::new("missing closing )")),
        }
    }

    fn open_group(&mut self) {
        self.groups.push(self.most);
        (self.most, self.last_most) = (1, 1);
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let around = self.groups.pop().ok_or(SyntaxError::new("unexpected )"))?;
        self.out.push(')');
        self.last_most = self.most;
        self.most = around.max(self.most);
        Ok(())
    }

    /// Counts a repetition in others: together they are as bounded as one.
    fn count_repeats(&mut self, least: u32, most: Option<u32>) -> Result<(), SyntaxError> {
        let together = self.last_most.saturating_mul(most.unwrap_or(least).max(1));
        if together > REPEAT_MAX && (least >= 2 || most.is_some_and(|it| it >= 2)) {
            return Err(SyntaxError::new("invalid repeat count"));
        }
        self.last_most = if most == Some(0) { 1 } else { together };
        self.most = self.most.max(self.last_most);
        Ok(())
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let it = characters.next()?;
        self.rest = characters.as_str();
        Some(it)
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn literal(&mut self, it: char) -> Last {
        if matches!(
            it,
            '\\' | '.'
                | '+'
                | '*'
                | '?'
                | '('
                | ')'
                | '|'
                | '['
                | ']'
                | '{'
                | '}'
                | '^'
                | '$'
                | '#'
                | '&'
                | '-'
                | '~'
        ) {
            self.out.push('\\');
        }
        self.out.push(it);
        Last::Atom
    }

    /// A repetition with its `?` for as few as possible. RE2 refuses one of a repetition and one of nothing.
    fn repeat(&mut self, operator: &str, last: Last) -> Result<Last, SyntaxError> {
        match last {
            Last::Nothing => Err(SyntaxError::new("missing argument to repetition operator")),
            Last::Repeated => Err(SyntaxError::new("invalid nested repetition operator")),
            Last::Atom => {
                self.out.push_str(operator);
                if self.eat("?") {
                    self.out.push('?');
                }
                Ok(Last::Repeated)
            }
        }
    }

    /// `n}`, `n,}` or `n,m}`; anything else is no repetition.
    fn counts(&mut self) -> Result<Option<String>, SyntaxError> {
        let Some((inside, rest)) = self.rest.split_once('}') else { return Ok(None) };
        let (min, max) = inside.split_once(',').unwrap_or((inside, inside));
        let is_count = |it: &str| {
            !it.is_empty()
                && it.bytes().all(|it| it.is_ascii_digit())
                && (it.len() == 1 || !it.starts_with('0'))
        };
        if !is_count(min) || !(max.is_empty() || is_count(max)) {
            return Ok(None);
        }
        let count = |it: &str| it.parse::<u32>().ok().filter(|it| *it <= REPEAT_MAX);
        let error = SyntaxError::new("invalid repeat count");
        let least = count(min).ok_or(error)?;
        let most = match max {
            "" => None,
            max => Some(count(max).ok_or(error)?),
        };
        if most.is_some_and(|most| most < least) {
            return Err(error);
        }
        self.count_repeats(least, most)?;
        self.rest = rest;
        Ok(Some(["{", inside, "}"].concat()))
    }

    /// What follows `(`: a group, a named group, a group with flags, or only flags.
    fn open(&mut self, last: Last) -> Result<Last, SyntaxError> {
        if !self.rest.starts_with('?') {
            self.open_group();
            self.out.push('(');
            return Ok(Last::Nothing);
        }
        if self.eat("?P<") || self.eat("?<") {
            let error = SyntaxError::new("invalid named capture");
            let (name, rest) = self.rest.split_once('>').ok_or(error)?;
            if name.is_empty() || !name.bytes().all(|it| it == b'_' || it.is_ascii_alphanumeric()) {
                return Err(error);
            }
            self.rest = rest;
            self.open_group();
            // A name that begins with a digit, or comes twice, is one in RE2 only; its group still has its number.
            let named =
                !name.starts_with(|it: char| it.is_ascii_digit()) && !self.names.contains(&name);
            self.names.push(name);
            self.out.push_str(&if named { ["(?P<", name, ">"].concat() } else { "(".to_owned() });
            return Ok(Last::Nothing);
        }
        self.eat("?");
        self.flags(last)
    }

    fn flags(&mut self, last: Last) -> Result<Last, SyntaxError> {
        let error = SyntaxError::new("invalid or unsupported Perl syntax");
        let end = self.rest.find([':', ')']).ok_or(SyntaxError::new("missing closing )"))?;
        let (flags, rest) = self.rest.split_at_checked(end).ok_or(error)?;
        let (on, off) = flags.split_once('-').unwrap_or((flags, ""));
        let known = |flags: &str| flags.bytes().all(|it| matches!(it, b'i' | b'm' | b's' | b'U'));
        if !known(on) || !known(off) || flags.ends_with('-') {
            return Err(error);
        }
        let flags = flags.to_owned();
        self.rest = rest;
        if self.eat(":") {
            self.open_group();
            self.out.push_str(&["(?", &without_doubles(&flags), ":"].concat());
            return Ok(Last::Nothing);
        }
        if self.eat(")") && !flags.is_empty() {
            self.pending_flags = ["(?", &without_doubles(&flags), ")"].concat();
        }
        Ok(if last == Last::Repeated { Last::Atom } else { last })
    }
}

/// RE2 takes a flag twice; the last one counts.
fn without_doubles(flags: &str) -> String {
    let (on, off) = flags.split_once('-').unwrap_or((flags, ""));
    let once = |flags: &str, except: &str| -> String {
        let mut seen = String::new();
        for flag in flags.chars().filter(|it| !except.contains(*it)) {
            if !seen.contains(flag) {
                seen.push(flag);
            }
        }
        seen
    };
    let (on, off) = (once(on, off), once(off, ""));
    if off.is_empty() { on } else { [on.as_str(), "-", off.as_str()].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_rewritten() {
        let cases = [
            (r"a.b*?", r"a.b*?"),
            (r"\d\W", r"[0-9][^0-9A-Za-z_]"),
            (r"[\d\-a-f]", r"[0-9\-a-f]"),
            (r"[^]a]", r"[^\]a]"),
            (r"[a[b]", r"[a\[b]"),
            (r"[[:alpha:]&&]", r"[[:alpha:]\&\&]"),
            (r"x{2,}{", r"x{2,}\{"),
            (r"(a{100}){10}a{1000}", r"(a{100}){10}a{1000}"),
            (r"(a{1000}){0}(a{1000})+", r"(a{1000}){0}(a{1000})+"),
            (r"\Qa.b\E+", r"a\.b+"),
            (r"\bx\B", r"(?-u:\b)x(?-u:\B)"),
            (r"(?P<n>\x41\x{263a}\101)", "(?P<n>A\u{263a}A)"),
            (r"(?i)a(?-i:b)", r"(?i)a(?-i:b)"),
            (r"ab(?i)*c", r"ab*(?i)c"),
            (r"\pL\P{Greek}\p{^Lu}", r"\p{gc=L}\P{sc=Greek}\P{gc=Lu}"),
        ];
        for (given, expected) in cases {
            assert_eq!(translate(given).as_deref(), Ok(expected), "{given}");
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        let patterns = [
            "a**",
            "*",
            "(?i)*",
            "a|*",
            "(",
            ")",
            "[a",
            "[z-a]",
            r"\",
            r"\1",
            r"\8",
            r"\Z",
            r"\C",
            "a{1001}",
            "a{2,1}",
            "(a{100}){11}",
            "((a{10}){11}b){10}",
            "(a{1000}|b){2,}",
            "(?x)a",
            "(?P<n",
            "(?P<>a)",
            "(?=a)",
            "(?u:a)",
            r"[\b]",
            r"[a-\d]",
            "[[:foo:]]",
            r"\x{110000}",
            r"\p{Foo",
        ];
        for pattern in patterns {
            assert!(translate(pattern).is_err(), "{pattern}");
        }
    }
}
