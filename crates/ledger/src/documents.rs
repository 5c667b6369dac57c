//! The rule documents that money follows: who pays in which order, what is taken, when it settles.

use std::sync::Arc;

use laotie_facts::{Clock, Flaw, FromRule, RuleBook, RuleDocument, RuleVersion, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// How long commission is remembered for the refund reserve, in days.
pub(crate) const COMMISSION_DAYS: i32 = 60;

/// A step of the waterfall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Proceeds that were not paid out yet.
    Proceeds,
    /// The margin deposit.
    Margin,
    /// The platform pays first and recovers it.
    PlatformAdvance,
    /// It stays owed, and the creditor waits.
    Debt,
}

/// Who pays what a party owes, in which order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waterfall {
    /// In this order; ends with a step that always can.
    pub steps: Vec<Step>,
    /// By when a debt is to be paid.
    pub debt: Clock,
    /// Whether settlement is frozen when it is not.
    pub freezes_settlement: bool,
    /// Whether an open claim keeps its amount from being withdrawn.
    pub holds_on_claim: bool,
    /// What the platform advances at most for one debt.
    pub advance_limit_minor: Option<i64>,
}

/// What the platform and promoters take of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fees {
    /// Of what goods count for.
    pub technical_fee_bps: i32,
    /// The platform's part of a leader's fee.
    pub leader_fee_platform_bps: i32,
    /// A streamer's commission when the order names none.
    pub streamer_commission_bps: i32,
    /// Who bears commission and fees when the buyer is paid back.
    pub commission_on_refund: CommissionOnRefund,
}

/// Who bears commission and fees when the buyer is paid back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommissionOnRefund {
    /// Everybody gives back what was earned with it.
    Reversed,
    /// The shop bears it; promoters and platform keep theirs.
    Shop,
}

/// When earnings settle and what is kept back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// Natural days from receipt until a shop's earnings are proceeds.
    pub shop_days: u16,
    /// Natural days from receipt until a promoter's are.
    pub promoter_days: u16,
    /// Of the commission of the last days, kept back at a withdrawal.
    pub reserve_bps: i32,
    /// How many days that are.
    pub reserve_days: u16,
    /// How far below zero a freight account may go.
    pub freight_cover_floor_minor: i64,
}

fn read<T: DeserializeOwned>(document: &RuleDocument) -> Result<T, Flaw> {
    // The common head of all documents is taken off, so that what is left over is unknown.
    let mut table = document.table.clone();
    table.remove("source").ok_or_else(|| Flaw::at("source", "missing; a rule says where it comes from"))?;
    for known in ["id", "version", "effective_from", "name"] {
        table.remove(known);
    }
    toml::Value::Table(table).try_into().map_err(|e: toml::de::Error| Flaw::at("text", e.message().to_owned()))
}

impl FromRule for Waterfall {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        let waterfall: Self = read(document)?;
        if waterfall.steps.last() != Some(&Step::Debt) {
            return Err(Flaw::at("steps", "the last step must be `debt`, the only one that always can; otherwise money would be missing"));
        }
        let mut seen = waterfall.steps.clone();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() != waterfall.steps.len() {
            return Err(Flaw::at("steps", "a step stands twice"));
        }
        Ok(waterfall)
    }
}

fn share(field: &'static str, bps: i32) -> Result<(), Flaw> {
    if (0..=10_000).contains(&bps) {
        return Ok(());
    }
    Err(Flaw::at(field, format!("{bps} is outside 0..=10000 basis points")))
}

impl FromRule for Fees {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        let fees: Self = read(document)?;
        share("technical_fee_bps", fees.technical_fee_bps)?;
        share("leader_fee_platform_bps", fees.leader_fee_platform_bps)?;
        share("streamer_commission_bps", fees.streamer_commission_bps)?;
        share("technical_fee_bps", fees.technical_fee_bps + fees.streamer_commission_bps)?;
        Ok(fees)
    }
}

impl FromRule for Settlement {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        let settlement: Self = read(document)?;
        share("reserve_bps", settlement.reserve_bps)?;
        if i32::from(settlement.reserve_days) > COMMISSION_DAYS {
            return Err(Flaw::at(
                "reserve_days",
                format!("commission is remembered for {COMMISSION_DAYS} days; a reserve cannot look further back"),
            ));
        }
        if settlement.freight_cover_floor_minor > 0 {
            return Err(Flaw::at("freight_cover_floor_minor", "is above zero; a floor that an empty account passes cannot be"));
        }
        Ok(settlement)
    }
}

/// The documents of money in force at a time.
#[derive(Debug, Clone)]
pub(crate) struct MoneyRules {
    pub(crate) fees: Option<(RuleVersion, Arc<Fees>)>,
    pub(crate) settlement: Option<(RuleVersion, Arc<Settlement>)>,
    pub(crate) merchant: Option<(RuleVersion, Arc<Waterfall>)>,
    pub(crate) party: Option<(RuleVersion, Arc<Waterfall>)>,
}

fn in_force<T: FromRule>(book: &RuleBook, family: &str, name: &str, at: Timestamp) -> Option<(RuleVersion, Arc<T>)> {
    let document = book.at(family, name, at)?;
    Some((document.version.clone(), document.read::<T>().ok()?))
}

impl MoneyRules {
    pub(crate) fn at(book: &RuleBook, at: Timestamp) -> Self {
        Self {
            fees: in_force(book, "fees", "platform", at),
            settlement: in_force(book, "settlement", "standard", at),
            merchant: in_force(book, "waterfalls", "merchant", at),
            party: in_force(book, "waterfalls", "party", at),
        }
    }
}
