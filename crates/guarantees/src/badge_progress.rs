//! How far a shop is from each badge: every condition with its value of yesterday, and what would mend it.

use laotie_facts::body::Condition;
use laotie_facts::{RuleBook, Timestamp};
use serde::Serialize;

use crate::badge::{BADGES, Badge, Fix, cheapest_fix, evaluate};
use crate::days::day_of;
use crate::shop::ShopState;

/// A condition in both languages, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionProgress {
    /// Its label.
    pub en: String,
    /// Its label.
    pub zh: String,
    /// Its value, what is needed, and on how many days it held.
    #[serde(flatten)]
    pub condition: Condition,
    /// What would mend it, when it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// A badge and how a shop stands to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadgeProgress {
    /// Which.
    pub badge: String,
    /// The version in force.
    pub version: String,
    /// Whether it is lit.
    pub lit: bool,
    /// Whether all conditions hold as of yesterday's end.
    pub holds: bool,
    /// Its conditions, in the order of the document; for a lit badge those for staying lit.
    pub conditions: Vec<ConditionProgress>,
}

/// How a shop stands to every badge in force.
pub fn badge_progress(book: &RuleBook, shop: &ShopState, at: Timestamp) -> Vec<BadgeProgress> {
    let day = day_of(at, shop.utc_offset_minutes) - 1;
    let of = |version: String, badge: &Badge| {
        let lit = shop.badges.get(&badge.id).is_some_and(|b| b.lit);
        let stands = evaluate(badge, shop, book, at, day, lit);
        let mut fixes = cheapest_fix(badge, shop, book, at, lit).into_iter();
        let conditions = badge.condition.iter().zip(stands.conditions).map(|(rule, condition)| ConditionProgress {
            en: rule.label.en.clone(),
            zh: rule.label.zh.clone(),
            fix: (!condition.holds).then(|| fixes.next()).flatten(),
            condition,
        });
        BadgeProgress { badge: badge.id.clone(), version, lit, conditions: conditions.collect(), holds: stands.holds }
    };
    book.family_at(BADGES, at).filter_map(|(_, d)| Some(of(d.version.to_string(), &*d.read::<Badge>().ok()?))).collect()
}
