//! The shipped book on labelled sentences; the floors stand just below what it reaches.

use laotie_speech::{Reader, shipped};

use crate::scorer::{Score, rows, score, share};

fn score_of(text: &str) -> Score {
    let score = score(Reader::new(shipped().expect("the shipped packs are well formed")), &rows(text));
    eprintln!(
        "micro F1 {:.3}, evasion F1 {:.3}, pairs {}/{}, false alarms {:.3} of clean, {:.3} of look-alikes",
        score.micro.f1(),
        score.evasion.f1(),
        score.pairs_right,
        score.pairs,
        share(score.clean_alarms, score.clean),
        share(score.hard_alarms, score.hard),
    );
    score
}

#[test]
fn our_own_sentences_are_read_as_they_are_labelled() {
    let score = score_of(include_str!("../sentences/open.jsonl"));
    assert!(score.micro.f1() >= 0.94, "micro F1 {:.3}", score.micro.f1());
    assert!(score.evasion.f1() >= 0.93, "evasion F1 {:.3}", score.evasion.f1());
    assert!(score.pairs_right * 100 >= score.pairs * 95, "{} of {} pairs", score.pairs_right, score.pairs);
    assert!(share(score.clean_alarms, score.clean) <= 0.05, "{} of {} clean", score.clean_alarms, score.clean);
    assert!(share(score.hard_alarms, score.hard) <= 0.08, "{} of {} look-alikes", score.hard_alarms, score.hard);
}

#[test]
fn the_sentences_of_the_writer_of_the_rules_are_read_as_they_are_labelled() {
    let score = score_of(include_str!("../sentences/more.jsonl"));
    assert!(score.micro.f1() >= 0.90, "micro F1 {:.3}", score.micro.f1());
    assert!(score.pairs_right * 100 >= score.pairs * 95, "{} of {} pairs", score.pairs_right, score.pairs);
    assert!(share(score.clean_alarms, score.clean) <= 0.03, "{} of {} clean", score.clean_alarms, score.clean);
}

#[test]
fn the_shared_sentences_are_read_as_they_are_labelled() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/pinocchio/dev.jsonl");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("SKIPPED: no {path}; the floors on the shared sentences were not checked");
        return;
    };
    let score = score_of(&text);
    assert!(score.micro.f1() >= 0.96, "micro F1 {:.3}", score.micro.f1());
    assert!(score.evasion.f1() >= 0.95, "evasion F1 {:.3}", score.evasion.f1());
    assert_eq!(score.pairs_right, score.pairs);
    assert!(share(score.clean_alarms, score.clean) <= 0.03);
    assert!(share(score.hard_alarms, score.hard) <= 0.06);
}
