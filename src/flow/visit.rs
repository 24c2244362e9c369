//! A lead comes with a link: whose it is, and what is asked. Changes nothing.

use std::sync::Arc;

use crate::answer::Reply;
use crate::definition::{Survey, Tokens};
use crate::invitation::{DraftKey, DraftSecret, Invitation, Standing, Token, UnreadableDraft};
use crate::keyring::Secret;
use crate::storage::Tx;
use crate::time::Moment;
use crate::wave::Wave;

use super::{FlowError, House, check_takes_answers, held_wave, the_wave};

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
}

impl Visit {
    /// The values of the tokens in the survey's texts.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        let Wave { fin_year, smallest, smallest_groups, .. } = &self.wave;
        Tokens {
            group: self.invitation.group_name.clone(),
            pct: self.invitation.pct_name.clone(),
            ..Tokens::for_everybody(fin_year, *smallest, *smallest_groups)
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
    /// [`FlowError::NotYetOpen`] or [`FlowError::Closed`].
    pub fn check_open(&self, house: &House) -> Result<(), FlowError> {
        check_takes_answers(self.wave.clone(), house.now()).map(drop)
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
        let survey = house.survey(tx, &wave)?;
        let draft = match tx.draft(&invitation.id)? {
            // A draft that cannot be read must not shut the lead out.
            Some(sealed) => {
                read_draft(&draft_key(house, &wave, token)?, &sealed).unwrap_or_default()
            }
            None => Reply::default(),
        };
        Ok(Visit { token: token.clone(), invitation, wave, survey, draft })
    })
}

/// Whose link this is, and its wave while it takes answers: both held still
/// until the transaction ends, the wave first.
pub(super) fn answering(
    tx: &mut Tx<'_>,
    token: &Token,
    now: Moment,
) -> Result<(Invitation, Wave), FlowError> {
    let found = tx.invitation_of_link(&token.hash())?.ok_or(FlowError::DeadLink)?;
    let wave = check_takes_answers(held_wave(tx, &found.wave)?, now)?;
    let invitation = tx.held_invitation(&found.id)?.ok_or(FlowError::DeadLink)?;
    Ok((invitation, wave))
}

/// The key of the draft of a link. It needs the wave's secret too, so that an
/// old backup is of no use to somebody who finds an old mail.
pub(super) fn draft_key(house: &House, wave: &Wave, token: &Token) -> Result<DraftKey, FlowError> {
    let secret = DraftSecret::from_bytes(*house.keyring.get(&wave.code, Secret::Drafts)?);
    Ok(token.draft_key(&secret))
}

/// The draft in its sealed form.
pub(super) fn read_draft(key: &DraftKey, sealed: &[u8]) -> Result<Reply, FlowError> {
    let opened = key.open(sealed)?;
    Reply::from_bytes(&opened).map_err(|_| UnreadableDraft.into())
}
