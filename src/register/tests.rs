//! Reading a register: the region's own files, and every kind of fault in them.

use super::*;

const DIR: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/survey_definitions/east-of-england/register/");

const PCTS: &str = "ods_code,name,short_name,registered_population,source\n\
    5P3,East and North Hertfordshire PCT,E & N Herts,518800,a census\n\
    5P4,West Hertfordshire PCT,,,\n\
    5GC,Luton Teaching PCT,Luton,187000,\"a list, checked\"\n";
const UNITS: &str = "unit_slug,stocktake_label,pct_codes\nluton,Luton,5GC\nherts,Herts,5P3; 5P4\n";
const GROUPS: &str = "slug,name,pct_code,practices,population,legal_form,as_at,source,synthetic\n\
    avocet,Avocet Group,5P4,5,30300,informal group,2011-01,made up,yes\n";
const LEADS: &str = "consortium_slug,name,role,email,synthetic\n\
    avocet,Dora Fen,GP chair,dora@example.org,yes\n\
    avocet,Tom Fen,practice manager,tom@example.org,yes\n";

#[derive(Clone, Copy)]
struct Texts<'a> {
    clusters: Option<&'a str>,
    pcts: &'a str,
    units: &'a str,
    groups: &'a str,
    leads: &'a str,
}

const SOUND: Texts<'static> =
    Texts { clusters: None, pcts: PCTS, units: UNITS, groups: GROUPS, leads: LEADS };

impl Texts<'_> {
    fn read(self) -> Result<Register, crate::fault::Faults> {
        let file = |name, text| NamedText { name, text }.into();
        read(&Files {
            clusters: self.clusters.map(|text| file("clusters.csv", text.as_bytes())),
            pcts: file("pcts.csv", self.pcts.as_bytes()),
            units: file("units.csv", self.units.as_bytes()),
            groups: file("groups.csv", self.groups.as_bytes()),
            leads: file("leads.csv", self.leads.as_bytes()),
        })
    }

    fn faults(self) -> Vec<String> {
        self.read().expect_err("faults").iter().map(ToString::to_string).collect()
    }
}

/// A small sound register for the tests of this room and of later ones.
pub(crate) fn sample() -> Register {
    SOUND.read().expect("a sound register")
}

fn east_of_england() -> Register {
    let bytes = |name: &str| std::fs::read(format!("{DIR}{name}")).expect("a register file");
    let (pcts, units) = (bytes("pcts.csv"), bytes("reporting-units.csv"));
    let (groups, leads) = (bytes("consortia.csv"), bytes("leads.csv"));
    read(&Files {
        clusters: None,
        pcts: NamedText { name: "pcts.csv", text: &pcts }.into(),
        units: NamedText { name: "reporting-units.csv", text: &units }.into(),
        groups: NamedText { name: "consortia.csv", text: &groups }.into(),
        leads: NamedText { name: "leads.csv", text: &leads }.into(),
    })
    .expect("the register of the East of England is sound")
}

#[test]
fn the_east_of_england_is_read_whole() {
    let register = east_of_england();
    assert_eq!(
        register.counts().to_string(),
        "14 PCTs, 13 reporting units, 81 PBC groups, 162 leads"
    );
    let herts = register.unit_of_group(&"north-herts".parse().expect("a slug")).expect("a unit");
    assert_eq!((herts.label.as_str(), herts.pcts.len()), ("Herts", 2));
    let leads = |slug: &crate::id::GroupSlug| {
        register.leads.iter().filter(|lead| lead.group == *slug).count()
    };
    assert!(register.groups.iter().all(|group| leads(&group.slug) == 2));
    assert_eq!(register.groups.iter().filter(|group| !group.synthetic).count(), 11);
    assert!(register.leads.iter().all(|lead| lead.synthetic));
    assert!(difference(&register, &east_of_england()).is_empty());
    let all_new = difference(&Register::default(), &register);
    assert_eq!((all_new.leads.added.len(), all_new.groups.added.len()), (162, 81));
    assert!(!all_new.to_string().contains("Saltmarsh"), "a change list names no lead");
}

#[test]
fn the_tree_has_the_units_as_leaves_under_the_region() {
    let tree =
        east_of_england().tree(&"eoe".parse().expect("a code"), "East of England").expect("a tree");
    assert_eq!(tree.leaves().count(), 13);
    assert_eq!(tree.root().name, "East of England");
    assert!(sample().tree(&"luton".parse().expect("a code"), "Luton").is_err());
}

#[test]
fn clusters_stand_between_the_region_and_its_units() {
    let register = Texts {
        clusters: Some("slug,name\nwest,The west\n"),
        units: "unit_slug,stocktake_label,pct_codes,cluster\nluton,Luton,5GC,west\nherts,Herts,5P3;5P4,\n",
        ..SOUND
    }
    .read()
    .expect("a sound register");
    let tree = register.tree(&"eoe".parse().expect("a code"), "East").expect("a tree");
    let top = Some(&tree.root().code);
    let under_top = tree.nodes().filter(|node| node.parent.as_ref() == top);
    let children: Vec<&str> = under_top.map(|node| node.code.as_str()).collect();
    assert_eq!(children, ["herts", "west"]);
}

