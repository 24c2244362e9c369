//! Regions like ours: people with opinions, some of whom reply.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use soundings::definition::{Survey, parse};
use soundings::disclosure::{Rule, RuleSettings, SafeTable, protect};
use soundings::id::OrgCode;
use soundings::register::{Level, Node, Tree};
use soundings::statistics::{Confidence, Stream, Table};
use soundings::tabulation::{Batch, Tally};

use crate::Outcome;
use crate::opinion::Opinion;

/// PCTs of a region.
pub const PCTS: usize = 13;
/// Response rates, in percent; each region has one of them.
pub const RATES: [u32; 5] = [50, 60, 70, 80, 90];
/// Chance that a person who replies leaves an item blank.
const BLANK: f64 = 0.03;
/// How alike one person's answers to several items are: a correlation of values.
const ALIKE: f64 = 0.3;
/// Clusters by PCT.
const CLUSTERS: [usize; PCTS] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3];

/// How PCTs differ.
#[derive(Debug, Clone, Copy)]
pub enum Differences {
    /// Not at all.
    None,
    /// Each from each: their shifts have this standard deviation.
    All(f64),
    /// The PCT at this place is shifted by so much, the others are not.
    One(usize, f64),
}

/// One person who was invited.
#[derive(Debug)]
struct Lead {
    pct: usize,
    /// What they think of each item, 1 to 5.
    opinions: Vec<u8>,
    /// What they replied, 0 for blank; none for no reply.
    reply: Option<Vec<u8>>,
}

/// A region in one wave.
#[derive(Debug)]
pub struct Region {
    /// Invited people per PCT.
    pub invited: Vec<u32>,
    /// How values are shifted in each PCT.
    pub shifts: Vec<f64>,
    leads: Vec<Lead>,
}

impl Region {
    /// A region that follows from the stream.
    pub fn draw(items: &[Opinion], rate: u32, differ: Differences, stream: &mut Stream) -> Self {
        let invited = sizes(stream);
        let shift = |pct| match differ {
            Differences::None => 0.0,
            Differences::All(sd) => sd * stream.next_normal(),
            Differences::One(other, shift) => {
                if other == pct {
                    shift
                } else {
                    0.0
                }
            }
        };
        let shifts: Vec<f64> = (0..PCTS).map(shift).collect();
        let mut leads = Vec::new();
        for (pct, (people, shift)) in invited.iter().zip(&shifts).enumerate() {
            for _ in 0..*people {
                leads.push(Lead::draw(pct, *shift, items, rate, stream));
            }
        }
        Self { invited, shifts, leads }
    }

    /// The mean score of everybody in a PCT on an item, had all of them replied.
    pub fn census_mean(&self, pct: usize, item: usize) -> f64 {
        self.census(pct, item, |answer| 25.0 * f64::from(answer - 1))
    }

    /// The percentage of the two best answers, had everybody replied.
    pub fn census_favourable(&self, pct: usize, item: usize) -> f64 {
        self.census(pct, item, |answer| if answer >= 4 { 100.0 } else { 0.0 })
    }

    fn census(&self, pct: usize, item: usize, of: impl Fn(u8) -> f64) -> f64 {
        let own = self.leads.iter().filter(|lead| lead.pct == pct);
        let answers = own.filter_map(|lead| lead.opinions.get(item).copied());
        let (sum, people) =
            answers.fold((0.0, 0.0), |(sum, n), answer| (sum + of(answer), n + 1.0));
        sum / people
    }

    /// The counts of this region's replies.
    pub fn table<'a>(&self, survey: &'a Survey, tree: &'a Tree) -> Outcome<Table<'a>> {
        let codes: Vec<OrgCode> = (0..PCTS).map(pct_code).collect::<Outcome<_>>()?;
        let mut tally = Tally::new(survey, codes.iter().cloned());
        let mut batch = Batch::default();
        for lead in &self.leads {
            if let Some(marks) = &lead.reply {
                batch.push(lead.pct, marks);
            }
        }
        tally.count(&batch)?;
        let invited: BTreeMap<OrgCode, u32> =
            codes.into_iter().zip(self.invited.iter().copied()).collect();
        let groups = BTreeMap::new();
        Table::new(survey, tree, &tally, &invited, &groups, Confidence::default())
            .map_err(|errors| format!("{errors:?}").into())
    }
}

