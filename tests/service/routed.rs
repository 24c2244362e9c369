//! The routing of the region's questionnaire written a second time, from the
//! questionnaire alone: who is asked what, and whom an item does not concern.

use std::collections::{BTreeMap, BTreeSet};

/// Whether a condition holds; nothing if a question that was left open decides.
type Truth = Option<bool>;

/// The answers that count of those that a lead gave, and the items that do not
/// concern the lead.
pub fn routed(given: &BTreeMap<String, String>) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let says = |item: &str| given.get(item).map(String::as_str);
    let number = |item: &str| says(item).and_then(|value| value.parse::<i64>().ok());
    let positive = |item: &str| number(item).map(|number| number > 0);
    let mut conditions: Vec<(&str, Truth)> = Vec::new();
    let data = says("INF_ACC").filter(|value| *value != "98").map(|value| value != "97");
    // Whoever does not say that there are no data is asked about them.
    let about_data = Some(data.unwrap_or(true));
    conditions.extend([("INF_TIME", about_data), ("INF_USE", about_data)]);
    let budget = says("MS_BUD").filter(|value| *value != "98");
    conditions.push(("BUD_CLEAR", budget.map(|value| ["1", "2", "3"].contains(&value))));
    let decided = positive("BC_DEC");
    conditions.extend(["BC_APP", "BC_DAYS", "BC_FEED"].map(|item| (item, decided)));
    let waits = positive("BC_WAIT");
    let either = match (decided, waits) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    };
    conditions.push(("BC_SPEED", either));
    conditions.push(("SVC_AREA", positive("SVC_N")));
    let mut counts = given.clone();
    let mut beside = BTreeSet::new();
    for (item, truth) in conditions {
        if truth != Some(true) {
            counts.remove(item);
        }
        if truth == Some(false) {
            beside.insert(item.to_owned());
        }
    }
    (counts, beside)
}
