//! A guarantee as a rule document: who is entitled to it, what calls upon it, its clocks, and what it pays.

use laotie_facts::body::{
    AfterSaleReason, AttesterKind, AwardKind, BuyerStanding, ClaimWish, EvidenceKind, FundSource, GoodsClass, PaidAs, ReturnPolicy,
};
use laotie_facts::{Clock, ClockUnit, Currency, Flaw, FromRule, RuleDocument, Timestamp};
use serde::Deserialize;

use crate::check::{check, named};

/// A word or sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Whether everyone has it or a shop gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// What everyone has.
    Base,
    /// Above the law.
    Upgraded,
}

/// How a shop comes to give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// It holds without being switched on, and cannot be switched off.
    Default,
    /// The shop switches it on.
    OptIn,
    /// The shop switches it on, and a rule may make it.
    MandatedByRule,
}

/// Who is entitled: standing x shop tier x item x switch.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the document that stands by itself")]
pub struct Entitlement {
    /// How a shop comes to give it.
    pub switch: Switch,
    /// Buyers of which standing; all when empty.
    #[serde(default)]
    pub standings: Vec<BuyerStanding>,
    /// Shops of which tier (their grade); all when empty.
    #[serde(default)]
    pub shop_tiers: Vec<String>,
    /// Items of which categories; all when empty.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Items of which classes; all when empty. An item fits by its category or by its class.
    #[serde(default)]
    pub goods_classes: Vec<GoodsClass>,
    /// Items of these categories never.
    #[serde(default)]
    pub excluded_categories: Vec<String>,
    /// Items taken back in one of these ways; all when empty, and an item whose way is not known.
    #[serde(default)]
    pub return_policies: Vec<ReturnPolicy>,
    /// Whether it holds for goods of which nothing is sent.
    #[serde(default)]
    pub virtual_goods: bool,
    /// Whether the item itself must carry it in what is on file.
    #[serde(default)]
    pub needs_mark: bool,
    /// Whether somebody must have attested the item as authentic or conforming.
    #[serde(default)]
    pub needs_attestation: bool,
    /// The order must have cost less than this.
    pub order_below_minor: Option<i64>,
    /// A line may count for this at most.
    pub line_maximum_minor: Option<i64>,
    /// Taken only when nothing else fits.
    #[serde(default)]
    pub fallback: bool,
}

/// How far an order must have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Paid.
    Paid,
    /// Paid and not yet dispatched.
    Undispatched,
    /// Dispatched.
    Dispatched,
    /// Signed for, or received.
    Signed,
    /// Goods came back and were paid for.
    ReturnRefunded,
}

/// What calls upon it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Reasons that it covers.
    pub reasons: Vec<AfterSaleReason>,
    /// What may be asked for; anything when empty.
    #[serde(default)]
    pub wishes: Vec<ClaimWish>,
    /// How far the order must have come.
    pub needs: Needs,
    /// Whether a claim must name it; otherwise it is found by its reason.
    #[serde(default)]
    pub by_name: bool,
}

/// From when a window counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// Payment.
    Paid,
    /// Dispatch.
    Dispatched,
    /// Signing, or receipt.
    Signed,
}

impl Since {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Dispatched => "dispatched",
            Self::Signed => "signed",
        }
    }
}

/// Until when it can be called upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// From when it counts.
    pub from: Since,
    /// How many.
    pub length: u16,
    /// Of what.
    pub unit: ClockUnit,
}

/// What the merchant's silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// The claim is upheld.
    Uphold,
    /// A reviewer looks.
    Review,
}

/// The merchant's time to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// How many.
    pub length: u16,
    /// Of what.
    pub unit: ClockUnit,
    /// What silence means.
    pub silence: Silence,
}

/// What becomes of a claim without the evidence it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// It is rejected.
    Reject,
    /// A reviewer looks.
    Review,
}

/// Whose word counts as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attester {
    /// What the attester is.
    pub kind: AttesterKind,
    /// One of these marks it must report under; any when empty.
    #[serde(default)]
    pub accreditations: Vec<String>,
}

/// The evidence that a claim needs, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRule {
    /// How many, from opening.
    pub length: u16,
    /// Of what.
    pub unit: ClockUnit,
    /// Any of these will do.
    #[serde(default)]
    pub kinds: Vec<EvidenceKind>,
    /// Or the word of one of these.
    #[serde(default)]
    pub attesters: Vec<Attester>,
    /// When there is none by then.
    pub missing: Missing,
}

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The rules, at once.
    Rules,
    /// The merchant's answer; what it refuses goes to a reviewer.
    Answer,
    /// A reviewer, always.
    Review,
}

/// How a claim is decided.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Who decides.
    pub by: DecidedBy,
    /// What lies in a reviewer's discretion and must be given reasons for, in words.
    pub discretion: Option<Words>,
}

/// Of what an award is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// What the line counts for once discounts are spread on it.
    LinePaid,
    /// The line's total before discounts.
    LineList,
    /// What was paid for the order, without freight.
    OrderPaid,
    /// Freight that the buyer paid.
    FreightOut,
    /// What is asked for; the maximum when nothing is.
    Claimed,
}

