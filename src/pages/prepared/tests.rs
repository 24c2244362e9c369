//! A page joined from its pieces is the page that is rendered, byte for byte.

use std::collections::BTreeMap;

use super::*;
use crate::answer::{Form, OTHER, Reply, Route, WAY_OUT, row_order};
use crate::chance::Chance;
use crate::definition::{Item, ItemAnswer, Survey, Tokens, fill, parse};
use crate::pages::{CheckPage, Frame, LEAVE_BLANK, SectionPage, paragraphs, questions, summary};

const EAST: &str = include_str!("../../../survey_definitions/east-of-england/survey.toml");
const WORDS: [&str; 5] =
    ["no more than this", "<b>&amp;</b>", "a \"quote\" = 'it'", "two\nlines {{name}}", "\u{e007}é"];

/// One lead of a survey.
struct Lead<'l> {
    survey: &'l Survey,
    reply: Reply,
    group: &'l str,
    pct: &'l str,
    seed: [u8; 32],
}

impl Lead<'_> {
    fn tokens(&self) -> Tokens {
        Tokens {
            group: self.group.to_owned(),
            pct: self.pct.to_owned(),
            ..Tokens::for_everybody("2007/08", 5, 3)
        }
    }

    /// The page without its questions, and whether answers are brought back.
    fn page(&self, section: &Section, back: bool) -> SectionPage {
        let tokens = self.tokens();
        let heading = fill(&section.title, &tokens);
        let mut layout = Frame::sample_outside().page(heading.as_str());
        if back {
            layout = layout.back("Back", "/answer/\"A\"");
        }
        let hidden = |name: &str, value: &str| Hidden { name: name.into(), value: value.into() };
        SectionPage {
            layout,
            step: "3".to_owned(),
            steps: "9".to_owned(),
            heading,
            intro: paragraphs(&fill(&section.intro, &tokens)),
            questions: Vec::new(),
            errors: Vec::new(),
            blanks: Vec::new(),
            more: Vec::new(),
            left: "12 days left".to_owned(),
            resumed: section.items().any(|item| self.reply.answer(item.code).is_some()),
            group: self.group.to_owned(),
            action: format!("/answer/{}", section.code),
            hidden: vec![hidden("-link", "0a"), hidden("-editions", "A:0 B:1")],
            leave_blank: LEAVE_BLANK.0.to_owned(),
            decline: "/answer/decline".to_owned(),
            leave: "/leave".to_owned(),
        }
    }

    fn filled<T>(&self, make: impl FnOnce(&Filled<'_>) -> T) -> T {
        let tokens = self.tokens();
        make(&Filled {
            reply: &self.reply,
            route: &Route::of(self.survey, &self.reply),
            faults: &BTreeMap::new(),
            sent: &[],
            fill: &|text| fill(text, &tokens),
            row_order: &|rows| row_order(rows, &self.seed),
        })
    }

    fn rendered(&self, pages: &Pages, section: &Section, back: bool) -> String {
        let mut page = self.page(section, back);
        page.questions = self.filled(|filled| questions(section, filled));
        pages.html(&page).expect("renders")
    }

    fn joined(
        &self,
        pages: &Pages,
        section: &Section,
        made: &PreparedSection,
        back: bool,
    ) -> Option<String> {
        let page = self.page(section, back);
        let own = OwnSection {
            group: self.group,
            pct: self.pct,
            step: 3,
            steps: 9,
            back: page.layout.back.as_ref().map(|back| back.href.as_str()),
            left: &page.left,
            hidden: &page.hidden,
            resumed: page.resumed,
        };
        self.filled(|filled| made.html(pages, section, &own, filled)).expect("joins")
    }
}

