//! Distributions of real markets, read from public data sets.

use std::path::Path;

use laotie_analytics::Files;
use laotie_simulate::measure::{Comparison, Counted, Figures, Sample, Side};
use serde_json::{Value, json};

use super::sources::{REAL, REAL_SHARES, Real, RealShare, TABLES};
use crate::commands::sql::{QUESTION_MEMORY, threads};
use crate::output::Failure;

/// A share beside a real one.
pub(super) struct ShareBeside {
    pub(super) what: &'static str,
    pub(super) from: &'static str,
    pub(super) simulated: Counted,
    pub(super) real: Counted,
}

impl ShareBeside {
    pub(super) fn figures(&self) -> Value {
        json!({
            "what": self.what, "real": self.from, "simulated": self.simulated.share(), "simulated_count": self.simulated.all,
            "real_share": self.real.share(), "real_count": self.real.all,
        })
    }
}

/// The real data sets, read once.
pub(super) struct RealMarkets {
    samples: Vec<(&'static Real, Sample)>,
    shares: Vec<(&'static RealShare, Counted)>,
}

impl RealMarkets {
    /// Reads them from the folder that holds `data`.
    pub(super) async fn read(folder: &Path) -> Result<Self, Failure> {
        let tables: Vec<_> = TABLES.iter().map(|(name, file)| ((*name).to_owned(), folder.join("data").join(file))).collect();
        let files = Files::open(&tables, QUESTION_MEMORY, threads()).await.map_err(|e| Failure::usage(e.into()))?;
        let (mut samples, mut shares) = (Vec::new(), Vec::new());
        for real in &REAL {
            let answer = files.sql(real.query, usize::MAX).await;
            let answer = answer.map_err(|e| Failure::failed(anyhow::Error::from(e).context(format!("{} of {}", real.what, real.from))))?;
            let mut values: Vec<f64> = answer.rows.iter().filter_map(|row| row.first().and_then(number)).collect();
            values.sort_by(f64::total_cmp); // rows come in any order; a sample must not depend on it
            samples.push((real, Sample::of(values)));
        }
        for real in &REAL_SHARES {
            let answer = files.sql(real.query, 1).await;
            let answer = answer.map_err(|e| Failure::failed(anyhow::Error::from(e).context(format!("{} of {}", real.what, real.from))))?;
            let cell = |n: usize| answer.rows.first().and_then(|row| row.get(n)?.as_u64()).unwrap_or(0);
            shares.push((real, Counted { some: cell(0), all: cell(1) }));
        }
        Ok(Self { samples, shares })
    }

    /// What a run has, beside what is real.
    pub(super) fn beside(&self, figures: &Figures) -> (Vec<Comparison>, Vec<ShareBeside>) {
        let comparisons = self.samples.iter().map(|(real, sample)| Comparison {
            what: real.what.to_owned(),
            unit: real.unit.to_owned(),
            scale: real.scale,
            simulated: figures.samples.get(real.what).cloned().unwrap_or_else(|| Sample::of([])),
            real: Side { from: real.from.to_owned(), sample: sample.clone() },
        });
        let shares = self.shares.iter().map(|(real, counted)| ShareBeside {
            what: real.what,
            from: real.from,
            simulated: figures.shares.get(real.what).copied().unwrap_or_default(),
            real: *counted,
        });
        (comparisons.collect(), shares.collect())
    }
}

/// A cell as a number; decimals come as text.
fn number(cell: &Value) -> Option<f64> {
    cell.as_f64().or_else(|| cell.as_str()?.parse().ok())
}
