//! What follows from what was heard: findings, nudges, corrections, and reports to the reviewers.

use laotie_facts::body::{
    DeadlinePassed, NudgeHeeded, NudgeResponse, NudgeSent, NudgedToo, ReportFiled, ShowClosed, SpeechFinding, SpeechVerdict, TargetKind,
    TextSpan, UtteranceChecked, UtteranceHeard,
};
use laotie_facts::{
    Body, Calendar, Draft, Fact, Few, ItemId, MaskedText, NudgeId, Ppm, Quantity, ReportId, RuleBook, RuleVersion, ShowId, States,
    StreamerId, System, Text, ThingId, UtteranceId, derived_id,
};

use crate::finding::{Finding, Verdict};
use crate::live::desk::{DeskRules, ReportWhen};
use crate::live::meant::meant;
use crate::live::show::{Pending, Said, Show, Thread};
use crate::live::state::State;
use crate::live::system::{CORRECT, FAMILY, GATHERED, Speech};
use crate::live::touches::{item_key, show};
use crate::reader::Reader;

const SECOND: i64 = 1_000_000;

/// The severity of a claim of which nothing is on file: soften it, or show the proof.
const PROOF: u8 = 1;

/// Decides on a fact.
pub(crate) fn decide(before: &States<State>, fact: &Fact, book: &RuleBook) -> Vec<Draft> {
    match &fact.body {
        Body::UtteranceHeard(heard) => {
            let mut drafts = passed_by(before, fact, &heard.show, book);
            drafts.extend(Hearing::of(before, fact, heard, book).map(Hearing::decide).unwrap_or_default());
            drafts
        }
        Body::NudgeHeeded(heeded) => credited(before, fact, heeded, book).into_iter().collect(),
        Body::ShowClosed(closed) => over(before, fact, closed, book),
        Body::DeadlinePassed(passed) if passed.system.as_str() == Speech::NAME => fell_due(before, fact, passed, book),
        _ => Vec::new(),
    }
}

/// A sentence with all that it is read by.
struct Hearing<'a> {
    fact: &'a Fact,
    heard: &'a UtteranceHeard,
    show: Show,
    desk: std::sync::Arc<DeskRules>,
    desk_version: RuleVersion,
    words: std::sync::Arc<crate::RuleBook>,
    item: Option<String>,
    facts: Option<crate::ItemFacts>,
}

impl<'a> Hearing<'a> {
    fn of(before: &States<State>, fact: &'a Fact, heard: &'a UtteranceHeard, book: &RuleBook) -> Option<Self> {
        let (desk_version, desk) = DeskRules::at(book, fact.at)?;
        let words = book.read_family::<crate::RuleBook>(FAMILY, fact.at).ok()?;
        let tongue = heard.language.as_ref().map_or("zh", |l| l.as_str()).to_ascii_lowercase();
        if !["zh", "yue", "cmn"].iter().any(|known| tongue.starts_with(known)) {
            return None;
        }
        let show = show(before, heard.show.as_str()).cloned().unwrap_or_default();
        let again = |k: &Said| !k.interim && (heard.interim || k.text == heard.text.as_str());
        if show.sentence(heard.utterance.as_str()).is_some_and(again) {
            return None;
        }
        let item = heard.item.as_ref().map(ToString::to_string).or_else(|| meant(&show, heard.text.as_str()).map(str::to_owned));
        let shelf = item.as_ref().and_then(|i| before.get(&item_key(i))?.item.as_ref());
        let calendar = Calendar::at(book, fact.at);
        let facts = shelf.map(|shelf| shelf.at(fact.at, Some(heard.show.as_str()), &calendar.zone));
        Some(Self { fact, heard, show, desk, desk_version, words, item, facts })
    }

