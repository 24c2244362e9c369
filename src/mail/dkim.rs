//! Signatures that tell a receiver's server that a mail is ours and whole.
//!
//! The way of writing down is ours and short; the keys are OpenSSL's, because it
//! signs with RSA several times faster than what is written in Rust alone.
//!
//! Source: RFC 6376 (DKIM), RFC 8463 (Ed25519), RFC 8301 (sizes of keys).

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private};
use openssl::sha::sha256;
use openssl::sign::Signer;

use crate::time::Moment;

/// What is signed, if a mail has it.
const SIGNED: [&str; 11] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Reply-To",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
];
/// Receivers take no key that is smaller: RFC 8301, section 3.2.
const SMALLEST: u32 = 1024;
/// Keys should not be smaller: the same place.
const ADVISED: u32 = 2048;

/// A key with its name in the DNS.
#[derive(Clone)]
pub struct DkimSigner {
    selector: String,
    key: PKey<Private>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rsa,
    Ed25519,
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("SOUNDINGS_MAIL_DKIM_KEY_FILES: {}: {fault}", .path.display())]
pub struct BadDkimKey {
    path: PathBuf,
    #[source]
    fault: BadKey,
}

/// Why a key cannot be used. Never holds a part of it.
#[derive(Debug, thiserror::Error)]
pub enum BadKey {
    /// The file.
    #[error("cannot be read: {0}")]
    File(#[from] std::io::Error),
    /// Not a key.
    #[error("holds no private key in PEM form without a password (openssl genpkey makes one)")]
    NoKey,
    /// A kind of key that DKIM does not know.
    #[error("holds a key that is neither RSA nor Ed25519")]
    Kind,
    /// An RSA key that receivers refuse.
    #[error("holds an RSA key of {0} bits; 2048 are advised, fewer than 1024 are refused")]
    Small(u32),
    /// A name in the DNS that is none.
    #[error("the selector {0:?} is no name in the DNS: letters, digits, - and . alone")]
    Selector(String),
}

impl DkimSigner {
    /// The key in a PEM file, known to the DNS as `selector._domainkey.…`.
    ///
    /// # Errors
    /// If the file holds no key that can be used.
    pub fn read(selector: &str, path: &Path) -> Result<Self, BadDkimKey> {
        let made = fs::read(path).map_err(BadKey::File).and_then(|pem| Self::new(selector, &pem));
        let signer = made.map_err(|fault| BadDkimKey { path: path.to_owned(), fault })?;
        if signer.kind == Kind::Rsa && signer.key.bits() < ADVISED {
            tracing::warn!(
                file = %path.display(),
                bits = signer.key.bits(),
                "the DKIM key is small: make one of 2048 bits"
            );
        }
        Ok(signer)
    }

    /// The key in a PEM text.
    ///
    /// # Errors
    /// If it holds no key that can be used.
    pub fn new(selector: &str, pem: &[u8]) -> Result<Self, BadKey> {
        let label = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if selector.len() > 63 || !selector.split('.').all(label) {
            return Err(BadKey::Selector(selector.to_owned()));
        }
        // With an empty password OpenSSL never asks for one on the terminal.
        let key = PKey::private_key_from_pem_passphrase(pem, b"").map_err(|_| BadKey::NoKey)?;
        let kind = match key.id() {
            Id::RSA if key.bits() < SMALLEST => return Err(BadKey::Small(key.bits())),
            Id::RSA => Kind::Rsa,
            Id::ED25519 => Kind::Ed25519,
            _ => return Err(BadKey::Kind),
        };
        Ok(Self { selector: selector.to_owned(), key, kind })
    }

    /// Where in the DNS its public half belongs.
    #[must_use]
    pub fn dns_name(&self, domain: &str) -> String {
        format!("{}._domainkey.{domain}", self.selector)
    }

    /// What stands there, as a TXT record.
    ///
    /// # Errors
    /// If OpenSSL cannot write the public half down.
    pub fn dns_record(&self) -> Result<String, ErrorStack> {
        let (kind, bytes) = match self.kind {
            Kind::Rsa => ("rsa", self.key.public_key_to_der()?),
            Kind::Ed25519 => ("ed25519", self.key.raw_public_key()?),
        };
        Ok(format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(bytes)))
    }

    fn seal(&self, text: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        match self.kind {
            Kind::Rsa => Signer::new(MessageDigest::sha256(), &self.key)?.sign_oneshot_to_vec(text),
            Kind::Ed25519 => {
                Signer::new_without_digest(&self.key)?.sign_oneshot_to_vec(&sha256(text))
            }
        }
    }

