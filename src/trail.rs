//! The audit trail: who did what when, in a chain in which each entry carries the hash
//! of the one before it, so that none can be changed, moved or left out unseen. It holds
//! no answer, no key, no token, and nothing about when a lead did anything.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::register::EmailAddress;
use crate::spreadsheet::guarded;
use crate::time::Moment;

/// The hash before the first entry.
pub const BEGINNING: [u8; 32] = [0; 32];

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The service itself, at a time that was set.
    Clockwork,
    /// Whoever may run commands on the server.
    CommandLine,
    /// Somebody with an account.
    Account(EmailAddress),
}

impl Actor {
    /// How the trail names them.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Clockwork => "the service",
            Self::CommandLine => "the command line",
            Self::Account(email) => email.expose(),
        }
    }
}

/// Something that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    word: &'static str,
    sentence: &'static str,
}

macro_rules! acts {
    ($($name:ident $word:literal $sentence:literal)+) => {
        impl Act {
            $(#[doc = $sentence] pub const $name: Self = Self { word: $word, sentence: $sentence };)+

            /// Everything that is written down.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }
    };
}

acts! {
    ACCOUNT_PUT "account.put" "Account added or changed"
    ACCOUNT_REMOVED "account.removed" "Account removed"
    API_TOKEN_MADE "account.token-made" "Token for programs made"
    API_TOKENS_REVOKED "account.tokens-revoked" "Tokens for programs revoked"
    SIGNED_OUT_EVERYWHERE "account.signed-out" "Signed out everywhere"
    SECOND_STEP_ON "account.second-step-on" "Second step of a sign-in set up"
    SECOND_STEP_OFF "account.second-step-off" "Second step of a sign-in taken away with a code"
    SECOND_STEP_RESET "account.second-step-reset" "Second step of a sign-in taken away by the office"
    SECOND_STEP_LOCKED "account.second-step-locked" "Too many wrong codes of a second step"
    PROVIDER_BOUND "account.provider-bound" "Bound to an account of the identity provider"
    PROVIDER_REFUSED "account.provider-refused" "Another account of the identity provider refused"
    PROVIDER_UNBOUND "account.provider-unbound" "Binding to the identity provider taken back"
    SIGN_IN_LINK_MADE "account.link-made" "Sign-in link made by command"
    REGISTER_LOADED "register.loaded" "Register loaded"
    REGISTER_EDITED "register.edited" "Register changed by hand"
    REGISTER_UNDONE "register.undone" "Change of the register undone"
    ADDRESS_CORRECTED "register.address-corrected" "Address of a lead corrected"
    STOCKTAKE_LOADED "stocktake.loaded" "Stocktake loaded"
    WAVE_CREATED "wave.created" "Wave created"
    WAVE_OPENED "wave.opened" "Wave opened"
    WAVE_MOVED "wave.moved" "Dates of a wave changed"
    WAVE_CANCELLED "wave.cancelled" "Wave cancelled"
    WAVE_CLOSING "wave.closing" "Closing begun: no answer is taken any more"
    WAVE_CLOSED "wave.closed" "Wave closed: answers counted, keys destroyed"
    WAVE_SHOWN "wave.shown" "How results are shown changed"
    KEY_MADE "wave.key-made" "Key made and handed out"
    KEY_REHEARSED "wave.key-rehearsed" "Key rehearsed"
    REMINDED "mail.reminded" "Reminder sent ahead of its time"
    ROUND_CHANGED "mail.round-changed" "Time of a round of mails changed"
    ROUND_CANCELLED "mail.round-cancelled" "Rest of a round of mails cancelled"
    MAIL_PAUSED "mail.paused" "Mails paused"
    MAIL_RESUMED "mail.resumed" "Mails resumed"
    MAIL_DECIDED "mail.decided" "Decided what becomes of a mail in trouble"
    LETTER_SAVED "letter.saved" "Text of a mail saved"
    BALLOTS_IMPORTED "ballots.imported" "Answers imported"
    BALLOTS_EXPORTED "ballots.exported" "Anonymous answers written out"
    LOOK_FIRST_DECIDED "flag.decided" "Decided whether to look here first"
    RELEASE_BUILT "release.built" "Release built"
    RELEASE_PLANNED "release.planned" "Moment of publication set"
    RELEASE_UNPLANNED "release.unplanned" "Moment of publication taken back"
    RELEASE_PUBLISHED "release.published" "Release published"
    RELEASE_NOTED "release.noted" "Note put beside published results"
    EARLY_GRANTED "release.early-granted" "Early access given"
    EARLY_WITHDRAWN "release.early-withdrawn" "Early access withdrawn"
    IDEA_DELETED "network.deleted" "Shared idea deleted"
    IDEA_EDITED "network.edited" "Words of a shared idea changed"
    IDEA_PUBLISHED "network.published" "Shared idea published"
    IDEA_TAKEN_DOWN "network.taken-down" "Shared idea taken down"
    COMMENT_READ "comments.read" "Decided about a comment"
    COMMENT_REOPENED "comments.reopened" "Decision about a comment taken back"
    COMMENT_THEME_ADDED "comments.theme-added" "Theme for comments added"
    COMMENT_THEME_REMOVED "comments.theme-removed" "Theme for comments removed"
    COMMENTS_PUBLISHED "comments.published" "Comments of a wave published"
    COMMENTS_TAKEN_DOWN "comments.taken-down" "Comments of a wave taken down"
    SECOND_ASKED "second.asked" "Colleague asked to confirm"
    SECOND_TAKEN_BACK "second.taken-back" "Request for a colleague taken back"
}

impl Act {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.word
    }

    /// What was done, for people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.sentence
    }

    /// The act of this word; none for a word of another version.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|act| act.word == word).copied()
    }
}

