//! All rows of a batch in few round trips: new rows by binary COPY, the others as arrays.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::pin::pin;

use bytes::Bytes;
use deadpool_postgres::Object;
use futures::SinkExt;
use laotie_facts::JournalRow;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

use super::binary::Rows;
use super::failed;
use crate::{BalanceRow, DeadlineRow, HoldRow, ListingRow, OutboxRow, PostingRow, StateRow, StoreError, Writes};

/// Writes a batch inside the caller's transaction and moves the chain's head.
///
/// What is polled together is sent together: a table's statements do not wait for another table's answers.
pub(crate) async fn write(client: &Object, writes: &Writes) -> Result<(), StoreError> {
    let done = futures::join!(
        states(client, &writes.states),
        listings(client, &writes.listings_gone, &writes.listings),
        deadlines(client, &writes.deadlines_gone, &writes.deadlines),
        balances(client, &writes.balances),
        holds(client, &writes.holds),
        head(client, &writes.rows),
        journal(client, &writes.rows),
        postings(client, &writes.postings),
        outbox(client, &writes.outbox),
    );
    let all = [done.0, done.1, done.2, done.3, done.4, done.5, done.6, done.7, done.8];
    let mut errors: Vec<Error> = all.into_iter().filter_map(Result::err).collect();
    // The first statement that fails takes the others with it; what they say of that is no news.
    let cause = errors.iter().position(|e| e.code() != Some(&SqlState::IN_FAILED_SQL_TRANSACTION)).unwrap_or(0);
    if errors.is_empty() { Ok(()) } else { Err(failed("committing")(errors.swap_remove(cause))) }
}

async fn execute(client: &Object, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<(), Error> {
    let statement = client.prepare_cached(sql).await?;
    client.execute(&statement, values).await?;
    Ok(())
}

/// Sends rows by COPY, `put` writing each one's columns.
pub(super) async fn copy<T>(client: &Object, sql: &str, columns: i16, rows: &[T], put: impl Fn(&mut Rows, &T)) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let statement = client.prepare_cached(sql).await?;
    let mut sink = pin!(client.copy_in::<_, Bytes>(&statement).await?);
    let mut out = Rows::new(columns);
    for row in rows {
        put(out.row(), row);
        if let Some(piece) = out.piece() {
            sink.send(piece).await?;
        }
    }
    sink.send(out.end()).await?;
    sink.finish().await?;
    Ok(())
}

/// One row a key, the last one said; two of a key in one statement are an error to PostgreSQL.
fn latest<'a, R, K: Eq + Hash>(rows: &'a [R], key: impl Fn(&'a R) -> K) -> Vec<&'a R> {
    let mut places = HashMap::with_capacity(rows.len());
    let mut latest = Vec::with_capacity(rows.len());
    for row in rows {
        match places.entry(key(row)) {
            Entry::Occupied(place) => latest[*place.get()] = row,
            Entry::Vacant(place) => {
                place.insert(latest.len());
                latest.push(row);
            }
        }
    }
    latest
}

fn column<'a, R, T>(rows: &[&'a R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(|row| of(row)).collect()
}

pub(super) async fn journal(client: &Object, rows: &[JournalRow]) -> Result<(), Error> {
    let sql = "copy journal (seq, seen, at, source, key, kind, subject, by, because, rules, body, body_hash, hash) from stdin binary";
    copy(client, sql, 13, rows, |out, r| {
        out.int(r.seq).int(r.seen.micros()).int(r.at.micros());
        out.text(&r.source).text(&r.key).text(&r.kind).text(&r.subject).text_or_null(r.by.as_deref());
        out.text(&r.because).text(&r.rules).text(&r.body).bytes(&r.body_hash).bytes(&r.hash);
    })
    .await
}

async fn head(client: &Object, rows: &[JournalRow]) -> Result<(), Error> {
    let Some(last) = rows.last() else { return Ok(()) };
    execute(client, "update chain_head set seq = $1, hash = $2, seen = $3", &[&last.seq, &&last.hash[..], &last.seen.micros()]).await
}

