//! Samples of the respondents' pages: every kind of question, faults, blanks,
//! and names that would break a page that forgets to escape.

use super::super::layout::{Fact, Frame, Hidden, Layout, paragraphs};
use super::super::template::Page;
use super::{
    CheckPage, CheckRow, CheckSection, ConfirmView, DeclinePage, DeclinedPage, DonePage, GridRow,
    GridView, LEAVE_BLANK, NumberView, OptionView, OtherView, Prompt, QuestionView, RadiosView,
    SectionPage, TextView, TicksView, WelcomePage,
};

const NOTICE: &str = "TEST: this wave is a rehearsal. Its answers are not results.";
const CLOSES: &str = "5pm on Friday 14 December 2007";
const GROUP: &str = "Lea & Valley <PBC> Group";

fn frame(title: &str) -> Layout {
    Frame::sample_outside().page(title).notice(Some(NOTICE))
}

impl Page for WelcomePage {
    const TEMPLATE: &'static str = "respondent/welcome";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |answered, declined, in_place_of: Option<&str>| Self {
            layout: frame("How practice-based commissioning is going"),
            heading: "How practice-based commissioning is going".to_owned(),
            group: GROUP.to_owned(),
            welcome: paragraphs(
                "Thank you for helping. Your answers are sealed when you send them: nobody, not even the survey \
                 team, can read them until the survey closes. Then they are shuffled and the link to you is destroyed.\n\n\
                 Your PCT and the SHA never see individual answers and are not told who has replied.\n\n\
                 You can skip any question. There are no right answers: tell us how it is for your group now.",
            ),
            closes: CLOSES.to_owned(),
            in_place_of: in_place_of.map(str::to_owned),
            answered,
            declined,
            minutes: 10,
            action: "/s/sample".to_owned(),
            hidden: Vec::new(),
            deputy: in_place_of.is_none().then(|| "/s/sample/deputy".to_owned()),
            fingerprint: (!declined).then(|| "6668 7aad f862 bd77 6c8f c18b 8e9f 8e20".to_owned()),
        };
        let lead = Some("Dr <another>");
        vec![
            page(false, false, None),
            page(true, false, None),
            page(false, true, None),
            page(true, false, lead),
        ]
    }
}

fn sample_options(
    id: &str,
    labels: &[&str],
    ways_out: usize,
    chosen: Option<usize>,
) -> Vec<OptionView> {
    let scale = labels.len() - ways_out;
    let option = |(place, label): (usize, &&str)| OptionView {
        id: if place == 0 { id.to_owned() } else { format!("{id}-{}", place + 1) },
        value: (place + 1).to_string(),
        label: (*label).to_owned(),
        checked: chosen == Some(place),
        divided: place == scale,
        way_out: place >= scale,
        exclusive: place >= scale,
        other: None,
    };
    labels.iter().enumerate().map(option).collect()
}

fn sample_question(name: &str, wording: &str) -> QuestionView {
    QuestionView {
        name: name.to_owned(),
        id: name.to_owned(),
        wording: wording.to_owned(),
        help: String::new(),
        error: None,
        offers: String::new(),
        radios: None,
        ticks: None,
        number: None,
        grid: None,
        text: None,
    }
}

fn sample_counts() -> Vec<QuestionView> {
    let mut needs = sample_options(
        "NEED",
        &["Finance", "Project management", "Other (please say)", "Don't know"],
        1,
        Some(2),
    );
    if let Some(other) = needs.get_mut(2) {
        other.other = Some(OtherView {
            name: "-other-NEED".to_owned(),
            id: "NEED-3-other".to_owned(),
            value: "Estates <advice>".to_owned(),
            max_chars: 100,
        });
    }
    let number = |name: &str, value: &str, confirm| NumberView {
        value: value.to_owned(),
        unit: "cases".to_owned(),
        decimal: false,
        width: 2,
        out_name: format!("-out-{name}"),
        ways_out: vec![OptionView {
            id: format!("{name}-98"),
            value: "98".to_owned(),
            label: "Don't know".to_owned(),
            checked: false,
            divided: false,
            way_out: true,
            exclusive: false,
            other: None,
        }],
        confirm,
    };
    let confirm = ConfirmView {
        name: "-sure-BC_APP".to_owned(),
        id: "BC_APP-sure".to_owned(),
        value: "300".to_owned(),
        label: "Yes, 300 cases is right".to_owned(),
    };
    vec![
        QuestionView {
            ticks: Some(TicksView { options: needs, most: 3, all: false }),
            ..sample_question("NEED", "Which kinds of support would help most? Choose up to three.")
        },
        QuestionView {
            number: Some(number("BC_SUB", "4", None)),
            ..sample_question("BC_SUB", "How many business cases did your group submit?")
        },
        QuestionView {
            error: Some(
                "300 cases is unusual: correct it, or confirm it below the field".to_owned(),
            ),
            number: Some(number("BC_APP", "300", Some(confirm))),
            ..sample_question("BC_APP", "How many of those decisions were approvals?")
        },
    ]
}

