//! Scope: what the host denies, refuses to say, warns against or asks is no claim.
//!
//! A denial reaches the words just behind it within the clause; a refusal or a warning reaches the
//! whole sentence. A wink (the platform won't let me say it) takes a refusal back.

use crate::code::Code;
use crate::heard::Heard;
use crate::lexicon::Hit;
use crate::text::is_stop;

/// How far a denial reaches, in characters.
const REACH: usize = 5;

/// Whether a stop lies between two places.
pub(crate) fn stopped(heard: &Heard<'_>, from: usize, to: usize) -> bool {
    let chars = heard.text.chars();
    chars[from.min(chars.len())..to.min(chars.len())].iter().any(|&c| is_stop(c))
}

/// Whether the whole sentence refuses, warns or reports what others say.
pub(crate) fn is_refused(heard: &Heard<'_>) -> bool {
    if heard.has("wink") {
        return false;
    }
    heard.has("refusal") || heard.has("warning") || (heard.has("asked") && heard.has("answer_no"))
}

/// Whether the host calls the goods no more than they are, which takes back what they are said to do.
pub(crate) fn is_humble(heard: &Heard<'_>, code: Code) -> bool {
    let effect = matches!(
        code,
        Code::Medical
            | Code::FoodMedical
            | Code::Health
            | Code::Cosmetic
            | Code::Superstition
            | Code::Guarantee
            | Code::Invest
            | Code::State
    );
    effect && heard.has("humble") && !heard.has("wink")
}

/// Whether a word that denies reaches the stretch.
pub(crate) fn is_denied(heard: &Heard<'_>, start: usize, end: usize) -> bool {
    let reaches = |hit: Hit| hit.end <= start && hit.end + REACH >= start && !stopped(heard, hit.end, start);
    heard.back_from("denial", start, REACH).any(reaches) || heard.after("denied_after", end, 3).is_some()
}

/// Whether what was said is denied where its predicate begins (颈椎病靠它可好不了, 戴这个哪能转运), or by the
/// complement behind it (治不好, 瘦不了). `hinge` is where the predicate begins and where its subject ended.
pub(crate) fn is_denied_within(heard: &Heard<'_>, hinge: (usize, usize), end: usize) -> bool {
    let (at, subject_ends) = hinge;
    let inside = heard
        .back_from("denial", at, REACH)
        .any(|hit| hit.start >= subject_ends && hit.end <= at && hit.end + 2 >= at && !stopped(heard, hit.end, at));
    let behind_subject = heard.after("denied_after", subject_ends, 3).is_some_and(|hit| hit.end <= at);
    inside || behind_subject || heard.after("cannot", end, 0).is_some()
}

/// Whether it was a question that the host answers with no: 能降压吗？不能. 是不是能断根，不是.
pub(crate) fn is_answered_no(heard: &Heard<'_>, start: usize, end: usize) -> bool {
    let chars = heard.text.chars();
    // 瘦不瘦, 灵不灵: whether it does is left open.
    if end > 0 && chars.get(end) == Some(&'不') && chars.get(end + 1).is_some_and(|c| *c == chars[end - 1]) {
        return true;
    }
    let behind = heard.after("question", end, 6).filter(|hit| !stopped(heard, end, hit.start)).map(|hit| hit.end);
    let within = || heard.after("asks", start, end.saturating_sub(start)).map(|_| end);
    let asked = behind.or_else(|| heard.before("asks", start, 10).map(|_| end)).or_else(within);
    asked.is_some_and(|asked| heard.after("answers_no", asked, 8).is_some())
}

#[cfg(test)]
mod tests {
    use crate::{Reader, RuleBook};

    fn breaches(text: &str) -> usize {
        let book: &RuleBook = crate::shipped().expect("shipped");
        Reader::new(book).read(text, None).iter().filter(|f| f.is_breach()).count()
    }

    #[test]
    fn what_is_denied_is_no_claim() {
        assert_eq!(breaches("那种称霸的词我可不说"), 0);
        assert_eq!(breaches("不能说全网最低价啊我们只说今天直播间的价格"), 0);
        assert_eq!(breaches("让你加微信退款的是骗子"), 0);
    }

    #[test]
    fn a_wink_is_still_a_claim() {
        assert_eq!(breaches("平台不让说，反正这个枕头治颈椎病"), 1);
    }
}
