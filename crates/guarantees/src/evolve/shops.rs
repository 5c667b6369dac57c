//! Shops, items and buyers: what is on file, switched, priced, lit, counted and limited.

use laotie_facts::body::{BuyerStanding, DeadlinePassed, GuaranteeSwitched, PartyKind, StandingChanged};
use laotie_facts::{Body, Fact, States};

use crate::clocks::DAY;
use crate::days::day_of;
use crate::evolve::orders::{review, shop_reported};
use crate::shop::{BadgeState, Event};
use crate::state::{Look, MARKET, State, buyer_mut, item_mut, shop_mut};

/// Takes a fact about a shop, an item or a buyer in.
pub(super) fn take(states: &mut States<State>, fact: &Fact) {
    match &fact.body {
        Body::StandingChanged(changed) => standing_changed(states, changed),
        Body::GuaranteeSwitched(switched) => guarantee_switched(states, fact, switched),
        Body::ItemListed(listed) => {
            let item = item_mut(states, listed.item.as_str());
            item.shop = Some(listed.shop.to_string());
            item.file(&listed.facts);
        }
        Body::ItemChanged(changed) => {
            if let Some(facts) = &changed.changed {
                item_mut(states, changed.item.as_str()).file(facts);
            }
        }
        Body::PartyRegistered(party) if party.party_kind == PartyKind::Shop => {
            let shop = shop_mut(states, party.party.as_str());
            shop.known_since = Some(shop.known_since.map_or(fact.at, |since| since.min(fact.at)));
            if let Some(grade) = &party.grade {
                shop.tier = Some(grade.to_string());
            }
        }
        Body::CoverPriced(priced) => {
            let shop = shop_mut(states, priced.shop.as_str());
            let period = shop.cover.period;
            shop.cover.premium_minor = Some(priced.premium_minor.get());
            shop.cover.priced_on = Some(day_of(fact.at, shop.utc_offset_minutes) - 1);
            shop.cover.memory = (priced.orders.get(), priced.paid.get());
            shop.cover.period = (0, 0, 0);
            let mut market = states.market();
            market.add(period);
            *states.edit(MARKET) = State::Market(market);
        }
        Body::BadgeLit(lit) => badge(states, fact, lit.shop.as_str(), lit.badge.as_str(), true),
        Body::BadgeUnlit(unlit) => badge(states, fact, unlit.shop.as_str(), unlit.badge.as_str(), false),
        Body::ReviewPosted(posted) => review(states, fact.at, posted, 1),
        Body::ReportFiled(filed) => {
            if let Some(shop) = shop_reported(states, filed.target_kind, filed.target.as_str()) {
                shop_mut(states, &shop).count(fact.at, Event::Report, 1);
            }
        }
        Body::ViolationFound(found) if found.party_kind == PartyKind::Shop => {
            shop_mut(states, found.party.as_str()).count(fact.at, Event::Violation, 1);
        }
        _ => {}
    }
}

/// A shop's day was looked at.
pub(super) fn deadline(states: &mut States<State>, fact: &Fact, id: &str, passed: &DeadlinePassed) {
    if passed.purpose.as_str() == DAY {
        let shop = shop_mut(states, id);
        let after = passed.due.max(fact.seen);
        shop.next_look = (!shop.is_dormant(day_of(after, shop.utc_offset_minutes))).then(|| shop.look_after(after));
    }
}

fn standing_changed(states: &mut States<State>, changed: &StandingChanged) {
    let buyer = buyer_mut(states, changed.buyer.as_str());
    let name = changed.guarantee.as_ref().map_or("", laotie_facts::Name::as_str);
    match (changed.standing, changed.until) {
        (BuyerStanding::Limited, Some(until)) => {
            buyer.limits.insert(name.to_owned(), until);
        }
        (standing, _) => {
            buyer.limits.remove(name);
            if changed.guarantee.is_none() && standing != BuyerStanding::Limited {
                buyer.standing = standing;
            }
        }
    }
}

fn guarantee_switched(states: &mut States<State>, fact: &Fact, switched: &GuaranteeSwitched) {
    let name = switched.guarantee.as_str();
    if !switched.items.is_empty() {
        for item in &switched.items {
            let item = item_mut(states, item.as_str());
            item.marks.retain(|m| m != name);
            if switched.on {
                item.marks.push(name.to_owned());
            }
        }
        return;
    }
    let mine = shop_mut(states, switched.shop.as_str()).switched.entry(name.to_owned()).or_default();
    mine.seq = fact.seq;
    if let Some(streamer) = &switched.streamer {
        mine.streamers.retain(|s| s != streamer.as_str());
        if switched.on {
            mine.streamers.push(streamer.to_string());
        }
        return;
    }
    match (mine.mandated, switched.mandated) {
        (false, true) => mine.own_will = Some(mine.on),
        (true, false) => mine.own_will = None,
        _ => {}
    }
    mine.mandated = switched.mandated;
    mine.on = switched.on;
    mine.hours = switched.hours.map(laotie_facts::Quantity::get);
}

fn badge(states: &mut States<State>, fact: &Fact, shop: &str, badge: &str, lit: bool) {
    let state = BadgeState { lit, seq: fact.seq, since: fact.at };
    shop_mut(states, shop).badges.insert(badge.to_owned(), state);
}
