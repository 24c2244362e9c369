//! What people are told who sign in, and who see to accounts.

use actix_web::http::StatusCode;

use crate::flow::{AccountRefusal, ProviderRefusal, SecondStepRefusal};
use crate::identity::IdentityError;
use crate::pages::Link;

use super::{Told, failed, plain};

fn again(told: Told) -> Told {
    told.with(Link::new("Sign in another way", "/sign-in"))
}

pub(super) fn of_account(refusal: &AccountRefusal) -> Told {
    let words = match refusal {
        AccountRefusal::LastAdministrator => {
            "Nobody could see to accounts any more. Add another administrator first, or make one of another account."
        }
        AccountRefusal::Exists => "There is an account of that address already.",
        AccountRefusal::UnitNeeded => "An account of a PCT belongs to a reporting unit.",
        AccountRefusal::UnknownUnit { .. } => "The register has no such reporting unit.",
        AccountRefusal::UnitOfNobody => "Only accounts of PCTs belong to a reporting unit.",
        AccountRefusal::OwnSecondStep => {
            "Your own second step is taken away on your own page, with a code."
        }
    };
    plain(StatusCode::CONFLICT, "The account stays as it is", &[words])
        .with(Link::new("Back to the accounts", "/office/accounts"))
}

pub(super) fn of_second_step(refusal: SecondStepRefusal) -> Told {
    let conflict = |words: &'static str| {
        plain(StatusCode::CONFLICT, "The second step stays as it is", &[words])
            .with(Link::new("Back to your account", "/account"))
    };
    match refusal {
        SecondStepRefusal::NotForRole => {
            conflict("A second step is for accounts of the survey office.")
        }
        SecondStepRefusal::OnAlready => conflict(
            "It is set up already. If you did not see your recovery codes, take it away with a code of the app and set it up again.",
        ),
        SecondStepRefusal::None => conflict("There is none, or it is not set up yet."),
        SecondStepRefusal::Unreadable => failed(),
    }
}

pub(super) fn of_provider(refusal: ProviderRefusal) -> Told {
    again(match refusal {
        ProviderRefusal::NoAccount => plain(
            StatusCode::FORBIDDEN,
            "Your e-mail address has no account here",
            &[
                "You were signed in there, but with an address that the survey office does not know. Sign in there with another address, or write to us.",
            ],
        ),
        ProviderRefusal::OtherSubject => plain(
            StatusCode::FORBIDDEN,
            "This is not the account that was used before",
            &[
                "Another account with the same e-mail address signed in here before, so this one is not let in. The survey office has been told and can change it.",
            ],
        ),
    })
}

pub(super) fn of_identity(error: &IdentityError) -> Told {
    again(match error {
        IdentityError::OtherBrowser => plain(
            StatusCode::FORBIDDEN,
            "This did not begin in this browser",
            &[
                "So that nobody signs you in as somebody else, begin and end in one browser. Begin again here.",
            ],
        ),
        IdentityError::Refused(_) => plain(
            StatusCode::FORBIDDEN,
            "You were not signed in there",
            &["It was broken off, took too long, or was used before. Begin again."],
        ),
        IdentityError::Unverified => plain(
            StatusCode::FORBIDDEN,
            "Your e-mail address is not confirmed there",
            &[
                "We let in only people whose address was checked where they signed in. Ask there to have it confirmed, or ask us for a link by e-mail.",
            ],
        ),
        IdentityError::Secret(_) | IdentityError::Unreachable(_) | IdentityError::Untrusted(_) => {
            Told {
                ours: true,
                ..plain(
                    StatusCode::BAD_GATEWAY,
                    "Signing in there does not work at the moment",
                    &["Ask us for a link by e-mail instead, or try again later."],
                )
            }
        }
    })
}

pub(super) fn second_step_needed() -> Told {
    plain(
        StatusCode::FORBIDDEN,
        "Set up a second step first",
        &["The survey office asks for a second step of everybody who works in it. It takes a few minutes and an app on your telephone."],
    )
    .with(Link::new("Set it up", "/account/second-step"))
}

pub(super) fn too_many() -> Told {
    again(plain(
        StatusCode::TOO_MANY_REQUESTS,
        "Too many people sign in at this moment",
        &["Wait a minute and try again, or ask us for a link by e-mail."],
    ))
}