async fn states(client: &Object, rows: &[StateRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = latest(rows, |r| (&r.system, &r.key));
    let (systems, keys, bodies) = (column(&rows, |r| &r.system), column(&rows, |r| &r.key), column(&rows, |r| &r.body));
    let sql = "insert into state (system, key, body) select * from unnest($1::text[], $2::text[], $3::text[])
               on conflict (system, key) do update set body = excluded.body";
    execute(client, sql, &[&systems, &keys, &bodies]).await
}

fn triples(gone: &[(String, String, String)]) -> [Vec<&str>; 3] {
    [gone.iter().map(|g| g.0.as_str()).collect(), gone.iter().map(|g| g.1.as_str()).collect(), gone.iter().map(|g| g.2.as_str()).collect()]
}

async fn listings(client: &Object, gone: &[(String, String, String)], rows: &[ListingRow]) -> Result<(), Error> {
    if !gone.is_empty() {
        let [views, owners, keys] = triples(gone);
        let sql = "delete from listing l using unnest($1::text[], $2::text[], $3::text[]) as g (view, owner, key)
                   where l.view = g.view and l.owner = g.owner and l.key = g.key";
        execute(client, sql, &[&views, &owners, &keys]).await?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    let rows = latest(rows, |r| (&r.view, &r.owner, &r.key));
    let (views, owners, keys) = (column(&rows, |r| &r.view), column(&rows, |r| &r.owner), column(&rows, |r| &r.key));
    let (sorts, bodies) = (column(&rows, |r| &r.sort), column(&rows, |r| &r.body));
    let sql = "insert into listing (view, owner, key, sort, body)
               select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
               on conflict (view, owner, key) do update set sort = excluded.sort, body = excluded.body";
    execute(client, sql, &[&views, &owners, &keys, &sorts, &bodies]).await
}

async fn deadlines(client: &Object, gone: &[(String, String, String)], rows: &[DeadlineRow]) -> Result<(), Error> {
    if !gone.is_empty() {
        let [systems, keys, purposes] = triples(gone);
        let sql = "delete from deadline d using unnest($1::text[], $2::text[], $3::text[]) as g (system, key, purpose)
                   where d.system = g.system and d.key = g.key and d.purpose = g.purpose";
        execute(client, sql, &[&systems, &keys, &purposes]).await?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    let rows = latest(rows, |r| (&r.system, &r.key, &r.purpose));
    let (systems, keys, purposes) = (column(&rows, |r| &r.system), column(&rows, |r| &r.key), column(&rows, |r| &r.purpose));
    let due = column(&rows, |r| r.due.micros());
    let sql = "insert into deadline (system, key, purpose, due) select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
               on conflict (system, key, purpose) do update set due = excluded.due";
    execute(client, sql, &[&systems, &keys, &purposes, &due]).await
}

pub(super) async fn outbox(client: &Object, rows: &[OutboxRow]) -> Result<(), Error> {
    let sql = "copy outbox (seq, target, body) from stdin binary";
    copy(client, sql, 3, rows, |out, r| {
        out.int(r.seq).text(&r.target).text(&r.body);
    })
    .await
}

pub(super) async fn postings(client: &Object, rows: &[PostingRow]) -> Result<(), Error> {
    let sql = "copy posting (posting, transfer, seq, account, currency, amount_minor, effective, reverses) from stdin binary";
    copy(client, sql, 8, rows, |out, r| {
        out.text(&r.posting).text(&r.transfer).int(r.seq).text(&r.account).text(&r.currency);
        out.int(r.amount_minor).int(r.effective.micros()).text_or_null(r.reverses.as_deref());
    })
    .await
}

async fn balances(client: &Object, rows: &[BalanceRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = latest(rows, |r| (&r.account, &r.currency));
    let (accounts, currencies) = (column(&rows, |r| &r.account), column(&rows, |r| &r.currency));
    let (posted, held) = (column(&rows, |r| r.posted_minor), column(&rows, |r| r.held_minor));
    let floors = column(&rows, |r| r.floor_minor);
    let sql = "insert into balance (account, currency, posted_minor, held_minor, floor_minor)
               select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
               on conflict (account, currency) do update set posted_minor = excluded.posted_minor, held_minor = excluded.held_minor,
                 floor_minor = excluded.floor_minor";
    execute(client, sql, &[&accounts, &currencies, &posted, &held, &floors]).await
}

async fn holds(client: &Object, rows: &[HoldRow]) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = latest(rows, |r| &r.hold);
    let (holds, accounts, currencies) = (column(&rows, |r| &r.hold), column(&rows, |r| &r.account), column(&rows, |r| &r.currency));
    let (amounts, states, seqs) = (column(&rows, |r| r.amount_minor), column(&rows, |r| &r.state), column(&rows, |r| r.seq));
    let sql = "insert into hold (hold, account, currency, amount_minor, state, seq)
               select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[])
               on conflict (hold) do update set state = excluded.state, seq = excluded.seq";
    execute(client, sql, &[&holds, &accounts, &currencies, &amounts, &states, &seqs]).await
}
