//! Waves and the definitions they pin.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::definition::{Fingerprint, Survey};
use crate::id::{ModuleCode, WaveCode};
use crate::register::{Node, Tree};
use crate::time::Moment;
use crate::wave::{State, Wave};

use super::error::{count_of, read, stored_count};
use super::schema::{cancelled_waves, definitions, waves};
use super::{StorageError, Tx, backend};

pub(super) type Row = (
    String,
    String,
    String,
    String,
    String,
    NaiveDateTime,
    NaiveDateTime,
    NaiveDateTime,
    String,
    bool,
    i32,
    i32,
    String,
);

type Columns = (
    waves::code,
    waves::title,
    waves::fingerprint,
    waves::modules,
    waves::fin_year,
    waves::opens_at,
    waves::closes_at,
    waves::publishes_at,
    waves::purpose,
    waves::imported,
    waves::smallest,
    waves::smallest_groups,
    waves::state,
);

pub(super) const COLUMNS: Columns = (
    waves::code,
    waves::title,
    waves::fingerprint,
    waves::modules,
    waves::fin_year,
    waves::opens_at,
    waves::closes_at,
    waves::publishes_at,
    waves::purpose,
    waves::imported,
    waves::smallest,
    waves::smallest_groups,
    waves::state,
);

pub(super) fn wave(row: Row) -> Result<Wave, StorageError> {
    let (
        code,
        title,
        fingerprint,
        modules,
        fin_year,
        opens,
        closes,
        publishes,
        purpose,
        imported,
        k,
        groups,
        state,
    ) = row;
    let modules = modules.split_whitespace().map(|module| read("a module's code", module));
    Ok(Wave {
        code: read("a wave's code", &code)?,
        title,
        definition: read("a wave's fingerprint", &fingerprint)?,
        modules: modules.collect::<Result<_, _>>()?,
        fin_year,
        opens: Moment::from_utc(opens),
        closes: Moment::from_utc(closes),
        publishes: Moment::from_utc(publishes),
        purpose: read("a wave's purpose", &purpose)?,
        imported,
        smallest: count_of("a wave's promise", k)?,
        smallest_groups: count_of("a wave's promise", groups)?,
        state: read("a wave's state", &state)?,
    })
}

