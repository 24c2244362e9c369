//! The address that bounces come back to: it names the mail, not its receiver,
//! and carries a proof, so that nobody can make up a bounce for another's mail.
//!
//! `bounce+{}@example.org` becomes `bounce+` and 42 letters and digits: base32
//! (RFC 4648, section 6, in lower case and without padding) of the 16 bytes of
//! the mail's id and the first 10 bytes of HMAC-SHA256(secret, "bounce" ‖ id).
//! Mail servers may change the case of an address on the way, so base32 and not
//! base64. Knows nothing of how bounces are read.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::id::MailId;
use crate::register::EmailAddress;

/// Where the mail's own part stands in a pattern.
const PLACE: &str = "{}";
/// Bytes of a mail's id.
const ID: usize = 16;
/// Bytes of the proof: 80 bits, too many to guess by sending mails.
const PROOF: usize = 10;
/// Letters and digits that both make in base32.
const LETTERS: usize = ((ID + PROOF) * 8).div_ceil(5);

/// The pattern of bounce addresses with the secret that proves them.
#[derive(Clone)]
pub struct BounceAddress {
    before: String,
    after: String,
    proofs: Hmac<Sha256>,
}

/// A pattern that makes no bounce addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "SOUNDINGS_MAIL_BOUNCE is {pattern:?}, which {fault}; write a pattern such as bounce+{{}}@example.org"
)]
pub struct BadBounceAddress {
    pattern: String,
    fault: &'static str,
}

impl BounceAddress {
    /// The addresses of a pattern such as `bounce+{}@example.org`.
    ///
    /// # Errors
    /// If `{}` does not stand exactly once before the `@`, or if what comes out
    /// is no address.
    pub fn parse(pattern: &str, secret: [u8; 32]) -> Result<Self, BadBounceAddress> {
        let pattern = pattern.trim();
        let bad = |fault| BadBounceAddress { pattern: pattern.to_owned(), fault };
        let (before, after) = pattern
            .split_once(PLACE)
            .filter(|(before, after)| !before.contains('@') && !after.contains(PLACE))
            .ok_or_else(|| bad("does not have {} once before the @"))?;
        let longest = format!("{before}{}{after}", "a".repeat(LETTERS));
        if longest.split('@').next().is_some_and(|mailbox| mailbox.len() > 64) {
            return Err(bad("leaves too little room before the @ (22 characters beside {})"));
        }
        longest.parse::<EmailAddress>().map_err(|_| bad("makes no address"))?;
        // A key shorter than a block is a key with noughts behind it: RFC 2104, section 2.
        let mut block = [0; 64];
        for (place, byte) in block.iter_mut().zip(secret) {
            *place = byte;
        }
        Ok(Self {
            before: before.to_owned(),
            after: after.to_owned(),
            proofs: <Hmac<Sha256> as Mac>::new(&block.into()),
        })
    }

    /// The address that bounces of this mail come back to.
    #[must_use]
    pub fn of(&self, mail: &MailId) -> String {
        let proof = self.proof(mail.as_bytes()).finalize().into_bytes();
        let bytes: Vec<u8> =
            mail.as_bytes().iter().chain(proof.iter().take(PROOF)).copied().collect();
        let own = BASE32_NOPAD.encode(&bytes).to_ascii_lowercase();
        format!("{}{own}{}", self.before, self.after)
    }

    /// The mail that an address was made for, if it was made with this secret.
    #[must_use]
    pub fn mail_of(&self, address: &str) -> Option<MailId> {
        let address = address.trim().to_ascii_lowercase();
        let own = address
            .strip_prefix(&self.before.to_ascii_lowercase())?
            .strip_suffix(&self.after.to_ascii_lowercase())?;
        let bytes = BASE32_NOPAD.decode(own.to_ascii_uppercase().as_bytes()).ok()?;
        let (id, proof) = bytes.split_first_chunk::<ID>()?;
        if proof.len() != PROOF {
            return None;
        }
        // Takes as long for a wrong proof as for a right one.
        self.proof(id).verify_truncated_left(proof).ok()?;
        Some(MailId::from_bytes(*id))
    }

    fn proof(&self, id: &[u8; ID]) -> Hmac<Sha256> {
        self.proofs.clone().chain_update(b"bounce").chain_update(id)
    }
}

impl fmt::Debug for BounceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BounceAddress(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    fn addresses() -> BounceAddress {
        BounceAddress::parse("bounce+{}@Example.org", [7; 32]).expect("a pattern")
    }

    #[test]
    fn an_address_is_made_as_the_pattern_and_the_standards_say() {
        let mail = "000102030405060708090a0b0c0d0e0f".parse().expect("an id");
        // Computed with Python's hmac and base64.
        let expected = "bounce+aaaqeayeaudaocajbifqydiob6epocl46j2bhul5za@Example.org";
        assert_eq!(addresses().of(&mail), expected);
    }

    #[test]
    fn patterns_without_one_place_for_the_mail_are_refused() {
        let long = format!("{}{{}}@example.org", "b".repeat(23));
        for wrong in [
            "",
            "{}",
            "bounce@example.org",
            "bounce@{}.example.org",
            "{}+{}@example.org",
            "bounce+{}@",
            "bounce {}@example.org",
            "b{}@example.org, c@example.org",
            "bounce+{}@example.org\r\nX-More: 1",
            long.as_str(),
        ] {
            let fault = BounceAddress::parse(wrong, [0; 32]).expect_err(wrong).to_string();
            assert!(fault.contains("bounce+{}@example.org"), "{fault}");
        }
        let widest = format!("{}{{}}@example.org", "b".repeat(22));
        assert!(BounceAddress::parse(&widest, [0; 32]).is_ok());
    }

    #[test]
    fn its_debug_shows_no_secret() {
        assert_eq!(format!("{:?}", addresses()), "BounceAddress(..)");
    }

    proptest! {
        #[test]
        fn every_mail_is_found_again_whatever_became_of_the_case(id: [u8; 16], upper: bool) {
            let mail = MailId::from_bytes(id);
            let address = addresses().of(&mail);
            prop_assert!(address.parse::<EmailAddress>().is_ok());
            let seen = if upper { address.to_ascii_uppercase() } else { address };
            prop_assert_eq!(addresses().mail_of(&seen), Some(mail));
        }

        #[test]
        fn an_address_with_one_other_letter_names_no_mail(
            id: [u8; 16],
            at in 0..LETTERS,
            letter in "[a-z2-7]",
        ) {
            let mut address = addresses().of(&MailId::from_bytes(id));
            let at = "bounce+".len() + at;
            prop_assume!(address[at..=at] != letter);
            address.replace_range(at..=at, &letter);
            prop_assert_eq!(addresses().mail_of(&address), None);
        }

        #[test]
        fn an_address_made_with_another_secret_names_no_mail(id: [u8; 16]) {
            let others = BounceAddress::parse("bounce+{}@example.org", [8; 32]).expect("a pattern");
            prop_assert_eq!(addresses().mail_of(&others.of(&MailId::from_bytes(id))), None);
        }

        #[test]
        fn nothing_that_comes_in_breaks_the_reader(text in ".{0,80}") {
            prop_assert_eq!(addresses().mail_of(&text), None);
            let framed = format!("bounce+{text}@example.org");
            prop_assert_eq!(addresses().mail_of(&framed), None);
        }
    }
}
