//! Ballots of the real survey, written and read again, are what they were.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::answer::Marks;
use crate::definition::{Column, Counts};
use crate::tabulation::Batch;

/// One ballot: its wave, its leaf, and a number for each mark.
type Drawn = (usize, usize, Vec<u16>);

/// The mark that a number draws: blank, an option, or not asked where "does not
/// apply" is no option.
fn drawn(column: &Column<'_>, number: u16) -> u8 {
    let has_out = column.options.iter().any(|option| option.counts == Counts::NotApplicable);
    let marks = column.options.len() + 1 + usize::from(!has_out);
    let mark = usize::from(number) % marks;
    if mark > column.options.len() { Marks::NOT_ASKED } else { u8::try_from(mark).expect("small") }
}

fn cell(column: &Column<'_>, mark: u8) -> String {
    match mark {
        0 => String::new(),
        Marks::NOT_ASKED => "NA".to_owned(),
        mark => match &column.options[usize::from(mark) - 1] {
            option if option.counts == Counts::DontKnow && mark % 2 == 0 => "DK".to_owned(),
            option => option.value.to_string(),
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn ballots_written_and_read_are_counted_as_they_were(
        ballots in prop::collection::vec(
            (0_usize..2, 0_usize..2, prop::collection::vec(any::<u16>(), 200)), 0..40,
        ),
        quotes in any::<bool>(),
        size in 100_usize..3000,
        turn in 0_usize..40,
    ) {
        let (survey, waves) = (east(), waves());
        let columns: Vec<Column<'_>> = survey.columns().collect();
        prop_assert!(columns.len() <= 200);
        let mut tallies: Vec<Tally> = waves
            .iter()
            .map(|wave| Tally::new(&survey, wave.tree.leaves().map(|node| node.code.clone())))
            .collect();
        let mut rows = Vec::new();
        for (at, (wave, leaf, numbers)) in (ballots as Vec<Drawn>).into_iter().enumerate() {
            let leaves: Vec<_> = waves[wave].tree.leaves().collect();
            let code = &leaves[leaf % leaves.len()].code;
            let marks: Vec<u8> =
                columns.iter().zip(numbers).map(|(column, number)| drawn(column, number)).collect();
            tallies[wave].add(code, &marks).expect("a ballot");
            let mut row = format!("{},{code},{at}", waves[wave].wave);
            for (column, mark) in columns.iter().zip(&marks) {
                let text = cell(column, *mark);
                let mark = if quotes && at % 3 == 0 { "\"" } else { "" };
                write!(row, ",{mark}{text}{mark}").expect("written");
            }
            rows.push(row);
        }
        let turn = turn.min(rows.len());
        rows.rotate_left(turn);
        let mut text = "wave,org,resp".to_owned();
        for column in &columns {
            write!(text, ",{}", column.code).expect("written");
        }
        for row in rows {
            write!(text, "\n{row}").expect("written");
        }
        for threads in [1, 2, 5] {
            let asked =
                Asked { survey: &survey, waves: &waves, min_weight: MinWeight::default(), threads };
            let counted = count_pieces("r.csv", text.as_bytes(), &asked, size, true);
            let (counted, kept) = counted.expect("no fault");
            prop_assert_eq!(&counted, &tallies, "on {} threads", threads);
            prop_assert_eq!(kept.iter().map(Batch::len).sum::<usize>(), text.lines().count() - 1);
        }
    }
}

proptest! {
    #[test]
    fn where_pieces_end_changes_nothing(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "w1,a,1,1,,,,,\n", "w1,a,2,1,,,,,\r\n", "w2,a,\"3\",\"1\",,,,,\"\n\r\n\"\n", "w1,b,4,1,,,,,",
                "\"", "\"\"", ",", "\n", "\r\n", "\n\n", "a", "é", "7", "w1", "\",\"", "\"\n",
            ]),
            0..20,
        ),
        size in 1_usize..60,
        threads in 1_usize..4,
    ) {
        let text = format!("{HEADER}{}", parts.concat());
        let whole = counted(text.as_bytes(), 1, 1 << 20);
        prop_assert_eq!(counted(text.as_bytes(), threads, size), whole, "{:?}", text);
    }
}
