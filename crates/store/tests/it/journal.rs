//! The journal: order, pages, filters, identities.

use laotie_facts::{Timestamp, body_hash};
use laotie_store::{Head, JournalFilter, Writes};

use crate::place::Place;
use crate::sample::{head_after, record, row, rows, write};

pub(crate) async fn an_empty_market_has_an_empty_journal(place: Place) {
    let store = place.open().await;
    let nothing = Head { seq: 0, hash: [0; 32], seen: Timestamp::default() };
    assert_eq!(store.head().await.expect("reads"), nothing);
    assert_eq!(store.begin().await.expect("begins").head(), nothing);
    assert!(store.journal_after(0, 10).await.expect("reads").is_empty());
    assert!(store.history("order/o-1", 0, 10).await.expect("reads").is_empty());
    assert!(store.rows(&[]).await.expect("reads").is_empty());
    assert!(store.rows(&[1]).await.expect("reads").is_empty());
    write(store.as_ref(), Writes::default()).await.expect("an empty batch is fine");
    assert_eq!(store.head().await.expect("reads"), nothing);
}

pub(crate) async fn rows_read_back_as_they_were_written(place: Place) {
    let store = place.open().await;
    let first = record(store.as_ref(), "a", 3).await;
    let second = record(store.as_ref(), "b", 2).await;
    let all = [first, second].concat();
    assert_eq!(store.journal_after(0, 100).await.expect("reads"), all);
    assert_eq!(store.rows(&[5, 1, 3, 99, 1]).await.expect("reads"), [all[0].clone(), all[2].clone(), all[4].clone()]);
    assert_eq!(store.head().await.expect("reads"), head_after(&all[4]));
    let mut previous = [0; 32];
    for row in store.journal_after(0, 100).await.expect("reads") {
        assert_eq!(row.chain_hash(&previous), row.hash, "the chain holds at row {}", row.seq);
        previous = row.hash;
    }
}

pub(crate) async fn a_page_begins_behind_a_row_and_ends_at_its_limit(place: Place) {
    let store = place.open().await;
    record(store.as_ref(), "a", 25).await;
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let page = store.journal_after(after, 10).await.expect("reads");
        let Some(last) = page.last() else { break };
        after = last.seq;
        seen.push(page.iter().map(|r| r.seq).collect::<Vec<_>>());
    }
    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
    assert_eq!(seen.concat(), (1..=25).collect::<Vec<i64>>());
    assert!(store.journal_after(0, 0).await.expect("reads").is_empty());
    assert!(store.journal_after(i64::MAX, 10).await.expect("reads").is_empty());
}

pub(crate) async fn a_history_holds_one_subject(place: Place) {
    let store = place.open().await;
    let batch = store.begin().await.expect("begins");
    let (mut head, mut rows) = (batch.head(), Vec::new());
    for key in ["o-1/paid", "o-2/paid", "o-1/dispatched", "o-10/paid", "o-1/signed"] {
        let new = row(&head, "shop", key, "order.paid", "{}");
        head = head_after(&new);
        rows.push(new);
    }
    batch.commit(Writes { rows, ..Writes::default() }).await.expect("commits");
    let keys = async |after, limit| -> Vec<String> {
        store.history("order/o-1", after, limit).await.expect("reads").into_iter().map(|r| r.key).collect()
    };
    assert_eq!(keys(0, 10).await, ["o-1/paid", "o-1/dispatched", "o-1/signed"]);
    assert_eq!(keys(1, 1).await, ["o-1/dispatched"]);
    assert!(keys(5, 10).await.is_empty());
}

