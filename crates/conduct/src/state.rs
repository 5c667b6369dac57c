//! What the system knows of one subject; the key's first word tells of what.

use serde::{Deserialize, Serialize};

use crate::breach::Breach;
use crate::case_file::CaseFile;
use crate::jury::{Juror, JuryVersions};
use crate::penalty::Penalty;
use crate::points::Party;
use crate::target::Behind;
use crate::year::Zones;

/// A state, one field of which is there: keys are `party/KIND/ID`, `case/ID`, `violation/ID`, `penalty/ID`,
/// `appeal/ID`, `claim/ID`, `juror/ID`, `item/ID`, `show/ID`, `video/ID`, `order/ID`, `rules/FAMILY`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    /// `appeal/ID`: what it is against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) appeal: Option<AppealRoute>,
    /// `item`, `show`, `video`, `order`: who stands behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) behind: Option<Behind>,
    /// `case/ID`: a report under review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseFile>,
    /// `claim/ID`: violations that its rulings were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) claim: Vec<String>,
    /// `juror/ID`: how often the juror was right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub juror: Option<Juror>,
    /// `rules/jury`: how juries are asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) jury: Option<JuryVersions>,
    /// `party/KIND/ID`: a party's ledger of points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Party>,
    /// `penalty/ID`: a penalty and the appeal against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<Penalty>,
    /// `violation/ID`: a violation and its penalties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) violation: Option<Violation>,
    /// `rules/calendar`: the market's zones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) zones: Option<Zones>,
}

impl State {
    /// Whom penalties of a penalty's or violation's state are on, as kind and id.
    pub fn penalised(&self) -> Vec<(&str, &str)> {
        let one = self.penalty.iter().map(|p| (p.imposed.party_kind.as_str(), p.imposed.party.as_str()));
        let all = self.violation.iter().flat_map(|v| &v.penalties).filter_map(|p| p.party.split_once('/'));
        one.chain(all).collect()
    }
}

/// What an appeal is against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppealRoute {
    /// The penalty that it would undo.
    pub(crate) penalty: String,
    /// Whether it is against the violation itself, so that nobody would be answerable for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) whole_violation: bool,
}

/// A violation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Violation {
    /// What its penalties depend on.
    pub(crate) breach: Breach,
    /// The case that it was found in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) case: Option<String>,
    /// The fact that found it.
    pub(crate) cause: i64,
    /// Who broke the rule, as `KIND/ID`.
    pub(crate) party: String,
    /// Its penalties, one a party; a penalty decided anew takes the place of the one before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) penalties: Vec<Imposed>,
}

/// A penalty on a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Imposed {
    /// As `KIND/ID`.
    pub(crate) party: String,
    /// The penalty.
    pub(crate) penalty: String,
}
