//! A folder in which commands are run, with the region's files beside it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const REGION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/survey_definitions/east-of-england");
/// What no person should ever be shown.
const OF_PROGRAMMERS: [&str; 5] =
    ["panicked", "RUST_BACKTRACE", "stack backtrace", "unwrap", "Error {"];

/// A folder of its own. The register lies in `register`, the survey in
/// `survey.toml`, the stocktake in `stocktake.csv`; data goes to `data`.
pub struct Place {
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

impl Place {
    pub fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().expect("a folder"),
            settings: vec![("SOUNDINGS_DATA", "data".to_owned())],
        };
        let region = Path::new(REGION);
        fs::create_dir(place.path("register")).expect("a folder for the register");
        for file in ["pcts.csv", "reporting-units.csv", "consortia.csv", "leads.csv"] {
            copy(&region.join("register").join(file), &place.path("register").join(file));
        }
        copy(&region.join("survey.toml"), &place.path("survey.toml"));
        copy(&region.join("stocktake/stocktake-2007-06-15.csv"), &place.path("stocktake.csv"));
        place
    }

    /// A place whose register is imported.
    pub fn with_register() -> Self {
        let place = Self::new();
        place.done("register import register");
        place
    }

    /// A place with an open wave, `W1`, that takes answers for many years.
    pub fn with_open_wave() -> Self {
        let place = Self::with_register();
        place.done(CREATE_W1);
        place.done("wave open W1");
        place
    }

    /// The same place with something set.
    pub fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.change(name, value);
        self
    }

    /// Sets something from here on.
    pub fn change(&mut self, name: &'static str, value: impl Into<String>) {
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value.into()));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of this place.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text file")
    }

    /// Replaces text in a file; the text must be there once.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {name}");
        self.write(name, &text.replace(from, to));
    }

    /// The program with these words, in this place and nothing else around it.
    pub fn command<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&self, words: I) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        command
            .args(words)
            .env_clear()
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs a command line of words without blanks in them.
    pub fn run(&self, line: &str) -> Ran {
        Ran::of(line, self.command(line.split_whitespace()).output().expect("it starts"))
    }

    /// Runs a command that must succeed; gives what it printed.
    pub fn done(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        ran.out
    }

    /// Runs a command that must succeed and print JSON.
    pub fn json(&self, line: &str) -> Value {
        let out = self.done(&format!("{line} --json"));
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{line}: {error} in {out}"))
    }

    /// Runs a command that must be refused; gives the reason it printed.
    pub fn refused(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 1, "{line}: {} {}", ran.out, ran.err);
        assert_eq!(ran.out, "", "{line}: a refusal prints nothing for programs to read");
        assert!(ran.err.contains("soundings: "), "{line}: {}", ran.err);
        ran.err
    }

    /// Runs a command whose words are wrong; gives the reason it printed.
    pub fn misused(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 2, "{line}: {} {}", ran.out, ran.err);
        assert_eq!(ran.out, "", "{line}");
        ran.err
    }
}

/// Makes the wave `W1`, a rehearsal that takes answers for many years.
pub const CREATE_W1: &str = "wave create --survey survey.toml --code W1 --opens 2007-11-19T09:00 --closes 2099-12-14T17:00 --test";

/// What a command did.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Checks what holds for every command: nothing for programmers, no colours
    /// and no moving bars where nobody watches.
    pub fn of(line: &str, output: Output) -> Self {
        let ran = Self {
            code: output.status.code().expect("it ended by itself"),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        };
        for text in [&ran.out, &ran.err] {
            assert!(!text.contains(['\u{1b}', '\r']), "{line}: {text:?}");
            for word in OF_PROGRAMMERS {
                assert!(!text.contains(word), "{line}: {text}");
            }
        }
        ran
    }
}

fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
}
