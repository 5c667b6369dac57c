//! `laotie audit`: a simulated market held against the auditor's own books.

mod disorder;
mod examination;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use laotie_api::{Market, MarketPlace};
use laotie_engine::clock::{self, Stopwatch};
use laotie_facts::{Incoming, Timestamp};
use laotie_simulate as simulate;
use laotie_simulate::{Happening, Run};
use serde_json::json;

use crate::globals::Globals;
use crate::output::{Failure, print_json, progress};
use crate::simulation::{BATCH, document, settings};
use disorder::Disorder;
use examination::Examination;

/// Record a simulated market into a fresh one and hold every answer against a slow, obvious model of it: receipts, orders,
/// what days, shops and buyers add up to, the replay.
#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// Of the simulated market [default: from the clock]
    #[arg(long)]
    seed: Option<u64>,
    /// How many weeks of it
    #[arg(long, default_value_t = 2)]
    weeks: u32,
    /// Factor on how many take part
    #[arg(long, default_value_t = 0.05)]
    scale: f64,
    /// Market document: a shipped one by name, or a TOML file
    #[arg(long, value_name = "MARKET", default_value = "live-market")]
    like: String,
    /// When orders are compared: after every fact, or at the end of every day
    #[arg(long, value_enum, default_value_t = Step::Day)]
    every: Step,
    /// Facts of a thousand that arrive late, as many that arrive twice, are taken back, or bear a name used before
    #[arg(long, value_name = "PER_MILLE", default_value_t = 0)]
    disorder: u64,
}

/// When orders are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// After every fact, recorded alone.
    Fact,
    /// At the end of every market day, its facts recorded by the thousand.
    Day,
}

/// Disagreements after which the rest is not worth the time.
const ENOUGH: usize = 1_000;

/// Days behind which the auditor forgets what is over.
const REMEMBERED_DAYS: i64 = 120;

/// How often it forgets and the lake is tidied, in days.
const TIDY_EVERY: u64 = 30;

const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

impl Audit {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let seed = self.seed.unwrap_or_else(|| u64::try_from(clock::now().micros()).unwrap_or(1));
        let folder = folder(globals, seed);
        let watch = Stopwatch::start();
        let mut examination = Box::pin(self.examine(globals, seed, &folder)).await?;
        let found = &examination.found;
        let report = json!({
            "facts": examination.facts, "orders": examination.auditor.order_count(), "days": examination.days,
            "disagreements": found.len(), "by_place": examination.by_place(), "first": found.first(), "replay_differences": examination.replay_differences,
            "unchecked": examination.auditor.unchecked_facts(), "seconds": watch.seconds(), "seed": seed,
        });
        let agrees = found.is_empty() && examination.replay_differences == 0;
        if globals.json {
            print_json(&report);
        } else {
            println!(
                "seed {seed}: {} facts, {} orders, {} days: {} disagreements, {} differences in the replay, {:.1} s",
                report["facts"],
                report["orders"],
                report["days"],
                report["disagreements"],
                report["replay_differences"],
                watch.seconds()
            );
        }
        examination.market.close().await.map_err(|e| Failure::failed(e.into()))?;
        if agrees {
            std::fs::remove_dir_all(&folder).ok();
            return Ok(());
        }
        let places: Vec<String> = examination.by_place().iter().map(|(place, n)| format!("{n} of {place}")).collect();
        let shown: Vec<String> = examination.found.drain(..).take(20).map(|d| format!("\n  {d}")).collect();
        let Self { weeks, scale, like, every, disorder, .. } = self;
        let every = if *every == Step::Fact { "fact" } else { "day" };
        Err(Failure::failed(anyhow::anyhow!(
            "seed {seed}: the engine and the auditor disagree, {}{}\nthe market lies in {}; once more: laotie audit --seed {seed} --weeks {weeks} --scale {scale} --like {like} --every {every} --disorder {disorder}",
            places.join(", "),
            shown.concat(),
            folder.display()
        )))
    }

    async fn examine(&self, globals: &Globals, seed: u64, folder: &std::path::Path) -> Result<Examination, Failure> {
        let parameters = document(&self.like)?;
        let run = Run { seed, weeks: self.weeks, scale: self.scale, truth: false };
        let source = simulate::Market::new(&parameters, run).map_err(|e| Failure::usage(e.into()))?;
        let first_day = source.first_day();
        let mut source = source.peekable();
        let place = MarketPlace { data: folder.to_owned(), db: None, name: "audit".to_owned() };
        let market = Market::open(&place, settings(&parameters)).await.map_err(|e| Failure::failed(e.into()))?;
        let mut examination = Examination::new(market, first_day);
        let bar = progress(Some(u64::from(self.weeks) * 7), "days audited");
        let mut line = Disorder::new(seed, self.disorder);
        while let Some(first) = source.peek().map(|h| h.at) {
            let day = examination.day(first);
            self.one_day(&mut source, &mut line, day, &mut examination).await?;
            if source.peek().is_none() {
                examination.record(line.end()).await?;
            }
            examination.end_of_day().await?;
            examination.days += u64::from(day.is_some());
            if !globals.json {
                let told = examination.line(day);
                bar.suspend(|| println!("{told}"));
            }
            bar.set_position(examination.days);
            if examination.days.is_multiple_of(TIDY_EVERY) {
                self.tidy(&mut examination, first).await?;
            }
            if examination.found.len() >= ENOUGH {
                break;
            }
        }
        bar.set_message("replaying");
        examination.end().await?;
        bar.finish_and_clear();
        Ok(examination)
    }

    /// Records a day's facts.
    async fn one_day(
        &self,
        source: &mut std::iter::Peekable<simulate::Market>,
        line: &mut Disorder,
        day: Option<i32>,
        examination: &mut Examination,
    ) -> Result<(), Failure> {
        let size = if self.every == Step::Fact { 1 } else { BATCH };
        loop {
            let mut sent = 0;
            let mut batch: Vec<Incoming> = Vec::with_capacity(size);
            while batch.len() < size
                && let Some(next) = source.next_if(|h| examination.day(h.at) == day)
            {
                sent += 1;
                batch.extend(line.send(Happening::into_incoming(next)));
            }
            if sent == 0 || examination.found.len() >= ENOUGH {
                return Ok(());
            }
            if self.every == Step::Day {
                examination.record(batch).await?;
                continue;
            }
            for fact in batch {
                examination.record(vec![fact]).await?;
                examination.compare_touched().await?;
            }
        }
    }

    async fn tidy(&self, examination: &mut Examination, now: Timestamp) -> Result<(), Failure> {
        if self.every == Step::Day {
            examination.auditor.forget_before(now.plus_micros(-REMEMBERED_DAYS * DAY_MICROS));
        }
        examination.market.analytics.maintain().await.map_err(|e| Failure::failed(e.into()))?;
        Ok(())
    }
}

/// A folder that no other run uses.
fn folder(globals: &Globals, seed: u64) -> PathBuf {
    let below = globals.data.clone().unwrap_or_else(std::env::temp_dir);
    below.join(format!("laotie-audit-{}-{seed}", std::process::id()))
}
