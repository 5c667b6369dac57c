//! The raw limit on PostgreSQL: all that is new by COPY, the rest as arrays.

use std::collections::HashSet;

use deadpool_postgres::Object;

use super::copy::{copy, journal, outbox, postings};
use super::{failed, write as write_rest};
use crate::{ListingRow, StateRow, StoreError, Writes};

/// A batch whose new states and list rows are told apart from those that replace.
pub(crate) struct Apart<'a> {
    rows: &'a Writes,
    new_states: Vec<StateRow>,
    new_listings: Vec<ListingRow>,
    /// What is neither new nor in the journal, the postings or the outbox.
    rest: Writes,
}

/// Tells new rows from replacing ones, over the whole run.
pub(crate) fn told_apart(batches: &[Writes]) -> Vec<Apart<'_>> {
    let (mut states, mut listings) = (HashSet::new(), HashSet::new());
    let apart = |rows| {
        let writes: &Writes = rows;
        let mut rest = Writes {
            listings_gone: writes.listings_gone.clone(),
            deadlines: writes.deadlines.clone(),
            deadlines_gone: writes.deadlines_gone.clone(),
            balances: writes.balances.clone(),
            holds: writes.holds.clone(),
            ..Writes::default()
        };
        let (new, old) = writes.states.iter().cloned().partition(|r| states.insert((r.system.clone(), r.key.clone())));
        let new_states = new;
        rest.states = old;
        let (new, old) = writes.listings.iter().cloned().partition(|r| listings.insert((r.view.clone(), r.owner.clone(), r.key.clone())));
        let new_listings = new;
        rest.listings = old;
        Apart { rows, new_states, new_listings, rest }
    };
    batches.iter().map(apart).collect()
}

/// Writes one batch in one transaction.
pub(crate) async fn write(client: &Object, batch: &Apart<'_>) -> Result<(), StoreError> {
    let operation = "writing raw rows";
    client.batch_execute("begin").await.map_err(failed(operation))?;
    let statements = async {
        journal(client, &batch.rows.rows).await?;
        copy(client, "copy state (system, key, body) from stdin binary", 3, &batch.new_states, |out, r| {
            out.text(&r.system).text(&r.key).text(&r.body);
        })
        .await?;
        copy(client, "copy listing (view, owner, key, sort, body) from stdin binary", 5, &batch.new_listings, |out, r| {
            out.text(&r.view).text(&r.owner).text(&r.key).text(&r.sort).text(&r.body);
        })
        .await?;
        postings(client, &batch.rows.postings).await?;
        outbox(client, &batch.rows.outbox).await
    };
    statements.await.map_err(failed(operation))?;
    write_rest(client, &batch.rest).await?;
    client.batch_execute("commit").await.map_err(failed(operation))
}
