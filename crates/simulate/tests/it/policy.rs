//! The market reacts to what is fed back.

use std::collections::BTreeMap;

use laotie_facts::{Body, Timestamp};
use laotie_simulate::{Market, Policy, Truth};

use crate::market;

/// Visits by streamer.
fn visits(market: &mut Market) -> BTreeMap<String, usize> {
    let (mut streamers, mut visits) = (BTreeMap::new(), BTreeMap::new());
    for happening in market {
        match happening.body {
            Body::ShowOpened(b) => {
                streamers.insert(b.show.to_string(), b.streamer.to_string());
            }
            Body::ShowEntered(b) => {
                let streamer = streamers.get(b.show.as_str()).expect("opened before").clone();
                *visits.entry(streamer).or_default() += 1;
            }
            _ => {}
        }
    }
    visits
}

#[test]
fn a_streamer_put_before_more_viewers_is_watched_more_and_one_put_before_none_less() {
    let before = visits(&mut market(2, 4, 1.0));
    let (name, watched) =
        before.iter().filter(|(_, n)| **n > 200).min_by_key(|(_, n)| **n).map(|(s, n)| (s.clone(), *n)).expect("some are seen little");
    let with = |factor: f64| {
        let mut market = market(2, 4, 1.0);
        assert!(market.apply(&Policy::StreamerExposure { streamer: name.clone(), factor }));
        visits(&mut market).get(&name).copied().unwrap_or(0)
    };
    let (none, more) = (with(0.0), with(20.0));
    assert!(none < watched && none < more, "{none} {watched} {more}");
}

#[test]
fn a_suspended_streamer_is_off_the_air() {
    let mut market = market(2, 4, 0.5);
    let name = loop {
        if let Body::ShowOpened(b) = market.next().expect("a show opens").body {
            break b.streamer.to_string();
        }
    };
    assert!(market.apply(&Policy::Suspension { party: name.clone(), until: Timestamp::MAX }));
    let later = market.filter(|h| matches!(&h.body, Body::ShowOpened(b) if b.streamer.as_str() == name)).count();
    assert_eq!(later, 0);
}

#[test]
fn a_guarantee_switched_by_policy_is_a_fact() {
    let mut market = market(2, 1, 0.2);
    let shop = loop {
        if let Body::ItemListed(b) = market.next().expect("a shop opens").body {
            break b.shop.to_string();
        }
    };
    for on in [true, false] {
        assert!(market.apply(&Policy::Guarantee { shop: shop.clone(), guarantee: "instant_refund".to_owned(), on }));
    }
    let told = market.take(60).any(
        |h| matches!(&h.body, Body::GuaranteeSwitched(b) if b.shop.as_str() == shop && b.guarantee.as_str() == "instant_refund" && !b.on),
    );
    assert!(told);
}

fn false_share(remind: bool) -> f64 {
    let mut market = market(3, 8, 0.6);
    let (mut wrong, mut all) = (0.0, 0.0);
    while let Some(happening) = market.next() {
        if let (true, Body::ShowOpened(b)) = (remind, &happening.body) {
            market.apply(&Policy::Reminder { streamer: b.streamer.to_string() });
        }
        for truth in market.take_truths() {
            if let Truth::Utterance { codes, .. } = truth {
                all += 1.0;
                wrong += f64::from(u8::from(!codes.is_empty()));
            }
        }
    }
    wrong / all
}

#[test]
fn reminded_streamers_say_less_that_is_false() {
    let (unwatched, reminded) = (false_share(false), false_share(true));
    assert!(reminded < unwatched * 0.5, "{unwatched} {reminded}");
}

#[test]
fn nobody_known_is_moved_by_a_policy_about_nobody() {
    let mut market = market(2, 1, 0.1);
    for policy in [
        Policy::StreamerExposure { streamer: "t-nobody".to_owned(), factor: 2.0 },
        Policy::ShopExposure { shop: "s-nobody".to_owned(), factor: 2.0 },
        Policy::Guarantee { shop: "s-nobody".to_owned(), guarantee: "instant_refund".to_owned(), on: true },
        Policy::Reminder { streamer: "t-nobody".to_owned() },
        Policy::Suspension { party: "nobody".to_owned(), until: Timestamp::MAX },
    ] {
        assert!(!market.apply(&policy), "{policy:?}");
    }
}
