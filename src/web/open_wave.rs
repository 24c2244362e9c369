//! Opening a wave from the browser: what to look at first, the key, and the button.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::custody::{Custody, HeldKeyFault, Passphrase, ShareCount, Split};
use crate::flow::{self, FlowError, Handed, House, KeyPlan, KeyWish, OpeningChecks, RATES};
use crate::id::WaveCode;
use crate::mail::{Sender, Transport};
use crate::pages::{
    ActField, ActPage, AreaView, ChoiceView, ChoicesView, Fact, FieldView, HandedView, Layout,
    Link, PlainList, PlainRow, PlainTable,
};
use crate::trail::Act;
use crate::wave::Wave;

use super::error::WebError;
use super::frame::{capital, frame};
use super::sent::Files;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};
use super::{given_key, second};

/// The mail server answers within this time, or it is said that it does not.
const PROBE: Duration = Duration::from_secs(5);

pub(super) fn code(text: &str) -> Result<WaveCode, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

/// What is around a page about an act on a wave.
pub(super) fn layout(house: &House, visitor: &Visitor, wave: &Wave, title: &str) -> Layout {
    frame(house, visitor).at("/office").page(title).notice(wave.purpose.notice()).trail(vec![
        Link::new("Survey office", "/office"),
        Link::new(wave.title.clone(), format!("/office/waves/{}", wave.code)),
    ])
}

/// The help on a task.
pub(super) fn help(task: &str) -> Link {
    Link::new("Help with this", format!("/office/help/{task}"))
}

/// Whether mails would go, in a sentence.
pub(super) async fn sender(house: &House) -> String {
    let (Ok(transport), Ok(sender)) =
        (Transport::open(&house.settings.mail_url), Sender::of(&house.settings, None))
    else {
        return "The settings of mail cannot be used: see soundings doctor.".to_owned();
    };
    if let Some(folder) = house.settings.outbox_folder() {
        let folder = folder.display();
        return format!("Mails go nowhere but into the folder {folder} on the server.");
    }
    let probed = tokio::time::timeout(PROBE, transport.probe(sender.address().expose())).await;
    match probed {
        Err(_) => "The mail server does not answer.".to_owned(),
        Ok(report) => report.fault.map_or_else(
            || "The mail server answers and takes mails of this sender.".to_owned(),
            |said| format!("The mail server refuses: {said}"),
        ),
    }
}

fn forecast(checks: &OpeningChecks) -> PlainTable {
    let mut heads = vec!["PCT".to_owned(), "Groups".to_owned(), "Leads".to_owned()];
    heads.extend(RATES.map(|percent| format!("{percent}% answer")));
    let rows = checks.units.iter().map(|unit| PlainRow {
        name: unit.name.clone(),
        cells: [unit.groups.to_string(), unit.leads.to_string()]
            .into_iter()
            .chain(unit.at.map(|at| at.in_words().to_owned()))
            .collect(),
    });
    PlainTable {
        id: "table-forecast".to_owned(),
        caption: format!(
            "Whose figures could be shown, by the rule of at least {} answers from {} PBC groups",
            checks.wave.smallest, checks.wave.smallest_groups
        ),
        heads,
        rows: rows.collect(),
    }
}

fn lists(checks: &OpeningChecks) -> Vec<PlainList> {
    let list = |heading: &str, items: &[String]| {
        (!items.is_empty())
            .then(|| PlainList { heading: heading.to_owned(), items: items.to_vec() })
    };
    let without = list("PBC groups that nobody would answer for", &checks.without_lead);
    let stopped = list("Leads to whom no mail goes, by group", &checks.stopped);
    without.into_iter().chain(stopped).collect()
}

