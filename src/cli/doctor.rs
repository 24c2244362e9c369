//! `soundings doctor`: what is set, and whether database, keys, mail server and the
//! sender's DNS records are as they must be. Changes nothing and sends no mail.

use anyhow::{Result, bail};
use serde_json::json;

use crate::config::{Environment, Settings};
use crate::flow::{self, House};
use crate::keyring::Secret;
use crate::mail::{DkimSigner, Dns, ProbeReport, SenderRecords, Transport};
use crate::wave::State;

use super::{Output, open_at, say};

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Good,
    /// Works, and could be better.
    Look,
    Bad,
}

/// What was found about one thing.
struct Finding {
    about: &'static str,
    health: Health,
    said: String,
}

fn finding(about: &'static str, health: Health, said: impl Into<String>) -> Finding {
    Finding { about, health, said: said.into() }
}

pub(super) fn run(output: Output, environment: Environment) -> Result<()> {
    let settings = Settings::load(environment)?;
    let in_force = settings.in_force();
    let mut findings = Vec::new();
    let transport = Transport::open(&settings.mail_url)?;
    let dns = settings.dns;
    match open_at(settings.clone(), false) {
        Ok(house) => {
            let said = format!("{} is reached and at this version", house.store.kind());
            findings.push(finding("database", Health::Good, said));
            findings.extend(keys(&house)?);
            findings.push(match flow::check_trail(&house) {
                Ok(entries) => {
                    let said = format!("the audit trail is whole: {entries} entries");
                    finding("trail", Health::Good, said)
                }
                Err(error) => finding("trail", Health::Bad, error.to_string()),
            });
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            findings.extend(runtime.block_on(mail(&house, &transport, dns)));
        }
        Err(error) => findings.push(finding("database", Health::Bad, super::said(&error))),
    }
    tell(output, &in_force, &findings)?;
    match findings.iter().filter(|one| one.health == Health::Bad).count() {
        0 => Ok(()),
        1 => bail!("one thing is not as it must be"),
        many => bail!("{many} things are not as they must be"),
    }
}

fn tell(
    output: Output,
    settings: &[(&'static str, String, &'static str)],
    findings: &[Finding],
) -> Result<()> {
    let word = |health| match health {
        Health::Good => "good",
        Health::Look => "look",
        Health::Bad => "bad",
    };
    if output.json {
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, value, source)| json!({"name": name, "value": value, "from": source}))
            .collect();
        let findings: Vec<_> = findings
            .iter()
            .map(|one| json!({"about": one.about, "health": word(one.health), "said": one.said}))
            .collect();
        return say(&format!("{:#}", json!({"settings": settings, "findings": findings})));
    }
    say("Settings in force")?;
    let width = settings.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
    for (name, value, source) in settings {
        say(&format!("  {name:width$}  {value}  ({source})"))?;
    }
    say("\nFound")?;
    for Finding { about, health, said } in findings {
        say(&format!("  {:4}  {about}: {said}", word(*health)))?;
    }
    Ok(())
}

/// Whether the keys of waves that need them are on this machine.
fn keys(house: &House) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for wave in house.store.read(|tx| tx.waves())? {
        if wave.state != State::Open {
            continue;
        }
        let (custody, _) = house.store.read(|tx| tx.custody(&wave.code))?;
        let mut secrets = vec![Secret::Links, Secret::Drafts];
        if custody.is_elsewhere() {
            let said =
                format!("the ballot box key of wave {} is {}", wave.code, custody.with_holders());
            found.push(finding("keys", Health::Good, said));
        } else {
            secrets.push(Secret::BallotBox);
        }
        for secret in secrets {
            found.push(match house.keyring.get(&wave.code, secret) {
                Ok(_) => {
                    let said = format!("the {secret} of wave {} opens", wave.code);
                    finding("keys", Health::Good, said)
                }
                Err(error) => finding("keys", Health::Bad, error.to_string()),
            });
        }
    }
    if found.is_empty() {
        found.push(finding("keys", Health::Good, "the master key is there; no wave is open"));
    }
    Ok(found)
}

