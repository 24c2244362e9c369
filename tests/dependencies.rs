//! Whose code the program is made of: every licence is one that we may use, everything
//! comes from crates.io or the npm registry, nothing was taken back by its authors, and
//! no version stands on the list of known faults below.
//!
//! Works without a network, so it knows what this machine knows: whether a version was
//! taken back stands in cargo's own copy of the index, as old as the last time that cargo
//! asked it (a crate without a copy there is passed over), and the list of faults is as
//! old as its newest entry. Before a release, ask `cargo audit` and `npm audit` as well.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// Licences that ask no more than to be named; MPL-2.0 asks for changes to its own files,
/// and we make none.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PostgreSQL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// A known fault: from the first version up to, but without, the second.
struct Advisory {
    id: &'static str,
    package: &'static str,
    from: &'static str,
    mended: &'static str,
    /// Why we may use it all the same.
    bearable: Option<&'static str>,
}

const fn advisory(
    id: &'static str,
    package: &'static str,
    from: &'static str,
    mended: &'static str,
) -> Advisory {
    Advisory { id, package, from, mended, bearable: None }
}

/// No version is mended.
const NEVER: &str = "999999";

/// What RustSec says of packages of ours, newest first.
const ADVISORIES: &[Advisory] = &[
    advisory("RUSTSEC-2026-0285", "rustls", "0.23.13", "0.23.45"),
    advisory("RUSTSEC-2026-0204", "crossbeam-epoch", "0", "0.9.20"),
    advisory("RUSTSEC-2026-0194", "quick-xml", "0.39", "0.41"),
    Advisory {
        bearable: Some(
            "citation styles of the typesetter; no XML from outside reaches it, and reports cite nothing",
        ),
        ..advisory("RUSTSEC-2026-0194", "quick-xml", "0", "0.39")
    },
    advisory("RUSTSEC-2026-0195", "quick-xml", "0.39", "0.41"),
    Advisory {
        bearable: Some(
            "citation styles of the typesetter; no XML from outside reaches it, and reports cite nothing",
        ),
        ..advisory("RUSTSEC-2026-0195", "quick-xml", "0", "0.39")
    },
    advisory("RUSTSEC-2026-0190", "anyhow", "0", "1.0.103"),
    advisory("RUSTSEC-2026-0172", "diesel", "0", "2.3.10"),
    advisory("RUSTSEC-2026-0141", "lettre", "0.10.1", "0.11.22"),
    advisory("RUSTSEC-2026-0137", "diesel", "0", "2.3.8"),
    advisory("RUSTSEC-2026-0119", "hickory-proto", "0.3.1", "0.26.1"),
    advisory("RUSTSEC-2026-0104", "rustls-webpki", "0", "0.103.13"),
    advisory("RUSTSEC-2026-0103", "thin-vec", "0", "0.2.16"),
    advisory("RUSTSEC-2026-0097", "rand", "0.10", "0.10.1"),
    advisory("RUSTSEC-2026-0097", "rand", "0.9", "0.9.3"),
    Advisory {
        bearable: Some("needs a logger that draws random numbers; ours draws none"),
        ..advisory("RUSTSEC-2026-0097", "rand", "0.7", "0.9")
    },
    advisory("RUSTSEC-2026-0009", "time", "0", "0.3.47"),
    advisory("RUSTSEC-2026-0007", "bytes", "1.2.1", "1.11.1"),
    advisory("RUSTSEC-2025-0168", "zip", "1.3", "2.3"),
    advisory("RUSTSEC-2025-0055", "tracing-subscriber", "0", "0.3.20"),
    advisory("RUSTSEC-2025-0023", "tokio", "1.44", "1.44.2"),
    advisory("RUSTSEC-2025-0022", "openssl", "0.10.39", "0.10.72"),
    advisory("RUSTSEC-2025-0009", "ring", "0", "0.17.12"),
    advisory("RUSTSEC-2024-0421", "idna", "0", "1.0"),
    Advisory {
        bearable: Some(
            "checks signatures of an identity provider; no private key of ours is RSA's",
        ),
        ..advisory("RUSTSEC-2023-0071", "rsa", "0", NEVER)
    },
];

