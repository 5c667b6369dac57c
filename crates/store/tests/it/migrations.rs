//! The schema goes forward: from each state before, with data in it.

use laotie_store::{AccessKind, AccessRow, StoreError};

use crate::place::Place;
use crate::sample::{at, record};

const SQLITE: [(&str, &str); 3] = [
    ("market", include_str!("../../migrations/sqlite/0001_market.sql")),
    ("access", include_str!("../../migrations/sqlite/0002_access.sql")),
    ("statement", include_str!("../../migrations/sqlite/0003_statement.sql")),
];
const POSTGRES: [(&str, &str); 3] = [
    ("market", include_str!("../../migrations/postgres/0001_market.sql")),
    ("access", include_str!("../../migrations/postgres/0002_access.sql")),
    ("statement", include_str!("../../migrations/postgres/0003_statement.sql")),
];

fn migrations(place: &Place) -> [(&'static str, &'static str); 3] {
    if place.is_sqlite() { SQLITE } else { POSTGRES }
}

/// Builds the schema as it was after migration `n`, the way an older program left it.
async fn build(place: &Place, n: usize) {
    let key = if place.is_sqlite() { "integer" } else { "bigint" };
    place
        .run(&format!(
            "create table schema_migration (number {key} not null constraint schema_migration_unique primary key, name text not null)"
        ))
        .await
        .expect("a table of migrations");
    for (i, (name, sql)) in migrations(place).into_iter().take(n).enumerate() {
        place.run(sql).await.expect(name);
        place.run(&format!("insert into schema_migration (number, name) values ({}, '{name}')", i + 1)).await.expect("a number");
    }
}

fn link() -> AccessRow {
    AccessRow {
        kind: AccessKind::SignInLink,
        id: "l-1".to_owned(),
        secret_hash: "0".repeat(64),
        party: "desk-1".to_owned(),
        roles: "[]".to_owned(),
        label: String::new(),
        created: at(1),
        expires: None,
    }
}

/// A journal row, a state and an outbox row, in words that every migration so far understands.
async fn fill(place: &Place) {
    let zeroes = if place.is_sqlite() { format!("x'{}'", "00".repeat(32)) } else { format!("decode('{}', 'hex')", "00".repeat(32)) };
    let row = format!(
        "insert into journal (seq, seen, at, source, key, kind, subject, by, because, rules, body, body_hash, hash)
         values (1, 2, 3, 'shop', 'o-1/paid', 'order.paid', 'order/o-1', null, '[]', '[]', '{{}}', {zeroes}, {zeroes});
         insert into state (system, key, body) values ('orders', 'o-1', 'before');
         insert into outbox (seq, target, body) values (1, 'shop', 'before');"
    );
    place.run(&row).await.expect("rows");
    if !place.is_sqlite() {
        place.run("update chain_head set seq = 1, seen = 2").await.expect("a head");
    }
}

pub(crate) async fn each_migration_keeps_what_was_there(place: Place) {
    // From nothing: the first migration has no state before it.
    // From after the first: the second brings the access table.
    build(&place, 1).await;
    fill(&place).await;
    let store = place.open().await;
    assert_eq!(store.head().await.expect("reads").seq, 1);
    assert_eq!(store.history("order/o-1", 0, 9).await.expect("reads")[0].key, "o-1/paid");
    assert_eq!(store.states_after("orders", "", 9).await.expect("reads")[0].body, "before");
    assert_eq!(store.outbox_waiting(0, 9).await.expect("reads")[0].body, "before");
    record(store.as_ref(), "b", 1).await;
    store.access_put(&link()).await.expect("the new table is there");
    assert!(store.access_remove(AccessKind::SignInLink, "l-1").await.expect("removes"));
    assert_eq!(place.number("select count(*) from schema_migration").await, 3);
}

pub(crate) async fn a_store_from_the_future_is_refused(place: Place) {
    drop(place.open().await);
    place.run("insert into schema_migration (number, name) values (99, 'tomorrow')").await.expect("a number");
    match place.try_open().await.map(|_| ()) {
        Err(StoreError::FromTheFuture { found: 99, known: 3 }) => {}
        other => panic!("it was written by a newer program: {other:?}"),
    }
}

pub(crate) async fn opening_again_changes_nothing(place: Place) {
    drop(place.open().await);
    drop(place.open().await);
    assert_eq!(place.number("select count(*) from schema_migration").await, 3);
    assert_eq!(place.number("select max(number) from schema_migration").await, 3);
}

/// Every file of a backend's folder is among those that are tested here.
#[test]
fn every_migration_has_its_test_and_its_reason() {
    for (folder, known) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
        let mut files: Vec<String> =
            std::fs::read_dir(path).expect("a folder").map(|f| f.expect("a file").file_name().to_string_lossy().into_owned()).collect();
        files.sort();
        let named: Vec<String> = known.iter().enumerate().map(|(i, (name, _))| format!("{:04}_{name}.sql", i + 1)).collect();
        assert_eq!(files, named);
        assert!(known.iter().all(|(_, sql)| sql.starts_with("-- ")), "each begins with a line on why");
    }
}
