//! Functions of health food and cosmetics that need an approval or a registration.

use super::{Ruling, reached};
use crate::code::Code;
use crate::finding::Verdict;
use crate::goods::Goods;
use crate::heard::Heard;
use crate::item::ItemFacts;
use crate::scope;
use crate::tolerance::Tolerance;

pub(super) fn check(heard: &Heard<'_>, item: &ItemFacts, goods: Goods, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    match goods {
        Goods::Food | Goods::Unknown => functions(heard, item, "function", Code::Health, out),
        Goods::Cosmetic => {
            functions(heard, item, "effect", Code::Cosmetic, out);
            sun_protection(heard, item, tolerance, out);
        }
        Goods::Other => {}
    }
}

fn functions(heard: &Heard<'_>, item: &ItemFacts, class: &str, code: Code, out: &mut Vec<Ruling>) {
    let Some(kinds) = heard.book.kinds.get(class) else { return };
    let said = heard.kinds(class);
    for &(at, hit) in &said {
        let kind = &kinds.list[at];
        if scope::is_denied(heard, hit.start, hit.end) || scope::is_refused(heard) {
            continue;
        }
        let ruling = |verdict| Ruling::new(code, (hit.start, hit.end), verdict, "efficacy.registered");
        match (&item.registered_efficacy, item.approval.as_deref()) {
            (Some(registered), approval) if !(code == Code::Health && approval == Some("ordinary_food")) => {
                let fits = registered.iter().any(|text| kind.fits(&text.to_lowercase()));
                let verdict = if fits { Verdict::Confirmed } else { Verdict::Contradicted };
                out.push(ruling(verdict).by("registered_efficacy", registered.join("、")));
            }
            (_, Some(approval @ ("ordinary_food" | "cosmetic_ordinary"))) => {
                out.push(ruling(Verdict::Contradicted).by("approval", approval));
            }
            // Food that claims a function must be approved for it; without a record the words count.
            (None, None) if code == Code::Health && !heard.has("approved_word") => out.push(ruling(Verdict::Asserted)),
            // Who hides a word knows that it may not be said.
            (None, None) if heard.is_disguised(hit) => out.push(ruling(Verdict::Asserted)),
            _ => out.push(ruling(Verdict::NoRecord)),
        }
    }
}

fn sun_protection(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let Some(spf) = item.spf else { return };
    let Some(cue) = heard.first("sun_factor") else { return };
    if let Some(q) = heard.quantities.iter().find(|q| q.start >= cue.end && q.start <= cue.end + 4) {
        out.push(
            Ruling::new(Code::Cosmetic, (cue.start, q.end), reached(q.milli, Some(spf), tolerance), "efficacy.sun_factor").by("spf", spf),
        );
    }
}
