//! What each line of an order counts for once its discounts are spread.

/// A line as it was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidLine {
    /// Its id within the order.
    pub line: String,
    /// Pieces; negative for a line that takes back.
    pub qty: i64,
    /// Its total before discounts, in minor units.
    pub total_minor: i64,
}

/// Spreads discounts on lines by list amount: each line bears its share rounded down; what is left goes, a minor unit each,
/// to the lines with the largest remainders, ties by line order. A line that takes back bears nothing.
///
/// Returns the lines' ids and amounts after discounts; nothing when there is no discount, or no line that could bear it.
pub fn lines_after_discounts(lines: &[PaidLine], discounts_minor: i64) -> Vec<(String, i64)> {
    let bears = |line: &PaidLine| i128::from(line.total_minor.max(0));
    let whole: i128 = lines.iter().map(bears).sum();
    if discounts_minor == 0 || whole == 0 {
        return Vec::new();
    }
    let discount = i128::from(discounts_minor);
    let mut shares: Vec<i128> = lines.iter().map(|l| discount * bears(l) / whole).collect();
    // Unit after unit to the largest remainder that has not had one; `max_by_key` keeps the last of equals, so lines go backwards.
    let mut had = vec![false; lines.len()];
    let mut left = discount - shares.iter().sum::<i128>();
    while left > 0 {
        let next = (0..lines.len()).rev().filter(|i| !had[*i]).max_by_key(|i| discount * bears(&lines[*i]) % whole);
        let Some(next) = next else { break };
        had[next] = true;
        shares[next] += 1;
        left -= 1;
    }
    lines
        .iter()
        .zip(shares)
        .map(|(l, share)| (l.line.clone(), i64::try_from(i128::from(l.total_minor) - share).unwrap_or(i64::MIN)))
        .collect()
}
