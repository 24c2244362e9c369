//! Comments of leads: read by the office alone, mended, agreed on, published under the
//! rule of ten and taken down; and nothing about them that could lead to their writers.

use std::collections::BTreeSet;

use soundings::account::{Account, Role};
use soundings::disclosure::FEWEST_COMMENTS;
use soundings::flow;

use crate::after_closing::{columns, kept_order};
use crate::support::house::{Invited, TestHouse, code};
use crate::support::visitor::{Page, Visitor};
use crate::support::{Backend, WAVE, on_both};

pub const QUEUE: &str = "/office/waves/2007-Q4/comments";
const OWN_WORDS: &str = "/results/2007-Q4/comments";
const WELL: &str = "What is one thing working well in your group that others could copy?";

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What a lead writes under `WELL`, and whether it may be quoted.
fn answer(house: &TestHouse, one: &Invited, words: &str, quotable: bool) {
    let quote = if quotable { "1" } else { "2" };
    let pairs = [("ROLE", "2"), ("MS_INC", "3"), ("WELL", words), ("QUOTE", quote)];
    let answers = pairs.map(|(item, value)| (item.to_owned(), value.to_owned()));
    house.respondent(&one.link).open().answers(&answers.into_iter().collect()).send();
}

/// A counted wave in which so many leads wrote something, the last few not to be quoted.
pub fn counted(house: &TestHouse, quotable: usize, unquotable: usize) -> Vec<Invited> {
    let invited = house.invite_some(quotable + unquotable);
    for (number, one) in invited.iter().enumerate() {
        let words = format!("Thing {number:02} works: we meet every week");
        answer(house, one, &words, number < quotable);
    }
    house.close();
    invited
}

/// The addresses of all comments in the list.
fn all(office: &Visitor) -> Vec<String> {
    let list = office.get(&format!("{QUEUE}?show=all"));
    list.addresses(".so-comments a")
}

/// What the form of a comment sends as it stands, with these changes.
fn form(page: &Page, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut sent: Vec<(String, String)> = page.hidden();
    sent.extend(page.filled());
    sent.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    sent.extend(fields(changes));
    sent
}

fn publish_as_it_is(reader: &Visitor, at: &str) -> Page {
    let page = reader.get(at);
    reader.post(at, &form(&page, &[("decision", "publish"), ("leave", "yes")]))
}

/// Reads every comment: publishes those that may be quoted, as they were suggested.
pub fn read_all(reader: &Visitor) {
    for at in all(reader) {
        let page = reader.get(&at);
        let decision = if page.says("did not agree to be quoted") { "unquoted" } else { "publish" };
        let saved = reader.post(&at, &form(&page, &[("decision", decision), ("leave", "yes")]));
        assert_eq!(saved.status, 303, "{}", saved.text);
    }
}

/// Confirms what the page shows.
pub fn publish(office: &Visitor) -> Page {
    let page = office.get(&format!("{QUEUE}/publish"));
    office.post(&format!("{QUEUE}/publish"), &page.hidden())
}

/// Another account of the office.
pub fn colleague(house: &TestHouse, email: &str, role: Role) -> Visitor {
    let account = Account { email: email.parse().expect("an address"), role, unit: None };
    house.house.store.write(|tx| tx.put_account(&account)).expect("an account");
    let link = flow::issue_sign_in_link(&house.house, &account.email, false).expect("a link");
    let visitor = house.visitor();
    let page = visitor.get(&link);
    assert_eq!(visitor.post(&page.form_action("Sign in"), &[]).status, 303);
    visitor
}

