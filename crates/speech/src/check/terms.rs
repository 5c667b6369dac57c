//! Warranty, returns, and the leave of a brand.

use super::Ruling;
use crate::code::Code;
use crate::finding::Verdict;
use crate::heard::Heard;
use crate::item::{ItemFacts, ReturnPolicy};
use crate::quantity::Unit;
use crate::scope;

pub(super) fn check(heard: &Heard<'_>, item: &ItemFacts, out: &mut Vec<Ruling>) {
    warranty(heard, item, out);
    returns(heard, item, out);
    brand(heard, item, out);
    endorsement(heard, item, out);
}

fn warranty(heard: &Heard<'_>, item: &ItemFacts, out: &mut Vec<Ruling>) {
    let lifelong = heard.first("lifelong_warranty").map(|hit| (hit.start, hit.end, 1_200_000));
    let timed = heard.quantities.iter().find_map(|q| {
        let months = q.months_milli()?;
        let kept = q.start > 0 && heard.text.chars()[q.start - 1] == '保' && q.unit != Unit::Day;
        let cue = heard.before("warranty", q.start, 4).or_else(|| heard.after("warranty", q.end, 12));
        match cue {
            Some(cue) => Some((cue.start.min(q.start), cue.end.max(q.end), months)),
            None => kept.then_some((q.start.saturating_sub(1), q.end, months)),
        }
    });
    let Some((start, end, months)) = lifelong.or(timed) else { return };
    if scope::is_denied(heard, start, end) {
        return;
    }
    let ruling = |verdict| Ruling::new(Code::AfterSale, (start, end), verdict, "terms.warranty");
    match item.warranty_months {
        None => out.push(ruling(Verdict::NoRecord)),
        Some(term) => {
            let verdict = if months > term.0 { Verdict::Contradicted } else { Verdict::Confirmed };
            out.push(ruling(verdict).by("warranty_months", term));
        }
    }
}

fn returns(heard: &Heard<'_>, item: &ItemFacts, out: &mut Vec<Ruling>) {
    let Some(policy) = item.return_policy else { return };
    if let Some(hit) = heard.first("free_return")
        && !scope::is_denied(heard, hit.start, hit.end)
        && heard.after("not_valid", hit.end, 6).is_none()
    {
        let verdict = if policy == ReturnPolicy::SevenDays { Verdict::Confirmed } else { Verdict::Contradicted };
        out.push(Ruling::new(Code::AfterSale, (hit.start, hit.end), verdict, "terms.returns").by("return_policy", format!("{policy:?}")));
        return;
    }
    if let Some(hit) = heard.first("no_return") {
        let verdict = match policy {
            ReturnPolicy::SevenDays => Verdict::Contradicted,
            ReturnPolicy::CustomMade => Verdict::Confirmed,
            ReturnPolicy::QualityOnly | ReturnPolicy::None => Verdict::Unsure,
        };
        out.push(Ruling::new(Code::AfterSale, (hit.start, hit.end), verdict, "terms.no_return").by("return_policy", format!("{policy:?}")));
    }
}

fn brand(heard: &Heard<'_>, item: &ItemFacts, out: &mut Vec<Ruling>) {
    let Some(hit) = heard.first("authorised") else { return };
    if scope::is_denied(heard, hit.start, hit.end) || scope::is_refused(heard) {
        return;
    }
    let ruling = |verdict| Ruling::new(Code::Fake, (hit.start, hit.end), verdict, "terms.brand");
    out.push(match item.brand_authorised {
        None => ruling(Verdict::NoRecord),
        Some(leave) => ruling(if leave { Verdict::Confirmed } else { Verdict::Contradicted }).by("brand_authorised", leave),
    });
}

/// A named role or body that is said to speak for the goods: a contract bears it out.
fn endorsement(heard: &Heard<'_>, item: &ItemFacts, out: &mut Vec<Ruling>) {
    let Some(hit) = heard.first("endorsed") else { return };
    if scope::is_denied(heard, hit.start, hit.end) || scope::is_refused(heard) {
        return;
    }
    let ruling = |verdict| Ruling::new(Code::Authority, (hit.start, hit.end), verdict, "terms.endorsement");
    out.push(match &item.endorsements {
        None => ruling(Verdict::NoRecord),
        Some(list) => ruling(if list.is_empty() { Verdict::Contradicted } else { Verdict::Confirmed }).by("endorsements", list.join("、")),
    });
}
