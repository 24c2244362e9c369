//! The register: units, PCTs, PBC groups, leads.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::chance::Chance;
use crate::id::{ClusterSlug, GroupSlug, LeadId, UnitSlug};
use crate::register::{
    Cluster, EmailAddress, Lead, PbcGroup, Pct, PersonName, Register, ReportingUnit,
};

use super::error::read;
use super::schema::{clusters, leads, pbc_groups, pcts, reporting_units};
use super::{StorageError, Tx};

fn size(what: &'static str, value: Option<i32>) -> Result<Option<u32>, StorageError> {
    value
        .map(|n| {
            u32::try_from(n).map_err(|why| StorageError::Corrupt { what, why: why.to_string() })
        })
        .transpose()
}

fn stored(value: Option<u32>) -> Option<i32> {
    value.and_then(|n| i32::try_from(n).ok())
}

impl Tx<'_> {
    /// The name of a reporting unit; none if there is no such unit.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn unit_label(&mut self, unit: &UnitSlug) -> Result<Option<String>, StorageError> {
        Ok(reporting_units::table
            .find(unit.as_str())
            .select(reporting_units::label)
            .get_result(self.conn)
            .optional()?)
    }

    /// The register as it is held now.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn register(&mut self) -> Result<Register, StorageError> {
        let clusters = self.clusters()?;
        let (pcts, units) = self.pcts_and_units()?;
        let groups = self.groups()?;
        let leads = self.leads()?;
        Ok(Register { clusters, pcts, units, groups, leads }.sorted())
    }

    fn clusters(&mut self) -> Result<Vec<Cluster>, StorageError> {
        let rows: Vec<(String, String)> = clusters::table.load(self.conn)?;
        rows.into_iter()
            .map(|(slug, name)| Ok(Cluster { slug: read("a cluster", &slug)?, name }))
            .collect()
    }

    fn pcts_and_units(&mut self) -> Result<(Vec<Pct>, Vec<ReportingUnit>), StorageError> {
        type PctRow = (String, String, String, Option<i32>, String, String);
        let rows: Vec<PctRow> = pcts::table.load(self.conn)?;
        let mut of_unit = Vec::new();
        let mut all = Vec::new();
        for (code, name, short_name, population, source, unit) in rows {
            let code: crate::id::PctCode = read("a PCT's code", &code)?;
            of_unit.push((unit, code.clone()));
            let population = size("a population", population)?;
            all.push(Pct { code, name, short_name, population, source });
        }
        of_unit.sort();
        let rows: Vec<(String, String, Option<String>)> = reporting_units::table.load(self.conn)?;
        let units = rows
            .into_iter()
            .map(|(slug, label, cluster)| {
                Ok(ReportingUnit {
                    pcts: of_unit
                        .iter()
                        .filter(|(unit, _)| *unit == slug)
                        .map(|(_, pct)| pct.clone())
                        .collect(),
                    slug: read("a unit's slug", &slug)?,
                    label,
                    cluster: cluster.map(|c| read("a cluster", &c)).transpose()?,
                })
            })
            .collect::<Result<_, StorageError>>()?;
        Ok((all, units))
    }

    fn groups(&mut self) -> Result<Vec<PbcGroup>, StorageError> {
        type Row = (String, String, String, Option<i32>, Option<i32>, String, String, String, bool);
        let rows: Vec<Row> = pbc_groups::table.load(self.conn)?;
        rows.into_iter()
            .map(
                |(slug, name, pct, practices, population, legal_form, as_at, source, synthetic)| {
                    Ok(PbcGroup {
                        slug: read("a group's slug", &slug)?,
                        name,
                        pct: read("a PCT's code", &pct)?,
                        practices: size("a number of practices", practices)?,
                        population: size("a population", population)?,
                        legal_form,
                        as_at,
                        source,
                        synthetic,
                    })
                },
            )
            .collect()
    }

    fn leads(&mut self) -> Result<Vec<Lead>, StorageError> {
        let rows: Vec<(String, String, String, String, bool)> = leads::table
            .select((leads::group_slug, leads::name, leads::role, leads::email, leads::synthetic))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(group, name, role, email, synthetic)| {
                Ok(Lead {
                    group: read("a group's slug", &group)?,
                    name: read::<PersonName>("a lead's name", &name)?,
                    role,
                    email: read::<EmailAddress>("a lead's address", &email)?,
                    synthetic,
                })
            })
            .collect()
    }

    /// Makes the register held equal to `new`. A lead who stays keeps the id.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn replace_register(
        &mut self,
        new: &Register,
        chance: &Chance,
    ) -> Result<(), StorageError> {
        type Known = (String, String, String);
        let known: Vec<Known> = leads::table
            .select((leads::id, leads::group_slug, leads::email_key))
            .load(self.conn)?;
        diesel::delete(leads::table).execute(self.conn)?;
        diesel::delete(pbc_groups::table).execute(self.conn)?;
        diesel::delete(pcts::table).execute(self.conn)?;
        diesel::delete(reporting_units::table).execute(self.conn)?;
        diesel::delete(clusters::table).execute(self.conn)?;
        self.insert_places(new)?;
        self.insert_groups(new)?;
        let mut taken = BTreeSet::new();
        for lead in &new.leads {
            let key = lead.email.key();
            let kept = known
                .iter()
                .find(|(id, group, email)| {
                    group == lead.group.as_str() && *email == key && taken.insert(id.clone())
                })
                .map(|(id, ..)| id.clone());
            diesel::insert_into(leads::table)
                .values((
                    leads::id.eq(kept.unwrap_or_else(|| LeadId::random(chance).to_string())),
                    leads::group_slug.eq(lead.group.as_str()),
                    leads::name.eq(lead.name.expose()),
                    leads::role.eq(&lead.role),
                    leads::email.eq(lead.email.expose()),
                    leads::email_key.eq(key),
                    leads::synthetic.eq(lead.synthetic),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Gives the lead of a group who has this address another one; `false` if the
    /// register has no such lead.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if another lead of the group has it already.
    pub fn correct_lead(
        &mut self,
        group: &GroupSlug,
        from: &EmailAddress,
        to: &EmailAddress,
    ) -> Result<bool, StorageError> {
        let changed = self.attempt(|conn| {
            diesel::update(
                leads::table
                    .filter(leads::group_slug.eq(group.as_str()))
                    .filter(leads::email_key.eq(from.key())),
            )
            .set((leads::email.eq(to.expose()), leads::email_key.eq(to.key())))
            .execute(conn)
        })?;
        Ok(changed > 0)
    }

    fn insert_places(&mut self, new: &Register) -> Result<(), StorageError> {
        for cluster in &new.clusters {
            diesel::insert_into(clusters::table)
                .values((
                    clusters::slug.eq(cluster.slug.as_str()),
                    clusters::name.eq(&cluster.name),
                ))
                .execute(self.conn)?;
        }
        for unit in &new.units {
            diesel::insert_into(reporting_units::table)
                .values((
                    reporting_units::slug.eq(unit.slug.as_str()),
                    reporting_units::label.eq(&unit.label),
                    reporting_units::cluster_slug
                        .eq(unit.cluster.as_ref().map(ClusterSlug::as_str)),
                ))
                .execute(self.conn)?;
        }
        for pct in &new.pcts {
            let unit = new.unit_of_pct(&pct.code).map_or("", |unit| unit.slug.as_str());
            diesel::insert_into(pcts::table)
                .values((
                    pcts::code.eq(pct.code.as_str()),
                    pcts::name.eq(&pct.name),
                    pcts::short_name.eq(&pct.short_name),
                    pcts::population.eq(stored(pct.population)),
                    pcts::source.eq(&pct.source),
                    pcts::unit_slug.eq(unit),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    fn insert_groups(&mut self, new: &Register) -> Result<(), StorageError> {
        for group in &new.groups {
            diesel::insert_into(pbc_groups::table)
                .values((
                    pbc_groups::slug.eq(group.slug.as_str()),
                    pbc_groups::name.eq(&group.name),
                    pbc_groups::pct_code.eq(group.pct.as_str()),
                    pbc_groups::practices.eq(stored(group.practices)),
                    pbc_groups::population.eq(stored(group.population)),
                    pbc_groups::legal_form.eq(&group.legal_form),
                    pbc_groups::as_at.eq(&group.as_at),
                    pbc_groups::source.eq(&group.source),
                    pbc_groups::synthetic.eq(group.synthetic),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }
}
