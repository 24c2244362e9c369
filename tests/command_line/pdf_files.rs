//! What the report files are: sound PDF that everybody can read, and the same
//! to the byte each time. Judged by qpdf, which also tells what is in them.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::place::Place;

/// The reports in a folder, by name.
fn reports(place: &Place, folder: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(place.path(folder)).expect("a folder");
    let mut files: Vec<PathBuf> = files
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|end| end == "pdf"))
        .collect();
    files.sort();
    files
}

/// Checks each report in a folder, and that `packs.zip` has a report and a
/// workbook of each, the report being the one beside it.
pub fn sound(place: &Place, folder: &str) {
    let reports = reports(place, folder);
    for path in &reports {
        no_fault(path);
        accessible(path);
    }
    let file = fs::File::open(place.path(folder).join("packs.zip")).expect("the packs");
    let mut packs = zip::ZipArchive::new(file).expect("a ZIP file");
    assert_eq!(packs.len(), 2 * reports.len());
    let names: Vec<String> =
        packs.file_names().map(|name| name.expect("a name").into_owned()).collect();
    assert!(names.is_sorted(), "{names:?}");
    let region = names.iter().filter(|name| name.contains("east-of-england")).count();
    assert_eq!(region, 2, "{names:?}");
    for path in &reports {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
        let code = if stem == "report" { "east-of-england" } else { stem };
        let of = |end: &str| names.iter().find(|name| name.ends_with(&format!("-{code}.{end}")));
        let (report, book) = (of("pdf").expect("a report"), of("xlsx").expect("a workbook"));
        let mut bytes = Vec::new();
        packs.by_name(report).expect("a file").read_to_end(&mut bytes).expect("its bytes");
        assert!(bytes == fs::read(path).expect("a report"), "{report} is not {stem}.pdf");
        bytes.clear();
        packs.by_name(book).expect("a file").read_to_end(&mut bytes).expect("its bytes");
        assert!(bytes.starts_with(b"PK"), "{book} is no workbook");
    }
}

/// Checks that what was written twice is the same.
pub fn same(place: &Place, first: &str, second: &str) {
    let names = reports(place, first).into_iter().chain([place.path(first).join("packs.zip")]);
    for path in names {
        let name = path.file_name().expect("a name");
        let again = fs::read(place.path(second).join(name)).expect("the same file");
        assert!(fs::read(&path).expect("a file") == again, "{} differs", path.display());
    }
}

fn no_fault(path: &Path) {
    let done = Command::new("qpdf").arg("--check").arg(path).output();
    let done = done.expect("qpdf, which scripts/setup tests installs");
    // A warning gives another code as well.
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!((done.status.code(), said.as_str()), (Some(0), ""), "{}", path.display());
}

/// The objects of a file.
struct Objects(Map<String, Value>);

impl Objects {
    fn read(path: &Path) -> Self {
        let done = Command::new("qpdf")
            .args(["--json=2", "--json-stream-data=none"])
            .arg(path)
            .output()
            .expect("qpdf");
        let mut told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
        let Value::Object(objects) = told["qpdf"][1].take() else { panic!("no objects") };
        Self(objects)
    }

    fn at(&self, reference: &Value) -> &Value {
        let reference = reference.as_str().expect("a reference");
        let object = &self.0[&format!("obj:{reference}")];
        object.get("value").unwrap_or(&object["stream"]["dict"])
    }

    /// What has this entry.
    fn with<'o>(&'o self, name: &'o str, entry: &'o str) -> impl Iterator<Item = &'o Value> {
        let values = self.0.values().map(|it| it.get("value").unwrap_or(&it["stream"]["dict"]));
        values.filter(move |value| value.get(name).is_some_and(|it| it == entry))
    }

    /// The kinds of a part and of all below it, in the order of reading.
    fn order(&self, part: &Value, found: &mut Vec<String>) {
        found.push(part["/S"].as_str().unwrap_or_default().to_owned());
        let children = part["/K"].as_array().map(Vec::as_slice).unwrap_or_default();
        for child in children.iter().filter(|child| child.is_string()) {
            self.order(self.at(child), found);
        }
    }
}

/// What a program can see of PDF/UA-1 (ISO 14289-1; its clauses in brackets).
fn accessible(path: &Path) {
    let name = path.display();
    let objects = Objects::read(path);
    let root = objects.at(&objects.0["trailer"]["value"]["/Root"]);
    assert_eq!(root["/Lang"], "u:en-GB", "{name}: language (7.2)");
    assert_eq!(root["/MarkInfo"]["/Marked"], true, "{name}: tags (6.2)");
    assert_eq!(root["/MarkInfo"]["/Suspects"], false, "{name}: sure tags (7.1)");
    assert_eq!(root["/ViewerPreferences"]["/DisplayDocTitle"], true, "{name}: title (7.1)");
    let bookmarks = &objects.at(&root["/Outlines"])["/Count"];
    let tree = objects.at(&root["/StructTreeRoot"]);
    let mut order = Vec::new();
    let top = tree["/K"].as_array().and_then(|top| top.first()).unwrap_or(&tree["/K"]);
    objects.order(objects.at(top), &mut order);
    let kinds = |kind: &str| order.iter().filter(|it| *it == kind).count();
    assert!(kinds("/H1") >= 2 && *bookmarks == json!(kinds("/H1")), "{name}: bookmarks");
    let first = |kind: &str| order.iter().position(|it| it == kind).unwrap_or(usize::MAX);
    let levels = ["/Document", "/Title", "/H1", "/H2"].map(first);
    assert!(levels.is_sorted(), "{name}: levels of headings (7.4)");
    let words = |it: &Value| it["/Alt"].as_str().map_or(0, str::len);
    assert!(objects.with("/S", "/Figure").all(|it| words(it) > 20), "{name}: pictures (7.3)");
    let heads: Vec<&Value> = objects.with("/S", "/TH").collect();
    let scope = |it: &&Value| it["/A"][0]["/Scope"] == "/Column";
    assert!(!heads.is_empty() && heads.iter().all(scope), "{name}: heads of tables (7.5)");
    for page in objects.with("/Type", "/Page") {
        assert_eq!(page["/Tabs"], "/S", "{name}: order of reading (7.18)");
        assert!(page["/StructParents"].is_number(), "{name}: a page outside the tree");
    }
    for font in objects.with("/Subtype", "/Type0") {
        let base = font["/BaseFont"].as_str().unwrap_or_default();
        assert!(base.contains("+LiberationSans"), "{name}: {base}");
        assert!(font["/ToUnicode"].is_string(), "{name}: letters can be read back (7.21)");
        let own = objects.at(&font["/DescendantFonts"][0]);
        let file = &objects.at(&own["/FontDescriptor"])["/FontFile2"];
        assert!(file.is_string(), "{name}: {base} is not in the file (7.21)");
    }
}
