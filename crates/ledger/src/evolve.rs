//! Facts taken in.

use laotie_facts::body::{PartyKind, PartyRegistered};
use laotie_facts::{Body, Fact, FactBody as _, States, Subject, System};

use crate::account::Account;
use crate::book::{Book, claim_key, order_key};
use crate::earnings::{Earnings, OrderRefund, Share};
use crate::plan::Plan;
use crate::post::take_posting;
use crate::state::{Debt, Holding, LedgerState, Party};
use crate::system::Ledger;
use crate::terms::{set_clocks, take_terms};

pub(crate) fn party<'s>(states: &'s mut States<LedgerState>, holder: &str) -> &'s mut Party {
    let state = states.edit(holder);
    if !matches!(state, LedgerState::Party(_)) {
        *state = LedgerState::Party(Box::default());
    }
    match state {
        LedgerState::Party(party) => party,
        _ => unreachable!("made a party above"),
    }
}

pub(crate) fn order<'s>(states: &'s mut States<LedgerState>, id: &str) -> &'s mut Earnings {
    let state = states.edit(&order_key(id));
    if !matches!(state, LedgerState::Order(_)) {
        *state = LedgerState::Order(Box::default());
    }
    match state {
        LedgerState::Order(order) => order,
        _ => unreachable!("made an order above"),
    }
}

pub(crate) fn evolve(states: &mut States<LedgerState>, fact: &Fact) {
    step_of_order(states, fact);
    match &fact.body {
        Body::PartyRegistered(joined) => register(states, joined),
        Body::PostingMade(made) => take_posting(states, fact, made),
        Body::HoldPlaced(b) => {
            let Some(account) = Account::parse(b.account.as_str()) else { return };
            let party = party(states, &account.holder);
            party.holds_mut(&account.purpose, b.currency).held_minor += b.amount_minor.get();
            let holding = Holding {
                amount_minor: b.amount_minor.get(),
                claim: b.claim.as_ref().map(ToString::to_string),
                currency: b.currency,
                on: account.purpose,
                purpose: b.purpose.as_str().to_owned(),
                until: b.until,
            };
            party.holds.insert(b.hold.to_string(), holding);
        }
        Body::HoldEnded(b) => {
            let Some(account) = Account::parse(b.account.as_str()) else { return };
            let party = party(states, &account.holder);
            if let Some(holding) = party.holds.remove(b.hold.as_str()) {
                party.holds_mut(&holding.on, holding.currency).held_minor -= holding.amount_minor;
            }
        }
        Body::DebtRaised(b) => {
            let debt = Debt {
                claim: b.claim.as_ref().map(ToString::to_string),
                creditor_account: b.creditor_account.as_str().to_owned(),
                currency: b.currency,
                due: b.due,
                freezes: b.freezes,
                id: b.debt.to_string(),
                overdue: false,
                penalty: b.penalty.as_ref().map(ToString::to_string),
                plan: None,
                proposed: None,
            };
            party(states, &format!("{}/{}", b.party_kind.as_str(), b.party)).debts.push(debt);
        }
        Body::PlanProposed(b) => {
            let plan = Plan::of(b);
            debt(states, &b.subject(), |d| d.id == b.debt.as_str(), |d| d.proposed = Some(plan.clone()));
        }
        Body::PlanAgreed(b) => {
            let by = b.by.to_string();
            debt(
                states,
                &b.subject(),
                |d| d.is_proposed(b.plan.as_str()),
                |d| d.plan = d.proposed.take().map(|p| Plan { agreed_by: Some(by.clone()), ..p }),
            );
        }
        Body::PlanBroken(b) => debt(states, &b.subject(), |d| d.is_on(b.plan.as_str()), |d| d.plan = None),
        Body::SettlementFrozen(b) => party(states, &format!("{}/{}", b.party_kind.as_str(), b.party)).frozen = true,
        Body::SettlementResumed(b) => party(states, &format!("{}/{}", b.party_kind.as_str(), b.party)).frozen = false,
        Body::DeadlinePassed(passed) if passed.system.as_str() == Ledger::NAME => {
            pass(states, passed.key.as_str(), passed.purpose.as_str());
        }
        Body::FactRefused(b) => {
            if let Some(id) = b.history.as_str().strip_prefix("order/")
                && Book::new(states).any_order(id).is_some_and(|e| !e.refunds.is_empty())
            {
                order(states, id).refunds.retain(|e| e.seq != b.seq.get());
            }
        }
        Body::FactVoided(_) => void(states, fact),
        _ => {}
    }
}

