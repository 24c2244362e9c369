//! A consistent copy of the embedded database while it is in use, and putting one
//! back. Keys are never in it.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use diesel::sql_types::Text;
use diesel::{RunQueryDsl, SqliteConnection};

use super::address::{Address, Shown, make_private};
use super::{AnyConnection, Pools};
use crate::storage::error::StorageError;

const SERVER: &str = "a PostgreSQL server makes and restores its own backups: pg_dump --format=custom and pg_restore --clean";

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> StorageError + '_ {
    move |error| StorageError::Unavailable(format!("{}: {error}", path.display()))
}

fn taken(path: &Path) -> StorageError {
    StorageError::Unavailable(format!("{} is there already; nothing was changed", path.display()))
}

impl Pools {
    /// Copies the database into a new file, durably.
    #[expect(clippy::disallowed_methods, reason = "copying has no query language")]
    pub(in crate::storage) fn back_up(&self, to: &Path) -> Result<(), StorageError> {
        let mut conn = self.reader()?;
        let AnyConnection::Sqlite(conn) = &mut *conn else {
            return Err(StorageError::Unavailable(SERVER.to_owned()));
        };
        if to.exists() {
            return Err(taken(to));
        }
        let name = to.display().to_string();
        make_private(&name).map_err(at(to))?;
        let copied = diesel::sql_query("VACUUM INTO ?")
            .bind::<Text, _>(&name)
            .execute(conn)
            .map_err(StorageError::from)
            .and_then(|_| File::open(to).and_then(|file| file.sync_all()).map_err(at(to)));
        if copied.is_err() {
            // Half a copy is worse than none.
            drop(fs::remove_file(to));
        }
        copied
    }
}

/// Puts a copy in the place of the database. What was there is kept beside it; its
/// new name is given back. Nobody may use the database meanwhile.
pub(in crate::storage) fn restore(url: &str, from: &Path) -> Result<Option<PathBuf>, StorageError> {
    let address = Address::parse(url)?;
    let Address::Sqlite(file) = &address else {
        return Err(StorageError::Unavailable(SERVER.to_owned()));
    };
    check(from)?;
    let alone = address.alone()?;
    let file = PathBuf::from(file);
    let beside = |end: &str| PathBuf::from(format!("{}{end}", file.display()));
    let coming = beside(".coming");
    drop(fs::remove_file(&coming));
    make_private(&coming.display().to_string()).map_err(at(&coming))?;
    let mut to = OpenOptions::new().write(true).open(&coming).map_err(at(&coming))?;
    std::io::copy(&mut File::open(from).map_err(at(from))?, &mut to).map_err(at(&coming))?;
    to.sync_all().map_err(at(&coming))?;
    let mut aside = None;
    if file.exists() {
        let was = (1..).map(|number| beside(&format!(".before-restore-{number}")));
        let was = was.into_iter().find(|path| !path.exists()).ok_or(StorageError::Busy)?;
        // What is still in the log belongs to the old one.
        for end in ["", "-wal"] {
            let (old, new) = (beside(end), PathBuf::from(format!("{}{end}", was.display())));
            if old.exists() {
                fs::rename(&old, &new).map_err(at(&old))?;
            }
        }
        drop(fs::remove_file(beside("-shm")));
        aside = Some(was);
    }
    fs::rename(&coming, &file).map_err(at(&file))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    drop(alone);
    Ok(aside)
}

/// Whether a file is a whole database of ours.
#[expect(clippy::disallowed_methods, reason = "a check of a file has no query language")]
fn check(file: &Path) -> Result<(), StorageError> {
    use diesel::Connection;
    let is_no_backup = |why: &str| {
        StorageError::Unavailable(format!("{} is no backup of Soundings: {why}", file.display()))
    };
    if !file.is_file() {
        return Err(is_no_backup("there is no such file"));
    }
    let mut conn = SqliteConnection::establish(&format!("file:{}?mode=ro", file.display()))
        .map_err(|error| is_no_backup(&error.to_string()))?;
    let mut ask = |sql: &str| diesel::sql_query(sql).get_result::<Shown>(&mut conn);
    match ask("SELECT integrity_check AS value FROM pragma_integrity_check LIMIT 1") {
        Ok(Shown { value }) if value == "ok" => {}
        Ok(Shown { value }) => return Err(is_no_backup(&value)),
        Err(error) => return Err(is_no_backup(&error.to_string())),
    }
    ask("SELECT CAST(count(*) AS TEXT) AS value FROM house JOIN waves")
        .map(drop)
        .map_err(|_| is_no_backup("it holds something else"))
}
