//! What is there when a market is opened again, or by many at once.

use laotie_store::Writes;

use crate::place::Place;
use crate::sample::{head_after, record, rows, state, state_key, write};

pub(crate) async fn what_was_committed_is_there_after_reopening(place: Place) {
    let (written, open_batch) = {
        let store = place.open().await;
        let written = record(store.as_ref(), "a", 100).await;
        write(store.as_ref(), Writes { states: vec![state("orders", "o-1", "{}")], ..Writes::default() }).await.expect("commits");
        (written, store.begin().await.expect("begins"))
    };
    drop(open_batch);
    let store = place.open().await;
    assert_eq!(store.head().await.expect("reads"), head_after(&written[99]));
    assert_eq!(store.journal_after(0, 1_000).await.expect("reads"), written);
    assert_eq!(store.states(&[state_key("orders", "o-1")]).await.expect("reads").len(), 1);
    let batch = store.begin().await.expect("begins");
    assert_eq!(batch.head(), head_after(&written[99]));
    let more = rows(batch.head(), "b", 1);
    batch.commit(Writes { rows: more.clone(), ..Writes::default() }).await.expect("commits");
    assert_eq!(place.open().await.head().await.expect("reads"), head_after(&more[0]));
    if place.is_sqlite() {
        // Survives a power cut: `full` (2) flushes the log at each commit.
        let Place::Sqlite(dir) = &place else { return };
        let connection = rusqlite::Connection::open(dir.path().join("market.db")).expect("opens");
        let journal_mode: String = connection.query_row("pragma journal_mode", [], |r| r.get(0)).expect("a mode");
        assert_eq!(journal_mode, "wal");
    }
}

pub(crate) async fn many_open_a_new_market_at_once(place: Place) {
    let openers: Vec<_> = (0..8)
        .map(|n| {
            let place = place.clone();
            tokio::spawn(async move { record(place.open().await.as_ref(), &format!("n{n}x"), 1).await })
        })
        .collect();
    for opener in openers {
        opener.await.expect("each opener finds a whole market");
    }
    assert_eq!(place.open().await.head().await.expect("reads").seq, 8);
}
