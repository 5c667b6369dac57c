//! `laotie simulate`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Args;
use indicatif::ProgressBar;
use laotie_api::{Market, MarketPlace};
use laotie_engine::clock::Stopwatch;
use laotie_facts::Timestamp;
use laotie_simulate as simulated;
use laotie_simulate::{Happening, Parameters};
use serde_json::{Value, json};

use crate::globals::Globals;
use crate::output::{Failure, print_json, progress};
use crate::remote::Remote;
use crate::simulation::{BATCH, Counts, Plan, Simulation, document, settings, write_truths};

/// Simulate a whole market, honest and dishonest: its facts as a file, into a market, or live into a running server.
///
/// The same seed, document and version give the same bytes. The truth (who cheats, what was bought, which claims are false)
/// goes to a file of its own and never into the facts.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie simulate --seed 7 --weeks 4 --out facts.jsonl --truth truth.jsonl\n  laotie simulate --seed 7 --weeks 52 --scale 2 --market simulated --data ./laotie-data\n  laotie simulate --seed 7 --weeks 52 --live 60 --server http://127.0.0.1:8181 --market simulated --api-key KEY"
)]
pub(crate) struct Simulate {
    /// Seed of everything that is left to chance
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many weeks, from the document's first day on
    #[arg(long, default_value_t = 4)]
    weeks: u32,
    /// Factor on how many take part; 1 is some 2,000 buyers, 40 shops, 10 streamers
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Market document: a shipped one by name (live-market, olist-like), or a TOML file
    #[arg(long, value_name = "MARKET", default_value = "live-market")]
    like: String,
    /// Write the facts to this file, one JSON object a line; `-` is standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the truth to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Let it happen by the clock: 1 is real time, 60 a minute for each second; into a market or a server
    #[arg(long, value_name = "SPEED")]
    live: Option<f64>,
    /// Weeks that are recorded at once before it goes live
    #[arg(long, value_name = "WEEKS", default_value_t = 2)]
    history: u32,
    /// Threads that write the file; the bytes are the same with any number [default: one a core]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print every parameter of the document with its source, and do nothing else
    #[arg(long)]
    parameters: bool,
}

