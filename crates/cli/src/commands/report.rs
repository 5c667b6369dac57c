//! `laotie report`.

use clap::{Args, Subcommand};
use laotie_api::{consistency, cost_to_serve};
use laotie_facts::{Currency, Money};
use serde_json::{Value, json};

use crate::commands::open_market;
use crate::globals::Globals;
use crate::output::{Failure, cell, print_json, print_table};
use crate::remote::Remote;

/// Reports over a whole market
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// What serving orders costs, held against the books to the minor unit
    Cost(Cost),
    /// Whether the same facts bring the same penalty, whoever reviewed and however large the party
    Consistency,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  laotie report cost\n  laotie report cost --shop s-3 --limit 5 --json")]
pub(crate) struct Cost {
    /// Only orders of a shop
    #[arg(long)]
    shop: Option<String>,
    /// Of amounts; the market's when absent
    #[arg(long)]
    currency: Option<String>,
    /// The dearest orders, at most
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

impl ReportCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Cost(cost) => cost.run(globals).await,
            Self::Consistency => same_penalties(globals).await,
        }
    }
}

impl Cost {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let report = match &globals.server {
            Some(server) => {
                let mut query = vec![("limit", self.limit.to_string())];
                query.extend(self.shop.iter().map(|s| ("shop", s.clone())));
                query.extend(self.currency.iter().map(|c| ("currency", c.clone())));
                Remote::new(globals, server).get("/reports/cost-to-serve", &query).await?
            }
            None => {
                let market = open_market(globals, false).await?;
                let code = self.currency.clone().unwrap_or_else(|| market.settings.currency.clone());
                let currency = Currency::new(&code).map_err(|e| Failure::usage(anyhow::anyhow!("--currency {code}: {e}")))?;
                let found = cost_to_serve(&market, currency, self.shop.as_deref(), self.limit).await;
                json!(found.map_err(|e| Failure::failed(e.into()))?)
            }
        };
        if globals.json {
            print_json(&report);
            return Ok(());
        }
        let code = report["currency"].as_str().unwrap_or_default();
        let amount = |v: &Value| match (v.as_i64(), Currency::new(code)) {
            (Some(minor), Ok(currency)) => Money::new(minor, currency).to_string(),
            _ => cell(v),
        };
        println!(
            "{} orders paid, {} of them cost something: {} in all, {} an order; {} contacts for 1,000 orders",
            report["orders_paid"],
            report["orders_with_cost"],
            amount(&report["total"]["money_minor"]),
            amount(&report["cost_per_order_minor"]),
            report["contacts_per_1000_orders"]
        );
        let agrees = if report["agrees_with_books"] == true { "agree" } else { "DO NOT agree" };
        println!(
            "costs and books {agrees}: {} posted to buyers after sales, {} of it for no order",
            amount(&report["posted_minor"]),
            amount(&report["unassigned_minor"])
        );
        let columns = [
            "order",
            "shop",
            "contacts",
            "refunds_minor",
            "compensation_minor",
            "freight_minor",
            "fraud_loss_minor",
            "other_minor",
            "money_minor",
        ];
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in report["dearest"].as_array().into_iter().flatten() {
            rows.push(columns.iter().map(|c| if c.ends_with("_minor") { amount(&row[c]) } else { cell(&row[c]) }).collect());
        }
        if rows.is_empty() {
            println!("No order was contacted about, refunded or compensated.");
        } else {
            print_table(&columns.map(str::to_owned), &rows);
        }
        Ok(())
    }
}

async fn same_penalties(globals: &Globals) -> Result<(), Failure> {
    let report = match &globals.server {
        Some(server) => Remote::new(globals, server).get("/reports/consistency", &[]).await?,
        None => {
            let market = open_market(globals, false).await?;
            json!(consistency(&market).await.map_err(|e| Failure::failed(e.into()))?)
        }
    };
    if globals.json {
        print_json(&report);
        return Ok(());
    }
    println!(
        "{} penalties of {} parties, reviewed by {} people, were compared; {} undone ones were not",
        report["penalties"], report["parties"], report["reviewers"], report["undone"]
    );
    let columns = ["code", "first", "second", "differ_in_reviewer", "differ_in_date", "differ_in_size", "version"];
    let rows: Vec<Vec<String>> =
        report["disparities"].as_array().into_iter().flatten().map(|row| columns.iter().map(|c| cell(&row[*c])).collect()).collect();
    if rows.is_empty() {
        println!("The same facts brought the same penalty everywhere.");
    } else {
        print_table(&columns.map(str::to_owned), &rows);
    }
    Ok(())
}
