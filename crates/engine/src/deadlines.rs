//! The clock of deadlines: when one falls due, that is a fact, so a replay needs no clock.

use std::time::Duration;

use laotie_facts::body::DeadlinePassed;
use laotie_facts::{FactKey, Flaw, Incoming, SourceId, Text, derived_id};
use laotie_store::DeadlineRow;

use crate::batch::LAOTIE;
use crate::engine::WeakEngine;

/// How often due deadlines are looked for.
const EVERY: Duration = Duration::from_secs(1);

/// Deadlines taken at a time.
const AT_ONCE: usize = 500;

/// Looks for due deadlines until the engine is gone.
pub(crate) async fn watch(engine: WeakEngine) {
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
        let facts: Vec<Incoming> =
            due.iter().filter_map(|row| passed(row).inspect_err(|flaw| tracing::error!("deadline of {}: {flaw}", row.key)).ok()).collect();
        if facts.is_empty() {
            continue;
        }
        if let Err(error) = engine.record(facts).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "could not record due deadlines, trying again");
        }
    }
}

fn passed(row: &DeadlineRow) -> Result<Incoming, Flaw> {
    let place = format!("{}\u{0}{}\u{0}{}", row.system, row.key, row.purpose);
    let key = FactKey::new(derived_id("dl", row.due.micros(), &place, 0))?;
    let body = DeadlinePassed {
        due: row.due,
        key: Text::new(row.key.clone())?,
        purpose: Text::new(row.purpose.clone())?,
        system: Text::new(row.system.clone())?,
    };
    Ok(Incoming::new(SourceId::new(LAOTIE)?, key, row.due, None, body.into()))
}