impl Tx<'_> {
    /// Every wave, the newest first.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn waves(&mut self) -> Result<Vec<Wave>, StorageError> {
        let rows = waves::table.select(COLUMNS).load::<Row>(self.conn)?;
        let mut all = rows.into_iter().map(wave).collect::<Result<Vec<_>, _>>()?;
        all.sort_by(|a, b| (b.opens, &b.code).cmp(&(a.opens, &a.code)));
        Ok(all)
    }

    /// The wave of this code.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn wave(&mut self, code: &WaveCode) -> Result<Option<Wave>, StorageError> {
        waves::table
            .find(code.as_str())
            .select(COLUMNS)
            .get_result::<Row>(self.conn)
            .optional()?
            .map(wave)
            .transpose()
    }

    /// The wave of this code, whose state cannot change until this transaction ends.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn held_wave(&mut self, code: &WaveCode) -> Result<Option<Wave>, StorageError> {
        backend::hold_wave(self.conn, code.as_str())?;
        self.wave(code)
    }

    /// Keeps a new wave.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the code is taken.
    pub fn insert_wave(&mut self, new: &Wave) -> Result<(), StorageError> {
        let modules: Vec<&str> = new.modules.iter().map(ModuleCode::as_str).collect();
        self.attempt(|conn| {
            diesel::insert_into(waves::table)
                .values((
                    waves::code.eq(new.code.as_str()),
                    waves::title.eq(&new.title),
                    waves::fingerprint.eq(new.definition.to_string()),
                    waves::modules.eq(modules.join(" ")),
                    waves::fin_year.eq(&new.fin_year),
                    waves::opens_at.eq(new.opens.to_utc()),
                    waves::closes_at.eq(new.closes.to_utc()),
                    waves::publishes_at.eq(new.publishes.to_utc()),
                    waves::purpose.eq(new.purpose.word()),
                    waves::imported.eq(new.imported),
                    waves::smallest.eq(stored_count(new.smallest)),
                    waves::smallest_groups.eq(stored_count(new.smallest_groups)),
                    waves::state.eq(new.state.word()),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// Moves a wave from the state it was read in; `false` if it has moved meanwhile.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn move_wave(&mut self, from: State, to: &Wave) -> Result<bool, StorageError> {
        let moved = diesel::update(
            waves::table
                .filter(waves::code.eq(to.code.as_str()))
                .filter(waves::state.eq(from.word())),
        )
        .set((
            waves::state.eq(to.state.word()),
            waves::closes_at.eq(to.closes.to_utc()),
            waves::publishes_at.eq(to.publishes.to_utc()),
        ))
        .execute(self.conn)?;
        Ok(moved == 1)
    }

    /// Keeps other dates of a wave.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_dates(&mut self, wave: &Wave) -> Result<(), StorageError> {
        diesel::update(waves::table.find(wave.code.as_str()))
            .set((
                waves::opens_at.eq(wave.opens.to_utc()),
                waves::closes_at.eq(wave.closes.to_utc()),
                waves::publishes_at.eq(wave.publishes.to_utc()),
                waves::fin_year.eq(&wave.fin_year),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Keeps why a wave was cancelled.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_cancelled(&mut self, code: &WaveCode, reason: &str) -> Result<(), StorageError> {
        diesel::insert_into(cancelled_waves::table)
            .values((
                cancelled_waves::wave_code.eq(code.as_str()),
                cancelled_waves::reason.eq(reason),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Why a wave was cancelled, if it was.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn cancelled(&mut self, code: &WaveCode) -> Result<Option<String>, StorageError> {
        let of = cancelled_waves::table.find(code.as_str());
        Ok(of.select(cancelled_waves::reason).get_result(self.conn).optional()?)
    }

    /// Freezes the organisations as they stand when a wave opens.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn freeze_tree(&mut self, wave: &WaveCode, tree: &Tree) -> Result<(), StorageError> {
        let nodes: Vec<&Node> = tree.nodes().collect();
        let text = serde_json::to_string(&nodes).map_err(|why| StorageError::Corrupt {
            what: "a tree of organisations",
            why: why.to_string(),
        })?;
        diesel::update(waves::table.find(wave.as_str()))
            .set(waves::tree.eq(text))
            .execute(self.conn)?;
        Ok(())
    }

    /// The organisations as they stood when a wave opened.
    ///
    /// # Errors
    /// If the wave was not opened or the tree cannot be read.
    pub fn frozen_tree(&mut self, wave: &WaveCode) -> Result<Tree, StorageError> {
        let corrupt = |why: String| StorageError::Corrupt { what: "a tree of organisations", why };
        let text: Option<String> =
            waves::table.find(wave.as_str()).select(waves::tree).get_result(self.conn)?;
        let nodes: Vec<Node> = serde_json::from_str(&text.unwrap_or_default())
            .map_err(|why| corrupt(why.to_string()))?;
        Tree::new(nodes).map_err(|errors| {
            corrupt(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        })
    }

    /// Keeps a definition under its fingerprint; the same one twice is no fault.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn keep_definition(
        &mut self,
        survey: &Survey,
        file_name: &str,
        source: &str,
    ) -> Result<(), StorageError> {
        let fingerprint = survey.fingerprint.to_string();
        let known: i64 = definitions::table.find(&fingerprint).count().get_result(self.conn)?;
        if known == 0 {
            diesel::insert_into(definitions::table)
                .values((
                    definitions::fingerprint.eq(fingerprint),
                    definitions::file_name.eq(file_name),
                    definitions::source.eq(source),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// The fingerprints of every definition.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn definitions(&mut self) -> Result<Vec<Fingerprint>, StorageError> {
        let all: Vec<String> =
            definitions::table.select(definitions::fingerprint).load(self.conn)?;
        let mut all = all
            .iter()
            .map(|text| read("a survey's fingerprint", text))
            .collect::<Result<Vec<Fingerprint>, _>>()?;
        all.sort();
        Ok(all)
    }

    /// The name and text of a definition's file.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn definition_source(
        &mut self,
        fingerprint: &Fingerprint,
    ) -> Result<Option<(String, String)>, StorageError> {
        let of = definitions::table.find(fingerprint.to_string());
        let columns = (definitions::file_name, definitions::source);
        Ok(of.select(columns).get_result(self.conn).optional()?)
    }

    /// The definition of this fingerprint, parsed and checked again. It keeps the
    /// fingerprint that it was put in with: an earlier version of the program may
    /// have made another from the same file, and a wave must stay what it was.
    ///
    /// # Errors
    /// If it is missing or has faults.
    pub fn definition(&mut self, fingerprint: &Fingerprint) -> Result<Survey, StorageError> {
        let corrupt = |why: String| StorageError::Corrupt { what: "a survey definition", why };
        let (file_name, source): (String, String) = definitions::table
            .find(fingerprint.to_string())
            .select((definitions::file_name, definitions::source))
            .get_result(self.conn)
            .optional()?
            .ok_or_else(|| corrupt(format!("{fingerprint} is missing")))?;
        let mut survey = crate::definition::parse(&file_name, &source)
            .map_err(|faults| corrupt(faults.to_string()))?;
        survey.fingerprint = fingerprint.clone();
        Ok(survey)
    }
}
