//! The balances as a decision sees them: those before the fact, and what it has moved so far.

use std::collections::BTreeMap;

use laotie_facts::{Currency, States};

use crate::account::Account;
use crate::earnings::Earnings;
use crate::state::{ClaimMoney, Debt, LedgerState, Party};

/// Balances under way.
pub(crate) struct Book<'a> {
    states: &'a States<LedgerState>,
    moved: BTreeMap<(String, Currency), i64>,
    freed: BTreeMap<(String, Currency), i64>,
}

impl<'a> Book<'a> {
    pub(crate) fn new(states: &'a States<LedgerState>) -> Self {
        Self { states, moved: BTreeMap::new(), freed: BTreeMap::new() }
    }

    /// A state as it is; one that `touches` did not name would be missing here and there in a replay.
    fn state(&self, key: &str) -> Option<&'a LedgerState> {
        debug_assert!(self.states.is_loaded(key), "{key} is read and was not named as touched");
        self.states.get(key)
    }

    pub(crate) fn party(&self, holder: &str) -> Option<&'a Party> {
        match self.state(holder) {
            Some(LedgerState::Party(party)) => Some(party),
            _ => None,
        }
    }

    /// An order that is known to be paid.
    pub(crate) fn order(&self, order: &str) -> Option<&'a Earnings> {
        self.any_order(order).filter(|e| !e.shop.is_empty())
    }

    /// An order, if only steps are known that came before its payment.
    pub(crate) fn any_order(&self, order: &str) -> Option<&'a Earnings> {
        match self.state(&order_key(order)) {
            Some(LedgerState::Order(earnings)) => Some(earnings),
            _ => None,
        }
    }

    pub(crate) fn claim(&self, claim: &str) -> Option<&'a ClaimMoney> {
        match self.state(&claim_key(claim)) {
            Some(LedgerState::Claim(money)) => Some(money),
            _ => None,
        }
    }

    pub(crate) fn penalty(&self, penalty: &str) -> Option<&'a ClaimMoney> {
        match self.state(&penalty_key(penalty)) {
            Some(LedgerState::Penalty(money)) => Some(money),
            _ => None,
        }
    }

    /// Who answers for a shop's margin, freight cover and debts: its merchant, or the shop itself.
    pub(crate) fn principal(&self, holder: &str) -> String {
        match self.party(holder).and_then(|p| p.merchant.as_ref()) {
            Some(merchant) => format!("merchant/{merchant}"),
            None => holder.to_owned(),
        }
    }

    pub(crate) fn posted(&self, account: &Account, currency: Currency) -> i64 {
        let before = self.party(&account.holder).map_or(0, |p| p.holds(&account.purpose, currency).posted_minor);
        before + self.moved.get(&(account.to_string(), currency)).copied().unwrap_or(0)
    }

    /// What can be taken from an account without passing its floor; all there is when it has none.
    pub(crate) fn available(&self, account: &Account, currency: Currency) -> i64 {
        let held = self.party(&account.holder).map_or(0, |p| p.holds(&account.purpose, currency).held_minor)
            - self.freed.get(&(account.to_string(), currency)).copied().unwrap_or(0);
        let floor = match self.party(&account.holder) {
            Some(party) => party.floor(account),
            None => account.floor(),
        };
        match floor {
            Some(floor) => (self.posted(account, currency) - held - floor).max(0),
            None => i64::MAX,
        }
    }

    /// What the decision under way has moved on an account so far.
    pub(crate) fn moved(&self, account: &Account, currency: Currency) -> i64 {
        self.moved.get(&(account.to_string(), currency)).copied().unwrap_or(0)
    }

    pub(crate) fn moves(&mut self, account: &str, currency: Currency, amount_minor: i64) {
        *self.moved.entry((account.to_owned(), currency)).or_default() += amount_minor;
    }

    pub(crate) fn frees(&mut self, account: &str, currency: Currency, amount_minor: i64) {
        *self.freed.entry((account.to_owned(), currency)).or_default() += amount_minor;
    }

    /// Open debts of a shop and of the merchant behind it, the earliest due first, and of those the first
    /// raised.
    pub(crate) fn debts(&self, holder: &str) -> Vec<(String, &'a Debt)> {
        let principal = self.principal(holder);
        let mut debts: Vec<(String, &Debt)> = Vec::new();
        let debtors = if principal == holder { vec![holder] } else { vec![holder, principal.as_str()] };
        for debtor in debtors {
            debts.extend(self.party(debtor).into_iter().flat_map(|p| &p.debts).map(|d| (debtor.to_owned(), d)));
        }
        // Stable: of those due at one moment the one that arose first; an id says nothing of that.
        debts.sort_by_key(|(_, debt)| debt.due);
        debts
    }

    /// How much of a debt is left.
    pub(crate) fn owed(&self, debtor: &str, debt: &Debt) -> i64 {
        -self.posted(&Account::new(debtor, format!("debt/{}", debt.id)), debt.currency)
    }
}

/// Key of an order's state; parties stand under their own `KIND/ID`.
pub(crate) fn order_key(order: &str) -> String {
    format!("order/{order}")
}

/// Key of a claim's state.
pub(crate) fn claim_key(claim: &str) -> String {
    format!("claim/{claim}")
}

/// Key of a penalty's state.
pub(crate) fn penalty_key(penalty: &str) -> String {
    format!("penalty/{penalty}")
}
