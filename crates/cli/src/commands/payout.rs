//! `laotie payout` and `laotie statement`.

use clap::{Args, Subcommand};
use laotie_api::{
    PayoutPreview, PayoutRun, RunError, StatementHead, StatementView, pay_out_all, payouts_due, statement, statement_lines, statements_of,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::commands::claim::{money, word};
use crate::commands::open_market;
use crate::globals::{Globals, Lang};
use crate::output::{Failure, print_json, print_table};
use crate::remote::Remote;

/// Pay-outs: what is due to everybody, and the run that pays it
#[derive(Debug, Subcommand)]
pub(crate) enum PayoutCommand {
    /// Pay everybody what is free, less reserves, holds and debts; a day's run pays a party once
    Run(Run),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  laotie payout run --preview\n  laotie payout run --date 2026-06-12")]
pub(crate) struct Run {
    /// Of which market day [default: today]
    #[arg(long)]
    date: Option<String>,
    /// Only list what would be paid, and what stays behind and why
    #[arg(long)]
    preview: bool,
    /// Who runs it (a server knows it by the key)
    #[arg(long, default_value = "operator")]
    party: String,
}

/// Statements: drawn with every pay-out, each opening to its lines
#[derive(Debug, Subcommand)]
pub(crate) enum StatementCommand {
    /// The statements of a party, the latest first
    List(List),
    /// A statement with its lines, each with its order
    Show(Show),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie statement list shop s-3")]
pub(crate) struct List {
    /// What the party is
    kind: String,
    /// Who
    id: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie statement show stm_xhsmz44fs8fe3ansjm59xvtvmb")]
pub(crate) struct Show {
    /// The statement
    id: String,
}

fn read<T: DeserializeOwned>(answer: Value) -> Result<T, Failure> {
    serde_json::from_value(answer).map_err(|e| Failure::failed(anyhow::anyhow!("the answer cannot be read: {e}")))
}

impl PayoutCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let Self::Run(run) = self;
        if run.preview { run.list(globals).await } else { run.pay(globals).await }
    }
}

impl Run {
    async fn list(&self, globals: &Globals) -> Result<(), Failure> {
        let due: PayoutPreview = match &globals.server {
            Some(server) => read(Remote::new(globals, server).get("/payouts/due", &[]).await?)?,
            None => payouts_due(&open_market(globals, false).await?).await.map_err(|e| Failure::failed(e.into()))?,
        };
        if globals.json {
            print_json(&json!(due));
            return Ok(());
        }
        let row = |d: &laotie_api::PayoutDue| {
            let m = |minor: i64| money(minor, &d.currency);
            let frozen = if d.frozen { "frozen" } else { "" };
            vec![
                format!("{}/{}", d.party_kind, d.party),
                m(d.proceeds_minor),
                m(d.held_minor),
                m(d.subsidy_minor),
                m(d.withheld_minor),
                m(d.reserve_minor),
                m(d.free_minor),
                frozen.to_owned(),
            ]
        };
        let rows: Vec<Vec<String>> = due.items.iter().map(row).collect();
        if rows.is_empty() {
            println!("Nobody has proceeds.");
        } else {
            print_table(&["party", "proceeds", "held", "subsidy", "withheld", "reserve", "would be paid", ""].map(str::to_owned), &rows);
        }
        for (currency, minor) in &due.free_minor {
            println!("{} in all.", money(*minor, currency));
        }
        Ok(())
    }

    async fn pay(&self, globals: &Globals) -> Result<(), Failure> {
        let run: PayoutRun = match &globals.server {
            Some(server) => {
                let body = self.date.as_ref().map_or(json!({}), |date| json!({ "date": date }));
                read(Remote::new(globals, server).post("/payouts/runs", body.to_string(), "application/json").await?)?
            }
            None => {
                let market = open_market(globals, false).await?;
                let run = pay_out_all(&market, &self.party, self.date.as_deref()).await.map_err(|e| match e {
                    RunError::Date(reason) => Failure::usage(anyhow::anyhow!("--date: {reason}")),
                    RunError::Failed(problem) => Failure::failed(anyhow::anyhow!("{problem:?}")),
                })?;
                market.engine.stop().await;
                run
            }
        };
        if globals.json {
            print_json(&json!(run));
            return Ok(());
        }
        let row = |p: &laotie_api::PayoutPaid| {
            vec![format!("{}/{}", p.party_kind, p.party), money(p.amount_minor, &p.currency), p.outcome.clone()]
        };
        if run.items.is_empty() {
            println!("Nobody has anything free to be paid.");
        } else {
            print_table(&["party", "amount", "outcome"].map(str::to_owned), &run.items.iter().map(row).collect::<Vec<_>>());
        }
        for (currency, minor) in &run.paid_minor {
            println!("{} paid in the run of {}.", money(*minor, currency), run.date);
        }
        Ok(())
    }
}

impl StatementCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(globals).await,
            Self::Show(show) => show.run(globals).await,
        }
    }
}

