//! Every page in a real browser on a telephone and on a desk: axe finds nothing,
//! nothing is wider than the screen.

use std::path::{Path, PathBuf};

use soundings::account::Role;
use soundings::custody::HeldKey;
use soundings::flow::{self, SimulatedRegion};

use crate::support::browser::Browser;
use crate::support::house::{Invited, TestHouse, code};
use crate::support::region::{folder, units};
use crate::support::{Backend, WAVE};

const SIZES: [(u32, u32); 2] = [(390, 844), (1280, 900)];
const RELEASED: &str = "2007-Q3";

/// A region with a released wave, a stocktake and an open wave in which three
/// have mail; and a unit of which the release shows nothing.
fn furnished(house: &TestHouse) -> (Vec<Invited>, String) {
    house.import_region();
    house.open_wave(RELEASED);
    let slugs = units().into_iter().map(|unit| unit.parse().expect("a unit"));
    let region = SimulatedRegion::new(1, slugs);
    let replies = flow::simulate_replies(&house.house, &region, &code(RELEASED), 0, 0.7);
    assert!(replies.expect("replies") > 60);
    flow::close_wave(&house.house, &code(RELEASED), true, &HeldKey::OnServer, |_| {})
        .expect("closed");
    let release = flow::build_release(&house.house, &code(RELEASED)).expect("a release");
    let silent = release.leaves().find(|leaf| leaf.responded.is_none()).expect("a small unit");
    flow::publish_release(&house.house, &code(RELEASED)).expect("published");
    // The mails that tell of the results are out before anybody is invited again.
    house.keep_mails();
    let stocktake = folder().join("stocktake/stocktake-2007-06-15.csv");
    let stocktake = stocktake.display().to_string();
    house.command(&["stocktake", "import", &stocktake, "--as-at", "2007-11-15"]);
    (house.invite_some(3), silent.code.to_string())
}

/// A browser that looks at pages and collects what is wrong with them.
pub(super) struct Inspector {
    pub(super) browser: Browser,
    pictures: PathBuf,
    pub(super) seen: usize,
    pub(super) wrong: Vec<String>,
}

impl Inspector {
    pub(super) fn new() -> Self {
        let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-artefacts");
        std::fs::create_dir_all(&pictures).expect("a folder for pictures");
        Self { browser: Browser::start(), pictures, seen: 0, wrong: Vec::new() }
    }

    /// Looks at the page that is shown, in every size.
    pub(super) fn look(&mut self, name: &str, heading: &str) {
        assert_eq!(self.browser.text("h1"), heading, "{name}");
        self.look_at(name, &SIZES);
    }

    /// Looks at the page that is shown, in these sizes.
    pub(super) fn look_at(&mut self, name: &str, sizes: &[(u32, u32)]) {
        for &(width, height) in sizes {
            self.browser.resize(width, height);
            let found = self.browser.axe();
            self.wrong.extend(found.into_iter().map(|one| format!("{name} at {width}: {one}")));
            let wide = "return document.documentElement.scrollWidth - window.innerWidth";
            let over = self.browser.script(wide).as_i64().expect("a number");
            if over > 0 {
                self.wrong.push(format!("{name} at {width}: {over} pixels too wide"));
            }
            self.browser.screenshot(&self.pictures.join(format!("{name}-{width}.png")));
        }
        self.seen += 1;
    }

    pub(super) fn open(&mut self, name: &str, address: &str, heading: &str) {
        self.browser.goto(address);
        self.look(name, heading);
    }
}

