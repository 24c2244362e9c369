//! Settings: defaults, then `soundings.toml` beside the data, then environment
//! variables. The only reader of the environment.

mod in_force;
mod sign_in;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use in_force::Sources;

use crate::disclosure::{Rule, RuleSettings};

use crate::id::OrgCode;

use crate::mail::{BounceAddress, ImapMailbox};
use crate::moderation::Readers;

pub use sign_in::{OidcSettings, SecondStepRule};

/// Everything that can be set, checked.
#[derive(Clone)]
pub struct Settings {
    /// Folder of the embedded database, keys and outbox.
    pub data: PathBuf,
    /// `sqlite:…` or `postgres://…`.
    pub database_url: String,
    /// Listening address.
    pub bind: SocketAddr,
    /// Origin of every link, without a slash at the end.
    pub base_url: String,
    /// Where mail goes: `folder:DIR`, `smtp://…` or `smtps://…`.
    pub mail_url: String,
    /// Sender of every mail.
    pub mail_from: String,
    /// The pattern of the addresses that bounces come back to, such as
    /// `bounce+{}@example.org`.
    pub mail_bounce: Option<String>,
    /// A Maildir into which bounces are delivered.
    pub mail_bounce_maildir: Option<PathBuf>,
    /// A mailbox on an IMAP server into which bounces are delivered.
    pub mail_bounce_imap: Option<ImapMailbox>,
    /// Most mails in a minute; 0 for no limit.
    pub mail_per_minute: u32,
    /// Most mails in a minute to one domain; 0 for no limit.
    pub mail_per_domain: u32,
    /// How many connections to the mail server are used at once.
    pub mail_connections: u32,
    /// Keys that sign every mail.
    pub mail_dkim_keys: Vec<DkimKeyFile>,
    /// The name server that the doctor asks; none: those of the system.
    pub dns: Option<SocketAddr>,
    /// File of the master key.
    pub master_key_file: PathBuf,
    /// How the survey office shows itself.
    pub office: Office,
    /// The region that is surveyed.
    pub region: Region,
    /// Smallest group of respondents behind a published figure.
    pub k: u32,
    /// Smallest number of PBC groups behind a published figure of a PCT.
    pub min_groups: u32,
    /// Whether what cannot be undone needs two people of the office.
    pub two_people: bool,
    /// Whether accounts of the survey office need a second step.
    pub second_step: SecondStepRule,
    /// A session that nobody used for so many minutes ends.
    pub session_idle_minutes: u32,
    /// An identity provider by which staff can sign in.
    pub oidc: Option<OidcSettings>,
    /// How many people of the office must agree on a comment before it is published.
    pub comment_readers: Readers,
    sources: Sources,
}

/// A key that signs mails, by its name in the DNS and its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DkimKeyFile {
    /// The name in front of `._domainkey.` and the sender's domain.
    pub selector: String,
    /// A PEM file with a private key.
    pub path: PathBuf,
}

/// How the survey office shows itself on pages and in mails.
#[derive(Clone, Debug)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// Where people write to.
    pub contact: String,
    /// An SVG or PNG file shown beside the name.
    pub logo: Option<PathBuf>,
    /// The colour of the header, as `#rrggbb`.
    pub colour: Option<String>,
}

/// The region that is surveyed.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its code, the root of all results.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Settings that cannot be used: every fault at once.
#[derive(Debug, thiserror::Error)]
#[error("the settings cannot be used:\n{}", .0.join("\n"))]
pub struct BadSettings(pub Vec<String>);

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the fields are the settings' names")]
struct File {
    database_url: Option<String>,
    bind: Option<String>,
    base_url: Option<String>,
    mail_url: Option<String>,
    mail_from: Option<String>,
    mail_bounce: Option<String>,
    mail_bounce_maildir: Option<String>,
    mail_bounce_imap: Option<String>,
    mail_per_minute: Option<u32>,
    mail_per_domain: Option<u32>,
    mail_connections: Option<u32>,
    dns: Option<String>,
    mail_dkim_key_files: Option<String>,
    master_key_file: Option<String>,
    office_name: Option<String>,
    office_contact: Option<String>,
    office_logo: Option<String>,
    office_colour: Option<String>,
    region_code: Option<String>,
    region_name: Option<String>,
    k: Option<u32>,
    min_groups: Option<u32>,
    two_people: Option<String>,
    second_step: Option<String>,
    session_idle_minutes: Option<u32>,
    oidc_issuer: Option<String>,
    oidc_client_id: Option<String>,
    oidc_client_secret_file: Option<String>,
    oidc_name: Option<String>,
    comment_readers: Option<u32>,
}

