//! `datapackage.json`: what every column of the tables means, as a Frictionless
//! data package, for programs and for people.

use serde_json::{Value, json};

use crate::release::{Contents, Stat};

/// A column.
pub(super) struct Field(pub(super) &'static str, pub(super) Kind, pub(super) &'static str);

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A number, or that it is less than 0.001.
    Chance,
}

pub(super) const FIGURES: [Field; 47] = [
    Field("wave", Kind::Text, "Code of the wave"),
    Field("level", Kind::Text, "Level of the node: nation, region, cluster or pct"),
    Field("org", Kind::Text, "Code of the node; for a PCT the slug of its reporting unit"),
    Field("name", Kind::Text, "Name of the node"),
    Field(
        "measure",
        Kind::Text,
        "Code of the question or the index; OVERALL for the overall index, RESPONSE for the response rate",
    ),
    Field(
        "kind",
        Kind::Text,
        "item (100 is best), barrier (100 is most severe), index, overall, number or rate",
    ),
    Field("label", Kind::Text, "Wording of the question, or name of the index"),
    Field("status", Kind::Text, "ok: shown; c: not shown, to protect anonymity; x: no answers"),
    Field(
        "n",
        Kind::Whole,
        "Valid answers; for an index people with an answer to any item used; for a rate people who responded",
    ),
    Field(
        "N_q",
        Kind::Whole,
        "Invited people whom the question concerns; for an index or a rate invited people",
    ),
    Field("mean", Kind::Number, "Mean score or index, 0 to 100 points"),
    Field("sd", Kind::Number, "Standard deviation of the scores, in points"),
    Field(
        "ci_lo",
        Kind::Number,
        "Lower end of the published interval for the score had all invited people answered, in points",
    ),
    Field("ci_hi", Kind::Number, "Upper end of that interval"),
    Field("proc_lo", Kind::Number, "Lower end of the interval for comparisons, in points"),
    Field("proc_hi", Kind::Number, "Upper end of that interval"),
    Field(
        "nr_lo",
        Kind::Number,
        "Least that the figure could be, whatever the others would have said, in points (of a number: percent)",
    ),
    Field("nr_hi", Kind::Number, "Most that it could be"),
    Field(
        "pct_fav",
        Kind::Number,
        "Percent of valid answers that are favourable (of a number: in favourable bands; of a rate: of invited people who responded)",
    ),
    Field("pct_major", Kind::Number, "Percent of valid answers that call the barrier major"),
    Field(
        "pct_lo",
        Kind::Number,
        "Lower end of the published interval of the percentage had all invited people answered",
    ),
    Field("pct_hi", Kind::Number, "Upper end of that interval"),
    Field("pct_proc_lo", Kind::Number, "Lower end of the percentage's interval for comparisons"),
    Field("pct_proc_hi", Kind::Number, "Upper end of that interval"),
    Field("items_used", Kind::Whole, "Questions that the index uses at this node"),
    Field("n_star", Kind::Whole, "People behind the index: with an answer to any question used"),
    Field(
        "delta",
        Kind::Number,
        "Cliff's delta of the PCT against the rest of the region, -1 to 1",
    ),
    Field("delta_lo", Kind::Number, "Lower end of its interval"),
    Field("delta_hi", Kind::Number, "Upper end of its interval"),
    Field(
        "p",
        Kind::Chance,
        "Chance of a difference at least as large if there were none (rank test, two-sided)",
    ),
    Field("q", Kind::Chance, "The same, adjusted among all PCTs (Benjamini and Hochberg)"),
    Field(
        "band",
        Kind::Text,
        "above, below or in line with the rest of the region; barriers: more or less severe than the rest. In line means that no reliable difference was found",
    ),
    Field("rank", Kind::Whole, "Rank of the score among the PCTs shown, 1 the highest"),
    Field("rank_lo", Kind::Whole, "Best rank that no pairwise comparison rules out"),
    Field("rank_hi", Kind::Whole, "Worst rank that no pairwise comparison rules out"),
    Field(
        "sim_rank_lo",
        Kind::Whole,
        "Published interval of the rank, from simulated draws: the best",
    ),
    Field("sim_rank_hi", Kind::Whole, "Published interval of the rank: the worst"),
    Field("eb", Kind::Number, "Score allowing for small numbers, in points"),
    Field("eb_se", Kind::Number, "Its standard error, in points"),
    Field(
        "change",
        Kind::Number,
        "Difference from the wave before, in points (of a number: percentage points)",
    ),
    Field("change_lo", Kind::Number, "Lower end of its interval"),
    Field("change_hi", Kind::Number, "Upper end of its interval"),
    Field(
        "change_p",
        Kind::Chance,
        "Chance of a difference at least as large if nothing had changed",
    ),
    Field("change_q", Kind::Chance, "The same, adjusted among all PCTs; PCTs only"),
    Field("change_label", Kind::Text, "improved, worsened or no clear change"),
    Field(
        "responded",
        Kind::Whole,
        "People who responded at the node; empty where fewer than the smallest group did",
    ),
    Field("invited", Kind::Whole, "People invited at the node"),
];