    fn decide(self) -> Vec<Draft> {
        let found = Reader::new(&self.words).read(self.heard.text.as_str(), self.facts.as_ref());
        let from = if self.heard.interim { self.desk.interim_from_ppm } else { self.desk.nudge_from_ppm };
        let told: Vec<bool> =
            found.iter().map(|f| matches!(f.verdict, Verdict::Asserted | Verdict::Contradicted) && f.confidence_ppm >= from).collect();
        let breaches: Vec<&str> = found.iter().zip(&told).filter(|(_, told)| **told).map(|(f, _)| f.code.as_str()).collect();
        let mut drafts = self.withdrawn(&breaches);
        if !self.heard.interim {
            drafts.extend(self.corrected(&found, &breaches));
        }
        let stale = self.fact.at.plus_micros(self.desk.stale_seconds * SECOND) < self.show.latest_at;
        let (mut findings, mut nudges, mut gather) = (Vec::new(), Vec::new(), false);
        for (finding, told) in found.iter().zip(told) {
            let mut nudge = told.then(|| self.joined(finding)).flatten();
            let proof = finding.verdict == Verdict::NoRecord && !self.heard.interim;
            if proof {
                nudge = self.joined(finding);
            }
            if (told || proof) && nudge.is_none() && !stale && self.show.closed_at.is_none() {
                if self.desk.level(if proof { PROOF } else { finding.severity }).mild {
                    gather = true;
                } else if told {
                    let n = u32::try_from(nudges.len()).unwrap_or(u32::MAX);
                    let id = derived_id("ndg", self.fact.seq, "nudge.sent", n);
                    nudges.extend(self.nudge(finding, &id));
                    nudge = Some(id);
                }
            }
            findings.extend(written(finding, nudge));
        }
        if !self.heard.interim && !findings.is_empty() {
            drafts.extend(self.checked(findings, gather));
        }
        drafts.extend(nudges);
        drafts
    }

    /// The nudge that tells of the same claim already: of this sentence, or one of a little before.
    fn joined(&self, finding: &Finding) -> Option<String> {
        let code = finding.code.as_str();
        let own = self.show.sentence(self.heard.utterance.as_str()).map(|s| s.nudges.as_slice()).unwrap_or_default();
        let of_own = own.iter().filter_map(|n| self.show.nudge(n)).find(|t| t.codes.iter().any(|c| c == code));
        let recent = |t: &&Thread| t.is_open() && self.fact.at < t.at.plus_micros(self.desk.repeat_seconds * SECOND);
        of_own.or_else(|| self.show.thread(code, self.item.as_deref()).filter(recent)).map(|t| t.nudge.clone())
    }

    fn rules(&self, rule: &str) -> Vec<RuleVersion> {
        let pack = self.words.document_of(rule).and_then(|d| RuleVersion::new(d).ok());
        pack.into_iter().chain(std::iter::once(self.desk_version.clone())).collect()
    }

    fn checked(&self, findings: Vec<SpeechFinding>, gather: bool) -> Option<Draft> {
        let rules = findings.first().map(|f| self.rules(f.rule.as_str())).unwrap_or_default();
        let open = self.show.gather_until.filter(|until| *until > self.fact.at);
        let until = open.unwrap_or_else(|| self.fact.at.plus_micros(self.desk.mild_seconds * SECOND));
        let body = UtteranceChecked {
            findings: Few::new(findings.into_iter().take(50).collect()).ok()?,
            gather_until: gather.then_some(until),
            item: self.item.clone().and_then(|i| ItemId::new(i).ok()),
            show: self.heard.show.clone(),
            utterance: self.heard.utterance.clone(),
        };
        Some(Draft { at: self.fact.at, body: body.into(), because: Vec::new(), rules })
    }

