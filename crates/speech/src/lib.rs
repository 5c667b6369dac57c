//! What hosts say on air: claims found in sentences and checked against the market's facts.
//!
//! `tests/sentences/open.jsonl` holds labelled sentences of our own, written from the taxonomy before any rule reads them.