pub(super) const DISTRIBUTION: [Field; 7] = [
    Field("wave", Kind::Text, "Code of the wave"),
    Field("org", Kind::Text, "Code of the node"),
    Field("measure", Kind::Text, "Code of the question"),
    Field(
        "option",
        Kind::Text,
        "Value of the option; other: options that too few people chose each, together",
    ),
    Field("score", Kind::Whole, "Score of the option, 0 to 100; empty where options have no order"),
    Field("count", Kind::Whole, "People who gave this answer"),
    Field("pct", Kind::Number, "Their percent of valid answers"),
];

pub(super) const REGION: [Field; 5] = [
    Field("wave", Kind::Text, "Code of the wave"),
    Field("org", Kind::Text, "Code of the root"),
    Field("measure", Kind::Text, "Code of the question or the index"),
    Field("stat", Kind::Text, "Name of the figure"),
    Field("value", Kind::Chance, "The figure"),
];

/// What the tables are of.
pub struct Description<'a> {
    /// The waves in them, in order, each with the digest of its release.
    pub waves: Vec<(&'a str, &'a str)>,
    /// Whether figures have every place they were computed with.
    pub full: bool,
}

/// The description of the three tables beside it, made the same for the same
/// tables. `contents` is the last wave: what is said of the survey is said of it.
#[must_use]
pub fn datapackage<N>(contents: &Contents<N>, description: &Description<'_>) -> String {
    let about = contents.about();
    let waves: Vec<Value> = description
        .waves
        .iter()
        .map(|(wave, digest)| json!({ "wave": wave, "release": digest }))
        .collect();
    let precision = if description.full {
        "Every figure has all the places it was computed with."
    } else {
        "Scores have one decimal place, percentages none, effects two, chances three; halves go away from zero. Comparisons, ranks and bands were made before rounding."
    };
    let package = json!({
        "profile": "tabular-data-package",
        "name": format!("soundings-{}", about.survey.as_str().to_lowercase()),
        "title": about.survey_title,
        "description": format!("{precision} A row whose status is not ok, and a figure that does not apply, is empty."),
        "version": about.survey_version,
        "fingerprint": about.fingerprint,
        "waves": waves,
        "resources": [
            resource(("figures", "One row per wave, node and measure"), &FIGURES, &["wave", "org", "measure"], description.full),
            resource(("distribution", "Answers per option of every cell that is shown"), &DISTRIBUTION, &["wave", "org", "measure", "option"], description.full),
            resource(("region", "Figures of the root as a whole"), &REGION, &["wave", "org", "measure", "stat"], description.full),
        ],
    });
    // Plain values; there is nothing in them to refuse.
    let mut text = serde_json::to_string_pretty(&package).unwrap_or_default();
    text.push('\n');
    text
}

fn resource((name, title): (&str, &str), fields: &[Field], key: &[&str], full: bool) -> Value {
    let fields: Vec<Value> = fields.iter().map(|field| field.described(full)).collect();
    json!({
        "name": name,
        "path": format!("{name}.csv"),
        "title": title,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": { "fields": fields, "primaryKey": key, "missingValues": [""] },
    })
}

impl Field {
    fn described(&self, full: bool) -> Value {
        let Self(name, kind, meaning) = self;
        let kind = match kind {
            Kind::Text => "string",
            Kind::Whole => "integer",
            Kind::Chance if !full => "string",
            Kind::Number | Kind::Chance => "number",
        };
        let meaning = match self.1 {
            Kind::Chance if !full => format!("{meaning}; a chance below 0.001 is written <0.001"),
            _ => (*meaning).to_owned(),
        };
        let mut field = json!({ "name": name, "type": kind, "description": meaning });
        if *name == "stat"
            && let Some(field) = field.as_object_mut()
        {
            let stats: Vec<Value> = Stat::ALL
                .iter()
                .map(|stat| json!({ "value": stat.code(), "label": stat.meaning() }))
                .collect();
            field.insert("categories".to_owned(), Value::from(stats));
        }
        field
    }
}
