//! Points as a ledger: properties of what any date shows.

use laotie_conduct::AsOf;
use laotie_facts::body::{Ladder, PartyKind, PenaltyAction};
use laotie_facts::{Body, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use crate::driver::Market;

const DAY: i64 = 86_400_000_000;
const CODES: [&str; 4] = ["false_claim", "out_of_scope_listing", "brushing", "counterfeit"];

/// A step of a party's life.
#[derive(Debug, Clone)]
enum Step {
    Violation { code: usize, severity: i64, corrected: bool },
    Study(i64),
    Undo(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..CODES.len(), 1i64..4, any::<bool>()).prop_map(|(code, severity, corrected)| Step::Violation { code, severity, corrected }),
        1 => (1i64..10).prop_map(Step::Study),
        2 => (0usize..8).prop_map(Step::Undo),
        2 => (1i64..120).prop_map(Step::Wait),
    ]
}

/// What stands of a violation: id, actions, points, ladder, year, whether it closes the role.
type Stands = (String, Vec<PenaltyAction>, i64, Option<Ladder>, i32, bool);

struct Life {
    market: Market,
    now: Timestamp,
    violations: Vec<String>,
    undone: Vec<String>,
}

impl Life {
    fn begin() -> Self {
        let now = Timestamp::parse("2026-06-01T04:00:00Z").expect("a time");
        Self { market: Market::open(), now, violations: Vec::new(), undone: Vec::new() }
    }

    fn of(steps: &[Step]) -> Self {
        let mut life = Self::begin();
        for step in steps {
            life.live(step);
        }
        life
    }

    fn tell(&mut self, kind: &str, body: &serde_json::Value) {
        self.now = self.now.plus_micros(3_600_000_000);
        self.market.tell(&self.now.to_string(), kind, body).expect("taken");
    }

    fn live(&mut self, step: &Step) {
        match step {
            Step::Violation { code, severity, corrected } => {
                let id = format!("v{}", self.violations.len());
                self.violations.push(id.clone());
                let body = json!({"code": CODES[*code], "corrected": corrected, "party": "s", "party_kind": "shop", "severity": severity, "violation": id});
                self.tell("violation.found", &body);
            }
            Step::Study(credits) => self.tell("study.passed", &json!({"credits": credits, "party": "s", "party_kind": "shop"})),
            Step::Wait(days) => {
                self.now = self.now.plus_micros(days * DAY);
                self.market.until(self.now);
            }
            Step::Undo(n) => self.undo(*n),
        }
    }

    fn undo(&mut self, n: usize) {
        let Some(violation) = self.violations.get(n).cloned().filter(|v| !self.undone.contains(v)) else { return };
        let n = self.undone.len();
        let appeal = json!({"against": violation, "against_kind": "violation", "appeal": format!("a{n}"), "appellant": "s"});
        self.now = self.now.plus_micros(1_000_000);
        if self.market.tell(&self.now.to_string(), "appeal.opened", &appeal).is_ok() {
            let look = json!({"appeal": format!("a{n}"), "case": violation, "outcome": "reject", "reviewer": "rev"});
            self.tell("case.reviewed", &look);
            self.undone.push(violation);
        }
    }

    /// What stands, without ids and without the trace: violation, actions, points, ladder, year.
    fn stands(&self) -> Vec<Stands> {
        let party = self.market.party("shop", "s");
        let live = party.entries.iter().filter(|e| e.voided_by.is_none());
        let mut rows: Vec<_> = live.map(|e| (e.violation.clone(), e.actions.clone(), e.points, e.ladder, e.year, e.closed)).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows
    }

