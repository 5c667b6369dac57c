//! A penalty schedule: what a role's violations cost, as data.

use std::sync::Arc;

use laotie_facts::body::{ActionKind, Ladder, PartyKind};
use laotie_facts::{Clock, Currency, Flaw, FromRule, Name, RuleBook, RuleDocument, Timestamp};
use serde::Deserialize;

use crate::breach::Severity;
use crate::schedule_check::check;

/// The family of the documents.
pub(crate) const FAMILY: &str = "penalties";

/// A range from `low` to `high`; a single number is a range of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "RangeText")]
pub struct Range {
    /// Its lower end.
    pub low: i64,
    /// Its upper end, in the range.
    pub high: i64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RangeText {
    One(i64),
    Two([i64; 2]),
}

impl From<RangeText> for Range {
    fn from(text: RangeText) -> Self {
        match text {
            RangeText::One(n) => Self { low: n, high: n },
            RangeText::Two([low, high]) => Self { low, high },
        }
    }
}

impl Range {
    /// The point `step` of `steps` steps above the lower end, rounded down to the favour of whoever pays.
    pub fn at(self, step: i64, steps: i64) -> i64 {
        self.low + (self.high - self.low) * step / steps.max(1)
    }
}

/// One thing that a penalty does, with the range that its measure is chosen from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionRule {
    /// What.
    pub action: ActionKind,
    /// Damages, in minor units of the schedule's currency.
    pub amount_minor: Option<Range>,
    /// For how many natural days, market time.
    pub days: Option<Range>,
    /// Whether it never ends.
    #[serde(default)]
    pub permanent: bool,
    /// Points, in the schedule's unit.
    pub points: Option<Range>,
}

/// What a severity costs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// What it does.
    pub actions: Vec<ActionRule>,
    /// On which ladder its points count.
    pub ladder: Option<Ladder>,
    /// Of which severity.
    pub severity: Severity,
}

/// What the n-th time costs, for a violation that has no severities.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occasion {
    /// What it does.
    pub actions: Vec<ActionRule>,
    /// On which ladder its points count.
    pub ladder: Option<Ladder>,
    /// Which time, from 1; the last one holds for all that come after.
    pub nth: i64,
}

/// A violation and what it costs: by severity, or by how often it happened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRule {
    /// What it costs by severity, the lightest first.
    #[serde(default)]
    pub band: Vec<Band>,
    /// The clause, shown in explanations.
    pub clause: String,
    /// The violation.
    pub code: Name,
    /// Whether it is about what was said or shown, so that the year's first light one is relieved.
    #[serde(default)]
    pub content: bool,
    /// What the n-th time costs.
    #[serde(default)]
    pub occasion: Vec<Occasion>,
    /// Where its figures come from.
    pub source: String,
    /// Within how many days earlier ones count; as the schedule says when absent.
    pub within_days: Option<u16>,
}

/// What happens when a ladder's points reach a mark.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// What it does.
    pub actions: Vec<ActionRule>,
    /// The mark, in points that count.
    pub at: i64,
}

/// A ladder: its marks, and where the role ends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderRule {
    /// What closes the role for good.
    pub closing: Vec<ActionRule>,
    /// At how many points that count the role is closed for good.
    pub closes_at: i64,
    /// Which ladder.
    pub ladder: Ladder,
    /// Marks below that.
    #[serde(default)]
    pub node: Vec<Node>,
    /// Where its figures come from.
    pub source: String,
    /// Whether study credits lower what counts.
    #[serde(default)]
    pub study_credits: bool,
}

/// How many steps a damage brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DamageStep {
    /// From which damage on.
    pub from_minor: i64,
    /// Steps up.
    pub steps: i64,
}

/// How the point within a range is chosen: steps up and down from the lower end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Steps for one taken back in time.
    pub corrected: i64,
    /// Whether one taken back in time counts as one severity lighter.
    pub corrected_lowers_severity: bool,
    /// Steps by damage caused; the highest that fits counts.
    #[serde(default)]
    pub damage: Vec<DamageStep>,
    /// Steps for each earlier violation of the same code.
    pub per_earlier: i64,
    /// Steps for a party that reported itself.
    pub self_reported: i64,
    /// Where these figures come from.
    pub source: String,
    /// Into how many steps a range is parted.
    pub steps: i64,
    /// Steps for whoever shares the liability and warned, or stopped it.
    pub warned_partner: i64,
    /// Within how many days earlier violations count.
    pub within_days: u16,
}

