//! Badges that light and go out by themselves: conditions over the last days, with hysteresis, and the cheapest fix.

use laotie_facts::body::Condition;
use laotie_facts::{Flaw, FromRule, Name, Quantity, RuleBook, RuleDocument, SignedAmount, Timestamp};
use serde::{Deserialize, Serialize};

use crate::check::{named, spoken};
use crate::days::day_of;
use crate::document::{Guarantee, Switch, Words};
use crate::freeze::FAMILY;
use crate::shop::{Event, ShopState, WINDOW_DAYS};

/// Family of the badges' documents.
pub const BADGES: &str = "badges";

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// 1 when the guarantee named is given for all of the shop's goods, else 0.
    Guarantee,
    /// Stars of reviews, in hundredths, rounded down.
    StarsCenti,
    /// Reviews of one or two stars, in basis points of reviews.
    BadReviewShareBps,
    /// Orders first applied for because of the goods, in basis points of orders.
    QualityShareBps,
    /// Disputes decided against the merchant, in basis points of orders.
    DisputeShareBps,
    /// Refunds for the seller's fault, in basis points of orders.
    FaultRefundShareBps,
    /// Reports, in basis points of orders.
    ReportShareBps,
    /// Broken promises, in basis points of orders.
    BrokenPromiseShareBps,
    /// Violations found.
    Violations,
    /// Orders paid.
    PaidOrders,
    /// Days since the shop was first heard of.
    ShopAgeDays,
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// At least what is needed.
    AtLeast,
    /// At most what is needed.
    AtMost,
    /// Less than what is needed.
    Below,
}

/// A condition of a badge.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BadgeCondition {
    /// Its name, the unit last.
    pub name: String,
    /// In words.
    pub label: Words,
    /// What it looks at; nothing when unavailable.
    pub metric: Option<Metric>,
    /// The guarantee that it is about.
    pub guarantee: Option<String>,
    /// How values are compared.
    pub op: Option<Compared>,
    /// What is needed to light.
    pub light: Option<i64>,
    /// What is needed to stay lit; as to light when absent.
    pub keep: Option<i64>,
    /// Days over which a value is reckoned.
    pub window_days: Option<u16>,
    /// Fewer events than this tell nothing, and the condition does not hold; half of it to stay lit, rounded down.
    #[serde(default)]
    pub minimum_events: i64,
    /// It must hold on so many …
    pub days_needed: Option<u16>,
    /// … of so many last days; on the last day alone when absent.
    pub days_seen: Option<u16>,
    /// Days needed to stay lit; as to light when absent.
    pub keep_days_needed: Option<u16>,
    /// Why no fact can show it yet: the badge then never lights.
    pub unavailable: Option<String>,
}

/// A badge.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Badge {
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
    /// Day of the month on which it may light; any when absent. It goes out on any day.
    pub lights_on_day: Option<u8>,
    /// All must hold.
    pub condition: Vec<BadgeCondition>,
}

impl FromRule for Badge {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        let read: Self = toml::from_str(&document.text).map_err(|e| Flaw::at("text", e.to_string()))?;
        spoken("name", &read.name)?;
        named(document, &read.id)?;
        if read.source.trim().is_empty() {
            return Err(Flaw::at("source", "is empty; a rule says where it comes from"));
        }
        if read.condition.is_empty() {
            return Err(Flaw::at("condition", "empty; such a badge would always be lit"));
        }
        if read.lights_on_day.is_some_and(|d| d == 0 || d > 28) {
            return Err(Flaw::at("lights_on_day", "is outside 1..=28"));
        }
        for (i, condition) in read.condition.iter().enumerate() {
            if read.condition[..i].iter().any(|c| c.name == condition.name) {
                return Err(Flaw::at(format!("condition[{i}].name"), format!("`{}` stands twice", condition.name)));
            }
            condition.check(&format!("condition[{i}]"))?;
        }
        Ok(read)
    }
}

impl BadgeCondition {
    fn check(&self, place: &str) -> Result<(), Flaw> {
        let at = |field: &str, reason: &str| Err(Flaw::at(format!("{place}.{field}"), reason));
        Name::new(self.name.clone()).map_err(|e| Flaw::at(format!("{place}.name"), e.reason))?;
        spoken(&format!("{place}.label"), &self.label)?;
        if self.unavailable.is_some() {
            return if self.metric.is_some() { at("metric", "stands beside `unavailable`; one of the two") } else { Ok(()) };
        }
        let Some(metric) = self.metric else {
            return at("metric", "missing; a condition that no fact can show says `unavailable = \"why\"`");
        };
        if metric == Metric::Guarantee {
            return if self.guarantee.is_some() { Ok(()) } else { at("guarantee", "missing; which one must be given?") };
        }
        let (Some(op), Some(light)) = (self.op, self.light) else { return at("op", "missing; `op` and `light` say what is needed") };
        let keep = self.keep.unwrap_or(light);
        if (op == Compared::AtLeast && keep > light) || (op != Compared::AtLeast && keep < light) {
            return at("keep", "is harder than `light`; the badge would go out as soon as it is lit");
        }
        let (window, seen) = (self.window_days.unwrap_or(1), self.days_seen.unwrap_or(1));
        if window == 0 || seen == 0 || u32::from(window) + u32::from(seen) - 1 > u32::from(WINDOW_DAYS) {
            return at("window_days", &format!("window_days + days_seen - 1 is outside 1..={WINDOW_DAYS}, the days that are kept"));
        }
        let needed = self.days_needed.unwrap_or(seen);
        let keep_needed = self.keep_days_needed.unwrap_or(needed);
        if needed > seen || needed == 0 || keep_needed > needed {
            return at("days_needed", "is at least 1 and at most days_seen, and keep_days_needed at most days_needed");
        }
        Ok(())
    }
}

