//! Pages that anybody may open: the front door, plain messages, signing in.

use serde::Serialize;

use super::layout::{Frame, Layout, Link};
use super::template::Page;

/// The front page `/`.
#[derive(Serialize)]
pub struct HomePage {
    /// What is around it.
    pub layout: Layout,
    /// The region that is asked, for example `East of England`.
    pub region: String,
    /// The smallest number of people behind a figure, in figures.
    pub smallest: String,
    /// The smallest number of PBC groups behind a figure, in figures.
    pub smallest_groups: String,
    /// Where the results are, if the reader may open them.
    pub results: Option<String>,
    /// The summaries that anybody may read, the newest first.
    pub summaries: Vec<Link>,
    /// Where the ideas that PBC groups share are, if any are published.
    pub ideas: Option<String>,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "home";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |frame: &Frame, results: Option<&str>| Self {
            layout: frame.page("How practice-based commissioning is really going").notice(Some(
                "Synthetic data: groups, leads and answers are made up for demonstration.",
            )),
            region: "East of England".to_owned(),
            smallest: "5".to_owned(),
            smallest_groups: "3".to_owned(),
            results: results.map(str::to_owned),
            summaries: if results.is_some() {
                vec![Link::new("What leads said in autumn 2007", "/summary/2007-Q4")]
            } else {
                Vec::new()
            },
            ideas: results.map(|_| "/network/ideas".to_owned()),
        };
        vec![page(&Frame::sample_outside(), None), page(&Frame::sample(), Some("/results"))]
    }
}

/// A heading and a few sentences: a dead link, a closed wave, an error.
#[derive(Serialize)]
pub struct MessagePage {
    /// What is around it.
    pub layout: Layout,
    /// The heading.
    pub heading: String,
    /// What happened and what to do, in sentences.
    pub paragraphs: Vec<String>,
    /// What to quote to the survey office, if something went wrong.
    pub reference: Option<String>,
    /// Where to go on, if anywhere.
    pub link: Option<Link>,
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "message";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let frame = Frame::sample_outside();
        vec![
            Self {
                layout: frame.page("This survey has closed"),
                heading: "This survey has closed".to_owned(),
                paragraphs: vec![
                    "It closed at 5pm on Friday 14 December 2007, so answers can no longer be sent or changed.".to_owned(),
                    "Results come out on Monday 7 January 2008.".to_owned(),
                ],
                reference: None,
                link: Some(Link::new("About the survey", "/")),
            },
            Self {
                layout: frame.page("Something went wrong"),
                heading: "Something went wrong".to_owned(),
                paragraphs: vec!["Nothing you have saved is lost. Please try again in a few minutes.".to_owned()],
                reference: Some("7f3a-91c2".to_owned()),
                link: Some(Link::new("Try again", "/answer")),
            },
        ]
    }
}
