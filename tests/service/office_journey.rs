//! A quarter of the survey office in a real browser: from an empty house to published
//! results, and what a PCT and the SHA see of them then.

use std::path::PathBuf;

use rust_xlsxwriter::Workbook;
use soundings::account::Role;
use soundings::flow::{self, SimulatedRegion};
use soundings::time::Moment;

use crate::accessibility::Inspector;
use crate::support::Backend;
use crate::support::house::{TestHouse, code, moment};
use crate::support::region::{folder, units};

/// The wave that the page for a new wave proposes at the time of the tests.
const WAVE: &str = "2007-Q4";

/// The region's register as the workbook that somebody keeps in their spreadsheet.
fn workbook(house: &TestHouse) -> PathBuf {
    let mut book = Workbook::new();
    for name in ["pcts", "reporting-units", "consortia", "leads"] {
        let sheet = book.add_worksheet().set_name(name).expect("a sheet");
        let path = folder().join(format!("register/{name}.csv"));
        let mut rows =
            csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("a file");
        for (row, record) in (0..).zip(rows.records()) {
            for (column, cell) in (0..).zip(record.expect("a row").iter()) {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
    let path = house.place("register.xlsx");
    book.save(&path).expect("a workbook");
    path
}

/// The office at its desk.
struct Desk<'h> {
    house: &'h TestHouse,
    eye: Inspector,
}

impl Desk<'_> {
    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.house.base())
    }

    /// Opens a page and looks at it.
    fn open(&mut self, name: &str, path: &str) {
        self.eye.browser.goto(&self.address(path));
        self.look(name);
    }

    fn look(&mut self, name: &str) {
        self.eye.look_at(&format!("desk-{name}"), &[(390, 844), (1280, 900)]);
    }

    fn says(&self, sentence: &str) -> bool {
        self.eye.browser.text("body").contains(sentence)
    }

    /// Presses what leads on.
    fn press(&self, css: &str) {
        self.eye.browser.follow(css);
    }

    /// Signs in as a role, at a time.
    fn come(&self, role: Role, at: Moment) {
        self.house.house.clock.set(at);
        self.eye.browser.goto(&self.house.sign_in_link(role));
        self.press("main form button");
    }
}

#[test]
fn a_quarter_of_the_office_in_a_browser() {
    let house = TestHouse::start(Backend::Sqlite);
    let mut desk = Desk { house: &house, eye: Inspector::new() };
    let begin = house.house.now();

    // A new user, an empty house: the page says what to do.
    desk.come(Role::Office, begin);
    desk.look("empty");
    assert!(desk.says("Load the register"));
    desk.press("a[href='/office/register/import']");
    desk.look("import");
    let book = workbook(&house);
    desk.eye.browser.choose_file("#files", &book);
    desk.press("main form button");
    desk.look("import-preview");
    assert!(desk.says("162"), "so many leads are new");
    desk.press("main form[action='/office/register/import/confirm'] button");
    desk.open("register", "/office/register");

    // A wave by steps.
    desk.open("new-wave", "/office/waves/new");
    desk.press("main form button");
    desk.look("new-wave-plan");
    let proposed = desk.eye.browser.script("return document.querySelector('#code').value");
    assert_eq!(proposed.as_str(), Some(WAVE));
    desk.press("main form button");
    desk.look("new-wave-check");
    desk.press("main form button");
    desk.look("wave-draft");
    assert!(desk.says("The wave is made"));
    for act in ["key", "dates", "cancel"] {
        desk.open(&format!("wave-{act}"), &format!("/office/waves/{WAVE}/{act}"));
    }
    desk.open("wave-draft-again", &format!("/office/waves/{WAVE}"));
    desk.press(&format!("a[href='/office/waves/{WAVE}/open']"));
    desk.look("wave-opening");
    assert!(desk.says("162 leads are asked"));
    desk.press("main form button");
    assert!(desk.says("The wave is open"));

    // Answers come in.
    desk.come(Role::Office, moment("2007-12-04T10:00"));
    let slugs = units().into_iter().map(|unit| unit.parse().expect("a unit"));
    let region = SimulatedRegion::new(1, slugs);
    let replies =
        flow::simulate_replies(&house.house, &region, &code(WAVE), 0, 0.7).expect("replies");
    desk.open("wave-open", &format!("/office/waves/{WAVE}"));
    assert!(desk.says(&format!("{replies} of 162 leads")), "{replies}");
    desk.open("wave-rehearse", &format!("/office/waves/{WAVE}/rehearse"));

    // Closing time: the page follows the count by itself.
    desk.come(Role::Office, moment("2007-12-29T10:00"));
    assert!(desk.says("Close October to December 2007"), "the first thing to do");
    desk.open("closing", &format!("/office/waves/{WAVE}/close"));
    desk.press("main form button");
    desk.eye.browser.appear(&format!("a[href='/office/waves/{WAVE}/record']"));
    desk.look("closed");

    // Comments are read, the release is built and looked at.
    desk.open("comments", &format!("/office/waves/{WAVE}/comments"));
    desk.press("a.nhsuk-button[accesskey='n']");
    desk.look("comment");
    for _ in 0..6 {
        if desk.eye.browser.has("label[for='publish']") {
            desk.eye.browser.click("label[for='publish']");
        }
        desk.press("button[value='next']");
    }
    desk.open("release-to-build", &format!("/office/waves/{WAVE}/release"));
    desk.press("main form button");
    desk.look("release");
    desk.open("flags", &format!("/office/waves/{WAVE}/flags"));
    desk.open("look-as", &format!("/office/waves/{WAVE}/release/as"));
    for room in ["accounts", "trail", "settings", "health", "help", "network", "surveys", "mail"] {
        desk.open(room, &format!("/office/{room}"));
    }

    // Nobody else sees a result before it is published.
    let pct = house.sign_in(Role::Pct);
    assert_eq!(pct.get(&format!("/results/{WAVE}")).status, 404);
    desk.open("publish", &format!("/office/waves/{WAVE}/release/publish"));
    desk.press("main form button");
    desk.open("published", &format!("/office/waves/{WAVE}/release"));
    desk.open("comments-publish", &format!("/office/waves/{WAVE}/comments/publish"));
    desk.press("main form button");

    // A PCT and the SHA see what they should, and nothing of the office.
    for role in [Role::Pct, Role::Sha] {
        desk.come(role, moment("2007-12-29T11:00"));
        desk.open(&format!("results-{}", role.word()), &format!("/results/{WAVE}"));
        desk.open(&format!("own-words-{}", role.word()), &format!("/results/{WAVE}/comments"));
        assert!(desk.eye.browser.has("main li"), "somebody's words");
        let stranger = house.sign_in(role);
        for shut in ["/office", "/office/register", "/office/accounts", "/office/trail"] {
            assert_eq!(stranger.get(shut).status, 403, "{shut}");
        }
        let packs = stranger.get(&format!("/results/{WAVE}/download/packs.zip")).status;
        assert_eq!(packs == 200, role == Role::Sha, "{packs}");
    }
    flow::check_trail(&house.house).expect("a whole trail");
    assert!(desk.eye.wrong.is_empty(), "{:#?}", desk.eye.wrong);
}
