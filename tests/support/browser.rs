//! A real headless Chromium, driven from a plain `#[test]`: each call waits.

use std::future::Future;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine};
use fantoccini::error::CmdError;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const PATIENCE: Duration = Duration::from_secs(20);

/// A browser with a profile of its own; closed with this value.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    runtime: Runtime,
    driver: Child,
    // Kept open: the driver would fail on writing into a closed pipe.
    _output: BufReader<ChildStdout>,
    _profile: TempDir,
}

impl Browser {
    /// Starts chromedriver on a port that it chooses, and Chromium with it.
    ///
    /// # Panics
    /// If either does not start: run scripts/setup tests.
    pub fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .args(["--port=0", "--log-level=WARNING"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts: run scripts/setup tests");
        let mut output = BufReader::new(driver.stdout.take().expect("chromedriver's output"));
        let port = chosen_port(&mut output);
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = runtime
            .block_on(
                ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
                    .capabilities(capabilities(profile.path()))
                    .connect(&format!("http://127.0.0.1:{port}")),
            )
            .expect("Chromium starts");
        Self { client, runtime, driver, _output: output, _profile: profile }
    }

    /// The client, for what this type has no verb for; see [`Browser::wait`].
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for something asked of the client.
    pub fn wait<T>(&self, asked: impl Future<Output = Result<T, CmdError>>) -> T {
        self.runtime.block_on(asked).expect("the browser does as asked")
    }

    /// Opens an address.
    pub fn goto(&self, url: &str) {
        self.wait(self.client.goto(url));
    }

    /// The address shown.
    pub fn url(&self) -> String {
        self.wait(self.client.current_url()).to_string()
    }

    /// The page's title.
    pub fn title(&self) -> String {
        self.wait(self.client.title())
    }

    /// The visible text of the first element that fits.
    pub fn text(&self, css: &str) -> String {
        self.wait(async { self.client.find(Locator::Css(css)).await?.text().await })
    }

    /// Whether an element fits.
    pub fn has(&self, css: &str) -> bool {
        !self.wait(self.client.find_all(Locator::Css(css))).is_empty()
    }

    /// Clicks the first element that fits, as a person would: it must be visible.
    pub fn click(&self, css: &str) {
        self.wait(async { self.client.find(Locator::Css(css)).await?.click().await });
    }

    /// Clicks what leads to another page, and waits until that page is there: the
    /// driver may return before the browser has left the old one.
    ///
    /// # Panics
    /// If no other page comes.
    pub fn follow(&self, css: &str) {
        self.leave_by(css, || self.click(css));
    }

    /// Does what leads to another page, and waits until that page is there.
    ///
    /// # Panics
    /// If no other page comes.
    pub fn leave_by(&self, what: &str, act: impl FnOnce()) {
        self.script("document.documentElement.dataset.left = 'not yet'");
        act();
        let arrived = "return document.readyState === 'complete'
            && document.documentElement.dataset.left === undefined";
        // Between two pages there is none in which a script could run.
        let there = || {
            let ran = self.runtime.block_on(self.client.execute(arrived, Vec::new()));
            matches!(ran, Ok(Value::Bool(true)))
        };
        until(there, what);
    }

    /// Waits until the browser shows this address.
    ///
    /// # Panics
    /// If it goes elsewhere.
    pub fn arrive(&self, url: &str) {
        until(|| self.url() == url, url);
    }

    /// Waits until an element is there.
    ///
    /// # Panics
    /// If none comes.
    pub fn appear(&self, css: &str) {
        until(|| self.has(css), css);
    }

    /// Writes into a field after emptying it.
    pub fn fill(&self, css: &str, text: &str) {
        self.wait(async {
            let field = self.client.find(Locator::Css(css)).await?;
            field.clear().await?;
            field.send_keys(text).await
        });
    }

    /// Chooses a file in a field for files.
    pub fn choose_file(&self, css: &str, file: &Path) {
        self.wait(async {
            let field = self.client.find(Locator::Css(css)).await?;
            field.send_keys(file.to_str().expect("a path of text")).await
        });
    }

    /// Presses keys at whatever has the focus.
    pub fn press(&self, keys: &str) {
        self.wait(async { self.client.active_element().await?.send_keys(keys).await });
    }

    /// What a script returns.
    pub fn script(&self, script: &str) -> Value {
        self.wait(self.client.execute(script, Vec::new()))
    }

    /// Makes the page exactly this large, in CSS pixels.
    pub fn resize(&self, width: u32, height: u32) {
        // A window cannot be made narrower than its frame allows; a screen can.
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.wait(self.client.issue_cmd(DevTools("Emulation.setDeviceMetricsOverride", metrics)));
    }

    /// Shows pages as for readers with these preferences, or for print.
    pub fn media(&self, features: &[(&str, &str)], media: &str) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let emulated = json!({ "media": media, "features": features });
        self.wait(self.client.issue_cmd(DevTools("Emulation.setEmulatedMedia", emulated)));
    }

