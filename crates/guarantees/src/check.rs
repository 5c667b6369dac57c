//! What makes a guarantee document contradict itself, leave a gap or overflow; such a one is refused.

use laotie_facts::body::AwardKind;
use laotie_facts::{ClockUnit, Flaw, Name, RuleDocument, SAFE_MAX};

use crate::document::{AutomaticOn, AwardRule, Base, DecidedBy, Guarantee, Needs, Scope, Since, Words};

/// Most that a multiple may be: above it an order of any size could overflow.
const MULTIPLE_MAX: u16 = 100;

/// A document is called by its id: orders carry it under that name.
pub(crate) fn named(document: &RuleDocument, id: &str) -> Result<(), Flaw> {
    Name::new(id).map_err(|e| Flaw::at("id", e.reason))?;
    let path = document.version.as_str().rsplit_once('@').map_or("", |(path, _)| path);
    match path.rsplit_once('/').map_or(path, |(_, name)| name) {
        name if name == id => Ok(()),
        name => Err(Flaw::at("id", format!("`{id}` is published as `{name}`; the two must agree"))),
    }
}

/// Checks what the types cannot say.
pub(crate) fn check(guarantee: &Guarantee) -> Result<(), Flaw> {
    if guarantee.source.trim().is_empty() {
        return Err(Flaw::at("source", "is empty; a rule says where it comes from and which figures are assumed"));
    }
    for (field, words) in [("name", &guarantee.name), ("clause", &guarantee.clause), ("promise", &guarantee.promise)] {
        spoken(field, words)?;
    }
    entitlement(guarantee)?;
    clocks(guarantee)?;
    guarantee.award.iter().enumerate().try_for_each(|(i, rule)| award(guarantee, i, rule))?;
    if let Some(i) = (1..guarantee.award.len()).find(|i| guarantee.award[..*i].iter().any(|a| a.award == guarantee.award[*i].award)) {
        return Err(Flaw::at(format!("award[{i}].award"), "stands twice; two awards of one kind overlap"));
    }
    if guarantee.award.is_empty() && guarantee.dispatch.is_none() && guarantee.refund_clock.is_none() {
        return Err(Flaw::at("award", "missing; a guarantee that pays nothing promises nothing"));
    }
    if let Some(abuse) = &guarantee.abuse {
        spoken("abuse.way_back", &abuse.way_back)?;
        if abuse.days == 0 || abuse.limited_days == 0 || abuse.share_of_orders_bps > 10_000 {
            return Err(Flaw::at("abuse", "days and limited_days are at least 1, share_of_orders_bps at most 10000"));
        }
        if abuse.days > crate::buyer::HISTORY_DAYS {
            return Err(Flaw::at("abuse.days", format!("a buyer's history is kept for {} days", crate::buyer::HISTORY_DAYS)));
        }
    }
    if let Some(cover) = &guarantee.cover {
        cover.check()?;
    }
    automatic(guarantee)
}

pub(crate) fn spoken(field: &str, words: &Words) -> Result<(), Flaw> {
    if words.zh.trim().is_empty() || words.en.trim().is_empty() {
        return Err(Flaw::at(field, "needs words in zh and en"));
    }
    Ok(())
}

fn entitlement(guarantee: &Guarantee) -> Result<(), Flaw> {
    let who = &guarantee.entitlement;
    if let Some(both) = who.categories.iter().find(|c| who.excluded_categories.contains(c)) {
        return Err(Flaw::at("entitlement.excluded_categories", format!("`{both}` stands among the categories as well")));
    }
    let mut standings = who.standings.clone();
    standings.sort_unstable();
    standings.dedup();
    if standings.len() != who.standings.len() {
        return Err(Flaw::at("entitlement.standings", "a standing stands twice"));
    }
    for (field, amount) in
        [("entitlement.order_below_minor", who.order_below_minor), ("entitlement.line_maximum_minor", who.line_maximum_minor)]
    {
        amount.map_or(Ok(()), |a| bounded(field, a))?;
        if amount.is_some() && guarantee.currency.is_none() {
            return Err(Flaw::at("currency", format!("missing; `{field}` needs it, as `CNY`")));
        }
    }
    if guarantee.trigger.reasons.is_empty() {
        return Err(Flaw::at("trigger.reasons", "empty; nothing could ever call upon it"));
    }
    let mut reasons = guarantee.trigger.reasons.clone();
    reasons.sort_unstable();
    reasons.dedup();
    if reasons.len() != guarantee.trigger.reasons.len() {
        return Err(Flaw::at("trigger.reasons", "a reason stands twice"));
    }
    Ok(())
}

