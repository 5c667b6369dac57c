//! Lists, deadlines and the outbox: read models that are kept, not computed.

use laotie_store::{DeadlineRow, ListingRow, OutboxRow, TABLES, Writes};

use crate::place::Place;
use crate::sample::{at, entry, keys, page, rows, state, write};

fn entries(listings: Vec<ListingRow>) -> Writes {
    Writes { listings, ..Writes::default() }
}

fn gone(view: &str, owner: &str, key: &str) -> (String, String, String) {
    (view.to_owned(), owner.to_owned(), key.to_owned())
}

pub(crate) async fn a_list_is_paged_both_ways(place: Place) {
    let store = place.open().await;
    let all: Vec<ListingRow> = (0..25).map(|i| entry("orders", "", &format!("2026-06-{i:02}"), &format!("o-{}", 100 - i))).collect();
    write(store.as_ref(), entries(all.clone())).await.expect("commits");
    for descending in [false, true] {
        let mut wanted: Vec<ListingRow> = all.clone();
        wanted.sort_by(|a, b| (&a.sort, &a.key).cmp(&(&b.sort, &b.key)));
        if descending {
            wanted.reverse();
        }
        let (mut read, mut pages) = (Vec::new(), 0);
        loop {
            let after = read.last().map(|l: &ListingRow| (l.sort.clone(), l.key.clone()));
            let after = after.as_ref().map(|(s, k)| (s.as_str(), k.as_str()));
            let found = store.listing(&page("orders", "", after, descending, 10)).await.expect("reads");
            if found.is_empty() {
                break;
            }
            pages += 1;
            read.extend(found);
        }
        assert_eq!((pages, read), (3, wanted));
    }
}

pub(crate) async fn ties_are_broken_by_key(place: Place) {
    let store = place.open().await;
    let tied = ["c", "a", "订", "b", "B", "d"].map(|key| entry("orders", "", "same", key)).to_vec();
    write(store.as_ref(), entries(tied)).await.expect("commits");
    let read = async |after, descending| keys(store.as_ref(), &page("orders", "", after, descending, 4)).await;
    assert_eq!(read(None, false).await, ["B", "a", "b", "c"]);
    assert_eq!(read(Some(("same", "c")), false).await, ["d", "订"]);
    assert_eq!(read(None, true).await, ["订", "d", "c", "b"]);
    assert_eq!(read(Some(("same", "b")), true).await, ["a", "B"]);
    assert_eq!(read(Some(("rather", "zzz")), false).await, ["B", "a", "b", "c"], "the row before the page need not exist");
}

pub(crate) async fn an_entry_moves_when_its_sort_changes(place: Place) {
    let store = place.open().await;
    write(store.as_ref(), entries(vec![entry("orders", "", "1", "a"), entry("orders", "", "2", "b")])).await.expect("commits");
    write(store.as_ref(), entries(vec![entry("orders", "", "3", "a"), entry("orders", "", "3", "a")])).await.expect("commits");
    assert_eq!(keys(store.as_ref(), &page("orders", "", None, false, 9)).await, ["b", "a"]);
}

pub(crate) async fn entries_go_and_may_come_back_in_one_batch(place: Place) {
    let store = place.open().await;
    write(store.as_ref(), entries(["a", "b", "c"].map(|k| entry("orders", "", "1", k)).to_vec())).await.expect("commits");
    let listings_gone = vec![gone("orders", "", "a"), gone("orders", "", "b"), gone("orders", "", "never there"), gone("other", "", "c")];
    let writes = Writes { listings_gone, listings: vec![entry("orders", "", "0", "b")], ..Writes::default() };
    write(store.as_ref(), writes).await.expect("commits");
    assert_eq!(keys(store.as_ref(), &page("orders", "", None, false, 9)).await, ["b", "c"]);
}

pub(crate) async fn lists_keep_to_their_owner(place: Place) {
    let store = place.open().await;
    let all = vec![
        entry("orders", "", "1", "a"),
        entry("orders", "b-7", "1", "a"),
        entry("orders", "b-8", "1", "x"),
        entry("claims", "b-7", "1", "y"),
    ];
    write(store.as_ref(), entries(all)).await.expect("commits");
    assert_eq!(keys(store.as_ref(), &page("orders", "b-7", None, false, 9)).await, ["a"]);
    assert_eq!(keys(store.as_ref(), &page("orders", "", None, true, 9)).await, ["a"]);
    assert!(keys(store.as_ref(), &page("orders", "b-9", None, false, 9)).await.is_empty());
}

