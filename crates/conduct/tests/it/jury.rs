//! The public jury: who may vote, what it advises, and how far colluding voters get.

use std::collections::BTreeMap;

use laotie_cases::{Verdict, Vote, tally};
use laotie_conduct::{Juror, JuryRules, is_eligible, sample};
use laotie_facts::body::JuryVote;
use laotie_facts::{RuleBook, RuleVersion, Timestamp};
use serde_json::json;

use crate::driver::{JURY, Market, noon};
use crate::stories::{look, report};

fn rules() -> JuryRules {
    let mut book = RuleBook::default();
    let version = RuleVersion::new("jury/jury@2026-01-01.1").expect("a version");
    book.publish("jury", "jury", version, Timestamp::default(), JURY.to_owned()).expect("TOML");
    JuryRules::clone(&JuryRules::at(&book, Timestamp::MAX).expect("rules"))
}

fn drawn(case: &str, round: i64, n: usize) -> Vec<String> {
    let candidates: Vec<String> = (0..2_000).map(|i| format!("b-{i}")).collect();
    let share = rules().eligible_share_ppm;
    sample(case, round, candidates.iter().map(String::as_str), n, share).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_draw_depends_on_case_round_and_buyer_alone() {
    let candidates: Vec<String> = (0..3_000).map(|i| format!("b-{i}")).collect();
    let draw = |list: Vec<&str>, round| sample("r1", round, list, 51, 200_000).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let all: Vec<&str> = candidates.iter().map(String::as_str).collect();
    let mut backwards = all.clone();
    backwards.reverse();
    backwards.extend(all.iter().take(100));
    assert_eq!(draw(all.clone(), 1), draw(backwards, 1));
    assert_ne!(draw(all.clone(), 1), draw(all.clone(), 2));
    let eligible = all.iter().filter(|b| is_eligible("r1", 1, b, 200_000)).count();
    assert!((500..700).contains(&eligible), "about one in five: {eligible} of 3000");
}

#[test]
fn jurors_who_were_drawn_vote_once_and_see_no_party() {
    let mut market = Market::open();
    let mut filed = report("r1", "streamer/t-secret", "false_claim");
    filed["show"] = json!("show-secret");
    market.on("2026-03-01", "report.filed", &filed).expect("filed");
    market.on("2026-03-02", "case.reviewed", &look("r1", "ask_jury", "rev-1", &[])).expect("asked");
    let shown = &market.view("jury", "")[0].body;
    assert!(!shown.contains("secret") && !shown.contains("b-9"), "{shown}");
    insta::assert_snapshot!(shown, @r#"{"asked_at":"2026-03-02T04:00:00Z","case":"r1","code":"false_claim","eligible_share_ppm":200000,"evidence":[],"round":1,"sample_size":51,"target_kind":"streamer","votes":0}"#);
    let jurors = drawn("r1", 1, 51);
    let outsider = (0..1_000).map(|i| format!("x-{i}")).find(|b| !is_eligible("r1", 1, b, 200_000)).expect("four in five");
    let vote = |juror: &str, round: i64, vote: &str| json!({"case": "r1", "juror": juror, "round": round, "vote": vote});
    let mut told = Vec::new();
    let mut say = |market: &mut Market, name: &str, body| {
        told.push(format!("{name}: {}", market.on("2026-03-03", "jury.voted", &body).map_or_else(|code| code, |_| "ok".to_owned())));
    };
    say(&mut market, "not drawn", vote(&outsider, 1, "breach"));
    say(&mut market, "the reporter", vote("b-9", 1, "breach"));
    say(&mut market, "another round", vote(&jurors[0], 2, "breach"));
    for (n, juror) in jurors.iter().enumerate() {
        let says = if n % 10 == 0 { "no_breach" } else { "breach" };
        market.on("2026-03-03", "jury.voted", &vote(juror, 1, says)).expect("taken");
        if n == 0 {
            say(&mut market, "a second vote", vote(juror, 1, "breach"));
        }
    }
    say(&mut market, "one more", vote(&drawn("r1", 1, 52)[51], 1, "breach"));
    insta::assert_snapshot!(told.join("\n"), @r"
    not drawn: not-drawn
    the reporter: juror-is-party
    another round: round-unknown
    a second vote: voted-before
    one more: round-full
    ");
    insta::assert_snapshot!(market.view("conduct_queue", "")[0].body, @r#"{"case":"r1","code":"false_claim","jury":{"breach":45,"no_breach":6,"round":1,"unsure":0,"verdict":"breach","weight_millis":33033},"opened_at":"2026-03-01T04:00:00Z","show":"show-secret","stage":"in_review","target":"t-secret","target_kind":"streamer"}"#);
    assert!(market.view("jury", "").is_empty(), "a full round asks nobody any more");
    // The verdict advises; the reviewer decides. Jurors learn who was right once it is final.
    market.on("2026-03-04", "case.reviewed", &look("r1", "uphold", "rev-1", &[])).expect("reviewed");
    assert_eq!(market.state(&format!("juror/{}", jurors[0])).juror, None, "not before it is final");
    market.until(noon("2026-04-01"));
    assert_eq!(market.state(&format!("juror/{}", jurors[0])).juror, Some(Juror { right: 0, voted: 1 }));
    assert_eq!(market.state(&format!("juror/{}", jurors[1])).juror, Some(Juror { right: 1, voted: 1 }));
}

#[test]
fn a_rejected_case_tells_its_jurors_at_once_and_an_undone_one_the_other_way_round() {
    for (outcome, undo) in [("reject", false), ("uphold", true)] {
        let mut market = Market::open();
        market.on("2026-03-01", "report.filed", &report("r1", "shop/s1", "false_claim")).expect("filed");
        market.on("2026-03-02", "case.reviewed", &look("r1", "ask_jury", "rev-1", &[])).expect("asked");
        let juror = drawn("r1", 1, 1).remove(0);
        market.on("2026-03-03", "jury.voted", &json!({"case": "r1", "juror": juror, "vote": "no_breach"})).expect("taken");
        let facts = market.on("2026-03-04", "case.reviewed", &look("r1", outcome, "rev-1", &[])).expect("reviewed");
        if undo {
            let penalty = crate::driver::imposed(&facts).remove(0).penalty;
            let appeal = json!({"against": penalty.as_str(), "against_kind": "penalty", "appeal": "a1", "appellant": "s1"});
            market.on("2026-03-05", "appeal.opened", &appeal).expect("opened");
            market.on("2026-03-06", "case.reviewed", &look("r1", "reject", "rev-2", &[])).expect("reviewed");
        }
        assert_eq!(market.state(&format!("juror/{juror}")).juror, Some(Juror { right: 1, voted: 1 }), "{outcome}");
    }
}

/// Numbers out of a hash: the same on every machine.
fn dice(seed: &str) -> u64 {
    let hash = laotie_facts::body_hash(seed);
    u64::from_be_bytes(hash[..8].try_into().expect("32 bytes"))
}

const CASES: i64 = 400;
/// Votes that each juror has behind.
const PAST: i64 = 30;

/// How often colluders turn a verdict, in per mille of all cases.
struct Flips {
    /// Every vote weighs alike.
    equal: i64,
    /// Colluders have colluded before, in one case of three.
    weighted: i64,
    /// Colluders were honest until now, so that their record says nothing.
    sleepers: i64,
}

/// Honest jurors are right in 75 of 100 votes; colluders vote for the wrong side in the cases they are after.
fn simulate(colluding_per_cent: u64, jurors: &[String], draws: &[Vec<&str>]) -> Flips {
    let rules = rules();
    let colludes = |juror: &str| dice(&format!("colludes {juror}")) % 100 < colluding_per_cent;
    let right = |juror: &str, case: &str, hunted: bool| !(hunted && colludes(juror)) && dice(&format!("vote {juror} {case}")) % 100 < 75;
    let records = |hunts: bool| -> BTreeMap<String, i64> {
        let record = |juror: &str| {
            let seen = (0..PAST).filter(|n| right(juror, &format!("past-{n}"), hunts && n % 3 == 0)).count();
            Juror { right: i64::try_from(seen).expect("few"), voted: PAST }
        };
        jurors.iter().map(|j| (j.clone(), record(j).accuracy_ppm(&rules))).collect()
    };
    let (known, sleeping, none) = (records(true), records(false), BTreeMap::new());
    let mut flips = Flips { equal: 0, weighted: 0, sleepers: 0 };
    for (n, drawn) in draws.iter().enumerate() {
        let case = format!("case-{n}");
        let vote = |juror: &&str| Vote {
            juror: (*juror).to_owned(),
            round: 1,
            seq: 1,
            vote: if right(juror, &case, true) { JuryVote::Breach } else { JuryVote::NoBreach },
        };
        let votes: Vec<Vote> = drawn.iter().map(vote).collect();
        let turned = |accuracy: &BTreeMap<String, i64>| {
            let tally = tally(&votes, 1, accuracy, rules.default_accuracy_ppm, rules.quorum, rules.margin_millis);
            i64::from(tally.verdict == Verdict::NoBreach)
        };
        flips.equal += turned(&none);
        flips.weighted += turned(&known);
        flips.sleepers += turned(&sleeping);
    }
    let per_mille = |n: i64| n * 1_000 / CASES;
    Flips { equal: per_mille(flips.equal), weighted: per_mille(flips.weighted), sleepers: per_mille(flips.sleepers) }
}

#[test]
fn a_few_colluding_voters_turn_no_verdict() {
    let rules = rules();
    let jurors: Vec<String> = (0..1_200).map(|i| format!("b-{i}")).collect();
    let size = usize::try_from(rules.sample_size).expect("small");
    let draw = |n: i64| sample(&format!("case-{n}"), 1, jurors.iter().map(String::as_str), size, rules.eligible_share_ppm);
    let draws: Vec<Vec<&str>> = (0..CASES).map(draw).collect();
    assert!(draws.iter().all(|d| d.len() == size));
    let flips: Vec<(u64, Flips)> = [0, 5, 10, 20, 30, 40].into_iter().map(|share| (share, simulate(share, &jurors, &draws))).collect();
    for (share, flip) in &flips {
        let Flips { equal, weighted, sleepers } = flip;
        println!("{share:>3} % collude; turned per mille: {weighted:>4} weighted, {sleepers:>4} weighted sleepers, {equal:>4} equal votes");
    }
    let at = |share: u64| &flips.iter().find(|(s, _)| *s == share).expect("simulated").1;
    for pair in flips.windows(2) {
        let (less, more) = (&pair[0].1, &pair[1].1);
        assert!(more.weighted + 10 >= less.weighted && more.sleepers + 10 >= less.sleepers, "more colluders do not turn fewer verdicts");
        assert!(more.weighted <= more.equal, "weights by record are never worse than equal votes");
    }
    assert!(at(5).sleepers <= 5 && at(5).weighted <= 5, "5 % of colluders turn 1 verdict of 200 at most, whatever their record");
    assert!(at(20).weighted <= 20, "20 % of colluders who have colluded before turn 1 verdict of 50 at most");
    assert!(at(20).sleepers <= 60, "20 % of colluders without a record of it turn 3 verdicts of 50 at most");
}
