//! The office looks at a survey before anybody is asked: the list, the walk
//! through the form, and the paper version.

use soundings::account::Role;
use soundings::definition::{self, Survey, Tokens, fill};

use crate::support::house::TestHouse;
use crate::support::region::folder;
use crate::support::respondent::{Answers, Respondent};
use crate::support::visitor::{Page, Visitor};
use crate::support::{WAVE, on_both};

fn some(answers: &[(&str, &str)]) -> Answers {
    answers.iter().map(|(item, value)| ((*item).to_owned(), (*value).to_owned())).collect()
}

fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Somebody of the office in a house with a wave, and where the survey stands.
fn office(house: &TestHouse) -> (Visitor, String) {
    house.import_region();
    house.open_wave(WAVE);
    let office = house.sign_in(Role::Office);
    let list = office.get("/office/surveys");
    let at = list.text.find("action=\"/office/surveys/").expect("a survey");
    let address = list.text[at + 8..].split("/preview").next().expect("an address").to_owned();
    (office, address)
}

/// The office in a preview, with the verbs of a lead.
struct Walker {
    lead: Respondent,
    folder: String,
    query: &'static str,
}

impl Walker {
    fn start(office: &Visitor, survey: &str, query: &'static str) -> (Self, Page) {
        let lead = Respondent::new(office.clone(), survey);
        let walker = Self { lead, folder: format!("{survey}/preview"), query };
        let welcome = office.get(&format!("{}{query}", walker.folder));
        let begun = office.post(&welcome.form_action("Start"), &[]);
        assert_eq!((begun.status, begun.sets_cookie), (303, true));
        assert_eq!(begun.to.as_deref(), Some(walker.at("A").as_str()));
        (walker, welcome)
    }

    fn at(&self, section: &str) -> String {
        format!("{}/{section}{}", self.folder, self.query)
    }

    fn get(&self, section: &str) -> Page {
        self.lead.browser.get(&self.at(section))
    }

    fn fill(&self, section: &str, answers: &[(&str, &str)]) -> Page {
        self.lead.fill(&self.get(section), &some(answers))
    }

    /// The same, and leaves blank what has no answer.
    fn pass(&self, section: &str, answers: &[(&str, &str)]) -> Page {
        let asked = self.fill(section, answers);
        let Some(button) = asked.button("Leave blank and continue") else { return asked };
        // What the form shown again carries unseen is that of the section as it is now.
        let mut fields = self.get(section).filled();
        fields.push(button);
        self.lead.browser.post(&self.at(section), &fields)
    }
}

on_both!(the_office_walks_through_the_form_and_nothing_is_kept, |house| {
    let (office, survey) = office(house);
    let before = house.at_rest();
    let (walk, welcome) = Walker::start(&office, &survey, "?module=R2");
    assert!(welcome.says("Preview: nothing is kept."));
    assert!(welcome.says("tell us how it is for your group now"));

    // Blanks are asked about, faults are named, and what was said before is there.
    let asked = walk.fill("A", &[("ROLE", "3")]);
    assert!(asked.says("Did you mean to leave this blank?") && asked.sets_cookie);
    assert_eq!(walk.get("A").filled(), [field("ROLE", "3")]);
    let on = walk.pass("A", &[("VIEW", "1")]);
    assert_eq!((on.status, on.to), (303, Some(walk.at("B"))));
    assert!(walk.get("B").says("An incentive scheme for 2007/08"));
    let refused = walk.fill("I", &[("WELL", &"w".repeat(601))]);
    assert_eq!((refused.status, refused.heading().as_str()), (422, "What is working"));

    // Both ways: a question goes, comes back, and its answer is dropped in the end.
    let time = "How would you rate the speed with which that data reaches you?";
    assert!(walk.get("C").says(time));
    walk.pass("C", &[("INF_ACC", "97")]);
    assert!(!walk.get("C").says(time));
    let more = walk.fill("C", &[("INF_ACC", "1")]);
    assert!(more.says("Your answers lead to more questions on this page") && more.says(time));
    walk.pass("C", &[("INF_TIME", "2")]);
    walk.pass("C", &[("INF_ACC", "97")]);
    let check = walk.get("check");
    assert_eq!(check.texts("#dropped li"), [time]);
    assert!(check.says("Chief officer or group manager") && !check.says("Fairly good"));
    // The module that was chosen, and no other.
    let titles = check.texts("main h2");
    assert!(titles.contains(&"Money".to_owned()), "{titles:?}");
    assert!(!titles.contains(&"Who leads".to_owned()), "{titles:?}");

    let sent = office.post(&check.form_action("Seal and send"), &[]);
    assert_eq!((sent.status, sent.to), (303, Some(walk.at("done"))));
    let end = walk.get("done");
    assert!(end.says("Here a lead is thanked") && end.says("Preview: nothing is kept."));
    assert_eq!(walk.get("A").filled(), []);
    // Nothing to send is not sent.
    let empty = office.post(&walk.at("send"), &[]);
    assert_eq!(empty.to, Some(walk.at("check")));
    assert!(before == house.at_rest(), "a preview changed something");
});

