//! The reads, as SQL.

use laotie_facts::{JournalRow, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use super::row::{journal, time};
use crate::sql::{self, ACCESS, JOURNAL, count};
use crate::{
    AccessKind, AccessRow, DeadlineRow, Head, JournalFilter, ListingPage, ListingRow, OutboxRow, PostingRow, Recorded, StateKey, StateRow,
    TrialBalance,
};

type Result<T> = std::result::Result<T, rusqlite::Error>;

pub(super) fn head(c: &Connection) -> Result<Head> {
    let found = c
        .prepare_cached("select seq, hash, seen from journal order by seq desc limit 1")?
        .query_row([], |r| Ok(Head { seq: r.get(0)?, hash: r.get(1)?, seen: time(r.get(2)?) }))
        .optional()?;
    Ok(found.unwrap_or(Head { seq: 0, hash: [0; 32], seen: Timestamp::default() }))
}

pub(super) fn journal_page(c: &Connection, filter: &JournalFilter, after: i64, limit: usize) -> Result<Vec<JournalRow>> {
    let (sql, texts) = sql::journal_page(filter);
    let limit = count(limit);
    let mut values: Vec<&dyn ToSql> = vec![&after];
    values.extend(texts.iter().map(|t| t as &dyn ToSql));
    values.push(&limit);
    c.prepare_cached(&sql)?.query_map(values.as_slice(), journal)?.collect()
}

pub(super) fn rows(c: &Connection, seqs: &[i64]) -> Result<Vec<JournalRow>> {
    let mut find = c.prepare_cached(&format!("select {JOURNAL} from journal where seq = $1"))?;
    seqs.iter().filter_map(|seq| find.query_row([seq], journal).optional().transpose()).collect()
}

pub(super) fn recorded(c: &Connection, identities: &[(String, String)]) -> Result<Vec<Recorded>> {
    let mut find = c.prepare_cached("select seq, kind, at, body_hash from journal where source = $1 and key = $2")?;
    let one = |(index, (source, key)): (usize, &(String, String))| {
        let read = |r: &Row<'_>| Ok(Recorded { index, seq: r.get(0)?, kind: r.get(1)?, at: time(r.get(2)?), body_hash: r.get(3)? });
        find.query_row((source, key), read).optional().transpose()
    };
    identities.iter().enumerate().filter_map(one).collect()
}

pub(super) fn rows_of(c: &Connection, identities: &[(String, String)]) -> Result<Vec<JournalRow>> {
    let mut find = c.prepare_cached(&format!("select {JOURNAL} from journal where source = $1 and key = $2"))?;
    let found = identities.iter().filter_map(|(source, key)| find.query_row((source, key), journal).optional().transpose());
    let mut rows = found.collect::<Result<Vec<JournalRow>>>()?;
    rows.sort_unstable_by_key(|row| row.seq);
    rows.dedup_by_key(|row| row.seq);
    Ok(rows)
}

pub(super) fn states(c: &Connection, keys: &[StateKey]) -> Result<Vec<StateRow>> {
    let mut find = c.prepare_cached("select body from state where system = $1 and key = $2")?;
    let one = |k: &StateKey| {
        let read = |r: &Row<'_>| Ok(StateRow { system: k.system.clone(), key: k.key.clone(), body: r.get(0)? });
        find.query_row((&k.system, &k.key), read).optional().transpose()
    };
    keys.iter().filter_map(one).collect()
}

pub(super) fn states_after(c: &Connection, system: &str, after: &str, limit: usize) -> Result<Vec<StateRow>> {
    c.prepare_cached("select key, body from state where system = $1 and key > $2 order by key limit $3")?
        .query_map((system, after, count(limit)), |r| Ok(StateRow { system: system.to_owned(), key: r.get(0)?, body: r.get(1)? }))?
        .collect()
}

pub(super) fn listing(c: &Connection, page: &ListingPage) -> Result<Vec<ListingRow>> {
    let (sql, texts) = sql::listing(page);
    let limit = count(page.limit);
    let mut values: Vec<&dyn ToSql> = texts.iter().map(|t| t as &dyn ToSql).collect();
    values.push(&limit);
    c.prepare_cached(&sql)?
        .query_map(values.as_slice(), |r| {
            Ok(ListingRow { view: page.view.clone(), owner: page.owner.clone(), sort: r.get(0)?, key: r.get(1)?, body: r.get(2)? })
        })?
        .collect()
}

pub(super) fn deadlines_due(c: &Connection, by: Timestamp, limit: usize) -> Result<Vec<DeadlineRow>> {
    c.prepare_cached("select system, key, purpose, due from deadline where due <= $1 order by due, system, key, purpose limit $2")?
        .query_map((by.micros(), count(limit)), |r| {
            Ok(DeadlineRow { system: r.get(0)?, key: r.get(1)?, purpose: r.get(2)?, due: time(r.get(3)?) })
        })?
        .collect()
}

pub(super) fn outbox_waiting(c: &Connection, after: i64, limit: usize) -> Result<Vec<OutboxRow>> {
    c.prepare_cached("select id, seq, target, body from outbox where sent = 0 and id > $1 order by id limit $2")?
        .query_map((after, count(limit)), |r| Ok(OutboxRow { id: r.get(0)?, seq: r.get(1)?, target: r.get(2)?, body: r.get(3)? }))?
        .collect()
}

pub(super) fn table_counts(c: &Connection) -> Result<Vec<(String, i64)>> {
    crate::TABLES.iter().map(|t| Ok(((*t).to_owned(), c.query_row(&format!("select count(*) from {t}"), [], |r| r.get(0))?))).collect()
}

fn access(kind: AccessKind) -> impl FnMut(&Row<'_>) -> Result<AccessRow> {
    move |r| {
        Ok(AccessRow {
            kind,
            id: r.get(0)?,
            secret_hash: r.get(1)?,
            party: r.get(2)?,
            roles: r.get(3)?,
            label: r.get(4)?,
            created: time(r.get(5)?),
            expires: r.get::<_, Option<i64>>(6)?.map(time),
        })
    }
}

pub(super) fn access_put(c: &Connection, row: &AccessRow) -> Result<()> {
    let sql = format!(
        "insert into access (kind, {ACCESS}) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (kind, id) do update set secret_hash = excluded.secret_hash, party = excluded.party, roles = excluded.roles,
           label = excluded.label, created = excluded.created, expires = excluded.expires"
    );
    let expires = row.expires.map(Timestamp::micros);
    c.prepare_cached(&sql)?.execute((
        row.kind.name(),
        &row.id,
        &row.secret_hash,
        &row.party,
        &row.roles,
        &row.label,
        row.created.micros(),
        expires,
    ))?;
    Ok(())
}

pub(super) fn access_by_hash(c: &Connection, kind: AccessKind, hash: &str) -> Result<Option<AccessRow>> {
    c.prepare_cached(&format!("select {ACCESS} from access where kind = $1 and secret_hash = $2"))?
        .query_row((kind.name(), hash), access(kind))
        .optional()
}

pub(super) fn access_list(c: &Connection, kind: AccessKind) -> Result<Vec<AccessRow>> {
    c.prepare_cached(&format!("select {ACCESS} from access where kind = $1 order by id"))?.query_map([kind.name()], access(kind))?.collect()
}

pub(super) fn postings(c: &Connection, account: &str, before: Option<(i64, String)>, limit: usize) -> Result<Vec<PostingRow>> {
    let (seq, posting) = before.unwrap_or((i64::MAX, String::new()));
    let read = |r: &Row<'_>| {
        Ok(PostingRow {
            posting: r.get(0)?,
            transfer: r.get(1)?,
            seq: r.get(2)?,
            account: r.get(3)?,
            currency: r.get(4)?,
            amount_minor: r.get(5)?,
            effective: time(r.get(6)?),
            reverses: r.get(7)?,
        })
    };
    c.prepare_cached(sql::POSTINGS)?.query_map((account, seq, posting, count(limit)), read)?.collect()
}

pub(super) fn trial_balance(c: &Connection) -> Result<Vec<TrialBalance>> {
    let read = |r: &Row<'_>| {
        Ok(TrialBalance {
            currency: r.get(0)?,
            accounts: r.get(1)?,
            postings: r.get(2)?,
            balances_minor: r.get(3)?,
            postings_minor: r.get(4)?,
            differing: r.get(5)?,
        })
    };
    c.prepare_cached(sql::TRIAL_BALANCE)?.query_map([], read)?.collect()
}
