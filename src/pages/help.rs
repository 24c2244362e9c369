//! Help for the survey office: a page for each task. The words stand in `templates/help`, as
//! plain text with marks; the list of tasks stands here and nowhere else.

use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, html};
use serde::Serialize;

use super::layout::{Frame, Layout, Link};
use super::template::Page;

/// A task of the office.
#[derive(Debug, Clone, Copy)]
pub struct HelpTask {
    /// Its name in the address.
    pub name: &'static str,
    /// The title of its page.
    pub title: &'static str,
    /// What the page tells, in a few words.
    pub about: &'static str,
    /// The heading under which the list has it.
    pub part: &'static str,
    words: &'static str,
}

macro_rules! task {
    ($part:literal, $name:literal, $title:literal, $about:literal) => {
        HelpTask {
            name: $name,
            title: $title,
            about: $about,
            part: $part,
            words: include_str!(concat!("../../templates/help/", $name, ".md")),
        }
    };
}

/// The tasks, in the order of a quarter.
pub const HELP: [HelpTask; 18] = [
    task!("To begin with", "quarter", "The quarter at a glance", "what is done when"),
    task!("To begin with", "promise", "What leads were promised", "and what that asks of you"),
    task!("Before a wave", "register", "The register", "who leads which group"),
    task!("Before a wave", "waves", "Making a wave", "survey, calendar, checks, rehearsal"),
    task!("Before a wave", "opening", "Opening, and keys", "who can open answers, and when"),
    task!("While it is open", "mail", "Mails, reminders and bounces", "what comes back"),
    task!(
        "While it is open",
        "answers",
        "Watching answers come in",
        "counts, and calls from leads"
    ),
    task!("After it", "closing", "Closing", "what is counted and what is destroyed"),
    task!("After it", "releases", "Releases", "building, auditing, publishing"),
    task!("After it", "flags", "What to look at first", "proposals and decisions"),
    task!("After it", "early-access", "Early access", "who sees results before others"),
    task!("After it", "comments", "Comments", "reading, mending, publishing"),
    task!("After it", "network", "Ideas for the network", "what groups share by name or without"),
    task!("The house", "accounts", "Accounts, roles and the second step", "who may sign in"),
    task!("The house", "two-people", "Two people for one act", "what a colleague confirms"),
    task!("The house", "trail", "The audit trail", "who did what when"),
    task!("The house", "backup", "Backups and the doctor", "what can be lost, and how not to"),
    task!("The house", "trouble", "When something goes wrong", "where to look first"),
];

impl HelpTask {
    /// The task of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        static ALL: [HelpTask; 18] = HELP;
        ALL.iter().find(|task| task.name == name)
    }

    /// Its page.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/office/help/{}", self.name)
    }

    /// What the page says, as HTML: made of our own words, and without any HTML in them.
    #[must_use]
    pub fn body(&self) -> &'static str {
        static BODIES: LazyLock<Vec<(&'static str, String)>> =
            LazyLock::new(|| HELP.iter().map(|task| (task.name, rendered(task.words))).collect());
        let found = BODIES.iter().find(|(name, _)| *name == self.name);
        found.map_or("", |(_, body)| body.as_str())
    }
}

/// Plain text with marks as HTML. HTML in it is text.
fn rendered(words: &str) -> String {
    let events = Parser::new_ext(words, Options::empty()).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut body = String::new();
    html::push_html(&mut body, events);
    body
}

/// The tasks under one heading.
#[derive(Clone, Serialize)]
pub struct HelpPart {
    /// The heading.
    pub heading: String,
    /// The pages.
    pub tasks: Vec<HelpRow>,
}

/// A task in the list.
#[derive(Clone, Serialize)]
pub struct HelpRow {
    /// Its page.
    pub link: Link,
    /// What the page tells.
    pub about: String,
}

/// `/office/help`: the list.
#[derive(Serialize)]
pub struct HelpIndexPage {
    /// What is around it.
    pub layout: Layout,
    /// The tasks.
    pub parts: Vec<HelpPart>,
}

/// `/office/help/{task}`: one task.
#[derive(Serialize)]
pub struct HelpPage {
    /// What is around it.
    pub layout: Layout,
    /// The task.
    pub heading: String,
    /// What there is to say, as HTML.
    pub body: String,
    /// The page before it in the list.
    pub before: Option<Link>,
    /// The page after it.
    pub after: Option<Link>,
}

impl HelpIndexPage {
    /// The list, with this around it.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        let mut parts: Vec<HelpPart> = Vec::new();
        for task in &HELP {
            if parts.last().is_none_or(|part| part.heading != task.part) {
                parts.push(HelpPart { heading: task.part.to_owned(), tasks: Vec::new() });
            }
            if let Some(part) = parts.last_mut() {
                let link = Link::new(task.title, task.href());
                part.tasks.push(HelpRow { link, about: task.about.to_owned() });
            }
        }
        Self { layout, parts }
    }
}

impl HelpPage {
    /// The page of a task, with this around it.
    #[must_use]
    pub fn new(layout: Layout, task: &HelpTask) -> Self {
        let at = HELP.iter().position(|one| one.name == task.name).unwrap_or(0);
        let link = |task: &HelpTask| Link::new(task.title, task.href());
        Self {
            layout,
            heading: task.title.to_owned(),
            body: task.body().to_owned(),
            before: at.checked_sub(1).and_then(|at| HELP.get(at)).map(link),
            after: HELP.get(at + 1).map(link),
        }
    }
}

fn sample_layout(title: &str) -> Layout {
    Frame::sample().at("/office").page(title).trail(vec![Link::new("Survey office", "/office")])
}

impl Page for HelpIndexPage {
    const TEMPLATE: &'static str = "help/index";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self::new(sample_layout("Help"))]
    }
}

impl Page for HelpPage {
    const TEMPLATE: &'static str = "help/page";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        HELP.iter().map(|task| Self::new(sample_layout(task.title), task)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{HELP, HelpTask, rendered};

    #[test]
    fn every_page_leads_only_to_pages_that_there_are() {
        let names: BTreeSet<&str> = HELP.iter().map(|task| task.name).collect();
        assert_eq!(names.len(), HELP.len());
        for task in &HELP {
            let links = task.words.split("](").skip(1);
            for link in links.filter_map(|rest| rest.split(')').next()) {
                let task_of = link.strip_prefix("/office/help/");
                let known = link == "/promise" || task_of.is_some_and(|name| names.contains(name));
                assert!(known, "{}: {link}", task.name);
            }
        }
    }

    #[test]
    fn every_page_says_what_can_be_undone_and_what_to_do_if_it_goes_wrong() {
        let tasks =
            HELP.iter().filter(|task| !["quarter", "promise", "trouble"].contains(&task.name));
        for task in tasks {
            let body = HelpTask::named(task.name).expect("a task").body();
            for heading in ["<h2>What can be undone</h2>", "<h2>If it goes wrong</h2>"] {
                assert!(body.contains(heading), "{} has no {heading}", task.name);
            }
            let words = task.words.split_whitespace().count();
            assert!(words < 520, "{} has {words} words: nobody reads so much", task.name);
        }
    }

    #[test]
    fn html_in_the_words_is_text() {
        let page = rendered("A <script>x</script> b\n\n<div>\nc\n</div>\n");
        assert!(!page.contains("<script>") && !page.contains("<div>"), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
    }
}