impl Simulate {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let parameters = document(&self.like)?;
        if self.parameters {
            tell_parameters(&parameters, globals.json);
            return Ok(());
        }
        if self.live.is_some_and(|speed| !speed.is_finite() || speed <= 0.0) {
            return Err(Failure::usage(anyhow::anyhow!("--live needs a speed above 0: 1 is real time, 60 a minute for each second")));
        }
        let targets = [self.out.is_some(), globals.server.is_some(), globals.data.is_some() && self.out.is_none()];
        if self.out.is_some() && globals.server.is_some() {
            return Err(Failure::usage(anyhow::anyhow!("--out and --server are two targets; choose one")));
        }
        if !targets.contains(&true) {
            return Err(Failure::usage(anyhow::anyhow!(
                "say where the facts go: --out FILE, --data DIR with --market NAME, or --server URL with --market NAME"
            )));
        }
        if self.out.is_some() && self.live.is_some() {
            return Err(Failure::usage(anyhow::anyhow!("--live is for a market or a server; a file is written at once")));
        }
        let plan = Plan::new(&parameters, &self.like, self.seed, self.weeks, self.scale)?;
        let truth = self.truth_file()?;
        let watch = Stopwatch::start();
        let counts = match (&self.out, &globals.server) {
            (Some(out), _) => self.to_file(&parameters, &plan, out, truth)?,
            (None, Some(server)) => Box::pin(self.to_server(&parameters, &plan, globals, &Remote::new(globals, server), truth)).await?,
            (None, None) => Box::pin(self.to_market(&parameters, plan.clone(), globals, truth)).await?,
        };
        let seconds = watch.seconds();
        let answer = json!({
            "like": parameters.name, "version": parameters.version, "seed": self.seed, "weeks": self.weeks, "scale": self.scale,
            "facts": counts.sent, "recorded": counts.recorded, "repeated": counts.repeated, "refused": counts.refused, "seconds": seconds,
        });
        if globals.json {
            print_json(&answer);
        } else {
            eprintln!(
                "{} facts of {} weeks, seed {}, in {seconds:.1} s ({:.0} a second)",
                counts.sent,
                self.weeks,
                self.seed,
                rate(counts.sent, seconds)
            );
            if self.out.is_none() {
                eprintln!("{} recorded, {} there before, {} refused", counts.recorded, counts.repeated, counts.refused);
            }
        }
        Ok(())
    }

    fn truth_file(&self) -> Result<Option<Box<dyn Write + Send>>, Failure> {
        let Some(path) = &self.truth else { return Ok(None) };
        let file = std::fs::File::create(path).map_err(|e| Failure::usage(anyhow::anyhow!("{}: {e}", path.display())))?;
        Ok(Some(Box::new(std::io::BufWriter::with_capacity(1 << 20, file))))
    }

    /// The market on one thread, its facts turned to text on the others, written in order.
    fn to_file(
        &self,
        parameters: &Parameters,
        plan: &Plan,
        out: &PathBuf,
        truth: Option<Box<dyn Write + Send>>,
    ) -> Result<Counts, Failure> {
        let mut market = simulated::Market::new(parameters, plan.run(truth.is_some())).map_err(|e| Failure::usage(e.into()))?;
        let mut truth = truth;
        let file: Box<dyn Write + Send> = if out.as_os_str() == "-" {
            Box::new(std::io::stdout())
        } else {
            Box::new(std::fs::File::create(out).map_err(|e| Failure::usage(anyhow::anyhow!("{}: {e}", out.display())))?)
        };
        let bar = days_bar(market.first_day(), market.end());
        let cores = || std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
        let writers = self.threads.unwrap_or_else(cores).clamp(1, 64);
        let mut sent = 0;
        let written = std::thread::scope(|scope| {
            let (to_text, chunks) = sync_channel::<(u64, Vec<Happening>)>(writers * 4);
            let (to_file, texts) = sync_channel(writers * 4);
            let chunks = Arc::new(Mutex::new(chunks));
            for _ in 0..writers {
                let (chunks, to_file) = (Arc::clone(&chunks), to_file.clone());
                scope.spawn(move || turn_to_text(&chunks, &to_file));
            }
            drop(to_file);
            let writer = scope.spawn(move || write_in_order(file, &texts));
            let mut number = 0;
            loop {
                let chunk: Vec<Happening> = market.by_ref().take(BATCH).collect();
                let Some(last) = chunk.last().map(|h| h.at) else { break };
                sent += u64::try_from(chunk.len()).unwrap_or(0);
                show_day(&bar, market.first_day(), last);
                write_truths(&mut truth, &mut market)?;
                if to_text.send((number, chunk)).is_err() {
                    break; // the file cannot be written; the writer says why
                }
                number += 1;
            }
            drop(to_text);
            let written = writer.join().map_err(|_| Failure::failed(anyhow::anyhow!("the writer stopped")))?;
            written.map_err(|e| Failure::failed(anyhow::anyhow!("{}: {e}", out.display())))
        });
        bar.finish_and_clear();
        written?;
        if let Some(file) = &mut truth {
            file.flush().map_err(|e| Failure::failed(e.into()))?;
        }
        Ok(Counts { sent, ..Counts::default() })
    }

    async fn to_market(
        &self,
        parameters: &Parameters,
        plan: Plan,
        globals: &Globals,
        truth: Option<Box<dyn Write + Send>>,
    ) -> Result<Counts, Failure> {
        let place = MarketPlace { data: globals.data_dir(), db: globals.db.clone(), name: globals.market().to_owned() };
        let market = Market::open(&place, settings(parameters)).await.map_err(|e| Failure::failed(e.into()))?;
        let market = Arc::new(market);
        let mut simulation = Simulation::into_market(parameters, plan, Arc::clone(&market), truth).await?;
        if let Some(speed) = self.live {
            tokio::select! {
                ended = simulation.live(speed, self.history * 7 * 24) => ended?,
                _ = tokio::signal::ctrl_c() => {}
            }
            market.close().await.map_err(|e| Failure::failed(e.into()))?;
            return Ok(Counts::default());
        }
        let (first, end) = (simulation.first_day(), simulation.end());
        let bar = days_bar(first, end);
        while let Some(last) = simulation.step(end).await? {
            show_day(&bar, first, last);
        }
        bar.finish_and_clear();
        market.close().await.map_err(|e| Failure::failed(e.into()))?;
        Ok(simulation.counts.clone())
    }

    async fn to_server(
        &self,
        parameters: &Parameters,
        plan: &Plan,
        globals: &Globals,
        server: &Remote,
        truth: Option<Box<dyn Write + Send>>,
    ) -> Result<Counts, Failure> {
        must_be_simulated(&server.markets().await?, globals.market())?;
        let market = simulated::Market::new(parameters, plan.run(truth.is_some())).map_err(|e| Failure::usage(e.into()))?;
        let mut market = Box::new(market);
        let (first, end, mut truth) = (market.first_day(), market.end(), truth);
        let bar = days_bar(first, end);
        let live_from = first.plus_micros(i64::from(self.history) * 7 * 86_400_000_000);
        let watch = Stopwatch::start();
        let mut counts = Counts::default();
        let mut held: Option<Happening> = None;
        loop {
            let mut lines = Vec::new();
            let (mut count, mut last) = (0, None);
            while count < BATCH {
                let Some(next) = held.take().or_else(|| market.next()) else { break };
                if self.live.is_some_and(|speed| next.at > live_from && seconds_between(live_from, next.at) > watch.seconds() * speed) {
                    held = Some(next);
                    break;
                }
                next.write_line(&mut lines);
                count += 1;
                last = Some(next.at);
            }
            if let Some(last) = last {
                let text = String::from_utf8(lines).map_err(|e| Failure::failed(e.into()))?;
                let answer = server.post("/facts", text, "application/x-ndjson").await?;
                let number = |name: &str| answer[name].as_u64().unwrap_or(0);
                counts.sent += u64::try_from(count).unwrap_or(0);
                counts.recorded += number("recorded");
                counts.repeated += number("repeated");
                counts.refused += number("refused");
                tell_refusals(&answer);
                write_truths(&mut truth, &mut market)?;
                show_day(&bar, first, last);
            } else if held.is_none() {
                break;
            } else {
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        }
        bar.finish_and_clear();
        Ok(counts)
    }
}

