//! The tables' own guards: a second lock behind ours.

use laotie_store::{BalanceRow, HoldRow, PostingRow, Writes};

use crate::money::{hold, posting};
use crate::place::Place;
use crate::sample::{at, constraint, record, rows, write};

pub(crate) async fn rows_must_follow_the_head(place: Place) {
    let store = place.open().await;
    record(store.as_ref(), "a", 2).await;
    let head = store.head().await.expect("reads");
    let mut late = rows(head, "b", 3);
    late.remove(0);
    let mut gap = rows(head, "c", 3);
    gap.remove(1);
    let again = rows(laotie_store::Head { seq: 0, ..head }, "d", 1);
    for rows in [late, gap, again] {
        assert_eq!(constraint(write(store.as_ref(), Writes { rows, ..Writes::default() }).await), "journal_without_gaps");
    }
    assert_eq!(store.head().await.expect("reads"), head);
}

pub(crate) async fn an_identity_is_recorded_once(place: Place) {
    let store = place.open().await;
    record(store.as_ref(), "a", 2).await;
    let again = rows(store.head().await.expect("reads"), "a", 1);
    assert_eq!(constraint(write(store.as_ref(), Writes { rows: again, ..Writes::default() }).await), "journal_identity");
}

pub(crate) async fn the_journal_is_append_only(place: Place) {
    let store = place.open().await;
    let written = record(store.as_ref(), "a", 3).await;
    let mut tries = vec!["update journal set body = '{}' where seq = 2", "delete from journal where seq = 3", "delete from journal"];
    if !place.is_sqlite() {
        tries.push("truncate journal");
    }
    for sql in tries {
        let refused = place.run(sql).await.expect_err(sql);
        assert!(refused.contains("journal_append_only"), "{sql}: {refused}");
    }
    assert_eq!(store.journal_after(0, 9).await.expect("reads"), written);
}

pub(crate) async fn postings_are_append_only(place: Place) {
    let store = place.open().await;
    let postings = vec![posting("p-1", "t-1", "buyer", 500), posting("p-2", "t-1", "shop", -500)];
    write(store.as_ref(), Writes { postings, ..Writes::default() }).await.expect("commits");
    for sql in ["update posting set amount_minor = 1", "delete from posting"] {
        let refused = place.run(sql).await.expect_err(sql);
        assert!(refused.contains("posting_append_only"), "{sql}: {refused}");
    }
    let again = vec![posting("p-1", "t-2", "buyer", 1), posting("p-3", "t-2", "shop", -1)];
    assert_eq!(constraint(write(store.as_ref(), Writes { postings: again, ..Writes::default() }).await), "posting_unique");
}

pub(crate) async fn a_transfer_must_balance(place: Place) {
    let store = place.open().await;
    let other_currency = PostingRow { currency: "USD".to_owned(), ..posting("p-2", "t-1", "shop", -500) };
    for second in [posting("p-2", "t-1", "shop", -499), other_currency, posting("p-2", "t-2", "shop", -500)] {
        let postings = vec![posting("p-1", "t-1", "buyer", 500), second];
        assert_eq!(constraint(write(store.as_ref(), Writes { postings, ..Writes::default() }).await), "transfer_balances");
    }
    let huge = [("p-1", i64::MAX), ("p-2", i64::MAX), ("p-3", -i64::MAX), ("p-4", -i64::MAX)];
    let postings = huge.map(|(id, amount)| posting(id, "t-1", "bank", amount)).to_vec();
    write(store.as_ref(), Writes { postings, ..Writes::default() }).await.expect("sums do not overflow");
}

pub(crate) async fn amounts_and_states_are_guarded(place: Place) {
    let store = place.open().await;
    let none = [("p-1", 0), ("p-2", 0)].map(|(id, n)| posting(id, "t-1", "a", n)).to_vec();
    assert_eq!(constraint(write(store.as_ref(), Writes { postings: none, ..Writes::default() }).await), "posting_amount_not_zero");
    let holds = |hold: HoldRow| Writes { holds: vec![hold], ..Writes::default() };
    assert_eq!(constraint(write(store.as_ref(), holds(hold("h-1", 0, "held"))).await), "hold_amount_positive");
    assert_eq!(constraint(write(store.as_ref(), holds(hold("h-1", 5, "lost"))).await), "hold_state_known");
    let balance = |posted_minor, held_minor, currency: &str| {
        let floor_minor = Some(-100);
        let row = BalanceRow { account: "shop".to_owned(), currency: currency.to_owned(), posted_minor, held_minor, floor_minor };
        Writes { balances: vec![row], ..Writes::default() }
    };
    assert_eq!(constraint(write(store.as_ref(), balance(0, 101, "CNY")).await), "balance_above_floor");
    assert_eq!(constraint(write(store.as_ref(), balance(0, -1, "CNY")).await), "balance_held_not_negative");
    assert_eq!(constraint(write(store.as_ref(), balance(0, 0, "CN")).await), "balance_currency_iso");
    write(store.as_ref(), balance(0, 100, "CNY")).await.expect("just above the floor");
}

pub(crate) async fn a_broken_constraint_is_told_by_its_name(place: Place) {
    let store = place.open().await;
    // The journal is written beside the other tables; whichever fails, its own name is told.
    let batch = store.begin().await.expect("begins");
    let rows = rows(batch.head(), "a", 2_000);
    let late = PostingRow { effective: at(0), ..posting("p-1", "t-1", "a", 0) };
    let writes = Writes { rows, postings: vec![late], holds: vec![hold("h-1", 5, "held")], ..Writes::default() };
    let error = batch.commit(writes).await.expect_err("a posting of nothing");
    assert_eq!(error.to_string(), "committing broke the constraint `posting_amount_not_zero`");
    let hold = Writes { rows: rows_again(store.as_ref()).await, holds: vec![hold("h-1", -1, "held")], ..Writes::default() };
    assert_eq!(constraint(write(store.as_ref(), hold).await), "hold_amount_positive");
    assert_eq!(place.number("select count(*) from journal").await, 0);
}

async fn rows_again(store: &dyn laotie_store::Store) -> Vec<laotie_facts::JournalRow> {
    rows(store.head().await.expect("reads"), "b", 2_000)
}