    /// What the signature says of itself, up to where its own value goes.
    fn header(&self, domain: &str, date: Moment, names: &[&str], body: &str) -> String {
        let kind = match self.kind {
            Kind::Rsa => "rsa-sha256",
            Kind::Ed25519 => "ed25519-sha256",
        };
        let mut header = format!(
            "DKIM-Signature: v=1; a={kind}; c=relaxed/relaxed; t={};\r\n d={domain};\r\n s={};\r\n h=",
            date.unix(),
            self.selector
        );
        let mut column = 3;
        for (at, name) in names.iter().enumerate() {
            if column + name.len() > 70 {
                header.push_str("\r\n  ");
                column = 2;
            }
            header.push_str(name);
            header.push(if at + 1 < names.len() { ':' } else { ';' });
            column += name.len() + 1;
        }
        header.push_str("\r\n bh=");
        header.push_str(body);
        header.push_str(";\r\n b=");
        header
    }
}

/// The signatures of a message with each key, as headers to stand before it.
///
/// # Errors
/// If OpenSSL refuses; a key that was taken in signs.
pub(super) fn sign(
    signers: &[DkimSigner],
    domain: &str,
    date: Moment,
    message: &[u8],
) -> Result<String, ErrorStack> {
    let mut signatures = String::new();
    if signers.is_empty() {
        return Ok(signatures);
    }
    let (head, body) = halves(message);
    let body = STANDARD.encode(sha256(&relaxed_body(body)));
    let headers = headers(head);
    let mut names = Vec::new();
    let mut signed = Vec::new();
    for name in SIGNED {
        let present = headers.iter().rev().filter(|header| named(header, name));
        for header in present {
            names.push(name);
            signed.extend_from_slice(&relaxed_header(header));
            signed.extend_from_slice(b"\r\n");
        }
    }
    // Named once more than it is there: nobody can add a second sender.
    names.insert(0, "From");
    for signer in signers {
        let header = signer.header(domain, date, &names, &body);
        let mut text = signed.clone();
        text.extend_from_slice(&relaxed_header(header.as_bytes()));
        let value = STANDARD.encode(signer.seal(&text)?);
        signatures.push_str(&header);
        for (at, c) in value.chars().enumerate() {
            if at > 0 && at % 72 == 0 {
                signatures.push_str("\r\n  ");
            }
            signatures.push(c);
        }
        signatures.push_str("\r\n");
    }
    Ok(signatures)
}

/// Headers, and what comes after the empty line.
fn halves(message: &[u8]) -> (&[u8], &[u8]) {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    end.and_then(|end| message.split_at_checked(end + 2))
        .map_or((message, &[]), |(head, rest)| (head, rest.get(2..).unwrap_or_default()))
}

/// Each header with its folded lines.
fn headers(head: &[u8]) -> Vec<Vec<u8>> {
    let mut headers: Vec<Vec<u8>> = Vec::new();
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        match headers.last_mut() {
            Some(header) if line.first().is_some_and(|byte| is_blank(*byte)) => {
                header.extend_from_slice(line);
            }
            _ => headers.push(line.to_vec()),
        }
    }
    headers
}

