//! `/receipts/{wave}`: the list of receipts that is published when a wave closes, and
//! the place to look for one's own. Says whether it is there, never whose it is.

use serde::Serialize;

use super::fields::FieldView;
use super::layout::{Frame, Layout};
use super::respondent::Prompt;
use super::template::Page;

/// The list of receipts of a wave.
#[derive(Serialize)]
pub struct ReceiptsPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// When it closes, for example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// What is published; none before closing.
    pub list: Option<ReceiptList>,
    /// The field for a receipt.
    pub receipt: FieldView,
    /// What is wrong with what was typed.
    pub errors: Vec<Prompt>,
    /// What was found for a receipt that was typed.
    pub found: Option<Found>,
}

/// What is published.
#[derive(Serialize)]
pub struct ReceiptList {
    /// How many receipts there are.
    pub receipts: usize,
    /// The file with all of them.
    pub file: String,
    /// SHA-256 of that file.
    pub digest: String,
    /// Where a receipt is looked for.
    pub action: String,
}

/// What was found for a receipt that was typed.
#[derive(Serialize)]
pub struct Found {
    /// Whether it is in the list.
    pub listed: bool,
    /// What was typed, in groups of four.
    pub receipt: String,
}

impl Page for ReceiptsPage {
    const TEMPLATE: &'static str = "receipts";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let field = || FieldView::text("receipt", "Your receipt");
        let page = |list: bool, receipt: FieldView, found: Option<bool>| Self {
            layout: Frame::sample_outside().page("Receipts"),
            wave: "October to December 2007".to_owned(),
            closes: "5pm on Friday 14 December 2007".to_owned(),
            list: list.then(|| ReceiptList {
                receipts: 114,
                file: "/receipts/2007-Q4/list.txt".to_owned(),
                digest: "ab".repeat(32),
                action: "/receipts/2007-Q4".to_owned(),
            }),
            errors: receipt.problem().into_iter().collect(),
            receipt,
            found: found.map(|listed| Found { listed, receipt: "ba78 16bf 8f01 cfea".to_owned() }),
        };
        let wrong = field().sent("<x>", Some("Your receipt contains '<'".to_owned()));
        vec![
            page(false, field(), None),
            page(true, field(), None),
            page(true, field(), Some(true)),
            page(true, field(), Some(false)),
            page(true, wrong, None),
        ]
    }
}
