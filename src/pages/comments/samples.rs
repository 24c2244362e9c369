//! What the pages about comments look like, for tests: long, hostile and empty.

use super::{
    CommentPage, CommentQuestionRow, CommentRow, CommentsPage, GoingView, OwnWordsPage, PieceView,
    PublishCommentsPage, SaidOnQuestion, Tab, TakeDownCommentsPage, ThemeRow,
};
use crate::pages::fields::{AreaView, FieldView};
use crate::pages::layout::{Frame, Hidden, Layout, Link};
use crate::pages::letters::Choice;
use crate::pages::respondent::Prompt;
use crate::pages::template::Page;

const WAVE: &str = "July to September 2007";
const HOSTILE: &str = "We meet <another> on Mondays.\n{{x}} <script>alert(1)</script>";

fn sample_layout(title: &str) -> Layout {
    Frame::sample().at("/office").page(title).trail(vec![
        Link::new("Survey office", "/office"),
        Link::new(WAVE, "/office/waves/2007-Q3"),
        Link::new("Comments", "/office/waves/2007-Q3/comments"),
    ])
}

fn at(rest: &str) -> String {
    format!("/office/waves/2007-Q3/comments{rest}")
}

impl CommentsPage {
    fn sample(counted: bool) -> Self {
        Self {
            layout: sample_layout("Comments"),
            caption: WAVE.to_owned(),
            done: None,
            counted,
            progress: "34 of 81 read".to_owned(),
            next: None,
            two: false,
            questions: Vec::new(),
            tabs: Vec::new(),
            showing: "Every comment is read.".to_owned(),
            rows: Vec::new(),
            pager: Vec::new(),
            themes: Vec::new(),
            code: FieldView::text("code", "Code").hint("Up to 8 letters or digits"),
            words: FieldView::text("words", "What it stands for"),
            errors: Vec::new(),
            add: Some(at("/themes")),
            remove: at("/themes/remove"),
            publish: None,
            take_down: None,
            published: None,
        }
    }
}

impl Page for CommentsPage {
    const TEMPLATE: &'static str = "office/comments";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let question = |wording: &str, few| CommentQuestionRow {
            wording: wording.to_owned(),
            href: at("?question=WELL"),
            given: 41,
            unread: 7,
            waiting: 2,
            ready: 20,
            kept_back: 12,
            few,
        };
        let row = |extract: &str, open| CommentRow {
            href: at("/read/00"),
            extract: extract.to_owned(),
            state: "not read".to_owned(),
            open,
        };
        let tab = |label: &str, current| Tab { label: label.to_owned(), href: at(""), current };
        let error = Some("The list has that code already".to_owned());
        let code = FieldView::text("code", "Code").sent("<another>", error);
        let long = Self {
            done: Some("Saved.".to_owned()),
            next: Some(Link::new("Read the next comment", at("/read/00"))),
            two: true,
            questions: vec![question("What works <PCT>?", false), question("Else?", true)],
            tabs: vec![tab("To read (7)", true), tab("All (41)", false)],
            showing: "Comments 1 to 2 of 7 that you have still to read.".to_owned(),
            rows: vec![row(HOSTILE, true), row(&"long".repeat(60), false)],
            pager: vec![Link::new("Next page", at("?page=2"))],
            themes: vec![ThemeRow {
                code: "DATA".to_owned(),
                words: "Late <another> figures".to_owned(),
                count: 12,
            }],
            errors: code.problem().into_iter().collect(),
            code,
            publish: Some(at("/publish")),
            ..Self::sample(true)
        };
        let out = Self {
            add: None,
            take_down: Some(at("/take-down")),
            published: Some("/results/2007-Q3/comments".to_owned()),
            themes: long.themes.clone(),
            ..Self::sample(true)
        };
        vec![long, out, Self::sample(true), Self::sample(false)]
    }
}

