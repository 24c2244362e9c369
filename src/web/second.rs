//! Asking a colleague to do what cannot be undone.

use actix_web::HttpResponse;

use crate::flow::{self, House, Second};
use crate::id::WaveCode;
use crate::pages::{Hidden, SecondView};
use crate::trail::Act;

use super::error::WebError;
use super::sent::Files;
use super::session::{TheHouse, see_other};

/// What a page says of the colleague, and whether its button can be pressed.
pub(super) async fn view(
    house: &House,
    act: Act,
    code: &WaveCode,
    form: &str,
    to: &str,
) -> Result<(Option<SecondView>, bool), WebError> {
    let (about, wanted) = (code.to_string(), form.to_owned());
    let second = house.blocking(move |house| flow::second(house, act, &about, &wanted)).await?;
    let hidden =
        |name: &str, value: &str| Hidden { name: name.to_owned(), value: value.to_owned() };
    let view = |told: String, ask: Option<&str>, take_back: Option<&str>| SecondView {
        told,
        ask: ask.map(str::to_owned),
        take_back: take_back.map(str::to_owned),
        hidden: vec![
            hidden("act", act.word()),
            hidden("about", code.as_str()),
            hidden("form", form),
            hidden("to", to),
        ],
    };
    let may = second.may_do();
    let view = match second {
        Second::NotNeeded => None,
        Second::ToAsk => Some(view(
            "Two people of the office are needed for this: you ask, and a colleague does it."
                .to_owned(),
            Some("Ask a colleague to do this"),
            None,
        )),
        Second::Waits(asked) => Some(view(
            format!(
                "You asked for this at {}. A colleague must do it within seven days: it stands on their page of the office.",
                asked.at.in_words_with_time()
            ),
            None,
            Some("Take the request back"),
        )),
        Second::MayDo(asked) => Some(view(
            format!(
                "{} asked for this at {}. If you press the button below, you are the second person.",
                asked.by.expose(),
                asked.at.in_words_with_time()
            ),
            None,
            None,
        )),
    };
    Ok((view, may))
}

/// The pages that a request may come from and lead back to.
fn back(files: &Files) -> Result<String, WebError> {
    let to = files.field("to").unwrap_or_default();
    let plain = to.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    let ours = to.starts_with("/office/waves/") && plain && !to.contains("//");
    ours.then(|| to.to_owned()).ok_or(WebError::BadForm)
}

fn act(files: &Files) -> Result<Act, WebError> {
    let asked = Act::of(files.field("act").unwrap_or_default()).ok_or(WebError::BadForm)?;
    let grave = [
        Act::WAVE_OPENED,
        Act::WAVE_CLOSING,
        Act::WAVE_CANCELLED,
        Act::RELEASE_PUBLISHED,
        Act::RELEASE_PLANNED,
    ];
    grave.contains(&asked).then_some(asked).ok_or(WebError::BadForm)
}

pub(super) async fn ask(files: Files, house: TheHouse) -> Result<HttpResponse, WebError> {
    let (to, act) = (back(&files)?, act(&files)?);
    let code: WaveCode =
        files.field("about").unwrap_or_default().parse().map_err(|_| WebError::BadForm)?;
    let form = files.field("form").unwrap_or_default().to_owned();
    house.blocking(move |house| flow::ask_second(house, act, code.as_str(), &form)).await?;
    Ok(see_other(&to))
}

pub(super) async fn take_back(files: Files, house: TheHouse) -> Result<HttpResponse, WebError> {
    let (to, act) = (back(&files)?, act(&files)?);
    let about = files.field("about").unwrap_or_default().to_owned();
    house.blocking(move |house| flow::take_back_second(house, act, &about)).await?;
    Ok(see_other(&to))
}
