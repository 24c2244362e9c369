//! A lead who answers: from the link to the receipt, through the pages alone.

use std::collections::BTreeMap;

use super::visitor::{Page, Visitor};

/// Answers by field: an option's value, several with spaces between, or words. A
/// field that is missing stays as it is.
pub type Answers = BTreeMap<String, String>;

/// A lead with a browser.
pub struct Respondent {
    /// The browser, for what this type has no verb for.
    pub browser: Visitor,
    /// The personal link.
    pub link: String,
}

impl Respondent {
    /// A lead with a link and a browser that has not seen it.
    pub fn new(browser: Visitor, link: &str) -> Self {
        Self { browser, link: link.to_owned() }
    }

    /// Follows the link and presses its button.
    pub fn open(&self) -> &Self {
        let page = self.browser.get(&self.link);
        assert_eq!(page.status, 200, "{}", page.text);
        let button = ["Start", "Fill in the form again"]
            .into_iter()
            .find(|button| page.button(button).is_some())
            .expect("a way in");
        let entered = self.browser.post(&page.form_action(button), &[]);
        assert_eq!(entered.status, 303);
        assert!(entered.sets_cookie);
        // Where the form goes on, now and later.
        let to = entered.to.expect("a way on");
        assert_eq!(self.browser.get("/answer").to, Some(to.clone()));
        self.browser.go(&to);
        self
    }

    /// The page that the form goes on with.
    pub fn resume(&self) -> Page {
        self.browser.go("/answer")
    }

    /// Fills in one page of the form as a browser sends it.
    pub fn fill(&self, page: &Page, answers: &Answers) -> Page {
        self.browser.post(&page.form_action("Save and continue"), &filled_in(page, answers))
    }

    /// Answers section by section until the check page; leaves blank what has no answer.
    pub fn answers(&self, answers: &Answers) -> &Self {
        let mut page = self.browser.go("/answer");
        // However it goes on, the form ends within so many pages.
        for _ in 0..20 {
            if page.heading() == "Check your answers" {
                return self;
            }
            let mut saved = self.fill(&page, answers);
            // Answers can bring up more questions, and blanks are asked about once.
            for _ in 0..4 {
                if saved.status != 200 {
                    break;
                }
                let mut fields = filled_in(&saved, answers);
                fields.extend(saved.button("Leave blank and continue"));
                saved = self.browser.post(&saved.form_action("Save and continue"), &fields);
            }
            assert_eq!(saved.status, 303, "{}", saved.text);
            page = self.browser.go(&saved.to.expect("a next page"));
        }
        panic!("the form does not end");
    }

    /// Sends what was answered and reads the receipt.
    pub fn send(&self) -> Page {
        let check = self.browser.get("/answer/check");
        let button = ["Seal and send", "Seal and send the new answers"]
            .into_iter()
            .find(|button| check.button(button).is_some())
            .unwrap_or_else(|| panic!("nothing to send: {}", check.text));
        let sent = self.browser.post(&check.form_action(button), &[]);
        assert_eq!((sent.status, sent.to.as_deref()), (303, Some("/answer/done")));
        let done = self.browser.get("/answer/done");
        assert_eq!((done.status, done.heading().as_str()), (200, "Thank you"));
        done
    }

    /// Says no, in two steps.
    pub fn decline(&self) -> Page {
        let ask = self.browser.get("/answer/decline");
        let button = ["I do not want to answer", "Withdraw my answers"]
            .into_iter()
            .find(|button| ask.button(button).is_some())
            .expect("a way to say no");
        let said = self.browser.post(&ask.form_action(button), &[]);
        assert_eq!((said.status, said.to.as_deref()), (303, Some("/answer/declined")));
        self.browser.get("/answer/declined")
    }
}

/// The page's form with these answers in it; what else is filled in stays.
fn filled_in(page: &Page, answers: &Answers) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for field in page.fields() {
        match answers.get(&field.name) {
            Some(values) if field.several => {
                for value in values.split(' ').map(str::to_owned) {
                    assert!(field.options.contains(&value), "{} offers no {value}", field.name);
                    fields.push((field.name.clone(), value));
                }
            }
            Some(value) if field.options.is_empty() || field.options.contains(value) => {
                fields.push((field.name, value.clone()));
            }
            Some(value) => panic!("{} offers no {value}", field.name),
            // A browser sends an empty text, and nothing for radios without a choice.
            None if field.options.is_empty() => {
                fields.push((field.name, field.value.unwrap_or_default()));
            }
            None => {
                let values = field.value.iter().flat_map(|value| value.split(' '));
                fields.extend(values.map(|value| (field.name.clone(), value.to_owned())));
            }
        }
    }
    fields
}
