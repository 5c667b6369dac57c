//! What an order's steps move: its sale, holds for its claims, its settlement, and what is voided of it.

use laotie_facts::body::{ClaimOpened, OrderFrozen, RefundPaid};
use laotie_facts::{Body, Fact, RuleBook};

use crate::account::{Account, PLATFORM, WORLD};
use crate::desk::{About, Desk, Side};
use crate::documents::{MoneyRules, Waterfall};
use crate::earnings::{Earnings, Share};
use crate::money_in::{Settles, charge_premium, deposited, settle};
use crate::post::{add_refunded, lines_of};
use crate::state::Posted;
use crate::terms::take_terms;
use crate::undo::undo;
use crate::{plan, recovery, refund, sale};

/// The sale, and what came before it.
pub(crate) fn sell(desk: &mut Desk<'_>, frozen: &OrderFrozen, fact: &Fact) {
    let order = frozen.order.as_str();
    let Some(earnings) = desk.book.order(order).filter(|e| e.sale.is_some()) else { return };
    let fees = MoneyRules::at(desk.rules, fact.at).fees;
    if let Some((version, _)) = &fees {
        desk.rests_on(version.clone());
    }
    sale::post_sale(desk, earnings, frozen, fees.as_ref().map(|(_, f)| f.as_ref()));
    if earnings.refunds.is_empty() && !earnings.dispatched && earnings.shop_share == Share::Escrowed {
        return;
    }
    let mut current = earnings.clone();
    take_terms(&mut current, frozen);
    if let Some(Body::PostingMade(made)) = desk.drafts.last().map(|d| &d.body) {
        current.lines = lines_of(made);
    }
    for early in &earnings.refunds {
        let from = desk.drafts.len();
        refund::post_refund(desk, Some(&current), &early.refund, (early.seq, early.at));
        for draft in &desk.drafts[from..] {
            if let Body::PostingMade(made) = &draft.body
                && made.purpose.as_str() == "refund"
            {
                add_refunded(&mut current, made);
            }
        }
    }
    if earnings.dispatched {
        charge_premium(desk, &current, order);
    }
    settle_what_waited(desk, &current, order, None);
}

/// An open claim keeps its amount from being withdrawn, once the order has settled.
pub(crate) fn hold_for_claim(desk: &mut Desk<'_>, opened: &ClaimOpened, rules: &RuleBook) {
    let Some(earnings) = desk.book.order(opened.order.as_str()).filter(|e| e.shop_share == Share::Settled) else { return };
    let wanted = opened.amount_minor.map_or(earnings.left_minor(), laotie_facts::Amount::get);
    hold(desk, earnings, rules, opened.order.as_str(), opened.claim.as_str(), wanted);
}

/// What a decided claim no longer holds, the order's other open claims do, as far as they could not before.
pub(crate) fn hold_for_others(desk: &mut Desk<'_>, earnings: &Earnings, order: &str, decided: &str, rules: &RuleBook) {
    let holder = format!("shop/{}", earnings.shop);
    if earnings.shop_share != Share::Settled {
        return;
    }
    for claim in earnings.open_claims.iter().filter(|c| *c != decided) {
        let held: i64 = desk
            .book
            .party(&holder)
            .map_or(0, |p| p.holds.values().filter(|h| h.claim.as_ref() == Some(claim)).map(|h| h.amount_minor).sum());
        let asked = desk.book.claim(claim).and_then(|c| c.asked_minor);
        hold(desk, earnings, rules, order, claim, asked.unwrap_or(earnings.left_minor()) - held);
    }
}

fn hold(desk: &mut Desk<'_>, earnings: &Earnings, rules: &RuleBook, order: &str, claim: &str, wanted_minor: i64) {
    let Some(currency) = earnings.currency else { return };
    let waterfall = earnings.law("waterfalls/merchant").and_then(|v| rules.version(&v)?.read::<Waterfall>().ok());
    if !waterfall.is_some_and(|w| w.holds_on_claim) {
        return;
    }
    let account = Account::new(format!("shop/{}", earnings.shop), "proceeds");
    let kept = wanted_minor.min(desk.book.available(&account, currency));
    if kept > 0 {
        let about = About { claim: Some(claim.to_owned()), order: Some(order.to_owned()), ..About::default() };
        desk.hold(&account.to_string(), kept, currency, "claim", &about);
    }
}

