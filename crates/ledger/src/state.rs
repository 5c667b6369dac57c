//! What the ledger knows of a party, an order and a claim.

use std::collections::BTreeMap;

use laotie_facts::body::PostingEntry;
use laotie_facts::{Currency, Timestamp};
use serde::{Deserialize, Serialize};

use crate::earnings::Earnings;
use crate::plan::Plan;

/// A day of 24 hours.
pub(crate) const DAY_MICROS: i64 = 86_400_000_000;

/// What one account holds in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Holds {
    /// Sum of its open holds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub held_minor: i64,
    /// Sum of its postings.
    pub posted_minor: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_zero(n: &i64) -> bool {
    *n == 0
}

/// A hold on one of a party's accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// How much.
    pub amount_minor: i64,
    /// The claim that it is kept for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Of the amount.
    pub currency: Currency,
    /// Which account, by its purpose.
    pub on: String,
    /// What for.
    pub purpose: String,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What a party owes; how much is left stands on the debt's own account, below zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debt {
    /// The claim that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Where what is recovered goes.
    pub creditor_account: String,
    /// Of the amount.
    pub currency: Currency,
    /// By when it is to be paid.
    pub due: Timestamp,
    /// Whether settlement freezes when it is not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub freezes: bool,
    /// The debt.
    pub id: String,
    /// Whether its due time has passed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    /// The penalty that it comes from: nothing is taken for it before it is due, only withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<String>,
    /// The plan that it is paid by, once both sides agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// The plan that one side proposes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Plan>,
}

/// What moved on a party's proceeds since its last statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// From when.
    pub from: Timestamp,
    /// What was there then.
    pub opening_minor: i64,
    /// Sums by what postings were for.
    pub sums: BTreeMap<String, i64>,
}

/// A party's accounts, holds and debts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Party {
    /// By purpose and currency.
    pub accounts: BTreeMap<String, BTreeMap<String, Holds>>,
    /// Commission that became proceeds of late, by currency and day: what the refund reserve is reckoned from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub commission: BTreeMap<String, BTreeMap<i32, i64>>,
    /// Open debts, in the order in which they were raised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub debts: Vec<Debt>,
    /// How far below zero its freight account may go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freight_floor_minor: Option<i64>,
    /// Whether nothing is paid out to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub frozen: bool,
    /// Open holds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holds: BTreeMap<String, Holding>,
    /// For a shop: the merchant who stands behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// For a merchant: its shops.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shops: Vec<String>,
    /// What moved on its proceeds since the last statement, by currency.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub since: BTreeMap<String, Since>,
}

impl Party {
    /// What an account holds.
    pub fn holds(&self, purpose: &str, currency: Currency) -> Holds {
        self.accounts.get(purpose).and_then(|a| a.get(currency.code())).copied().unwrap_or_default()
    }

    /// What an account may not fall below.
    pub fn floor(&self, account: &crate::account::Account) -> Option<i64> {
        if account.purpose == "freight_cover" { Some(self.freight_floor_minor.unwrap_or(0)) } else { account.floor() }
    }

    pub(crate) fn holds_mut(&mut self, purpose: &str, currency: Currency) -> &mut Holds {
        self.accounts.entry(purpose.to_owned()).or_default().entry(currency.code().to_owned()).or_default()
    }
}

/// A posting that may be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The facts that caused it.
    pub because: Vec<i64>,
    /// Its sides.
    pub entries: Vec<PostingEntry>,
    /// The posting.
    pub id: String,
    /// What for.
    pub purpose: String,
}

/// What a claim moved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ClaimMoney {
    /// How much is asked for; what is left of the order when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_minor: Option<i64>,
    /// Of all amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The order that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Postings that stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postings: Vec<Posted>,
    /// Awarded to the buyer and not yet paid out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unpaid_minor: i64,
}

/// A state of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum LedgerState {
    /// Nothing yet.
    #[default]
    Nothing,
    /// A party.
    Party(Box<Party>),
    /// An order.
    Order(Box<Earnings>),
    /// A claim.
    Claim(Box<ClaimMoney>),
    /// A penalty's damages, taken back when it is undone.
    Penalty(Box<ClaimMoney>),
}
