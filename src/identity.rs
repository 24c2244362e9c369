//! An identity provider says who somebody is (`OpenID` Connect): where the browser is
//! sent, and what is believed of what comes back. Asks the provider, and knows neither
//! accounts nor sessions; no call of it may stand in a transaction.
//!
//! Everything that binds an answer to the browser that asked is made from one secret
//! in a cookie of that browser, so nothing is kept here meanwhile and any node can
//! take the answer.

use std::fmt;
use std::fs;
use std::io;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio_rustls::rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::chance::Chance;
use crate::config::{OidcSettings, Settings};
use crate::register::EmailAddress;
use crate::time::Moment;

/// Where the provider sends a browser back to, under the base URL.
pub const WAY_BACK: &str = "/sign-in/back";
/// No call of the provider takes longer.
const PATIENCE: Duration = Duration::from_secs(10);
/// No answer of a provider needs more.
const MOST_BYTES: u64 = 512 * 1024;

/// What a browser keeps while it is at the provider.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Errand([u8; 32]);

/// A text that is no errand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an errand to an identity provider")]
pub struct NotAnErrand;

/// What a browser brought back.
#[derive(Clone, Default)]
pub struct Answer {
    /// The code for which the provider tells who it was.
    pub code: Option<String>,
    /// What the provider was given for this browser.
    pub state: Option<String>,
    /// Who the provider says it is.
    pub issuer: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// Somebody for whom the provider vouches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The provider.
    pub issuer: String,
    /// What it calls the person, for ever.
    pub subject: String,
    /// Their address, of which the provider says that it is theirs.
    pub email: EmailAddress,
}

/// Why nobody is believed to be anybody.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The file of the client secret.
    #[error("the client secret cannot be read: {0}")]
    Secret(#[from] io::Error),
    /// The provider cannot be asked.
    #[error("the identity provider cannot be asked: {0}")]
    Unreachable(String),
    /// The provider did not let somebody in, or refused a code.
    #[error("the identity provider refused: {0}")]
    Refused(String),
    /// The answer belongs to another browser, or to no question of ours.
    #[error("the answer of the identity provider does not belong to this browser")]
    OtherBrowser,
    /// The provider's words do not hold.
    #[error("what the identity provider said is not to be trusted: {0}")]
    Untrusted(String),
    /// The provider does not say that the address is theirs.
    #[error("the identity provider does not vouch for an e-mail address")]
    Unverified,
}

/// An identity provider that can be asked.
#[derive(Clone)]
pub struct Provider {
    settings: OidcSettings,
    way_back: String,
    agent: Agent,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Errand {
    /// A new one.
    #[must_use]
    pub fn random(chance: &Chance) -> Self {
        Self(chance.bytes())
    }

    /// The text for the cookie alone.
    #[must_use]
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What of it goes to the provider for one end; nothing else can be made from it.
    fn made_for(&self, end: &str) -> String {
        let made = Sha256::new()
            .chain_update(b"soundings errand 1 ")
            .chain_update(end.as_bytes())
            .chain_update(self.0)
            .finalize();
        URL_SAFE_NO_PAD.encode(made)
    }
}

impl FromStr for Errand {
    type Err = NotAnErrand;
    fn from_str(text: &str) -> Result<Self, NotAnErrand> {
        let mut bytes = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(NotAnErrand),
        }
    }
}

impl fmt::Debug for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Errand(…)")
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}

/// An error with everything that led to it.
fn whole(error: &(dyn std::error::Error + 'static)) -> String {
    let (mut text, mut source) = (error.to_string(), error.source());
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn unreachable(error: impl std::error::Error + 'static) -> IdentityError {
    IdentityError::Unreachable(whole(&error))
}

fn untrusted(error: impl std::error::Error + 'static) -> IdentityError {
    IdentityError::Untrusted(whole(&error))
}

/// Speaks HTTP, and follows nobody elsewhere.
fn agent(encrypted: bool) -> Agent {
    let native = rustls_native_certs::load_native_certs().certs;
    let roots = native.iter().map(|cert| Certificate::from_der(cert).to_owned());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots.collect())))
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .https_only(encrypted)
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_global(Some(PATIENCE))
        .build()
        .into()
}

impl Provider {
    /// The provider that is set, if one is.
    #[must_use]
    pub fn of(settings: &Settings) -> Option<Self> {
        let oidc = settings.oidc.clone()?;
        Some(Self {
            agent: agent(oidc.issuer.starts_with("https://")),
            way_back: format!("{}{WAY_BACK}", settings.base_url),
            settings: oidc,
        })
    }

    fn ask(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let (head, body) = request.into_parts();
        let answered = if body.is_empty() {
            self.agent.run(ureq::http::Request::from_parts(head, ()))
        } else {
            self.agent.run(ureq::http::Request::from_parts(head, body))
        };
        let (head, mut body) = answered?.into_parts();
        let bytes = body.with_config().limit(MOST_BYTES).read_to_vec()?;
        Ok(HttpResponse::from_parts(head, bytes))
    }

