//! What every page has around its own matter: who runs the survey, who is
//! signed in, the ways back, and the sentence about synthetic or test data.

use serde::Serialize;

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it goes.
    pub href: String,
}

impl Link {
    /// A link with these words to this address.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// A label with a finished value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// Its value in words or figures.
    pub value: String,
}

impl Fact {
    /// A label with its value.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// A form field that the reader does not see.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Hidden {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One entry of the navigation at the top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NavItem {
    /// What it says.
    pub label: String,
    /// Where it goes.
    pub href: String,
    /// Whether the page stands under it.
    pub current: bool,
}

/// Who runs the survey: shown on every page, because independence must be visible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Office {
    /// The address of its logo, if it has one.
    pub logo: Option<String>,
    /// The address of the style sheet with its colour, if it has one of its own.
    pub style: Option<String>,
    /// Its name.
    pub name: String,
    /// The e-mail address that answers questions.
    pub contact: String,
    /// One line that says what it is and on whose behalf it works.
    pub line: String,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedIn {
    /// How the reader is named on the page, for example `Survey office`.
    pub who: String,
    /// Where the sign-out form is sent.
    pub sign_out: String,
    /// What every form of this session carries, so that no other site can send one.
    pub form: String,
}

/// The bar on every page of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewBar {
    /// What is looked at, and that it does nothing.
    pub says: String,
    /// What the preview could not keep.
    pub notes: Vec<String>,
    /// The ways out of it.
    pub links: Vec<Link>,
}

/// The addresses of the files that every page needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The script, which no page depends on.
    pub js: String,
    /// The icon of the browser's tab.
    pub icon: String,
}

/// What all pages of one answer to one reader share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The sentence about synthetic data, where the whole house is made up.
    pub notice: Option<String>,
    /// What the office has to say about the results that are shown, each in a sentence
    /// or more.
    pub notes: Vec<String>,
    /// Who runs the survey.
    pub office: Office,
    /// The files that every page needs.
    pub assets: Assets,
    /// Who is signed in, if anybody.
    pub signed_in: Option<SignedIn>,
    /// The navigation; empty for respondents.
    pub nav: Vec<NavItem>,
    /// The bar of a preview, if all of it is one.
    pub preview: Option<PreviewBar>,
}

/// Everything around the matter of one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// The page's title, as the browser's tab shows it.
    pub title: String,
    /// Who runs the survey.
    pub office: Office,
    /// The files that every page needs.
    pub assets: Assets,
    /// The sentence about synthetic or test data, if any.
    pub notice: Option<String>,
    /// What the office has to say about the results that are shown.
    pub notes: Vec<String>,
    /// The bar of a preview, if the page is part of one.
    pub preview: Option<PreviewBar>,
    /// Who is signed in, if anybody.
    pub signed_in: Option<SignedIn>,
    /// The navigation; empty for respondents.
    pub nav: Vec<NavItem>,
    /// The pages above this one, the highest first.
    pub trail: Vec<Link>,
    /// The way one step back, if it is not in the trail.
    pub back: Option<Link>,
    /// Whether the page needs the whole width, for its tables.
    pub wide: bool,
    /// Whether the page has a dark form too, for readers who ask for one.
    pub themed: bool,
}

impl Frame {
    /// The layout of a page with this title.
    pub fn page(&self, title: impl Into<String>) -> Layout {
        Layout {
            title: title.into(),
            office: self.office.clone(),
            assets: self.assets.clone(),
            notice: self.notice.clone(),
            notes: self.notes.clone(),
            preview: self.preview.clone(),
            signed_in: self.signed_in.clone(),
            nav: self.nav.clone(),
            trail: Vec::new(),
            back: None,
            wide: false,
            themed: false,
        }
    }

    /// The frame with the navigation entry of this address marked as the current one.
    #[must_use]
    pub fn at(mut self, href: &str) -> Self {
        for item in &mut self.nav {
            item.current = item.href == href;
        }
        self
    }

    /// A frame for samples and tests.
    #[must_use]
    pub fn sample() -> Self {
        let item = |label: &str, href: &str| NavItem {
            label: label.to_owned(),
            href: href.to_owned(),
            current: href == "/results",
        };
        Self {
            notice: None,
            notes: Vec::new(),
            office: Office {
                logo: Some("/look/logo".to_owned()),
                style: Some("/look/colour.css".to_owned()),
                name: "Independent Survey Office".to_owned(),
                contact: "survey@example.org".to_owned(),
                line: "Independent of every PCT, the SHA and the Department of Health.".to_owned(),
            },
            assets: Assets {
                css: "/assets/app.css".to_owned(),
                js: "/assets/app.js".to_owned(),
                icon: "/assets/icon.svg".to_owned(),
            },
            signed_in: Some(SignedIn {
                who: "Survey office".to_owned(),
                sign_out: "/sign-out".to_owned(),
                form: "4f1c0d".to_owned(),
            }),
            nav: vec![
                item("Results", "/results"),
                item("Stocktake", "/stocktake"),
                item("Office", "/office"),
            ],
            preview: None,
        }
    }

    /// A sample frame for a reader who is not signed in.
    #[must_use]
    pub fn sample_outside() -> Self {
        Self { signed_in: None, nav: Vec::new(), ..Self::sample() }
    }
}

impl Layout {
    /// With the sentence about synthetic or test data, if there is one.
    #[must_use]
    pub fn notice(mut self, notice: Option<&str>) -> Self {
        if let Some(notice) = notice {
            self.notice = Some(notice.to_owned());
        }
        self
    }

    /// With the bar of a preview.
    #[must_use]
    pub fn preview(mut self, notes: Vec<String>, links: Vec<Link>) -> Self {
        let says = "Preview: nothing is kept.".to_owned();
        self.preview = Some(PreviewBar { says, notes, links });
        self
    }

    /// With a way one step back.
    #[must_use]
    pub fn back(mut self, label: &str, href: impl Into<String>) -> Self {
        self.back = Some(Link::new(label, href));
        self
    }

    /// With the pages above this one, the highest first.
    #[must_use]
    pub fn trail(mut self, trail: Vec<Link>) -> Self {
        self.trail = trail;
        self
    }

    /// With a dark form for readers who ask for one.
    #[must_use]
    pub fn themed(mut self) -> Self {
        self.themed = true;
        self
    }

    /// With the whole width.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }
}

/// A text as paragraphs: parted at empty lines, single line ends become spaces.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut out = vec![Vec::new()];
    for line in text.lines().map(str::trim) {
        match (line.is_empty(), out.last_mut()) {
            (false, Some(open)) => open.push(line),
            _ => out.push(Vec::new()),
        }
    }
    out.iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join(" ")).collect()
}