/// The variables of the environment that concern this program.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// What the process was started with.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn of_process() -> Self {
        Self(
            std::env::vars()
                .filter(|(name, _)| name.starts_with("SOUNDINGS_") || name == "RUST_LOG")
                .collect(),
        )
    }

    /// Made up for a test or a demonstration.
    pub fn of(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The same with some values set by the command line.
    #[must_use]
    pub fn with(mut self, pairs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.0.extend(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)));
        self
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(&format!("SOUNDINGS_{name}")).filter(|value| !value.is_empty())
    }

    /// From which level on log lines are written: `SOUNDINGS_LOG`, or
    /// `RUST_LOG`, one of error, warn, info, debug and trace; info if neither is.
    #[must_use]
    pub fn log_level(&self) -> &'static str {
        let asked = self.0.get("SOUNDINGS_LOG").or_else(|| self.0.get("RUST_LOG"));
        LEVELS.into_iter().find(|level| asked.is_some_and(|a| a == level)).unwrap_or("info")
    }
}

const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];
const NOT_SETTINGS: [&str; 4] =
    ["SOUNDINGS_LOG", "RUST_LOG", "SOUNDINGS_TEST_POSTGRES_URL", "SOUNDINGS_TESTS"];

impl Settings {
    /// The settings in force, from the environment and the file beside the data.
    ///
    /// # Errors
    /// Every setting that cannot be used, with what would be right.
    pub fn load(mut environment: Environment) -> Result<Self, BadSettings> {
        let mut faults = Vec::new();
        let all = environment.clone();
        let data = PathBuf::from(environment.take("DATA").unwrap_or_else(|| "data".to_owned()));
        let file_path = data.join("soundings.toml");
        let sources = Sources::of(&all, &file_path);
        let file = read_file(&file_path, &mut faults);
        let mut text = |name: &str, in_file: Option<String>| environment.take(name).or(in_file);

        let bind_text = text("BIND", file.bind).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let bind = listening_address(&bind_text, &mut faults);
        let base_url = text("BASE_URL", file.base_url).unwrap_or_else(|| format!("http://{bind}"));
        let base_url = without_usual_port(base_url.trim_end_matches('/').to_owned());
        check_origin(&base_url, &mut faults);
        let database_url = text("DATABASE_URL", file.database_url)
            .unwrap_or_else(|| format!("sqlite:{}", data.join("soundings.db").display()));
        let mail_url = text("MAIL_URL", file.mail_url)
            .unwrap_or_else(|| format!("folder:{}", data.join("outbox").display()));
        let mail_from = text("MAIL_FROM", file.mail_from)
            .unwrap_or_else(|| "Survey office <survey@soundings.example.org>".to_owned());
        let mail_dkim_keys = dkim_keys(
            &text("MAIL_DKIM_KEY_FILES", file.mail_dkim_key_files).unwrap_or_default(),
            &mut faults,
        );
        let mail_bounce = text("MAIL_BOUNCE", file.mail_bounce);
        let mail_bounce_maildir =
            text("MAIL_BOUNCE_MAILDIR", file.mail_bounce_maildir).map(PathBuf::from);
        let mail_bounce_imap =
            mailbox(text("MAIL_BOUNCE_IMAP", file.mail_bounce_imap), &mut faults);
        let readers = file.comment_readers.map(|number| number.to_string());
        let comment_readers = comment_readers(text("COMMENT_READERS", readers), &mut faults);
        let dns = name_server(text("DNS", file.dns), &mut faults);
        let master_key_file = text("MASTER_KEY_FILE", file.master_key_file)
            .map_or_else(|| data.join("keys").join("master.key"), PathBuf::from);
        let named =
            [text("OFFICE_NAME", file.office_name), text("OFFICE_CONTACT", file.office_contact)];
        let looks =
            [text("OFFICE_LOGO", file.office_logo), text("OFFICE_COLOUR", file.office_colour)];
        let office = office(named, looks, &mut faults);
        let taken_in = mail_bounce_maildir.is_some() || mail_bounce_imap.is_some();
        check_bounces(mail_bounce.as_deref(), taken_in, &mut faults);
        let place = [text("REGION_CODE", file.region_code), text("REGION_NAME", file.region_name)];
        let region = region(place, &mut faults);
        let two = text("TWO_PEOPLE", file.two_people);
        let two_people = switch("TWO_PEOPLE", two.as_deref(), &mut faults);
        let second_step = text("SECOND_STEP", file.second_step);
        let second_step = sign_in::second_step(second_step.as_deref(), &mut faults);
        let written = sign_in::Written {
            issuer: text("OIDC_ISSUER", file.oidc_issuer),
            client_id: text("OIDC_CLIENT_ID", file.oidc_client_id),
            client_secret_file: text("OIDC_CLIENT_SECRET_FILE", file.oidc_client_secret_file),
            name: text("OIDC_NAME", file.oidc_name),
        };
        let oidc = sign_in::oidc(written, &mut faults);
        let mut number =
            |name: &str, in_file: Option<u32>, default: u32| match environment.take(name) {
                None => in_file.unwrap_or(default),
                Some(text) => text.parse().unwrap_or_else(|_| {
                    faults.push(format!("  SOUNDINGS_{name} is {text:?}; write a whole number"));
                    default
                }),
            };
        let usual = RuleSettings::default();
        let k = number("K", file.k, usual.k);
        let min_groups = number("MIN_GROUPS", file.min_groups, usual.min_groups);
        let mail_per_minute = number("MAIL_PER_MINUTE", file.mail_per_minute, 600);
        let mail_per_domain = number("MAIL_PER_DOMAIN", file.mail_per_domain, 120);
        let mail_connections = number("MAIL_CONNECTIONS", file.mail_connections, 4).clamp(1, 64);
        let idle = number("SESSION_IDLE_MINUTES", file.session_idle_minutes, 30);
        let session_idle_minutes = sign_in::idle_minutes(idle, &mut faults);
        check_rule(RuleSettings { k, min_groups, ..usual }, &mut faults);
        check_left(&environment, &mut faults);
        if !faults.is_empty() {
            return Err(BadSettings(faults));
        }
        Ok(Self {
            data,
            database_url,
            bind,
            base_url,
            mail_url,
            mail_from,
            mail_bounce,
            mail_bounce_maildir,
            mail_bounce_imap,
            mail_per_minute,
            mail_per_domain,
            mail_connections,
            mail_dkim_keys,
            dns,
            master_key_file,
            office,
            region,
            k,
            min_groups,
            two_people,
            second_step,
            session_idle_minutes,
            oidc,
            comment_readers,
            sources,
        })
    }

