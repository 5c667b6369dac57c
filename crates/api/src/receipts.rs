//! What became of sent facts, one receipt each, in the order in which they were sent.
//!
//! # Invariants
//! - A stream of any length takes bounded memory: receipts past some megabytes lie in a file without a name.

use std::io::{BufWriter, Read, Seek, SeekFrom, Write};

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use laotie_engine::{Outcome, Receipt};
use laotie_facts::ParseError;
use serde::Serialize;
use tempfile::SpooledTempFile;
use tokio_util::io::ReaderStream;

use crate::problem::Problem;

/// Bytes of receipts that are kept in memory.
const IN_MEMORY: usize = 4 << 20;

/// What became of one fact, as `shapes::FactReceipt` documents it.
#[derive(Debug, Serialize)]
struct ReceiptRow<'a> {
    index: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_for: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// Receipts on their way into an answer.
pub(crate) struct Receipts {
    text: BufWriter<SpooledTempFile>,
    rows: u64,
    recorded: u64,
    repeated: u64,
    refused: u64,
    /// The first refusal, and whether all that came was no JSON.
    first_refusal: Option<ParseError>,
    no_json: u64,
}

impl Receipts {
    /// No receipts yet.
    pub(crate) fn new() -> Self {
        let text = BufWriter::with_capacity(64 << 10, SpooledTempFile::new(IN_MEMORY));
        Self { text, rows: 0, recorded: 0, repeated: 0, refused: 0, first_refusal: None, no_json: 0 }
    }

    /// Adds the receipt of a fact that could not be read.
    pub(crate) fn refuse(&mut self, line: Option<u64>, error: ParseError) -> Result<(), Problem> {
        self.refused += 1;
        self.no_json += u64::from(matches!(error.code, "not-json" | "not-utf8"));
        metrics::counter!("laotie_facts_total", "outcome" => "refused").increment(1);
        self.write(&ReceiptRow {
            index: self.rows,
            line,
            source: None,
            key: None,
            outcome: "refused",
            seq: None,
            waiting_for: None,
            problem: Some(error.code),
            field: Some(&error.field),
            reason: Some(&error.reason),
        })?;
        self.first_refusal.get_or_insert(error);
        Ok(())
    }

    /// Adds the engine's receipt.
    pub(crate) fn take(&mut self, line: Option<u64>, receipt: &Receipt) -> Result<(), Problem> {
        let mut row = ReceiptRow {
            index: self.rows,
            line,
            source: Some(&receipt.source),
            key: Some(&receipt.key),
            outcome: "refused",
            seq: None,
            waiting_for: None,
            problem: None,
            field: None,
            reason: None,
        };
        match &receipt.outcome {
            Outcome::Recorded { seq, waiting_for } => {
                self.recorded += 1;
                (row.outcome, row.seq, row.waiting_for) = ("recorded", Some(*seq), *waiting_for);
            }
            Outcome::Repeated { seq } => {
                self.repeated += 1;
                (row.outcome, row.seq) = ("repeated", Some(*seq));
            }
            Outcome::Refused { code, field, reason } => {
                self.refused += 1;
                (row.problem, row.field, row.reason) = (Some(code.as_str()), Some(field.as_str()), Some(reason.as_str()));
            }
        }
        self.write(&row)
    }

    fn write(&mut self, row: &ReceiptRow<'_>) -> Result<(), Problem> {
        let between: &[u8] = if self.rows == 0 { START } else { b"," };
        self.rows += 1;
        self.text.write_all(between).map_err(|e| Problem::internal(&e))?;
        serde_json::to_writer(&mut self.text, row).map_err(|e| Problem::internal(&e))
    }

    /// The problem, when something came and nothing of it was JSON.
    pub(crate) fn nothing_parsed(&self) -> Option<Problem> {
        let first = self.first_refusal.as_ref().filter(|_| self.rows > 0 && self.no_json == self.rows)?;
        Some(Problem::not_json(format!("none of the {} lines is JSON; the first: {}", self.rows, first.reason)))
    }

    /// Ends the text and goes back to its start.
    fn end(mut self) -> std::io::Result<SpooledTempFile> {
        let start: &[u8] = if self.rows == 0 { START } else { b"" };
        self.text.write_all(start)?;
        write!(self.text, "],\"recorded\":{},\"repeated\":{},\"refused\":{}}}", self.recorded, self.repeated, self.refused)?;
        let mut text = self.text.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        text.seek(SeekFrom::Start(0))?;
        Ok(text)
    }

    /// The answer's text, whole.
    pub(crate) fn into_bytes(self) -> Result<Bytes, Problem> {
        let mut whole = Vec::new();
        self.end().and_then(|mut text| text.read_to_end(&mut whole)).map_err(|e| Problem::internal(&e))?;
        Ok(whole.into())
    }

    /// The answer; a long one comes out of its file piece by piece.
    pub(crate) fn into_answer(self) -> Result<Response, Problem> {
        if !self.text.get_ref().is_rolled() {
            return Ok(json_answer(self.into_bytes()?));
        }
        let file = self.end().and_then(SpooledTempFile::into_file).map_err(|e| Problem::internal(&e))?;
        let body = Body::from_stream(ReaderStream::with_capacity(tokio::fs::File::from_std(file), 64 << 10));
        Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
    }
}

/// How an answer begins.
const START: &[u8] = b"{\"receipts\":[";

/// An answer of JSON text.
pub(crate) fn json_answer(text: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_receipts_leave_memory_and_come_back_whole() {
        let mut receipts = Receipts::new();
        let recorded =
            |seq| Receipt { source: "s".to_owned(), key: format!("k{seq}"), outcome: Outcome::Recorded { seq, waiting_for: None } };
        for seq in 0..100_000 {
            receipts.take(None, &recorded(seq)).expect("written");
        }
        assert!(receipts.text.get_ref().is_rolled());
        let whole: serde_json::Value = serde_json::from_slice(&receipts.into_bytes().expect("reads")).expect("JSON");
        assert_eq!(whole["receipts"][99_999]["seq"], 99_999);
        assert_eq!(whole["receipts"].as_array().map(Vec::len), Some(100_000));
        assert_eq!(whole["recorded"], 100_000);
    }
}
