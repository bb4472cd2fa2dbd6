//! NaCl's `secretbox`: XSalsa20 with Poly1305, the tag before the ciphertext.
//!
//! After D. J. Bernstein, "Cryptography in NaCl", sections 9 and 10: the first 32 bytes of the key
//! stream key the authenticator, the message takes the stream from there on.

use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use salsa20::XSalsa20;
use salsa20::cipher::{KeyIvInit, StreamCipher};
use zeroize::Zeroizing;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;
/// Bytes of a nonce.
pub(crate) const NONCE_BYTES: usize = 24;

const TAG_BYTES: usize = 16;

/// Encrypts and authenticates `plaintext`.
pub(crate) fn seal(key: &[u8; KEY_BYTES], nonce: &[u8; NONCE_BYTES], plaintext: &[u8]) -> Vec<u8> {
    let (mut stream, authenticator) = start(key, nonce);
    let mut ciphertext = plaintext.to_vec();
    stream.apply_keystream(&mut ciphertext);
    let mut boxed = authenticator.compute_unpadded(&ciphertext).to_vec();
    boxed.append(&mut ciphertext);
    boxed
}

/// Decrypts what [`seal`] made; nothing if the key is another or a byte was changed.
pub(crate) fn open(
    key: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    boxed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (tag, ciphertext) = boxed.split_at_checked(TAG_BYTES)?;
    let (mut stream, authenticator) = start(key, nonce);
    // The comparison need not take constant time: the box is a file on the reader's own disk.
    if authenticator.compute_unpadded(ciphertext).as_slice() != tag {
        return None;
    }
    let mut plaintext = Zeroizing::new(ciphertext.to_vec());
    stream.apply_keystream(&mut plaintext);
    Some(plaintext)
}

fn start(key: &[u8; KEY_BYTES], nonce: &[u8; NONCE_BYTES]) -> (XSalsa20, Poly1305) {
    let mut stream = XSalsa20::new(key.into(), nonce.into());
    let mut tag_key = Zeroizing::new([0; 32]);
    stream.apply_keystream(tag_key.as_mut_slice());
    let authenticator = Poly1305::new((&*tag_key).into());
    (stream, authenticator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_it_sealed_and_nothing_else() {
        let (key, nonce) = ([1; KEY_BYTES], [2; NONCE_BYTES]);
        for length in [0, 1, 31, 32, 33, 64, 200] {
            let plaintext = vec![7; length];
            let boxed = seal(&key, &nonce, &plaintext);
            assert_eq!(boxed.len(), length + TAG_BYTES);
            assert_eq!(open(&key, &nonce, &boxed).unwrap().as_slice(), plaintext);
            assert!(open(&[3; KEY_BYTES], &nonce, &boxed).is_none());
            assert!(open(&key, &[3; NONCE_BYTES], &boxed).is_none());
            for position in 0..boxed.len() {
                let mut changed = boxed.clone();
                changed[position] ^= 1;
                assert!(open(&key, &nonce, &changed).is_none());
            }
        }
        assert!(open(&key, &nonce, &[0; TAG_BYTES - 1]).is_none());
    }
}
