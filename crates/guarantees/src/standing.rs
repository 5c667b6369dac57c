//! Buyer standing: new, good, limited; earned by one's own history alone, with reasons and a way back.

use laotie_facts::body::{BuyerStanding, Reason, StandingChanged};
use laotie_facts::{Body, BuyerId, Draft, Few, Flaw, FromRule, Name, RuleBook, RuleDocument, RuleVersion, Timestamp};
use serde::Deserialize;

use crate::buyer::{BuyerState, Deed, HISTORY_DAYS};
use crate::check::{named, spoken};
use crate::days::day_of;
use crate::document::{Abuse, Guarantee, Words};
use crate::reasons::{reason, words};

/// Family and name of the rule document of buyers' standing.
pub const STANDING: (&str, &str) = ("standing", "buyers");

/// What makes a buyer one of good standing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoodStanding {
    /// So many orders kept at least …
    pub kept_orders: u32,
    /// … in so many days, …
    pub days: u16,
    /// … with at most this share of orders rejected in claims.
    pub rejected_share_bps: u32,
    /// And at most this share of orders claimed for and upheld.
    pub upheld_share_bps: u32,
}

/// What makes a buyer a limited one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitedStanding {
    /// More claims than this …
    pub claims_maximum: u32,
    /// … or more rejected claims than this …
    pub rejected_maximum: u32,
    /// … in so many days, …
    pub days: u16,
    /// … unless claims are at most this share of orders.
    pub share_of_orders_bps: u32,
    /// For how long.
    pub limited_days: u16,
    /// The way back.
    pub way_back: Words,
}

/// The rules of buyers' standing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingRules {
    /// Its name.
    pub id: String,
    /// `DATE.N`.
    pub version: String,
    /// From when it holds.
    pub effective_from: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// What it is called.
    pub name: Words,
    /// Good standing.
    pub good: GoodStanding,
    /// Limited standing.
    pub limited: LimitedStanding,
}

impl FromRule for StandingRules {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        let read: Self = toml::from_str(&document.text).map_err(|e| Flaw::at("text", e.to_string()))?;
        named(document, &read.id)?;
        spoken("name", &read.name)?;
        spoken("limited.way_back", &read.limited.way_back)?;
        if read.source.trim().is_empty() {
            return Err(Flaw::at("source", "is empty; a rule says where it comes from"));
        }
        for (field, days) in [("good.days", read.good.days), ("limited.days", read.limited.days)] {
            if days == 0 || days > HISTORY_DAYS {
                return Err(Flaw::at(field, format!("is outside 1..={HISTORY_DAYS}, the days for which a buyer's history is kept")));
            }
        }
        for (field, bps) in [
            ("good.rejected_share_bps", read.good.rejected_share_bps),
            ("good.upheld_share_bps", read.good.upheld_share_bps),
            ("limited.share_of_orders_bps", read.limited.share_of_orders_bps),
        ] {
            if bps > 10_000 {
                return Err(Flaw::at(field, format!("{bps} is outside 0..=10000 basis points")));
            }
        }
        if read.limited.limited_days == 0 {
            return Err(Flaw::at("limited.limited_days", "is 0; a limit lasts a day at least"));
        }
        Ok(read)
    }
}

/// A limit that ended or stands to be ended.
pub(crate) fn changed(
    buyer: &str,
    guarantee: Option<&str>,
    (before, standing): (BuyerStanding, BuyerStanding),
    until: Option<Timestamp>,
    reasons: Vec<Reason>,
    (at, rules): (Timestamp, Vec<RuleVersion>),
) -> Option<Draft> {
    let body = StandingChanged {
        before,
        buyer: BuyerId::new(buyer).ok()?,
        guarantee: guarantee.and_then(|g| Name::new(g).ok()),
        reasons: Few::new(reasons).ok()?,
        standing,
        until,
    };
    Some(Draft { at, body: Body::from(body), because: Vec::new(), rules })
}