/// A condition as it stands, and what would mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// Days more on which it must hold, for conditions over days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_missing: Option<i64>,
    /// Events without fault (orders, reviews) that would mend it if nothing else goes wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good_events: Option<i64>,
    /// What is missing, in the unit of the condition's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<i64>,
    /// The condition.
    pub name: String,
    /// What to do, in words.
    pub en: String,
    /// What to do, in words.
    pub zh: String,
}

/// How a badge stands for a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluated {
    /// Its conditions, in the order of the document.
    pub conditions: Vec<Condition>,
    /// Whether all hold.
    pub holds: bool,
}

/// Looks at every condition as of the end of a market day; `lit` takes the thresholds for staying lit.
pub fn evaluate(badge: &Badge, shop: &ShopState, book: &RuleBook, at: Timestamp, day: i64, lit: bool) -> Evaluated {
    let conditions: Vec<Condition> = badge.condition.iter().map(|c| stands(c, shop, book, at, day, lit)).collect();
    let holds = conditions.iter().all(|c| c.holds);
    Evaluated { conditions, holds }
}

fn stands(condition: &BadgeCondition, shop: &ShopState, book: &RuleBook, at: Timestamp, day: i64, lit: bool) -> Condition {
    let name = Name::new(condition.name.clone()).expect("checked with the document");
    let blank = Condition { days_held: None, days_seen: None, holds: false, name, needed: None, value: None };
    let Some(metric) = condition.metric else { return blank };
    let signed = |n: i64| SignedAmount::new(n).ok();
    if metric == Metric::Guarantee {
        let given = condition.guarantee.as_deref().is_some_and(|g| gives(shop, book, g, at));
        return Condition { holds: given, needed: signed(1), value: signed(i64::from(given)), ..blank };
    }
    let (op, needed) = needed(condition, lit);
    let least = if lit { condition.minimum_events / 2 } else { condition.minimum_events };
    let value_on = |day: i64| value(condition, metric, shop, day, least);
    let holds_on = |day: i64| value_on(day).is_some_and(|v| compares(op, v, needed));
    let value = value_on(day);
    let Some(seen) = condition.days_seen else {
        return Condition {
            holds: value.is_some_and(|v| compares(op, v, needed)),
            needed: signed(needed),
            value: value.and_then(signed),
            ..blank
        };
    };
    let held = (0..i64::from(seen)).filter(|back| holds_on(day - back)).count();
    let enough = days_needed(condition, seen, lit);
    let count = |n: usize| i64::try_from(n).ok().and_then(|n| Quantity::new(n).ok());
    Condition {
        days_held: count(held),
        days_seen: count(usize::from(seen)),
        holds: held >= usize::from(enough),
        needed: signed(needed),
        value: value.and_then(signed),
        ..blank
    }
}

fn needed(condition: &BadgeCondition, lit: bool) -> (Compared, i64) {
    let light = condition.light.expect("checked with the document");
    (condition.op.expect("checked with the document"), if lit { condition.keep.unwrap_or(light) } else { light })
}

fn days_needed(condition: &BadgeCondition, seen: u16, lit: bool) -> u16 {
    let light = condition.days_needed.unwrap_or(seen);
    if lit { condition.keep_days_needed.unwrap_or(light) } else { light }
}

fn compares(op: Compared, value: i64, needed: i64) -> bool {
    match op {
        Compared::AtLeast => value >= needed,
        Compared::AtMost => value <= needed,
        Compared::Below => value < needed,
    }
}

/// Whether a shop gives a guarantee for all of its goods.
fn gives(shop: &ShopState, book: &RuleBook, guarantee: &str, at: Timestamp) -> bool {
    let rule = book.at(FAMILY, guarantee, at).and_then(|d| d.read::<Guarantee>().ok());
    let by_default = rule.is_some_and(|r| r.entitlement.switch == Switch::Default && r.dispatch.is_none());
    by_default || shop.switched.get(guarantee).is_some_and(|s| s.on)
}

