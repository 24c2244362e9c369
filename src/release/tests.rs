//! A release is the same bytes for the same ballots, tells nothing of what is
//! hidden, and is printed as methods.md 13 says.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::sample::{about, ballots, made, nodes, release};
use super::*;
use crate::disclosure::Rule;
use crate::register::Tree;
use crate::statistics::Confidence;
use crate::tabulation::Tally;
use crate::tabulation::sample::{leaf, survey};

#[test]
fn a_release_read_back_is_the_release_that_was_written() {
    let release = release();
    let bytes = release.to_bytes();
    let back = Release::from_bytes(&bytes).expect("a release");
    assert_eq!(back, release);
    assert_eq!(back.to_bytes(), bytes);
    assert_eq!(release.digest().len(), 64);
}

#[test]
fn a_changed_release_is_refused() {
    let text = String::from_utf8(release().to_bytes()).expect("text");
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Release::from_bytes(text.replacen(from, to, 1).as_bytes()).expect_err("refused")
    };
    assert!(matches!(refused("\"invited\":20", "\"invited\":21"), ReadError::Digest));
    assert!(matches!(refused("{\"about\"", "{ \"about\""), ReadError::Digest));
    assert!(matches!(refused("\"format\":2", "\"format\":3"), ReadError::Format(3)));
    assert!(matches!(refused("\"digest\"", "\"other\""), ReadError::Digest));
    assert!(matches!(refused("\"status\":\"ok\"", "\"status\":\"c\""), ReadError::Cell { .. }));
}

#[test]
fn what_is_hidden_carries_no_figure_anywhere() {
    let release = release();
    let hidden: Vec<&Cell> = release.cells().filter(|cell| cell.status != Status::Shown).collect();
    assert!(hidden.iter().any(|cell| cell.org == leaf("c")), "three replies");
    assert!(hidden.iter().any(|cell| cell.org == leaf("b")), "and their cover");
    assert!(hidden.iter().all(|cell| cell.figures.is_none()));
}

#[test]
fn measures_tell_their_wording_options_and_members() {
    let release = release();
    let codes: Vec<&str> = release.measures().iter().map(|m| m.code.as_str()).collect();
    assert_eq!(codes, ["Q1", "Q2", "Q3", "B1", "IDX_TWO", "IDX_ALL", "OVERALL", "RESPONSE"]);
    let q1 = release.measure("Q1").expect("a measure");
    assert_eq!((q1.kind, q1.stem.as_str()), (MeasureKind::Item, "=Wording of G, with a comma"));
    let scores: Vec<Option<u8>> = q1.options.iter().map(|option| option.score).collect();
    assert_eq!(scores, [Some(0), Some(25), Some(50), Some(75), Some(100), None, None]);
    assert!(release.measure("B1").is_some_and(|m| m.severity && m.kind == MeasureKind::Barrier));
    let weights: Vec<u32> = release
        .indexes()
        .nth(1)
        .map(|m| m.members.iter().map(|member| member.weight).collect())
        .expect("an index");
    assert_eq!(weights, [1, 1, 2]);
    let counts = release.cell(&leaf("a"), "Q1").and_then(|cell| cell.figures.as_ref());
    assert_eq!(counts.map(|f| f.counts.as_slice()), Some(&[4, 2, 2, 2, 2, 0, 0][..]));
    assert_eq!(release.root().map(|org| org.responded), Some(Some(23)));
    assert_eq!(release.node(&leaf("c")).map(|org| org.responded), Some(None));
}

#[test]
fn a_wave_is_not_released_twice_and_not_under_a_strange_name() {
    let first = release();
    let second = made(&ballots(), nodes(), &[first.as_past()]);
    assert!(matches!(second, Err(MakeError::Protect(_))));
    let mut strange = about(&survey());
    strange.fingerprint = "0".repeat(64);
    let (survey, tree) = (survey(), Tree::new(nodes()).expect("a tree"));
    let nobody = BTreeMap::new();
    let from = Ingredients {
        survey: &survey,
        tree: &tree,
        tally: &Tally::new(&survey, []),
        invited: &nobody,
        groups: &nobody,
        rule: &Rule::default(),
        confidence: Confidence::default(),
        past: &[],
    };
    assert_eq!(
        make(&from, None, Thresholds::default(), strange),
        Err(MakeError::Build(BuildError::OtherSurvey))
    );
    let empty =
        make(&from, None, Thresholds::default(), about(&survey)).expect("a release of nothing");
    assert!(empty.cells().all(|cell| cell.status == Status::Empty));
}

