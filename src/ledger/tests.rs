use super::*;
use crate::chance::Chance;
use crate::definition::Fingerprint;
use crate::wave::{Purpose, State, Wave};

fn wave(opens: &str, closes: &str) -> Wave {
    let at = |text: &str| text.parse::<Moment>().expect("a moment");
    Wave {
        code: "W".parse().expect("a code"),
        title: String::new(),
        definition: format!("survey 2:{}", "0".repeat(64)).parse::<Fingerprint>().unwrap_or_else(
            |_| {
                crate::definition::parse(
                    "f",
                    include_str!("../../survey_definitions/staff-pulse/survey.toml"),
                )
                .expect("a survey")
                .fingerprint
            },
        ),
        modules: Vec::new(),
        fin_year: String::new(),
        opens: at(opens),
        closes: at(closes),
        publishes: at(closes),
        purpose: Purpose::Survey,
        imported: false,
        smallest: 5,
        smallest_groups: 3,
        state: State::Open,
    }
}

fn shown(wave: &Wave) -> Vec<String> {
    let one = |(kind, due): (MailKind, Moment)| format!("{kind} {}", due.in_words_with_time());
    schedule(wave).into_iter().map(one).collect()
}

#[test]
fn rounds_keep_the_london_clock_when_it_changes() {
    assert_eq!(
        shown(&wave("2008-03-24T09:00", "2008-04-11T17:00")),
        [
            "Invitation 9am on Monday 24 March 2008",
            "Reminder 9am on Monday 31 March 2008",
            "Last call 9am on Thursday 10 April 2008",
        ]
    );
    // Into winter.
    let autumn = schedule(&wave("2007-10-22T09:00", "2007-11-09T17:00"));
    assert_eq!(
        autumn.get(1).map(|(_, due)| due.rfc3339()).as_deref(),
        Some("2007-10-29T09:00:00Z")
    );
    assert_eq!(
        autumn.first().map(|(_, due)| due.rfc3339()).as_deref(),
        Some("2007-10-22T08:00:00Z")
    );
}

#[test]
fn a_short_wave_has_fewer_rounds() {
    assert_eq!(shown(&wave("2007-11-19T09:00", "2007-11-19T17:00")).len(), 1);
    assert_eq!(shown(&wave("2007-11-19T09:00", "2007-11-23T17:00")).len(), 2);
    assert_eq!(shown(&wave("2007-11-19T09:00", "2007-11-27T17:00")).len(), 2);
}

#[test]
fn thanks_of_a_day_go_together_and_never_too_late() {
    let at = |text: &str| text.parse::<Moment>().expect("a moment");
    let closes = at("2007-12-14T17:00");
    let due = |now: &str| thanks_due(at(now), closes).map(Moment::in_words_with_time);
    assert_eq!(due("2007-11-28T08:13").as_deref(), Some("6pm on Wednesday 28 November 2007"));
    assert_eq!(due("2007-11-28T18:00").as_deref(), Some("6pm on Thursday 29 November 2007"));
    assert_eq!(due("2007-12-13T17:59").as_deref(), Some("6pm on Thursday 13 December 2007"));
    assert_eq!(due("2007-12-13T18:01"), None);
}

#[test]
fn two_in_a_hundred_too_many_stop_everything() {
    assert!(!is_too_many(162, 165));
    assert!(is_too_many(162, 166));
    assert!(!is_too_many(1, 2), "one mail may be tried twice");
    assert!(is_too_many(1, 3));
}

#[test]
fn words_and_keys_are_read_back() {
    let chance = Chance::seeded(1);
    for recipient in [
        Recipient::Invitation(InvitationId::random(&chance)),
        Recipient::Account("ann@example.org".parse().expect("an address")),
        Recipient::Idea(IdeaId::random(&chance)),
    ] {
        assert_eq!(recipient.key().parse(), Ok(recipient));
    }
    assert!("person:1".parse::<Recipient>().is_err());
    for scope in [PauseScope::Everything, PauseScope::Wave("W1".parse().expect("a code"))] {
        assert_eq!(scope.key().parse(), Ok(scope));
    }
    for state in ["queued", "claimed", "sent", "refused", "parked", "held", "cancelled"] {
        assert_eq!(state.parse::<MailState>().map(MailState::word), Ok(state));
    }
}

#[test]
fn the_wait_grows_to_an_hour() {
    assert_eq!(backoff(0, 0), 30);
    assert_eq!(backoff(3, 29), 269);
    assert_eq!(backoff(40, 31), 3601);
}
