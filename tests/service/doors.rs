//! Every door of the service, tried by everybody: the table of `web::DOORS` is what holds,
//! and nothing else does.

use diesel::Connection;
use diesel::connection::SimpleConnection;
use soundings::account::{Account, Role};
use soundings::web::{DOORS, Door, Who};

use crate::support::house::{TestHouse, WAVE};
use crate::support::on_both;
use crate::support::visitor::Visitor;

/// Changes the database past the service.
fn sql(house: &TestHouse, text: &str) -> diesel::result::QueryResult<()> {
    match house.database_url() {
        Some(url) => {
            let mut conn = diesel::PgConnection::establish(url).expect("the server");
            conn.batch_execute(text)
        }
        None => {
            let file = house.data().join("soundings.db");
            let mut conn =
                diesel::SqliteConnection::establish(file.to_str().expect("a path")).expect("it");
            conn.batch_execute(text)
        }
    }
}

fn sql_ok(house: &TestHouse, text: &str) {
    sql(house, text).expect(text);
}

/// Somebody who tries doors.
struct Tries {
    name: String,
    visitor: Visitor,
    role: Option<Role>,
    /// Whether they came by a link to the results of the wave.
    reads: bool,
}

/// An address of a door, with ids that are there, or with another unit's.
fn address(house: &TestHouse, door: &Door, unit: &str) -> String {
    let survey = house.house.store.read(|tx| tx.waves()).expect("waves")[0].definition.to_string();
    let mut address = door.route.to_owned();
    for (name, value) in [
        ("{wave}", WAVE),
        ("{unit}", unit),
        ("{code}", unit),
        ("{date}", "2007-06-15"),
        ("{kind}", "reminder"),
        ("{number}", "1"),
        ("{id}", &survey),
        ("{file}", "figures.csv"),
        ("{section}", "1"),
    ] {
        address = address.replace(name, value);
    }
    // What is left is a secret or the id of something that is not there.
    while let Some((before, rest)) = address.split_once('{') {
        let after = rest.split_once('}').map(|(_, after)| after).unwrap_or_default();
        address = format!("{before}00000000-0000-0000-0000-000000000000{after}");
    }
    address
}

/// Whether somebody may come through, by the table alone.
fn may(who: Who, tries: &Tries) -> bool {
    match who {
        Who::Nobody => false,
        Who::Anybody | Who::Local => true,
        // No link was opened in these browsers, and no token shown.
        Who::Lead | Who::Program(_) => false,
        Who::Staff(roles) => tries.role.is_some_and(|role| roles.contains(&role)),
        Who::Reader(roles) => tries.reads || tries.role.is_some_and(|role| roles.contains(&role)),
    }
}

fn staff(house: &TestHouse) -> Vec<Tries> {
    let of = |role: Role| Tries {
        name: role.word().to_owned(),
        visitor: house.sign_in(role),
        role: Some(role),
        reads: false,
    };
    let mut all: Vec<Tries> = Role::ALL.into_iter().map(of).collect();
    let nobody =
        Tries { name: "nobody".to_owned(), visitor: house.visitor(), role: None, reads: false };
    all.push(nobody);
    all
}

on_both!(every_door_is_shut_to_everybody_whom_the_table_does_not_name, |house| {
    house.import_region();
    house.import_stocktake();
    house.open_wave(WAVE);
    let mut tried = 0;
    let everybody = staff(house);
    for door in DOORS {
        // Signing out ends what the others are to be tried with.
        if ["/sign-out", "/account/sign-out-everywhere"].contains(&door.route) {
            continue;
        }
        for unit in ["herts", "ne-essex"] {
            let address = address(house, door, unit);
            for tries in &everybody {
                for (acts, who) in [(false, door.look), (true, door.act)] {
                    let page = if acts {
                        tries.visitor.post(&address, &[])
                    } else {
                        tries.visitor.get(&address)
                    };
                    let shut = matches!(page.status, 401 | 403 | 405);
                    let name = &tries.name;
                    let said = format!("{name} {address} acts: {acts}: {}", page.status);
                    tried += 1;
                    if may(who, tries) {
                        // Whatever else is not as it must be, it is not the door.
                        assert!(page.status != 401 && page.status != 405, "{said}");
                        let staffs = matches!(who, Who::Staff(_));
                        assert!(page.status != 403 || !staffs, "{said}");
                        assert!(page.status < 500, "{said}: {}", page.text);
                    } else {
                        let outbox = matches!(who, Who::Local) && page.status == 404;
                        assert!(shut || outbox, "{said}");
                    }
                }
            }
        }
    }
    assert!(tried > DOORS.len() * 20, "{tried}");
});