#[test]
fn figures_are_printed_with_halves_away_from_nought() {
    let one = |value| print::one(Figure::nearest(value));
    assert_eq!(one(175.0 / 12.0), "14.6");
    assert_eq!(one(-0.05), "-0.1");
    assert_eq!(one(-0.04), "0.0");
    assert_eq!(one(14.25), "14.3");
    assert_eq!(one(50.0), "50.0");
    assert_eq!(print::whole(Figure::nearest(12.5)), "13");
    assert_eq!(print::percent(1, 8).as_deref(), Some("13"));
    assert_eq!(print::percent(0, 0), None);
    assert_eq!(Figure::nearest(200.0 / 3.0).to_string(), "66.666667");
    assert_eq!(Figure::nearest_tenth(14.55).to_string(), "14.600000");
}

#[test]
fn rounding_twice_is_rounding_once() {
    // Six places alone would make a tie of these, and a tie rounds up.
    assert_eq!(print::one(Figure::nearest(14.549_999_8)), "14.5");
    assert_eq!(print::one(Figure::nearest(-14.549_999_8)), "-14.5");
    assert_eq!(print::whole(Figure::nearest(12.499_999_9)), "12");
    assert_eq!(print::one(Figure::nearest(14.55)), "14.6");
}

proptest! {
    #[test]
    fn printing_a_share_is_exact(part in 0_i64..400, of in 1_i64..400) {
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let figure = Figure::nearest(100.0 * part as f64 / of as f64);
        // Halves away from nought on whole numbers: floor((2·1000·p + q) / 2q).
        prop_assert_eq!(figure.tenths(), (2000 * part + of) / (2 * of));
        prop_assert_eq!(figure.whole(), (200 * part + of) / (2 * of));
    }

    #[test]
    fn the_order_of_ballots_and_nodes_changes_no_byte(
        ballots in Just(ballots()).prop_shuffle(),
        nodes in Just(nodes()).prop_shuffle(),
    ) {
        let found = made(&ballots, nodes, &[]).expect("a release");
        prop_assert_eq!(found.to_bytes(), release().to_bytes());
    }
}

#[test]
fn the_rest_of_the_region_is_everybody_but_the_pct() {
    let [_, release] = super::sample::waves();
    let (a, root): (OrgCode, OrgCode) =
        ("a".parse().expect("a code"), "eoe".parse().expect("a code"));
    let measure = release.measure("Q1").expect("a measure");
    let of = |org: &OrgCode| {
        let figures = release.cell(org, "Q1").and_then(|cell| cell.figures.as_ref());
        let figures = figures.expect("shown");
        let score = figures.score.expect("a score").mean.value();
        #[expect(clippy::cast_precision_loss, reason = "a handful of people")]
        (figures.n as f64, score)
    };
    let ((n, mean), (all, whole)) = (of(&a), of(&root));
    let expected = (all * whole - n * mean) / (all - n);
    let rest = release.rest(&a, measure).expect("shown");
    assert!((rest - expected).abs() < 1e-4, "{rest} instead of {expected}");
    let hidden = "h".parse().expect("a code");
    assert!(release.rest(&hidden, measure).is_none(), "a hidden PCT has no rest");
    assert!(release.rest(&a, release.measure("IDX_ALL").expect("an index")).is_some());
}

#[test]
fn look_first_proposes_by_its_rules_and_never_what_is_hidden() {
    let [before, release] = super::sample::waves();
    let proposed = |release: &Release, reported: &ReportedBy| {
        let all = release.look_first(reported);
        all.iter()
            .map(|one| format!("{} {} {}", one.unit, one.rule(), one.measure))
            .collect::<Vec<_>>()
    };
    let none = ReportedBy::new();
    let first = proposed(&before, &none);
    assert!(first.iter().all(|one| one.starts_with("a low-index")), "{first:?}");
    let then = proposed(&release, &none);
    assert!(then.contains(&"c fall IDX_TWO".to_owned()), "{then:?}");
    assert!(then.contains(&"c low-index IDX_TWO".to_owned()), "{then:?}");
    assert!(!then.iter().any(|one| one.starts_with('h') || one.starts_with('b')), "{then:?}");
    let claims = |percent| {
        ["a", "b", "h"]
            .map(|unit| (unit.parse().expect("a code"), vec![("Q1".to_owned(), percent)]))
    };
    let gaps = |percent| {
        let all = proposed(&release, &claims(percent).into());
        all.into_iter().filter(|one| one.contains("claim-gap")).collect::<Vec<_>>()
    };
    assert_eq!(gaps(Some(100)), ["a claim-gap Q1", "b claim-gap Q1"], "h is hidden");
    assert!(gaps(Some(0)).is_empty() && gaps(None).is_empty());
}