fn clocks(guarantee: &Guarantee) -> Result<(), Flaw> {
    let zero = |field: &str, length: u16| if length == 0 { Err(Flaw::at(field, "is 0; a clock runs for 1 at least")) } else { Ok(()) };
    if let Some(window) = &guarantee.window {
        zero("window.length", window.length)?;
        if guarantee.trigger.needs == Needs::Undispatched && window.from != Since::Paid {
            return Err(Flaw::at(
                "window.from",
                format!("counts from `{}`, but the trigger needs an undispatched order", window.from.as_str()),
            ));
        }
        if matches!(guarantee.trigger.needs, Needs::Signed | Needs::ReturnRefunded)
            && window.from == Since::Paid
            && window.unit == ClockUnit::Hour
        {
            return Err(Flaw::at("window", "hours from payment may run out before anything is signed; count from `signed`"));
        }
    }
    zero("appeal.length", guarantee.appeal.length)?;
    match (guarantee.decision.by, &guarantee.answer) {
        (DecidedBy::Answer, None) => {
            return Err(Flaw::at("answer", "missing; a decision by answer needs the merchant's clock and what silence means"));
        }
        (DecidedBy::Rules, Some(_)) => return Err(Flaw::at("answer", "the rules decide at once; nobody is asked")),
        (_, Some(answer)) => zero("answer.length", answer.length)?,
        _ => {}
    }
    if let Some(evidence) = &guarantee.evidence {
        zero("evidence.length", evidence.length)?;
        if guarantee.decision.by == DecidedBy::Rules {
            return Err(Flaw::at("evidence", "the rules decide at once; evidence would never be looked at"));
        }
        if evidence.kinds.is_empty() && evidence.attesters.is_empty() {
            return Err(Flaw::at("evidence.kinds", "empty, and there are no attesters; no evidence could ever do"));
        }
    }
    if let Some(dispatch) = &guarantee.dispatch {
        zero("dispatch.base_hours", dispatch.base_hours)?;
        zero("dispatch.express_hours", dispatch.express_hours)?;
        if dispatch.express_hours > dispatch.base_hours {
            return Err(Flaw::at("dispatch.express_hours", "an express dispatch is slower than the base one"));
        }
        for (i, pause) in dispatch.pauses.iter().enumerate() {
            if pause.until <= pause.from {
                return Err(Flaw::at(format!("dispatch.pauses[{i}].until"), "is not after `from`"));
            }
            if i > 0 && pause.from < dispatch.pauses[i - 1].until {
                return Err(Flaw::at(
                    format!("dispatch.pauses[{i}].from"),
                    "overlaps the pause before; pauses stand in order of time and apart",
                ));
            }
        }
    }
    if guarantee.needs_return && guarantee.trigger.needs == Needs::Undispatched {
        return Err(Flaw::at("needs_return", "goods that were never dispatched cannot come back"));
    }
    Ok(())
}

fn bounded(field: &str, amount: i64) -> Result<(), Flaw> {
    if (0..=SAFE_MAX).contains(&amount) {
        return Ok(());
    }
    Err(Flaw::at(field, format!("{amount} is outside 0..={SAFE_MAX}")))
}

fn award(guarantee: &Guarantee, i: usize, rule: &AwardRule) -> Result<(), Flaw> {
    let at = |name: &str| format!("award[{i}].{name}");
    let ways = usize::from(rule.multiple.is_some()) + usize::from(rule.rate_bps.is_some()) + usize::from(rule.amount_minor.is_some());
    if ways != 1 {
        return Err(Flaw::at(at("multiple"), "name one alone of `multiple`, `rate_bps`, `amount_minor`"));
    }
    if rule.multiple.is_some_and(|m| m == 0 || m > MULTIPLE_MAX) {
        return Err(Flaw::at(at("multiple"), format!("is outside 1..={MULTIPLE_MAX}")));
    }
    if rule.rate_bps.is_some_and(|r| r == 0 || r > u32::from(MULTIPLE_MAX) * 10_000) {
        return Err(Flaw::at(at("rate_bps"), format!("is outside 1..={}", u32::from(MULTIPLE_MAX) * 10_000)));
    }
    for (name, amount) in
        [("amount_minor", rule.amount_minor), ("minimum_minor", rule.minimum_minor), ("maximum_minor", rule.maximum_minor)]
    {
        amount.map_or(Ok(()), |a| bounded(&at(name), a))?;
        if amount.is_some() && guarantee.currency.is_none() {
            return Err(Flaw::at("currency", format!("missing; `{}` needs it, as `CNY`", at(name))));
        }
    }
    if rule.minimum_minor.zip(rule.maximum_minor).is_some_and(|(min, max)| min > max) {
        return Err(Flaw::at(at("minimum_minor"), "is more than maximum_minor"));
    }
    if rule.award == AwardKind::Refund && (rule.base != Base::LinePaid || rule.multiple != Some(1) || rule.scope != Scope::Line) {
        return Err(Flaw::at(at("base"), "a refund gives back what lines count for: base = \"line_paid\", multiple = 1, scope = \"line\""));
    }
    if rule.base == Base::Claimed && (rule.maximum_minor.is_none() || rule.scope != Scope::Order) {
        return Err(Flaw::at(at("maximum_minor"), "what is asked for needs a maximum, of scope \"order\""));
    }
    if matches!(rule.base, Base::OrderPaid | Base::FreightOut) && rule.scope != Scope::Order {
        return Err(Flaw::at(at("scope"), "an order's amount is of scope \"order\""));
    }
    if !rule.shares.is_empty() {
        let sum: u32 = rule.shares.iter().map(|s| u32::from(s.share_bps)).sum();
        if sum != 10_000 || rule.payer.is_some() {
            return Err(Flaw::at(at("shares"), format!("add up to {sum}; they add up to 10000, and `payer` is left out beside them")));
        }
    }
    Ok(())
}

fn automatic(guarantee: &Guarantee) -> Result<(), Flaw> {
    match guarantee.automatic.as_ref().map(|a| a.on) {
        Some(AutomaticOn::PromiseBroken) if guarantee.dispatch.is_none() => {
            Err(Flaw::at("dispatch", "missing; what is paid when a promise is broken needs the promise's clock"))
        }
        Some(AutomaticOn::ReturnRefunded) if guarantee.trigger.needs != Needs::ReturnRefunded => {
            Err(Flaw::at("trigger.needs", "must be \"return_refunded\" for what is paid when a return was"))
        }
        Some(_) if guarantee.award.is_empty() => Err(Flaw::at("award", "missing; there is nothing to pay without being asked")),
        _ => Ok(()),
    }
}