#[test]
fn blanks_stay_blank_and_a_short_name_falls_back() {
    let register = sample();
    let west = register.pcts.iter().find(|pct| pct.code.as_str() == "5P4").expect("a PCT");
    assert_eq!((west.short_name.as_str(), west.population), ("West Hertfordshire PCT", None));
    assert_eq!(register.groups[0].as_at, "2011-01");
    assert_eq!(register.units[0].slug.as_str(), "herts");
}

#[test]
fn faults_of_all_files_come_at_once_in_the_order_of_their_places() {
    let found = Texts {
        pcts: "ods_code,name,short_name,registered_population,source\n\
            5P3,,E & N Herts,\"518,800\",x\n5P 4,West,,,\n5GC,Luton,Luton,-1,\n5gc,Luton,,,\n",
        units: "unit_slug,stocktake_label,pct_codes\nluton,Luton,5GC;5gc\nherts,,5P3;5GC;5P5\n",
        groups: "slug,name,pct_code,practices,as_at,synthetic\n\
            avocet,Avocet,5P7,many,2007-02-30,perhaps\navocet,Again,5GC,,,\n",
        leads: "consortium_slug,name,role,email\n\
            avocett,Dora Fen,GP chair,dora@example.org\n\
            avocet,,,tom at example.org\n\
            avocet,Tom Fen,x,tom@example.org\n\
            avocet,Tim Fen,x,TOM@example.org\n",
        ..SOUND
    }
    .faults();
    let expected = [
        "groups.csv:2:15: the PCT \"5P7\" is not in pcts.csv\n    hint: did you mean \"5P3\"?",
        "groups.csv:2:19: practices is \"many\"",
        "groups.csv:2:24: as_at is \"2007-02-30\", not a date",
        "groups.csv:2:35: synthetic is \"perhaps\"",
        "groups.csv:3:1: avocet is already on line 2",
        "leads.csv:2:1: the PBC group \"avocett\" is not in groups.csv\n    hint: did you mean \"avocet\"?",
        "leads.csv:3:8: name is empty",
        "leads.csv:3:9: role is empty",
        "leads.csv:3:10: email contains ' '",
        "leads.csv:5:18: this address is already on line 4 for the same PBC group",
        "pcts.csv:2:5: name is empty",
        "pcts.csv:2:18: registered_population is \"518,800\", not a whole number",
        "pcts.csv:3:1: ods_code contains ' '",
        "pcts.csv:3:1: the PCT 5P 4 is in no reporting unit",
        "pcts.csv:4:17: registered_population is \"-1\"",
        "pcts.csv:5:1: 5gc is already on line 4",
        "units.csv:3:7: stocktake_label is empty",
        "units.csv:3:8: the PCT \"5P5\" is not in pcts.csv",
        "units.csv:3:8: the PCT 5GC is already in the reporting unit on line 2",
    ];
    for (fault, start) in found.iter().zip(expected) {
        assert!(fault.starts_with(start), "{fault}\nshould start\n{start}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn a_pct_in_no_unit_and_a_cluster_that_is_not_there_are_faults() {
    let units =
        "unit_slug,stocktake_label,pct_codes,cluster\nluton,Luton,5GC,wets\nwest,Herts,5P3,\n";
    let with = Texts { clusters: Some("slug,name\nwest,The west\n"), units, ..SOUND }.faults();
    assert_eq!(
        with,
        [
            "pcts.csv:3:1: the PCT 5P4 is in no reporting unit\n    hint: name it in pct_codes of one unit",
            "units.csv:2:17: the cluster \"wets\" is not in clusters.csv\n    hint: did you mean \"west\"?",
            "units.csv:3:1: west is also the code of a cluster",
        ]
    );
    let without = Texts { units, ..SOUND }.faults();
    assert!(without[1].contains("there is no clusters.csv"), "{without:?}");
}

#[test]
fn one_broken_row_is_not_a_fault_of_all_that_refer_to_it() {
    let pcts = PCTS.replace("5P4,West Hertfordshire PCT,,,", "5P4,West Hertfordshire PCT");
    let units = UNITS.replace("luton,Luton,5GC", "luton,Luton,5GC,extra");
    let found = Texts { pcts: &pcts, units: &units, ..SOUND }.faults();
    assert_eq!(found.len(), 2, "{found:#?}");
    let headless = Texts { pcts: "code,name\n", ..SOUND }.faults();
    assert!(headless.iter().all(|fault| fault.starts_with("pcts.csv:1")), "{headless:#?}");
}

#[test]
fn no_fault_repeats_the_address_or_the_name_of_a_lead() {
    let leads = "consortium_slug,name,role,email\navocet,Dora Fen,chair,dora@@example.org\n\
        avocet,Dora Fen,chair,dora@example.org\navocet,Dora Fen,chair,dora@example.org\n";
    let found = Texts { leads, ..SOUND }.faults().concat();
    assert!(found.contains("has 2 @ signs") && found.contains("already"), "{found}");
    assert!(!found.contains("dora") && !found.contains("Dora"), "{found}");
}
