//! The settings on which "never lost" rests are asked of the database itself.

use soundings::storage::{StorageError, Store};

use crate::support::postgres::fresh_database;

#[test]
fn a_server_that_would_acknowledge_before_it_writes_is_refused() {
    let database = fresh_database();
    assert!(Store::open(&database.url).is_ok());
    let lax = format!("{}?options=-c%20synchronous_commit%3Doff", database.url);
    match Store::open(&lax).map(|_| ()) {
        Err(StorageError::Setting { name, found, wanted }) => {
            assert_eq!((name, found.as_str(), wanted), ("synchronous_commit", "off", "on"));
        }
        other => panic!("it was not refused for its setting: {other:?}"),
    }
}
