//! The pages of results over two released waves: axe in light, dark and print,
//! one sheet on paper, every figure as in the files, and what the office decides.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{Html, Selector};
use soundings::account::Role;
use soundings::custody::HeldKey;
use soundings::flow::{self, KeyPlan, NewWave, SimulatedRegion};
use soundings::release::{MeasureKind, Release};
use soundings::wave::Purpose;

use crate::accessibility::Inspector;
use crate::mail_judges::html_errors;
use crate::published::REGION;
use crate::support::house::{TestHouse, code};
use crate::support::region::{MODULE, folder, units};
use crate::support::visitor::Visitor;
use crate::support::{Backend, on_both};

/// The later wave, and its address.
pub const LATER: &str = "2007-Q4";
pub const AT: &str = "/results/2007-Q4";

/// A wave whose answers are counted and nothing more.
pub fn counted_wave(house: &TestHouse, number: u32, wave: &str, opens: &str, closes: &str) {
    let slugs = units().into_iter().map(|unit| unit.parse().expect("a unit"));
    let region = SimulatedRegion::new(2007, slugs);
    let [opens, closes] = [opens, closes].map(|text| text.parse().expect("a moment"));
    let house = &house.house;
    house.clock.set(opens);
    let path = folder().join("survey.toml");
    let new = NewWave {
        code: code(wave),
        title: Some(format!("The wave {wave}")),
        modules: vec![MODULE.parse().expect("a module")],
        survey_file: "survey.toml".to_owned(),
        survey_source: std::fs::read_to_string(path).expect("the survey's file"),
        opens,
        closes,
        publishes: None,
        purpose: Purpose::Survey,
        imported: false,
    };
    flow::create_wave(house, &new).expect("the wave is created");
    flow::open_wave(house, &code(wave), &KeyPlan::Server).expect("the wave opens");
    flow::simulate_replies(house, &region, &code(wave), number, 1.0).expect("replies");
    house.clock.set(closes);
    flow::close_wave(house, &code(wave), false, &HeldKey::OnServer, |_| {}).expect("closed");
}

fn released_wave(house: &TestHouse, number: u32, wave: &str, opens: &str, closes: &str) -> Release {
    counted_wave(house, number, wave, opens, closes);
    let release = flow::build_release(&house.house, &code(wave)).expect("a release");
    flow::publish_release(&house.house, &code(wave)).expect("published");
    release
}

/// The same region as [`furnished`], with the later wave counted only.
pub fn counted(house: &TestHouse) {
    house.import_region();
    let stocktake = folder().join("stocktake/stocktake-2007-06-15.csv").display().to_string();
    house.command(&["stocktake", "import", &stocktake, "--as-at", "2007-11-15"]);
    released_wave(house, 0, "2007-Q3", "2007-09-03T09:00", "2007-09-28T17:00");
    counted_wave(house, 1, LATER, "2007-11-05T09:00", "2007-11-30T17:00");
}

/// A region with two released waves and a stocktake beside the later one.
pub fn furnished(house: &TestHouse) -> Release {
    house.import_region();
    let stocktake = folder().join("stocktake/stocktake-2007-06-15.csv").display().to_string();
    house.command(&["stocktake", "import", &stocktake, "--as-at", "2007-11-15"]);
    released_wave(house, 0, "2007-Q3", "2007-09-03T09:00", "2007-09-28T17:00");
    released_wave(house, 1, LATER, "2007-11-05T09:00", "2007-11-30T17:00")
}

/// The summary of the later wave that anybody may read.
pub const SUMMARY: &str = "/summary/2007-Q4";

pub fn show_summary(house: &TestHouse) {
    flow::set_showing(&house.house, &code(LATER), None, Some(true)).expect("it is shown");
}