/// The pages of a lead, in the order of the form, and the states they can be in.
fn form(eye: &mut Inspector, link: &str) {
    eye.open("welcome", link, "How is practice-based commissioning going?");
    eye.browser.follow("main form button");
    let headings = [
        ("A", "You and your group"),
        ("B", "What is in place"),
        ("C", "Information, budget and support"),
        ("D", "Business cases"),
        ("E", "Roles and influence"),
        ("F", "Progress"),
        ("R1", "Who leads"),
        ("G", "Barriers"),
        ("H", "Support"),
        ("I", "What is working"),
    ];
    for (section, heading) in headings {
        eye.look(&format!("section-{section}"), heading);
        match section {
            // Nothing is answered here: what was left blank is asked about.
            "C" | "R1" => {}
            "D" => {
                eye.browser.fill("#BC_SUB", "75");
                eye.browser.fill("#BC_DEC", "2");
                eye.browser.follow("#section > button");
                eye.look("section-D-unusual", heading);
                assert!(eye.browser.has("#BC_SUB-sure"));
                eye.browser.click("label[for='BC_SUB-sure']");
                eye.browser.fill("#BC_APP", "3");
                eye.browser.follow("#section > button");
                assert!(eye.browser.has(".nhsuk-error-summary"));
                eye.look("section-D-error", heading);
                eye.browser.fill("#BC_APP", "1");
            }
            "G" => {
                choose_first(&eye.browser);
                eye.browser
                    .script("document.querySelector('input[name=BAR_DATA][value=\"4\"]').click()");
                eye.browser.appear("#q-BAR_TOP");
                eye.look("section-G-more", heading);
            }
            "H" => {
                eye.browser.click("label[for='NEED-12']");
                eye.look("section-H-other", heading);
            }
            "I" => {
                eye.browser.script(
                    "document.querySelector('textarea[name=WELL]').value = 'w'.repeat(700)",
                );
                eye.browser.follow("#section > button");
                assert!(eye.browser.has(".nhsuk-error-summary"));
                eye.look("section-I-error", heading);
                eye.browser.fill("textarea[name=WELL]", "Meetings with the PCT");
                eye.browser.appear("#q-QUOTE");
                eye.browser.click("label[for='QUOTE']");
            }
            _ => choose_first(&eye.browser),
        }
        eye.browser.follow("#section > button");
        if eye.browser.has("#left-blank") {
            eye.look(&format!("section-{section}-blanks"), heading);
            eye.browser.follow("#left-blank button");
        }
    }
    eye.look("check", "Check your answers");
    // An earlier answer is changed: the approvals no longer fit, the barrier no longer counts.
    let base = eye.browser.url().replace("/answer/check", "");
    eye.browser.goto(&format!("{base}/answer/G"));
    eye.browser.script("document.querySelector('input[name=BAR_DATA][value=\"1\"]').click()");
    eye.browser.appear("#section[data-state=saved]");
    eye.browser.goto(&format!("{base}/answer/check"));
    eye.look("check-dropped", "Check your answers");
    eye.browser.follow("main form button");
    eye.look("done", "Thank you");
}

/// Chooses the first answer of every question with radios.
fn choose_first(browser: &Browser) {
    browser.script(
        "for (const first of new Set([...document.querySelectorAll('main input[type=radio]')].map(one => one.name)))
            document.querySelector(`input[name=${first}]`).checked = true",
    );
}

