//! Reference prices, discounts, savings and the lowest price of a month.

use super::Ruling;
use crate::code::Code;
use crate::finding::Verdict;
use crate::heard::Heard;
use crate::item::{ItemFacts, Milli};
use crate::quantity::{Quantity, Unit};
use crate::tolerance::{Tolerance, percent};

fn is_price(q: &Quantity) -> bool {
    matches!(q.unit, Unit::Yuan | Unit::None) && q.milli >= 1000 && (q.unit == Unit::Yuan || q.end - q.start > 1)
}

/// The record that the named day, or no day, points to.
fn base<'f>(heard: &Heard<'_>, item: &'f ItemFacts) -> (&'static str, Option<&'f Milli>) {
    let max = ("price_history_max_30d", item.price_history_max_30d.as_ref());
    if heard.has("yesterday") && item.price_yesterday.is_some() {
        ("price_yesterday", item.price_yesterday.as_ref())
    } else if heard.has("month_start") && item.price_month_start.is_some() {
        ("price_month_start", item.price_month_start.as_ref())
    } else {
        max
    }
}

pub(super) fn check(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    reference(heard, item, tolerance, out);
    discount(heard, item, tolerance, out);
    saving(heard, item, tolerance, out);
    lowest(heard, item, tolerance, out);
    each(heard, item, tolerance, out);
}

/// What one piece of a pack is said to come to.
fn each(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let (Some(pack), Some(live)) = (item.pack_count, item.live_price) else { return };
    let comes_to = |q: &&Quantity| is_price(q) && heard.before("comes_to", q.start, 8).is_some() && is_per_piece(heard, q);
    let Some(q) = heard.quantities.iter().find(comes_to).filter(|_| pack.0 > 1000) else { return };
    let one = live.0.saturating_mul(1000) / pack.0;
    let verdict = if q.milli < percent(one, tolerance.discount_percent) { Verdict::Contradicted } else { Verdict::Confirmed };
    out.push(Ruling::new(Code::Price, (q.start, q.end), verdict, "price.each").by("live_price", live));
}

fn reference(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let (key, record) = base(heard, item);
    let found = reference_quantity(heard);
    let Some((start, q)) = found else { return };
    let verdict = match record {
        None => Verdict::NoRecord,
        Some(record) => {
            let pack = item.pack_count.map_or(1, |n| (n.0 / 1000).max(1));
            let times = if pack > 1 && is_per_piece(heard, q) { pack } else { 1 };
            if q.milli.saturating_mul(times) > percent(record.0, tolerance.reference_price_percent) {
                Verdict::Contradicted
            } else {
                Verdict::Confirmed
            }
        }
    };
    let ruling = Ruling::new(Code::Price, (start, q.end), verdict, "price.reference");
    out.push(match record {
        Some(record) => ruling.by(key, record),
        None => ruling,
    });
}

/// A price that the sentence sets today's against: behind a word for an earlier or outside price, before
/// one, the start of a fall from one price to another, or the larger of two where the smaller one is given now.
fn reference_quantity<'h>(heard: &'h Heard<'_>) -> Option<(usize, &'h Quantity)> {
    for cue in heard.all("reference_price") {
        let mut behind = heard.quantities_from(cue.end, cue.end + 16).iter();
        let now = |q: &Quantity| heard.after("this_price", cue.end, q.start.saturating_sub(cue.end)).is_some();
        if let Some(q) = behind.find(|q| is_price(q) && !now(q)) {
            return Some((cue.start, q));
        }
    }
    let mut prices = heard.quantities.iter().filter(|q| is_price(q));
    if let Some(q) = prices.clone().find(|q| heard.after("price_behind", q.end, 1).is_some()) {
        return Some((q.start, q));
    }
    let (before, now) = (prices.next()?, prices.next()?);
    let falls =
        heard.before("from_price", before.start, 3).is_some() && heard.after("falls_to", before.end, now.start - before.end).is_some();
    if falls && now.milli < before.milli {
        return Some((before.start, before));
    }
    let chars = heard.text.chars();
    let named = before.start > 0 && chars[before.start - 1] == '¥' || heard.after("worth_behind", before.end, 0).is_some();
    (named && now.milli.saturating_mul(6) < before.milli.saturating_mul(5) && heard.has("give_price")).then_some((before.start, before))
}

