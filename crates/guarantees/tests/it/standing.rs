//! Buyer standing: earned, limited with reasons, restored by time or appeal.

use laotie_facts::{Body, Kind};
use serde_json::json;

use crate::driver::Market;

fn told(market: &Market) -> String {
    let one = |f: &&laotie_facts::Fact| match &f.body {
        Body::StandingChanged(s) => {
            let of = s.guarantee.as_ref().map_or(String::new(), |g| format!(" for {g}"));
            let until = s.until.map_or(String::new(), |u| format!(" until {u}"));
            format!("{} -> {}{of}{until} because {}", s.before.as_str(), s.standing.as_str(), s.reasons[0].code)
        }
        _ => unreachable!("asked for by kind"),
    };
    market.of_kind(Kind::StandingChanged).iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn five_kept_orders_make_a_good_buyer_and_a_year_without_any_a_new_one() {
    let mut market = Market::new();
    for n in 1..=5 {
        let order = format!("o-{n}");
        market.signed(&order, &format!("2026-03-0{n}T10:00"), "i-1", 5_000);
        market.send(&format!("2026-03-1{n}T10:00"), "order.received", &json!({"order": order})).expect("received");
    }
    insta::assert_snapshot!(told(&market), @"new -> good because orders_kept");
    market.paid("o-6", "2026-03-20T10:00", &[("1", "i-1", 5_000)]);
    assert_eq!(market.order("o-6").standing.as_str(), "good");
    market.signed("o-7", "2027-06-01T10:00", "i-1", 5_000);
    market.send("2027-06-10T10:00", "order.received", &json!({"order": "o-7"})).expect("received");
    insta::assert_snapshot!(told(&market), @r"
    new -> good because orders_kept
    good -> new because good_standing_lapsed
    ");
}

fn abuser() -> Market {
    let mut market = Market::new();
    market.item("i-1", &json!({"category": "fresh", "goods_class": "dispatch_perishable"}));
    for n in 1..=6 {
        let (order, claim) = (format!("o-{n}"), format!("c-{n}"));
        market.signed(&order, &format!("2026-03-0{n}T10:00"), "i-1", 5_000);
        market.open(&format!("2026-03-0{n}T12:00"), &claim, &order, "spoiled", &json!({"guarantee": "spoil_refund"})).expect("opened");
        market.answer(&format!("2026-03-0{n}T13:00"), &claim, "agree").expect("answered");
    }
    market.signed("o-7", "2026-03-08T10:00", "i-1", 5_000);
    market
}

#[test]
fn too_many_claims_limit_a_guarantee_for_a_time_and_leave_the_law() {
    let mut market = abuser();
    insta::assert_snapshot!(told(&market), @"new -> limited for spoil_refund until 2026-05-05T05:00:00Z because too_many_claims");
    let spoil = json!({"guarantee": "spoil_refund"});
    assert_eq!(market.open("2026-03-08T12:00", "c-7", "o-7", "spoiled", &spoil), Err("buyer-limited".to_owned()));
    market.open("2026-03-08T12:00", "c-8", "o-7", "other", &json!({})).expect("a plain dispute stays open to all");
    market.pass_to("2026-05-06T00:00");
    assert!(told(&market).ends_with("limited -> new for spoil_refund because limit_ended"), "{}", told(&market));
}

#[test]
fn an_appeal_restores_by_review() {
    let mut market = abuser();
    let body = json!({"against": "b-1", "against_kind": "standing", "appeal": "ap-1", "appellant": "b-1"});
    market.send("2026-03-08T12:00", "appeal.opened", &body).expect("appealed");
    assert_eq!(market.send("2026-03-08T12:30", "appeal.opened", &body), Err("nothing-to-appeal".to_owned()));
    let looked = json!({"appeal": "ap-1", "case": "b-1", "outcome": "uphold", "reviewer": "r-1"});
    market.send("2026-03-09T12:00", "case.reviewed", &looked).expect("looked");
    assert!(told(&market).ends_with("limited -> new for spoil_refund because restored_on_appeal"), "{}", told(&market));
    market.signed("o-8", "2026-03-10T10:00", "i-1", 5_000);
    market.open("2026-03-10T12:00", "c-9", "o-8", "spoiled", &json!({"guarantee": "spoil_refund"})).expect("opened again");
}
