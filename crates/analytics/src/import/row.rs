//! A row on its way from a file into a table, and rows that are none.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

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

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Seen {
    rows: u64,
    refused: u64,
    refused_through: u64,
}

/// What had been read of one file at some moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileSeen {
    table: String,
    file: String,
    seen: Seen,
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

    /// How far it is read.
    pub(crate) fn snapshot(&self) -> FileSeen {
        FileSeen { table: self.table.clone(), file: self.file.clone(), seen: *self.seen() }
    }

    /// Goes on from where an earlier run was.
    pub(crate) fn restore(&self, found: &[FileSeen]) {
        if let Some(found) = found.iter().find(|f| f.table == self.table && f.file == self.file) {
            *self.seen() = found.seen;
        }
    }
}

/// Refused rows that nobody has asked for yet, in a file: there may be more of them than memory holds.
#[derive(Debug)]
pub(crate) struct RefusedQueue(Mutex<Log>);

#[derive(Debug)]
struct Log {
    file: File,
    /// Rows and bytes written.
    written: RefusedMark,
    /// Rows and bytes told.
    told: RefusedMark,
    /// Rows that could not be written.
    stranded: VecDeque<RefusedRow>,
}

/// A place in the file of refused rows.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedMark {
    rows: u64,
    bytes: u64,
}

impl RefusedQueue {
    /// A queue in a file that goes when the program does.
    pub(crate) fn passing() -> std::io::Result<Self> {
        Ok(Self::over(tempfile::tempfile()?))
    }

    /// A queue in a file that stays. It begins empty; see [`RefusedQueue::restore`].
    pub(crate) fn kept(path: &Path) -> std::io::Result<Self> {
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir)?;
        }
        Ok(Self::over(File::options().read(true).write(true).create(true).truncate(false).open(path)?))
    }

    fn over(file: File) -> Self {
        Self(Mutex::new(Log { file, written: RefusedMark::default(), told: RefusedMark::default(), stranded: VecDeque::new() }))
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far it is written, durably.
    pub(crate) fn mark(&self) -> RefusedMark {
        let log = self.log();
        if let Err(error) = log.file.sync_data() {
            tracing::warn!("the refused rows may not survive a crash: {error}");
        }
        log.written
    }

    /// Takes in what an earlier run wrote up to a mark, and tells it again.
    pub(crate) fn restore(&self, mark: RefusedMark) {
        let mut log = self.log();
        if log.file.metadata().is_ok_and(|m| m.len() >= mark.bytes) && mark.bytes > log.written.bytes {
            log.written = mark;
        }
    }

    fn push(&self, row: RefusedRow) {
        let mut log = self.log();
        if let Err(error) = log.write(&row) {
            tracing::warn!("a refused row waits in memory, for it could not be written to a file: {error}");
            log.stranded.push_back(row);
        }
    }

    /// Takes at most `n` rows.
    pub(crate) fn take(&self, n: usize) -> Vec<RefusedRow> {
        let mut log = self.log();
        let mut taken = log.read(n).unwrap_or_else(|error| {
            tracing::warn!("refused rows are lost, for their file could not be read: {error}");
            log.told = log.written;
            Vec::new()
        });
        while taken.len() < n
            && let Some(row) = log.stranded.pop_front()
        {
            taken.push(row);
        }
        taken
    }
}

impl Log {
    fn write(&mut self, row: &RefusedRow) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(row)?;
        line.push(b'\n');
        self.file.seek(SeekFrom::Start(self.written.bytes))?;
        self.file.write_all(&line)?;
        self.written.rows += 1;
        self.written.bytes += line.len() as u64;
        Ok(())
    }

    fn read(&mut self, n: usize) -> std::io::Result<Vec<RefusedRow>> {
        let waiting = usize::try_from(self.written.rows - self.told.rows).unwrap_or(usize::MAX).min(n);
        if waiting == 0 {
            return Ok(Vec::new());
        }
        self.file.seek(SeekFrom::Start(self.told.bytes))?;
        let mut lines = BufReader::new(&self.file);
        let (mut line, mut rows) = (String::new(), Vec::with_capacity(waiting));
        while rows.len() < waiting {
            line.clear();
            self.told.bytes += lines.read_line(&mut line)? as u64;
            self.told.rows += 1;
            rows.push(serde_json::from_str(&line)?);
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_rows_come_out_once_and_in_order_however_many_there_are() {
        let queue = Arc::new(RefusedQueue::passing().expect("a file"));
        let reads = FileReads::new("t".to_owned(), "f".to_owned(), Arc::clone(&queue));
        let total = 30_007;
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

    #[test]
    fn what_was_refused_before_a_stop_is_told_again_and_nothing_after_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let row = |n| RefusedRow { file: "f".to_owned(), row: n, code: "bad-row".to_owned(), field: String::new(), reason: String::new() };
        let first = RefusedQueue::kept(&dir.path().join("x.refused")).expect("opens");
        first.push(row(1));
        first.push(row(2));
        let mark = first.mark();
        first.push(row(3)); // of a query that did not come to its end
        drop(first);
        let again = RefusedQueue::kept(&dir.path().join("x.refused")).expect("opens");
        again.restore(mark);
        again.push(row(4));
        let rows: Vec<i64> = again.take(9).iter().map(|r| r.row).collect();
        assert_eq!(rows, [1, 2, 4]);
    }
}
