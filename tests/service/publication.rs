//! When results come out and who sees what of them: nobody but the office before the
//! minute, everybody from then on; leads by the link in their mail; peers by name or by
//! letter; the public as the office wants.

use std::collections::BTreeSet;

use soundings::account::Role;
use soundings::flow;
use soundings::wave::Peers;

use crate::result_pages::{AT, LATER, SUMMARY, for_leads, furnished, rows, show_summary};
use crate::results::closed;
use crate::support::house::{TestHouse, code, moment};
use crate::support::{WAVE, on_both};

/// A minute after closing, and the one before.
const MINUTE: &str = "2008-02-04T09:00";
const BEFORE: &str = "2008-02-04T08:59";

fn built(house: &TestHouse) -> String {
    closed(house);
    flow::build_release(&house.house, &code(WAVE)).expect("a release");
    format!("/results/{WAVE}")
}

on_both!(results_come_out_at_their_minute_for_everybody, |house| {
    let at = built(house);
    let lead = flow::results_href(&house.house, &code(WAVE), &"luton".parse().expect("a unit"));
    let roles = [Role::Sha, Role::Pct, Role::Lmc];
    let anybody = house.visitor();
    house.house.clock.set(moment("2008-01-20T09:00"));
    let planned = flow::plan_release(&house.house, &code(WAVE), Some(moment(MINUTE)));
    assert_eq!(planned.expect("planned").publishes, moment(MINUTE));
    house.house.clock.set(moment(BEFORE));
    let readers: Vec<_> = roles.into_iter().map(|role| house.sign_in(role)).collect();
    let office = house.sign_in(Role::Office);
    let statuses = || {
        let of_staff = readers.iter().map(|reader| reader.get(&at).status);
        of_staff.chain([anybody.get(&lead).status]).collect::<BTreeSet<u16>>()
    };
    assert!(flow::publish_due(&house.house).expect("looked").is_empty());
    // A lead is told when results come; the others find nothing.
    assert_eq!(statuses(), BTreeSet::from([404, 410]));
    assert!(anybody.get(&lead).says("Monday 4 February 2008"), "{}", anybody.get(&lead).text);
    assert_eq!(office.get(&at).status, 200);

    // Taken back, it does not come out; planned again, it does.
    flow::unplan_release(&house.house, &code(WAVE)).expect("taken back");
    house.house.clock.set(moment(MINUTE));
    assert!(flow::publish_due(&house.house).expect("looked").is_empty());
    house.house.clock.set(moment(BEFORE));
    flow::plan_release(&house.house, &code(WAVE), None).expect("planned as the wave says");
    house.house.clock.set(moment(MINUTE));
    assert_eq!(flow::publish_due(&house.house).expect("published"), [code(WAVE)]);
    assert!(flow::publish_due(&house.house).expect("looked").is_empty(), "it came out twice");
    assert_eq!(statuses(), BTreeSet::from([200]));
    assert!(flow::plan_release(&house.house, &code(WAVE), None).is_err(), "it is out");
});

on_both!(a_moment_that_has_passed_is_no_plan_and_a_new_release_needs_a_new_one, |house| {
    built(house);
    house.house.clock.set(moment(MINUTE));
    let plan = |at| flow::plan_release(&house.house, &code(WAVE), Some(moment(at)));
    let refused = plan(BEFORE).expect_err("it has passed");
    assert!(refused.to_string().contains("has passed"), "{refused}");
    plan("2008-02-05T09:00").expect("planned");
    flow::build_release(&house.house, &code(WAVE)).expect("made again");
    house.house.clock.set(moment("2008-02-06T09:00"));
    assert!(flow::publish_due(&house.house).expect("looked").is_empty(), "nobody looked at it");
});

