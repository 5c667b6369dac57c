//! Units sold, viewers, fans, and the rates of return and praise.

use std::collections::BTreeSet;

use super::{Ruling, reached};
use crate::code::Code;
use crate::finding::Verdict;
use crate::heard::Heard;
use crate::item::{ItemFacts, Milli};
use crate::lexicon::Hit;
use crate::quantity::{Quantity, Unit};
use crate::scope;
use crate::tolerance::Tolerance;

pub(super) fn check(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let mut used = BTreeSet::new();
    let mut say = Told { tolerance, out };
    audience(heard, item, &mut say, &mut used);
    rates(heard, item, &mut say, &mut used);
    sold(heard, item, &mut say, &used);
    if let Some(hit) = heard.first("no_bad_review") {
        let verdict = match item.bad_reviews {
            None => Verdict::NoRecord,
            Some(Milli(0)) => Verdict::Confirmed,
            Some(_) => Verdict::Contradicted,
        };
        let ruling = Ruling::new(Code::Sales, (hit.start, hit.end), verdict, "sales.no_bad_review");
        out.push(item.bad_reviews.map_or(ruling.clone(), |n| ruling.by("bad_reviews", n)));
    }
}

/// Counts that were told, held to what the book allows.
struct Told<'a> {
    tolerance: &'a Tolerance,
    out: &'a mut Vec<Ruling>,
}

impl Told<'_> {
    fn push(&mut self, span: (usize, usize), said: i64, key: &str, record: Option<Milli>, rule: &'static str) {
        let ruling = Ruling::new(Code::Sales, span, reached(said, record, self.tolerance), rule);
        self.out.push(match record {
            Some(record) => ruling.by(key, record),
            None => ruling,
        });
    }
}

fn audience(heard: &Heard<'_>, item: &ItemFacts, say: &mut Told<'_>, used: &mut BTreeSet<usize>) {
    for q in heard.quantities.iter().filter(|q| q.milli >= 50_000 && matches!(q.unit, Unit::Person | Unit::None | Unit::Piece)) {
        if let Some(cue) = heard.near("fans", q.start, q.end, 6).filter(|_| item.shop_fans.is_some() || !heard.has("watching")) {
            used.insert(q.start);
            say.push((cue.start.min(q.start), cue.end.max(q.end)), q.milli, "shop_fans", item.shop_fans, "sales.fans");
        } else if let Some(cue) =
            heard.near("watching", q.start, q.end, 12).filter(|_| q.unit != Unit::Piece || sold_cue(heard, q).is_none())
        {
            used.insert(q.start);
            say.push((cue.start.min(q.start), cue.end.max(q.end)), q.milli, "online_viewers", item.online_viewers, "sales.viewers");
        }
    }
}

/// The share that was said near a word: percent, or so many out of ten or a hundred.
fn share(heard: &Heard<'_>, start: usize, end: usize) -> Option<(Quantity, i64)> {
    let near = |q: &&Quantity| q.end + 12 >= start && q.start <= end + 12;
    if let Some(q) = heard.quantities.iter().filter(near).find(|q| q.unit == Unit::Percent) {
        return Some((*q, q.milli));
    }
    let mut counts = heard.quantities.iter().filter(near).filter(|q| matches!(q.unit, Unit::Piece | Unit::Person | Unit::None));
    let whole = counts.next()?;
    let part = counts.next()?;
    (matches!(whole.milli, 10_000 | 100_000) && part.milli <= whole.milli)
        .then(|| (*part, part.milli.saturating_mul(100_000) / whole.milli))
}

fn rates(heard: &Heard<'_>, item: &ItemFacts, say: &mut Told<'_>, used: &mut BTreeSet<usize>) {
    for (concept, key, record, rule) in [
        ("repurchase", "repurchase_rate", item.repurchase_rate, "sales.repurchase"),
        ("good_rate", "good_rate", item.good_rate, "sales.good_rate"),
    ] {
        let Some(cue) = heard.first(concept) else { continue };
        if let Some((q, said)) = share(heard, cue.start, cue.end) {
            used.insert(q.start);
            say.push((cue.start.min(q.start), cue.end.max(q.end)), said, key, record, rule);
        }
    }
}

/// What is counted of a day, times the days that are told: 一天两千单，连卖三十天.
fn over_days(heard: &Heard<'_>, q: &Quantity) -> Option<i64> {
    heard.before("per_day", q.start, 6)?;
    let days = heard.quantities_from(q.end, q.end + 14).iter().find_map(|time| match time.unit {
        Unit::Day => Some(time.milli),
        Unit::Month => Some(time.milli.saturating_mul(30)),
        Unit::Year => Some(time.milli.saturating_mul(365)),
        _ => None,
    })?;
    Some(q.milli.saturating_mul(days / 1000))
}

/// The word that tells that the quantity was sold. A bare number needs more than a verb of one character,
/// for what goods sell at is a number as well.
fn sold_cue(heard: &Heard<'_>, q: &Quantity) -> Option<Hit> {
    let bare = q.unit == Unit::None;
    let told = |hit: &Hit| !(bare && hit.end - hit.start < 2 && q.milli < 1_000_000);
    heard.before("sold", q.start, 8).filter(told).or_else(|| heard.after("sold_behind", q.end, 6))
}

fn sold(heard: &Heard<'_>, item: &ItemFacts, say: &mut Told<'_>, used: &BTreeSet<usize>) {
    for q in &heard.quantities {
        let counted = matches!(q.unit, Unit::Piece | Unit::None | Unit::Jin | Unit::Person) && q.milli >= 30_000 && !q.digits;
        if !counted || used.contains(&q.start) {
            continue;
        }
        let window = heard
            .near("window_3d", q.start, q.end, 8)
            .map(|h| (h, "units_sold_3d", item.units_sold_3d))
            .or_else(|| heard.near("window_session", q.start, q.end, 14).map(|h| (h, "last_session_sold", item.last_session_sold)))
            .or_else(|| heard.near("window_30d", q.start, q.end, 10).map(|h| (h, "units_sold_30d", item.units_sold_30d)));
        let cue =
            sold_cue(heard, q).or_else(|| window.filter(|w| w.2.is_some() && matches!(q.unit, Unit::Piece | Unit::Person)).map(|w| w.0));
        let Some(cue) = cue else { continue };
        if scope::is_denied(heard, cue.start.min(q.start), q.start) || heard.before("left", q.start, 3).is_some() {
            continue;
        }
        let (key, record) = match window {
            Some((_, key, record)) if record.is_some() => (key, record),
            // All that was ever sold bounds what was sold in any window.
            _ => ("units_sold", item.units_sold),
        };
        let pieces = over_days(heard, q).unwrap_or(q.milli);
        let said = match (q.unit, item.unit_weight_jin) {
            (Unit::Jin, Some(weight)) if weight.0 > 0 => pieces.saturating_mul(1000) / weight.0,
            (Unit::Jin, _) => continue,
            _ => pieces,
        };
        say.push((cue.start.min(q.start), q.end.max(cue.end)), said, key, record, "sales.units");
        return;
    }
}
