//! The reads, as SQL.

use deadpool_postgres::Object;
use laotie_facts::{JournalRow, Timestamp};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, SimpleQueryMessage};

use super::failed;
use crate::sql::{self, ACCESS, JOURNAL, count};
use crate::{
    AccessKind, AccessRow, DeadlineRow, Head, JournalFilter, ListingPage, ListingRow, OutboxRow, PostingRow, Recorded, StateKey, StateRow,
    StoreError, TABLES, TrialBalance,
};

type Found<T> = Result<T, StoreError>;

fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap_or_default()
}

fn hash(row: &Row, column: usize) -> [u8; 32] {
    let bytes: &[u8] = row.get(column);
    <[u8; 32]>::try_from(bytes).unwrap_or([0; 32])
}

fn journal(row: &Row) -> JournalRow {
    JournalRow {
        seq: row.get(0),
        seen: time(row.get(1)),
        at: time(row.get(2)),
        source: row.get(3),
        key: row.get(4),
        kind: row.get(5),
        subject: row.get(6),
        by: row.get(7),
        because: row.get(8),
        rules: row.get(9),
        body: row.get(10),
        body_hash: hash(row, 11),
        hash: hash(row, 12),
    }
}

async fn query(client: &Object, operation: &'static str, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Found<Vec<Row>> {
    let statement = client.prepare_cached(sql).await.map_err(failed(operation))?;
    client.query(&statement, values).await.map_err(failed(operation))
}

fn no_head(reason: &str) -> StoreError {
    StoreError::Corrupt { what: "the chain's head".to_owned(), reason: reason.to_owned() }
}

/// The end of the chain.
pub(super) async fn head(client: &Object) -> Found<Head> {
    let rows = query(client, "reading the head", "select seq, hash, seen from chain_head", &[]).await?;
    let row = rows.first().ok_or_else(|| no_head("its row is missing"))?;
    Ok(Head { seq: row.get(0), hash: hash(row, 1), seen: time(row.get(2)) })
}

/// Begins a transaction and takes the end of the chain, held until it ends: both in one round trip, hence as texts.
pub(super) async fn take_head(client: &Object) -> Found<Head> {
    let sql = "begin; select seq, encode(hash, 'hex'), seen from chain_head for update";
    let answers = client.simple_query(sql).await.map_err(failed("taking the chain's head"))?;
    let row = answers.iter().find_map(|m| if let SimpleQueryMessage::Row(row) = m { Some(row) } else { None });
    let row = row.ok_or_else(|| no_head("its row is missing"))?;
    let number = |column: usize| row.get(column).and_then(|t| t.parse::<i64>().ok()).ok_or_else(|| no_head("it is no number"));
    let hash = row.get(1).and_then(unhex).ok_or_else(|| no_head("its hash is not 32 bytes"))?;
    Ok(Head { seq: number(0)?, hash, seen: time(number(2)?) })
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

pub(super) async fn journal_page(client: &Object, filter: &JournalFilter, after: i64, limit: usize) -> Found<Vec<JournalRow>> {
    let (sql, texts) = sql::journal_page(filter);
    let limit = count(limit);
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&after];
    values.extend(texts.iter().map(|t| t as &(dyn ToSql + Sync)));
    values.push(&limit);
    Ok(query(client, "reading the journal", &sql, &values).await?.iter().map(journal).collect())
}

pub(super) async fn rows(client: &Object, seqs: &[i64]) -> Found<Vec<JournalRow>> {
    let sql = format!("select {JOURNAL} from journal where seq = any($1) order by seq");
    Ok(query(client, "reading the journal", &sql, &[&seqs]).await?.iter().map(journal).collect())
}

fn pairs(identities: &[(String, String)]) -> (Vec<&str>, Vec<&str>) {
    identities.iter().map(|(a, b)| (a.as_str(), b.as_str())).unzip()
}

pub(super) async fn recorded(client: &Object, identities: &[(String, String)]) -> Found<Vec<Recorded>> {
    let (sources, keys) = pairs(identities);
    let sql = "select w.n, j.seq, j.kind, j.at, j.body_hash from unnest($1::text[], $2::text[]) with ordinality as w (source, key, n)
               join journal j on j.source = w.source and j.key = w.key order by w.n";
    let found = query(client, "looking identities up", sql, &[&sources, &keys]).await?;
    Ok(found
        .iter()
        .map(|r| Recorded {
            index: usize::try_from(r.get::<_, i64>(0) - 1).unwrap_or(0),
            seq: r.get(1),
            kind: r.get(2),
            at: time(r.get(3)),
            body_hash: hash(r, 4),
        })
        .collect())
}

pub(super) async fn rows_of(client: &Object, identities: &[(String, String)]) -> Found<Vec<JournalRow>> {
    let (sources, keys) = pairs(identities);
    let sql = format!("select {JOURNAL} from journal where (source, key) in (select * from unnest($1::text[], $2::text[])) order by seq");
    Ok(query(client, "reading the journal", &sql, &[&sources, &keys]).await?.iter().map(journal).collect())
}

pub(super) async fn states(client: &Object, keys: &[StateKey]) -> Found<Vec<StateRow>> {
    let (systems, names): (Vec<&str>, Vec<&str>) = keys.iter().map(|k| (k.system.as_str(), k.key.as_str())).unzip();
    let sql = "select s.system, s.key, s.body from unnest($1::text[], $2::text[]) as w (system, key)
               join state s on s.system = w.system and s.key = w.key";
    let found = query(client, "reading states", sql, &[&systems, &names]).await?;
    Ok(found.iter().map(|r| StateRow { system: r.get(0), key: r.get(1), body: r.get(2) }).collect())
}