impl Lead {
    fn draw(pct: usize, shift: f64, items: &[Opinion], rate: u32, stream: &mut Stream) -> Self {
        let person = stream.next_normal();
        let value = |own: f64| shift + ALIKE.sqrt() * person + (1.0 - ALIKE).sqrt() * own;
        let opinions: Vec<u8> =
            items.iter().map(|item| item.answer(value(stream.next_normal()))).collect();
        let replies = stream.next_share() < f64::from(rate) / 100.0;
        let mut mark = |answer: &u8| if stream.next_share() < BLANK { 0 } else { *answer };
        let reply = opinions.iter().map(&mut mark).collect();
        Self { pct, opinions, reply: replies.then_some(reply) }
    }
}

/// Invited people per PCT: 6 to 45, many small and few large, 162 to 300 in all.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "6 to 45")]
fn sizes(stream: &mut Stream) -> Vec<u32> {
    loop {
        let one = |_| 6 + (40.0 * stream.next_share().powi(2)) as u32;
        let sizes: Vec<u32> = (0..PCTS).map(one).collect();
        if (162..=300).contains(&sizes.iter().sum::<u32>()) {
            return sizes;
        }
    }
}

/// The code of a PCT, in the order of places.
pub fn pct_code(pct: usize) -> Outcome<OrgCode> {
    Ok(format!("p{pct:02}").parse()?)
}

/// The place of a PCT by its code; none for another node.
pub fn pct_place(code: &OrgCode) -> Option<usize> {
    code.as_str().strip_prefix('p')?.parse().ok()
}

/// The region's tree, with or without clusters.
pub fn tree(clustered: bool) -> Outcome<Tree> {
    let node = |code: String, level, parent: Option<String>| -> Outcome<Node> {
        let parent = parent.map(|parent| parent.parse()).transpose()?;
        Ok(Node { name: code.clone(), code: code.parse()?, level, parent })
    };
    let mut nodes = vec![node("region".into(), Level::Region, None)?];
    for (pct, cluster) in CLUSTERS.iter().enumerate() {
        let above = if clustered { format!("c{cluster}") } else { "region".into() };
        nodes.push(node(pct_code(pct)?.to_string(), Level::Pct, Some(above))?);
    }
    for cluster in 0..if clustered { 4 } else { 0 } {
        nodes.push(node(format!("c{cluster}"), Level::Cluster, Some("region".into()))?);
    }
    Tree::new(nodes).map_err(|errors| format!("{errors:?}").into())
}

/// A survey of so many items on one scale of five points, with an index over
/// all of them if there is more than one.
pub fn survey(items: usize) -> Outcome<Survey> {
    let mut text = "format = 1\ncode = \"study\"\ntitle = \"Study\"\nversion = \"1\"\n\
         [texts]\nwelcome = \"Welcome.\"\nthanks = \"Thanks.\"\n[scales.GOOD]\noptions = [\n"
        .to_owned();
    for point in 1..=5 {
        let score = 25 * (point - 1);
        writeln!(text, "{{ value = {point}, label = \"Point {point}\", score = {score} }},")?;
    }
    text += "]\n[[sections]]\ncode = \"all\"\ntitle = \"All\"\n";
    for item in 0..items {
        writeln!(
            text,
            "[[sections.questions]]\ncode = \"Q{item}\"\nask = \"What of {item}?\"\n\
             kind = \"rating\"\nscale = \"GOOD\""
        )?;
    }
    if items > 1 {
        let codes: Vec<String> = (0..items).map(|item| format!("\"Q{item}\"")).collect();
        let codes = codes.join(", ");
        writeln!(text, "[[indexes]]\ncode = \"IDX\"\nlabel = \"Index\"\nitems = [{codes}]")?;
    }
    parse("study.toml", &text).map_err(|faults| faults.to_string().into())
}

/// The rule of the study: the default one. PBC groups are not simulated.
pub fn rule() -> Outcome<Rule> {
    let settings = RuleSettings { min_groups: 0, ..RuleSettings::default() };
    Rule::new(settings).map_err(|errors| format!("{errors:?}").into())
}

/// What may be shown of a table. The name of the wave seeds simulated ranks.
pub fn shown(table: &Table<'_>, rule: &Rule, wave: &str) -> Outcome<SafeTable> {
    Ok(protect(table, rule, &wave.parse()?, &[])?)
}
