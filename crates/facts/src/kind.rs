//! Every kind of fact, its lane, who may send it and its body.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::body;
use crate::error::{Flaw, ParseError};
use crate::explain;
use crate::fact::Fact;

/// The way a fact takes through the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Through the states, one by one, in one global order.
    Journal,
    /// Appended durably and counted, not decided on one by one.
    Signal,
}

/// Who makes facts of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The market sends them.
    Market,
    /// Laotie decides them; sent ones are refused.
    Laotie,
}

/// In whose history a fact stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// What it is: `order`, `item`, `shop`, …
    pub kind: &'static str,
    /// Its id.
    pub id: String,
}

impl Subject {
    /// The history of one thing.
    pub fn new(kind: &'static str, id: impl fmt::Display) -> Self {
        Self { kind, id: id.to_string() }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// What every body has.
pub trait FactBody: Serialize + DeserializeOwned + JsonSchema {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// [`Flaw`] with the field and the reason.
    fn check(&self) -> Result<(), Flaw> {
        Ok(())
    }

    /// In whose history the fact stands.
    fn subject(&self) -> Subject;
}

macro_rules! kinds {
    ($($lane:ident $origin:ident $variant:ident $name:literal $path:path, $doc:literal;)*) => {
        /// A kind of fact.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $doc] $variant,)* }

        /// What happened, typed by kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Body { $(#[doc = $doc] $variant($path),)* }

        impl Kind {
            /// All kinds, in the order of the groups of the public format.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant,)*];

            /// Finds a kind by its name, as `order.paid`.
            pub fn from_name(name: &str) -> Option<Kind> {
                match name { $($name => Some(Kind::$variant),)* _ => None }
            }

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)* }
            }

            /// Its lane.
            pub fn lane(self) -> Lane {
                match self { $(Kind::$variant => Lane::$lane,)* }
            }

            /// Who makes it.
            pub fn origin(self) -> Origin {
                match self { $(Kind::$variant => Origin::$origin,)* }
            }

            /// What it says, in one line.
            pub fn describe(self) -> &'static str {
                match self { $(Kind::$variant => $doc,)* }
            }

            pub(crate) fn body_schema(self) -> schemars::Schema {
                match self { $(Kind::$variant => schemars::schema_for!($path),)* }
            }
        }

        impl Body {
            /// The kind of fact.
            pub fn kind(&self) -> Kind {
                match self { $(Body::$variant(_) => Kind::$variant,)* }
            }

            /// Reads a body of a kind from JSON.
            ///
            /// # Errors
            /// [`ParseError`] with the field below `body` and the reason.
            pub fn parse(kind: Kind, text: &str) -> Result<Body, ParseError> {
                match kind { $(Kind::$variant => read(text).map(Body::$variant),)* }
            }

            /// Canonical JSON (RFC 8785).
            pub fn canonical(&self) -> String {
                match self { $(Body::$variant(body) => serde_json::to_string(body),)* }
                    .expect("bodies hold strings, integers and lists of them")
            }

            fn own_subject(&self) -> Subject {
                match self { $(Body::$variant(body) => body.subject(),)* }
            }
        }

        $(impl From<$path> for Body {
            fn from(body: $path) -> Body { Body::$variant(body) }
        })*
    };
}

