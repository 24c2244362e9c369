//! The whole path: rows of the ledger that are due are claimed, written, sent to a
//! sink over four lines and durably written down as sent, by the program itself.

use std::cell::Cell;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use soundings::storage::{OutboxCounts, StorageError, Store};
use tempfile::TempDir;

use crate::Outcome;

const WAVE: &str = "BENCH";

/// A house with so many invitations that are due.
pub struct House {
    folder: TempDir,
    mails: u32,
    /// Most memory that the worker ever held, in kilobytes.
    pub memory: Cell<u64>,
}

impl House {
    /// Makes a wave with so many leads and opens it.
    pub fn with_due_mails(mails: usize) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let region =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("survey_definitions/east-of-england");
        let register = folder.path().join("register");
        fs::create_dir(&register)?;
        for file in ["pcts.csv", "reporting-units.csv", "consortia.csv"] {
            fs::copy(region.join("register").join(file), register.join(file))?;
        }
        fs::write(register.join("leads.csv"), leads(&register, mails)?)?;
        let house = Self { folder, mails: u32::try_from(mails)?, memory: Cell::default() };
        let survey = region.join("survey.toml").display().to_string();
        for words in [
            &["register", "import", &register.display().to_string()][..],
            &[
                "wave",
                "create",
                "--survey",
                &survey,
                "--code",
                WAVE,
                "--opens",
                "2007-11-26T09:00",
                "--closes",
                "2107-12-14T17:00",
            ],
            &["wave", "open", WAVE],
        ] {
            let done = house.program(words, "folder:unused").output()?;
            if !done.status.success() {
                return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
            }
        }
        Ok(house)
    }

    fn program(&self, words: &[&str], mail: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .env("SOUNDINGS_MAIL_URL", mail)
            .env("SOUNDINGS_MAIL_PER_MINUTE", "0")
            .env("SOUNDINGS_MAIL_PER_DOMAIN", "0")
            .env("SOUNDINGS_MAIL_CONNECTIONS", "4");
        command
    }

    /// How many mails a second the program sends and writes down as sent, from the
    /// first that stands in the ledger to the last.
    pub fn ours(&self, sink: SocketAddr) -> Outcome<f64> {
        let store = Store::open(&format!(
            "sqlite:{}",
            self.folder.path().join("data").join("soundings.db").display()
        ))?;
        let sent = || -> Outcome<u32> {
            let counts: OutboxCounts = store
                .read(|tx| tx.outbox_counts(&WAVE.parse().map_err(|_| StorageError::Busy)?))?;
            Ok(counts.sent)
        };
        let log = File::create(self.folder.path().join("log"))?;
        let mut worker = Worker(
            self.program(&["worker"], &format!("smtp://{sink}"))
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log)
                .spawn()?,
        );
        let begun = Instant::now();
        let mut first = None;
        loop {
            let now = sent()?;
            if first.is_none() && now > 0 {
                first = Some((Instant::now(), now));
            }
            if now == self.mails {
                break;
            }
            if begun.elapsed() > Duration::from_secs(300) || worker.0.try_wait()?.is_some() {
                let log = fs::read_to_string(self.folder.path().join("log"))?;
                return Err(format!("{now} of {} mails went: {log}", self.mails).into());
            }
            sleep(Duration::from_millis(25));
        }
        let (since, before) = first.ok_or("no mail went")?;
        self.memory.set(self.memory.get().max(most_memory(worker.0.id())));
        Ok(f64::from(self.mails - before) / since.elapsed().as_secs_f64())
    }
}

struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn leads(register: &Path, mails: usize) -> Outcome<String> {
    let groups = fs::read_to_string(register.join("consortia.csv"))?;
    let groups: Vec<&str> =
        groups.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let mut csv = "consortium_slug,name,role,email,synthetic\n".to_owned();
    for (lead, group) in (0..mails).zip(groups.iter().cycle()) {
        let domain = lead % 97;
        writeln!(
            csv,
            "{group},Dr Number {lead},GP chair,lead{lead}@group{domain}.example.org,yes"
        )?;
    }
    Ok(csv)
}

/// Most memory that a process has held, in kilobytes; 0 if the system does not say.
fn most_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