fn named(header: &[u8], name: &str) -> bool {
    header
        .split(|byte| *byte == b':')
        .next()
        .is_some_and(|start| start.trim_ascii_end().eq_ignore_ascii_case(name.as_bytes()))
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// A header in one line without its end.
///
/// Source: RFC 6376, section 3.4.2.
fn relaxed_header(header: &[u8]) -> Vec<u8> {
    let mut parts = header.splitn(2, |byte| *byte == b':');
    let mut out = parts.next().unwrap_or_default().trim_ascii_end().to_ascii_lowercase();
    out.push(b':');
    let value: Vec<u8> = parts
        .next()
        .unwrap_or_default()
        .iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    push_single_blanks(&mut out, value.trim_ascii());
    out
}

/// A body with single blanks, no blank at the end of a line and no empty line at
/// the end.
///
/// Source: RFC 6376, section 3.4.4.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    let mut empty = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = line.iter().rposition(|byte| !is_blank(*byte)).and_then(|at| line.get(..=at));
        let Some(text) = text else {
            empty += 1;
            continue;
        };
        for _ in 0..empty {
            out.extend_from_slice(b"\r\n");
        }
        empty = 0;
        push_single_blanks(&mut out, text);
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn push_single_blanks(out: &mut Vec<u8>, text: &[u8]) {
    let mut before = false;
    for byte in text {
        let blank = is_blank(*byte);
        if !blank {
            out.push(*byte);
        } else if !before {
            out.push(b' ');
        }
        before = blank;
    }
}

impl fmt::Debug for DkimSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DkimSigner({})", self.selector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_s_example_of_relaxed_writing_comes_out() {
        // RFC 6376, section 3.4.5.
        let message = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (head, body) = halves(message);
        let headers: Vec<_> = headers(head).iter().map(|header| relaxed_header(header)).collect();
        assert_eq!(headers, [b"a:X".to_vec(), b"b:Y Z".to_vec()]);
        assert_eq!(relaxed_body(body), b" C\r\nD E\r\n");
    }

    #[test]
    fn a_body_of_nothing_is_nothing() {
        for nothing in [&b""[..], b"\r\n", b"\r\n\r\n", b" \t\r\n"] {
            assert_eq!(relaxed_body(nothing), b"", "{nothing:?}");
        }
        assert_eq!(relaxed_body(b"a"), b"a\r\n");
        assert_eq!(relaxed_body(b"\r\na\r\n\r\nb"), b"\r\na\r\n\r\nb\r\n");
    }

    fn rsa(bits: u32) -> Vec<u8> {
        let key = openssl::rsa::Rsa::generate(bits).expect("a key");
        PKey::from_rsa(key).and_then(|key| key.private_key_to_pem_pkcs8()).expect("a PEM text")
    }

    #[test]
    fn keys_that_receivers_refuse_are_refused_here() {
        assert!(matches!(DkimSigner::new("s", &rsa(512)), Err(BadKey::Small(512))));
        assert!(DkimSigner::new("s", &rsa(1024)).is_ok());
        let curve = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1)
            .and_then(|group| openssl::ec::EcKey::generate(&group))
            .and_then(PKey::from_ec_key)
            .and_then(|key| key.private_key_to_pem_pkcs8())
            .expect("a key");
        assert!(matches!(DkimSigner::new("s", &curve), Err(BadKey::Kind)));
        assert!(matches!(DkimSigner::new("s", b"hush"), Err(BadKey::NoKey)));
        let locked = PKey::generate_ed25519()
            .and_then(|key| {
                let cipher = openssl::symm::Cipher::aes_256_cbc();
                key.private_key_to_pem_pkcs8_passphrase(cipher, b"hush")
            })
            .expect("a key");
        assert!(matches!(DkimSigner::new("s", &locked), Err(BadKey::NoKey)));
        for selector in ["", "a b", "-a", "a..b", "a;b", "ä"] {
            assert!(matches!(DkimSigner::new(selector, &rsa(1024)), Err(BadKey::Selector(_))));
        }
    }

    #[test]
    fn a_fault_names_the_file_and_no_part_of_the_key() {
        let missing = DkimSigner::read("s", Path::new("missing.pem")).expect_err("no file");
        let said = missing.to_string();
        assert!(said.contains("MAIL_DKIM_KEY_FILES") && said.contains("missing.pem"), "{said}");
    }

    #[test]
    fn the_record_for_the_dns_holds_the_public_half() {
        let key = PKey::generate_ed25519().expect("a key");
        let pem = key.private_key_to_pem_pkcs8().expect("a PEM text");
        let signer = DkimSigner::new("2007.a", &pem).expect("a signer");
        assert_eq!(signer.dns_name("example.org"), "2007.a._domainkey.example.org");
        let public = STANDARD.encode(key.raw_public_key().expect("a public key"));
        assert_eq!(
            signer.dns_record().expect("a record"),
            format!("v=DKIM1; k=ed25519; p={public}")
        );
    }

    #[test]
    fn lines_of_a_signature_are_short() {
        let signer = DkimSigner::new("s", &rsa(1024)).expect("a signer");
        let message: String = SIGNED
            .iter()
            .map(|name| format!("{name}: x\r\n"))
            .chain(["\r\nbody\r\n".to_owned()])
            .collect();
        let date = Moment::from_utc("2007-11-19T09:00:00".parse().expect("a moment"));
        let signature = sign(&[signer], "example.org", date, message.as_bytes()).expect("signed");
        assert!(signature.lines().all(|line| line.len() <= 78), "{signature}");
        assert!(signature.contains("From:From:To:"), "{signature}");
    }
}
