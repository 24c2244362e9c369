//! The real service over a database of its own, with a clock that stands still.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::rt::System;
use mail_parser::MessageParser;
use soundings::account::{Account, Role};
use soundings::chance::Chance;
use soundings::config::{Environment, Settings};
use soundings::custody::HeldKey;
use soundings::flow::{self, House, KeyPlan, NewWave, RegisterFiles, SendOutcome};
use soundings::id::WaveCode;
use soundings::keyring::Keyring;
use soundings::mail::{Sender, Transport};
use soundings::pages::Pages;
use soundings::release::Release;
use soundings::storage::Store;
use soundings::time::{Clock, Moment};
use soundings::wave::Purpose;
use soundings::web::Bound;
use tempfile::TempDir;

use super::postgres::{PostgresDatabase, fresh_database};
use super::region::{self, Lead};
use super::respondent::Respondent;
use super::smtp::SmtpServer;
use super::visitor::Visitor;

/// The wave of most tests.
pub const WAVE: &str = "2007-Q4";

/// A moment while that wave takes answers.
const NOW: &str = "2007-11-20T10:00";
const OPENS: &str = "2007-11-19T09:00";
const CLOSES: &str = "2007-12-14T17:00";

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded one, in a file.
    Sqlite,
    /// The one with a server.
    Postgres,
}

/// A lead with the personal link found in the mail.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Who.
    pub lead: Lead,
    /// The link.
    pub link: String,
}

/// A running service; stopped with this value.
pub struct TestHouse {
    /// The parts, for what this type has no verb for.
    pub house: House,
    /// Which database it runs on.
    pub backend: Backend,
    folder: TempDir,
    server: ServerHandle,
    thread: Option<JoinHandle<()>>,
    // Dropped last, when nothing is connected any more.
    database: Option<PostgresDatabase>,
}

pub fn moment(text: &str) -> Moment {
    text.parse().expect("a moment")
}

/// A wave's code.
pub fn code(text: &str) -> WaveCode {
    text.parse().expect("a wave's code")
}

impl TestHouse {
    /// Starts the service on a port of its own.
    pub fn start(backend: Backend) -> Self {
        Self::start_with(backend, [])
    }

    /// Starts the service with some settings of the environment.
    pub fn start_with(
        backend: Backend,
        more: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = (backend == Backend::Postgres).then(fresh_database);
        let bound = Bound::to(([127, 0, 0, 1], 0).into()).expect("a free port");
        let mut environment = Environment::of([
            ("SOUNDINGS_DATA", folder.path().display().to_string()),
            ("SOUNDINGS_BIND", bound.address.to_string()),
        ]);
        if let Some(database) = &database {
            environment = environment.with([("SOUNDINGS_DATABASE_URL", database.url.clone())]);
        }
        let house = build(Settings::load(environment.with(more)).expect("settings"));
        let (server, thread) = serve(bound, house.clone());
        Self { house, backend, folder, server, thread: Some(thread), database }
    }

    /// Where the service is.
    pub fn base(&self) -> &str {
        &self.house.settings.base_url
    }

    /// The folder of its database, keys and outbox.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// The address of its database, if that has a server.
    pub fn database_url(&self) -> Option<&str> {
        self.database.as_ref().map(|database| database.url.as_str())
    }

    /// Reads the register that comes with the program.
    pub fn import_region(&self) {
        let files = RegisterFiles::read(&region::folder().join("register")).expect("files");
        flow::load_register(&self.house, &files, false).expect("the register is read");
    }

    /// Reads the stocktake that comes with the program, as if it were of the wave's time.
    pub fn import_stocktake(&self) {
        let path = region::folder().join("stocktake/stocktake-2007-06-15.csv");
        let text = std::fs::read_to_string(&path).expect("the stocktake");
        let day = chrono::NaiveDate::from_ymd_opt(2007, 11, 15).expect("a day");
        flow::load_stocktake(&self.house, "stocktake.csv", &text, day).expect("it is read");
    }

