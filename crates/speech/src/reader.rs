//! The reader: one sentence in, findings out.

use crate::book::RuleBook;
use crate::check;
use crate::code::Code;
use crate::finding::{Finding, Verdict};
use crate::frame::{Frame, Match, Route};
use crate::goods::Goods;
use crate::heard::Heard;
use crate::item::ItemFacts;
use crate::lexicon::Via;
use crate::pack::Deniable;
use crate::scope;

/// Reads sentences with a rule book.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    book: &'a RuleBook,
}

/// What a sentence takes back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retraction {
    /// Whether it says that something said before was wrong.
    pub says_so: bool,
    /// Claims that it speaks of in any way.
    pub mentioned: Vec<Code>,
    /// Claims that it speaks of, and denies or refuses.
    pub denied: Vec<Code>,
}

/// Which words of a frame count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// Those that stand: neither denied nor refused.
    Stands,
    /// All.
    AtAll,
}

/// What a finding says before it is put in words.
struct Draft {
    code: Code,
    start: usize,
    end: usize,
    verdict: Verdict,
    confidence_ppm: u32,
    rule: String,
    fact: Option<String>,
}

impl<'a> Reader<'a> {
    /// A reader of this book.
    pub fn new(book: &'a RuleBook) -> Reader<'a> {
        Reader { book }
    }

    /// Reads a sentence; `item` is the item being shown, if it is known. At most one finding a code and
    /// verdict, in the order of the sentence.
    pub fn read(self, text: &str, item: Option<&ItemFacts>) -> Vec<Finding> {
        let heard = Heard::of(self.book, text);
        let goods = Goods::of(&heard, item);
        let refused = scope::is_refused(&heard);
        let mut drafts = self.frames(&heard, item, goods, refused, Said::Stands);
        for ruling in check::all(&heard, item, goods) {
            let breach = matches!(ruling.verdict, Verdict::Asserted | Verdict::Contradicted);
            drafts.push(Draft {
                code: ruling.code,
                start: ruling.start,
                end: ruling.end,
                verdict: ruling.verdict,
                confidence_ppm: if breach { 930_000 } else { 200_000 },
                rule: ruling.rule.to_owned(),
                fact: ruling.fact,
            });
        }
        drafts.retain(|d| d.verdict != Verdict::Asserted || !scope::is_humble(&heard, d.code));
        // What the record bears out may be said in any frame of its code, and in those of codes that only doubt the same words.
        let borne_out: Vec<(Code, usize, usize)> =
            drafts.iter().filter(|d| d.verdict == Verdict::Confirmed).map(|d| (d.code, d.start, d.end)).collect();
        let differing: Vec<Code> = drafts.iter().filter(|d| d.verdict == Verdict::Contradicted).map(|d| d.code).collect();
        drafts.retain(|d| {
            let lifts = |&(code, start, end): &(Code, usize, usize)| {
                let overlaps = start < d.end && d.start < end;
                code == d.code && (overlaps || rests_on_record(code) && !differing.contains(&code)) || overlaps && doubts(d.code)
            };
            d.verdict != Verdict::Asserted || !borne_out.iter().any(lifts)
        });
        let ill: Vec<(usize, usize)> = drafts
            .iter()
            .filter(|d| matches!(d.code, Code::FoodMedical | Code::Medical) && d.verdict == Verdict::Asserted)
            .map(|d| (d.start, d.end))
            .collect();
        // The same promise is told once: where a disease is named, the function of the body is not.
        drafts.retain(|d| d.code != Code::Health || !ill.iter().any(|&(start, end)| start < d.end && d.start < end));
        drafts.sort_by_key(|draft| (draft.code, draft.verdict as u8, u32::MAX - draft.confidence_ppm, draft.start));
        drafts.dedup_by_key(|draft| (draft.code, draft.verdict as u8));
        drafts.sort_by_key(|draft| (draft.start, draft.code));
        drafts.into_iter().map(|draft| self.finding(draft, &heard)).collect()
    }

    /// What a sentence takes back: whether it says that it does, and of which claims it speaks, denied or not.
    pub fn retraction(self, text: &str, item: Option<&ItemFacts>) -> Retraction {
        let heard = Heard::of(self.book, text);
        let goods = Goods::of(&heard, item);
        let refused = scope::is_refused(&heard);
        let stands = self.frames(&heard, item, goods, refused, Said::Stands);
        let mut mentioned: Vec<Code> = self.frames(&heard, item, goods, false, Said::AtAll).into_iter().map(|d| d.code).collect();
        let mut denied = mentioned.clone();
        denied.retain(|code| !stands.iter().any(|d| d.code == *code));
        mentioned.extend(check::all(&heard, item, goods).into_iter().map(|r| r.code));
        for list in [&mut mentioned, &mut denied] {
            list.sort_unstable();
            list.dedup();
        }
        Retraction { says_so: heard.has("correction"), mentioned, denied }
    }

    fn frames(self, heard: &Heard<'_>, item: Option<&ItemFacts>, goods: Goods, refused: bool, said: Said) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for concept in heard.hits.concepts() {
            for &(at, sequence) in &self.book.starting[concept.0] {
                let frame = &self.book.frames[at];
                if !goods.is_among(&frame.goods) || refused && !frame.stubborn {
                    continue;
                }
                let matches = frame.say[sequence].matches(&heard.hits);
                let stands = |m: &&Match| {
                    let around = || scope::is_denied(heard, m.start, m.end) || scope::is_answered_no(heard, m.start, m.end);
                    match frame.deniable {
                        _ if said == Said::AtAll => true,
                        Deniable::No => true,
                        Deniable::Around => !around(),
                        Deniable::Within => !around() && !scope::is_denied_within(heard, m.hinge, m.end),
                    }
                };
                let Some(found) = matches.iter().find(stands) else { continue };
                if frame.is_lifted(&heard.hits) || frame.own_range_clean && heard.has("own_range") {
                    continue;
                }
                drafts.push(draft(frame, *found, heard, item, goods));
            }
        }
        drafts
    }

