//! `laotie account`.

use clap::{Args, Subcommand};
use laotie_facts::{Currency, Money};
use laotie_ledger::{LedgerState, Party};
use laotie_store::StateKey;
use serde_json::{Value, json};

use crate::commands::open_market;
use crate::globals::Globals;
use crate::output::{Failure, print_json, print_table};

/// Accounts: who holds, owes and gets what; whether the books balance
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Balances, holds and debts of a holder
    Show(Show),
    /// The postings of an account, the latest first
    Postings(Postings),
    /// Whether all balances and all postings add up to nothing
    Balance,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  laotie account show shop s-3\n  laotie account show merchant m-1 --json")]
pub(crate) struct Show {
    /// What the holder is: shop, merchant, streamer, buyer, provider, platform, outside
    kind: String,
    /// Who
    id: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie account postings shop s-3 --purpose proceeds")]
pub(crate) struct Postings {
    /// What the holder is
    kind: String,
    /// Who
    id: String,
    /// What the account is for
    #[arg(long, default_value = "proceeds")]
    purpose: String,
    /// Rows at most
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

fn money(minor: i64, currency: &str) -> String {
    Currency::new(currency).map_or_else(|_| minor.to_string(), |c| Money::new(minor, c).to_string())
}

impl AccountCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Show(show) => show.run(globals).await,
            Self::Postings(postings) => postings.run(globals).await,
            Self::Balance => balance(globals).await,
        }
    }
}

impl Show {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let market = open_market(globals, false).await?;
        let holder = format!("{}/{}", self.kind, self.id);
        let key = StateKey { system: "ledger".to_owned(), key: holder.clone() };
        let rows = market.engine.store().states(&[key]).await.map_err(|e| Failure::failed(e.into()))?;
        let party: Party = match rows.first().and_then(|r| serde_json::from_str::<LedgerState>(&r.body).ok()) {
            Some(LedgerState::Party(party)) => *party,
            _ => return Err(Failure::usage(anyhow::anyhow!("nothing ever moved on an account of {holder}"))),
        };
        if globals.json {
            print_json(&json!({ "holder": holder, "party": party }));
            return Ok(());
        }
        let mut cells = Vec::new();
        for (purpose, by_currency) in &party.accounts {
            for (currency, holds) in by_currency {
                cells.push(vec![purpose.clone(), money(holds.posted_minor, currency), money(holds.held_minor, currency)]);
            }
        }
        print_table(&["account", "balance", "held"].map(str::to_owned), &cells);
        for debt in &party.debts {
            println!("owes debt {} to {}, due {}{}", debt.id, debt.creditor_account, debt.due, if debt.overdue { ", overdue" } else { "" });
        }
        if party.frozen {
            println!("settlement is frozen until overdue debts are paid");
        }
        Ok(())
    }
}

impl Postings {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let market = open_market(globals, false).await?;
        let account = format!("{}/{}/{}", self.kind, self.id, self.purpose);
        let store = market.engine.store();
        let rows = store.postings(&account, None, self.limit).await.map_err(|e| Failure::failed(e.into()))?;
        let seqs: Vec<i64> = rows.iter().map(|r| r.seq).collect();
        let made = store.rows(&seqs).await.map_err(|e| Failure::failed(e.into()))?;
        let line = |r: &laotie_store::PostingRow| {
            let body: Value = made.iter().find(|m| m.seq == r.seq).and_then(|m| serde_json::from_str(&m.body).ok()).unwrap_or_default();
            json!({
                "seq": r.seq, "posting": r.transfer, "effective": r.effective, "amount_minor": r.amount_minor, "currency": r.currency,
                "purpose": body["purpose"], "order": body["order"], "claim": body["claim"], "reverses": r.reverses,
            })
        };
        let lines: Vec<Value> = rows.iter().map(line).collect();
        if globals.json {
            print_json(&json!({ "account": account, "items": lines }));
            return Ok(());
        }
        let cells = |l: &Value| {
            let amount = money(l["amount_minor"].as_i64().unwrap_or(0), l["currency"].as_str().unwrap_or_default());
            let text = |f: &str| l[f].as_str().unwrap_or("").to_owned();
            vec![l["seq"].to_string(), text("effective"), amount, text("purpose"), text("order"), text("claim")]
        };
        print_table(
            &["seq", "effective", "amount", "purpose", "order", "claim"].map(str::to_owned),
            &lines.iter().map(cells).collect::<Vec<_>>(),
        );
        Ok(())
    }
}

async fn balance(globals: &Globals) -> Result<(), Failure> {
    let market = open_market(globals, false).await?;
    let rows = market.engine.store().trial_balance().await.map_err(|e| Failure::failed(e.into()))?;
    let whole = rows.iter().all(|r| r.balances_minor == 0 && r.postings_minor == 0 && r.differing == 0);
    if globals.json {
        let rows: Vec<Value> = rows
            .iter()
            .map(|r| json!({ "currency": r.currency, "accounts": r.accounts, "postings": r.postings, "balances_minor": r.balances_minor, "postings_minor": r.postings_minor, "differing": r.differing }))
            .collect();
        print_json(&json!({ "balanced": whole, "currencies": rows }));
    } else {
        let cells = |r: &laotie_store::TrialBalance| {
            vec![
                r.currency.clone(),
                r.accounts.to_string(),
                r.postings.to_string(),
                money(r.balances_minor, &r.currency),
                money(r.postings_minor, &r.currency),
                r.differing.to_string(),
            ]
        };
        print_table(
            &["currency", "accounts", "postings", "balances", "postings sum", "differing"].map(str::to_owned),
            &rows.iter().map(cells).collect::<Vec<_>>(),
        );
        println!("{}", if whole { "The books balance." } else { "The books do not balance." });
    }
    if whole { Ok(()) } else { Err(Failure::failed(anyhow::anyhow!("the books do not balance"))) }
}
