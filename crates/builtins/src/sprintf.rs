//! `sprintf`: Go's formatting, with its ways of saying that verb and operand don't fit.

use num_bigint::BigInt;
use palisade_value::{AnyValue, Num, View};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;
use crate::quote;

mod directive;
pub(crate) mod float;
mod integer;
mod text;

use directive::Formatter;

/// The format with its verbs replaced by the elements of the array.
pub fn sprintf<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let format = args.string(0)?;
    let operands: Vec<Operand<'_>> = args.array(1)?.iter().map(Operand::of).collect();
    write(format, &operands).map(V::string)
}

/// The format with its verbs replaced.
pub(crate) fn write(format: &str, operands: &[Operand<'_>]) -> Result<String, Failure> {
    Formatter::new(format, operands).run()
}

/// An operand as Go would see it. What is neither number nor string is the text of its Rego term.
pub(crate) enum Operand<'a> {
    Int(i64),
    BigInt(BigInt),
    Float(f64),
    Text(std::borrow::Cow<'a, str>),
    /// Something else that looks like this, and its type in Go. Only templates have such operands, as the next three.
    Other(std::borrow::Cow<'a, str>, &'static str),
    Boolean(bool),
    Nil,
    /// An integer whose type in Go isn't the one that policies have.
    GoInt(i64),
}

impl<'a> Operand<'a> {
    fn of<V: AnyValue>(value: &'a V) -> Operand<'a> {
        match value.view() {
            View::Number(it) => Operand::of_number(it),
            View::String(it) => Operand::Text(it.into()),
            _ => {
                let mut out = String::new();
                quote::write_term(value, &mut out);
                Operand::Text(out.into())
            }
        }
    }

    /// A number with a point is a double; one that has only an exponent, or is too large, stays the text it is.
    fn of_number(it: Num<'a>) -> Operand<'a> {
        let text = match (it.plain_int(), it) {
            (Some(it), _) | (None, Num::Int(it)) => return Operand::Int(it),
            (None, Num::Decimal(text)) => text,
        };
        if text.contains('.') {
            let number = it.to_f64();
            return if number.is_finite() {
                Operand::Float(number)
            } else {
                Operand::Text(text.into())
            };
        }
        match it.to_big_int().filter(|_| !text.contains(['e', 'E'])) {
            // Text without an exponent that fits 64 bits is `-0`.
            Some(it) if it == BigInt::ZERO => Operand::Int(0),
            Some(it) => Operand::BigInt(it),
            None => Operand::Text(text.into()),
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Operand::Int(_) => "int64",
            Operand::BigInt(_) => "*big.Int",
            Operand::Float(_) => "float64",
            Operand::Text(_) => "string",
            Operand::Other(_, name) => name,
            Operand::Boolean(_) => "bool",
            Operand::Nil => "<nil>",
            Operand::GoInt(_) => "int",
        }
    }
}
