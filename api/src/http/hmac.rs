//! HMAC-SHA256 (RFC 2104), of what comes piece by piece.

use sha2::{Digest as _, Sha256};

/// The size of a block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// A code in the making.
#[derive(Clone)]
pub struct Hmac {
    inner: Sha256,
    outer: Sha256,
}

impl Hmac {
    /// Begins, with a key of any length.
    pub fn new(key: &[u8]) -> Self {
        let mut block = [0_u8; BLOCK];
        if key.len() > BLOCK {
            let hash = Sha256::digest(key);
            block[..hash.len()].copy_from_slice(&hash);
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let mut begun = Self { inner: Sha256::new(), outer: Sha256::new() };
        begun.inner.update(block.map(|byte| byte ^ 0x36));
        begun.outer.update(block.map(|byte| byte ^ 0x5c));
        begun
    }

    /// Goes on.
    pub fn update(&mut self, piece: &[u8]) {
        self.inner.update(piece);
    }

    /// The code of everything that came.
    pub fn finish(mut self) -> [u8; 32] {
        self.outer.update(self.inner.finalize());
        self.outer.finalize().into()
    }

    /// The code of one piece.
    pub fn of(mut self, piece: &[u8]) -> [u8; 32] {
        self.update(piece);
        self.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cases of RFC 4231, but for the one that is truncated.
    #[test]
    fn codes_are_those_of_the_standard() {
        let counting: Vec<u8> = (1..=25).collect();
        let cases: [(&[u8], &[u8], &str); 6] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (&counting, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                &[0xaa; 131],
                b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ];
        for (key, message, expected) in cases {
            let code = expected
                .as_bytes()
                .chunks(2)
                .map(|digits| u8::from_str_radix(std::str::from_utf8(digits).expect("digits"), 16).expect("a byte"));
            assert_eq!(Hmac::new(key).of(message).to_vec(), code.collect::<Vec<u8>>());
            let mut in_pieces = Hmac::new(key);
            message.chunks(3).for_each(|piece| in_pieces.update(piece));
            assert_eq!(in_pieces.finish(), Hmac::new(key).of(message));
        }
    }
}
