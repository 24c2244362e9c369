//! One conversation with a mail server: RFC 5321, so that it is known at each
//! moment how far a mail has come. The commands before a message go in one packet
//! where the server offers that (RFC 2920). Knows nothing of ledgers or of trying
//! again.
//!
//! Why not lettre's own connection: it sends the message and the dot behind it
//! as two packets without `TCP_NODELAY`, which costs 40 ms a mail, it does not tell
//! a reply from a broken line, and it writes whole messages into its log.

use std::fmt;
use std::io;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::delivery::{Said, Step};
use super::server::{Login, Secrecy, Server};
use super::tls::{self, Wire};

/// More than any honest reply has.
const MOST_BYTES_OF_A_REPLY: u64 = 64 * 1024;
/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// The verdict on a message may take so many times longer than another step:
/// some servers search it for spam first, and giving up leaves a mail in doubt.
const VERDICT: u32 = 3;

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// Its lines without their codes.
    pub(super) lines: Vec<String>,
}

/// A command that was not answered as hoped.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server said something else.
    Reply(Reply),
    /// The server said nothing in time.
    Silence,
    /// The line is broken, or what comes over it is not SMTP.
    Broken(String),
}

/// What is found out about a server on the way in, even if the way ends early.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WayIn {
    pub(super) tls: Option<String>,
    pub(super) signed_in: bool,
}

/// A server that is ready for the next mail.
pub(super) struct Connection {
    talk: Talk<Box<dyn Wire>>,
    /// Whether the server takes several commands at once.
    pipelines: bool,
}

/// A command at a time over some stream.
struct Talk<S> {
    stream: BufReader<S>,
    patience: Duration,
    /// Whether the two sides do not understand each other any more.
    broken: bool,
}

/// What a server says it can do.
type Offers = Vec<String>;

impl Reply {
    /// All of it in one line.
    pub(super) fn words(&self) -> String {
        self.lines.join(" ")
    }

    fn is_good(&self) -> bool {
        (200..300).contains(&self.code)
    }
}

impl Failure {
    pub(super) fn said(&self, step: Step, receiver: &str) -> Said {
        match self {
            Self::Reply(reply) => Said::new(step, Some(reply.code), &reply.words(), receiver),
            Self::Silence | Self::Broken(_) => Said::new(step, None, &self.to_string(), receiver),
        }
    }

    fn of(error: &io::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reply(reply) => write!(f, "{} {}", reply.code, reply.words()),
            Self::Silence => f.write_str("no answer in time"),
            Self::Broken(how) => f.write_str(how),
        }
    }
}

impl Connection {
    /// Finds the server, makes the line secret as asked for, and signs in.
    ///
    /// # Errors
    /// What the server or the line said, and at which step.
    pub(super) async fn open(
        server: &Server,
        hello: &str,
        way_in: &mut WayIn,
    ) -> Result<Self, Said> {
        let said = |step| move |failure: Failure| failure.said(step, "");
        let tcp = connect(server).await.map_err(said(Step::Connect))?;
        let (mut talk, offers) = if server.secrecy == Secrecy::FromTheStart {
            let mut talk = secret(server, tcp, way_in).await.map_err(said(Step::Tls))?;
            talk.greeting().await.map_err(said(Step::Greeting))?;
            let offers = talk.ehlo(hello).await.map_err(said(Step::Ehlo))?;
            (talk, offers)
        } else {
            let mut talk = Talk::over(tcp, server.patience);
            talk.greeting().await.map_err(said(Step::Greeting))?;
            let offers = talk.ehlo(hello).await.map_err(said(Step::Ehlo))?;
            let offered = offers.iter().any(|offer| offer == "STARTTLS");
            match (server.secrecy, offered) {
                (Secrecy::Required, _) | (Secrecy::IfOffered, true) => {
                    let tcp = talk.start_tls().await.map_err(said(Step::Tls))?;
                    let mut talk = secret(server, tcp, way_in).await.map_err(said(Step::Tls))?;
                    // What was offered in the clear may have been anybody's word.
                    let offers = talk.ehlo(hello).await.map_err(said(Step::Ehlo))?;
                    (talk, offers)
                }
                _ => (talk.boxed(), offers),
            }
        };
        if let Some(login) = &server.login {
            talk.sign_in(login, &offers).await.map_err(said(Step::Auth))?;
            way_in.signed_in = true;
        }
        Ok(Self { talk, pipelines: offers.iter().any(|offer| offer == "PIPELINING") })
    }

    /// Names a sender, to hear whether it is welcome.
    pub(super) async fn mail_from(&mut self, sender: &str) -> Result<(), Failure> {
        self.talk.command(&format!("MAIL FROM:<{sender}>"), Reply::is_good).await.map(drop)
    }