/// What a minimum and maximum are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Of each line.
    Line,
    /// Of the order, whatever claims there are.
    Order,
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidBy {
    /// The shop, down its waterfall.
    Shop,
    /// The platform.
    Platform,
    /// The streamer who sold it; the shop when there is none.
    Streamer,
}

/// A payer's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayerShare {
    /// Who.
    pub payer: PaidBy,
    /// Which part.
    pub share_bps: u16,
}

/// What is paid.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardRule {
    /// What for.
    pub award: AwardKind,
    /// Of what it is reckoned.
    pub base: Base,
    /// So many times the base.
    pub multiple: Option<u16>,
    /// So many basis points of the base, half a minor unit up.
    pub rate_bps: Option<u32>,
    /// A fixed amount, whatever the base.
    pub amount_minor: Option<i64>,
    /// At least so much.
    pub minimum_minor: Option<i64>,
    /// At most so much.
    pub maximum_minor: Option<i64>,
    /// What minimum and maximum are of.
    pub scope: Scope,
    /// Money or a coupon.
    pub paid_as: Option<PaidAs>,
    /// Who pays.
    pub payer: Option<PaidBy>,
    /// Who pays which part, instead of one payer.
    #[serde(default)]
    pub shares: Vec<PayerShare>,
    /// Out of what.
    pub source: Option<FundSource>,
}

/// What it takes for a buyer to be limited.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abuse {
    /// Claims under this guarantee, more than which is too many …
    pub claims_maximum: u32,
    /// … in so many days, …
    pub days: u16,
    /// … unless they are at most this share of the buyer's orders.
    pub share_of_orders_bps: u32,
    /// For how long the buyer is limited.
    pub limited_days: u16,
    /// The way back.
    pub way_back: Words,
}

/// What lets the rules pay without being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutomaticOn {
    /// A dispatch promise ran out.
    PromiseBroken,
    /// Returned goods were paid for.
    ReturnRefunded,
}

/// Payment without being asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Automatic {
    /// On what.
    pub on: AutomaticOn,
}

/// A time in which nothing is sent: holidays of carriers, strikes, floods.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// From.
    pub from: Timestamp,
    /// Until.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
}

/// The dispatch clock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispatch {
    /// Hours that everyone promises.
    pub base_hours: u16,
    /// Hours of a shop that switched it on without saying how many.
    pub express_hours: u16,
    /// Hours that word of a dispatch may take to arrive before a breach is found.
    pub word_hours: u16,
    /// When the clock stands still.
    #[serde(default)]
    pub pauses: Vec<Pause>,
}

/// The clock of a refund once goods are back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundClock {
    /// Natural days from the shop's receipt of the goods.
    pub natural_days: u16,
}

/// A guarantee.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guarantee {
    /// Its name, as `counterfeit_multiple`.
    pub id: String,
    /// `DATE.N`.
    pub version: String,
    /// From when it holds.
    pub effective_from: Option<String>,
    /// Where it comes from, and which figures are assumed.
    pub source: String,
    /// What it is called.
    pub name: Words,
    /// The clause that explanations quote.
    pub clause: Words,
    /// The promise in plain words, for the trust card.
    pub promise: Words,
    /// Base or upgraded.
    pub level: Level,
    /// Of every amount here.
    pub currency: Option<Currency>,
    /// Who is entitled.
    pub entitlement: Entitlement,
    /// What calls upon it.
    pub trigger: Trigger,
    /// Until when.
    pub window: Option<Window>,
    /// The merchant's time to answer.
    pub answer: Option<Answer>,
    /// The evidence needed.
    pub evidence: Option<EvidenceRule>,
    /// Who decides.
    pub decision: Decision,
    /// How long a ruling can be appealed against.
    pub appeal: Clock,
    /// Whether the goods must come back before anything is paid.
    #[serde(default)]
    pub needs_return: bool,
    /// What is paid.
    #[serde(default)]
    pub award: Vec<AwardRule>,
    /// When a buyer is limited.
    pub abuse: Option<Abuse>,
    /// Paid without being asked.
    pub automatic: Option<Automatic>,
    /// The dispatch clock.
    pub dispatch: Option<Dispatch>,
    /// The clock of a refund.
    pub refund_clock: Option<RefundClock>,
    /// Return freight cover as a risk product.
    pub cover: Option<crate::cover::Cover>,
}

impl FromRule for Guarantee {
    fn from_rule(document: &RuleDocument) -> Result<Self, Flaw> {
        // The message of the TOML reader tells line and column.
        let read: Self = toml::from_str(&document.text).map_err(|e| Flaw::at("text", e.to_string()))?;
        named(document, &read.id)?;
        check(&read)?;
        Ok(read)
    }
}

impl Window {
    /// Its length.
    pub fn clock(self) -> Clock {
        Clock { length: self.length, unit: self.unit }
    }
}

impl Answer {
    /// Its length.
    pub fn clock(self) -> Clock {
        Clock { length: self.length, unit: self.unit }
    }
}

impl EvidenceRule {
    /// Its length.
    pub fn clock(&self) -> Clock {
        Clock { length: self.length, unit: self.unit }
    }
}
