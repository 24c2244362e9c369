//! The pages for somebody who has lost a personal link, or leaves a computer that
//! holds one.

use serde::Serialize;

use super::fields::FieldView;
use super::layout::{Frame, Layout};
use super::respondent::Prompt;
use super::template::Page;

/// `/lost-link`: asks for the address that was written to.
#[derive(Serialize)]
pub struct LostLinkPage {
    /// What is around it.
    pub layout: Layout,
    /// The address.
    pub email: FieldView,
    /// What is wrong with it.
    pub errors: Vec<Prompt>,
    /// Where the form is sent.
    pub action: String,
}

/// After that: the same for every address.
#[derive(Serialize)]
pub struct LostLinkSentPage {
    /// What is around it.
    pub layout: Layout,
    /// Where it can be tried again.
    pub again: String,
}

/// `/leave`: a browser that others use, too.
#[derive(Serialize)]
pub struct LeavePage {
    /// What is around it.
    pub layout: Layout,
    /// Where a form is sent that makes this browser forget the link; none if it
    /// holds none.
    pub leave: Option<String>,
}

impl Page for LostLinkPage {
    const TEMPLATE: &'static str = "lost_link";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |email: FieldView| Self {
            layout: Frame::sample_outside().page("I have lost my link"),
            errors: email.problem().into_iter().collect(),
            email,
            action: "/lost-link".to_owned(),
        };
        let email = || FieldView::email("email", "Your e-mail address").autocomplete("email");
        vec![
            page(email()),
            page(email().sent("<another>", Some("Enter an e-mail address".to_owned()))),
        ]
    }
}

impl Page for LostLinkSentPage {
    const TEMPLATE: &'static str = "lost_link_sent";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: Frame::sample_outside().page("Look at your e-mail"),
            again: "/lost-link".to_owned(),
        }]
    }
}

impl Page for LeavePage {
    const TEMPLATE: &'static str = "leave";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |leave: Option<&str>| Self {
            layout: Frame::sample_outside().page("Leave this computer"),
            leave: leave.map(str::to_owned),
        };
        vec![page(None), page(Some("/leave"))]
    }
}
