//! A real SMTP server in a process of its own that keeps what it gets in a folder.

use std::fs;
use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

/// A running server; stopped with this value.
#[derive(Debug)]
pub struct SmtpServer {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl SmtpServer {
    /// Starts a server on a free port of 127.0.0.1 and waits until it greets.
    ///
    /// # Panics
    /// If it does not start: run scripts/setup tests.
    pub fn start() -> Self {
        // Between finding a port and using it another process may take it.
        for _ in 0..5 {
            if let Some(server) = Self::on_port(free_port()) {
                return server;
            }
        }
        panic!("aiosmtpd does not start: run scripts/setup tests");
    }

    /// Starts a server on this port, to be unreachable first and there later.
    pub fn on_port(port: u16) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder for mails");
        let process = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(folder.path().join("mails"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 starts");
        let mut server = Self { process, port, folder };
        server.greets().then_some(server)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// For `SOUNDINGS_MAIL_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Every mail so far, in the order of arrival. The server puts `X-MailFrom`
    /// and `X-RcptTo`, the envelope's addresses, among the headers.
    pub fn messages(&self) -> Vec<Vec<u8>> {
        let Ok(entries) = fs::read_dir(self.folder.path().join("mails/new")) else {
            return Vec::new();
        };
        let mut mails: Vec<(SystemTime, Vec<u8>)> = entries
            .map(|entry| {
                let entry = entry.expect("a mail's entry");
                let at =
                    entry.metadata().and_then(|facts| facts.modified()).expect("a mail's time");
                (at, fs::read(entry.path()).expect("a mail"))
            })
            .collect();
        mails.sort();
        mails.into_iter().map(|(_, mail)| mail).collect()
    }

    /// Waits until this many mails have come and returns all there are.
    ///
    /// # Panics
    /// If they do not come.
    pub fn wait_for(&self, count: usize) -> Vec<Vec<u8>> {
        let start = Instant::now();
        loop {
            let mails = self.messages();
            if mails.len() >= count {
                return mails;
            }
            assert!(start.elapsed() < PATIENCE, "{} of {count} mails came", mails.len());
            sleep(Duration::from_millis(50));
        }
    }

    fn greets(&mut self) -> bool {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return false;
            }
            let mut greeting = [0; 3];
            let address = SocketAddr::from(([127, 0, 0, 1], self.port));
            if TcpStream::connect_timeout(&address, PATIENCE)
                .and_then(|mut stream| {
                    stream.set_read_timeout(Some(PATIENCE))?;
                    stream.read_exact(&mut greeting)
                })
                .is_ok()
            {
                return &greeting == b"220";
            }
            sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port of 127.0.0.1 on which nothing listens.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}
