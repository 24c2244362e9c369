//! Every address of the service, in one list.

use actix_web::web::{ServiceConfig, get, resource, to};

use super::{
    assets, deputy, error, health, lost_link, network, office, outbox, preview, public, respondent,
    results, section, sign_in, stocktake, stop, surveys,
};

pub(super) fn configure(app: &mut ServiceConfig) {
    app.service(resource("/").get(public::home))
        .service(resource("/s/{token}").get(respondent::welcome).post(respondent::enter))
        .service(resource("/s/{token}/deputy").post(respondent::enter_for_deputy))
        .service(resource("/answer").get(respondent::resume))
        .service(resource("/answer/check").get(respondent::check))
        .service(resource("/answer/send").post(respondent::send))
        .service(resource("/answer/done").get(respondent::done))
        .service(
            resource("/answer/decline").get(respondent::ask_to_decline).post(respondent::decline),
        )
        .service(resource("/answer/declined").get(respondent::declined))
        .service(resource("/answer/deputy").get(deputy::form).post(deputy::check))
        .service(resource("/answer/deputy/change").post(deputy::change))
        .service(resource("/answer/deputy/ask").post(deputy::ask))
        .service(resource("/answer/deputy/take-back").post(deputy::take_back))
        .service(resource("/answer/{section}").get(section::section).post(section::save))
        .service(resource("/leave").get(lost_link::leave_page).post(lost_link::leave))
        .service(resource("/lost-link").get(lost_link::form).post(lost_link::send))
        .service(resource("/lost-link/sent").get(lost_link::sent))
        .service(resource("/network").get(network::form).post(network::share))
        .service(resource("/network/thanks").get(network::thanks))
        .service(resource("/stop/{token}").get(stop::ask).post(stop::stop))
        .service(resource("/stop/{token}/again").post(stop::start))
        .service(resource("/sign-in").get(sign_in::form).post(sign_in::send))
        .service(resource("/sign-in/sent").get(sign_in::sent))
        .service(resource("/sign-in/{secret}").get(sign_in::link).post(sign_in::begin))
        .service(resource("/sign-out").post(sign_in::sign_out))
        .service(resource("/results").get(results::index))
        .service(resource("/results/{wave}").get(results::overview))
        .service(resource("/results/{wave}/pct/{code}").get(results::pct))
        .service(resource("/results/{wave}/measure/{code}").get(results::measure))
        .service(resource("/results/{wave}/download/{file}").get(results::download))
        .service(resource("/stocktake").get(stocktake::newest))
        .service(resource("/stocktake/{date}").get(stocktake::of_day))
        .service(resource("/office").get(office::dashboard))
        .service(resource("/office/waves/{wave}").get(office::wave))
        .service(resource("/office/network").get(network::list))
        .service(resource("/office/network/delete").post(network::delete))
        .service(resource("/office/surveys").get(surveys::index))
        .service(resource("/office/surveys/{id}/paper").get(surveys::paper))
        .service(
            resource("/office/surveys/{id}/preview").get(preview::welcome).post(preview::start),
        )
        .service(resource("/office/surveys/{id}/preview/check").get(preview::check))
        .service(resource("/office/surveys/{id}/preview/send").post(preview::send))
        .service(resource("/office/surveys/{id}/preview/done").get(preview::done))
        .service(
            resource("/office/surveys/{id}/preview/{section}")
                .get(preview::section)
                .post(preview::save),
        )
        .service(resource("/outbox").get(outbox::index))
        .service(resource("/outbox/{mail}").get(outbox::mail))
        .service(resource("/outbox/{mail}/html").get(outbox::html))
        .service(resource("/assets/{file}").get(assets::file))
        .service(resource(assets::LOGO).get(assets::logo))
        .service(resource(assets::COLOUR).get(assets::colour))
        .route("/healthz", get().to(health::live))
        .route("/readyz", get().to(health::ready))
        .default_service(to(error::not_found));
}