/// What a buyer's standing becomes after something happened; `after` has it counted already.
pub(crate) fn review(
    id: &str,
    after: &BuyerState,
    guarantee: Option<(&RuleVersion, &Guarantee)>,
    book: &RuleBook,
    at: Timestamp,
    seq: i64,
) -> Vec<Draft> {
    let day = day_of(at, after.utc_offset_minutes);
    let mut drafts = Vec::new();
    if let Some((version, rule)) = guarantee
        && let Some(abuse) = &rule.abuse
        && after.limited_until(&rule.id, at).is_none()
        && is_too_many(after, after.claims_under(&rule.id, day, abuse.days), abuse, day)
    {
        let until = at.plus_micros(i64::from(abuse.limited_days) * 86_400_000_000);
        let text = format!(
            "{} claims under `{}` in {} days, {} at most; {}",
            after.claims_under(&rule.id, day, abuse.days),
            rule.id,
            abuse.days,
            abuse.claims_maximum,
            words(&abuse.way_back)
        );
        let why = vec![reason("too_many_claims", Some(version.as_str()), &[seq], &text)];
        let before = after.standing_at(at);
        drafts.extend(changed(id, Some(&rule.id), (before, BuyerStanding::Limited), Some(until), why, (at, vec![version.clone()])));
    }
    let Some(document) = book.at(STANDING.0, STANDING.1, at) else { return drafts };
    let Ok(rules) = document.read::<StandingRules>() else { return drafts };
    let now = after.standing_at(at);
    if now == BuyerStanding::Limited {
        return drafts;
    }
    let version = &document.version;
    if let Some((code, text)) = too_much(after, &rules.limited, day) {
        let until = at.plus_micros(i64::from(rules.limited.limited_days) * 86_400_000_000);
        let why = vec![reason(code, Some(version.as_str()), &[seq], &format!("{text}; {}", words(&rules.limited.way_back)))];
        drafts.extend(changed(id, None, (now, BuyerStanding::Limited), Some(until), why, (at, vec![version.clone()])));
        return drafts;
    }
    let earned = earned(after, &rules, day);
    if earned != now {
        let kept = after.deeds(Deed::Kept, day, rules.good.days);
        let text = format!("{kept} orders kept in {} days, {} needed", rules.good.days, rules.good.kept_orders);
        let code = if earned == BuyerStanding::Good { "orders_kept" } else { "good_standing_lapsed" };
        let why = vec![reason(code, Some(version.as_str()), &[seq], &text)];
        drafts.extend(changed(id, None, (now, earned), None, why, (at, vec![version.clone()])));
    }
    drafts
}

fn is_too_many(buyer: &BuyerState, claims: i64, abuse: &Abuse, day: i64) -> bool {
    let orders = buyer.deeds(Deed::Paid, day, abuse.days);
    claims > i64::from(abuse.claims_maximum) && claims * 10_000 > orders * i64::from(abuse.share_of_orders_bps)
}

fn too_much(buyer: &BuyerState, rules: &LimitedStanding, day: i64) -> Option<(&'static str, String)> {
    let [orders, claims, rejected] = [Deed::Paid, Deed::Claimed, Deed::Rejected].map(|d| buyer.deeds(d, day, rules.days));
    if claims * 10_000 <= orders * i64::from(rules.share_of_orders_bps) {
        return None;
    }
    if rejected > i64::from(rules.rejected_maximum) {
        return Some((
            "too_many_rejected",
            format!("{rejected} claims rejected in {} days, {} at most", rules.days, rules.rejected_maximum),
        ));
    }
    (claims > i64::from(rules.claims_maximum))
        .then(|| ("too_many_claims", format!("{claims} claims in {} days, {} at most", rules.days, rules.claims_maximum)))
}

/// The standing that the history earns, limits aside.
pub fn earned(buyer: &BuyerState, rules: &StandingRules, day: i64) -> BuyerStanding {
    let good = &rules.good;
    let [orders, kept, upheld, rejected] = [Deed::Paid, Deed::Kept, Deed::Upheld, Deed::Rejected].map(|d| buyer.deeds(d, day, good.days));
    let low = |n: i64, bps: u32| n * 10_000 <= orders * i64::from(bps);
    if kept >= i64::from(good.kept_orders) && low(rejected, good.rejected_share_bps) && low(upheld, good.upheld_share_bps) {
        BuyerStanding::Good
    } else {
        BuyerStanding::New
    }
}
