//! A mail server with the faults one wishes, on a port of its own. It keeps
//! count of what really happened, so that a test can compare it with what the
//! other side believes.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::{X509, X509Name};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Where in a mail's way something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// When a connection comes in.
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    MailFrom,
    RcptTo,
    Data,
    /// After the first bytes of the message.
    MidMessage,
    /// After the final dot.
    Dot,
}

/// What happens there.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This answer instead of the good one; the connection stays.
    Say(&'static str),
    /// This answer, and then the connection is closed.
    SayAndHangUp(&'static str),
    /// The connection is closed without an answer.
    HangUp,
    /// The good answer, and then the connection is closed.
    HangUpAfterwards,
    /// The good answer after this time.
    Slow(Duration),
    /// The good answer, and bytes that are no TLS where the handshake should begin.
    NoHandshake,
}

/// How the server meets the world.
#[derive(Clone, Default)]
pub struct Manners {
    /// TLS from the first byte on.
    pub secret_from_the_start: bool,
    /// Its certificate and key; offers STARTTLS if it has them.
    pub tls: Option<Arc<ServerConfig>>,
    /// The user and password it wants to hear, in the ways it offers.
    pub login: Option<(&'static str, &'static str, &'static str)>,
    /// Takes several commands at once.
    pub pipelining: bool,
    /// Wants the message even of a mail whose receiver it has refused.
    pub careless: bool,
}

/// What the server saw.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Connections that came in.
    pub connections: usize,
    /// Connections that became secret.
    pub secret: usize,
    /// Names given with EHLO, each once for a connection's phase.
    pub hellos: Vec<String>,
    /// Commands in their order, without what follows them.
    pub commands: Vec<String>,
    /// Senders of envelopes whose message came whole.
    pub senders: Vec<String>,
    /// Messages that came whole, without doubled dots.
    pub messages: Vec<Vec<u8>>,
    /// For each receiver: how often a final dot came that was not refused.
    pub copies: BTreeMap<String, usize>,
    /// Final dots that were not refused and whose answer was never given.
    pub lost_answers: usize,
}

struct Inner {
    manners: Manners,
    /// Faults that are used up, each by the first that comes to its place.
    once: Mutex<VecDeque<(At, Fault)>>,
    /// Faults that befall every mail to this receiver.
    always: Mutex<BTreeMap<String, (At, Fault)>>,
    seen: Mutex<Seen>,
}

/// A running server. Ends with the process.
#[derive(Clone)]
pub struct FaultySmtp {
    inner: Arc<Inner>,
    port: u16,
}

impl FaultySmtp {
    /// Starts a server without faults.
    pub fn start() -> Self {
        Self::with(Manners::default())
    }

    /// Starts a server with these manners.
    pub fn with(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let inner = Arc::new(Inner {
            manners,
            once: Mutex::default(),
            always: Mutex::default(),
            seen: Mutex::default(),
        });
        let server = Self { inner: inner.clone(), port };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let inner = inner.clone();
                thread::spawn(move || inner.serve(stream));
            }
        });
        server
    }

    /// For `SOUNDINGS_MAIL_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The next to come to this place meets this fault. Faults of one place are
    /// met in the order in which they were asked for.
    pub fn once(&self, at: At, fault: Fault) -> &Self {
        lock(&self.inner.once).push_back((at, fault));
        self
    }

    /// Every mail to this receiver meets this fault, at RCPT TO or later.
    pub fn always_for(&self, receiver: &str, at: At, fault: Fault) -> &Self {
        lock(&self.inner.always).insert(receiver.to_owned(), (at, fault));
        self
    }

    /// What it saw so far.
    pub fn seen(&self) -> Seen {
        lock(&self.inner.seen).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes both ways, in the clear or not.
trait Wire: Read + Write + Send {}

impl<S: Read + Write + Send> Wire for S {}

/// How a conversation ends early.
enum End {
    HungUp,
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::HungUp
    }
}

/// One connection.
struct Talk<'s> {
    server: &'s Inner,
    wire: BufReader<Box<dyn Wire>>,
    /// A second hold on the socket, to become secret with.
    bare: TcpStream,
    secret: bool,
    sender: String,
    receiver: String,
    /// Whether the sender, and the receiver, were not refused.
    welcome: bool,
    known: bool,
}

