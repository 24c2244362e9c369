//! What stands for a fact in a letter, written `{{name}}`.

/// A fact that differs from mail to mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LetterToken {
    /// Whoever the mail goes to.
    Name,
    /// The lead who asked a colleague to answer.
    Lead,
    /// The PBC group.
    Group,
    /// The PCT that the group works with.
    Pct,
    /// The region that is asked.
    Region,
    /// The wave's title.
    Wave,
    /// The personal link.
    Link,
    /// The closing day.
    CloseDate,
    /// The closing time of that day.
    CloseTime,
    /// The day of publication.
    PublishDate,
    /// Where the results are.
    ResultsLink,
    /// Fewest people behind a figure.
    Smallest,
    /// Fewest PBC groups behind a figure.
    SmallestGroups,
    /// A sentence for a colleague who answers instead; nothing for a lead.
    InPlaceOf,
    /// What was shared with the network.
    Words,
    /// How many minutes a sign-in link works.
    Minutes,
    /// Where questions go.
    ContactEmail,
    /// Where somebody says that no more mails shall come.
    OptOutLink,
    /// The survey office's name.
    Team,
}

/// Token, its name in a letter, and what it stands for in a word to the office.
const TOKENS: [(LetterToken, &str, &str); 19] = [
    (LetterToken::Name, "name", "the reader's name"),
    (LetterToken::Lead, "lead", "the lead who named this colleague"),
    (LetterToken::Group, "group", "the PBC group"),
    (LetterToken::Pct, "pct", "the PCT that the group works with"),
    (LetterToken::Region, "region", "the region"),
    (LetterToken::Wave, "wave", "the wave's title"),
    (LetterToken::Link, "link", "the personal link, in full"),
    (LetterToken::CloseDate, "close_date", "the closing day"),
    (LetterToken::CloseTime, "close_time", "the closing time"),
    (LetterToken::PublishDate, "publish_date", "the day of the results"),
    (LetterToken::ResultsLink, "results_link", "the link to the results"),
    (LetterToken::Smallest, "smallest", "fewest people behind a figure"),
    (LetterToken::SmallestGroups, "smallest_groups", "fewest PBC groups behind a figure"),
    (
        LetterToken::InPlaceOf,
        "in_place_of",
        "a sentence for a colleague who answers instead; nothing for a lead",
    ),
    (LetterToken::Words, "words", "what was shared"),
    (LetterToken::Minutes, "minutes", "how long the link works, in minutes"),
    (LetterToken::ContactEmail, "contact_email", "the address for questions"),
    (LetterToken::OptOutLink, "opt_out_link", "the link that ends all mails"),
    (LetterToken::Team, "team", "the survey office's name"),
];

impl LetterToken {
    fn entry(self) -> (&'static str, &'static str) {
        let found = TOKENS.iter().find(|(token, ..)| *token == self);
        found.map_or(("", ""), |(_, name, means)| (name, means))
    }

    /// Its name in a letter, without braces.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().0
    }

    /// What it stands for.
    #[must_use]
    pub fn means(self) -> &'static str {
        self.entry().1
    }

    /// The token of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TOKENS.iter().find(|(_, known, _)| *known == name).map(|(token, ..)| *token)
    }

    /// Whether it stands for the address of a page.
    #[must_use]
    pub fn is_link(self) -> bool {
        matches!(self, Self::Link | Self::ResultsLink | Self::OptOutLink)
    }
}