    fn nudge(&self, finding: &Finding, id: &str) -> Option<Draft> {
        let level = self.desk.level(finding.severity);
        let body = NudgeSent {
            also: Few::default(),
            clause: short(&finding.clause),
            code: Text::new(finding.code.as_str()).ok()?,
            confidence_ppm: Ppm::new(i64::from(finding.confidence_ppm)).ok(),
            correct_by: Some(self.fact.at.plus_micros(self.desk.correct_seconds * SECOND)),
            fact: finding.fact.as_deref().and_then(short),
            item: self.item.clone().and_then(|i| ItemId::new(i).ok()),
            level: level.level,
            nudge: NudgeId::new(id).ok()?,
            rule: Text::new(finding.rule.clone()).ok(),
            safe_wording: short(&finding.suggestion_zh),
            said: short(&slice(self.heard.text.as_str(), finding.span.start, finding.span.end)),
            show: self.heard.show.clone(),
            spans: span(finding.span.start, finding.span.end, Some(finding.code.as_str()))
                .map(|s| vec![s])
                .and_then(|s| Few::new(s).ok())
                .unwrap_or_default(),
            streamer: self.heard.streamer.clone().or_else(|| self.show.streamer.clone().and_then(|s| StreamerId::new(s).ok())),
            utterance: Some(self.heard.utterance.clone()),
        };
        Some(Draft { at: self.fact.at, body: body.into(), because: Vec::new(), rules: self.rules(&finding.rule) })
    }

    fn heed(&self, thread: &Thread, response: NudgeResponse) -> Option<Draft> {
        let body = NudgeHeeded {
            after_ms: Quantity::new((self.fact.at.micros() - thread.at.micros()).max(0) / 1_000).ok(),
            file: None,
            nudge: NudgeId::new(thread.nudge.clone()).ok()?,
            response,
            show: self.heard.show.clone(),
            statement: None,
            utterance: Some(self.heard.utterance.clone()),
        };
        Some(Draft { at: self.fact.at, body: body.into(), because: vec![thread.seq], rules: vec![self.desk_version.clone()] })
    }

    /// A sentence that is heard otherwise now brings back what was said to its earlier hearing.
    fn withdrawn(&self, breaches: &[&str]) -> Vec<Draft> {
        let Some(known) = self.show.sentence(self.heard.utterance.as_str()) else { return Vec::new() };
        let own = known.nudges.iter().filter_map(|n| self.show.nudge(n));
        let gone = own.filter(|t| t.is_open() && t.utterance == known.utterance && !t.codes.iter().any(|c| breaches.contains(&c.as_str())));
        gone.filter_map(|t| self.heed(t, NudgeResponse::Withdrawn)).collect()
    }

    /// Nudges whose words this sentence takes back. A sentence does when it
    /// - says so and speaks of the claim, or denies it;
    /// - says the true figure, where the nudge was that what is on file says otherwise;
    /// - says so and speaks of none of the claims that are open: then the latest is meant.
    fn corrected(&self, found: &[Finding], breaches: &[&str]) -> Vec<Draft> {
        let open: Vec<&Thread> = self
            .show
            .threads
            .iter()
            .filter(|t| t.is_open() && t.at <= self.fact.at && self.fact.at <= t.correct_by && t.utterance != self.heard.utterance.as_str())
            .collect();
        if open.is_empty() {
            return Vec::new();
        }
        let said = Reader::new(&self.words).retraction(self.heard.text.as_str(), self.facts.as_ref());
        let speaks_of = |codes: &[crate::Code], t: &Thread| codes.iter().any(|code| t.codes.iter().any(|c| c == code.as_str()));
        let confirmed: Vec<crate::Code> = found.iter().filter(|f| f.verdict == Verdict::Confirmed).map(|f| f.code).collect();
        let repeats = |t: &Thread| t.codes.iter().any(|c| breaches.contains(&c.as_str()));
        let named: Vec<&Thread> = open
            .iter()
            .copied()
            .filter(|t| !repeats(t))
            .filter(|t| {
                speaks_of(&said.denied, t) || said.says_so && speaks_of(&said.mentioned, t) || t.contradicted && speaks_of(&confirmed, t)
            })
            .collect();
        if !named.is_empty() {
            return named.into_iter().filter_map(|t| self.heed(t, NudgeResponse::Corrected)).collect();
        }
        let meant = if said.says_so && breaches.is_empty() { open.last().copied() } else { None };
        meant.and_then(|t| self.heed(t, NudgeResponse::Corrected)).into_iter().collect()
    }
}