fn sample_questions() -> Vec<QuestionView> {
    let stages = [
        "Agreed, and working in practice",
        "Agreed, but not yet working in practice",
        "Being discussed, not yet agreed",
        "Not agreed, and not being discussed",
        "Don't know",
    ];
    let severity = [
        "Not a barrier",
        "A slight barrier",
        "A moderate barrier",
        "A serious barrier",
        "A very serious barrier",
        "Don't know",
        "Does not apply",
    ];
    let row = |name: &str, label: &str, help: &str, chosen, error: Option<&str>| GridRow {
        name: name.to_owned(),
        id: name.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        error: error.map(str::to_owned),
        options: sample_options(name, &severity, 2, chosen),
    };
    let mut questions = sample_counts();
    questions.extend([
        QuestionView {
            help: "Working in practice = payments are being made as agreed.".to_owned(),
            radios: Some(RadiosView { options: sample_options("MS_INC", &stages, 1, Some(1)) }),
            ..sample_question("MS_INC", "An incentive scheme for 2007/08")
        },
        QuestionView {
            error: Some("Choose one of the answers shown".to_owned()),
            radios: Some(RadiosView { options: sample_options("QUOTE", &["Yes", "No"], 0, None) }),
            ..sample_question(
                "QUOTE",
                "May we quote your comments without naming you or your group?",
            )
        },
        QuestionView {
            id: "BAR_SKILLS".to_owned(),
            help: "Choose one answer on each line.".to_owned(),
            grid: Some(GridView {
                rows: vec![
                    row(
                        "BAR_SKILLS",
                        "Lack of commissioning skills in our group",
                        "",
                        Some(2),
                        None,
                    ),
                    row(
                        "BAR_DATA",
                        "Problems with data",
                        "Late, missing or wrong.",
                        None,
                        Some("Choose one of the answers shown"),
                    ),
                    row("BAR_LETGO", "PCT reluctance to hand over decisions", "", Some(6), None),
                ],
                heads: severity.iter().map(|head| (*head).to_owned()).collect(),
                columns: "grid-7".to_owned(),
            }),
            ..sample_question(
                "BAR",
                "How serious is each of these as a barrier to your group's progress today?",
            )
        },
        QuestionView {
            help: "Please do not name patients or individual members of staff.".to_owned(),
            text: Some(TextView {
                value: "A line\nand <another>".to_owned(),
                max_chars: 400,
                lines: 5,
            }),
            ..sample_question("OPEN", "Is there anything else you want to tell us?")
        },
    ]);
    questions
}

