//! Mails: a subject, a text part and an HTML part from one context.

use serde::Serialize;

/// A mail: a context that knows its templates.
pub trait Mail: Serialize {
    /// The name before `.subject`, `.text` and `.html` below `templates/mail`.
    const TEMPLATE: &'static str;

    /// Contexts that show every branch of the templates.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// A mail's parts. Not for logs: they hold a name and a personal link.
#[derive(Clone, PartialEq, Eq)]
pub struct MailText {
    /// The subject, one line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// The first mail of a wave to a lead.
#[derive(Clone, Serialize)]
pub struct InvitationMail {
    /// The lead's name.
    pub name: String,
    /// The lead's PBC group.
    pub group: String,
    /// The region that is asked.
    pub region: String,
    /// The personal link, in full.
    pub link: String,
    /// The closing day, for example `Friday 14 December 2007`.
    pub close_date: String,
    /// The closing time of that day, for example `5pm`.
    pub close_time: String,
    /// The day of publication, for example `Monday 7 January 2008`.
    pub publish_date: String,
    /// The smallest number of people behind a figure.
    pub smallest: String,
    /// The smallest number of PBC groups behind a figure.
    pub smallest_groups: String,
    /// The address that answers questions.
    pub contact: String,
    /// Who signs: the survey office's name.
    pub team: String,
    /// The sentence about synthetic or test data, if any.
    pub notice: Option<String>,
}

/// A later mail to whoever is to answer and has not.
#[derive(Clone, Serialize)]
pub struct ReminderMail {
    /// The reader's name.
    pub name: String,
    /// The lead's PBC group.
    pub group: String,
    /// The PCT that the group works with.
    pub pct: String,
    /// The lead in whose place the reader was asked to answer, if so.
    pub in_place_of: Option<String>,
    /// The personal link, in full; the same as in the invitation.
    pub link: String,
    /// The closing day, for example `Friday 14 December 2007`.
    pub close_date: String,
    /// The closing time of that day, for example `5pm`.
    pub close_time: String,
    /// The address that answers questions.
    pub contact: String,
    /// Who signs: the survey office's name.
    pub team: String,
    /// The sentence about synthetic or test data, if any.
    pub notice: Option<String>,
}

/// The first mail to a colleague who is to answer in a lead's place.
#[derive(Clone, Serialize)]
pub struct DeputyMail {
    /// The colleague's name.
    pub name: String,
    /// The name of the lead who asked them.
    pub lead: String,
    /// The lead's PBC group.
    pub group: String,
    /// The region that is asked.
    pub region: String,
    /// The colleague's own link, in full.
    pub link: String,
    /// The closing day, for example `Friday 14 December 2007`.
    pub close_date: String,
    /// The closing time of that day, for example `5pm`.
    pub close_time: String,
    /// The smallest number of people behind a figure.
    pub smallest: String,
    /// The smallest number of PBC groups behind a figure.
    pub smallest_groups: String,
    /// The address that answers questions.
    pub contact: String,
    /// Who signs: the survey office's name.
    pub team: String,
    /// The sentence about synthetic or test data, if any.
    pub notice: Option<String>,
}

/// The link once more, for somebody who has lost it.
#[derive(Clone, Serialize)]
pub struct LostLinkMail {
    /// The reader's name.
    pub name: String,
    /// The PBC group that is answered for.
    pub group: String,
    /// The reader's own link, in full.
    pub link: String,
    /// The closing day, for example `Friday 14 December 2007`.
    pub close_date: String,
    /// The closing time of that day, for example `5pm`.
    pub close_time: String,
    /// The address that answers questions.
    pub contact: String,
    /// Who signs: the survey office's name.
    pub team: String,
    /// The sentence about synthetic or test data, if any.
    pub notice: Option<String>,
}

const TEST: &str = "TEST: this wave is a rehearsal. Its answers are not results.";

const LINK: &str = "https://survey.example.org/s/Q0f5yZ3kq8mW1vVb6f7oQy2w9JrT4xEaLh0sPn5uGdM";

impl Mail for InvitationMail {
    const TEMPLATE: &'static str = "invitation";

    fn samples() -> Vec<Self> {
        let mail = |notice: Option<&str>| Self {
            name: "Dr Sample".to_owned(),
            group: "Lea & Valley <PBC> Group".to_owned(),
            region: "East of England".to_owned(),
            link: LINK.to_owned(),
            close_date: "Friday 14 December 2007".to_owned(),
            close_time: "5pm".to_owned(),
            publish_date: "Monday 7 January 2008".to_owned(),
            smallest: "5".to_owned(),
            smallest_groups: "3".to_owned(),
            contact: "survey@example.org".to_owned(),
            team: "Independent Survey Office".to_owned(),
            notice: notice.map(str::to_owned),
        };
        vec![mail(None), mail(Some(TEST))]
    }
}

impl Mail for ReminderMail {
    const TEMPLATE: &'static str = "reminder";

    fn samples() -> Vec<Self> {
        let mail = |in_place_of: Option<&str>, notice: Option<&str>| Self {
            name: "Dr Sample".to_owned(),
            group: "Lea & Valley <PBC> Group".to_owned(),
            pct: "Mid Essex".to_owned(),
            in_place_of: in_place_of.map(str::to_owned),
            link: LINK.to_owned(),
            close_date: "Friday 14 December 2007".to_owned(),
            close_time: "5pm".to_owned(),
            contact: "survey@example.org".to_owned(),
            team: "Independent Survey Office".to_owned(),
            notice: notice.map(str::to_owned),
        };
        vec![mail(None, None), mail(Some("Dr Lead"), Some(TEST))]
    }
}

impl Mail for DeputyMail {
    const TEMPLATE: &'static str = "deputy";

    fn samples() -> Vec<Self> {
        let mail = |notice: Option<&str>| Self {
            name: "Ms Sample".to_owned(),
            lead: "Dr O'Lead".to_owned(),
            group: "Lea & Valley <PBC> Group".to_owned(),
            region: "East of England".to_owned(),
            link: LINK.to_owned(),
            close_date: "Friday 14 December 2007".to_owned(),
            close_time: "5pm".to_owned(),
            smallest: "5".to_owned(),
            smallest_groups: "3".to_owned(),
            contact: "survey@example.org".to_owned(),
            team: "Independent Survey Office".to_owned(),
            notice: notice.map(str::to_owned),
        };
        vec![mail(None), mail(Some(TEST))]
    }
}

impl Mail for LostLinkMail {
    const TEMPLATE: &'static str = "lost_link";

    fn samples() -> Vec<Self> {
        let mail = |notice: Option<&str>| Self {
            name: "Dr Sample".to_owned(),
            group: "Lea & Valley <PBC> Group".to_owned(),
            link: LINK.to_owned(),
            close_date: "Friday 14 December 2007".to_owned(),
            close_time: "5pm".to_owned(),
            contact: "survey@example.org".to_owned(),
            team: "Independent Survey Office".to_owned(),
            notice: notice.map(str::to_owned),
        };
        vec![mail(None), mail(Some(TEST))]
    }
}
