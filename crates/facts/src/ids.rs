//! Ids: opaque strings of 1 to 128 characters, a type of its own for each subject.
//!
//! A swap of two ids does not compile:
//! ```compile_fail
//! use laotie_facts::{OrderId, ShopId};
//! fn ship(_: &OrderId) {}
//! ship(&ShopId::new("s-3").expect("valid id"));
//! ```

use std::fmt;

use data_encoding::Specification;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::Flaw;

/// Longest id in characters.
pub const ID_MAX_CHARS: usize = 128;

fn check(what: &'static str, text: &str) -> Result<(), Flaw> {
    if text.is_empty() {
        return Err(Flaw::new(format!("{what} is empty; an id has 1 to {ID_MAX_CHARS} characters")));
    }
    // Nearly every id is short and plain: one pass over its bytes settles it.
    if text.len() <= ID_MAX_CHARS && text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Ok(());
    }
    let length = text.chars().count();
    if length > ID_MAX_CHARS {
        return Err(Flaw::new(format!("{what} has {length} characters, at most {ID_MAX_CHARS} are allowed")));
    }
    if text.chars().any(char::is_control) {
        return Err(Flaw::new(format!("{what} holds a control character")));
    }
    Ok(())
}

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(#[schemars(length(min = 1, max = 128))] String);

        impl $name {
            /// Checks and wraps an id.
            ///
            /// # Errors
            /// [`Flaw`] when it is empty, longer than 128 characters or holds control characters.
            pub fn new(text: impl Into<String>) -> Result<Self, Flaw> {
                let text = text.into();
                check($what, &text)?;
                Ok(Self(text))
            }

            /// The id as it was sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Flaw;
            fn try_from(text: String) -> Result<Self, Flaw> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

id_types! {
    /// An order of a buyer in one shop.
    OrderId "order id";
    /// A line of an order, unique within it.
    LineId "line id";
    /// A buyer; never a name, an address or a phone number.
    BuyerId "buyer id";
    /// A shop: a merchant's storefront.
    ShopId "shop id";
    /// A legal party that holds a margin.
    MerchantId "merchant id";
    /// Who speaks on camera.
    StreamerId "streamer id";
    /// A live room; it stands, a show passes.
    RoomId "room id";
    /// One broadcast.
    ShowId "show id";
    /// A video.
    VideoId "video id";
    /// Goods offered by a shop.
    ItemId "item id";
    /// A brand.
    BrandId "brand id";
    /// A service provider.
    ProviderId "provider id";
    /// Any party of the market, when its type stands beside it.
    PartyId "party id";
    /// An after-sale case.
    ClaimId "claim id";
    /// A ruling on a case.
    RulingId "ruling id";
    /// A return of goods.
    ReturnId "return id";
    /// A refund of money.
    RefundId "refund id";
    /// A review of goods.
    ReviewId "review id";
    /// A report of a suspected breach.
    ReportId "report id";
    /// A piece of evidence.
    EvidenceId "evidence id";
    /// A case under review.
    CaseId "case id";
    /// An appeal.
    AppealId "appeal id";
    /// An advertising campaign.
    CampaignId "campaign id";
    /// A contract with a provider.
    ContractId "contract id";
    /// A deliverable of a contract.
    DeliverableId "deliverable id";
    /// A programme of support.
    ProgrammeId "programme id";
    /// A grant out of a programme.
    GrantId "grant id";
    /// A spoken sentence.
    UtteranceId "utterance id";
    /// A comment.
    CommentId "comment id";
    /// A follow, visit, view or other act of engagement.
    ActId "act id";
    /// A ring of accounts acting as one.
    RingId "ring id";
    /// A nudge to the control desk.
    NudgeId "nudge id";
    /// A violation.
    ViolationId "violation id";
    /// A penalty.
    PenaltyId "penalty id";
    /// A posting in the ledger.
    PostingId "posting id";
    /// A statement of account.
    StatementId "statement id";
    /// A pay-out.
    PayoutId "payout id";
    /// A hold on an account.
    HoldId "hold id";
    /// A debt.
    DebtId "debt id";
    /// A withdrawal.
    WithdrawalId "withdrawal id";
    /// A plan by which a debt is paid.
    PlanId "plan id";
    /// A delegation.
    DelegationId "delegation id";
    /// A credential or attestation.
    CredentialId "credential id";
    /// A sample of goods sent to somebody who may promote them.
    SampleId "sample id";
    /// One viewer's stay in a show.
    VisitId "visit id";
    /// Any party or thing of the market, when its type stands beside it.
    ThingId "id";
    /// Anything that was decided, when its type stands beside it.
    DecisionId "decision id";
    /// The system that sent a fact.
    SourceId "source";
    /// A fact's key, unique within its source.
    FactKey "key";
}

/// Makes an id of Laotie's own: `prefix` and 26 base32 characters of a hash over what caused it.
///
/// The same cause, kind and ordinal give the same id on every machine and in every replay.
pub fn derived_id(prefix: &str, cause_seq: i64, kind: &str, ordinal: u32) -> String {
    let mut hash = Sha256::new();
    hash.update(cause_seq.to_be_bytes());
    hash.update(kind.as_bytes());
    hash.update([0]);
    hash.update(ordinal.to_be_bytes());
    let digest = hash.finalize();
    let mut spec = Specification::new();
    spec.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    let base32 = spec.encoding().expect("32 distinct symbols make an encoding");
    let mut text = base32.encode(&digest[..20]);
    text.truncate(26);
    format!("{prefix}_{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_1_to_128_characters_of_any_script() {
        assert!(OrderId::new("").is_err());
        assert!(OrderId::new("老".repeat(128)).is_ok());
        assert!(OrderId::new("老".repeat(129)).is_err());
        assert!(OrderId::new("a\nb").is_err());
    }

    #[test]
    fn a_derived_id_depends_on_its_cause_alone() {
        let id = derived_id("clm", 7, "claim.opened", 0);
        assert_eq!(id, derived_id("clm", 7, "claim.opened", 0));
        assert_ne!(id, derived_id("clm", 7, "claim.opened", 1));
        assert_eq!(id.len(), 4 + 26);
    }
}
