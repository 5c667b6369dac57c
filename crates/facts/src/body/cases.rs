//! Cases: appeals, looks by reviewers, votes of the jury, reviews of goods, reports of breaches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EvidenceFile, Side, needs_currency, some_of};
use crate::amount::{Amount, Quantity, Stars};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{
    AppealId, BuyerId, CaseId, ClaimId, DecisionId, EvidenceId, ItemId, LineId, NudgeId, OrderId, PartyId, ReportId, ReviewId, ShopId,
    ShowId, ThingId, UtteranceId,
};
use crate::kind::{FactBody, Subject};
use crate::money::Currency;
use crate::name::Name;
use crate::text::{MaskedText, Text};

/// What can be appealed against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// A ruling on a claim.
    Ruling,
    /// A violation found.
    Violation,
    /// A penalty imposed.
    Penalty,
    /// A ring found.
    Ring,
    /// A badge unlit.
    Badge,
    /// A trust index.
    Trust,
    /// A grant refused or clawed back.
    Grant,
    /// A statement of account.
    Statement,
    /// A buyer's standing.
    Standing,
}

/// `appeal.opened`: a party asks for another look at a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealOpened {
    /// The decision's id.
    pub against: DecisionId,
    /// What was decided.
    pub against_kind: DecisionKind,
    /// The appeal.
    pub appeal: AppealId,
    /// Who appeals.
    pub appellant: PartyId,
    /// Evidence given with it.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub evidence: Few<EvidenceId, 100>,
    /// On which side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// What the appellant says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<MaskedText<5000>>,
}

impl FactBody for AppealOpened {
    fn subject(&self) -> Subject {
        Subject::new("appeal", &self.appeal)
    }
}

/// Who is answerable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Liability {
    /// The merchant.
    Merchant,
    /// The buyer.
    Buyer,
    /// The carrier.
    Carrier,
    /// The platform.
    Platform,
    /// The streamer.
    Streamer,
    /// Nobody.
    Nobody,
}

/// What a reviewer finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewOutcome {
    /// It holds.
    Uphold,
    /// It holds in part.
    UpholdInPart,
    /// It does not hold.
    Reject,
    /// More must be shown first.
    AskEvidence,
    /// The jury is to be asked.
    AskJury,
    /// Somebody else must decide.
    Escalate,
}

impl ReviewOutcome {
    /// Whether it ends the look with a decision, rather than asking for more.
    pub fn decides(self) -> bool {
        matches!(self, Self::Uphold | Self::UpholdInPart | Self::Reject)
    }
}

/// `case.reviewed`: a reviewer looked at a case and says what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseReviewed {
    /// How much is to be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// The appeal that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealId>,
    /// The case: a claim's, violation's, ring's or contract's id.
    pub case: CaseId,
    /// The claim, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimId>,
    /// Clauses that it rests on.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub clauses: Few<Text<100>, 50>,
    /// Of the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Evidence that it rests on.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub evidence: Few<EvidenceId, 100>,
    /// What was found, as the rules name it.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub findings: Few<Name, 50>,
    /// Who is answerable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liability: Option<Liability>,
    /// What follows.
    pub outcome: ReviewOutcome,
    /// Who looked; of an appeal, somebody else than before.
    pub reviewer: PartyId,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<Text<5000>>,
}

impl FactBody for CaseReviewed {
    fn check(&self) -> Result<(), Flaw> {
        needs_currency(self.currency, &[("amount_minor", self.amount_minor.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("case", &self.case)
    }
}

/// A juror's vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JuryVote {
    /// There is a breach.
    Breach,
    /// There is none.
    NoBreach,
    /// It cannot be told.
    Unsure,
}

/// `jury.voted`: a juror votes on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JuryVoted {
    /// The case.
    pub case: CaseId,
    /// Who votes.
    pub juror: BuyerId,
    /// How long the juror looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looked_ms: Option<Quantity>,
    /// Which round, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<Quantity>,
    /// The vote.
    pub vote: JuryVote,
}

impl FactBody for JuryVoted {
    fn subject(&self) -> Subject {
        Subject::new("case", &self.case)
    }
}

/// `review.posted`: a buyer reviews what came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewPosted {
    /// Whether it adds to an earlier review.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub additional: bool,
    /// Whether it is shown without its author.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anonymous: bool,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer: Option<BuyerId>,
    /// Stars for the delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_stars: Option<Stars>,
    /// Pictures.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub images: Few<EvidenceFile, 50>,
    /// The item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The order's line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    /// The order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The review.
    pub review: ReviewId,
    /// Stars for the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_stars: Option<Stars>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopId>,
    /// Stars for the goods.
    pub stars: Stars,
    /// What was written; long numbers are masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<MaskedText<5000>>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<MaskedText<300>>,
}

impl FactBody for ReviewPosted {
    fn check(&self) -> Result<(), Flaw> {
        some_of(&[("order", self.order.is_some()), ("item", self.item.is_some()), ("shop", self.shop.is_some())])?;
        Ok(())
    }

    fn subject(&self) -> Subject {
        match (&self.order, &self.item) {
            (Some(order), _) => Subject::new("order", order),
            (None, Some(item)) => Subject::new("item", item),
            (None, None) => Subject::new("review", &self.review),
        }
    }
}

/// What a report, a violation or a score is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// A buyer.
    Buyer,
    /// A merchant.
    Merchant,
    /// A shop.
    Shop,
    /// A streamer.
    Streamer,
    /// A brand.
    Brand,
    /// A service provider.
    Provider,
    /// An agency.
    Agency,
    /// A supplier.
    Supplier,
    /// An item.
    Item,
    /// An order.
    Order,
    /// A show.
    Show,
    /// A video.
    Video,
    /// A comment.
    Comment,
    /// A review.
    Review,
}

impl TargetKind {
    /// Its name in JSON and in the subject of a fact.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Merchant => "merchant",
            Self::Shop => "shop",
            Self::Streamer => "streamer",
            Self::Brand => "brand",
            Self::Provider => "provider",
            Self::Agency => "agency",
            Self::Supplier => "supplier",
            Self::Item => "item",
            Self::Order => "order",
            Self::Show => "show",
            Self::Video => "video",
            Self::Comment => "comment",
            Self::Review => "review",
        }
    }
}

/// `report.filed`: somebody reports a suspected breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportFiled {
    /// What is suspected, as the market names breaches: `false_claim`, `counterfeit`, `off_platform`.
    pub code: Name,
    /// Whether the words were taken back in time, as heard on air.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub corrected: bool,
    /// Evidence given with it.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub evidence: Few<EvidenceId, 100>,
    /// The item that was being explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The moment, from the start of the show or video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moment_ms: Option<Quantity>,
    /// The nudge that warned of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nudge: Option<NudgeId>,
    /// The report.
    pub report: ReportId,
    /// Who reports; absent when anonymous.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter: Option<BuyerId>,
    /// The show in which it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<ShowId>,
    /// What the reporter says; long numbers are masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<MaskedText<5000>>,
    /// What is reported.
    pub target: ThingId,
    /// What kind of thing that is.
    pub target_kind: TargetKind,
    /// The sentence that is reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utterance: Option<UtteranceId>,
}

impl FactBody for ReportFiled {
    fn subject(&self) -> Subject {
        Subject::new(self.target_kind.as_str(), &self.target)
    }
}
