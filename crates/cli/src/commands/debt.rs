//! `laotie debt`.

use clap::{Args, Subcommand};
use laotie_facts::{Currency, Kind, Money, Timestamp};
use laotie_ledger::{LedgerState, Plan};
use laotie_store::{ListingPage, StateKey};
use serde_json::{Value, json};

use crate::commands::open_market;
use crate::commands::rule::record;
use crate::globals::Globals;
use crate::output::{Failure, cell, print_json, print_table};
use crate::remote::Remote;

/// Debts: who owes what since when, and plans by which they are paid
#[derive(Debug, Subcommand)]
pub(crate) enum DebtCommand {
    /// Open debts, the earliest due first
    List,
    /// Propose in which instalments an overdue debt is paid
    Plan(Propose),
    /// Agree to the plan that the other side proposed
    Agree(Agree),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie debt plan merchant m-1 dbt_1 --parts 3 --days 30 --party m-1\n  laotie debt plan merchant m-1 dbt_1 --days 90 --share-bps 2000 --side creditor --party op-1"
)]
pub(crate) struct Propose {
    /// What the debtor is
    kind: String,
    /// Who owes
    id: String,
    /// The overdue debt
    debt: String,
    /// Into how many instalments
    #[arg(long, default_value_t = 1)]
    parts: u8,
    /// Days from one instalment to the next
    #[arg(long, default_value_t = 30)]
    days: u16,
    /// The share of each sale's proceeds that is taken as it settles
    #[arg(long)]
    share_bps: Option<u32>,
    /// On which side: debtor, creditor (a server knows it by the key)
    #[arg(long, default_value = "debtor")]
    side: String,
    /// Who proposes (a server knows it by the key)
    #[arg(long, default_value = "operator")]
    party: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie debt agree merchant m-1 pln-1 --party op-1")]
pub(crate) struct Agree {
    /// What the debtor is
    kind: String,
    /// Who owes
    id: String,
    /// The plan
    plan: String,
    /// On which side: creditor, debtor (a server knows it by the key)
    #[arg(long, default_value = "creditor")]
    side: String,
    /// Who agrees (a server knows it by the key)
    #[arg(long, default_value = "operator")]
    party: String,
}

impl DebtCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::List => list(globals).await,
            Self::Plan(propose) => propose.run(globals).await,
            Self::Agree(agree) => agree.run(globals).await,
        }
    }
}

fn money(minor: i64, currency: &str) -> String {
    Currency::new(currency).map_or_else(|_| minor.to_string(), |c| Money::new(minor, c).to_string())
}

async fn list(globals: &Globals) -> Result<(), Failure> {
    let items = match &globals.server {
        Some(server) => Remote::new(globals, server).get("/debts", &[("limit", "500".to_owned())]).await?["items"].clone(),
        None => {
            let market = open_market(globals, false).await?;
            let page = ListingPage { view: "debts".to_owned(), owner: String::new(), after: None, descending: false, limit: 500 };
            let rows = market.engine.store().listing(&page).await.map_err(|e| Failure::failed(e.into()))?;
            rows.iter().map(|r| serde_json::from_str(&r.body).unwrap_or(Value::Null)).collect()
        }
    };
    if globals.json {
        print_json(&json!({ "items": items }));
        return Ok(());
    }
    let told = |plan: &Value, left: i64, currency: &str| -> String {
        let Ok(plan) = serde_json::from_value::<Plan>(plan.clone()) else { return String::new() };
        let next = plan.next().map_or(String::new(), |n| format!(", {} by {}", money(plan.missing_minor(left), currency), n.due));
        format!("{}{next}", plan.plan)
    };
    let row = |d: &Value| {
        let (left, currency) = (d["left_minor"].as_i64().unwrap_or(0), d["currency"].as_str().unwrap_or_default());
        let overdue = if d["overdue"] == json!(true) { "overdue" } else { "" };
        vec![
            cell(&d["debtor"]),
            cell(&d["id"]),
            money(left, currency),
            cell(&d["due"]),
            overdue.to_owned(),
            told(&d["plan"], left, currency),
            told(&d["proposed"], left, currency),
        ]
    };
    let rows: Vec<Vec<String>> = items.as_array().into_iter().flatten().map(row).collect();
    if rows.is_empty() {
        println!("Nobody owes anything.");
    } else {
        print_table(&["debtor", "debt", "left", "due", "", "plan", "proposed"].map(str::to_owned), &rows);
    }
    Ok(())
}

