//! What facts leave behind.

use laotie_facts::body::{NudgeHeeded, NudgeResponse, NudgeSent, OrderPaid, ReviewOutcome, SpeechVerdict, UtteranceChecked};
use laotie_facts::{Body, Fact, States, System, Timestamp};

use crate::live::show::{Pending, Said, Show, Shown, Status, Thread};
use crate::live::state::{Record, Reported, State};
use crate::live::system::{CORRECT, FAMILY, GATHERED, Speech};
use crate::live::touches::{item_key, report_key, rule_key, show_key};

fn edit_show<'a>(states: &'a mut States<State>, id: &str) -> &'a mut Show {
    states.edit(&show_key(id)).show.get_or_insert_default()
}

/// As [`edit_show`], for what the show itself tells: its own time moves on.
fn go_on<'a>(states: &'a mut States<State>, id: &str, fact: &Fact) -> &'a mut Show {
    let show = edit_show(states, id);
    show.latest_at = show.latest_at.max(fact.at);
    show
}

/// Takes a fact in.
pub(crate) fn evolve(states: &mut States<State>, fact: &Fact) {
    match &fact.body {
        Body::ItemListed(b) => {
            let shelf = states.edit(&item_key(&b.item)).item.get_or_insert_default();
            shelf.facts = Some(b.facts.clone());
            shelf.shop = Some(b.shop.to_string());
        }
        Body::ItemChanged(b) => {
            if let Some(changed) = &b.changed {
                states.edit(&item_key(&b.item)).item.get_or_insert_default().change(changed);
            }
        }
        Body::PriceSet(b) => states.edit(&item_key(&b.item)).item.get_or_insert_default().price(fact, b),
        Body::StockSet(b) => states.edit(&item_key(&b.item)).item.get_or_insert_default().stock(fact, b),
        Body::OrderPaid(b) => paid(states, fact, b, 1),
        Body::ReviewPosted(b) => reviewed(states, b.item.as_ref().map(laotie_facts::ItemId::as_str), b.stars.get(), 1),
        Body::ShowOpened(b) => {
            let show = go_on(states, b.show.as_str(), fact);
            show.opened_at = Some(fact.at);
            show.room = Some(b.room.to_string());
            show.shops = b.shops.iter().map(ToString::to_string).collect();
            show.streamer = Some(b.streamer.to_string());
            show.title = b.title.as_ref().map(|t| t.as_str().to_owned());
        }
        Body::ShowClosed(b) => {
            let show = go_on(states, b.show.as_str(), fact);
            show.closed_at = Some(fact.at);
            show.forget_gathered();
            show.threads.iter_mut().filter(|t| t.is_open()).for_each(|t| t.status = Status::Uncorrected);
        }
        Body::ItemShown(b) => {
            let name = states.get(&item_key(&b.item)).and_then(|s| s.item.as_ref()?.name()).map(str::to_owned);
            let shown = Shown { at: fact.at, item: b.item.to_string(), name, position: b.position.map(laotie_facts::Quantity::get) };
            let show = go_on(states, b.show.as_str(), fact);
            if show.items.iter().all(|s| s.at <= shown.at) {
                show.show_item(shown);
            }
        }
        Body::FactVoided(_) => {
            if let Some(target) = fact.target.as_deref() {
                voided(states, target);
            }
        }
        _ => heard(states, fact),
    }
}