    /// Whether people reach the service over TLS.
    #[must_use]
    pub fn over_tls(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// The host that requests must name, port included if it is in the base URL.
    #[must_use]
    pub fn host(&self) -> &str {
        self.base_url.split_once("://").map_or("", |(_, host)| host)
    }

    /// The domain in Message-IDs: that of the sender.
    #[must_use]
    pub fn mail_domain(&self) -> &str {
        let address = self.mail_from.rsplit_once('@').map_or("", |(_, domain)| domain);
        address.trim_end_matches('>').trim()
    }

    /// The folder of the folder transport, if mail goes to one.
    #[must_use]
    pub fn outbox_folder(&self) -> Option<PathBuf> {
        self.mail_url.strip_prefix("folder:").map(PathBuf::from)
    }

    /// That folder, if only people at this machine can look: it holds personal links.
    #[must_use]
    pub fn shown_outbox(&self) -> Option<PathBuf> {
        let name = self.host().rsplit_once(':').map_or(self.host(), |(name, _)| name);
        let here = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
        self.outbox_folder().filter(|_| here && self.bind.ip().is_loopback())
    }
}

/// A setting that is on or off; off if it is not set.
fn switch(name: &str, said: Option<&str>, faults: &mut Vec<String>) -> bool {
    match said {
        None | Some("off") => false,
        Some("on") => true,
        Some(other) => {
            faults.push(format!("  SOUNDINGS_{name} is {other:?}; write on or off"));
            false
        }
    }
}

fn read_file(path: &Path, faults: &mut Vec<String>) -> File {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).unwrap_or_else(|error: toml::de::Error| {
            // Not the error's own picture of the place: the line may hold a password.
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            faults.push(format!("  {}:{line}: {}", path.display(), error.message()));
            File::default()
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => File::default(),
        Err(error) => {
            faults.push(format!("  {}: {error}", path.display()));
            File::default()
        }
    }
}

/// `selector:path` with commas between. What the files hold is checked when
/// they are read.
fn dkim_keys(text: &str, faults: &mut Vec<String>) -> Vec<DkimKeyFile> {
    let mut keys = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once(':').map(|(selector, path)| (selector.trim(), path.trim())) {
            Some((selector, path)) if !selector.is_empty() && !path.is_empty() => {
                keys.push(DkimKeyFile { selector: selector.to_owned(), path: path.into() });
            }
            _ => faults.push(format!(
                "  SOUNDINGS_MAIL_DKIM_KEY_FILES has {part:?}; write selector:path, with a comma between two, for example 2007a:/etc/soundings/rsa.pem"
            )),
        }
    }
    keys
}

