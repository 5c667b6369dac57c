//! Money under any history: it adds up, no account passes its floor, and what is undone leaves no trace.

use std::collections::BTreeMap;

use laotie_engine::{Rehearsal, shipped_rules};
use laotie_facts::body::RulePublished;
use laotie_facts::{Body, FactKey, Incoming, Kind, SourceId, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

pub(crate) const DAY: i64 = 86_400_000_000;

/// An act of a history; numbers choose among what is there.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Pay { order: u8, shop: u8, lines: Vec<i64>, discount: i64, payer: u8, commission: i64, freight: i64 },
    Step { order: u8, step: u8 },
    Refund { order: u8, amount: i64, claim: bool },
    Claim { order: u8 },
    Rule { order: u8, refund: i64, beyond: i64, appeal: bool },
    Damages { shop: u8, amount: i64 },
    Lift { shop: u8 },
    Margin { merchant: u8, amount: i64 },
    Withdraw { shop: u8, promoter: bool },
    Void { fact: usize },
    Wait { days: i64 },
    Plan { merchant: u8, parts: u8, days: i64, share: Option<i64> },
}

pub(crate) fn acts() -> impl Strategy<Value = Vec<Act>> {
    let order = 0u8..4;
    let act = prop_oneof![
        4 => (order.clone(), 0u8..2, prop::collection::vec(1i64..50_000, 1..4), 0i64..3_000, 0u8..3, 0i64..3_000, 0i64..900)
            .prop_map(|(order, shop, lines, discount, payer, commission, freight)| Act::Pay { order, shop, lines, discount, payer, commission, freight }),
        5 => (order.clone(), 0u8..3).prop_map(|(order, step)| Act::Step { order, step }),
        4 => (order.clone(), 1i64..60_000, any::<bool>()).prop_map(|(order, amount, claim)| Act::Refund { order, amount, claim }),
        2 => order.clone().prop_map(|order| Act::Claim { order }),
        3 => (order, 0i64..40_000, 0i64..90_000, any::<bool>()).prop_map(|(order, refund, beyond, appeal)| Act::Rule { order, refund, beyond, appeal }),
        1 => (0u8..2, 1i64..100_000).prop_map(|(shop, amount)| Act::Damages { shop, amount }),
        1 => (0u8..2).prop_map(|shop| Act::Lift { shop }),
        2 => (0u8..2, 1i64..80_000).prop_map(|(merchant, amount)| Act::Margin { merchant, amount }),
        3 => (0u8..2, any::<bool>()).prop_map(|(shop, promoter)| Act::Withdraw { shop, promoter }),
        2 => (0usize..60).prop_map(|fact| Act::Void { fact }),
        4 => (1i64..12).prop_map(|days| Act::Wait { days }),
        2 => (0u8..2, 1u8..4, 1i64..9, prop::option::of(1i64..10_000)).prop_map(|(merchant, parts, days, share)| Act::Plan { merchant, parts, days, share }),
    ];
    prop::collection::vec(act, 1..40)
}

