//! A browser without script: keeps cookies, follows nothing by itself.

use std::sync::{Arc, Mutex};

use scraper::{ElementRef, Html, Selector};
use ureq::Agent;
use ureq::http::Response;

/// Somebody with a browser.
#[derive(Clone)]
pub struct Visitor {
    agent: Agent,
    base: String,
    // What the form last seen carries unseen; it goes along with each answer.
    unseen: Arc<Mutex<Vec<(String, String)>>>,
    // What the forms of this session carry.
    form: Arc<Mutex<Option<String>>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// Where the answer sends the reader.
    pub to: Option<String>,
    /// Whether a cookie was set.
    pub sets_cookie: bool,
    /// The body.
    pub text: String,
}

/// An answer as it came, with its headers.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body as it came, compressed if it was.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The elements that fit.
fn all<'h>(within: ElementRef<'h>, css: &str) -> Vec<ElementRef<'h>> {
    within.select(&Selector::parse(css).expect("a selector")).collect()
}

/// The text of an element, white space as a reader sees it.
fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Visitor {
    /// A new browser in front of the service.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build();
        Self {
            agent: config.into(),
            base: base.to_owned(),
            unseen: Arc::default(),
            form: Arc::default(),
        }
    }

    fn address(&self, path: &str) -> String {
        if path.starts_with('/') { format!("{}{path}", self.base) } else { path.to_owned() }
    }

    /// Opens an address or a path.
    pub fn get(&self, path: &str) -> Page {
        self.seen(Page::of(self.agent.get(self.address(path)).call()))
    }

    /// The page in front of the reader, whose hidden fields go with the next form.
    fn seen(&self, page: Page) -> Page {
        let unseen = page.unseen();
        if !unseen.is_empty() {
            *self.unseen.lock().expect("no panic") = unseen;
        }
        if let Some(token) = page.form_token() {
            *self.form.lock().expect("no panic") = Some(token);
        }
        page
    }

    /// What the forms of this session carry, as its pages have it; nothing of nobody's.
    fn form_token(&self) -> Option<String> {
        if self.form.lock().expect("no panic").is_none() {
            self.get("/");
        }
        self.form.lock().expect("no panic").clone()
    }

    /// The body of a form; the survey's forms carry what is unseen in them.
    fn body(&self, path: &str, fields: &[(String, String)]) -> String {
        let mut all = fields.to_vec();
        if path.starts_with("/answer/") || path.starts_with("/office/surveys/") {
            all.extend(self.unseen.lock().expect("no panic").iter().cloned());
        }
        let staffs = ["/office", "/results", "/sign-out", "/account"];
        if staffs.iter().any(|start| path.starts_with(start)) {
            all.retain(|(name, _)| name != "-form");
            all.extend(self.form_token().map(|token| ("-form".to_owned(), token)));
        }
        serde_urlencoded::to_string(all).expect("a form")
    }

    /// Opens an address and follows wherever it leads by GET.
    pub fn go(&self, path: &str) -> Page {
        let mut page = self.get(path);
        for _ in 0..5 {
            let Some(to) = page.to.take() else { return page };
            page = self.get(&to);
        }
        panic!("{path} leads round in a circle");
    }

    /// Like [`Visitor::go`] for a page with a form, on a service that may be gone.
    pub fn try_go(&self, path: &str) -> bool {
        let Ok(response) = self.agent.get(self.address(path)).call() else { return false };
        let page = Page::of(Ok(response));
        match page.to {
            Some(to) => self.try_go(&to),
            None => {
                let unseen = page.unseen();
                let whole = !unseen.is_empty();
                *self.unseen.lock().expect("no panic") = unseen;
                whole
            }
        }
    }

    /// Opens an address with more headers, and shows the answer as it came.
    pub fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = self.agent.get(self.address(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().expect("an answer");
        let headers = response.headers().iter();
        let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
        let status = response.status().as_u16();
        let bytes = response.body_mut().read_to_vec().expect("a body");
        Reply { status, headers, bytes }
    }

    /// Asks for the head alone.
    pub fn head(&self, path: &str) -> Page {
        Page::of(self.agent.head(self.address(path)).call())
    }

    /// Sends a form.
    pub fn post(&self, path: &str, fields: &[(String, String)]) -> Page {
        self.post_with(path, fields, &[])
    }

    /// Sends files in one field of a form, with what the page in front of the reader
    /// carries unseen.
    pub fn send_files(&self, path: &str, field: &str, files: &[(&str, &[u8])]) -> Page {
        let border = "a-border-that-no-file-has";
        let mut body = Vec::new();
        if let Some(value) = self.form_token() {
            let name = "-form";
            let head = format!("--{border}\r\nContent-Disposition: form-data; name=\"{name}\"");
            body.extend(format!("{head}\r\n\r\n{value}\r\n").into_bytes());
        }
        for (name, bytes) in files {
            let head = format!("--{border}\r\nContent-Disposition: form-data; name=\"{field}\"");
            let head = format!("{head}; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n");
            body.extend(head.into_bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{border}--\r\n").into_bytes());
        let request = self.agent.post(self.address(path));
        let request = request.content_type(format!("multipart/form-data; boundary={border}"));
        self.seen(Page::of(request.send(&body[..])))
    }

    /// Sends these fields and no other.
    pub fn post_as_it_is(&self, path: &str, fields: &[(String, String)]) -> Page {
        Page::of(self.agent.post(self.address(path)).send_form(fields.to_vec()))
    }

    /// Sends a form without a field, and keeps the first cookie that comes for itself.
    pub fn post_keeping(&self, path: &str) -> (Page, String) {
        let response =
            self.agent.post(self.address(path)).send_form(Vec::<(String, String)>::new());
        let response = response.expect("an answer");
        let cookie = response.headers().get("set-cookie").expect("a cookie");
        let cookie = cookie.to_str().expect("a plain header").to_owned();
        (Page::of(Ok(response)), cookie)
    }

    /// Sends a form with more headers.
    pub fn post_with(
        &self,
        path: &str,
        fields: &[(String, String)],
        headers: &[(&str, &str)],
    ) -> Page {
        let body = self.body(path, fields);
        let mut request =
            self.agent.post(self.address(path)).content_type("application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.seen(Page::of(request.send(body)))
    }

    /// How many bytes an address takes on the way, compressed as a browser asks.
    pub fn weight(&self, path: &str) -> usize {
        let request = self.agent.get(self.address(path)).header("Accept-Encoding", "br");
        let mut response = request.call().expect("an answer");
        assert_eq!(response.status(), 200, "{path}");
        response.body_mut().read_to_vec().expect("a body").len()
    }

    /// Opens a path as if the address of the service were another.
    pub fn get_as_host(&self, path: &str, host: &str) -> Page {
        Page::of(self.agent.get(self.address(path)).header("Host", host).call())
    }

    /// Like [`Visitor::post`], for a service that may be gone.
    pub fn try_post(&self, path: &str, fields: &[(String, String)]) -> Option<Page> {
        let body = self.body(path, fields);
        let request = self.agent.post(self.address(path));
        let sent = request.content_type("application/x-www-form-urlencoded").send(body);
        sent.ok().map(|response| self.seen(Page::of(Ok(response))))
    }
}

impl Page {
    fn of(outcome: Result<Response<ureq::Body>, ureq::Error>) -> Self {
        let mut response = outcome.expect("the service answers");
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().expect("a plain header").to_owned())
        };
        Self {
            status: response.status().as_u16(),
            to: header("location"),
            sets_cookie: header("set-cookie").is_some(),
            text: response.body_mut().read_to_string().unwrap_or_default(),
        }
    }

    fn html(&self) -> Html {
        Html::parse_document(&self.text)
    }

    /// The hidden fields of the page's forms.
    pub fn unseen(&self) -> Vec<(String, String)> {
        let html = self.html();
        let inputs = all(html.root_element(), "main form input[type=hidden]");
        let attr =
            |input: &ElementRef<'_>, name| input.value().attr(name).unwrap_or_default().to_owned();
        inputs.iter().map(|input| (attr(input, "name"), attr(input, "value"))).collect()
    }

    /// What the forms of the session carry, if somebody is signed in.
    fn form_token(&self) -> Option<String> {
        let (_, rest) = self.text.split_once("name=\"-form\" value=\"")?;
        Some(rest.split('"').next()?.to_owned())
    }

    /// The hidden fields of the page's forms, but for what each form of a session has.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let mut fields = self.unseen();
        fields.retain(|(name, _)| name.starts_with('-') && name != "-form");
        fields
    }

    /// The level-one heading.
    pub fn heading(&self) -> String {
        let html = self.html();
        let found = all(html.root_element(), "h1").first().map(|h1| words(*h1));
        found.unwrap_or_else(|| panic!("a page without a heading: {}", self.text))
    }

    /// The addresses that the elements that fit refer to.
    pub fn addresses(&self, css: &str) -> Vec<String> {
        let html = self.html();
        let found = all(html.root_element(), css).into_iter();
        found
            .filter_map(|one| one.value().attr("href").or(one.value().attr("src")))
            .map(str::to_owned)
            .collect()
    }

    /// The texts of all elements that fit.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let html = self.html();
        all(html.root_element(), css).into_iter().map(words).collect()
    }

    /// Everything that stands on the page.
    pub fn says(&self, sentence: &str) -> bool {
        self.texts("body").concat().contains(sentence)
    }

    /// The action of the form whose button has this text.
    pub fn form_action(&self, button: &str) -> String {
        let html = self.html();
        let form = all(html.root_element(), "main form")
            .into_iter()
            .find(|form| all(*form, "button").into_iter().any(|b| words(b) == button))
            .unwrap_or_else(|| panic!("no button {button:?} on: {}", self.text));
        assert_eq!(form.value().attr("method"), Some("post"));
        form.value().attr("action").expect("an action").to_owned()
    }

    /// What each field of the form offers: radios and boxes with their values
    /// (and which are chosen, boxes with spaces between), texts with their words.
    pub fn fields(&self) -> Vec<Field> {
        let html = self.html();
        let mut fields: Vec<Field> = Vec::new();
        let options = "main form input[type=radio], main form input[type=checkbox]";
        for input in all(html.root_element(), options) {
            let attr = |name| input.value().attr(name).unwrap_or_default().to_owned();
            let name = attr("name");
            let place = fields.iter().position(|field| field.name == name);
            let place = place.unwrap_or_else(|| {
                let several = attr("type") == "checkbox";
                fields.push(Field { name, several, options: Vec::new(), value: None });
                fields.len() - 1
            });
            fields[place].options.push(attr("value"));
            if input.value().attr("checked").is_some() {
                let before = fields[place].value.take().map(|value| value + " ");
                fields[place].value = Some(before.unwrap_or_default() + &attr("value"));
            }
        }
        for input in all(html.root_element(), "main form input[type=text]") {
            let attr = |name| input.value().attr(name).unwrap_or_default().to_owned();
            let value = Some(attr("value")).filter(|value| !value.is_empty());
            fields.push(Field { name: attr("name"), several: false, options: Vec::new(), value });
        }
        for area in all(html.root_element(), "main form textarea") {
            let name = area.value().attr("name").unwrap_or_default().to_owned();
            let text: String = area.text().collect();
            let value = (!text.is_empty()).then_some(text);
            fields.push(Field { name, several: false, options: Vec::new(), value });
        }
        fields
    }

    /// What the page says is chosen or written, by field.
    pub fn filled(&self) -> Vec<(String, String)> {
        let fields = self.fields().into_iter();
        fields.filter_map(|field| Some((field.name, field.value?))).collect()
    }

    /// The name and value of the button with this text.
    pub fn button(&self, text: &str) -> Option<(String, String)> {
        let html = self.html();
        let button = all(html.root_element(), "main form button")
            .into_iter()
            .find(|button| words(*button) == text)?;
        let attr = |name| button.value().attr(name).unwrap_or_default().to_owned();
        Some((attr("name"), attr("value")))
    }
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Whether several of its options may be chosen.
    pub several: bool,
    /// The values of its radios or boxes; none for a text.
    pub options: Vec<String>,
    /// What is chosen or written.
    pub value: Option<String>,
}
