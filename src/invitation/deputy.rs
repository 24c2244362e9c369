//! A colleague who answers in a lead's place. One invitation stays one vote: it
//! has two links then, of which only the deputy's answers.

use std::fmt;

use crate::letter::MailKind;
use crate::register::{EmailAddress, EmailError, NameError, PersonName};

use super::Invitation;

/// How many colleagues a lead may name in one wave: enough for a mistyped address
/// and a colleague on leave, too few to send strangers mail with.
pub const MOST_DEPUTIES: u16 = 5;

/// A colleague whom a lead asked to answer instead.
#[derive(Clone, PartialEq, Eq)]
pub struct Deputy {
    /// Their name.
    pub name: PersonName,
    /// Where their mail goes.
    pub email: EmailAddress,
    /// Which link of the invitation is theirs.
    pub generation: u16,
}

/// What is wrong with the colleague a lead named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeputyFault {
    /// The name.
    Name(NameError),
    /// The address.
    Email(EmailError),
    /// The address is the lead's own.
    OwnAddress,
}

/// Whose of an invitation's two links it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opener {
    /// The lead who was asked.
    Lead,
    /// The colleague who answers instead.
    Deputy,
}

/// Somebody who is written to about an invitation, with the link that is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee<'i> {
    /// Lead or deputy.
    pub opener: Opener,
    /// Their name.
    pub name: &'i PersonName,
    /// Their address.
    pub email: &'i EmailAddress,
    /// Which link of the invitation is theirs.
    pub generation: u16,
}

impl Deputy {
    /// Checks name and address as a lead typed them.
    ///
    /// # Errors
    /// Every fault at once, the name's first.
    pub fn named(
        name: &str,
        email: &str,
        lead: &EmailAddress,
    ) -> Result<(PersonName, EmailAddress), Vec<DeputyFault>> {
        let name = name.parse::<PersonName>().map_err(DeputyFault::Name);
        let email = email.parse::<EmailAddress>().map_err(DeputyFault::Email);
        let email = email.and_then(|email| {
            if email.key() == lead.key() { Err(DeputyFault::OwnAddress) } else { Ok(email) }
        });
        match (name, email) {
            (Ok(name), Ok(email)) => Ok((name, email)),
            (name, email) => Err(name.err().into_iter().chain(email.err()).collect()),
        }
    }

    /// Whether this is the colleague of this name and mailbox.
    #[must_use]
    pub fn is(&self, name: &PersonName, email: &EmailAddress) -> bool {
        self.name == *name && self.email.key() == email.key()
    }
}

impl Invitation {
    /// Whose link may answer now.
    #[must_use]
    pub fn holder(&self) -> Opener {
        self.answering().opener
    }

    /// Whom a mail goes to, asked at the moment of sending: the owner of the link
    /// of this generation, or without one whoever holds the invitation. Nobody if
    /// the mail is no longer wanted.
    #[must_use]
    pub fn addressee(&self, kind: MailKind, generation: Option<u16>) -> Option<Addressee<'_>> {
        if !self.standing.is_due(kind) {
            return None;
        }
        match generation {
            Some(wanted) => {
                [self.answering(), self.lead()].into_iter().find(|one| one.generation == wanted)
            }
            // The first mail is the lead's; a deputy has one of their own.
            None if kind == MailKind::Invitation => self.deputy.is_none().then(|| self.lead()),
            None => Some(self.answering()),
        }
    }

    /// Whoever may answer now, with the link that does.
    #[must_use]
    pub fn answering(&self) -> Addressee<'_> {
        match &self.deputy {
            Some(Deputy { name, email, generation }) => {
                Addressee { opener: Opener::Deputy, name, email, generation: *generation }
            }
            None => self.lead(),
        }
    }

    fn lead(&self) -> Addressee<'_> {
        let Self { name, email, generation, .. } = self;
        Addressee { opener: Opener::Lead, name, email, generation: *generation }
    }
}

impl fmt::Debug for Deputy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Deputy({})", self.generation)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Standing;
    use super::*;
    use crate::chance::Chance;
    use crate::id::InvitationId;

    fn invitation(deputy: Option<u16>, standing: Standing) -> Invitation {
        let colleague = |generation| Deputy {
            name: "Dr Colleague".parse().expect("a name"),
            email: "colleague@group.example.org".parse().expect("an address"),
            generation,
        };
        Invitation {
            id: InvitationId::random(&Chance::seeded(1)),
            wave: "2007-Q4".parse().expect("a code"),
            unit: "luton".parse().expect("a unit"),
            pct_name: "Luton".to_owned(),
            group: "lea".parse().expect("a group"),
            group_name: "Lea".to_owned(),
            name: "Dr Lead".parse().expect("a name"),
            email: "Lead@group.example.org".parse().expect("an address"),
            generation: 0,
            last_generation: deputy.unwrap_or(0),
            standing,
            deputy: deputy.map(colleague),
        }
    }

    #[test]
    fn a_mail_goes_to_the_owner_of_its_link_or_to_whoever_holds_the_invitation() {
        use MailKind::{Deputy, Invitation, LostLink, Reminder};
        use Opener::{Deputy as Colleague, Lead};
        let to = |deputy, standing, kind, generation| {
            invitation(deputy, standing).addressee(kind, generation).map(|one| one.opener)
        };
        let (asked, answered) = (Standing::Asked, Standing::Answered);
        for (deputy, standing, kind, generation, expected) in [
            (None, asked, Invitation, None, Some(Lead)),
            (None, asked, Reminder, None, Some(Lead)),
            (None, answered, Reminder, None, None),
            (Some(2), asked, Invitation, None, None),
            (Some(2), asked, Reminder, None, Some(Colleague)),
            (Some(2), asked, Deputy, Some(2), Some(Colleague)),
            // The lead had answered before: the colleague still gets the link.
            (Some(2), answered, Deputy, Some(2), Some(Colleague)),
            // Taken back, or somebody else was named, while the mail waited.
            (None, asked, Deputy, Some(2), None),
            (Some(2), asked, Deputy, Some(1), None),
            (Some(2), answered, LostLink, Some(0), Some(Lead)),
            (Some(2), Standing::Declined, LostLink, Some(2), Some(Colleague)),
            (Some(2), Standing::Closed, LostLink, Some(2), None),
        ] {
            let got = to(deputy, standing, kind, generation);
            assert_eq!(got, expected, "{deputy:?} {standing:?} {kind:?} {generation:?}");
        }
    }

    #[test]
    fn every_fault_of_a_colleague_is_named_at_once() {
        let own: EmailAddress = "Lead@group.example.org".parse().expect("an address");
        assert_eq!(
            Deputy::named(" ", "nobody", &own),
            Err(vec![
                DeputyFault::Name(NameError::Empty),
                DeputyFault::Email(EmailError::AtSigns(0))
            ])
        );
        assert_eq!(
            Deputy::named("Dr Lead", "lead@GROUP.example.org", &own),
            Err(vec![DeputyFault::OwnAddress])
        );
        let (name, email) = Deputy::named("Dr Colleague", "Colleague@group.example.org", &own)
            .expect("a colleague");
        let deputy = invitation(Some(1), Standing::Asked).deputy.expect("a deputy");
        assert!(deputy.is(&name, &email));
        assert_eq!(format!("{deputy:?}"), "Deputy(1)");
    }
}