    /// Creates the region's survey as a wave and opens it; says how many are invited.
    pub fn open_wave(&self, wave: &str) -> usize {
        self.create_wave(wave, Purpose::Survey);
        flow::open_wave(&self.house, &code(wave), &KeyPlan::Server).expect("the wave opens").invited
    }

    /// Creates the region's survey as a wave and leaves it a draft.
    pub fn draft_wave(&self, wave: &str) {
        self.create_wave(wave, Purpose::Survey);
    }

    fn create_wave(&self, wave: &str, purpose: Purpose) {
        let path = region::folder().join("survey.toml");
        let new = NewWave {
            code: code(wave),
            title: Some("Autumn 2007".to_owned()),
            modules: vec![super::region::MODULE.parse().expect("a module")],
            survey_file: "survey.toml".to_owned(),
            survey_source: std::fs::read_to_string(path).expect("the survey's file"),
            opens: moment(OPENS),
            closes: moment(CLOSES),
            publishes: None,
            purpose,
            imported: false,
        };
        flow::create_wave(&self.house, &new).expect("the wave is created");
    }

    /// Opens a rehearsal, of which the links may be known without mails.
    pub fn open_rehearsal(&self, wave: &str) -> Vec<String> {
        self.open_rehearsal_keeping(wave, &KeyPlan::Server)
    }

    /// The same with its key kept where the plan wants it.
    pub fn open_rehearsal_keeping(&self, wave: &str, plan: &KeyPlan) -> Vec<String> {
        self.create_wave(wave, Purpose::Test);
        flow::open_wave(&self.house, &code(wave), plan).expect("the wave opens");
        let links = flow::personal_links(&self.house, &code(wave)).expect("links");
        links.into_iter().map(|one| one.link).collect()
    }

    /// Sends every mail that is due through a mail server; says how many it took.
    pub fn send_mails(&self, server: &SmtpServer) -> usize {
        self.send_through(&server.url())
    }

