//! A simulated market on its way into a real engine: batch by batch, at its own pace or as fast as it goes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use laotie_api::{Market, MarketKind, MarketSettings};
use laotie_engine::clock::Stopwatch;
use laotie_engine::{Outcome, RecordError};
use laotie_facts::{JournalRow, Timestamp};
use laotie_simulate as simulate;
use laotie_simulate::{Happening, Parameters, Run};
use serde::{Deserialize, Serialize};

use crate::output::Failure;

/// Facts recorded at a time.
pub(crate) const BATCH: usize = 1_000;

/// A simulated market listens to decisions each time that so much of its own time is over: the moments do not depend on how
/// it was cut into steps, so that a stopped run goes on as if it had not been.
const LISTENS_EVERY: i64 = 3_600_000_000;

/// Facts of the first days by which a run is told from another.
const FINGERPRINT_FACTS: usize = 2_000;

/// How often a live market ticks.
const TICK: Duration = Duration::from_millis(250);

/// Which market is simulated, as it is kept beside the market's data so that a restart goes on with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// Name of the market document, or the path of one.
    pub(crate) like: String,
    /// Version of the document.
    pub(crate) version: String,
    /// How the run begins, as a fingerprint: a program that simulates otherwise cannot go on with it.
    pub(crate) begins: String,
    pub(crate) seed: u64,
    pub(crate) weeks: u32,
    pub(crate) scale: f64,
    /// Facts that the engine has taken.
    #[serde(default)]
    pub(crate) recorded: u64,
}

impl Plan {
    /// # Errors
    /// When the run asks for more than can be.
    pub(crate) fn new(parameters: &Parameters, like: &str, seed: u64, weeks: u32, scale: f64) -> Result<Self, Failure> {
        let mut plan =
            Self { like: like.to_owned(), version: parameters.version.clone(), begins: String::new(), seed, weeks, scale, recorded: 0 };
        let market = simulate::Market::new(parameters, plan.run(false)).map_err(|e| Failure::usage(e.into()))?;
        let first_day = market.first_day();
        let mut lines = Vec::new();
        for happening in market.skip_while(|h| h.at < first_day).take(FINGERPRINT_FACTS) {
            happening.write_line(&mut lines);
        }
        plan.begins = data_encoding::HEXLOWER.encode(&laotie_facts::body_hash(&String::from_utf8_lossy(&lines))[..8]);
        Ok(plan)
    }

    pub(crate) fn run(&self, truth: bool) -> Run {
        Run { seed: self.seed, weeks: self.weeks, scale: self.scale, truth }
    }

    fn file(dir: &Path) -> PathBuf {
        dir.join("simulation.json")
    }

    /// The plan that a market was filled by.
    pub(crate) fn of(dir: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(Self::file(dir)).ok()?).ok()
    }

    /// Written whole or not at all; after a crash the facts behind it are sent again and are `repeated`.
    fn keep(&self, dir: &Path) -> Result<(), Failure> {
        let fresh = dir.join("simulation.json.new");
        let text = serde_json::to_vec(self).map_err(|e| Failure::failed(e.into()))?;
        std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, Self::file(dir))).map_err(|e| Failure::failed(e.into()))
    }

    fn same_run(&self, other: &Plan) -> bool {
        Plan { recorded: 0, ..self.clone() } == Plan { recorded: 0, ..other.clone() }
    }
}

/// A market document: a shipped one by name, or a file.
pub(crate) fn document(like: &str) -> Result<Parameters, Failure> {
    let path = Path::new(like);
    let file = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    let read = if file {
        let text = std::fs::read_to_string(path).map_err(|e| Failure::usage(anyhow::anyhow!("{}: {e}", path.display())))?;
        let name = path.file_stem().map_or_else(|| like.to_owned(), |s| s.to_string_lossy().into_owned());
        Parameters::parse(&name, &text)
    } else {
        Parameters::shipped(like)
    };
    read.map_err(|e| Failure::usage(e.into()))
}

