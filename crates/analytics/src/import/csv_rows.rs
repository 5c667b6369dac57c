//! CSV as rows of text: quoted fields, any width, bad bytes; what cannot be a row is told with its line.
//!
//! Memory is bounded by [`ROW_MAX`] whatever the file holds. A quote that is never closed costs its own
//! line and no more: reading goes on at the line behind it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::row::{BadRow, ROW_MAX, TextRow, TextRows};

/// Most columns of a file.
const COLUMNS_MAX: usize = 10_000;

/// Records of a CSV file.
struct Records {
    input: BufReader<File>,
    reader: Reader,
    delimiter: u8,
    /// Bytes of the file behind us.
    offset: u64,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// A record in [`Records::text`] and [`Records::ends`], or what hinders it.
enum Record {
    Whole { line: u64, fields: usize, bytes: usize, next_line: Option<u64> },
    TooLong { line: u64 },
    OpenQuote { line: u64 },
}

impl Records {
    fn new(input: BufReader<File>, delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { input, reader, delimiter, offset: 0, text: vec![0; 1 << 12], ends: vec![0; 64] }
    }

    /// Goes on at a byte of the file that begins a line.
    fn go_to(&mut self, offset: u64, line: u64) -> std::io::Result<()> {
        self.input.seek(SeekFrom::Start(offset))?;
        self.offset = offset;
        self.reader.reset();
        self.reader.set_line(line);
        Ok(())
    }

    /// The next record. `Whole::next_line` is where its second line begins, when it has one.
    fn next(&mut self) -> std::io::Result<Option<Record>> {
        self.skip_blank_lines()?;
        let (start, line) = (self.offset, self.reader.line());
        let (mut bytes, mut fields, mut quotes) = (0, 0, 0_usize);
        let (mut first_break, mut too_long) = (None, false);
        loop {
            let input = self.input.fill_buf()?;
            let at_end = input.is_empty();
            let (result, n, written, ended) = self.reader.read_record(input, &mut self.text[bytes..], &mut self.ends[fields..]);
            let used = &input[..n];
            if first_break.is_none() {
                first_break = memchr::memchr(b'\n', used).map(|at| self.offset + at as u64 + 1);
            }
            quotes += memchr::memchr_iter(b'"', used).count();
            self.input.consume(n);
            self.offset += n as u64;
            (bytes, fields) = (bytes + written, fields + ended);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() < ROW_MAX => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if self.ends.len() < COLUMNS_MAX => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => too_long = true,
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => {
                    let next_line = first_break.filter(|at| at_end || *at < self.offset);
                    let record = if too_long {
                        Record::TooLong { line }
                    } else if at_end && quotes % 2 == 1 && self.ends_in_quotes(start)? {
                        Record::OpenQuote { line }
                    } else {
                        return Ok(Some(Record::Whole { line, fields, bytes, next_line }));
                    };
                    if let Some(next) = next_line {
                        self.go_to(next, line + 1)?;
                    }
                    return Ok(Some(record));
                }
            }
            if too_long {
                (bytes, fields) = (0, 0);
                if let Some(next) = first_break {
                    self.go_to(next, line + 1)?;
                    return Ok(Some(if quotes % 2 == 1 { Record::OpenQuote { line } } else { Record::TooLong { line } }));
                }
            }
        }
    }

    /// Line breaks between records belong to none.
    fn skip_blank_lines(&mut self) -> std::io::Result<()> {
        loop {
            let input = self.input.fill_buf()?;
            let blank = input.iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
            if blank == 0 {
                return Ok(());
            }
            let breaks = memchr::memchr_iter(b'\n', &input[..blank]).count();
            self.reader.set_line(self.reader.line() + breaks as u64);
            self.input.consume(blank);
            self.offset += blank as u64;
        }
    }

