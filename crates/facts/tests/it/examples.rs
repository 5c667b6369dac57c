//! The examples in `examples/KIND.jsonl`: they are what the documentation shows, so they must hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use laotie_facts::{Body, Fact, FactKey, Incoming, JournalRow, Kind, Origin, SourceId, Timestamp, body_hash, schema_of};
use serde_json::Value;

use crate::canonical::canonical;
use crate::schema::validate;

/// One example: its line, and the body as it stands in it.
pub(crate) struct Example {
    pub(crate) kind: Kind,
    pub(crate) line: String,
    pub(crate) fact: Value,
}

impl Example {
    fn body(&self) -> Body {
        let text = self.fact["body"].to_string();
        Body::parse(self.kind, &text).unwrap_or_else(|e| panic!("{e}: {}", self.line))
    }
}

/// Every example of every kind.
pub(crate) fn all() -> Vec<Example> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut examples = Vec::new();
    for kind in Kind::ALL {
        let path = folder.join(format!("{}.jsonl", kind.name()));
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}; every kind has an example", path.display()));
        for line in text.lines() {
            let fact: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
            assert_eq!(fact["kind"], kind.name());
            examples.push(Example { kind: *kind, line: line.to_owned(), fact });
        }
    }
    examples
}

#[test]
fn what_the_market_sends_parses_and_what_laotie_decides_is_refused() {
    for example in all() {
        match (example.kind.origin(), Incoming::parse(&example.line)) {
            (Origin::Market, Ok(fact)) => assert_eq!(fact.kind(), example.kind),
            (Origin::Market, Err(error)) => panic!("{}: {error}", example.kind.name()),
            (Origin::Laotie, Ok(_)) => panic!("{} was taken from a sender", example.kind.name()),
            (Origin::Laotie, Err(error)) => assert!(error.code == "decided-kind" || error.field == "source", "{error}"),
        }
    }
}

#[test]
fn a_body_is_written_as_canonical_json_and_reads_back() {
    for example in all() {
        let body = example.body();
        let written = body.canonical();
        let value: Value = serde_json::from_str(&written).expect("JSON");
        assert_eq!(written, canonical(&value), "{} is not canonical", example.kind.name());
        assert_eq!(Body::parse(example.kind, &written).as_ref(), Ok(&body));
        assert_eq!(body_hash(&written), body_hash(&Body::parse(example.kind, &written).expect("parsed above").canonical()));
    }
}

#[test]
fn an_example_loses_nothing_when_it_is_read() {
    for example in all() {
        let written: Value = serde_json::from_str(&example.body().canonical()).expect("JSON");
        for (name, sent) in example.fact["body"].as_object().expect("an object") {
            let left_out = sent == &Value::Bool(false) || sent == 0;
            assert!(written.get(name).is_some() || left_out, "{}: `{name}` was lost", example.kind.name());
        }
    }
}

#[test]
fn examples_fit_their_schemas() {
    for example in all() {
        let schema = schema_of(example.kind);
        validate(&example.fact, &schema, &schema, example.kind.name()).unwrap_or_else(|e| panic!("{e}\n{}", example.line));
    }
}

#[test]
fn every_field_of_every_kind_is_shown_by_an_example() {
    let examples = all();
    for kind in Kind::ALL {
        let schema = schema_of(*kind);
        let mut shown = BTreeSet::new();
        for example in examples.iter().filter(|e| e.kind == *kind) {
            shown.extend(example.fact["body"].as_object().expect("an object").keys().cloned());
        }
        for name in schema["properties"]["body"]["properties"].as_object().expect("an object").keys() {
            assert!(shown.contains(name), "no example of {} shows `{name}`", kind.name());
        }
    }
}

#[test]
fn schemas_stand_alone_and_refuse_what_is_not_listed() {
    for kind in Kind::ALL {
        let schema = schema_of(*kind);
        let text = schema.to_string();
        for reference in text.split("\"$ref\":\"#/$defs/").skip(1) {
            let name = reference.split('"').next().expect("a name");
            assert!(schema["$defs"].get(name).is_some(), "{}: no definition of {name}", kind.name());
        }
        assert_eq!(schema["properties"]["body"]["additionalProperties"], Value::Bool(false), "{}", kind.name());
        assert!(!text.contains("\"number\""), "{} holds a float", kind.name());
    }
}

#[test]
fn names_of_kinds_are_unique_and_found_again() {
    let names: BTreeSet<&str> = Kind::ALL.iter().map(|k| k.name()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
    for kind in Kind::ALL {
        assert_eq!(Kind::from_name(kind.name()), Some(*kind));
        assert!(kind.describe().ends_with('.'));
    }
}

#[test]
fn a_row_of_the_journal_reads_back_as_its_fact() {
    for (i, example) in all().into_iter().enumerate() {
        let body = example.body();
        let written = body.canonical();
        let fact = Fact {
            seq: i64::try_from(i).expect("few") + 1,
            seen: Timestamp::parse("2026-11-23T13:00:00.000001Z").expect("a time"),
            at: Timestamp::parse(example.fact["at"].as_str().expect("a text")).expect("a time"),
            source: SourceId::new(example.fact["source"].as_str().expect("a text")).expect("an id"),
            key: FactKey::new(example.fact["key"].as_str().expect("a text")).expect("an id"),
            by: None,
            because: vec![1],
            rules: Vec::new(),
            body,
            target: None,
        };
        let row = JournalRow::write(&fact, written.clone(), body_hash(&written), &[7; 32]);
        assert_eq!(row.fact().expect("reads back"), fact);
        let value: Value = serde_json::from_str(&row.canonical()).expect("JSON");
        assert_eq!(row.canonical(), canonical(&value), "the row of {} is not canonical", example.kind.name());
        assert!(!row.subject.ends_with('/'), "{} stands in nobody's history", example.kind.name());
    }
}

#[test]
fn long_numbers_in_what_buyers_write_are_masked_before_the_hash() {
    let line = |text: &str| {
        format!(
            r#"{{"source":"live","key":"c-1","kind":"comment.posted","at":"2026-06-10T12:00:00Z","body":{{"comment":"c-1","show":"s","text":"{text}"}}}}"#
        )
    };
    let sent = Incoming::parse(&line("call 13800138000")).expect("valid");
    assert!(sent.body_text.contains("call ***********"), "{}", sent.body_text);
    assert_eq!(sent.body_hash, Incoming::parse(&line("call 13911139111")).expect("valid").body_hash);
}

#[test]
fn times_in_a_body_are_written_in_utc_whatever_offset_they_came_with() {
    let body = |due: &str| format!(r#"{{"item":"i","price_minor":1,"currency":"CNY","until":"{due}"}}"#);
    let east = Body::parse(Kind::PriceSet, &body("2026-06-11T00:00:00+08:00")).expect("valid");
    let utc = Body::parse(Kind::PriceSet, &body("2026-06-10T16:00:00.000Z")).expect("valid");
    assert_eq!(east, utc);
    assert!(east.canonical().contains(r#""until":"2026-06-10T16:00:00Z""#));
}
