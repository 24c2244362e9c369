//! A Postfix of the tests' own, with its own queue, on ports of 127.0.0.1, that
//! asks no name server. What becomes of a mail is told by its domain.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::smtp::free_port;

const PATIENCE: Duration = Duration::from_secs(60);

/// The domain that bounces come back to.
pub const OURS: &str = "survey.example.org";
/// Refused while the mail is handed over.
pub const REFUSED: &str = "refused.example.net";
/// Taken, and sent back by Postfix itself: no such mailbox.
pub const GONE: &str = "gone.example.net";
/// Taken, and refused by the next server: no such mailbox.
pub const LATE: &str = "late.example.net";
/// Taken, and refused by the next server: mailbox full.
pub const FULL: &str = "full.example.net";
/// Taken, and refused by the next server: a rule.
pub const RULE: &str = "rule.example.net";
/// Taken, and tried again and again; there is a notice that it is late.
pub const SLOW: &str = "slow.example.net";
/// Taken and delivered.
pub const GOOD: &str = "good.example.net";

/// The account that mails are delivered under; Postfix does that neither as root
/// nor as itself.
pub const NOBODY: u32 = 65534;

/// A running Postfix; stopped with this value.
#[derive(Debug)]
pub struct Postfix {
    folder: TempDir,
    port: u16,
}

impl Postfix {
    /// Starts a Postfix that delivers bounces into a Maildir.
    pub fn with_maildir() -> Self {
        Self::start("virtual", "")
    }

    /// Starts a Postfix that pipes each bounce into a program, with the address
    /// it came to as the last argument.
    pub fn with_pipe(program: &Path) -> Self {
        let pipe = format!(
            "bounces unix - n n - 4 pipe\n  user=nobody argv={} ${{recipient}}\n",
            program.display()
        );
        Self::start("bounces", &pipe)
    }