/// Settings of a market that is simulated by a document.
pub(crate) fn settings(parameters: &Parameters) -> MarketSettings {
    MarketSettings {
        title_zh: parameters.title_zh.clone(),
        title_en: parameters.title_en.clone(),
        kind: MarketKind::Simulated,
        currency: "CNY".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
    }
}

/// Whether the market listens between two of its facts.
fn is_between(before: Timestamp, next: Timestamp) -> bool {
    before.micros() / LISTENS_EVERY != next.micros() / LISTENS_EVERY
}

/// What went into an engine.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Counts {
    pub(crate) sent: u64,
    pub(crate) recorded: u64,
    pub(crate) repeated: u64,
    pub(crate) refused: u64,
}

/// A simulated market and the opened one that takes its facts.
pub(crate) struct Simulation {
    source: Box<simulate::Market>,
    target: Arc<Market>,
    plan: Plan,
    truth: Option<Box<dyn Write + Send>>,
    /// The next fact, where it is not due yet.
    held: Option<Happening>,
    /// Journal row up to which decided facts were listened to.
    heard: i64,
    pub(crate) counts: Counts,
}

impl Simulation {
    /// Goes on where the target's last simulation of the same run stopped.
    ///
    /// # Errors
    /// When the target is a real market, or was filled by another run.
    pub(crate) async fn into_market(
        parameters: &Parameters,
        plan: Plan,
        target: Arc<Market>,
        truth: Option<Box<dyn Write + Send>>,
    ) -> Result<Self, Failure> {
        if target.settings.kind != MarketKind::Simulated {
            let reason = "is a real market; simulated facts go into a market of their own: name a new one with --market";
            return Err(Failure::usage(anyhow::anyhow!("`{}` {reason}", target.name)));
        }
        let done = match Plan::of(&target.dir) {
            Some(before) if before.same_run(&plan) => before.recorded,
            Some(before) => {
                return Err(Failure::usage(anyhow::anyhow!(
                    "`{}` was filled by another run (--like {} --seed {} --weeks {} --scale {}, or a program that simulated otherwise): name another market, ask for that run, or move its folder {} away to begin anew",
                    target.name,
                    before.like,
                    before.seed,
                    before.weeks,
                    before.scale,
                    target.dir.display()
                )));
            }
            None => 0,
        };
        let source = simulate::Market::new(parameters, plan.run(truth.is_some())).map_err(|e| Failure::usage(e.into()))?;
        let mut simulation = Self {
            source: Box::new(source),
            plan: Plan { recorded: done, ..plan },
            truth,
            held: None,
            heard: 0,
            counts: Counts::default(),
            target,
        };
        simulation.catch_up().await?;
        Ok(simulation)
    }

    /// Lives again what was recorded before, and hears again what was heard then, at the same moments.
    async fn catch_up(&mut self) -> Result<(), Failure> {
        let mut heard = heard_before(&self.target.dir).into_iter().peekable();
        let mut produced = 0;
        loop {
            while let Some((_, seq)) = heard.next_if(|(at, _)| *at == produced) {
                self.heard = seq;
                for row in self.target.engine.store().rows(&[seq]).await.map_err(|e| Failure::failed(e.into()))? {
                    self.hear(&row);
                }
            }
            if produced >= self.plan.recorded && heard.peek().is_none() {
                break;
            }
            let Some(next) = self.source.next() else { break };
            produced += 1;
            self.held = (produced > self.plan.recorded).then_some(next);
        }
        write_truths(&mut self.truth, &mut self.source)
    }

    fn hear(&mut self, row: &JournalRow) {
        if let Ok(fact) = row.fact() {
            self.source.hear(&fact.body);
        }
    }

    pub(crate) fn first_day(&self) -> Timestamp {
        self.source.first_day()
    }

    pub(crate) fn end(&self) -> Timestamp {
        self.source.end()
    }