kinds! {
    Journal Market PartyRegistered "party.registered" body::PartyRegistered, "A party joined the market, or what is known of it changed.";
    Journal Market PartyCredential "party.credential" body::PartyCredential, "A party's credential was given, checked or withdrawn.";
    Journal Market PartyRemoved "party.removed" body::PartyRemoved, "A party left the market, or was made to.";
    Journal Market GuaranteeSwitched "guarantee.switched" body::GuaranteeSwitched, "A shop turned a guarantee on or off.";
    Journal Market MarginPaid "margin.paid" body::MarginPaid, "A party topped up its margin or another prepaid account.";
    Journal Market WithdrawalRequested "withdrawal.requested" body::WithdrawalRequested, "A party asked for what is available to it.";
    Journal Market PlanProposed "plan.proposed" body::PlanProposed, "One side proposed in which instalments an overdue debt is paid.";
    Journal Market PlanAgreed "plan.agreed" body::PlanAgreed, "The other side agreed to a plan of instalments.";
    Journal Market DelegationGranted "delegation.granted" body::DelegationGranted, "A party let another act for it.";
    Journal Market DelegationRevoked "delegation.revoked" body::DelegationRevoked, "A delegation ended before its time.";
    Journal Market ItemListed "item.listed" body::ItemListed, "A shop offered an item.";
    Journal Market ItemChanged "item.changed" body::ItemChanged, "What is on file about an item changed.";
    Journal Market PriceSet "price.set" body::PriceSet, "An item's price was set.";
    Journal Market StockSet "stock.set" body::StockSet, "An item's stock was set.";
    Journal Market AttestationGiven "attestation.given" body::AttestationGiven, "A laboratory, brand owner or other body said what goods are.";
    Journal Market ShowOpened "show.opened" body::ShowOpened, "A broadcast began.";
    Journal Market ShowClosed "show.closed" body::ShowClosed, "A broadcast ended.";
    Journal Market VideoPosted "video.posted" body::VideoPosted, "A short video went out.";
    Journal Market ItemShown "item.shown" body::ItemShown, "An item was put before the viewers of a show.";
    Journal Market UtteranceHeard "utterance.heard" body::UtteranceHeard, "A sentence was spoken in a show.";
    Signal Market CommentPosted "comment.posted" body::CommentPosted, "A viewer wrote under a show or a video.";
    Journal Market OrderPaid "order.paid" body::OrderPaid, "A buyer paid an order.";
    Journal Market OrderCancelled "order.cancelled" body::OrderCancelled, "An order was cancelled before dispatch.";
    Journal Market OrderDispatched "order.dispatched" body::OrderDispatched, "The shop dispatched an order.";
    Journal Market OrderPickedUp "order.picked_up" body::OrderPickedUp, "A carrier picked an order up.";
    Journal Market OrderSigned "order.signed" body::OrderSigned, "An order was signed for.";
    Journal Market OrderReceived "order.received" body::OrderReceived, "Receipt of an order was confirmed.";
    Journal Market ReturnRequested "return.requested" body::ReturnRequested, "A buyer asked to return goods.";
    Journal Market ReturnAgreed "return.agreed" body::ReturnAgreed, "The shop agreed to a return.";
    Journal Market ReturnShipped "return.shipped" body::ReturnShipped, "A buyer sent goods back.";
    Journal Market ReturnReceived "return.received" body::ReturnReceived, "The shop received goods back.";
    Journal Market RefundPaid "refund.paid" body::RefundPaid, "Money was paid back to a buyer.";
    Journal Market ClaimOpened "claim.opened" body::ClaimOpened, "A buyer claimed what an order's guarantees promise.";
    Journal Market ClaimAnswered "claim.answered" body::ClaimAnswered, "The merchant answered a claim.";
    Journal Market ClaimAccepted "claim.accepted" body::ClaimAccepted, "A buyer took what the merchant offered.";
    Journal Market EvidenceGiven "evidence.given" body::EvidenceGiven, "A file was put before a case.";
    Journal Market ClaimWithdrawn "claim.withdrawn" body::ClaimWithdrawn, "A buyer took a claim back.";
    Journal Market AppealOpened "appeal.opened" body::AppealOpened, "A party asked for another look at a decision.";
    Journal Market CaseReviewed "case.reviewed" body::CaseReviewed, "A reviewer looked at a case.";
    Journal Market StudyPassed "study.passed" body::StudyPassed, "A party passed an exam and earned study credits.";
    Journal Market JuryVoted "jury.voted" body::JuryVoted, "A juror voted on a case.";
    Journal Market ReviewPosted "review.posted" body::ReviewPosted, "A buyer reviewed what came.";
    Journal Market ReportFiled "report.filed" body::ReportFiled, "Somebody reported a suspected breach.";
    Journal Market FactVoided "fact.voided" body::FactVoided, "A fact was recorded by mistake; this reverses it.";
    Signal Market ViewMade "view.made" body::ViewMade, "A video or a show was watched.";
    Signal Market LikeGiven "like.given" body::LikeGiven, "A show, video or comment was liked.";
    Journal Market FollowMade "follow.made" body::FollowMade, "A viewer followed a streamer or a shop.";
    Journal Market FollowEnded "follow.ended" body::FollowEnded, "A viewer follows no longer.";
    Signal Market ShareMade "share.made" body::ShareMade, "A show, video or item was passed on.";
    Signal Market ShowEntered "show.entered" body::ShowEntered, "A viewer came into a show.";
    Signal Market ShowLeft "show.left" body::ShowLeft, "A viewer left a show.";
    Journal Market CampaignSet "campaign.set" body::CampaignSet, "A campaign began, or its terms changed.";
    Signal Market ImpressionServed "impression.served" body::ImpressionServed, "Something was put before a viewer.";
    Signal Market ClickMade "click.made" body::ClickMade, "A viewer tapped on something shown.";
    Journal Market SpendCharged "spend.charged" body::SpendCharged, "What a campaign cost over a stretch of time.";
    Journal Market ContractSigned "contract.signed" body::ContractSigned, "Two parties agreed on a service.";
    Journal Market DeliverableGiven "deliverable.given" body::DeliverableGiven, "A provider said that it delivered.";
    Journal Market DeliverableAccepted "deliverable.accepted" body::DeliverableAccepted, "The client accepted a deliverable.";
    Journal Market DeliverableDisputed "deliverable.disputed" body::DeliverableDisputed, "The client objected to a deliverable.";
    Journal Market ProgrammeSet "programme.set" body::ProgrammeSet, "A programme of support began, or its terms changed.";
    Journal Market SampleSent "sample.sent" body::SampleSent, "Goods were sent to somebody who may promote them.";
    Journal Laotie OrderFrozen "order.frozen" body::OrderFrozen, "An order's terms were frozen when it was paid.";
    Journal Laotie ClaimRouted "claim.routed" body::ClaimRouted, "Under which guarantee a claim is judged, whose turn it is and by when.";
    Journal Laotie RulingMade "ruling.made" body::RulingMade, "A case was decided.";
    Journal Laotie PostingMade "posting.made" body::PostingMade, "Money moved between accounts.";
    Journal Laotie HoldPlaced "hold.placed" body::HoldPlaced, "Part of an account's balance is kept for something.";
    Journal Laotie HoldEnded "hold.ended" body::HoldEnded, "A hold was released, or its money paid away.";
    Journal Laotie DebtRaised "debt.raised" body::DebtRaised, "A party owes what it could not pay.";
    Journal Laotie SettlementFrozen "settlement.frozen" body::SettlementFrozen, "Nothing is paid out to a party until its debts are paid.";
    Journal Laotie SettlementResumed "settlement.resumed" body::SettlementResumed, "What froze a party's settlement is paid.";
    Journal Laotie PlanBroken "plan.broken" body::PlanBroken, "An instalment was missed; the whole debt is due again.";
    Journal Laotie PromiseBroken "promise.broken" body::PromiseBroken, "A clock that an order carries ran out.";
    Journal Laotie StandingChanged "standing.changed" body::StandingChanged, "A buyer's standing changed.";
    Journal Laotie CoverPriced "cover.priced" body::CoverPriced, "The price of a shop's return freight cover was set.";
    Journal Laotie BadgeLit "badge.lit" body::BadgeLit, "Every condition of a badge holds.";
    Journal Laotie BadgeUnlit "badge.unlit" body::BadgeUnlit, "A condition of a badge holds no longer.";
    Journal Laotie ViolationFound "violation.found" body::ViolationFound, "A rule was broken.";
    Journal Laotie UtteranceChecked "utterance.checked" body::UtteranceChecked, "Claims were found in a sentence and held against what is on file.";
    Journal Laotie NudgeSent "nudge.sent" body::NudgeSent, "The control desk was told what should be taken back.";
    Journal Laotie NudgeHeeded "nudge.heeded" body::NudgeHeeded, "The desk or the streamer did something about a nudge.";
    Journal Laotie PenaltyImposed "penalty.imposed" body::PenaltyImposed, "A penalty follows from violations.";
    Journal Laotie PenaltyLifted "penalty.lifted" body::PenaltyLifted, "A penalty ended before its time or was undone.";
    Journal Laotie RingFound "ring.found" body::RingFound, "Accounts were found to act as one.";
    Journal Laotie RingCleared "ring.cleared" body::RingCleared, "A ring, or some accounts of it, was none.";
    Journal Laotie TrustChanged "trust.changed" body::TrustChanged, "How far a subject can be trusted changed.";
    Journal Laotie GrantIssued "grant.issued" body::GrantIssued, "A programme gave money or traffic to a party.";
    Journal Laotie StatementDrawn "statement.drawn" body::StatementDrawn, "A statement of account was drawn.";
    Journal Laotie PayoutMade "payout.made" body::PayoutMade, "Money left for a party's own account.";
    Journal Laotie DeadlinePassed "deadline.passed" body::DeadlinePassed, "A deadline fell due.";
    Journal Laotie RuleProposed "rule.proposed" body::RuleProposed, "A change of a rule was put forward.";
    Journal Laotie RuleApproved "rule.approved" body::RuleApproved, "One of the two people who must approve a rule change did.";
    Journal Laotie RulePublished "rule.published" body::RulePublished, "A version of a rule document was published.";
    Journal Laotie FactRefused "fact.refused" body::FactRefused, "A fact that waited for its predecessor cannot be after all.";
}

impl Fact {
    /// In whose history the fact stands; a voiding stands in that of the fact it voids.
    pub fn subject(&self) -> Subject {
        match &self.target {
            Some(target) => target.subject(),
            None => self.body.own_subject(),
        }
    }
}

fn read<B: FactBody>(text: &str) -> Result<B, ParseError> {
    let body: B = explain::read(text, "body")?;
    body.check().map_err(|flaw| ParseError {
        code: "bad-value",
        field: if flaw.field.is_empty() { "body".to_owned() } else { format!("body.{}", flaw.field) },
        reason: flaw.reason,
    })?;
    Ok(body)
}