    /// Names sender and receiver and asks for leave to send the message; all in one
    /// go if the server offers that, which saves two ways there and back.
    ///
    /// Source: RFC 2920. A server that wants the message of a mail whose sender or
    /// receiver it refused has to be left: the line is broken then.
    ///
    /// # Errors
    /// The first step that was refused.
    pub(super) async fn announce(
        &mut self,
        sender: &str,
        receiver: &str,
    ) -> Result<(), (Step, Failure)> {
        let steps = [
            (Step::MailFrom, format!("MAIL FROM:<{sender}>")),
            (Step::RcptTo, format!("RCPT TO:<{receiver}>")),
            (Step::Data, "DATA".to_owned()),
        ];
        let hoped = |step: Step| {
            move |reply: &Reply| match step {
                Step::Data => reply.code == 354,
                _ => reply.is_good(),
            }
        };
        if !self.pipelines {
            for (step, line) in steps {
                self.talk.command(&line, hoped(step)).await.map_err(|failure| (step, failure))?;
            }
            return Ok(());
        }
        let [(_, from), (_, to), (_, data)] = &steps;
        let at = |step| move |failure| (step, failure);
        self.talk.commands(&[from, to, data]).await.map_err(at(Step::MailFrom))?;
        let mut refused = None;
        for (step, _) in steps {
            let answer = self.talk.reply(hoped(step)).await;
            match (answer, &refused) {
                (Ok(_), None) | (Err(Failure::Reply(_)), Some(_)) => {}
                (Err(failure @ Failure::Reply(_)), None) => refused = Some((step, failure)),
                (Err(failure), None) => return Err((step, failure)),
                (Ok(_), Some(_)) if step != Step::Data => {}
                // Nothing more is heard, or the message of a refused mail is wanted.
                (Ok(_) | Err(_), Some(_)) => self.talk.broken = true,
            }
        }
        refused.map_or(Ok(()), Err)
    }

    /// Sends the message up to the final dot and waits for the verdict.
    pub(super) async fn message(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.talk.send(&stuffed(bytes)).await?;
        self.talk.reply_within(self.talk.patience * VERDICT, Reply::is_good).await.map(drop)
    }

    /// Forgets a mail that was begun.
    pub(super) async fn reset(&mut self) -> Result<(), Failure> {
        self.talk.command("RSET", Reply::is_good).await.map(drop)
    }

    /// Takes leave. Nobody minds if it fails.
    pub(super) async fn quit(mut self) {
        drop(timeout(FAREWELL, self.talk.command("QUIT", Reply::is_good)).await);
    }
}

/// Opens a connection on which a message is not held back until the server has
/// acknowledged the packet before it (Nagle's algorithm).
async fn connect(server: &Server) -> Result<TcpStream, Failure> {
    let opening = TcpStream::connect((server.host.as_str(), server.port));
    let stream = timeout(server.patience, opening)
        .await
        .map_err(|_| Failure::Silence)?
        .map_err(|error| Failure::of(&error))?;
    stream.set_nodelay(true).map_err(|error| Failure::of(&error))?;
    Ok(stream)
}

async fn secret(
    server: &Server,
    tcp: TcpStream,
    way_in: &mut WayIn,
) -> Result<Talk<Box<dyn Wire>>, Failure> {
    let stream = timeout(server.patience, tls::shake_hands(server, tcp))
        .await
        .map_err(|_| Failure::Silence)?
        .map_err(Failure::Broken)?;
    way_in.tls = Some(tls::version(&stream));
    Ok(Talk::over(Box::new(stream) as Box<dyn Wire>, server.patience))
}

impl Talk<TcpStream> {
    /// Agrees on TLS and gives the bare stream back.
    async fn start_tls(mut self) -> Result<TcpStream, Failure> {
        self.command("STARTTLS", |reply| reply.code == 220).await?;
        if !self.stream.buffer().is_empty() {
            // Somebody on the way put words in before the line became secret.
            return Err(Failure::Broken("more came than the answer to STARTTLS".to_owned()));
        }
        Ok(self.stream.into_inner())
    }

    fn boxed(self) -> Talk<Box<dyn Wire>> {
        Talk::over(Box::new(self.stream.into_inner()), self.patience)
    }
}

impl<S: Wire> Talk<S> {
    fn over(stream: S, patience: Duration) -> Self {
        Self { stream: BufReader::new(stream), patience, broken: false }
    }

    async fn greeting(&mut self) -> Result<(), Failure> {
        self.reply(Reply::is_good).await.map(drop)
    }

    async fn ehlo(&mut self, hello: &str) -> Result<Offers, Failure> {
        let reply = self.command(&format!("EHLO {hello}"), Reply::is_good).await?;
        Ok(reply.lines.iter().skip(1).map(|line| line.trim().to_ascii_uppercase()).collect())
    }

