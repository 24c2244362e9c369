//! A house with an open test wave of a survey of this benchmark's own: one section
//! with thirty ratings.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use soundings::chance::Chance;
use soundings::config::{Environment, Settings};
use soundings::flow::{self, House, KeyPlan, NewWave, RegisterFiles};
use soundings::id::WaveCode;
use soundings::invitation::Token;
use soundings::keyring::Keyring;
use soundings::pages::Pages;
use soundings::storage::Store;
use soundings::time::Clock;
use soundings::wave::Purpose;
use tempfile::TempDir;

use crate::Outcome;
use crate::process::{Process, free_address};
use crate::syncs::{Count, Syncs};

/// The wave's code.
pub const WAVE: &str = "BENCH";
/// How many questions the form has.
pub const QUESTIONS: usize = 30;
/// The section that has them.
pub const SECTION: &str = "all";

/// Which database, and what has to go when the benchmark ends.
enum Database {
    Sqlite,
    /// A database of its own on the server of this address.
    Postgres {
        server: String,
        name: String,
    },
}

/// A folder with a house.
pub struct Place {
    // Dropped before the folder and the database.
    house: Option<House>,
    database: Database,
    folder: TempDir,
    /// One for each lead.
    pub tokens: Vec<Token>,
}

/// The service of a house.
pub struct Service {
    pub process: Process,
    pub address: SocketAddr,
    pub syncs: Option<Count>,
}

