//! The pages of the PBC leads network: sharing an idea under one's own name, and
//! the office's list. Nothing on them knows a link or an answer.

use serde::Serialize;

use super::fields::{AreaView, FieldView};
use super::layout::{Frame, Hidden, Layout, Link};
use super::respondent::Prompt;
use super::template::Page;

/// `/network`: asks for an idea.
#[derive(Serialize)]
pub struct NetworkPage {
    /// What is around it.
    pub layout: Layout,
    /// The idea.
    pub words: AreaView,
    /// The group where it works.
    pub group: FieldView,
    /// Who shares it.
    pub name: FieldView,
    /// Where its wording can be checked.
    pub email: FieldView,
    /// What is wrong with them.
    pub errors: Vec<Prompt>,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
}

/// After sharing.
#[derive(Serialize)]
pub struct NetworkThanksPage {
    /// What is around it.
    pub layout: Layout,
    /// Where another idea can be shared.
    pub again: String,
}

/// One idea in the office's list.
#[derive(Serialize)]
pub struct IdeaView {
    /// The group where it works.
    pub group: String,
    /// What was shared.
    pub words: String,
    /// Who shared it.
    pub name: String,
    /// Where its wording can be checked.
    pub email: String,
    /// Its id in the form that deletes it.
    pub id: String,
    /// What tells that it is not meant, for example from a rehearsal.
    pub notice: Option<String>,
}

/// `/office/network`: what was shared so far.
#[derive(Serialize)]
pub struct OfficeNetworkPage {
    /// What is around it.
    pub layout: Layout,
    /// The ideas, by group.
    pub ideas: Vec<IdeaView>,
    /// Where the form is sent that deletes one.
    pub delete: String,
}

impl Page for NetworkPage {
    const TEMPLATE: &'static str = "network/share";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, error: Option<&str>| {
            let words = AreaView {
                id: "words".to_owned(),
                label: "What works, and how?".to_owned(),
                hint: Some("Help".to_owned()),
                max_chars: 1000,
                value: words.to_owned(),
                error: error.map(str::to_owned),
            };
            let group = FieldView::text("group", "Your PBC group");
            let name = FieldView::text("name", "Your name").autocomplete("name");
            let email = FieldView::email("email", "Your e-mail address").autocomplete("email");
            let email = email.sent("<another>", error.map(str::to_owned));
            Self {
                layout: Frame::sample_outside().page("Share something that works"),
                errors: words.problem().into_iter().chain(email.problem()).collect(),
                words,
                group,
                name,
                email,
                action: "/network".to_owned(),
                hidden: vec![Hidden { name: "-once".to_owned(), value: "sample".to_owned() }],
            }
        };
        vec![page("", None), page("A line\nand <another>", Some("Use fewer characters"))]
    }
}

impl Page for NetworkThanksPage {
    const TEMPLATE: &'static str = "network/thanks";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: Frame::sample_outside().page("Thank you for sharing"),
            again: "/network".to_owned(),
        }]
    }
}

impl Page for OfficeNetworkPage {
    const TEMPLATE: &'static str = "office/network";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let idea = |group: &str, notice: Option<&str>| IdeaView {
            group: group.to_owned(),
            words: "A line\nand <another>".to_owned(),
            name: "Dr Sample".to_owned(),
            email: "sample@example.org".to_owned(),
            id: "sample".to_owned(),
            notice: notice.map(str::to_owned),
        };
        let page = |ideas| Self {
            layout: Frame::sample()
                .at("/office")
                .page("Ideas for the network")
                .trail(vec![Link::new("Survey office", "/office")]),
            ideas,
            delete: "/office/network/delete".to_owned(),
        };
        let test = "TEST: this wave is a rehearsal. Its answers are not results.";
        vec![
            page(vec![idea("Lea & Valley <PBC> Group", None), idea("North", Some(test))]),
            page(Vec::new()),
        ]
    }
}