/// Refuses a market that is real, or that is not there.
fn must_be_simulated(markets: &Value, name: &str) -> Result<(), Failure> {
    let there = markets["items"].as_array().into_iter().flatten().find(|m| m["market"] == name);
    let way_out =
        "simulated facts go into a simulated market, which `laotie up --simulate` or `laotie simulate --data` opens; name it with --market";
    match there {
        Some(market) if market["kind"] == "simulated" => Ok(()),
        Some(_) => Err(Failure::usage(anyhow::anyhow!("`{name}` is a real market; {way_out}"))),
        None => Err(Failure::usage(anyhow::anyhow!("the server has no market `{name}`; {way_out}"))),
    }
}

fn tell_refusals(answer: &Value) {
    let receipts = answer["receipts"].as_array().into_iter().flatten();
    for refused in receipts.filter(|r| r["outcome"] == "refused") {
        tracing::warn!("a simulated fact was refused: {refused}");
    }
}

fn turn_to_text(chunks: &Mutex<Receiver<(u64, Vec<Happening>)>>, to_file: &SyncSender<(u64, Vec<u8>)>) {
    loop {
        let next = chunks.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok((number, chunk)) = next else { return };
        let mut text = Vec::with_capacity(chunk.len() * 320);
        for happening in &chunk {
            happening.write_line(&mut text);
        }
        if to_file.send((number, text)).is_err() {
            return;
        }
    }
}

fn write_in_order(mut file: Box<dyn Write + Send>, texts: &Receiver<(u64, Vec<u8>)>) -> std::io::Result<()> {
    let (mut early, mut next) = (BTreeMap::new(), 0);
    for (number, text) in texts {
        early.insert(number, text);
        while let Some(text) = early.remove(&next) {
            file.write_all(&text)?;
            next += 1;
        }
    }
    file.flush()
}

#[expect(clippy::cast_precision_loss, reason = "seconds for people")]
fn seconds_between(from: Timestamp, until: Timestamp) -> f64 {
    (until.micros() - from.micros()) as f64 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn rate(facts: u64, seconds: f64) -> f64 {
    facts as f64 / seconds.max(1e-9)
}

const DAY_MICROS: i64 = 86_400_000_000;

fn days_bar(first: Timestamp, end: Timestamp) -> ProgressBar {
    let days = (end.micros() - first.micros()) / DAY_MICROS;
    progress(u64::try_from(days).ok(), "days of the market")
}

fn show_day(bar: &ProgressBar, first: Timestamp, last: Timestamp) {
    bar.set_position(u64::try_from((last.micros() - first.micros()) / DAY_MICROS).unwrap_or(0));
}

fn tell_parameters(parameters: &Parameters, as_json: bool) {
    if as_json {
        let all: Vec<Value> =
            parameters.sources.iter().map(|s| json!({ "name": s.name, "document": s.document, "source": s.source })).collect();
        print_json(&json!({ "market": parameters.name, "version": parameters.version, "parameters": all }));
        return;
    }
    println!("{} {} — {} / {}", parameters.name, parameters.version, parameters.title_en, parameters.title_zh);
    let rows: Vec<Vec<String>> = parameters.sources.iter().map(|s| vec![s.name.clone(), s.document.clone(), s.source.clone()]).collect();
    crate::output::print_table(&["parameter".to_owned(), "document".to_owned(), "source".to_owned()], &rows);
}