impl Place {
    /// Makes a house with so many leads over the embedded database, or over a new
    /// one on a PostgreSQL server.
    pub fn with_leads(leads: usize, server: Option<&str>) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let database = match server {
            None => Database::Sqlite,
            Some(server) => {
                let name = format!("soundings_bench_{}", std::process::id());
                let sql = format!("CREATE DATABASE {name}");
                PgConnection::establish(server)?.batch_execute(&sql)?;
                Database::Postgres { server: server.to_owned(), name }
            }
        };
        let mut place = Self { house: None, database, folder, tokens: Vec::new() };
        let house = place.open()?;
        let code = code()?;
        flow::load_register(&house, &RegisterFiles::read(&place.register(leads)?)?, false)?;
        flow::create_wave(
            &house,
            &NewWave {
                code: code.clone(),
                title: None,
                modules: Vec::new(),
                survey_file: "thirty.toml".to_owned(),
                survey_source: survey()?,
                opens: "2007-11-26T09:00".parse()?,
                closes: "2107-12-14T17:00".parse()?,
                publishes: None,
                purpose: Purpose::Test,
                imported: false,
            },
        )?;
        flow::open_wave(&house, &code, &KeyPlan::Server)?;
        for lead in flow::personal_links(&house, &code)? {
            let (_, token) = lead.link.rsplit_once("/s/").ok_or("a link without a token")?;
            place.tokens.push(token.parse()?);
        }
        place.house = Some(house);
        Ok(place)
    }

    fn database_url(&self) -> Option<String> {
        let Database::Postgres { server, name } = &self.database else { return None };
        let (start, query) = server.split_once('?').unwrap_or((server, ""));
        let host = start.rsplit_once('/').filter(|(host, _)| !host.ends_with('/'));
        Some(format!("{}/{name}?{query}", host.map_or(start, |(host, _)| host)))
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let data = self.folder.path().join("data").display().to_string();
        let mut all = vec![("SOUNDINGS_DATA", data)];
        all.extend(self.database_url().map(|url| ("SOUNDINGS_DATABASE_URL", url)));
        all
    }

    /// The house as the program opens it.
    fn open(&self) -> Outcome<House> {
        let settings = Settings::load(Environment::of(self.environment()))?;
        let chance = Chance::operating_system();
        fs::create_dir_all(&settings.data)?;
        let store = Store::open(&settings.database_url)?;
        store.migrate()?;
        store.write(|tx| tx.set_house_fact("house_name", "bench"))?;
        let keys = settings.data.join("keys").join("bench");
        let keyring = Keyring::open(&settings.master_key_file, &keys, chance.clone())?;
        let pages = Arc::new(Pages::new()?);
        Ok(House::new(store, keyring, Clock::system(), chance, pages, Arc::new(settings)))
    }

    /// Everything that an act needs.
    pub fn house(&self) -> Outcome<&House> {
        Ok(self.house.as_ref().ok_or("the house is closed")?)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The program in this house.
    pub fn program(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        command.args(words).current_dir(self.folder.path()).env_clear().envs(self.environment());
        command
    }

    /// Serves the house in a process of its own; nobody else has it open meanwhile.
    pub fn serve(&mut self, syncs: Option<&Syncs>) -> Outcome<Service> {
        self.house = None;
        let address = free_address()?;
        let log = File::create(self.folder.path().join("log"))?;
        let mut command = self.program(&["serve", "--no-worker"]);
        command.env("SOUNDINGS_BIND", address.to_string());
        command.stdout(log.try_clone()?).stderr(log);
        let syncs = syncs.map(|syncs| syncs.count_of(&mut command, "service")).transpose()?;
        Ok(Service { process: Process::listening(&mut command, address)?, address, syncs })
    }

    /// Closes the wave; how long that took, and the most memory in kilobytes.
    pub fn close_wave(mut self) -> Outcome<(std::time::Duration, u64)> {
        self.house = None;
        let mut command = self.program(&["wave", "close", WAVE, "--early"]);
        Process::run(command.stdout(File::create(self.folder.path().join("closing"))?))
    }

    fn register(&self, leads: usize) -> Outcome<std::path::PathBuf> {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("survey_definitions/east-of-england/register");
        let register = self.folder.path().join("register");
        fs::create_dir(&register)?;
        for file in ["pcts.csv", "reporting-units.csv", "consortia.csv"] {
            fs::copy(ours.join(file), register.join(file))?;
        }
        let groups = fs::read_to_string(ours.join("consortia.csv"))?;
        let groups: Vec<&str> =
            groups.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        let mut csv = "consortium_slug,name,role,email,synthetic\n".to_owned();
        for (lead, group) in (0..leads).zip(groups.iter().cycle()) {
            writeln!(csv, "{group},Dr Number {lead},GP chair,lead{lead}@example.org,yes")?;
        }
        fs::write(register.join("leads.csv"), csv)?;
        Ok(register)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.house = None;
        if let Database::Postgres { server, name } = &self.database
            && let Ok(mut conn) = PgConnection::establish(server)
        {
            drop(conn.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")));
        }
    }
}

/// The wave's code.
pub fn code() -> Outcome<WaveCode> {
    Ok(WAVE.parse()?)
}

fn survey() -> Outcome<String> {
    let mut text =
        "format = 1\ncode = \"thirty\"\ntitle = \"Thirty questions\"\nversion = \"1\"\n\n\
         [texts]\nwelcome = \"Thirty questions on one page.\"\nthanks = \"Thank you.\"\n\n\
         [scales.AGREE]\noptions = [\n"
            .to_owned();
    let labels = ["Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree"];
    for (place, label) in labels.iter().enumerate() {
        let (value, score) = (place + 1, 100 - 25 * place);
        writeln!(text, "  {{ value = {value}, label = \"{label}\", score = {score} }},")?;
    }
    writeln!(text, "]\n\n[[sections]]\ncode = \"{SECTION}\"\ntitle = \"All questions\"")?;
    for question in 1..=QUESTIONS {
        writeln!(
            text,
            "\n[[sections.questions]]\ncode = \"Q{question}\"\n\
             ask = \"Statement {question}: the PCT gives our group what it needs in time.\"\n\
             kind = \"rating\"\nscale = \"AGREE\""
        )?;
    }
    Ok(text)
}

/// What a lead of this number answers, as fields of a form.
pub fn answers(lead: usize) -> Vec<(String, String)> {
    (1..=QUESTIONS)
        .map(|question| (format!("Q{question}"), ((lead + question) % 5 + 1).to_string()))
        .collect()
}
