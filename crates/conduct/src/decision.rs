//! A penalty out of a violation's facts and the party's past: a pure function of the schedule.

use laotie_facts::body::{ActionKind, Ladder, PenaltyAction, Reason};
use laotie_facts::{Amount, Calendar, Clock, ClockUnit, Few, Money, Name, Quantity, Text, Timestamp};

use crate::breach::{Breach, Severity};
use crate::choice::{Chosen, Position, join, measure, position};
use crate::past::Past;
use crate::schedule::{ActionRule, CodeRule, LadderRule, Schedule};

/// Reason of a penalty whose points close the role for good.
pub(crate) const LADDER_CLOSED: &str = "ladder_closed";

/// What follows from a violation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an outcome of its own, named where it is made and read")]
pub struct Decision {
    /// What is done.
    pub actions: Vec<Chosen>,
    /// Whether the public sees no name.
    pub anonymous: bool,
    /// Whether its points close the role for good.
    pub closed: bool,
    /// On which ladder its points count.
    pub ladder: Option<Ladder>,
    /// The mark that the points reached.
    pub node: Option<i64>,
    /// Points that it brings, in the schedule's unit.
    pub points: i64,
    /// The point chosen.
    pub position: Position,
    /// Whether it is made public.
    pub public: bool,
    /// Why, the violation first.
    pub reasons: Vec<Reason>,
    /// Whether damages were cut, it being the year's first light breach.
    pub relieved: bool,
}

/// Decides on a violation; `None` when the schedule does not know it.
///
/// Neither the party, nor who reviewed, nor any date is looked at: the same facts bring the same penalty.
pub fn decide_on(schedule: &Schedule, breach: &Breach, past: &Past) -> Option<Decision> {
    let rule = schedule.code(&breach.code)?;
    let place = position(rule, &schedule.choice, breach, past);
    let (list, ladder) = band(rule, &place);
    let mut actions: Vec<Chosen> = list.iter().map(|a| measure(a, place.step, place.steps)).collect();
    let relieved = relieve(&mut actions, schedule, rule, &place, past);
    let points = actions.iter().filter_map(|a| a.points).sum();
    let mut reasons = vec![first_reason(rule, &place)];
    reasons.extend(place.moved.iter().map(|(code, steps)| moved_reason(code, *steps, breach, past, schedule)));
    if relieved {
        reasons.push(reason("first_light_breach_of_year", None, "damages are cut for the year's first light breach".into(), &[]));
    }
    let reached = ladder.filter(|_| points > 0).and_then(|l| schedule.ladder(l)).map(|l| (l, reach(l, past, points, schedule)));
    let (mut node, mut closed) = (None, false);
    if let Some((on, (mark, list, counted))) = reached.and_then(|(l, r)| Some((l, r?))) {
        closed = mark == on.closes_at;
        node = Some(mark);
        join(&mut actions, list.iter().map(|a| measure(a, 0, 1)));
        let code = if closed { LADDER_CLOSED } else { "mark_reached" };
        reasons.push(reason(code, None, format!("{counted} points count, the mark is {mark}"), &[]));
    }
    let severity = place.severity.unwrap_or(Severity::Serious);
    Some(Decision {
        actions,
        anonymous: !closed && severity < schedule.publication.named_from,
        closed,
        ladder: ladder.filter(|_| points > 0),
        node,
        points,
        public: closed || severity >= schedule.publication.public_from,
        position: place,
        reasons,
        relieved,
    })
}

fn band<'a>(rule: &'a CodeRule, place: &Position) -> (&'a [ActionRule], Option<Ladder>) {
    let by_severity = rule.band(place.severity).map(|b| (b.actions.as_slice(), b.ladder));
    let by_count = || rule.occasion(place.nth).map(|o| (o.actions.as_slice(), o.ladder));
    by_severity.or_else(by_count).expect("a code that was checked has bands or occasions")
}

