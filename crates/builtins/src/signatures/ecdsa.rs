//! ECDSA on the curves of NIST (FIPS 186), with nonces that derive from key and message (RFC 6979). Nobody has P-224
//! any more: keys on it are read, but sign and verify nothing.

use ecdsa::elliptic_curve::array::ArraySize;
use ecdsa::elliptic_curve::ops::Invert;
use ecdsa::elliptic_curve::point::AffineCoordinates;
use ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use ecdsa::elliptic_curve::subtle::CtOption;
use ecdsa::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, Scalar};
use ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use ecdsa::{DigestAlgorithm, EcdsaCurve, Signature, SignatureSize, SigningKey, VerifyingKey};

use crate::der;
use crate::keys::{Curve, EcPrivate, EcPublic};

/// Whether `r` and `s`, with leading zeros or without, are the key's signature of a digest.
pub(crate) fn verify(key: &EcPublic, digest: &[u8], r: &[u8], s: &[u8]) -> bool {
    let is_right = match key.curve {
        Curve::P224 => None,
        Curve::P256 => verify_on::<p256::NistP256>(key, digest, r, s),
        Curve::P384 => verify_on::<p384::NistP384>(key, digest, r, s),
        Curve::P521 => verify_on::<p521::NistP521>(key, digest, r, s),
    };
    is_right.is_some()
}

fn verify_on<C>(key: &EcPublic, digest: &[u8], r: &[u8], s: &[u8]) -> Option<()>
where
    C: EcdsaCurve + CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
    SignatureSize<C>: ArraySize,
{
    let sized =
        |number: &[u8]| FieldBytes::<C>::try_from(key.curve.padded(number)?.as_slice()).ok();
    // From coordinates: reading SEC 1 would bring the square roots that compressed points take.
    let point = AffinePoint::<C>::from_coordinates(&sized(&key.x)?, &sized(&key.y)?);
    let verifier = VerifyingKey::<C>::from_affine(Option::from(point)?).ok()?;
    let signature = Signature::<C>::from_scalars(sized(r)?, sized(s)?).ok()?;
    verifier.verify_prehash(digest, &signature).ok()
}

/// The signature of a digest: `r` and `s`, each as long as a coordinate. `None` if the key is no number of the curve.
pub(crate) fn sign(key: &EcPrivate, digest: &[u8]) -> Option<Vec<u8>> {
    match key.public.curve {
        Curve::P224 => None,
        Curve::P256 => sign_on::<p256::NistP256>(key, digest),
        Curve::P384 => sign_on::<p384::NistP384>(key, digest),
        Curve::P521 => sign_on::<p521::NistP521>(key, digest),
    }
}

fn sign_on<C>(key: &EcPrivate, digest: &[u8]) -> Option<Vec<u8>>
where
    C: EcdsaCurve + CurveArithmetic + DigestAlgorithm,
    Scalar<C>: Invert<Output = CtOption<Scalar<C>>>,
    SignatureSize<C>: ArraySize,
{
    let signer = SigningKey::<C>::from_slice(&key.scalar).ok()?;
    let signature: Signature<C> = signer.sign_prehash(digest).ok()?;
    Some(signature.to_bytes().to_vec())
}

/// The public key that belongs to a number below the order of the curve.
pub(crate) fn public(curve: Curve, scalar: &[u8]) -> Option<EcPublic> {
    let point = match curve {
        Curve::P224 => None,
        Curve::P256 => public_on::<p256::NistP256>(scalar),
        Curve::P384 => public_on::<p384::NistP384>(scalar),
        Curve::P521 => public_on::<p521::NistP521>(scalar),
    };
    EcPublic::from_sec1(curve, &point?)
}

fn public_on<C>(scalar: &[u8]) -> Option<Vec<u8>>
where
    C: EcdsaCurve + CurveArithmetic,
    Scalar<C>: Invert<Output = CtOption<Scalar<C>>>,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
    SignatureSize<C>: ArraySize,
{
    let signer = SigningKey::<C>::from_slice(scalar).ok()?;
    Some(signer.verifying_key().to_sec1_point(false).as_bytes().to_vec())
}

/// Splits a signature as certificates carry it, a sequence of two integers.
pub(crate) fn split_der(signature: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut all = der::Reader::new(signature);
    let mut numbers = all.inside(der::SEQUENCE)?;
    let (r, s) = (numbers.unsigned()?, numbers.unsigned()?);
    (all.is_empty() && numbers.is_empty()).then_some((r, s))
}