/// A finding as facts write it.
fn written(finding: &Finding, nudge: Option<String>) -> Option<SpeechFinding> {
    Some(SpeechFinding {
        code: Text::new(finding.code.as_str()).ok()?,
        confidence_ppm: Ppm::new(i64::from(finding.confidence_ppm)).ok()?,
        fact: finding.fact.as_deref().and_then(short),
        nudge: nudge.and_then(|n| NudgeId::new(n).ok()),
        rule: Text::new(finding.rule.clone()).ok()?,
        span: span(finding.span.start, finding.span.end, None)?,
        verdict: match finding.verdict {
            Verdict::Asserted => SpeechVerdict::Asserted,
            Verdict::Contradicted => SpeechVerdict::Contradicted,
            Verdict::Confirmed => SpeechVerdict::Confirmed,
            Verdict::NoRecord => SpeechVerdict::NoRecord,
            Verdict::Unsure => SpeechVerdict::Unsure,
        },
    })
}

fn slice(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end.saturating_sub(start)).collect()
}

/// A text cut to what its field holds; none when there is nothing.
fn short<const MAX: usize>(text: &str) -> Option<Text<MAX>> {
    Text::new(text.chars().take(MAX).collect::<String>()).ok()
}

fn span(start: usize, end: usize, code: Option<&str>) -> Option<TextSpan> {
    let place = |at: usize| Quantity::new(i64::try_from(at).ok()?).ok();
    Some(TextSpan { code: code.and_then(|c| Text::new(c).ok()), end: place(end)?, start: place(start)? })
}

/// Findings that were gathered, told at once.
fn gathered(show: &Show, id: &ShowId, fact: &Fact, book: &RuleBook) -> Option<Draft> {
    let (desk_version, desk) = DeskRules::at(book, fact.at)?;
    // By the show's own time, whether its words or the clock passed the moment by.
    let at = show.gather_until.unwrap_or(fact.at);
    let words = book.read_family::<crate::RuleBook>(FAMILY, fact.at).ok()?;
    let severity = |code: &str| crate::Code::named(code).and_then(|c| words.basis(c)).map(|b| b.severity);
    let mild = |p: &&Pending| {
        let grave = || severity(&p.code).is_some_and(|s| desk.level(s).mild);
        p.proof || p.confidence_ppm >= i64::from(desk.nudge_from_ppm) && grave()
    };
    let said = |p: &Pending| {
        let text = show.sentence(&p.utterance)?.text.as_str();
        let place = |at: i64| usize::try_from(at).unwrap_or(0);
        short(&slice(text, place(p.span.0), place(p.span.1)))
    };
    let all: Vec<&Pending> = show.pending.iter().filter(mild).collect();
    let first = *all.first()?;
    let basis = crate::Code::named(&first.code).and_then(|c| words.basis(c))?;
    let also = all[1..].iter().filter_map(|p| {
        Some(NudgedToo { code: Text::new(p.code.clone()).ok()?, said: said(p), utterance: UtteranceId::new(p.utterance.clone()).ok()? })
    });
    let place = |at: i64| usize::try_from(at).unwrap_or(0);
    let body = NudgeSent {
        also: Few::new(also.take(50).collect()).ok()?,
        clause: short(&basis.clause),
        code: Text::new(first.code.clone()).ok()?,
        confidence_ppm: Ppm::new(first.confidence_ppm).ok(),
        correct_by: Some(at.plus_micros(desk.correct_seconds * SECOND)),
        fact: first.fact.as_deref().and_then(short),
        item: first.item.clone().and_then(|i| ItemId::new(i).ok()),
        level: desk.level(if first.proof { PROOF } else { basis.severity }).level,
        nudge: NudgeId::new(derived_id("ndg", fact.seq, "gathered", 0)).ok()?,
        rule: Text::new(first.rule.clone()).ok(),
        safe_wording: short(if first.proof { &desk.proof_wording } else { &basis.instead.zh }),
        said: said(first),
        show: id.clone(),
        spans: span(place(first.span.0), place(first.span.1), Some(&first.code))
            .map(|s| vec![s])
            .and_then(|s| Few::new(s).ok())
            .unwrap_or_default(),
        streamer: show.streamer.clone().and_then(|s| StreamerId::new(s).ok()),
        utterance: UtteranceId::new(first.utterance.clone()).ok(),
    };
    let pack = words.document_of(&first.rule).and_then(|d| RuleVersion::new(d).ok());
    let because = all.iter().map(|p| p.seq).collect();
    Some(Draft { at, body: body.into(), because, rules: pack.into_iter().chain(std::iter::once(desk_version)).collect() })
}

