//! Leads with the browsers that they have: by keyboard alone, on a small screen
//! without script, enlarged four times, with colours of their own, on paper.
//! Pictures of what they see are kept in `test-artefacts/answering`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::browser::Browser;
use crate::support::house::{TestHouse, code};
use crate::support::{Backend, WAVE};

const TAB: &str = "\u{e004}";
const SPACE: &str = " ";
const ENTER: &str = "\u{e007}";

/// Fields of the questionnaire that bring up more questions.
const NUMBERS: [(&str, &str); 3] = [("BC_SUB", "2"), ("BC_DEC", "1"), ("BC_APP", "1")];

struct Eye {
    browser: Browser,
    pictures: PathBuf,
    taken: usize,
}

impl Eye {
    fn new(run: &str, width: u32) -> Self {
        let pictures =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("test-artefacts/answering").join(run);
        std::fs::create_dir_all(&pictures).expect("a folder for pictures");
        let browser = Browser::start();
        browser.resize(width, 844);
        Self { browser, pictures, taken: 0 }
    }

    fn picture(&mut self, of: &str) {
        self.taken += 1;
        let name = format!("{:02}-{}.png", self.taken, of.to_lowercase().replace(' ', "-"));
        self.browser.screenshot(&self.pictures.join(name));
    }

    /// How many pixels the page is wider than the screen.
    fn too_wide(&self) -> i64 {
        let over = "return document.documentElement.scrollWidth - window.innerWidth";
        self.browser.script(over).as_i64().expect("pixels").max(0)
    }
}

fn sealed(house: &TestHouse) -> usize {
    house.envelopes(&code(WAVE))
}

/// What has the focus, as far as the keyboard's next press depends on it.
fn focus(browser: &Browser) -> Value {
    browser.script(
        "const it = document.activeElement;
         const box = it.getBoundingClientRect();
         const style = getComputedStyle(it);
         const near = it.nextElementSibling ? getComputedStyle(it.nextElementSibling, '::before') : style;
         return {
             kind: it.type || it.tagName.toLowerCase(),
             name: it.name || '',
             text: (it.innerText || '').trim(),
             value: it.value || '',
             chosen: it.name ? !!document.querySelector(`input[name='${CSS.escape(it.name)}']:checked`) : false,
             seen: [style, near].some(one => one.outlineStyle !== 'none' || one.boxShadow !== 'none'),
             heading: (document.querySelector('h1') || {}).innerText || '',
         }",
    )
}

#[test]
fn the_whole_form_can_be_filled_in_and_sent_by_keyboard_alone() {
    let house = TestHouse::start(Backend::Sqlite);
    let mut eye = Eye::new("keyboard", 390);
    eye.browser.goto(&house.invite_some(1)[0].link);
    let mut unseen = Vec::new();
    let mut headings: Vec<String> = Vec::new();
    for _ in 0..900 {
        eye.browser.press(TAB);
        let at = focus(&eye.browser);
        let text = |key: &str| at[key].as_str().unwrap_or_default().to_owned();
        let heading = text("heading");
        if headings.last() != Some(&heading) {
            eye.picture(&heading);
            headings.push(heading.clone());
        }
        let field = !text("name").is_empty() && text("kind") != "hidden";
        if field && at["seen"] != Value::Bool(true) {
            unseen.push(format!("{heading}: {}", text("name")));
        }
        match text("kind").as_str() {
            "radio" if at["chosen"] == Value::Bool(false) => eye.browser.press(SPACE),
            // One of several is enough; "don't know" is for who does not know.
            "checkbox" if at["chosen"] == Value::Bool(false) && !text("name").starts_with('-') => {
                eye.browser.press(SPACE);
            }
            "text" if text("value").is_empty() => {
                let number = NUMBERS.iter().find(|(name, _)| *name == text("name"));
                eye.browser.press(number.map_or("3", |(_, number)| number));
            }
            "textarea" if text("value").is_empty() => eye.browser.press("Typed"),
            "submit"
                if ["Start", "Save and continue", "Seal and send"]
                    .contains(&text("text").as_str()) =>
            {
                eye.browser.leave_by(&heading, || eye.browser.press(ENTER));
            }
            _ => {}
        }
        if heading == "Thank you" {
            break;
        }
    }
    assert!(unseen.is_empty(), "no focus to be seen: {unseen:#?}");
    assert_eq!(eye.browser.text("h1"), "Thank you", "{headings:#?}");
    for heading in ["Business cases", "Who leads", "Barriers", "Support", "Check your answers"] {
        assert!(headings.iter().any(|met| met == heading), "{heading} is missing: {headings:#?}");
    }
    assert_eq!(sealed(&house), 1);
}

