//! What the office reads about a release, in words.

use crate::audit::Finding;
use crate::flow::{AskedPublication, ReleaseDesk};
use crate::pages::{
    AskedView, BuildView, BuiltView, Fact, Link, PublicationView, ShownUnit, TestedRow,
};
use crate::release::{MeasureKind, Org, Release, Status};
use crate::time::Moment;
use crate::trail::Act;
use crate::wave::{Peers, State};

use super::super::see_to_mails::several;

/// How far a release is.
pub(super) struct Stage {
    pub(super) state: &'static str,
    /// Whether somebody should do something.
    pub(super) open: bool,
    pub(super) told: String,
    /// Whether it can be built.
    pub(super) builds: bool,
}

pub(super) fn stage(desk: &ReleaseDesk, now: Moment) -> Stage {
    let wave = &desk.wave;
    let stage = |state, open, told: String, builds| Stage { state, open, told, builds };
    let then = "Closing counts the answers without names and destroys the keys. Then you build the release here, look at it, and decide when it is published.";
    if let Some(at) = desk.published {
        let told =
            format!("Published at {}. Figures that are out never change.", at.in_words_with_time());
        return stage("published", false, told, false);
    }
    if let Some(at) = desk.planned {
        let told = format!(
            "It is published at {}, for everybody. Until then only the office sees it.",
            at.in_words_with_time()
        );
        return stage("planned", false, told, true);
    }
    if desk.release.is_some() {
        let told = "Only the office sees it. Look at it, decide what is to be looked at first, and then when it is published.";
        return stage("built", true, told.to_owned(), true);
    }
    match wave.state {
        State::Closed | State::Released => {
            let told = "The answers are counted. Building makes the figures, hides what would give somebody away, and has the finished files audited. It takes some seconds, in a large region a minute.";
            stage("to be built", true, told.to_owned(), true)
        }
        State::Closing(_) => stage(
            "closing",
            false,
            "The answers are being counted. Come back in a minute.".to_owned(),
            false,
        ),
        State::Cancelled => stage(
            "cancelled",
            false,
            "The wave was cancelled, so it has no results.".to_owned(),
            false,
        ),
        State::Draft | State::Open if wave.imported => {
            let told = "Its answers come from a file. Once they are imported and counted you build the release here.";
            stage("not counted", false, told.to_owned(), false)
        }
        State::Open if wave.closes <= now => {
            let told = format!("Its time is over; it waits to be closed. {then}");
            stage("not closed", true, told, false)
        }
        State::Draft | State::Open => {
            let told = format!("The wave closes at {}. {then}", wave.closes.in_words_with_time());
            stage("not closed", false, told, false)
        }
    }
}

pub(super) fn build(desk: &ReleaseDesk, base: &str) -> BuildView {
    let loses = match (desk.planned, desk.asked.is_empty()) {
        (Some(at), _) => Some(format!(
            "Publication at {} is dropped: somebody has to look and decide again.",
            at.in_words_with_time()
        )),
        (None, false) => {
            Some("What a colleague asked for is of this release; they must ask again.".to_owned())
        }
        (None, true) => None,
    };
    BuildView { action: format!("{base}/build"), again: desk.release.is_some(), loses }
}

