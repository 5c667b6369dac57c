//! A row on its way from a file into a table, and rows that are none.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::run::RefusedRow;

/// Longest row of a text file in bytes.
pub(crate) const ROW_MAX: usize = 4 << 20;

/// The cells that a mapping wants of one row, as text in one buffer.
#[derive(Debug, Default)]
pub(crate) struct TextRow {
    /// The line it begins at, from 1.
    pub(crate) line: i64,
    /// The text of all cells.
    pub(crate) bytes: Vec<u8>,
    /// Where each wanted column's cell lies; `None` for null.
    pub(crate) cells: Vec<Option<Range<usize>>>,
}

/// Why a row is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadRow {
    pub(crate) line: i64,
    pub(crate) field: String,
    pub(crate) reason: String,
}

/// Rows of a text file, read one after the other.
pub(crate) trait TextRows: Send {
    /// Reads the next row into `row`; `None` at the end.
    fn read(&mut self, row: &mut TextRow) -> Option<Result<(), BadRow>>;
}

/// What has been read of one file. A file may be read by several queries; each of its rows counts once.
#[derive(Debug)]
pub(crate) struct FileReads {
    /// The table that it belongs to.
    pub(crate) table: String,
    /// Its name.
    pub(crate) file: String,
    seen: Mutex<Seen>,
    queue: Arc<RefusedQueue>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    rows: u64,
    refused: u64,
    refused_through: u64,
}

impl FileReads {
    pub(crate) fn new(table: String, file: String, queue: Arc<RefusedQueue>) -> Self {
        Self { table, file, seen: Mutex::default(), queue }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that one pass has read so many rows.
    pub(crate) fn read(&self, rows: u64) {
        let mut seen = self.seen();
        seen.rows = seen.rows.max(rows);
    }

    /// Says that the `ordinal`th row of a pass is bad.
    pub(crate) fn refuse(&self, ordinal: u64, bad: BadRow) {
        let mut seen = self.seen();
        if ordinal > seen.refused_through {
            seen.refused_through = ordinal;
            seen.refused += 1;
            drop(seen);
            let BadRow { line, field, reason } = bad;
            self.queue.push(RefusedRow { file: self.file.clone(), row: line, code: "bad-row".to_owned(), field, reason });
        }
    }

    /// Rows read and rows refused.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let seen = self.seen();
        (seen.rows, seen.refused)
    }
}

/// Refused rows that nobody has asked for yet; more than fit in memory wait in a file.
#[derive(Debug, Default)]
pub(crate) struct RefusedQueue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    first: VecDeque<RefusedRow>,
    spilled: Option<File>,
    spilled_rows: u64,
    read_to: u64,
}

/// Refused rows kept in memory.
const KEPT: usize = 10_000;

impl RefusedQueue {
    fn push(&self, row: RefusedRow) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.spilled_rows == 0 && waiting.first.len() < KEPT {
            waiting.first.push_back(row);
            return;
        }
        if let Err(error) = waiting.spill(&row) {
            tracing::warn!("a refused row waits in memory, for it could not be written to a file: {error}");
            waiting.first.push_back(row);
        }
    }

    /// Takes at most `n` rows.
    pub(crate) fn take(&self, n: usize) -> Vec<RefusedRow> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.first.is_empty()
            && waiting.spilled_rows > 0
            && let Err(error) = waiting.fetch()
        {
            tracing::warn!("{} refused rows are lost, for their file could not be read: {error}", waiting.spilled_rows);
            waiting.spilled_rows = 0;
        }
        let n = n.min(waiting.first.len());
        waiting.first.drain(..n).collect()
    }
}

impl Waiting {
    fn spill(&mut self, row: &RefusedRow) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(row)?;
        line.push(b'\n');
        let file = match &mut self.spilled {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::End(0))?;
        file.write_all(&line)?;
        self.spilled_rows += 1;
        Ok(())
    }

    fn fetch(&mut self) -> std::io::Result<()> {
        let Some(file) = &mut self.spilled else { return Ok(()) };
        file.seek(SeekFrom::Start(self.read_to))?;
        let mut lines = BufReader::new(file);
        let mut line = String::new();
        while self.spilled_rows > 0 && self.first.len() < KEPT {
            line.clear();
            self.read_to += lines.read_line(&mut line)? as u64;
            self.first.push_back(serde_json::from_str(&line)?);
            self.spilled_rows -= 1;
        }
        if self.spilled_rows == 0 {
            (self.spilled, self.read_to) = (None, 0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_rows_come_out_once_and_in_order_however_many_there_are() {
        let queue = Arc::new(RefusedQueue::default());
        let reads = FileReads::new("t".to_owned(), "f".to_owned(), Arc::clone(&queue));
        let total = 3 * KEPT as u64 + 7;
        for _pass in 0..2 {
            for ordinal in 1..=total {
                let line = i64::try_from(ordinal).expect("few");
                reads.refuse(ordinal, BadRow { line, field: String::new(), reason: "bad".to_owned() });
            }
        }
        let mut next = 1;
        loop {
            let taken = queue.take(999);
            if taken.is_empty() {
                break;
            }
            for row in taken {
                assert_eq!(row.row, next);
                next += 1;
            }
        }
        assert_eq!(u64::try_from(next - 1).expect("few"), total);
        assert_eq!(reads.counts().1, total);
    }
}