on_both!(leads_see_the_region_and_their_own_pct_by_one_link_for_all_of_them, |house| {
    furnished(house);
    let lead = house.visitor();
    let page = lead.go(&for_leads(house, "norfolk"));
    assert_eq!(page.heading(), "What leads said");
    assert!(page.says("What stands in the way") && page.says("Norfolk"), "{}", page.text);
    let own = format!("{AT}/pct/norfolk");
    assert!(page.addresses("main a").contains(&own), "{}", page.text);
    let of_pct = lead.go(&own);
    assert!(!of_pct.says("Stocktake"), "what PCTs report is for the PCTs and the SHA");
    for path in
        [AT.to_owned(), format!("{AT}/measure/IDX_MIL"), format!("{AT}/download/figures.csv")]
    {
        assert_eq!(lead.get(&path).status, 200, "{path}");
    }
    for path in [
        format!("{AT}/pct/luton"),
        format!("{AT}/download/luton.xlsx"),
        format!("{AT}/download/packs.zip"),
    ] {
        assert_eq!(lead.get(&path).status, 403, "{path}");
    }
    for path in ["/results", "/results/2007-Q3", "/stocktake", "/office"] {
        assert_eq!(lead.get(path).status, 401, "{path}");
    }
    // No page leads to the door of those who have an account.
    for page in [AT.to_owned(), own.clone(), format!("{AT}/measure/IDX_MIL")] {
        let dead = lead.get(&page).addresses("a[href='/results']");
        assert_eq!(dead, [""; 0], "{page} leads to all waves");
    }
    let others = |page: &str| {
        let led = lead.get(page).addresses("main a[href*='/pct/']");
        led.into_iter().filter(|to| !to.ends_with("/norfolk")).collect::<Vec<_>>()
    };
    for page in [AT.to_owned(), format!("{AT}/measure/IDX_MIL")] {
        assert_eq!(others(&page), [""; 0], "{page} leads where leads may not go");
    }
    // The proof is of this wave and this PCT alone.
    let link = for_leads(house, "norfolk");
    for wrong in [link.replace("norfolk", "luton"), link.replace(LATER, "2007-Q3"), link + "x"] {
        assert_eq!(house.visitor().get(&wrong).status, 404, "{wrong}");
    }
    assert_eq!(house.visitor().get(AT).status, 401, "the link is needed");
});

on_both!(the_mail_about_results_and_the_old_link_lead_to_them, |house| {
    let invited = house.invite_some(3);
    for one in &invited {
        house
            .respondent(&one.link)
            .open()
            .answers(&[("ROLE".to_owned(), "2".to_owned())].into_iter().collect())
            .send();
    }
    house.close();
    house.release();
    house.keep_mails();
    let unit = &invited[0].lead.unit;
    let to = flow::results_href(&house.house, &code(WAVE), &unit.parse().expect("a unit"));
    let mails = house.kept_mails();
    let told = mails.iter().filter(|mail| {
        // A long line is folded, with = at its end.
        String::from_utf8_lossy(mail).replace("=\r\n", "").replace("=3D", "=").contains(&to)
    });
    assert!(told.count() > 0, "no mail has {to}");
    let old = house.visitor().get(&invited[0].link);
    assert_eq!((old.status, old.to.as_deref()), (303, Some(&*to)));
});