impl Inner {
    fn fault(&self, at: At, receiver: &str) -> Option<Fault> {
        if let Some((_, fault)) = lock(&self.always).get(receiver).filter(|(place, _)| *place == at)
        {
            return Some(fault.clone());
        }
        let mut once = lock(&self.once);
        let found = once.iter().position(|(place, _)| *place == at)?;
        once.remove(found).map(|(_, fault)| fault)
    }

    fn serve(&self, stream: TcpStream) {
        lock(&self.seen).connections += 1;
        let _ = stream.set_nodelay(true);
        let Ok(bare) = stream.try_clone() else { return };
        let mut talk = Talk {
            server: self,
            wire: BufReader::new(Box::new(stream)),
            bare,
            secret: false,
            sender: String::new(),
            receiver: String::new(),
            welcome: false,
            known: false,
        };
        let _ = talk.run();
        let _ = talk.bare.shutdown(std::net::Shutdown::Both);
    }
}

impl Talk<'_> {
    fn run(&mut self) -> Result<(), End> {
        if self.server.manners.secret_from_the_start {
            self.become_secret()?;
        }
        self.answer(At::Greeting, "220 faulty.example.org ESMTP")?;
        loop {
            let mut line = String::new();
            if self.wire.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end();
            let (verb, rest) = line.split_once([' ', ':']).unwrap_or((line, ""));
            let verb = verb.to_ascii_uppercase();
            lock(&self.server.seen).commands.push(verb.clone());
            match verb.as_str() {
                "EHLO" => {
                    lock(&self.server.seen).hellos.push(rest.to_owned());
                    self.answer(At::Ehlo, &self.offers())?;
                }
                "STARTTLS" => {
                    if self.answer(At::StartTls, "220 go on")? {
                        self.become_secret()?;
                    }
                }
                "AUTH" => self.sign_in(rest)?,
                "MAIL" => {
                    self.sender = address(rest);
                    self.known = false;
                    self.welcome = self.answer(At::MailFrom, "250 sender fine")?;
                }
                "RCPT" => {
                    self.receiver = address(rest);
                    self.known = self.answer(At::RcptTo, "250 receiver fine")?;
                }
                "DATA" if !(self.welcome && self.known || self.server.manners.careless) => {
                    self.say("503 5.5.1 no receiver that I know")?;
                }
                "DATA" => {
                    if self.answer(At::Data, "354 go on")? {
                        self.message()?;
                    }
                }
                "RSET" => self.say("250 forgotten")?,
                "QUIT" => {
                    self.say("221 farewell")?;
                    return Ok(());
                }
                _ => self.say("500 what?")?,
            }
        }
    }

    fn offers(&self) -> String {
        let manners = &self.server.manners;
        let mut offers = vec!["faulty.example.org".to_owned()];
        if manners.tls.is_some() && !self.secret {
            offers.push("STARTTLS".to_owned());
        } else if let Some((ways, ..)) = manners.login {
            offers.push(format!("AUTH {ways}"));
        }
        if manners.pipelining {
            offers.push("PIPELINING".to_owned());
        }
        offers.push("8BITMIME".to_owned());
        let last = offers.len() - 1;
        let lines = offers.iter().enumerate();
        let lines =
            lines.map(|(at, offer)| format!("250{}{offer}", if at == last { ' ' } else { '-' }));
        lines.collect::<Vec<_>>().join("\r\n")
    }

    fn become_secret(&mut self) -> Result<(), End> {
        let config = self.server.manners.tls.clone().ok_or(End::HungUp)?;
        let connection = ServerConnection::new(config).map_err(|_| End::HungUp)?;
        let stream = StreamOwned::new(connection, self.bare.try_clone()?);
        self.wire = BufReader::new(Box::new(stream));
        self.secret = true;
        lock(&self.server.seen).secret += 1;
        Ok(())
    }

    fn sign_in(&mut self, rest: &str) -> Result<(), End> {
        use base64::Engine;
        use base64::engine::general_purpose::STANDARD;
        let Some((_, user, password)) = self.server.manners.login else {
            return self.say("503 nobody asked");
        };
        let given = if let Some(both) = rest.strip_prefix("PLAIN ") {
            STANDARD.decode(both).unwrap_or_default()
        } else {
            let mut both = Vec::new();
            for question in ["VXNlcm5hbWU6", "UGFzc3dvcmQ6"] {
                self.say(&format!("334 {question}"))?;
                let mut line = String::new();
                self.wire.read_line(&mut line)?;
                both.push(0);
                both.extend(STANDARD.decode(line.trim_end()).unwrap_or_default());
            }
            both
        };
        if given == format!("\0{user}\0{password}").into_bytes() {
            self.answer(At::Auth, "235 welcome").map(drop)
        } else {
            self.say("535 5.7.8 wrong user or password")
        }
    }

    fn message(&mut self) -> Result<(), End> {
        let mut message = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.wire.read_until(b'\n', &mut line)? == 0 {
                return Err(End::HungUp);
            }
            if line == b".\r\n" {
                break;
            }
            let doubled = line.starts_with(b".");
            message.extend_from_slice(&line[usize::from(doubled)..]);
            if self.server.fault(At::MidMessage, &self.receiver).is_some() {
                return Err(End::HungUp);
            }
        }
        let fault = self.server.fault(At::Dot, &self.receiver);
        if !matches!(fault, Some(Fault::Say(_) | Fault::SayAndHangUp(_))) {
            let mut seen = lock(&self.server.seen);
            *seen.copies.entry(self.receiver.clone()).or_default() += 1;
            seen.senders.push(self.sender.clone());
            seen.messages.push(message);
            if matches!(fault, Some(Fault::HangUp)) {
                seen.lost_answers += 1;
            }
        }
        self.meet(fault, "250 2.0.0 taken").map(drop)
    }

    /// The good answer, unless a fault is due; says whether it was the good one.
    fn answer(&mut self, at: At, good: &str) -> Result<bool, End> {
        let fault = self.server.fault(at, &self.receiver);
        self.meet(fault, good)
    }

    fn meet(&mut self, fault: Option<Fault>, good: &str) -> Result<bool, End> {
        match fault {
            None => self.say(good).map(|()| true),
            Some(Fault::NoHandshake) => {
                self.say(good)?;
                self.bare.write_all(b"this is no handshake\r\n")?;
                Err(End::HungUp)
            }
            Some(Fault::Say(other)) => self.say(other).map(|()| false),
            Some(Fault::SayAndHangUp(other)) => {
                self.say(other)?;
                Err(End::HungUp)
            }
            Some(Fault::HangUp) => Err(End::HungUp),
            Some(Fault::HangUpAfterwards) => {
                self.say(good)?;
                Err(End::HungUp)
            }
            Some(Fault::Slow(time)) => {
                thread::sleep(time);
                self.say(good).map(|()| true)
            }
        }
    }

    fn say(&mut self, line: &str) -> Result<(), End> {
        let wire = self.wire.get_mut();
        wire.write_all(format!("{line}\r\n").as_bytes())?;
        wire.flush()?;
        Ok(())
    }
}