    /// The next facts before a time; none when there are none yet or no more.
    fn take(&mut self, until: Timestamp) -> Vec<Happening> {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH {
            let Some(next) = self.held.take().or_else(|| self.source.next()) else { break };
            if next.at >= until || batch.last().is_some_and(|last: &Happening| is_between(last.at, next.at)) {
                self.held = Some(next);
                break;
            }
            batch.push(next);
        }
        // Known in any case, so that it can be told whether it is time to listen before it happens.
        self.held = self.held.take().or_else(|| self.source.next());
        batch
    }

    /// Records what happens before a time; the time of the last fact, or `None` when there was none.
    pub(crate) async fn step(&mut self, until: Timestamp) -> Result<Option<Timestamp>, Failure> {
        let batch = self.take(until);
        let Some(last) = batch.last().map(|h| h.at) else { return Ok(None) };
        let count = u64::try_from(batch.len()).unwrap_or(0);
        let facts: Vec<_> = batch.into_iter().map(Happening::into_incoming).collect();
        let receipts = loop {
            match self.target.engine.record(facts.clone()).await {
                Ok(receipts) => break receipts,
                Err(RecordError::Overloaded { .. }) => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(error) => return Err(Failure::failed(error.into())),
            }
        };
        self.counts.sent += count;
        for receipt in receipts {
            match receipt.outcome {
                Outcome::Recorded { .. } => self.counts.recorded += 1,
                Outcome::Repeated { .. } => self.counts.repeated += 1,
                Outcome::Refused { code, field, reason } => {
                    self.counts.refused += 1;
                    tracing::warn!("a simulated fact was refused: {} {}: {code} {field} {reason}", &*receipt.source, &*receipt.key);
                }
            }
        }
        self.plan.recorded += count;
        self.plan.keep(&self.target.dir)?;
        write_truths(&mut self.truth, &mut self.source)?;
        if self.held.as_ref().is_none_or(|next| is_between(last, next.at)) {
            self.listen().await?;
        }
        Ok(Some(last))
    }

    /// What Laotie decided meanwhile goes back into the market.
    async fn listen(&mut self) -> Result<(), Failure> {
        loop {
            let rows = self.target.engine.store().journal_after(self.heard, BATCH * 4).await.map_err(|e| Failure::failed(e.into()))?;
            let Some(last) = rows.last() else { return Ok(()) };
            self.heard = last.seq;
            let produced = self.plan.recorded + u64::from(self.held.is_some());
            for row in rows.iter().filter(|row| row.source == "laotie" && HEARD.contains(&row.kind.as_str())) {
                note_heard(&self.target.dir, produced, row.seq)?;
                self.hear(row);
            }
        }
    }

    /// Lives at a speed: first the history and some hours of the market at once, then on by the clock.
    pub(crate) async fn live(mut self, speed: f64, hours: u32) -> Result<(), Failure> {
        let begin = self.first_day().plus_micros(i64::from(hours) * 3_600_000_000);
        while self.step(begin).await?.is_some() {}
        // A market that was stopped goes on where it was, not where it began.
        let begin = self.held.as_ref().map_or(begin, |next| next.at.max(begin));
        let watch = Stopwatch::start();
        loop {
            tokio::time::sleep(TICK).await;
            let passed = simulate_micros(watch.seconds() * speed);
            let until = begin.plus_micros(passed);
            while self.step(until).await?.is_some() {}
            if until >= self.end() {
                tracing::warn!("the simulated market `{}` has come to its end", self.target.name);
                return Ok(());
            }
        }
    }
}

/// Where it is noted what a simulated market heard, and after how many of its own facts.
fn heard_file(dir: &Path) -> PathBuf {
    dir.join("simulation.heard")
}

fn note_heard(dir: &Path, produced: u64, seq: i64) -> Result<(), Failure> {
    let file = std::fs::OpenOptions::new().append(true).create(true).open(heard_file(dir));
    file.and_then(|mut file| writeln!(file, "{produced} {seq}")).map_err(|e| Failure::failed(e.into()))
}

