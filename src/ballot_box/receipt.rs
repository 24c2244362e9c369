//! What the sender of an envelope keeps: its digest. The digests of all envelopes
//! are published at closing before any is opened, so that everybody can see that
//! theirs is among those that were counted. A receipt proves presence, never
//! content: it says nothing about the answers, and no ballot leads to it.
//!
//! Source: SHA-256, FIPS 180-4.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::Envelope;

/// The digest of one sealed envelope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Receipt([u8; 32]);

/// Enough of a receipt to know it by: at least [`LEAST_DIGITS`] of its first digits.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedReceipt(String);

/// Fewer digits than this could be somebody else's too.
pub const LEAST_DIGITS: usize = 16;
/// All digits of a receipt.
const DIGITS: usize = 64;

/// Why what was typed is no receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Nothing was typed.
    #[error("is empty")]
    Empty,
    /// A character that no receipt has.
    #[error("contains {0:?}; a receipt has the digits 0 to 9 and the letters a to f")]
    Character(char),
    /// Too few digits.
    #[error("has only {0} digits; at least {LEAST_DIGITS} are needed")]
    TooShort(usize),
    /// Too many digits.
    #[error("has {0} digits; a receipt has {DIGITS}")]
    TooLong(usize),
}

impl Receipt {
    /// The receipt of an envelope.
    #[must_use]
    pub fn of(envelope: &Envelope) -> Self {
        Self(Sha256::digest(envelope.as_bytes()).into())
    }

    /// The receipt of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// All its digits in one word.
    #[must_use]
    pub fn digits(&self) -> String {
        hex::encode(self.0)
    }

    /// The digest of a list of receipts: SHA-256 of their digits, sorted, each with a
    /// line end, as the published file has them.
    #[must_use]
    pub fn digest_of(list: &[Self]) -> [u8; 32] {
        let mut sorted = list.to_vec();
        sorted.sort_unstable();
        let mut digest = Sha256::new();
        for receipt in sorted {
            digest.update(receipt.digits());
            digest.update("\n");
        }
        digest.finalize().into()
    }
}

impl TypedReceipt {
    /// Whether this is the receipt that was typed.
    #[must_use]
    pub fn is(&self, receipt: &Receipt) -> bool {
        receipt.digits().starts_with(&self.0)
    }

    /// The digits that were typed.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// In groups of four, as people read it.
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, pair) in self.0.chunks(2).enumerate() {
            let gap = if at == 0 { "" } else { " " };
            write!(f, "{gap}{}", hex::encode(pair))?;
        }
        Ok(())
    }
}

/// Spaces, dashes and line ends are passed over, capitals are taken as small letters.
impl FromStr for TypedReceipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        let mut digits = String::new();
        for c in text.chars().filter(|c| !(c.is_whitespace() || matches!(c, '-' | '–' | '·'))) {
            if !c.is_ascii_hexdigit() {
                return Err(ReceiptError::Character(c));
            }
            digits.push(c.to_ascii_lowercase());
        }
        match digits.len() {
            0 => Err(ReceiptError::Empty),
            short @ 1..LEAST_DIGITS => Err(ReceiptError::TooShort(short)),
            LEAST_DIGITS..=DIGITS => Ok(Self(digits)),
            long => Err(ReceiptError::TooLong(long)),
        }
    }
}

/// In groups of four, as people read it.
impl fmt::Display for TypedReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, digit) in self.0.chars().enumerate() {
            if at > 0 && at.is_multiple_of(4) {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

// It is on its owner's screen until closing: until then it says who has answered.
impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt(…)")
    }
}

impl fmt::Debug for TypedReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedReceipt(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        Receipt::of(&Envelope::from_bytes(b"abc".to_vec()))
    }

    #[test]
    fn a_receipt_is_the_sha_256_of_the_envelope_in_groups_of_four() {
        // The example of FIPS 180-4.
        let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(receipt().digits(), digits);
        assert!(receipt().to_string().starts_with("ba78 16bf 8f01 cfea 4141"));
    }

    #[test]
    fn it_is_known_by_its_beginning_however_it_was_typed() {
        for typed in
            ["ba78 16bf 8f01 cfea", "BA7816BF-8F01CFEA-414140DE", "\nba78 16bf\t8f01 cfea 41"]
        {
            let typed: TypedReceipt = typed.parse().expect("digits");
            assert!(typed.is(&receipt()), "{}", typed.digits());
        }
        let whole: TypedReceipt = receipt().to_string().parse().expect("all digits");
        assert!(whole.is(&receipt()));
        let other: TypedReceipt = "ba78 16bf 8f01 cfeb".parse().expect("digits");
        assert!(!other.is(&receipt()));
    }

    #[test]
    fn what_is_no_receipt_is_told_apart() {
        let fault = |text: &str| text.parse::<TypedReceipt>().expect_err(text);
        assert_eq!(fault(" "), ReceiptError::Empty);
        assert_eq!(fault("ba78 16bf"), ReceiptError::TooShort(8));
        assert_eq!(fault("ba78 16bg"), ReceiptError::Character('g'));
        assert_eq!(fault(&"a".repeat(65)), ReceiptError::TooLong(65));
    }

    #[test]
    fn a_list_has_the_same_digest_in_any_order() {
        let other = Receipt::from_bytes([1; 32]);
        let one = Receipt::digest_of(&[receipt(), other]);
        assert_eq!(one, Receipt::digest_of(&[other, receipt()]));
        assert_ne!(one, Receipt::digest_of(&[other]));
    }
}
