//! Who stands behind what was reported, as far as facts tell.

use laotie_facts::States;
use laotie_facts::body::{Liability, PartyKind, TargetKind};
use serde::{Deserialize, Serialize};

use crate::case_file::CaseFile;
use crate::state::State;

/// Who stands behind an item, a show, a video or an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Behind {
    /// Streamers of the same show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) co_hosts: Vec<String>,
    /// Shows that it is streamed with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) co_streams: Vec<String>,
    /// The shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) shop: Option<String>,
    /// The streamer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) streamer: Option<String>,
}

/// What kind of party a kind of target is, where it is one.
pub(crate) fn party_kind(kind: TargetKind) -> Option<PartyKind> {
    Some(match kind {
        TargetKind::Buyer => PartyKind::Buyer,
        TargetKind::Merchant => PartyKind::Merchant,
        TargetKind::Shop => PartyKind::Shop,
        TargetKind::Streamer => PartyKind::Streamer,
        TargetKind::Brand => PartyKind::Brand,
        TargetKind::Provider => PartyKind::Provider,
        TargetKind::Agency => PartyKind::Agency,
        TargetKind::Supplier => PartyKind::Supplier,
        TargetKind::Item | TargetKind::Order | TargetKind::Show | TargetKind::Video | TargetKind::Comment | TargetKind::Review => {
            return None;
        }
    })
}

fn behind<'a>(states: &'a States<State>, kind: &str, id: Option<&str>) -> Option<&'a Behind> {
    states.get(&format!("{kind}/{}", id?))?.behind.as_ref()
}

/// Who is answerable in a case: the reported party, or who stands behind the reported thing; a reviewer's
/// word on liability picks the shop or the streamer.
pub(crate) fn answerable(states: &States<State>, case: &CaseFile, liability: Option<Liability>) -> Option<(PartyKind, String)> {
    let own = party_kind(case.target_kind).map(|kind| (kind, case.target.clone()));
    let thing = behind(states, case.target_kind.as_str(), Some(&case.target));
    let item = behind(states, "item", case.item.as_deref());
    let seen_in = behind(states, "show", case.show.as_deref());
    let all = || thing.into_iter().chain(item).chain(seen_in);
    let shop = || all().find_map(|b| b.shop.clone()).map(|id| (PartyKind::Shop, id));
    let streamer = || all().find_map(|b| b.streamer.clone()).map(|id| (PartyKind::Streamer, id));
    let own_is = |kinds: &[PartyKind]| own.clone().filter(|(kind, _)| kinds.contains(kind));
    match liability {
        Some(Liability::Merchant) => own_is(&[PartyKind::Shop, PartyKind::Merchant]).or_else(shop),
        Some(Liability::Streamer) => own_is(&[PartyKind::Streamer]).or_else(streamer),
        Some(Liability::Buyer) => own_is(&[PartyKind::Buyer]),
        Some(Liability::Carrier | Liability::Platform | Liability::Nobody) => None,
        None => match case.target_kind {
            TargetKind::Show | TargetKind::Video => streamer().or_else(shop),
            TargetKind::Item | TargetKind::Order => shop(),
            // Who wrote a comment or a review is in no fact that reaches a state; what is said in a show is
            // its streamer's to keep in order.
            TargetKind::Comment => streamer(),
            _ => own,
        },
    }
}

/// Who streamed along in the case's show: co-hosts, and the streamers of the shows it was streamed with.
pub(crate) fn streamed_along(states: &States<State>, case: &CaseFile) -> Vec<String> {
    let own_show = (case.target_kind == TargetKind::Show).then_some(case.target.as_str());
    let Some(show) = behind(states, "show", own_show.or(case.show.as_deref())) else { return Vec::new() };
    let others = show.co_streams.iter().filter_map(|s| behind(states, "show", Some(s))?.streamer.clone());
    let mut along: Vec<String> = show.streamer.iter().cloned().chain(show.co_hosts.iter().cloned()).chain(others).collect();
    along.sort();
    along.dedup();
    along
}
