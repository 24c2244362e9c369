//! A PostgreSQL of one test's own: everything that it writes can be looked through,
//! and it can be stopped as a power cut stops it.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

use super::smtp::free_port;

const PATIENCE: Duration = Duration::from_mins(1);

/// The server, running or not.
pub struct Cluster {
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

/// PostgreSQL refuses to run as root; then it runs as its own user.
fn other_user() -> Option<u32> {
    if !geteuid().is_root() {
        return None;
    }
    let said = Command::new("id").args(["-u", "postgres"]).output().expect("id starts");
    let number = String::from_utf8(said.stdout).expect("a number");
    Some(number.trim().parse().expect("there is a user postgres"))
}

/// The server's own programs, which are not always on the path.
fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|version| version.path().join("bin").join(name));
    found.filter(|path| path.exists()).max().unwrap_or_else(|| PathBuf::from(name))
}

/// One of the server's programs, as the user who runs it.
pub fn command(name: &str) -> Command {
    let mut command = Command::new(program(name));
    if let Some(user) = other_user() {
        command.uid(user).gid(user).current_dir("/");
    }
    command
}

/// Gives a folder with all that is in it to the server.
pub fn give(path: &Path) {
    let Some(user) = other_user() else { return };
    chown(path, Some(user), Some(user)).expect("given away");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            give(&entry.expect("an entry").path());
        }
    }
}

impl Cluster {
    /// A new server that does not run yet.
    pub fn new() -> Self {
        Self::with_log_pieces_of(1)
    }

    /// The same; its write-ahead log is written in pieces of so many megabytes.
    pub fn with_log_pieces_of(megabytes: usize) -> Self {
        let cluster = Self::on(tempfile::tempdir().expect("a folder"));
        fs::create_dir(cluster.data()).expect("a folder");
        give(cluster.folder.path());
        let made = command("initdb")
            .arg("-D")
            .arg(cluster.data())
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
            // Damaged pages are found, and little is copied.
            .args(["--data-checksums", &format!("--wal-segsize={megabytes}"), "--no-sync"])
            .output()
            .expect("initdb starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster
    }

    /// The server of a folder that has its files in `data`.
    pub fn on(folder: TempDir) -> Self {
        Self { folder, port: free_port(), process: None }
    }

    /// The folder that all is in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its files.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where a database of it is.
    pub fn url(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Makes an empty database; where it is.
    pub fn create(&self, name: &str) -> String {
        let mut server = PgConnection::establish(&self.url("postgres")).expect("the server");
        server.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
        self.url(name)
    }

    /// Starts it and waits until it answers.
    pub fn start(&mut self) {
        self.start_with(|_| {});
    }

    /// The same with a program that is prepared in some way.
    pub fn start_with(&mut self, prepare: impl FnOnce(&mut Command)) {
        give(self.folder.path());
        // Of one that was never stopped.
        drop(fs::remove_file(self.data().join("postmaster.pid")));
        fs::set_permissions(self.data(), fs::Permissions::from_mode(0o700)).expect("a mode");
        let log = File::create(self.folder.path().join("log")).expect("a log");
        let mut server = command("postgres");
        server.arg("-D").arg(self.data());
        for (name, value) in [
            ("port", self.port.to_string().as_str()),
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", ""),
            ("shared_buffers", "16MB"),
        ] {
            server.args(["-c", &format!("{name}={value}")]);
        }
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        prepare(&mut server);
        self.process = Some(server.spawn().expect("PostgreSQL starts"));
        let url = self.url("postgres");
        let begun = Instant::now();
        while PgConnection::establish(&url).is_err() {
            let ended = self.process.as_mut().and_then(|it| it.try_wait().expect("a process"));
            if ended.is_some() || begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.path().join("log"));
                panic!("PostgreSQL does not run: {}", log.unwrap_or_default());
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// Stops it in order: all that it knows is in its files.
    pub fn stop(&mut self) {
        self.end(Signal::INT);
    }

    /// Stops it in the middle of everything.
    pub fn stop_at_once(&mut self) {
        self.end(Signal::QUIT);
    }

    fn end(&mut self, signal: Signal) {
        let Some(mut process) = self.process.take() else { return };
        let number = i32::try_from(process.id()).ok().and_then(Pid::from_raw);
        kill_process(number.expect("a process"), signal).expect("signalled");
        process.wait().expect("gone");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop_at_once();
    }
}