on_both!(comments_are_read_published_and_taken_down, |house| {
    let invited = counted(house, 12, 2);
    let office = house.sign_in(Role::Office);
    let before = office.get(QUEUE);
    assert!(before.says("0 of 14 read") && before.says(WELL), "{}", before.text);
    assert_eq!(office.get(&format!("/office/waves/{WAVE}")).status, 200);
    let wave = office.get(&format!("/office/waves/{WAVE}")).addresses("main a");
    assert!(wave.contains(&QUEUE.to_owned()));
    // One after the other, in the order of random ids.
    let list = all(&office);
    assert_eq!(list.len(), 14);
    assert!(list.is_sorted());
    let first = before.addresses("main a[accesskey=n]");
    assert_eq!(first, [list[0].clone()]);
    let page = office.get(&list[0]);
    let quotable = !page.says("did not agree to be quoted");
    let decision = if quotable { "publish" } else { "unquoted" };
    let next = office.post(&list[0], &form(&page, &[("decision", decision), ("then", "next")]));
    assert_eq!((next.status, next.to.as_deref()), (303, Some(&*list[1])));
    assert!(office.get(QUEUE).says("1 of 14 read"));
    // Undone, and done again.
    assert_eq!(office.post(&format!("{}/again", list[0]), &[]).status, 303);
    assert!(office.get(QUEUE).says("0 of 14 read"));
    read_all(&office);
    assert!(office.get(QUEUE).says("14 of 14 read"));
    assert_eq!(office.get(QUEUE).addresses("a[accesskey=n]"), [""; 0]);

    // Never before the results.
    let early = office.get(&format!("{QUEUE}/publish"));
    assert!(early.says("Comments are shown beside the results"), "{}", early.text);
    assert!(early.button("Publish 12 comments").is_none());
    assert_eq!(publish(&office).status, 409);
    house.release();
    let luton = flow::results_href(&house.house, &code(WAVE), &"luton".parse().expect("a unit"));
    let lead = house.visitor();
    lead.go(&luton);
    let readers = [
        house.sign_in(Role::Sha),
        house.sign_in(Role::Pct),
        house.sign_in(Role::Lmc),
        lead.clone(),
        office.clone(),
    ];
    let statuses = || readers.each_ref().map(|reader| reader.get(OWN_WORDS).status);
    assert_eq!(statuses(), [404; 5]);
    let leads_there = |reader: &Visitor| {
        let page = reader.get(&format!("/results/{WAVE}"));
        page.addresses("main a").contains(&OWN_WORDS.to_owned())
    };
    assert!(!readers.iter().any(leads_there));

    let ask = office.get(&format!("{QUEUE}/publish"));
    assert!(ask.says("12 of 14 go out. Held back: 2 not to be quoted."), "{}", ask.text);
    assert_eq!(ask.texts(".so-quotes__one").len(), 12);
    // What was confirmed is what goes out, and nothing else.
    let other = fields(&[("-confirmed", "0123456789abcdef0123456789abcdef")]);
    assert_eq!(office.post(&format!("{QUEUE}/publish"), &other).status, 409);
    assert_eq!(statuses(), [404; 5]);
    let confirmed = ask.hidden();
    for _ in 0..2 {
        assert_eq!(office.post(&format!("{QUEUE}/publish"), &confirmed).status, 303);
    }
    assert_eq!(statuses(), [200; 5]);
    assert!(readers.iter().all(leads_there));
    let words = lead.get(OWN_WORDS);
    let shown = words.texts(".so-quotes__one");
    assert!(shown.len() == 12 && shown.is_sorted(), "{shown:?}");
    assert!(words.says("14 people wrote something here; 12 comments are shown."));
    for number in 12..14 {
        assert!(!words.text.contains(&format!("Thing {number}")), "it is not to be quoted");
    }
    // Nobody who may not see results.
    assert_eq!(house.visitor().get(OWN_WORDS).status, 401);
    // Nothing that names a unit, a group or a day.
    for unit in ["Norfolk", "Avocet", &invited[0].lead.unit] {
        let of_words: String = words.texts("main").concat();
        assert!(!of_words.contains(unit), "{unit}");
    }

    // Published, a decision stands; taken down, it can be changed again.
    let one = &all(&office)[0];
    assert!(office.get(one).says("nothing can be changed here"));
    assert_eq!(
        office.post(one, &form(&page, &[("decision", "withhold"), ("reason", "x")])).status,
        409
    );
    assert_eq!(office.post(&format!("{one}/again"), &[]).status, 409);
    let theme = fields(&[("code", "T"), ("words", "Theme")]);
    assert_eq!(office.post(&format!("{QUEUE}/themes"), &theme).status, 409);
    assert!(office.get(&format!("{QUEUE}/take-down")).says("12 comments"));
    for _ in 0..2 {
        assert_eq!(office.post(&format!("{QUEUE}/take-down"), &[]).status, 303);
    }
    assert_eq!(statuses(), [404; 5]);
    assert!(!readers.iter().any(leads_there));
    assert_eq!(office.post(&format!("{one}/again"), &[]).status, 303);

    // Who did it is written down, and no word of a comment.
    let trail = office.get("/office/trail/trail.csv").text;
    for act in ["comments.read", "comments.published", "comments.taken-down", "comments.reopened"] {
        assert!(trail.contains(act), "{act}");
    }
    assert_eq!(trail.matches("comments.published").count(), 1);
    assert!(!trail.contains("we meet every week"));
});

