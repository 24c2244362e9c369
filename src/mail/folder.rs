//! Mails kept in a folder: for a demonstration and for trying out. A file is
//! named by its mail, so that sending again never makes a second one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use mail_parser::{MessageParser, MimeHeaders};

use crate::id::MailId;

/// A mail in the folder.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptMail {
    /// The mail.
    pub id: MailId,
    /// The sender, as the message says.
    pub from: String,
    /// The receiver, as the message says.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The date in the message, RFC 3339.
    pub date: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: Option<String>,
}

pub(super) fn keep(folder: &Path, id: &MailId, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let beside = folder.join(format!("{id}.new"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // It holds a personal link.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(format!("{id}.eml")))
}

/// The newest mails of a folder, and how many there are in all.
///
/// # Errors
/// If the folder cannot be read; one that is missing is an empty one.
pub fn kept_mails(folder: &Path, most: usize) -> io::Result<(Vec<KeptMail>, usize)> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
        Err(error) => return Err(error),
    };
    let mut ids = Vec::new();
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let id = path.file_stem().and_then(|stem| stem.to_str()).and_then(|s| s.parse().ok());
        if let (Some(id), Some("eml")) = (id, path.extension().and_then(|e| e.to_str())) {
            ids.push((entry.metadata()?.modified()?, id));
        }
    }
    ids.sort_by(|a, b| b.cmp(a));
    let total = ids.len();
    let mails = ids.iter().take(most).filter_map(|(_, id)| kept_mail(folder, id).ok().flatten());
    Ok((mails.collect(), total))
}

/// One mail of a folder.
///
/// # Errors
/// If its file cannot be read; one that is missing is none.
pub fn kept_mail(folder: &Path, id: &MailId) -> io::Result<Option<KeptMail>> {
    let bytes = match fs::read(folder.join(format!("{id}.eml"))) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(message) = MessageParser::new().parse(&bytes) else { return Ok(None) };
    let person = |address: Option<&mail_parser::Address<'_>>| {
        let first = address.and_then(|list| list.first());
        match first.map(|one| (one.name(), one.address().unwrap_or_default())) {
            Some((Some(name), address)) => format!("{name} <{address}>"),
            Some((None, address)) => address.to_owned(),
            None => String::new(),
        }
    };
    // Only what was written as HTML: the parser would make one up from the text.
    let html = message
        .html_bodies()
        .find(|part| part.content_type().is_some_and(|kind| kind.subtype() == Some("html")))
        .and_then(|part| part.text_contents().map(str::to_owned));
    Ok(Some(KeptMail {
        id: *id,
        from: person(message.from()),
        to: person(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: message.date().map(mail_parser::DateTime::to_rfc3339).unwrap_or_default(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html,
    }))
}
