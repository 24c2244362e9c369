//! A library that is loaded into the program and records what it writes: the disk as
//! it was at any moment, and a disk that is full. See `recorder.c`.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use soundings::chance::Chance;
use tempfile::TempDir;

/// The library and its files.
pub struct Recorder {
    folder: TempDir,
    watched: PathBuf,
}

/// One thing that happened to a file.
#[derive(Debug, Clone)]
enum Event {
    Name { file: u32, name: String },
    Write { file: u32, at: usize, bytes: Vec<u8> },
    Truncate { file: u32, length: usize },
    Begin { file: u32 },
    Sync { file: u32 },
    Link { from: String, to: String },
    Rename { from: String, to: String },
    Unlink { name: String },
}

/// What was recorded, each event with the length of the record behind it.
pub struct Recording(Vec<(u64, Event)>);

/// What a power cut leaves of the writes that were not synced.
#[derive(Debug, Clone, Copy)]
pub enum Unsynced {
    /// Nothing.
    Lost,
    /// Some, in pieces of a sector.
    Torn,
    /// All.
    Kept,
}

/// What finds no room on a full disk.
#[derive(Debug, Clone, Copy)]
pub enum Refused {
    /// Any write.
    Everything,
    /// What lets a file grow.
    Growth,
}

const SECTOR: usize = 512;

impl Recorder {
    /// Builds the library for a program whose data folder this is.
    pub fn new(watched: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let recorder = Self { folder, watched: watched.to_owned() };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/recorder.c");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(recorder.library())
            .arg(source)
            .args(["-ldl", "-lpthread"])
            .status();
        assert!(built.expect("a C compiler").success());
        recorder
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("recorder.so")
    }

    fn record(&self) -> PathBuf {
        self.folder.path().join("record")
    }

    fn full(&self) -> PathBuf {
        self.folder.path().join("full")
    }

    /// Loads the library into a program.
    pub fn watch(&self, program: &mut Command) {
        program
            .env("LD_PRELOAD", self.library())
            .env("RECORDER_FOLDER", &self.watched)
            .env("RECORDER_LOG", self.record())
            .env("RECORDER_FULL", self.full());
    }

    /// How long the record is: whatever the program does from now on stands behind.
    pub fn length(&self) -> u64 {
        fs::metadata(self.record()).map_or(0, |facts| facts.len())
    }

    /// The library's own folder, for a program that another user runs.
    pub fn place(&self) -> &Path {
        self.folder.path()
    }

    /// Fills the disk.
    pub fn fill_disk(&self, refused: Refused) {
        let sign: &[u8] = match refused {
            Refused::Everything => b"",
            Refused::Growth => b"growth",
        };
        fs::write(self.full(), sign).expect("a file");
    }

    /// Makes room again.
    pub fn make_room(&self) {
        fs::remove_file(self.full()).expect("removed");
    }

    /// What was recorded.
    pub fn recording(&self) -> Recording {
        let bytes = fs::read(self.record()).expect("a record");
        let mut events = Vec::new();
        let mut rest = &bytes[..];
        while rest.len() >= 21 {
            let number = |from: usize| {
                i64::from_le_bytes(rest[from..from + 8].try_into().expect("eight bytes"))
            };
            let file = u32::from_le_bytes(rest[1..5].try_into().expect("four bytes"));
            let place = |number: i64| usize::try_from(number).expect("a place");
            let (at, length) = (place(number(5)), place(number(13)));
            let body = &rest[21..21 + length];
            let text = || String::from_utf8(body.to_vec()).expect("a name");
            let event = match rest[0] {
                b'N' => Event::Name { file, name: text() },
                b'W' => Event::Write { file, at, bytes: body.to_vec() },
                b'T' => Event::Truncate { file, length: at },
                b'B' => Event::Begin { file },
                b'S' => Event::Sync { file },
                b'U' => Event::Unlink { name: text() },
                kind @ (b'R' | b'L') => {
                    let both = text();
                    let (from, to) = both.split_once('\n').expect("two names");
                    let (from, to) = (from.to_owned(), to.to_owned());
                    if kind == b'R' { Event::Rename { from, to } } else { Event::Link { from, to } }
                }
                other => panic!("no event is called {other}"),
            };
            rest = &rest[21 + length..];
            events.push(((bytes.len() - rest.len()) as u64, event));
        }
        Recording(events)
    }
}

/// A file on a disk: what is safe, and what was written since, each with the event that
/// did it.
#[derive(Clone, Default)]
struct OnDisk {
    safe: Vec<u8>,
    since: Vec<(usize, Change)>,
}

#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

