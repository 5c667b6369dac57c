//! Where goods are said to come from.

use std::collections::BTreeSet;

use super::Ruling;
use crate::code::Code;
use crate::finding::Verdict;
use crate::heard::Heard;
use crate::item::ItemFacts;
use crate::scope;

pub(super) fn check(heard: &Heard<'_>, item: &ItemFacts, out: &mut Vec<Ruling>) {
    let Some(kinds) = heard.book.kinds.get("place") else { return };
    let chars = heard.text.chars();
    let said = heard.kinds("place");
    let denied: BTreeSet<usize> = said.iter().filter(|(_, hit)| scope::is_denied(heard, hit.start, hit.end)).map(|(at, _)| *at).collect();
    for &(at, hit) in &said {
        let kind = &kinds.list[at];
        let of_goods = chars.get(hit.end) == Some(&'的')
            || heard.near("origin_cue", hit.start, hit.end, 8).is_some()
            || heard.after("origin_goods", hit.end, 2).is_some()
            || heard.before("origin_before", hit.start, 1).is_some()
            || kind.name == "进口";
        if !of_goods
            || denied.contains(&at)
            || heard.after("dispatch", hit.end, 5).is_some()
            || heard.before("dispatch_before", hit.start, 4).is_some()
        {
            continue;
        }
        let ruling = |verdict| Ruling::new(Code::Origin, (hit.start, hit.end), verdict, "origin.place");
        let Some(origin) = &item.origin else {
            out.push(ruling(Verdict::NoRecord));
            continue;
        };
        let mut outer = kind.within;
        let mut wider = false;
        while let Some(place) = outer {
            wider |= kinds.list[place].name == *origin || origin.trim_end_matches(['省', '市']) == kinds.list[place].name;
            outer = kinds.list[place].within;
        }
        let verdict = if kind.fits(origin) {
            Verdict::Confirmed
        } else if wider {
            Verdict::Unsure
        } else {
            Verdict::Contradicted
        };
        out.push(ruling(verdict).by("origin", origin));
    }
}