/// The surveys, a preview of one, and its paper version.
fn preview(eye: &mut Inspector, base: &str) {
    const TITLE: &str = "How is practice-based commissioning going?";
    eye.open("surveys", &format!("{base}/office/surveys"), "Surveys");
    eye.browser.follow("main form button[formaction]");
    eye.look("paper", TITLE);
    eye.open("surveys", &format!("{base}/office/surveys"), "Surveys");
    eye.browser.follow("main form button");
    eye.look("preview", TITLE);
    eye.browser.follow("main form button");
    eye.look("preview-A", "You and your group");
    // What is chosen is kept in the browser at once, as a lead's answers are on the server.
    eye.browser.click("label[for='ROLE-3']");
    eye.browser.appear("#saved:not(:empty)");
    let kept = "return document.getElementById('saved').textContent";
    while eye.browser.script(kept) != "Your answers are saved." {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let here = eye.browser.url();
    eye.browser.goto(&here);
    assert!(eye.browser.has("#ROLE-3[checked]"));
    eye.browser.follow("main form > button");
    eye.look("preview-A-blanks", "You and your group");
    let check = here.replace("/preview/A", "/preview/check");
    eye.open("preview-I", &here.replace("/preview/A", "/preview/I"), "What is working");
    eye.open("preview-check", &check, "Check your answers");
    eye.browser.follow("main form button");
    eye.look("preview-end", "End of the preview");
}

#[test]
fn axe_finds_nothing_wrong_with_any_page() {
    let house = TestHouse::start(Backend::Sqlite);
    let (invited, silent) = furnished(&house);
    let silent = format!("/pct/{silent}");
    let mut eye = Inspector::new();
    let base = house.base().to_owned();
    let at = |path: &str| format!("{base}{path}");

    eye.open("front", &base, "How practice-based commissioning is really going");
    assert!(eye.browser.has("body.nhsuk-frontend-supported"), "the script of the pages runs");
    form(&mut eye, &invited[0].link);
    eye.open("welcome-again", &invited[0].link, "How is practice-based commissioning going?");
    eye.open("decline", &at("/answer/decline"), "Do you want to leave this survey unanswered?");
    eye.browser.follow("main form button");
    eye.look("declined", "We will not remind you again");
    eye.open("wrong-link", &at("/s/wrong"), "This link does not work");
    eye.open("not-found", &at("/no-such-page"), "Page not found");
    eye.open("sign-in-needed", &at("/results"), "Sign in to see this page");
    eye.open("sign-in", &house.sign_in_link(Role::Office), "Sign in");
    eye.browser.follow("main form button");
    eye.look("office", "Survey office");
    eye.open("office-wave", &at(&format!("/office/waves/{WAVE}")), "Autumn 2007");
    preview(&mut eye, &base);
    eye.open("outbox", &at("/outbox"), "Outbox");
    let mail = "return document.querySelector('main a[href^=\"/outbox/\"]').href";
    let mail = eye.browser.script(mail);
    eye.browser.goto(mail.as_str().expect("a mail's address"));
    let subject = eye.browser.text("h1");
    eye.look("outbox-mail", &subject);
    eye.open("results", &at("/results"), "Results");
    let released = at(&format!("/results/{RELEASED}"));
    for (name, path) in [
        ("overview", ""),
        ("pct", "/pct/norfolk"),
        ("pct-hidden", silent.as_str()),
        ("measure-item", "/measure/MS_INC"),
        ("measure-barrier", "/measure/BAR_DATA"),
        ("measure-index", "/measure/IDX_MIL"),
    ] {
        eye.browser.goto(&format!("{released}{path}"));
        let heading = eye.browser.text("h1");
        assert!(!heading.contains("not found"), "{name}: {heading}");
        eye.look(name, &heading);
    }
    eye.open("stocktake", &at("/stocktake"), "Stocktake of 15 November 2007");
    house.pass_closing_time();
    eye.open("closed", &invited[1].link, "This survey is closed");
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    assert_eq!(eye.seen, 54);
}

/// Leads on from a form that is not filled in, to the same page with its faults.
pub(super) fn send_empty(eye: &mut Inspector, name: &str, heading: &str) {
    eye.look(name, heading);
    eye.browser.follow("main form button");
    assert!(eye.browser.has(".nhsuk-error-summary"), "{name}");
    eye.look(&format!("{name}-error"), heading);
}

/// A lead hands over to a colleague, who looks at the link, and takes it back.
fn deputy(eye: &mut Inspector, house: &TestHouse, link: &str) {
    let at = |path: &str| format!("{}{path}", house.base());
    eye.browser.goto(link);
    eye.browser.follow("main form[action$='/deputy'] button");
    send_empty(eye, "deputy", "Ask a colleague to answer in your place");
    eye.browser.fill("#name", "Ms Ann-Katherine Colleague-Sample");
    eye.browser.fill("#email", "ann-katherine.colleague-sample@group-practice.example.org");
    eye.browser.follow("main form button");
    eye.look("deputy-check", "Check before we write to them");
    eye.browser.follow("main form button");
    let heading = "You asked Ms Ann-Katherine Colleague-Sample to answer in your place";
    eye.look("handed-over", heading);
    eye.open("handed-over-link", link, heading);
    let heading = "You asked a colleague to answer in your place";
    eye.open("handed-over-section", &at("/answer/A"), heading);

    assert!(house.keep_mails() > 0);
    let links = house.links(&house.kept_mails());
    let theirs = links.iter().find(|(address, _)| address.starts_with("ann-katherine"));
    let (_, theirs) = theirs.expect("a mail to the colleague");
    eye.open("deputy-welcome", theirs, "How is practice-based commissioning going?");
    eye.browser.follow("main form button");
    eye.open("deputy-of-deputy", &at("/answer/deputy"), "Only the lead can ask somebody else");
    eye.browser.goto(link);
    eye.browser.follow("main form button");
    eye.browser.follow("main form button");
    assert!(eye.browser.url().contains("/answer/"), "the lead has the form again");
    eye.open("taken-back", theirs, "This link does not work any more");
}

#[test]
fn axe_finds_nothing_wrong_with_the_pages_beside_the_form() {
    let house = TestHouse::start(Backend::Sqlite);
    let invited = house.invite_some(1);
    let mut eye = Inspector::new();
    let at = |path: &str| format!("{}{path}", house.base());
    deputy(&mut eye, &house, &invited[0].link);
    eye.open("leave", &at("/leave"), "Leave this computer?");
    eye.browser.follow("main form button");
    eye.look("left", "This browser opens no answers");
    eye.open("no-link", &at("/answer"), "Open the link in your e-mail first");
    eye.browser.follow("main p a");
    send_empty(&mut eye, "lost-link", "I have lost my link");
    eye.browser.fill("#email", "nobody@example.org");
    eye.browser.follow("main form button");
    eye.look("lost-link-sent", "Look at your e-mail");
    eye.browser.goto(&at("/network"));
    send_empty(&mut eye, "network", "Share something that works");
    let words = "A long word: Practicebasedcommissioningandcontracting. ".repeat(9);
    eye.browser.fill("#words", words.trim());
    eye.browser.fill("#group", "Lea Valley");
    eye.browser.fill("#name", "Dr Sharing");
    eye.browser.fill("#email", "sharing@practice.example.org");
    eye.browser.follow("main form button");
    eye.look("network-thanks", "Thank you for sharing");
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    eye.open("office-network", &at("/office/network"), "Ideas for the network");
    eye.browser.click("main details summary");
    eye.look("office-network-delete", "Ideas for the network");
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    assert_eq!(eye.seen, 20);
}

#[test]
fn axe_finds_nothing_wrong_with_the_promise_the_receipts_and_the_closing_record() {
    let house = TestHouse::start(Backend::Sqlite);
    let invited = house.invite_some(2);
    let answers = [("ROLE".to_owned(), "1".to_owned()), ("MS_INC".to_owned(), "2".to_owned())];
    let lead = house.respondent(&invited[0].link);
    let done = lead.open().answers(&answers.into_iter().collect()).send();
    let receipt = done.texts("#receipt").first().expect("a receipt").clone();
    let mut eye = Inspector::new();
    let at = |path: &str| format!("{}{path}", house.base());
    let heading = "Was my envelope counted?";
    let receipts = at(&format!("/receipts/{WAVE}"));
    eye.open("promise", &at("/promise"), "How your answers stay yours");
    eye.open("receipts-before", &receipts, heading);
    house.close();
    eye.browser.goto(&receipts);
    send_empty(&mut eye, "receipts", heading);
    for (name, typed) in
        [("receipts-yes", receipt.as_str()), ("receipts-no", "ba78 16bf 8f01 cfea")]
    {
        eye.browser.goto(&receipts);
        eye.browser.fill("#receipt", typed);
        eye.browser.follow("main form button");
        eye.look(name, heading);
    }
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    let record = at(&format!("/office/waves/{WAVE}/record"));
    eye.open("closing-record", &record, "Closing record");
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    assert_eq!(eye.seen, 7);
}
