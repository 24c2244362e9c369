//! Published results are kept in memory: the same bytes for the same reader,
//! other bytes for another, and nobody gets what they may not see because
//! somebody else had it made.

use std::io::Read as _;

use calamine::{Ods, Reader as _, Xlsx, open_workbook};
use soundings::account::Role;
use soundings::flow::{self, FlowError};

use crate::results::closed;
use crate::support::house::code;
use crate::support::visitor::{Reply, Visitor};
use crate::support::{WAVE, on_both};

fn files() -> [String; 7] {
    let results = format!("/results/{WAVE}");
    [
        results.clone(),
        format!("{results}/pct/luton"),
        format!("{results}/measure/MS_INC"),
        format!("{results}/download/figures.csv"),
        format!("{results}/download/release.json"),
        format!("{results}/download/workbook.xlsx"),
        format!("{results}/download/luton.xlsx"),
    ]
}

fn in_form(browser: &Visitor, path: &str, coding: &str) -> Reply {
    browser.ask(path, &[("accept-encoding", coding)])
}

fn unpacked(reply: &Reply) -> Vec<u8> {
    let mut plain = Vec::new();
    match reply.header("content-encoding").unwrap_or("identity") {
        "br" => {
            drop(brotli::Decompressor::new(reply.bytes.as_slice(), 4096).read_to_end(&mut plain))
        }
        "gzip" => {
            drop(flate2::read::GzDecoder::new(reply.bytes.as_slice()).read_to_end(&mut plain))
        }
        _ => plain.clone_from(&reply.bytes),
    }
    plain
}

on_both!(what_was_made_once_is_served_in_every_form_with_a_tag_of_its_own, |house| {
    closed(house);
    flow::build_release(&house.house, &code(WAVE)).expect("a release");
    flow::publish_release(&house.house, &code(WAVE)).expect("published");
    let sha = house.sign_in(Role::Sha);
    for path in files() {
        let first = in_form(&sha, &path, "identity");
        assert_eq!(first.status, 200, "{path}");
        let tag = first.header("etag").expect("a tag").to_owned();
        assert!(tag.starts_with('"'), "{tag} is weak");
        assert_eq!(first.header("cache-control"), Some("private, no-cache"));
        assert_eq!(in_form(&sha, &path, "identity").bytes, first.bytes);
        let mut tags = vec![tag.clone()];
        for coding in ["br", "gzip"] {
            let packed = in_form(&sha, &path, coding);
            assert_eq!(unpacked(&packed), first.bytes, "{path} in {coding}");
            tags.push(packed.header("etag").expect("a tag").to_owned());
        }
        if !path.ends_with(".xlsx") {
            assert!(in_form(&sha, &path, "br").bytes.len() * 2 < first.bytes.len(), "{path}");
            tags.dedup();
            assert_eq!(tags.len(), 3, "two forms share a tag: {tags:?}");
        }
        for asked in [tag.as_str(), "*", &format!("\"other\", W/{tag}")] {
            let known = sha.ask(&path, &[("if-none-match", asked)]);
            assert_eq!((known.status, known.bytes.len()), (304, 0), "{path} {asked}");
            assert!(known.header("etag").is_some() && known.header("vary").is_some());
        }
        assert_eq!(sha.ask(&path, &[("if-none-match", "\"other\"")]).status, 200);
        // Whoever may not see it is not told either that they have it already.
        let nobody = house.visitor().ask(&path, &[("if-none-match", tag.as_str())]);
        assert_eq!((nobody.status, nobody.header("etag")), (401, None), "{path}");
    }
});

