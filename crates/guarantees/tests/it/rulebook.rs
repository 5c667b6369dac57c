//! Every shipped document can be read, and what contradicts itself is refused by name.

use laotie_facts::{RuleBook, System, Timestamp};
use laotie_guarantees::Guarantees;

use crate::driver::{publish, shipped};

fn flaw(family: &str, text: &str) -> String {
    let mut book = RuleBook::default();
    let table: toml::Table = text.parse().expect("TOML");
    let name = table["id"].as_str().expect("an id");
    publish(&mut book, family, name, text);
    let document = book.at(family, name, Timestamp::MAX).expect("published");
    Guarantees::check_rule(family, document).map_or_else(|f| format!("{}: {}", f.field, f.reason), |()| "ok".to_owned())
}

#[test]
fn every_shipped_document_reads_and_is_named_as_its_file() {
    for family in ["guarantees", "standing", "badges"] {
        for (stem, text) in shipped(family) {
            assert_eq!(flaw(family, &text), "ok", "{family}/{stem}");
            let table: toml::Table = text.parse().expect("TOML");
            assert_eq!(table["id"].as_str(), stem.split('@').next(), "{family}/{stem}");
            if let Some((_, version)) = stem.split_once('@') {
                assert_eq!(table["version"].as_str(), Some(version));
            }
        }
    }
}

fn spoil(from: &str, to: &str) -> String {
    let (_, text) = shipped("guarantees").into_iter().find(|(stem, _)| stem == "spoil_refund").expect("shipped");
    assert!(text.contains(from), "{from}");
    flaw("guarantees", &text.replacen(from, to, 1))
}

#[test]
fn contradictions_gaps_and_overflows_are_refused_with_their_place() {
    let cases = [
        spoil("level = \"upgraded\"", "level = \"upgraded\"\ncolour = \"red\""),
        spoil("source =", "sauce ="),
        spoil("[answer]\nlength = 24\nunit = \"hour\"\nsilence = \"uphold\"\n", ""),
        spoil("by = \"answer\"", "by = \"rules\""),
        spoil("multiple = 1", "multiple = 1\nrate_bps = 5"),
        spoil("multiple = 1", "multiple = 2"),
        spoil("base = \"line_paid\"\nmultiple = 1", "base = \"line_list\"\nmultiple = 1"),
        spoil("scope = \"line\"", "scope = \"line\"\nminimum_minor = -5"),
        spoil(
            "scope = \"line\"",
            "scope = \"line\"\n\n[[award]]\naward = \"refund\"\nbase = \"line_paid\"\nmultiple = 1\nscope = \"line\"",
        ),
        spoil(
            "scope = \"line\"",
            "scope = \"line\"\n\n[[award]]\naward = \"compensation\"\nbase = \"line_paid\"\nmultiple = 101\nscope = \"line\"",
        ),
        spoil("categories = [\"fresh\"]", "categories = [\"fresh\"]\nexcluded_categories = [\"fresh\"]"),
        spoil("needs = \"signed\"", "needs = \"undispatched\""),
        spoil("length = 24", "length = 0"),
        spoil("length = 24", "length = -1"),
        spoil("kinds = [\"photo\", \"video\"]", "kinds = []"),
    ];
    insta::assert_snapshot!(cases.join("\n---\n"));
}

#[test]
fn a_document_is_called_by_its_id() {
    let (_, text) = shipped("guarantees").into_iter().find(|(stem, _)| stem == "spoil_refund").expect("shipped");
    let mut book = RuleBook::default();
    publish(&mut book, "guarantees", "spoiled", &text);
    let document = book.at("guarantees", "spoiled", Timestamp::MAX).expect("published");
    let flaw = Guarantees::check_rule("guarantees", document).expect_err("another name");
    assert_eq!((flaw.field.as_str(), flaw.reason.as_str()), ("id", "`spoil_refund` is published as `spoiled`; the two must agree"));
}

#[test]
fn badges_without_hysteresis_or_words_are_refused() {
    let (_, text) = shipped("badges").into_iter().find(|(stem, _)| stem == "trust_badge").expect("shipped");
    let cases = [
        flaw("badges", &text.replacen("keep = 420", "keep = 450", 1)),
        flaw("badges", &text.replacen("window_days = 30", "window_days = 91", 1)),
        flaw("badges", &text.replacen("metric = \"stars_centi\"", "metric = \"charm\"", 1)).lines().last().unwrap_or("").to_owned(),
        flaw("badges", &text.replacen("guarantee = \"breakage_refund\"\n", "", 1)),
    ];
    insta::assert_snapshot!(cases.join("\n---\n"));
}