fn heard(states: &mut States<State>, fact: &Fact) {
    match &fact.body {
        Body::UtteranceHeard(b) => {
            let show = go_on(states, b.show.as_str(), fact);
            if show.is_gathered(fact.at) {
                show.forget_gathered();
            }
            show.threads.iter_mut().filter(|t| t.is_late(fact.at)).for_each(|t| t.status = Status::Uncorrected);
            let known = show.sentence(b.utterance.as_str());
            if known.is_some_and(|k| !k.interim && b.interim) {
                return;
            }
            if !b.interim && known.is_none_or(|k| k.interim) {
                show.heard += 1;
            }
            if show.streamer.is_none() {
                show.streamer = b.streamer.as_ref().map(ToString::to_string);
            }
            show.say(Said { interim: b.interim, nudges: Vec::new(), text: b.text.as_str().to_owned(), utterance: b.utterance.to_string() });
        }
        Body::UtteranceChecked(b) => checked(states, fact, b),
        Body::NudgeSent(b) => nudged(states, fact, b),
        Body::NudgeHeeded(b) => heeded(states, b),
        Body::ReportFiled(b) => {
            let (Some(nudge), Some(id)) = (&b.nudge, &b.show) else { return };
            let Some(thread) = edit_show(states, id.as_str()).nudge_mut(nudge.as_str()) else { return };
            thread.report = Some(b.report.to_string());
            let reported = Reported { rule: thread.rule.clone(), version: thread.version.clone() };
            states.edit(&report_key(&b.report)).report = Some(reported);
        }
        Body::CaseReviewed(b) => {
            let Some(reported) = states.get(&report_key(&b.case)).and_then(|s| s.report.clone()) else { return };
            count(states, &reported.rule, &reported.version, |record| match b.outcome {
                ReviewOutcome::Uphold | ReviewOutcome::UpholdInPart => record.upheld += 1,
                ReviewOutcome::Reject => record.rejected += 1,
                _ => {}
            });
        }
        Body::DeadlinePassed(b) if b.system.as_str() == Speech::NAME => {
            let Some(show) = states.edit(b.key.as_str()).show.as_mut() else { return };
            match b.purpose.as_str() {
                GATHERED => show.forget_gathered(),
                purpose => {
                    let thread = purpose.strip_prefix(CORRECT).and_then(|nudge| show.nudge_mut(nudge));
                    thread.into_iter().filter(|t| t.is_open()).for_each(|t| t.status = Status::Uncorrected);
                }
            }
        }
        _ => {}
    }
}

/// A moment of the show as the clock comes to it: as long after the fact was heard of as the moment is after the fact.
fn by_clock(fact: &Fact, moment: Timestamp) -> Timestamp {
    moment.max(fact.seen.plus_micros(moment.micros() - fact.at.micros()))
}

fn count(states: &mut States<State>, rule: &str, version: &str, change: impl FnOnce(&mut Record)) {
    change(states.edit(&rule_key(rule)).rule.entry(version.to_owned()).or_default());
}

fn checked(states: &mut States<State>, fact: &Fact, b: &UtteranceChecked) {
    let show = edit_show(states, b.show.as_str());
    show.found += i64::try_from(b.findings.len()).unwrap_or(0);
    for finding in &b.findings {
        let proof = finding.verdict == SpeechVerdict::NoRecord;
        let told = proof || matches!(finding.verdict, SpeechVerdict::Asserted | SpeechVerdict::Contradicted);
        match &finding.nudge {
            Some(nudge) => {
                if let Some(thread) = show.nudge_mut(nudge.as_str()) {
                    thread.times += 1;
                }
                if let Some(said) = show.said.iter_mut().rev().find(|s| s.utterance == b.utterance.as_str()) {
                    said.nudges.push(nudge.to_string());
                }
            }
            None if told && b.gather_until.is_some() => show.pending.push(Pending {
                code: finding.code.as_str().to_owned(),
                confidence_ppm: finding.confidence_ppm.get(),
                fact: finding.fact.as_ref().map(|f| f.as_str().to_owned()),
                item: b.item.as_ref().map(ToString::to_string),
                proof,
                rule: finding.rule.as_str().to_owned(),
                seq: fact.seq,
                span: (finding.span.start.get(), finding.span.end.get()),
                utterance: b.utterance.to_string(),
            }),
            None => {}
        }
    }
    if let Some(until) = b.gather_until {
        show.gather_until.get_or_insert(until);
        show.gather_look.get_or_insert(by_clock(fact, until));
    }
}

