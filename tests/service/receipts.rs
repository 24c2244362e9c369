//! Receipts and the closing record: what a lead keeps, what is published before any
//! envelope is opened, and what the office files.

use sha2::{Digest, Sha256};
use soundings::account::Role;
use soundings::ballot_box::Receipt;
use soundings::flow;
use soundings::invitation::Token;

use crate::support::house::{TestHouse, code};
use crate::support::respondent::{Answers, Respondent};
use crate::support::{Backend, WAVE, on_both};

fn answers() -> Answers {
    let pairs = [("ROLE", "2"), ("MS_INC", "3")];
    pairs.map(|(item, value)| (item.to_owned(), value.to_owned())).into_iter().collect()
}

fn receipt(lead: &Respondent) -> String {
    let page = lead.browser.get("/answer/done");
    page.texts("#receipt").first().expect("a receipt").trim().to_owned()
}

fn look(house: &TestHouse, typed: &str) -> (u16, String) {
    let path = format!("/receipts/{WAVE}");
    let page = house.visitor().post(&path, &[("receipt".to_owned(), typed.to_owned())]);
    (page.status, page.text)
}

on_both!(each_lead_finds_their_receipt_in_the_published_list, |house| {
    let invited = house.invite_some(4);
    let leads: Vec<_> = invited.iter().map(|one| house.respondent(&one.link)).collect();
    for lead in &leads {
        lead.open().answers(&answers()).send();
    }
    let first: Vec<String> = leads.iter().map(receipt).collect();
    // The same as long as the envelope is the same, and another for another envelope.
    assert_eq!(receipt(&leads[0]), first[0]);
    leads[1].open().answers(&answers()).send();
    let replaced = receipt(&leads[1]);
    assert_ne!(replaced, first[1]);
    leads[2].decline();

    // Before closing there is no list, and nobody can look.
    let path = format!("/receipts/{WAVE}");
    let before = house.visitor().get(&path);
    assert!(before.says("is published when the survey closes"), "{}", before.text);
    assert_eq!(house.visitor().get(&format!("{path}/list.txt")).status, 404);
    assert_eq!(look(house, &first[0]).0, 404);

    house.close();
    let list = house.visitor().get(&format!("{path}/list.txt"));
    assert_eq!(list.status, 200);
    let lines: Vec<&str> = list.text.lines().collect();
    assert!(lines.is_sorted());
    let mut wanted: Vec<String> =
        [&first[0], &replaced, &first[3]].map(|receipt| receipt.replace(' ', "")).to_vec();
    wanted.sort();
    assert_eq!(lines, wanted);
    let page = house.visitor().get(&path);
    assert!(page.says("there were 3 sealed envelopes in the box"), "{}", page.text);
    let digest = hex::encode(Sha256::digest(list.text.as_bytes()));
    assert!(page.says(&digest), "{}", page.text);

    for (typed, listed) in [
        (first[0].clone(), true),
        (replaced.to_uppercase(), true),
        // The first four groups are enough.
        (first[3][..19].to_owned(), true),
        // Replaced, and taken back.
        (first[1].clone(), false),
        (first[2].clone(), false),
    ] {
        let (status, text) = look(house, &typed);
        assert_eq!(status, 200, "{text}");
        assert_eq!(text.contains("Your envelope was in the box"), listed, "{typed}: {text}");
        assert_eq!(text.contains("This receipt is not in the list"), !listed, "{typed}");
    }
    for (typed, why) in [
        ("", "Enter your receipt"),
        ("ba78", "Your receipt has only 4 digits"),
        ("<script>", "Your receipt contains"),
        (&"a".repeat(65), "Your receipt has 65 digits"),
        (&"é".repeat(500), "Your receipt contains"),
    ] {
        let (status, text) = look(house, typed);
        assert_eq!(status, 422);
        assert!(text.contains(why) && !text.contains("<script>"), "{typed}: {text}");
    }
    assert_eq!(house.visitor().get("/receipts/NONE").status, 404);
});

on_both!(the_closing_record_says_how_the_wave_was_closed_and_notices_changes, |house| {
    let invited = house.invite_some(5);
    for one in invited.iter().take(3) {
        house.respondent(&one.link).open().answers(&answers()).send();
    }
    let path = format!("/office/waves/{WAVE}/record");
    assert_eq!(house.sign_in(Role::Office).get(&path).status, 404, "nothing is closed");
    house.close();
    let checked = flow::closing_record(&house.house, &code(WAVE)).expect("a record");
    assert!(checked.ballots_match && checked.receipts_match);
    let record = &checked.record;
    let total = record.total();
    assert_eq!((record.envelopes, total.ballots, total.spoiled), (3, 3, 0));
    assert!(record.cleaned.as_ref().is_some_and(soundings::ballot_box::Cleaned::is_clean));
    assert_eq!(record.keys.len(), 3);
    assert!(record.keys.iter().all(|key| key.destroyed));

    let page = house.sign_in(Role::Office).get(&path);
    assert_eq!(page.status, 200);
    for said in ["0 rows, 0 bytes", "overwritten and removed here", &record.ballots] {
        assert!(page.says(said), "{said}: {}", page.text);
    }
    assert!(!page.says("Something does not fit"));
    for role in [Role::Sha, Role::Lmc] {
        assert_eq!(house.sign_in(role).get(&path).status, 403);
    }
    assert_eq!(house.visitor().get(&path).status, 401);

    // Somebody puts one more receipt into the list.
    let added = [Receipt::from_bytes([1; 32])];
    let added = house.house.store.write(|tx| tx.insert_receipts(&code(WAVE), &added));
    added.expect("changed");
    let page = house.sign_in(Role::Office).get(&path);
    assert!(page.says("The receipts in the database are not those of this record."));
});

on_both!(a_draft_that_nobody_goes_on_with_is_deleted_after_14_days, |house| {
    house.import_region();
    let links = house.open_rehearsal(WAVE);
    let save = |lead: &Respondent, value: &str| {
        lead.open();
        lead.browser.get("/answer/B");
        let saved = lead.browser.post("/answer/B", &[("MS_INC".to_owned(), value.to_owned())]);
        assert_eq!(saved.status, 200);
    };
    let (idle, busy) = (house.respondent(&links[0]), house.respondent(&links[1]));
    save(&idle, "1");
    save(&busy, "1");
    let begun = house.house.now();
    let sealed = sealed_draft(house, &links[0]).expect("a draft");
    let start = match house.backend {
        Backend::Sqlite => sealed[..32].to_vec(),
        Backend::Postgres => hex::encode(&sealed[..32]).into_bytes(),
    };
    let is_kept = || house.at_rest().windows(start.len()).any(|bytes| bytes == start);
    let drafts = |days: i64| {
        house.house.clock.set(begun.plus_days(days));
        flow::forget_idle_drafts(&house.house).expect("deleted")
    };
    assert_eq!(drafts(7), 0);
    save(&busy, "2");
    assert_eq!(drafts(14), 0);
    assert!(is_kept());
    assert_eq!(drafts(15), 1, "the one that nobody went on with");
    // In no file of the embedded database, its log included.
    assert!(house.house.store.empty_log().expect("emptied"));
    assert!(!is_kept(), "it is deleted and still kept");
    assert_eq!(drafts(16), 0);
});

fn sealed_draft(house: &TestHouse, link: &str) -> Option<Vec<u8>> {
    let token: Token = link.rsplit('/').next().expect("a token").parse().expect("a token");
    let opened = house.house.store.look(|tx| tx.opened_by_link(&token.hash()));
    opened.expect("an invitation").expect("an invitation").draft
}
