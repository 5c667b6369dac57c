//! The rule documents that ship with the program; they enter a new market's journal in full.

use include_dir::{Dir, include_dir};
use laotie_facts::body::RulePublished;
use laotie_facts::{Flaw, MarketZone, RuleVersion, Text, Timestamp};

static RULEBOOK: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../rulebook");

/// A rule document as shipped.
#[derive(Debug, Clone)]
pub struct ShippedRule {
    /// `metrics`, `mappings`, `orders`, …
    pub family: String,
    /// Its name within the family.
    pub name: String,
    /// The document.
    pub text: String,
}

/// Documents that are no rules of a market: by `markets` one is simulated, `cases` are stories that test the rules.
const NO_RULES: [&str; 2] = ["markets", "cases"];

/// All shipped documents, in order of family and name.
pub fn shipped_rules() -> Vec<ShippedRule> {
    let mut rules: Vec<ShippedRule> = RULEBOOK
        .dirs()
        .filter(|dir| !NO_RULES.iter().any(|none| dir.path().ends_with(none)))
        .flat_map(Dir::files)
        .filter(|f| f.path().extension().is_some_and(|e| e == "toml"))
        .filter_map(|f| {
            Some(ShippedRule {
                family: f.path().parent()?.file_name()?.to_str()?.to_owned(),
                // An older version stands beside the newest as `NAME@DATE.N.toml`.
                name: f.path().file_name()?.to_str()?.trim_end_matches(".toml").split('@').next()?.to_owned(),
                text: f.contents_utf8()?.to_owned(),
            })
        })
        .collect();
    rules.sort_by(|a, b| (&a.family, &a.name).cmp(&(&b.family, &b.name)));
    rules
}

impl ShippedRule {
    /// The document for a market in a zone: the calendar is told it, other documents know none.
    #[must_use]
    pub fn in_zone(mut self, zone: &MarketZone) -> Self {
        if self.family == "calendar" {
            let set = |line: &str| if line.starts_with("zone = ") { format!("zone = \"{}\"\n", zone.name()) } else { format!("{line}\n") };
            self.text = self.text.lines().map(set).collect();
        }
        self
    }

    /// The document as the fact that publishes it. Its `version` is `DATE.N`; `effective_from` may be left out.
    ///
    /// # Errors
    /// [`Flaw`] when it is not TOML or has no version.
    pub fn published(&self) -> Result<RulePublished, Flaw> {
        let place = |reason: String| Flaw::new(format!("rulebook/{}/{}.toml: {reason}", self.family, self.name));
        let table: toml::Table = self.text.parse().map_err(|e: toml::de::Error| place(e.to_string()))?;
        let version = table.get("version").and_then(|v| v.as_str()).ok_or_else(|| place("has no `version`, as \"2026-11-23.1\"".into()))?;
        let effective_from = match table.get("effective_from").and_then(|v| v.as_str()) {
            Some(text) => from_day(text).map_err(|e| place(format!("effective_from: {e}")))?,
            None => Timestamp::default(),
        };
        Ok(RulePublished {
            effective_from,
            family: Text::new(self.family.clone())?,
            name: Text::new(self.name.clone())?,
            text: Text::new(self.text.clone()).map_err(|e| place(e.to_string()))?,
            version: RuleVersion::new(format!("{}/{}@{version}", self.family, self.name)).map_err(|e| place(e.to_string()))?,
        })
    }
}

/// A time, or a day's beginning in UTC.
fn from_day(text: &str) -> Result<Timestamp, laotie_facts::TimeError> {
    if text.len() == 10 { Timestamp::parse(&format!("{text}T00:00:00Z")) } else { Timestamp::parse(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_rule_can_be_published_and_says_where_it_comes_from() {
        let rules = shipped_rules();
        assert!(!rules.is_empty());
        for rule in rules {
            let published = rule.published().expect("shipped rules are valid");
            let table: toml::Table = published.text.as_str().parse().expect("read above");
            assert!(table.contains_key("source"), "rulebook/{}/{}.toml has no `source`", rule.family, rule.name);
        }
    }
}
