//! Claims that facts decide: each check hears one kind of claim and holds it against the item.
//!
//! # Invariants
//! - Without the fact a claim is `NoRecord`, never `Contradicted`.
//! - How far a figure may be off stands in the book; a book that does not say checks no claim of fact.

mod efficacy;
mod material;
mod origin;
mod paper;
mod price;
mod reading;
mod sales;
mod stock;
mod terms;

use crate::code::Code;
use crate::finding::Verdict;
use crate::goods::Goods;
use crate::heard::Heard;
use crate::item::{ItemFacts, Milli};
use crate::tolerance::{Tolerance, percent};

/// What a check says of one claim, in plain characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ruling {
    pub(crate) code: Code,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) verdict: Verdict,
    pub(crate) rule: &'static str,
    pub(crate) fact: Option<String>,
}

impl Ruling {
    fn new(code: Code, span: (usize, usize), verdict: Verdict, rule: &'static str) -> Ruling {
        Ruling { code, start: span.0, end: span.1, verdict, rule, fact: None }
    }

    fn by(mut self, key: &str, value: impl std::fmt::Display) -> Ruling {
        self.fact = Some(format!("{key}={value}"));
        self
    }
}

/// Verdict of a count that must be reached.
fn reached(said_milli: i64, record: Option<Milli>, tolerance: &Tolerance) -> Verdict {
    match record {
        None => Verdict::NoRecord,
        Some(record) if record.0 >= percent(said_milli, tolerance.count_reached_percent) => Verdict::Confirmed,
        Some(_) => Verdict::Contradicted,
    }
}

/// All checks on a sentence.
pub(crate) fn all(heard: &Heard<'_>, item: Option<&ItemFacts>, goods: Goods) -> Vec<Ruling> {
    let Some(tolerance) = &heard.book.tolerance else { return Vec::new() };
    let unknown = ItemFacts::default();
    let facts = item.unwrap_or(&unknown);
    let mut rulings = Vec::new();
    price::check(heard, facts, tolerance, &mut rulings);
    stock::check(heard, facts, tolerance, &mut rulings);
    sales::check(heard, facts, tolerance, &mut rulings);
    material::check(heard, facts, tolerance, &mut rulings);
    origin::check(heard, facts, &mut rulings);
    paper::check(heard, facts, &mut rulings);
    efficacy::check(heard, facts, goods, tolerance, &mut rulings);
    reading::check(heard, goods, &mut rulings);
    terms::check(heard, facts, &mut rulings);
    rulings
}
