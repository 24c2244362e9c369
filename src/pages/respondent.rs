//! The pages that a lead sees, from the link in the mail to the receipt.

use serde::Serialize;

use super::layout::{Frame, Hidden, Layout, paragraphs};
use super::template::Page;

/// Name and value of the button "Leave blank and continue". No item code begins with a dash.
pub const LEAVE_BLANK: (&str, &str) = ("-leave-blank", "yes");

/// The page behind the link in the mail. Opening it changes nothing.
#[derive(Serialize)]
pub struct WelcomePage {
    /// What is around it.
    pub layout: Layout,
    /// The survey's title.
    pub heading: String,
    /// The group that the lead answers for.
    pub group: String,
    /// The author's welcome text, tokens filled in.
    pub welcome: Vec<String>,
    /// For example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// The lead has sent answers already.
    pub answered: bool,
    /// The lead has said that they do not want to answer.
    pub declined: bool,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
}

/// One option of a question.
#[derive(Clone, Serialize)]
pub struct OptionView {
    /// Its HTML id.
    pub id: String,
    /// Its value in the form.
    pub value: String,
    /// Its label.
    pub label: String,
    /// Whether it is chosen.
    pub checked: bool,
    /// Whether it is the first way out, set apart from the scale by "or".
    pub divided: bool,
    /// Whether it stands outside the scale.
    pub way_out: bool,
}

/// A question answered by one of several options.
#[derive(Clone, Serialize)]
pub struct RadiosView {
    /// The options in screen order.
    pub options: Vec<OptionView>,
}

/// A row of a grid: a question of its own on the grid's scale.
#[derive(Clone, Serialize)]
pub struct GridRow {
    /// Its item code: the field's name.
    pub name: String,
    /// The id of its first option, where links of the error summary land.
    pub id: String,
    /// Its label.
    pub label: String,
    /// On-screen help; may be empty.
    pub help: String,
    /// What is wrong with the answer given, if anything.
    pub error: Option<String>,
    /// The options in screen order.
    pub options: Vec<OptionView>,
}

/// A question of several rows that share a scale.
#[derive(Clone, Serialize)]
pub struct GridView {
    /// The rows in this respondent's order.
    pub rows: Vec<GridRow>,
    /// The labels of the scale, as column heads on a wide screen.
    pub heads: Vec<String>,
    /// A class that gives the number of columns, for example `grid-7`.
    pub columns: String,
}

/// A question answered in words.
#[derive(Clone, Serialize)]
pub struct TextView {
    /// What is written so far.
    pub value: String,
    /// Most characters accepted.
    pub max_chars: usize,
    /// Lines shown.
    pub lines: usize,
}

/// One question. Exactly one of `radios`, `grid` and `text` is there.
#[derive(Clone, Serialize)]
pub struct QuestionView {
    /// Its code: the field's name, unless it is a grid.
    pub name: String,
    /// The id of its first field, where links of the error summary land.
    pub id: String,
    /// The wording, tokens filled in.
    pub wording: String,
    /// On-screen help; may be empty.
    pub help: String,
    /// What is wrong with the answer given, if anything.
    pub error: Option<String>,
    /// One of several options.
    pub radios: Option<RadiosView>,
    /// Rows that share a scale.
    pub grid: Option<GridView>,
    /// Words.
    pub text: Option<TextView>,
}

/// A question named in a list, with a link to its field.
#[derive(Clone, Serialize)]
pub struct Prompt {
    /// Link within the page, for example `#MS_INC`.
    pub href: String,
    /// What it says.
    pub text: String,
}

/// One section of the questionnaire.
#[derive(Serialize)]
pub struct SectionPage {
    /// What is around it, the way back included.
    pub layout: Layout,
    /// Its place, from 1.
    pub step: usize,
    /// How many there are.
    pub steps: usize,
    /// The section's title.
    pub heading: String,
    /// The text under it.
    pub intro: Vec<String>,
    /// The questions in screen order.
    pub questions: Vec<QuestionView>,
    /// What is wrong with the answers just given.
    pub errors: Vec<Prompt>,
    /// Questions just left blank: asks once, never insists.
    pub blanks: Vec<Prompt>,
    /// Whether this page brings back answers saved earlier.
    pub resumed: bool,
    /// The group that the lead answers for.
    pub group: String,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// Name of the button that leaves blanks as they are: [`LEAVE_BLANK`].
    pub leave_blank: String,
    /// Where somebody goes who does not want to answer.
    pub decline: String,
}

/// One answer on the page for checking.
#[derive(Serialize)]
pub struct CheckRow {
    /// The question's wording.
    pub question: String,
    /// The answer in words, or "Not answered".
    pub answer: String,
    /// Whether it was not answered.
    pub blank: bool,
    /// Where it can be changed.
    pub change: String,
}

/// The answers of one section.
#[derive(Serialize)]
pub struct CheckSection {
    /// The section's title.
    pub title: String,
    /// Its answers in screen order.
    pub rows: Vec<CheckRow>,
}

