//! The way to a wave's results for the leads of one reporting unit: the same link for
//! all of them, so that opening it tells nothing of who did. Works when the links of
//! invitations are gone.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::token::keyed;
use crate::id::{UnitSlug, WaveCode};

/// Bytes of the proof.
const PROOF: usize = 16;

/// A wave and a unit whose leads may see its results.
#[derive(Clone, PartialEq, Eq)]
pub struct ResultsLink {
    /// The wave.
    pub wave: WaveCode,
    /// The unit.
    pub unit: UnitSlug,
}

impl ResultsLink {
    /// `wave/unit/proof`, the proof being the first half of HMAC-SHA256(secret,
    /// "results" ‖ wave ‖ 0 ‖ unit).
    #[must_use]
    pub fn expose(&self, secret: &[u8; 32]) -> String {
        format!("{}/{}/{}", self.wave, self.unit, URL_SAFE_NO_PAD.encode(self.proof(secret)))
    }

    /// Whether a proof is ours.
    #[must_use]
    pub fn is_proved_by(&self, proof: &str, secret: &[u8; 32]) -> bool {
        let mut bytes = [0; PROOF];
        URL_SAFE_NO_PAD.decode_slice(proof, &mut bytes) == Ok(PROOF)
            && self.proof(secret).iter().zip(bytes).fold(0, |differs, (a, b)| differs | (a ^ b))
                == 0
    }

    /// Reads `wave/unit/proof`, if the proof is ours.
    #[must_use]
    pub fn read(text: &str, secret: &[u8; 32]) -> Option<Self> {
        let mut parts = text.splitn(3, '/');
        let (wave, unit) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let link = Self { wave, unit };
        link.is_proved_by(parts.next()?, secret).then_some(link)
    }

    fn proof(&self, secret: &[u8; 32]) -> [u8; PROOF] {
        let parts: [&[u8]; 4] =
            [b"results", self.wave.as_str().as_bytes(), &[0], self.unit.as_str().as_bytes()];
        let mut proof = [0; PROOF];
        for (to, from) in proof.iter_mut().zip(keyed(secret, &parts)) {
            *to = from;
        }
        proof
    }
}

impl fmt::Debug for ResultsLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResultsLink(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_results_link_opens_its_own_wave_and_unit_and_cannot_be_made_up() {
        let link = |wave: &str, unit: &str| ResultsLink {
            wave: wave.parse().expect("a code"),
            unit: unit.parse().expect("a slug"),
        };
        let text = link("W1", "luton").expose(&[7; 32]);
        assert_eq!(ResultsLink::read(&text, &[7; 32]), Some(link("W1", "luton")));
        assert_eq!(ResultsLink::read(&text, &[8; 32]), None);
        for (from, to) in [("W1", "W2"), ("luton", "norfolk")] {
            assert_eq!(ResultsLink::read(&text.replace(from, to), &[7; 32]), None);
        }
        for wrong in ["", "W1", "W1/luton", "W1/luton/", "W1/luton/short", "W1/luton/../x"] {
            assert_eq!(ResultsLink::read(wrong, &[7; 32]), None, "{wrong}");
        }
    }
}
