//! Files with a key that leave this machine: made once, for their owner alone,
//! and taken away again if what they were made for did not happen.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{KeyError, at, sync_folder};

/// Files that were made to be handed out. Dropped before it is told that they
/// stay, it overwrites and removes them.
#[derive(Debug, Default)]
pub struct HandedOut {
    files: Vec<PathBuf>,
}

impl HandedOut {
    /// Writes a new file, durably, that only its owner reads; makes its folder.
    ///
    /// # Errors
    /// If it would be in the data folder, is there already, or cannot be written.
    pub fn write(&mut self, data: &Path, path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = parent.unwrap_or(Path::new("."));
        // Before a folder is made as well, so that nothing stays of a refusal.
        if is_within(folder, data) {
            return Err(KeyError::InData(path.to_owned()));
        }
        make_folder(folder).map_err(at(folder))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyError::Taken(path.to_owned()),
            _ => at(path)(error),
        })?;
        self.files.push(path.to_owned());
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(path))?;
        sync_folder(path)
    }

    /// The files stay from here on; says which.
    #[must_use]
    pub fn stay(mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.files)
    }
}

impl Drop for HandedOut {
    fn drop(&mut self) {
        for path in &self.files {
            if let Err(error) = overwrite_and_remove(path) {
                let file = path.display();
                tracing::error!(%file, %error, "a file with a key of no use could not be removed");
            }
        }
    }
}

fn overwrite_and_remove(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or_default();
    file.rewind()?;
    file.write_all(&vec![0; length])?;
    file.sync_all()?;
    fs::remove_file(path)
}

/// The contents of a file that somebody gives back, overwritten in memory after use.
///
/// # Errors
/// If it cannot be read.
pub fn read_secret(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut file = File::open(path).map_err(at(path))?;
    let length = file.metadata().map_err(at(path))?.len();
    // Room for all of it, so that it never moves and leaves a copy behind.
    let room = usize::try_from(length).unwrap_or_default().min(MOST) + 64;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let most = u64::try_from(MOST).unwrap_or(u64::MAX);
    io::Read::read_to_end(&mut io::Read::take(&mut file, most), &mut bytes).map_err(at(path))?;
    Ok(bytes)
}

/// No key file and no share is longer.
const MOST: usize = 64 * 1024;

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether a folder, which may not be there yet, is in another one or is it.
fn is_within(folder: &Path, outer: &Path) -> bool {
    let Ok(outer) = outer.canonicalize() else { return false };
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let there = absolute.ancestors().find_map(|part| {
        let rest = absolute.strip_prefix(part).ok()?;
        Some(part.canonicalize().ok()?.join(rest))
    });
    there.is_some_and(|there| there.starts_with(outer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_once_for_its_owner_and_goes_with_what_it_was_made_for() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().expect("a folder");
        let (data, out) = (place.path().join("data"), place.path().join("stick/keys"));
        fs::create_dir(&data).expect("the data folder");
        let file = out.join("share.txt");
        let mut handed_out = HandedOut::default();
        handed_out.write(&data, &file, b"words").expect("written");
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(read_secret(&file).expect("read").as_slice(), b"words");
        let again = handed_out.write(&data, &file, b"others");
        assert!(matches!(again, Err(KeyError::Taken(_))));
        drop(handed_out);
        assert!(!file.exists());
        let mut handed_out = HandedOut::default();
        handed_out.write(&data, &file, b"words").expect("written");
        assert_eq!(handed_out.stay(), std::slice::from_ref(&file));
        assert!(file.exists());
    }

    #[test]
    fn nothing_to_be_handed_out_is_made_in_the_data_folder() {
        let place = tempfile::tempdir().expect("a folder");
        let data = place.path().join("data");
        fs::create_dir_all(data.join("keys")).expect("the data folder");
        std::os::unix::fs::symlink(&data, place.path().join("link")).expect("a link");
        for inside in ["data/k.age", "data/keys/k.age", "data/new/k.age", "link/new/k.age"] {
            let path = place.path().join(inside);
            let refused = HandedOut::default().write(&data, &path, b"key");
            assert!(matches!(refused, Err(KeyError::InData(_))), "{inside}");
            assert!(!path.exists() && !data.join("new").exists(), "{inside}");
        }
        let beside = place.path().join("data-keys/k.age");
        HandedOut::default().write(&data, &beside, b"key").expect("beside it is not in it");
    }
}
