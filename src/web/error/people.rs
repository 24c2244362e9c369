//! What people are told of deputies and of ideas for the network.

use actix_web::http::StatusCode;

use crate::flow::{DeputyRefusal, NetworkRefusal};
use crate::pages::Link;

use super::{Told, plain};

pub(super) fn of_deputy(refusal: DeputyRefusal) -> Told {
    match refusal {
        DeputyRefusal::HandedOver => Told {
            link: Some(Link::new("See whom you asked, or take it back", "/answer/deputy")),
            ..plain(
                StatusCode::CONFLICT,
                "You asked a colleague to answer in your place",
                &[
                    "Your link does not open the questions while your colleague holds the survey. If you just sent something, it was not saved.",
                ],
            )
        },
        DeputyRefusal::TakenBack => plain(
            StatusCode::GONE,
            "This link does not work any more",
            &[
                "If a colleague asked you to answer in their place, they have taken that back since. What you saved but did not send was deleted. You need not do anything; if you have questions, ask your colleague.",
                "If you are the lead and your e-mail address was corrected, please use the link in the latest e-mail from us.",
            ],
        ),
        DeputyRefusal::OnlyTheLead => Told {
            link: Some(Link::new("Back to the questions", "/answer")),
            ..plain(
                StatusCode::FORBIDDEN,
                "Only the lead can ask somebody else",
                &[
                    "A colleague asked you to answer in their place. If you cannot, tell them: with their own link they can answer themselves or ask somebody else.",
                ],
            )
        },
        DeputyRefusal::TooMany => Told {
            link: Some(Link::new("Back to the questions", "/answer")),
            ..plain(
                StatusCode::CONFLICT,
                "You have asked several colleagues already",
                &["No more can be asked with this link. You can answer yourself, or write to us."],
            )
        },
    }
}

pub(super) fn of_network(refusal: NetworkRefusal) -> Told {
    match refusal {
        NetworkRefusal::Shut => Told {
            link: Some(Link::new("Go to the front page", "/")),
            ..plain(
                StatusCode::GONE,
                "Ideas are collected while a survey is under way",
                &["None is at the moment. Please come back with the next survey, or write to us."],
            )
        },
        NetworkRefusal::Full => plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "We cannot take your idea here now",
            &["Too many have come in to be kept. Please write to us instead."],
        ),
    }
}