/// Fields that a lead could send for an item; often none.
fn fields(item: &Item<'_>, chance: &Chance) -> Vec<(String, String)> {
    let words = || WORDS[chance.below(WORDS.len())].to_owned();
    let code = item.code.to_string();
    if chance.below(4) == 0 {
        return Vec::new();
    }
    match item.answer {
        ItemAnswer::Text(_) => vec![(code, words())],
        ItemAnswer::Number(number) => match (number.ways_out().next(), chance.below(3)) {
            (Some(out), 0) => vec![(format!("{WAY_OUT}{code}"), out.value.to_string())],
            _ => vec![(code, chance.below(12).to_string())],
        },
        ItemAnswer::Several(choices) => {
            let chosen = choices.options.iter().filter(|_| chance.below(4) == 0);
            let mut fields: Vec<_> =
                chosen.map(|option| (code.clone(), option.value.to_string())).collect();
            fields.push((format!("{OTHER}{code}"), words()));
            fields
        }
        ItemAnswer::Scored(_) | ItemAnswer::Choice(_) => {
            let options = item.options().expect("options");
            let value = options[chance.below(options.len())].value;
            vec![(code.clone(), value.to_string()), (format!("{OTHER}{code}"), words())]
        }
    }
}

fn random_reply(survey: &Survey, chance: &Chance) -> Reply {
    let mut reply = Reply::default();
    for section in &survey.sections {
        let sent: Vec<_> = section.items().flat_map(|item| fields(&item, chance)).collect();
        // What could not be taken stays blank.
        drop(Form::new(&sent, &[0; 32]).take(&mut reply, survey, section));
    }
    reply
}

fn made_if_possible(pages: &Pages, survey: &Survey, section: &Section) -> Option<PreparedSection> {
    let nobody = |group, pct| {
        let lead = Lead { survey, reply: Reply::default(), group, pct, seed: [0; 32] };
        let mut page = lead.page(section, true);
        let tokens = lead.tokens();
        page.questions = questions(
            section,
            &Filled {
                reply: &lead.reply,
                route: &Route::through_everything(survey, &lead.reply),
                faults: &BTreeMap::new(),
                sent: &[],
                fill: &|text| fill(text, &tokens),
                row_order: &|rows| (0..rows).collect(),
            },
        );
        page
    };
    PreparedSection::new(pages, section, &nobody("", ""), nobody(FOR_GROUP, FOR_PCT))
        .expect("templates render")
}

fn made(pages: &Pages, survey: &Survey, section: &Section) -> PreparedSection {
    made_if_possible(pages, survey, section)
        .unwrap_or_else(|| panic!("section {} cannot be made ahead", section.code))
}

fn the_same_for_random_replies(survey: &Survey, replies: usize) {
    let (pages, chance) = (Pages::new().expect("templates"), Chance::seeded(7));
    let sections: Vec<_> =
        survey.sections.iter().map(|section| (section, made(&pages, survey, section))).collect();
    for turn in 0..replies {
        let lead = Lead {
            survey,
            reply: random_reply(survey, &chance),
            group: ["North Herts", "O'Neil & <Sons> {pct}"][turn % 2],
            pct: ["Luton", "a=b"][turn % 2],
            seed: chance.bytes(),
        };
        for (section, made) in &sections {
            let back = turn % 3 > 0;
            assert_eq!(
                lead.joined(&pages, section, made, back).as_ref(),
                Some(&lead.rendered(&pages, section, back)),
                "section {}, reply {turn}",
                section.code
            );
        }
    }
}

#[test]
fn every_section_of_the_east_of_england_is_joined_as_it_is_rendered() {
    the_same_for_random_replies(&parse("survey.toml", EAST).expect("sound"), 24);
}

#[test]
fn every_section_of_staff_pulse_is_joined_as_it_is_rendered() {
    const SOURCE: &str = include_str!("../../../survey_definitions/staff-pulse/survey.toml");
    the_same_for_random_replies(&parse("survey.toml", SOURCE).expect("sound"), 24);
}

#[test]
fn only_questions_that_depend_on_other_answers_are_rendered_each_time() {
    let (pages, survey) = (Pages::new().expect("templates"), parse("s", EAST).expect("sound"));
    let mut rendered = Vec::new();
    for section in &survey.sections {
        let made = made(&pages, &survey, section);
        let each = section.questions.iter().zip(&made.questions);
        let each = each.filter(|(_, made)| matches!(made, Prepared::Rendered));
        rendered.extend(each.map(|(question, _)| question.code.to_string()));
    }
    assert_eq!(rendered, ["BAR_TOP"]);
}