    /// Source: RFC 4954 and RFC 4616 (PLAIN); LOGIN is a custom without a standard.
    async fn sign_in(&mut self, login: &Login, offers: &Offers) -> Result<(), Failure> {
        let offered = |way: &str| {
            offers.iter().any(|offer| {
                let mut words = offer.split([' ', '=']);
                words.next() == Some("AUTH") && words.any(|word| word == way)
            })
        };
        if offered("PLAIN") {
            let both = STANDARD.encode(format!("\0{}\0{}", login.user, login.password));
            self.command(&format!("AUTH PLAIN {both}"), Reply::is_good).await?;
        } else if offered("LOGIN") {
            let asks = |reply: &Reply| reply.code == 334;
            self.command("AUTH LOGIN", asks).await?;
            self.command(&STANDARD.encode(&login.user), asks).await?;
            self.command(&STANDARD.encode(&login.password), Reply::is_good).await?;
        } else {
            return Err(Failure::Broken("the server offers neither PLAIN nor LOGIN".to_owned()));
        }
        Ok(())
    }

    async fn command(
        &mut self,
        line: &str,
        hoped: impl Fn(&Reply) -> bool,
    ) -> Result<Reply, Failure> {
        self.commands(&[line]).await?;
        self.reply(hoped).await
    }

    /// Sends several commands at once; their replies are still to be read.
    async fn commands(&mut self, lines: &[&str]) -> Result<(), Failure> {
        if self.broken {
            return Err(Failure::Broken("the server waits for something else".to_owned()));
        }
        if lines.iter().any(|line| line.contains(['\r', '\n'])) {
            return Err(Failure::Broken("a command has one line".to_owned()));
        }
        let mut bytes = lines.join("\r\n");
        bytes.push_str("\r\n");
        self.send(bytes.as_bytes()).await
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let stream = self.stream.get_mut();
        let sending = async {
            stream.write_all(bytes).await?;
            stream.flush().await
        };
        match timeout(self.patience, sending).await {
            Ok(sent) => sent.map_err(|error| Failure::of(&error)),
            Err(_) => Err(Failure::Silence),
        }
    }

    async fn reply(&mut self, hoped: impl Fn(&Reply) -> bool) -> Result<Reply, Failure> {
        self.reply_within(self.patience, hoped).await
    }

    async fn reply_within(
        &mut self,
        patience: Duration,
        hoped: impl Fn(&Reply) -> bool,
    ) -> Result<Reply, Failure> {
        let reply = timeout(patience, read_reply(&mut self.stream))
            .await
            .map_err(|_| Failure::Silence)??;
        if hoped(&reply) { Ok(reply) } else { Err(Failure::Reply(reply)) }
    }
}

/// Source: RFC 5321, section 4.2.1.
async fn read_reply<S: Wire>(stream: &mut BufReader<S>) -> Result<Reply, Failure> {
    let mut left = stream.take(MOST_BYTES_OF_A_REPLY);
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        left.read_until(b'\n', &mut line).await.map_err(|error| Failure::of(&error))?;
        if line.last() != Some(&b'\n') {
            return Err(Failure::Broken("the server hung up".to_owned()));
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\r', '\n']);
        let code = line
            .get(..3)
            .filter(|code| code.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|code| code.parse().ok())
            .ok_or_else(|| Failure::Broken("the answer is not SMTP".to_owned()))?;
        let rest = line.get(3..).unwrap_or_default();
        lines.push(rest.get(1..).unwrap_or_default().to_owned());
        if !rest.starts_with('-') {
            return Ok(Reply { code, lines });
        }
    }
}

/// The message as it goes over the line: a second dot before each that begins a
/// line, and a line of one dot at the end.
///
/// Source: RFC 5321, section 4.5.2.
fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 64 + 5);
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    use tokio::io::duplex;

    #[test]
    fn a_dot_that_begins_a_line_is_doubled_and_one_ends_the_message() {
        assert_eq!(stuffed(b"a\r\n.\r\n..b\r\n"), b"a\r\n..\r\n...b\r\n.\r\n");
        assert_eq!(stuffed(b".a"), b"..a\r\n.\r\n");
        assert_eq!(stuffed(b""), b"\r\n.\r\n");
    }

    async fn read(bytes: &'static [u8]) -> Result<Reply, Failure> {
        let (ours, mut theirs) = duplex(bytes.len().max(1));
        theirs.write_all(bytes).await.expect("bytes go");
        drop(theirs);
        read_reply(&mut BufReader::new(ours)).await
    }

    #[tokio::test]
    async fn a_reply_may_have_several_lines() {
        let reply = read(b"250-mail.example.org\r\n250-AUTH PLAIN\r\n250 OK\r\n").await;
        let reply = reply.expect("a reply");
        assert_eq!((reply.code, reply.words().as_str()), (250, "mail.example.org AUTH PLAIN OK"));
        assert_eq!(read(b"354\r\n").await.expect("a reply").lines, [""]);
    }

    #[tokio::test]
    async fn what_is_no_reply_is_a_broken_line() {
        for bytes in [&b""[..], b"250 O", b"250-more\r\n", b"HTTP/1.1 400\r\n", b"\xff\xfe\xfd\r\n"]
        {
            assert!(matches!(read(bytes).await, Err(Failure::Broken(_))), "{bytes:?}");
        }
    }
}
