//! The pages behind the link that ends all mails.

use serde::Serialize;

use super::layout::{Frame, Layout};
use super::template::Page;

/// `/stop/{token}`: whose mails the link ends, and one button.
#[derive(Serialize)]
pub struct StopPage {
    /// What is around it.
    pub layout: Layout,
    /// The address, masked; none if no mails go there any more.
    pub address: Option<String>,
    /// Where the form is sent.
    pub action: String,
}

/// After that: how to take it back.
#[derive(Serialize)]
pub struct StoppedPage {
    /// What is around it.
    pub layout: Layout,
    /// The address, masked; none if no mails go there any more.
    pub address: Option<String>,
    /// Where a form is sent that takes it back.
    pub again: String,
}

impl Page for StopPage {
    const TEMPLATE: &'static str = "stop";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |address: Option<&str>| Self {
            layout: Frame::sample_outside().page("No more e-mails from us"),
            address: address.map(str::to_owned),
            action: "/stop/sample".to_owned(),
        };
        vec![page(Some("a…@practice.example.org")), page(None)]
    }
}

impl Page for StoppedPage {
    const TEMPLATE: &'static str = "stopped";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |address: Option<&str>| Self {
            layout: Frame::sample_outside().page("We will not write to you again"),
            address: address.map(str::to_owned),
            again: "/stop/sample/again".to_owned(),
        };
        vec![page(Some("a…@practice.example.org")), page(None)]
    }
}
