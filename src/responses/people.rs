//! Whether so many people can have answered.

use super::{MOST_TOLD, WaveOrgs};
use crate::fault::{Fault, Faults};
use crate::tabulation::Tally;

/// No more people responded than were invited, and respondents come from at least one
/// group where groups are known and `groups_matter`.
///
/// # Errors
/// Every organisation of which that is not true, or the first hundred.
pub fn check_people(
    file: &str,
    waves: &[WaveOrgs],
    tallies: &[Tally],
    groups_matter: bool,
) -> Result<(), Faults> {
    let mut faults = Vec::new();
    for (wave, tally) in waves.iter().zip(tallies) {
        for (org, counts) in tally.leaves() {
            let at = format!("wave {}, {org}", wave.wave);
            let responded = counts.responded();
            let invited = wave.invited.get(org).copied().unwrap_or(0);
            if responded > u64::from(invited) {
                let what = format!("{at}: {responded} responses from {invited} invited people");
                let hint = "correct the column invited, or leave out what came twice";
                faults.push(Fault::of_file(file, what).hint(hint));
            }
            let told = wave.groups.as_ref().map(|groups| groups.get(org).copied().unwrap_or(0));
            if groups_matter && responded > 0 && told == Some(0) {
                let what = format!("{at}: {responded} responses cannot come from no group");
                let hint = "groups is the number of PBC groups among the respondents";
                faults.push(Fault::of_file(file, what).hint(hint));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Faults::first(faults, MOST_TOLD, 0)) }
}