fn write(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

impl OnDisk {
    /// Makes safe what was written before this event.
    fn sync(&mut self, before: usize) {
        let (safe, since) =
            std::mem::take(&mut self.since).into_iter().partition(|(at, _)| *at < before);
        self.since = since;
        let safe: Vec<(usize, Change)> = safe;
        for (_, change) in safe {
            match change {
                Change::Write(at, bytes) => write(&mut self.safe, at, &bytes),
                Change::Truncate(length) => self.safe.resize(length, 0),
            }
        }
    }

    fn after_the_cut(mut self, unsynced: Unsynced, chance: &Chance) -> Vec<u8> {
        match unsynced {
            Unsynced::Lost => {}
            Unsynced::Kept => self.sync(usize::MAX),
            Unsynced::Torn => {
                for (_, change) in self.since {
                    match change {
                        Change::Write(at, bytes) => {
                            for (piece, bytes) in bytes.chunks(SECTOR).enumerate() {
                                if chance.below(2) == 0 {
                                    write(&mut self.safe, at + piece * SECTOR, bytes);
                                }
                            }
                        }
                        Change::Truncate(length) if chance.below(2) == 0 => {
                            self.safe.resize(length, 0);
                        }
                        Change::Truncate(_) => {}
                    }
                }
            }
        }
        self.safe
    }
}

impl Recording {
    /// How many events there are.
    pub fn events(&self) -> usize {
        self.0.len()
    }

    /// How long the record was after so many events.
    pub fn length_after(&self, events: usize) -> u64 {
        events.checked_sub(1).map_or(0, |last| self.0[last].0)
    }

    /// The events right after which a file was synced.
    pub fn syncs(&self) -> Vec<usize> {
        let events = self.0.iter().enumerate();
        let sync = |(_, (_, event)): &(usize, &(u64, Event))| matches!(event, Event::Sync { .. });
        events.filter(sync).map(|(at, _)| at + 1).collect()
    }

    /// Makes the folder as a power cut after so many events leaves it, from the folder
    /// as it was at the beginning. New names of files are on the disk at once.
    pub fn cut(&self, events: usize, unsynced: Unsynced, from: &Path, to: &Path, chance: &Chance) {
        let mut disk: BTreeMap<String, OnDisk> = BTreeMap::new();
        let mut names: BTreeMap<u32, String> = BTreeMap::new();
        // When the syncs began that are not done.
        let mut begun: BTreeMap<u32, VecDeque<usize>> = BTreeMap::new();
        for name in files(from, from) {
            let safe = fs::read(from.join(&name)).expect("a file");
            disk.insert(name, OnDisk { safe, since: Vec::new() });
        }
        for (number, (_, event)) in self.0[..events].iter().enumerate() {
            let of = |file: &u32| names.get(file).cloned().unwrap_or_default();
            match event {
                Event::Name { file, name } => {
                    names.insert(*file, name.clone());
                    disk.entry(name.clone()).or_default();
                }
                Event::Write { file, at, bytes } => {
                    let file = disk.entry(of(file)).or_default();
                    file.since.push((number, Change::Write(*at, bytes.clone())));
                }
                Event::Truncate { file, length } => {
                    let file = disk.entry(of(file)).or_default();
                    file.since.push((number, Change::Truncate(*length)));
                }
                Event::Begin { file } => begun.entry(*file).or_default().push_back(number),
                Event::Sync { file } => {
                    // What was written meanwhile may have come too late.
                    let before = begun.get_mut(file).and_then(VecDeque::pop_front);
                    let before = before.expect("a sync begins before it is done");
                    disk.entry(of(file)).or_default().sync(before);
                }
                Event::Link { from, to } => {
                    let file = disk.get(from).cloned().unwrap_or_default();
                    disk.insert(to.clone(), file);
                }
                Event::Rename { from, to } => {
                    let file = disk.remove(from).unwrap_or_default();
                    disk.insert(to.clone(), file);
                    names.values_mut().filter(|name| *name == from).for_each(|name| {
                        to.clone_into(name);
                    });
                }
                Event::Unlink { name } => drop(disk.remove(name)),
            }
        }
        copy_folders(from, to);
        for (name, file) in disk {
            let path = to.join(&name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, file.after_the_cut(unsynced, chance)).expect("a file");
            if let Ok(facts) = fs::metadata(from.join(&name)) {
                fs::set_permissions(&path, facts.permissions()).expect("a mode");
            }
        }
    }
}

/// Makes the folders below a folder again elsewhere, without what is in them.
fn copy_folders(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.path().is_dir() {
            copy_folders(&entry.path(), &to.join(entry.file_name()));
        }
    }
}

/// The files below a folder, by their names within it; without shared memory.
fn files(root: &Path, folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(root, &path));
        } else if !path.to_string_lossy().ends_with("-shm") {
            let name = path.strip_prefix(root).expect("within").display().to_string();
            found.push(name);
        }
    }
    found
}
