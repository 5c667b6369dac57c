//! Lists: the market's queue of claims, those of a shop and of a buyer, and a shop's badges.

use laotie_cases::Stage;
use laotie_facts::body::{AfterSaleReason, ClaimTurn, ClaimWish, RulingOutcome};
use laotie_facts::{Due, Listing, SAFE_MAX, Timestamp};
use serde::Serialize;

use crate::claim::ClaimState;
use crate::clocks::{DAY, DISPATCH, refund_due};
use crate::order::OrderState;
use crate::shop::ShopState;
use crate::state::State;

#[derive(Serialize)]
struct ClaimRow<'a> {
    at_risk_minor: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    automatic: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer: Option<&'a str>,
    claim: &'a str,
    currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guarantee: Option<&'a str>,
    opened_at: Timestamp,
    order: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<RulingOutcome>,
    reason: AfterSaleReason,
    shop: &'a str,
    stage: &'a str,
    turn: ClaimTurn,
    wish: ClaimWish,
}

#[derive(Serialize)]
struct BadgeRow<'a> {
    badge: &'a str,
    lit: bool,
    seq: i64,
    since: Timestamp,
}

fn json<T: Serialize>(row: &T) -> String {
    serde_json::to_string(row).expect("rows hold strings and integers")
}

/// The rows that a state has.
pub(crate) fn listings(key: &str, state: &State) -> Vec<Listing> {
    match (key.split_once('/'), state) {
        (Some((_, id)), State::Claim(claim)) => claim_rows(id, claim),
        (Some((_, id)), State::Shop(shop)) => badge_rows(id, shop),
        _ => Vec::new(),
    }
}

/// Sorted by the next clock, then by money at risk, the most first; what has no clock comes last.
fn claim_rows(id: &str, claim: &ClaimState) -> Vec<Listing> {
    let due = match &claim.case.stage {
        Stage::Decided { appeal_by } => Some(*appeal_by),
        _ => claim.due(),
    };
    let body = json(&ClaimRow {
        at_risk_minor: claim.at_risk_minor,
        automatic: claim.automatic,
        buyer: claim.buyer.as_deref(),
        claim: id,
        currency: claim.currency.code(),
        due,
        guarantee: claim.guarantee.as_deref(),
        opened_at: claim.opened.1,
        order: &claim.order,
        outcome: claim.outcome,
        reason: claim.reason,
        shop: &claim.shop,
        stage: claim.case.stage.as_str(),
        turn: claim.turn,
        wish: claim.wish,
    });
    let sort = format!("{:016}/{:016}", due.unwrap_or(Timestamp::MAX).micros(), SAFE_MAX - claim.at_risk_minor);
    let row = |owner: String| Listing { view: "claims", owner, sort: sort.clone(), key: id.to_owned(), body: body.clone() };
    let mut rows = vec![row(format!("shop/{}", claim.shop))];
    rows.extend(claim.buyer.as_ref().map(|b| row(format!("buyer/{b}"))));
    if claim.is_open() {
        rows.push(row(String::new()));
    }
    rows
}

fn badge_rows(id: &str, shop: &ShopState) -> Vec<Listing> {
    let row = |(name, badge): (&String, &crate::shop::BadgeState)| Listing {
        view: "badges",
        owner: format!("shop/{id}"),
        sort: name.clone(),
        key: name.clone(),
        body: json(&BadgeRow { badge: name, lit: badge.lit, seq: badge.seq, since: badge.since }),
    };
    shop.badges.iter().map(row).collect()
}

/// The deadlines that a state has.
pub(crate) fn deadlines(state: &State) -> Vec<Due> {
    match state {
        State::Order(order) => of_order(order),
        State::Claim(claim) => of_claim(claim),
        State::Shop(shop) => shop.next_look.iter().map(|due| Due { purpose: DAY.to_owned(), due: *due }).collect(),
        State::Buyer(buyer) => buyer.limits.iter().map(|(name, until)| Due { purpose: format!("limit/{name}"), due: *until }).collect(),
        _ => Vec::new(),
    }
}

fn of_order(order: &OrderState) -> Vec<Due> {
    let waits = !order.broken && order.dispatched.is_none() && order.cancelled.is_none();
    let word = order.word_hours * 3_600_000_000;
    let dispatch = order.dispatch_due.filter(|_| waits).map(|due| Due { purpose: DISPATCH.to_owned(), due: due.plus_micros(word) });
    let refunds =
        order.returns.iter().filter_map(|r| Some(Due { purpose: format!("refund_promise/{}", r.id), due: refund_due(order, &r.id)? }));
    // A purpose has at most 100 characters; a longer id has no clock.
    dispatch.into_iter().chain(refunds).filter(|d| d.purpose.chars().count() <= 100).collect()
}

fn of_claim(claim: &ClaimState) -> Vec<Due> {
    let mut due = Vec::new();
    let mut set = |purpose: &str, at: Timestamp| due.push(Due { purpose: purpose.to_owned(), due: at });
    match (&claim.case.stage, claim.answer_by) {
        (Stage::Open, Some(by)) => set("answer", by),
        (Stage::Offered, Some(by)) => set("offer", by),
        (Stage::Decided { appeal_by }, _) => set("appeal", *appeal_by),
        _ => {}
    }
    let undecided = matches!(claim.case.stage, Stage::Open | Stage::Offered | Stage::InReview);
    if let Some(by) = claim.evidence_by.filter(|_| undecided && !claim.evidence_passed) {
        set("evidence", by);
    }
    due
}
