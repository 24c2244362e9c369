//! What the end-to-end tests stand on: the real service with a database of its
//! own, real mail, people with browsers, and verbs for what they do.

#[expect(dead_code, reason = "a driver for tests to come, too")]
pub mod browser;
pub mod cluster;
pub mod dovecot;
pub mod faulty_smtp;
pub mod house;
pub mod oidc;
pub mod postfix;
pub mod postgres;
pub mod recorder;
pub mod region;
pub mod respondent;
#[expect(dead_code, reason = "other tests need the rest")]
pub mod smtp;
pub mod visitor;

pub use house::{Backend, TestHouse, WAVE};

/// How often something is tried: a few times for every change, many times with
/// `SOUNDINGS_TESTS=long`.
#[expect(clippy::disallowed_methods, reason = "how long tests take is no setting of the service")]
pub fn many(few: usize, long: usize) -> usize {
    if std::env::var("SOUNDINGS_TESTS").is_ok_and(|wish| wish == "long") { long } else { few }
}

/// One flow test on both databases: `on_both!(name_as_a_sentence, |house| { … })`.
macro_rules! on_both {
    ($name:ident, |$house:ident| $body:block) => {
        fn $name($house: &$crate::support::TestHouse) $body

        mod $name {
            #[test]
            fn on_sqlite() {
                super::$name(&$crate::support::TestHouse::start($crate::support::Backend::Sqlite));
            }

            #[test]
            fn on_postgres() {
                super::$name(&$crate::support::TestHouse::start($crate::support::Backend::Postgres));
            }
        }
    };
}
pub(crate) use on_both;