#[test]
fn a_name_that_would_change_more_than_its_place_is_left_to_the_template() {
    let (pages, survey) = (Pages::new().expect("templates"), parse("s", EAST).expect("sound"));
    let section = &survey.sections[1];
    let made = made(&pages, &survey, section);
    for group in ["", " North Herts", "North\nHerts"] {
        let reply = Reply::default();
        let lead = Lead { survey: &survey, reply, group, pct: "Luton", seed: [1; 32] };
        assert!(lead.joined(&pages, section, &made, false).is_none(), "{group:?}");
    }
}

#[test]
fn a_survey_with_markers_in_its_texts_is_not_made_ahead() {
    let source = EAST.replacen("\"What is in place\"", "\"What is \u{e001} in place\"", 1);
    let (pages, survey) = (Pages::new().expect("templates"), parse("s", &source).expect("sound"));
    let section = &survey.sections[1];
    assert!(made_if_possible(&pages, &survey, section).is_none());
    assert!(made_if_possible(&pages, &survey, &survey.sections[2]).is_some());
}

impl Lead<'_> {
    /// The page for checking, with what is kept of the reply.
    fn check(&self, reply: &Reply, replaces: bool) -> CheckPage {
        let tokens = self.tokens();
        let sections = summary(self.survey, reply, &|text| fill(text, &tokens), &href);
        let rows = sections.iter().flat_map(|section| &section.rows);
        CheckPage {
            layout: Frame::sample_outside().page("Check").back("Back", "/answer/\"A\""),
            group: self.group.to_owned(),
            blanks: rows.filter(|row| row.blank).count(),
            sections,
            errors: Vec::new(),
            dropped: Vec::new(),
            empty: false,
            replaces,
            closes: "5pm on Friday 14 December 2007".to_owned(),
            action: "/answer/send".to_owned(),
            hidden: vec![Hidden { name: "-link".to_owned(), value: "0a".to_owned() }],
            decline: "/answer/decline".to_owned(),
        }
    }
}

fn href(section: &Section) -> String {
    format!("/answer/{}", section.code)
}

fn made_check(pages: &Pages, survey: &Survey) -> Option<PreparedCheck> {
    let nobody = |group, pct| Lead { survey, reply: Reply::default(), group, pct, seed: [0; 32] };
    let [clean, marked] = [("", ""), (FOR_GROUP, FOR_PCT)]
        .map(|(group, pct)| nobody(group, pct).check(&Reply::default(), false));
    let tokens = nobody(FOR_GROUP, FOR_PCT).tokens();
    let fill = |text: &str| fill(text, &tokens);
    PreparedCheck::new(pages, survey, &clean, marked, &fill, &href).expect("templates render")
}

#[test]
fn the_page_for_checking_is_joined_as_it_is_rendered() {
    const PULSE: &str = include_str!("../../../survey_definitions/staff-pulse/survey.toml");
    let (pages, chance) = (Pages::new().expect("templates"), Chance::seeded(8));
    for source in [EAST, PULSE] {
        let survey = parse("survey.toml", source).expect("sound");
        let made = made_check(&pages, &survey).expect("made ahead");
        for turn in 0..40 {
            let lead = Lead {
                survey: &survey,
                // Some have left nothing blank, as far as chance goes.
                reply: random_reply(&survey, &chance),
                group: ["North Herts", "O'Neil & <Sons> {pct}"][turn % 2],
                pct: ["Luton", "a=b"][turn % 2],
                seed: [0; 32],
            };
            let (reply, _) = Route::of(&survey, &lead.reply).kept();
            let page = lead.check(&reply, turn % 3 == 0);
            let own = OwnCheck {
                group: lead.group,
                pct: lead.pct,
                back: "/answer/\"A\"",
                mark: "0a",
                replaces: turn % 3 == 0,
            };
            let tokens = lead.tokens();
            let joined = made.html(&survey, &reply, &own, &|text| fill(text, &tokens));
            assert_eq!(joined, Some(pages.html(&page).expect("renders")), "reply {turn}");
            let odd = OwnCheck { group: " North", ..own };
            assert!(made.html(&survey, &reply, &odd, &|text| fill(text, &tokens)).is_none());
        }
    }
}

#[test]
fn a_page_for_checking_with_markers_in_it_is_not_made_ahead() {
    let source = EAST.replacen("\"What is in place\"", "\"What is \u{e001} in place\"", 1);
    let survey = parse("s", &source).expect("sound");
    assert!(made_check(&Pages::new().expect("templates"), &survey).is_none());
}
