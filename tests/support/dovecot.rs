//! A Dovecot of the tests' own that shows a Maildir over IMAP, in the clear and
//! over TLS, on ports of 127.0.0.1.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::postfix::{NOBODY, answers};
use super::smtp::free_port;

/// The password of every user; it has signs that an address cannot hold as they are.
const PASSWORD: &str = "geheim:@/ \"x\"";

/// A running Dovecot; stopped with this value.
#[derive(Debug)]
pub struct Dovecot {
    process: Child,
    folder: TempDir,
    imap: u16,
    imaps: u16,
}

impl Dovecot {
    /// Starts a Dovecot that shows this Maildir as the INBOX.
    ///
    /// # Panics
    /// If it does not start: a missing Dovecot is a failure, not a skipped test.
    pub fn over(maildir: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
        make_certificate(folder.path());
        let (imap, imaps) = (free_port(), free_port());
        let settings = folder.path().join("dovecot.conf");
        fs::write(&settings, config(folder.path(), maildir, (imap, imaps))).expect("settings");
        let process = Command::new("/usr/sbin/dovecot")
            .arg("-F")
            .arg("-c")
            .arg(&settings)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Dovecot is there: run scripts/setup tests");
        let mut dovecot = Self { process, folder, imap, imaps };
        let runs = answers(imaps) && matches!(dovecot.process.try_wait(), Ok(None));
        assert!(runs, "Dovecot does not start: {}", dovecot.log());
        dovecot
    }

    /// For `SOUNDINGS_MAIL_BOUNCE_IMAP`, in the clear.
    pub fn url(&self) -> String {
        format!("imap://bounces:{}@127.0.0.1:{}/INBOX?tls=none", encoded(), self.imap)
    }

    /// The same over TLS.
    pub fn secret_url(&self) -> String {
        let certificate = self.certificate().display().to_string();
        format!("imaps://bounces:{}@127.0.0.1:{}/INBOX?ca={certificate}", encoded(), self.imaps)
    }

    /// Its certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// What it wrote into its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// The password as an address holds it.
fn encoded() -> String {
    PASSWORD.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn make_certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj"])
        .args(["/CN=imap.example.org", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .stderr(Stdio::null())
        .status()
        .expect("openssl is there: run scripts/setup tests");
    assert!(made.success(), "openssl makes no certificate");
}

fn config(folder: &Path, maildir: &Path, (imap, imaps): (u16, u16)) -> String {
    let at = folder.display();
    let users = folder.join("users");
    fs::write(&users, format!("bounces:{{PLAIN.HEX}}{}\n", hex::encode(PASSWORD))).expect("users");
    fs::set_permissions(&users, fs::Permissions::from_mode(0o644)).expect("a mode");
    format!(
        "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {at}/run\nstate_dir = {at}/state\n\
         log_path = {at}/log\nssl = yes\nssl_cert = <{at}/cert.pem\nssl_key = <{at}/key.pem\n\
         disable_plaintext_auth = no\nmail_location = maildir:{}:INDEX=MEMORY\n\
         passdb {{\n  driver = passwd-file\n  args = {}\n}}\n\
         userdb {{\n  driver = static\n  args = uid={NOBODY} gid={NOBODY} home=/nonexistent\n}}\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {imap}\n  }}\n  \
         inet_listener imaps {{\n    port = {imaps}\n    ssl = yes\n  }}\n}}\n\
         service anvil {{\n  chroot =\n}}\n",
        maildir.display(),
        users.display()
    )
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // It ends its children when it is asked to end, and leaves them if killed.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}
