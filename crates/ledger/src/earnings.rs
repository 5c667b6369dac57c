//! What an order earned for whom, line by line.

use laotie_facts::body::{OrderPaid, RefundPaid};
use laotie_facts::{Currency, Timestamp};
use serde::{Deserialize, Serialize};

use crate::state::Posted;

/// One party's share of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The account that earned it; negative amounts were given (a subsidy).
    pub account: String,
    /// How much.
    pub amount_minor: i64,
    /// What for, as `commission`.
    pub purpose: String,
}

/// A line and who earned what with it; the parts and the money that came in add up to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarningLine {
    /// The order's line; freight and adjustments have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// What the buyer paid for it.
    pub paid_minor: i64,
    /// Who earned what.
    pub parts: Vec<Part>,
    /// Paid back so far.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refunded_minor: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_zero(n: &i64) -> bool {
    *n == 0
}

/// A refund of the order; one that came before the payment is posted with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRefund {
    /// When.
    pub at: Timestamp,
    /// The refund.
    pub refund: RefundPaid,
    /// The fact.
    pub seq: i64,
}

/// How far a share has come on its way to the one who earned it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// In escrow.
    #[default]
    Escrowed,
    /// Its time has come, but a claim is open or the payment is not known yet.
    Due,
    /// Proceeds.
    Settled,
}

impl Share {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
    fn is_escrowed(&self) -> bool {
        *self == Self::Escrowed
    }
}

/// An order's money.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Earnings {
    /// Who bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<String>,
    /// Of all amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Whether it was sent before it was known to be paid.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dispatched: bool,
    /// Versions of the fees, settlement and waterfalls that it carries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub law: Vec<String>,
    /// Lines and their shares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<EarningLine>,
    /// Claims that keep it from settling.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_claims: Vec<String>,
    /// What it carries for return freight cover.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub premium_minor: i64,
    /// Whether that was charged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub premium_charged: bool,
    /// Postings that stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postings: Vec<Posted>,
    /// How far promoters' shares have come.
    #[serde(default, skip_serializing_if = "Share::is_escrowed")]
    pub promoters: Share,
    /// When promoters' shares settle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoters_settle_at: Option<Timestamp>,
    /// When the buyer confirmed receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// The payment, until its sale is posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Box<OrderPaid>>,
    /// Days from receipt until the shop's and the promoters' shares settle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle_days: Option<(u16, u16)>,
    /// The shop.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shop: String,
    /// Refunds, posted with the payment when they came before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<OrderRefund>,
    /// Claims that moved money of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ruled: Vec<String>,
    /// How far the shop's share has come.
    #[serde(default, skip_serializing_if = "Share::is_escrowed")]
    pub shop_share: Share,
    /// When the shop's share settles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop_settles_at: Option<Timestamp>,
    /// Who sold it on air.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streamer: Option<String>,
}

impl Earnings {
    /// Paid and not paid back.
    pub fn left_minor(&self) -> i64 {
        self.lines.iter().map(EarningLine::left_minor).sum()
    }

    /// Who else than the shop has a share in it.
    pub(crate) fn holders(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().flat_map(|l| &l.parts).filter_map(|p| Some(p.account.rsplit_once('/')?.0))
    }

    /// A version of the law that the order carries.
    pub(crate) fn law(&self, family_and_name: &str) -> Option<laotie_facts::RuleVersion> {
        let found = self.law.iter().find(|v| v.split('@').next() == Some(family_and_name))?;
        laotie_facts::RuleVersion::new(found.clone()).ok()
    }
}

impl EarningLine {
    /// Paid for it and not paid back.
    pub fn left_minor(&self) -> i64 {
        self.paid_minor - self.refunded_minor
    }

    /// What a share counts for once `refunded` of the line was paid back: pro rata, towards zero, so that
    /// paying back in pieces takes exactly as much as at once.
    pub(crate) fn reversed(&self, part: &Part, refunded: i64) -> i64 {
        if self.paid_minor == 0 {
            return 0;
        }
        let product = i128::from(part.amount_minor) * i128::from(refunded);
        i64::try_from(product / i128::from(self.paid_minor)).expect("a share of an amount fits where the amount does")
    }
}