/// Browsers leave the usual port of a scheme away.
fn without_usual_port(url: String) -> String {
    for (scheme, port) in [("https://", ":443"), ("http://", ":80")] {
        if url.starts_with(scheme)
            && let Some(short) = url.strip_suffix(port)
        {
            return short.to_owned();
        }
    }
    url
}

fn check_origin(url: &str, faults: &mut Vec<String>) {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if url.contains('@') {
        faults.push(
            "  SOUNDINGS_BASE_URL holds a user name; write an origin alone, for example https://survey.example.org"
                .to_owned(),
        );
    } else if !host
        .is_some_and(|host| !host.is_empty() && !host.contains(['/', ' ', '@', '?', '#']))
    {
        faults.push(format!(
            "  SOUNDINGS_BASE_URL is {url:?}; write an origin without a path, for example https://survey.example.org"
        ));
    }
}

fn listening_address(text: &str, faults: &mut Vec<String>) -> SocketAddr {
    text.parse::<SocketAddr>().unwrap_or_else(|_| {
        faults.push(format!(
            "  SOUNDINGS_BIND is {text:?}; write an address with a port, for example 127.0.0.1:8080"
        ));
        SocketAddr::from(([127, 0, 0, 1], 8080))
    })
}

fn name_server(text: Option<String>, faults: &mut Vec<String>) -> Option<SocketAddr> {
    let text = text?;
    let fault = "write the address of a name server with its port, for example 192.0.2.1:53";
    text.parse().map_err(|_| faults.push(format!("  SOUNDINGS_DNS is {text:?}; {fault}"))).ok()
}

fn comment_readers(text: Option<String>, faults: &mut Vec<String>) -> Readers {
    let Some(text) = text else { return Readers::One };
    text.parse().unwrap_or_else(|why| {
        faults.push(format!("  SOUNDINGS_COMMENT_READERS is {why}"));
        Readers::One
    })
}

fn check_rule(settings: RuleSettings, faults: &mut Vec<String>) {
    for error in Rule::new(settings).err().unwrap_or_default() {
        faults.push(format!("  SOUNDINGS_K, SOUNDINGS_MIN_GROUPS: {error}"));
    }
}

/// Whether bounces can be known when they come back.
fn check_bounces(pattern: Option<&str>, taken_in: bool, faults: &mut Vec<String>) {
    match pattern.map(|pattern| BounceAddress::parse(pattern, [0; 32])) {
        Some(Err(why)) => faults.push(format!("  {why}")),
        None if taken_in => faults.push(
            "  SOUNDINGS_MAIL_BOUNCE is not set, so that no bounce can be known; write a pattern such as bounce+{}@example.org"
                .to_owned(),
        ),
        Some(Ok(_)) | None => {}
    }
}

fn mailbox(address: Option<String>, faults: &mut Vec<String>) -> Option<ImapMailbox> {
    ImapMailbox::parse(&address?).map_err(|why| faults.push(format!("  {why}"))).ok()
}

fn office(
    [name, contact]: [Option<String>; 2],
    [logo, colour]: [Option<String>; 2],
    faults: &mut Vec<String>,
) -> Office {
    let logo = logo.map(PathBuf::from);
    check_colour(colour.as_deref(), faults);
    check_logo(logo.as_deref(), faults);
    Office {
        name: name.unwrap_or_else(|| "Independent Survey Office".to_owned()),
        contact: contact.unwrap_or_else(|| "help@soundings.example.org".to_owned()),
        logo,
        colour,
    }
}

fn region([code, name]: [Option<String>; 2], faults: &mut Vec<String>) -> Region {
    let code = code.unwrap_or_else(|| "east-of-england".to_owned());
    if let Err(why) = code.parse::<OrgCode>() {
        faults.push(format!("  SOUNDINGS_REGION_CODE is {code:?}: {why}"));
    }
    Region { code, name: name.unwrap_or_else(|| "East of England".to_owned()) }
}

