//! What the engine must answer.

use laotie_facts::{Currency, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::disagreement::Disagreement;

/// What must become of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Expected {
    /// It is recorded.
    Recorded {
        /// The kind of fact that it waits for, when it comes before its predecessor.
        #[serde(skip_serializing_if = "Option::is_none")]
        waiting_for: Option<&'static str>,
    },
    /// The same fact was recorded before.
    Repeated,
    /// It is refused, for a reason with one of these codes. There is one code, except where the answer depends on what
    /// Laotie decided, whose numbers the auditor does not keep.
    Refused {
        /// Stable names of the reasons.
        codes: Vec<&'static str>,
    },
    /// It is recorded, or refused for a reason with one of these codes: which, rests on decisions that the auditor does not foresee.
    Decided {
        /// Stable names of the reasons.
        codes: &'static [&'static str],
    },
    /// It is about something that the auditor was told to forget; any answer goes.
    Unchecked,
}

impl Expected {
    /// Compares a receipt as engine and API give it: `outcome`, and `waiting_for` or `code`.
    ///
    /// `about` names the fact in the disagreement.
    pub fn compare(&self, about: &str, receipt: &Value) -> Option<Disagreement> {
        let code = receipt.get("code").or_else(|| receipt.get("problem"));
        let found = match (receipt["outcome"].as_str(), code) {
            (Some("refused"), Some(code)) => format!("refused: {}", code.as_str().unwrap_or("?")),
            (Some("recorded"), _) => match receipt["waiting_for"].as_str() {
                Some(kind) => format!("recorded, waits for {kind}"),
                None => "recorded".to_owned(),
            },
            (other, _) => other.unwrap_or("nothing").to_owned(),
        };
        let agrees = match self {
            Expected::Unchecked => true,
            Expected::Refused { codes } => codes.iter().any(|code| found == format!("refused: {code}")),
            Expected::Decided { codes } => found.starts_with("recorded") || codes.iter().any(|code| found == format!("refused: {code}")),
            other => found == other.word(),
        };
        if agrees { None } else { Disagreement::check(about, "receipt", self.word(), found) }
    }

    /// The answer in words, as `recorded, waits for order.paid`.
    pub fn word(&self) -> String {
        match self {
            Expected::Recorded { waiting_for: None } => "recorded".to_owned(),
            Expected::Recorded { waiting_for: Some(kind) } => format!("recorded, waits for {kind}"),
            Expected::Repeated => "repeated".to_owned(),
            Expected::Refused { codes } => format!("refused: {}", codes.join(" or ")),
            Expected::Decided { codes } => format!("recorded, or refused: {}", codes.join(" or ")),
            Expected::Unchecked => "unchecked".to_owned(),
        }
    }
}

/// A step that counts or waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpectedStep {
    /// What it is called in an order's view: `paid`, `frozen`, `dispatched`, …
    pub step: &'static str,
    /// When it happened.
    pub at: Timestamp,
    /// When it is given up, for one that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What an order must look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpectedOrder {
    /// `awaited`, `paid`, `cancelled`, `dispatched`, `picked_up`, `signed` or `received`.
    pub status: &'static str,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// What was paid.
    pub paid_minor: Option<i64>,
    /// Of every amount.
    pub currency: Option<Currency>,
    /// What was paid back.
    pub refunded_minor: i64,
    /// Who bought.
    pub buyer: Option<String>,
    /// Who sold.
    pub shop: Option<String>,
    /// Who sold it on air.
    pub streamer: Option<String>,
    /// What counts, in the order in which it came to count.
    pub steps: Vec<ExpectedStep>,
    /// What waits, in the order in which it came.
    pub waiting: Vec<ExpectedStep>,
    /// Codes of the waiting facts that could not be after all, sorted.
    pub refused: Vec<&'static str>,
    /// Lines after discounts; empty when no discount changes them.
    pub frozen_lines: Vec<(String, i64)>,
    /// Kinds of the facts in its life that were recorded, whatever became of them, in the order in which they came.
    pub recorded: Vec<&'static str>,
}