async fn mail(
    house: &House,
    transport: &Transport,
    dns: Option<std::net::SocketAddr>,
) -> Vec<Finding> {
    let sender = match house.sender() {
        Ok(sender) => sender,
        Err(error) => return vec![finding("mail", Health::Bad, error.to_string())],
    };
    let address = sender.address();
    let mut found = probed(&transport.probe(address.expose()).await, transport);
    if matches!(transport, Transport::Smtp(_)) {
        let keys: Vec<DkimSigner> = sender.keys().to_vec();
        found.extend(records(address.domain(), &keys, dns).await);
    }
    found
}

fn probed(report: &ProbeReport, transport: &Transport) -> Vec<Finding> {
    if !matches!(transport, Transport::Smtp(_)) {
        return vec![match &report.fault {
            None => finding("mail", Health::Look, "mails go into a folder and nowhere else"),
            Some(fault) => finding("mail", Health::Bad, fault.to_string()),
        }];
    }
    let mut found = Vec::new();
    match &report.tls {
        Some(version) => {
            found.push(finding("mail", Health::Good, format!("the line is secret ({version})")));
        }
        None if report.sender_accepted => {
            let said = "the mail server is reached without TLS; only on this machine is that safe";
            found.push(finding("mail", Health::Look, said));
        }
        None => {}
    }
    if report.signed_in == Some(true) {
        found.push(finding("mail", Health::Good, "the server takes the name and password"));
    }
    found.push(match &report.fault {
        None => finding("mail", Health::Good, "the server takes mails from our sender"),
        Some(fault) => finding("mail", Health::Bad, fault.to_string()),
    });
    found
}

async fn records(
    domain: &str,
    keys: &[DkimSigner],
    dns: Option<std::net::SocketAddr>,
) -> Vec<Finding> {
    let names: Vec<String> = keys.iter().map(|key| key.dns_name(domain)).collect();
    let asked = match Dns::new(dns) {
        Ok(dns) => dns.records(domain, &names).await,
        Err(silent) => Err(silent),
    };
    match asked {
        Ok(records) => judged(domain, keys, &records),
        Err(silent) => vec![finding("DNS", Health::Look, silent.to_string())],
    }
}

/// What the records mean for mails of this domain.
fn judged(domain: &str, keys: &[DkimSigner], records: &SenderRecords) -> Vec<Finding> {
    let mut found = Vec::new();
    found.push(match records.spf.as_slice() {
        [] => finding(
            "SPF",
            Health::Bad,
            format!("{domain} has no record; add a TXT record such as v=spf1 mx -all with the servers that send"),
        ),
        [one] if one.split_whitespace().any(|part| part.eq_ignore_ascii_case("+all")) => {
            finding("SPF", Health::Bad, format!("{one} lets everybody send for {domain}"))
        }
        [one] => finding("SPF", Health::Good, one.clone()),
        _ => finding("SPF", Health::Bad, format!("{domain} has several records; one is allowed")),
    });
    if keys.is_empty() {
        let said =
            "mails are not signed here; set SOUNDINGS_MAIL_DKIM_KEY_FILES, or sign on the relay";
        found.push(finding("DKIM", Health::Look, said));
    }
    for (key, (name, record)) in keys.iter().zip(&records.dkim) {
        let ours = key.dns_record().unwrap_or_default();
        let public = |record: &str| {
            let value = record.split(';').find_map(|part| part.trim().strip_prefix("p="));
            value.unwrap_or_default().split_whitespace().collect::<String>()
        };
        found.push(match record {
            Some(record) if public(record) == public(&ours) => {
                finding("DKIM", Health::Good, format!("{name} holds our key"))
            }
            Some(_) => finding(
                "DKIM",
                Health::Bad,
                format!("{name} holds another key; it must be the TXT record {ours}"),
            ),
            None => finding(
                "DKIM",
                Health::Bad,
                format!("{name} has no record; add the TXT record {ours}"),
            ),
        });
    }
    found.push(match &records.dmarc {
        Some(record) => finding("DMARC", Health::Good, record.clone()),
        None => finding(
            "DMARC",
            Health::Look,
            format!("_dmarc.{domain} has no record; large mail providers want one, such as v=DMARC1; p=none"),
        ),
    });
    found
}
