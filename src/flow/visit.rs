//! A lead comes with a link: whose it is, and what is asked. Changes nothing.

use std::sync::Arc;

use crate::answer::Reply;
use crate::definition::{Survey, Tokens};
use crate::invitation::{Invitation, Standing, Token};
use crate::wave::Wave;

use super::{FlowError, House, the_wave};

/// What is known about somebody who came with a link.
pub struct Visit {
    /// The link's secret.
    pub token: Token,
    /// Whose link it is.
    pub invitation: Invitation,
    /// The wave it is for.
    pub wave: Wave,
    /// What the wave asks.
    pub survey: Arc<Survey>,
    /// The draft so far; empty if none.
    pub draft: Reply,
    /// Whether there is a draft, be it empty.
    pub has_draft: bool,
}

impl Visit {
    /// The values of the tokens in the survey's texts.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        Tokens {
            group: self.invitation.group_name.clone(),
            pct: self.invitation.pct_name.clone(),
            fin_year: self.wave.fin_year.clone(),
        }
    }

    /// Whether a sealed reply is in the box.
    #[must_use]
    pub fn has_answered(&self) -> bool {
        self.invitation.standing == Standing::Answered
    }

    /// Refuses if the wave takes no answers now.
    ///
    /// # Errors
    /// [`FlowError::NotTaking`].
    pub fn check_open(&self, house: &House) -> Result<(), FlowError> {
        if self.wave.takes_answers(house.now()) {
            Ok(())
        } else {
            Err(FlowError::NotTaking(Box::new(self.wave.clone())))
        }
    }
}

/// Who came with this link, and their draft.
///
/// # Errors
/// [`FlowError::DeadLink`] if nobody was sent it.
pub fn visit(house: &House, token: &Token) -> Result<Visit, FlowError> {
    house.store.read(|tx| {
        let invitation = tx.invitation_of_link(&token.hash())?.ok_or(FlowError::DeadLink)?;
        let wave = the_wave(tx, &invitation.wave)?;
        let survey = house.survey(tx, &wave.definition)?;
        let sealed = tx.draft(&invitation.id)?;
        let has_draft = sealed.is_some();
        let draft = match sealed {
            Some(sealed) => read_draft(token, &sealed)?,
            None => Reply::default(),
        };
        Ok(Visit { token: token.clone(), invitation, wave, survey, draft, has_draft })
    })
}

/// The draft in its sealed form.
pub(super) fn read_draft(token: &Token, sealed: &[u8]) -> Result<Reply, FlowError> {
    let opened = token.draft_key().open(sealed)?;
    Reply::from_bytes(&opened).map_err(|_| crate::invitation::UnreadableDraft.into())
}
