//! Which states a fact needs: those it names, and those that they name in turn.

use laotie_facts::body::{PartyKind, PostingMade};
use laotie_facts::{Body, Fact, States, System};

use crate::account::{Account, PLATFORM, WORLD};
use crate::book::{claim_key, order_key, penalty_key};
use crate::earnings::Earnings;
use crate::state::{LedgerState, Party, Posted};
use crate::system::Ledger;

/// Keys of the states that a fact touches, as far as the loaded ones tell.
pub(crate) fn reach(before: &States<LedgerState>, fact: &Fact) -> Vec<String> {
    let mut keys = named(fact);
    let mut more = Vec::new();
    // What may be taken back touches every account that it moved.
    let undoes = matches!(fact.body, Body::FactVoided(_) | Body::RulingMade(_) | Body::PenaltyLifted(_));
    for key in &keys {
        match before.get(key) {
            Some(LedgerState::Order(order)) => {
                reach_of_order(order, &mut more);
                if undoes {
                    more.extend(order.postings.iter().flat_map(holders));
                }
            }
            Some(LedgerState::Party(party)) => reach_of_party(party, &mut more),
            Some(LedgerState::Claim(money) | LedgerState::Penalty(money)) => {
                more.extend(money.order.iter().map(|o| order_key(o)));
                if undoes {
                    more.extend(money.postings.iter().flat_map(holders));
                }
            }
            _ => {}
        }
    }
    for key in &more {
        match before.get(key) {
            Some(LedgerState::Party(party)) => reach_of_party(party, &mut keys),
            Some(LedgerState::Order(order)) => reach_of_order(order, &mut keys),
            _ => {}
        }
    }
    if !keys.is_empty() {
        more.push(PLATFORM.to_owned());
    }
    keys.append(&mut more);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The states that a fact names.
fn named(fact: &Fact) -> Vec<String> {
    let shop = |id: &dyn std::fmt::Display| format!("shop/{id}");
    let posting = |made: &PostingMade| {
        let mut keys: Vec<String> = made.entries.iter().filter_map(|e| Account::parse(e.account.as_str())).map(|a| a.holder).collect();
        keys.extend(made.order.iter().map(|o| order_key(o.as_str())));
        keys.extend(made.claim.iter().map(|c| claim_key(c.as_str())));
        keys.extend(made.penalty.iter().map(|p| penalty_key(p.as_str())));
        keys
    };
    match &fact.body {
        Body::PartyRegistered(joined) => match (joined.party_kind, &joined.merchant) {
            (PartyKind::Shop, Some(merchant)) => vec![shop(&joined.party), format!("merchant/{merchant}")],
            _ => Vec::new(),
        },
        Body::OrderPaid(paid) => {
            let mut keys = vec![order_key(paid.order.as_str()), shop(&paid.shop), WORLD.to_owned()];
            keys.extend(paid.splits.iter().map(|s| format!("{}/{}", s.party_kind.as_str(), s.party)));
            keys
        }
        Body::OrderFrozen(b) => vec![order_key(b.order.as_str()), WORLD.to_owned()],
        Body::OrderDispatched(b) => vec![order_key(b.order.as_str())],
        Body::OrderReceived(b) => vec![order_key(b.order.as_str())],
        Body::RefundPaid(b) => {
            let mut keys: Vec<String> = b.order.iter().map(|o| order_key(o.as_str())).collect();
            keys.extend(b.shop.iter().map(|s| shop(s)));
            keys.extend(b.claim.iter().map(|c| claim_key(c.as_str())));
            keys.extend(b.buyer.iter().map(|b| format!("buyer/{b}")));
            keys.push(WORLD.to_owned());
            keys
        }
        Body::ClaimOpened(b) => vec![claim_key(b.claim.as_str()), order_key(b.order.as_str())],
        Body::RulingMade(b) => {
            let mut keys = vec![claim_key(b.claim.as_str())];
            keys.extend(b.order.iter().map(|o| order_key(o.as_str())));
            keys.extend(b.awards.iter().filter_map(|a| Some(format!("{}/{}", a.payer_kind?.as_str(), a.payer.as_ref()?))));
            keys
        }
        Body::PenaltyImposed(b) => vec![penalty_key(b.penalty.as_str()), format!("{}/{}", b.party_kind.as_str(), b.party)],
        Body::PenaltyLifted(b) => vec![penalty_key(b.penalty.as_str()), format!("{}/{}", b.party_kind.as_str(), b.party)],
        Body::MarginPaid(b) => vec![format!("{}/{}", b.party_kind.as_str(), b.party), WORLD.to_owned()],
        Body::WithdrawalRequested(b) => vec![format!("{}/{}", b.party_kind.as_str(), b.party), WORLD.to_owned()],
        Body::PlanProposed(b) => vec![format!("{}/{}", b.party_kind.as_str(), b.party)],
        Body::PlanAgreed(b) => vec![format!("{}/{}", b.party_kind.as_str(), b.party)],
        Body::PlanBroken(b) => vec![format!("{}/{}", b.party_kind.as_str(), b.party)],
        Body::PostingMade(made) => posting(made),
        Body::HoldPlaced(b) => Account::parse(b.account.as_str()).map(|a| a.holder).into_iter().collect(),
        Body::HoldEnded(b) => Account::parse(b.account.as_str()).map(|a| a.holder).into_iter().collect(),
        Body::DebtRaised(b) => vec![format!("{}/{}", b.party_kind.as_str(), b.party)],
        Body::SettlementFrozen(b) => vec![format!("{}/{}", b.party_kind.as_str(), b.party)],
        Body::SettlementResumed(b) => vec![format!("{}/{}", b.party_kind.as_str(), b.party)],
        Body::DeadlinePassed(b) if b.system.as_str() == Ledger::NAME => vec![b.key.as_str().to_owned()],
        Body::FactRefused(b) => b.history.as_str().strip_prefix("order/").map(order_key).into_iter().collect(),
        Body::FactVoided(_) => fact.target.as_deref().map(named).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Whose accounts a posting moved.
fn holders(posted: &Posted) -> impl Iterator<Item = String> {
    posted.entries.iter().filter_map(|e| Account::parse(e.account.as_str())).map(|a| a.holder)
}

fn reach_of_order(order: &Earnings, keys: &mut Vec<String>) {
    if !order.shop.is_empty() {
        keys.push(format!("shop/{}", order.shop));
    }
    keys.push(format!("buyer/{}", order.buyer.as_deref().unwrap_or("guest")));
    keys.extend(order.streamer.iter().map(|s| format!("streamer/{s}")));
    keys.extend(order.holders().map(str::to_owned));
    keys.extend(order.ruled.iter().map(|c| claim_key(c)));
}

fn reach_of_party(party: &Party, keys: &mut Vec<String>) {
    keys.extend(party.merchant.iter().map(|m| format!("merchant/{m}")));
    // Debts are recovered from all shops of a merchant, and a debt's creditor is credited.
    keys.extend(party.shops.iter().map(|s| format!("shop/{s}")));
    keys.extend(party.debts.iter().filter_map(|d| Account::parse(&d.creditor_account)).map(|a| a.holder));
    keys.extend(party.debts.iter().filter_map(|d| d.claim.as_ref()).map(|c| claim_key(c)));
}