pub(crate) async fn filters_narrow_and_combine(place: Place) {
    let store = place.open().await;
    let batch = store.begin().await.expect("begins");
    let (mut head, mut rows) = (batch.head(), Vec::new());
    for (source, key, kind) in [
        ("shop", "o-1/paid", "order.paid"),
        ("warehouse", "o-1/paid", "order.dispatched"),
        ("shop", "o-2/paid", "order.paid"),
        ("shop", "o-1/signed", "order.signed"),
    ] {
        let new = row(&head, source, key, kind, "{}");
        head = head_after(&new);
        rows.push(new);
    }
    batch.commit(Writes { rows, ..Writes::default() }).await.expect("commits");
    let some = |text: &str| Some(text.to_owned());
    let seqs = async |filter: JournalFilter, after, limit| -> Vec<i64> {
        store.journal_page(&filter, after, limit).await.expect("reads").iter().map(|r| r.seq).collect()
    };
    let all = JournalFilter::default();
    assert_eq!(seqs(all.clone(), 0, 9).await, [1, 2, 3, 4]);
    assert_eq!(seqs(JournalFilter { source: some("shop"), ..all.clone() }, 0, 9).await, [1, 3, 4]);
    assert_eq!(seqs(JournalFilter { source: some("shop"), ..all.clone() }, 1, 1).await, [3]);
    assert_eq!(seqs(JournalFilter { source: some("warehouse"), key: some("o-1/paid"), ..all.clone() }, 0, 9).await, [2]);
    assert_eq!(seqs(JournalFilter { kind: some("order.paid"), ..all.clone() }, 1, 9).await, [3]);
    assert_eq!(seqs(JournalFilter { subject: some("order/o-1"), kind: some("order.signed"), ..all.clone() }, 0, 9).await, [4]);
    let every = JournalFilter { source: some("shop"), key: some("o-1/signed"), kind: some("order.signed"), subject: some("order/o-1") };
    assert_eq!(seqs(every, 0, 9).await, [4]);
    assert!(seqs(JournalFilter { source: some("nobody"), ..all }, 0, 9).await.is_empty());
}

pub(crate) async fn identities_are_found_by_their_index(place: Place) {
    let store = place.open().await;
    let written = record(store.as_ref(), "a", 5).await;
    let identity = |source: &str, key: &str| (source.to_owned(), key.to_owned());
    let asked = [
        identity("shop", "new"),
        identity("shop", "a3/paid"),
        identity("other", "a3/paid"),
        identity("shop", "a0/paid"),
        identity("shop", "a3/paid"),
    ];
    let mut batch = store.begin().await.expect("begins");
    let found = batch.recorded(&asked).await.expect("looks up");
    assert_eq!(found.iter().map(|r| (r.index, r.seq)).collect::<Vec<_>>(), [(1, 4), (3, 1), (4, 4)]);
    assert_eq!((found[0].kind.as_str(), found[0].at, found[0].body_hash), ("order.paid", written[3].at, body_hash(&written[3].body)));
    assert!(batch.recorded(&[]).await.expect("looks up").is_empty());
    assert_eq!(batch.rows_of(&asked).await.expect("reads"), [written[0].clone(), written[3].clone()]);
}

pub(crate) async fn twenty_thousand_rows_go_in_one_batch(place: Place) {
    const MANY: usize = 20_000;
    let store = place.open().await;
    let written = record(store.as_ref(), "a", MANY).await;
    assert_eq!(store.head().await.expect("reads"), head_after(&written[MANY - 1]));
    assert_eq!(store.journal_after(0, MANY + 1).await.expect("reads"), written);
    let identities: Vec<(String, String)> = (0..MANY).rev().map(|i| ("shop".to_owned(), format!("a{}/paid", i * 2))).collect();
    let mut batch = store.begin().await.expect("begins");
    let found = batch.recorded(&identities).await.expect("looks up");
    assert_eq!(found.len(), MANY / 2);
    assert!(found.iter().all(|r| usize::try_from(r.seq).is_ok_and(|seq| seq == (MANY - 1 - r.index) * 2 + 1)));
    batch.commit(Writes { rows: rows(store.head().await.expect("reads"), "b", 1), ..Writes::default() }).await.expect("commits");
}

pub(crate) async fn odd_characters_survive(place: Place) {
    let store = place.open().await;
    let odd = [
        "订单-1/支付",
        "o'1\"; drop table journal; --",
        "line\nbreak\ttab\\n",
        "🧧 👨‍👩‍👧 e\u{301}",
        "\u{feff}\u{202e}\u{1}",
        "{a,b}",
        "NULL",
        "%_\\",
        " ",
    ];
    let batch = store.begin().await.expect("begins");
    let (mut head, mut rows) = (batch.head(), Vec::new());
    for key in odd {
        let new = row(&head, "来源", key, "order.paid", &format!("{{\"text\":{key:?}}}"));
        head = head_after(&new);
        rows.push(new);
    }
    batch.commit(Writes { rows: rows.clone(), ..Writes::default() }).await.expect("commits");
    assert_eq!(store.journal_after(0, 100).await.expect("reads"), rows);
    let identities: Vec<(String, String)> = odd.iter().map(|key| ("来源".to_owned(), (*key).to_owned())).collect();
    let found = store.begin().await.expect("begins").recorded(&identities).await.expect("looks up");
    assert_eq!(found.iter().map(|r| r.index).collect::<Vec<_>>(), (0..odd.len()).collect::<Vec<_>>());
    let subject = &rows[0].subject;
    assert_eq!(store.history(subject, 0, 9).await.expect("reads"), rows[..1]);
}