    /// # Panics
    /// If it does not start: a missing Postfix is a failure, not a skipped test.
    fn start(bounces: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
        for part in ["etc", "spool", "data", "mail"] {
            fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        chown(folder.path().join("mail"), Some(NOBODY), Some(NOBODY))
            .expect("Postfix is started as root only: run this test as root");
        own("data", folder.path(), "postfix");
        // Between finding a port and using it another process may take it.
        for _ in 0..5 {
            let (port, next) = (free_port(), free_port());
            write_settings(folder.path(), (port, next), bounces, more);
            if run(folder.path(), "start") && answers(port) {
                return Self { folder, port };
            }
            run(folder.path(), "abort");
        }
        let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        panic!("Postfix does not start: run scripts/setup tests\n{log}");
    }

    /// For `SOUNDINGS_MAIL_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The Maildir of bounces.
    pub fn bounces(&self) -> PathBuf {
        self.folder.path().join("mail/bounces")
    }

    /// The mails that were delivered to their receivers.
    pub fn delivered(&self) -> Vec<Vec<u8>> {
        files(&self.folder.path().join("mail/good/new"))
            .iter()
            .map(|file| fs::read(file).expect("a mail"))
            .collect()
    }

    /// Waits until nothing waits in its queue but this many mails that it tries
    /// again and again, and their notices are out.
    ///
    /// # Panics
    /// If that does not happen.
    pub fn wait_until_only(&self, deferred: usize) {
        let start = Instant::now();
        let waiting = |queue: &str| count(&self.folder.path().join("spool").join(queue));
        loop {
            let log = self.log();
            let notices = log.matches("sender delay notification").count();
            let busy: usize = ["maildrop", "incoming", "active"].into_iter().map(waiting).sum();
            if busy == 0 && waiting("deferred") == deferred && notices >= deferred {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{}", log);
            sleep(Duration::from_millis(100));
        }
    }

    /// What it wrote into its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        run(self.folder.path(), "abort");
    }
}

fn write_settings(folder: &Path, (port, next): (u16, u16), bounces: &str, more: &str) {
    let at = folder.display();
    let write = |name: &str, text: &str| fs::write(folder.join("etc").join(name), text);
    let main = format!(
        "compatibility_level = 3.6\nqueue_directory = {at}/spool\ndata_directory = {at}/data\n\
         maillog_file = {at}/log\nmaillog_file_prefixes = {at}\nmyhostname = mx.example.org\n\
         mydestination =\nlocal_recipient_maps =\nalias_maps =\nalias_database =\n\
         inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmynetworks = 127.0.0.0/8\n\
         smtp_dns_support_level = disabled\nsmtp_host_lookup = native\nrecipient_delimiter = +\n\
         smtpd_relay_restrictions = permit_mynetworks, reject\n\
         smtpd_recipient_restrictions = check_recipient_access texthash:{at}/etc/here\n\
         smtpd_reject_unlisted_recipient = no\ntransport_maps = texthash:{at}/etc/transport\n\
         virtual_mailbox_base = {at}/mail\nvirtual_mailbox_maps = regexp:{at}/etc/mailboxes\n\
         virtual_uid_maps = static:{NOBODY}\nvirtual_gid_maps = static:{NOBODY}\n\
         bounces_destination_recipient_limit = 1\nnotify_classes =\ndelay_warning_time = 1s\n\
         minimal_backoff_time = 2s\nmaximal_backoff_time = 1000s\nqueue_run_delay = 1s\n"
    );
    write("main.cf", &main).expect("main.cf");
    let master = format!(
        "127.0.0.1:{port} inet n - n - 50 smtpd\n127.0.0.1:{next} inet n - n - 50 smtpd\n  \
         -o myhostname=mx.practice.example.net\n  \
         -o smtpd_recipient_restrictions=check_recipient_access,texthash:{at}/etc/there,reject\n\
         pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n\
         rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\n\
         defer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\nflush unix n - n 1000? 0 flush\n\
         smtp unix - - n - - smtp\nshowq unix n - n - - showq\nerror unix - - n - - error\n\
         retry unix - - n - - error\nvirtual unix - n n - - virtual\nanvil unix - - n - 1 anvil\n\
         postlog unix-dgram n - n - 1 postlogd\n{more}"
    );
    write("master.cf", &master).expect("master.cf");
    let next = format!("smtp:[127.0.0.1]:{next}");
    let transport = format!(
        "{GONE} error:5.1.1 no such mailbox\n{LATE} {next}\n{FULL} {next}\n{RULE} {next}\n\
         {SLOW} retry:4.4.1 come again\n{GOOD} virtual:\n{OURS} {bounces}:\n"
    );
    write("transport", &transport).expect("transport");
    write("here", &format!("{REFUSED} 550 5.1.1 User unknown\n")).expect("here");
    let there = format!(
        "{LATE} 550 5.1.1 User unknown in virtual mailbox table\n{FULL} 552 5.2.2 Mailbox full\n\
         {RULE} 554 5.7.1 Blocked by a rule\n"
    );
    write("there", &there).expect("there");
    let mailboxes = format!("/@{}$/ bounces/\n/./ good/\n", OURS.replace('.', "\\."));
    write("mailboxes", &mailboxes).expect("mailboxes");
}

fn own(part: &str, folder: &Path, owner: &str) {
    let done = Command::new("chown").arg(owner).arg(folder.join(part)).status().expect("chown");
    assert!(done.success(), "there is no account {owner}: run scripts/setup tests");
}

fn run(folder: &Path, what: &str) -> bool {
    let done = Command::new("/usr/sbin/postfix")
        .arg("-c")
        .arg(folder.join("etc"))
        .arg(what)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    done.expect("Postfix is there: run scripts/setup tests").success()
}

/// Waits until something listens on a port.
pub fn answers(port: u16) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        sleep(Duration::from_millis(20));
    }
    false
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).collect()
}

/// How many files stand in a folder and the folders in it.
fn count(folder: &Path) -> usize {
    files(folder).iter().map(|path| if path.is_dir() { count(path) } else { 1 }).sum()
}
