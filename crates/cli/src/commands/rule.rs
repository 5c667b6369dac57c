//! `laotie rule`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use laotie_engine::story::read_stories;
use laotie_engine::{check_rule, preview, shipped_rules};
use laotie_facts::body::RulePublished;
use laotie_facts::{FactKey, Incoming, Kind, MarketZone, RuleVersion, SourceId, Text, Timestamp};
use serde_json::{Value, json};

use crate::commands::open_market;
use crate::globals::Globals;
use crate::output::{Failure, cell, print_json, print_table, progress};
use crate::remote::Remote;

const DAY_MICROS: i64 = 86_400_000_000;

/// The market's rules: read, checked, previewed, put forward, approved, told as stories
#[derive(Debug, Subcommand)]
pub(crate) enum RuleCommand {
    /// The rules that hold now
    List(List),
    /// Check a document as the systems would read it
    Check(Document),
    /// Decide the last days again under a changed document: whose outcome and which money would change
    Preview(Preview),
    /// Put a document forward; it holds once two people have approved it and its notice has run
    Publish(Publish),
    /// Approve a document that was put forward
    Approve(Approve),
    /// Tell stories: facts in a document, and what must come of them to the minor unit
    Test(Test),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie rule list --family guarantees")]
pub(crate) struct List {
    /// Only documents of this family
    #[arg(long)]
    family: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie rule check rulebook/guarantees/counterfeit_multiple.toml")]
pub(crate) struct Document {
    /// The document; its folder is its family, its name (before any `@`) the rule
    file: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie rule preview changed/guarantees/refund_without_return.toml --days 30")]
pub(crate) struct Preview {
    #[command(flatten)]
    document: Document,
    /// How many days back facts are decided again
    #[arg(long, default_value_t = 30)]
    days: u16,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie rule publish changed/fees/platform.toml --as ops-1 --statement 'category rates'")]
pub(crate) struct Publish {
    #[command(flatten)]
    document: Document,
    /// Who puts it forward; with --server the key's own party
    #[arg(long = "as", value_name = "PARTY", default_value = "operator")]
    party: String,
    /// Why it should change
    #[arg(long)]
    statement: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie rule approve fees/platform@2027-01-01.1 --as ops-2")]
pub(crate) struct Approve {
    /// The version, as FAMILY/NAME@DATE.N
    #[arg(value_name = "VERSION")]
    rule: String,
    /// Who approves; with --server the key's own party
    #[arg(long = "as", value_name = "PARTY", default_value = "operator")]
    party: String,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie rule test rulebook/cases/money.toml\n  laotie rule test my/cases/*.toml --with changed/fees/platform.toml"
)]
pub(crate) struct Test {
    /// Documents of stories
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Documents that take the place of shipped ones
    #[arg(long = "with", value_name = "FILE")]
    with: Vec<PathBuf>,
    /// Zone of times without an offset
    #[arg(long, default_value = "Asia/Shanghai")]
    zone: String,
}

/// A document as a file names it.
struct Read {
    family: String,
    name: String,
    version: RuleVersion,
    effective_from: Timestamp,
    text: String,
}

impl Document {
    fn read(&self) -> Result<Read, Failure> {
        read(&self.file)
    }
}

fn read(file: &std::path::Path) -> Result<Read, Failure> {
    let wrong = |reason: String| Failure::usage(anyhow::anyhow!("{}: {reason}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|e| wrong(e.to_string()))?;
    let full = std::fs::canonicalize(file).map_err(|e| wrong(e.to_string()))?;
    let part = |p: Option<&std::ffi::OsStr>| p.and_then(|n| n.to_str()).map(str::to_owned);
    let family = part(full.parent().and_then(|p| p.file_name())).ok_or_else(|| wrong("lies in no folder that names its family".into()))?;
    let stem = part(full.file_name()).unwrap_or_default();
    let name = stem.trim_end_matches(".toml").split('@').next().unwrap_or_default().to_owned();
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| wrong(e.to_string()))?;
    let field = |name: &str| table.get(name).and_then(|v| v.as_str()).ok_or_else(|| wrong(format!("has no `{name}`")));
    let version = RuleVersion::new(format!("{family}/{name}@{}", field("version")?)).map_err(|e| wrong(e.reason))?;
    let from = field("effective_from").unwrap_or("1970-01-01T00:00:00Z");
    let from = if from.len() == 10 { format!("{from}T00:00:00Z") } else { from.to_owned() };
    let effective_from = Timestamp::parse(&from).map_err(|e| wrong(format!("effective_from: {e}")))?;
    check_rule(&family, &name, version.clone(), &text)
        .map_err(|flaw| wrong(if flaw.field.is_empty() { flaw.reason } else { format!("{}: {}", flaw.field, flaw.reason) }))?;
    Ok(Read { family, name, version, effective_from, text })
}

impl Read {
    fn published(&self, effective_from: Timestamp) -> Result<RulePublished, Failure> {
        let wrong = |e: laotie_facts::Flaw| Failure::usage(anyhow::anyhow!("{e}"));
        Ok(RulePublished {
            effective_from,
            family: Text::new(self.family.clone()).map_err(wrong)?,
            name: Text::new(self.name.clone()).map_err(wrong)?,
            text: Text::new(self.text.clone()).map_err(wrong)?,
            version: self.version.clone(),
        })
    }
}

impl RuleCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(globals).await,
            Self::Check(document) => {
                let read = document.read()?;
                if globals.json {
                    print_json(&json!({ "version": read.version, "effective_from": read.effective_from }));
                } else {
                    println!("{} is a rule, from {} on.", read.version, read.effective_from);
                }
                Ok(())
            }
            Self::Preview(wanted) => wanted.run(globals).await,
            Self::Publish(publish) => publish.run(globals).await,
            Self::Approve(approve) => approve.run(globals).await,
            Self::Test(test) => test.run(globals).await,
        }
    }
}

impl List {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let rows: Value = match &globals.server {
            Some(server) => {
                let query: Vec<(&str, String)> = self.family.iter().map(|f| ("family", f.clone())).collect();
                Remote::new(globals, server).get("/rules", &query).await?
            }
            None => {
                let market = open_market(globals, false).await?;
                let (book, now) = (market.engine.book(), laotie_engine::clock::now());
                let families: Vec<String> =
                    book.families().filter(|f| self.family.as_deref().is_none_or(|w| w == *f)).map(str::to_owned).collect();
                let of = |family: &String| {
                    let rows = book
                        .family_at(family, now)
                        .map(|(_, d)| json!({ "version": d.version, "effective_from": d.effective_from, "title": d.table.get("name") }));
                    rows.collect::<Vec<_>>()
                };
                families.iter().flat_map(of).collect()
            }
        };
        if globals.json {
            print_json(&rows);
        } else {
            let cells = |r: &Value| vec![cell(&r["version"]), cell(&r["effective_from"]), cell(&r["title"]["zh"]), cell(&r["title"]["en"])];
            let header = ["version", "effective_from", "zh", "en"].map(str::to_owned);
            print_table(&header, &rows.as_array().into_iter().flatten().map(cells).collect::<Vec<_>>());
        }
        Ok(())
    }
}

impl Preview {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let read = self.document.read()?;
        let found = match &globals.server {
            Some(server) => {
                let body = json!({ "family": read.family, "name": read.name, "text": read.text, "days": self.days });
                Remote::new(globals, server).post("/rules/preview", body.to_string(), "application/json").await?
            }
            None => {
                let market = open_market(globals, false).await?;
                let since = Timestamp::from_micros((laotie_engine::clock::now().micros() - i64::from(self.days) * DAY_MICROS).max(0))
                    .unwrap_or_default();
                let head = market.engine.store().head().await.map_err(|e| Failure::failed(e.into()))?;
                let bar = progress(u64::try_from(head.seq).ok(), "deciding twice");
                let mut tick = |seq: i64| bar.set_position(u64::try_from(seq).unwrap_or(0));
                let preview = preview(market.engine.store().as_ref(), &read.published(since)?, since, &mut tick).await;
                bar.finish_and_clear();
                json!(preview.map_err(|e| Failure::failed(e.into()))?)
            }
        };
        if globals.json {
            print_json(&found);
            return Ok(());
        }
        println!("{} on the {} facts since {}:", read.version, cell(&found["facts"]), cell(&found["since"]));
        println!("{} subjects would have ended otherwise.", cell(&found["subjects_changed"]));
        for (currency, minor) in found["money_changed_minor"].as_object().into_iter().flatten() {
            let money = laotie_facts::Currency::new(currency).map(|c| laotie_facts::Money::new(minor.as_i64().unwrap_or(0), c).to_string());
            println!("Buyers would have got {} more.", money.unwrap_or_else(|_| minor.to_string()));
        }
        let kinds: Vec<Vec<String>> =
            found["kinds"].as_object().into_iter().flatten().map(|(kind, n)| vec![kind.clone(), cell(&n[0]), cell(&n[1])]).collect();
        if !kinds.is_empty() {
            print_table(&["decided", "less", "more"].map(str::to_owned), &kinds);
        }
        for example in found["examples"].as_array().into_iter().flatten().take(5) {
            println!("\n{}", cell(&example["subject"]));
            for (sign, field) in [("-", "gone"), ("+", "new")] {
                for fact in example[field].as_array().into_iter().flatten() {
                    println!("  {sign} {fact}");
                }
            }
        }
        Ok(())
    }
}

/// Records a fact that a person makes in a market opened here.
pub(crate) async fn record(globals: &Globals, kind: Kind, body: Value, key: String) -> Result<(), Failure> {
    let market = open_market(globals, false).await?;
    let body = laotie_facts::Body::parse(kind, &body.to_string()).map_err(|e| Failure::usage(anyhow::anyhow!("{e}")))?;
    let source = SourceId::new("console").expect("a valid id");
    let key = FactKey::new(key).map_err(|e| Failure::usage(anyhow::anyhow!("{e}")))?;
    let fact = Incoming::new(source, key, laotie_engine::clock::now(), None, body);
    let receipts = market.engine.record(vec![fact]).await.map_err(|e| Failure::failed(e.into()))?;
    market.engine.stop().await;
    match receipts.first().map(|r| &r.outcome) {
        Some(laotie_engine::Outcome::Refused { code, reason, .. }) => Err(Failure::usage(anyhow::anyhow!("{code}: {reason}"))),
        _ => Ok(()),
    }
}

impl Publish {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let read = self.document.read()?;
        match &globals.server {
            Some(server) => {
                let body = json!({ "family": read.family, "name": read.name, "text": read.text, "statement": self.statement });
                Remote::new(globals, server).post("/rules/proposals", body.to_string(), "application/json").await?;
            }
            None => {
                let mut body = json!({
                    "family": read.family, "name": read.name, "text": read.text, "version": read.version,
                    "effective_from": read.effective_from, "proposer": self.party,
                });
                if let Some(statement) = &self.statement {
                    body["statement"] = json!(statement);
                }
                record(globals, Kind::RuleProposed, body, format!("{}/proposed", read.version)).await?;
            }
        }
        if globals.json {
            print_json(&json!({ "version": read.version, "effective_from": read.effective_from }));
        } else {
            println!("{} is put forward; two people approve it with `laotie rule approve {}`.", read.version, read.version);
        }
        Ok(())
    }
}

impl Approve {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match &globals.server {
            Some(server) => {
                let body = json!({ "version": self.rule });
                Remote::new(globals, server).post("/rules/approvals", body.to_string(), "application/json").await?;
            }
            None => {
                let wrong = || Failure::usage(anyhow::anyhow!("`{}` is no version, as fees/platform@2027-01-01.1", self.rule));
                let (family, rest) = self.rule.split_once('/').ok_or_else(wrong)?;
                let (name, _) = rest.split_once('@').ok_or_else(wrong)?;
                let body = json!({ "family": family, "name": name, "version": self.rule, "approver": self.party });
                record(globals, Kind::RuleApproved, body, format!("{}/approved/{}", self.rule, self.party)).await?;
            }
        }
        if globals.json {
            print_json(&json!({ "version": self.rule }));
        } else {
            println!("{} is approved by {}.", self.rule, self.party);
        }
        Ok(())
    }
}

impl Test {
    async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let zone = MarketZone::new(&self.zone).map_err(|e| Failure::usage(anyhow::anyhow!("--zone: {e}")))?;
        let mut rules: Vec<RulePublished> = Vec::new();
        let changed: Vec<Read> = self.with.iter().map(|f| read(f)).collect::<Result<_, _>>()?;
        for rule in shipped_rules() {
            if !changed.iter().any(|c| c.family == rule.family && c.name == rule.name) {
                rules.push(rule.in_zone(&zone).published().map_err(|e| Failure::failed(anyhow::anyhow!("{e}")))?);
            }
        }
        for rule in &changed {
            rules.push(rule.published(rule.effective_from)?);
        }
        let (mut told, mut endings) = (0, Vec::new());
        for file in &self.files {
            let wrong = |reason: String| Failure::usage(anyhow::anyhow!("{}: {reason}", file.display()));
            let text = std::fs::read_to_string(file).map_err(|e| wrong(e.to_string()))?;
            for story in read_stories(&text).map_err(|e| wrong(e.reason))? {
                let ending = story.run(&rules, &zone).await;
                told += 1;
                if globals.json {
                    print_json(&json!(ending));
                } else if !ending.differences.is_empty() {
                    println!("✗ {}\n    {}", ending.name, ending.differences.join("\n    "));
                }
                endings.push(ending);
            }
        }
        let wrong = endings.iter().filter(|e| !e.differences.is_empty()).count();
        if !globals.json {
            println!("{told} stories told, {wrong} end otherwise than expected.");
        }
        if wrong > 0 { Err(Failure::failed(anyhow::anyhow!("{wrong} of {told} stories end otherwise than expected"))) } else { Ok(()) }
    }
}
