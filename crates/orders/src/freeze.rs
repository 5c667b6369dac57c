//! The order's part of its frozen copy: the terms in force when it was paid, discounts spread on lines.

use std::collections::BTreeMap;

use laotie_facts::body::{FrozenLine, FrozenPart, FrozenTerm, OrderPaid};
use laotie_facts::{Money, RuleBook, SignedAmount, Timestamp};

/// Family and name of the rule document that holds an order's own terms.
const TERMS: (&str, &str) = ("orders", "terms");

/// Freezes the terms of `orders/terms` that hold at `at`, and what each line counts for.
///
/// Discounts are spread on lines by list amount, largest remainder, ties by line order; a line that
/// takes back bears none. Lines are left out when no discount changes them.
pub(crate) fn freeze(paid: &OrderPaid, book: &RuleBook, at: Timestamp) -> FrozenPart {
    let mut part = FrozenPart { lines: lines_after_discounts(paid), ..FrozenPart::default() };
    let Some(document) = book.at(TERMS.0, TERMS.1, at) else { return part };
    part.rules.push(document.version.clone());
    if let Some(terms) = document.table.get("terms").and_then(|t| t.as_table()) {
        part.terms = terms
            .iter()
            .filter_map(|(name, value)| {
                let number = value.as_integer().and_then(|n| SignedAmount::new(n).ok())?;
                Some((name.clone(), FrozenTerm::Number(number)))
            })
            .collect::<BTreeMap<_, _>>();
    }
    part
}

fn lines_after_discounts(paid: &OrderPaid) -> Vec<FrozenLine> {
    let discount: i64 = paid.discounts.iter().map(|d| d.amount_minor.get()).sum();
    if discount == 0 {
        return Vec::new();
    }
    let weights: Vec<u64> = paid.lines.iter().map(|l| u64::try_from(l.total_minor.get()).unwrap_or(0)).collect();
    let Ok(parts) = Money::new(discount, paid.currency).spread(&weights) else { return Vec::new() };
    paid.lines
        .iter()
        .zip(parts)
        .filter_map(|(line, part)| {
            let paid_minor = SignedAmount::new(line.total_minor.get() - part.minor()).ok()?;
            Some(FrozenLine { line: line.line.clone(), paid_minor })
        })
        .collect()
}
