//! Which guarantee a claim rests on, and why it cannot be.

use std::sync::Arc;

use laotie_cases::Obstacle;
use laotie_facts::body::ClaimOpened;
use laotie_facts::{Calendar, RuleBook, RuleVersion, States, Timestamp};

use crate::awards::{Sought, at_risk};
use crate::document::{Guarantee, Level, Needs, Since};
use crate::order::{ClaimStanding, OrderState, Term};
use crate::state::{Look, State};

/// What a claim rests on.
#[derive(Debug, Clone)]
pub(crate) struct Pick {
    /// The most that a ruling can award.
    pub(crate) at_risk_minor: i64,
    /// Which lines.
    pub(crate) lines: Vec<String>,
    /// The guarantee and its version; none for a plain dispute.
    pub(crate) rule: Option<(RuleVersion, Arc<Guarantee>)>,
}

/// Whether a claim can be opened.
pub(crate) fn may_open(states: &States<State>, opened: &ClaimOpened, at: Timestamp, book: &RuleBook) -> Result<(), Obstacle> {
    let order_id = opened.order.as_str();
    let Some(order) = states.order(order_id) else {
        return Err(Obstacle::new("order-unknown", format!("no order `{order_id}` was paid; send `order.paid` first")));
    };
    if states.claim(opened.claim.as_str()).is_some() {
        return Err(Obstacle::new(
            "claim-id-reused",
            format!("claim `{}` was opened already; another claim needs another id", opened.claim),
        ));
    }
    if let (Some(theirs), Some(mine)) = (&opened.buyer, &order.buyer)
        && theirs.as_str() != mine
    {
        return Err(Obstacle::new("not-the-buyer", format!("order `{order_id}` was paid by another buyer, who alone can claim")));
    }
    if let Some(theirs) = opened.currency.filter(|c| *c != order.currency) {
        return Err(Obstacle::new(
            "currency-mismatch",
            format!("the order is in {}, the claim in {theirs}; nothing converts", order.currency),
        ));
    }
    if let Some(unknown) = opened.lines.iter().find(|l| !order.lines.iter().any(|mine| mine.line == l.as_str())) {
        return Err(Obstacle::new("line-unknown", format!("order `{order_id}` has no line `{unknown}`")));
    }
    let pick = pick(states, order, opened, at, book)?;
    let name = pick.rule.as_ref().map_or("", |(_, r)| r.id.as_str());
    let before = order.claims.iter().filter(|c| !c.automatic && matches!(c.standing, ClaimStanding::Open | ClaimStanding::Upheld));
    if let Some(before) = before.into_iter().find(|c| c.guarantee == name && c.lines.iter().any(|l| pick.lines.contains(l))) {
        let how = if before.standing == ClaimStanding::Open { "is open" } else { "was upheld" };
        return Err(Obstacle::new(
            "claim-repeated",
            format!("claim `{}` for the same goods under the same guarantee {how}; put more before that one, or appeal", before.claim),
        ));
    }
    if order.claims.iter().any(|c| c.automatic && c.guarantee == name && c.standing == ClaimStanding::Upheld) {
        // Paid without being asked: the claim is taken and ruled on at once, so that the buyer is told.
        return Ok(());
    }
    let most = pick.at_risk_minor.saturating_add(order.freight_minor);
    if let Some(asked) = opened.amount_minor.map(laotie_facts::Amount::get).filter(|asked| *asked > most) {
        return Err(Obstacle::new(
            "amount-too-large",
            format!("{asked} is asked for, {} is the most that it can come to", pick.at_risk_minor),
        ));
    }
    Ok(())
}