fn heard_before(dir: &Path) -> Vec<(u64, i64)> {
    let text = std::fs::read_to_string(heard_file(dir)).unwrap_or_default();
    text.lines().filter_map(|line| line.split_once(' ')).filter_map(|(at, seq)| Some((at.parse().ok()?, seq.parse().ok()?))).collect()
}

/// Kinds that a simulated market reacts to.
const HEARD: &[&str] = &[
    "nudge.sent",
    "penalty.imposed",
    "penalty.lifted",
    "badge.lit",
    "badge.unlit",
    "debt.raised",
    "settlement.frozen",
    "trust.changed",
    "grant.issued",
];

#[expect(clippy::cast_possible_truncation, reason = "a live market does not run for 292,000 years")]
fn simulate_micros(seconds: f64) -> i64 {
    (seconds * 1e6) as i64
}

pub(crate) fn write_truths(truth: &mut Option<Box<dyn Write + Send>>, source: &mut simulate::Market) -> Result<(), Failure> {
    let Some(file) = truth else { return Ok(()) };
    for line in source.take_truths() {
        serde_json::to_writer(&mut *file, &line).map_err(|e| Failure::failed(e.into()))?;
        file.write_all(b"\n").map_err(|e| Failure::failed(e.into()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn opened(folder: &Path, name: &str, parameters: &Parameters) -> Arc<Market> {
        let place = laotie_api::MarketPlace { data: folder.to_owned(), db: None, name: name.to_owned() };
        // A clock that stands still before the market's first day: what falls due depends on no machine's speed.
        Arc::new(Market::open_by(&place, settings(parameters), Timestamp::default).await.expect("a market opens"))
    }

    async fn rows(market: &Market) -> Vec<(String, String, String)> {
        let rows = market.engine.store().journal_after(0, 1_000_000).await.expect("the journal is read");
        rows.into_iter().filter(|r| r.kind != "rule.published").map(|r| (r.source, r.key, r.body)).collect()
    }

    #[tokio::test]
    async fn a_market_that_was_stopped_goes_on_as_if_it_had_not_been() {
        let folder = std::env::temp_dir().join(format!("laotie-simulation-{}", std::process::id()));
        let parameters = document("live-market").expect("the shipped document is valid");
        let plan = Plan::new(&parameters, "live-market", 3, 1, 0.05).expect("a small run");
        let whole = opened(&folder, "whole", &parameters).await;
        let mut simulation = Simulation::into_market(&parameters, plan.clone(), Arc::clone(&whole), None).await.expect("a new market");
        let (middle, end) = (simulation.first_day().plus_micros(3 * 86_400_000_000), simulation.end());
        while simulation.step(end).await.expect("recorded").is_some() {}
        let refused_whole = simulation.counts.refused;

        let stopped = opened(&folder, "stopped", &parameters).await;
        let mut refused = 0;
        for until in [middle, end] {
            let mut simulation = Simulation::into_market(&parameters, plan.clone(), Arc::clone(&stopped), None).await.expect("goes on");
            while simulation.step(until).await.expect("recorded").is_some() {}
            assert_eq!(simulation.counts.repeated, 0, "what was heard is not sent again");
            refused += simulation.counts.refused;
        }
        // Claims and withdrawals may be refused; the same ones, stopped or not.
        assert_eq!(refused, refused_whole);
        assert_eq!(rows(&whole).await, rows(&stopped).await);

        let otherwise = Plan { begins: "of another program".to_owned(), ..plan.clone() };
        assert!(Simulation::into_market(&parameters, otherwise, Arc::clone(&stopped), None).await.is_err());
        let other = Plan::new(&parameters, "live-market", 4, 1, 0.05).expect("a small run");
        let refused = Simulation::into_market(&parameters, other, Arc::clone(&stopped), None).await.err().expect("another run");
        assert!(refused.to_string().contains("filled by another run"), "{refused}");
        whole.close().await.expect("closed");
        stopped.close().await.expect("closed");
        std::fs::remove_dir_all(&folder).ok();
    }
}
