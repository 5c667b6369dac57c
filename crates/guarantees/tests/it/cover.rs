//! Return freight cover: paid by the chain alone, held when it smells, priced by what was seen.

use laotie_facts::{Body, Kind};
use serde_json::json;

use crate::driver::{Market, time};

fn covered() -> Market {
    let mut market = Market::new();
    market.item("i-1", &json!({"category": "clothing", "return_policy": "no_reason"}));
    market.switch("2026-01-01T10:00", "return_freight_cover", true).expect("switched");
    market
}

fn sent_back(market: &mut Market, order: &str, day: &str, next: &str, steps: &[&str]) {
    let ret = json!({"order": order, "return": format!("rt-{order}")});
    for step in steps {
        let (at, body) = match *step {
            "return.requested" => (format!("{day}T10:00"), json!({"order": order, "reason": "no_reason", "return": format!("rt-{order}")})),
            "refund.paid" => (
                format!("{next}T20:00"),
                json!({"amount_minor": 5_000, "currency": "CNY", "order": order, "refund": format!("rf-{order}")}),
            ),
            "return.received" => (format!("{next}T10:00"), ret.clone()),
            _ => (format!("{day}T12:00"), ret.clone()),
        };
        market.send(&at, step, &body).expect("taken");
    }
}

const CHAIN: [&str; 5] = ["return.requested", "return.agreed", "return.shipped", "return.received", "refund.paid"];