/// The three numbers of a version; what comes before a release counts as it.
fn numbers(version: &str) -> [u64; 3] {
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    let mut parts = plain.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

fn concerns(advisory: &Advisory, name: &str, version: &str) -> bool {
    let version = numbers(version);
    advisory.package == name
        && numbers(advisory.from) <= version
        && version < numbers(advisory.mended)
}

/// Whether a licence expression leaves us one that we may use: `OR` binds loosest, then
/// `AND`, then `WITH`; a stroke is how `OR` used to be written.
fn may_be_used(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any_of(&words, &mut at) == Some(true) && at == words.len()
}

/// Nothing for what is no expression.
fn any_of(words: &[&str], at: &mut usize) -> Option<bool> {
    let mut holds = all_of(words, at)?;
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= all_of(words, at)?;
    }
    Some(holds)
}

fn all_of(words: &[&str], at: &mut usize) -> Option<bool> {
    let mut holds = one(words, at)?;
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(words, at)?;
    }
    Some(holds)
}

fn one(words: &[&str], at: &mut usize) -> Option<bool> {
    let word = *words.get(*at)?;
    *at += 1;
    if word == "(" {
        let holds = any_of(words, at)?;
        let shut = *words.get(*at)? == ")";
        *at += 1;
        return shut.then_some(holds);
    }
    let mut licence = word.to_owned();
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{licence} WITH {}", words.get(*at + 1)?);
        *at += 2;
    }
    Some(LICENCES.contains(&licence.as_str()))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A package of the lock file.
struct Package {
    name: String,
    version: String,
    /// Where it comes from; none for what lies here.
    source: Option<String>,
    checksum: Option<String>,
}

/// Every package of the lock file, on any system.
fn locked() -> Vec<Package> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("a lock file");
    let tables = lock.split("[[package]]").skip(1);
    let packages = tables.map(|table| {
        let value = |key: &str| {
            let start = format!("{key} = \"");
            let line = table.lines().find_map(|line| line.strip_prefix(start.as_str()))?;
            Some(line.trim_end_matches('"').to_owned())
        };
        Package {
            name: value("name").expect("a name"),
            version: value("version").expect("a version"),
            source: value("source"),
            checksum: value("checksum"),
        }
    });
    let packages: Vec<Package> = packages.collect();
    assert!(packages.len() > 300, "only {} packages", packages.len());
    packages
}

/// The same as cargo describes them, with their licences.
fn described() -> Vec<Value> {
    let ask = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--locked", "--format-version", "1"]).args(more);
        let output = command.current_dir(root()).output().expect("cargo starts");
        output.status.success().then_some(output.stdout)
    };
    // What only another system needs may not lie here yet.
    let said = ask(&["--offline"]).or_else(|| ask(&[])).expect("cargo describes the packages");
    let said: Value = serde_json::from_slice(&said).expect("JSON");
    said["packages"].as_array().expect("packages").clone()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn every_licence_leaves_us_one_that_we_may_use() {
    let packages = described();
    assert!(packages.len() > 300, "only {} packages", packages.len());
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !may_be_used(text(package, "license")))
        .map(|package| format!("{} {:?}", text(package, "name"), text(package, "license")))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn licence_expressions_are_read_as_they_are_meant() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "Apache-2.0 / MIT",
        "GPL-3.0 OR MIT",
        "Apache-2.0 OR GPL-2.0-only",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
        "MIT AND (Apache-2.0 OR LGPL-2.1-or-later)",
    ] {
        assert!(may_be_used(good), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "GPL-3.0 OR AGPL-3.0",
        "(MIT OR Apache-2.0) AND GPL-3.0",
        "GPL-3.0 AND MIT OR LGPL-3.0",
        "MIT WITH Classpath-exception-2.0",
        "(MIT",
        "MIT Apache-2.0",
        "MIT OR",
        "SEE LICENSE IN LICENSE.txt",
    ] {
        assert!(!may_be_used(bad), "{bad}");
    }
}

#[test]
fn everything_comes_from_crates_io_or_lies_here() {
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let mut here = Vec::new();
    for package in locked() {
        match package.source {
            Some(source) => {
                assert_eq!(source, registry, "{}", package.name);
                let digest = package.checksum.unwrap_or_default();
                assert_eq!(digest.len(), 64, "{} has no digest", package.name);
            }
            None => here.push(package.name),
        }
    }
    assert_eq!(here, ["report-pdf", "soundings"], "what has no source lies here");
}