/// What a share is of: the part's count and the whole's.
fn share_of(metric: Metric) -> Option<(Event, Event)> {
    Some(match metric {
        Metric::BadReviewShareBps => (Event::BadReview, Event::Review),
        Metric::QualityShareBps => (Event::Quality, Event::Paid),
        Metric::DisputeShareBps => (Event::Dispute, Event::Paid),
        Metric::FaultRefundShareBps => (Event::FaultRefund, Event::Paid),
        Metric::ReportShareBps => (Event::Report, Event::Paid),
        Metric::BrokenPromiseShareBps => (Event::Broken, Event::Paid),
        _ => return None,
    })
}

/// The value over the window that ends with a day; `None` when too little happened. Rounds down.
fn value(condition: &BadgeCondition, metric: Metric, shop: &ShopState, day: i64, least: i64) -> Option<i64> {
    let window = i64::from(condition.window_days.unwrap_or(1));
    let sum = |event: Event| shop.days.sum(event as usize, day, window);
    if let Some((part, whole)) = share_of(metric) {
        let all = sum(whole);
        return (all > 0 && all >= least).then(|| sum(part) * 10_000 / all);
    }
    match metric {
        Metric::StarsCenti => {
            let reviews = sum(Event::Review);
            (reviews > 0 && reviews >= least).then(|| sum(Event::Stars) * 100 / reviews)
        }
        Metric::Violations => Some(sum(Event::Violation)),
        Metric::PaidOrders => Some(sum(Event::Paid)),
        Metric::ShopAgeDays => shop.known_since.map(|since| (day - day_of(since, shop.utc_offset_minutes)).max(0)),
        _ => None,
    }
}

/// What is missing for each condition that does not hold, in its own unit.
pub fn cheapest_fix(badge: &Badge, shop: &ShopState, book: &RuleBook, at: Timestamp, lit: bool) -> Vec<Fix> {
    let day = day_of(at, shop.utc_offset_minutes) - 1;
    let stands = evaluate(badge, shop, book, at, day, lit);
    badge.condition.iter().zip(&stands.conditions).filter(|(_, c)| !c.holds).map(|(rule, now)| fix(rule, now, shop, day, lit)).collect()
}

fn fix(condition: &BadgeCondition, now: &Condition, shop: &ShopState, day: i64, lit: bool) -> Fix {
    let name = condition.name.clone();
    let told = |zh: String, en: String| Fix { days_missing: None, good_events: None, missing: None, name: name.clone(), en, zh };
    if let Some(why) = &condition.unavailable {
        return told(format!("暂无数据：{why}"), format!("nothing can show it yet: {why}"));
    }
    if let Some(guarantee) = &condition.guarantee {
        return told(format!("开通 {guarantee}"), format!("switch `{guarantee}` on"));
    }
    let (Some(metric), (op, needed)) = (condition.metric, needed(condition, lit)) else { return told(String::new(), String::new()) };
    let window = i64::from(condition.window_days.unwrap_or(1));
    let sum = |event: Event| shop.days.sum(event as usize, day, window);
    let value = now.value.map(SignedAmount::get);
    let missing = value.map(|v| if op == Compared::AtLeast { needed - v } else { v - needed }.max(0));
    let good_events = match (share_of(metric), metric) {
        (Some((part, whole)), _) => events_for_share(op, sum(part), sum(whole), needed, condition.minimum_events),
        (None, Metric::StarsCenti) => {
            // Reviews of five stars that lift the mean.
            let (stars, reviews) = (sum(Event::Stars) * 100, sum(Event::Review));
            let short = needed * reviews - stars;
            (needed < 500).then(|| div_up(short.max(0), 500 - needed).max(condition.minimum_events - reviews))
        }
        (None, Metric::PaidOrders) => missing,
        _ => None,
    };
    let days_missing = condition.days_seen.zip(now.days_held).map(|(seen, held)| i64::from(days_needed(condition, seen, lit)) - held.get());
    let en = format!("`{name}` is {}, needed is {needed}", value.map_or("unknown".to_owned(), |v| v.to_string()));
    let zh = format!("{}：当前 {}，需要 {needed}", condition.label.zh, value.map_or("未知".to_owned(), |v| v.to_string()));
    Fix { days_missing, good_events, missing, ..told(zh, en) }
}

/// Events without fault that bring a share down to what is needed; `None` when none can.
fn events_for_share(op: Compared, part: i64, whole: i64, needed: i64, minimum: i64) -> Option<i64> {
    let target = if op == Compared::Below { needed - 1 } else { needed };
    if op == Compared::AtLeast || (target <= 0 && part > 0) || target < 0 {
        return None;
    }
    let all = if part == 0 { 0 } else { div_up(part * 10_000, target) };
    // Shares round down, so a little less may do; this many surely does.
    Some((all.max(minimum) - whole).max(0))
}

fn div_up(value: i64, by: i64) -> i64 {
    (value + by - 1) / by
}