#[test]
fn a_whole_chain_pays_first_weight_freight_without_asking() {
    let mut market = covered();
    market.signed("o-1", "2026-03-02T10:00", "i-1", 5_000);
    assert_eq!(market.order("o-1").premium_minor, Some(92), "8 % of 10 yuan and 15 % on top");
    sent_back(&mut market, "o-1", "2026-03-03", "2026-03-06", &CHAIN);
    insta::assert_snapshot!(market.told(), @"automatic: Upheld because return_complete: Freight 1000");
    let claim = json!({"guarantee": "return_freight_cover", "return": "rt-o-1", "wish": "freight_cover"});
    market.open("2026-03-07T10:00", "c-1", "o-1", "no_reason", &claim).expect("opened");
    insta::assert_snapshot!(market.told(), @r"
    automatic: Upheld because return_complete: Freight 1000
    c-1: Rejected because paid_already: 
    ");
}

#[test]
fn a_broken_chain_or_an_uncovered_order_pays_nothing() {
    for (skipped, name) in CHAIN.iter().enumerate() {
        let mut market = covered();
        market.signed("o-1", "2026-03-02T10:00", "i-1", 5_000);
        let steps: Vec<&str> = CHAIN.iter().enumerate().filter(|(i, _)| *i != skipped).map(|(_, s)| *s).collect();
        sent_back(&mut market, "o-1", "2026-03-03", "2026-03-06", &steps);
        assert_eq!(market.told(), "", "without {name}");
    }
    let mut market = covered();
    market.switch("2026-03-01T10:00", "return_freight_cover", false).expect("switched");
    market.signed("o-1", "2026-03-02T10:00", "i-1", 5_000);
    market.switch("2026-03-02T11:00", "return_freight_cover", true).expect("switched");
    sent_back(&mut market, "o-1", "2026-03-03", "2026-03-06", &CHAIN);
    assert_eq!(market.told(), "", "the order was paid while it was off");
}

#[test]
fn a_forged_trace_and_a_buyer_who_returns_it_all_are_held_for_a_reviewer() {
    let mut market = covered();
    market.signed("o-1", "2026-03-02T10:00", "i-1", 5_000);
    let ret = json!({"order": "o-1", "return": "rt-1"});
    market.send("2026-03-03T10:00", "return.requested", &json!({"order": "o-1", "reason": "no_reason", "return": "rt-1"})).expect("asked");
    for (at, step) in
        [("2026-03-03T10:10", "return.agreed"), ("2026-03-03T10:20", "return.shipped"), ("2026-03-03T11:00", "return.received")]
    {
        market.send(at, step, &ret).expect("taken");
    }
    market
        .send("2026-03-03T12:00", "refund.paid", &json!({"amount_minor": 5_000, "currency": "CNY", "order": "o-1", "refund": "r"}))
        .expect("paid");
    assert_eq!(market.told(), "");
    let Body::ClaimRouted(held) = &market.of_kind(Kind::ClaimRouted)[0].body else { panic!("a routing") };
    assert_eq!(held.reasons[1].code.as_str(), "trace_too_fast");
    let claim = held.claim.to_string();
    market.review("2026-03-04T12:00", &claim, "r-1", "uphold", &json!({})).expect("looked");
    insta::assert_snapshot!(market.told(), @"automatic: Upheld because reviewer_upheld: Freight 1000");

    let mut market = covered();
    for n in 1..=5 {
        let order = format!("o-{n}");
        market.signed(&order, &format!("2026-03-{:02}T10:00", n * 3), "i-1", 5_000);
        sent_back(&mut market, &order, &format!("2026-03-{:02}", n * 3 + 1), &format!("2026-03-{:02}", n * 3 + 2), &CHAIN);
    }
    assert_eq!(market.rulings().len(), 3, "the fourth return of four orders is looked at");
}

#[test]
fn the_price_follows_the_risk_period_by_period() {
    let mut market = covered();
    for n in 0..60 {
        let (order, buyer) = (format!("o-{n}"), format!("b-{n}"));
        market.paid_by(&order, &format!("2026-03-{:02}T10:00", n % 20 + 1), &buyer, "s-1", &[("1", "i-1", 5_000)]);
        let at = format!("2026-03-{:02}T11:00", n % 20 + 1);
        market.send(&at, "order.dispatched", &json!({"order": order})).expect("sent");
        market.send(&at, "order.signed", &json!({"order": order})).expect("signed");
        if n % 2 == 0 {
            sent_back(&mut market, &order, &format!("2026-03-{:02}", n % 20 + 2), &format!("2026-03-{:02}", n % 20 + 5), &CHAIN);
        }
    }
    market.pass_to("2026-05-15T00:00");
    let told = |f: &&laotie_facts::Fact| match &f.body {
        Body::CoverPriced(p) => {
            let loss = p.loss_ratio_ppm.map_or(0, laotie_facts::Quantity::get);
            format!(
                "{}..{}..{} of {}/{} weight {} loss {loss}",
                p.low_minor.get(),
                p.premium_minor.get(),
                p.high_minor.get(),
                p.paid.get(),
                p.orders.get(),
                p.weight_ppm.get()
            )
        }
        _ => unreachable!("asked for by kind"),
    };
    insta::assert_snapshot!(market.of_kind(Kind::CoverPriced).iter().map(told).collect::<Vec<_>>().join("\n"));
}

#[test]
fn twenty_bad_days_make_it_mandatory_and_eleven_good_ones_let_go() {
    let mut market = Market::new();
    market.paid("o-1", "2026-03-01T10:00", &[("1", "i-1", 5_000)]);
    let star = |market: &mut Market, month: u32, day: u32, stars: u32| {
        let body = json!({"review": format!("rv-{month}-{day}"), "shop": "s-1", "stars": stars});
        market.send(&format!("2026-{month:02}-{day:02}T12:00"), "review.posted", &body).expect("posted");
    };
    (2..=22).for_each(|day| star(&mut market, 3, day, 2));
    market.pass_to("2026-04-01T12:00");
    let told = |market: &Market| {
        let switched = market.of_kind(Kind::GuaranteeSwitched);
        let one = |f: &&laotie_facts::Fact| match &f.body {
            Body::GuaranteeSwitched(s) => format!("{} on {} mandated {}", f.at, s.on, s.mandated),
            _ => unreachable!("asked for by kind"),
        };
        switched.iter().map(one).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(told(&market), @"2026-03-31T18:00:00Z on true mandated true");
    assert_eq!(market.switch("2026-04-02T10:00", "return_freight_cover", false), Err("guarantee-mandated".to_owned()));
    (5..=14).for_each(|day| star(&mut market, 4, day, 4));
    market.pass_to("2026-05-01T12:00");
    assert_eq!(market.of_kind(Kind::GuaranteeSwitched).len(), 1, "ten good days are not enough");
    (3..=14).for_each(|day| star(&mut market, 5, day, 4));
    market.pass(time("2026-06-01T12:00"));
    insta::assert_snapshot!(told(&market), @r"
    2026-03-31T18:00:00Z on true mandated true
    2026-05-31T18:00:00Z on false mandated false
    ");
}
