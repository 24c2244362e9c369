//! The front page.

use actix_web::{HttpRequest, HttpResponse};

use crate::pages::HomePage;

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok};

pub(super) async fn home(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let settings = &house.settings;
    let page = HomePage {
        layout: frame(&house, &visitor).page("How practice-based commissioning is really going"),
        region: settings.region.name.clone(),
        smallest: settings.k.to_string(),
        smallest_groups: settings.min_groups.to_string(),
        results: visitor.account().map(|_| "/results".to_owned()),
    };
    ok(&house, &page)
}
