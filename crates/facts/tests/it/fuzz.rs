//! Mutated facts: no text makes the parser panic or contradict itself.
//!
//! Runs for `LAOTIE_FUZZ_SECONDS` (5 by default). A text that breaks a rule is written to
//! `tests/corpus/`, where it is tried first ever after; commit it with its mending.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Duration;

use laotie_facts::{Body, Incoming, Kind, schema_of};
use serde_json::Value;

use crate::canonical::canonical;
use crate::schema::validate;
use crate::{bad_input, examples};

/// What must hold of every text; the first rule that it breaks.
fn broken_rule(bytes: &[u8]) -> Option<String> {
    let fact = match Incoming::parse_bytes(bytes) {
        Err(error) if error.reason.is_empty() || error.code.is_empty() => return Some("a refusal without a reason".to_owned()),
        Err(error) if error.to_string().len() > 20_000 => return Some("a refusal that nobody reads".to_owned()),
        Err(_) => return None,
        Ok(fact) => fact,
    };
    let again = match Body::parse(fact.kind(), &fact.body_text) {
        Ok(body) => body,
        Err(error) => return Some(format!("its canonical body is refused: {error}")),
    };
    if again != fact.body || again.canonical() != fact.body_text {
        return Some("its canonical body reads as another one".to_owned());
    }
    let (Ok(sent), Ok(written)) = (serde_json::from_slice::<Value>(strip(bytes)), serde_json::from_str::<Value>(&fact.body_text)) else {
        return Some("it was taken and is not JSON".to_owned());
    };
    if canonical(&written) != fact.body_text {
        return Some("its canonical body is not canonical".to_owned());
    }
    let schema = schema_of(fact.kind());
    validate(&sent, &schema, &schema, "").err().map(|why| format!("it was taken and the schema refuses it: {why}"))
}