impl Page for SectionPage {
    const TEMPLATE: &'static str = "respondent/section";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |questions, errors, blanks, more, resumed| Self {
            layout: frame("What is in place").back("Back", "/answer/A"),
            step: "3".to_owned(),
            steps: "8".to_owned(),
            heading: "What is in place".to_owned(),
            intro: paragraphs(
                "For each of these, choose the answer that best describes the position today.",
            ),
            questions,
            errors,
            blanks,
            more,
            left: "12 days left".to_owned(),
            resumed,
            group: GROUP.to_owned(),
            action: "/answer/B".to_owned(),
            hidden: vec![Hidden { name: "-from".to_owned(), value: "check".to_owned() }],
            leave_blank: LEAVE_BLANK.0.to_owned(),
            decline: "/answer/decline".to_owned(),
            leave: "/leave".to_owned(),
        };
        let prompt =
            |href: &str, text: &str| Prompt { href: href.to_owned(), text: text.to_owned() };
        let mut plain = sample_questions();
        for question in &mut plain {
            question.error = None;
            for row in question.grid.iter_mut().flat_map(|grid| &mut grid.rows) {
                row.error = None;
            }
        }
        vec![
            page(plain.clone(), Vec::new(), Vec::new(), Vec::new(), true),
            page(
                plain.clone(),
                Vec::new(),
                Vec::new(),
                vec![prompt("#BC_APP", "How many of those decisions were approvals?")],
                true,
            ),
            page(
                sample_questions(),
                vec![
                    prompt("#QUOTE", "May we quote your comments: choose one of the answers shown"),
                    prompt("#BAR_DATA", "Problems with data: choose one of the answers shown"),
                ],
                Vec::new(),
                Vec::new(),
                false,
            ),
            page(
                plain,
                Vec::new(),
                vec![prompt(
                    "#QUOTE",
                    "May we quote your comments without naming you or your group?",
                )],
                Vec::new(),
                false,
            ),
        ]
    }
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "respondent/check";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let row = |question: &str, answer: Option<&str>| CheckRow {
            question: question.to_owned(),
            answer: vec![answer.unwrap_or("Not answered").to_owned()],
            blank: answer.is_none(),
            change: "/answer/B#MS_INC".to_owned(),
        };
        let page = |blanks, empty, replaces, unsound: bool| Self {
            layout: frame("Check your answers").back("Back", "/answer/I"),
            group: GROUP.to_owned(),
            sections: vec![
                CheckSection {
                    title: "What is in place".to_owned(),
                    rows: vec![
                        row(
                            "An incentive scheme for 2007/08",
                            Some("Agreed, but not yet working in practice"),
                        ),
                        row("The governance framework for PBC", None),
                    ],
                },
                CheckSection {
                    title: "What is working".to_owned(),
                    rows: vec![row(
                        "Is there anything else you want to tell us?",
                        Some("A line\nand <another>"),
                    )],
                },
            ],
            errors: Vec::from_iter(unsound.then(|| Prompt {
                href: "/answer/D#BC_APP".to_owned(),
                text: "How many were approvals? – This cannot be more than 2 cases".to_owned(),
            })),
            dropped: Vec::from_iter(unsound.then(|| "How quick are decisions?".to_owned())),
            blanks,
            empty,
            replaces,
            closes: CLOSES.to_owned(),
            action: "/answer/send".to_owned(),
            hidden: vec![Hidden { name: "-once".to_owned(), value: "sample".to_owned() }],
            decline: "/answer/decline".to_owned(),
        };
        vec![
            page(1, false, false, false),
            page(0, false, true, false),
            page(3, true, false, false),
            page(0, false, false, true),
        ]
    }
}

impl Page for DonePage {
    const TEMPLATE: &'static str = "respondent/done";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: frame("Thank you"),
            group: GROUP.to_owned(),
            thanks: paragraphs("Every answer makes the picture of the region clearer."),
            closes: CLOSES.to_owned(),
            publishes: "Monday 7 January 2008".to_owned(),
            facts: vec![Fact::new("Survey", "Autumn 2007")],
            receipt: Some("ba78 16bf ".repeat(8).trim_end().to_owned()),
            receipts: "/receipts/2007-Q4".to_owned(),
            again: "/answer".to_owned(),
            network: Some("/network".to_owned()),
            leave: Some("/leave".to_owned()),
        }]
    }
}

impl Page for DeclinePage {
    const TEMPLATE: &'static str = "respondent/decline";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |answered, in_place_of: Option<&str>| Self {
            layout: frame("You do not want to answer?").back("Back to the questions", "/answer"),
            group: GROUP.to_owned(),
            in_place_of: in_place_of.map(str::to_owned),
            answered,
            closes: CLOSES.to_owned(),
            action: "/answer/decline".to_owned(),
            hidden: Vec::new(),
        };
        vec![page(false, None), page(true, None), page(true, Some("Dr <another>"))]
    }
}

impl Page for DeclinedPage {
    const TEMPLATE: &'static str = "respondent/declined";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: frame("We will not write to you again"),
            closes: CLOSES.to_owned(),
            again: "/answer".to_owned(),
        }]
    }
}
