//! What the office is told of waves, letters, mails, comments and ideas.

use actix_web::http::StatusCode;

use crate::flow::{CommentRefusal, FlowError};
use crate::moderation::ReadingRefusal;
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

pub(super) fn of_comments(refusal: CommentRefusal) -> Told {
    let (heading, paragraph) = match refusal {
        CommentRefusal::Reading(ReadingRefusal::NotQuotable) => (
            "This comment cannot be published",
            "Its writer did not agree to be quoted. Nothing was changed.",
        ),
        CommentRefusal::Reading(ReadingRefusal::Published) => (
            "The comments of this wave are published",
            "What is published is what was confirmed. Take the comments down, change what is to be changed, and publish them again.",
        ),
        CommentRefusal::Reading(ReadingRefusal::Changed) => (
            "Somebody else has read this comment meanwhile",
            "Go back to the comment and look at what they decided. Nothing was changed.",
        ),
        CommentRefusal::ResultsFirst => (
            "The results of this wave are not published yet",
            "Comments are shown beside the results, never before them. Publish the results first.",
        ),
        CommentRefusal::Other => (
            "Something else would go out now",
            "Somebody decided about a comment since you opened the page. Nothing was published. Open the page again and look at what would go out.",
        ),
        CommentRefusal::Nothing => (
            "Nothing is ready to go out",
            "Comments go out when they are read, and only on questions with ten comments or more.",
        ),
        CommentRefusal::ThemeExists => (
            "The list has that code already",
            "Choose another code, or remove the theme that has it.",
        ),
        CommentRefusal::TooManyThemes => {
            ("The list of themes is full", "Remove a theme that is not used any more.")
        }
    };
    plain(StatusCode::CONFLICT, heading, &[paragraph])
}

pub(super) fn of_rehearsal() -> Told {
    plain(
        StatusCode::CONFLICT,
        "This came in a rehearsal",
        &["What somebody typed to try the form out is not published. You can delete it."],
    )
}
