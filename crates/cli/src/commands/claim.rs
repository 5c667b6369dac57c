//! `laotie claim`.

use clap::{Args, Subcommand};
use laotie_api::{Explanation, Ruled, explain_claim};
use laotie_facts::{Currency, Money};
use laotie_store::ListingPage;
use serde_json::{Value, json};

use crate::commands::open_market;
use crate::globals::{Globals, Lang};
use crate::output::{Failure, cell, print_json, print_table};
use crate::remote::Remote;

/// Claims: the queue, one claim, and why it ended as it did
#[derive(Debug, Subcommand)]
pub(crate) enum ClaimCommand {
    /// Open claims by the next clock, then by money at risk
    List(List),
    /// A claim and all that happened to it
    Show(Show),
    /// The frozen clause, the facts, the arithmetic, the postings, the deadlines and the way to appeal
    Explain(Show),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  laotie claim list\n  laotie claim list --shop s-3 --json")]
pub(crate) struct List {
    /// All claims of a shop, decided ones too
    #[arg(long, conflicts_with = "buyer")]
    shop: Option<String>,
    /// All claims of a buyer
    #[arg(long)]
    buyer: Option<String>,
    /// Rows at most
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  laotie claim explain clm-1\n  laotie claim explain clm-1 --lang zh\n  laotie claim show clm-1 --json")]
pub(crate) struct Show {
    /// The claim
    id: String,
}

impl ClaimCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(globals).await,
            Self::Show(show) => show.run(globals, false).await,
            Self::Explain(show) => show.run(globals, true).await,
        }
    }
}

impl List {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let items = match &globals.server {
            Some(server) => {
                let mut query = vec![("limit", self.limit.to_string())];
                query.extend(self.shop.iter().map(|s| ("shop", s.clone())));
                query.extend(self.buyer.iter().map(|b| ("buyer", b.clone())));
                Remote::new(globals, server).get("/claims", &query).await?["items"].clone()
            }
            None => self.here(globals).await?,
        };
        if globals.json {
            print_json(&json!({ "items": items }));
            return Ok(());
        }
        let columns = ["due", "claim", "stage", "turn", "guarantee", "reason", "at_risk_minor", "shop", "buyer", "order"];
        let rows: Vec<Vec<String>> =
            items.as_array().into_iter().flatten().map(|row| columns.iter().map(|c| amount_or_cell(row, c)).collect()).collect();
        if rows.is_empty() {
            println!("No open claims. `laotie claim list --shop ID` lists those of a shop, decided ones too.");
        } else {
            print_table(&columns.map(str::to_owned), &rows);
        }
        Ok(())
    }

    async fn here(&self, globals: &Globals) -> Result<Value, Failure> {
        let market = open_market(globals, false).await?;
        let owner = match (&self.shop, &self.buyer) {
            (Some(shop), _) => format!("shop/{shop}"),
            (_, Some(buyer)) => format!("buyer/{buyer}"),
            _ => String::new(),
        };
        let page = ListingPage { view: "claims".to_owned(), owner, after: None, descending: false, limit: self.limit };
        let rows = market.engine.store().listing(&page).await.map_err(|e| Failure::failed(e.into()))?;
        Ok(rows.iter().map(|r| serde_json::from_str(&r.body).unwrap_or(Value::Null)).collect())
    }
}

fn money(minor: i64, currency: &str) -> String {
    Currency::new(currency).map_or_else(|_| minor.to_string(), |c| Money::new(minor, c).to_string())
}

fn amount_or_cell(row: &Value, column: &str) -> String {
    match (column.ends_with("_minor"), row[column].as_i64(), row["currency"].as_str()) {
        (true, Some(minor), Some(currency)) => money(minor, currency),
        _ => cell(&row[column]),
    }
}

impl Show {
    async fn run(&self, globals: &Globals, explained: bool) -> Result<(), Failure> {
        let (explanation, history) = match &globals.server {
            Some(server) => {
                let view = Remote::new(globals, server).get(&format!("/claims/{}", self.id), &[]).await?;
                (view["explanation"].clone(), view["history"].as_array().cloned().unwrap_or_default())
            }
            None => {
                let market = open_market(globals, false).await?;
                let found = explain_claim(&market, &self.id).await.map_err(|e| Failure::failed(e.into()))?;
                let (explanation, history) = found.ok_or_else(|| {
                    Failure::usage(anyhow::anyhow!("there is no claim `{}`; `laotie claim list` lists the open ones", self.id))
                })?;
                (json!(explanation), history)
            }
        };
        if globals.json {
            let whole = json!({ "explanation": explanation, "history": history });
            print_json(if explained { &explanation } else { &whole });
            return Ok(());
        }
        let explanation: Explanation =
            serde_json::from_value(explanation).map_err(|e| Failure::failed(anyhow::anyhow!("the claim cannot be read: {e}")))?;
        if !explained {
            for row in &history {
                println!("{:>8}  {}  {:<20} {}", cell(&row["seq"]), cell(&row["at"]), cell(&row["kind"]), row["body"]);
            }
            println!();
        }
        tell(&explanation, globals.lang() == Lang::Zh);
        Ok(())
    }
}

