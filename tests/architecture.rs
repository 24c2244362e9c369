//! The house rules that one crate has no compiler for: which room may name
//! which, where I/O lives, and who may see both invitations and envelopes.
//! Reads the source as text, so it needs nothing but the standard library.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Files at the top that every room may use.
const BASE: [&str; 7] = ["id", "time", "chance", "fault", "padding", "plain_text", "spreadsheet"];

/// The pure core, in the order of the flow: a room names only rooms before it.
const CORE: [&str; 24] = [
    "register",
    "account",
    "trail",
    "definition",
    "xlsform",
    "letter",
    "wave",
    "invitation",
    "ledger",
    "answer",
    "ballot_box",
    "custody",
    "tabulation",
    "responses",
    "statistics",
    "disclosure",
    "benchmark",
    "release",
    "audit",
    "stocktake",
    "moderation",
    "network",
    "pages",
    "render",
];

/// Where I/O lives.
const SHELL: [&str; 12] = [
    "config", "keyring", "assets", "storage", "mail", "identity", "flow", "mail_in", "web",
    "worker", "cli", "main",
];

/// Rooms that see less than their place in the order would allow.
const NARROW: [(&str, &[&str]); 7] = [
    ("responses", &["register", "definition", "answer", "tabulation"]),
    ("audit", &["definition", "statistics", "release"]),
    ("render", &["release", "pages"]),
    ("stocktake", &["register"]),
    ("moderation", &["register", "disclosure"]),
    ("network", &["register", "wave"]),
    ("trail", &["register"]),
];

/// What a pure room has no business with.
const OUTSIDE: [&str; 11] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "tokio",
    "actix",
    "actix_web",
    "diesel",
    "diesel_migrations",
    "lettre",
    "ureq",
];

/// The only two acts that may hold an invitation and the ballot box at once.
const BOTH: [&str; 2] = ["flow/admit.rs", "flow/close_wave.rs"];

/// A rule that a line breaks.
#[derive(Debug, PartialEq)]
struct Breach {
    place: String,
    rule: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.rule)
    }
}

/// A source file: its path under `src/` and its text without comments and tests.
struct Source {
    path: String,
    lines: Vec<String>,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), lines: without_tests(&without_comments(text)) }
    }

    /// The first part of the path: the room, or the file at the top.
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Each room named by `crate::…`, with its line.
    fn named(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let whole = self.lines.join("\n");
        for (at, _) in whole.match_indices("crate::") {
            let line = whole[..at].matches('\n').count() + 1;
            let rest = &whole[at + "crate::".len()..];
            found.extend(first_segments(rest).into_iter().map(|room| (line, room)));
        }
        found
    }

    fn breach(&self, line: usize, rule: String) -> Breach {
        Breach { place: format!("src/{}:{line}", self.path), rule }
    }

    /// The lines that mention a path such as `std::env::var` as whole words.
    fn mentions<'s>(&'s self, path: &'s str) -> impl Iterator<Item = usize> + 's {
        self.lines
            .iter()
            .enumerate()
            .filter(move |(_, line)| has_path(line, path))
            .map(|(n, _)| n + 1)
    }
}

/// `a::b` gives `a`; `{a::b, c}` gives `a` and `c`.
fn first_segments(rest: &str) -> Vec<String> {
    let Some(list) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let mut depth = 0_usize;
    let mut parts = vec![String::new()];
    for c in list.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ if depth == 0 => parts.last_mut().expect("a part").push(c),
            _ => {}
        }
    }
    parts.iter().map(|part| word(part.trim())).filter(|part| !part.is_empty()).collect()
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn has_path(line: &str, path: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + path.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// The text with comments and the contents of strings blanked, line ends kept.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if c == '"' {
            string_length(rest)
        } else if let Some(hashes) = raw_string(rest, &out) {
            let close = format!("\"{}", "#".repeat(hashes));
            let body = hashes + 2;
            rest[body..].find(&close).map_or(rest.len(), |end| body + end + close.len())
        } else if c == '\'' {
            char_length(rest)
        } else {
            0
        };
        if length == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            out.extend(rest[..length].chars().filter(|c| *c == '\n'));
            out.push(' ');
            rest = &rest[length..];
        }
    }
    out
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// How many `#` a raw string that begins here has, if one does.
fn raw_string(text: &str, before: &str) -> Option<usize> {
    let rest = text.strip_prefix('r')?;
    let in_word =
        before.chars().next_back().is_some_and(|c| (c.is_alphanumeric() && c != 'b') || c == '_');
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    (!in_word && rest[hashes..].starts_with('"')).then_some(hashes)
}

/// The length of a character literal, 0 for a lifetime.
fn char_length(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[2..].find('\'').map_or(0, |end| {
            // '\'' holds the mark that would end it.
            if end == 0 { 4 } else { end + 3 }
        }),
        Some(_) => match chars.next() {
            Some((end, '\'')) => end + 1,
            _ => 0,
        },
        None => 0,
    }
}

