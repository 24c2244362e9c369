//! A Maildir into which a mail server delivers what comes back: messages are
//! whole once they stand in `new`, and go to `cur` when they are taken.
//!
//! Source: the Maildir format as its maker describes it, and Dovecot's page on it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::bounce::MOST_BYTES;

/// A Maildir.
#[derive(Debug, Clone)]
pub struct Maildir(PathBuf);

/// A message that has not been taken yet.
#[derive(Debug, Clone)]
pub struct Waiting {
    file: PathBuf,
    taken: PathBuf,
}

impl Maildir {
    /// The Maildir in this folder.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// What has not been taken yet, in the order of arrival. What a mail server
    /// is still writing stands in `tmp` and is left alone.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn waiting(&self) -> io::Result<Vec<Waiting>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.0.join("new"))? {
            let entry = entry?;
            // Neither a folder nor a pipe, which would keep its reader waiting.
            let name = entry.file_name();
            if entry.file_type()?.is_file() && !name.as_encoded_bytes().starts_with(b".") {
                names.push(name);
            }
        }
        // Names begin with the time of arrival.
        names.sort();
        let waiting = names.into_iter().map(|name| {
            let mut seen = name.clone();
            if !name.as_encoded_bytes().windows(3).any(|flags| flags == b":2,") {
                seen.push(":2,");
            }
            seen.push("S");
            Waiting { file: self.0.join("new").join(name), taken: self.0.join("cur").join(seen) }
        });
        Ok(waiting.collect())
    }
}

impl Waiting {
    /// The message, as far as one is read; none if somebody else has taken it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&self) -> io::Result<Option<Vec<u8>>> {
        gone_is_none(File::open(&self.file).and_then(|file| {
            let mut bytes = Vec::new();
            file.take(MOST_BYTES as u64).read_to_end(&mut bytes)?;
            Ok(bytes)
        }))
    }

    /// Puts the message away as seen.
    ///
    /// # Errors
    /// If the file cannot be moved; that somebody else has moved it is no fault.
    pub fn put_away(self) -> io::Result<()> {
        if let Some(folder) = self.taken.parent().filter(|folder| !folder.is_dir()) {
            make_folder(folder)?;
        }
        gone_is_none(fs::rename(&self.file, &self.taken)).map(drop)
    }
}

/// Some mail servers make `cur` only when they need it.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn gone_is_none<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maildir() -> (tempfile::TempDir, Maildir) {
        let folder = tempfile::tempdir().expect("a folder");
        for part in ["new", "tmp"] {
            fs::create_dir(folder.path().join(part)).expect("a folder");
        }
        let maildir = Maildir::new(folder.path().to_owned());
        (folder, maildir)
    }

    #[test]
    fn messages_are_taken_in_order_and_once() {
        let (folder, maildir) = maildir();
        let at = |name: &str| folder.path().join(name);
        for name in ["new/12.b", "new/11.a", "new/13.c:2,", "new/.hidden", "tmp/10.half"] {
            fs::write(at(name), name).expect("a file");
        }
        fs::create_dir(at("new/9.folder")).expect("a folder");
        let read: Vec<Vec<u8>> = (maildir.waiting().expect("a Maildir").iter())
            .map(|one| one.read().expect("readable").expect("there"))
            .collect();
        assert_eq!(read, [&b"new/11.a"[..], b"new/12.b", b"new/13.c:2,"]);
        // Another process takes the second meanwhile.
        let waiting = maildir.waiting().expect("a Maildir");
        fs::remove_file(at("new/12.b")).expect("there");
        assert_eq!(waiting[1].read().expect("no fault"), None);
        for one in waiting {
            one.put_away().expect("put away");
        }
        assert!(maildir.waiting().expect("a Maildir").is_empty());
        let mut taken: Vec<_> = fs::read_dir(at("cur"))
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        taken.sort();
        assert_eq!(taken, ["11.a:2,S", "13.c:2,S"]);
        assert!(at("tmp/10.half").exists() && at("new/.hidden").exists());
    }

    #[test]
    fn no_more_of_a_message_is_read_than_is_looked_at() {
        let (folder, maildir) = maildir();
        fs::write(folder.path().join("new/1"), vec![b'x'; MOST_BYTES + 5]).expect("a file");
        let waiting = maildir.waiting().expect("a Maildir");
        assert_eq!(waiting[0].read().expect("readable").map(|bytes| bytes.len()), Some(MOST_BYTES));
    }

    #[test]
    fn a_folder_that_is_no_maildir_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(Maildir::new(folder.path().to_owned()).waiting().is_err());
    }
}
