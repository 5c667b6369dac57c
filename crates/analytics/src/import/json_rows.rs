//! JSON lines as rows of text: one object a line, its members the columns.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::{Map, Value};

use super::row::{BadRow, ROW_MAX, TextRow, TextRows};

/// Objects, one a line.
pub(crate) struct JsonRows {
    input: BufReader<File>,
    /// Names that each wanted column may have.
    wanted: Vec<Vec<String>>,
    text: Vec<u8>,
    line: i64,
    ended: bool,
}

impl JsonRows {
    /// Opens a file; each wanted column comes with the names that it may have.
    pub(crate) fn open(path: &Path, wanted: Vec<Vec<String>>) -> Result<Self, String> {
        let input = BufReader::with_capacity(1 << 16, File::open(path).map_err(|e| e.to_string())?);
        Ok(Self { input, wanted, text: Vec::new(), line: 0, ended: false })
    }

    /// Reads the next line that is not blank; `false` at the end.
    fn read_line(&mut self) -> Result<bool, String> {
        loop {
            self.text.clear();
            self.line += 1;
            let n = self.input.by_ref().take(ROW_MAX as u64 + 1).read_until(b'\n', &mut self.text).map_err(|e| {
                self.ended = true;
                format!("reading stopped here: {e}")
            })?;
            if n > ROW_MAX && self.text.last() != Some(&b'\n') {
                self.input.skip_until(b'\n').map_err(|e| format!("reading stopped here: {e}"))?;
                return Err(format!("the line is longer than {} MiB", ROW_MAX >> 20));
            }
            if n == 0 {
                return Ok(false);
            }
            if self.line == 1 && self.text.starts_with(b"\xef\xbb\xbf") {
                self.text.drain(..3);
            }
            if !self.text.iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
    }
}

impl TextRows for JsonRows {
    fn read(&mut self, row: &mut TextRow) -> Option<Result<(), BadRow>> {
        if self.ended {
            return None;
        }
        let read = self.read_line();
        let bad = |reason: String| Some(Err(BadRow { line: self.line, field: String::new(), reason }));
        match read {
            Ok(true) => {}
            Ok(false) => return None,
            Err(reason) => return bad(reason),
        }
        let object: Map<String, Value> = match serde_json::from_slice(&self.text) {
            Ok(object) => object,
            Err(error) => return bad(format!("not a JSON object: {error}")),
        };
        row.line = self.line;
        row.bytes.clear();
        row.cells.clear();
        for names in &self.wanted {
            let value = names
                .iter()
                .find_map(|n| object.get(n))
                .or_else(|| object.iter().find(|(member, _)| names.iter().any(|n| n.eq_ignore_ascii_case(member))).map(|(_, value)| value));
            let from = row.bytes.len();
            match value {
                None | Some(Value::Null) => {
                    row.cells.push(None);
                    continue;
                }
                Some(Value::String(text)) => row.bytes.extend_from_slice(text.as_bytes()),
                Some(other) => row.bytes.extend_from_slice(other.to_string().as_bytes()),
            }
            row.cells.push(Some(from..row.bytes.len()));
        }
        Some(Ok(()))
    }
}