async fn open_page(
    request: &HttpRequest,
    house: &TheHouse,
    code: &WaveCode,
    fault: Option<&HeldKeyFault>,
) -> Result<ActPage, WebError> {
    let visitor = Visitor::of(request, house).await?;
    let of = code.clone();
    let checks = house.blocking(move |house| flow::opening_checks(house, &of)).await?;
    let wave = &checks.wave;
    wave.clone().open(house.now()).map_err(FlowError::from)?;
    let here = format!("/office/waves/{code}/open");
    let (second, may) = second::view(house, Act::WAVE_OPENED, code, "", &here).await?;
    let (key, custody) = match &checks.key {
        None => ("on the server, wrapped by its master key".to_owned(), Custody::Server),
        Some(key) => {
            let said = format!("{}; fingerprint {}", key.custody.with_holders(), key.fingerprint);
            (said, key.custody.clone())
        }
    };
    let mut page =
        ActPage::new(layout(house, &visitor, wave, "Open the wave"), &wave.title, "Open the wave");
    page.told = vec![
        format!(
            "{} leads are asked. Invitations go {}; answers are taken until {}.",
            checks.leads,
            if wave.opens > house.now() {
                format!("at {}", wave.opens.in_words_with_time())
            } else {
                "at once".to_owned()
            },
            wave.closes.in_words_with_time()
        ),
        "From then on the register may change and this wave stays as it was opened: its leads, their groups and PCTs, and its questions.".to_owned(),
    ];
    page.facts = vec![
        Fact::new("Sending", sender(house).await),
        Fact::new("The key is", key),
        Fact::new("Results", wave.publishes.in_words_with_time()),
    ];
    page.lists = lists(&checks);
    page.tables = vec![forecast(&checks)];
    page.warning = Some("Invitations cannot be called back. The key opens a dummy envelope first; if it does not, nothing is sent.".to_owned());
    page.links = vec![
        Link::new(
            if checks.key.is_some() {
                "Keep the key otherwise"
            } else {
                "Let the key leave the server"
            },
            format!("/office/waves/{code}/key"),
        ),
        help("opening"),
    ];
    page.second = second;
    let fields = given_key::fields(&custody, fault);
    Ok(if may { page.asking(fields).button("Open the wave", &here) } else { page })
}

pub(super) async fn form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    ok(&house, &open_page(&request, &house, &code(&path)?, None).await?)
}

pub(super) async fn open(
    path: web::Path<String>,
    request: HttpRequest,
    files: Files,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let of = code.clone();
    let prepared = house.blocking(move |house| flow::prepared_key(house, &of)).await?;
    let plan = match prepared {
        None => Ok(KeyPlan::Server),
        Some(key) => given_key::read(&key.custody, &files).map(KeyPlan::Prepared),
    };
    let of = code.clone();
    let done = match plan {
        Ok(plan) => house.blocking(move |house| flow::open_wave(house, &of, &plan)).await,
        Err(fault) => Err(fault.into()),
    };
    match done {
        Ok(_) => Ok(see_other(&format!("/office/waves/{code}?done=opened"))),
        Err(FlowError::HeldKey(fault)) => {
            let page = open_page(&request, &house, &code, Some(&fault)).await?;
            Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
        Err(other) => Err(other.into()),
    }
}

/// What is wrong with the wish for a key, by field.
#[derive(Default)]
struct WishFaults {
    how: Option<String>,
    passphrase: Option<String>,
    holders: Option<String>,
}

fn wish(files: &Files) -> Result<KeyWish, WishFaults> {
    let field = |name: &str| files.field(name).unwrap_or_default();
    match field("how") {
        "file" => {
            let typed = field("passphrase");
            if typed != field("again") {
                let said = "The passphrase was not typed the same twice".to_owned();
                return Err(WishFaults { passphrase: Some(said), ..WishFaults::default() });
            }
            let chosen = Passphrase::chosen(typed).map(KeyWish::File);
            chosen.map_err(|weak| WishFaults {
                passphrase: Some(capital(&weak.to_string())),
                ..WishFaults::default()
            })
        }
        "shares" => {
            let holders: Vec<String> = field("holders")
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect();
            let count: Result<ShareCount, _> =
                format!("{}of{}", field("needed").trim(), holders.len()).parse();
            let split = count.and_then(|count| Split::new(count, &holders));
            split.map(KeyWish::Shares).map_err(|bad| WishFaults {
                holders: Some(capital(&bad.to_string())),
                ..WishFaults::default()
            })
        }
        _ => Err(WishFaults {
            how: Some("Choose how the key is kept".to_owned()),
            ..WishFaults::default()
        }),
    }
}

fn key_fields(files: Option<&Files>, faults: WishFaults) -> Vec<ActField> {
    let field = |name: &str| files.and_then(|files| files.field(name)).unwrap_or_default();
    let choice = |value: &str, label: &str, hint: &str| ChoiceView {
        id: format!("how-{value}"),
        value: value.to_owned(),
        label: label.to_owned(),
        hint: Some(hint.to_owned()),
        checked: field("how") == value,
    };
    let secret = |id: &str, label: &str| FieldView {
        kind: "password".to_owned(),
        autocomplete: "new-password".to_owned(),
        ..FieldView::text(id, label)
    };
    vec![
        ChoicesView {
            id: "how".to_owned(),
            legend: "How is the key kept?".to_owned(),
            hint: None,
            kind: "radio".to_owned(),
            is_radio: true,
            options: vec![
                choice(
                    "file",
                    "As a file that a passphrase opens",
                    "One person can close the wave.",
                ),
                choice(
                    "server",
                    "On the server, wrapped by its master key",
                    "Simplest. A key made before is forgotten.",
                ),
                choice(
                    "shares",
                    "As shares for several people",
                    "So many of them are needed together.",
                ),
            ],
            error: faults.how,
        }
        .into(),
        secret("passphrase", "Passphrase of the file")
            .hint(
                "At least 15 characters. Four or five words that do not belong together are good.",
            )
            .sent("", faults.passphrase)
            .into(),
        secret("again", "The passphrase again").into(),
        FieldView::text("needed", "How many shares are needed together?")
            .sent(if files.is_some() { field("needed") } else { "2" }, None)
            .into(),
        AreaView {
            id: "holders".to_owned(),
            label: "Who holds a share?".to_owned(),
            hint: Some(
                "A name or an office on each line, for example: Chair of the LMC.".to_owned(),
            ),
            max_chars: 1000,
            value: field("holders").to_owned(),
            error: faults.holders,
        }
        .into(),
    ]
}

fn key_page(house: &House, visitor: &Visitor, wave: &Wave) -> ActPage {
    let heading = "Let the key leave the server";
    let mut page = ActPage::new(layout(house, visitor, wave, heading), &wave.title, heading);
    page.told = vec![
        "Answers are sealed to a key. If it leaves the server, whoever has the server cannot open an answer before closing, and nobody can without its holders.".to_owned(),
        "The key is made now and shown once. The server keeps only what seals. To open the wave, the holders give the key back on the next page: that shows that they have it.".to_owned(),
    ];
    page.warning =
        Some("If the key is lost after opening, nobody can ever count this wave.".to_owned());
    page.links = vec![
        Link::new("Back to opening", format!("/office/waves/{}/open", wave.code)),
        help("opening"),
    ];
    page
}

pub(super) async fn key_form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let visitor = Visitor::of(&request, &house).await?;
    let wave = house.blocking(move |house| Ok(flow::wave_status(house, &code)?.wave)).await?;
    let page = key_page(&house, &visitor, &wave)
        .asking(key_fields(None, WishFaults::default()))
        .button("Make the key", &format!("/office/waves/{}/key", wave.code));
    ok(&house, &page)
}

