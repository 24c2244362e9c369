//! Who reads results: staff by their account, leads by the link in the mail that told
//! them of the results. Everything that differs between readers is said here.

use std::sync::Arc;

use actix_web::HttpRequest;

use crate::account::{Account, Role};
use crate::flow::{self, House};
use crate::id::{OrgCode, WaveCode};
use crate::release::Release;
use crate::render::files::File;
use crate::render::html::Eyes;
use crate::wave::{Peers, Showing};

use super::error::WebError;
use super::session::{Jar, Visitor};

/// Somebody who may see published results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reader {
    /// None for leads.
    role: Option<Role>,
    /// Their own PCT, if they have one.
    own: Option<OrgCode>,
}

impl Reader {
    /// The reader who has an account.
    pub(super) fn staff(account: &Account) -> Self {
        Self::of_role(account.role, account.unit.as_ref().map(OrgCode::from))
    }

    /// Whoever asks for the results of a wave: signed in, or a lead who came by a link to
    /// this wave's results.
    ///
    /// # Errors
    /// If nobody is known who may.
    pub(super) fn of(
        request: &HttpRequest,
        house: &House,
        visitor: &Visitor,
        wave: &WaveCode,
    ) -> Result<Self, WebError> {
        if let Some(account) = visitor.account() {
            return Ok(Self::staff(account));
        }
        let pass = Jar::Results.value(request, house);
        let link = pass.and_then(|pass| flow::results_link(house, &pass));
        let link = link.filter(|link| link.wave == *wave).ok_or(WebError::SignInNeeded)?;
        Ok(Self::leads(OrgCode::from(&link.unit)))
    }

    /// The leads of a PCT.
    pub(super) fn leads(own: OrgCode) -> Self {
        Self { role: None, own: Some(own) }
    }

    /// Anybody.
    pub(super) fn anybody() -> Self {
        Self { role: None, own: None }
    }

    /// Whether it is somebody of whom nothing is known.
    pub(super) fn is_anybody(&self) -> bool {
        self.role.is_none() && self.own.is_none()
    }

    /// Whether it is a lead, who sees one wave.
    pub(super) fn is_lead(&self) -> bool {
        self.role.is_none() && self.own.is_some()
    }

    /// Whoever has this role, in their own PCT if they have one.
    pub(super) fn of_role(role: Role, own: Option<OrgCode>) -> Self {
        Self { role: Some(role), own }
    }

    /// Their own PCT.
    pub(super) fn own(&self) -> Option<&OrgCode> {
        self.own.as_ref()
    }

    /// What of the pages is for them.
    pub(super) fn eyes(&self) -> Eyes {
        match self.role {
            None if self.own.is_none() => Eyes::Everybody,
            None => Eyes::Lead,
            Some(Role::Office | Role::Clerk) => Eyes::Office,
            Some(Role::Sha) => Eyes::Sha,
            Some(Role::Pct | Role::Lmc) => Eyes::Everybody,
        }
    }

    /// Whether they see what PCTs report.
    pub(super) fn sees_stocktake(&self) -> bool {
        self.role.is_some_and(Role::sees_stocktake)
    }

    /// Whether the page of this PCT is for them.
    pub(super) fn may_open(&self, pct: &OrgCode) -> bool {
        self.role.is_some() || self.own.as_ref() == Some(pct)
    }

    /// Whether they see the PCTs with letters.
    pub(super) fn sees_letters(&self, showing: Showing) -> bool {
        showing.peers == Peers::Coded && !self.role.is_some_and(Role::sees_packs)
    }

    /// The release as they see it.
    pub(super) fn view(&self, release: &Arc<Release>, showing: Showing) -> Arc<Release> {
        if self.sees_letters(showing) {
            Arc::new(release.with_coded_peers(self.own()))
        } else {
            Arc::clone(release)
        }
    }

    /// The files that they may have.
    pub(super) fn files(&self, showing: Showing) -> impl Iterator<Item = File> {
        let packs = self.role.is_some_and(Role::sees_packs);
        // The release as it was published has all the names.
        let release = !self.sees_letters(showing);
        File::ALL.into_iter().filter(move |file| match file {
            File::Packs => packs,
            File::Release => release,
            _ => true,
        })
    }
}