    fn finding(self, draft: Draft, heard: &Heard<'_>) -> Finding {
        let basis = self.book.bases.get(&draft.code);
        let said = heard.words(draft.start, draft.end);
        let name = |english: bool| basis.map_or(draft.code.as_str(), |b| if english { b.name.en.as_str() } else { b.name.zh.as_str() });
        let fact = draft.fact.as_deref().unwrap_or("-");
        let (why_zh, why_en) = match draft.verdict {
            Verdict::Asserted => (format!("“{said}”属于{}", name(false)), format!("“{said}” is of the kind: {}", name(true))),
            Verdict::Contradicted => (format!("“{said}”与记录不符（{fact}）"), format!("“{said}” differs from the record ({fact})")),
            Verdict::Confirmed => (format!("“{said}”与记录相符（{fact}）"), format!("“{said}” agrees with the record ({fact})")),
            Verdict::NoRecord => (format!("“{said}”没有记录，请出示证明"), format!("no record of “{said}”: please show proof")),
            Verdict::Unsure => (format!("“{said}”凭现有记录不能断定（{fact}）"), format!("the record does not settle “{said}” ({fact})")),
        };
        Finding {
            code: draft.code,
            span: heard.text.original(draft.start, draft.end),
            verdict: draft.verdict,
            confidence_ppm: draft.confidence_ppm,
            rule: draft.rule,
            why_zh,
            why_en,
            fact: draft.fact,
            clause: basis.map(|b| b.clause.clone()).unwrap_or_default(),
            suggestion_zh: basis.map(|b| b.instead.zh.clone()).unwrap_or_default(),
            suggestion_en: basis.map(|b| b.instead.en.clone()).unwrap_or_default(),
            severity: basis.map_or(2, |b| b.severity),
        }
    }
}

/// Whether a code turns on the record alone, so that words of the frames add nothing to a claim the record bears out.
const fn rests_on_record(code: Code) -> bool {
    matches!(code, Code::Health | Code::Cosmetic | Code::Authority | Code::AfterSale)
}

/// Whether a code doubts what is said of goods and trade, so that a record settles it.
const fn doubts(code: Code) -> bool {
    matches!(code, Code::Authority | Code::State | Code::Absolute | Code::Fake | Code::Invest | Code::Guarantee | Code::AfterSale)
}

/// Whether two characters in a row of the one stand in the other.
fn shares_a_word(function: &str, said: &str) -> bool {
    let chars: Vec<char> = function.chars().collect();
    chars.windows(2).any(|pair| said.contains(&pair.iter().collect::<String>()))
}

fn draft(frame: &Frame, said: Match, heard: &Heard<'_>, item: Option<&ItemFacts>, goods: Goods) -> Draft {
    let code = match (frame.route, goods) {
        (Route::Code(code), _) => code,
        (Route::Illness, Goods::Food) => Code::FoodMedical,
        (Route::Illness, Goods::Cosmetic) => Code::Cosmetic,
        (Route::Illness, Goods::Other | Goods::Unknown) => Code::Medical,
    };
    let contract = item.and_then(|item| item.endorsements.as_ref()).filter(|list| code == Code::Authority && !list.is_empty());
    let filed = item.and_then(|item| item.registered_efficacy.as_ref()).filter(|_| matches!(code, Code::Health | Code::Cosmetic));
    let registered = filed.and_then(|list| list.iter().find(|function| shares_a_word(function, &heard.words(said.start, said.end))));
    let less = match said.via {
        Via::Letter => 0,
        Via::Disguise => 30_000,
        Via::Sound => 80_000,
    };
    Draft {
        code,
        start: said.start,
        end: said.end,
        verdict: if contract.is_some() || registered.is_some() { Verdict::Confirmed } else { Verdict::Asserted },
        confidence_ppm: (frame.prior_per_mille * 1000).saturating_sub(less),
        rule: frame.id.clone(),
        fact: contract
            .map(|list| format!("endorsements={}", list.join("、")))
            .or_else(|| registered.map(|function| format!("registered_efficacy={function}"))),
    }
}