    /// The same life without the violations that were undone.
    fn without_undone(&self, steps: &[Step]) -> Self {
        let mut other = Self::begin();
        let (mut n, mut undone) = (0, 0);
        for step in steps {
            match step {
                Step::Violation { .. } if self.undone.contains(&format!("v{n}")) => {
                    n += 1;
                    other.violations.push(format!("v{}", n - 1));
                    other.now = other.now.plus_micros(3_600_000_000);
                }
                Step::Violation { .. } => {
                    n += 1;
                    other.live(step);
                }
                Step::Undo(i) => {
                    // The clock moves as it did.
                    let known = self.violations.get(*i).filter(|_| *i < n);
                    if known.is_some_and(|v| !self.undone[..undone].contains(v)) {
                        let granted = self.undone.get(undone) == known;
                        other.now = other.now.plus_micros(1_000_000 + if granted { 3_600_000_000 } else { 0 });
                        undone += usize::from(granted);
                    }
                }
                _ => other.live(step),
            }
        }
        other
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_stands_after_an_undo_is_what_would_stand_had_it_never_been(steps in proptest::collection::vec(step(), 1..14)) {
        let life = Life::of(&steps);
        let never = life.without_undone(&steps);
        prop_assert_eq!(life.now, never.now);
        prop_assert_eq!(life.stands(), never.stands());
        let at = life.now;
        let (with, without) = (life.market.standing(PartyKind::Shop, "s", at), never.market.standing(PartyKind::Shop, "s", at));
        prop_assert_eq!(with.ladders, without.ladders);
        let forget = |r: Vec<laotie_conduct::Running>| r.into_iter().map(|x| (x.action, x.until)).collect::<Vec<_>>();
        prop_assert_eq!(forget(with.running), forget(without.running));
        let row = |m: &Market| m.view("points", "").first().map(|r| r.body.clone());
        if !never.stands().is_empty() {
            prop_assert_eq!(row(&life.market), row(&never.market));
        }
    }

    #[test]
    fn points_of_any_date_are_what_the_facts_known_then_add_up_to(steps in proptest::collection::vec(step(), 1..14), known in 0usize..60, back in 0i64..400) {
        let life = Life::of(&steps);
        let seq = i64::try_from(known.min(life.market.facts.len())).expect("few");
        let at = life.now.plus_micros(-back * DAY);
        let view = AsOf { at, seq };
        let calendar = life.market.law(PartyKind::Shop, at).1;
        let party = life.market.party("shop", "s");
        for ladder in [Ladder::General, Ladder::Serious] {
            prop_assert_eq!(party.points(ladder, view, &calendar), by_hand(&life.market, ladder, view));
        }
    }

    #[test]
    fn years_that_are_over_are_folded_as_their_entries_add_up(steps in proptest::collection::vec(step(), 1..20)) {
        let mut life = Life::of(&steps);
        life.now = life.now.plus_micros(400 * DAY);
        life.market.until(life.now);
        let party = life.market.party("shop", "s");
        for (year, totals) in &party.years {
            let end = Timestamp::parse(&format!("{year}-12-31T15:59:59Z")).expect("a time");
            let calendar = life.market.law(PartyKind::Shop, end).1;
            prop_assert_eq!(totals.general, party.points(Ladder::General, AsOf::now(end), &calendar));
            prop_assert_eq!(totals.serious, party.points(Ladder::Serious, AsOf::now(end), &calendar));
        }
        prop_assert!(party.entries.iter().all(|e| e.voided_by.is_some() || e.points == 0 || e.closed || party.years.contains_key(&e.year)));
    }
}

/// Points out of the journal alone: imposed and not undone by then, of the same market year, or of a closed one.
fn by_hand(market: &Market, ladder: Ladder, view: AsOf) -> i64 {
    // Beijing has no summer time: its year is that of the time eight hours on.
    let year = |t: Timestamp| t.plus_micros(8 * 3_600_000_000).to_string()[..4].to_owned();
    let known = || market.facts.iter().filter(|f| f.seq <= view.seq);
    let undone: Vec<String> = known()
        .filter_map(|f| match &f.body {
            Body::PenaltyLifted(l) if l.undone => Some(l.penalty.to_string()),
            _ => None,
        })
        .collect();
    let rows: Vec<(String, i64, bool)> = known()
        .filter(|f| f.at <= view.at)
        .filter_map(|f| match &f.body {
            Body::PenaltyImposed(p) if p.ladder == Some(ladder) && !undone.contains(&p.penalty.to_string()) => {
                let points = p.actions.iter().filter_map(|a| a.points).map(laotie_facts::Quantity::get).sum();
                Some((year(f.at), points, p.reasons.iter().any(|r| r.code.as_str() == "ladder_closed")))
            }
            _ => None,
        })
        .collect();
    let this = year(view.at);
    let kept = |y: &String| rows.iter().any(|(of, _, closed)| *closed && of == y && *of < this);
    rows.iter().filter(|(of, ..)| *of == this || kept(of)).map(|(_, points, _)| points).sum()
}