fn nudged(states: &mut States<State>, fact: &Fact, b: &NudgeSent) {
    let rule = b.rule.as_ref().map_or("", |r| r.as_str()).to_owned();
    let version = fact.rules.iter().map(laotie_facts::RuleVersion::as_str).find(|r| r.starts_with(FAMILY)).unwrap_or_default().to_owned();
    let show = edit_show(states, b.show.as_str());
    show.nudged += 1;
    let codes = std::iter::once(&b.code).chain(b.also.iter().map(|a| &a.code)).map(|c| c.as_str().to_owned());
    let mut kinds: Vec<String> = Vec::new();
    codes.for_each(|code| {
        if !kinds.contains(&code) {
            kinds.push(code);
        }
    });
    let thread = Thread {
        at: fact.at,
        codes: kinds,
        contradicted: b.fact.is_some(),
        correct_by: b.correct_by.unwrap_or(fact.at),
        item: b.item.as_ref().map(ToString::to_string),
        level: b.level,
        look_at: by_clock(fact, b.correct_by.unwrap_or(fact.at)),
        nudge: b.nudge.to_string(),
        report: None,
        rule: rule.clone(),
        said: b.said.as_ref().map_or("", |s| s.as_str()).to_owned(),
        seq: fact.seq,
        statement: None,
        status: Status::Open,
        times: 0,
        utterance: b.utterance.as_ref().map_or("", |u| u.as_str()).to_owned(),
        version: version.clone(),
    };
    if let Some(said) = show.said.iter_mut().rev().find(|s| s.utterance == thread.utterance) {
        said.nudges.push(thread.nudge.clone());
    }
    show.open_thread(thread);
    count(states, &rule, &version, |record| record.nudged += 1);
}

fn heeded(states: &mut States<State>, b: &NudgeHeeded) {
    let show = edit_show(states, b.show.as_str());
    let Some(thread) = show.nudge_mut(b.nudge.as_str()) else { return };
    thread.status = match b.response {
        NudgeResponse::Corrected => Status::Corrected,
        NudgeResponse::Acknowledged => Status::Acknowledged,
        NudgeResponse::Dismissed => Status::Dismissed,
        NudgeResponse::Proof => Status::Proof,
        NudgeResponse::Withdrawn => Status::Withdrawn,
    };
    let proof = b.file.as_ref().map(|f| format!("sha256 {}", f.hash));
    let words = [b.statement.as_ref().map(|s| s.as_str().to_owned()), proof].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    if !words.is_empty() {
        thread.statement = Some(words);
    }
    let (rule, version) = (thread.rule.clone(), thread.version.clone());
    if b.response == NudgeResponse::Corrected {
        show.corrected += 1;
    }
    count(states, &rule, &version, |record| match b.response {
        NudgeResponse::Corrected => record.corrected += 1,
        NudgeResponse::Dismissed => record.dismissed += 1,
        NudgeResponse::Withdrawn => record.withdrawn += 1,
        NudgeResponse::Acknowledged | NudgeResponse::Proof => {}
    });
}

/// Sales of items that are on file; of others nothing is kept.
fn paid(states: &mut States<State>, fact: &Fact, b: &OrderPaid, sign: i64) {
    let in_show = b.show.as_ref().map(laotie_facts::ShowId::as_str);
    for line in &b.lines {
        let key = item_key(&line.item);
        if states.get(&key).is_none_or(|s| s.item.is_none()) {
            continue;
        }
        let (qty, unit) = (line.qty.get(), line.unit_price_minor.map(laotie_facts::SignedAmount::get));
        if let Some(shelf) = states.edit(&key).item.as_mut() {
            shelf.sell(fact.at, qty, unit, in_show, sign);
        }
    }
}

fn reviewed(states: &mut States<State>, item: Option<&str>, stars: i64, sign: i64) {
    let Some(key) = item.map(item_key) else { return };
    if states.get(&key).is_some_and(|s| s.item.is_some())
        && let Some(shelf) = states.edit(&key).item.as_mut()
    {
        shelf.review(stars, sign);
    }
}

fn voided(states: &mut States<State>, target: &Fact) {
    let forget = |states: &mut States<State>, key: String| {
        if let Some(shelf) = states.edit(&key).item.as_mut() {
            shelf.forget(target.seq);
        }
    };
    match &target.body {
        Body::PriceSet(b) => forget(states, item_key(&b.item)),
        Body::StockSet(b) => forget(states, item_key(&b.item)),
        Body::OrderPaid(b) => paid(states, target, b, -1),
        Body::ReviewPosted(b) => reviewed(states, b.item.as_ref().map(laotie_facts::ItemId::as_str), b.stars.get(), -1),
        _ => {}
    }
}
