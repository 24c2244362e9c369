//! What a visitor does from the first page to the receipt, on either side. Every
//! answer's status is checked, and a word of every page.

use std::future::Future;

use serde_urlencoded::to_string as encoded;
use soundings::invitation::Token;

use crate::Outcome;
use crate::http::{field, request};
use crate::load::{Answer, Connection, What};
use crate::place::{QUESTIONS, SECTION, answers};

/// Somebody who fills in a form.
pub trait Visitor: Clone + Send + Sync + 'static {
    /// Whether the same one may come again and again.
    const AGAIN: bool;

    /// The whole visit.
    fn visit(&self, connection: &mut Connection) -> impl Future<Output = Outcome<()>> + Send;
}

/// Somebody at the bare form, the short way.
#[derive(Clone)]
pub struct Passer {
    body: String,
}

/// Somebody at the bare form who goes the way of ours.
#[derive(Clone)]
pub struct Walker(pub Passer);

/// A lead with a personal link.
#[derive(Clone)]
pub struct Lead {
    /// The link as a path.
    pub link: String,
    fields: String,
}

fn has(answer: &Answer, words: &str) -> Outcome<()> {
    match answer.body.contains(words) {
        true => Ok(()),
        false => Err(format!("a page has not the words \"{words}\"").into()),
    }
}

fn leads_to(answer: &Answer, path: &str) -> Outcome<()> {
    match field(&answer.head, "location") {
        Some(to) if to == path => Ok(()),
        other => Err(format!("the way goes to {other:?} and not to {path}").into()),
    }
}

/// The unseen fields of a page's forms, encoded.
fn unseen(page: &str) -> Outcome<String> {
    let mut fields = Vec::new();
    for part in page.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = part.split_once("\" value=\"").ok_or("a field without a value")?;
        let (value, _) = rest.split_once('"').ok_or("a field without an end")?;
        fields.push((name, value));
    }
    Ok(encoded(fields)?)
}

impl Passer {
    /// The one of this number.
    pub fn number(number: usize) -> Outcome<Self> {
        Ok(Self { body: encoded(answers(number))? })
    }
}

impl Visitor for Passer {
    const AGAIN: bool = true;

    async fn visit(&self, connection: &mut Connection) -> Outcome<()> {
        has(&connection.get("/", "", 200).await?, &format!("name=\"Q{QUESTIONS}\""))?;
        let send = request("POST", "/", connection.address, "", &self.body);
        leads_to(&connection.ask(What::Send, &send, 303).await?, "/thanks")?;
        has(&connection.get("/thanks", "", 200).await?, "Thank you")
    }
}

impl Visitor for Walker {
    const AGAIN: bool = true;

    async fn visit(&self, connection: &mut Connection) -> Outcome<()> {
        has(&connection.get("/s", "", 200).await?, "Thirty questions")?;
        let enter = request("POST", "/s", connection.address, "", "");
        let entered = connection.ask(What::Step, &enter, 303).await?;
        leads_to(&entered, "/answer")?;
        let cookie = cookie_of(&entered)?;
        has(&connection.get("/answer", &cookie, 200).await?, &format!("name=\"Q{QUESTIONS}\""))?;
        let save = request("POST", "/answer", connection.address, &cookie, &self.0.body);
        leads_to(&connection.ask(What::Step, &save, 303).await?, "/check")?;
        has(&connection.get("/check", &cookie, 200).await?, "Check your answers")?;
        let send = request("POST", "/send", connection.address, &cookie, "");
        leads_to(&connection.ask(What::Send, &send, 303).await?, "/done")?;
        has(&connection.get("/done", &cookie, 200).await?, "Thank you")
    }
}

/// The cookie that an answer sets, as the head line that brings it back.
fn cookie_of(answer: &Answer) -> Outcome<String> {
    let cookie = field(&answer.head, "set-cookie").and_then(|all| all.split(';').next());
    Ok(format!("Cookie: {}\r\n", cookie.ok_or("a link without a cookie")?))
}

impl Lead {
    /// The lead of this number, with a link.
    pub fn number(number: usize, token: &Token) -> Outcome<Self> {
        Ok(Self { link: format!("/s/{}", token.expose()), fields: encoded(answers(number))? })
    }

    /// Follows the link to the section; the head line with the cookie.
    pub async fn enter(&self, connection: &mut Connection) -> Outcome<String> {
        let enter = request("POST", &self.link, connection.address, "", "");
        let entered = connection.ask(What::Step, &enter, 303).await?;
        leads_to(&entered, &format!("/answer/{SECTION}"))?;
        cookie_of(&entered)
    }

    /// From the link to the page for checking, which is not asked for.
    pub async fn answer(&self, connection: &mut Connection) -> Outcome<String> {
        has(&connection.get(&self.link, "", 200).await?, "Thirty questions")?;
        let cookie = self.enter(connection).await?;
        let section = format!("/answer/{SECTION}");
        let page = connection.get(&section, &cookie, 200).await?;
        has(&page, &format!("name=\"Q{QUESTIONS}\""))?;
        let body = format!("{}&{}", unseen(&page.body)?, self.fields);
        let save = request("POST", &section, connection.address, &cookie, &body);
        let saved = connection.ask(What::Step, &save, 303).await?;
        leads_to(&saved, "/answer/check")?;
        Ok(cookie)
    }
}

impl Visitor for Lead {
    const AGAIN: bool = false;

    async fn visit(&self, connection: &mut Connection) -> Outcome<()> {
        let cookie = self.answer(connection).await?;
        let check = connection.get("/answer/check", &cookie, 200).await?;
        has(&check, "Check your answers")?;
        let body = unseen(&check.body)?;
        let send = request("POST", "/answer/send", connection.address, &cookie, &body);
        leads_to(&connection.ask(What::Send, &send, 303).await?, "/answer/done")?;
        has(&connection.get("/answer/done", &cookie, 200).await?, "Thank you")
    }
}
