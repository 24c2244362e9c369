//! Every address of the service, in one list.

use actix_web::web::{ServiceConfig, get, resource, to};

use super::{
    accounts, api, assets, close_wave, closing_record, comment_publication, comment_reading,
    comments, correct_address, deputy, error, flags, health, help, house_pages, letters, look_as,
    look_first, lost_link, network, new_wave, office, office_ideas, open_wave, outbox, own_account,
    preview, provider, public, receipts, register, release, remind, respondent, results,
    round_time, schedule, second, section, see_to_mails, sign_in, stocktake, stop, summary,
    surveys, trail, wave_acts,
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
        .service(resource("/promise").get(public::promise))
        .service(resource("/receipts/{wave}").get(receipts::show).post(receipts::look_for))
        .service(resource("/receipts/{wave}/list.txt").get(receipts::file))
        .service(resource("/network").get(network::form).post(network::share))
        .service(resource("/network/thanks").get(network::thanks))
        .service(resource("/network/ideas").get(network::ideas))
        .service(resource("/stop/{token}").get(stop::ask).post(stop::stop))
        .service(resource("/stop/{token}/again").post(stop::start))
        .service(resource("/sign-in").get(sign_in::form).post(sign_in::send))
        .service(resource("/sign-in/sent").get(sign_in::sent))
        .service(resource("/sign-in/code").get(sign_in::code_form).post(sign_in::code))
        .service(resource("/sign-in/with").post(provider::go))
        .service(resource("/sign-in/back").get(provider::back))
        .service(resource("/sign-in/{secret}").get(sign_in::link).post(sign_in::begin))
        .service(resource("/sign-out").post(sign_in::sign_out))
        .configure(accounts_of_staff)
        .service(resource("/r/{wave}/{unit}/{proof}").get(summary::for_leads))
        .service(resource("/summary/{wave}").get(summary::public))
        .service(resource("/results").get(results::index))
        .service(resource("/results/{wave}").get(results::overview))
        .service(resource("/results/{wave}/pct/{code}").get(results::pct))
        .service(resource("/results/{wave}/measure/{code}").get(results::measure))
        .service(
            resource("/results/{wave}/measure/{code}/figures.csv").get(results::measure_figures),
        )
        .service(resource("/results/{wave}/look-first").post(look_first::decide))
        .service(resource("/results/{wave}/comments").get(comment_publication::own_words))
        .service(resource("/results/{wave}/download/{file}").get(results::download))
        .configure(api::configure)
        .service(resource("/stocktake").get(stocktake::newest))
        .service(resource("/stocktake/{date}").get(stocktake::of_day))
        .service(resource("/office").get(office::dashboard))
        .service(resource("/office/settings").get(house_pages::settings))
        .service(resource("/office/health").get(house_pages::health))
        .service(resource("/office/trail").get(trail::index))
        .service(resource("/office/trail/trail.csv").get(trail::file))
        .service(resource("/office/waves/new").get(new_wave::choose).post(new_wave::chosen))
        .service(resource("/office/waves/new/{id}").get(new_wave::plan).post(new_wave::create))
        .service(resource("/office/waves/{wave}").get(office::wave))
        .service(resource("/office/waves/{wave}/record").get(closing_record::show))
        .configure(life_of_a_wave)
        .configure(release_of_a_wave)
        .configure(mails_of_the_office)
        .configure(the_register)
        .configure(comments_and_ideas)
        .service(resource("/office/help").get(help::index))
        .service(resource("/office/help/{task}").get(help::task))
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

fn life_of_a_wave(app: &mut ServiceConfig) {
    let of_wave = |rest: &str| resource(format!("/office/waves/{{wave}}{rest}"));
    app.service(of_wave("/open").get(open_wave::form).post(open_wave::open))
        .service(of_wave("/key").get(open_wave::key_form).post(open_wave::make_key))
        .service(of_wave("/rehearse").get(wave_acts::rehearse_form).post(wave_acts::rehearse))
        .service(of_wave("/dates").get(wave_acts::dates_form).post(wave_acts::change_dates))
        .service(of_wave("/cancel").get(wave_acts::cancel_form).post(wave_acts::cancel))
        .service(of_wave("/close").get(close_wave::form).post(close_wave::close))
        .service(resource("/office/seconds").post(second::ask))
        .service(resource("/office/seconds/take-back").post(second::take_back));
}

fn release_of_a_wave(app: &mut ServiceConfig) {
    use super::release::{early, publication, showing};
    app.service(resource("/office/waves/{wave}/flags").get(flags::index).post(flags::decide));
    let at = |rest: &str| resource(format!("/office/waves/{{wave}}/release{rest}"));
    app.service(at("").get(release::index))
        .service(at("/build").post(release::build))
        .service(at("/plan").get(publication::plan_form).post(publication::plan))
        .service(at("/unplan").post(publication::unplan))
        .service(at("/publish").get(publication::publish_form).post(publication::publish))
        .service(at("/take-back").post(publication::take_back))
        .service(at("/showing").get(showing::form).post(showing::keep))
        .service(at("/note").get(showing::note_form).post(showing::note))
        .service(at("/early").get(early::index).post(early::grant))
        .service(at("/early/withdraw").post(early::withdraw))
        // What somebody else will see, by the handlers that show it to them.
        .service(at("/as").get(look_as::choose))
        .service(at("/as/{reader}").get(results::overview))
        .service(at("/as/{reader}/summary").get(look_as::summary))
        .service(at("/as/{reader}/pct/{code}").get(results::pct))
        .service(at("/as/{reader}/measure/{code}").get(results::measure))
        .service(at("/as/{reader}/measure/{code}/figures.csv").get(results::measure_figures))
        .service(at("/as/{reader}/download/{file}").get(results::download));
}

fn accounts_of_staff(app: &mut ServiceConfig) {
    app.service(resource("/account").get(own_account::show))
        .service(resource("/account/sign-out-everywhere").post(own_account::sign_out_everywhere))
        .service(resource("/account/second-step").get(own_account::step).post(own_account::confirm))
        .service(resource("/account/second-step/begin").post(own_account::begin))
        .service(
            resource("/account/second-step/remove")
                .get(own_account::remove_form)
                .post(own_account::remove),
        )
        .service(resource("/office/accounts").get(accounts::index))
        .service(resource("/office/accounts/new").get(accounts::new).post(accounts::add))
        .service(resource("/office/accounts/{account}").get(accounts::show).post(accounts::change))
        .service(resource("/office/accounts/{account}/token").post(accounts::token))
        .service(
            resource("/office/accounts/{account}/{act}")
                .get(accounts::ask)
                .post(accounts::carry_out),
        );
}

fn comments_and_ideas(app: &mut ServiceConfig) {
    let comments = |rest: &str| resource(format!("/office/waves/{{wave}}/comments{rest}"));
    app.service(comments("").get(comments::index))
        .service(comments("/themes").post(comments::add_theme))
        .service(comments("/themes/remove").post(comments::remove_theme))
        .service(
            comments("/read/{comment}").get(comment_reading::read).post(comment_reading::decide),
        )
        .service(comments("/read/{comment}/again").post(comment_reading::again))
        .service(
            comments("/publish").get(comment_publication::ask).post(comment_publication::publish),
        )
        .service(
            comments("/take-down")
                .get(comment_publication::ask_to_take_down)
                .post(comment_publication::take_down),
        )
        .service(resource("/office/network").get(office_ideas::list))
        .service(resource("/office/network/delete").post(office_ideas::delete))
        .service(
            resource("/office/network/{idea}").get(office_ideas::idea).post(office_ideas::mend),
        )
        .service(resource("/office/network/{idea}/publish").post(office_ideas::publish))
        .service(resource("/office/network/{idea}/take-down").post(office_ideas::take_down));
}

fn mails_of_the_office(app: &mut ServiceConfig) {
    // A letter belongs to a wave or to none; its pages are the same.
    for base in ["/office/letters", "/office/waves/{wave}/letters"] {
        let at = |rest: &str| resource(format!("{base}{rest}"));
        app.service(at("").get(letters::index))
            .service(at("/{kind}").get(letters::letter).post(letters::save))
            .service(at("/{kind}/preview").post(letters::preview))
            .service(at("/{kind}/test").post(letters::test))
            .service(at("/{kind}/bring-back").post(letters::bring_back));
    }
    app.service(resource("/office/mail").get(see_to_mails::index))
        .service(resource("/office/mail/pause").post(see_to_mails::pause))
        .service(resource("/office/mail/resume").post(see_to_mails::resume))
        .service(resource("/office/mail/send-held").post(see_to_mails::send_held))
        .service(resource("/office/mail/write-again").post(see_to_mails::write_again))
        .service(resource("/office/mail/{mail}/send").post(see_to_mails::send))
        .service(resource("/office/mail/{mail}/arrived").post(see_to_mails::arrived))
        .service(resource("/office/mail/{mail}/leave").post(see_to_mails::leave))
        .service(
            resource("/office/mail/{mail}/address")
                .get(correct_address::form)
                .post(correct_address::correct),
        );
    let of_wave = |rest: &str| resource(format!("/office/waves/{{wave}}/mail{rest}"));
    app.service(of_wave("").get(schedule::index))
        .service(of_wave("/remind").get(remind::ask).post(remind::remind))
        .service(of_wave("/{kind}/{number}").get(round_time::form).post(round_time::change))
        .service(of_wave("/{kind}/{number}/skip").post(schedule::skip))
        .service(of_wave("/{kind}/{number}/again").post(schedule::again))
        .service(of_wave("/{kind}/{number}/cancel").post(schedule::cancel));
}

fn the_register(app: &mut ServiceConfig) {
    use register::{edit, group, history, import, leads, merge, undo};
    let at = |rest: &str| resource(format!("/office/register{rest}"));
    app.service(at("").get(register::index))
        .service(at("/history").get(history::show))
        .service(at("/undo").get(undo::ask).post(undo::undo))
        .service(at("/import").get(import::form).post(import::look))
        .service(at("/import/confirm").post(import::confirm))
        .service(at("/import/leave").post(import::leave))
        .service(at("/export/{file}").get(register::export))
        .service(at("/new-group").get(edit::new_group).post(edit::add_group));
    let of_group = |rest: &str| at(&format!("/groups/{{slug}}{rest}"));
    app.service(of_group("").get(group::show))
        .service(of_group("/change").get(edit::group).post(edit::change_group))
        .service(of_group("/remove").get(edit::ask_to_remove).post(edit::remove))
        .service(of_group("/merge").get(merge::ask).post(merge::merge))
        .service(of_group("/leads/{lead}").get(leads::form).post(leads::put))
        .service(of_group("/leads/{lead}/remove").get(leads::ask_to_remove).post(leads::remove));
}
