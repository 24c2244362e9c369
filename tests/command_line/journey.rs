//! A whole survey by commands alone, told to programs: every answer is JSON.

use serde_json::json;

use crate::place::{CREATE_W1, Place};
use crate::serving::Service;

/// All but two leads: so few stay silent that the region's figures are shown.
const ANSWERING: usize = 160;

#[test]
fn a_survey_runs_from_the_register_to_published_files_by_commands_alone() {
    let mut place = Place::new();
    assert_eq!(place.json("register import register")["changed"], true);
    place.json("stocktake import stocktake.csv --as-at 2007-06-15");
    assert_eq!(place.json(CREATE_W1)["wave"], "W1");
    let service = Service::start(&mut place);
    let opened = place.json("wave open W1");
    assert_eq!((&opened["wave"], &opened["invited"]), (&json!("W1"), &json!(162)));
    assert_eq!((&opened["key"]["kept"], &opened["files"]), (&json!("server"), &json!([])));
    place.done("wave links W1 --out links.txt");
    let links = place.read("links.txt");
    let mut leads: Vec<(&str, &str)> =
        links.lines().map(|line| line.split_once('\t').expect("address, tab, link")).collect();
    // By address, so that the same leads answer the same each time.
    leads.sort_unstable();
    for (number, (_, link)) in leads.into_iter().take(ANSWERING).enumerate() {
        answer(&service, link, number);
    }
    let state = place.json("wave status W1");
    assert_eq!((&state["state"], &state["answered"]), (&json!("open"), &json!(ANSWERING)));
    // Thanks to all who have answered are decided on in the evening.
    let waiting = || place.json("wave status W1")["mails"]["waiting"].as_u64().expect("a number");
    while waiting() > 0 {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert_eq!(place.json("wave remind W1")["reminders"], 162 - ANSWERING);
    assert_eq!(
        place.json("wave close W1 --early"),
        json!({ "wave": "W1", "ballots": ANSWERING, "spoiled": 0, "to_destroy": [] })
    );
    let state = place.json("wave status W1");
    assert_eq!((&state["state"], &state["answered"]), (&json!("closed"), &json!(ANSWERING)));

    let built = place.json("release build W1");
    assert!(built["digest"].as_str().is_some_and(|digest| digest.len() == 64), "{built}");
    let early = place.run("release export W1 --out early");
    assert_eq!(early.err, "These results are not published yet.\n");
    assert!(place.refused("release note W1 Early").contains("not published"));
    assert_eq!(place.json("release publish W1"), json!({ "wave": "W1", "state": "released" }));
    assert_eq!(
        place.json("release export W1 --out results --format json,csv"),
        json!({
            "wave": "W1", "published": true,
            "files": [
                "results/figures.csv", "results/distribution.csv", "results/region.csv",
                "results/datapackage.json", "results/release.json",
            ],
        })
    );
    assert_eq!(place.json("release note W1 Seen"), json!({ "wave": "W1", "noted": true }));
    let books = place.json("release export W1 --out books --format xlsx");
    let books = books["files"].as_array().expect("files");
    // The whole, and each of the thirteen.
    assert_eq!((books.len(), &books[0]), (14, &json!("books/workbook.xlsx")));
    assert!(place.refused("release export W1 --out pages --format html").contains("report.pdf"));
    check_reports(&place);
    check_files(&place);
    check_audit(&place);
    assert_eq!(service.stop(), Some(0));
    let log = place.read("serve.log");
    assert!(!log.contains("/s/") && !log.contains("/answer"), "the log knows when leads came");
}

/// Sends a reply as a browser without scripts does.
fn answer(service: &Service, link: &str, number: usize) {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
    let post = |url: &str, form: &[(&str, &str)]| {
        let answer = agent.post(url).send_form(form.iter().copied()).expect("an answer");
        let next = answer.headers().get("location").and_then(|at| at.to_str().ok());
        (answer.status().as_u16(), next.map(str::to_owned))
    };
    assert_eq!(post(link, &[]), (303, Some("/answer/A".to_owned())));
    let base = &service.base;
    let mark = ["1", "2", "3", "4"].into_iter().cycle().nth(number).expect("a mark");
    let form = agent.get(format!("{base}/answer/B")).call().expect("the form");
    let form = form.into_body().read_to_string().expect("a page");
    let page = scraper::Html::parse_document(&form);
    let field = scraper::Selector::parse("input[name='-link']").expect("a selector");
    let own = page.select(&field).next().and_then(|field| field.attr("value")).expect("the mark");
    let own = ("-link", own);
    let mut fields = vec![own];
    fields.extend(["MS_INC", "MS_INF", "MS_GOV", "MS_BUD", "MS_PLN"].map(|item| (item, mark)));
    assert_eq!(post(&format!("{base}/answer/B"), &fields).0, 303);
    let sent = post(&format!("{base}/answer/send"), &[own]);
    assert_eq!(sent, (303, Some("/answer/done".to_owned())));
}

fn check_files(place: &Place) {
    let release: serde_json::Value =
        serde_json::from_str(&place.read("results/release.json")).expect("JSON");
    assert_eq!(release["about"]["wave"], "W1");
    assert_eq!(release["about"]["purpose"], "test");
    let figures = place.read("results/figures.csv");
    let head = figures.lines().next().expect("a header");
    assert!(head.starts_with("wave,level,org,name,measure,"), "{head}");
    let answered = figures
        .lines()
        .find(|line| line.starts_with("W1,region,") && line.contains(",MS_INC,"))
        .expect("the region's figure");
    assert!(answered.contains(&format!(",{ANSWERING},")), "{answered}");
    // What was published is what stood there before publishing.
    assert_eq!(place.read("early/release.json"), place.read("results/release.json"));
}

/// Reports of the whole, of each of the thirteen, and the packs of them all.
#[cfg(feature = "pdf")]
fn check_reports(place: &Place) {
    let told = place.json("release export W1 --out packs --format pdf");
    let files: Vec<&str> =
        told["files"].as_array().expect("files").iter().filter_map(|it| it.as_str()).collect();
    assert_eq!(files[..2], ["packs/report.pdf", "packs/packs.zip"]);
    assert_eq!((files.len(), files[2]), (15, "packs/bedfordshire.pdf"));
    assert!(files.iter().all(|file| place.path(file).is_file()), "{files:?}");
    crate::pdf_files::sound(place, "packs");
}

/// A program without them says how to get them.
#[cfg(not(feature = "pdf"))]
fn check_reports(place: &Place) {
    let refused = place.refused("release export W1 --out packs --format pdf");
    assert!(refused.contains("without PDF"), "{refused}");
}

fn check_audit(place: &Place) {
    let audited = place.json("audit results");
    assert_eq!(audited["findings"], json!([]));
    let release: serde_json::Value =
        serde_json::from_str(&place.read("results/release.json")).expect("JSON");
    // The record stands in the release; what it is of is the release without it.
    assert_eq!(audited["records"][0]["release"], release["audit"]["release"]);
    assert_ne!(release["audit"]["release"], release["digest"]);
    assert_eq!(release["audit"]["passed"], true);
    assert_eq!(audited["records"][0]["passed"], true);
    let figures = place.read("results/figures.csv");
    let hidden = figures.lines().find(|line| line.contains(",x,")).expect("an empty cell");
    place.write("told/release.json", &place.read("results/release.json"));
    place.write("told/figures.csv", &figures.replace(hidden, &hidden.replacen(",x,", ",x,4", 1)));
    let told = place.run("audit told");
    assert_eq!(told.code, 1);
    assert!(told.err.starts_with("hidden: W1 "), "{}", told.err);
    assert!(
        told.out.contains("1 finding in ") && told.out.contains("do not publish"),
        "{}",
        told.out
    );
    let other = "wave,org,resp\n";
    place.write("none.csv", other);
    assert_eq!(place.run("audit results --ballots none.csv").code, 1);
    assert!(place.refused("audit nowhere").contains("nowhere cannot be read"));
}
