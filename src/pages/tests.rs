//! Every template with every sample, and what all pages owe their readers.

use scraper::{Html, Selector};

use super::*;
use crate::letter::{Letter, LetterToken, MailKind, Values};

/// Every page sample as (template, html).
fn all_pages() -> Vec<(&'static str, String)> {
    fn each<P: Page>(pages: &Pages, out: &mut Vec<(&'static str, String)>) {
        let samples = P::samples();
        assert!(!samples.is_empty(), "{} has no sample", P::TEMPLATE);
        for sample in &samples {
            out.push((P::TEMPLATE, pages.html(sample).expect(P::TEMPLATE)));
        }
    }
    let pages = Pages::new().expect("templates parse");
    let mut out = Vec::new();
    each::<HomePage>(&pages, &mut out);
    each::<MessagePage>(&pages, &mut out);
    each::<SignInPage>(&pages, &mut out);
    each::<SignInFormPage>(&pages, &mut out);
    each::<SignInSentPage>(&pages, &mut out);
    each::<SignInCodePage>(&pages, &mut out);
    each::<OnwardPage>(&pages, &mut out);
    each::<AccountPage>(&pages, &mut out);
    each::<SecondStepPage>(&pages, &mut out);
    each::<RecoveryCodesPage>(&pages, &mut out);
    each::<RemoveSecondStepPage>(&pages, &mut out);
    each::<AccountsPage>(&pages, &mut out);
    each::<NewAccountPage>(&pages, &mut out);
    each::<OneAccountPage>(&pages, &mut out);
    each::<AccountConfirmPage>(&pages, &mut out);
    each::<AccountTokenPage>(&pages, &mut out);
    each::<StopPage>(&pages, &mut out);
    each::<StoppedPage>(&pages, &mut out);
    each::<WelcomePage>(&pages, &mut out);
    each::<SectionPage>(&pages, &mut out);
    each::<CheckPage>(&pages, &mut out);
    each::<DonePage>(&pages, &mut out);
    each::<DeclinePage>(&pages, &mut out);
    each::<DeclinedPage>(&pages, &mut out);
    each::<DeputyPage>(&pages, &mut out);
    each::<DeputyCheckPage>(&pages, &mut out);
    each::<HandedOverPage>(&pages, &mut out);
    each::<LostLinkPage>(&pages, &mut out);
    each::<LostLinkSentPage>(&pages, &mut out);
    each::<LeavePage>(&pages, &mut out);
    each::<PromisePage>(&pages, &mut out);
    each::<ReceiptsPage>(&pages, &mut out);
    each::<ClosingRecordPage>(&pages, &mut out);
    each::<TrailPage>(&pages, &mut out);
    each::<ActPage>(&pages, &mut out);
    each::<NetworkPage>(&pages, &mut out);
    each::<NetworkThanksPage>(&pages, &mut out);
    each::<OfficeNetworkPage>(&pages, &mut out);
    each::<IdeaPage>(&pages, &mut out);
    each::<NetworkIdeasPage>(&pages, &mut out);
    each::<CommentsPage>(&pages, &mut out);
    each::<HelpIndexPage>(&pages, &mut out);
    each::<HelpPage>(&pages, &mut out);
    each::<CommentPage>(&pages, &mut out);
    each::<PublishCommentsPage>(&pages, &mut out);
    each::<TakeDownCommentsPage>(&pages, &mut out);
    each::<OwnWordsPage>(&pages, &mut out);
    each::<ResultsIndexPage>(&pages, &mut out);
    each::<OverviewPage>(&pages, &mut out);
    each::<PctPage>(&pages, &mut out);
    each::<MeasurePage>(&pages, &mut out);
    each::<NumberPage>(&pages, &mut out);
    each::<SummaryPage>(&pages, &mut out);
    each::<StocktakePage>(&pages, &mut out);
    each::<OfficePage>(&pages, &mut out);
    each::<OfficeWavePage>(&pages, &mut out);
    each::<OfficeMailPage>(&pages, &mut out);
    each::<AddressPage>(&pages, &mut out);
    each::<SchedulePage>(&pages, &mut out);
    each::<RoundPage>(&pages, &mut out);
    each::<RemindPage>(&pages, &mut out);
    each::<ReleaseDeskPage>(&pages, &mut out);
    each::<PlanPage>(&pages, &mut out);
    each::<PublishPage>(&pages, &mut out);
    each::<ShowingPage>(&pages, &mut out);
    each::<NotePage>(&pages, &mut out);
    each::<EarlyPage>(&pages, &mut out);
    each::<LookAsPage>(&pages, &mut out);
    each::<FlagsPage>(&pages, &mut out);
    each::<LettersPage>(&pages, &mut out);
    each::<LetterPage>(&pages, &mut out);
    each::<RegisterPage>(&pages, &mut out);
    each::<RegisterGroupPage>(&pages, &mut out);
    each::<RegisterFormPage>(&pages, &mut out);
    each::<MergePage>(&pages, &mut out);
    each::<RegisterConfirmPage>(&pages, &mut out);
    each::<RegisterHistoryPage>(&pages, &mut out);
    each::<RegisterImportPage>(&pages, &mut out);
    each::<RegisterPreviewPage>(&pages, &mut out);
    each::<SurveysPage>(&pages, &mut out);
    each::<PreviewEndPage>(&pages, &mut out);
    each::<PaperPage>(&pages, &mut out);
    each::<OutboxPage>(&pages, &mut out);
    each::<OutboxMailPage>(&pages, &mut out);
    out
}

/// Every usual letter, for a lead and in a rehearsal.
fn all_mails() -> Vec<(MailKind, MailText)> {
    let pages = Pages::new().expect("templates parse");
    let link = "https://survey.example.org/s/Q0f5yZ3kq8mW1vVb6f7oQy2w9JrT4xEaLh0sPn5uGdM";
    let values = Values::default()
        .with(LetterToken::Name, "Dr Sample")
        .with(LetterToken::Lead, "Dr O'Lead")
        .with(LetterToken::Group, "Lea & Valley <PBC> Group")
        .with(LetterToken::Pct, "Mid Essex")
        .with(LetterToken::Region, "East of England")
        .with(LetterToken::Wave, "October to December 2007")
        .with(LetterToken::Link, link)
        .with(LetterToken::CloseDate, "Friday 14 December 2007")
        .with(LetterToken::CloseTime, "5pm")
        .with(LetterToken::PublishDate, "Monday 7 January 2008")
        .with(LetterToken::ResultsLink, "https://survey.example.org/results/2007-Q4")
        .with(LetterToken::Smallest, "5")
        .with(LetterToken::SmallestGroups, "3")
        .with(LetterToken::Words, "We meet <weekly>.\n\nIt works.")
        .with(LetterToken::Minutes, "10")
        .with(LetterToken::ContactEmail, "survey@example.org")
        .with(LetterToken::OptOutLink, "https://survey.example.org/stop/abc")
        .with(LetterToken::Team, "Independent Survey Office");
    let deputy = values.clone().with(LetterToken::InPlaceOf, "Dr O'Lead asked you.");
    let mail = |kind: MailKind, values: &Values, notice| {
        let letter = Letter::parse(kind, &kind.usual()).expect("a letter");
        (kind, pages.mail(&letter.fill(values), notice).expect("a mail"))
    };
    let of = |kind| [mail(kind, &values, None), mail(kind, &deputy, Some("TEST: a rehearsal"))];
    MailKind::ALL.into_iter().flat_map(of).collect()
}

fn select(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

#[test]
fn every_template_is_rendered_by_some_sample() {
    let shown: Vec<&str> = all_pages().into_iter().map(|(template, _)| template).collect();
    for name in super::template::names() {
        if let Some(page) = name.strip_prefix("html/") {
            let around = ["layout", "csrf"].contains(&page) || page.starts_with("part/");
            assert!(around || shown.contains(&page), "no page uses the template {page}");
        }
    }
}

#[test]
fn every_page_says_what_it_is_and_who_runs_the_survey() {
    for (template, html) in all_pages() {
        let page = Html::parse_document(&html);
        let one = |selector: &str| page.select(&select(selector)).count();
        assert_eq!(one("html[lang=en-GB]"), 1, "{template}: language");
        assert_eq!(one("h1"), 1, "{template}: one main heading");
        assert_eq!(one("main#maincontent"), 1, "{template}: target of the skip link");
        assert!(html.contains("Independent Survey Office"), "{template}: office");
    }
}

#[test]
fn every_form_of_a_session_carries_its_token() {
    let mut forms = 0;
    for (template, html) in all_pages() {
        let page = Html::parse_document(&html);
        let signed_in = page.select(&select(".so-header__account")).count() > 0;
        for form in page.select(&select("form[method=post]")).filter(|_| signed_in) {
            let token = form.select(&select("input[name=-form][value='4f1c0d']")).count();
            assert_eq!(token, 1, "{template}: {}", form.html());
            forms += 1;
        }
    }
    assert!(forms > 50, "{forms}");
}

#[test]
fn headings_never_skip_a_level() {
    let headings = select("h1, h2, h3, h4");
    for (template, html) in all_pages() {
        let page = Html::parse_document(&html);
        let main = page.select(&select("main")).next().expect("main");
        let mut above = 0;
        // An error summary stands before the main heading, as its pattern asks.
        for heading in main
            .select(&headings)
            .filter(|h| h.attr("class") != Some("nhsuk-error-summary__heading"))
        {
            let level: u8 = heading.value().name()[1..].parse().expect("a level");
            assert!(level <= above + 1, "{template}: h{level} after h{above}");
            above = level;
        }
    }
}

#[test]
fn nothing_on_a_page_needs_what_the_content_policy_forbids() {
    for (template, html) in all_pages() {
        let page = Html::parse_document(&html);
        for selector in [
            "[style]",
            "style",
            "script:not([src])",
            "[onclick]",
            "[src^=http]",
            "link[href^=http]",
        ] {
            assert_eq!(page.select(&select(selector)).count(), 0, "{template}: {selector}");
        }
    }
}

#[test]
fn every_field_has_a_label_and_every_id_is_used_once() {
    for (template, html) in all_pages() {
        let page = Html::parse_document(&html);
        let mut ids: Vec<&str> =
            page.select(&select("[id]")).filter_map(|e| e.attr("id")).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{template}: an id is used twice");
        for field in page.select(&select("input:not([type=hidden]), textarea, select")) {
            let id = field.attr("id").expect("a field has an id");
            let label = select(&format!("label[for='{id}']"));
            assert_eq!(page.select(&label).count(), 1, "{template}: label of {id}");
        }
        for link in page.select(&select("a[href^='#']")) {
            let target = link.attr("href").expect("a link").trim_start_matches('#');
            assert!(ids.binary_search(&target).is_ok(), "{template}: #{target} is nowhere");
        }
        let described = select("[aria-describedby], [aria-labelledby]");
        for element in page.select(&described) {
            let by = element.attr("aria-describedby").or(element.attr("aria-labelledby"));
            for id in by.unwrap_or_default().split_whitespace() {
                assert!(ids.binary_search(&id).is_ok(), "{template}: #{id} is nowhere");
            }
        }
    }
}

#[test]
fn tables_have_captions_scopes_and_rows_of_one_length() {
    let cells = select("th, td");
    for (template, html) in all_pages() {
        let page = Html::parse_document(&html);
        for table in page.select(&select("table")) {
            assert_eq!(table.select(&select("caption")).count(), 1, "{template}: caption");
            assert_eq!(table.select(&select("th:not([scope])")).count(), 0, "{template}: scope");
            let lengths: Vec<usize> = table
                .select(&select("tr"))
                .map(|row| {
                    row.select(&cells)
                        .map(|c| c.attr("colspan").map_or(1, |n| n.parse().expect("a number")))
                        .sum()
                })
                .collect();
            assert!(
                lengths.iter().all(|length| Some(length) == lengths.first()),
                "{template}: {lengths:?}"
            );
        }
        for region in page.select(&select(".so-scroll")) {
            assert_eq!(
                region.attr("tabindex"),
                Some("0"),
                "{template}: a region that scrolls takes the focus"
            );
        }
    }
}

#[test]
fn what_people_write_cannot_become_markup() {
    for (template, html) in all_pages() {
        for raw in ["<PBC>", "<another>", "<PCT>"] {
            assert!(!html.contains(raw), "{template}: {raw} is not escaped");
        }
    }
    assert!(all_mails().iter().all(|(_, mail)| !mail.html.contains("<PBC>")));
}

#[test]
fn the_notice_of_a_test_or_synthetic_wave_is_on_every_page_that_has_one() {
    let pages = Pages::new().expect("templates parse");
    for sample in SectionPage::samples() {
        let notice = sample.layout.notice.clone().expect("the sample is of a test");
        assert!(pages.html(&sample).expect("a page").contains(&notice));
    }
    let tested: Vec<MailText> = all_mails()
        .into_iter()
        .map(|(_, mail)| mail)
        .filter(|mail| mail.text.contains("TEST:"))
        .collect();
    assert_eq!(tested.len(), MailKind::ALL.len());
    assert!(tested.iter().all(|mail| mail.html.contains("TEST:")));
}

#[test]
fn a_mail_is_short_and_shows_its_links_in_full() {
    for (kind, mail) in all_mails() {
        assert!(!mail.subject.contains('\n') && !mail.subject.is_empty());
        let words = mail.text.split_whitespace().count();
        assert!(words < 200, "{kind}: {words} words");
        let links = mail.text.matches("https://").count();
        let wanted = usize::from(kind != MailKind::Network) + usize::from(kind.offers_to_stop());
        assert_eq!(links, wanted, "{kind}");
        assert_eq!(mail.html.matches(">https://").count(), links, "{kind}: shown in full");
        assert!(!mail.text.contains("&amp;"), "plain text is not escaped");
        assert!(!mail.html.contains("<PBC>") && !mail.html.contains("<weekly>"), "HTML is");
        assert!(!mail.html.contains("<img") && !mail.html.contains("<script"));
    }
}

#[test]
fn paragraphs_part_at_empty_lines() {
    assert_eq!(paragraphs("a\nb\n\n\nc\n"), ["a b", "c"]);
    assert!(paragraphs(" \n\n").is_empty());
}

#[test]
fn web_addresses_in_a_plain_text_become_links_and_nothing_is_lost() {
    let text = "Start here: http://127.0.0.1:8080/s/abc.\n\nThank you";
    let parts = pieces(text);
    let links: Vec<&str> = parts.iter().filter_map(|piece| piece.href.as_deref()).collect();
    assert_eq!(links, ["http://127.0.0.1:8080/s/abc"]);
    assert_eq!(parts.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
    assert!(pieces("javascript:alert(1)").iter().all(|piece| piece.href.is_none()));
}

#[test]
fn the_pages_read_as_they_did() {
    let mut by_template: Vec<(&str, Vec<String>)> = Vec::new();
    for (template, html) in all_pages() {
        let page = Html::parse_document(&html);
        let main = page.select(&select("main")).next().expect("main").inner_html();
        match by_template.last_mut() {
            Some((last, samples)) if *last == template => samples.push(main),
            _ => by_template.push((template, vec![main])),
        }
    }
    for (template, samples) in by_template {
        let name = template.replace('/', "_");
        insta::assert_snapshot!(name, samples.join("\n<!-- next sample -->\n"));
    }
}

#[test]
fn the_mails_read_as_they_did() {
    let texts: Vec<String> = all_mails()
        .into_iter()
        .map(|(_, mail)| format!("Subject: {}\n\n{}\n{}", mail.subject, mail.text, mail.html))
        .collect();
    insta::assert_snapshot!("mails", texts.join("\n==== next mail ====\n"));
}
