//! Stories that test rules: facts in a document, and what must come of them to the minor unit.
//!
//! `rulebook/cases/*.toml` hold them; a market writes its own for rules it changes. A story runs on a
//! [`Rehearsal`], through the same code as live facts.

mod expect;
mod script;

use laotie_facts::body::RulePublished;
use laotie_facts::{Flaw, MarketZone};
use serde::Deserialize;

pub use expect::Expectations;
pub use script::Line;

use crate::receipt::Outcome;
use crate::rehearsal::Rehearsal;

/// A story: what happens, and what is expected.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What it tells, in a sentence.
    pub name: String,
    /// The rule that it covers, as the market's rule book names it.
    #[serde(default)]
    pub covers: Vec<String>,
    /// The arithmetic, worked by hand from the clause.
    pub why: String,
    /// What happens, in order.
    pub facts: Vec<Line>,
    /// What must come of it.
    pub expect: Expectations,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    story: Vec<Story>,
}

/// How a story ended.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Ending {
    /// The story.
    pub name: String,
    /// What it covers.
    pub covers: Vec<String>,
    /// What was otherwise than expected; empty when it held.
    pub differences: Vec<String>,
}

/// Reads the stories of a document.
///
/// # Errors
/// [`Flaw`] with the line and the reason.
pub fn read_stories(text: &str) -> Result<Vec<Story>, Flaw> {
    let document: Document = toml::from_str(text).map_err(|e| Flaw::new(e.to_string()))?;
    Ok(document.story)
}

impl Story {
    /// Runs the story under some rules; times without an offset are in `zone`.
    pub async fn run<'r>(&self, rules: impl IntoIterator<Item = &'r RulePublished>, zone: &MarketZone) -> Ending {
        let (market, mut differences) = self.tell(rules, zone).await;
        differences.extend(self.expect.compare(&market));
        Ending { name: self.name.clone(), covers: self.covers.clone(), differences }
    }

    /// Tells the story: the market as it leaves it, and every line that was answered otherwise than it says.
    pub async fn tell<'r>(&self, rules: impl IntoIterator<Item = &'r RulePublished>, zone: &MarketZone) -> (Rehearsal, Vec<String>) {
        let mut market = Rehearsal::new(rules);
        let mut differences = Vec::new();
        for (i, line) in self.facts.iter().enumerate() {
            if let Err(difference) = tell(&mut market, line, i, zone).await {
                differences.push(difference);
            }
        }
        (market, differences)
    }
}

/// Tells one line to the market; an error says what was otherwise than the line expects.
async fn tell(market: &mut Rehearsal, line: &Line, i: usize, zone: &MarketZone) -> Result<(), String> {
    let place = format!("facts[{i}]");
    let at = line.time(zone).map_err(|e| format!("{place}: {e}"))?;
    let Some(fact) = line.fact(i, at).map_err(|e| format!("{place}: {e}"))? else {
        return market.pass(at).await.map_err(|e| format!("{place}: {e}"));
    };
    let outcome = market.take(&fact, at).await.map_err(|e| format!("{place}: {e}"))?;
    match (&outcome, &line.refused) {
        (Outcome::Refused { code, .. }, Some(expected)) if code == expected => Ok(()),
        (Outcome::Refused { code, reason, .. }, Some(expected)) => {
            Err(format!("{place}: refused as `{code}` ({reason}), expected to be refused as `{expected}`"))
        }
        (Outcome::Refused { code, reason, .. }, None) => Err(format!("{place}: refused as `{code}`: {reason}")),
        (_, Some(expected)) => Err(format!("{place}: was taken, expected to be refused as `{expected}`")),
        _ => Ok(()),
    }
}
