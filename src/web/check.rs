//! The page on which all answers are checked before they are sent.

use crate::answer::{AnswerFault, Route};
use crate::definition::fill;
use crate::flow::Visit;
use crate::id::ItemCode;
use crate::pages::{CheckPage, OwnCheck, Prompt, sentence, summary};

use super::ahead::Ahead;
use super::error::WebError;
use super::walk::{Lead, Walk};

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

/// The page for a lead, joined from what was made ahead; none if it must be rendered.
pub(super) fn joined(lead: &Lead<'_>, ahead: &Ahead) -> Result<Option<String>, WebError> {
    let Lead { house, visit } = *lead;
    let survey = &visit.survey;
    let route = Route::of(survey, &visit.draft);
    let (reply, dropped) = route.kept();
    let back = survey.sections.iter().rfind(|section| route.enters(section));
    let usual = dropped.is_empty() && !reply.is_empty() && reply.check_against(survey).is_ok();
    let (Some(back), true) = (back, usual) else { return Ok(None) };
    let anew = |visit: &Visit| check_page(&Lead { house, visit });
    let Some(prepared) = ahead.check(house, visit, &anew, &|section| lead.href(section))? else {
        return Ok(None);
    };
    let tokens = lead.tokens();
    let own = OwnCheck {
        group: &visit.invitation.group_name,
        pct: &visit.invitation.pct_name,
        back: &lead.href(back),
        mark: &visit.token.form_mark(),
        replaces: lead.replaces(),
    };
    Ok(prepared.html(survey, &reply, &own, &|text| fill(text, &tokens)))
}
