//! Appeals: by the party, in time, to somebody else; and what they give back.

use laotie_facts::body::PartyKind;
use serde_json::{Value, json};

use crate::driver::{Market, imposed, lifted, noon};
use crate::stories::{look, report};

fn appeal(id: &str, against: &str, kind: &str, appellant: &str) -> Value {
    json!({ "against": against, "against_kind": kind, "appeal": id, "appellant": appellant })
}

/// A market in which `s1` was found guilty by `rev-1`, and the ids of the penalty and the violation.
fn guilty() -> (Market, String, String) {
    let mut market = Market::open();
    market.on("2026-03-01", "report.filed", &report("r1", "shop/s1", "false_claim")).expect("filed");
    let facts = market.on("2026-03-02", "case.reviewed", &look("r1", "uphold", "rev-1", &["false_claim", "serious"])).expect("reviewed");
    let penalty = imposed(&facts).remove(0);
    (market, penalty.penalty.to_string(), penalty.violations[0].to_string())
}

#[test]
fn an_appeal_is_the_partys_own_in_time_and_decided_by_somebody_else() {
    let (mut market, penalty, violation) = guilty();
    let mut told = Vec::new();
    let mut say = |market: &mut Market, day: &str, kind: &str, body: Value| {
        let answer = market.on(day, kind, &body).map_or_else(|code| code, |_| "ok".to_owned());
        told.push(format!("{day} {kind}: {answer}"));
    };
    say(&mut market, "2026-03-03", "appeal.opened", appeal("a1", &penalty, "penalty", "s2"));
    say(&mut market, "2026-03-20", "appeal.opened", appeal("a1", &penalty, "penalty", "s1"));
    say(&mut market, "2026-03-03", "appeal.opened", appeal("a1", &violation, "violation", "s1"));
    say(&mut market, "2026-03-03", "appeal.opened", appeal("a1", &penalty, "penalty", "s1"));
    say(&mut market, "2026-03-03", "appeal.opened", appeal("a2", &penalty, "penalty", "s1"));
    say(&mut market, "2026-03-04", "case.reviewed", look("r1", "uphold", "rev-1", &[]));
    say(&mut market, "2026-03-04", "case.reviewed", look("r1", "uphold_in_part", "rev-2", &[]));
    say(&mut market, "2026-03-04", "case.reviewed", json!({"appeal": "a1", "case": "r7", "outcome": "reject", "reviewer": "rev-2"}));
    insta::assert_snapshot!(market.view("conduct_queue", "")[0].body.replace(&penalty, "PENALTY"), @r#"{"appeal":"a1","case":"r1","code":"false_claim","opened_at":"2026-03-03T04:00:00Z","penalty":"PENALTY","stage":"appealed","target":"s1","target_kind":"shop"}"#);
    say(&mut market, "2026-03-04", "case.reviewed", json!({"appeal": "a1", "case": "r1", "outcome": "uphold", "reviewer": "rev-2"}));
    say(&mut market, "2026-03-05", "appeal.opened", appeal("a3", &penalty, "penalty", "s1"));
    say(&mut market, "2026-03-05", "case.reviewed", look("r1", "reject", "rev-3", &[]));
    insta::assert_snapshot!(told.join("\n"), @r"
    2026-03-03 appeal.opened: not-the-party
    2026-03-20 appeal.opened: appeal-too-late
    2026-03-03 appeal.opened: ok
    2026-03-03 appeal.opened: appeal-id-reused
    2026-03-03 appeal.opened: nothing-to-appeal
    2026-03-04 case.reviewed: same-reviewer
    2026-03-04 case.reviewed: outcome-unfit
    2026-03-04 case.reviewed: case-mismatch
    2026-03-04 case.reviewed: ok
    2026-03-05 appeal.opened: nothing-to-appeal
    2026-03-05 case.reviewed: case-closed
    ");
    assert_eq!(market.penalty(&penalty).status(), "final");
}

#[test]
fn without_an_appeal_a_penalty_is_final_when_its_time_is_over() {
    let (mut market, penalty, _) = guilty();
    assert_eq!(market.penalty(&penalty).status(), "imposed");
    market.until(crate::driver::time("2026-03-10T00:00:00+08:00"));
    assert_eq!(market.penalty(&penalty).status(), "ended");
    let late = market.on("2026-03-10", "appeal.opened", &appeal("a1", &penalty, "penalty", "s1"));
    assert_eq!(late.err().as_deref(), Some("appeal-too-late"));
}

#[test]
fn a_granted_appeal_restores_points_terms_and_money() {
    let (mut market, penalty, _) = guilty();
    let before = market.standing(PartyKind::Shop, "s1", noon("2026-03-04"));
    assert!(before.ladders[1].points == 10 && !before.running.is_empty());
    market.on("2026-03-03", "appeal.opened", &appeal("a1", &penalty, "penalty", "s1")).expect("opened");
    let facts = market.on("2026-03-04", "case.reviewed", &look("r1", "reject", "rev-2", &[])).expect("reviewed");
    let undone = lifted(&facts).remove(0);
    assert!(undone.undone && undone.appeal.is_some());
    assert_eq!(undone.points_restored.map(laotie_facts::Quantity::get), Some(10));
    let after = market.standing(PartyKind::Shop, "s1", noon("2026-03-04"));
    assert!(after.running.is_empty() && after.ladders.iter().all(|l| l.points == 0));
    assert!(market.view("penalty_board", "").is_empty());
    assert!(market.view("penalties", "shop/s1")[0].body.contains("\"status\":\"undone\""), "the trace stays");
    assert!(market.until(noon("2027-06-01")).iter().all(|f| lifted(std::slice::from_ref(f)).is_empty()), "no term ends twice");
}

#[test]
fn who_is_cleared_of_the_violation_clears_those_who_shared_it() {
    for (kind, cleared) in [("violation", 2), ("penalty", 1)] {
        let mut market = Market::open();
        let found = market.violation_with("2026-03-01", "streamer/t1", "false_claim", 2, &json!({"shared_with": ["t2"]}));
        let against = if kind == "penalty" { found.penalty.to_string() } else { found.violations[0].to_string() };
        market.on("2026-03-02", "appeal.opened", &appeal("a1", &against, kind, "t1")).expect("opened");
        let facts =
            market.on("2026-03-03", "case.reviewed", &look(found.violations[0].as_str(), "reject", "rev-1", &[])).expect("reviewed");
        assert_eq!(lifted(&facts).len(), cleared, "{kind}");
    }
}

#[test]
fn what_followed_an_undone_penalty_is_decided_as_if_it_had_never_been() {
    let mut market = Market::open();
    let first = market.violation("2026-03-01", "shop/s1", "out_of_scope_listing", 2);
    let second = market.violation("2026-03-10", "shop/s1", "out_of_scope_listing", 2);
    market.on("2026-03-02", "appeal.opened", &appeal("a1", first.penalty.as_str(), "penalty", "s1")).expect("opened");
    market.on("2026-03-11", "appeal.opened", &appeal("a2", second.penalty.as_str(), "penalty", "s1")).expect("opened");
    let facts = market.on("2026-03-12", "case.reviewed", &look(first.penalty.as_str(), "reject", "rev-1", &[])).expect("reviewed");
    let anew = imposed(&facts).remove(0);
    assert!(anew.reasons.iter().any(|r| r.code.as_str() == "decided_anew"));
    let mut never = Market::open();
    let alone = never.violation("2026-03-10", "shop/s1", "out_of_scope_listing", 2);
    assert_eq!(anew.actions, alone.actions);
    // The open appeal goes on against the penalty that took the place of the one before.
    let granted = market.on(
        "2026-03-13",
        "case.reviewed",
        &json!({"appeal": "a2", "case": anew.penalty.as_str(), "outcome": "reject", "reviewer": "rev-1"}),
    );
    assert_eq!(lifted(&granted.expect("reviewed"))[0].penalty, anew.penalty);
}

#[test]
fn a_decided_appeal_cannot_be_voided_and_an_open_one_can() {
    let (mut market, penalty, _) = guilty();
    let opened = market.on("2026-03-03", "appeal.opened", &appeal("a1", &penalty, "penalty", "s1")).expect("opened");
    market.void("2026-03-03", opened[0].seq).expect("voided");
    assert_eq!(market.penalty(&penalty).status(), "imposed");
    let opened = market.on("2026-03-04", "appeal.opened", &appeal("a1", &penalty, "penalty", "s1")).expect("opened again");
    let decided = market.on("2026-03-05", "case.reviewed", &look("r1", "uphold", "rev-2", &[])).expect("reviewed");
    assert_eq!(market.void("2026-03-06", opened[0].seq).err().as_deref(), Some("appeal-decided"));
    assert_eq!(market.void("2026-03-06", decided[0].seq).err().as_deref(), Some("appeal-decided"));
}

/// Undoes penalties one after another, by appeals that other reviewers grant.
fn undo(market: &mut Market, day: &str, n: usize, violation: &str) -> Vec<laotie_facts::Fact> {
    let id = format!("u{n}");
    market.on(day, "appeal.opened", &appeal(&id, violation, "violation", "s1")).expect("opened");
    market.on(day, "case.reviewed", &json!({"appeal": id, "case": violation, "outcome": "reject", "reviewer": "rev-9"})).expect("reviewed")
}

#[test]
fn a_second_undo_counts_what_the_first_one_decided_anew_in_its_old_place() {
    let live = |undone: &[usize]| {
        let mut market = Market::open();
        let days = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"];
        let found: Vec<String> =
            days.iter().map(|day| market.violation(day, "shop/s1", "out_of_scope_listing", 2).violations[0].to_string()).collect();
        for (n, which) in undone.iter().enumerate() {
            undo(&mut market, "2026-03-05", n, &found[*which]);
        }
        let party = market.party("shop", "s1");
        let last = party.entries.iter().filter(|e| e.voided_by.is_none()).max_by_key(|e| e.cause).expect("one stands").clone();
        (last.points, last.actions.iter().find_map(|a| a.amount_minor).map(laotie_facts::Amount::get))
    };
    assert_eq!(live(&[]), (8, Some(175_000)), "the fourth within the days");
    assert_eq!(live(&[1]), (7, Some(150_000)));
    assert_eq!(live(&[1, 0]), (6, Some(125_000)), "one that was decided anew still stands before it");
    assert_eq!(live(&[0, 1]), live(&[1, 0]));
    assert_eq!(live(&[0, 1, 2]), (5, Some(100_000)));
}

#[test]
fn what_would_come_out_the_same_is_not_decided_anew() {
    let mut market = Market::open();
    let first = market.violation("2026-03-01", "shop/s1", "fake_dispatch", 1);
    let second = market.violation("2026-03-02", "shop/s1", "off_platform", 2);
    let facts = undo(&mut market, "2026-03-03", 0, first.violations[0].as_str());
    assert!(imposed(&facts).is_empty());
    assert_eq!(market.penalty(second.penalty.as_str()).status(), "imposed");
}

#[test]
fn what_is_in_force_stands_in_the_order_of_violations_whatever_was_undone() {
    let mut market = Market::open();
    market.violation("2026-03-01", "shop/s1", "off_platform", 2);
    let undone = market.violation("2026-03-02", "shop/s1", "off_platform", 2);
    market.violation("2026-03-03", "shop/s1", "off_platform", 2);
    // Without points it is not decided anew, and so stands before the third one in the ledger.
    market.violation("2026-03-03", "shop/s1", "out_of_scope_listing", 1);
    let facts = undo(&mut market, "2026-03-03", 0, undone.violations[0].as_str());
    assert!(!imposed(&facts).is_empty(), "fewer came before the third");
    let standing = market.standing(PartyKind::Shop, "s1", noon("2026-03-04"));
    let causes: Vec<i64> = standing.running.iter().map(|r| market.party("shop", "s1").entry(&r.penalty).map_or(0, |e| e.cause)).collect();
    assert!(causes.is_sorted() && causes.len() >= 2, "{causes:?}");
}
