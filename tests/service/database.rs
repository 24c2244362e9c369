//! The settings on which "never lost" rests are asked of the database itself.

use soundings::storage::{StorageError, Store};

use crate::support::cluster::Cluster;
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

#[test]
fn a_server_that_was_started_again_is_used_at_once() {
    let mut server = Cluster::new();
    server.start();
    let store = Store::open(&server.create("soundings")).expect("the database");
    store.migrate().expect("its tables");
    let write = |value: &str| store.write(|tx| tx.set_house_fact("house_name", value));
    let read = || store.read(|tx| tx.house_fact("house_name"));
    write("before").expect("written");
    server.stop();
    server.start();
    write("after").expect("written");
    // One connection after the other was of the old server.
    for _ in 0..10 {
        assert_eq!(read().expect("read").as_deref(), Some("after"));
    }
}
