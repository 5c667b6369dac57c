//! Same facts, same penalty: the audit, and twins who differ in nothing that counts.

use laotie_conduct::{AuditRow, Disparity, ShopSize, audit, explain};
use laotie_facts::MarketZone;
use laotie_facts::body::PenaltyImposed;
use proptest::prelude::*;
use serde_json::json;

use crate::driver::{Market, noon};

fn rows<'a>(market: &Market, penalties: &'a [(String, PenaltyImposed)], reviewers: &[&str]) -> Vec<AuditRow<'a>> {
    let row = |(n, (party, penalty)): (usize, &'a (String, PenaltyImposed))| {
        let (kind, id) = party.split_once('/').expect("KIND/ID");
        let ledger = market.party(kind, id);
        let entry = ledger.entry(penalty.penalty.as_str()).expect("in the ledger");
        let why = explain(&ledger, penalty.penalty.as_str(), &market.book).expect("explained");
        AuditRow {
            at: entry.at,
            breach: entry.breach.clone(),
            credits: why.past.credits,
            earlier: why.past.earlier.len(),
            first_of_year: !why.past.seen_this_year,
            points_before: (why.past.general_points, why.past.serious_points),
            penalty,
            reviewer: Some(reviewers[n % reviewers.len()].to_owned()),
            size: [ShopSize::Small, ShopSize::Large][n % 2],
            version: entry.version.clone(),
        }
    };
    penalties.iter().enumerate().map(row).collect()
}

fn zone() -> MarketZone {
    MarketZone::new("Asia/Shanghai").expect("a zone")
}

#[test]
fn the_audit_finds_a_planted_disparity_and_none_where_there_is_none() {
    let mut market = Market::open();
    let mut penalties: Vec<(String, PenaltyImposed)> = Vec::new();
    for (n, day) in ["2026-02-03", "2026-05-09", "2026-11-30"].into_iter().enumerate() {
        let party = format!("shop/s{n}");
        penalties.push((party.clone(), market.violation(day, &party, "out_of_scope_listing", 2)));
    }
    assert_eq!(audit(&zone(), &rows(&market, &penalties, &["rev-1", "rev-2"])), []);
    // Somebody was given a day more than the others.
    let mut harsher = penalties.clone();
    let mut actions = harsher[1].1.actions.to_vec();
    let until = actions.iter_mut().find_map(|a| a.until.as_mut()).expect("a term");
    *until = until.plus_micros(86_400_000_000);
    harsher[1].1.actions = laotie_facts::Few::new(actions).expect("few");
    let found = audit(&zone(), &rows(&market, &harsher, &["rev-1", "rev-2"]));
    let [Disparity { differ_in_date: true, differ_in_reviewer: true, differ_in_size: true, second, .. }] = found.as_slice() else {
        panic!("one disparity was planted: {found:?}")
    };
    assert_eq!(second, harsher[1].1.penalty.as_str());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Two lives of the same violations, of other people, reviewed by others, at another time of the year.
    #[test]
    fn twins_have_the_same_penalties(
        life in proptest::collection::vec((0usize..4, 1i64..4, any::<bool>(), any::<bool>()), 1..6),
        shift in 0i64..200,
    ) {
        let codes = ["false_claim", "out_of_scope_listing", "brushing", "fake_dispatch"];
        let live = |id: &str, start: &str, shift: i64, reviewer: &str| {
            let mut market = Market::open();
            let mut penalties = Vec::new();
            for (n, (code, severity, corrected, own)) in life.iter().enumerate() {
                let at = noon(start).plus_micros((shift + 5 * i64::try_from(n).expect("few")) * 86_400_000_000);
                let report = format!("r-{id}-{n}");
                let filed = json!({"code": codes[*code], "report": report, "target": id, "target_kind": "shop"});
                market.tell(&at.to_string(), "report.filed", &filed).expect("filed");
                let mut findings = vec![["light", "serious", "very_serious"][usize::try_from(*severity - 1).expect("small")]];
                findings.extend(corrected.then_some("corrected"));
                findings.extend(own.then_some("self_reported"));
                let look = json!({"case": report, "findings": findings, "outcome": "uphold", "reviewer": reviewer});
                let facts = market.tell(&at.to_string(), "case.reviewed", &look).expect("reviewed");
                penalties.extend(crate::driver::imposed(&facts).into_iter().map(|p| (format!("shop/{id}"), p)));
            }
            (market, penalties)
        };
        let (one, first) = live("s-small", "2026-01-05", 0, "rev-1");
        let (two, second) = live("s-giant", "2026-01-05", shift, "rev-2");
        prop_assert_eq!(first.len(), second.len());
        let mut all = rows(&one, &first, &["rev-1"]);
        all.extend(rows(&two, &second, &["rev-2"]));
        prop_assert_eq!(audit(&zone(), &all), []);
        for ((_, a), (_, b)) in first.iter().zip(&second) {
            let shape = |p: &PenaltyImposed| p.reasons.iter().map(|r| (r.code.clone(), r.text.clone())).collect::<Vec<_>>();
            prop_assert_eq!(shape(a), shape(b));
        }
    }
}