on_both!(a_preview_of_a_wave_is_as_the_wave_asks, |house| {
    let (office, survey) = office(house);
    let wave = office.get(&format!("/office/waves/{WAVE}"));
    let link = format!("{survey}/preview?wave={WAVE}");
    assert!(
        wave.text.replace("&#x3D;", "=").contains(&link),
        "the wave has no link to its preview"
    );
    let page = office.get(&link);
    assert!(page.says("5pm on Friday 14 December 2007"));
    let (walk, _) = Walker::start(&office, &survey, "?wave=2007-Q4");
    assert!(walk.get("A").says("24 days left"));
    assert_eq!(walk.get("R1").heading(), "Who leads");
    assert_eq!(walk.get("R2").status, 404);
});

on_both!(a_preview_keeps_what_is_given_while_it_is_given, |house| {
    let (office, survey) = office(house);
    let (walk, _) = Walker::start(&office, &survey, "");
    walk.get("F");
    let kept = office.post(&walk.at("F"), &[field("-keep", "yes"), field("SVC_N", "2")]);
    assert_eq!((kept.status, kept.sets_cookie), (200, true));
    assert!(kept.text.contains("SVC_AREA"), "{}", kept.text);
    let page = walk.get("F");
    assert!(page.says("Which clinical areas were they in?"));
    // A number that does not fit another answer is found there, too.
    walk.get("D");
    office.post(&walk.at("D"), &[field("BC_DEC", "2"), field("-keep", "yes")]);
    walk.get("D");
    let refused = office.post(&walk.at("D"), &[field("BC_DEC", "2"), field("BC_APP", "3")]);
    assert_eq!(refused.status, 422);
    assert!(refused.says("This cannot be more than 2 cases"));
});

on_both!(words_that_a_cookie_has_no_room_for_are_shortened_and_said_to_be, |house| {
    let (office, survey) = office(house);
    let (walk, _) = Walker::start(&office, &survey, "");
    let long = "\u{1d11e}";
    let answers = [("WELL", long.repeat(600)), ("OPEN", long.repeat(800))];
    let answers = answers.each_ref().map(|(item, words)| (*item, words.as_str()));
    walk.pass("I", &answers);
    let page = walk.get("I");
    let said = "only the beginning of your words is kept for \"Is there anything else you want to tell us?\"";
    assert!(page.says(said), "{:?}", page.texts(".so-preview"));
    let open = page.filled().into_iter().find(|(name, _)| name == "OPEN").expect("words");
    let length = open.1.trim().chars().count();
    assert!((100..800).contains(&length), "{length}");
    // Shorter words are whole again, and a form that was left as it is changes nothing.
    let again = walk.pass("I", &[("OPEN", "short")]);
    assert_eq!(again.status, 303, "{}", again.text);
    assert!(!walk.get("I").says(said));
});

on_both!(a_preview_is_not_there_for_somebody_elses_site, |house| {
    let (office, survey) = office(house);
    let (walk, _) = Walker::start(&office, &survey, "");
    for header in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://elsewhere.example.com")] {
        assert_eq!(office.post_with(&walk.at("A"), &[], &[header]).status, 403);
    }
});

on_both!(without_a_wave_there_is_no_survey_and_the_list_says_so, |house| {
    let office = house.sign_in(Role::Office);
    assert!(office.get("/office/surveys").says("There is no survey yet."));
    assert!(office.get("/office").text.contains("href=\"/office/surveys\""));
});

fn region() -> Survey {
    let path = folder().join("survey.toml");
    let source = std::fs::read_to_string(path).expect("the survey's file");
    definition::parse("survey.toml", &source).expect("a survey")
}

on_both!(the_paper_version_has_every_question_of_each_module, |house| {
    let (office, survey) = office(house);
    let tokens = Tokens::for_everybody("2007/08", 5, 3);
    for module in ["R1", "R2", "R3", "R4"] {
        let page = office.get(&format!("{survey}/paper?module={module}"));
        assert_eq!(page.status, 200);
        let text = page.texts("body").concat();
        let asked = region().with_modules(&[module.parse().expect("a code")]).expect("asked");
        for item in asked.items() {
            let wording = fill(item.wording, &tokens);
            assert!(text.contains(&wording), "{module}: {wording}");
            for option in item.options().unwrap_or_default() {
                let band = matches!(option.counts, definition::Counts::Band { .. });
                assert!(band || text.contains(&option.label), "{module}: {}", option.label);
            }
        }
        let questions = asked.sections.iter().map(|section| section.questions.len()).sum();
        let numbers: Vec<String> = (1_usize..=questions).map(|n| n.to_string()).collect();
        assert_eq!(page.texts(".so-paper__number"), numbers);
    }
    let page = office.get(&format!("{survey}/paper?wave={WAVE}"));
    for said in [
        "Leave this question out if you answered \"We receive none\" to question 8.",
        "Only if your number in question 15 is more than 0.",
        "→ Go on to question 11",
        "If 0: go on to question 18",
        "Not more than your number in question 15.",
        "Only if you answered \"A moderate barrier\", \"A serious barrier\" or \"A very serious barrier\" to any part of question 34.",
        "Only if you wrote something in question 36, 38 or 39.",
        "Tick up to 3 boxes. \"None needed\" and \"Don't know\" go with no other.",
        "help@soundings.example.org",
        "to arrive by 5pm on Friday 14 December 2007",
    ] {
        assert!(page.says(said), "{said}");
    }
});
