//! The surveys that the house holds, and the end of a preview.

use serde::Serialize;

use super::layout::{Fact, Frame, Layout, Link, paragraphs};
use super::template::Page;

/// A module that can be looked at with its survey.
#[derive(Clone, Serialize)]
pub struct ModuleBox {
    /// Its HTML id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What it adds, for example `5 items, about 10 minutes in all`.
    pub adds: String,
    /// Whether the newest wave asks it.
    pub checked: bool,
}

/// One survey in the list.
#[derive(Clone, Serialize)]
pub struct SurveyRow {
    /// Its title.
    pub title: String,
    /// Code, version and the like.
    pub facts: Vec<Fact>,
    /// The waves that ask it, the newest first.
    pub waves: Vec<Link>,
    /// Its modules.
    pub modules: Vec<ModuleBox>,
    /// Where its preview begins.
    pub preview: String,
    /// Its paper version.
    pub paper: String,
}

/// `/office/surveys`: the surveys that the house holds.
#[derive(Serialize)]
pub struct SurveysPage {
    /// What is around it.
    pub layout: Layout,
    /// Those of the newest waves first.
    pub surveys: Vec<SurveyRow>,
}

/// The last page of a preview, where a lead would be thanked.
#[derive(Serialize)]
pub struct PreviewEndPage {
    /// What is around it.
    pub layout: Layout,
    /// The author's thanks, tokens filled in.
    pub thanks: Vec<String>,
    /// Where the preview begins again.
    pub again: String,
    /// The list of surveys.
    pub surveys: String,
}

impl Page for SurveysPage {
    const TEMPLATE: &'static str = "office/surveys";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |surveys| Self {
            layout: Frame::sample().at("/office").page("Surveys").back("Survey office", "/office"),
            surveys,
        };
        let module = |code: &str, checked| ModuleBox {
            id: format!("module-{code}"),
            code: code.to_owned(),
            title: "Who leads".to_owned(),
            adds: "6 items, about 10 minutes in all".to_owned(),
            checked,
        };
        let survey = |waves, modules| SurveyRow {
            title: "How is it going in your <PBC> group?".to_owned(),
            facts: vec![Fact::new("Code", "pulse"), Fact::new("Version", "draft-1")],
            waves,
            modules,
            preview: "/office/surveys/0/preview".to_owned(),
            paper: "/office/surveys/0/paper".to_owned(),
        };
        let wave = Link::new("Autumn 2007 (2007-Q4)", "/office/waves/2007-Q4");
        vec![
            page(vec![
                survey(vec![wave], vec![module("R1", true), module("R2", false)]),
                survey(Vec::new(), Vec::new()),
            ]),
            page(Vec::new()),
        ]
    }
}

impl Page for PreviewEndPage {
    const TEMPLATE: &'static str = "office/preview_end";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: Frame::sample_outside().page("End of the preview").preview(
                vec![
                    "Only the beginning of what you wrote is kept here: Anything else?".to_owned(),
                ],
                vec![Link::new("All surveys", "/office/surveys")],
            ),
            thanks: paragraphs("Your answers are sealed."),
            again: "/office/surveys/0/preview".to_owned(),
            surveys: "/office/surveys".to_owned(),
        }]
    }
}