/// What stands between `<` and `>`.
fn address(rest: &str) -> String {
    let inner = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or(rest, |(address, _)| address).to_owned()
}

/// A certificate of this machine's own for 127.0.0.1, written to this file for
/// whoever is to trust it, and how a server shows it.
///
/// # Panics
/// If OpenSSL makes none.
pub fn certificate(file: &Path) -> Arc<ServerConfig> {
    let (certificate, key) = self_signed().expect("a certificate");
    std::fs::write(file, certificate.to_pem().expect("a PEM text")).expect("a file");
    let chain = vec![CertificateDer::from(certificate.to_der().expect("bytes"))];
    let key = key.private_key_to_pkcs8().expect("bytes");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|made| {
            let key = PrivateKeyDer::try_from(key).expect("a key");
            made.with_no_client_auth().with_single_cert(chain, key)
        });
    Arc::new(config.expect("a way to show it"))
}

fn self_signed() -> Result<(X509, PKey<openssl::pkey::Private>), ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let key = PKey::from_ec_key(EcKey::generate(&group)?)?;
    let mut name = X509Name::builder()?;
    name.append_entry_by_text("CN", "faulty.example.org")?;
    let name = name.build();
    let mut made = X509::builder()?;
    made.set_version(2)?;
    made.set_subject_name(&name)?;
    made.set_issuer_name(&name)?;
    made.set_pubkey(&key)?;
    let (start, end) = (Asn1Time::days_from_now(0)?, Asn1Time::days_from_now(2)?);
    made.set_not_before(&start)?;
    made.set_not_after(&end)?;
    let names =
        SubjectAlternativeName::new().ip("127.0.0.1").build(&made.x509v3_context(None, None))?;
    made.append_extension(names)?;
    made.sign(&key, MessageDigest::sha256())?;
    Ok((made.build(), key))
}