/// Cuts damages for the year's first light breach of content rules.
fn relieve(actions: &mut [Chosen], schedule: &Schedule, rule: &CodeRule, place: &Position, past: &Past) -> bool {
    let Some(relief) = schedule.relief.as_ref().filter(|_| rule.content && place.severity == Some(Severity::Light)) else { return false };
    let mut cut = false;
    for amount in actions.iter_mut().filter_map(|a| a.amount_minor.as_mut()).filter(|_| !past.seen_this_year) {
        cut |= *amount > relief.damages_minor;
        *amount = relief.damages_minor.min(*amount);
    }
    cut
}

/// The highest mark that the points newly reach, what it does and how many points count.
fn reach<'a>(ladder: &'a LadderRule, past: &Past, points: i64, schedule: &Schedule) -> Option<(i64, &'a [ActionRule], i64)> {
    let (before, after) = (past.counted(ladder.ladder, 0, schedule), past.counted(ladder.ladder, points, schedule));
    let newly = |mark: i64| before < mark && mark <= after;
    // A role that is closed stays closed: what comes after says so again.
    if after >= ladder.closes_at {
        return Some((ladder.closes_at, &ladder.closing, after));
    }
    ladder.node.iter().rev().find(|n| newly(n.at)).map(|n| (n.at, n.actions.as_slice(), after))
}

pub(crate) fn reason(code: &str, clause: Option<&str>, text: String, facts: &[i64]) -> Reason {
    let facts = facts.iter().rev().take(100).rev().filter_map(|f| Quantity::new(*f).ok()).collect();
    Reason {
        clause: clause.and_then(|c| Text::new(c).ok()),
        code: Name::new(code).unwrap_or_else(|_| Name::new("violation").expect("a name")),
        facts: Few::new(facts).unwrap_or_default(),
        text: Text::new(text).ok(),
    }
}

fn first_reason(rule: &CodeRule, place: &Position) -> Reason {
    let text = match place.severity {
        Some(severity) => format!("{}, step {} of {} of its range", severity.as_str(), place.step, place.steps),
        None => format!("time {} within the days that count", place.nth),
    };
    reason(rule.code.as_str(), Some(&rule.clause), text, &[])
}

fn moved_reason(code: &str, steps: i64, breach: &Breach, past: &Past, schedule: &Schedule) -> Reason {
    let text = match code {
        "corrected_lowers_severity" => "taken back in time, so it counts as one severity lighter".to_owned(),
        "earlier_violations" => format!("{} earlier of this code: {steps:+} steps", past.earlier.len()),
        "damage_caused" => format!("damage of {}: {steps:+} steps", Money::new(breach.damage_minor, schedule.currency)),
        _ => format!("{steps:+} steps"),
    };
    let facts: &[i64] = if code == "earlier_violations" { &past.earlier } else { &[] };
    reason(code, None, text, facts)
}

/// The actions as a fact states them, counted from `at`: days end at 24:00 market time.
pub(crate) fn dated(actions: &[Chosen], at: Timestamp, calendar: &Calendar) -> Vec<PenaltyAction> {
    let until = |days: i64| {
        let length = u16::try_from(days).expect("checked to be ten years at most");
        Clock { length, unit: ClockUnit::NaturalDay }.end(at, calendar)
    };
    actions
        .iter()
        .map(|a| PenaltyAction {
            action: a.action,
            amount_minor: a.amount_minor.and_then(|m| Amount::new(m).ok()),
            items: Few::default(),
            points: a.points.and_then(|p| Quantity::new(p).ok()),
            until: a.days.filter(|_| !a.permanent).map(until),
        })
        .collect()
}

/// Whether an action keeps a party from something for as long as it lasts.
pub(crate) fn restricts(action: ActionKind) -> bool {
    use ActionKind::{Ban, CloseShop, LimitReach, NoFlashBuy, NoListings, Remove, SuspendCart};
    matches!(action, NoListings | NoFlashBuy | SuspendCart | LimitReach | Ban | CloseShop | Remove)
}
