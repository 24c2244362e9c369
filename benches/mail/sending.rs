//! Mails that are ready, over many lines into a sink.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use soundings::id::MailId;
use soundings::mail::{Delivery, Outgoing, Posting, Sender, Transport};
use soundings::pages::MailText;
use tokio::runtime::Runtime;

use crate::Outcome;

/// What `smtp-source` puts before a message's text by itself, and a little more:
/// it is not to send the larger mails.
const THEIR_HEADERS: usize = 200;

/// A server that takes every mail and throws it away.
pub struct Sink {
    process: Child,
    address: SocketAddr,
    source: PathBuf,
    transport: Transport,
    runtime: Runtime,
    mail: Arc<Outgoing>,
}

impl Sink {
    pub fn start() -> Outcome<Self> {
        let (program, source) = (tool("smtp-sink")?, tool("smtp-source")?);
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let process = Command::new(program)
            .args(if is_root()? { &["-u", "nobody"][..] } else { &[] })
            .args([&address.to_string(), "1024"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let sink = Self {
            process,
            address,
            source,
            transport: Transport::open(&format!("smtp://{address}"))?,
            runtime: Runtime::new()?,
            mail: Arc::new(mail(&Sender::parse("Survey office <survey@example.org>")?)?),
        };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > Duration::from_secs(10) {
                return Err("smtp-sink does not listen".into());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(sink)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many mails a second go through lines of ours.
    pub fn ours(&self, lines: usize, mails: usize) -> Outcome<f64> {
        let begun = Instant::now();
        self.runtime.block_on(async {
            let tasks: Vec<_> = (0..lines)
                .map(|n| {
                    let share = mails / lines + usize::from(n < mails % lines);
                    let (mut line, mail) = (self.transport.line(), self.mail.clone());
                    tokio::spawn(async move {
                        for _ in 0..share {
                            let delivery = line.send(&mail, || ()).await;
                            if delivery != Delivery::Taken {
                                return Err(format!("a mail was not taken: {delivery:?}"));
                            }
                        }
                        line.close().await;
                        Ok(())
                    })
                })
                .collect();
            for task in tasks {
                task.await??;
            }
            Outcome::Ok(())
        })?;
        Ok(rate(mails, begun))
    }

    /// How many mails a second `smtp-source` sends.
    pub fn theirs(&self, sessions: usize, mails: usize) -> Outcome<f64> {
        let size = self.mail.bytes.len().saturating_sub(THEIR_HEADERS);
        let begun = Instant::now();
        let done = Command::new(&self.source)
            .args(["-d", "-f", "survey@example.org", "-t", "ann@group.example.org"])
            .args(["-s", &sessions.to_string(), "-m", &mails.to_string()])
            .args(["-l", &size.to_string(), &self.address.to_string()])
            .status()?;
        if !done.success() {
            return Err("smtp-source failed".into());
        }
        Ok(rate(mails, begun))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[expect(clippy::cast_precision_loss, reason = "no run has so many mails")]
fn rate(mails: usize, begun: Instant) -> f64 {
    mails as f64 / begun.elapsed().as_secs_f64()
}

/// A mail as long as an invitation.
pub fn mail(sender: &Sender) -> Outcome<Outgoing> {
    let text =
        "A sentence of an invitation, of about seventy letters and a few more.\r\n".repeat(15);
    Ok(sender.compose(&Posting {
        id: MailId::from_bytes([7; 16]),
        name: Some(&"Ann Lead".parse()?),
        address: &"ann@group.example.org".parse()?,
        text: MailText {
            subject: "How is PBC going for North Herts? 10 minutes".to_owned(),
            html: format!("<p>{text}</p>"),
            text,
        },
        date: "2007-11-26T09:00".parse()?,
        stop: Some("https://survey.example.org/stop/4f2b7c1d9e8a4f2b7c1d9e8a4f2b7c1d"),
    })?)
}

/// Postfix's sink does not run as root.
fn is_root() -> Outcome<bool> {
    Ok(Command::new("id").arg("-u").output()?.stdout.trim_ascii() == b"0")
}

/// A program of Postfix, which is not on everybody's path.
fn tool(name: &str) -> Outcome<PathBuf> {
    let places =
        ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/sbin"];
    places.iter().map(|place| PathBuf::from(place).join(name)).find(|path| path.exists()).ok_or_else(
        || {
            format!(
                "{name} is missing: install Debian's package postfix (its server can stay switched off)"
            )
            .into()
        },
    )
}
