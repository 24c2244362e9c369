//! What the lines of a process are just doing, in a file of its own, so that a
//! program that is killed leaves no mail in doubt but those whose message was on
//! its way: at most one for each line.
//!
//! Before a message goes its beginning is written down, after the server's answer
//! what became of it, and once the ledger holds that, it is forgotten. Each
//! record is one write to a file that is only appended to: it outlives the
//! program at once, and the machine as far as the system has written it back.
//! Holds mails' ids and fencing numbers, nothing of what they say or to whom.
//! Knows nothing of the ledger.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::chance::Chance;
use crate::id::MailId;

/// Bytes of a record's checksum.
const SUM: usize = 7;
/// Bytes of what it is made from: kind, id and fence.
const TEXT: usize = 1 + 16 + 8;
/// Bytes of a record.
const RECORD: usize = TEXT + SUM;

const BEGUN: u8 = b'B';
const TAKEN: u8 = b'T';
const NOT_TAKEN: u8 = b'N';

/// How the names of journals end.
const END: &str = "journal";

/// What a server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It took the mail.
    Taken,
    /// It did not.
    NotTaken,
}

/// The journal of one process, locked as long as it lives.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

/// The journal of a process that is gone.
#[derive(Debug)]
pub struct Left {
    path: PathBuf,
    mails: Vec<LeftMail>,
    /// Keeps others from reading it at the same time.
    _lock: File,
}

/// A mail that a process which is gone had begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftMail {
    /// The mail.
    pub id: MailId,
    /// The fencing number of its claim.
    pub fence: i64,
    /// What became of it; in doubt if nothing is known.
    pub mark: Option<Mark>,
}

impl Journal {
    /// A new journal in this folder.
    ///
    /// # Errors
    /// If the folder or the file cannot be made.
    pub fn open(folder: &Path, chance: &Chance) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let name = hex::encode(chance.bytes::<16>());
        let making = folder.join(format!("{name}.new"));
        let path = folder.join(format!("{name}.{END}"));
        let file = OpenOptions::new().append(true).create_new(true).open(&making)?;
        // It gets its name when it is locked: nobody finds it without an owner.
        file.try_lock().map_err(io::Error::from)?;
        fs::rename(&making, &path)?;
        Ok(Self { path, file })
    }

    /// Its random name.
    #[must_use]
    pub fn name(&self) -> &str {
        name(&self.path)
    }

    /// Writes down that a message is about to go.
    ///
    /// # Errors
    /// If it could not be written; then the message had better not go.
    pub fn begun(&self, mail: &MailId, fence: i64) -> io::Result<()> {
        self.write(BEGUN, mail, fence)
    }

    /// Writes down what became of a message.
    ///
    /// # Errors
    /// If it could not be written; the mail is in doubt until the ledger holds it.
    pub fn ended(&self, mail: &MailId, fence: i64, mark: Mark) -> io::Result<()> {
        let kind = match mark {
            Mark::Taken => TAKEN,
            Mark::NotTaken => NOT_TAKEN,
        };
        self.write(kind, mail, fence)
    }

    /// Forgets every mail: for when none is on its way and the ledger holds what
    /// became of each.
    ///
    /// # Errors
    /// If the file cannot be emptied; it then only says again what is known.
    pub fn forget_all(&self) -> io::Result<()> {
        self.file.set_len(0)
    }

    /// The journals that processes which are gone left in this folder. Those of
    /// processes that live, this one included, are passed over.
    ///
    /// # Errors
    /// If the folder or a journal cannot be read; a missing folder holds none.
    pub fn of_the_dead(folder: &Path) -> io::Result<Vec<Left>> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut left = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == END) {
                left.extend(Left::read(path)?);
            }
        }
        Ok(left)
    }

    fn write(&self, kind: u8, mail: &MailId, fence: i64) -> io::Result<()> {
        let record = record(kind, mail, fence);
        // One call: either it is there when the program is killed, or it is not.
        // What a full disk cuts short is no record, and reading goes on behind it.
        match (&self.file).write(&record)? {
            RECORD => Ok(()),
            _ => Err(io::ErrorKind::WriteZero.into()),
        }
    }
}

