//! From a report to a penalty, a ruling to a penalty, and what is refused on the way.

use laotie_facts::Body;
use laotie_facts::body::PartyKind;
use serde_json::{Value, json};

use crate::driver::{Market, imposed, lifted, noon, told};

pub(crate) fn report(id: &str, target: &str, code: &str) -> Value {
    let (kind, id_of) = target.split_once('/').expect("KIND/ID");
    json!({ "code": code, "report": id, "reporter": "b-9", "target": id_of, "target_kind": kind })
}

pub(crate) fn look(case: &str, outcome: &str, reviewer: &str, findings: &[&str]) -> Value {
    json!({ "case": case, "findings": findings, "outcome": outcome, "reviewer": reviewer })
}

fn kinds(facts: &[laotie_facts::Fact]) -> Vec<&'static str> {
    facts.iter().map(|f| f.kind().name()).collect()
}

#[test]
fn a_report_that_is_upheld_becomes_a_violation_and_a_penalty() {
    let mut market = Market::open();
    market.on("2026-03-01", "report.filed", &report("r1", "streamer/t1", "false_claim")).expect("filed");
    insta::assert_snapshot!(market.view("conduct_queue", "")[0].body, @r#"{"case":"r1","code":"false_claim","opened_at":"2026-03-01T04:00:00Z","stage":"open","target":"t1","target_kind":"streamer"}"#);
    let facts = market.on("2026-03-02", "case.reviewed", &look("r1", "uphold", "rev-1", &["false_claim", "serious"])).expect("reviewed");
    assert_eq!(kinds(&facts), ["case.reviewed", "violation.found", "penalty.imposed"]);
    insta::assert_snapshot!(told(&imposed(&facts)[0], "2026-03-02"), @r"
    exam, points 10, suspend_cart 3d, damages 100000, hold_withdrawals on Serious
      because false_claim
    ");
    insta::assert_snapshot!(market.text("party/streamer/t1"), @r#"{"party":{"entries":[{"actions":[{"action":"exam"},{"action":"points","points":10},{"action":"suspend_cart","until":"2026-03-05T16:00:00Z"},{"action":"damages","amount_minor":100000},{"action":"hold_withdrawals"}],"at":"2026-03-02T04:00:00Z","breach":{"code":"false_claim","severity":"serious"},"cause":8,"ladder":"serious","penalty":"pen_zpag4kt6mxmmz8zdx02wab4pzs","points":10,"seq":9,"version":"penalties/creator@2026-11-25.1","violation":"vio_42v0m55f008bv6jxr8fqwvnrvp","year":2026}],"resets_at":"2026-12-31T16:00:00Z","year":2026}}"#);
    assert!(market.view("conduct_queue", "").is_empty());
    insta::assert_snapshot!(market.view("penalties", "streamer/t1")[0].body, @r#"{"actions":[{"action":"exam"},{"action":"points","points":10},{"action":"suspend_cart","until":"2026-03-05T16:00:00Z"},{"action":"damages","amount_minor":100000},{"action":"hold_withdrawals"}],"appeal_by":"2026-03-09T16:00:00Z","at":"2026-03-02T04:00:00Z","case":"r1","code":"false_claim","currency":"CNY","ladder":"serious","penalty":"pen_zpag4kt6mxmmz8zdx02wab4pzs","public":true,"seq":9,"status":"imposed","violation":"vio_42v0m55f008bv6jxr8fqwvnrvp"}"#);
    insta::assert_snapshot!(market.view("points", "")[0].body, @r#"{"closed":false,"credits":0,"general":0,"party":"t1","party_kind":"streamer","penalties":1,"resets_at":"2026-12-31T16:00:00Z","serious":10,"year":2026}"#);
    // Serious ones are public, but only very serious ones with a name.
    let board = &market.view("penalty_board", "")[0];
    assert!(!board.body.contains("t1") && !board.key.starts_with("pen_"), "{}", board.body);
    // Its term ends by itself; the points stay.
    let passed = market.until(noon("2026-04-01"));
    let ended = lifted(&passed);
    assert_eq!((ended.len(), ended[0].undone), (1, false));
    let standing = market.standing(PartyKind::Streamer, "t1", noon("2026-04-01"));
    assert!(standing.running.is_empty() && standing.ladders[1].counted == 10);
}

#[test]
fn a_reported_thing_leads_to_who_stands_behind_it() {
    let mut market = Market::open();
    market.on("2026-03-01", "item.listed", &json!({"facts": {"name": "tea"}, "item": "i1", "shop": "s1"})).expect("listed");
    market.on("2026-03-01", "show.opened", &json!({"room": "rm", "show": "sh1", "streamer": "t1"})).expect("opened");
    let party = |market: &mut Market, n: usize, target: &str, code: &str, liability: Option<&str>| {
        let id = format!("r{n}");
        let mut filed = report(&id, target, code);
        filed["show"] = json!("sh1");
        filed["item"] = json!("i1");
        market.on("2026-03-02", "report.filed", &filed).expect("filed");
        let mut reviewed = look(&id, "uphold", "rev-1", &[]);
        if let Some(liability) = liability {
            reviewed["liability"] = json!(liability);
        }
        let facts = market.on("2026-03-03", "case.reviewed", &reviewed)?;
        Ok::<String, String>(imposed(&facts).iter().map(|p| format!("{}/{}", p.party_kind.as_str(), p.party)).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(party(&mut market, 1, "item/i1", "counterfeit", None).as_deref(), Ok("shop/s1"));
    assert_eq!(party(&mut market, 2, "show/sh1", "false_claim", None).as_deref(), Ok("streamer/t1"));
    assert_eq!(party(&mut market, 3, "show/sh1", "counterfeit", Some("merchant")).as_deref(), Ok("shop/s1"));
    assert_eq!(party(&mut market, 4, "comment/c1", "off_platform", None).as_deref(), Ok("streamer/t1"));
    assert_eq!(party(&mut market, 5, "streamer/t2", "false_claim", Some("streamer")).as_deref(), Ok("streamer/t2"));
    assert_eq!(party(&mut market, 6, "review/x", "false_claim", None), Err("party-unknown".to_owned()));
    assert_eq!(party(&mut market, 7, "item/i1", "counterfeit", Some("carrier")), Err("party-unknown".to_owned()));
}

#[test]
fn what_cannot_be_is_refused() {
    let mut market = Market::open();
    market.on("2026-03-01", "report.filed", &report("r1", "shop/s1", "false_claim")).expect("filed");
    let mut refused = Vec::new();
    let mut say = |market: &mut Market, kind: &str, body: Value| {
        let told = market.on("2026-03-02", kind, &body).map_or_else(|code| code, |_| "ok".to_owned());
        refused.push(format!("{kind}: {told}"));
    };
    say(&mut market, "report.filed", report("r1", "shop/s2", "false_claim"));
    say(&mut market, "case.reviewed", look("r1", "uphold", "rev-1", &["nonsense"]));
    say(
        &mut market,
        "case.reviewed",
        json!({"amount_minor": 5, "case": "r1", "currency": "GBP", "outcome": "uphold", "reviewer": "rev-1"}),
    );
    say(&mut market, "case.reviewed", json!({"appeal": "a9", "case": "r1", "outcome": "uphold", "reviewer": "rev-1"}));
    say(&mut market, "jury.voted", json!({"case": "r1", "juror": "b-1", "vote": "breach"}));
    say(&mut market, "case.reviewed", look("r1", "ask_evidence", "rev-1", &[]));
    say(&mut market, "evidence.given", evidence("r1", "e1"));
    say(&mut market, "evidence.given", evidence("r1", "e1"));
    say(&mut market, "case.reviewed", look("r1", "reject", "rev-1", &[]));
    say(&mut market, "case.reviewed", look("r1", "uphold", "rev-2", &[]));
    say(&mut market, "evidence.given", evidence("r1", "e2"));
    say(&mut market, "case.reviewed", look("of-somebody-else", "uphold", "rev-2", &[]));
    say(&mut market, "appeal.opened", json!({"against": "nothing", "against_kind": "penalty", "appeal": "a1", "appellant": "s1"}));
    say(&mut market, "appeal.opened", json!({"against": "rul_1", "against_kind": "ruling", "appeal": "a1", "appellant": "s1"}));
    insta::assert_snapshot!(refused.join("\n"), @r"
    report.filed: report-id-reused
    case.reviewed: finding-unknown
    case.reviewed: currency-mismatch
    case.reviewed: appeal-unknown
    jury.voted: jury-not-asked
    case.reviewed: ok
    evidence.given: ok
    evidence.given: evidence-reused
    case.reviewed: ok
    case.reviewed: case-closed
    evidence.given: case-closed
    case.reviewed: ok
    appeal.opened: decision-unknown
    appeal.opened: ok
    ");
}

fn evidence(case: &str, id: &str) -> Value {
    let hash = "ab".repeat(32);
    json!({ "case": case, "evidence": id, "evidence_kind": "photo", "file": {"hash": hash, "media_type": "image/png", "size_bytes": 7}, "side": "buyer" })
}

#[test]
fn both_sides_of_a_co_stream_are_answerable_and_who_warned_less_so() {
    let mut market = Market::open();
    market.on("2026-03-01", "show.opened", &json!({"room": "r", "show": "sh2", "streamer": "t2"})).expect("opened");
    market.on("2026-03-01", "show.opened", &json!({"co_streams": ["sh2"], "room": "r", "show": "sh1", "streamer": "t1"})).expect("opened");
    for (report_id, more) in [("r1", None), ("r2", Some("warned_partner"))] {
        let mut filed = report(report_id, "streamer/t1", "staged_hype");
        filed["show"] = json!("sh1");
        market.on("2026-03-02", "report.filed", &filed).expect("filed");
        let findings: Vec<&str> = ["staged_hype", "serious", "shared_liability"].into_iter().chain(more).collect();
        let facts = market.on("2026-03-03", "case.reviewed", &look(report_id, "uphold", "rev-1", &findings)).expect("reviewed");
        let both: Vec<String> = imposed(&facts).iter().map(|p| format!("{}: {}", p.party, told(p, "2026-03-03"))).collect();
        match more {
            None => insta::assert_snapshot!(both.join("\n"), @r"
    t1: points 10, suspend_cart 7d, damages 100000, hold_withdrawals on Serious
      because staged_hype
    t2: points 10, suspend_cart 7d, damages 100000, hold_withdrawals on Serious
      because staged_hype
    "),
            Some(_) => insta::assert_snapshot!(both.join("\n"), @r"
    t1: points 12, suspend_cart 8d, damages 125000, hold_withdrawals on Serious
      because staged_hype, earlier_violations, mark_reached
    t2: points 10, suspend_cart 7d, damages 100000, hold_withdrawals on Serious
      because staged_hype, earlier_violations, warned_partner, mark_reached
    "),
        }
    }
    // A co-stream that another system finds is told the same way.
    let shared = json!({"shared_with": ["t4", "t3", "t4"]});
    market.violation_with("2026-04-01", "streamer/t3", "false_claim", 2, &shared);
    assert_eq!(market.party("streamer", "t3").entries[0].actions, market.party("streamer", "t4").entries[0].actions);
}

#[test]
fn a_ruling_that_the_schedule_names_is_a_violation_and_none_once_it_is_overturned() {
    let mut market = Market::open();
    let order = json!({
        "buyer": "b-7", "currency": "CNY", "order": "o1", "paid_minor": 1000, "shop": "s1", "streamer": "t1",
        "lines": [{"item": "i1", "line": "l1", "qty": 1, "total_minor": 1000, "unit_price_minor": 1000}],
    });
    market.on("2026-03-01", "order.paid", &order).expect("paid");
    let ruling = |id: &str, guarantee: &str, outcome: &str, liability: &str| json!({ "claim": "c1", "guarantee": guarantee, "liability": liability, "order": "o1", "outcome": outcome, "ruling": id });
    let nothing = market.on("2026-03-02", "ruling.made", &ruling("u0", "no_reason_return", "upheld", "merchant")).expect("decided");
    assert_eq!(kinds(&nothing), ["ruling.made"]);
    let facts = market.on("2026-03-02", "ruling.made", &ruling("u1", "counterfeit_multiple", "upheld", "merchant")).expect("decided");
    assert_eq!(kinds(&facts), ["ruling.made", "violation.found", "penalty.imposed"]);
    assert_eq!((imposed(&facts)[0].party.as_str(), imposed(&facts)[0].party_kind), ("s1", PartyKind::Shop));
    let again = market.on("2026-03-05", "ruling.made", &ruling("u2", "counterfeit_multiple", "upheld", "merchant")).expect("decided");
    assert_eq!(kinds(&again), ["ruling.made"], "one claim is one violation");
    let over = market.on("2026-03-09", "ruling.made", &ruling("u3", "counterfeit_multiple", "rejected", "nobody")).expect("decided");
    assert_eq!(lifted(&over).iter().filter(|l| l.undone).count(), 1);
    assert_eq!(market.standing(PartyKind::Shop, "s1", noon("2026-03-10")).ladders[1].points, 0);
}

#[test]
fn what_was_recorded_by_mistake_leaves_no_penalty() {
    let mut market = Market::open();
    market.on("2026-03-01", "report.filed", &report("r1", "shop/s1", "false_claim")).expect("filed");
    let facts = market
        .on("2026-03-02", "case.reviewed", &look("r1", "uphold", "rev-1", &["false_claim", "brushing", "serious"]))
        .expect("reviewed");
    assert_eq!(imposed(&facts).len(), 2);
    let voided = market.void("2026-03-03", facts[0].seq).expect("voided");
    assert_eq!(lifted(&voided).len(), 2);
    let standing = market.standing(PartyKind::Shop, "s1", noon("2026-03-04"));
    assert!(standing.running.is_empty() && standing.ladders.iter().all(|l| l.points == 0));
    // The case is open again, and can be decided rightly.
    assert_eq!(market.view("conduct_queue", "").len(), 1);
    market.on("2026-03-04", "case.reviewed", &look("r1", "reject", "rev-1", &[])).expect("reviewed");
    assert!(market.view("conduct_queue", "").is_empty());
}

#[test]
fn facts_that_are_told_twice_under_other_ids_change_nothing_else() {
    let mut market = Market::open();
    market.on("2026-03-01", "report.filed", &report("r1", "shop/s1", "false_claim")).expect("filed");
    market.on("2026-03-01", "report.filed", &report("r2", "shop/s1", "false_claim")).expect("another report is another case");
    market.on("2026-03-02", "case.reviewed", &look("r1", "uphold", "rev-1", &[])).expect("reviewed");
    let again = market.on("2026-03-02", "case.reviewed", &look("r1", "uphold", "rev-1", &[]));
    assert_eq!(again.err().as_deref(), Some("case-decided"));
    assert_eq!(market.party("shop", "s1").entries.len(), 1);
    assert!(market.facts.iter().all(|f| !matches!(f.body, Body::PenaltyLifted(_))));
}

#[test]
fn damage_that_the_reviewer_finds_moves_the_point_in_the_range() {
    let mut market = Market::open();
    market.on("2026-03-01", "report.filed", &report("r1", "shop/s1", "false_claim")).expect("filed");
    let mut reviewed = look("r1", "uphold", "rev-1", &["serious"]);
    reviewed["amount_minor"] = json!(2_000_000);
    reviewed["currency"] = json!("CNY");
    let facts = market.on("2026-03-02", "case.reviewed", &reviewed).expect("reviewed");
    let penalty = &imposed(&facts)[0];
    insta::assert_snapshot!(told(penalty, "2026-03-02"), @r"
    delist_items, points 10, suspend_cart 5d, damages 150000, hold_withdrawals on Serious
      because false_claim, damage_caused
    ");
    let explained = laotie_conduct::explain(&market.party("shop", "s1"), penalty.penalty.as_str(), &market.book).expect("explained");
    assert!(explained.equals_imposed);
    assert_eq!((explained.decision.position.step, explained.decision.position.steps), (2, 4));
    let due = laotie_conduct::review_due(&market.state("case/r1").case.expect("a case"), &market.book).expect("a clock");
    assert_eq!(due, crate::driver::time("2026-03-05T00:00:00+08:00"), "three working days after a Sunday");
}