    /// Runs no script of any page from now on, as if there were none.
    pub fn without_script(&self) {
        let off = json!({ "value": true });
        self.wait(self.client.issue_cmd(DevTools("Emulation.setScriptExecutionDisabled", off)));
    }

    /// Writes what is seen to a PNG file.
    pub fn screenshot(&self, path: &Path) {
        let png = self.wait(self.client.screenshot());
        std::fs::write(path, png).expect("the screenshot is written");
    }

    /// On how many sheets of its own size the page is printed.
    ///
    /// # Panics
    /// If the browser prints no PDF.
    pub fn sheets(&self) -> usize {
        let how = json!({ "preferCSSPageSize": true, "printBackground": true });
        let printed = self.wait(self.client.issue_cmd(DevTools("Page.printToPDF", how)));
        let text = printed["data"].as_str().expect("a PDF");
        let pdf = BASE64_STANDARD.decode(text).expect("a PDF");
        // Chromium writes the objects of pages as they are, one for each.
        let pdf = String::from_utf8_lossy(&pdf);
        pdf.split("/Type /Page").skip(1).filter(|rest| !rest.starts_with('s')).count()
    }

    /// What axe-core finds wrong with the page: `rule: advice (elements)`.
    pub fn axe(&self) -> Vec<String> {
        self.wait(axe(&self.client))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closing ends Chromium; without it only the driver would go.
        let _ = self.runtime.block_on(self.client.clone().close());
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// What axe-core finds wrong with the page a client shows.
///
/// # Errors
/// If the browser does not run the script.
pub async fn axe(client: &Client) -> Result<Vec<String>, CmdError> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");
    let source =
        std::fs::read_to_string(source).expect("axe-core is installed: run scripts/setup tests");
    client.execute(&source, Vec::new()).await?;
    let run = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] }).then(
            found => done(found.violations.map(one =>
                `${one.id}: ${one.help} (${one.nodes.map(node => node.target.join(' ')).join(', ')})`)),
            failure => done(['axe did not run: ' + failure]));";
    let found = client.execute_async(run, Vec::new()).await?;
    Ok(serde_json::from_value(found)?)
}

fn until(condition: impl Fn() -> bool, wanted: &str) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "{wanted} does not come");
        sleep(Duration::from_millis(10));
    }
}

fn chosen_port(output: &mut impl BufRead) -> u16 {
    let mut line = String::new();
    while output.read_line(&mut line).expect("chromedriver speaks") > 0 {
        if let Some((_, port)) = line.trim_end().trim_end_matches('.').rsplit_once("on port ")
            && let Ok(port) = port.parse()
            && port != 0
        {
            return port;
        }
        line.clear();
    }
    panic!("chromedriver does not say on which port it listens");
}

fn capabilities(profile: &Path) -> Capabilities {
    let binary = ["/usr/bin/chromium", "/usr/bin/google-chrome"]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .unwrap_or("chromium");
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ];
    let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    let options = json!({ "binary": binary, "args": arguments });
    Capabilities::from_iter([("goog:chromeOptions".to_owned(), options)])
}

/// A command of Chromium's own protocol, which the driver passes on.
#[derive(Debug)]
struct DevTools(&'static str, Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.0, "params": self.1 });
        (http::Method::POST, Some(body.to_string()))
    }
}