/// Variables that nobody reads: misspelt, most often.
fn check_left(left: &Environment, faults: &mut Vec<String>) {
    for name in left.0.keys().filter(|name| !NOT_SETTINGS.contains(&name.as_str())) {
        faults.push(format!("  {name} is not a setting of this program"));
    }
}

/// The header's text is white: the colour must carry it.
fn check_colour(colour: Option<&str>, faults: &mut Vec<String>) {
    let Some(text) = colour else { return };
    match luminance(text) {
        None => faults.push(format!("  SOUNDINGS_OFFICE_COLOUR is {text:?}; write #rrggbb")),
        Some(light) if 1.05 / (light + 0.05) < 4.5 => faults.push(format!(
            "  SOUNDINGS_OFFICE_COLOUR is {text:?}; white text on it is hard to read, so choose a darker one"
        )),
        Some(_) => {}
    }
}

/// Relative luminance of `#rrggbb`, from 0 (black) to 1 (white).
///
/// Source: WCAG 2.2, definition of relative luminance.
fn luminance(colour: &str) -> Option<f64> {
    let mut bytes = [0; 3];
    hex::decode_to_slice(colour.strip_prefix('#')?, &mut bytes).ok()?;
    let [red, green, blue] = bytes.map(|byte| {
        let part = f64::from(byte) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue)
}

fn check_logo(logo: Option<&Path>, faults: &mut Vec<String>) {
    let Some(path) = logo else { return };
    let picture = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("svg") || end.eq_ignore_ascii_case("png"));
    if !picture || !path.is_file() {
        faults.push(format!(
            "  SOUNDINGS_OFFICE_LOGO is {:?}; name an SVG or PNG file that exists",
            path.display().to_string()
        ));
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Addresses of databases and mail servers can hold passwords.
        f.debug_struct("Settings").field("bind", &self.bind).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_needs_to_be_set() {
        let settings = Settings::load(Environment::default()).expect("defaults");
        assert_eq!(settings.base_url, "http://127.0.0.1:8080");
        assert_eq!(settings.host(), "127.0.0.1:8080");
        assert_eq!(settings.mail_domain(), "soundings.example.org");
        assert!(settings.shown_outbox().is_some());
    }

    #[test]
    fn keys_that_sign_mails_have_a_name_and_a_file() {
        let keys = |text: &str| {
            let name = "SOUNDINGS_MAIL_DKIM_KEY_FILES";
            Settings::load(Environment::of([(name, text.to_owned())])).map(|s| s.mail_dkim_keys)
        };
        let key = |selector: &str, path: &str| DkimKeyFile {
            selector: selector.to_owned(),
            path: path.into(),
        };
        let both = keys("2007a:/etc/rsa.pem, 2007b:keys/c:ed.pem,").expect("keys");
        assert_eq!(both, [key("2007a", "/etc/rsa.pem"), key("2007b", "keys/c:ed.pem")]);
        assert_eq!(keys("").expect("none"), []);
        for wrong in ["/etc/rsa.pem", "2007a:", ":rsa.pem"] {
            let fault = keys(wrong).expect_err(wrong).to_string();
            assert!(fault.contains("selector:path"), "{fault}");
        }
    }

    #[test]
    fn every_fault_is_told_at_once_and_passwords_never_are() {
        let bad = Environment::of([
            ("SOUNDINGS_BIND", "here".to_owned()),
            ("SOUNDINGS_BASE_URL", "survey.example.org/path".to_owned()),
            ("SOUNDINGS_K", "2".to_owned()),
            ("SOUNDINGS_COMMENT_READERS", "3".to_owned()),
            ("SOUNDINGS_OFFICE_COLOUR", "#ffee00".to_owned()),
            ("SOUNDINGS_OFFICE_LOGO", "missing.gif".to_owned()),
            ("SOUNDINGS_DATABSE_URL", "postgres://u:secret@h/d".to_owned()),
            ("SOUNDINGS_MAIL_BOUNCE_IMAP", "imap://u:secret@mail.example.org".to_owned()),
        ]);
        let said = Settings::load(bad).expect_err("faults").to_string();
        for part in [
            "BIND",
            "BASE_URL",
            "SOUNDINGS_K",
            "COMMENT_READERS",
            "OFFICE_COLOUR",
            "OFFICE_LOGO",
            "DATABSE_URL",
            "MAIL_BOUNCE_IMAP",
        ] {
            assert!(said.contains(part), "{said}");
        }
        assert!(!said.contains("secret"));
    }
}
