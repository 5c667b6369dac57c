//! Rows of lists: who holds what, and who owes what.

use std::collections::BTreeMap;

use laotie_facts::Listing;
use serde::Serialize;

use crate::state::{Debt, Holds, Party};

#[derive(Serialize)]
struct BalanceRow<'a> {
    accounts: &'a BTreeMap<String, BTreeMap<String, Holds>>,
    debts: usize,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    frozen: bool,
    holder: &'a str,
}

pub(crate) fn balances_row(key: &str, party: &Party) -> Option<Listing> {
    if party.accounts.is_empty() {
        return None;
    }
    let row = BalanceRow { accounts: &party.accounts, debts: party.debts.len(), frozen: party.frozen, holder: key };
    Some(Listing { view: "balances", owner: String::new(), sort: key.to_owned(), key: key.to_owned(), body: json(&row) })
}

#[derive(Serialize)]
struct DebtRow<'a> {
    debtor: &'a str,
    #[serde(flatten)]
    debt: &'a Debt,
    left_minor: i64,
}

pub(crate) fn debt_rows(key: &str, party: &Party) -> Vec<Listing> {
    let row = |d: &Debt| Listing {
        view: "debts",
        owner: String::new(),
        sort: d.due.to_string(),
        key: d.id.clone(),
        body: json(&DebtRow { debtor: key, debt: d, left_minor: -party.holds(&format!("debt/{}", d.id), d.currency).posted_minor }),
    };
    party.debts.iter().map(row).collect()
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("strings and integers always serialise")
}