on_both!(names_and_numbers_are_marked_and_taken_out, |house| {
    let invited = house.invite_some(3);
    let leads = house.house.store.read(|tx| tx.register()).expect("the register").leads;
    let surname = leads[0].name.expose().rsplit(' ').next().expect("a name").to_owned();
    let written = format!(
        "Ask {} in LUTON\r\nor ring 01582 123456 <script>alert(1)</script> {{{{x}}}} \u{202e}txt",
        surname.to_uppercase()
    );
    answer(house, &invited[0], &written, true);
    answer(house, &invited[1], "=HYPERLINK(\"http://example.org\")", true);
    answer(house, &invited[2], &"é".repeat(600), true);
    house.close();
    let office = house.sign_in(Role::Office);
    let mut seen = 0;
    for at in all(&office) {
        let page = office.get(&at);
        assert!(!page.text.contains("<script>alert"), "{}", page.text);
        let text = page.filled().into_iter().find(|(name, _)| name == "text").expect("a text").1;
        if !text.contains("Ask") {
            continue;
        }
        seen += 1;
        let marks = page.texts("mark");
        assert!(marks.iter().any(|mark| mark.ends_with("name?")), "{marks:?}");
        assert!(marks.contains(&"LUTONplace?".to_owned()), "{marks:?}");
        assert!(marks.contains(&"01582 123456telephone number?".to_owned()), "{marks:?}");
        assert!(text.starts_with("Ask [name] in [place]"), "{text}");
        assert!(text.contains("[telephone number] <script>alert(1)</script> {{x}} txt"), "{text}");

        // Put back, it is asked about once more; and nothing typed is lost.
        let names = format!("Ask {surname}, they know");
        let asked = office.post(&at, &form(&page, &[("decision", "publish"), ("text", &names)]));
        assert_eq!(asked.status, 422);
        assert!(asked.says(&format!("“{surname}” (name)")), "{}", asked.text);
        assert!(asked.filled().contains(&("text".to_owned(), names.clone())));
        assert!(office.get(QUEUE).says("0 of 3 read"));
        let sure = form(&asked, &[("decision", "publish"), ("leave", "yes")]);
        assert_eq!(office.post(&at, &sure).status, 303);
        assert!(office.get(QUEUE).says("1 of 3 read"));
    }
    assert_eq!(seen, 1);
    // A formula is text.
    assert!(office.get(QUEUE).says("=HYPERLINK("));
});

on_both!(whatever_is_wrong_is_said_and_nothing_typed_is_lost, |house| {
    counted(house, 3, 1);
    let office = house.sign_in(Role::Office);
    for at in all(&office) {
        let page = office.get(&at);
        let says = |changes: &[(&str, &str)], said: &str| {
            let refused = office.post(&at, &form(&page, changes));
            assert_eq!(refused.status, 422, "{}", refused.text);
            assert!(refused.says(said), "{said}: {}", refused.text);
            refused
        };
        if page.says("did not agree to be quoted") {
            assert_eq!(page.texts("textarea"), [""; 0]);
            says(&[("decision", "publish"), ("text", "They said so")], "quoted");
            continue;
        }
        says(&[("decision", "")], "Choose what is to happen with it");
        says(&[("decision", "publish"), ("text", " \r\n")], "Write the text");
        says(&[("decision", "withhold")], "Say in a few words why");
        let long = "é".repeat(4001);
        let refused = says(&[("decision", "publish"), ("text", &long)], "the text has 4001");
        assert!(refused.filled().contains(&("text".to_owned(), long)));
        // A hundred kilobytes come in, more than the form takes.
        let huge = "x".repeat(100_000);
        says(&[("decision", "publish"), ("text", &huge)], "the text has 100000");
    }
    assert!(office.get(QUEUE).says("0 of 4 read"));
    let nowhere = format!("{QUEUE}/read/{}", "0".repeat(32));
    for path in [nowhere.as_str(), "/office/waves/2007-Q9/comments", &format!("{QUEUE}/read/x")] {
        assert_eq!(office.get(path).status, 404, "{path}");
        assert_eq!(office.post(path, &[]).status, if path.contains("read") { 404 } else { 405 });
    }
    // Themes: all faults at once, and what was typed stays.
    let themes = format!("{QUEUE}/themes");
    let refused = office.post(&themes, &fields(&[("code", "<b>"), ("words", "")]));
    assert_eq!((refused.status, refused.texts(".nhsuk-error-summary li").len()), (422, 2));
    let good = fields(&[("code", "data"), ("words", "Late {{x}} <figures>")]);
    for _ in 0..2 {
        assert_eq!(office.post(&themes, &good).status, 303);
    }
    assert!(office.get(QUEUE).says("DATA Late {{x}} <figures>"));
    let again = office.post(&themes, &fields(&[("code", "DATA"), ("words", "Another")]));
    assert!(again.status == 422 && again.says("The list has that code already"));
    let remove = fields(&[("code", "DATA")]);
    for _ in 0..2 {
        assert_eq!(office.post(&format!("{themes}/remove"), &remove).status, 303);
    }
    assert!(office.get(QUEUE).says("There is no theme yet"));
});

