//! Reading a format: literal text and directives `%[index][flags][width][.precision]verb`.

use super::{Operand, float, integer, text};
use crate::failure::Failure;
use crate::limits::FORMAT_NUMBER_MAX;
use crate::strings::check_length;

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) sharp: bool,
    pub(super) zero: bool,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) space: bool,
    /// `%#v`
    pub(super) sharp_v: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

impl Flags {
    /// Writes the text, filled up to the width on the side that the flags say.
    pub(super) fn pad(&self, text: &str, out: &mut String) {
        let n_missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.minus {
            out.push_str(text);
            self.write_padding(n_missing, out);
        } else {
            self.write_padding(n_missing, out);
            out.push_str(text);
        }
    }

    /// Zeros fill only on the left.
    pub(super) fn write_padding(&self, n: usize, out: &mut String) {
        let fill = if self.zero && !self.minus { '0' } else { ' ' };
        out.extend(std::iter::repeat_n(fill, n));
    }
}

/// Goes through a format once, from left to right.
pub(super) struct Formatter<'a> {
    rest: &'a str,
    operands: &'a [Operand<'a>],
    next: usize,
    flags: Flags,
    /// An operand was named by its index: then operands that are left over are no mistake.
    reordered: bool,
    /// The last index stands directly before what comes now.
    after_index: bool,
    good_index: bool,
    out: String,
}