/// What an order's own steps leave with it.
fn step_of_order(states: &mut States<LedgerState>, fact: &Fact) {
    match &fact.body {
        Body::OrderPaid(paid) => {
            let earnings = order(states, paid.order.as_str());
            earnings.buyer = paid.buyer.as_ref().map(ToString::to_string);
            earnings.currency = Some(paid.currency);
            earnings.shop = paid.shop.to_string();
            earnings.streamer = paid.streamer.as_ref().map(ToString::to_string);
            earnings.sale = Some(Box::new(paid.clone()));
        }
        Body::OrderFrozen(frozen) => {
            let earnings = order(states, frozen.order.as_str());
            earnings.sale = None;
            let floor = take_terms(earnings, frozen);
            let shop = format!("shop/{}", earnings.shop);
            if earnings.premium_minor > 0 {
                let principal = Book::new(states).principal(&shop);
                let before = Book::new(states).party(&principal).and_then(|p| p.freight_floor_minor);
                if before != floor {
                    party(states, &principal).freight_floor_minor = floor;
                }
            }
        }
        Body::OrderDispatched(b) if !known(states, b.order.as_str()) => order(states, b.order.as_str()).dispatched = true,
        Body::OrderReceived(b) => {
            let earnings = order(states, b.order.as_str());
            earnings.received_at = Some(fact.at);
            set_clocks(earnings);
        }
        Body::RefundPaid(b) => {
            if let Some(id) = &b.order {
                order(states, id.as_str()).refunds.push(OrderRefund { at: fact.at, refund: b.clone(), seq: fact.seq });
            }
        }
        Body::ClaimOpened(b) if known(states, b.order.as_str()) => {
            order(states, b.order.as_str()).open_claims.push(b.claim.to_string());
            if let LedgerState::Claim(money) = claim_state(states, b.claim.as_str()) {
                money.asked_minor = b.amount_minor.map(laotie_facts::Amount::get);
                money.order = Some(b.order.to_string());
            }
        }
        Body::RulingMade(b) => {
            if let Some(id) = &b.order {
                let claim = b.claim.as_str();
                if Book::new(states).order(id.as_str()).is_some_and(|e| e.open_claims.iter().any(|c| c == claim)) {
                    order(states, id.as_str()).open_claims.retain(|c| c != claim);
                }
            }
        }
        _ => {}
    }
}

fn known(states: &States<LedgerState>, id: &str) -> bool {
    Book::new(states).order(id).is_some()
}

pub(crate) fn claim_state<'s>(states: &'s mut States<LedgerState>, claim: &str) -> &'s mut LedgerState {
    let state = states.edit(&claim_key(claim));
    if !matches!(state, LedgerState::Claim(_)) {
        *state = LedgerState::Claim(Box::default());
    }
    state
}

fn register(states: &mut States<LedgerState>, joined: &PartyRegistered) {
    let (PartyKind::Shop, Some(merchant)) = (joined.party_kind, &joined.merchant) else { return };
    party(states, &format!("shop/{}", joined.party)).merchant = Some(merchant.to_string());
    let merchant = party(states, &format!("merchant/{merchant}"));
    let shop = joined.party.to_string();
    if !merchant.shops.contains(&shop) {
        merchant.shops.push(shop);
    }
}

/// A deadline that has passed is none any more.
fn pass(states: &mut States<LedgerState>, key: &str, purpose: &str) {
    if let Some(debt) = purpose.strip_prefix("debt/") {
        if let LedgerState::Party(party) = states.edit(key) {
            party.debts.iter_mut().filter(|d| d.id == debt).for_each(|d| d.overdue = true);
        }
        return;
    }
    if let Some(debt) = purpose.strip_prefix("plan/") {
        if let LedgerState::Party(party) = states.edit(key) {
            party.debts.iter_mut().filter(|d| d.id == debt).filter_map(|d| d.plan.as_mut()).for_each(|p| p.passed += 1);
        }
        return;
    }
    // It waits from now on; the posting that settles it ends that.
    if let LedgerState::Order(order) = states.edit(key) {
        if purpose == "settlement" {
            order.shop_settles_at = None;
            order.shop_share = Share::Due;
        } else {
            order.promoters_settle_at = None;
            order.promoters = Share::Due;
        }
    }
}

/// A voided payment is as if it had never been; other facts are taken back by the postings that reverse theirs.
fn void(states: &mut States<LedgerState>, fact: &Fact) {
    let Some(target) = &fact.target else { return };
    match &target.body {
        // The payment's postings are taken back by others; what comes after it waits for it again.
        Body::OrderPaid(b) => {
            let earnings = order(states, b.order.as_str());
            let refunds = std::mem::take(&mut earnings.refunds);
            let (received_at, dispatched) = (earnings.received_at, earnings.dispatched || earnings.premium_charged);
            let postings = std::mem::take(&mut earnings.postings);
            *earnings = Earnings { dispatched, postings, received_at, refunds, ..Earnings::default() };
        }
        Body::OrderReceived(b) => {
            let earnings = order(states, b.order.as_str());
            earnings.received_at = None;
            earnings.shop_settles_at = None;
            earnings.promoters_settle_at = None;
        }
        Body::OrderDispatched(b) if Book::new(states).any_order(b.order.as_str()).is_some_and(|e| e.dispatched) => {
            order(states, b.order.as_str()).dispatched = false;
        }
        Body::RefundPaid(b) => {
            if let Some(id) = &b.order {
                order(states, id.as_str()).refunds.retain(|e| e.seq != target.seq);
            }
        }
        // Without its proposal a plan falls as well.
        Body::PlanProposed(b) => {
            let plan = b.plan.as_str();
            debt(states, &b.subject(), |d| d.is_proposed(plan) || d.is_on(plan), |d| (d.plan, d.proposed) = (None, None));
        }
        Body::PlanAgreed(b) => debt(states, &b.subject(), |d| d.is_on(b.plan.as_str()), |d| d.plan = None),
        _ => {}
    }
}

/// Changes the debts of a party that are meant, if it has any.
fn debt(states: &mut States<LedgerState>, debtor: &Subject, meant: impl Fn(&Debt) -> bool, mut change: impl FnMut(&mut Debt)) {
    let debtor = debtor.to_string();
    if Book::new(states).party(&debtor).is_some_and(|p| p.debts.iter().any(&meant)) {
        party(states, &debtor).debts.iter_mut().filter(|d| meant(d)).for_each(&mut change);
    }
}