fn handed_view((number, handed): (usize, &Handed)) -> HandedView {
    HandedView {
        id: format!("handed-{number}"),
        name: handed.name.clone(),
        holder: handed.holder.clone(),
        text: handed.text.to_string(),
        href: format!(
            "data:text/plain;charset=utf-8;base64,{}",
            STANDARD.encode(handed.text.as_bytes())
        ),
    }
}

/// Makes the key and shows it, this once.
pub(super) async fn make_key(
    path: web::Path<String>,
    request: HttpRequest,
    files: Files,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let visitor = Visitor::of(&request, &house).await?;
    let of = code.clone();
    let wave = house.blocking(move |house| Ok(flow::wave_status(house, &of)?.wave)).await?;
    if files.field("how") == Some("server") {
        let of = code.clone();
        house
            .blocking(move |house| Ok(house.store.write(|tx| tx.delete_prepared_key(&of))?))
            .await?;
        return Ok(see_other(&format!("/office/waves/{code}/open")));
    }
    let wish = match wish(&files) {
        Ok(wish) => wish,
        Err(faults) => {
            let page = key_page(&house, &visitor, &wave)
                .asking(key_fields(Some(&files), faults))
                .button("Make the key", &format!("/office/waves/{code}/key"));
            return Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?);
        }
    };
    let of = code.clone();
    let handed = house.blocking(move |house| flow::make_key(house, &of, &wish)).await?;
    let heading = "Hand the key out";
    let mut page = ActPage::new(layout(&house, &visitor, &wave, heading), &wave.title, heading);
    page.told = vec![
        "Save or print each part for whoever holds it, now. It is shown once, and the server does not have it any more.".to_owned(),
        "Do not mail it, and keep no copy on the server.".to_owned(),
    ];
    page.handed = (1..).zip(&handed).map(handed_view).collect();
    page.links = vec![Link::new("Go on: open the wave", format!("/office/waves/{code}/open"))];
    ok(&house, &page)
}
