//! Writers take turns at the chain's head, in one program and across programs.

use std::time::Duration;

use laotie_store::Writes;

use crate::place::Place;
use crate::sample::{head_after, record, rows, state, state_key, write};

const SOON: Duration = Duration::from_secs(20);

/// The journal has rows 1 to `n` and every row's hash covers the one before.
async fn is_whole(place: &Place, n: i64) {
    let journal = place.open().await.journal_after(0, 100_000).await.expect("reads");
    assert_eq!(journal.iter().map(|r| r.seq).collect::<Vec<_>>(), (1..=n).collect::<Vec<_>>());
    let mut previous = [0; 32];
    for row in &journal {
        assert_eq!(row.chain_hash(&previous), row.hash, "row {}", row.seq);
        previous = row.hash;
    }
}

pub(crate) async fn eight_writers_leave_no_gap(place: Place) {
    let store = place.open().await;
    let writers = (0..8).map(|w| {
        let store = store.clone();
        tokio::spawn(async move {
            for turn in 0..10 {
                record(store.as_ref(), &format!("w{w}t{turn}n"), 1 + turn % 3).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no writer fails");
    }
    is_whole(&place, 8 * (1 + 2 + 3 + 1 + 2 + 3 + 1 + 2 + 3 + 1)).await;
}

pub(crate) async fn two_programs_take_turns(place: Place) {
    let mut writers = Vec::new();
    for w in 0..4 {
        let store = place.open().await;
        writers.push(tokio::spawn(async move {
            for turn in 0..15 {
                record(store.as_ref(), &format!("w{w}t{turn}n"), 2).await;
            }
        }));
    }
    for writer in writers {
        writer.await.expect("no writer fails");
    }
    is_whole(&place, 4 * 15 * 2).await;
}

pub(crate) async fn a_dropped_batch_changes_nothing_and_frees_the_head(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    for i in 0..20 {
        let mut batch = store.begin().await.expect("begins");
        batch.states(&[state_key("orders", "o-1")]).await.expect("reads");
        drop(batch);
        let next = if i % 2 == 0 { &store } else { &other };
        tokio::time::timeout(SOON, record(next.as_ref(), &format!("n{i}x"), 1)).await.expect("the head is free");
    }
    is_whole(&place, 20).await;
}

pub(crate) async fn a_caller_that_goes_away_frees_the_head(place: Place) {
    let store = place.open().await;
    let mut written = 0;
    for i in 0_u64..40 {
        let (own, prefix) = (store.clone(), format!("n{i}x"));
        let task = tokio::spawn(async move {
            let mut batch = own.begin().await.expect("begins");
            batch.recorded(&vec![("shop".to_owned(), "a".to_owned()); 500]).await.expect("looks up");
            let rows = rows(batch.head(), &prefix, 300);
            batch.commit(Writes { rows, states: vec![state("orders", &prefix, "{}")], ..Writes::default() }).await.expect("commits");
        });
        tokio::time::sleep(Duration::from_micros(i * 400)).await;
        task.abort();
        let _ = task.await;
        // Whole or not at all: the state and the rows of a batch stand or fall together.
        tokio::time::timeout(SOON, record(store.as_ref(), &format!("y{i}x"), 1)).await.expect("the head is free");
        let states = store.states_after("orders", "", 1_000).await.expect("reads").len();
        let seq = store.head().await.expect("reads").seq;
        written += 1;
        assert_eq!(usize::try_from(seq).expect("positive"), states * 300 + written);
    }
}

pub(crate) async fn readers_are_served_while_writers_queue(place: Place) {
    let store = place.open().await;
    let batch = store.begin().await.expect("begins");
    let waiting: Vec<_> = (0..30)
        .map(|w| {
            let store = store.clone();
            tokio::spawn(async move { record(store.as_ref(), &format!("w{w}n"), 1).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    for _ in 0..20 {
        let read = tokio::time::timeout(SOON, store.head()).await.expect("readers do not wait for writers").expect("reads");
        assert_eq!(read.seq, 0);
    }
    drop(batch);
    for writer in waiting {
        writer.await.expect("no writer fails");
    }
    is_whole(&place, 30).await;
}

pub(crate) async fn readers_do_not_see_an_open_batch(place: Place) {
    let store = place.open().await;
    let first = record(store.as_ref(), "a", 1).await;
    let batch = store.begin().await.expect("begins");
    let new = rows(batch.head(), "b", 500);
    let reading = {
        let (store, old) = (store.clone(), head_after(&first[0]));
        let last = head_after(&new[499]);
        tokio::spawn(async move {
            loop {
                let (head, n) = (store.head().await.expect("reads"), store.journal_after(0, 1_000).await.expect("reads").len());
                assert!(head == old || head == last, "all of a batch or nothing");
                assert!(n == 1 || n == 501, "all of a batch or nothing: {n}");
                if head == last {
                    return;
                }
            }
        })
    };
    tokio::time::sleep(Duration::from_millis(20)).await;
    batch.commit(Writes { rows: new, ..Writes::default() }).await.expect("commits");
    tokio::time::timeout(SOON, reading).await.expect("the batch is seen").expect("no half of it");
}

pub(crate) async fn a_failed_commit_writes_nothing(place: Place) {
    let store = place.open().await;
    let first = record(store.as_ref(), "a", 2).await;
    let batch = store.begin().await.expect("begins");
    let mut again = rows(batch.head(), "b", 600);
    again[599].key.clone_from(&first[0].key);
    let writes = Writes { rows: again, states: vec![state("orders", "o-1", "{}")], ..Writes::default() };
    batch.commit(writes).await.expect_err("the key was recorded before");
    assert_eq!(store.head().await.expect("reads"), head_after(&first[1]));
    assert!(store.states(&[state_key("orders", "o-1")]).await.expect("reads").is_empty());
    write(store.as_ref(), Writes::default()).await.expect("the head is free");
    record(store.as_ref(), "c", 1).await;
    is_whole(&place, 3).await;
}