/// Where the leads of a PCT see the later wave.
pub fn for_leads(house: &TestHouse, unit: &str) -> String {
    flow::results_href(&house.house, &code(LATER), &unit.parse().expect("a unit"))
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What the first form for a decision sends, with this decision and note.
fn decision(page: &str, decision: &str, note: &str) -> Vec<(String, String)> {
    let page = Html::parse_document(page);
    let hidden = Selector::parse(".so-proposal:first-child input[type=hidden]");
    let mut sent: Vec<(String, String)> = page
        .select(&hidden.expect("a selector"))
        .map(|field| {
            let of = |name| field.attr(name).expect("a hidden field").to_owned();
            (of("name"), of("value"))
        })
        .collect();
    sent.extend(fields(&[("note", note), ("decision", decision)]));
    sent
}

#[test]
fn axe_finds_nothing_wrong_with_results_in_light_dark_and_print() {
    let house = TestHouse::start(Backend::Sqlite);
    let release = furnished(&house);
    let silent = release.leaves().find(|leaf| leaf.responded.is_none()).expect("a small unit");
    show_summary(&house);
    let office = house.sign_in(Role::Office);
    let sent = decision(&office.get(AT).text, "confirmed", "For the review meeting");
    assert_eq!(office.post(&format!("{AT}/look-first"), &sent).status, 303);
    let mut eye = Inspector::new();
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    let [shown, hidden] = ["norfolk".to_owned(), silent.code.to_string()];
    let pages = [
        ("index", "/results".to_owned()),
        ("overview", AT.to_owned()),
        ("overview-sorted", format!("{AT}?sort=IDX_MIL")),
        ("pct", format!("{AT}/pct/{shown}")),
        ("pct-hidden", format!("{AT}/pct/{hidden}")),
        ("measure-item", format!("{AT}/measure/MS_INC")),
        ("measure-barrier", format!("{AT}/measure/BAR_DATA")),
        ("measure-index", format!("{AT}/measure/IDX_MIL")),
        ("measure-number", format!("{AT}/measure/BC_WAIT")),
        ("summary", SUMMARY.to_owned()),
        ("summary-of-leads", for_leads(&house, "norfolk")),
    ];
    let modes = [("light", "light", ""), ("dark", "dark", ""), ("print", "light", "print")];
    for (mode, scheme, media) in modes {
        eye.browser.media(&[("prefers-color-scheme", scheme)], media);
        for (name, path) in &pages {
            eye.browser.goto(&format!("{}{path}", house.base()));
            let heading = eye.browser.text("h1");
            assert!(!heading.contains("not found"), "{name}: {heading}");
            eye.look_at(&format!("results-{name}-{mode}"), &[(360, 800), (768, 1024), (1440, 900)]);
        }
    }
    // Paper has its own width, whatever the window's.
    eye.wrong.retain(|one| !(one.contains("-print at") && one.ends_with("pixels too wide")));
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    // The region fits on one sheet.
    eye.browser.media(&[], "");
    eye.browser.goto(&format!("{}{AT}", house.base()));
    assert_eq!(eye.browser.sheets(), 1);
    // With script a column is sorted where it stands.
    eye.browser.script("document.documentElement.dataset.left = 'not yet'");
    eye.browser.click(".so-sort[title='Sort by Answered']");
    eye.browser.appear("th[aria-sort] .so-sort[title='Sort by Answered']:focus");
    assert!(eye.browser.has("html[data-left]") && eye.browser.url().contains("?sort=answered"));
    // Without script the pages are whole.
    eye.browser.without_script();
    eye.browser.goto(&format!("{}{AT}?sort=IDX_INF", house.base()));
    assert!(eye.browser.has("th[aria-sort]") && eye.browser.has(".so-svg"));
}

/// The rows of a CSV file by the columns that name them.
pub fn rows<const N: usize>(
    csv: &str,
    names: [&str; N],
) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows = reader.deserialize().map(|row| {
        let row: BTreeMap<String, String> = row.expect("a row");
        (names.map(|name| row[name].clone()).join("/"), row)
    });
    rows.collect()
}