/// What is written down of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the trail, from 1 without a gap.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// Who, by [`Actor::name`].
    pub who: String,
    /// What, by [`Act::word`].
    pub act: String,
    /// The wave, account or the like that it is about; may be empty.
    pub about: String,
    /// What more there is to say; may be empty.
    pub detail: String,
}

/// The hash of an entry and all before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Link([u8; 32]);

impl Link {
    /// The link of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Default for Link {
    fn default() -> Self {
        Self(BEGINNING)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({self})")
    }
}

/// A text that is no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 64 hexadecimal digits")]
pub struct NotALink;

impl FromStr for Link {
    type Err = NotALink;
    fn from_str(text: &str) -> Result<Self, NotALink> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotALink)?;
        Ok(Self(bytes))
    }
}

impl Entry {
    /// The link that joins this entry to the one before it: SHA-256 of that one's hash
    /// and of each field here, each with its length before it.
    #[must_use]
    pub fn link(&self, before: Link) -> Link {
        let mut hash = Sha256::new_with_prefix(b"soundings trail 1");
        hash.update(before.0);
        let number = self.number.to_string();
        let at = self.at.to_string();
        for field in [&number, &at, &self.who, &self.act, &self.about, &self.detail] {
            hash.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(field.as_bytes());
        }
        Link(hash.finalize().into())
    }
}

/// Where a trail is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is missing, or stands twice.
    #[error("entry {wanted} is missing: {found} stands in its place")]
    Missing {
        /// The number that should come next.
        wanted: i64,
        /// The number that came.
        found: i64,
    },
    /// An entry, or one before it, is not what it was.
    #[error("entry {0} or one before it was changed")]
    Changed(i64),
    /// Entries at the end are gone, or were added by somebody else.
    #[error("the trail ends with entry {found}, and its seal says {sealed}")]
    End {
        /// The last entry there is.
        found: i64,
        /// The last entry by the seal.
        sealed: i64,
    },
    /// The seal was not made by this service.
    #[error("the seal of the trail was not made with the master key in use")]
    Seal,
}

/// Follows a trail from its beginning; gives back the number and link of its end.
///
/// # Errors
/// Where it is broken first.
pub fn follow<'e>(
    entries: impl IntoIterator<Item = (&'e Entry, Link)>,
) -> Result<(i64, Link), Broken> {
    let mut end = (0, Link::default());
    for (entry, link) in entries {
        let (last, before) = end;
        if entry.number != last + 1 {
            return Err(Broken::Missing { wanted: last + 1, found: entry.number });
        }
        if entry.link(before) != link {
            return Err(Broken::Changed(entry.number));
        }
        end = (entry.number, link);
    }
    Ok(end)
}

/// The trail as a table for a spreadsheet, with the links that prove it.
///
/// # Errors
/// None in memory.
pub fn csv(trail: &[(Entry, Link)]) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["number", "at", "who", "act", "about", "detail", "sha256"])?;
    for (entry, link) in trail {
        let Entry { number, at, who, act, about, detail } = entry;
        out.write_record([
            number.to_string().as_str(),
            &at.to_string(),
            &guarded(who),
            act,
            &guarded(about),
            &guarded(detail),
            &link.to_string(),
        ])?;
    }
    out.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Act, Broken, Entry, Link, follow};

    fn trail(details: &[String]) -> Vec<(Entry, Link)> {
        let mut before = Link::default();
        let entries = details.iter().zip(1..).map(|(detail, number)| Entry {
            number,
            at: "2007-11-20T10:00".parse().expect("a moment"),
            who: "the command line".to_owned(),
            act: Act::WAVE_OPENED.word().to_owned(),
            about: "2007-Q4".to_owned(),
            detail: detail.clone(),
        });
        let linked = |entry: Entry| {
            before = entry.link(before);
            (entry, before)
        };
        entries.map(linked).collect()
    }

    fn followed(trail: &[(Entry, Link)]) -> Result<(i64, Link), Broken> {
        follow(trail.iter().map(|(entry, link)| (entry, *link)))
    }

    #[test]
    fn words_of_acts_are_different_and_found_again() {
        for act in Act::ALL {
            assert_eq!(Act::of(act.word()), Some(*act));
        }
        assert_eq!(Act::of("wave.eaten"), None);
    }

    #[test]
    fn a_word_moved_over_a_border_is_another_entry() {
        let (entry, _) = trail(&["b".to_owned()]).remove(0);
        let moved = Entry { about: "2007-Q4b".into(), detail: String::new(), ..entry.clone() };
        assert_ne!(entry.link(Link::default()), moved.link(Link::default()));
    }

    proptest! {
        #[test]
        fn a_trail_that_was_touched_is_broken(
            details in prop::collection::vec(".{0,20}", 2..12),
            place in any::<prop::sample::Index>(),
            how in 0..3,
        ) {
            let whole = trail(&details);
            let last = i64::try_from(details.len()).expect("small");
            prop_assert_eq!(followed(&whole).expect("whole").0, last);
            let mut touched = whole.clone();
            let at = place.index(details.len() - 1);
            match how {
                0 => touched[at].0.detail.push('x'),
                1 => { touched.remove(at); }
                _ => touched.swap(at, at + 1),
            }
            prop_assert!(followed(&touched).is_err());
        }
    }
}
