//! States: put, replaced, read in bulk and in order.

use laotie_store::{StateRow, Writes};

use crate::place::Place;
use crate::sample::{state, state_key, write};

fn states(states: Vec<StateRow>) -> Writes {
    Writes { states, ..Writes::default() }
}

pub(crate) async fn a_state_is_put_and_replaced(place: Place) {
    let store = place.open().await;
    let keys = [state_key("orders", "o-1"), state_key("orders", "o-9"), state_key("voids", "o-1")];
    assert!(store.states(&keys).await.expect("reads").is_empty());
    write(store.as_ref(), states(vec![state("orders", "o-1", "1"), state("voids", "o-1", "v")])).await.expect("commits");
    write(store.as_ref(), states(vec![state("orders", "o-1", "2")])).await.expect("commits");
    let mut found = store.states(&keys).await.expect("reads");
    found.sort_by(|a, b| a.system.cmp(&b.system));
    assert_eq!(found, [state("orders", "o-1", "2"), state("voids", "o-1", "v")]);
    assert!(store.states(&[]).await.expect("reads").is_empty());
}

pub(crate) async fn the_last_word_in_a_batch_holds(place: Place) {
    let store = place.open().await;
    let twice = vec![state("orders", "o-1", "first"), state("orders", "o-2", "other"), state("orders", "o-1", "last")];
    write(store.as_ref(), states(twice)).await.expect("commits");
    assert_eq!(store.states(&[state_key("orders", "o-1")]).await.expect("reads"), [state("orders", "o-1", "last")]);
    assert_eq!(store.states_after("orders", "", 9).await.expect("reads").len(), 2);
}

pub(crate) async fn states_come_in_order_of_key(place: Place) {
    let store = place.open().await;
    // By bytes, as Rust compares: a database's own idea of an alphabet would differ from place to place.
    let mut names = ["b", "a", "B", "ä", "a-1", "a1", "订单", "_", "a/2", "Z", "z"];
    write(store.as_ref(), states(names.iter().map(|k| state("orders", k, "{}")).chain([state("other", "c", "{}")]).collect()))
        .await
        .expect("commits");
    names.sort_unstable();
    let read = async |after, limit| -> Vec<String> {
        store.states_after("orders", after, limit).await.expect("reads").into_iter().map(|s| s.key).collect()
    };
    assert_eq!(read("", 99).await, names);
    assert_eq!(read(names[3], 4).await, names[4..8]);
    assert!(read("\u{10ffff}", 4).await.is_empty());
}

pub(crate) async fn a_batch_reads_what_was_committed_before_it(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    write(other.as_ref(), states(vec![state("orders", "o-1", "before")])).await.expect("commits");
    let mut batch = store.begin().await.expect("begins");
    let waiting = tokio::spawn(async move { write(other.as_ref(), states(vec![state("orders", "o-1", "after")])).await });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(batch.states(&[state_key("orders", "o-1")]).await.expect("reads"), [state("orders", "o-1", "before")]);
    batch.commit(states(vec![state("orders", "o-2", "mine")])).await.expect("commits");
    waiting.await.expect("no panic").expect("commits");
    let mut batch = store.begin().await.expect("begins");
    assert_eq!(batch.states(&[state_key("orders", "o-1")]).await.expect("reads"), [state("orders", "o-1", "after")]);
}

pub(crate) async fn thousands_of_states_load_at_once(place: Place) {
    const MANY: usize = 10_000;
    let store = place.open().await;
    write(store.as_ref(), states((0..MANY).map(|i| state("orders", &format!("o-{i}"), "1")).collect())).await.expect("commits");
    write(store.as_ref(), states((0..MANY).step_by(2).map(|i| state("orders", &format!("o-{i}"), "2")).collect())).await.expect("commits");
    let keys: Vec<_> = (0..MANY + 10).map(|i| state_key("orders", &format!("o-{i}"))).collect();
    for found in [store.states(&keys).await, store.begin().await.expect("begins").states(&keys).await] {
        let found = found.expect("reads");
        assert_eq!(found.len(), MANY);
        assert_eq!(found.iter().filter(|s| s.body == "2").count(), MANY / 2);
    }
}