on_both!(peers_with_letters_are_found_by_nobody_who_should_not, |house| {
    let release = furnished(house);
    let wave = code("2007-Q2");
    // What is published is not shown otherwise any more.
    let refused = flow::set_showing(&house.house, &code(LATER), Some(Peers::Coded), None);
    assert!(refused.is_err_and(|error| error.to_string().contains("not changed")));
    assert!(flow::set_showing(&house.house, &wave, Some(Peers::Coded), None).is_err(), "no wave");
    // As if it had been set when the wave was made.
    let coded = soundings::wave::Showing { peers: Peers::Coded, public_summary: false };
    house.house.store.write(|tx| tx.put_showing(&code(LATER), coded)).expect("set");
    let names: Vec<String> = release.leaves().map(|org| org.name.clone()).collect();
    let codes: Vec<String> = release.leaves().map(|org| org.code.to_string()).collect();
    let own = "luton";
    let readers = [
        ("sha", house.sign_in(Role::Sha), None),
        ("pct", house.sign_in(Role::Pct), Some(own)),
        ("lmc", house.sign_in(Role::Lmc), Some("")),
        ("lead", house.visitor(), Some(own)),
    ];
    readers[3].1.go(&for_leads(house, own));
    for (who, reader, sees) in &readers {
        let overview = reader.go(AT);
        let csv = reader.get(&format!("{AT}/download/figures.csv")).text;
        let found = rows(&csv, ["org", "measure"]);
        assert_eq!(found.len(), rows_of(house), "{who}: rows are missing");
        let Some(own) = sees else {
            assert!(names.iter().all(|name| overview.says(name)), "{who} sees names");
            assert_eq!(reader.get(&format!("{AT}/download/release.json")).status, 200);
            continue;
        };
        let pages =
            [AT.to_owned(), format!("{AT}/measure/MS_INC"), format!("{AT}/measure/IDX_MIL")];
        for page in &pages {
            let text = reader.get(page).text;
            for (name, unit) in names.iter().zip(&codes).filter(|(_, unit)| unit != own) {
                assert!(!text.contains(&format!(">{name}<")), "{who} reads {name} on {page}");
                assert!(!text.contains(&format!("/{unit}\"")), "{who} reads {unit} on {page}");
            }
        }
        let known: Vec<&String> =
            codes.iter().filter(|unit| found.contains_key(&format!("{unit}/IDX_MIL"))).collect();
        assert_eq!(known, own.is_empty().then_some(vec![]).unwrap_or_else(|| vec![own]), "{who}");
        let [json, other, book] = ["download/release.json", "pct/norfolk", "download/norfolk.xlsx"]
            .map(|path| reader.get(&format!("{AT}/{path}")).status);
        assert_eq!((json, other == 200, book == 200), (403, false, false), "{who}");
    }
});

fn rows_of(house: &TestHouse) -> usize {
    let office = house.sign_in(Role::Office);
    rows(&office.get(&format!("{AT}/download/figures.csv")).text, ["org", "measure"]).len()
}

on_both!(whoever_sees_results_early_is_named_with_them_and_nobody_else_does, |house| {
    let at = built(house);
    let pct = house.sign_in(Role::Pct);
    let sha = house.sign_in(Role::Sha);
    let address = "pct@sha.example.org".parse().expect("an address");
    let grant = |reason: &str| flow::grant_early(&house.house, &code(WAVE), &address, reason);
    assert!(grant(" ").is_err(), "a reason is needed");
    grant("briefing  of the\nboard").expect("granted");
    assert!(grant("again").is_err_and(|error| error.to_string().contains("already")));
    assert_eq!((pct.get(&at).status, sha.get(&at).status), (200, 404));
    let access = || flow::early_access(&house.house, &code(WAVE)).expect("the list");
    assert!(access()[0].seen.is_some(), "that they looked is kept");
    flow::withdraw_early(&house.house, &code(WAVE), &address).expect("withdrawn");
    assert_eq!(pct.get(&at).status, 404);
    assert!(flow::withdraw_early(&house.house, &code(WAVE), &address).is_err());
    flow::publish_release(&house.house, &code(WAVE)).expect("published");
    let said = "Before publication, access was given to: PCT luton (briefing of the board).";
    assert!(sha.get(&at).says(said), "{}", sha.get(&at).text);
    let late = flow::grant_early(&house.house, &code(WAVE), &address, "late");
    assert!(late.is_err_and(|error| error.to_string().contains("published already")));
});

on_both!(the_public_reads_the_summary_only_while_the_office_wants_it, |house| {
    furnished(house);
    let anybody = house.visitor();
    assert_eq!(anybody.get(SUMMARY).status, 404);
    assert_eq!(anybody.go("/").addresses("main a[href^='/summary']"), [""; 0]);
    show_summary(house);
    let page = anybody.go(SUMMARY);
    assert_eq!(page.heading(), "What leads said");
    assert!(page.addresses("main a[href^='/results']").is_empty(), "it leads behind the door");
    assert_eq!(anybody.go("/").addresses("main a[href^='/summary']"), [SUMMARY]);
    assert_eq!(anybody.get(AT).status, 401);
    flow::set_showing(&house.house, &code(LATER), None, Some(false)).expect("taken down");
    assert_eq!(anybody.get(SUMMARY).status, 404);
});