/// The price that the sentence gives for today.
fn price_now(heard: &Heard<'_>) -> Option<Milli> {
    let given = |q: &&Quantity| is_price(q) && heard.before("this_price", q.start, 6).is_some();
    heard.quantities.iter().find(given).map(|q| Milli(q.milli))
}

/// What was and what is paid: by the record, else as the sentence itself says, for its own numbers must agree.
fn paid(heard: &Heard<'_>, item: &ItemFacts) -> Option<(&'static str, Milli, Milli)> {
    let (key, record) = base(heard, item);
    let now = item.live_price.or_else(|| price_now(heard))?;
    match record {
        Some(record) => Some((key, *record, now)),
        None => reference_quantity(heard).filter(|(_, q)| q.milli > now.0).map(|(_, q)| ("said", Milli(q.milli), now)),
    }
}

fn is_per_piece(heard: &Heard<'_>, q: &Quantity) -> bool {
    let one_piece = |other: &&Quantity| other.unit == Unit::Piece && other.milli == 1000;
    heard
        .quantities
        .iter()
        .filter(one_piece)
        .any(|one| one.end <= q.start && one.end + 2 >= q.start || one.start >= q.end && one.start <= q.end + 1)
        || heard.before("per_piece", q.start, 3).is_some()
}

fn discount(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let Some(q) = heard.quantities.iter().find(|q| q.unit == Unit::Fold) else { return };
    if heard.after("hardly", q.end, 1).is_some() || heard.before("second_piece", q.start, 4).is_some() || heard.has("second_piece") {
        return;
    }
    let ruling = |verdict| Ruling::new(Code::Price, (q.start, q.end), verdict, "price.discount");
    let Some((key, record, live)) = paid(heard, item) else {
        out.push(ruling(Verdict::NoRecord));
        return;
    };
    let paid = live.0.saturating_mul(100_000) / record.0.max(1);
    let verdict = if q.milli < percent(paid, tolerance.discount_percent) { Verdict::Contradicted } else { Verdict::Confirmed };
    out.push(ruling(verdict).by(key, record));
}

fn saving(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    if heard.has("coupon") {
        return;
    }
    for cue in heard.all("saving") {
        let behind = |q: &&Quantity| q.start >= cue.end && q.start <= cue.end + 3 && is_price(q);
        let Some(q) = heard.quantities.iter().find(behind) else { continue };
        let ruling = |verdict| Ruling::new(Code::Price, (cue.start, q.end), verdict, "price.saving");
        let Some((key, record, live)) = paid(heard, item) else {
            out.push(ruling(Verdict::NoRecord));
            return;
        };
        let saved = record.0.saturating_sub(live.0).max(0);
        let verdict = if q.milli > percent(saved, tolerance.saving_percent) { Verdict::Contradicted } else { Verdict::Confirmed };
        out.push(ruling(verdict).by(key, record));
        return;
    }
}

fn lowest(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let Some(hit) = heard.first("lowest_of_month") else { return };
    let ruling = |verdict| Ruling::new(Code::Price, (hit.start, hit.end), verdict, "price.lowest");
    match (item.price_history_min_30d, item.live_price) {
        (Some(min), Some(live)) if live.0 > percent(min.0, tolerance.lowest_price_percent) => {
            out.push(ruling(Verdict::Contradicted).by("price_history_min_30d", min));
        }
        (Some(min), Some(_)) => out.push(ruling(Verdict::Confirmed).by("price_history_min_30d", min)),
        _ => out.push(ruling(Verdict::NoRecord)),
    }
}