/// What waited for a claim to be decided settles now, when no other claim is open.
pub(crate) fn settle_what_waited(desk: &mut Desk<'_>, earnings: &Earnings, order: &str, closed: Option<&str>) {
    if earnings.open_claims.iter().any(|c| Some(c.as_str()) != closed) || earnings.lines.is_empty() {
        return;
    }
    if earnings.shop_share == Share::Due {
        settle(desk, earnings, order, Settles::Shop);
    }
    if earnings.promoters == Share::Due {
        settle(desk, earnings, order, Settles::Promoters);
    }
}

pub(crate) fn fall_due(desk: &mut Desk<'_>, key: &str, purpose: &str) {
    if let Some(debt) = purpose.strip_prefix("debt/") {
        recovery::fall_due(desk, key, debt);
        return;
    }
    if let Some(debt) = purpose.strip_prefix("plan/") {
        plan::instalment_due(desk, key, debt);
        return;
    }
    let Some(order) = key.strip_prefix("order/") else { return };
    let Some(earnings) = desk.book.order(order).filter(|e| e.open_claims.is_empty()) else { return };
    match purpose {
        "settlement" if earnings.shop_share != Share::Settled => settle(desk, earnings, order, Settles::Shop),
        "commission_settlement" if earnings.promoters != Share::Settled => settle(desk, earnings, order, Settles::Promoters),
        _ => {}
    }
}

/// A fact was a mistake: what it moved is taken back.
pub(crate) fn take_back(desk: &mut Desk<'_>, fact: &Fact) {
    let Some(target) = &fact.target else { return };
    let about = |order: Option<String>| About { because: vec![fact.seq, target.seq], order, ..About::default() };
    let order = match &target.body {
        Body::PlanProposed(b) => return plan::undone(desk, &format!("{}/{}", b.party_kind.as_str(), b.party), b.plan.as_str()),
        Body::PlanAgreed(b) => return plan::undone(desk, &format!("{}/{}", b.party_kind.as_str(), b.party), b.plan.as_str()),
        Body::OrderPaid(b) => b.order.as_str(),
        Body::OrderDispatched(b) => b.order.as_str(),
        Body::RefundPaid(b) => match &b.order {
            Some(order) => order.as_str(),
            None => return undo_unlinked(desk, b, target.seq, fact.seq),
        },
        Body::MarginPaid(b) => {
            let account = deposited(desk, b);
            let taken = b.amount_minor.get().min(desk.book.available(&account, b.currency));
            let sides = vec![
                Side::new(&account, -taken),
                Side::new(format!("{PLATFORM}/fund"), taken - b.amount_minor.get()),
                Side::new(format!("{WORLD}/money"), b.amount_minor.get()),
            ];
            return desk.post("reversal", b.currency, &about(None), sides, Vec::new());
        }
        _ => return,
    };
    let Some(mut earnings) = desk.book.any_order(order).cloned() else { return };
    let follows = |p: &Posted| match &target.body {
        Body::OrderPaid(_) => true,
        Body::OrderDispatched(_) => p.purpose == "freight_cover_fee",
        _ => p.because.contains(&target.seq),
    };
    let postings: Vec<_> = earnings.postings.iter().filter(|p| follows(p)).cloned().collect();
    for posting in postings.iter().rev() {
        let mut about = about(Some(order.to_owned()));
        if let (Body::RefundPaid(b), "award_paid") = (&target.body, posting.purpose.as_str()) {
            // The buyer is owed the award again.
            about.claim = b.claim.as_ref().map(ToString::to_string);
        }
        let currency = earnings.currency;
        undo(desk, Some(&mut earnings), posting, currency, &about);
    }
    if matches!(target.body, Body::OrderDispatched(_)) && !postings.is_empty() {
        let shop = format!("shop/{}", earnings.shop);
        recovery::resume(desk, &shop);
    }
}

fn undo_unlinked(desk: &mut Desk<'_>, refund: &RefundPaid, target: i64, by: i64) {
    let Some(shop) = &refund.shop else { return };
    let about = About { because: vec![by, target], ..About::default() };
    let sides = vec![
        Side::new(format!("{WORLD}/money"), -refund.amount_minor.get()),
        Side::new(format!("shop/{shop}/proceeds"), refund.amount_minor.get()),
    ];
    desk.post("reversal", refund.currency, &about, sides, Vec::new());
}
