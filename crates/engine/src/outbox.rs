//! What the world outside is told of: messages that leave with the journal rows which they tell of.
//!
//! # Invariants
//! - A message is a pure function of its row, so that it can be made again, the same, from the journal alone.
//! - One row, one message; they are written in one transaction.

use std::fmt::Write as _;

use laotie_facts::{JournalRow, Kind};
use laotie_store::OutboxRow;

/// The target of outbox rows that go to webhooks.
pub const WEBHOOKS: &str = "webhooks";

/// The kinds that webhooks are told of: decisions that a party outside acts on.
pub const TOLD: [Kind; 11] = [
    Kind::RulingMade,
    Kind::BadgeLit,
    Kind::BadgeUnlit,
    Kind::ViolationFound,
    Kind::PenaltyImposed,
    Kind::PenaltyLifted,
    Kind::DebtRaised,
    Kind::SettlementFrozen,
    Kind::SettlementResumed,
    Kind::PayoutMade,
    Kind::StandingChanged,
];

/// Whether webhooks are told of facts of this kind.
pub fn is_told(kind: &str) -> bool {
    TOLD.iter().any(|told| told.name() == kind)
}

/// The message of a row: `{"type", "timestamp", "data": {"seq", "key", "subject", "because", "rules", "body"}}`.
pub fn message(row: &JournalRow) -> String {
    let text = |text: &str| serde_json::to_string(text).expect("strings always serialise");
    let mut message = String::with_capacity(row.body.len() + row.key.len() + row.subject.len() + 160);
    let _ = write!(
        message,
        r#"{{"type":{},"timestamp":"{}","data":{{"seq":{},"key":{},"subject":{},"because":{},"rules":{},"body":{}}}}}"#,
        text(&row.kind),
        row.at,
        row.seq,
        text(&row.key),
        text(&row.subject),
        row.because,
        row.rules,
        row.body,
    );
    message
}

/// The outbox rows of new journal rows, in their order.
pub(crate) fn outbox(rows: &[JournalRow]) -> Vec<OutboxRow> {
    let told = rows.iter().filter(|row| is_told(&row.kind));
    told.map(|row| OutboxRow { id: 0, seq: row.seq, target: WEBHOOKS.to_owned(), body: message(row) }).collect()
}

#[cfg(test)]
mod tests {
    use laotie_facts::Timestamp;
    use serde_json::{Value, json};

    use super::*;

    fn row(seq: i64, kind: &str) -> JournalRow {
        let at = Timestamp::parse("2026-06-10T12:00:00Z").expect("a time");
        JournalRow {
            seq,
            seen: at,
            at,
            source: "laotie".to_owned(),
            key: format!("{seq}/{kind}/0"),
            kind: kind.to_owned(),
            subject: "claim/c-\"1\"".to_owned(),
            by: None,
            because: "[3,4]".to_owned(),
            rules: r#"["guarantees/late@2026-11-25.1"]"#.to_owned(),
            body: r#"{"claim":"c-1"}"#.to_owned(),
            body_hash: [0; 32],
            hash: [0; 32],
        }
    }

    #[test]
    fn decisions_are_told_in_order_and_nothing_else_is() {
        let rows = [row(5, "order.paid"), row(6, "ruling.made"), row(7, "posting.made"), row(8, "payout.made")];
        let told = outbox(&rows);
        assert_eq!(told.iter().map(|r| (r.seq, r.target.as_str())).collect::<Vec<_>>(), [(6, WEBHOOKS), (8, WEBHOOKS)]);
    }

    #[test]
    fn a_message_tells_the_row_and_is_json() {
        let value: Value = serde_json::from_str(&message(&row(6, "ruling.made"))).expect("JSON");
        let expected = json!({
            "type": "ruling.made", "timestamp": "2026-06-10T12:00:00Z",
            "data": {"seq": 6, "key": "6/ruling.made/0", "subject": "claim/c-\"1\"", "because": [3, 4],
                     "rules": ["guarantees/late@2026-11-25.1"], "body": {"claim": "c-1"}},
        });
        assert_eq!(value, expected);
    }
}
