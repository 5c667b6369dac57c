//! What an order's steps move: its sale, holds for its claims, its settlement, and what is voided of it.

use laotie_facts::body::{ClaimOpened, DepositAccount, OrderFrozen, RefundPaid};
use laotie_facts::{Body, Fact, RuleBook};

use crate::account::{Account, PLATFORM, WORLD};
use crate::desk::{About, Desk, Side};
use crate::documents::{MoneyRules, Waterfall};
use crate::earnings::{Earnings, Share};
use crate::money_in::{Settles, charge_premium, settle};
use crate::post::{add_refunded, lines_of};
use crate::terms::take_terms;
use crate::undo::undo;
use crate::{recovery, refund, sale};

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
        refund::post_refund(desk, Some(&current), &early.refund, (early.seq, early.at));
        if let Some(Body::PostingMade(made)) = desk.drafts.last().map(|d| &d.body)
            && made.purpose.as_str() == "refund"
        {
            add_refunded(&mut current, made);
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
    let Some(currency) = earnings.currency else { return };
    let waterfall = earnings.law("waterfalls/merchant").and_then(|v| rules.version(&v)?.read::<Waterfall>().ok());
    if !waterfall.is_some_and(|w| w.holds_on_claim) {
        return;
    }
    let wanted = opened.amount_minor.map_or(earnings.left_minor(), laotie_facts::Amount::get);
    let account = Account::new(format!("shop/{}", earnings.shop), "proceeds");
    let kept = wanted.min(desk.book.available(&account, currency));
    if kept > 0 {
        let about = About { claim: Some(opened.claim.to_string()), order: Some(opened.order.to_string()), ..About::default() };
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
        Body::OrderPaid(b) => b.order.as_str(),
        Body::RefundPaid(b) => match &b.order {
            Some(order) => order.as_str(),
            None => return undo_unlinked(desk, b, target.seq, fact.seq),
        },
        Body::MarginPaid(b) => {
            let holder = format!("{}/{}", b.party_kind.as_str(), b.party);
            let purpose = if b.account == DepositAccount::Margin { "margin" } else { "freight_cover" };
            let account = Account::new(holder, purpose);
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
    let Some(mut earnings) = desk.book.order(order).cloned() else { return };
    let whole = matches!(target.body, Body::OrderPaid(_));
    let postings: Vec<_> = earnings.postings.iter().filter(|p| whole || p.because.contains(&target.seq)).cloned().collect();
    for posting in postings.iter().rev() {
        let currency = earnings.currency;
        undo(desk, Some(&mut earnings), posting, currency, &about(Some(order.to_owned())));
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
