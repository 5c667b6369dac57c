//! `laotie import`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use laotie_analytics::import::{Import, ImportPlan, Mapping, RefusedRow};
use laotie_api::Market;
use laotie_api::importing::{ImportStatus, RunError, checkpoints, run};
use laotie_engine::shipped_rules;
use serde_json::json;

use crate::commands::open_market;
use crate::globals::Globals;
use crate::output::{Failure, print_json, progress};
use crate::remote::Remote;

/// Turn CSV, Parquet or JSON lines of another system into facts, through a mapping.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie import --mapping online-retail online_retail.parquet\n  laotie import --mapping olist data/olist/*.parquet\n  laotie import --mapping shopify-orders --set shop=tea-house orders_export_1.csv\n  laotie import --mapping mine.toml --table orders=export.csv"
)]
pub(crate) struct ImportCommand {
    /// A mapping of the rulebook by name, or a file of your own
    #[arg(long, value_name = "NAME")]
    mapping: String,
    /// A table and its file, when the file's name does not say which it is
    #[arg(long = "table", value_name = "NAME=FILE")]
    tables: Vec<String>,
    /// The files
    files: Vec<PathBuf>,
    /// A setting of the mapping: `zone`, `currency`, or one of its own such as `shop`
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// Where refused rows go, with file, row, field and reason
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
    /// Memory that the mapping's queries may use; beyond it they spill to disk
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    memory: usize,
    /// Read everything again, whatever an earlier run has behind it
    #[arg(long)]
    again: bool,
}