impl Propose {
    /// The instalments of what is left, equal but for the first, which bears the rest.
    fn instalments(&self, left: i64, now: Timestamp) -> Vec<Value> {
        let parts = i64::from(self.parts.max(1)).min(left.max(1));
        let part = |n: i64| {
            let minor = left / parts + if n == 0 { left % parts } else { 0 };
            json!({ "amount_minor": minor, "due": now.plus_micros((n + 1) * i64::from(self.days.max(1)) * 86_400_000_000) })
        };
        (0..parts).map(part).collect()
    }

    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let unknown =
            || Failure::usage(anyhow::anyhow!("{}/{} has no open debt `{}`; `laotie debt list` lists them", self.kind, self.id, self.debt));
        let now = laotie_engine::clock::now();
        let plan = match &globals.server {
            Some(server) => {
                let remote = Remote::new(globals, server);
                let holder = remote.get(&format!("/accounts/{}/{}", self.kind, self.id), &[]).await?;
                let debt = holder["debts"].as_array().into_iter().flatten().find(|d| d["id"] == json!(self.debt)).ok_or_else(unknown)?;
                let left = debt["left_minor"].as_i64().unwrap_or(0);
                let mut body =
                    json!({ "debt": self.debt, "party": self.id, "party_kind": self.kind, "instalments": self.instalments(left, now) });
                if let Some(share) = self.share_bps {
                    body["share_bps"] = json!(share);
                }
                let done = remote.post("/plans", body.to_string(), "application/json").await?;
                done["key"].as_str().unwrap_or_default().trim_end_matches("/proposed").to_owned()
            }
            None => {
                let (left, currency) = self.owed(globals).await?.ok_or_else(unknown)?;
                let plan = format!("pln-{}", now.micros());
                let mut body = json!({
                    "by": self.party, "currency": currency, "debt": self.debt, "instalments": self.instalments(left, now), "party": self.id,
                    "party_kind": self.kind, "plan": plan, "side": self.side,
                });
                if let Some(share) = self.share_bps {
                    body["share_bps"] = json!(share);
                }
                record(globals, Kind::PlanProposed, body, format!("{plan}/proposed")).await?;
                plan
            }
        };
        if globals.json {
            print_json(&json!({ "plan": plan }));
        } else {
            println!("{plan} is proposed; the other side agrees with `laotie debt agree {} {} {plan}`.", self.kind, self.id);
        }
        Ok(())
    }

    async fn owed(&self, globals: &Globals) -> Result<Option<(i64, String)>, Failure> {
        let market = open_market(globals, false).await?;
        let key = StateKey { system: "ledger".to_owned(), key: format!("{}/{}", self.kind, self.id) };
        let rows = market.engine.store().states(&[key]).await.map_err(|e| Failure::failed(e.into()))?;
        let party = match rows.first().and_then(|r| serde_json::from_str::<LedgerState>(&r.body).ok()) {
            Some(LedgerState::Party(party)) => *party,
            _ => return Ok(None),
        };
        market.engine.stop().await;
        let debt = party.debts.iter().find(|d| d.id == self.debt);
        Ok(debt.map(|d| (-party.holds(&format!("debt/{}", d.id), d.currency).posted_minor, d.currency.code().to_owned())))
    }
}

impl Agree {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match &globals.server {
            Some(server) => {
                let body = json!({ "party": self.id, "party_kind": self.kind });
                Remote::new(globals, server).post(&format!("/plans/{}/agree", self.plan), body.to_string(), "application/json").await?;
            }
            None => {
                let body = json!({ "by": self.party, "party": self.id, "party_kind": self.kind, "plan": self.plan, "side": self.side });
                record(globals, Kind::PlanAgreed, body, format!("{}/agreed", self.plan)).await?;
            }
        }
        if globals.json {
            print_json(&json!({ "plan": self.plan }));
        } else {
            println!("{} is agreed; the debt is paid by it from now on.", self.plan);
        }
        Ok(())
    }
}