#[test]
fn the_whole_form_can_be_filled_in_on_a_small_screen_without_script() {
    let house = TestHouse::start(Backend::Sqlite);
    let mut eye = Eye::new("no-script-360", 360);
    eye.browser.without_script();
    eye.browser.goto(&house.invite_some(1)[0].link);
    assert!(!eye.browser.has("body.nhsuk-frontend-supported"), "a script of the page ran");
    eye.picture("welcome");
    eye.browser.follow("main form button");
    let mut pages = 0;
    while !eye.browser.url().ends_with("/answer/check") {
        pages += 1;
        assert!(pages < 40, "the form does not end: {}", eye.browser.url());
        assert_eq!(eye.too_wide(), 0, "{}", eye.browser.url());
        // The first answer of each question, as a reader would tap it.
        let questions = eye.browser.script(
            "return [...document.querySelectorAll('#questions fieldset, #questions .so-question')]
                .map(one => one.querySelector(':scope input[type=radio], :scope > fieldset > .nhsuk-checkboxes input, :scope > .nhsuk-checkboxes input'))
                .filter(one => one && !document.querySelector(`input[name='${CSS.escape(one.name)}']:checked`))
                .map(one => one.id)",
        );
        let questions: Vec<String> = serde_json::from_value(questions).expect("ids");
        for id in questions.iter().collect::<std::collections::BTreeSet<_>>() {
            eye.browser.click(&format!("label[for='{id}']"));
        }
        for (field, number) in NUMBERS {
            if eye.browser.has(&format!("#{field}")) {
                eye.browser.fill(&format!("#{field}"), number);
            }
        }
        if eye.browser.has("#OPEN") {
            eye.browser.fill("#OPEN", "Written without script");
        }
        eye.picture(&eye.browser.text("h1"));
        let leave = eye.browser.has("#left-blank");
        eye.browser.follow(if leave { "#left-blank button" } else { "#section > button" });
    }
    let check = eye.browser.text("main");
    for said in ["Written without script", "2 cases", "1 case"] {
        assert!(check.contains(said), "{said} is not on: {check}");
    }
    eye.picture("check");
    eye.browser.follow("main form button");
    assert_eq!(eye.browser.text("h1"), "Thank you");
    eye.picture("done");
    assert_eq!(sealed(&house), 1);
}

#[test]
fn pages_stand_being_enlarged_recoloured_and_printed() {
    let house = TestHouse::start(Backend::Sqlite);
    // 1280 pixels wide at 400% are 320 CSS pixels.
    let mut eye = Eye::new("enlarged", 320);
    eye.browser.goto(&house.invite_some(1)[0].link);
    assert_eq!(eye.too_wide(), 0, "welcome");
    eye.browser.follow("main form button");
    for section in ["A", "B", "C", "D", "E", "F", "R1", "G", "H", "I", "check"] {
        eye.browser.goto(&format!("{}/answer/{section}", house.base()));
        assert_eq!(eye.too_wide(), 0, "{section}");
        eye.picture(section);
    }
    eye.browser.resize(1280, 900);
    eye.browser.media(&[("forced-colors", "active"), ("prefers-reduced-motion", "reduce")], "");
    for section in ["D", "G", "H"] {
        eye.browser.goto(&format!("{}/answer/{section}", house.base()));
        // With colours of the reader's own, what is chosen must still be told by a shape.
        let chosen = "const one = document.querySelector('#questions input[type=radio], #questions input[type=checkbox]');
            const mark = () => { const s = getComputedStyle(one.nextElementSibling, '::after'); return s.opacity + s.borderTopWidth + s.borderLeftStyle };
            const before = mark(); one.checked = true; return [before, mark()]";
        let marks = eye.browser.script(chosen);
        assert_ne!(marks[0], marks[1], "{section}: what is chosen looks like what is not");
        eye.picture(&format!("forced-colours-{section}"));
    }
    eye.browser.media(&[], "print");
    for section in ["D", "G", "check"] {
        eye.browser.goto(&format!("{}/answer/{section}", house.base()));
        let shown = |css: &str| {
            eye.browser.script(&format!(
                "const it = document.querySelector('{css}'); return !!it && it.offsetParent !== null"
            ))
        };
        assert_eq!(shown("main h1"), Value::Bool(true));
        assert_eq!(
            shown(".nhsuk-back-link"),
            Value::Bool(false),
            "{section}: print has no links back"
        );
        eye.picture(&format!("print-{section}"));
    }
}
