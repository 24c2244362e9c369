//! Help for the survey office.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::pages::{HelpIndexPage, HelpPage, HelpTask, Link};

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok};

/// The list of tasks.
pub(super) async fn index(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let layout =
        frame(&house, &visitor).at("/office").page("Help").back("Survey office", "/office");
    ok(&house, &HelpIndexPage::new(layout))
}

/// The page of one task.
pub(super) async fn task(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let task = HelpTask::named(&path).ok_or(WebError::NotFound)?;
    let trail = vec![Link::new("Survey office", "/office"), Link::new("Help", "/office/help")];
    let layout = frame(&house, &visitor).at("/office").page(task.title).trail(trail);
    ok(&house, &HelpPage::new(layout, task))
}
