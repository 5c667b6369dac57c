//! Materials and their shares.

use std::collections::{BTreeMap, BTreeSet};

use super::Ruling;
use crate::book::Kind;
use crate::code::Code;
use crate::finding::Verdict;
use crate::heard::Heard;
use crate::item::{ItemFacts, Milli};
use crate::lexicon::{Hit, Via};
use crate::quantity::Unit;
use crate::scope;
use crate::tolerance::{Tolerance, percent};

/// The longest quantity that could stand before a material.
const QUANTITY: usize = 24;

fn share_of(kind: &Kind, record: &BTreeMap<String, Milli>) -> i64 {
    record.iter().filter(|(key, _)| kind.fits(&key.to_lowercase())).map(|(_, share)| share.0).sum()
}

pub(super) fn check(heard: &Heard<'_>, item: &ItemFacts, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let said = heard.kinds("material");
    let Some(kinds) = heard.book.kinds.get("material") else { return };
    let absent: BTreeSet<usize> = said.iter().filter(|(_, hit)| is_absent(heard, *hit)).map(|(at, _)| *at).collect();
    for &(at, hit) in &said {
        if absent.contains(&at) || heard.before("likeness", hit.start, 4).is_some() {
            continue;
        }
        let (least, end) = least_share(heard, hit, &said, tolerance);
        let ruling = |verdict| Ruling::new(Code::Material, (hit.start, end.max(hit.end)), verdict, "material.share");
        match &item.material {
            None => out.push(ruling(Verdict::NoRecord)),
            Some(record) => {
                let share = share_of(&kinds.list[at], record);
                let reached = share >= percent(least, tolerance.material_reached_percent);
                let verdict = if reached { Verdict::Confirmed } else { Verdict::Contradicted };
                out.push(ruling(verdict).by(&format!("material.{}", kinds.list[at].name), Milli(share)));
            }
        }
    }
    if let Some(record) = &item.material {
        by_share(heard, record, &said, tolerance, out);
        by_key(heard, record, &said, tolerance, out);
        left_out(heard, record, tolerance, out);
    }
}

/// Shares of what the record names and the book does not: 八成草莓, 纯草莓.
fn by_key(heard: &Heard<'_>, record: &BTreeMap<String, Milli>, said: &[(usize, Hit)], tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let chars = heard.text.chars();
    for (key, share) in record {
        let key: Vec<char> = key.to_lowercase().chars().collect();
        if key.len() < 2 {
            continue;
        }
        for start in (0..chars.len().saturating_sub(key.len() - 1)).filter(|&at| chars[at..].starts_with(&key)) {
            let hit = Hit { start, end: start + key.len(), via: Via::Letter };
            let known = begin_in(said, start.saturating_sub(2), hit.end).iter().any(|(_, known)| known.end > start);
            if known || is_absent(heard, hit) {
                continue;
            }
            let (least, end) = least_share(heard, hit, said, tolerance);
            if least > tolerance.material_real_percent * 1000 || end > hit.end {
                let reached = share.0 >= percent(least, tolerance.material_reached_percent);
                let verdict = if reached { Verdict::Confirmed } else { Verdict::Contradicted };
                let named: String = key.iter().collect();
                out.push(
                    Ruling::new(Code::Material, (start, end.max(hit.end)), verdict, "material.share")
                        .by(&format!("material.{named}"), share),
                );
                break;
            }
        }
    }
}

/// What is said not to be in the goods: 一粒糖没加, 零防腐剂, 一根化纤没有.
fn left_out(heard: &Heard<'_>, record: &BTreeMap<String, Milli>, tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let Some(kinds) = heard.book.kinds.get("additive") else { return };
    let complete = record.values().map(|share| share.0).sum::<i64>() >= tolerance.material_complete_percent * 1000;
    for (at, hit) in heard.kinds("additive") {
        let none = heard.before("none_of", hit.start, 2).filter(|none| !scope::stopped(heard, none.end, hit.start));
        let behind = heard.after("none_behind", hit.end, 2).filter(|none| !scope::stopped(heard, hit.end, none.start));
        let Some(cue) = none.or(behind) else { continue };
        let share = share_of(&kinds.list[at], record);
        let verdict = match (share > 0, complete) {
            (true, _) => Verdict::Contradicted,
            (false, true) => Verdict::Confirmed,
            (false, false) => Verdict::Unsure,
        };
        let span = (cue.start.min(hit.start), cue.end.max(hit.end));
        out.push(
            Ruling::new(Code::Material, span, verdict, "material.left_out").by(&format!("material.{}", kinds.list[at].name), Milli(share)),
        );
    }
}

