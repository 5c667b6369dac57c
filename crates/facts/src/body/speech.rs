//! Speech: what was found in what was said on air, nudges to the control desk, and what became of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EvidenceFile, TextSpan};
use crate::amount::{Ppm, Quantity};
use crate::error::Flaw;
use crate::few::Few;
use crate::ids::{ItemId, NudgeId, ShowId, StreamerId, UtteranceId};
use crate::kind::{FactBody, Subject};
use crate::text::Text;
use crate::time::Timestamp;

/// How what was said stands to what is on file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpeechVerdict {
    /// The words alone are the breach.
    Asserted,
    /// What is on file says otherwise.
    Contradicted,
    /// What is on file bears it out.
    Confirmed,
    /// Nothing is on file: proof is asked for.
    NoRecord,
    /// Something is on file and does not settle it.
    Unsure,
}

/// One claim of a sentence, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpeechFinding {
    /// The kind of breach that it is, or would be.
    pub code: Text<50>,
    /// How sure the finding is.
    pub confidence_ppm: Ppm,
    /// What was on file at that moment, as `stock=40`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<Text<500>>,
    /// The nudge that tells of it, now or a little before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nudge: Option<NudgeId>,
    /// What read it, as `abs.superlative`.
    pub rule: Text<100>,
    /// Where in the sentence.
    pub span: TextSpan,
    /// How it stands to what is on file.
    pub verdict: SpeechVerdict,
}

/// `utterance.checked`: a sentence was read, and claims were found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UtteranceChecked {
    /// What it claims.
    pub findings: Few<SpeechFinding, 50, 1>,
    /// Until when mild findings of the show are gathered, to be told at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gather_until: Option<Timestamp>,
    /// The item that was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The show.
    pub show: ShowId,
    /// The sentence.
    pub utterance: UtteranceId,
}

impl FactBody for UtteranceChecked {
    fn subject(&self) -> Subject {
        Subject::new("show", &self.show)
    }
}

/// How loud a nudge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NudgeLevel {
    /// For information.
    Green,
    /// Take care.
    Yellow,
    /// Take it back.
    Red,
}

/// Another sentence that a nudge tells of as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NudgedToo {
    /// What was found.
    pub code: Text<50>,
    /// The exact words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Text<200>>,
    /// The sentence.
    pub utterance: UtteranceId,
}

/// `nudge.sent`: the control desk is told what should be taken back, and how to say it instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NudgeSent {
    /// Mild findings that it gathers besides.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub also: Few<NudgedToo, 50>,
    /// The clause that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<Text<300>>,
    /// What was found.
    pub code: Text<50>,
    /// How sure the finding is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence_ppm: Option<Ppm>,
    /// Until when the words can be taken back on air.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_by: Option<Timestamp>,
    /// What was on file at that moment, as `stock=40`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<Text<500>>,
    /// The item being explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// How loud.
    pub level: NudgeLevel,
    /// The nudge.
    pub nudge: NudgeId,
    /// What read it, as `abs.superlative`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Text<100>>,
    /// What may be said instead, in at most 20 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe_wording: Option<Text<500>>,
    /// The exact words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Text<200>>,
    /// The show.
    pub show: ShowId,
    /// Where in the utterance.
    #[serde(default, skip_serializing_if = "Few::is_empty")]
    pub spans: Few<TextSpan, 100>,
    /// Who spoke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streamer: Option<StreamerId>,
    /// The sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utterance: Option<UtteranceId>,
}

impl FactBody for NudgeSent {
    fn subject(&self) -> Subject {
        Subject::new("show", &self.show)
    }
}

/// What became of a nudge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NudgeResponse {
    /// The words were taken back on air.
    Corrected,
    /// The desk saw it.
    Acknowledged,
    /// The desk does not agree.
    Dismissed,
    /// The desk says that it has proof.
    Proof,
    /// What was heard was heard wrong: the sentence says otherwise.
    Withdrawn,
}

/// `nudge.heeded`: what the desk or the streamer did about a nudge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NudgeHeeded {
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_ms: Option<Quantity>,
    /// The proof.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<EvidenceFile>,
    /// The nudge.
    pub nudge: NudgeId,
    /// What was done.
    pub response: NudgeResponse,
    /// The show.
    pub show: ShowId,
    /// What the desk says to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<Text<1000>>,
    /// The sentence that took the words back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utterance: Option<UtteranceId>,
}

impl FactBody for NudgeHeeded {
    fn check(&self) -> Result<(), Flaw> {
        if self.file.is_some() && self.response != NudgeResponse::Proof {
            return Err(Flaw::at("file", "is there, and `response` is not `proof`"));
        }
        Ok(())
    }

    fn subject(&self) -> Subject {
        Subject::new("show", &self.show)
    }
}