on_both!(an_address_without_a_row_is_open_to_nobody, |house| {
    let office = house.sign_in(Role::Office);
    for address in ["/office/nothing", "/metrics", "/.git/config", "/office/"] {
        assert_eq!(office.get(address).status, 404, "{address}");
        assert_eq!(office.post(address, &[]).status, 404, "{address}");
    }
});

on_both!(a_change_without_the_form_of_the_session_is_refused, |house| {
    let office = house.sign_in(Role::Office);
    let other = house.sign_in(Role::Clerk);
    // Each browser learns its own token; the other's is worth nothing.
    let pages = [office.get("/office/mail"), other.get("/office/mail")];
    let token = |page: &crate::support::visitor::Page| {
        let (_, rest) = page.text.split_once("name=\"-form\" value=\"").expect("a token");
        rest.split('"').next().expect("a token").to_owned()
    };
    let [ours, theirs] = [token(&pages[0]), token(&pages[1])];
    assert_ne!(ours, theirs);
    let post = |fields: &[(&str, &str)]| {
        let fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        office.post_as_it_is("/office/mail/pause", &fields).status
    };
    assert_eq!(post(&[]), 403);
    assert_eq!(post(&[("-form", "")]), 403);
    assert_eq!(post(&[("-form", &theirs)]), 403);
    assert!(!office.get("/office/mail").says("Mails are paused"));
    assert_eq!(post(&[("-form", &ours), ("scope", "all")]), 303);
    assert_eq!(office.post_as_it_is("/sign-out", &[]).status, 403);
    assert_eq!(office.get("/office").status, 200, "still signed in");
});

on_both!(the_trail_says_who_did_what_and_shows_every_change, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    let all = [("scope".to_owned(), "all".to_owned())];
    for act in ["pause", "resume"] {
        assert_eq!(office.post(&format!("/office/mail/{act}"), &all).status, 303);
    }
    let page = office.get("/office/trail");
    assert!(page.says("The chain is whole"), "{}", page.text);
    for said in ["Mails paused", "Mails resumed", "office@", "Register loaded"] {
        assert!(page.says(said), "{said}: {}", page.text);
    }
    let file = office.get("/office/trail/trail.csv").text;
    assert!(file.starts_with("number,at,who,act,about,detail,sha256\n1,"), "{file}");
    assert_eq!(soundings::flow::check_trail(&house.house).expect("whole"), 3);
    // Nobody changes it by mistake.
    assert!(sql(house, "UPDATE trail SET who = 'nobody' WHERE number = 1").is_err());
    assert!(sql(house, "DELETE FROM trail WHERE number = 3").is_err());
    // Whoever takes the lock off first is found out.
    sql_ok(
        house,
        match house.backend {
            crate::support::Backend::Sqlite => "DROP TRIGGER trail_is_never_changed",
            crate::support::Backend::Postgres => "DROP TRIGGER trail_is_never_changed ON trail",
        },
    );
    sql_ok(house, "UPDATE trail SET who = 'nobody' WHERE number = 2");
    let page = office.get("/office/trail");
    assert!(page.says("Entry 2 or one before it was changed."), "{}", page.text);
});

on_both!(a_clerk_does_what_is_done_every_day_and_opens_nothing, |house| {
    let account = Account {
        email: "cy@office.example.org".parse().expect("it"),
        role: Role::Clerk,
        unit: None,
    };
    house.house.store.write(|tx| tx.put_account(&account)).expect("an account");
    let clerk = house.sign_in(Role::Clerk);
    assert_eq!(clerk.get("/office").status, 200);
    assert_eq!(clerk.get("/office/trail").status, 403);
    assert!(clerk.get("/office").says("Survey office clerk"));
});
