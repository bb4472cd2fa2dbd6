//! What comes from the context: `opa.runtime`, `rand.intn`, `uuid.rfc4122`; and what has no effect: `trace`, `test.sleep`.
//!
//! Randomness derives from the context's seed and the arguments alone, so that a call gives the same result wherever in
//! an evaluation it stands, and again when the evaluation is repeated.

use palisade_value::{AnyValue, json};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

/// `true`: a note for whoever reads a trace.
pub fn trace<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    args.string(0)?;
    Ok(V::boolean(true))
}

/// `null` at once: time stands still while a policy is evaluated, so there is nothing to wait for.
pub fn test_sleep<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    args.string(0)?;
    Ok(V::null())
}

/// What the host says about itself.
pub fn opa_runtime<V: AnyValue>(ctx: &mut Context, _: &[V]) -> Result<V, Failure> {
    match &ctx.runtime {
        Some(text) => {
            json::parse(text).map_err(|_| Failure::error("runtime information is no JSON"))
        }
        None => Ok(V::object_from_sorted(Vec::new())),
    }
}

/// An integer from 0 up to, not including, the size of `n`; the same for the same arguments within an evaluation.
pub fn rand_intn<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (key, n) = (args.string(0)?, args.integer(1)?.unsigned_abs());
    let mut random = Random::new(ctx.seed, &["rand.intn", key, &n.to_string()]);
    // The high half of the product is evenly spread over 0..n, up to one part in 2^64.
    let product = u128::from(random.next()) * u128::from(n);
    Ok(V::integer((product >> 64) as i64))
}

/// A random UUID, the same for the same argument within an evaluation.
pub fn uuid_rfc4122<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let key = json::to_json(args.value(0)?);
    let mut random = Random::new(ctx.seed, &["uuid.rfc4122", &key]);
    let bits = u128::from(random.next()) << 64 | u128::from(random.next());
    // Version 4, variant 1.
    let bits = bits & !(0xf << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    let group = |shift: u32, n_digits: u32| {
        let digits = (0..n_digits).rev().map(|at| (bits >> (shift + 4 * at)) as u32 & 15);
        digits.filter_map(|it| char::from_digit(it, 16)).collect::<String>()
    };
    let groups = [group(96, 8), group(80, 4), group(64, 4), group(48, 4), group(0, 12)];
    Ok(V::string(groups.join("-")))
}

/// SplitMix64 (Steele, Lea and Flood), started from an FNV-1a hash of the seed and what the numbers are for.
struct Random {
    state: u64,
}

impl Random {
    fn new(seed: u64, parts: &[&str]) -> Random {
        // A byte that UTF-8 doesn't have ends each part, so that parts can't run into each other.
        let bytes = parts.iter().flat_map(|it| it.bytes().chain([0xff]));
        let state = seed
            .to_le_bytes()
            .into_iter()
            .chain(bytes)
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Random { state }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
