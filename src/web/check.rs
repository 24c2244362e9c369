//! The page on which all answers are checked before they are sent.

use crate::answer::{AnswerFault, Route};
use crate::definition::fill;
use crate::id::ItemCode;
use crate::pages::{CheckPage, Prompt, sentence, summary};

use super::walk::Walk;

/// The answers as they would be sealed, and what would not be sent.
pub(super) fn check_page(walk: &dyn Walk) -> CheckPage {
    let (survey, tokens) = (walk.survey(), walk.tokens());
    let fill = |text: &str| fill(text, &tokens);
    let route = Route::of(survey, walk.draft());
    let (reply, dropped) = route.kept();
    let sections = summary(survey, &reply, &fill, &|section| walk.href(section));
    let blanks = sections.iter().flat_map(|section| &section.rows).filter(|row| row.blank).count();
    let back = survey.sections.iter().rfind(|section| route.enters(section));
    let errors = reply.check_against(survey).err().unwrap_or_default();
    let error = |fault: &AnswerFault| {
        let item = survey.item(&fault.item)?;
        let said = sentence(survey, &reply, fault, &fill).said;
        Some(Prompt {
            href: format!("{}#{}", walk.href(item.section), item.code),
            text: format!("{} – {said}", fill(item.wording)),
        })
    };
    let wording = |code: &ItemCode| survey.item(code).map(|item| fill(item.wording));
    let layout = walk.layout("Check your answers");
    CheckPage {
        layout: match back {
            Some(back) => layout.back("Back", walk.href(back)),
            None => layout,
        },
        group: walk.group(),
        sections,
        blanks,
        errors: errors.iter().filter_map(error).collect(),
        dropped: dropped.iter().filter_map(wording).collect(),
        empty: reply.is_empty(),
        replaces: walk.replaces(),
        closes: walk.closes(),
        action: walk.way("send"),
        hidden: walk.hidden(),
        decline: walk.decline(),
    }
}
