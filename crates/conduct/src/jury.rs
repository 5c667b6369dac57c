//! The public jury of a case: who may vote, what each vote weighs, what is advised.
//!
//! Whether a buyer is drawn follows from a hash of case, round and buyer, so that nobody can choose a case,
//! and anybody can check the draw. The verdict advises; a reviewer decides.

use std::collections::BTreeMap;

use laotie_cases::{Tally, Vote, tally};
use laotie_facts::body::RulePublished;
use laotie_facts::{Flaw, FromRule, RuleBook, RuleDocument, Timestamp};
use serde::{Deserialize, Serialize};

/// Family and name of the document.
pub(crate) const JURY: (&str, &str) = ("jury", "jury");

/// How juries are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JuryRules {
    /// What an unknown juror counts as.
    pub default_accuracy_ppm: i64,
    /// Share of all buyers that is drawn for a case; only they may vote.
    pub eligible_share_ppm: i64,
    /// Summed weight that a verdict needs, in thousandths of a nat.
    pub margin_millis: i64,
    /// How many votes at the default accuracy a juror's own record is shrunk towards it by.
    pub prior_votes: i64,
    /// Votes other than `unsure` that a verdict needs.
    pub quorum: u32,
    /// How often a case may be put before a jury.
    pub rounds_maximum: i64,
    /// How many votes a round takes.
    pub sample_size: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read so that an unknown field is told from a known one")]
struct Document {
    id: Option<String>,
    version: String,
    effective_from: Option<String>,
    source: String,
    name: Option<crate::schedule::Title>,
    default_accuracy_ppm: i64,
    eligible_share_ppm: i64,
    margin_millis: i64,
    prior_votes: i64,
    quorum: u32,
    rounds_maximum: i64,
    sample_size: u32,
}

impl JuryRules {
    fn read(text: &str) -> Result<Self, Flaw> {
        let d: Document = toml::from_str(text).map_err(|e| Flaw::at("text", e.to_string()))?;
        if !(500_001..=950_000).contains(&d.default_accuracy_ppm) {
            return Err(Flaw::at("default_accuracy_ppm", "needs 500001 to 950000: at half or less, votes would weigh nothing"));
        }
        if !(1..=1_000_000).contains(&d.eligible_share_ppm) {
            return Err(Flaw::at("eligible_share_ppm", "needs 1 to 1000000; at 0 nobody could vote"));
        }
        if d.quorum == 0 || d.quorum > d.sample_size || d.sample_size > 1_001 {
            return Err(Flaw::at(
                "quorum",
                format!("{} of {} votes; needs 1 to the sample, and a sample of 1001 at most", d.quorum, d.sample_size),
            ));
        }
        if d.margin_millis < 1 || d.prior_votes < 1 || d.rounds_maximum < 1 {
            return Err(Flaw::at("margin_millis", "margin, prior votes and rounds need to be 1 at least"));
        }
        Ok(Self {
            default_accuracy_ppm: d.default_accuracy_ppm,
            eligible_share_ppm: d.eligible_share_ppm,
            margin_millis: d.margin_millis,
            prior_votes: d.prior_votes,
            quorum: d.quorum,
            rounds_maximum: d.rounds_maximum,
            sample_size: d.sample_size,
        })
    }

    /// The rules that hold at a time; `None` where the market asks no juries.
    pub fn at(book: &RuleBook, at: Timestamp) -> Option<std::sync::Arc<Self>> {
        book.at(JURY.0, JURY.1, at)?.read::<Self>().ok()
    }
}

impl FromRule for JuryRules {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        Self::read(&document.text)
    }
}

/// Rules of juries as the journal tells them, so that rounds can be opened without the rule book.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct JuryVersions {
    versions: Vec<(Timestamp, JuryRules)>,
}

impl JuryVersions {
    pub(crate) fn publish(&mut self, rule: &RulePublished) {
        if let Ok(rules) = JuryRules::read(rule.text.as_str()) {
            self.versions.push((rule.effective_from, rules));
            self.versions.sort_by_key(|(from, _)| *from);
        }
    }

    pub(crate) fn at(&self, at: Timestamp) -> Option<&JuryRules> {
        self.versions.iter().rev().find(|(from, _)| *from <= at).map(|(_, rules)| rules)
    }
}

/// A round of the jury, with the rules that held when it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// How right each juror was when voting.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accuracy_ppm: BTreeMap<String, i64>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Its law.
    pub rules: JuryRules,
    /// Which one, from 1.
    pub round: i64,
}

impl Round {
    /// What the round says so far.
    pub fn tally(&self, votes: &[Vote]) -> Tally {
        let rules = &self.rules;
        tally(votes, self.round, &self.accuracy_ppm, rules.default_accuracy_ppm, rules.quorum, rules.margin_millis)
    }

    /// Votes given in the round.
    pub(crate) fn votes(&self, votes: &[Vote]) -> usize {
        votes.iter().filter(|v| v.round == self.round).count()
    }

    /// Whether it takes no more votes.
    pub(crate) fn is_full(&self, votes: &[Vote]) -> bool {
        self.votes(votes) >= usize::try_from(self.rules.sample_size).unwrap_or(usize::MAX)
    }
}

/// How often a juror's votes agreed with the final decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Juror {
    /// Votes that agreed.
    pub right: i64,
    /// Votes, `unsure` left out, in cases that are decided for good.
    pub voted: i64,
}

impl Juror {
    /// Accuracy, shrunk towards the default by so many votes at it, rounded down.
    ///
    /// The mean of a beta posterior whose prior has `prior_votes` votes at the default.
    pub fn accuracy_ppm(self, rules: &JuryRules) -> i64 {
        (self.right * 1_000_000 + rules.prior_votes * rules.default_accuracy_ppm) / (self.voted + rules.prior_votes)
    }
}

/// The place of a buyer in the draw of a round: lower is earlier.
fn draw(case: &str, round: i64, buyer: &str) -> u64 {
    let hash = laotie_facts::body_hash(&format!("{case}\n{round}\n{buyer}"));
    u64::from_be_bytes(hash[..8].try_into().expect("a hash has 32 bytes"))
}

/// Whether a buyer is among those drawn for a round, by the share of all buyers that the rules draw.
pub fn is_eligible(case: &str, round: i64, buyer: &str, share_ppm: i64) -> bool {
    i64::try_from(draw(case, round, buyer) % 1_000_000).is_ok_and(|place| place < share_ppm)
}

/// Draws `n` jurors of a round out of candidates: those drawn by share, the earliest places first.
///
/// The order of candidates and repetitions among them change nothing. Fewer come back when too few are drawn.
pub fn sample<'a>(case: &str, round: i64, candidates: impl IntoIterator<Item = &'a str>, n: usize, share_ppm: i64) -> Vec<&'a str> {
    let drawn = candidates.into_iter().filter(|c| is_eligible(case, round, c, share_ppm));
    let mut places: Vec<(u64, &str)> = drawn.map(|c| (draw(case, round, c), c)).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().take(n).map(|(_, c)| c).collect()
}
