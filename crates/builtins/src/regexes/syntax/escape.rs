//! What follows a backslash.

use super::{Last, SyntaxError, Translator};

const INVALID: SyntaxError = SyntaxError::new("invalid escape sequence");

impl Translator<'_> {
    /// An escape outside of a class.
    pub(super) fn escape(&mut self, last: Last) -> Result<Last, SyntaxError> {
        if self.eat("Q") {
            return Ok(self.quoted(last));
        }
        let simple = [("A", r"\A"), ("z", r"\z"), ("b", r"(?-u:\b)"), ("B", r"(?-u:\B)")];
        for (letter, translated) in simple {
            if self.eat(letter) {
                self.out.push_str(translated);
                return Ok(Last::Atom);
            }
        }
        if let Some((items, negated)) = self.short_class() {
            self.out.push_str(if negated { "[^" } else { "[" });
            self.out.push_str(items);
            self.out.push(']');
            return Ok(Last::Atom);
        }
        if let Some(class) = self.unicode_class()? {
            self.out.push_str(&class);
            return Ok(Last::Atom);
        }
        let it = self.character()?;
        Ok(self.literal(it))
    }

    /// `\Q…\E`: everything between stands for itself.
    fn quoted(&mut self, last: Last) -> Last {
        let (literal, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
        self.rest = rest;
        // An empty quotation leaves what stood before it where it was.
        literal.chars().fold(last, |_, it| self.literal(it))
    }

    /// `\d`, `\s`, `\w` and their opposites: what is in the class, and whether it is negated.
    pub(super) fn short_class(&mut self) -> Option<(&'static str, bool)> {
        let letter = self.rest.chars().next()?;
        let items = match letter.to_ascii_lowercase() {
            'd' => "0-9",
            's' => r"\t\n\x0c\r ",
            'w' => "0-9A-Za-z_",
            _ => return None,
        };
        self.next();
        Some((items, letter.is_ascii_uppercase()))
    }

    /// `\pL`, `\p{Greek}`, `\p{^Greek}`, `\PL`.
    pub(super) fn unicode_class(&mut self) -> Result<Option<String>, SyntaxError> {
        let negated = match self.rest.as_bytes().first() {
            Some(b'p') => false,
            Some(b'P') => true,
            _ => return Ok(None),
        };
        let error = SyntaxError::new("invalid character class range");
        self.next();
        let name = if self.eat("{") {
            let (name, rest) = self.rest.split_once('}').ok_or(error)?;
            self.rest = rest;
            name.to_owned()
        } else {
            self.next().ok_or(error)?.to_string()
        };
        let (name, negated) = match name.strip_prefix('^') {
            Some(rest) => (rest, !negated),
            None => (name.as_str(), negated),
        };
        if name.is_empty() || !name.bytes().all(|it| it == b'_' || it.is_ascii_alphabetic()) {
            return Err(error);
        }
        // RE2 knows categories and scripts. A bare name would also find properties, or not, depending on how the
        // library was built: module and reference evaluator must not differ in that.
        let is_category = regex::Regex::new(&[r"\p{gc=", name, "}"].concat()).is_ok();
        let kind = if is_category { "gc=" } else { "sc=" };
        Ok(Some([if negated { r"\P{" } else { r"\p{" }, kind, name, "}"].concat()))
    }

    /// An escape that stands for one character.
    pub(super) fn character(&mut self) -> Result<char, SyntaxError> {
        let it = self.next().ok_or(SyntaxError::new("trailing backslash at end of expression"))?;
        Ok(match it {
            'a' => '\u{7}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' => self.hex()?,
            '0' => self.octal(0)?,
            // A single digit would refer back to a group.
            '1'..='7' if self.rest.starts_with(|it| ('0'..='7').contains(&it)) => {
                self.octal(it as u32 - '0' as u32)?
            }
            _ if it.is_ascii() && !it.is_ascii_alphanumeric() => it,
            _ => return Err(INVALID),
        })
    }

    fn octal(&mut self, first: u32) -> Result<char, SyntaxError> {
        let mut code = first;
        for _ in 0..2 {
            match self.rest.chars().next().and_then(|it| it.to_digit(8)) {
                Some(digit) => code = code * 8 + digit,
                None => break,
            }
            self.next();
        }
        char::from_u32(code).ok_or(INVALID)
    }

    fn hex(&mut self) -> Result<char, SyntaxError> {
        let digits = if self.eat("{") {
            let (digits, rest) = self.rest.split_once('}').ok_or(INVALID)?;
            self.rest = rest;
            digits
        } else {
            let (digits, rest) = self.rest.split_at_checked(2).ok_or(INVALID)?;
            self.rest = rest;
            digits
        };
        if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
            return Err(INVALID);
        }
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).ok_or(INVALID)
    }
}
