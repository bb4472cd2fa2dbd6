//! RSA signatures: PKCS #1 v1.5 and PSS (RFC 8017), over arithmetic whose time doesn't depend on the numbers.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use sha2::Digest;

use crate::keys::{RsaPrivate, RsaPublic};
use crate::limits::RSA_BITS_MAX;

/// The fewest bits of a modulus; Go refuses shorter ones.
const BITS_MIN: usize = 1024;

/// The digest algorithms of signatures, as PKCS #1 v1.5 announces them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The DER of `DigestInfo` up to the digest.
    fn prefix(self) -> &'static [u8] {
        match self {
            Hash::Sha256 => {
                &[0x30, 0x31, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20]
            }
            Hash::Sha384 => {
                &[0x30, 0x41, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30]
            }
            Hash::Sha512 => {
                &[0x30, 0x51, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40]
            }
        }
    }
}

/// Whether the signature is the key's for this digest, padded as PKCS #1 v1.5 says.
pub(crate) fn verify_pkcs1(key: &RsaPublic, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
    let opened = open(key, signature);
    opened.is_some_and(|it| Some(it) == pkcs1_padded(key.modulus.len(), hash, digest))
}

/// The signature of a digest, padded as PKCS #1 v1.5 says. `None` if the key is unusable or its numbers don't belong
/// together.
pub(crate) fn sign_pkcs1(key: &RsaPrivate, hash: Hash, digest: &[u8]) -> Option<Vec<u8>> {
    seal(key, &pkcs1_padded(key.public.modulus.len(), hash, digest)?)
}

/// `00 01 ff … ff 00 DigestInfo`
fn pkcs1_padded(length: usize, hash: Hash, digest: &[u8]) -> Option<Vec<u8>> {
    let prefix = hash.prefix();
    let n_padding = length.checked_sub(prefix.len() + digest.len() + 3).filter(|it| *it >= 8)?;
    let mut padded = vec![0, 1];
    padded.resize(2 + n_padding, 0xff);
    padded.push(0);
    padded.extend_from_slice(prefix);
    padded.extend_from_slice(digest);
    Some(padded)
}

/// Whether the signature is the key's for this digest, with the salt inside as PSS says; the salt may have any length
/// unless one is given.
pub(crate) fn verify_pss<D: Digest>(
    key: &RsaPublic,
    digest: &[u8],
    signature: &[u8],
    salt_length: Option<usize>,
) -> bool {
    let is_right = || {
        let opened = open(key, signature)?;
        let length = pss_length(key)?;
        // Where the encoding is a byte shorter than the modulus, that byte is zero.
        let (zeros, encoded) = opened.split_at_checked(opened.len().checked_sub(length)?)?;
        if zeros.iter().any(|it| *it != 0) {
            return None;
        }
        let (body, hash) = match encoded.split_last()? {
            (0xbc, rest) => {
                rest.split_at_checked(rest.len().checked_sub(<D as Digest>::output_size())?)?
            }
            _ => return None,
        };
        let (&first, _) = body.split_first()?;
        if first & !first_mask(key)? != 0 {
            return None;
        }
        let mut block = masked::<D>(body, hash);
        *block.first_mut()? &= first_mask(key)?;
        let one = block.iter().position(|it| *it != 0)?;
        let salt = block.get(one + 1..)?;
        if block.get(one) != Some(&1) || salt_length.is_some_and(|it| it != salt.len()) {
            return None;
        }
        (hash == salted::<D>(digest, salt)).then_some(())
    };
    is_right().is_some()
}

/// The signature of a digest, with this salt inside as PSS says. `None` if the key is unusable or its numbers don't
/// belong together.
pub(crate) fn sign_pss<D: Digest>(key: &RsaPrivate, digest: &[u8], salt: &[u8]) -> Option<Vec<u8>> {
    let hash = salted::<D>(digest, salt);
    let length = pss_length(&key.public)?.checked_sub(hash.len() + 1)?;
    let mut block = vec![0; length.checked_sub(salt.len() + 1)?];
    block.push(1);
    block.extend_from_slice(salt);
    let mut encoded = masked::<D>(&block, &hash);
    *encoded.first_mut()? &= first_mask(&key.public)?;
    encoded.extend_from_slice(&hash);
    encoded.push(0xbc);
    seal(key, &encoded)
}

