//! Badges light and go out by themselves, do not flap, and say what is missing.

use laotie_facts::body::BuyerStanding;
use laotie_facts::{Body, Currency, Kind};
use laotie_guarantees::{Asked, Badge, Goods, State, card, card_of_order, cheapest_fix};
use serde_json::json;

use crate::driver::{Market, time};

fn told(market: &Market) -> String {
    let one = |f: &laotie_facts::Fact| match &f.body {
        Body::BadgeLit(b) => Some(format!("{} {} lit", f.at, b.badge)),
        Body::BadgeUnlit(b) => {
            let why: Vec<&str> = b.reasons.iter().filter_map(|r| r.text.as_ref().map(laotie_facts::Text::as_str)).collect();
            Some(format!("{} {} unlit: {}", f.at, b.badge, why.join("; ")))
        }
        _ => None,
    };
    market.facts.iter().filter_map(one).collect::<Vec<_>>().join("\n")
}

fn day(n: i64, hour: u32) -> String {
    let date = time("2026-01-01T00:00:00Z").plus_micros(n * 86_400_000_000).to_string();
    format!("{}T{hour:02}:00", &date[..10])
}

/// A day of trade: an order, and a review of so many stars.
fn trade(market: &mut Market, n: i64, stars: u32) {
    let order = format!("o-{n}");
    market.paid_by(&order, &day(n, 10), &format!("b-{n}"), "s-1", &[("1", "i-1", 5_000)]);
    market.send(&day(n, 12), "order.dispatched", &json!({"order": order})).expect("sent");
    let review = json!({"order": order, "review": format!("rv-{n}"), "stars": stars});
    market.send(&day(n, 20), "review.posted", &review).expect("posted");
}

fn fixes(market: &Market, badge: &str, at: &str, lit: bool) -> Vec<String> {
    let State::Shop(shop) = &market.states["shop/s-1"] else { panic!("a shop") };
    let rule = market.book.at("badges", badge, time(at)).expect("published").read::<Badge>().expect("a badge");
    let told = |f: laotie_guarantees::Fix| {
        format!("{}: missing {:?}, good events {:?}, days {:?}; {}", f.name, f.missing, f.good_events, f.days_missing, f.en)
    };
    cheapest_fix(&rule, shop, &market.book, time(at), lit).into_iter().map(told).collect()
}

#[test]
fn a_badge_lights_when_all_holds_stays_through_noise_and_goes_out_with_reasons() {
    let mut market = Market::new();
    for guarantee in ["counterfeit_multiple", "return_freight_cover"] {
        market.switch(&day(0, 1), guarantee, true).expect("switched");
    }
    (0..40).for_each(|n| trade(&mut market, n, 5));
    insta::assert_snapshot!(told(&market), @"");
    insta::assert_snapshot!(fixes(&market, "trust_badge", &day(40, 12), false).join("\n"), @"gives_instant_refund: missing None, good events None, days None; switch `instant_refund` on");
    market.switch(&day(40, 1), "instant_refund", true).expect("switched");
    // Bad reviews between the threshold to light and the one to stay lit.
    (40..70).for_each(|n| trade(&mut market, n, if n % 6 == 0 { 2 } else { 5 }));
    (70..85).for_each(|n| trade(&mut market, n, if n % 3 == 0 { 1 } else { 5 }));
    insta::assert_snapshot!(told(&market));
    insta::assert_snapshot!(fixes(&market, "trust_badge", &day(85, 12), false).join("\n"));
}

#[test]
fn a_badge_that_nothing_can_show_never_lights() {
    let mut market = Market::new();
    market.switch(&day(0, 1), "instant_refund", true).expect("switched");
    (0..70).for_each(|n| trade(&mut market, n, 5));
    market.pass_to(&day(80, 12));
    assert!(!told(&market).contains("fresh_streamer"));
    let missing = fixes(&market, "fresh_streamer", &day(75, 12), false);
    insta::assert_snapshot!(missing.join("\n"), @r"
    sales_times_hours_rank: missing None, good events None, days None; nothing can show it yet: a rank among all streamers needs numbers that no single fact carries
    returning_index: missing None, good events None, days None; nothing can show it yet: the index of a trade's mean is not carried by any fact
    ");
}

#[test]
fn the_card_shown_is_the_card_frozen() {
    let mut market = Market::new();
    market.item("i-1", &json!({"category": "beauty", "goods_class": "open_perishable", "return_policy": "no_reason"}));
    market.switch("2026-03-01T10:00", "allergy_refund", true).expect("switched");
    market.paid("o-1", "2026-03-02T10:00", &[("1", "i-1", 9_900)]);
    let (State::Shop(shop), State::Item(item)) = (&market.states["shop/s-1"], &market.states["item/i-1"]) else { panic!("both are known") };
    let asked =
        Asked { at: time("2026-03-02T10:00"), buyer: None, currency: Currency::CNY, order_minor: 9_900, shop: Some(shop), streamer: None };
    let shown = card(&market.book, &asked, &Goods { item: Some(item), line_minor: 9_900 });
    let frozen = card_of_order(&market.book, market.order("o-1"));
    let given: Vec<_> = shown.lines.iter().filter(|l| l.given).cloned().collect();
    assert_eq!(given, frozen.lines);
    assert_eq!(shown.standing, BuyerStanding::New);
    let faces: Vec<String> = shown
        .lines
        .iter()
        .map(|l| {
            let why: Vec<&str> = l.reasons.iter().map(|r| r.code).collect();
            format!("{} {} {} by {} {}", if l.given { "+" } else { "-" }, l.level, l.guarantee, l.payers.join("+"), why.join(","))
        })
        .collect();
    insta::assert_snapshot!(faces.join("\n"));
    assert_eq!(market.of_kind(Kind::OrderFrozen).len(), 1);
}
