//! Rows out of SQLite's columns.

use laotie_facts::{JournalRow, Timestamp};
use rusqlite::Row;

/// A time that we wrote; what is out of range reads as the epoch.
pub(super) fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap_or_default()
}

/// A journal row, its columns in the order of [`crate::sql::JOURNAL`].
pub(super) fn journal(row: &Row<'_>) -> Result<JournalRow, rusqlite::Error> {
    Ok(JournalRow {
        seq: row.get(0)?,
        seen: time(row.get(1)?),
        at: time(row.get(2)?),
        source: row.get(3)?,
        key: row.get(4)?,
        kind: row.get(5)?,
        subject: row.get(6)?,
        by: row.get(7)?,
        because: row.get(8)?,
        rules: row.get(9)?,
        body: row.get(10)?,
        body_hash: row.get(11)?,
        hash: row.get(12)?,
    })
}
