//! The register's files: faults, differences, and nothing by halves.

use crate::place::Place;

const IMPORT: &str = "register import register";

#[test]
fn faults_in_several_files_are_told_at_once_with_their_places() {
    let place = Place::with_register();
    place.edit(
        "register/pcts.csv",
        "5P2,Bedfordshire PCT,Bedfordshire,404000",
        "5P2,Bedfordshire PCT,Bedfordshire,many",
    );
    place.edit(
        "register/leads.csv",
        "dorian.saltmarsh@avocet-commissioning-group.example.org",
        "dorian.saltmarsh.at.avocet",
    );
    place.edit("register/consortia.csv", "Bittern PBC Group,5GC", "Bittern PBC Group,5GX");
    place.edit("register/reporting-units.csv", "herts,Herts,5P3;5P4", "herts,Herts,5P3;5P9");
    let why = place.refused(IMPORT);
    for place in [
        "register/pcts.csv:3:",
        "register/leads.csv:2:",
        "register/consortia.csv:3:",
        "register/reporting-units.csv:3:",
    ] {
        let found = why.lines().find(|line| line.starts_with(place));
        let column =
            found.and_then(|line| line.strip_prefix(place)).and_then(|l| l.split(':').next());
        assert!(column.is_some_and(|column| column.parse::<u32>().is_ok()), "{place} in {why}");
    }
    assert!(why.contains("hint: did you mean"), "{why}");
    assert!(why.ends_with("soundings: nothing was changed\n"), "{why}");
}

#[test]
fn a_register_with_one_fault_changes_nothing_and_can_be_mended() {
    let place = Place::with_register();
    let leads = place.read("register/leads.csv");
    // One good change and one fault: neither may get in.
    place.edit("register/leads.csv", "Dr Dorian Saltmarsh,GP chair", "Dr Dorian Saltmarsh,GP lead");
    place.edit(
        "register/leads.csv",
        "xanthe.saltmarsh@bittern-pbc-group.example.net",
        "xanthe.saltmarsh@",
    );
    place.refused(IMPORT);
    place.write("register/leads.csv", &leads);
    let said = place.done(IMPORT);
    assert!(said.ends_with("Nothing changes.\n"), "{said}");
}