/// The lines with every `#[cfg(test)]` item emptied: tests may reach further.
fn without_tests(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut depth = 0_i32;
    let mut skipping = false;
    let mut opened = false;
    for line in text.lines() {
        if !skipping && line.trim_start().starts_with("#[cfg(test)]") {
            (skipping, opened, depth) = (true, false, 0);
        }
        lines.push(if skipping { String::new() } else { line.to_owned() });
        if skipping {
            for c in line.chars() {
                match c {
                    '{' => (opened, depth) = (true, depth + 1),
                    '}' => depth -= 1,
                    ';' if !opened => skipping = false,
                    _ => {}
                }
            }
            if opened && depth == 0 {
                skipping = false;
            }
        }
    }
    lines
}

/// Every rule that a file breaks.
fn breaches(source: &Source) -> Vec<Breach> {
    let mut found = Vec::new();
    let known = |room: &str| {
        BASE.contains(&room) || CORE.contains(&room) || SHELL.contains(&room) || room == "lib"
    };
    if !known(source.room()) {
        let rule = "a room that tests/architecture.rs does not know: give it its place there";
        found.push(source.breach(1, rule.to_owned()));
    }
    found.extend(arrows(source));
    found.extend(outside_world(source));
    found.extend(one_file_only(source));
    found.extend(invitation_and_ballot_box(source));
    found
}

fn arrows(source: &Source) -> Vec<Breach> {
    let room = source.room();
    let place = |name: &str| CORE.iter().position(|core| *core == name);
    let mut found = Vec::new();
    for (line, named) in source.named() {
        let shell = SHELL.contains(&named.as_str());
        if BASE.contains(&room) {
            if shell || place(&named).is_some() {
                found.push(source.breach(line, format!("the base file {room} names {named}")));
            }
            continue;
        }
        let Some(here) = place(room) else { continue };
        if shell {
            found.push(source.breach(line, format!("{room} is core and names the shell: {named}")));
        } else if place(&named).is_some_and(|there| there > here) {
            found.push(source.breach(line, format!("{room} names the later room {named}")));
        }
        if let Some((_, allowed)) = NARROW.iter().find(|(narrow, _)| *narrow == room)
            && place(&named).is_some()
            && named != room
            && !allowed.contains(&named.as_str())
        {
            found.push(
                source.breach(line, format!("{room} may name only {allowed:?}, not {named}")),
            );
        }
    }
    found
}

fn outside_world(source: &Source) -> Vec<Breach> {
    if !CORE.contains(&source.room()) && !BASE.contains(&source.room()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in OUTSIDE {
        for line in source.mentions(path) {
            found.push(source.breach(line, format!("{} is pure and names {path}", source.room())));
        }
    }
    // `use std::{fs, io}` says the same in other words.
    for (at, text) in source.lines.iter().enumerate() {
        let Some((_, rest)) = text.split_once("std::{") else { continue };
        let following = format!("{rest}\n{}", source.lines[at + 1..].join("\n"));
        for name in first_segments(&format!("{{{following}")) {
            if OUTSIDE.contains(&format!("std::{name}").as_str()) {
                found.push(
                    source
                        .breach(at + 1, format!("{} is pure and names std::{name}", source.room())),
                );
            }
        }
    }
    found
}

fn one_file_only(source: &Source) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut only = |paths: &[&str], inside: bool, rule: &str| {
        for line in paths.iter().filter(|_| !inside).flat_map(|path| source.mentions(path)) {
            found.push(source.breach(line, rule.to_owned()));
        }
    };
    let room = source.room();
    only(&["diesel", "diesel_migrations"], room == "storage", "diesel belongs in storage/");
    only(
        &["env::var", "env::vars", "env::var_os", "env::vars_os"],
        room == "config",
        "the environment is read in config.rs only",
    );
    only(
        &["OsRng", "ThreadRng", "rand::rng", "rand::random"],
        room == "chance",
        "randomness comes from chance.rs only",
    );
    only(
        &["Utc::now", "Local::now", "SystemTime::now"],
        room == "time",
        "the clock is read in time.rs only",
    );
    found
}

fn invitation_and_ballot_box(source: &Source) -> Vec<Breach> {
    let acts = ["flow", "web", "worker", "cli", "mail"].contains(&source.room());
    if !acts || BOTH.contains(&source.path.as_str()) {
        return Vec::new();
    }
    let named = source.named();
    let line = |room: &str| named.iter().find(|(_, name)| name == room).map(|(line, _)| *line);
    match (line("invitation"), line("ballot_box")) {
        (Some(one), Some(other)) => {
            let rule = format!("names both invitation and ballot_box; only {BOTH:?} may");
            vec![source.breach(one.max(other), rule)]
        }
        _ => Vec::new(),
    }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_keeps_the_rules_of_the_house() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files.sort();
    assert!(files.len() > 20, "the source was not found under {}", src.display());
    let mut found = Vec::new();
    for file in files {
        // A room's tests may build what they need from anywhere.
        if file.file_stem().is_some_and(|stem| stem == "tests")
            || file.components().any(|part| part.as_os_str() == "tests")
        {
            continue;
        }
        let path =
            file.strip_prefix(&src).expect("a path under src").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).expect("a readable file");
        found.extend(breaches(&Source::new(&path, &text)));
    }
    let list: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} rules broken:\n{}", list.len(), list.join("\n"));
}