fn strip(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

const PIECES: [&str; 44] = [
    "1e400",
    "-1",
    "-0",
    "0.5",
    "1.0",
    "9223372036854775807",
    "9223372036854775808",
    "9007199254740991",
    "9007199254740992",
    "1E2",
    "00",
    "null",
    "true",
    "false",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\u007b\"",
    "[]",
    "{}",
    "[[",
    "{\"",
    "\"a\":1,",
    ",",
    ":",
    "\\",
    "\u{0}",
    "\u{feff}",
    "老铁",
    "\u{10ffff}",
    "13800138000",
    "１３８００１３８０００",
    "\"2026-02-30T00:00:00Z\"",
    "\"2026-06-10T12:00:00\"",
    "\"9999-12-31T23:59:59.9999999Z\"",
    "\"0000-01-01T00:00:00Z\"",
    "\"XXX\"",
    "\"cny\"",
    "\"JPY\"",
    "order.paid",
    "rule.published",
    " ",
    "\n",
    "1234567",
];

/// `SplitMix64` (Steele, Lea, Flood 2014): small, and the same seed gives the same texts.
struct Dice(u64);

fn below(rng: &mut Dice, end: usize) -> usize {
    rng.0 = rng.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut word = rng.0;
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^= word >> 31;
    usize::try_from(word % u64::try_from(end.max(1)).expect("fits")).expect("fits")
}

/// A stretch of some bytes.
fn stretch(rng: &mut Dice, length: usize, longest: usize) -> std::ops::Range<usize> {
    let start = below(rng, length + 1);
    start..(start + below(rng, longest)).min(length)
}

/// Places where a JSON value begins or ends, for changes that keep the text nearly right.
fn joints(bytes: &[u8]) -> Vec<usize> {
    bytes.iter().enumerate().filter(|(_, b)| matches!(b, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"')).map(|(i, _)| i).collect()
}

fn mutate(rng: &mut Dice, bytes: &mut Vec<u8>, other: &[u8]) {
    match below(rng, 10) {
        0 if !bytes.is_empty() => {
            let i = below(rng, bytes.len());
            bytes[i] ^= 1 << below(rng, 8);
        }
        1 => bytes.truncate(below(rng, bytes.len() + 1)),
        2 => {
            let range = stretch(rng, bytes.len(), 30);
            bytes.drain(range);
        }
        3 => {
            let (from, at) = (stretch(rng, other.len(), 60), below(rng, bytes.len() + 1));
            bytes.splice(at..at, other[from].iter().copied());
        }
        4 => {
            let at = below(rng, bytes.len() + 1);
            bytes.splice(at..at, PIECES[below(rng, PIECES.len())].bytes());
        }
        5 => replace_value(rng, bytes, |rng, _| PIECES[below(rng, PIECES.len())].as_bytes().to_vec()),
        6 => replace_value(rng, bytes, |rng, value| {
            let times = below(rng, 300);
            [b"[".repeat(times), value.to_vec(), b"]".repeat(times)].concat()
        }),
        7 => replace_value(rng, bytes, |rng, value| value.repeat(1 + below(rng, 40))),
        8 => {
            let joints = joints(bytes);
            if joints.len() > 2 {
                let (a, b) = (joints[below(rng, joints.len())], joints[below(rng, joints.len())]);
                let piece = bytes[a.min(b)..a.max(b)].to_vec();
                let at = joints[below(rng, joints.len())];
                bytes.splice(at..at, piece);
            }
        }
        _ => numbers(rng, bytes),
    }
}

/// Replaces a whole value behind a colon or in a list.
fn replace_value(rng: &mut Dice, bytes: &mut Vec<u8>, with: impl Fn(&mut Dice, &[u8]) -> Vec<u8>) {
    let starts: Vec<usize> = bytes.iter().enumerate().filter(|(_, b)| **b == b':').map(|(i, _)| i + 1).collect();
    if starts.is_empty() {
        return;
    }
    let start = starts[below(rng, starts.len())];
    let mut values = serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<Value>();
    let end = match values.next() {
        Some(Ok(_)) => start + values.byte_offset(),
        _ => return,
    };
    let piece = with(rng, &bytes[start..end]);
    bytes.splice(start..end, piece);
}

/// Blows a number up.
fn numbers(rng: &mut Dice, bytes: &mut Vec<u8>) {
    let digits: Vec<usize> = bytes.iter().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(i, _)| i).collect();
    if !digits.is_empty() {
        let at = digits[below(rng, digits.len())];
        let more = below(rng, 25);
        bytes.splice(at..at, std::iter::repeat_n(b'0' + u8::try_from(below(rng, 10)).expect("a digit"), more));
    }
}

/// A list in the place of every object: what serde would read as its fields in order.
fn as_lists(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(name, _)| name.as_str());
            Value::Array(entries.into_iter().map(|(_, v)| as_lists(v)).collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(as_lists).collect()),
        other => other.clone(),
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut kept: Vec<_> = fs::read_dir(corpus).into_iter().flatten().filter_map(|e| fs::read(e.ok()?.path()).ok()).collect();
    kept.sort();
    seeds.append(&mut kept);
    for example in examples::all() {
        // Decided kinds are refused by their name; under another they still reach the bodies' readers.
        seeds.push(example.line.clone().into_bytes());
        if let Some(body) = example.fact["body"].as_object() {
            for name in body.keys() {
                let mut listed = example.fact.clone();
                listed["body"][name] = as_lists(&listed["body"][name]);
                seeds.push(listed.to_string().into_bytes());
            }
        }
    }
    seeds.extend(bad_input::texts().into_iter().map(String::into_bytes));
    seeds
}

fn check(bytes: &[u8]) {
    let found = catch_unwind(AssertUnwindSafe(|| broken_rule(bytes))).unwrap_or_else(|_| Some("a panic".to_owned()));
    let Some(rule) = found else { return };
    let mut hash = DefaultHasher::new();
    bytes.hash(&mut hash);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpus/{:016x}.bin", hash.finish()));
    fs::write(&path, bytes).expect("the corpus can be written");
    panic!("{rule}; kept as {}:\n{}", path.display(), String::from_utf8_lossy(bytes).chars().take(2_000).collect::<String>());
}

/// Bodies of decided kinds are read back from the journal alone, but nothing there may panic either.
fn check_body(kind: Kind, text: &str) {
    if let Ok(body) = Body::parse(kind, text) {
        let written = body.canonical();
        let again = Body::parse(kind, &written).unwrap_or_else(|e| panic!("{e}: {written}"));
        assert_eq!((again.canonical(), again), (written, body));
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test is boxed by wall time")]
fn fuzz_fact_parser() {
    let seconds = std::env::var("LAOTIE_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(5);
    let seed = std::env::var("LAOTIE_FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(|| {
        let mut hash = DefaultHasher::new();
        std::time::SystemTime::now().hash(&mut hash);
        hash.finish()
    });
    eprintln!("fuzz_fact_parser: LAOTIE_FUZZ_SEED={seed} LAOTIE_FUZZ_SECONDS={seconds}");
    let mut rng = Dice(seed);
    let mut pool = seeds();
    for text in &pool {
        check(text);
    }
    let decided: Vec<(Kind, String)> = examples::all().into_iter().map(|e| (e.kind, e.fact["body"].to_string())).collect();
    let (begun, limit) = (std::time::Instant::now(), Duration::from_secs(seconds));
    let (mut tried, mut taken) = (0u64, 0u64);
    while begun.elapsed() < limit {
        for _ in 0..200 {
            let mut text = pool[below(&mut rng, pool.len())].clone();
            for _ in 0..=below(&mut rng, 3) {
                let other = below(&mut rng, pool.len());
                mutate(&mut rng, &mut text, &pool[other]);
            }
            text.truncate(1 << 16);
            check(&text);
            tried += 1;
            if Incoming::parse_bytes(&text).is_ok() {
                taken += 1;
                // What is still a fact is worth changing further.
                if pool.len() < 20_000 {
                    pool.push(text);
                }
            }
        }
        let (kind, body) = &decided[below(&mut rng, decided.len())];
        let mut body = body.clone().into_bytes();
        mutate(&mut rng, &mut body, decided[0].1.as_bytes());
        if let Ok(text) = std::str::from_utf8(&body) {
            check_body(*kind, text);
        }
    }
    eprintln!("fuzz_fact_parser: {tried} texts, {taken} of them facts");
    assert!(taken > 0 && tried > taken, "the mutations no longer reach both sides of the parser");
}
