//! What the system knows of one subject; the key's first word tells of what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::live::shelf::Shelf;
use crate::live::show::Show;

/// A state, one field of which is there: keys are `item/ID`, `show/ID`, `rule/ID`, `report/ID`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    /// `item/ID`: what is on file about an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Shelf>,
    /// `report/ID`: the rule whose finding was put before a reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<Reported>,
    /// `rule/ID`: how a rule did, by version of its pack.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rule: BTreeMap<String, Record>,
    /// `show/ID`: a broadcast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<Show>,
}

/// Where a reviewed report came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reported {
    pub(crate) rule: String,
    pub(crate) version: String,
}

/// How a version of a rule did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Record {
    /// Nudges that were taken back on air.
    pub corrected: i64,
    /// Nudges that the desk did not agree with.
    pub dismissed: i64,
    /// Nudges that it gave.
    pub nudged: i64,
    /// Reviews that found no breach.
    pub rejected: i64,
    /// Reviews that found the breach.
    pub upheld: i64,
    /// Nudges that were heard wrong.
    pub withdrawn: i64,
}
