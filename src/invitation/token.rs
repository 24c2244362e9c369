//! The secret in a personal link. It can be made again from the wave's link
//! secret, so no token is at rest anywhere; only its hash is stored.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::id::InvitationId;

use super::DraftKey;

// A secret of one wave, which the key ring keeps and nobody prints.
macro_rules! wave_secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Zeroize, ZeroizeOnDrop)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The secret from its bytes.
            #[must_use]
            pub fn from_bytes(bytes: &[u8; 32]) -> Self {
                Self(*bytes)
            }

            /// The bytes, for the key ring alone.
            #[must_use]
            pub fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

wave_secret!(
    /// The secret of one wave from which all its tokens are made.
    LinkSecret
);
wave_secret!(
    /// The secret of one wave without which no draft can be read.
    DraftSecret
);

/// The secret of one personal link, 256 bits.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Token([u8; 32]);

/// What the database keeps of a token: its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

/// A text that cannot be a token: not 43 characters of base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token")]
pub struct NotAToken;

pub(super) fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).expect("a key of 32 bytes");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl LinkSecret {
    /// The token of an invitation: HMAC-SHA256(secret, "link" ‖ invitation ‖ generation).
    #[must_use]
    pub fn token(&self, invitation: &InvitationId, generation: u16) -> Token {
        Token(keyed(&self.0, &[b"link", invitation.as_bytes(), &generation.to_be_bytes()]))
    }
}

impl Token {
    /// The token as it stands in a link: for the mail and the cookie alone.
    #[must_use]
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What may be stored.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0).into())
    }

    /// The key of the draft that belongs to this link: HMAC-SHA256(wave's draft
    /// secret, "draft" ‖ token).
    #[must_use]
    pub fn draft_key(&self, secret: &DraftSecret) -> DraftKey {
        DraftKey::from_bytes(keyed(&secret.0, &[b"draft", &self.0]))
    }

    /// What a page of this link's form carries, so that a form cannot be sent
    /// under another link that was opened in the same browser since.
    #[must_use]
    pub fn form_mark(&self) -> String {
        let mark = keyed(&self.0, &[b"form"]);
        hex::encode(mark.get(..8).unwrap_or_default())
    }

    /// A seed that stays the same for this link, for the order of shuffled rows.
    #[must_use]
    pub fn order_seed(&self) -> [u8; 32] {
        keyed(&self.0, &[b"order"])
    }
}

impl FromStr for Token {
    type Err = NotAToken;
    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let mut bytes = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(NotAToken),
        }
    }
}

impl TokenHash {
    /// The hash as bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// What names an address in a link that ends all mails to it: an invitation, which
/// of its two holders, and the proof that we made the link. It opens nothing else,
/// because mail providers see it, and it works after closing too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StopToken([u8; STOP_TOKEN]);

/// Invitation, generation, proof.
const STOP_TOKEN: usize = 16 + 2 + 16;

impl StopToken {
    /// The token for the holder of a link of this generation.
    #[must_use]
    pub fn new(invitation: &InvitationId, generation: u16, secret: &[u8; 32]) -> Self {
        let mut bytes = [0; STOP_TOKEN];
        let about = [&invitation.as_bytes()[..], &generation.to_be_bytes()].concat();
        let proof = keyed(secret, &[b"stop", &about]);
        for (to, from) in bytes.iter_mut().zip(about.iter().chain(&proof)) {
            *to = *from;
        }
        Self(bytes)
    }

    /// The text for the link.
    #[must_use]
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The invitation and the generation that a text names, if we made it.
    ///
    /// # Errors
    /// If we did not.
    pub fn read(text: &str, secret: &[u8; 32]) -> Result<(InvitationId, u16), NotAToken> {
        let mut bytes = [0; STOP_TOKEN];
        if URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) != Ok(STOP_TOKEN) {
            return Err(NotAToken);
        }
        let (id, rest) = bytes.split_first_chunk::<16>().ok_or(NotAToken)?;
        let (generation, _) = rest.split_first_chunk::<2>().ok_or(NotAToken)?;
        let (id, generation) = (InvitationId::from_bytes(*id), u16::from_be_bytes(*generation));
        let made = Self::new(&id, generation, secret);
        let same = made.0.iter().zip(bytes).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0;
        if same { Ok((id, generation)) } else { Err(NotAToken) }
    }
}

impl fmt::Debug for StopToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StopToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    #[test]
    fn the_same_invitation_gives_the_same_link_and_another_gives_another() {
        let chance = Chance::seeded(3);
        let secret = LinkSecret::from_bytes(&chance.secret());
        let (one, two) = (InvitationId::random(&chance), InvitationId::random(&chance));
        let link = |id, generation| secret.token(id, generation).expose();
        assert_eq!(link(&one, 0), link(&one, 0));
        assert_ne!(link(&one, 0), link(&two, 0));
        assert_ne!(link(&one, 0), link(&one, 1));
        assert_eq!(link(&one, 0).len(), 43);
    }

    #[test]
    fn a_token_survives_its_text_and_nothing_else_is_one() {
        let token =
            LinkSecret::from_bytes(&[1; 32]).token(&InvitationId::random(&Chance::seeded(1)), 0);
        let read: Token = token.expose().parse().expect("a token");
        assert_eq!(read.hash(), token.hash());
        for wrong in ["", "abc", &"A".repeat(44), &format!("{}=", token.expose()), "<script>"] {
            assert!(wrong.parse::<Token>().is_err());
        }
    }

    #[test]
    fn secrets_do_not_show_in_debug() {
        let token =
            LinkSecret::from_bytes(&[9; 32]).token(&InvitationId::random(&Chance::seeded(1)), 0);
        assert_eq!(format!("{token:?} {:?}", token.hash()), "Token(…) TokenHash(…)");
    }

    #[test]
    fn a_stop_link_names_its_invitation_and_cannot_be_made_up() {
        let id = InvitationId::random(&Chance::seeded(3));
        let token = StopToken::new(&id, 2, &[7; 32]).expose();
        assert_eq!(StopToken::read(&token, &[7; 32]), Ok((id, 2)));
        assert_eq!(StopToken::read(&token, &[8; 32]), Err(NotAToken));
        let other = format!("{}{}", if token.starts_with('A') { "B" } else { "A" }, &token[1..]);
        assert_eq!(StopToken::read(&other, &[7; 32]), Err(NotAToken));
        assert_eq!(StopToken::read("short", &[7; 32]), Err(NotAToken));
    }
}
