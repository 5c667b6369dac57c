//! How the control desk is told: the document `nudges/desk`.

use std::collections::BTreeMap;

use laotie_facts::body::NudgeLevel;
use laotie_facts::{Flaw, FromRule, Name, RuleBook, RuleDocument, RuleVersion, Timestamp};
use serde::Deserialize;

use crate::code::Code;

/// Family and name of the document.
pub(crate) const DESK: (&str, &str) = ("nudges", "desk");

/// When a reviewer is to look at a claim that was nudged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportWhen {
    /// In any case; a correction is credited.
    Always,
    /// Unless the words were taken back in time.
    Uncorrected,
    /// Not at all.
    Never,
}

/// How loud findings of a severity are told.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRule {
    /// Which severity, 1 to 3.
    pub severity: u8,
    /// How loud.
    pub level: NudgeLevel,
    /// Whether they are gathered and told at once.
    #[serde(default)]
    pub mild: bool,
    /// When a reviewer is to look.
    pub report: ReportWhen,
}

/// The rules of nudging. Times are seconds, shares parts per million.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskRules {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "version")]
    _version: String,
    #[serde(rename = "effective_from")]
    _effective_from: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "name")]
    _name: BTreeMap<String, String>,
    /// From which confidence a finding is a nudge.
    pub nudge_from_ppm: u32,
    /// The same for a sentence that is not over yet.
    pub interim_from_ppm: u32,
    /// How long the same claim is not told again.
    pub repeat_seconds: i64,
    /// How long mild findings are gathered.
    pub mild_seconds: i64,
    /// How long words can be taken back.
    pub correct_seconds: i64,
    /// How far behind later words a sentence may be and still be told of.
    pub stale_seconds: i64,
    /// What is told where nothing is on file, in at most twenty characters.
    pub proof_wording: String,
    level: Vec<LevelRule>,
    breach: BTreeMap<String, Name>,
}

impl FromRule for DeskRules {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        let rules: Self = toml::from_str(&document.text).map_err(|e| Flaw::at("text", e.to_string()))?;
        for (field, ppm) in [("nudge_from_ppm", rules.nudge_from_ppm), ("interim_from_ppm", rules.interim_from_ppm)] {
            if ppm > 1_000_000 {
                return Err(Flaw::at(field, format!("{ppm} is above 1,000,000, which is certainty")));
            }
        }
        let times = [
            ("repeat_seconds", rules.repeat_seconds),
            ("mild_seconds", rules.mild_seconds),
            ("correct_seconds", rules.correct_seconds),
            ("stale_seconds", rules.stale_seconds),
        ];
        if let Some((field, seconds)) = times.iter().find(|(_, s)| !(0..=86_400).contains(s)) {
            return Err(Flaw::at(*field, format!("{seconds} lies outside 0 to 86,400")));
        }
        if !(1..=20).contains(&rules.proof_wording.chars().count()) {
            return Err(Flaw::at("proof_wording", "needs 1 to 20 characters: it is read in a glance"));
        }
        for severity in 1..=3 {
            match rules.level.iter().filter(|l| l.severity == severity).count() {
                1 => {}
                0 => return Err(Flaw::at("level", format!("none has severity {severity}; each of 1 to 3 needs one"))),
                _ => return Err(Flaw::at("level", format!("severity {severity} stands twice"))),
            }
        }
        if !rules.breach.contains_key("default") {
            return Err(Flaw::at("breach.default", "missing; it names the breach of every code that is not listed"));
        }
        if let Some(code) = rules.breach.keys().find(|c| c.as_str() != "default" && Code::named(c).is_none()) {
            return Err(Flaw::at(format!("breach.{code}"), "is no code of a claim"));
        }
        Ok(rules)
    }
}

impl DeskRules {
    /// The rules that hold at a time, with their version; none while none is published.
    pub fn at(book: &RuleBook, time: Timestamp) -> Option<(RuleVersion, std::sync::Arc<DeskRules>)> {
        let document = book.at(DESK.0, DESK.1, time)?;
        Some((document.version.clone(), document.read::<DeskRules>().ok()?))
    }

    /// How findings of a severity are told.
    pub fn level(&self, severity: u8) -> &LevelRule {
        let known = self.level.iter().find(|l| l.severity == severity);
        known.unwrap_or_else(|| self.level.iter().max_by_key(|l| l.severity).expect("three were checked when it was read"))
    }

    /// The rule of a level; where several severities share it, the gravest.
    pub fn of(&self, level: NudgeLevel) -> &LevelRule {
        let known = self.level.iter().filter(|l| l.level == level).max_by_key(|l| l.severity);
        known.unwrap_or_else(|| self.level(3))
    }

    /// What a schedule of penalties calls a claim's breach.
    pub fn breach(&self, code: &str) -> &Name {
        self.breach.get(code).unwrap_or_else(|| &self.breach["default"])
    }
}