impl List {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let heads: Vec<StatementHead> = match &globals.server {
            Some(server) => read(Remote::new(globals, server).get(&format!("/accounts/{}/{}/statements", self.kind, self.id), &[]).await?)?,
            None => {
                let market = open_market(globals, false).await?;
                statements_of(&market, &self.kind, &self.id).await.map_err(|e| Failure::failed(e.into()))?
            }
        };
        if globals.json {
            print_json(&json!({ "items": heads }));
            return Ok(());
        }
        let row = |h: &StatementHead| {
            let paid = h.paid_minor.map_or_else(String::new, |m| money(m, &h.currency));
            vec![h.statement.clone(), h.from.clone(), h.until.clone(), money(h.total_minor, &h.currency), paid]
        };
        if heads.is_empty() {
            println!("No statement was drawn for {}/{} yet; one comes with every pay-out.", self.kind, self.id);
        } else {
            print_table(&["statement", "from", "until", "total", "paid"].map(str::to_owned), &heads.iter().map(row).collect::<Vec<_>>());
        }
        Ok(())
    }
}

impl Show {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let view: StatementView = match &globals.server {
            Some(server) => read(Remote::new(globals, server).get(&format!("/statements/{}", self.id), &[]).await?)?,
            None => {
                let market = open_market(globals, false).await?;
                let failed = |e: laotie_store::StoreError| Failure::failed(e.into());
                let head = statement(&market, &self.id).await.map_err(failed)?;
                let head = head.ok_or_else(|| {
                    Failure::usage(anyhow::anyhow!("there is no statement `{}`; `laotie statement list KIND ID` lists them", self.id))
                })?;
                StatementView { lines: statement_lines(&market, &head).await.map_err(failed)?, head }
            }
        };
        if globals.json {
            print_json(&json!(view));
            return Ok(());
        }
        let (zh, head) = (globals.lang() == Lang::Zh, &view.head);
        println!(
            "{} {} · {}/{} · {} – {}",
            word(zh, "结算单", "Statement"),
            head.statement,
            head.party_kind,
            head.party,
            head.from,
            head.until
        );
        for sum in &head.sums {
            println!("  {:>16}  {}", money(sum.amount_minor, &head.currency), sum.purpose);
        }
        println!("  {:>16}  {}", money(head.total_minor, &head.currency), word(zh, "合计", "in all"));
        for (minor, label) in [
            (head.paid_minor, word(zh, "已打款", "paid out")),
            (head.reserve_minor, word(zh, "退款准备金", "stayed as refund reserve")),
            (head.held_minor, word(zh, "为欠款保留", "stayed for debts")),
        ] {
            if let Some(minor) = minor {
                println!("  {:>16}  {label}", money(minor, &head.currency));
            }
        }
        println!();
        let row = |l: &laotie_api::PostingLine| {
            let of = |text: &Option<String>| text.clone().unwrap_or_default();
            vec![l.seq.to_string(), l.at.clone(), money(l.amount_minor, &l.currency), of(&l.purpose), of(&l.order), of(&l.claim)]
        };
        print_table(
            &["seq", "at", "amount", "purpose", "order", "claim"].map(str::to_owned),
            &view.lines.iter().map(row).collect::<Vec<_>>(),
        );
        Ok(())
    }
}
