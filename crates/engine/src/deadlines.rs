//! The clock of deadlines: when one falls due, that is a fact, so a replay needs no clock.

use std::collections::HashMap;
use std::time::Duration;

use laotie_facts::body::DeadlinePassed;
use laotie_facts::{FactKey, Flaw, Incoming, SourceId, Text, derived_id};
use laotie_store::DeadlineRow;

use crate::batch::LAOTIE;
use crate::engine::WeakEngine;
use crate::receipt::Outcome;

/// How often due deadlines are looked for.
const EVERY: Duration = Duration::from_secs(1);

/// Deadlines taken at a time.
const AT_ONCE: usize = 500;

/// Looks for due deadlines until the engine is gone.
pub(crate) async fn watch(engine: WeakEngine) {
    // How often a deadline was set again for the very time at which it had passed before.
    let mut again: HashMap<DeadlineRow, u32> = HashMap::new();
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(engine) = engine.get() else { return };
        let now = (engine.settings().clock)();
        let due = match engine.store().deadlines_due(now, AT_ONCE).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "could not look for due deadlines, trying again");
                continue;
            }
        };
        again.retain(|row, _| due.contains(row));
        let (rows, facts): (Vec<&DeadlineRow>, Vec<Incoming>) = due
            .iter()
            .filter_map(|row| {
                let times = again.get(row).copied().unwrap_or(0);
                Some((row, passed(row, times).inspect_err(|flaw| tracing::error!("deadline of {}: {flaw}", row.key)).ok()?))
            })
            .unzip();
        if facts.is_empty() {
            continue;
        }
        match engine.record(facts).await {
            // A recorded passing takes its row away; where the row is there again, it was set again.
            Ok(receipts) => {
                for (row, receipt) in rows.iter().zip(receipts) {
                    if matches!(receipt.outcome, Outcome::Repeated { .. }) {
                        *again.entry((*row).clone()).or_default() += 1;
                    }
                }
            }
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "could not record due deadlines, trying again"),
        }
    }
}

fn passed(row: &DeadlineRow, times: u32) -> Result<Incoming, Flaw> {
    let place = format!("{}\u{0}{}\u{0}{}", row.system, row.key, row.purpose);
    let key = FactKey::new(derived_id("dl", row.due.micros(), &place, times))?;
    let body = DeadlinePassed {
        due: row.due,
        key: Text::new(row.key.clone())?,
        purpose: Text::new(row.purpose.clone())?,
        system: Text::new(row.system.clone())?,
    };
    Ok(Incoming::new(SourceId::new(LAOTIE)?, key, row.due, None, body.into()))
}
