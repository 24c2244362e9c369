//! Texts that mean harm, in every field of every form that can be reached: nothing is ever
//! executed, computed or broken, on a page, in a mail or in a file.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use mail_parser::MessageParser;
use scraper::{ElementRef, Html, Selector};
use soundings::account::Role;
use soundings::custody::HeldKey;
use soundings::flow::{self, SimulatedRegion};

use crate::support::house::{TestHouse, code};
use crate::support::region::units;
use crate::support::visitor::{Page, Visitor};
use crate::support::{Backend, on_both};

const EARLIER: &str = "2007-Q3";

/// What is typed: each would do harm in some place.
fn texts() -> Vec<String> {
    vec![
        "<script>hostile()</script><img src=x onerror=hostile()>\"'><b hostile>".to_owned(),
        "=HYPERLINK(\"https://example.net/?x=\"&A1,\"hostile\")".to_owned(),
        "{{layout.title}} {{> layout}} {{#each this}}{{{body}}}{{/each}} ${7*7}".to_owned(),
        "hostile\r\nBcc: everybody@example.net\r\n\r\n<p>more".to_owned(),
        "\u{202e}elitsoh\u{2066}\u{200b}\u{feff}".to_owned(),
        "hostile ".repeat(12_500),
    ]
}

/// A form as a browser would send it.
struct Form {
    action: String,
    files: bool,
    /// Name, value, and whether somebody types it.
    fields: Vec<(String, String, bool)>,
}

fn select(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

fn attr(element: ElementRef<'_>, name: &str) -> String {
    element.value().attr(name).unwrap_or_default().to_owned()
}

fn forms(page: &Page) -> Vec<Form> {
    let html = Html::parse_document(&page.text);
    let mut all = Vec::new();
    for form in html.select(&select("form[method=post]")) {
        let mut fields: Vec<(String, String, bool)> = Vec::new();
        for input in form.select(&select("input, textarea, select, button[name]")) {
            let (name, kind) = (attr(input, "name"), attr(input, "type"));
            let value = attr(input, "value");
            let first = !fields.iter().any(|(known, ..)| *known == name);
            match (input.value().name(), kind.as_str()) {
                ("input", "file") => {}
                ("input", "radio" | "checkbox") if first => fields.push((name, value, false)),
                ("input", "radio" | "checkbox") | ("button", _) => {}
                ("input", "hidden") => fields.push((name, value, false)),
                ("select", _) => {
                    let option = input.select(&select("option")).last();
                    fields.push((
                        name,
                        option.map(|one| attr(one, "value")).unwrap_or_default(),
                        false,
                    ));
                }
                _ => fields.push((name, value, true)),
            }
        }
        let files = attr(form, "enctype") == "multipart/form-data";
        all.push(Form { action: attr(form, "action"), files, fields });
    }
    all
}

/// What ends the sitting, or what everything else needs.
fn is_left_alone(action: &str) -> bool {
    let ends = [
        "/sign-out",
        "/sign-out-everywhere",
        "/leave",
        "/cancel",
        "/close",
        "/publish",
        "/remove",
        "/forget",
    ];
    ends.iter().any(|end| action.ends_with(end)) || action.contains("/sign-in/")
}

/// Nothing on a page runs, and nothing of ours was opened by what somebody typed.
fn check(path: &str, page: &Page) {
    assert!(page.status < 500, "{path}: {}", page.text);
    let html = Html::parse_document(&page.text);
    for script in html.select(&select("script")) {
        assert!(attr(script, "src").starts_with("/assets/"), "{path}: {}", script.html());
    }
    for element in html.select(&select("*")) {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on") && name != "hostile", "{path}: {}", element.html());
            let address = matches!(name, "href" | "src" | "action" | "formaction");
            let scheme = value.trim().to_lowercase();
            assert!(!(address && scheme.starts_with("javascript:")), "{path}: {value}");
        }
        assert_ne!(element.value().name(), "style", "{path}");
    }
    assert!(!page.text.contains("$49") && !page.text.contains(" 49</"), "{path}");
}