impl<'a> Formatter<'a> {
    pub(super) fn new(format: &'a str, operands: &'a [Operand<'a>]) -> Formatter<'a> {
        Formatter {
            rest: format,
            operands,
            next: 0,
            flags: Flags::default(),
            reordered: false,
            after_index: false,
            good_index: true,
            out: String::with_capacity(format.len()),
        }
    }

    pub(super) fn run(mut self) -> Result<String, Failure> {
        while let Some((literal, directive)) = self.rest.split_once('%') {
            self.out.push_str(literal);
            self.rest = directive;
            self.directive();
            check_length(&self.out)?;
        }
        self.out.push_str(self.rest);
        self.write_extra();
        check_length(&self.out)?;
        Ok(self.out)
    }

    fn directive(&mut self) {
        self.flags = Flags::default();
        (self.good_index, self.after_index) = (true, false);
        self.read_flags();
        self.read_index();
        self.read_width();
        self.read_precision();
        if !self.after_index {
            self.read_index();
        }
        let mut characters = self.rest.chars();
        let Some(verb) = characters.next() else {
            self.out.push_str("%!(NOVERB)");
            return;
        };
        self.rest = characters.as_str();
        match (verb, self.operands.get(self.next)) {
            ('%', _) => self.out.push('%'),
            _ if !self.good_index => self.complain(verb, "BADINDEX"),
            (_, None) => self.complain(verb, "MISSING"),
            (_, Some(operand)) => {
                self.next += 1;
                self.write(operand, verb);
            }
        }
    }

    fn complain(&mut self, verb: char, what: &str) {
        self.out.push_str("%!");
        self.out.push(verb);
        self.out.push('(');
        self.out.push_str(what);
        self.out.push(')');
    }

    fn peek(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    /// Steps over one ASCII character.
    fn skip(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or("");
    }

    fn read_flags(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'#' => self.flags.sharp = true,
                b'0' => self.flags.zero = true,
                b'+' => self.flags.plus = true,
                b'-' => self.flags.minus = true,
                b' ' => self.flags.space = true,
                _ => return,
            }
            self.skip();
        }
    }

    /// Digits as a number. Too many of them eat what is left of the format, as in Go.
    fn read_number(&mut self) -> Option<usize> {
        let n_digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at_checked(n_digits)?;
        if digits.is_empty() {
            return None;
        }
        let number = digits.parse().ok().filter(|it| *it <= FORMAT_NUMBER_MAX);
        self.rest = if number.is_some() { rest } else { "" };
        number
    }

    /// `[n]`: the operand that is next, counted from 1.
    fn read_index(&mut self) {
        self.after_index = false;
        if self.peek() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let Some((inside, rest)) = self.rest.get(1..).and_then(|it| it.split_once(']')) else {
            self.good_index = false;
            self.skip();
            return;
        };
        self.rest = rest;
        let only_digits = !inside.is_empty() && inside.bytes().all(|it| it.is_ascii_digit());
        let index =
            inside.parse::<usize>().ok().filter(|it| only_digits && *it <= FORMAT_NUMBER_MAX);
        self.after_index = index.is_some();
        match index.and_then(|it| it.checked_sub(1)).filter(|it| *it < self.operands.len()) {
            Some(index) => self.next = index,
            None => self.good_index = false,
        }
    }

    fn read_width(&mut self) {
        if self.peek() == Some(b'*') {
            self.skip();
            match self.take_integer() {
                Some(width) => {
                    self.flags.minus |= width < 0;
                    self.flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => self.out.push_str("%!(BADWIDTH)"),
            }
            self.after_index = false;
            return;
        }
        self.flags.width = self.read_number();
        if self.after_index && self.flags.width.is_some() {
            self.good_index = false;
        }
    }

    fn read_precision(&mut self) {
        if self.peek() != Some(b'.') {
            return;
        }
        self.skip();
        if self.after_index {
            self.good_index = false;
        }
        self.read_index();
        if self.peek() != Some(b'*') {
            self.flags.precision = Some(self.read_number().unwrap_or(0));
            return;
        }
        self.skip();
        match self.take_integer() {
            Some(precision) if precision >= 0 => {
                self.flags.precision = usize::try_from(precision).ok()
            }
            _ => self.out.push_str("%!(BADPREC)"),
        }
        self.after_index = false;
    }

    /// The next operand as a width or precision.
    fn take_integer(&mut self) -> Option<i64> {
        let operand = self.operands.get(self.next)?;
        self.next += 1;
        match operand {
            Operand::Int(it) | Operand::GoInt(it)
                if it.unsigned_abs() <= FORMAT_NUMBER_MAX as u64 =>
            {
                Some(*it)
            }
            _ => None,
        }
    }

    fn write(&mut self, operand: &Operand<'_>, verb: char) {
        if verb == 'T' {
            text::write(operand.type_name(), 's', &self.flags, &mut self.out);
            return;
        }
        if verb == 'v' {
            self.flags.sharp_v = std::mem::take(&mut self.flags.sharp);
            // Big integers format themselves and look at the flag as it was given.
            self.flags.plus &= matches!(operand, Operand::BigInt(_));
        }
        if !self.write_verb(operand, verb) {
            self.out.push_str("%!");
            self.out.push(verb);
            self.out.push('(');
            if let Operand::BigInt(it) = operand {
                self.out.push_str(&["big.Int=", &it.to_string()].concat());
            } else if let Operand::Nil = operand {
                self.out.push_str("<nil>");
            } else {
                // The operand is shown with the directive's flags and width.
                self.out.push_str(operand.type_name());
                self.out.push('=');
                self.write_verb(operand, 'v');
            }
            self.out.push(')');
        }
    }

    /// `false` if the verb doesn't go with the operand; then nothing is written.
    fn write_verb(&mut self, operand: &Operand<'_>, verb: char) -> bool {
        let (flags, out) = (&self.flags, &mut self.out);
        match operand {
            Operand::Int(it) | Operand::GoInt(it) => integer::write(*it, verb, flags, out),
            Operand::BigInt(it) => integer::write_big(it, verb, flags, out),
            Operand::Float(it) => float::write(*it, verb, flags, out),
            Operand::Text(it) | Operand::Other(it, _) => text::write(it, verb, flags, out),
            Operand::Boolean(it) if matches!(verb, 't' | 'v') => {
                flags.pad(if *it { "true" } else { "false" }, out);
                true
            }
            Operand::Nil if verb == 'v' => {
                flags.pad("<nil>", out);
                true
            }
            Operand::Boolean(_) | Operand::Nil => false,
        }
    }

    /// Operands that no directive asked for.
    fn write_extra(&mut self) {
        let Some(extra) =
            self.operands.get(self.next..).filter(|it| !it.is_empty() && !self.reordered)
        else {
            return;
        };
        self.flags = Flags::default();
        self.out.push_str("%!(EXTRA ");
        for (at, operand) in extra.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            self.out.push_str(operand.type_name());
            self.out.push('=');
            self.write_verb(operand, 'v');
        }
        self.out.push(')');
    }
}
