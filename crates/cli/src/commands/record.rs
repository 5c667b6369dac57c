//! `laotie record`.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;

use clap::Args;
use laotie_api::Market;
use laotie_engine::Outcome;
use laotie_engine::clock::Stopwatch;
use laotie_facts::{Incoming, ParseError};
use serde::Serialize;
use serde_json::json;

use crate::commands::open_market;
use crate::globals::Globals;
use crate::output::{Failure, print_json, progress};
use crate::remote::Remote;

/// Facts recorded at a time.
const CHUNK: usize = 1_000;

/// Longest line.
const LINE_MAX: u64 = 4 << 20;

/// Record facts, one JSON object a line, from files or standard input.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie record facts.jsonl --refused refused.jsonl\n  producer | laotie record -")]
pub(crate) struct Record {
    /// Files of facts; `-` or nothing is standard input
    files: Vec<PathBuf>,
    /// Where refused lines go, with line, field and reason
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
}

#[derive(Debug, Default, Serialize)]
struct Summary {
    read: u64,
    recorded: u64,
    repeated: u64,
    refused: u64,
    seconds: f64,
}

/// Where facts go.
enum Target {
    Here(Box<Market>),
    There(Remote),
}

type Line = (String, u64, Result<Incoming, ParseError>, String);

impl Record {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let target = match &globals.server {
            Some(server) => Target::There(Remote::new(globals, server)),
            None => Target::Here(Box::new(open_market(globals, true).await?)),
        };
        let mut refused: Option<Box<dyn Write>> = match &self.refused {
            Some(path) => Some(Box::new(std::io::BufWriter::new(
                std::fs::File::create(path).map_err(|e| Failure::usage(anyhow::anyhow!("{}: {e}", path.display())))?,
            ))),
            None => None,
        };
        let watch = Stopwatch::start();
        let bar = progress(None, "recording");
        let mut summary = Summary::default();
        let mut shown = 0;
        let stdin = [PathBuf::from("-")];
        for path in if self.files.is_empty() { &stdin[..] } else { &self.files } {
            let name = path.display().to_string();
            let input: Box<dyn Read> = if name == "-" {
                Box::new(std::io::stdin())
            } else {
                Box::new(std::fs::File::open(path).map_err(|e| Failure::usage(anyhow::anyhow!("{name}: {e}")))?)
            };
            let mut reader = BufReader::with_capacity(1 << 20, input);
            let mut number = 0;
            loop {
                let lines = read_lines(&mut reader, &name, &mut number).map_err(|e| Failure::failed(anyhow::anyhow!("{name}: {e}")))?;
                if lines.is_empty() {
                    break;
                }
                summary.read += u64::try_from(lines.len()).unwrap_or(0);
                for (file, line, code, field, reason) in send(&target, lines, &mut summary).await? {
                    summary.refused += 1;
                    if let Some(out) = &mut refused {
                        let row = json!({ "file": file, "line": line, "code": code, "field": field, "reason": reason });
                        writeln!(out, "{row}").map_err(|e| Failure::failed(e.into()))?;
                    } else if shown < 20 {
                        shown += 1;
                        bar.suspend(|| {
                            eprintln!("{file}:{line}: {}{reason}", if field.is_empty() { String::new() } else { format!("{field}: ") });
                        });
                    }
                }
                bar.set_position(summary.read);
            }
        }
        bar.finish_and_clear();
        if let Some(out) = &mut refused {
            out.flush().map_err(|e| Failure::failed(e.into()))?;
        }
        if let Target::Here(market) = &target {
            market.close().await.map_err(|e| Failure::failed(e.into()))?;
        }
        summary.seconds = watch.seconds();
        if globals.json {
            print_json(&json!(summary));
        } else {
            if summary.refused > 20 && self.refused.is_none() {
                eprintln!("… and {} more; --refused FILE keeps them all", summary.refused - 20);
            }
            println!(
                "{} read: {} recorded, {} repeated, {} refused in {:.1} s",
                summary.read, summary.recorded, summary.repeated, summary.refused, summary.seconds
            );
        }
        Ok(())
    }
}

fn read_lines(reader: &mut BufReader<Box<dyn Read>>, file: &str, number: &mut u64) -> std::io::Result<Vec<Line>> {
    let mut lines = Vec::with_capacity(CHUNK);
    let mut bytes = Vec::new();
    while lines.len() < CHUNK {
        bytes.clear();
        if reader.by_ref().take(LINE_MAX + 1).read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        *number += 1;
        let too_long = u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LINE_MAX && bytes.last() != Some(&b'\n');
        if too_long {
            reader.skip_until(b'\n')?;
        } else if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let parsed = if too_long {
            Err(ParseError { code: "too-long", field: String::new(), reason: format!("the line is longer than {} MiB", LINE_MAX >> 20) })
        } else {
            std::str::from_utf8(&bytes)
                .map_err(|e| ParseError {
                    code: "not-json",
                    field: String::new(),
                    reason: format!("not UTF-8 at byte {}", e.valid_up_to()),
                })
                .and_then(Incoming::parse)
        };
        let text = if parsed.is_ok() { String::from_utf8_lossy(&bytes).trim().to_owned() } else { String::new() };
        lines.push((file.to_owned(), *number, parsed, text));
    }
    Ok(lines)
}

type Refusal = (String, u64, String, String, String);

/// Sends the good ones and returns all that were refused.
async fn send(target: &Target, lines: Vec<Line>, summary: &mut Summary) -> Result<Vec<Refusal>, Failure> {
    let mut refusals = Vec::new();
    let (mut facts, mut places, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for (file, line, parsed, text) in lines {
        match parsed {
            Ok(fact) => {
                facts.push(fact);
                places.push((file, line));
                texts.push(text);
            }
            Err(e) => refusals.push((file, line, e.code.to_owned(), e.field, e.reason)),
        }
    }
    if facts.is_empty() {
        return Ok(refusals);
    }
    match target {
        Target::Here(market) => {
            let receipts = market.engine.record(facts).await.map_err(|e| Failure::failed(e.into()))?;
            for (receipt, (file, line)) in receipts.into_iter().zip(places) {
                match receipt.outcome {
                    Outcome::Recorded { .. } => summary.recorded += 1,
                    Outcome::Repeated { .. } => summary.repeated += 1,
                    Outcome::Refused { code, field, reason } => refusals.push((file, line, code, field, reason)),
                }
            }
        }
        Target::There(remote) => {
            let answer = remote.post("/facts", texts.join("\n"), "application/x-ndjson").await?;
            let receipts = answer["receipts"].as_array().cloned().unwrap_or_default();
            for (receipt, (file, line)) in receipts.iter().zip(places) {
                let text = |name: &str| receipt[name].as_str().unwrap_or("").to_owned();
                match receipt["outcome"].as_str() {
                    Some("recorded") => summary.recorded += 1,
                    Some("repeated") => summary.repeated += 1,
                    _ => refusals.push((file, line, text("problem"), text("field"), text("reason"))),
                }
            }
        }
    }
    refusals.sort_by_key(|r| r.1);
    Ok(refusals)
}