/// Who is named in public.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// From which severity on the party is named.
    pub named_from: Severity,
    /// From which severity on a penalty is public.
    pub public_from: Severity,
}

/// Relief for the year's first light breach of content rules.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relief {
    /// What damages are cut to.
    pub damages_minor: i64,
    /// Where it comes from.
    pub source: String,
}

/// Study credits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Where it comes from.
    pub source: String,
    /// A single violation of so many points voids all credits.
    pub void_at: i64,
}

/// A ruling that is a violation as well.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulingRule {
    /// The violation.
    pub code: Name,
    /// The guarantee that the upheld claim rests on.
    pub guarantee: Name,
    /// How grave.
    pub severity: Severity,
}

/// A score that is known to move a role's standing and that facts do not carry yet; kept as a fixture.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReputationScore {
    /// The violation that a score in the band behind is reported as.
    pub behind_code: Name,
    /// What its competitiveness part is made of.
    pub competitiveness: Vec<Name>,
    /// Weight of that part.
    pub competitiveness_bps: i64,
    /// What pushes the score into the band behind.
    pub pushes_behind: Vec<Name>,
    /// Where it comes from.
    pub source: String,
    /// Metrics added by the revision.
    pub takes_in: Vec<Name>,
}

/// What people call a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// A role's schedule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Clock of appeals, from the penalty on.
    pub appeal: Clock,
    /// How the point within a range is chosen.
    pub choice: Choice,
    /// Violations.
    pub code: Vec<CodeRule>,
    /// Of all amounts.
    pub currency: Currency,
    /// From when it holds.
    pub effective_from: Option<String>,
    /// The document's name.
    pub id: Option<String>,
    /// Its ladders.
    pub ladder: Vec<LadderRule>,
    /// What people call it.
    pub name: Option<Title>,
    /// Kinds of party that have the role.
    pub party_kinds: Vec<PartyKind>,
    /// Stored points for one point of the market's rules: 2 where half points are given.
    pub points_unit: i64,
    /// Who is named in public.
    pub publication: Publication,
    /// Relief for the year's first light breach of content rules.
    pub relief: Option<Relief>,
    /// A score of the role, as a fixture.
    pub reputation_score: Option<ReputationScore>,
    /// Clock of cases, from the report on.
    pub review: Clock,
    /// The role.
    pub role: Name,
    /// Rulings that are violations as well.
    #[serde(default)]
    pub ruling: Vec<RulingRule>,
    /// Where the document comes from.
    pub source: String,
    /// Study credits.
    pub study: Study,
    /// The document's version.
    pub version: String,
}

impl FromRule for Schedule {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        let schedule: Self = toml::from_str(&document.text).map_err(|e| Flaw::at("text", e.to_string()))?;
        check(&schedule)?;
        Ok(schedule)
    }
}

impl Schedule {
    /// The rule of a violation.
    pub fn code(&self, code: &str) -> Option<&CodeRule> {
        self.code.iter().find(|c| c.code.as_str() == code)
    }

    /// The rule of a ladder.
    pub fn ladder(&self, ladder: Ladder) -> Option<&LadderRule> {
        self.ladder.iter().find(|l| l.ladder == ladder)
    }
}

impl CodeRule {
    /// The band of a severity: the gravest one that is not graver; the lightest when there is none.
    pub fn band(&self, severity: Option<Severity>) -> Option<&Band> {
        let wanted = severity.unwrap_or(Severity::Light);
        self.band.iter().rev().find(|b| b.severity <= wanted).or(self.band.first())
    }

    /// What the n-th time costs.
    pub fn occasion(&self, nth: i64) -> Option<&Occasion> {
        self.occasion.iter().rev().find(|o| o.nth <= nth)
    }
}

/// The schedule of a kind of party that holds at a time, with the document that it stands in.
///
/// `None` where the market has none for the kind. Were there two, the first by name holds.
pub fn schedule_for(book: &RuleBook, kind: PartyKind, at: Timestamp) -> Option<(&RuleDocument, Arc<Schedule>)> {
    let read = |(_, document): (&str, &'_ RuleDocument)| document.read::<Schedule>().ok();
    book.family_at(FAMILY, at).find_map(|entry| {
        let schedule = read(entry)?;
        schedule.party_kinds.contains(&kind).then_some((entry.1, schedule))
    })
}
