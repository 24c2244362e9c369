//! What is set, and where each value came from: for `soundings doctor`. Shows no
//! password.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Environment, Settings};

/// Which settings somebody set, and where.
#[derive(Clone, Default)]
pub(super) struct Sources {
    environment: BTreeSet<String>,
    file: BTreeSet<String>,
}

impl Sources {
    pub(super) fn of(environment: &Environment, file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let table = text.parse::<toml::Table>().unwrap_or_default();
        let set = environment.0.iter().filter(|(_, value)| !value.is_empty());
        Self {
            environment: set.map(|(name, _)| name.clone()).collect(),
            file: table.keys().map(|key| format!("SOUNDINGS_{}", key.to_uppercase())).collect(),
        }
    }

    fn of_setting(&self, name: &str) -> &'static str {
        if self.environment.contains(name) {
            "environment"
        } else if self.file.contains(name) {
            "soundings.toml"
        } else {
            "default"
        }
    }
}

/// An address without the password in it.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((login, place)) => {
            let user = login.split(':').next().unwrap_or_default();
            let hidden = if login.contains(':') { ":…" } else { "" };
            format!("{scheme}://{user}{hidden}@{place}")
        }
        None => url.to_owned(),
    }
}

impl Settings {
    /// Every setting with its value and where that came from: `environment`,
    /// `soundings.toml` or `default`.
    #[must_use]
    pub fn in_force(&self) -> Vec<(&'static str, String, &'static str)> {
        let path = |path: &Path| path.display().to_string();
        let maybe = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        let keys = self.mail_dkim_keys.iter();
        let keys: Vec<String> =
            keys.map(|key| format!("{}:{}", key.selector, path(&key.path))).collect();
        let imap = self.mail_bounce_imap.as_ref().map(|_| "a mailbox".to_owned());
        let rate = |most: u32| if most == 0 { "no limit".to_owned() } else { most.to_string() };
        let oidc = self.oidc.as_ref();
        let all = [
            ("SOUNDINGS_DATA", path(&self.data)),
            ("SOUNDINGS_DATABASE_URL", without_password(&self.database_url)),
            ("SOUNDINGS_BIND", self.bind.to_string()),
            ("SOUNDINGS_BASE_URL", self.base_url.clone()),
            ("SOUNDINGS_MAIL_URL", without_password(&self.mail_url)),
            ("SOUNDINGS_MAIL_FROM", self.mail_from.clone()),
            ("SOUNDINGS_MAIL_BOUNCE", maybe(self.mail_bounce.clone())),
            ("SOUNDINGS_MAIL_BOUNCE_MAILDIR", maybe(self.mail_bounce_maildir.as_deref().map(path))),
            ("SOUNDINGS_MAIL_BOUNCE_IMAP", maybe(imap)),
            ("SOUNDINGS_MAIL_PER_MINUTE", rate(self.mail_per_minute)),
            ("SOUNDINGS_MAIL_PER_DOMAIN", rate(self.mail_per_domain)),
            ("SOUNDINGS_MAIL_CONNECTIONS", self.mail_connections.to_string()),
            ("SOUNDINGS_MAIL_DKIM_KEY_FILES", maybe((!keys.is_empty()).then(|| keys.join(",")))),
            ("SOUNDINGS_DNS", maybe(self.dns.map(|dns| dns.to_string()))),
            ("SOUNDINGS_MASTER_KEY_FILE", path(&self.master_key_file)),
            ("SOUNDINGS_OFFICE_NAME", self.office.name.clone()),
            ("SOUNDINGS_OFFICE_CONTACT", self.office.contact.clone()),
            ("SOUNDINGS_OFFICE_LOGO", maybe(self.office.logo.as_deref().map(path))),
            ("SOUNDINGS_OFFICE_COLOUR", maybe(self.office.colour.clone())),
            ("SOUNDINGS_REGION_CODE", self.region.code.clone()),
            ("SOUNDINGS_REGION_NAME", self.region.name.clone()),
            ("SOUNDINGS_K", self.k.to_string()),
            ("SOUNDINGS_MIN_GROUPS", self.min_groups.to_string()),
            ("SOUNDINGS_TWO_PEOPLE", if self.two_people { "on" } else { "off" }.to_owned()),
            ("SOUNDINGS_SECOND_STEP", self.second_step.word().to_owned()),
            ("SOUNDINGS_SESSION_IDLE_MINUTES", self.session_idle_minutes.to_string()),
            ("SOUNDINGS_OIDC_ISSUER", maybe(oidc.map(|of| of.issuer.clone()))),
            ("SOUNDINGS_OIDC_CLIENT_ID", maybe(oidc.map(|of| of.client_id.clone()))),
            (
                "SOUNDINGS_OIDC_CLIENT_SECRET_FILE",
                maybe(oidc.map(|of| path(&of.client_secret_file))),
            ),
            ("SOUNDINGS_OIDC_NAME", maybe(oidc.map(|of| of.name.clone()))),
            ("SOUNDINGS_COMMENT_READERS", self.comment_readers.to_string()),
        ];
        all.into_iter().map(|(name, value)| (name, value, self.sources.of_setting(name))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(
            without_password("smtps://office:s3cret@mail.example.org:465"),
            "smtps://office:…@mail.example.org:465"
        );
        assert_eq!(without_password("sqlite:data/x.db"), "sqlite:data/x.db");
        assert_eq!(without_password("smtp://127.0.0.1:25"), "smtp://127.0.0.1:25");
    }

    #[test]
    fn every_value_says_where_it_came_from() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("soundings.toml"), "office_name = \"Us\"\nk = 6\n")
            .expect("written");
        let settings = Settings::load(Environment::of([
            ("SOUNDINGS_DATA", folder.path().display().to_string()),
            ("SOUNDINGS_K", "7".to_owned()),
        ]))
        .expect("settings");
        let said = settings.in_force();
        let of = |wanted: &str| {
            let found = said.iter().find(|(name, ..)| *name == wanted).expect(wanted);
            (found.1.as_str(), found.2)
        };
        assert_eq!(of("SOUNDINGS_DATA").1, "environment");
        assert_eq!(of("SOUNDINGS_OFFICE_NAME"), ("Us", "soundings.toml"));
        assert_eq!(of("SOUNDINGS_K"), ("7", "environment"));
        assert_eq!(of("SOUNDINGS_REGION_NAME"), ("East of England", "default"));
    }
}
