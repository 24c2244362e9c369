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
    /// Whether name and group are to stand with it.
    pub named: bool,
    /// Where the ideas of others are, if there are any.
    pub ideas: Option<String>,
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
    /// Where the ideas of others are, if there are any.
    pub ideas: Option<String>,
}

/// One idea in the office's list.
#[derive(Serialize)]
pub struct IdeaView {
    /// The group where it works.
    pub group: String,
    /// What was shared, as it is to be read.
    pub words: String,
    /// What was written, if the office changed it.
    pub original: Option<String>,
    /// How far it is: `published` or `not published`.
    pub state: String,
    /// Whether it is published.
    pub open: bool,
    /// Whether name and group may stand with it, in a sentence.
    pub names: String,
    /// Its own page.
    pub href: String,
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
    /// The page on which everybody reads the published ones.
    pub public: String,
}

/// `/office/network/{idea}`: mends an idea, publishes it, takes it down.
#[derive(Serialize)]
pub struct IdeaPage {
    /// What is around it.
    pub layout: Layout,
    /// What was done, if anything.
    pub done: Option<String>,
    /// The idea.
    pub idea: IdeaView,
    /// As everybody reads it, or would.
    pub read: PublicIdeaView,
    /// The words to be read.
    pub words: AreaView,
    /// What is wrong with them.
    pub errors: Vec<Prompt>,
    /// Where the words are sent.
    pub action: String,
    /// Where it is published; none if it cannot be.
    pub publish: Option<String>,
    /// Where it is taken down, if it is published.
    pub take_down: Option<String>,
    /// Where the form is sent that deletes it.
    pub delete: String,
}

/// An idea as everybody reads it.
#[derive(Clone, Serialize)]
pub struct PublicIdeaView {
    /// The words.
    pub words: String,
    /// Who shares it, if they wanted to be named.
    pub by: Option<String>,
}

/// `/network/ideas`: what PBC groups share with one another.
#[derive(Serialize)]
pub struct NetworkIdeasPage {
    /// What is around it.
    pub layout: Layout,
    /// The ideas, in the order of their words.
    pub ideas: Vec<PublicIdeaView>,
    /// Where an idea is shared, while that is possible.
    pub share: Option<String>,
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
                named: error.is_some(),
                ideas: error.map(|_| "/network/ideas".to_owned()),
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
        let page = |ideas: Option<&str>| Self {
            layout: Frame::sample_outside().page("Thank you for sharing"),
            again: "/network".to_owned(),
            ideas: ideas.map(str::to_owned),
        };
        vec![page(None), page(Some("/network/ideas"))]
    }
}

impl IdeaView {
    fn sample(group: &str, notice: Option<&str>) -> Self {
        Self {
            group: group.to_owned(),
            words: "A line\nand <another>".to_owned(),
            original: notice.map(|_| "A line, and <another>".to_owned()),
            state: "not published".to_owned(),
            open: notice.is_none(),
            names: "Only the words are shown.".to_owned(),
            href: "/office/network/sample".to_owned(),
            name: "Dr Sample".to_owned(),
            email: "sample@example.org".to_owned(),
            id: "sample".to_owned(),
            notice: notice.map(str::to_owned),
        }
    }
}

const TEST: &str = "TEST: this wave is a rehearsal. Its answers are not results.";

impl Page for OfficeNetworkPage {
    const TEMPLATE: &'static str = "office/network";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |ideas| Self {
            layout: Frame::sample()
                .at("/office")
                .page("Ideas for the network")
                .trail(vec![Link::new("Survey office", "/office")]),
            ideas,
            delete: "/office/network/delete".to_owned(),
            public: "/network/ideas".to_owned(),
        };
        let long = IdeaView::sample("Lea & Valley <PBC> Group", None);
        vec![page(vec![long, IdeaView::sample("North", Some(TEST))]), page(Vec::new())]
    }
}

impl Page for IdeaPage {
    const TEMPLATE: &'static str = "office/idea";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |notice: Option<&str>, error: Option<&str>| {
            let words = AreaView {
                id: "words".to_owned(),
                label: "The words as they are to be read".to_owned(),
                hint: None,
                max_chars: 1000,
                value: "A line\nand <another>".to_owned(),
                error: error.map(str::to_owned),
            };
            let publish = notice.is_none().then(|| "/office/network/sample/publish".to_owned());
            Self {
                layout: Frame::sample()
                    .at("/office")
                    .page("Idea for the network")
                    .trail(vec![Link::new("Ideas for the network", "/office/network")]),
                done: error.is_none().then(|| "Saved.".to_owned()),
                idea: IdeaView::sample("Lea & Valley <PBC> Group", notice),
                read: PublicIdeaView {
                    words: "A line\nand <another>".to_owned(),
                    by: error.map(|_| "Dr Sample, Lea & Valley <PBC> Group".to_owned()),
                },
                errors: words.problem().into_iter().collect(),
                words,
                action: "/office/network/sample".to_owned(),
                take_down: publish.is_none().then(|| "/office/network/sample/take-down".to_owned()),
                publish,
                delete: "/office/network/delete".to_owned(),
            }
        };
        vec![page(None, None), page(Some(TEST), Some("Use fewer characters"))]
    }
}

impl Page for NetworkIdeasPage {
    const TEMPLATE: &'static str = "network/ideas";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let idea = |words: &str, by: Option<&str>| PublicIdeaView {
            words: words.to_owned(),
            by: by.map(str::to_owned),
        };
        let page = |ideas, share: Option<&str>| Self {
            layout: Frame::sample_outside().page("What works elsewhere"),
            ideas,
            share: share.map(str::to_owned),
        };
        let named = idea("A line\nand <another>", Some("Dr Sample, Lea & Valley <PBC> Group"));
        vec![
            page(vec![named, idea(&"long".repeat(60), None)], Some("/network")),
            page(Vec::new(), None),
        ]
    }
}
