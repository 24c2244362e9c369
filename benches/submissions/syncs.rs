//! How often a process waits for the disk: a small library that is loaded before
//! its own ones counts the calls. Without a C compiler nothing is counted.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// The library, and a file for each count.
#[derive(Clone)]
pub struct Syncs {
    folder: PathBuf,
}

/// One process's count.
pub struct Count(PathBuf);

impl Syncs {
    /// Builds the library in a folder; none without a compiler.
    pub fn build(folder: &Path) -> Option<Self> {
        let syncs = Self { folder: folder.to_owned() };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/submissions/syncs.c");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(syncs.library())
            .arg(source)
            .arg("-ldl")
            .status();
        built.is_ok_and(|built| built.success()).then_some(syncs)
    }

    /// Those that were built in this folder before.
    pub fn built_in(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder, for [`Self::built_in`].
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn library(&self) -> PathBuf {
        self.folder.join("syncs.so")
    }

    /// The count of this name, once [`Self::count_of`] has begun it.
    pub fn named(&self, name: &str) -> Count {
        Count(self.folder.join(name))
    }

    /// Counts what a command is going to do.
    pub fn count_of(&self, command: &mut Command, name: &str) -> Outcome<Count> {
        let count = self.named(name);
        std::fs::write(&count.0, [0; 8])?;
        command.env("LD_PRELOAD", self.library()).env("SYNCS_FILE", &count.0);
        Ok(count)
    }
}

impl Count {
    /// How often so far.
    pub fn now(&self) -> Option<u64> {
        let bytes: [u8; 8] = std::fs::read(&self.0).ok()?.try_into().ok()?;
        Some(u64::from_ne_bytes(bytes))
    }
}
