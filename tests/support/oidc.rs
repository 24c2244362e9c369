//! A real identity provider, and people with accounts there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use scraper::{Html, Selector};
use serde_json::json;
use tempfile::TempDir;

use super::house::{Backend, TestHouse};
use super::visitor::{Page, Visitor};

/// A provider; stopped with this value.
pub struct Oidc {
    process: Child,
    // Kept open: the provider would die of writing into a closed pipe.
    _output: BufReader<ChildStdout>,
    /// Where it is.
    pub base: String,
    _secret: TempDir,
}

/// The service with a provider that knows it.
pub fn start(backend: Backend) -> (TestHouse, Oidc) {
    let people = json!({
        "ann-1": { "email": "office@sha.example.org", "email_verified": true },
        "ann-2": { "email": "Office@sha.example.org", "email_verified": true },
        "ben": { "email": "office@sha.example.org", "email_verified": false },
        "cy": { "email": "nobody@elsewhere.example.org", "email_verified": true },
        "dee": {},
    });
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut process = Command::new("node")
        .arg(here.join("tests/support/oidc.mjs"))
        .arg(people.to_string())
        .current_dir(here)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("node starts: run scripts/setup tests");
    let mut output = BufReader::new(process.stdout.take().expect("its output"));
    let port = line(&mut output);
    assert!(!port.is_empty(), "oidc-provider is installed: run scripts/setup tests");
    let base = format!("http://127.0.0.1:{port}");
    let secret = tempfile::tempdir().expect("a folder");
    let file = secret.path().join("secret");
    std::fs::write(&file, "a secret that both know\n").expect("a secret");
    let house = TestHouse::start_with(
        backend,
        [
            ("SOUNDINGS_OIDC_ISSUER", base.clone()),
            ("SOUNDINGS_OIDC_CLIENT_ID", "soundings".to_owned()),
            ("SOUNDINGS_OIDC_CLIENT_SECRET_FILE", file.display().to_string()),
            ("SOUNDINGS_OIDC_NAME", "your NHS account".to_owned()),
        ],
    );
    let mut input = process.stdin.take().expect("its input");
    writeln!(input, "{}/sign-in/back", house.base()).expect("the provider hears");
    assert_eq!(line(&mut output), "ready");
    // Whoever writes to a closed pipe is stopped.
    process.stdin = Some(input);
    (house, Oidc { process, _output: output, base, _secret: secret })
}

fn line(output: &mut impl BufRead) -> String {
    let mut line = String::new();
    output.read_line(&mut line).expect("the provider speaks");
    line.trim().to_owned()
}

/// The first form of a page of the provider: where it goes, and what it carries.
fn form(page: &Page) -> (String, Vec<(String, String)>) {
    let html = Html::parse_document(&page.text);
    let all = |css: &str| Selector::parse(css).expect("a selector");
    let form = html.select(&all("form")).next().expect("a form of the provider");
    let hidden = all("input[type=hidden]");
    let fields = form.select(&hidden).map(|input| {
        let attr = |name| input.attr(name).unwrap_or_default().to_owned();
        (attr("name"), attr("value"))
    });
    (form.attr("action").expect("an action").to_owned(), fields.collect())
}

impl Oidc {
    /// Signs in there as somebody, and says where the provider sends them back to.
    pub fn sign_in(&self, to: &str, who: &str) -> String {
        self.walk(to, Some(who))
    }

    /// Turns back at the provider's door.
    pub fn turn_back(&self, to: &str) -> String {
        self.walk(to, None)
    }

    fn walk(&self, to: &str, who: Option<&str>) -> String {
        let browser = Visitor::new(&self.base);
        let mut page = browser.get(to);
        for _ in 0..12 {
            if let Some(to) = page.to.take() {
                if to.contains("/sign-in/back") {
                    return to;
                }
                page = browser.get(&to);
                continue;
            }
            assert_eq!(page.status, 200, "{}", page.text);
            let (action, mut fields) = form(&page);
            page = match who {
                None => browser.get(&format!("{action}/abort")),
                Some(who) => {
                    for (name, value) in [("login", who), ("password", "x")] {
                        fields.push((name.to_owned(), value.to_owned()));
                    }
                    browser.post(&action, &fields)
                }
            };
        }
        panic!("the provider leads round in a circle: {}", page.text);
    }
}

impl Drop for Oidc {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
