//! Wrong facts and what is said of them: the tables in `bad/*.txt`, and what no table can hold.
//!
//! A case is two lines: `code | field | part of the reason`, and the text as it was sent.

use std::fs;
use std::path::PathBuf;

use laotie_facts::{Incoming, LINE_MAX_BYTES};

/// Every wrong text of the tables.
pub(crate) fn texts() -> Vec<String> {
    cases().into_iter().map(|case| case.text).collect()
}

struct Case {
    place: String,
    code: String,
    field: String,
    reason: String,
    text: String,
}

fn cases() -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/bad");
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of wrong facts") {
        let path = entry.expect("readable").path();
        let table = fs::read_to_string(&path).expect("readable");
        let mut lines = table.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with("# "));
        while let Some((at, head)) = lines.next() {
            let mut parts = head.splitn(3, " | ").map(str::to_owned);
            let mut next = || parts.next().unwrap_or_else(|| panic!("{}:{}: not `code | field | reason`", path.display(), at + 1));
            let (code, field, reason) = (next(), next(), next());
            let (_, text) = lines.next().expect("a text below its heading");
            cases.push(Case { place: format!("{}:{}", path.display(), at + 1), code, field, reason, text: text.to_owned() });
        }
    }
    cases
}

#[test]
fn wrong_facts_are_refused_with_code_field_and_reason() {
    let mut wrong = Vec::new();
    for case in cases() {
        match Incoming::parse(&case.text) {
            Ok(_) => wrong.push(format!("{}: taken", case.place)),
            Err(e) if e.code == case.code && e.field == case.field.trim() && e.reason.contains(case.reason.trim()) => {}
            Err(e) => wrong.push(format!("{}: {} | {} | {}", case.place, e.code, e.field, e.reason)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_fact_longer_than_4_mib_is_refused_unread() {
    let long = format!(r#"{{"source":"{}"}}"#, "x".repeat(LINE_MAX_BYTES));
    for error in [Incoming::parse(&long).expect_err("too long"), Incoming::parse_bytes(long.as_bytes()).expect_err("too long")] {
        assert_eq!((error.code, error.field.as_str()), ("too-long", ""));
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_place() {
    let error = Incoming::parse_bytes(b"{\"source\":\"\xff\xfe\"}").expect_err("not UTF-8");
    assert_eq!(error.code, "not-utf8");
    assert!(error.reason.contains("byte 11"), "{error}");
}

#[test]
fn a_byte_order_mark_before_a_fact_does_no_harm() {
    let line =
        "\u{feff}{\"source\":\"s\",\"key\":\"k\",\"kind\":\"order.signed\",\"at\":\"2026-06-10T12:00:00Z\",\"body\":{\"order\":\"o\"}}";
    assert!(Incoming::parse_bytes(line.as_bytes()).is_ok());
}

#[test]
fn nesting_however_deep_ends_in_a_refusal() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
        for text in [
            deep.clone(),
            format!(r#"{{"source":"s","key":"k","kind":"order.signed","at":"2026-06-10T12:00:00Z","body":{{"order":{deep}}}}}"#),
            format!(r#"{{"source":"s","key":"k","kind":"order.paid","at":"2026-06-10T12:00:00Z","body":{{"lines":[{deep}]}}}}"#),
            format!(r#"{{"source":"s","key":"k","kind":"order.signed","at":"2026-06-10T12:00:00Z","by":{deep},"body":{{"order":"o"}}}}"#),
        ] {
            let error = Incoming::parse(&text).expect_err("no fact nests that deep");
            assert!(!error.reason.is_empty() && error.reason.len() < 1_000, "{error}");
        }
    }
}

#[test]
fn a_long_wrong_text_is_not_repeated_in_full() {
    let text = "9".repeat(100_000);
    for body in [format!(r#"{{"order":{text}}}"#), format!(r#"{{"{text}":1}}"#), format!(r#"{{"order":"o","reason":"{text}"}}"#)] {
        let line = format!(r#"{{"source":"s","key":"k","kind":"order.cancelled","at":"2026-06-10T12:00:00Z","body":{body}}}"#);
        let error = Incoming::parse(&line).expect_err("refused");
        assert!(error.to_string().len() < 1_000, "{} characters", error.to_string().len());
    }
}