/// Walks over everything that can be reached by links, and says what there was.
fn walk(visitor: &Visitor, from: &[&str], mut each: impl FnMut(&str, &Page)) -> usize {
    let mut waiting: VecDeque<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    // The same page with another id, once or twice.
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        let plain = path.split('#').next().unwrap_or_default().to_owned();
        let bare = plain.split('?').next().unwrap_or_default().to_owned();
        let kind: String = bare
            .split('/')
            .map(|part| if part.len() > 20 || part.starts_with("20") { "*" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let count = kinds.entry(kind).or_default();
        if *count >= 3 || !seen.insert(plain.clone()) {
            continue;
        }
        *count += 1;
        let page = visitor.get(&plain);
        if !page.text.contains("<html") {
            continue;
        }
        each(&plain, &page);
        waiting.extend(page.addresses("a[href]").into_iter().filter(|to| to.starts_with('/')));
    }
    seen.len()
}

/// A house with a wave that is published, one that is open, and one in the making.
fn furnished(house: &TestHouse) {
    house.import_region();
    house.import_stocktake();
    house.open_wave(EARLIER);
    let slugs = units().into_iter().map(|unit| unit.parse().expect("a unit"));
    let region = SimulatedRegion::new(1, slugs);
    flow::simulate_replies(&house.house, &region, &code(EARLIER), 0, 0.7).expect("replies");
    flow::close_wave(&house.house, &code(EARLIER), true, &HeldKey::OnServer, |_| {})
        .expect("closed");
    flow::build_release(&house.house, &code(EARLIER)).expect("a release");
    flow::publish_release(&house.house, &code(EARLIER)).expect("published");
    house.keep_mails();
    house.draft_wave("2008-Q1");
}

on_both!(no_text_in_any_form_of_the_office_is_ever_more_than_a_text, |house| {
    furnished(house);
    let link = house.invite_some(1).remove(0).link;
    let lead = house.respondent(&link);
    let words = [("MS_INC".to_owned(), "2".to_owned())].into_iter().collect();
    lead.open().answers(&words).send();

    let office = house.sign_in(Role::Office);
    let starts = ["/office", "/results", "/stocktake", "/account", "/network", "/lost-link"];
    let mut known: Vec<Form> = Vec::new();
    let pages = walk(&office, &starts, |path, page| {
        check(path, page);
        let new = forms(page).into_iter().filter(|form| !is_left_alone(&form.action));
        for form in new {
            if !known.iter().any(|one| one.action == form.action) {
                known.push(form);
            }
        }
    });
    assert!(pages > 40 && known.len() > 20, "{pages} pages, {} forms", known.len());
    let mut sent = 0;
    for text in texts() {
        for form in &known {
            let fields: Vec<(String, String)> = form
                .fields
                .iter()
                .map(|(name, value, typed)| {
                    (name.clone(), if *typed { text.clone() } else { value.clone() })
                })
                .collect();
            let page = if form.files {
                office.send_files(&form.action, "file", &[("hostile.csv", text.as_bytes())])
            } else {
                office.post(&form.action, &fields)
            };
            check(&form.action, &page);
            sent += 1;
        }
        // Fields that cannot take it refuse it; this one takes what it gets.
        let note = [("unit", "luton"), ("note", text.as_str())];
        let note: Vec<(String, String)> =
            note.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        check("flag", &office.post(&format!("/results/{EARLIER}/look-first"), &note));
    }
    assert!(sent > 100, "{sent}");
    walk(&office, &starts, check);

    // The trail goes to a spreadsheet: no cell of it computes.
    let trail = office.get("/office/trail/trail.csv").text;
    let mut rows = csv::Reader::from_reader(trail.as_bytes());
    for row in rows.records() {
        for cell in &row.expect("a row") {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    // Mails that were made of it are whole: no header came in from a text.
    for mail in house.kept_mails() {
        let mail = MessageParser::new().parse(&mail).expect("a mail");
        assert!(mail.bcc().is_none(), "{:?}", mail.subject());
        assert!(mail.to().is_some() && mail.from().is_some());
    }
    flow::check_trail(&house.house).expect("a whole trail");
});

#[test]
fn what_leads_and_strangers_type_is_a_text_wherever_it_is_shown() {
    let house = &TestHouse::start(Backend::Sqlite);
    house.import_region();
    let invited = house.invite_some(6);
    let stranger = house.visitor();
    for (text, one) in texts().iter().zip(&invited) {
        for path in ["/lost-link", "/network", "/sign-in"] {
            for form in forms(&stranger.get(path)) {
                let fields: Vec<(String, String)> = form
                    .fields
                    .iter()
                    .map(|(name, value, typed)| {
                        (name.clone(), if *typed { text.clone() } else { value.clone() })
                    })
                    .collect();
                check(path, &stranger.post(&form.action, &fields));
            }
        }
        // A lead writes it wherever there is room, and to a colleague.
        let lead = house.respondent(&one.link);
        lead.open();
        let browser = &lead.browser;
        for path in ["/answer/deputy", "/answer/A", "/answer/I", "/answer/H"] {
            let page = browser.go(path);
            check(path, &page);
            for form in forms(&page).iter().filter(|form| !form.action.ends_with("/leave")) {
                let fields: Vec<(String, String)> = form
                    .fields
                    .iter()
                    .map(|(name, value, typed)| {
                        (name.clone(), if *typed { text.clone() } else { value.clone() })
                    })
                    .collect();
                let page = browser.post(&form.action, &fields);
                check(path, &page);
            }
        }
        check("/answer/check", &browser.go("/answer/check"));
    }
    let office = house.sign_in(Role::Office);
    walk(&office, &["/office", "/office/network"], check);
}
