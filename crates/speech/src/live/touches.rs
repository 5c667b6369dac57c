//! Which states a fact touches; asked again as they are loaded.

use laotie_facts::{Body, Fact, States, System};

use crate::live::meant::meant;
use crate::live::show::Show;
use crate::live::state::State;
use crate::live::system::Speech;

pub(crate) fn item_key(item: impl std::fmt::Display) -> String {
    format!("item/{item}")
}

pub(crate) fn show_key(show: impl std::fmt::Display) -> String {
    format!("show/{show}")
}

pub(crate) fn rule_key(rule: &str) -> String {
    format!("rule/{rule}")
}

pub(crate) fn report_key(report: impl std::fmt::Display) -> String {
    format!("report/{report}")
}

pub(crate) fn show<'a>(states: &'a States<State>, id: &str) -> Option<&'a Show> {
    states.get(&show_key(id))?.show.as_ref()
}

/// The keys of the states that a fact touches, as far as loaded states tell.
pub(crate) fn touches(before: &States<State>, fact: &Fact) -> Vec<String> {
    match &fact.body {
        Body::ItemListed(b) => vec![item_key(&b.item)],
        Body::ItemChanged(b) => vec![item_key(&b.item)],
        Body::PriceSet(b) => vec![item_key(&b.item)],
        Body::StockSet(b) => vec![item_key(&b.item)],
        Body::OrderPaid(b) => {
            let mut keys: Vec<String> = b.lines.iter().map(|l| item_key(&l.item)).collect();
            keys.sort();
            keys.dedup();
            keys
        }
        Body::ReviewPosted(b) => b.item.iter().map(item_key).collect(),
        Body::ShowOpened(b) => vec![show_key(&b.show)],
        Body::ShowClosed(b) => vec![show_key(&b.show)],
        Body::ItemShown(b) => vec![show_key(&b.show), item_key(&b.item)],
        Body::UtteranceHeard(b) => {
            let known = show(before, b.show.as_str());
            let item = b.item.as_ref().map(laotie_facts::ItemId::as_str).or_else(|| known.and_then(|s| meant(s, b.text.as_str())));
            std::iter::once(show_key(&b.show)).chain(item.map(item_key)).collect()
        }
        Body::UtteranceChecked(b) => vec![show_key(&b.show)],
        Body::NudgeSent(b) => {
            let rule = b.rule.as_ref().map(|r| rule_key(r.as_str()));
            std::iter::once(show_key(&b.show)).chain(rule).collect()
        }
        Body::NudgeHeeded(b) => {
            let thread = show(before, b.show.as_str()).and_then(|s| s.nudge(b.nudge.as_str()));
            std::iter::once(show_key(&b.show)).chain(thread.map(|t| rule_key(&t.rule))).collect()
        }
        Body::ReportFiled(b) if b.nudge.is_some() => b.show.iter().map(show_key).chain(std::iter::once(report_key(&b.report))).collect(),
        Body::CaseReviewed(b) if b.claim.is_none() => {
            let key = report_key(&b.case);
            let rule = before.get(&key).and_then(|s| s.report.as_ref()).map(|r| rule_key(&r.rule));
            std::iter::once(key).chain(rule).collect()
        }
        Body::DeadlinePassed(b) if b.system.as_str() == Speech::NAME => vec![b.key.as_str().to_owned()],
        Body::FactVoided(_) => fact.target.as_deref().map(|target| voided(before, target)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// A voiding touches what the fact itself does, where something of it is taken back.
fn voided(before: &States<State>, target: &Fact) -> Vec<String> {
    match &target.body {
        Body::PriceSet(_) | Body::StockSet(_) | Body::OrderPaid(_) | Body::ReviewPosted(_) => touches(before, target),
        _ => Vec::new(),
    }
}