pub(super) async fn states_after(client: &Object, system: &str, after: &str, limit: usize) -> Found<Vec<StateRow>> {
    let sql = "select system, key, body from state where system = $1 and key > $2 order by key limit $3";
    let found = query(client, "reading states", sql, &[&system, &after, &count(limit)]).await?;
    Ok(found.iter().map(|r| StateRow { system: r.get(0), key: r.get(1), body: r.get(2) }).collect())
}

pub(super) async fn listing(client: &Object, page: &ListingPage) -> Found<Vec<ListingRow>> {
    let (sql, texts) = sql::listing(page);
    let limit = count(page.limit);
    let mut values: Vec<&(dyn ToSql + Sync)> = texts.iter().map(|t| t as &(dyn ToSql + Sync)).collect();
    values.push(&limit);
    let found = query(client, "reading a list", &sql, &values).await?;
    Ok(found
        .iter()
        .map(|r| ListingRow { view: page.view.clone(), owner: page.owner.clone(), sort: r.get(0), key: r.get(1), body: r.get(2) })
        .collect())
}

pub(super) async fn deadlines_due(client: &Object, by: Timestamp, limit: usize) -> Found<Vec<DeadlineRow>> {
    let sql = "select system, key, purpose, due from deadline where due <= $1 order by due, system, key, purpose limit $2";
    let found = query(client, "reading deadlines", sql, &[&by.micros(), &count(limit)]).await?;
    Ok(found.iter().map(|r| DeadlineRow { system: r.get(0), key: r.get(1), purpose: r.get(2), due: time(r.get(3)) }).collect())
}

pub(super) async fn outbox_waiting(client: &Object, after: i64, limit: usize) -> Found<Vec<OutboxRow>> {
    let sql = "select id, seq, target, body from outbox where not sent and id > $1 order by id limit $2";
    let found = query(client, "reading the outbox", sql, &[&after, &count(limit)]).await?;
    Ok(found.iter().map(|r| OutboxRow { id: r.get(0), seq: r.get(1), target: r.get(2), body: r.get(3) }).collect())
}

pub(super) async fn table_counts(client: &Object) -> Found<Vec<(String, i64)>> {
    let mut counts = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        let rows = query(client, "counting rows", &format!("select count(*) from {table}"), &[]).await?;
        counts.push(((*table).to_owned(), rows.first().map_or(0, |r| r.get(0))));
    }
    Ok(counts)
}

fn access(kind: AccessKind, r: &Row) -> AccessRow {
    AccessRow {
        kind,
        id: r.get(0),
        secret_hash: r.get(1),
        party: r.get(2),
        roles: r.get(3),
        label: r.get(4),
        created: time(r.get(5)),
        expires: r.get::<_, Option<i64>>(6).map(time),
    }
}

pub(super) async fn access_put(client: &Object, row: &AccessRow) -> Found<()> {
    let sql = format!(
        "insert into access (kind, {ACCESS}) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (kind, id) do update set secret_hash = excluded.secret_hash, party = excluded.party, roles = excluded.roles,
           label = excluded.label, created = excluded.created, expires = excluded.expires"
    );
    let (kind, created, expires) = (row.kind.name(), row.created.micros(), row.expires.map(Timestamp::micros));
    query(
        client,
        "keeping an access row",
        &sql,
        &[&kind, &row.id, &row.secret_hash, &row.party, &row.roles, &row.label, &created, &expires],
    )
    .await?;
    Ok(())
}

pub(super) async fn access_by_hash(client: &Object, kind: AccessKind, secret_hash: &str) -> Found<Option<AccessRow>> {
    let sql = format!("select {ACCESS} from access where kind = $1 and secret_hash = $2");
    Ok(query(client, "finding an access row", &sql, &[&kind.name(), &secret_hash]).await?.first().map(|r| access(kind, r)))
}

pub(super) async fn access_list(client: &Object, kind: AccessKind) -> Found<Vec<AccessRow>> {
    let sql = format!("select {ACCESS} from access where kind = $1 order by id");
    Ok(query(client, "listing access rows", &sql, &[&kind.name()]).await?.iter().map(|r| access(kind, r)).collect())
}

pub(super) async fn postings(client: &Object, account: &str, before: Option<(i64, String)>, limit: usize) -> Found<Vec<PostingRow>> {
    let (seq, posting) = before.unwrap_or((i64::MAX, String::new()));
    let found = query(client, "reading postings", sql::POSTINGS, &[&account, &seq, &posting, &count(limit)]).await?;
    let read = |r: &Row| PostingRow {
        posting: r.get(0),
        transfer: r.get(1),
        seq: r.get(2),
        account: r.get(3),
        currency: r.get(4),
        amount_minor: r.get(5),
        effective: time(r.get(6)),
        reverses: r.get(7),
    };
    Ok(found.iter().map(read).collect())
}

pub(super) async fn trial_balance(client: &Object) -> Found<Vec<TrialBalance>> {
    let found = query(client, "balancing the books", sql::TRIAL_BALANCE, &[]).await?;
    let read = |r: &Row| TrialBalance {
        currency: r.get(0),
        accounts: r.get(1),
        postings: r.get(2),
        balances_minor: r.get(3),
        postings_minor: r.get(4),
        differing: r.get(5),
    };
    Ok(found.iter().map(read).collect())
}
