//! Settings of how staff sign in: the second step, sessions, and an identity provider.

use std::path::PathBuf;

use url::Url;

/// Whether accounts of the survey office need a second step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondStepRule {
    /// Whoever wants one sets it up.
    Optional,
    /// Nothing else opens until it is set up.
    Required,
}

impl SecondStepRule {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

/// An identity provider, spoken to in `OpenID` Connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// Its address, as it names itself.
    pub issuer: String,
    /// What it calls this service.
    pub client_id: String,
    /// The file of the secret that it shares with this service.
    pub client_secret_file: PathBuf,
    /// What people call it: `Sign in with …`.
    pub name: String,
}

pub(super) fn second_step(text: Option<&str>, faults: &mut Vec<String>) -> SecondStepRule {
    match text {
        None | Some("optional") => SecondStepRule::Optional,
        Some("required") => SecondStepRule::Required,
        Some(other) => {
            faults
                .push(format!("  SOUNDINGS_SECOND_STEP is {other:?}; write optional or required"));
            SecondStepRule::Required
        }
    }
}

pub(super) fn idle_minutes(minutes: u32, faults: &mut Vec<String>) -> u32 {
    if !(5..=720).contains(&minutes) {
        faults
            .push(format!("  SOUNDINGS_SESSION_IDLE_MINUTES is {minutes}; write 5 to 720 minutes"));
    }
    minutes
}

/// The settings of an identity provider as they were written: all or none.
pub(super) struct Written {
    pub(super) issuer: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) client_secret_file: Option<String>,
    pub(super) name: Option<String>,
}

pub(super) fn oidc(written: Written, faults: &mut Vec<String>) -> Option<OidcSettings> {
    let Written { issuer, client_id, client_secret_file, name } = written;
    if issuer.is_none() && client_id.is_none() && client_secret_file.is_none() && name.is_none() {
        return None;
    }
    let mut needed = |name: &str, value: Option<String>| {
        if value.is_none() {
            faults.push(format!(
                "  SOUNDINGS_OIDC_{name} is not set; an identity provider needs SOUNDINGS_OIDC_ISSUER, SOUNDINGS_OIDC_CLIENT_ID and SOUNDINGS_OIDC_CLIENT_SECRET_FILE"
            ));
        }
        value.unwrap_or_default()
    };
    let found = OidcSettings {
        issuer: needed("ISSUER", issuer),
        client_id: needed("CLIENT_ID", client_id),
        client_secret_file: PathBuf::from(needed("CLIENT_SECRET_FILE", client_secret_file)),
        name: name.unwrap_or_else(|| "your work account".to_owned()),
    };
    if !found.issuer.is_empty() && !is_safe_issuer(&found.issuer) {
        faults.push(format!(
            "  SOUNDINGS_OIDC_ISSUER is {:?}; write the provider's https address as it names itself, without ? or #",
            found.issuer
        ));
    }
    let file = &found.client_secret_file;
    let empty = |text: String| text.trim().is_empty();
    if !file.as_os_str().is_empty() && std::fs::read_to_string(file).map_or(true, empty) {
        faults.push(format!(
            "  SOUNDINGS_OIDC_CLIENT_SECRET_FILE is {:?}; name a file that holds the secret and can be read",
            file.display().to_string()
        ));
    }
    Some(found)
}

/// Encrypted, or on this machine.
fn is_safe_issuer(issuer: &str) -> bool {
    let Ok(url) = Url::parse(issuer) else { return false };
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let encrypted = url.scheme() == "https" || (url.scheme() == "http" && here);
    encrypted && url.username().is_empty() && url.query().is_none() && url.fragment().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_provider_is_set_wholly_or_not_at_all() {
        let none =
            || Written { issuer: None, client_id: None, client_secret_file: None, name: None };
        let mut faults = Vec::new();
        assert_eq!((oidc(none(), &mut faults), faults.len()), (None, 0));
        let alone = Written { name: Some("NHS login".to_owned()), ..none() };
        oidc(alone, &mut faults);
        assert_eq!(faults.len(), 3, "{faults:?}");
    }

    #[test]
    fn an_issuer_is_encrypted_or_on_this_machine() {
        for good in
            ["https://id.example.org", "https://id.example.org/t/v2.0", "http://127.0.0.1:9"]
        {
            assert!(is_safe_issuer(good), "{good}");
        }
        for bad in [
            "http://id.example.org",
            "id.example.org",
            "https://u@id.example.org",
            "https://id.example.org?x=1",
            "http://127.0.0.1.example.org",
        ] {
            assert!(!is_safe_issuer(bad), "{bad}");
        }
    }
}