#[test]
fn a_second_import_shows_the_difference_and_changes_only_that() {
    let place = Place::with_register();
    place.edit("register/leads.csv", "Dr Dorian Saltmarsh,GP chair", "Dr Dorian Saltmarsh,GP lead");
    let gone = "avocet-commissioning-group,Aveline Saltmarsh,chief officer,aveline.saltmarsh@avocet-commissioning-group.example.com,yes\n";
    place.edit("register/leads.csv", gone, "");
    let text = place.read("register/leads.csv");
    place.write(
        "register/leads.csv",
        &format!("{}\navocet-commissioning-group,Dr Linnet Brookfield,GP lead,linnet.brookfield@avocet-commissioning-group.example.net,yes\n", text.trim_end()),
    );

    let dry = place.done("register import register --dry-run");
    insta::assert_snapshot!(dry, @r#"
    PCTs: 0 new, 0 changed, 0 gone, 14 the same
    reporting units: 0 new, 0 changed, 0 gone, 13 the same
    PBC groups: 0 new, 0 changed, 0 gone, 81 the same
    leads: 1 new, 1 changed, 1 gone, 160 the same
    + lead GP lead of avocet-commissioning-group (l…@avocet-commissioning-group.example.net)
    ~ lead GP lead of avocet-commissioning-group (d…@avocet-commissioning-group.example.org): role "GP chair" becomes "GP lead"
    - lead chief officer of avocet-commissioning-group (a…@avocet-commissioning-group.example.com)

    Nothing was changed: this was a dry run.
    "#);
    assert!(place.done("register import register --dry-run").ends_with("this was a dry run.\n"));

    let said = place.done(IMPORT);
    insta::assert_snapshot!(said, @r#"
    PCTs: 0 new, 0 changed, 0 gone, 14 the same
    reporting units: 0 new, 0 changed, 0 gone, 13 the same
    PBC groups: 0 new, 0 changed, 0 gone, 81 the same
    leads: 1 new, 1 changed, 1 gone, 160 the same
    + lead GP lead of avocet-commissioning-group (l…@avocet-commissioning-group.example.net)
    ~ lead GP lead of avocet-commissioning-group (d…@avocet-commissioning-group.example.org): role "GP chair" becomes "GP lead"
    - lead chief officer of avocet-commissioning-group (a…@avocet-commissioning-group.example.com)

    The register is changed.
    "#);
    assert!(place.done(IMPORT).ends_with("Nothing changes.\n"));
}

#[test]
fn the_difference_never_shows_a_whole_address() {
    let place = Place::new();
    let said = place.done("register import register --dry-run");
    assert!(said.contains("leads: 162 new"), "{said}");
    assert!(!said.contains("dorian.saltmarsh"), "{said}");
}

#[test]
fn the_outcome_of_an_import_is_given_to_programs_too() {
    let place = Place::new();
    let dry = place.json("register import register --dry-run");
    assert_eq!(dry["changed"], false);
    assert!(dry["difference"].as_str().is_some_and(|text| text.contains("162 new")));
    assert_eq!(place.json(IMPORT)["changed"], true);
    assert_eq!(place.json(IMPORT)["changed"], false);
}

#[test]
fn a_folder_or_file_that_is_missing_is_named() {
    let place = Place::new();
    assert_eq!(place.refused("register import nowhere"), "soundings: nowhere is not a folder\n");
    std::fs::remove_file(place.path("register/leads.csv")).expect("removed");
    std::fs::remove_file(place.path("register/pcts.csv")).expect("removed");
    let why = place.refused(IMPORT);
    assert!(why.contains("register/leads.csv: cannot be read"), "{why}");
    assert!(why.contains("register/pcts.csv: cannot be read"), "{why}");
}

#[test]
fn a_pct_account_belongs_to_a_unit_of_the_register() {
    let place = Place::with_register();
    let why = place.refused("user add pbc@example.org --role pct");
    assert!(why.contains("needs --unit"), "{why}");
    let why = place.refused("user add pbc@example.org --role pct --unit lutown");
    assert!(why.contains("there is no reporting unit lutown") && why.contains("luton"), "{why}");
    let why = place.refused("user add sha@example.org --role sha --unit luton");
    assert!(why.contains("goes with the role pct only"), "{why}");
    assert_eq!(place.done("user list"), "There are no accounts.\n");
    place.done("user add pbc@example.org --role pct --unit luton");
    assert_eq!(place.done("user list"), "pbc@example.org  pct luton\n");
}

#[test]
fn accounts_come_change_and_go() {
    let place = Place::new();
    assert_eq!(place.json("user list"), serde_json::json!([]));
    let added = place.json("user add office@example.org --role office");
    let link = added["link"].as_str().expect("a link");
    assert!(link.starts_with("http://127.0.0.1:8080/sign-in/"), "{link}");
    assert_ne!(place.json("user link office@example.org"), added, "each link is new");
    place.done("user add office@example.org --role sha");
    assert_eq!(
        place.json("user list"),
        serde_json::json!([{
            "email": "office@example.org", "role": "sha", "unit": null, "second_step": false,
            "last_sign_in": null, "sessions": 0, "tokens": 0, "bound_to": null,
        }])
    );
    let none = place.refused("user reset-second-step office@example.org");
    assert!(none.contains("no second step"), "{none}");
    let removed = place.json("user remove office@example.org");
    assert_eq!(removed["removed"], "office@example.org");
    for command in ["user link office@example.org", "user remove office@example.org"] {
        assert!(place.refused(command).contains("there is no account of that address"));
    }
}