/// The fact that an act is, and its body.
pub(crate) fn fact(act: &Act, i: usize, sent: &[(Incoming, bool)]) -> Option<(Kind, Value)> {
    let o = |n: u8| format!("o{n}");
    Some(match act {
        Act::Pay { order, shop, lines, discount, payer, commission, freight } => {
            let goods: i64 = lines.iter().sum();
            let discount = (*discount).min(goods);
            let lines: Vec<Value> =
                lines.iter().enumerate().map(|(i, t)| json!({ "line": i.to_string(), "item": "i1", "qty": 1, "total_minor": t })).collect();
            let payer = ["merchant", "platform", "streamer"][usize::from(*payer)];
            let body = json!({
                "order": o(*order), "buyer": "b1", "shop": format!("s{shop}"), "streamer": "t1", "currency": "CNY", "lines": lines,
                "discounts": [{ "amount_minor": discount, "payer": payer }], "freight_minor": freight,
                "splits": [{ "purpose": "commission", "party": "t1", "party_kind": "streamer", "rate_bps": commission }],
                "paid_minor": goods - discount + freight,
            });
            (Kind::OrderPaid, body)
        }
        Act::Step { order, step } => {
            let kind = [Kind::OrderDispatched, Kind::OrderSigned, Kind::OrderReceived][usize::from(*step)];
            (kind, json!({ "order": o(*order) }))
        }
        Act::Refund { order, amount, claim } => {
            let mut body = json!({ "order": o(*order), "refund": format!("r{i}"), "amount_minor": amount, "currency": "CNY" });
            if *claim {
                body["claim"] = json!(format!("c-o{order}"));
            }
            (Kind::RefundPaid, body)
        }
        Act::Claim { order } => (
            Kind::ClaimOpened,
            json!({ "claim": format!("c-o{order}"), "order": o(*order), "buyer": "b1", "reason": "quality", "wish": "refund" }),
        ),
        Act::Rule { order, refund, beyond, appeal } => {
            let mut body = json!({
                "claim": format!("c-o{order}"), "ruling": format!("rul{i}"), "order": o(*order), "currency": "CNY", "outcome": "upheld",
                "awards": [{ "award": "refund", "amount_minor": refund }, { "award": "compensation", "amount_minor": beyond }],
            });
            if *appeal {
                body["appeal"] = json!(format!("a{i}"));
            }
            (Kind::RulingMade, body)
        }
        Act::Damages { shop, amount } => (
            Kind::PenaltyImposed,
            json!({ "penalty": format!("pen-s{shop}-{i}"), "party": format!("s{shop}"), "party_kind": "shop", "currency": "CNY", "actions": [{ "action": "damages", "amount_minor": amount }] }),
        ),
        Act::Lift { shop } => {
            let imposed = sent.iter().rev().find_map(|(f, _)| match &f.body {
                Body::PenaltyImposed(p) if p.party.as_str() == format!("s{shop}") => Some(p.penalty.to_string()),
                _ => None,
            })?;
            (Kind::PenaltyLifted, json!({ "penalty": imposed, "party": format!("s{shop}"), "party_kind": "shop", "undone": true }))
        }
        Act::Margin { merchant, amount } => (
            Kind::MarginPaid,
            json!({ "party": format!("m{merchant}"), "party_kind": "merchant", "account": "margin", "amount_minor": amount, "currency": "CNY" }),
        ),
        Act::Withdraw { shop, promoter } => {
            let (party, kind) = if *promoter { ("t1".to_owned(), "streamer") } else { (format!("s{shop}"), "shop") };
            (Kind::WithdrawalRequested, json!({ "withdrawal": format!("w{i}"), "party": party, "party_kind": kind }))
        }
        Act::Void { fact } => {
            let (target, _) = sent.get(*fact).filter(|(f, voided)| !voided && f.kind() != Kind::FactVoided)?;
            (Kind::FactVoided, json!({ "source": target.source.as_str(), "key": target.key.as_str(), "reason": "a mistake" }))
        }
        Act::Wait { .. } | Act::Plan { .. } => return None,
    })
}

pub(crate) fn rules() -> Vec<RulePublished> {
    shipped_rules().iter().map(|r| r.published().expect("shipped rules are valid")).collect()
}

/// Balances and holds as the rows of the journal add up.
#[derive(Default)]
pub(crate) struct Sums {
    pub(crate) posted: BTreeMap<String, i64>,
    pub(crate) held: BTreeMap<String, i64>,
    read: usize,
}

impl Sums {
    /// Adds what came since, and looks at every floor behind each posting.
    pub(crate) fn add(&mut self, market: &Rehearsal) -> Result<(), TestCaseError> {
        for row in &market.rows()[self.read..] {
            let body: Value = serde_json::from_str(&row.body).expect("a body is JSON");
            let name = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
            match row.kind.as_str() {
                "posting.made" => {
                    let mut sum = 0;
                    for entry in body["entries"].as_array().expect("entries") {
                        let minor = entry["amount_minor"].as_i64().expect("an amount");
                        sum += minor;
                        *self.posted.entry(entry["account"].as_str().expect("an account").to_owned()).or_default() += minor;
                    }
                    prop_assert_eq!(sum, 0);
                }
                "hold.placed" => *self.held.entry(name("account")).or_default() += body["amount_minor"].as_i64().expect("an amount"),
                "hold.ended" => *self.held.entry(name("account")).or_default() -= body["amount_minor"].as_i64().expect("an amount"),
                _ => continue,
            }
            for (account, minor) in &self.posted {
                let held = self.held.get(account).copied().unwrap_or(0);
                let floored = ["proceeds", "escrow", "margin", "refunds", "coupons"].iter().any(|p| account.ends_with(&format!("/{p}")));
                prop_assert!(held >= 0, "{account} holds {held}");
                prop_assert!(!floored || minor - held >= 0, "{account} is at {minor} less {held} after {}: {}", row.key, row.body);
                prop_assert!(!account.contains("/debt/") || *minor <= 0, "{account} owes less than nothing: {minor}");
            }
        }
        self.read = market.rows().len();
        Ok(())
    }
}