/// Whether the host says that it is not in there.
fn is_absent(heard: &Heard<'_>, hit: Hit) -> bool {
    scope::is_denied(heard, hit.start, hit.end)
        || heard
            .after("absent_behind", hit.end, 4)
            .is_some_and(|behind| !scope::stopped(heard, hit.end, behind.start) && heard.after("none_what", behind.end, 0).is_none())
}

/// The least share the words promise, and where they end.
fn least_share(heard: &Heard<'_>, hit: Hit, said: &[(usize, Hit)], tolerance: &Tolerance) -> (i64, usize) {
    let other_between = |from: usize, to: usize| begin_in(said, from, to).iter().any(|(_, h)| h.end <= to && h.start != hit.start);
    for q in heard.quantities_from(hit.start.saturating_sub(QUANTITY), hit.end + 8) {
        let behind = q.start >= hit.end && q.start <= hit.end + 7 && !other_between(hit.end, q.start);
        let ahead = q.end <= hit.start && q.end + 3 >= hit.start && !other_between(q.end, hit.start);
        let share = q.unit == Unit::Percent
            || (q.unit == Unit::None && behind && q.milli <= 100_000 && heard.before("share_of", q.start, 1).is_some());
        if share && (behind || ahead) {
            return (q.milli, q.end);
        }
    }
    let chars = heard.text.chars();
    let first = chars[hit.start];
    let before = hit.start.checked_sub(1).map(|at| chars[at]);
    if matches!(first, '纯' | '全')
        || matches!(before, Some('纯' | '全' | '净'))
        || heard.before("pure", hit.start, 3).is_some()
        || heard.after("pure_behind", hit.end, 6).is_some()
    {
        return (tolerance.material_pure_percent * 1000, hit.end);
    }
    let least = if matches!(first, '真' | '实') { tolerance.material_real_percent } else { tolerance.material_named_percent };
    (least * 1000, hit.end)
}

/// Of what was said, in order of its start, what begins in a stretch.
fn begin_in(said: &[(usize, Hit)], from: usize, to: usize) -> &[(usize, Hit)] {
    let at = |place: usize| said.partition_point(|(_, hit)| hit.start < place);
    &said[at(from)..at(to.max(from))]
}

/// A share that is said of something the book does not know: 鲜鸡肉，占四成. A record that names nothing like it settles it
/// only where it names all that is in the goods.
fn by_share(heard: &Heard<'_>, record: &BTreeMap<String, Milli>, said: &[(usize, Hit)], tolerance: &Tolerance, out: &mut Vec<Ruling>) {
    let complete = record.values().map(|share| share.0).sum::<i64>() >= tolerance.material_complete_percent * 1000;
    let chars = heard.text.chars();
    for q in heard.quantities.iter().filter(|q| q.unit == Unit::Percent) {
        let Some(cue) = heard.before("share_of", q.start, 2) else { continue };
        let known = begin_in(said, q.start.saturating_sub(8 + heard.book.lexicon.reach()), q.start);
        if known.iter().any(|(_, hit)| hit.end <= q.start && hit.end + 8 >= q.start) {
            continue;
        }
        let to = (0..cue.start)
            .rev()
            .find(|&at| !matches!(chars[at], '，' | ',' | ' ' | '的' | '就' | '能' | '都' | '要'))
            .map_or(0, |at| at + 1);
        let from = (0..to)
            .rev()
            .take(4)
            .take_while(|&at| !matches!(chars[at], '，' | ',' | '。' | '是' | '里' | '、' | '：'))
            .last()
            .unwrap_or(to);
        let noun: Vec<char> = chars[from..to].to_vec();
        if noun.len() < 2 {
            continue;
        }
        let tail: String = noun[noun.len() - 2..].iter().collect();
        let named = || record.iter().filter(|(key, _)| key.contains(&tail));
        let share: i64 = named().map(|(_, share)| share.0).sum();
        let verdict = if share >= percent(q.milli, tolerance.material_reached_percent) {
            Verdict::Confirmed
        } else if complete || named().next().is_some() {
            Verdict::Contradicted
        } else {
            Verdict::Unsure
        };
        out.push(Ruling::new(Code::Material, (from, q.end), verdict, "material.named_share").by(&format!("material.{tail}"), Milli(share)));
    }
}
