//! A lead who answers most of the form: whatever questions it has, by the
//! fields that stand in it.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use scraper::{ElementRef, Html, Selector};
use serde_urlencoded::to_string as encoded;

use crate::Outcome;
use crate::http::{Answer, ask, request};

/// However it goes on, a form ends within so many pages.
pub const MOST_PAGES: usize = 60;

/// A lead whose browser has followed the link.
#[derive(Clone)]
pub struct Lead {
    pub address: SocketAddr,
    cookie: String,
}

/// Fields of a form, named.
pub type Fields = Vec<(String, String)>;

fn all<'h>(within: ElementRef<'h>, what: &str) -> Outcome<Vec<ElementRef<'h>>> {
    let selector = Selector::parse(what).map_err(|why| why.to_string())?;
    Ok(within.select(&selector).collect())
}

/// The form of a page that has most fields, as its address and its fields.
pub struct Form {
    pub action: String,
    pub fields: Fields,
    /// The buttons with a name: ways past a question of the form.
    pub buttons: Fields,
}

impl Form {
    /// The form filled in; questions of which `leave` says so stay blank.
    pub fn filled(page: &str, leave: impl Fn(usize) -> bool) -> Outcome<Self> {
        let page = Html::parse_document(page);
        let mut forms = all(page.root_element(), "main form[method=post]")?;
        forms.sort_by_key(|form| form.descendants().count());
        let form = forms.pop().ok_or("a page without a form")?;
        let mut filled = Self {
            action: form.attr("action").unwrap_or_default().to_owned(),
            fields: Vec::new(),
            buttons: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        for field in all(form, "input, textarea, button[name]")? {
            let of = |name: &str| field.attr(name).unwrap_or_default().to_owned();
            let (name, kind) = (of("name"), of("type"));
            let pair = |value: String| (name.clone(), value);
            match (field.value().name(), kind.as_str()) {
                _ if name.is_empty() => {}
                ("button", _) => filled.buttons.push(pair(of("value"))),
                (_, "hidden") => filled.fields.push(pair(of("value"))),
                // The form's own fields: words beside an option, ways out of a number.
                _ if name.starts_with('-') => {}
                _ if !seen.insert(name.clone()) || leave(seen.len()) => {}
                ("textarea", _) => filled.fields.push(pair("We meet the PCT & talk.".to_owned())),
                (_, "radio" | "checkbox") => filled.fields.push(pair(of("value"))),
                (_, "number") => filled.fields.push(pair("1".to_owned())),
                (_, _) if of("inputmode") == "numeric" => filled.fields.push(pair("1".to_owned())),
                _ => {}
            }
        }
        Ok(filled)
    }
}

impl Lead {
    /// Follows a personal link.
    pub fn enter(address: SocketAddr, link: &str) -> Outcome<Self> {
        let entered = ask(address, &request("POST", link, address, "", ""))?;
        let cookie = entered.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        Ok(Self { address, cookie: cookie.ok_or("a link without a cookie")?.to_owned() })
    }

    /// A request of this lead, with more headers.
    pub fn request(&self, method: &str, path: &str, more: &str, body: &str) -> String {
        request(method, path, self.address, &format!("Cookie: {}\r\n{more}", self.cookie), body)
    }

    /// A page; one that is refused stops the benchmark.
    pub fn get(&self, path: &str) -> Outcome<Answer> {
        self.get_as(path, "")
    }

    /// A page asked for with more headers.
    pub fn get_as(&self, path: &str, more: &str) -> Outcome<Answer> {
        let answer = ask(self.address, &self.request("GET", path, more, ""))?;
        if matches!(answer.status, 200 | 303) {
            Ok(answer)
        } else {
            Err(format!("{path} answers {}", answer.status).into())
        }
    }

    /// Sends a form, with more headers.
    pub fn post(&self, path: &str, fields: &Fields, more: &str) -> Outcome<Answer> {
        ask(self.address, &self.request("POST", path, more, &encoded(fields)?))
    }

    /// Answers all sections but every fourth question, and sends nothing.
    pub fn answer_most(&self) -> Outcome<()> {
        self.walk(|field| field % 4 == 0).map(drop)
    }

    /// The addresses of the sections, in order.
    pub fn sections(&self) -> Outcome<Vec<String>> {
        self.walk(|field| field % 4 == 0)
    }

    fn walk(&self, leave: impl Fn(usize) -> bool) -> Outcome<Vec<String>> {
        let mut at = self.first()?;
        let mut sections = Vec::new();
        while at != "/answer/check" {
            if sections.len() > MOST_PAGES {
                return Err("the form does not end".into());
            }
            let page = self.get(&at)?;
            let next = self.save(page.text()?, &leave)?;
            sections.push(at);
            at = next;
        }
        Ok(sections)
    }

    /// The address of the first section.
    fn first(&self) -> Outcome<String> {
        let mut at = self.to(&self.get("/answer")?)?;
        for _ in 0..MOST_PAGES {
            let page = self.get(&at)?;
            let page = Html::parse_document(page.text()?);
            match all(page.root_element(), "a.nhsuk-back-link")?
                .first()
                .and_then(|a| a.attr("href"))
            {
                Some(before) if before.starts_with("/answer/") => before.clone_into(&mut at),
                _ => return Ok(at),
            }
        }
        Err("the form does not begin".into())
    }

    /// Sends a section; answers what it asks back, and presses what leads past
    /// its question about blanks.
    pub fn save(&self, page: &str, leave: impl Fn(usize) -> bool) -> Outcome<String> {
        let form = Form::filled(page, &leave)?;
        let mut saved = self.post(&form.action, &form.fields, "")?;
        for _ in 0..3 {
            if saved.status != 200 {
                break;
            }
            let asked = Form::filled(saved.text()?, &leave)?;
            let fields = asked.fields.into_iter().chain(asked.buttons).collect();
            saved = self.post(&asked.action, &fields, "")?;
        }
        self.to(&saved)
    }

    fn to(&self, answer: &Answer) -> Outcome<String> {
        match (answer.status, answer.header("location")) {
            (303, Some(to)) => Ok(to.to_owned()),
            (status, _) => Err(format!("the form did not go on: {status}").into()),
        }
    }
}