    /// The same where some mails are no longer wanted when their turn comes:
    /// how many were sent, and how many were not.
    pub fn send_wanted_mails(&self, server: &SmtpServer) -> (usize, usize) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(send_what_is_wanted(self.house.clone(), server.url()))
    }

    /// Sends what is due with four workers at once, as several nodes would.
    fn send_through(&self, url: &str) -> usize {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let workers: Vec<_> = (0..4)
                .map(|_| tokio::spawn(send_until_done(self.house.clone(), url.to_owned(), MANY)))
                .collect();
            let mut sent = 0;
            for worker in workers {
                sent += worker.await.expect("a worker");
            }
            // A worker that found another one in its way may have stopped early.
            sent + send_until_done(self.house.clone(), url.to_owned(), MANY).await
        })
    }

    /// The personal links in these mails, by address.
    pub fn links(&self, mails: &[Vec<u8>]) -> BTreeMap<String, String> {
        links(mails, self.base())
    }

    /// Region, open wave, invitations sent: everybody with the link in their mail.
    pub fn invite_everybody(&self, server: &SmtpServer) -> Vec<Invited> {
        self.import_region();
        let invited = self.open_wave(WAVE);
        assert_eq!(self.send_mails(server), invited);
        let links = self.links(&server.wait_for(invited));
        let leads = region::leads();
        assert_eq!((links.len(), leads.len()), (invited, invited));
        let invited = leads.into_iter().map(|lead| {
            let link = links.get(&lead.email).expect("a link for each lead").clone();
            Invited { lead, link }
        });
        invited.collect()
    }

    /// The same in a region that has only these first leads of the register.
    pub fn invite_few(&self, server: &SmtpServer, most: usize) -> Vec<Invited> {
        let all = region::folder().join("register");
        let few = self.place("register");
        std::fs::create_dir(&few).expect("a folder");
        for entry in std::fs::read_dir(all).expect("the register") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name");
            let text = std::fs::read_to_string(&path).expect("a file");
            let lines = if name == "leads.csv" { most + 1 } else { usize::MAX };
            let text: String = text.split_inclusive('\n').take(lines).collect();
            std::fs::write(few.join(name), text).expect("a file");
        }
        let files = RegisterFiles::read(&few).expect("files");
        flow::load_register(&self.house, &files, false).expect("the register is read");
        assert_eq!(self.open_wave(WAVE), most);
        assert_eq!(self.send_mails(server), most);
        let links = self.links(&server.wait_for(most));
        let invited = region::leads().into_iter().take(most).map(|lead| {
            let link = links[&lead.email].clone();
            Invited { lead, link }
        });
        invited.collect()
    }

    /// The same for a few leads and without a mail server: the mails stand in the
    /// local outbox, the others wait.
    pub fn invite_some(&self, most: usize) -> Vec<Invited> {
        self.import_region();
        self.open_wave(WAVE);
        let url = self.house.settings.mail_url.clone();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let sent = runtime.block_on(send_until_done(self.house.clone(), url, most));
        assert_eq!(sent, most);
        let links = self.links(&self.kept_mails());
        let invited = region::leads().into_iter().filter_map(|lead| {
            let link = links.get(&lead.email)?.clone();
            Some(Invited { lead, link })
        });
        let invited: Vec<Invited> = invited.collect();
        assert_eq!(invited.len(), most);
        invited
    }

    /// The mails in the local outbox.
    pub fn kept_mails(&self) -> Vec<Vec<u8>> {
        std::fs::read_dir(self.data().join("outbox"))
            .expect("the outbox")
            .map(|entry| std::fs::read(entry.expect("an entry").path()).expect("a mail"))
            .collect()
    }

    /// Sends every mail that is due into the local outbox; says how many.
    pub fn keep_mails(&self) -> usize {
        self.send_through(&self.house.settings.mail_url)
    }

    /// A browser without cookies.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.base())
    }

    /// A lead with a browser of their own, who has not followed the link yet.
    pub fn respondent(&self, link: &str) -> Respondent {
        Respondent::new(self.visitor(), link)
    }

    /// How many envelopes of a wave are in the box.
    pub fn envelopes(&self, wave: &WaveCode) -> usize {
        let counts = self.house.store.read(|tx| tx.envelope_counts(wave)).expect("the box");
        counts.values().sum::<u32>() as usize
    }

    /// Lets the closing time pass.
    pub fn pass_closing_time(&self) {
        self.house.clock.set(moment(CLOSES).plus_seconds(1));
    }

    /// Closes the wave after its time.
    pub fn close(&self) {
        self.pass_closing_time();
        flow::close_wave(&self.house, &code(WAVE), false, &HeldKey::OnServer, |_| {})
            .expect("the wave closes");
    }

    /// Builds and publishes the release.
    pub fn release(&self) -> Release {
        let release = flow::build_release(&self.house, &code(WAVE)).expect("a release");
        flow::publish_release(&self.house, &code(WAVE)).expect("published");
        release
    }

    /// A new sign-in link of a role; the PCT is Luton.
    pub fn sign_in_link(&self, role: Role) -> String {
        let account = Account {
            email: format!("{}@sha.example.org", role.word()).parse().expect("an address"),
            role,
            unit: (role == Role::Pct).then(|| "luton".parse().expect("a unit")),
        };
        self.house.store.write(|tx| tx.put_account(&account)).expect("an account");
        flow::issue_sign_in_link(&self.house, &account.email, false).expect("a link")
    }

    /// A browser in which a role is signed in.
    pub fn sign_in(&self, role: Role) -> Visitor {
        let visitor = self.visitor();
        let link = self.sign_in_link(role);
        let page = visitor.get(&link);
        let done = visitor.post(&page.form_action("Sign in"), &[]);
        assert_eq!(done.status, 303, "{}", done.text);
        visitor
    }

    /// The program itself over the same database, not started yet.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        command.args(arguments).env("SOUNDINGS_DATA", self.data()).env("SOUNDINGS_LOG", "warn");
        if let Some(url) = self.database_url() {
            command.env("SOUNDINGS_DATABASE_URL", url);
        }
        command
    }

    /// Runs the program itself over the same database; its output.
    pub fn command(&self, arguments: &[&str]) -> String {
        let output = self.program(arguments).output().expect("the program starts");
        assert!(
            output.status.success(),
            "soundings {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    }

    /// Everything that the database holds, as it is at rest: the files of SQLite,
    /// a dump of PostgreSQL.
    pub fn at_rest(&self) -> Vec<u8> {
        let Some(url) = self.database_url() else {
            let files = ["soundings.db", "soundings.db-wal"];
            let read = |file| std::fs::read(self.data().join(file)).unwrap_or_default();
            return files.into_iter().flat_map(read).collect();
        };
        let dump = Command::new("pg_dump").arg(url).output().expect("pg_dump starts");
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        let text = String::from_utf8(dump.stdout).expect("text");
        // Two lines hold a new random word in every dump.
        let lines = text.lines().filter(|line| !line.contains("restrict "));
        lines.collect::<Vec<_>>().join("\n").into_bytes()
    }

    /// A folder for the files of a test.
    pub fn place(&self, name: &str) -> PathBuf {
        self.data().join(name)
    }
}

impl Drop for TestHouse {
    fn drop(&mut self) {
        // The order goes out at once; only the answer to it would be awaited.
        drop(self.server.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The personal links in those of these mails that have one, by address. Both
/// parts of a mail must show the same link.
pub fn links(mails: &[Vec<u8>], base: &str) -> BTreeMap<String, String> {
    let start = format!("{base}/s/");
    let find = |text: &str| {
        let at = text.find(&start)?;
        let rest = &text[at + start.len()..];
        let secret: String = rest
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter))
            .collect();
        Some(format!("{start}{secret}"))
    };
    mails
        .iter()
        .filter_map(|bytes| {
            let mail = MessageParser::default().parse(bytes).expect("a mail");
            let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
            let text = mail.body_text(0).and_then(|text| find(&text));
            let html = mail.body_html(0).and_then(|html| find(&html));
            assert_eq!(text, html);
            Some((to.expect("an address").to_owned(), text?))
        })
        .collect()
}

/// No wave of a test has so many mails.
const MANY: usize = 10_000;

/// Sends what is due, at most so many; says how many went.
async fn send_until_done(house: House, url: String, most: usize) -> usize {
    let sender = Sender::parse(&house.settings.mail_from).expect("a sender");
    let transport = Transport::open(&url).expect("a transport");
    let mut sent = 0;
    while sent < most {
        match flow::send_one(&house, &sender, &transport).await.expect("a mail") {
            SendOutcome::NothingDue => break,
            SendOutcome::Sent => sent += 1,
            other => panic!("a mail was not sent: {other:?}"),
        }
    }
    sent
}

/// Sends what is due and still wanted; says how many went and how many did not.
async fn send_what_is_wanted(house: House, url: String) -> (usize, usize) {
    let sender = Sender::parse(&house.settings.mail_from).expect("a sender");
    let transport = Transport::open(&url).expect("a transport");
    let (mut sent, mut unwanted) = (0, 0);
    loop {
        match flow::send_one(&house, &sender, &transport).await.expect("a mail") {
            SendOutcome::NothingDue => return (sent, unwanted),
            SendOutcome::Sent => sent += 1,
            SendOutcome::Cancelled => unwanted += 1,
            other => panic!("a mail was neither sent nor cancelled: {other:?}"),
        }
    }
}

fn build(settings: Settings) -> House {
    let chance = Chance::operating_system();
    let store = Store::open(&settings.database_url).expect("a database");
    store.migrate().expect("tables");
    // As the program names the folder of a database's keys.
    store.write(|tx| tx.set_house_fact("house_name", "house")).expect("a name");
    let keys = settings.data.join("keys").join("house");
    let keyring =
        Keyring::open(&settings.master_key_file, &keys, chance.clone()).expect("a key ring");
    let pages = Arc::new(Pages::new().expect("templates"));
    let clock = Clock::fixed(moment(NOW));
    House::new(store, keyring, clock, chance, pages, Arc::new(settings))
}

fn serve(bound: Bound, house: House) -> (ServerHandle, JoinHandle<()>) {
    let (tell, told) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        System::new().block_on(async move {
            let server = bound.serve(house).expect("a server");
            tell.send(server.handle()).expect("somebody listens");
            server.await.expect("the server ends in order");
        });
    });
    (told.recv().expect("the server starts"), thread)
}