impl Drop for Journal {
    /// One that says nothing need not be found by others.
    fn drop(&mut self) {
        if self.file.metadata().is_ok_and(|facts| facts.len() == 0) {
            drop(fs::remove_file(&self.path));
        }
    }
}

impl Left {
    /// None if its owner lives, or if somebody else has just removed it.
    fn read(path: PathBuf) -> io::Result<Option<Self>> {
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        if !path.try_exists()? {
            return Ok(None);
        }
        Ok(Some(Self { path, mails: mails(&bytes), _lock: file }))
    }

    /// The name that the journal had when its process lived.
    #[must_use]
    pub fn name(&self) -> &str {
        name(&self.path)
    }

    /// The mails that were begun, in their order, each with what is known of it.
    #[must_use]
    pub fn mails(&self) -> &[LeftMail] {
        &self.mails
    }

    /// Removes the journal: for when the ledger holds what it says.
    ///
    /// # Errors
    /// If it cannot be removed; it is then found again.
    pub fn remove(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

fn name(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

fn record(kind: u8, mail: &MailId, fence: i64) -> Vec<u8> {
    let mut record = Vec::with_capacity(RECORD);
    record.push(kind);
    record.extend_from_slice(mail.as_bytes());
    record.extend_from_slice(&fence.to_be_bytes());
    let sum = Sha256::digest(&record);
    record.extend(sum.iter().take(SUM));
    record
}

/// Reads what is whole and passes over what is not.
fn mails(mut bytes: &[u8]) -> Vec<LeftMail> {
    let mut mails: Vec<LeftMail> = Vec::new();
    while let Some(rest) = bytes.get(1..) {
        let Some((kind, id, fence)) = bytes.first_chunk().and_then(read_record) else {
            bytes = rest;
            continue;
        };
        let mark = match kind {
            TAKEN => Some(Mark::Taken),
            NOT_TAKEN => Some(Mark::NotTaken),
            _ => None,
        };
        let known = mails.iter_mut().rev().find(|mail| mail.id == id && mail.fence == fence);
        match known {
            Some(mail) => mail.mark = mark,
            None => mails.push(LeftMail { id, fence, mark }),
        }
        bytes = bytes.get(RECORD..).unwrap_or_default();
    }
    mails
}

fn read_record(bytes: &[u8; RECORD]) -> Option<(u8, MailId, i64)> {
    let (text, sum) = bytes.split_first_chunk::<TEXT>()?;
    if !Sha256::digest(text).starts_with(sum) {
        return None;
    }
    let (kind, text) = text.split_first()?;
    let (id, fence) = text.split_first_chunk()?;
    let known = matches!(*kind, BEGUN | TAKEN | NOT_TAKEN);
    known.then_some((*kind, MailId::from_bytes(*id), i64::from_be_bytes(*fence.first_chunk()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::process::{Command, Stdio};
    use std::time::Duration;

    fn mail(n: u8) -> MailId {
        MailId::from_bytes([n; 16])
    }

    fn left(n: u8, fence: i64, mark: Option<Mark>) -> LeftMail {
        LeftMail { id: mail(n), fence, mark }
    }

    fn open(folder: &Path) -> Journal {
        Journal::open(folder, &Chance::operating_system()).expect("a journal")
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect()
    }

    fn dead(folder: &Path) -> Vec<LeftMail> {
        let left = Journal::of_the_dead(folder).expect("journals");
        left.iter().flat_map(|left| left.mails().to_vec()).collect()
    }

    #[test]
    fn a_journal_whose_owner_lives_is_nobody_else_s() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = open(folder.path());
        journal.begun(&mail(1), 7).expect("written");
        assert_eq!(dead(folder.path()), []);
        drop(journal);
        assert_eq!(dead(folder.path()), [left(1, 7, None)]);
    }

    #[test]
    fn each_mail_is_left_with_what_is_known_of_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = open(folder.path());
        journal.begun(&mail(1), 1).expect("written");
        journal.ended(&mail(1), 1, Mark::NotTaken).expect("written");
        journal.begun(&mail(2), 5).expect("written");
        journal.ended(&mail(2), 5, Mark::Taken).expect("written");
        journal.begun(&mail(1), 2).expect("written");
        drop(journal);
        let all = Journal::of_the_dead(folder.path()).expect("journals");
        assert_eq!(all.len(), 1);
        assert_eq!(dead(folder.path()), [], "it was given to two");
        for one in all {
            assert_eq!(
                one.mails(),
                [left(1, 1, Some(Mark::NotTaken)), left(2, 5, Some(Mark::Taken)), left(1, 2, None),]
            );
            one.remove().expect("removed");
        }
        assert_eq!(files(folder.path()), [] as [PathBuf; 0]);
    }

    #[test]
    fn what_the_ledger_holds_is_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = open(folder.path());
        journal.begun(&mail(1), 1).expect("written");
        journal.forget_all().expect("forgotten");
        journal.begun(&mail(2), 1).expect("written");
        drop(journal);
        assert_eq!(dead(folder.path()), [left(2, 1, None)]);

        let folder = tempfile::tempdir().expect("a folder");
        let journal = open(folder.path());
        journal.begun(&mail(1), 1).expect("written");
        journal.forget_all().expect("forgotten");
        drop(journal);
        assert_eq!(files(folder.path()), [] as [PathBuf; 0], "an empty journal stays");
    }

    #[test]
    fn a_record_that_is_torn_or_wrong_is_passed_over() {
        let first = record(BEGUN, &mail(1), 1);
        let second = record(TAKEN, &mail(1), 1);
        let whole = [first.clone(), second.clone()].concat();
        for cut in 0..RECORD {
            let known = [left(1, 1, None)];
            assert_eq!(mails(&whole[..RECORD + cut]), known, "{cut} bytes of the last record");
            let torn = [&first[..], &first[..cut], &second].concat();
            assert_eq!(mails(&torn), [left(1, 1, Some(Mark::Taken))], "{cut} bytes between");
            let mut wrong = whole.clone();
            wrong[RECORD + cut] ^= 1;
            assert_eq!(mails(&wrong), known, "byte {cut} of the last record");
        }
        assert_eq!(mails(&[0; 100]), []);
    }

    #[test]
    fn a_folder_that_is_missing_holds_no_journal() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(dead(&folder.path().join("none")), []);
    }

    /// Not a test: the process that the next one kills, in a folder of its own.
    #[test]
    #[ignore = "started by the test that kills it"]
    fn victim() {
        let journal = open(Path::new("journals"));
        journal.begun(&mail(1), 3).expect("written");
        journal.ended(&mail(1), 3, Mark::Taken).expect("written");
        journal.begun(&mail(2), 4).expect("written");
        fs::write("ready", "").expect("a sign");
        // Until it is killed, or at once if nobody started it for that.
        drop(io::stdin().read_to_end(&mut Vec::new()));
    }

    #[test]
    fn a_killed_process_leaves_one_mail_in_doubt() {
        let folder = tempfile::tempdir().expect("a folder");
        let journals = folder.path().join("journals");
        let mut victim = Command::new(std::env::current_exe().expect("this program"))
            .args(["--ignored", "--exact", "mail::journal::tests::victim"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("a process");
        while !folder.path().join("ready").exists() {
            assert!(victim.try_wait().expect("its state").is_none(), "it ended too early");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(dead(&journals), [], "it lives");
        victim.kill().expect("killed");
        victim.wait().expect("gone");
        assert_eq!(dead(&journals), [left(1, 3, Some(Mark::Taken)), left(2, 4, None)]);
    }
}
