//! The elliptic curves of NIST that Go knows: their sizes, names and equations.

use crate::der;
use crate::keys::field::{Field, limbs};

/// A curve `y² = x³ - 3x + b` over a prime field (SEC 2, FIPS 186).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P224,
    P256,
    P384,
    P521,
}

impl Curve {
    /// The curve that an object identifier stands for.
    pub(crate) fn from_oid(oid: &[u8]) -> Option<Curve> {
        match oid {
            [0x2b, 0x81, 0x04, 0x00, 0x21] => Some(Curve::P224),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07] => Some(Curve::P256),
            [0x2b, 0x81, 0x04, 0x00, 0x22] => Some(Curve::P384),
            [0x2b, 0x81, 0x04, 0x00, 0x23] => Some(Curve::P521),
            _ => None,
        }
    }

    /// The curve of this name in JSON web keys, which don't have P-224.
    pub(crate) fn from_name(name: &str) -> Option<Curve> {
        match name {
            "P-256" => Some(Curve::P256),
            "P-384" => Some(Curve::P384),
            "P-521" => Some(Curve::P521),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Curve::P224 => "P-224",
            Curve::P256 => "P-256",
            Curve::P384 => "P-384",
            Curve::P521 => "P-521",
        }
    }

    /// The bytes of a coordinate.
    pub(crate) fn size(self) -> usize {
        match self {
            Curve::P224 => 28,
            Curve::P256 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }

    /// The number as long as a coordinate is, `None` if it is longer.
    pub(crate) fn padded(self, number: &[u8]) -> Option<Vec<u8>> {
        let digits = der::trimmed(number);
        let n_zeros = self.size().checked_sub(digits.len())?;
        let mut padded = vec![0; n_zeros];
        padded.extend_from_slice(digits);
        Some(padded)
    }

    /// Whether the curve goes through a point.
    pub(crate) fn contains(self, x: &[u8], y: &[u8]) -> bool {
        let field = Field { n_bits: self.n_bits(), prime: limbs(self.prime()) };
        let (x, y, b) = (field.read(x), field.read(y), limbs(self.b()));
        let (Some(x), Some(y)) = (x, y) else { return false };
        // Both sides get 3x, so that nothing is negative.
        let left = field.sum(&field.product(&y, &y), &field.sum(&x, &field.sum(&x, &x)));
        let right = field.sum(&field.product(&field.product(&x, &x), &x), &b);
        left == right
    }

    /// The bits of the field's size.
    fn n_bits(self) -> usize {
        match self {
            Curve::P521 => 521,
            _ => 8 * self.size(),
        }
    }

    /// The size of the field, the lowest digits first.
    fn prime(self) -> &'static [u32] {
        const MAX: u32 = u32::MAX;
        match self {
            Curve::P224 => &[1, 0, 0, MAX, MAX, MAX, MAX],
            Curve::P256 => &[MAX, MAX, MAX, 0, 0, 0, 1, MAX],
            Curve::P384 => &[MAX, 0, 0, MAX, MAX - 1, MAX, MAX, MAX, MAX, MAX, MAX, MAX],
            Curve::P521 => &[
                MAX, MAX, MAX, MAX, MAX, MAX, MAX, MAX, MAX, MAX, MAX, MAX, MAX, MAX, MAX, MAX,
                0x1ff,
            ],
        }
    }

    /// The constant of the equation, the lowest digits first.
    fn b(self) -> &'static [u32] {
        match self {
            Curve::P224 => &[
                0x2355_ffb4,
                0x270b_3943,
                0xd7bf_d8ba,
                0x5044_b0b7,
                0xf541_3256,
                0x0c04_b3ab,
                0xb405_0a85,
            ],
            Curve::P256 => &[
                0x27d2_604b,
                0x3bce_3c3e,
                0xcc53_b0f6,
                0x651d_06b0,
                0x7698_86bc,
                0xb3eb_bd55,
                0xaa3a_93e7,
                0x5ac6_35d8,
            ],
            Curve::P384 => &[
                0xd3ec_2aef,
                0x2a85_c8ed,
                0x8a2e_d19d,
                0xc656_398d,
                0x5013_875a,
                0x0314_088f,
                0xfe81_4112,
                0x181d_9c6e,
                0xe3f8_2d19,
                0x988e_056b,
                0xe23e_e7e4,
                0xb331_2fa7,
            ],
            Curve::P521 => &[
                0x6b50_3f00,
                0xef45_1fd4,
                0x3d2c_34f1,
                0x3573_df88,
                0x3bb1_bf07,
                0x1652_c0bd,
                0xec7e_937b,
                0x5619_3951,
                0x8ef1_09e1,
                0xb8b4_8991,
                0x99b3_15f3,
                0xa2da_725b,
                0xb685_40ee,
                0x929a_21a0,
                0x8e1c_9a1f,
                0x953e_b961,
                0x51,
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::*;

    /// The base points of the curves, as FIPS 186-4 prints them.
    const BASE_POINTS: &[(Curve, &str, &str)] = &[
        (
            Curve::P224,
            "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21",
            "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34",
        ),
        (
            Curve::P256,
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        ),
        (
            Curve::P384,
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        ),
        (
            Curve::P521,
            "c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
            "11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
        ),
    ];

    #[test]
    fn curves_go_through_their_base_points_and_not_past_them() {
        for (curve, x, y) in BASE_POINTS {
            let bytes = |digits: &str| {
                BigUint::parse_bytes(digits.as_bytes(), 16).expect("digits").to_bytes_be()
            };
            let (x, mut y) = (bytes(x), bytes(y));
            assert!(curve.contains(&x, &y), "{}", curve.name());
            y[0] ^= 1;
            assert!(!curve.contains(&x, &y), "{}", curve.name());
        }
    }
}
