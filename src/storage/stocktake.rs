//! Stocktake returns: dated snapshots that are never changed in part.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::stocktake::Return;

use super::error::read;
use super::schema::stocktake_returns as returns;
use super::{StorageError, Tx};

type Row = (String, String, String, String, String, String, String);

fn one(row: &Row) -> Result<Return, StorageError> {
    let (unit, incentive, information, governance, budget, plans, published) = row;
    let claim = |text: &String| read("a stocktake claim", text);
    let published = match published.as_str() {
        "" => None,
        letter => Some(read("a stocktake light", letter)?),
    };
    Ok(Return {
        unit: read("a unit's slug", unit)?,
        incentive: claim(incentive)?,
        information: claim(information)?,
        governance: claim(governance)?,
        budget: claim(budget)?,
        plans: claim(plans)?,
        published,
    })
}

impl Tx<'_> {
    /// Keeps the returns of a day.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if that day has returns already.
    pub fn insert_stocktake(
        &mut self,
        as_at: NaiveDate,
        all: &[Return],
    ) -> Result<(), StorageError> {
        self.attempt(|conn| {
            for row in all {
                diesel::insert_into(returns::table)
                    .values((
                        returns::as_at.eq(as_at.to_string()),
                        returns::unit_slug.eq(row.unit.as_str()),
                        returns::incentive.eq(row.incentive.to_string()),
                        returns::information.eq(row.information.to_string()),
                        returns::governance.eq(row.governance.to_string()),
                        returns::budget.eq(row.budget.to_string()),
                        returns::plans.eq(row.plans.to_string()),
                        returns::published.eq(row.published.map_or("", |light| light.letter())),
                    ))
                    .execute(conn)?;
            }
            Ok(())
        })
    }

    /// The days that have returns, the newest first.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn stocktake_days(&mut self) -> Result<Vec<NaiveDate>, StorageError> {
        let rows: Vec<String> = returns::table.select(returns::as_at).distinct().load(self.conn)?;
        let mut days = rows
            .iter()
            .map(|day| read("a stocktake's day", day))
            .collect::<Result<Vec<NaiveDate>, _>>()?;
        days.sort_by(|a, b| b.cmp(a));
        Ok(days)
    }

    /// The returns of a day, by unit; none if there are none.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn stocktake(&mut self, as_at: NaiveDate) -> Result<Vec<Return>, StorageError> {
        let mut rows: Vec<Row> = returns::table
            .filter(returns::as_at.eq(as_at.to_string()))
            .select((
                returns::unit_slug,
                returns::incentive,
                returns::information,
                returns::governance,
                returns::budget,
                returns::plans,
                returns::published,
            ))
            .load(self.conn)?;
        rows.sort();
        rows.iter().map(one).collect()
    }
}
