//! Puts the style sheet, the script, the icons and the templates into the binary.
//!
//! The style sheet is nhsuk-frontend's (MIT, from npm, version in package-lock.json)
//! with our own after it. What identifies the NHS is taken out on the way: the
//! licensed web font, the logo is never copied, and the blue becomes our ink and
//! teal, because readers must see at a glance that the survey is independent.
//!
//! Every file gets the hash of its content into its name, so that browsers may
//! keep it for ever, and is compressed here once instead of at every request.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a build script is told where to write by the environment, and can only report a fault by stopping"
)]

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use regex::Regex;
use sha2::{Digest, Sha256};

const PACKAGE: &str = "node_modules/nhsuk-frontend/dist/nhsuk";

/// Their colour, our colour: hue from NHS blue and green to ink and teal, lightness kept.
const PALETTE: &[(&str, &str)] = &[
    ("#005eb8", "#0b5566"), // links, headings of panels, borders in focus of attention
    ("#0055a6", "#0a4c5b"),
    ("#004b93", "#084350"),
    ("#004281", "#073b47"),
    ("#003d78", "#07363f"),
    ("#003087", "#12303b"),
    ("#002f5c", "#052a33"),
    ("#337ec6", "#3d7f8d"),
    ("#c7dcef", "#cbdfe2"),
    ("#ccdff1", "#d0e3e6"),
    ("#d9e7f4", "#dcebed"),
    ("#007f3b", "#1b6b57"), // buttons
    ("#00662f", "#165848"),
    ("#004c23", "#10443a"),
    ("#00401e", "#0d3a31"),
];

struct Built {
    /// What templates call it.
    name: String,
    /// Its address.
    path: String,
    content_type: &'static str,
    /// Where it lies, without and with the endings `.br` and `.gz`.
    file: PathBuf,
    etag: String,
}

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    for watched in ["build.rs", "package-lock.json", "assets", "templates"] {
        println!("cargo:rerun-if-changed={}", root.join(watched).display());
    }
    fetch_package(&root);
    let package = root.join(PACKAGE);
    let mut built = Vec::new();

    let css = style_sheet(&root, &package, &out, &mut built);
    built.push(build(&out, "app.css", "text/css; charset=utf-8", css.as_bytes()));
    let script = script(&root, &package);
    built.push(build(&out, "app.js", "text/javascript; charset=utf-8", script.as_bytes()));
    for file in files_below(&root.join("assets"), "svg") {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        built.push(build(&out, &name, "image/svg+xml", read(&file).as_bytes()));
    }
    write(&out.join("assets.rs"), asset_table(&built).as_bytes());
    write(&out.join("templates.rs"), template_table(&root.join("templates")).as_bytes());
}