on_both!(under_ten_nothing_goes_out, |house| {
    let given = usize::try_from(FEWEST_COMMENTS).expect("few") - 1;
    counted(house, given, 0);
    house.release();
    let office = house.sign_in(Role::Office);
    read_all(&office);
    let ask = office.get(&format!("{QUEUE}/publish"));
    assert!(ask.says("Nothing goes out: 9 wrote something here"), "{}", ask.text);
    assert!(ask.says("Nothing is ready to go out") && ask.texts(".so-quotes__one").is_empty());
    assert_eq!(publish(&office).status, 409);
    assert_eq!(office.get(OWN_WORDS).status, 404);
});

on_both!(themes_are_told_if_enough_have_them_and_enough_do_not, |house| {
    counted(house, 12, 0);
    house.release();
    let office = house.sign_in(Role::Office);
    for (theme, words) in [("MEET", "Meetings"), ("RARE", "Something rare")] {
        let theme = fields(&[("code", theme), ("words", words)]);
        assert_eq!(office.post(&format!("{QUEUE}/themes"), &theme).status, 303);
    }
    for (number, at) in all(&office).iter().enumerate() {
        let page = office.get(at);
        let mut sent = form(&page, &[("decision", "publish"), ("leave", "yes")]);
        if number < 5 {
            sent.push(("theme".to_owned(), "MEET".to_owned()));
        }
        if number < 4 {
            sent.push(("theme".to_owned(), "RARE".to_owned()));
        }
        assert_eq!(office.post(at, &sent).status, 303);
    }
    let ask = office.get(&format!("{QUEUE}/publish"));
    assert!(ask.says("Theme Meetings: told, 5 of 12"), "{}", ask.text);
    assert!(ask.says("Theme Something rare: not told"));
    assert_eq!(publish(&office).status, 303);
    let words = office.get(OWN_WORDS);
    assert!(words.says("Meetings: 5 of 12") && !words.says("rare"), "{}", words.text);
});

#[test]
fn two_readers_agree_word_for_word_on_sqlite() {
    two_readers(Backend::Sqlite);
}

#[test]
fn two_readers_agree_word_for_word_on_postgres() {
    two_readers(Backend::Postgres);
}

