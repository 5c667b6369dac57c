//! The market's year, and the market's zone as the journal tells it.

use laotie_facts::body::RulePublished;
use laotie_facts::{MarketZone, Timestamp};
use serde::{Deserialize, Serialize};

/// The year in the market at a time: points are of it, and are reset when it ends.
pub(crate) fn market_year(zone: &MarketZone, time: Timestamp) -> i32 {
    let utc: i32 = time.to_string().get(..4).and_then(|y| y.parse().ok()).expect("times are printed with their year first");
    let begins = |year: i32| year_begins(zone, year);
    match (begins(utc + 1), begins(utc)) {
        (Some(next), _) if time >= next => utc + 1,
        (_, Some(this)) if time < this => utc - 1,
        _ => utc,
    }
}

/// When a year begins in the market; `None` outside what can be written.
pub(crate) fn year_begins(zone: &MarketZone, year: i32) -> Option<Timestamp> {
    zone.parse_naive(&format!("{year:04}-01-01T00:00:00")).ok()
}

/// The zones that a market's calendar had, so that states can be folded without the rule book.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Zones {
    versions: Vec<ZoneFrom>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ZoneFrom {
    effective_from: Timestamp,
    zone: String,
}

impl Zones {
    /// Takes a published calendar in.
    pub(crate) fn publish(&mut self, rule: &RulePublished) {
        let table = rule.text.as_str().parse::<toml::Table>().ok();
        let zone = table.as_ref().and_then(|t| t.get("zone")?.as_str());
        if let Some(zone) = zone.filter(|z| MarketZone::new(z).is_ok()) {
            self.versions.push(ZoneFrom { effective_from: rule.effective_from, zone: zone.to_owned() });
            self.versions.sort_by_key(|v| v.effective_from);
        }
    }

    /// The zone at a time; UTC while none was published, as [`laotie_facts::Calendar::at`] has it.
    pub(crate) fn at(&self, time: Timestamp) -> MarketZone {
        let name = self.versions.iter().rev().find(|v| v.effective_from <= time).map_or("UTC", |v| v.zone.as_str());
        MarketZone::new(name).expect("checked when it was taken in; UTC is a zone")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_turns_at_midnight_of_the_market() {
        let zone = MarketZone::new("Asia/Shanghai").expect("a zone");
        let year = |t: &str| market_year(&zone, Timestamp::parse(t).expect("a time"));
        assert_eq!(year("2026-12-31T15:59:59Z"), 2026);
        assert_eq!(year("2026-12-31T16:00:00Z"), 2027);
        assert_eq!(year("2027-01-01T00:00:00Z"), 2027);
        let west = MarketZone::new("America/Sao_Paulo").expect("a zone");
        assert_eq!(market_year(&west, Timestamp::parse("2027-01-01T02:00:00Z").expect("a time")), 2026);
    }
}
