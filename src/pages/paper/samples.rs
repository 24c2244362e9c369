//! A sample that shows every part of a paper questionnaire.

use super::super::Layout;
use super::super::layout::Frame;
use super::super::template::Page;
use super::{
    PaperGrid, PaperNumber, PaperOption, PaperPage, PaperQuestion, PaperRow, PaperSection, count,
};

fn question(number: usize, wording: &str) -> PaperQuestion {
    PaperQuestion {
        number,
        wording: wording.to_owned(),
        help: String::new(),
        note: String::new(),
        how: String::new(),
        wide: false,
        long: false,
        figures: None,
        options: Vec::new(),
        grid: None,
        lines: Vec::new(),
    }
}

fn option(label: &str) -> PaperOption {
    PaperOption {
        label: label.to_owned(),
        note: String::new(),
        apart: false,
        words: false,
        go_on: String::new(),
    }
}

fn questions() -> Vec<PaperQuestion> {
    let row = |letter: &str, note: &str| PaperRow {
        letter: letter.to_owned(),
        label: "Problems with data".to_owned(),
        help: "All data, from any source.".to_owned(),
        note: note.to_owned(),
        boxes: count(2),
    };
    vec![
        PaperQuestion {
            help: "All data, from any source.".to_owned(),
            options: vec![
                option("Good"),
                PaperOption { words: true, ..option("Other <PBC> (please say)") },
                PaperOption {
                    apart: true,
                    go_on: "question 3".to_owned(),
                    note: "Only if your number in question 2 is 0.".to_owned(),
                    ..option("Don't know")
                },
            ],
            ..question(1, "How good is the data from your <PCT>?")
        },
        PaperQuestion {
            how: "Not more than your number in question 1.".to_owned(),
            figures: Some(PaperNumber {
                whole: count(2),
                part: count(1),
                unit: "WTE".to_owned(),
                zero: "question 3".to_owned(),
            }),
            options: vec![PaperOption { apart: true, ..option("Don't know") }],
            ..question(2, "How many managers?")
        },
        PaperQuestion {
            wide: true,
            how: "Tick one box in each row.".to_owned(),
            grid: Some(PaperGrid {
                heads: vec!["Not a barrier".to_owned(), "Don't know".to_owned()],
                rows: vec![row("a", ""), row("b", "Only if you answered question 1.")],
            }),
            ..question(3, "How serious is each of these?")
        },
        PaperQuestion {
            wide: true,
            long: true,
            note: "Only if you answered \"Good\" to question 1.".to_owned(),
            lines: count(3),
            ..question(4, "Anything else?")
        },
    ]
}

impl Page for PaperPage {
    const TEMPLATE: &'static str = "office/paper";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |about: &str, back_by: Option<&str>| Self {
            layout: Frame::sample()
                .at("/office")
                .page("Paper version")
                .back("Surveys", "/office/surveys"),
            heading: "How is practice-based commissioning going?".to_owned(),
            about: about.to_owned(),
            welcome: vec!["Thank you for helping.".to_owned()],
            minutes: 10,
            back_by: back_by.map(str::to_owned),
            sections: vec![PaperSection {
                title: "Information".to_owned(),
                intro: vec!["For each of these, think of today.".to_owned()],
                note: "Only if you answered question 1. If not, go on to the end.".to_owned(),
                questions: questions(),
            }],
        };
        vec![page("", None), page("Autumn 2007", Some("5pm on Friday 14 December 2007"))]
    }
}
