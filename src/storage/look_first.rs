//! What the survey office decided of the figures proposed to be looked at first.

use diesel::prelude::*;

use crate::id::WaveCode;
use crate::release::Decided;

use super::error::read;
use super::schema::look_first as table;
use super::{StorageError, Tx};

type Row = (String, String, String, String, String, String);

fn decided((unit, rule, measure, decision, note, who): Row) -> Result<Decided, StorageError> {
    Ok(Decided {
        unit: read("a unit's slug", &unit)?,
        rule: read("a rule of what to look at first", &rule)?,
        measure,
        decision: read("a decision on what to look at first", &decision)?,
        note,
        who,
    })
}

impl Tx<'_> {
    /// Keeps a decision, in the place of an earlier one on the same proposal.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_decided(&mut self, wave: &WaveCode, one: &Decided) -> Result<(), StorageError> {
        let rule = one.rule.word();
        diesel::delete(
            table::table
                .filter(table::wave_code.eq(wave.as_str()))
                .filter(table::unit_slug.eq(one.unit.as_str()))
                .filter(table::rule.eq(rule))
                .filter(table::measure.eq(&one.measure)),
        )
        .execute(self.conn)?;
        self.attempt(|conn| {
            diesel::insert_into(table::table)
                .values((
                    table::wave_code.eq(wave.as_str()),
                    table::unit_slug.eq(one.unit.as_str()),
                    table::rule.eq(rule),
                    table::measure.eq(&one.measure),
                    table::decision.eq(one.decision.word()),
                    table::note.eq(&one.note),
                    table::who.eq(&one.who),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// The decisions on a wave's proposals.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn decided(&mut self, wave: &WaveCode) -> Result<Vec<Decided>, StorageError> {
        let mut rows: Vec<Row> = table::table
            .filter(table::wave_code.eq(wave.as_str()))
            .select((
                table::unit_slug,
                table::rule,
                table::measure,
                table::decision,
                table::note,
                table::who,
            ))
            .load(self.conn)?;
        rows.sort();
        rows.into_iter().map(decided).collect()
    }
}