fn two_readers(backend: Backend) {
    let house = &TestHouse::start_with(backend, [("SOUNDINGS_COMMENT_READERS", "2".to_owned())]);
    counted(house, 11, 0);
    house.release();
    let ann = colleague(house, "ann@office.example.org", Role::Office);
    let ben = colleague(house, "ben@office.example.org", Role::Clerk);
    for at in all(&ann) {
        assert_eq!(publish_as_it_is(&ann, &at).status, 303);
        // Pressed again by the same person, it is no second one.
        assert_eq!(publish_as_it_is(&ann, &at).status, 303);
    }
    assert!(ann.get(QUEUE).says("0 of 11 read") && ann.get(QUEUE).says("To read (0)"));
    assert!(ben.get(QUEUE).says("To read (11)"));
    assert_eq!(publish(&ann).status, 409);
    let list = all(&ben);
    // Ben changes one: Ann must agree again.
    let page = ben.get(&list[0]);
    assert!(page.says("Decided by ann@office.example.org"), "{}", page.text);
    let text = [("text", "We meet every week"), ("decision", "publish"), ("then", "list")];
    assert_eq!(ben.post(&list[0], &form(&page, &text)).status, 303);
    for at in &list[1..] {
        assert_eq!(publish_as_it_is(&ben, at).status, 303);
    }
    assert!(ann.get(QUEUE).says("10 of 11 read") && ann.get(QUEUE).says("To read (1)"));
    // Somebody decides on a page that is out of date: nothing of theirs is lost.
    let stale = form(&page, &[("text", "Our own words"), ("decision", "publish")]);
    let refused = ann.post(&list[0], &stale);
    assert_eq!(refused.status, 409);
    assert!(refused.says("Somebody else has decided about this comment meanwhile"));
    assert!(refused.filled().contains(&("text".to_owned(), "Our own words".to_owned())));
    assert_eq!(publish_as_it_is(&ann, &list[0]).status, 303);
    assert!(ben.get(QUEUE).says("11 of 11 read"));
    // A clerk reads, and publishes nothing.
    for path in ["publish", "take-down"] {
        assert_eq!(ben.get(&format!("{QUEUE}/{path}")).status, 403);
        assert_eq!(ben.post(&format!("{QUEUE}/{path}"), &[]).status, 403);
    }
    assert_eq!(ben.get(QUEUE).addresses("a[href$='/publish']"), [""; 0]);
    assert_eq!(publish(&ann).status, 303);
    let shown = ann.get(OWN_WORDS).texts(".so-quotes__one");
    assert!(shown.len() == 11 && shown.contains(&"We meet every week".to_owned()));
}

on_both!(nothing_of_comments_leads_to_their_writers, |house| {
    let invited = house.invite_some(10);
    for (number, one) in invited.iter().enumerate() {
        answer(house, one, &format!("Thing {number:02} works"), true);
    }
    let office = house.sign_in(Role::Office);
    let before = office.get(QUEUE);
    assert!(before.says("There is nothing to read yet"), "{}", before.text);
    assert!(!before.text.contains("Thing"));
    house.close();
    // Weeks have passed, and sessions with them.
    let office = house.sign_in(Role::Office);
    read_all(&office);
    for (table, wanted) in [
        ("comments", ["id", "wave_code", "item_code", "words", "quotable"].as_slice()),
        (
            "comment_readings",
            &["comment_id", "wave_code", "decision", "words", "first_reader", "second_reader"],
        ),
        ("comment_theme_marks", &["comment_id", "wave_code", "theme_code"]),
        ("published_comments", &["wave_code", "published"]),
    ] {
        let mut found = columns(&house.at_rest(), table);
        found.retain(|name| !["PRIMARY", "FOREIGN", "CONSTRAINT"].contains(&name.as_str()));
        assert_eq!(found, wanted, "{table}");
    }
    if let Some(url) = house.database_url() {
        assert!(kept_order(url, "comments").is_sorted());
    }
    // The order of the list is that of random ids, not of the leads.
    let list = office.get(&format!("{QUEUE}?show=all"));
    let order = list.texts(".so-comments a");
    let came: Vec<String> = (0..10).map(|number| format!("Thing {number:02} works")).collect();
    assert_eq!(order.iter().collect::<BTreeSet<_>>(), came.iter().collect());
    assert!(list.addresses(".so-comments a").is_sorted());
    // No page about comments says when, where or who.
    let leads = house.house.store.read(|tx| tx.register()).expect("the register");
    for at in all(&office).into_iter().take(3).chain([QUEUE.to_owned()]) {
        let main: String = office.get(&at).texts("main").concat();
        for unit in &leads.units {
            assert!(!main.contains(&unit.label), "{at} names {}", unit.label);
        }
        for group in &leads.groups {
            assert!(!main.contains(&group.name), "{at} names {}", group.name);
        }
    }
    // Nobody else comes here.
    for role in [Role::Sha, Role::Pct, Role::Lmc] {
        assert_eq!(house.sign_in(role).get(QUEUE).status, 403);
    }
    assert_eq!(house.visitor().get(QUEUE).status, 401);
});
