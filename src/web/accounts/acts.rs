//! What is done to an account after a page that says what will happen.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, AccountEntry, AccountRefusal, FlowError, House};
use crate::pages::{AccountConfirmPage, AccountTokenPage, Link};
use crate::register::EmailAddress;

use super::super::error::WebError;
use super::super::session::{TheHouse, Visitor, ok, see_other};
use super::{HERE, base, find, layout};

/// What can be done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    SignOut,
    ResetSecondStep,
    EndTokens,
    Unbind,
    Remove,
}

impl Doing {
    const ALL: [Self; 5] =
        [Self::SignOut, Self::ResetSecondStep, Self::EndTokens, Self::Unbind, Self::Remove];

    /// How it stands in the address.
    fn word(self) -> &'static str {
        match self {
            Self::SignOut => "sign-out",
            Self::ResetSecondStep => "reset-second-step",
            Self::EndTokens => "end-tokens",
            Self::Unbind => "unbind",
            Self::Remove => "remove",
        }
    }

    fn parse(word: &str) -> Result<Self, WebError> {
        Self::ALL.into_iter().find(|one| one.word() == word).ok_or(WebError::NotFound)
    }

    /// Whether there is anything to do.
    fn makes_sense(self, entry: &AccountEntry, own: bool) -> bool {
        match self {
            Self::SignOut => entry.sessions > 0,
            Self::ResetSecondStep => entry.second_step && !own,
            Self::EndTokens => entry.tokens > 0,
            Self::Unbind => entry.pin.is_some(),
            Self::Remove => true,
        }
    }

    /// The words of the link to its page.
    fn way(self) -> &'static str {
        match self {
            Self::SignOut => "Sign them out everywhere",
            Self::ResetSecondStep => "Take their second step away",
            Self::EndTokens => "End the tokens",
            Self::Unbind => "Let another account of the identity provider in",
            Self::Remove => "Remove the account",
        }
    }

    /// The question, what will happen, and the button.
    fn page(self) -> (&'static str, &'static [&'static str], &'static str) {
        match self {
            Self::SignOut => (
                "Sign them out everywhere?",
                &[
                    "Every browser in which they are signed in has to sign in again.",
                    "Nothing else changes.",
                ],
                "Sign them out",
            ),
            Self::ResetSecondStep => (
                "Take their second step away?",
                &[
                    "Do it only if you are sure who asks: speak to them, do not go by an e-mail.",
                    "No code is asked for any more when they sign in, until they set a second step up again. Their recovery codes end.",
                    "They are signed out everywhere.",
                ],
                "Take it away",
            ),
            Self::EndTokens => (
                "End the tokens?",
                &[
                    "Every program that reads with a token of this account stops reading at once.",
                    "The tokens cannot be brought back; new ones can be made.",
                ],
                "End them",
            ),
            Self::Unbind => (
                "Let another account of the identity provider in?",
                &[
                    "Do it only if you are sure who asks: somebody else may have been given their address.",
                    "The next account there with this address is let in, and no other after that.",
                ],
                "Let it in",
            ),
            Self::Remove => (
                "Remove this account?",
                &[
                    "They are signed out at once and cannot sign in again.",
                    "Their tokens end, and their second step is forgotten.",
                    "What they did stays in the audit trail. An account of the same address can be added again.",
                ],
                "Remove the account",
            ),
        }
    }

    /// Does it; says what to tell, and whether the account is still there.
    fn carry_out(self, house: &House, email: &EmailAddress) -> Result<&'static str, FlowError> {
        match self {
            Self::SignOut => flow::sign_out_everywhere(house, email).map(|_| "signed-out"),
            Self::ResetSecondStep => flow::reset_second_step(house, email).map(|()| "reset"),
            Self::EndTokens => flow::revoke_api_tokens(house, email).map(|_| "tokens-ended"),
            Self::Unbind => flow::unbind_provider(house, email).map(|()| "unbound"),
            Self::Remove => flow::remove_account(house, email).map(|()| "removed"),
        }
    }
}

/// The links to what can be done to an account.
pub(super) fn ways(entry: &AccountEntry, own: bool) -> Vec<Link> {
    let base = base(&entry.account.email);
    let link = |doing: Doing| Link::new(doing.way(), format!("{base}/{}", doing.word()));
    Doing::ALL.into_iter().filter(|doing| doing.makes_sense(entry, own)).map(link).collect()
}

fn is_own(visitor: &Visitor, entry: &AccountEntry) -> bool {
    visitor.account().is_some_and(|own| own.email.key() == entry.account.email.key())
}

/// Says what will happen.
pub(in super::super) async fn ask(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let (print, word) = path.into_inner();
    let doing = Doing::parse(&word)?;
    let entry = find(&house, &print).await?;
    let base = base(&entry.account.email);
    if !doing.makes_sense(&entry, is_own(&visitor, &entry)) {
        return Ok(see_other(&base));
    }
    let (heading, points, button) = doing.page();
    let page = AccountConfirmPage {
        layout: layout(&house, &visitor, heading),
        heading: heading.to_owned(),
        email: entry.account.email.expose().to_owned(),
        points: points.iter().map(|&point| point.to_owned()).collect(),
        action: format!("{base}/{word}"),
        button: button.to_owned(),
        warning: doing != Doing::SignOut,
        cancel: base,
    };
    ok(&house, &page)
}

/// Does it; a second press finds it done.
pub(in super::super) async fn carry_out(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let (print, word) = path.into_inner();
    let doing = Doing::parse(&word)?;
    let entry = match find(&house, &print).await {
        Err(WebError::NotFound) if doing == Doing::Remove => return Ok(see_other(HERE)),
        found => found?,
    };
    let own = is_own(&visitor, &entry);
    if doing == Doing::ResetSecondStep && own {
        return Err(FlowError::from(AccountRefusal::OwnSecondStep).into());
    }
    let base = base(&entry.account.email);
    if !doing.makes_sense(&entry, own) {
        return Ok(see_other(&base));
    }
    let email = entry.account.email;
    let done = house.blocking(move |house| doing.carry_out(house, &email)).await?;
    let to = if doing == Doing::Remove { HERE } else { &base };
    Ok(see_other(&format!("{to}?done={done}")))
}

/// Makes a token and shows it this once.
pub(in super::super) async fn token(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let entry = find(&house, &path).await?;
    let email = entry.account.email.clone();
    let token = house.blocking(move |house| flow::issue_api_token(house, &email)).await?;
    let page = AccountTokenPage {
        layout: layout(&house, &visitor, "A token for a program"),
        email: entry.account.email.expose().to_owned(),
        token,
        back: base(&entry.account.email),
    };
    ok(&house, &page)
}
