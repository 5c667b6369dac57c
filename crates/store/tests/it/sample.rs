//! Rows to write, and short ways to write them.

use laotie_facts::{JournalRow, Timestamp, body_hash};
use laotie_store::{Head, ListingPage, ListingRow, StateKey, StateRow, Store, StoreError, Writes};

pub(crate) fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("a time")
}

/// A row behind another: `source/key` says who sent it, the subject is `order/KEY` up to its first `/`.
pub(crate) fn row(head: &Head, source: &str, key: &str, kind: &str, body: &str) -> JournalRow {
    let order = key.split('/').next().unwrap_or(key);
    let mut row = JournalRow {
        seq: head.seq + 1,
        seen: at(1_781_092_800_000_000 + head.seq),
        at: at(1_781_000_000_000_000 + head.seq * 7),
        source: source.to_owned(),
        key: key.to_owned(),
        kind: kind.to_owned(),
        subject: format!("order/{order}"),
        by: (head.seq % 2 == 0).then(|| r#"{"actor":"p-1"}"#.to_owned()),
        because: "[]".to_owned(),
        rules: "[]".to_owned(),
        body: body.to_owned(),
        body_hash: body_hash(body),
        hash: [0; 32],
    };
    row.hash = row.chain_hash(&head.hash);
    row
}

pub(crate) fn head_after(row: &JournalRow) -> Head {
    Head { seq: row.seq, hash: row.hash, seen: row.seen }
}

/// `n` rows behind the head, of source `shop` and keys `PREFIX0/paid`, `PREFIX1/paid` …
pub(crate) fn rows(mut head: Head, prefix: &str, n: usize) -> Vec<JournalRow> {
    (0..n)
        .map(|i| {
            let row = row(&head, "shop", &format!("{prefix}{i}/paid"), "order.paid", &format!(r#"{{"order":"{prefix}{i}"}}"#));
            head = head_after(&row);
            row
        })
        .collect()
}

pub(crate) fn state(system: &str, key: &str, body: &str) -> StateRow {
    StateRow { system: system.to_owned(), key: key.to_owned(), body: body.to_owned() }
}

pub(crate) fn state_key(system: &str, key: &str) -> StateKey {
    StateKey { system: system.to_owned(), key: key.to_owned() }
}

pub(crate) fn entry(view: &str, owner: &str, sort: &str, key: &str) -> ListingRow {
    let body = format!(r#"{{"key":"{key}"}}"#);
    ListingRow { view: view.to_owned(), owner: owner.to_owned(), sort: sort.to_owned(), key: key.to_owned(), body }
}

pub(crate) fn page(view: &str, owner: &str, after: Option<(&str, &str)>, descending: bool, limit: usize) -> ListingPage {
    let after = after.map(|(sort, key)| (sort.to_owned(), key.to_owned()));
    ListingPage { view: view.to_owned(), owner: owner.to_owned(), after, descending, limit }
}

/// Keys of a page.
pub(crate) async fn keys(store: &dyn Store, page: &ListingPage) -> Vec<String> {
    store.listing(page).await.expect("reads").into_iter().map(|l| l.key).collect()
}

/// Takes the head and writes.
pub(crate) async fn write(store: &dyn Store, writes: Writes) -> Result<(), StoreError> {
    store.begin().await?.commit(writes).await
}

/// Takes the head and writes `n` rows behind it.
pub(crate) async fn record(store: &dyn Store, prefix: &str, n: usize) -> Vec<JournalRow> {
    let batch = store.begin().await.expect("begins");
    let rows = rows(batch.head(), prefix, n);
    batch.commit(Writes { rows: rows.clone(), ..Writes::default() }).await.expect("commits");
    rows
}

/// The name of the constraint that was broken.
pub(crate) fn constraint(done: Result<(), StoreError>) -> String {
    match done {
        Err(StoreError::Constraint { constraint, .. }) => constraint,
        other => panic!("a broken constraint was awaited, not {other:?}"),
    }
}
