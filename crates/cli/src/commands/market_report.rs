//! `laotie market-report`: how hard and how real the simulated market is.

mod page;
mod picture;
mod real;
mod sources;

use std::path::{Path, PathBuf};

use clap::Args;
use laotie_engine::clock;
use laotie_simulate::measure::{Audit, Observed};
use laotie_simulate::{Market, Parameters, Run};
use serde_json::{Value, json};

use self::page::{BAR, Made, Measured, page};
use self::real::RealMarkets;
use crate::globals::Globals;
use crate::output::{Failure, print_json, progress};

/// Run the simulated market, compare it with real ones, look for what gives planted things away, and write `market.md`.
#[derive(Debug, Args)]
pub(crate) struct MarketReport {
    /// Folder that holds `data/` with the public data sets
    #[arg(long, value_name = "DIR")]
    shared: PathBuf,
    /// Folder into which the page and its pictures are written
    #[arg(long, value_name = "DIR", default_value = "docs")]
    out: PathBuf,
    /// Seed of the runs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Weeks of each run
    #[arg(long, default_value_t = 52)]
    weeks: u32,
    /// Factor on how many take part
    #[arg(long, default_value_t = 4.0)]
    scale: f64,
    /// Market documents; each is run
    #[arg(long = "like", value_name = "NAME", default_value = "live-market")]
    like: Vec<String>,
    /// Commit that the page names
    #[arg(long, default_value = "unknown")]
    commit: String,
    /// Rows kept of each class
    #[arg(long, default_value_t = 20_000)]
    rows: usize,
}

impl MarketReport {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let real = RealMarkets::read(&self.shared).await?;
        let mut runs = Vec::new();
        for name in &self.like {
            runs.push(self.measure(name, &real)?);
        }
        let today: String = clock::now().to_string().chars().take(10).collect();
        let made =
            Made { date: today, commit: self.commit.clone(), seed: self.seed, weeks: self.weeks, scale: self.scale, rows: self.rows };
        let pictures = self.out.join("market");
        std::fs::create_dir_all(&pictures).map_err(|e| Failure::failed(e.into()))?;
        for run in &runs {
            let (name, title) = (&run.parameters.name, &run.parameters.title_en);
            write(
                &pictures.join(format!("calibration-{name}.svg")),
                &picture::calibration(&format!("{title} beside real markets"), &run.comparisons),
            )?;
            write(
                &pictures.join(format!("leakage-{name}.svg")),
                &picture::leakage(&format!("What gives planted things away: {title}"), &run.leaks, BAR),
            )?;
        }
        let file = self.out.join("market.md");
        let earlier = std::fs::read_to_string(&file).unwrap_or_default();
        write(&file, &page(&made, &runs, &earlier))?;
        if globals.json {
            print_json(&Value::Array(runs.iter().map(|run| self.figures(run)).collect()));
        } else {
            println!("wrote {} and {} pictures in {}", file.display(), runs.len() * 2, pictures.display());
        }
        Ok(())
    }

    /// Runs a market twice: to learn what is what, and to look at it.
    fn measure(&self, name: &str, real: &RealMarkets) -> Result<Measured, Failure> {
        let parameters = Parameters::shipped(name).map_err(|e| Failure::usage(e.into()))?;
        let run = Run { seed: self.seed, weeks: self.weeks, scale: self.scale, truth: true };
        let start = || Market::new(&parameters, run).map_err(|e| Failure::usage(e.into()));
        let offset = parameters.calendar.utc_offset_minutes;

        let mut market = start()?;
        let mut observed = Observed::new(market.first_day(), offset);
        let mut audit = Audit::new(self.seed, self.rows, market.first_day(), offset);
        let bar = progress(None, &format!("{name}: learning"));
        while let Some(happening) = market.next() {
            observed.note(&happening);
            audit.learn(&happening);
            bar.inc(1);
            if bar.position().is_multiple_of(4_096) {
                learn(&mut market, &mut observed, &mut audit);
            }
        }
        learn(&mut market, &mut observed, &mut audit);
        bar.finish_and_clear();

        let mut market = start()?;
        let bar = progress(Some(observed.length().0), &format!("{name}: looking"));
        while let Some(happening) = market.next() {
            audit.look(&happening);
            bar.inc(1);
            if bar.position().is_multiple_of(4_096) {
                drop(market.take_truths());
            }
        }
        bar.finish_and_clear();

        let bar = progress(None, &format!("{name}: judging"));
        let (leaks, rules) = audit.finish();
        bar.finish_and_clear();
        let (facts, days) = observed.length();
        let mut kinds: Vec<(&'static str, u64)> = observed.kinds().iter().map(|(kind, n)| (*kind, *n)).collect();
        kinds.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let (comparisons, shares) = real.beside(&observed.finish());
        Ok(Measured { parameters, facts, days, kinds, comparisons, shares, leaks, rules })
    }

    fn figures(&self, run: &Measured) -> Value {
        json!({
            "market": run.parameters.name, "version": run.parameters.version, "seed": self.seed, "weeks": self.weeks, "scale": self.scale,
            "facts": run.facts, "days": run.days,
            "kinds": run.kinds.iter().map(|(kind, n)| ((*kind).to_owned(), json!(n))).collect::<serde_json::Map<_, _>>(),
            "calibration": run.comparisons.iter().map(laotie_simulate::measure::Comparison::figures).collect::<Vec<_>>(),
            "shares": run.shares.iter().map(real::ShareBeside::figures).collect::<Vec<_>>(),
            "leaks": run.leaks, "id_rules": run.rules,
        })
    }
}

fn learn(market: &mut Market, observed: &mut Observed, audit: &mut Audit) {
    for truth in market.take_truths() {
        observed.note_truth(&truth);
        audit.learn_truth(&truth);
    }
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text).map_err(|e| Failure::failed(anyhow::Error::from(e).context(format!("writing {}", file.display()))))
}
