//! Certificates, reports, patents and prizes.

use super::Ruling;
use crate::code::Code;
use crate::finding::Verdict;
use crate::heard::Heard;
use crate::item::ItemFacts;
use crate::scope;

pub(super) fn check(heard: &Heard<'_>, item: &ItemFacts, out: &mut Vec<Ruling>) {
    let Some(kinds) = heard.book.kinds.get("paper") else { return };
    for (at, hit) in heard.kinds("paper") {
        let kind = &kinds.list[at];
        if scope::is_denied(heard, hit.start, hit.end)
            || heard.after("absent_behind", hit.end, 5).is_some_and(|behind| !scope::stopped(heard, hit.end, behind.start))
            || scope::is_refused(heard)
        {
            continue;
        }
        let ruling = |verdict| Ruling::new(Code::Certificate, (hit.start, hit.end), verdict, "paper.on_file");
        let patent = kind.name == "专利";
        let (key, listed) = match (&item.patents, &item.certificates) {
            (Some(patents), _) if patent => ("patents", patents),
            (_, Some(certificates)) => ("certificates", certificates),
            _ => {
                out.push(ruling(Verdict::NoRecord));
                continue;
            }
        };
        let on_file = listed.iter().any(|paper| kind.fits(&paper.to_lowercase())) || (patent && key == "patents" && !listed.is_empty());
        let verdict = if on_file { Verdict::Confirmed } else { Verdict::Contradicted };
        out.push(ruling(verdict).by(key, listed.join("、")));
    }
    unnamed(heard, item, out);
}

/// A paper of a name that the book does not know, or of none: with nothing on file there is no such paper.
fn unnamed(heard: &Heard<'_>, item: &ItemFacts, out: &mut Vec<Ruling>) {
    let Some(hit) = heard.first("some_paper") else { return };
    let known = out.iter().any(|ruling| ruling.code == Code::Certificate);
    if known || scope::is_denied(heard, hit.start, hit.end) || scope::is_refused(heard) {
        return;
    }
    let files = || [&item.certificates, &item.patents].into_iter().flatten();
    let ruling = |verdict| Ruling::new(Code::Certificate, (hit.start, hit.end), verdict, "paper.unnamed");
    let verdict = match (&item.certificates, files().all(Vec::is_empty)) {
        (None, _) => Verdict::NoRecord,
        (Some(_), true) => Verdict::Contradicted,
        (Some(_), false) => Verdict::Unsure,
    };
    out.push(ruling(verdict));
}