/// A word in one of two languages.
fn word(zh: bool, chinese: &'static str, english: &'static str) -> &'static str {
    if zh { chinese } else { english }
}

fn tell(e: &Explanation, zh: bool) {
    let buyer = e.buyer.as_deref().unwrap_or(word(zh, "匿名买家", "a guest"));
    println!(
        "{} {} · {} {} · {} {} · {} {}",
        word(zh, "维权单", "Claim"),
        e.claim,
        word(zh, "订单", "order"),
        e.order,
        word(zh, "买家", "buyer"),
        buyer,
        word(zh, "店铺", "shop"),
        e.shop
    );
    println!("{}: {} · {}: {}", word(zh, "进度", "Stage"), e.stage, word(zh, "轮到", "turn"), e.turn);
    match &e.clause {
        Some(clause) => {
            println!("\n{} ({})", if zh { &clause.name_zh } else { &clause.name_en }, clause.version);
            println!("  {}", if zh { &clause.zh } else { &clause.en });
            println!(
                "  {}",
                word(
                    zh,
                    "下单时已冻结在订单上，之后的规则变更不影响本单。",
                    "Frozen on the order when it was paid; later changes of rules do not touch it."
                )
            );
        }
        None => println!("\n{}", word(zh, "未援引任何保障：按普通纠纷审核。", "No guarantee is called upon: a plain dispute, for review.")),
    }
    for (label, time) in [(word(zh, "商家答复期限", "Answer due"), &e.answer_by), (word(zh, "举证期限", "Evidence due"), &e.evidence_by)]
    {
        if let Some(time) = time {
            println!("  {label}: {time}");
        }
    }
    for ruling in &e.rulings {
        tell_ruling(ruling, &e.currency, zh);
    }
    if !e.postings.is_empty() {
        println!("\n{}", word(zh, "记账", "Postings"));
        for posting in &e.postings {
            let reverses = posting.reverses.as_ref().map(|r| format!(" ({} {r})", word(zh, "冲销", "takes back"))).unwrap_or_default();
            println!("  {} {}{reverses}", posting.purpose, posting.posting);
            for side in &posting.sides {
                println!("    {:>16}  {}", money(side.amount_minor, &e.currency), side.account);
            }
        }
    }
    if let Some(appeal) = &e.appeal {
        println!("\n{}", if zh { &appeal.zh } else { &appeal.en });
    }
}

fn tell_ruling(ruling: &Ruled, currency: &str, zh: bool) {
    let by = ruling.reviewer.as_deref().unwrap_or(word(zh, "规则自动判定", "the rules alone"));
    println!("\n{} {} · {} · {} · {}", word(zh, "裁定", "Ruling"), ruling.ruling, ruling.outcome, by, ruling.at);
    for reason in &ruling.reasons {
        let clause = reason.clause.as_ref().map(|c| format!(" [{c}]")).unwrap_or_default();
        println!("  {}{clause}: {}", reason.code, reason.text.as_deref().unwrap_or(""));
        if !reason.facts.is_empty() {
            let facts: Vec<String> = reason.facts.iter().map(|f| format!("#{f}")).collect();
            println!("    {} {}", word(zh, "依据事实", "shown by facts"), facts.join(" "));
        }
    }
    for award in &ruling.awards {
        let line = award.line.as_ref().map(|l| format!(" {} {l}", word(zh, "行", "line"))).unwrap_or_default();
        let times = award.multiple.map(|m| format!(" × {m}")).unwrap_or_default();
        let payer = award.payer.as_ref().map(|p| format!(" · {p}")).unwrap_or_default();
        let coupon = if award.paid_as == "coupon" { word(zh, "（券）", " (coupon)") } else { "" };
        println!("    {:>16}  {}{times}{line}{coupon}{payer}", money(award.amount_minor, currency), award.award);
    }
    if !ruling.awards.is_empty() {
        println!("    {:>16}  {}", money(ruling.total_minor, currency), word(zh, "合计", "in all"));
    }
}