/// All answers, before they are sent.
#[derive(Serialize)]
pub struct CheckPage {
    /// What is around it, the way back included.
    pub layout: Layout,
    /// The group that the lead answers for.
    pub group: String,
    /// The answers by section.
    pub sections: Vec<CheckSection>,
    /// How many questions have no answer.
    pub blanks: usize,
    /// Whether no question has an answer, so that there is nothing to send.
    pub empty: bool,
    /// Whether sending replaces answers sent before.
    pub replaces: bool,
    /// For example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// Where somebody goes who does not want to answer.
    pub decline: String,
}

/// The receipt. It shows no answer.
#[derive(Serialize)]
pub struct DonePage {
    /// What is around it.
    pub layout: Layout,
    /// The group that the lead answered for.
    pub group: String,
    /// The author's thanks, tokens filled in.
    pub thanks: Vec<String>,
    /// Until when answers can be replaced, for example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// When results come out, for example `Monday 7 January 2008`.
    pub publishes: String,
    /// Whether the answers replaced earlier ones.
    pub replaced: bool,
    /// Where the form can be filled in again.
    pub again: String,
}

/// Asks whether the lead really does not want to answer.
#[derive(Serialize)]
pub struct DeclinePage {
    /// What is around it, the way back included.
    pub layout: Layout,
    /// The group that the lead would answer for.
    pub group: String,
    /// Whether answers were sent already; declining withdraws them.
    pub answered: bool,
    /// For example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
}

/// After declining.
#[derive(Serialize)]
pub struct DeclinedPage {
    /// What is around it.
    pub layout: Layout,
    /// Until when the lead can still change their mind.
    pub closes: String,
    /// Where to start after all.
    pub again: String,
}

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
        let page = |answered, declined| Self {
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
            answered,
            declined,
            action: "/s/sample".to_owned(),
            hidden: Vec::new(),
        };
        vec![page(false, false), page(true, false), page(false, true)]
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
    };
    labels.iter().enumerate().map(option).collect()
}

fn sample_questions() -> Vec<QuestionView> {
    let question = |name: &str, wording: &str| QuestionView {
        name: name.to_owned(),
        id: name.to_owned(),
        wording: wording.to_owned(),
        help: String::new(),
        error: None,
        radios: None,
        grid: None,
        text: None,
    };
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
    vec![
        QuestionView {
            help: "Working in practice = payments are being made as agreed.".to_owned(),
            radios: Some(RadiosView { options: sample_options("MS_INC", &stages, 1, Some(1)) }),
            ..question("MS_INC", "An incentive scheme for 2007/08")
        },
        QuestionView {
            error: Some("Choose one of the answers shown".to_owned()),
            radios: Some(RadiosView { options: sample_options("QUOTE", &["Yes", "No"], 0, None) }),
            ..question("QUOTE", "May we quote your comments without naming you or your group?")
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
            ..question(
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
            ..question("OPEN", "Is there anything else you want to tell us?")
        },
    ]
}

impl Page for SectionPage {
    const TEMPLATE: &'static str = "respondent/section";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |questions, errors, blanks, resumed| Self {
            layout: frame("What is in place").back("Back", "/answer/A"),
            step: 3,
            steps: 8,
            heading: "What is in place".to_owned(),
            intro: paragraphs(
                "For each of these, choose the answer that best describes the position today.",
            ),
            questions,
            errors,
            blanks,
            resumed,
            group: GROUP.to_owned(),
            action: "/answer/B".to_owned(),
            hidden: vec![Hidden { name: "-from".to_owned(), value: "check".to_owned() }],
            leave_blank: LEAVE_BLANK.0.to_owned(),
            decline: "/answer/decline".to_owned(),
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
            page(plain.clone(), Vec::new(), Vec::new(), true),
            page(
                sample_questions(),
                vec![
                    prompt("#QUOTE", "May we quote your comments: choose one of the answers shown"),
                    prompt("#BAR_DATA", "Problems with data: choose one of the answers shown"),
                ],
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
            answer: answer.unwrap_or("Not answered").to_owned(),
            blank: answer.is_none(),
            change: "/answer/B#MS_INC".to_owned(),
        };
        let page = |blanks, empty, replaces| Self {
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
            blanks,
            empty,
            replaces,
            closes: CLOSES.to_owned(),
            action: "/answer/send".to_owned(),
            hidden: vec![Hidden { name: "-once".to_owned(), value: "sample".to_owned() }],
            decline: "/answer/decline".to_owned(),
        };
        vec![page(1, false, false), page(0, false, true), page(3, true, false)]
    }
}

impl Page for DonePage {
    const TEMPLATE: &'static str = "respondent/done";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |replaced| Self {
            layout: frame("Thank you"),
            group: GROUP.to_owned(),
            thanks: paragraphs("Every answer makes the picture of the region clearer."),
            closes: CLOSES.to_owned(),
            publishes: "Monday 7 January 2008".to_owned(),
            replaced,
            again: "/answer".to_owned(),
        };
        vec![page(false), page(true)]
    }
}

impl Page for DeclinePage {
    const TEMPLATE: &'static str = "respondent/decline";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |answered| Self {
            layout: frame("You do not want to answer?").back("Back to the questions", "/answer"),
            group: GROUP.to_owned(),
            answered,
            closes: CLOSES.to_owned(),
            action: "/answer/decline".to_owned(),
            hidden: Vec::new(),
        };
        vec![page(false), page(true)]
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