    /// The provider as it describes itself at this moment, its keys among it: they
    /// change.
    fn client(&self) -> Result<Client, IdentityError> {
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(untrusted)?;
        let ask = |request| self.ask(request);
        let known = CoreProviderMetadata::discover(&issuer, &ask).map_err(unreachable)?;
        let secret = Zeroizing::new(fs::read_to_string(&self.settings.client_secret_file)?);
        let secret = ClientSecret::new(secret.trim().to_owned());
        let id = ClientId::new(self.settings.client_id.clone());
        let back = RedirectUrl::new(self.way_back.clone()).map_err(untrusted)?;
        Ok(CoreClient::from_provider_metadata(known, id, Some(secret)).set_redirect_uri(back))
    }

    /// Where to send a browser that keeps this errand.
    ///
    /// # Errors
    /// If the provider cannot be asked.
    pub fn begin(&self, errand: &Errand) -> Result<Url, IdentityError> {
        let verifier = PkceCodeVerifier::new(errand.made_for("verifier"));
        let (state, nonce) = (errand.made_for("state"), errand.made_for("nonce"));
        let (url, _, _) = self
            .client()?
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url)
    }

    /// Who came back with this answer and this errand.
    ///
    /// # Errors
    /// If the answer is not to the browser's own errand, the provider did not let them
    /// in, its words do not hold, or it does not vouch for their address.
    pub fn finish(
        &self,
        answer: &Answer,
        errand: &Errand,
        now: Moment,
    ) -> Result<Verified, IdentityError> {
        let state = answer.state.as_deref().unwrap_or_default();
        if !bool::from(state.as_bytes().ct_eq(errand.made_for("state").as_bytes())) {
            return Err(IdentityError::OtherBrowser);
        }
        if answer.issuer.as_ref().is_some_and(|issuer| *issuer != self.settings.issuer) {
            return Err(IdentityError::Untrusted("it came from another provider".to_owned()));
        }
        let Some(code) = answer.code.clone().filter(|_| answer.error.is_none()) else {
            let why = answer.error.as_deref().unwrap_or("no code came");
            let plain = why.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
            return Err(IdentityError::Refused(plain));
        };
        let client = self.client()?;
        let ask = |request| self.ask(request);
        let told: CoreTokenResponse = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(untrusted)?
            .set_pkce_verifier(PkceCodeVerifier::new(errand.made_for("verifier")))
            .request(&ask)
            .map_err(|error| match error {
                openidconnect::RequestTokenError::ServerResponse(said) => {
                    IdentityError::Refused(said.error().to_string())
                }
                other => unreachable(other),
            })?;
        let claims = trusted(&client, &told, errand, now)?;
        self.vouched_for(&client, &told, &claims)
    }

    /// The person of these claims, if their address is theirs. Providers tell the
    /// address in the token or on being asked with it.
    fn vouched_for(
        &self,
        client: &Client,
        told: &CoreTokenResponse,
        claims: &CoreIdTokenClaims,
    ) -> Result<Verified, IdentityError> {
        let (mut email, mut theirs) = (claims.email().cloned(), claims.email_verified());
        if email.is_none() {
            let ask = |request| self.ask(request);
            let subject = Some(claims.subject().clone());
            let more: CoreUserInfoClaims = client
                .user_info(told.access_token().clone(), subject)
                .map_err(|_| IdentityError::Unverified)?
                .request(&ask)
                .map_err(untrusted)?;
            (email, theirs) = (more.email().cloned(), more.email_verified());
        }
        let email = email.filter(|_| theirs == Some(true)).ok_or(IdentityError::Unverified)?;
        Ok(Verified {
            issuer: self.settings.issuer.clone(),
            subject: claims.subject().to_string(),
            email: email.parse().map_err(|_| IdentityError::Unverified)?,
        })
    }
}

/// What the provider says, if it says it to us, now, to this browser, and signed it.
fn trusted(
    client: &Client,
    told: &CoreTokenResponse,
    errand: &Errand,
    now: Moment,
) -> Result<CoreIdTokenClaims, IdentityError> {
    use CoreJwsSigningAlgorithm as Signed;
    let token = told.id_token();
    let token = token.ok_or_else(|| IdentityError::Untrusted("it gave no token".to_owned()))?;
    // Signed by a key that only the provider has: neither by the secret that both know,
    // nor by nothing.
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs([
            Signed::RsaSsaPkcs1V15Sha256,
            Signed::RsaSsaPkcs1V15Sha384,
            Signed::RsaSsaPkcs1V15Sha512,
            Signed::RsaSsaPssSha256,
            Signed::RsaSsaPssSha384,
            Signed::RsaSsaPssSha512,
            Signed::EcdsaP256Sha256,
            Signed::EcdsaP384Sha384,
            Signed::EdDsa,
        ])
        .set_time_fn(move || now.to_datetime());
    let nonce = Nonce::new(errand.made_for("nonce"));
    let claims = token.claims(&verifier, &nonce).map_err(untrusted)?;
    if let Some(wanted) = claims.access_token_hash() {
        let by = token.signing_alg().map_err(untrusted)?;
        let key = token.signing_key(&verifier).map_err(untrusted)?;
        let found = AccessTokenHash::from_token(told.access_token(), by, key).map_err(untrusted)?;
        if found != *wanted {
            return Err(IdentityError::Untrusted("its tokens do not go together".to_owned()));
        }
    }
    Ok(claims.clone())
}
