//! What the office is told of waves, letters and mails.

use actix_web::http::StatusCode;

use crate::flow::FlowError;
use crate::pages::Link;
use crate::register::EditRefusal;
use crate::wave::WaveRefusal;

use super::{Told, plain};

pub(super) fn of_wave(refusal: &WaveRefusal) -> Told {
    Told {
        paragraphs: vec![format!("The {refusal}. Nothing was changed.")],
        ..plain(StatusCode::CONFLICT, "This wave does not allow that now", &[])
    }
}

/// What was refused for a reason that the refusal itself says.
pub(super) fn refused(error: &FlowError) -> Told {
    let mut said = error.to_string();
    if let Some(first) = said.get(..1).map(str::to_uppercase) {
        said.replace_range(..1, &first);
    }
    Told {
        paragraphs: vec![format!("{said}."), "Nothing was changed.".to_owned()],
        ..plain(StatusCode::CONFLICT, "That cannot be done", &[])
    }
}

pub(super) fn too_much(most: usize) -> Told {
    Told {
        paragraphs: vec![format!(
            "At most {} kilobytes are read here. Nothing was changed.",
            most / 1024
        )],
        ..plain(StatusCode::PAYLOAD_TOO_LARGE, "That is too large", &[])
    }
}

pub(super) fn address() -> Told {
    plain(
        StatusCode::CONFLICT,
        "The address cannot be corrected",
        &["The mail has been seen to meanwhile, or its wave takes no answers. Look again."],
    )
}

pub(super) fn letter() -> Told {
    plain(
        StatusCode::CONFLICT,
        "The letter was not saved",
        &["It has gone, or somebody else changed it meanwhile. Open it again."],
    )
}

pub(super) fn mails_waiting() -> Told {
    plain(
        StatusCode::CONFLICT,
        "Mails of this wave have not gone yet",
        &["A reminder goes when the mails before it have gone. Nothing was changed."],
    )
}

pub(super) fn round_is_out() -> Told {
    plain(
        StatusCode::CONFLICT,
        "These mails are out already",
        &["The round has been decided on or is not planned any more. Look at the list again."],
    )
}

pub(super) fn round_time() -> Told {
    plain(
        StatusCode::UNPROCESSABLE_ENTITY,
        "The mails cannot go then",
        &["Choose a time between now and the closing of the wave."],
    )
}

/// What was refused in the register.
pub(super) fn of_edit(refusal: EditRefusal) -> Told {
    let (status, advice) = match refusal {
        EditRefusal::NoGroup | EditRefusal::NoLead => {
            (StatusCode::NOT_FOUND, "It may have been taken out or changed meanwhile.")
        }
        EditRefusal::Moved => (StatusCode::CONFLICT, "Look at it again, then decide."),
        EditRefusal::NothingToUndo => (
            StatusCode::CONFLICT,
            "The register has been changed since, or a week has passed. Its history says what the change was, so that it can be changed back by hand.",
        ),
        _ => (StatusCode::CONFLICT, "Look at the register again."),
    };
    let mut why = refusal.to_string();
    if let Some(first) = why.get(..1).map(str::to_uppercase) {
        why.replace_range(..1, &first);
    }
    Told {
        paragraphs: vec![format!("{why}."), advice.to_owned()],
        ..plain(status, "The register was not changed", &[])
    }
    .with(Link::new("To the register", "/office/register"))
}
