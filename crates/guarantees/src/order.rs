//! What guarantees know of an order: its frozen terms, how far it came, and what went back already.

use std::collections::BTreeMap;

use laotie_facts::body::{AfterSaleReason, AwardKind, BuyerStanding, FrozenTerm, OrderFrozen, OrderPaid, RefundPaid};
use laotie_facts::{Currency, Money, RuleVersion, Timestamp};
use serde::{Deserialize, Serialize};

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What was sold.
    pub item: String,
    /// Its id.
    pub line: String,
    /// Before discounts.
    pub list_minor: i64,
    /// Once discounts are spread on it.
    pub paid_minor: i64,
}

/// A guarantee frozen on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The lines it holds for; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// The version that the order carries.
    pub version: RuleVersion,
}

/// A return of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// The return.
    pub id: String,
    /// Which lines; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Why.
    pub reason: AfterSaleReason,
    /// Whether money was paid back after it came.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refunded: bool,
    /// Requested, agreed, shipped, received: the facts and their times.
    pub steps: Vec<(i64, Timestamp)>,
}

impl Return {
    /// When the shop had the goods back, the chain being whole.
    pub fn received_at(&self) -> Option<Timestamp> {
        self.steps.get(3).map(|s| s.1)
    }
}

/// A claim on the order, in brief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderClaim {
    /// Money awarded and in force: line, kind, amount; an award for the order has no line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awards: Vec<Awarded>,
    /// Whether the rules opened it themselves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    /// Refunds that carried out its ruling.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub carried_minor: i64,
    /// The case.
    pub claim: String,
    /// The guarantee; empty for a plain dispute.
    pub guarantee: String,
    /// Which lines.
    pub lines: Vec<String>,
    /// How it stands.
    pub standing: ClaimStanding,
}

/// Money awarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awarded {
    /// How much.
    pub amount_minor: i64,
    /// What for.
    pub award: AwardKind,
    /// For which line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// For compensation by a multiple of the price: which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiple: Option<i64>,
}

/// How a claim on an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimStanding {
    /// Not decided.
    Open,
    /// It was upheld, in part or in full.
    Upheld,
    /// It was rejected or lapsed.
    Rejected,
    /// It was taken back.
    Withdrawn,
}