/// What a page has that the files have not, or otherwise.
fn differences(
    page: &Html,
    figures: &BTreeMap<String, BTreeMap<String, String>>,
    region: &BTreeMap<String, BTreeMap<String, String>>,
    chosen: &BTreeMap<String, BTreeMap<String, String>>,
    seen: &mut usize,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for printed in page.select(&Selector::parse("[data-figure]").expect("a selector")) {
        let at = printed.attr("data-figure").expect("a place");
        let text: String = printed.text().collect();
        let (cell, column) = at.rsplit_once('/').expect("a column");
        let expected = match cell.split_once(".csv/") {
            Some(("distribution", item)) => {
                let row = format!("{REGION}/{item}/{column}");
                chosen[&row]["count"].clone()
            }
            Some((_, measure)) => {
                let value = &region[&format!("{measure}/{column}")]["value"];
                let number: f64 = value.parse().expect("a number");
                // What is printed has fewer places than the file.
                let places = text.split_once('.').map_or(0, |(_, places)| places.len());
                format!("{number:.places$}")
            }
            None => match figures[cell]["status"].as_str() {
                "ok" => figures[cell][column].clone(),
                // Participation is no answer: how many were invited is always told.
                _ if column == "invited" => continue,
                "c" if column == "responded" => "fewer than 5".to_owned(),
                status => format!("[{status}]"),
            },
        };
        *seen += 1;
        if text != expected {
            wrong.push(format!("{at}: {text} instead of {expected}"));
        }
    }
    wrong
}

/// Numbers in tables that are not tied to a figure in the files: places in an
/// order, people per answer, and waves before, whose files are their own.
const ELSEWHERE: &str = ".so-trend, .so-options, #table-spread";

fn untied(page: &Html) -> Vec<String> {
    let elsewhere = Selector::parse(ELSEWHERE).expect("a selector");
    let tied = Selector::parse("[data-figure]").expect("a selector");
    let cells = Selector::parse("td.nhsuk-table__cell--numeric").expect("a selector");
    let mut wrong = Vec::new();
    for table in page.select(&Selector::parse("table").expect("a selector")) {
        let own = ELSEWHERE.split(", ").any(|name| {
            name.strip_prefix('.').is_some_and(|class| table.value().classes().any(|c| c == class))
        });
        if own || table.select(&elsewhere).next().is_some() {
            continue;
        }
        for cell in table.select(&cells) {
            let text: String = cell.text().collect();
            let place = text.trim().parse::<u32>().is_ok_and(|place| place <= 12);
            if text.contains(|c: char| c.is_ascii_digit())
                && !place
                && cell.select(&tied).next().is_none()
            {
                wrong.push(format!("{} is tied to no figure", text.trim()));
            }
        }
    }
    wrong
}

#[test]
fn every_figure_on_every_page_is_the_one_in_the_files() {
    let house = TestHouse::start(Backend::Sqlite);
    let release = furnished(&house);
    show_summary(&house);
    let sha = house.sign_in(Role::Sha);
    let file = |name: &str| sha.get(&format!("{AT}/download/{name}")).text;
    let figures = rows(&file("figures.csv"), ["org", "measure"]);
    let region = rows(&file("region.csv"), ["measure", "stat"]);
    let chosen = rows(&file("distribution.csv"), ["org", "measure", "option"]);
    let mut paths: BTreeSet<String> = BTreeSet::from([AT.to_owned()]);
    paths.extend([SUMMARY.to_owned(), for_leads(&house, "norfolk")]);
    paths.extend(release.leaves().map(|leaf| format!("{AT}/pct/{}", leaf.code)));
    // A number without bands that count has no share to be shown.
    let numbers = release.measures().iter().filter(|of| {
        of.kind == MeasureKind::Number && of.options.iter().any(|option| option.counted)
    });
    let measures = release.items().chain(release.indexes()).chain(numbers);
    paths.extend(measures.map(|of| format!("{AT}/measure/{}", of.code)));
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for path in &paths {
        let page = sha.get(path);
        assert_eq!(page.status, 200, "{path}");
        let page = Html::parse_document(&page.text);
        let found = differences(&page, &figures, &region, &chosen, &mut seen).into_iter();
        wrong.extend(found.chain(untied(&page)).map(|one| format!("{path}: {one}")));
    }
    assert!(wrong.is_empty(), "{} faults: {:#?}", wrong.len(), &wrong[..wrong.len().min(30)]);
    assert!(seen > 5000, "{seen} figures on {} pages", paths.len());
    let own = sha.get(&format!("{AT}/measure/MS_INC/figures.csv"));
    assert_eq!(rows(&own.text, ["org", "measure"]).len(), release.nodes().len());
}