/// The guarantee that a claim names, or the one that fits best; a plain dispute when none does.
pub(crate) fn pick(
    states: &States<State>,
    order: &OrderState,
    opened: &ClaimOpened,
    at: Timestamp,
    book: &RuleBook,
) -> Result<Pick, Obstacle> {
    let named: Vec<String> = opened.lines.iter().map(ToString::to_string).collect();
    let read = |term: &Term| {
        let document = book.version(&term.version)?;
        Some((document.version.clone(), document.read::<Guarantee>().ok()?))
    };
    let build = |term: Option<&Term>, rule: Option<(RuleVersion, Arc<Guarantee>)>| {
        let lines: Vec<String> = order.lines_of(&named, term).map(|l| l.line.clone()).collect();
        let claimed_minor = opened.amount_minor.map(laotie_facts::Amount::get);
        let sought =
            Sought { claim: opened.claim.as_str(), claimed_minor, lines: &lines, order, rule: rule.as_ref().map(|(_, r)| r.as_ref()) };
        let at_risk_minor = at_risk(&sought);
        Pick { at_risk_minor, lines, rule }
    };
    if let Some(name) = &opened.guarantee {
        let Some((term, rule)) = order.terms.get(name.as_str()).and_then(|t| Some((t, read(t)?))) else {
            let carried = order.terms.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(Obstacle::new("not-entitled", format!("the order does not carry `{name}`; it carries {carried}")));
        };
        if let Some(line) = named.iter().find(|l| !term.lines.is_empty() && !term.lines.contains(l)) {
            return Err(Obstacle::new(
                "not-entitled",
                format!("`{name}` does not hold for line `{line}`; it holds for {}", term.lines.join(", ")),
            ));
        }
        fits(&rule.1, order, opened, at, book)?;
        limited(states, order, &rule.1, at)?;
        return Ok(build(Some(term), Some(rule)));
    }
    let mut best: Option<Pick> = None;
    for term in order.terms.values() {
        let Some((version, rule)) = read(term) else { continue };
        let skipped = rule.entitlement.fallback || rule.trigger.by_name;
        let holds = named.iter().all(|l| term.lines.is_empty() || term.lines.contains(l));
        if skipped || !holds || fits(&rule, order, opened, at, book).is_err() || limited(states, order, &rule, at).is_err() {
            continue;
        }
        let found = build(Some(term), Some((version, rule)));
        let too_much = opened.amount_minor.is_some_and(|asked| asked.get() > found.at_risk_minor.saturating_add(order.freight_minor));
        if !too_much && best.as_ref().is_none_or(|b| rank(&found) > rank(b)) {
            best = Some(found);
        }
    }
    if let Some(best) = best {
        return Ok(best);
    }
    let fallback = order.terms.values().find_map(|term| {
        let (version, rule) = read(term)?;
        (rule.entitlement.fallback && fits(&rule, order, opened, at, book).is_ok()).then(|| build(Some(term), Some((version, rule))))
    });
    Ok(fallback.unwrap_or_else(|| build(None, None)))
}

/// The higher award first, then what the law gives, then what covers fewer reasons and so fits closer.
fn rank(pick: &Pick) -> (i64, bool, std::cmp::Reverse<usize>) {
    let rule = pick.rule.as_ref().map(|(_, r)| r);
    let reasons = rule.map_or(usize::MAX, |r| r.trigger.reasons.len());
    (pick.at_risk_minor, rule.is_some_and(|r| r.level == Level::Base), std::cmp::Reverse(reasons))
}

/// Whether reason, wish, the order's progress and the window fit.
fn fits(rule: &Guarantee, order: &OrderState, opened: &ClaimOpened, at: Timestamp, book: &RuleBook) -> Result<(), Obstacle> {
    let name = &rule.id;
    if !rule.trigger.reasons.contains(&opened.reason) {
        return Err(Obstacle::new("reason-not-covered", format!("`{name}` does not cover this reason; {}", rule.clause.en)));
    }
    if !rule.trigger.wishes.is_empty() && !rule.trigger.wishes.contains(&opened.wish) {
        return Err(Obstacle::new("reason-not-covered", format!("`{name}` does not give what is asked for; {}", rule.clause.en)));
    }
    let early = |what: &str| Err(Obstacle::new("window-not-open", format!("`{name}` can be called upon once the order is {what}")));
    match rule.trigger.needs {
        Needs::Undispatched if order.dispatched.is_some() => {
            return Err(Obstacle::new(
                "outside-window",
                format!("`{name}` ends with the dispatch, which was at {}", order.dispatched.map_or(at, |d| d.1)),
            ));
        }
        Needs::Dispatched if order.dispatched.is_none() => return early("dispatched"),
        Needs::Signed if order.signed_at().is_none() => return early("signed for"),
        Needs::ReturnRefunded if !order.returns.iter().any(|r| r.refunded) => return early("returned and refunded"),
        _ => {}
    }
    let Some(window) = rule.window else { return Ok(()) };
    let from = match window.from {
        Since::Paid => Some(order.paid.1),
        Since::Dispatched => order.dispatched.map(|d| d.1),
        Since::Signed => order.signed_at(),
    };
    let Some(from) = from else { return early(window.from.as_str()) };
    let until = window.clock().end(from, &Calendar::at(book, at));
    if at < from {
        return Err(Obstacle::new("window-not-open", format!("`{name}` can be called upon from {from} until {until}; {}", rule.clause.en)));
    }
    if at > until {
        return Err(Obstacle::new(
            "outside-window",
            format!("`{name}` could be called upon from {from} until {until}; {}", rule.clause.en),
        ));
    }
    Ok(())
}

/// A limited buyer may call upon what everyone has, not upon what is above it.
fn limited(states: &States<State>, order: &OrderState, rule: &Guarantee, at: Timestamp) -> Result<(), Obstacle> {
    if rule.level == Level::Base {
        return Ok(());
    }
    let buyer = order.buyer.as_ref().and_then(|b| states.buyer(b));
    match buyer.and_then(|b| b.limited_until(&rule.id, at)) {
        Some(until) => Err(Obstacle::new(
            "buyer-limited",
            format!(
                "the buyer cannot call upon `{}` until {until}; what the law gives stays, and the standing can be appealed against",
                rule.id
            ),
        )),
        None => Ok(()),
    }
}
