//! `soundings serve` where something around it does not work.

use std::fs::File;
use std::net::TcpListener;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::place::Place;
use crate::smtp::{SmtpServer, free_port};

const PATIENCE: Duration = Duration::from_secs(30);

/// A running service; killed with this value.
pub struct Service {
    process: Child,
    pub base: String,
}

impl Service {
    /// Starts it in a place and waits until it is ready.
    pub fn start(place: &mut Place) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        place.change("SOUNDINGS_BIND", address.clone());
        let log = File::create(place.path("serve.log")).expect("a log");
        let out = File::create(place.path("serve.out")).expect("a file");
        let process = place.command(["serve"]).stdout(out).stderr(log).spawn().expect("starts");
        let service = Self { process, base: format!("http://{address}") };
        let start = Instant::now();
        while service.status("/readyz") != Some(200) {
            assert!(start.elapsed() < PATIENCE, "{}", place.read("serve.log"));
            sleep(Duration::from_millis(20));
        }
        service
    }

    pub fn status(&self, path: &str) -> Option<u16> {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        agent.get(format!("{}{path}", self.base)).call().ok().map(|found| found.status().as_u16())
    }

    /// Its number among the processes.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Asks it to stop, as a service manager does, and waits for its exit code.
    pub fn stop(mut self) -> Option<i32> {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
        self.process.wait().expect("it ends").code()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Asks until it is so.
fn wait_until(what: &str, so: impl Fn() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_busy_port_is_told_before_anything_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let place = Place::new().set("SOUNDINGS_BIND", format!("127.0.0.1:{port}"));
    for command in ["serve".to_owned(), format!("demo --data there --port {port}")] {
        let why = place.refused(&command);
        assert!(why.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{why}");
        assert!(why.contains("another port"), "{why}");
    }
    assert!(!place.path("data").exists() && !place.path("there").exists());
}

#[test]
fn a_database_of_an_older_version_is_served_only_after_migrating() {
    let place = Place::new().set("SOUNDINGS_BIND", "127.0.0.1:0");
    assert!(place.refused("serve --no-migrate").contains("soundings migrate"));
    assert!(place.done("migrate").contains("to this version"));
    assert!(place.done("migrate").contains("at this version already"));
}

#[test]
fn the_service_starts_says_where_it_is_and_stops_when_told() {
    let mut place = Place::new();
    let service = Service::start(&mut place);
    let said = place.read("serve.out");
    assert!(said.contains(&service.base), "{said}");
    assert!(said.contains("the folder data/outbox"), "{said}");
    assert!(said.contains("soundings user add"), "{said}");
    assert_eq!(service.status("/"), Some(200));
    for page in ["/lost-link", "/leave", "/network", "/answer/deputy"] {
        assert!(service.status(page).is_some(), "{page}");
    }
    assert_eq!(service.stop(), Some(0));
    let log = place.read("serve.log");
    for word in ["lost", "leave", "network", "deputy"] {
        assert!(!log.contains(word), "what a lead does is in the log: {log}");
    }
    assert!(log.contains("route=\"/readyz\""), "{log}");
    assert!(!log.contains('\u{1b}'), "a log in a file has no colours: {log}");
}

#[test]
fn mails_wait_while_the_mail_server_is_away_and_the_service_goes_on() {
    let port = free_port();
    let mut place =
        Place::with_open_wave().set("SOUNDINGS_MAIL_URL", format!("smtp://127.0.0.1:{port}"));
    let service = Service::start(&mut place);
    wait_until("a mail is tried", || place.read("serve.log").contains("takes no mails now"));
    let mails = place.json("wave status W1")["mails"].clone();
    assert_eq!(mails["waiting"], 162, "{mails}");
    assert_eq!((&mails["sent"], &mails["refused"]), (&0.into(), &0.into()), "{mails}");
    assert_eq!(service.status("/readyz"), Some(200));
    place.done("wave links W1 --out links.txt");
    let links = place.read("links.txt");
    let (_, link) = links.lines().next().and_then(|line| line.split_once('\t')).expect("a link");
    let path = link.split_once("/s/").map(|(_, token)| format!("/s/{token}")).expect("a token");
    assert_eq!(service.status(&path), Some(200), "answering goes on");
    assert_eq!(service.stop(), Some(0));
    assert_eq!(place.json("wave status W1")["mails"]["waiting"], 162);
}

#[test]
fn mails_go_out_once_a_mail_server_is_there() {
    let server = SmtpServer::start();
    let mut place = Place::with_open_wave().set("SOUNDINGS_MAIL_URL", server.url());
    let service = Service::start(&mut place);
    assert_eq!(server.wait_for(162).len(), 162);
    wait_until("the outbox is empty", || place.json("wave status W1")["mails"]["waiting"] == 0);
    assert_eq!(place.json("wave status W1")["mails"]["sent"], 162);
    assert_eq!(service.stop(), Some(0));
    assert_eq!(server.messages().len(), 162, "nobody is written to twice");
}