#[test]
fn the_nu_checker_finds_no_error_in_the_pages_of_results() {
    let house = TestHouse::start(Backend::Sqlite);
    furnished(&house);
    show_summary(&house);
    let office = house.sign_in(Role::Office);
    for path in [SUMMARY.to_owned(), for_leads(&house, "norfolk")] {
        assert_eq!(html_errors(&office.get(&path).text), [""; 0], "{path}");
    }
    for path in [
        "",
        "/pct/norfolk",
        "/measure/MS_INC",
        "/measure/BAR_DATA",
        "/measure/IDX_MIL",
        "/measure/BC_WAIT",
    ] {
        let page = office.get(&format!("{AT}{path}"));
        assert_eq!(html_errors(&page.text), [""; 0], "{path}");
    }
    assert_eq!(html_errors(&office.get("/results").text), [""; 0]);
}

on_both!(what_is_to_be_looked_at_first_is_decided_by_the_office, |house| {
    furnished(house);
    let to = format!("{AT}/look-first");
    let office = house.sign_in(Role::Office);
    let sha = house.sign_in(Role::Sha);
    let proposed = |visitor: &Visitor| visitor.get(AT).texts(".so-proposal").len();
    assert!(proposed(&office) > 0);
    assert_eq!(proposed(&sha), 0, "the SHA sees no proposal");
    let confirmed = |visitor: &Visitor| visitor.get(AT).texts("#look-first ~ ul li").len();
    assert_eq!(confirmed(&sha), 0);

    let sent = decision(&office.get(AT).text, "confirmed", "Ask for the <minutes>");
    assert_eq!(sha.post(&to, &sent).status, 403);
    for role in [Role::Pct, Role::Lmc] {
        assert_eq!(house.sign_in(role).post(&to, &sent).status, 403, "{role}");
    }
    assert_eq!(house.visitor().post(&to, &sent).status, 401);
    let done = office.post(&to, &sent);
    assert_eq!((done.status, done.to.as_deref()), (303, Some(&*format!("{AT}#look-first"))));
    assert_eq!((confirmed(&sha), confirmed(&office)), (1, 1));
    assert!(sha.get(AT).text.contains("Ask for the &lt;minutes&gt;"));
    let unit = &sent.iter().find(|(name, _)| name == "unit").expect("a unit").1;
    let of_pct = sha.get(&format!("{AT}/pct/{unit}"));
    assert_eq!(of_pct.texts(".so-flags li").len(), 1);

    // The same again is one decision; another one takes its place.
    assert_eq!(office.post(&to, &sent).status, 303);
    assert_eq!(confirmed(&sha), 1);
    let dismissed = decision(&office.get(AT).text, "dismissed", "");
    assert_eq!(office.post(&to, &dismissed).status, 303);
    assert_eq!(confirmed(&sha), 0);
    assert!(office.get(AT).texts(".so-proposal").iter().any(|said| said.contains("Dismissed by")));

    // What the rules do not propose cannot be confirmed.
    let never = [("unit", "norfolk"), ("rule", "fall"), ("measure", "NONE")];
    let never = [&never[..], &[("decision", "confirmed"), ("note", "")]].concat();
    assert_eq!(office.post(&to, &fields(&never)).status, 400);
    let long = decision(&office.get(AT).text, "confirmed", &"w ".repeat(400));
    assert_eq!(office.post(&to, &long).status, 400);
});
