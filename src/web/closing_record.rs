//! How a wave was closed, for the office to print and file.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::ballot_box::{Cleaned, KeyEnd, UnitCount};
use crate::flow::{self, CheckedRecord};
use crate::id::{UnitSlug, WaveCode};
use crate::pages::{ClosingRecordPage, Fact, RecordUnit};
use crate::register::Register;

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok};

fn unit(name: String, count: UnitCount) -> RecordUnit {
    let UnitCount { envelopes, ballots, spoiled } = count;
    RecordUnit { name, envelopes, ballots, spoiled }
}

fn label(register: &Register, slug: &UnitSlug) -> String {
    let unit = register.units.iter().find(|unit| unit.slug == *slug);
    unit.map_or_else(|| slug.to_string(), |unit| unit.label.clone())
}

fn cleaned(found: &Cleaned) -> String {
    let Cleaned { database, rows_left, bytes_left } = found;
    format!(
        "The {database} database was rewritten. Left of envelopes, drafts, mails and of who had answered: {rows_left} rows, {bytes_left} bytes."
    )
}

fn end(key: &KeyEnd) -> Fact {
    let end = match (key.destroyed, key.holders.is_empty()) {
        (true, _) => "overwritten and removed here",
        (false, true) => "not kept here",
        (false, false) => "not kept here; its holders destroy it",
    };
    Fact::new(key.key.clone(), end)
}

/// What no longer fits the record.
fn doubts(checked: &CheckedRecord) -> Vec<String> {
    let doubt = |fits: bool, what: &str| {
        (!fits).then(|| format!("The {what} in the database are not those of this record."))
    };
    let ballots = doubt(checked.ballots_match, "ballots");
    ballots.into_iter().chain(doubt(checked.receipts_match, "receipts")).collect()
}

pub(super) async fn show(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let (checked, register) = house
        .blocking(move |house| {
            let checked = flow::closing_record(house, &code)?;
            Ok((checked, house.store.read(|tx| tx.register())?))
        })
        .await?;
    let CheckedRecord { wave, record, .. } = &checked;
    let number = |label: &str, number: u32| Fact::new(label, number.to_string());
    let mut units: Vec<RecordUnit> =
        record.units.iter().map(|(slug, count)| unit(label(&register, slug), *count)).collect();
    units.sort_by(|a, b| a.name.cmp(&b.name));
    let page = ClosingRecordPage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page("Closing record")
            .notice(wave.purpose.notice())
            .back(&wave.title, format!("/office/waves/{}", wave.code)),
        wave: wave.title.clone(),
        counts: vec![
            Fact::new("Wave", wave.code.to_string()),
            Fact::new("Closed", wave.closes.in_words_with_time()),
            Fact::new("Counted on", record.day.format("%-d %B %Y").to_string()),
            number("Leads invited", record.invited),
            number("Envelopes", record.envelopes),
            number("Written answers", record.comments),
            number("Numbers", record.numbers),
            Fact::new("Program", format!("Soundings {}", record.program)),
        ],
        units,
        total: unit("All".to_owned(), record.total()),
        digests: vec![
            Fact::new("Key that sealed the envelopes (SHA-256)", record.key.clone()),
            Fact::new("Survey definition", record.definition.clone()),
            Fact::new("List of receipts (SHA-256)", record.receipts.clone()),
            Fact::new(
                "Ballots in the order of their random numbers (SHA-256)",
                record.ballots.clone(),
            ),
        ],
        cleaned: record.cleaned.as_ref().map(cleaned),
        keys: record.keys.iter().map(end).collect(),
        to_destroy: record.keys.iter().flat_map(|key| key.holders.clone()).collect(),
        doubts: doubts(&checked),
    };
    ok(&house, &page)
}
