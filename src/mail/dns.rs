//! What the DNS says about a sender's domain: by these records other mail systems
//! decide whether a mail is really from there. Looks only; decides nothing.
//!
//! Sources: RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC).

use std::net::SocketAddr;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;

/// Who is asked.
pub struct Dns(TokioResolver);

/// A question that got no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the DNS gives no answer: {0}")]
pub struct DnsSilent(String);

/// The records of a sender's domain; each none if there is no such record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderRecords {
    /// Who may send for the domain. More than one are a fault (RFC 7208, 4.5).
    pub spf: Vec<String>,
    /// The keys of signatures: name and record.
    pub dkim: Vec<(String, Option<String>)>,
    /// What becomes of mails that fail.
    pub dmarc: Option<String>,
}

impl Dns {
    /// The name server of the settings, or those of the system.
    ///
    /// # Errors
    /// If the system names none.
    pub fn new(server: Option<SocketAddr>) -> Result<Self, DnsSilent> {
        let silent = |error: &dyn std::fmt::Display| DnsSilent(error.to_string());
        let builder = match server {
            None => TokioResolver::builder_tokio().map_err(|error| silent(&error))?,
            Some(server) => {
                let mut named = NameServerConfig::udp_and_tcp(server.ip());
                for connection in &mut named.connections {
                    connection.port = server.port();
                }
                let config = ResolverConfig::from_name_servers(vec![named]);
                TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
        };
        Ok(Self(builder.build().map_err(|error| silent(&error))?))
    }

    /// The text records of a name; none if there is no such name.
    ///
    /// # Errors
    /// If no server answers.
    async fn texts(&self, name: &str) -> Result<Vec<String>, DnsSilent> {
        match self.0.txt_lookup(format!("{name}.")).await {
            Ok(found) => Ok(found
                .answers()
                .iter()
                .filter_map(|record| match &record.data {
                    RData::TXT(text) => Some(text.txt_data.concat()),
                    _ => None,
                })
                .map(|text| String::from_utf8_lossy(&text).into_owned())
                .collect()),
            Err(error) if error.is_no_records_found() || error.is_nx_domain() => Ok(Vec::new()),
            Err(error) => Err(DnsSilent(error.to_string())),
        }
    }

    /// What the DNS says about a sender's domain and the keys of these names.
    ///
    /// # Errors
    /// If no server answers.
    pub async fn records(&self, domain: &str, keys: &[String]) -> Result<SenderRecords, DnsSilent> {
        let begins =
            |with: &'static str| move |text: &String| text.to_ascii_lowercase().starts_with(with);
        let spf = self.texts(domain).await?.into_iter().filter(begins("v=spf1")).collect();
        let mut dkim = Vec::new();
        for name in keys {
            dkim.push((name.clone(), self.texts(name).await?.into_iter().next()));
        }
        let dmarc = self.texts(&format!("_dmarc.{domain}")).await?;
        let dmarc = dmarc.into_iter().find(begins("v=dmarc1"));
        Ok(SenderRecords { spf, dkim, dmarc })
    }
}
