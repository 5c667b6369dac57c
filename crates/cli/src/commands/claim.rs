//! `laotie claim`.

use clap::{Args, Subcommand};
use laotie_api::{Because, CodedClaim, Explanation, Ruled, explain_claim};
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
    Explain(Explain),
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
#[command(after_help = "Examples:\n  laotie claim show clm-1\n  laotie claim show clm-1 --json")]
pub(crate) struct Show {
    /// The claim
    id: String,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie claim explain clm-1\n  laotie claim explain clm-1 --lang zh\n  laotie claim explain clm-1 --public"
)]
pub(crate) struct Explain {
    /// The claim
    id: String,
    /// As everybody may know it: codes and clauses, without parties, money, facts or words
    #[arg(long)]
    public: bool,
}

impl ClaimCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(globals).await,
            Self::Show(show) => show.run(globals).await,
            Self::Explain(explain) => explain.run(globals).await,
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

pub(crate) fn money(minor: i64, currency: &str) -> String {
    Currency::new(currency).map_or_else(|_| minor.to_string(), |c| Money::new(minor, c).to_string())
}

fn amount_or_cell(row: &Value, column: &str) -> String {
    match (column.ends_with("_minor"), row[column].as_i64(), row["currency"].as_str()) {
        (true, Some(minor), Some(currency)) => money(minor, currency),
        _ => cell(&row[column]),
    }
}

/// A claim's explanation and history.
async fn asked(globals: &Globals, id: &str) -> Result<(Explanation, Vec<Value>), Failure> {
    match &globals.server {
        Some(server) => {
            let view = Remote::new(globals, server).get(&format!("/claims/{id}"), &[]).await?;
            let explanation = serde_json::from_value(view["explanation"].clone()).map_err(unreadable)?;
            Ok((explanation, view["history"].as_array().cloned().unwrap_or_default()))
        }
        None => {
            let market = open_market(globals, false).await?;
            let found = explain_claim(&market, id).await.map_err(|e| Failure::failed(e.into()))?;
            found.ok_or_else(|| Failure::usage(anyhow::anyhow!("there is no claim `{id}`; `laotie claim list` lists the open ones")))
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a mapping of errors takes them whole")]
fn unreadable(error: serde_json::Error) -> Failure {
    Failure::failed(anyhow::anyhow!("the claim cannot be read: {error}"))
}

impl Show {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let (explanation, history) = asked(globals, &self.id).await?;
        if globals.json {
            print_json(&json!({ "explanation": explanation, "history": history }));
            return Ok(());
        }
        for row in &history {
            println!("{:>8}  {}  {:<20} {}", cell(&row["seq"]), cell(&row["at"]), cell(&row["kind"]), row["body"]);
        }
        println!();
        tell(&explanation, &[], globals.lang() == Lang::Zh);
        Ok(())
    }
}

impl Explain {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let zh = globals.lang() == Lang::Zh;
        if self.public {
            let coded: CodedClaim = match &globals.server {
                Some(server) => {
                    let answer = Remote::new(globals, server).get(&format!("/claims/{}/public", self.id), &[]).await?;
                    serde_json::from_value(answer).map_err(unreadable)?
                }
                None => CodedClaim::from(&asked(globals, &self.id).await?.0),
            };
            if globals.json {
                print_json(&json!(coded));
            } else {
                tell_coded(&coded, zh);
            }
            return Ok(());
        }
        let (explanation, history) = asked(globals, &self.id).await?;
        if globals.json {
            print_json(&json!(explanation));
        } else {
            tell(&explanation, &history, zh);
        }
        Ok(())
    }
}

fn tell_coded(coded: &CodedClaim, zh: bool) {
    println!("{} {} · {}", word(zh, "维权单", "Claim"), coded.claim, coded.stage);
    if let Some(clause) = &coded.clause {
        println!(
            "  {} ({}): {}",
            if zh { &clause.name_zh } else { &clause.name_en },
            clause.version,
            if zh { &clause.zh } else { &clause.en }
        );
    }
    for ruling in &coded.rulings {
        let by = if ruling.by_rules { word(zh, "规则自动判定", "the rules alone") } else { word(zh, "判责员", "a reviewer") };
        println!("\n{} · {} · {by}", ruling.at, ruling.outcome);
        for reason in &ruling.reasons {
            let title = if zh { &reason.title_zh } else { &reason.title_en };
            let clause = reason.clause.as_ref().map(|c| format!(" [{c}]")).unwrap_or_default();
            println!("  {}{clause}: {}", reason.code, title.as_deref().unwrap_or("–"));
        }
    }
}

/// A reason with its facts, which are named by kind and time where `history` has them.
pub(crate) fn tell_reason(reason: &Because, history: &[Value], zh: bool) {
    let clause = reason.clause.as_ref().map(|c| format!(" [{c}]")).unwrap_or_default();
    let title = if zh { &reason.title_zh } else { &reason.title_en };
    let said = if zh { &reason.zh } else { &reason.en };
    println!("  {} ({}){clause}", title.as_ref().unwrap_or(&reason.code), reason.code);
    if let Some(text) = said.as_ref().or(reason.text.as_ref()) {
        println!("    {text}");
    }
    if !reason.facts.is_empty() {
        let named = |seq: &i64| match history.iter().find(|row| row["seq"] == json!(seq)) {
            Some(row) => format!("#{seq} {} {}", cell(&row["kind"]), cell(&row["at"])),
            None => format!("#{seq}"),
        };
        let facts: Vec<String> = reason.facts.iter().map(named).collect();
        println!("    {} {}", word(zh, "依据事实", "shown by facts"), facts.join(", "));
    }
}

/// A word in one of two languages.
pub(crate) fn word(zh: bool, chinese: &'static str, english: &'static str) -> &'static str {
    if zh { chinese } else { english }
}

fn tell(e: &Explanation, history: &[Value], zh: bool) {
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
        tell_ruling(ruling, &e.currency, history, zh);
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

fn tell_ruling(ruling: &Ruled, currency: &str, history: &[Value], zh: bool) {
    let by = ruling.reviewer.as_deref().unwrap_or(word(zh, "规则自动判定", "the rules alone"));
    println!("\n{} {} · {} · {} · {}", word(zh, "裁定", "Ruling"), ruling.ruling, ruling.outcome, by, ruling.at);
    for reason in &ruling.reasons {
        tell_reason(reason, history, zh);
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
