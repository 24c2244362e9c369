//! What a browser with an empty cache loads, from the personal link to the
//! receipt of a form with every question answered.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use scraper::{Html, Selector};

use crate::Outcome;
use crate::http::{Answer, ask, request};
use crate::lead::{Form, Lead, MOST_PAGES};

/// The whole run, as one coding of the content is asked for.
#[derive(Default)]
pub struct Cold {
    pub coding: &'static str,
    pub pages: usize,
    pub requests: usize,
    /// Requests of the page that took most, its redirect included.
    pub most_requests: usize,
    /// Bytes of all bodies as they came, compressed.
    pub bytes: usize,
    /// The same with the head lines of the answers.
    pub wire: usize,
    /// The heaviest section with its style sheets and scripts, compressed.
    pub heaviest_section: usize,
    /// Style sheets and scripts alone.
    pub frame: usize,
    of_page: usize,
    kept: BTreeSet<String>,
}

impl Cold {
    /// Answers everything under this link.
    pub fn run(address: SocketAddr, link: &str, coding: &'static str) -> Outcome<Self> {
        let mut cold = Self { coding, ..Self::default() };
        let accept = cold.accept();
        let welcome = ask(address, &request("GET", link, address, "", ""))?;
        cold.count(&ask(address, &request("GET", link, address, &accept, ""))?);
        cold.show(address, welcome.text()?)?;
        let lead = Lead::enter(address, link)?;
        let entered = ask(address, &request("POST", link, address, "", ""))?;
        cold.count(&entered);
        let mut at = entered.header("location").ok_or("no first section")?.to_owned();
        let mut page = cold.page(&lead, &at)?;
        while at != "/answer/done" {
            let form = Form::filled(&page, |_| false)?;
            let sent = lead.post(&form.action, &form.fields, &accept)?;
            cold.count(&sent);
            match (sent.status, sent.header("location")) {
                (303, Some(to)) => {
                    to.clone_into(&mut at);
                    page = cold.page(&lead, &at)?;
                }
                // The answers brought up more questions: the same page once more.
                (200, _) if cold.pages < MOST_PAGES => {
                    page = lead.get(&at)?.text()?.to_owned();
                    cold.show(address, &page)?;
                }
                (status, _) => return Err(format!("{at} did not go on: {status}").into()),
            }
        }
        Ok(cold)
    }

    fn accept(&self) -> String {
        format!("Accept-Encoding: {}\r\n", self.coding)
    }

    /// Shows a page: asked for once as a browser does, once more to read it.
    fn page(&mut self, lead: &Lead, path: &str) -> Outcome<String> {
        let answer = lead.get_as(path, &self.accept())?;
        let size = answer.body.len();
        self.count(&answer);
        let page = lead.get(path)?.text()?.to_owned();
        self.show(lead.address, &page)?;
        if !matches!(path, "/answer/check" | "/answer/done") {
            self.heaviest_section = self.heaviest_section.max(size + self.frame);
        }
        Ok(page)
    }

    fn count(&mut self, answer: &Answer) {
        self.requests += 1;
        self.of_page += 1;
        self.bytes += answer.body.len();
        self.wire += answer.wire;
        self.most_requests = self.most_requests.max(self.of_page);
    }

    /// Loads what a page names and the cache does not hold.
    fn show(&mut self, address: SocketAddr, page: &str) -> Outcome<()> {
        let page = Html::parse_document(page);
        for (what, link) in [
            ("link[rel~=stylesheet]", "href"),
            ("script[src]", "src"),
            ("link[rel~=icon], link[rel~=preload]", "href"),
            ("img[src]", "src"),
        ] {
            let selector = Selector::parse(what).map_err(|why| why.to_string())?;
            for path in page.select(&selector).filter_map(|found| found.attr(link)) {
                if self.kept.insert(path.to_owned()) {
                    let file = ask(address, &request("GET", path, address, &self.accept(), ""))?;
                    self.count(&file);
                    if what.contains("stylesheet") || what.contains("script") {
                        self.frame += file.body.len();
                    }
                }
            }
        }
        self.pages += 1;
        self.of_page = 0;
        Ok(())
    }
}
