//! Trees from `orgs.csv`, and everything that is no tree.

use super::*;

fn lines(text: &str) -> Vec<String> {
    let faults = orgs(text).expect_err("refused");
    faults
        .iter()
        .map(|fault| fault.to_string().lines().next().unwrap_or_default().to_owned())
        .collect()
}

fn with(rows: &str) -> Vec<String> {
    lines(&format!("wave,org,name,level,parent,invited\n{rows}"))
}

#[test]
fn each_wave_has_its_tree_its_people_and_its_groups() {
    let waves = waves();
    let codes: Vec<&str> = waves.iter().map(|wave| wave.wave.as_str()).collect();
    assert_eq!(codes, ["w1", "w2"]);
    assert_eq!(
        waves[0].tree.leaves().map(|leaf| leaf.name.as_str()).collect::<Vec<_>>(),
        ["A", "B"]
    );
    assert_eq!(waves[0].invited, BTreeMap::from([(leaf("a"), 10), (leaf("b"), 20)]));
    assert_eq!((waves[1].tree.nodes().count(), waves[1].groups.clone()), (2, None));
    let groups = "groups,invited,parent,level,name,org,wave\n,7,,nation,N,n,w\n,,n,region,R,r,w\n\
        ,x,r,cluster,C,c,w\n3,9,c,PCT,A,a,w\n0,4,r,pct,B,b,w\n";
    let wave = orgs(groups).expect("sound").remove(0);
    assert_eq!(wave.groups, Some(BTreeMap::from([(leaf("a"), 3), (leaf("b"), 0)])));
    assert_eq!(wave.invited, BTreeMap::from([(leaf("a"), 9), (leaf("b"), 4)]));
    assert!(wave.tree.is_within(&leaf("a"), &leaf("c")));
}

#[test]
fn a_single_pct_is_a_tree() {
    let wave = orgs("wave,org,name,level,parent,invited\nw,a,A,pct,,3\n").expect("sound").remove(0);
    assert_eq!(wave.tree.root().code, leaf("a"));
}

#[test]
fn cells_that_cannot_be_read_are_named_all_at_once() {
    let text = "wave,org,name,level,parent,invited,groups\n\
        w,top,,region,,,\nw,a,A,town,top,1,1\nw,b,B,pct,top,many,\nw,c d,C,pct,top,,2\n,e,E,pct,top,1,1\nw,f\n";
    assert_eq!(
        lines(text),
        [
            "orgs.csv:2:7: name is empty",
            "orgs.csv:3:7: \"town\" is no level",
            "orgs.csv:4:15: invited is \"many\", not a whole number",
            "orgs.csv:4:20: groups is empty, but every pct has a number of its own",
            "orgs.csv:5:3: org contains ' '; letters, digits, '-', '_' and '.' are allowed, a letter or digit first",
            "orgs.csv:5:17: invited is empty, but every pct has a number of its own",
            "orgs.csv:6:1: wave is empty",
            "orgs.csv:7: has 2 cells; the header has 7",
        ]
    );
    assert_eq!(
        lines("wave,org,name,level,invited\n"),
        ["orgs.csv:1: the column parent is missing"]
    );
    assert_eq!(lines("wave,org,name,level,parent,invited\n"), ["orgs.csv: names no organisation"]);
    assert_eq!(lines(""), ["orgs.csv: is empty"]);
}

#[test]
fn whatever_is_no_family_is_named() {
    assert_eq!(
        with("w,top,T,region,,\nw,a,A,pct,top,1\nw,a,A,pct,top,2\n"),
        ["orgs.csv:4:3: a is already on line 3 for the same wave"]
    );
    assert_eq!(
        with("w,top,T,region,,\nw,a,A,pct,tip,1\nw,b,B,pct,top,1\n"),
        ["orgs.csv:3:11: the parent \"tip\" is not listed for the same wave"]
    );
    assert_eq!(
        with("w,top,T,region,,\nw,a,A,pct,top,1\nw,b,B,pct,,1\n"),
        ["orgs.csv:4:11: b has no parent; the top of wave w is top on line 2 already"]
    );
    assert_eq!(
        with("w,c,C,cluster,r,\nw,r,R,region,c,\nw,a,A,pct,c,1\n"),
        [
            "orgs.csv: wave w has no organisation at the top",
            "orgs.csv:2:15: c stands above itself: c under r under c",
        ]
    );
}

#[test]
fn levels_fall_from_the_top_to_the_pcts() {
    assert_eq!(
        with("w,r,R,region,,\nw,a,A,pct,r,1\nw,b,B,pct,a,1\n"),
        ["orgs.csv:4:11: b stands below a, a pct; nothing stands below a pct"]
    );
    assert_eq!(
        with("w,r,R,region,,\nw,q,Q,region,r,\nw,a,A,pct,q,1\n"),
        ["orgs.csv:3:7: q, a region, cannot stand below r, a region"]
    );
    assert_eq!(
        with("w,r,R,region,,\nw,c,C,cluster,r,\nw,a,A,pct,r,1\n"),
        ["orgs.csv:3:3: no pct stands below c, a cluster"]
    );
}

#[test]
fn a_row_that_cannot_be_read_is_not_missed_as_a_parent() {
    assert_eq!(
        with("w,r,R,region,\nw,a,A,pct,r,1\n"),
        ["orgs.csv:2: has 5 cells; the header has 6"]
    );
    assert_eq!(with("w,r,,region,,\nw,a,A,pct,r,1\n"), ["orgs.csv:2:5: name is empty"]);
}

#[test]
fn of_very_many_faults_a_hundred_are_told() {
    let rows: Vec<String> = (0..250).map(|at| format!("w,o{at},,pct,r,1")).collect();
    let rows = rows.join("\n");
    let faults = orgs(&format!("wave,org,name,level,parent,invited\nw,r,R,region,,\n{rows}"))
        .expect_err("refused");
    assert_eq!((faults.iter().count(), faults.len()), (100, 250));
}
