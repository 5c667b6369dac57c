//! Stock, countdowns and goods that will not come again.

use super::Ruling;
use crate::code::Code;
use crate::finding::Verdict;
use crate::heard::Heard;
use crate::item::{ItemFacts, Milli};
use crate::quantity::{Quantity, Unit};
use crate::scope;
use crate::tolerance::{Tolerance, percent};

pub(super) fn check(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    left(heard, item, tolerance, out);
    countdown(heard, item, tolerance, out);
    no_more(heard, item, out);
}

/// The most that may be left for a spoken count to be true.
fn ceiling(q: &Quantity, tolerance: &Tolerance) -> i64 {
    let (share, extra) = if q.rough {
        (tolerance.rough_stock_percent, tolerance.rough_stock_extra_milli)
    } else {
        (tolerance.stock_percent, tolerance.stock_extra_milli)
    };
    percent(q.milli, share).saturating_add(extra)
}

/// Whether the number is a price, a moment or a batch: 最后三二一, 只剩今天九十九, 最后一车.
fn is_other(heard: &Heard<'_>, q: &Quantity) -> bool {
    // 一 before a character, without a unit, is most often part of a word: 一直, 一定, 一起.
    let word = q.milli == 1000 && q.unit == Unit::None && heard.text.chars().get(q.end).is_some_and(|c| c.is_alphabetic());
    let batch = q.milli == 1000 && heard.after("batch", q.end.saturating_sub(1), 1).is_some();
    word || batch
        || heard.after("counting_down", q.end, 1).is_some()
        || heard.before("this_price", q.start, 1).is_some() && q.unit == Unit::None
}

/// Whether more than one stop lies between.
fn far_stop(heard: &Heard<'_>, from: usize, to: usize) -> bool {
    let chars = heard.text.chars();
    chars[from.min(to)..to].iter().filter(|c| matches!(c, '，' | ',' | '。' | '！' | '!' | '？' | '?' | '；')).count() > 1
}

fn left(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let (key, record) = match item.stock_xl {
        Some(xl) if heard.has("big_size") => ("stock_xl", Some(xl)),
        _ => ("stock", item.stock),
    };
    for cue in heard.all("left") {
        let counted = |q: &&Quantity| matches!(q.unit, Unit::Piece | Unit::Person | Unit::None) && !is_other(heard, q);
        let behind = heard.quantities_from(cue.start, cue.end + 9).iter().find(counted);
        let Some(q) = behind.filter(|q| !far_stop(heard, cue.end, q.start)) else { continue };
        if scope::is_denied(heard, cue.start, cue.end) || heard.before("later", cue.start, 4).is_some() {
            continue;
        }
        let ruling = |verdict| Ruling::new(Code::Scarcity, (cue.start.min(q.start), q.end), verdict, "stock.left");
        match record {
            None => out.push(ruling(Verdict::NoRecord)),
            Some(stock) => {
                let verdict = if stock.0 > ceiling(q, tolerance) { Verdict::Contradicted } else { Verdict::Confirmed };
                out.push(ruling(verdict).by(key, stock));
            }
        }
        return;
    }
    if let (Some(hit), Some(stock)) = (heard.first("nearly_gone"), record)
        && !scope::is_denied(heard, hit.start, hit.end)
    {
        let verdict = if stock > Milli::whole(tolerance.plenty) { Verdict::Contradicted } else { Verdict::Unsure };
        out.push(Ruling::new(Code::Scarcity, (hit.start, hit.end), verdict, "stock.nearly_gone").by(key, stock));
    }
}

fn countdown(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let (key, record) = match item.coupon_minutes_left {
        Some(left) if heard.has("coupon") || item.promo_minutes_left.is_none() => ("coupon_minutes_left", Some(left)),
        _ => ("promo_minutes_left", item.promo_minutes_left),
    };
    let timed =
        heard.quantities.iter().filter_map(|q| q.minutes_milli().filter(|_| q.unit != Unit::Day).map(|minutes| (q.start, q.end, minutes)));
    let tonight = heard.all("tonight").map(|hit| (hit.start, hit.end, 1_440_000));
    for (start, end, minutes) in timed.chain(tonight) {
        let Some(ends) = heard.after("offer_ends", end, 14).or_else(|| heard.before("offer_ends_before", start, 4)) else { continue };
        if scope::is_denied(heard, start, end) {
            continue;
        }
        let span = (start.min(ends.start), end.max(ends.end));
        let ruling = |verdict| Ruling::new(Code::Scarcity, span, verdict, "stock.countdown");
        match record {
            None => out.push(ruling(Verdict::NoRecord)),
            Some(left) => {
                let latest = percent(minutes, tolerance.countdown_percent).saturating_add(tolerance.countdown_extra_milli);
                let verdict = if left.0 > latest { Verdict::Contradicted } else { Verdict::Confirmed };
                out.push(ruling(verdict).by(key, left));
            }
        }
        return;
    }
}

fn no_more(heard: &Heard<'_>, item: &ItemFacts, out: &mut Vec<Ruling>) {
    let Some(hit) = heard.first("no_more") else { return };
    let ruling = |verdict| Ruling::new(Code::Scarcity, (hit.start, hit.end), verdict, "stock.no_more");
    match item.restock_planned {
        None => out.push(ruling(Verdict::NoRecord)),
        Some(planned) => {
            let verdict = if planned { Verdict::Contradicted } else { Verdict::Confirmed };
            out.push(ruling(verdict).by("restock_planned", planned));
        }
    }
}
