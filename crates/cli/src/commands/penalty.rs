//! `laotie penalty`.

use clap::{Args, Subcommand};
use laotie_api::{PenaltyExplanation, explain_penalty};
use serde_json::json;

use crate::commands::claim::{money, tell_reason, word};
use crate::commands::open_market;
use crate::globals::{Globals, Lang};
use crate::output::{Failure, print_json};
use crate::remote::Remote;

/// Penalties: why one is what it is
#[derive(Debug, Subcommand)]
pub(crate) enum PenaltyCommand {
    /// The violation, its clause, each step of the range, what it does and the way to appeal
    Explain(Explain),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie penalty explain pen_zpag4kt6mxmmz8zdx02wab4pzs\n  laotie penalty explain pen_zpag4kt6mxmmz8zdx02wab4pzs --lang zh"
)]
pub(crate) struct Explain {
    /// The penalty
    id: String,
}

impl PenaltyCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let Self::Explain(explain) = self;
        let found = explain.found(globals).await?;
        if globals.json {
            print_json(&json!(found));
        } else {
            tell(&found, globals.lang() == Lang::Zh);
        }
        Ok(())
    }
}

impl Explain {
    async fn found(&self, globals: &Globals) -> Result<PenaltyExplanation, Failure> {
        if let Some(server) = &globals.server {
            let answer = Remote::new(globals, server).get(&format!("/penalties/{}", self.id), &[]).await?;
            return serde_json::from_value(answer).map_err(|e| Failure::failed(anyhow::anyhow!("the penalty cannot be read: {e}")));
        }
        let market = open_market(globals, false).await?;
        let found = explain_penalty(&market, &self.id).await.map_err(|e| Failure::failed(e.into()))?;
        found.ok_or_else(|| Failure::usage(anyhow::anyhow!("there is no penalty `{}`", self.id)))
    }
}

fn tell(penalty: &PenaltyExplanation, zh: bool) {
    println!("{} {} · {} · {} · {}", word(zh, "处罚", "Penalty"), penalty.penalty, penalty.party, penalty.status, penalty.at);
    for rule in &penalty.rules {
        println!("  {rule}");
    }
    println!();
    for reason in &penalty.reasons {
        tell_reason(reason, &[], zh);
    }
    println!();
    for deed in &penalty.actions {
        let amount = deed.amount_minor.map(|m| format!(" {}", money(m, penalty.currency.as_deref().unwrap_or("")))).unwrap_or_default();
        let points = deed.points.map(|p| format!(" {p}")).unwrap_or_default();
        let until = deed.until.as_ref().map(|u| format!(" {} {u}", word(zh, "至", "until"))).unwrap_or_default();
        println!("  {}{points}{amount}{until}", deed.action);
    }
    if let Some(appeal) = &penalty.appeal {
        println!("\n{}", if zh { &appeal.zh } else { &appeal.en });
    }
}