fn deadline(key: &str, purpose: &str, due: i64) -> DeadlineRow {
    DeadlineRow { system: "orders".to_owned(), key: key.to_owned(), purpose: purpose.to_owned(), due: at(due) }
}

pub(crate) async fn deadlines_fall_due_in_order(place: Place) {
    let store = place.open().await;
    let all = vec![deadline("o-2", "answer", 20), deadline("o-1", "answer", 10), deadline("o-3", "answer", 30), deadline("o-0", "pay", 20)];
    write(store.as_ref(), Writes { deadlines: all, ..Writes::default() }).await.expect("commits");
    let due = async |by, limit| store.deadlines_due(at(by), limit).await.expect("reads");
    assert!(due(9, 9).await.is_empty());
    assert_eq!(due(20, 9).await, [deadline("o-1", "answer", 10), deadline("o-0", "pay", 20), deadline("o-2", "answer", 20)]);
    assert_eq!(due(99, 2).await.len(), 2);
}

pub(crate) async fn deadlines_are_moved_and_lifted(place: Place) {
    let store = place.open().await;
    let all = vec![deadline("o-1", "answer", 10), deadline("o-1", "pay", 10), deadline("o-2", "answer", 10), deadline("o-2", "answer", 15)];
    write(store.as_ref(), Writes { deadlines: all, ..Writes::default() }).await.expect("commits");
    let deadlines_gone = vec![gone("orders", "o-1", "pay"), gone("orders", "o-1", "answer"), gone("orders", "o-9", "answer")];
    write(store.as_ref(), Writes { deadlines: vec![deadline("o-1", "answer", 40)], deadlines_gone, ..Writes::default() })
        .await
        .expect("commits");
    assert_eq!(store.deadlines_due(at(99), 9).await.expect("reads"), [deadline("o-2", "answer", 15), deadline("o-1", "answer", 40)]);
}

pub(crate) async fn the_outbox_forgets_what_was_sent(place: Place) {
    let store = place.open().await;
    let message = |body: &str| OutboxRow { id: 0, seq: 1, target: "https://shop.example/hook".to_owned(), body: body.to_owned() };
    write(store.as_ref(), Writes { outbox: vec![message("a"), message("b"), message("c")], ..Writes::default() }).await.expect("commits");
    let waiting = store.outbox_waiting(0, 9).await.expect("reads");
    assert_eq!(waiting.iter().map(|o| o.body.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(waiting.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert_eq!(store.outbox_waiting(waiting[0].id, 1).await.expect("reads"), waiting[1..2]);
    store.outbox_sent(&[waiting[0].id, waiting[1].id, 99_999]).await.expect("marks");
    store.outbox_sent(&[waiting[0].id]).await.expect("marking twice does no harm");
    store.outbox_sent(&[]).await.expect("marks nothing");
    assert_eq!(store.outbox_waiting(0, 9).await.expect("reads"), waiting[2..]);
}

pub(crate) async fn tables_are_counted(place: Place) {
    let store = place.open().await;
    let head = store.head().await.expect("reads");
    let writes = Writes {
        rows: rows(head, "a", 3),
        states: vec![state("orders", "o-1", "{}")],
        listings: vec![entry("orders", "", "1", "a"), entry("orders", "", "2", "b")],
        ..Writes::default()
    };
    assert_eq!(writes.len(), 6);
    write(store.as_ref(), writes).await.expect("commits");
    let counts = store.table_counts().await.expect("counts");
    assert_eq!(counts.iter().map(|(table, _)| table.as_str()).collect::<Vec<_>>(), TABLES);
    let filled: Vec<(&str, i64)> = counts.iter().filter(|(_, n)| *n > 0).map(|(t, n)| (t.as_str(), *n)).collect();
    assert_eq!(filled, [("journal", 3), ("state", 1), ("listing", 2)]);
}