/// A plan for the first debt of a merchant that is overdue and on none: what the debtor proposes, what the creditor agrees to.
fn plan(market: &Rehearsal, act: &Act, i: usize, now: Timestamp) -> Vec<(Kind, Value)> {
    let Act::Plan { merchant, parts, days, share } = act else { return Vec::new() };
    let holder = format!("merchant/m{merchant}");
    let Some((_, state)) = market.states("ledger").into_iter().find(|(key, _)| *key == holder) else { return Vec::new() };
    let state: Value = serde_json::from_str(&state).expect("a state is JSON");
    let free = |d: &&Value| d["overdue"] == json!(true) && d["plan"].is_null();
    let Some(debt) = state["debts"].as_array().into_iter().flatten().find(free) else { return Vec::new() };
    let id = debt["id"].as_str().expect("an id");
    let left = -state["accounts"][format!("debt/{id}")]["CNY"]["posted_minor"].as_i64().expect("an account");
    let parts = i64::from(*parts).min(left);
    let instalment = |n: i64| {
        let minor = left / parts + if n == 0 { left % parts } else { 0 };
        json!({ "amount_minor": minor, "due": now.plus_micros((n + 1) * days * DAY) })
    };
    let whose = json!({ "plan": format!("pln{i}"), "party": format!("m{merchant}"), "party_kind": "merchant" });
    let said = |side: &str, by: &str, more: Value| {
        let mut body = whose.clone();
        let all = body.as_object_mut().expect("an object");
        all.extend([("side".to_owned(), json!(side)), ("by".to_owned(), json!(by))]);
        all.extend(more.as_object().cloned().expect("an object"));
        body
    };
    let mut terms = json!({ "debt": id, "currency": "CNY", "instalments": (0..parts).map(instalment).collect::<Vec<_>>() });
    if let Some(share) = share {
        terms["share_bps"] = json!(share);
    }
    vec![(Kind::PlanProposed, said("debtor", "m", terms)), (Kind::PlanAgreed, said("creditor", "op", json!({})))]
}

/// Runs a history; the market and what was taken.
async fn run(acts: &[Act], rules: &[RulePublished], looked: bool) -> Result<(Rehearsal, Sums), TestCaseError> {
    let mut market = Rehearsal::new(rules);
    let mut sums = Sums::default();
    let mut now = Timestamp::parse("2026-06-01T02:00:00Z").expect("a time");
    let mut sent: Vec<(Incoming, bool)> = Vec::new();
    for shop in 0..2 {
        let body = json!({ "party": format!("s{shop}"), "party_kind": "shop", "merchant": format!("m{shop}") });
        let body = Body::parse(Kind::PartyRegistered, &body.to_string()).expect("valid");
        let joined = Incoming::new(SourceId::new("t").expect("id"), FactKey::new(format!("s{shop}")).expect("id"), now, None, body);
        market.take(&joined, now).await.expect("takes");
    }
    for (i, act) in acts.iter().enumerate() {
        now = now.plus_micros(3_600_000_000);
        if let Act::Wait { days } = act {
            now = now.plus_micros(days * DAY);
            market.pass(now).await.expect("passes");
        }
        if matches!(act, Act::Plan { .. }) {
            // What falls due by now may pay the very debt that is to be planned for.
            market.pass(now).await.expect("passes");
        }
        let planned = plan(&market, act, i, now);
        for (n, (kind, body)) in fact(act, i, &sent).into_iter().chain(planned).enumerate() {
            let body = Body::parse(kind, &body.to_string()).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let key = if n == 0 { format!("f{i}") } else { format!("f{i}/{n}") };
            let fact = Incoming::new(SourceId::new("t").expect("id"), FactKey::new(key).expect("id"), now, None, body);
            let outcome = market.take(&fact, now).await.expect("takes");
            if matches!(outcome, laotie_engine::Outcome::Recorded { .. }) {
                if let Body::FactVoided(v) = &fact.body {
                    sent.iter_mut().filter(|(f, _)| f.key == v.key).for_each(|(_, voided)| *voided = true);
                }
                sent.push((fact, false));
            } else if matches!(act, Act::Plan { .. }) {
                return Err(TestCaseError::fail(format!("{outcome:?}")));
            }
            if looked {
                sums.add(&market)?;
            }
        }
    }
    Ok((market, sums))
}

pub(crate) fn on_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn money_adds_up_and_no_account_passes_its_floor(acts in acts()) {
        let rules = rules();
        on_runtime(run(&acts, &rules, true))?;
    }

    #[test]
    fn a_history_decided_again_gives_the_same_rows(acts in acts()) {
        let rules = rules();
        let first = on_runtime(run(&acts, &rules, false))?.0;
        let again = on_runtime(run(&acts, &rules, false))?.0;
        prop_assert_eq!(first.rows(), again.rows());
    }
}