#[test]
fn no_version_has_a_known_fault_that_concerns_us() {
    let mut found = Vec::new();
    for Package { name, version, .. } in locked() {
        for advisory in ADVISORIES.iter().filter(|one| concerns(one, &name, &version)) {
            if advisory.bearable.is_none() {
                found.push(format!("{name} {version}: {}", advisory.id));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    // The list itself says what it means.
    let of_rustls = advisory("RUSTSEC-2026-0285", "rustls", "0.23.13", "0.23.45");
    for (version, bad) in [
        ("0.23.12", false),
        ("0.23.13", true),
        ("0.23.44", true),
        ("0.23.45", false),
        ("1.0.0", false),
    ] {
        assert_eq!(concerns(&of_rustls, "rustls", version), bad, "{version}");
    }
    for advisory in ADVISORIES {
        assert!(numbers(advisory.from) < numbers(advisory.mended), "{}", advisory.id);
        assert!(advisory.bearable.is_none_or(|why| why.len() > 20), "{}", advisory.id);
    }
}

/// Cargo's own copies of what the index says of a crate.
#[expect(clippy::disallowed_methods, reason = "where cargo keeps them is no setting of ours")]
fn copies_of(name: &str) -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME")?;
        Some(PathBuf::from(home).join(".cargo"))
    });
    let folder = match name.len() {
        1 => "1".to_owned(),
        2 => "2".to_owned(),
        3 => format!("3/{}", &name[..1]),
        _ => format!("{}/{}", &name[..2], &name[2..4]),
    };
    let Some(home) = home else { return Vec::new() };
    let Ok(indexes) = std::fs::read_dir(home.join("registry/index")) else { return Vec::new() };
    let file = |index: std::fs::DirEntry| {
        index.path().join(".cache").join(&folder).join(name.to_lowercase())
    };
    indexes.flatten().map(file).filter(|path| path.is_file()).collect()
}

#[test]
fn no_version_was_taken_back_as_far_as_is_known_here() {
    let (mut known, mut taken_back) = (0, Vec::new());
    for Package { name, version, .. } in
        locked().into_iter().filter(|package| package.source.is_some())
    {
        for path in copies_of(&name) {
            let bytes = std::fs::read(&path).expect("a copy");
            // Each version is an object of its own between zero bytes.
            let entries = bytes.split(|byte| *byte == 0);
            let entry = entries
                .filter_map(|entry| serde_json::from_slice::<Value>(entry).ok())
                .find(|entry| text(entry, "vers") == version);
            let Some(entry) = entry else { continue };
            known += 1;
            if entry["yanked"] == Value::Bool(true) {
                taken_back.push(format!("{name} {version}"));
            }
        }
    }
    assert!(taken_back.is_empty(), "{taken_back:#?}");
    eprintln!("{known} packages were found in the copy of the index");
}

#[test]
fn what_pages_and_browser_tests_take_from_npm_may_be_used_too() {
    let lock = std::fs::read_to_string(root().join("package-lock.json")).expect("a lock file");
    let lock: Value = serde_json::from_str(&lock).expect("JSON");
    let packages = lock["packages"].as_object().expect("packages");
    let mut names = BTreeSet::new();
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        names.insert(path.as_str());
        assert!(may_be_used(text(package, "license")), "{path}: {}", package["license"]);
        let from = text(package, "resolved");
        assert!(
            from.is_empty() || from.starts_with("https://registry.npmjs.org/"),
            "{path} {from}"
        );
        assert!(text(package, "integrity").starts_with("sha512-"), "{path} has no digest");
        // What lies here says the same of itself.
        let file = root().join(path).join("package.json");
        let Ok(said) = std::fs::read_to_string(file) else { continue };
        let said: Value = serde_json::from_str(&said).expect("JSON");
        assert!(may_be_used(text(&said, "license")), "{path}: {}", said["license"]);
        assert_eq!(text(&said, "version"), text(package, "version"), "{path}");
    }
    assert!(names.contains("node_modules/nhsuk-frontend"), "{names:?}");
}