/// Money paid back, spread on lines; what no line bears stands under no line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunded {
    /// The claim whose ruling it carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// How much of it only carried out a ruling.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub carried_minor: i64,
    /// Line and amount.
    pub parts: Vec<(String, i64)>,
    /// The fact.
    pub seq: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_zero(n: &i64) -> bool {
    *n == 0
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderState {
    /// Whether its dispatch promise was found broken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub broken: bool,
    /// Who bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<String>,
    /// When it was cancelled, and the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<(i64, Timestamp)>,
    /// Claims on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<OrderClaim>,
    /// Of all amounts.
    pub currency: Currency,
    /// When the dispatch promise runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatch_due: Option<Timestamp>,
    /// When the shop sent it, and the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatched: Option<(i64, Timestamp)>,
    /// Freight paid by the buyer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub freight_minor: i64,
    /// Its lines.
    pub lines: Vec<Line>,
    /// What was paid.
    pub paid_minor: i64,
    /// When, and the fact.
    pub paid: (i64, Timestamp),
    /// What return freight cover costs the shop for it; nothing without cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premium_minor: Option<i64>,
    /// Receipt, and the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<(i64, Timestamp)>,
    /// Natural days within which money follows returned goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_days: Option<u16>,
    /// Refund promises found broken: their returns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refund_broken: Vec<String>,
    /// Money paid back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<Refunded>,
    /// Returns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Return>,
    /// The shop.
    pub shop: String,
    /// The shop's tier when it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop_tier: Option<String>,
    /// Signing, and the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<(i64, Timestamp)>,
    /// The buyer's standing when it was paid.
    #[serde(default)]
    pub standing: BuyerStanding,
    /// Who sold it on air.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streamer: Option<String>,
    /// Guarantees that it carries, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub terms: BTreeMap<String, Term>,
    /// Minutes that the market's clock is ahead of UTC.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub utc_offset_minutes: i64,
    /// Hours that word of a dispatch may take.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub word_hours: i64,
}

/// Names of frozen terms that are no guarantees.
pub(crate) mod term {
    pub(crate) const BUYER_STANDING: &str = "buyer_standing";
    pub(crate) const SHOP_TIER: &str = "shop_tier";
    pub(crate) const DISPATCH_HOURS: &str = "dispatch_promise_hours";
    pub(crate) const DISPATCH_DUE: &str = "dispatch_promise_due";
    pub(crate) const WORD_HOURS: &str = "dispatch_promise_word_hours";
    pub(crate) const PREMIUM: &str = "return_freight_cover_premium_minor";
    pub(crate) const REFUND_DAYS: &str = "refund_promise_days";
    pub(crate) const UTC_OFFSET: &str = "utc_offset_minutes";
}

impl OrderState {
    /// An order as it was paid.
    pub fn paid(paid: &OrderPaid, seq: i64, at: Timestamp) -> Self {
        let line = |l: &laotie_facts::body::OrderLine| Line {
            item: l.item.to_string(),
            line: l.line.to_string(),
            list_minor: l.total_minor.get(),
            paid_minor: l.total_minor.get(),
        };
        Self {
            broken: false,
            buyer: paid.buyer.as_ref().map(ToString::to_string),
            cancelled: None,
            claims: Vec::new(),
            currency: paid.currency,
            dispatch_due: None,
            dispatched: None,
            freight_minor: paid.freight_minor.get(),
            lines: paid.lines.iter().map(line).collect(),
            paid_minor: paid.paid_minor.get(),
            paid: (seq, at),
            premium_minor: None,
            received: None,
            refund_days: None,
            refund_broken: Vec::new(),
            refunds: Vec::new(),
            returns: Vec::new(),
            shop: paid.shop.to_string(),
            shop_tier: None,
            signed: None,
            standing: BuyerStanding::New,
            streamer: paid.streamer.as_ref().map(ToString::to_string),
            terms: BTreeMap::new(),
            utc_offset_minutes: 0,
            word_hours: 0,
        }
    }

    /// Takes the frozen copy in.
    pub fn freeze(&mut self, frozen: &OrderFrozen) {
        for line in &frozen.lines {
            if let Some(mine) = self.lines.iter_mut().find(|l| l.line == line.line.as_str()) {
                mine.paid_minor = line.paid_minor.get();
            }
        }
        let Some(part) = frozen.parts.get(crate::NAME) else { return };
        for (name, value) in part {
            match (name.as_str(), value) {
                (term::BUYER_STANDING, FrozenTerm::Text(t)) => self.standing = standing_named(t),
                (term::SHOP_TIER, FrozenTerm::Text(t)) => self.shop_tier = Some(t.clone()),
                (term::DISPATCH_DUE, FrozenTerm::Text(t)) => self.dispatch_due = Timestamp::parse(t).ok(),
                (term::WORD_HOURS, FrozenTerm::Number(n)) => self.word_hours = n.get(),
                (term::PREMIUM, FrozenTerm::Number(n)) => self.premium_minor = Some(n.get()),
                (term::REFUND_DAYS, FrozenTerm::Number(n)) => self.refund_days = u16::try_from(n.get()).ok(),
                (term::UTC_OFFSET, FrozenTerm::Number(n)) => self.utc_offset_minutes = n.get(),
                (name, FrozenTerm::Text(t)) => self.carry(name, t, &[]),
                (name, FrozenTerm::List(list)) => {
                    if let Some((version, lines)) = list.split_first() {
                        self.carry(name, version, lines);
                    }
                }
                _ => {}
            }
        }
    }

    fn carry(&mut self, name: &str, version: &str, lines: &[String]) {
        if let Ok(version) = RuleVersion::new(version) {
            self.terms.insert(name.to_owned(), Term { lines: lines.to_vec(), version });
        }
    }

    /// When somebody signed, or receipt was confirmed without a signing.
    pub fn signed_at(&self) -> Option<Timestamp> {
        self.signed.or(self.received).map(|s| s.1)
    }

    /// What a line still has left to be refunded, past refunds and what other claims were awarded.
    pub fn left_of_line(&self, line: &str, except_claim: &str) -> i64 {
        let Some(mine) = self.lines.iter().find(|l| l.line == line) else { return 0 };
        let refunded: i64 = self.refunds.iter().flat_map(|r| &r.parts).filter(|p| p.0 == line).map(|p| p.1).sum();
        let awarded: i64 = self
            .awards_of_others(except_claim)
            .filter(|a| a.line.as_deref() == Some(line) && a.award == AwardKind::Refund)
            .map(|a| a.amount_minor)
            .sum();
        (mine.paid_minor - refunded - awarded).max(0)
    }

    /// What is left of all that was paid, past refunds and what other claims were awarded back.
    pub fn left(&self, except_claim: &str) -> i64 {
        let refunded: i64 = self.refunds.iter().flat_map(|r| &r.parts).map(|p| p.1).sum();
        let awarded: i64 = self.awards_of_others(except_claim).filter(|a| a.award == AwardKind::Refund).map(|a| a.amount_minor).sum();
        (self.paid_minor - refunded - awarded).max(0)
    }

    fn awards_of_others<'a>(&'a self, except_claim: &'a str) -> impl Iterator<Item = &'a Awarded> {
        self.claims.iter().filter(move |c| c.claim != except_claim).flat_map(|c| &c.awards)
    }

    /// Takes a refund in: what carries out a ruling was counted when it was made, the rest is spread on lines.
    pub fn refund(&mut self, refund: &RefundPaid, seq: i64) {
        let mut left = refund.amount_minor.get();
        let mut carried_minor = 0;
        let claim = refund.claim.as_ref().map(ToString::to_string);
        if let Some(of) = claim.as_ref().and_then(|id| self.claims.iter_mut().find(|c| c.claim == *id)) {
            let awarded: i64 = of.awards.iter().map(|a| a.amount_minor).sum();
            carried_minor = left.min((awarded - of.carried_minor).max(0));
            of.carried_minor += carried_minor;
            left -= carried_minor;
        }
        let mut parts: Vec<(String, i64)> = Vec::new();
        for line in &refund.lines {
            let part = line.amount_minor.get().min(left);
            if part > 0 {
                parts.push((line.line.to_string(), part));
                left -= part;
            }
        }
        if left > 0 {
            parts.extend(self.spread(left));
        }
        self.refunds.push(Refunded { claim, carried_minor, parts, seq });
        if let Some(back) = self.returns.iter_mut().find(|r| !r.refunded && r.received_at().is_some()) {
            back.refunded = true;
        }
    }

    /// Spreads an amount on lines by what is left of each, largest remainder; what none bears is freight.
    fn spread(&self, amount: i64) -> Vec<(String, i64)> {
        let lefts: Vec<i64> = self.lines.iter().map(|l| self.left_of_line(&l.line, "")).collect();
        let total: i64 = lefts.iter().sum();
        let goods = amount.min(total);
        let weights: Vec<u64> = lefts.iter().map(|l| l.unsigned_abs()).collect();
        let mut parts: Vec<(String, i64)> = match Money::new(goods, self.currency).spread(&weights) {
            Ok(shares) => self.lines.iter().zip(shares).filter(|(_, s)| s.minor() > 0).map(|(l, s)| (l.line.clone(), s.minor())).collect(),
            Err(_) => Vec::new(),
        };
        let spread: i64 = parts.iter().map(|p| p.1).sum();
        if amount > spread {
            parts.push((String::new(), amount - spread));
        }
        parts
    }

    /// The step of a return.
    pub fn return_step(&mut self, id: &str, stage: usize, step: (i64, Timestamp)) {
        if let Some(back) = self.returns.iter_mut().find(|r| r.id == id)
            && back.steps.len() == stage
        {
            back.steps.push(step);
        }
    }

    /// Takes a fact back, as if it had never been.
    pub fn take_back(&mut self, seq: i64) {
        for slot in [&mut self.dispatched, &mut self.cancelled, &mut self.signed, &mut self.received] {
            if slot.is_some_and(|s| s.0 == seq) {
                *slot = None;
            }
        }
        for refund in self.refunds.iter().filter(|r| r.seq == seq) {
            if let Some(of) = self.claims.iter_mut().find(|c| Some(&c.claim) == refund.claim.as_ref()) {
                of.carried_minor -= refund.carried_minor;
            }
        }
        self.refunds.retain(|r| r.seq != seq);
        for back in &mut self.returns {
            if let Some(i) = back.steps.iter().position(|s| s.0 == seq) {
                back.steps.truncate(i);
            }
        }
        self.returns.retain(|r| !r.steps.is_empty());
    }

    /// Lines that a claim is about: those named, or all that the term holds for.
    pub fn lines_of<'a>(&'a self, named: &'a [String], term: Option<&'a Term>) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |l| {
            (named.is_empty() || named.contains(&l.line)) && term.is_none_or(|t| t.lines.is_empty() || t.lines.contains(&l.line))
        })
    }
}

/// A standing by its name; `new` when there is no such.
pub(crate) fn standing_named(name: &str) -> BuyerStanding {
    match name {
        "good" => BuyerStanding::Good,
        "limited" => BuyerStanding::Limited,
        _ => BuyerStanding::New,
    }
}