/// The document of a mapping: a file, one of the market's rulebook, or a shipped one.
pub(crate) fn mapping_document(name: &str, market: Option<&Market>) -> Result<(String, String), Failure> {
    if Path::new(name).extension().is_some_and(|e| e == "toml") {
        let text = std::fs::read_to_string(name).map_err(|e| Failure::usage(anyhow::anyhow!("{name}: {e}")))?;
        let stem = Path::new(name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok((stem, text));
    }
    let in_market = market.and_then(|m| m.engine.book().family("mappings").find(|(n, _)| *n == name).map(|(_, d)| d.text.clone()));
    let shipped = || shipped_rules().into_iter().find(|r| r.family == "mappings" && r.name == name).map(|r| r.text);
    match in_market.or_else(shipped) {
        Some(text) => Ok((name.to_owned(), text)),
        None => {
            let known: Vec<String> = shipped_rules().into_iter().filter(|r| r.family == "mappings").map(|r| r.name).collect();
            Err(Failure::usage(anyhow::anyhow!(
                "there is no mapping `{name}`; there are {}, or name a file ending in .toml",
                known.join(", ")
            )))
        }
    }
}

impl ImportCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let mut files: Vec<(Option<String>, PathBuf)> = Vec::new();
        for table in &self.tables {
            let (name, file) =
                table.split_once('=').ok_or_else(|| Failure::usage(anyhow::anyhow!("--table {table}: write it as NAME=FILE")))?;
            files.push((Some(name.to_owned()), PathBuf::from(file)));
        }
        files.extend(self.files.iter().map(|f| (None, f.clone())));
        if files.is_empty() {
            return Err(Failure::usage(anyhow::anyhow!("no file was given; see laotie import --help")));
        }
        let mut out: Option<Box<dyn Write + Send>> = match &self.refused {
            Some(path) => Some(Box::new(std::io::BufWriter::new(
                std::fs::File::create(path).map_err(|e| Failure::usage(anyhow::anyhow!("{}: {e}", path.display())))?,
            ))),
            None => None,
        };
        let mut shown = 0;
        let mut refuse = |row: &RefusedRow| {
            if let Some(out) = &mut out {
                let _ = writeln!(out, "{}", json!(row));
            } else if shown < 20 {
                shown += 1;
                eprintln!(
                    "{}:{}: {}{}",
                    row.file,
                    row.row,
                    if row.field.is_empty() { String::new() } else { format!("{}: ", row.field) },
                    row.reason
                );
            }
        };
        let status = match &globals.server {
            Some(server) => self.there(globals, server, files, &mut refuse).await?,
            None => {
                let market = open_market(globals, true).await?;
                let status = self.here(&market, files, &mut refuse).await;
                market.close().await.map_err(|e| Failure::failed(e.into()))?;
                status?
            }
        };
        if let Some(out) = &mut out {
            out.flush().map_err(|e| Failure::failed(e.into()))?;
        }
        tell(globals, &status);
        Ok(())
    }

    fn mapping(&self, market: Option<&Market>) -> Result<Mapping, Failure> {
        let (name, text) = mapping_document(&self.mapping, market)?;
        let mut mapping = Mapping::parse(&name, &text).map_err(|e| Failure::usage(e.into()))?;
        for setting in &self.settings {
            let (name, value) =
                setting.split_once('=').ok_or_else(|| Failure::usage(anyhow::anyhow!("--set {setting}: write it as NAME=VALUE")))?;
            mapping.set(name, value).map_err(|e| Failure::usage(e.into()))?;
        }
        if market.is_none() && mapping.hashes() {
            return Err(Failure::usage(anyhow::anyhow!(
                "the mapping `{}` hashes identities with the market's own secret, which only the server has; run the import where the market's data lies, without --server",
                mapping.id
            )));
        }
        Ok(mapping)
    }

    fn plan(&self, mapping: Mapping, files: Vec<(Option<String>, PathBuf)>, salt: Vec<u8>, checkpoints: Option<PathBuf>) -> ImportPlan {
        let checkpoints = checkpoints.filter(|_| !self.again);
        ImportPlan { mapping, files, memory_limit_bytes: self.memory << 20, salt, checkpoints }
    }

    async fn here(
        &self,
        market: &Market,
        files: Vec<(Option<String>, PathBuf)>,
        refuse: &mut (dyn FnMut(&RefusedRow) + Send),
    ) -> Result<ImportStatus, Failure> {
        let mapping = self.mapping(Some(market))?;
        let plan = self.plan(mapping, files, market.salt.clone(), Some(checkpoints(market)));
        let bar = progress(None, "importing");
        let mut tick = |status: &ImportStatus| bar.set_position(status.read);
        let status = run(market, plan, &mut tick, refuse).await;
        bar.finish_and_clear();
        status.map_err(|e| match e {
            RunError::Import(_) => Failure::usage(e.into()),
            RunError::Record(_) => Failure::failed(e.into()),
        })
    }

    /// Maps here, records on a server.
    async fn there(
        &self,
        globals: &Globals,
        server: &str,
        files: Vec<(Option<String>, PathBuf)>,
        refuse: &mut (dyn FnMut(&RefusedRow) + Send),
    ) -> Result<ImportStatus, Failure> {
        let remote = Remote::new(globals, server);
        let mapping = self.mapping(None)?;
        let name = mapping.id.clone();
        let names = files.iter().map(|(_, f)| f.display().to_string()).collect();
        let watch = laotie_engine::clock::Stopwatch::start();
        let mut import = Import::open(self.plan(mapping, files, Vec::new(), None)).await.map_err(|e| Failure::usage(e.into()))?;
        let bar = progress(None, "importing");
        let mut status = ImportStatus {
            id: String::new(),
            mapping: name,
            files: names,
            state: "done".to_owned(),
            started: laotie_engine::clock::now().to_string(),
            finished: None,
            read: 0,
            recorded: 0,
            repeated: 0,
            refused: 0,
            left_out: 0,
            rows_per_second: 0.0,
            seconds: 0.0,
            error: None,
        };
        while let Some(batch) = import.next().await.map_err(|e| Failure::usage(e.into()))? {
            batch.refused.iter().for_each(&mut *refuse);
            status.refused += u64::try_from(batch.refused.len()).unwrap_or(0);
            let lines: Vec<String> = batch.facts.iter().map(as_line).collect();
            if !lines.is_empty() {
                let answer = remote.post("/facts", lines.join("\n"), "application/x-ndjson").await?;
                for (receipt, place) in answer["receipts"].as_array().into_iter().flatten().zip(batch.places) {
                    let text = |name: &str| receipt[name].as_str().unwrap_or("").to_owned();
                    match receipt["outcome"].as_str() {
                        Some("recorded") => status.recorded += 1,
                        Some("repeated") => status.repeated += 1,
                        _ => {
                            status.refused += 1;
                            refuse(&RefusedRow {
                                file: place.file,
                                row: place.row,
                                code: text("problem"),
                                field: text("field"),
                                reason: text("reason"),
                            });
                        }
                    }
                }
            }
            bar.set_position(import.totals().read);
        }
        bar.finish_and_clear();
        (status.read, status.left_out, status.seconds) = (import.totals().read, import.totals().left_out, watch.seconds());
        Ok(status)
    }
}

fn as_line(fact: &laotie_facts::Incoming) -> String {
    let envelope = json!({ "source": fact.source, "key": fact.key, "kind": fact.kind().name(), "at": fact.at, "by": fact.by });
    let text = envelope.to_string().replace(",\"by\":null", "").replace("\"by\":null,", "");
    format!("{},\"body\":{}}}", text.trim_end_matches('}'), fact.body_text)
}

fn tell(globals: &Globals, status: &ImportStatus) {
    if globals.json {
        print_json(&json!(status));
        return;
    }
    println!(
        "{} read: {} recorded, {} repeated, {} refused, {} left out on purpose, in {:.1} s",
        status.read, status.recorded, status.repeated, status.refused, status.left_out, status.seconds
    );
    if status.read != status.recorded + status.repeated + status.refused + status.left_out {
        eprintln!("the numbers do not add up; please report this with the mapping `{}`", status.mapping);
    }
}