/// `12345` as `12,345`.
fn thousands(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What a kind of test is about.
fn tested(check: &str) -> &str {
    match check {
        "files" => "The files can be read, are whole and say the same",
        "hidden" => "A figure that is not shown stands nowhere in the files",
        "figures" => "Each figure follows from the published answers",
        "ballots" => "What is published was counted from the ballots",
        "safe" => {
            "Enough people from enough PBC groups stand behind each figure, and it does not say the same of all of them"
        }
        "rest" => "What is left when shown parts are taken from a shown total is large enough",
        "room" => "What can be worked out of a hidden figure leaves room enough",
        "combination" => "No combination of published totals comes down to a few people",
        "index" => "Each index stands on enough of its questions",
        "status" => "Each figure is shown or hidden as the rule says",
        other => other,
    }
}

/// A finding as somebody reads it who has to mend it.
pub(super) fn finding(finding: &Finding) -> String {
    let place = [&finding.org, &finding.measure];
    let place: Vec<&str> =
        place.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let place = if place.is_empty() { String::new() } else { format!(" ({})", place.join(", ")) };
    format!("{}{place}: {}", tested(finding.check.code()), finding.what)
}

fn audit(release: &Release) -> String {
    let Some(record) = release.audit() else {
        return "It was built by an older version, and no audit is kept. It is audited again when it is published.".to_owned();
    };
    let times = thousands(&record.tested.values().sum::<u64>().to_string());
    format!(
        "The auditor is a program apart from the one that makes the figures. It read the finished files as anybody could download them, and the ballots behind them, made {times} tests, and found nothing that gives anybody away. Its record is part of the release."
    )
}

/// Cells that carry figures of answers: how many took part is no answer.
fn of_answers(release: &Release, org: Option<&Org>, status: Status) -> usize {
    let rate = |measure: &str| {
        release.measure(measure).is_some_and(|measure| measure.kind == MeasureKind::Rate)
    };
    let cells = release.cells().filter(|cell| org.is_none_or(|org| cell.org == org.code));
    cells.filter(|cell| cell.status == status && !rate(&cell.measure)).count()
}

fn unit(release: &Release, org: &Org) -> ShownUnit {
    let k = release.settings().k;
    let of = |status| of_answers(release, Some(org), status);
    let (shown, hidden, empty) = (of(Status::Shown), of(Status::Hidden), of(Status::Empty));
    let said = match (shown, hidden, empty) {
        (0, 0, _) => "no answers",
        (0, _, _) => "nothing",
        (_, 0, _) => "all",
        _ => "part",
    };
    let few = || format!("fewer than {k}");
    ShownUnit {
        name: org.name.clone(),
        invited: org.invited.to_string(),
        answered: org.responded.map_or_else(few, |number| number.to_string()),
        groups: org.groups.map_or_else(|| "–".to_owned(), |number| number.to_string()),
        figures: format!("{shown} of {}", shown + hidden + empty),
        said: said.to_owned(),
    }
}

/// How much of the proposals is decided, in a sentence.
pub(super) fn decided(desk: &ReleaseDesk) -> String {
    let proposals = desk.proposals.len();
    let is_decided = |proposal| desk.decided.iter().any(|decided| decided.is_about(proposal));
    let decided = desk.proposals.iter().filter(|proposal| is_decided(proposal)).count();
    progress(decided, proposals)
}

pub(in crate::web) fn progress(decided: usize, proposals: usize) -> String {
    match proposals {
        0 => "the rules propose nothing.".to_owned(),
        _ => format!("{decided} of {} decided.", several(proposals, "proposal")),
    }
}

pub(super) fn built(desk: &ReleaseDesk, release: &Release, base: &str) -> BuiltView {
    let settings = release.settings();
    let mut leaves: Vec<&Org> = release.leaves().collect();
    leaves.sort_by(|a, b| a.name.cmp(&b.name));
    let with = leaves.iter().filter(|org| of_answers(release, Some(org), Status::Shown) > 0);
    let of = |status| thousands(&of_answers(release, None, status).to_string());
    let wave = &desk.wave.code;
    BuiltView {
        facts: desk
            .built
            .map(|at| Fact::new("Built", at.in_words_with_time()))
            .into_iter()
            .collect(),
        digest: release.digest().to_owned(),
        audit: audit(release),
        tested: release
            .audit()
            .iter()
            .flat_map(|record| &record.tested)
            .map(|(check, times)| TestedRow {
                what: tested(check).to_owned(),
                times: thousands(&times.to_string()),
            })
            .collect(),
        figures: vec![
            Fact::new("PCTs with figures", format!("{} of {}", with.count(), leaves.len())),
            Fact::new("Figures shown", of(Status::Shown)),
            Fact::new("Hidden to protect anonymity", of(Status::Hidden)),
            Fact::new("Without answers", of(Status::Empty)),
        ],
        rule: format!(
            "A figure is shown where at least {} people from {} PBC groups answered and it cannot be worked out by subtraction. Which of the two hid a figure is kept nowhere, because that alone would tell something.",
            settings.k, settings.min_groups
        ),
        units: leaves.into_iter().map(|org| unit(release, org)).collect(),
        results: format!("/results/{wave}"),
        look_as: format!("{base}/as"),
        flags: decided(desk),
        flags_href: format!("/office/waves/{wave}/flags"),
    }
}

fn asked(one: &AskedPublication, base: &str) -> AskedView {
    let who = one.asked.by.expose();
    let (what, act) = match one.at {
        Some(at) => {
            let at = at.in_words_with_time();
            (format!("to publish these results at {at}"), Act::RELEASE_PLANNED)
        }
        None => ("to publish these results now".to_owned(), Act::RELEASE_PUBLISHED),
    };
    let next = if one.may_do {
        "You are a second person: look at them, then do it or take the request back."
    } else {
        "Somebody else of the office must do it."
    };
    let publish = || Link::new("Look and publish", format!("{base}/publish"));
    AskedView {
        told: format!("{who} asked {what} ({}).", one.asked.at.in_words_with_time()),
        next: next.to_owned(),
        act: act.word().to_owned(),
        go: (one.may_do && one.at.is_none()).then(publish),
        at: one.at.filter(|_| one.may_do).map(|at| at.to_string()),
    }
}

pub(super) fn publication(
    desk: &ReleaseDesk,
    base: &str,
    publishes: bool,
) -> Option<PublicationView> {
    let release = desk.release.as_ref().filter(|_| desk.published.is_none())?;
    let told = match desk.planned {
        Some(at) => format!(
            "Set for {}. The service does it by itself; you need not be there.",
            at.in_words_with_time()
        ),
        None => format!(
            "It is not decided yet. The wave was announced with results on {}.",
            desk.wave.publishes.in_words()
        ),
    };
    let label = if desk.planned.is_some() { "Choose another minute" } else { "Set the minute" };
    let asked = desk.asked.iter().filter(|_| publishes).map(|one| asked(one, base));
    Some(PublicationView {
        told,
        not_you: (!publishes)
            .then(|| "An administrator of the office decides it; you may look.".to_owned()),
        asked: asked.collect(),
        plan: publishes.then(|| Link::new(label, format!("{base}/plan"))),
        unplan: desk.planned.filter(|_| publishes).map(|_| format!("{base}/unplan")),
        publish: publishes.then(|| format!("{base}/publish")),
        set: format!("{base}/plan"),
        take_back: format!("{base}/take-back"),
        digest: release.digest().to_owned(),
    })
}

/// How results are shown, in sentences.
pub(super) fn showing(desk: &ReleaseDesk) -> Vec<String> {
    let peers = match desk.showing.peers {
        Peers::Named => "PCTs, the LMC and leads see other PCTs by name.",
        Peers::Coded => {
            "PCTs, the LMC and leads see other PCTs by a letter; the SHA and the office see names."
        }
    };
    let summary = if desk.showing.public_summary {
        format!("Anybody may read the summary at /summary/{}.", desk.wave.code)
    } else {
        "There is no public summary.".to_owned()
    };
    vec![peers.to_owned(), summary]
}

pub(super) fn early(desk: &ReleaseDesk) -> String {
    let sees = desk.early.iter().filter(|one| one.withdrawn.is_none()).count();
    match (desk.early.len(), desk.published.is_some()) {
        (0, true) => "Nobody but the office saw it before publication.".to_owned(),
        (0, false) => "Nobody but the office.".to_owned(),
        (all, true) => format!(
            "{} saw or could see it before publication; that is published with it.",
            several(all, "account")
        ),
        (all, false) => format!(
            "{} may see it now, of {} ever let. That is published with it.",
            several(sees, "account"),
            all
        ),
    }
}

pub(super) fn notes(desk: &ReleaseDesk) -> Vec<Fact> {
    desk.notes.iter().map(|note| Fact::new(note.at.in_words(), note.words.clone())).collect()
}

/// What publication does, each in a sentence.
pub(super) fn happens(desk: &ReleaseDesk) -> Vec<String> {
    let readers = desk.readers;
    let mut happens = vec![
        "PCTs, the SHA and the LMC see the results when they sign in. Leads see them by the link in their mail.".to_owned(),
        format!(
            "A mail goes to {} and to {} of PCTs and the SHA. Whoever stopped our mails gets none.",
            several(readers.leads, "lead"),
            several(readers.accounts, "account")
        ),
        "Figures that are out never change. If something is wrong with them, only a note can say so.".to_owned(),
    ];
    let mut shown = showing(desk);
    if let Some(peers) = shown.first_mut() {
        peers.push_str(" That cannot be changed from then on.");
    }
    happens.extend(shown);
    happens
}

/// What somebody might have forgotten.
pub(super) fn warnings(desk: &ReleaseDesk) -> Vec<String> {
    let is_decided = |proposal| desk.decided.iter().any(|decided| decided.is_about(proposal));
    let open = desk.proposals.iter().filter(|proposal| !is_decided(proposal)).count();
    let open = (open > 0).then(|| {
        let what = several(open, "proposal");
        let is = if open == 1 { "is" } else { "are" };
        format!("{what} of \"look here first\" {is} not decided yet. What is not confirmed is not shown; it can be confirmed later too.")
    });
    let planned = desk.planned.map(|at| {
        format!("Publication is set for {}. Now would be before that.", at.in_words_with_time())
    });
    planned.into_iter().chain(open).collect()
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn large_numbers_have_commas_at_every_third_digit() {
        let written = ["0", "12", "999", "1000", "12345", "1234567"].map(thousands);
        assert_eq!(written, ["0", "12", "999", "1,000", "12,345", "1,234,567"]);
    }
}