/// Installs the npm package if it is not there. Nothing of it runs: we take files.
fn fetch_package(root: &Path) {
    if root.join(PACKAGE).is_dir() {
        return;
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let ran = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(root)
        .status();
    match ran {
        Ok(status) if status.success() && root.join(PACKAGE).is_dir() => {}
        Ok(status) => panic!(
            "\n\nThe style sheets could not be fetched: `npm ci` ended with {status}.\n\
             Run `npm ci --ignore-scripts` in the project's folder to see why.\n\n"
        ),
        Err(fault) => panic!(
            "\n\nBuilding Soundings needs Node.js 18 or newer with npm, to fetch its style sheets; running it does not. ({npm}: {fault})\n\
             On Debian or Ubuntu: apt-get install nodejs npm. Elsewhere: https://nodejs.org/\n\n"
        ),
    }
}

/// nhsuk-frontend's style sheet without font and blue, then ours; its icons are built on the way.
fn style_sheet(root: &Path, package: &Path, out: &Path, built: &mut Vec<Built>) -> String {
    let mut css = read(&package.join("nhsuk-frontend.min.css"));
    css = regex(r"@font-face\{[^}]*\}").replace_all(&css, "").into_owned();
    css = regex(r"Frutiger W01\s*,\s*").replace_all(&css, "").into_owned();
    css = regex(r"/\*# sourceMappingURL=[^*]*\*/").replace_all(&css, "").into_owned();
    for (theirs, ours) in PALETTE {
        css = css.replace(theirs, ours);
    }
    let icon = regex(r"/assets/images/([a-z0-9-]+\.svg)");
    let mut names: Vec<String> = icon
        .captures_iter(&css)
        .filter_map(|found| Some(found.get(1)?.as_str().to_owned()))
        .collect();
    names.sort();
    names.dedup();
    for name in names {
        let source = read(&package.join("assets/images").join(&name));
        let file =
            build(out, &name.replace("nhsuk-icon-", "icon-"), "image/svg+xml", source.as_bytes());
        css = css.replace(&format!("/assets/images/{name}"), &file.path);
        built.push(file);
    }
    for leftover in ["@font-face", "Frutiger", "assets.nhs.uk", "/assets/images/"] {
        assert!(!css.contains(leftover), "the style sheet still contains {leftover}");
    }
    for file in files_below(&root.join("assets"), "css") {
        css.push_str(&minified(&read(&file)));
    }
    css
}

/// nhsuk-frontend's script, then ours in the same module: one request.
fn script(root: &Path, package: &Path) -> String {
    let theirs = read(&package.join("nhsuk-frontend.min.js"));
    let mut script = regex(r"//# sourceMappingURL=\S*").replace_all(&theirs, "").into_owned();
    for file in files_below(&root.join("assets"), "js") {
        script.push('\n');
        script.push_str(&read(&file));
    }
    script
}

/// Our style sheets without comments and indentation; what is left is small enough.
fn minified(css: &str) -> String {
    let css = regex(r"(?s)/\*.*?\*/").replace_all(css, "").into_owned();
    let css = regex(r"\s+").replace_all(&css, " ").into_owned();
    regex(r"\s*([{};,>])\s*").replace_all(&css, "$1").into_owned()
}

/// Writes a file under its hashed name, plain, `.br` and `.gz`, unless an earlier build did.
fn build(out: &Path, name: &str, content_type: &'static str, bytes: &[u8]) -> Built {
    let digest = hex::encode(Sha256::digest(bytes));
    let hash = digest.get(..12).unwrap_or_default();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let hashed = format!("{stem}-{hash}.{ending}");
    let file = out.join(&hashed);
    let with = |more: &str| out.join(format!("{hashed}.{more}"));
    if !(file.is_file() && with("br").is_file() && with("gz").is_file()) {
        let mut brotli = Vec::new();
        let quality = brotli::enc::BrotliEncoderParams::default();
        brotli::BrotliCompress(&mut &*bytes, &mut brotli, &quality)
            .unwrap_or_else(|e| panic!("brotli: {e}"));
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        let gzip = gzip
            .write_all(bytes)
            .and_then(|()| gzip.finish())
            .unwrap_or_else(|e| panic!("gzip: {e}"));
        write(&with("br"), &brotli);
        write(&with("gz"), &gzip);
        write(&file, bytes);
    }
    Built {
        name: name.to_owned(),
        path: format!("/assets/{hashed}"),
        content_type,
        file,
        etag: format!("\"{hash}\""),
    }
}

fn asset_table(built: &[Built]) -> String {
    let mut rust = String::from("static ASSETS: &[Asset] = &[\n");
    for Built { name, path, content_type, file, etag } in built {
        let at = file.display();
        let _ = writeln!(
            rust,
            "    Asset {{ name: {name:?}, path: {path:?}, content_type: {content_type:?}, etag: {etag:?}, \
             plain: include_bytes!({plain:?}), br: include_bytes!({br:?}), gz: include_bytes!({gz:?}) }},",
            plain = at.to_string(),
            br = format!("{at}.br"),
            gz = format!("{at}.gz"),
        );
    }
    rust.push_str("];\n");
    rust
}

/// Name (path below `templates` without the ending) and text of every template.
fn template_table(templates: &Path) -> String {
    let mut rust = String::from("static TEMPLATES: &[(&str, &str)] = &[\n");
    for file in files_below(templates, "hbs") {
        let below = file.strip_prefix(templates).unwrap_or(&file).with_extension("");
        let name = below.to_string_lossy().replace('\\', "/");
        let _ = writeln!(rust, "    ({name:?}, include_str!({:?})),", file.display().to_string());
    }
    rust.push_str("];\n");
    rust
}

/// Every file with this ending in a folder and the folders in it, in order of name.
fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        if path.is_dir() {
            out.extend(files_below(&path, ending));
        } else if path.extension().is_some_and(|found| found == ending) {
            out.push(path);
        }
    }
    out
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}
