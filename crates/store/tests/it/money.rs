//! Postings, balances and holds.

use laotie_store::{BalanceRow, HoldRow, PostingRow, Writes};

use crate::place::Place;
use crate::sample::{at, write};

pub(crate) fn posting(posting: &str, transfer: &str, account: &str, amount_minor: i64) -> PostingRow {
    PostingRow {
        posting: posting.to_owned(),
        transfer: transfer.to_owned(),
        seq: 1,
        account: account.to_owned(),
        currency: "CNY".to_owned(),
        amount_minor,
        effective: at(5),
        reverses: (amount_minor < 0).then(|| "p-0".to_owned()),
    }
}

pub(crate) fn hold(hold: &str, amount_minor: i64, state: &str) -> HoldRow {
    let (account, currency) = ("shop".to_owned(), "CNY".to_owned());
    HoldRow { hold: hold.to_owned(), account, currency, amount_minor, state: state.to_owned(), seq: 1 }
}

fn balance(account: &str, posted_minor: i64, floor_minor: Option<i64>) -> BalanceRow {
    BalanceRow { account: account.to_owned(), currency: "CNY".to_owned(), posted_minor, held_minor: 0, floor_minor }
}

pub(crate) async fn money_is_kept(place: Place) {
    let store = place.open().await;
    let first = Writes {
        postings: vec![posting("p-1", "t-1", "buyer", 500), posting("p-2", "t-1", "shop", -500)],
        balances: vec![balance("buyer", 500, None), balance("shop", -500, Some(-1_000))],
        holds: vec![hold("h-1", 30, "held"), hold("h-2", 40, "held")],
        ..Writes::default()
    };
    write(store.as_ref(), first).await.expect("commits");
    let second = Writes {
        balances: vec![balance("buyer", 1, None), balance("buyer", 700, Some(0))],
        holds: vec![hold("h-1", 30, "released"), hold("h-1", 30, "taken")],
        ..Writes::default()
    };
    write(store.as_ref(), second).await.expect("commits");
    assert_eq!(place.number("select count(*) from posting where reverses = 'p-0' and amount_minor = -500 and effective = 5").await, 1);
    assert_eq!(place.number("select posted_minor from balance where account = 'buyer' and floor_minor = 0").await, 700);
    assert_eq!(place.number("select posted_minor from balance where account = 'shop' and floor_minor = -1000").await, -500);
    assert_eq!(place.number("select count(*) from hold where (hold, state) in (('h-1', 'taken'), ('h-2', 'held'))").await, 2);
}

pub(crate) async fn thousands_of_postings_go_in_one_batch(place: Place) {
    const MANY: i64 = 3_000;
    let store = place.open().await;
    let mut writes = Writes::default();
    for i in 1..=MANY {
        let transfer = format!("t-{i}");
        writes.postings.push(posting(&format!("p-{i}a"), &transfer, &format!("buyer-{i}"), i));
        writes.postings.push(posting(&format!("p-{i}b"), &transfer, "shop", -i));
        writes.balances.push(balance(&format!("buyer-{i}"), i, None));
        writes.holds.push(hold(&format!("h-{i}"), i, "held"));
    }
    write(store.as_ref(), writes).await.expect("commits");
    assert_eq!(place.number("select count(*) from posting").await, 2 * MANY);
    assert_eq!(place.number("select cast(sum(posted_minor) as bigint) from balance").await, MANY * (MANY + 1) / 2);
    assert_eq!(place.number("select cast(sum(amount_minor) as bigint) from hold").await, MANY * (MANY + 1) / 2);
}