impl Page for CommentPage {
    const TEMPLATE: &'static str = "office/comment";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let choice = |value: &str, label: &str, chosen| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            chosen,
        };
        let page = || Self {
            layout: sample_layout("Comment"),
            caption: WAVE.to_owned(),
            question: "What is working well in <PCT>?".to_owned(),
            progress: "34 of 81 read".to_owned(),
            failed: None,
            errors: Vec::new(),
            pieces: vec![PieceView { words: HOSTILE.to_owned(), kind: None }],
            suggested: false,
            quotable: true,
            before: None,
            agree: None,
            locked: false,
            text: AreaView {
                id: "text".to_owned(),
                label: "Text to be published".to_owned(),
                hint: Some("Help".to_owned()),
                max_chars: 4000,
                value: HOSTILE.to_owned(),
                error: None,
            },
            choices: vec![
                choice("publish", "Publish the text", true),
                choice("withhold", "Keep it back", false),
            ],
            choice_error: None,
            reason: FieldView::text("reason", "Why it is kept back"),
            left: None,
            themes: vec![choice("DATA", "DATA: late <another> figures", true)],
            action: at("/read/00"),
            hidden: vec![Hidden { name: "-seen".to_owned(), value: "00".to_owned() }],
            again: None,
            next: None,
        };
        let error = "Choose what is to happen with it";
        let piece = |words: &str, kind: Option<&str>| PieceView {
            words: words.to_owned(),
            kind: kind.map(str::to_owned),
        };
        vec![
            page(),
            Self {
                failed: Some("Somebody else has read it meanwhile.".to_owned()),
                errors: vec![Prompt { href: "#publish".to_owned(), text: error.to_owned() }],
                choice_error: Some(error.to_owned()),
                pieces: vec![piece("Ask ", None), piece("<another>", Some("name"))],
                suggested: true,
                before: Some("ann@office.example.org wants to publish this text.".to_owned()),
                agree: Some("Leave the text as it is to agree.".to_owned()),
                left: Some("“<another>” (name)".to_owned()),
                again: Some(at("/read/00/again")),
                next: Some(at("/read/01")),
                ..page()
            },
            Self { quotable: false, choices: Vec::new(), themes: Vec::new(), ..page() },
            Self { locked: true, before: Some("Published.".to_owned()), ..page() },
        ]
    }
}

impl Page for PublishCommentsPage {
    const TEMPLATE: &'static str = "office/publish_comments";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |questions, not_now: Option<&str>| Self {
            layout: sample_layout("Publish comments?"),
            caption: WAVE.to_owned(),
            questions,
            number: "2 comments".to_owned(),
            not_now: not_now.map(str::to_owned),
            action: at("/publish"),
            hidden: vec![Hidden { name: "-confirmed".to_owned(), value: "00".to_owned() }],
        };
        let question = GoingView {
            wording: "What works in <PCT>?".to_owned(),
            told: vec!["2 of 14 go out. 12 stay back: 12 are not read.".to_owned()],
            comments: vec![HOSTILE.to_owned(), "long".repeat(60)],
            themes: vec!["Late figures: in 6 of 14 comments".to_owned()],
        };
        let few = GoingView {
            told: vec!["Nothing goes out.".to_owned()],
            comments: Vec::new(),
            themes: Vec::new(),
            ..question.clone()
        };
        vec![page(vec![question, few], None), page(Vec::new(), Some("Nothing is ready."))]
    }
}

impl Page for TakeDownCommentsPage {
    const TEMPLATE: &'static str = "office/take_down_comments";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |number: Option<&str>| Self {
            layout: sample_layout("Take the comments down?"),
            caption: WAVE.to_owned(),
            number: number.map(str::to_owned),
            action: at("/take-down"),
        };
        vec![page(Some("12 comments")), page(None)]
    }
}

impl Page for OwnWordsPage {
    const TEMPLATE: &'static str = "results/comments";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let question = |themes: Vec<String>| SaidOnQuestion {
            wording: "What works in <PCT>?".to_owned(),
            told: "14 leads wrote something here; 2 of the comments are shown.".to_owned(),
            comments: vec![HOSTILE.to_owned(), "long".repeat(60)],
            themes,
        };
        let themes = vec!["Late <another> figures: 6 of 14".to_owned()];
        vec![Self {
            layout: Frame::sample().at("/results").page("In their own words").themed(),
            wave: WAVE.to_owned(),
            region: "East of England".to_owned(),
            questions: vec![question(themes), question(Vec::new())],
        }]
    }
}
