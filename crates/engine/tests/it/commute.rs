//! Two worlds of orders side by side: which of two facts of one hour comes first changes nothing where they share no account,
//! and loses no money where they do.

use std::collections::BTreeMap;

use laotie_engine::{Outcome, Rehearsal};
use laotie_facts::body::RulePublished;
use laotie_facts::{Body, FactKey, Incoming, Kind, SourceId, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::money::{Act, DAY, Sums, acts, fact, on_runtime, rules};

/// Fields whose values are names of one world.
const NAMES: [&str; 12] =
    ["order", "shop", "buyer", "streamer", "party", "merchant", "claim", "ruling", "penalty", "refund", "withdrawal", "appeal"];

/// Puts every name of a body into a world of its own, but for those of a party that both share.
fn into_world(body: &mut Value, world: &str, shared: bool) {
    match body {
        Value::Object(fields) => {
            for (field, value) in fields {
                let is_party = ["shop", "streamer", "party", "merchant"].contains(&field.as_str());
                match value {
                    Value::String(name) if NAMES.contains(&field.as_str()) && !(shared && is_party) => *name = format!("{world}-{name}"),
                    other => into_world(other, world, shared),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|i| into_world(i, world, shared)),
        _ => {}
    }
}

struct World {
    name: &'static str,
    sent: Vec<(Incoming, bool)>,
}

impl World {
    fn new(name: &'static str) -> Self {
        Self { name, sent: Vec::new() }
    }

    async fn take(&mut self, market: &mut Rehearsal, kind: Kind, mut body: Value, key: String, now: Timestamp, shared: bool) {
        // A lifted penalty and a voided fact are named as they were sent.
        if !matches!(kind, Kind::PenaltyLifted | Kind::FactVoided) {
            into_world(&mut body, self.name, shared);
        } else if kind == Kind::PenaltyLifted {
            body["party"] = json!(self.sent.iter().find_map(|(f, _)| match &f.body {
                Body::PenaltyImposed(p) if body["penalty"] == p.penalty.as_str() => Some(p.party.to_string()),
                _ => None,
            }));
        }
        let Ok(body) = Body::parse(kind, &body.to_string()) else { panic!("{kind:?}: {body}") };
        let key = FactKey::new(format!("{}-{key}", self.name)).expect("id");
        let fact = Incoming::new(SourceId::new("t").expect("id"), key, now, None, body);
        if matches!(market.take(&fact, now).await.expect("takes"), Outcome::Recorded { .. }) {
            if let Body::FactVoided(v) = &fact.body {
                self.sent.iter_mut().filter(|(f, _)| f.key == v.key).for_each(|(_, voided)| *voided = true);
            }
            self.sent.push((fact, false));
        }
    }
}

/// What accounts hold at the end. A debt's account is named by the fact that it came from, whose number depends on what came
/// before: debts are told by whose they are.
fn balances(sums: &Sums) -> BTreeMap<String, (i64, i64)> {
    let mut found: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let name = |account: &str| account.split_once("/debt/").map_or(account, |(debtor, _)| debtor).to_owned();
    for (account, minor) in &sums.posted {
        found.entry(name(account)).or_default().0 += minor;
    }
    for (account, minor) in &sums.held {
        found.entry(name(account)).or_default().1 += minor;
    }
    found.retain(|_, sums| *sums != (0, 0));
    found
}

/// Runs both histories hour by hour; `swapped` says in which hours the second world comes first.
async fn run(both: &[(Act, Act, bool)], rules: &[RulePublished], swap: bool, shared: bool) -> Result<Sums, TestCaseError> {
    let mut market = Rehearsal::new(rules);
    let mut sums = Sums::default();
    let mut now = Timestamp::parse("2026-06-01T02:00:00Z").expect("a time");
    let mut worlds = [World::new("a"), World::new("b")];
    for (w, world) in worlds.iter_mut().enumerate() {
        for shop in 0..2 {
            let body = json!({ "party": format!("s{shop}"), "party_kind": "shop", "merchant": format!("m{shop}") });
            if w == 0 || !shared {
                world.take(&mut market, Kind::PartyRegistered, body, format!("s{shop}"), now, shared).await;
            }
        }
    }
    for (i, (first, second, swapped)) in both.iter().enumerate() {
        now = now.plus_micros(3_600_000_000);
        let days: i64 = [first, second].iter().map(|a| if let Act::Wait { days } = a { *days } else { 0 }).sum();
        if days > 0 {
            now = now.plus_micros(days * DAY);
            market.pass(now).await.expect("passes");
        }
        let turns = if swap && *swapped { [1, 0] } else { [0, 1] };
        for turn in turns {
            let act = [first, second][turn];
            let Some((kind, body)) = fact(act, i, &worlds[turn].sent) else { continue };
            worlds[turn].take(&mut market, kind, body, format!("f{i}"), now, shared).await;
        }
        sums.add(&market)?;
    }
    market.pass(now.plus_micros(90 * DAY)).await.expect("passes");
    sums.add(&market)?;
    Ok(sums)
}

fn both() -> impl Strategy<Value = Vec<(Act, Act, bool)>> {
    (acts(), acts(), prop::collection::vec(any::<bool>(), 40))
        .prop_map(|(a, b, swaps)| a.into_iter().zip(b).zip(swaps).map(|((a, b), swap)| (a, b, swap)).collect())
}

/// A claim's debt and damages fall due at one moment, and there is not enough for both. Which was paid first once hung on their
/// ids, and so on how many facts of others came before.
#[test]
fn of_debts_due_at_one_moment_the_first_raised_is_recovered_first() {
    let step = |order, step| Act::Step { order, step };
    let refund = |order, amount, claim| Act::Refund { order, amount, claim };
    let sale = |order, lines: &[i64], discount, payer, commission, freight| Act::Pay {
        order,
        shop: 1,
        lines: lines.to_vec(),
        discount,
        payer,
        commission,
        freight,
    };
    let history = [
        Act::Damages { shop: 0, amount: 12_142 },
        step(2, 2),
        refund(3, 19_648, false),
        refund(3, 21_447, false),
        refund(2, 54_571, true),
        refund(0, 40_854, true),
        Act::Rule { order: 1, refund: 1_236, beyond: 34_604, appeal: true },
        Act::Damages { shop: 1, amount: 58_982 },
        step(1, 1),
        sale(3, &[41_665, 30_670, 12_842], 2_975, 2, 1_038, 587),
        sale(2, &[10_290, 31_334], 2_970, 1, 759, 768),
        step(3, 1),
        refund(0, 41_810, true),
        Act::Withdraw { shop: 1, promoter: false },
        Act::Withdraw { shop: 0, promoter: true },
        step(3, 1),
        step(3, 2),
    ];
    let rules = rules();
    let told = |others: usize| {
        // Each fact of another world moves the numbers, and with them the ids, of what comes behind it.
        let other = |i| if i < others { Act::Margin { merchant: 0, amount: 1 } } else { Act::Wait { days: 0 } };
        let both: Vec<_> = history.iter().cloned().enumerate().map(|(i, act)| (other(i), act, false)).collect();
        let mut held = balances(&on_runtime(run(&both, &rules, false, false)).expect("adds up"));
        held.retain(|account, _| account.starts_with("platform/"));
        held
    };
    let alone = told(0);
    assert!(alone.contains_key("platform/main/receivable"), "not all of it is recovered: {alone:?}");
    for others in 1..12 {
        assert_eq!(told(others), alone, "{others} facts of others");
    }
}

/// A claim's debt and damages fall due at one moment, and there is enough for one of them. Which deadline passed first once hung
/// on their ids, and damages were left out where the other's did.
#[test]
fn of_deadlines_at_one_moment_none_goes_before_the_other_by_its_id() {
    let both = [
        (Act::Withdraw { shop: 0, promoter: false }, Act::Rule { order: 0, refund: 0, beyond: 0, appeal: false }, false),
        (
            Act::Pay { order: 0, shop: 0, lines: vec![25070], discount: 0, payer: 0, commission: 0, freight: 0 },
            Act::Wait { days: 1 },
            false,
        ),
        (
            Act::Pay { order: 2, shop: 0, lines: vec![39519, 28483], discount: 0, payer: 0, commission: 1, freight: 0 },
            Act::Pay { order: 0, shop: 1, lines: vec![1767], discount: 0, payer: 0, commission: 0, freight: 0 },
            false,
        ),
        (Act::Claim { order: 2 }, Act::Withdraw { shop: 0, promoter: false }, false),
        (Act::Claim { order: 1 }, Act::Wait { days: 4 }, false),
        (
            Act::Damages { shop: 1, amount: 2985 },
            Act::Pay { order: 0, shop: 0, lines: vec![1], discount: 0, payer: 0, commission: 0, freight: 0 },
            false,
        ),
        (
            Act::Pay { order: 0, shop: 0, lines: vec![1], discount: 0, payer: 0, commission: 0, freight: 0 },
            Act::Pay { order: 0, shop: 0, lines: vec![1], discount: 0, payer: 0, commission: 0, freight: 0 },
            false,
        ),
        (Act::Withdraw { shop: 0, promoter: false }, Act::Wait { days: 2 }, false),
        (Act::Refund { order: 2, amount: 1, claim: false }, Act::Step { order: 0, step: 2 }, false),
        (Act::Step { order: 0, step: 0 }, Act::Withdraw { shop: 0, promoter: false }, false),
        (Act::Rule { order: 0, refund: 1, beyond: 0, appeal: false }, Act::Margin { merchant: 1, amount: 607 }, false),
        (Act::Step { order: 2, step: 2 }, Act::Rule { order: 0, refund: 0, beyond: 608, appeal: false }, false),
        (Act::Claim { order: 0 }, Act::Claim { order: 1 }, false),
        (Act::Damages { shop: 0, amount: 1 }, Act::Wait { days: 10 }, false),
        (Act::Refund { order: 2, amount: 8856, claim: false }, Act::Step { order: 1, step: 0 }, false),
        (
            Act::Margin { merchant: 1, amount: 1 },
            Act::Pay { order: 1, shop: 0, lines: vec![1], discount: 0, payer: 0, commission: 0, freight: 0 },
            false,
        ),
        (Act::Rule { order: 2, refund: 12037, beyond: 45690, appeal: false }, Act::Void { fact: 4 }, true),
    ];
    let rules = rules();
    let one = on_runtime(run(&both, &rules, false, false)).expect("adds up");
    let other = on_runtime(run(&both, &rules, true, false)).expect("adds up");
    assert_eq!(balances(&one), balances(&other));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn facts_of_orders_that_share_no_account_commute(both in both()) {
        let rules = rules();
        let one = on_runtime(run(&both, &rules, false, false))?;
        let other = on_runtime(run(&both, &rules, true, false))?;
        prop_assert_eq!(balances(&one), balances(&other));
    }

    #[test]
    fn where_accounts_are_shared_money_is_conserved_in_either_order(both in both()) {
        let rules = rules();
        for swap in [false, true] {
            let sums = on_runtime(run(&both, &rules, swap, true))?;
            prop_assert_eq!(sums.posted.values().sum::<i64>(), 0);
        }
    }
}