/// The bytes of an encoding that has one bit less than the modulus.
fn pss_length(key: &RsaPublic) -> Option<usize> {
    Some((bits(&key.modulus).checked_sub(1)?).div_ceil(8))
}

/// The bits of the first byte of an encoding that count.
fn first_mask(key: &RsaPublic) -> Option<u8> {
    let unused = 8 * pss_length(key)? - bits(&key.modulus).checked_sub(1)?;
    Some(0xff >> unused)
}

/// The hash over a digest and its salt.
fn salted<D: Digest>(digest: &[u8], salt: &[u8]) -> Vec<u8> {
    let hash = D::new().chain_update([0; 8]).chain_update(digest).chain_update(salt);
    hash.finalize().to_vec()
}

/// The block with the mask over it that a seed generates (MGF1); the same again takes it away.
fn masked<D: Digest>(block: &[u8], seed: &[u8]) -> Vec<u8> {
    let part = |counter: u32| {
        let hash = D::new().chain_update(seed).chain_update(counter.to_be_bytes());
        hash.finalize().to_vec()
    };
    let mask = (0..=u32::MAX).flat_map(part);
    block.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect()
}

/// What was signed, as long as the modulus: the signature to the power of the public exponent.
fn open(key: &RsaPublic, signature: &[u8]) -> Option<Vec<u8>> {
    // As Go has it: odd, and below 2^31.
    let is_exponent = key.exponent % 2 == 1 && (3..1 << 31).contains(&key.exponent);
    if !is_exponent || signature.len() != key.modulus.len() {
        return None;
    }
    let exponent = BoxedUint::from(key.exponent);
    power(&key.modulus, signature, &exponent, u64::BITS - key.exponent.leading_zeros())
}

/// The message to the power of the private exponent, if that can be opened again.
fn seal(key: &RsaPrivate, message: &[u8]) -> Option<Vec<u8>> {
    let exponent = key.exponent.to_bytes_be();
    if exponent.len() > key.public.modulus.len() {
        return None;
    }
    let n_bits = u32::try_from(8 * key.public.modulus.len()).ok()?;
    let exponent = BoxedUint::from_be_slice(&exponent, n_bits).ok()?;
    let signature = power(&key.public.modulus, message, &exponent, n_bits)?;
    let opened = open(&key.public, &signature)?;
    (opened.get(opened.len().checked_sub(message.len())?..) == Some(message)).then_some(signature)
}

/// `base^exponent`, as long as the modulus.
fn power(modulus: &[u8], base: &[u8], exponent: &BoxedUint, exponent_bits: u32) -> Option<Vec<u8>> {
    if !(BITS_MIN..=RSA_BITS_MAX).contains(&bits(modulus)) {
        return None;
    }
    let n_bits = u32::try_from(8 * modulus.len()).ok()?;
    let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, n_bits).ok();
    let (modulus, base) = (number(modulus)?, number(base)?);
    if base >= modulus {
        return None;
    }
    let parameters = BoxedMontyParams::new(Option::from(Odd::new(modulus))?);
    let result =
        BoxedMontyForm::new(base, &parameters).pow_bounded_exp(exponent, exponent_bits).retrieve();
    let digits = result.to_be_bytes();
    let n_bytes = n_bits as usize / 8;
    digits.get(digits.len().checked_sub(n_bytes)?..).map(<[u8]>::to_vec)
}

/// The bits of a number without leading zeros.
fn bits(number: &[u8]) -> usize {
    match number.first() {
        Some(first) => 8 * number.len() - first.leading_zeros() as usize,
        None => 0,
    }
}
