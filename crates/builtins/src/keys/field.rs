//! Sums and products in a prime field, for the question whether a point is on a curve. It is asked once a key, and a
//! library for big numbers would be the largest part of many a module: so this is short rather than fast. All numbers
//! are public.

/// The digits of a number, the lowest first; as many as the largest field needs.
pub(super) type Number = [u32; 17];

/// The numbers below a prime.
pub(super) struct Field {
    /// The bits of the prime.
    pub(super) n_bits: usize,
    /// The prime.
    pub(super) prime: Number,
}

/// The number with these digits and zeros.
pub(super) fn limbs(digits: &[u32]) -> Number {
    std::array::from_fn(|at| digits.get(at).copied().unwrap_or_default())
}

impl Field {
    /// The number that is written highest byte first, if it is below the prime.
    pub(super) fn read(&self, bytes: &[u8]) -> Option<Number> {
        let mut number = [0; 17];
        for (at, byte) in bytes.iter().rev().enumerate() {
            let digit: &mut u32 = number.get_mut(at / 4)?;
            *digit |= u32::from(*byte) << (8 * (at % 4));
        }
        is_below(&number, &self.prime).then_some(number)
    }

    /// The sum of two numbers below the prime. No prime fills its digits so far that this could overflow them: that of
    /// P-521 leaves bits, the others leave whole digits.
    pub(super) fn sum(&self, a: &Number, b: &Number) -> Number {
        let mut carry = 0;
        let sum: Number = std::array::from_fn(|at| {
            let digit = u64::from(a[at]) + u64::from(b[at]) + carry;
            carry = digit >> 32;
            digit as u32
        });
        if is_below(&sum, &self.prime) { sum } else { difference(&sum, &self.prime) }
    }

    /// The product of two numbers below the prime: bit by bit, the highest first.
    pub(super) fn product(&self, a: &Number, b: &Number) -> Number {
        let mut product = [0; 17];
        for bit in (0..self.n_bits).rev() {
            product = self.sum(&product, &product);
            if a[bit / 32] >> (bit % 32) & 1 == 1 {
                product = self.sum(&product, b);
            }
        }
        product
    }
}

fn is_below(a: &Number, b: &Number) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// `a` without `b`, which is not larger.
fn difference(a: &Number, b: &Number) -> Number {
    let mut borrow = 0;
    std::array::from_fn(|at| {
        let digit = i64::from(a[at]) - i64::from(b[at]) + borrow;
        borrow = digit >> 32;
        digit as u32
    })
}