fn complaints(path: &str, text: &str) -> Vec<String> {
    breaches(&Source::new(path, text)).iter().map(ToString::to_string).collect()
}

#[test]
fn each_rule_complains_of_a_file_that_breaks_it() {
    for (path, text, complaint) in [
        (
            "answer/mod.rs",
            "\nuse crate::tabulation::Tally;",
            "src/answer/mod.rs:2: answer names the later room tabulation",
        ),
        (
            "answer/a.rs",
            "use crate::{\n    id::ItemCode,\n    release::{Release, wave},\n};",
            "src/answer/a.rs:1: answer names the later room release",
        ),
        (
            "wave/mod.rs",
            "fn f() { crate::storage::open() }",
            "src/wave/mod.rs:1: wave is core and names the shell: storage",
        ),
        ("id.rs", "use crate::register::Pct;", "src/id.rs:1: the base file id names register"),
        (
            "render/csv.rs",
            "use crate::statistics::Mean;",
            "src/render/csv.rs:1: render may name only [\"release\", \"pages\"], not statistics",
        ),
        (
            "stocktake/mod.rs",
            "use crate::definition::Survey;",
            "src/stocktake/mod.rs:1: stocktake may name only [\"register\"], not definition",
        ),
        (
            "pages/mod.rs",
            "// std::fs is fine in a comment\nuse std::fs;",
            "src/pages/mod.rs:2: pages is pure and names std::fs",
        ),
        (
            "pages/mod.rs",
            "use std::{\n  fmt,\n  net::IpAddr,\n};",
            "src/pages/mod.rs:1: pages is pure and names std::net",
        ),
        (
            "statistics/t.rs",
            "async fn f() { tokio::spawn(g()); }",
            "src/statistics/t.rs:1: statistics is pure and names tokio",
        ),
        ("web/mod.rs", "use diesel::prelude::*;", "src/web/mod.rs:1: diesel belongs in storage/"),
        (
            "cli.rs",
            "let home = std::env::var(\"HOME\");",
            "src/cli.rs:1: the environment is read in config.rs only",
        ),
        (
            "flow/open_wave.rs",
            "let x = rand::rng();",
            "src/flow/open_wave.rs:1: randomness comes from chance.rs only",
        ),
        (
            "worker.rs",
            "let now = chrono::Utc::now();",
            "src/worker.rs:1: the clock is read in time.rs only",
        ),
        (
            "flow/remind.rs",
            "use crate::invitation::Token;\nuse crate::ballot_box::Envelope;",
            "src/flow/remind.rs:2: names both invitation and ballot_box; only [\"flow/admit.rs\", \"flow/close_wave.rs\"] may",
        ),
        (
            "helpers/mod.rs",
            "",
            "src/helpers/mod.rs:1: a room that tests/architecture.rs does not know: give it its place there",
        ),
    ] {
        let found = complaints(path, text);
        assert!(
            found.iter().any(|line| line == complaint),
            "{path}: {found:?}\nshould contain\n{complaint}"
        );
    }
}

#[test]
fn what_the_rules_allow_is_not_complained_of() {
    for (path, text) in [
        ("answer/mod.rs", "use crate::definition::Survey;\nuse crate::id::{ItemCode, WaveCode};"),
        (
            "answer/mod.rs",
            "/// See [`crate::release`].\nlet s = \"crate::web\"; let r = r#\"crate::flow \" \"#;\nlet c = '\"'; // crate::storage",
        ),
        (
            "answer/mod.rs",
            "fn f<'a>(x: &'a str) {}\n#[cfg(test)]\nmod tests {\n    use crate::web::x;\n}\n",
        ),
        (
            "render/html.rs",
            "use crate::release::Release;\nuse crate::pages::Page;\nuse crate::time::Moment;",
        ),
        ("flow/admit.rs", "use crate::invitation::Token;\nuse crate::ballot_box::Envelope;"),
        ("storage/wave.rs", "use diesel::prelude::*;\nuse crate::wave::Wave;"),
        ("config.rs", "let v = std::env::var(\"X\");"),
        ("web/error.rs", "use crate::storage::StorageError;\nuse crate::flow::open_wave;"),
    ] {
        assert_eq!(complaints(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}

#[test]
fn a_test_module_ends_where_its_braces_end() {
    let text = "#[cfg(test)]\nmod tests;\nuse crate::web::a;\n#[cfg(test)]\nmod t {\n    fn f() { let c = '}'; }\n}\nuse crate::flow::b;";
    let found = complaints("wave/mod.rs", text);
    assert_eq!(
        found,
        [
            "src/wave/mod.rs:3: wave is core and names the shell: web",
            "src/wave/mod.rs:8: wave is core and names the shell: flow",
        ]
    );
}