on_both!(nobody_gets_what_was_made_for_somebody_else, |house| {
    closed(house);
    house.import_stocktake();
    flow::build_release(&house.house, &code(WAVE)).expect("a release");
    let results = format!("/results/{WAVE}");
    let who =
        [Role::Office, Role::Sha, Role::Pct, Role::Lmc].map(|role| (role, house.sign_in(role)));
    // The office looks at it before it is published, and nothing of that stays.
    let before = who[0].1.ask(&results, &[]);
    assert_eq!((before.status, before.header("cache-control")), (200, Some("no-store")));
    for (role, browser) in &who[1..] {
        assert_eq!(browser.ask(&results, &[]).status, 404, "{role}");
    }
    flow::publish_release(&house.house, &code(WAVE)).expect("published");
    for path in files() {
        let told = |number: usize| {
            let reply = in_form(&who[number].1, &path, "identity");
            assert_eq!(reply.status, 200, "{path}");
            reply.bytes
        };
        // Twice round, so that everybody comes after everybody else.
        let first: Vec<Vec<u8>> = (0..who.len()).map(told).collect();
        let second: Vec<Vec<u8>> = (0..who.len()).map(told).collect();
        assert_eq!(first, second, "{path}");
        if !path.contains("download") {
            let has =
                |number: usize, what: &str| String::from_utf8_lossy(&first[number]).contains(what);
            assert!(has(0, "href=\"/office\"") && !has(1, "href=\"/office\""), "{path}");
            assert!(has(2, "PCT Luton") && !has(1, "PCT Luton"), "{path}");
            assert!(!has(3, "/stocktake"), "the LMC sees the stocktake at {path}");
        }
    }
    // A workbook has the stocktake's claims for those alone who may see them.
    let workbook = |number: usize| {
        let path = format!("{results}/download/workbook.xlsx");
        let book = in_form(&who[number].1, &path, "identity").bytes;
        let book: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(book)).expect("a workbook");
        calamine::Reader::sheet_names(&book).contains(&"Claims".to_owned())
    };
    assert_eq!([0, 1, 2, 3].map(workbook), [true, true, true, false]);
    // A session that ended sees nothing more, whatever is kept.
    let (_, sha) = &who[1];
    sha.post("/sign-out", &[]);
    assert_eq!(sha.ask(&results, &[]).status, 401);
});

#[test]
fn an_office_program_opens_the_workbook_and_finds_the_same_in_it() {
    let house = crate::support::TestHouse::start(crate::support::Backend::Sqlite);
    closed(&house);
    house.release();
    let path = format!("/results/{WAVE}/download/workbook.xlsx");
    let bytes = house.sign_in(Role::Sha).ask(&path, &[]).bytes;
    let file = house.place("workbook.xlsx");
    std::fs::write(&file, &bytes).expect("a file");
    let done = std::process::Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", house.place("office").display()))
        .args(["--headless", "--convert-to", "ods"])
        .arg(&file)
        .current_dir(house.data())
        .output()
        .expect("LibreOffice is installed by scripts/setup tests");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut ours: Xlsx<_> = open_workbook(&file).expect("a workbook");
    let mut theirs: Ods<_> = open_workbook(house.place("workbook.ods")).expect("a workbook");
    assert_eq!(ours.sheet_names(), theirs.sheet_names());
    let mut cells = 0;
    for name in ours.sheet_names() {
        let (one, other) = (ours.worksheet_range(&name), theirs.worksheet_range(&name));
        let (one, other) = (one.expect("a sheet"), other.expect("a sheet"));
        for (row, column, value) in one.used_cells() {
            let at = (u32::try_from(row).expect("a row"), u32::try_from(column).expect("a column"));
            let same = other.get_value(at).map(ToString::to_string);
            assert_eq!(same, Some(value.to_string()), "{name} {at:?}");
            cells += 1;
        }
    }
    assert!(cells > 1000, "only {cells} cells were compared");
}

on_both!(a_note_stands_above_published_results_at_once_and_changes_no_figure, |house| {
    closed(house);
    let wave = code(WAVE);
    let built = flow::build_release(&house.house, &wave).expect("a release");
    let note = |words: &str| flow::note_release(&house.house, &wave, words);
    assert!(matches!(note("Too early."), Err(FlowError::NotPublished(_))));
    flow::publish_release(&house.house, &wave).expect("published");
    let sha = house.sign_in(Role::Sha);
    let results = format!("/results/{WAVE}");
    let pages = || {
        let of = |rest: &str| in_form(&sha, &format!("{results}{rest}"), "identity").bytes;
        ["", "/pct/luton", "/measure/MS_INC"].map(|rest| String::from_utf8(of(rest)).expect("text"))
    };
    let before = pages();
    for wrong in [String::new(), " \n ".to_owned(), "x".repeat(flow::MOST_WORDS + 1)] {
        assert!(matches!(note(&wrong), Err(FlowError::NoteLength)), "{wrong:?}");
    }
    note("Luton\n was invited <twice>.").expect("a note");
    note("Its share of replies is too low by one.").expect("another");
    for (before, after) in before.iter().zip(pages()) {
        let first = after.find("Luton was invited &lt;twice&gt;.").expect("the first note");
        let second = after.find("Its share of replies is too low by one.").expect("the other");
        assert!(first < second);
        assert!(!before.contains("Notes on these results") && after.len() > before.len());
    }
    let release = sha.ask(&format!("{results}/download/release.json"), &[]);
    assert_eq!(release.bytes, built.to_bytes());
});
