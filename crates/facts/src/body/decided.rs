//! What Laotie decides.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::SignedAmount;
use crate::ids::{LineId, OrderId};
use crate::kind::{FactBody, Subject};
use crate::rules::RuleVersion;
use crate::text::Text;
use crate::time::Timestamp;

/// A frozen term: a number, a text or a list of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum FrozenTerm {
    /// A number, its unit in the term's name.
    Number(SignedAmount),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<String>),
}

/// One system's part of an order's frozen copy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrozenPart {
    /// Terms by name.
    pub terms: BTreeMap<String, FrozenTerm>,
    /// What each line counts for.
    pub lines: Vec<FrozenLine>,
    /// Rule versions that the terms come from.
    pub rules: Vec<RuleVersion>,
}

/// What a line counts for once discounts are spread on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FrozenLine {
    /// The order's line.
    pub line: LineId,
    /// Its total less its share of the discounts; all lines, freight and adjustments add up to what was paid.
    pub paid_minor: SignedAmount,
}

/// `order.frozen`: the law that the order carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderFrozen {
    /// Lines after discounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<FrozenLine>,
    /// The order.
    pub order: OrderId,
    /// Terms by system.
    pub parts: BTreeMap<String, BTreeMap<String, FrozenTerm>>,
}

impl FactBody for OrderFrozen {
    fn subject(&self) -> Subject {
        Subject::new("order", &self.order)
    }
}

/// `rule.published`: a rule document enters the journal in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulePublished {
    /// From when it holds.
    pub effective_from: Timestamp,
    /// Its family: `metrics`, `mappings`, `orders`, …
    pub family: Text<50>,
    /// Its name within the family.
    pub name: Text<100>,
    /// The document.
    pub text: Text<200_000>,
    /// Its version.
    pub version: RuleVersion,
}

impl FactBody for RulePublished {
    fn subject(&self) -> Subject {
        Subject::new("rule", format_args!("{}/{}", self.family.as_str(), self.name.as_str()))
    }
}

/// `deadline.passed`: a deadline of a system fell due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadlinePassed {
    /// When it was due.
    pub due: Timestamp,
    /// The state that it belongs to.
    pub key: Text<200>,
    /// What was to happen by then.
    pub purpose: Text<100>,
    /// The system.
    pub system: Text<50>,
}

impl FactBody for DeadlinePassed {
    fn subject(&self) -> Subject {
        Subject::new("deadline", format_args!("{}/{}", self.system.as_str(), self.key.as_str()))
    }
}

/// `fact.refused`: a fact that waited for its predecessor cannot be after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactRefused {
    /// Stable name of the reason, as `waited-too-long`.
    pub code: Text<100>,
    /// In whose history the fact stands, as `order/o-1`.
    pub history: Text<200>,
    /// Where the refused fact stands in the journal.
    pub seq: crate::amount::Count,
}

impl FactBody for FactRefused {
    fn subject(&self) -> Subject {
        let (kind, id) = self.history.as_str().split_once('/').unwrap_or(("fact", self.history.as_str()));
        Subject::new(if kind == "order" { "order" } else { "fact" }, id)
    }
}