    /// Whether the file ends inside a quoted field of the record that begins at `start`: there, and only
    /// there, one more quote adds nothing to the text.
    fn ends_in_quotes(&mut self, start: u64) -> std::io::Result<bool> {
        let mut raw = Vec::new();
        self.input.seek(SeekFrom::Start(start))?;
        self.input.by_ref().take(3 * ROW_MAX as u64).read_to_end(&mut raw)?;
        let length = |raw: &[u8]| {
            let (mut text, mut ends) = (vec![0; raw.len() + 1], vec![0; COLUMNS_MAX]);
            let mut reader = ReaderBuilder::new().delimiter(self.delimiter).build();
            reader.read_record(raw, &mut text, &mut ends).2
        };
        let plain = length(&raw);
        raw.push(b'"');
        Ok(length(&raw) == plain)
    }

    fn field(&self, i: usize) -> &[u8] {
        let from = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[from..self.ends[i]]
    }
}

/// Rows of a CSV file behind its header.
pub(crate) struct CsvRows {
    records: Records,
    /// The field of each wanted column.
    wanted: Vec<Option<usize>>,
    names: Vec<String>,
    ended: bool,
}

/// The names in the header of a CSV file.
pub(crate) fn header(path: &Path) -> Result<Vec<String>, String> {
    open(path).map(|(names, _)| names)
}

fn open(path: &Path) -> Result<(Vec<String>, Records), String> {
    let told = |e: std::io::Error| e.to_string();
    let mut input = BufReader::with_capacity(1 << 16, File::open(path).map_err(told)?);
    let mut start = Vec::new();
    input.by_ref().take(1 << 16).read_to_end(&mut start).map_err(told)?;
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Err("the file is UTF-16; save it as UTF-8".to_owned());
    }
    input.seek(SeekFrom::Start(0)).map_err(told)?;
    let first = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|d| (memchr::memchr_iter(*d, first).count(), *d == b',')).unwrap_or(b',');
    let mut records = Records::new(input, delimiter);
    match records.next().map_err(told)? {
        None => Err("the file is empty; it should begin with a header".to_owned()),
        Some(Record::Whole { fields, .. }) => {
            let names =
                (0..fields).map(|i| String::from_utf8_lossy(records.field(i)).trim_start_matches('\u{feff}').trim().to_owned()).collect();
            Ok((names, records))
        }
        Some(_) => Err("the first line is no header: it is too long, or a quote in it is never closed".to_owned()),
    }
}

impl CsvRows {
    /// Opens a file; `wanted` tells the field of each column that is wanted.
    pub(crate) fn open(path: &Path, wanted: Vec<Option<usize>>) -> Result<Self, String> {
        let (names, records) = open(path)?;
        Ok(Self { records, wanted, names, ended: false })
    }
}

fn number(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}

impl TextRows for CsvRows {
    fn read(&mut self, row: &mut TextRow) -> Option<Result<(), BadRow>> {
        if self.ended {
            return None;
        }
        let bad = |line: u64, reason: String| Some(Err(BadRow { line: number(line), field: String::new(), reason }));
        let (line, fields, bytes, next_line) = match self.records.next() {
            Ok(None) => return None,
            Ok(Some(Record::Whole { line, fields, bytes, next_line })) => (line, fields, bytes, next_line),
            Ok(Some(Record::TooLong { line })) => {
                return bad(line, format!("the row is longer than {} MiB or has more than {COLUMNS_MAX} fields", ROW_MAX >> 20));
            }
            Ok(Some(Record::OpenQuote { line })) => return bad(line, "a quote is opened in this line and never closed".to_owned()),
            Err(error) => {
                self.ended = true;
                return bad(self.records.reader.line(), format!("reading stopped here: {error}"));
            }
        };
        if fields != self.names.len() {
            let mut reason = format!("the row has {fields} fields, the header has {}", self.names.len());
            if let Some(next) = next_line {
                reason.push_str("; it runs over several lines, so a quote may be left open");
                if let Err(error) = self.records.go_to(next, line + 1) {
                    self.ended = true;
                    reason = format!("{reason}; reading stopped here: {error}");
                }
            }
            return bad(line, reason);
        }
        row.line = number(line);
        row.bytes.clear();
        row.bytes.extend_from_slice(&self.records.text[..bytes]);
        row.cells.clear();
        let ends = &self.records.ends;
        row.cells.extend(self.wanted.iter().map(|w| w.map(|i| if i == 0 { 0..ends[0] } else { ends[i - 1]..ends[i] })));
        Some(Ok(()))
    }
}