/// A correction is credited in the report that a grave claim brings all the same.
fn credited(before: &States<State>, fact: &Fact, heeded: &NudgeHeeded, book: &RuleBook) -> Option<Draft> {
    let thread =
        show(before, heeded.show.as_str())?.nudge(heeded.nudge.as_str()).filter(|_| heeded.response == NudgeResponse::Corrected)?;
    report(thread, &heeded.show, fact, book, (true, 0))
}

/// What is open when a show ends was not taken back in it.
fn over(before: &States<State>, fact: &Fact, closed: &ShowClosed, book: &RuleBook) -> Vec<Draft> {
    let Some(show) = show(before, closed.show.as_str()) else { return Vec::new() };
    let open = show.threads.iter().filter(|t| t.is_open());
    open.zip(0u32..).filter_map(|(t, n)| report(t, &closed.show, fact, book, (false, n))).collect()
}

/// What a show's own words have passed by: findings that were gathered long enough, and words that were not taken back in time.
/// So a show that is told long after it was on air ends as it would have then.
fn passed_by(before: &States<State>, fact: &Fact, id: &ShowId, book: &RuleBook) -> Vec<Draft> {
    let Some(show) = show(before, id.as_str()) else { return Vec::new() };
    let told = if show.is_gathered(fact.at) { gathered(show, id, fact, book) } else { None };
    let late = show.threads.iter().filter(|t| t.is_late(fact.at));
    let reports = late.zip(0u32..).filter_map(|(t, n)| report(t, id, fact, book, (false, n)));
    told.into_iter().chain(reports).collect()
}

fn fell_due(before: &States<State>, fact: &Fact, passed: &DeadlinePassed, book: &RuleBook) -> Vec<Draft> {
    let Some(id) = passed.key.as_str().strip_prefix("show/").and_then(|id| ShowId::new(id).ok()) else { return Vec::new() };
    let Some(show) = show(before, id.as_str()) else { return Vec::new() };
    let draft = match passed.purpose.as_str() {
        GATHERED => gathered(show, &id, fact, book),
        purpose => {
            let thread = purpose.strip_prefix(CORRECT).and_then(|nudge| show.nudge(nudge)).filter(|t| t.is_open());
            thread.and_then(|t| report(t, &id, fact, book, (false, 0)))
        }
    };
    draft.into_iter().collect()
}

/// Puts a claim before the reviewers, where the rules want it.
fn report(thread: &Thread, show: &ShowId, fact: &Fact, book: &RuleBook, (corrected, n): (bool, u32)) -> Option<Draft> {
    let (version, desk) = DeskRules::at(book, fact.at)?;
    let when = desk.of(thread.level).report;
    if thread.report.is_some() || when == ReportWhen::Never || when == ReportWhen::Uncorrected && corrected {
        return None;
    }
    let words = std::iter::once(thread.said.as_str()).chain(thread.statement.as_deref()).filter(|w| !w.is_empty()).collect::<Vec<_>>();
    let body = ReportFiled {
        code: desk.breach(&thread.codes[0]).clone(),
        corrected,
        evidence: Few::default(),
        item: thread.item.clone().and_then(|i| ItemId::new(i).ok()),
        moment_ms: None,
        nudge: NudgeId::new(thread.nudge.clone()).ok(),
        report: ReportId::new(derived_id("rep", fact.seq, "report.filed", n)).ok()?,
        reporter: None,
        show: Some(show.clone()),
        statement: MaskedText::new(words.join(" · ")).ok(),
        target: ThingId::new(show.as_str()).ok()?,
        target_kind: TargetKind::Show,
        utterance: UtteranceId::new(thread.utterance.clone()).ok(),
    };
    Some(Draft { at: fact.at.max(thread.at), body: body.into(), because: vec![thread.seq], rules: vec![version] })
}
