//! A tally for each thing that facts name, and what leads from one to another.

use std::collections::HashMap;

use laotie_facts::Body;

use super::roles::{Named, Names, Role, names};
use super::tally::Tally;
use crate::happening::Happening;

/// The tallies of a market.
#[derive(Debug, Default)]
pub(super) struct Book {
    tallies: HashMap<u64, Tally>,
    /// What an order, show, video, case, contract or item named when it began.
    leads: HashMap<u64, Vec<Named>>,
}

/// The role of what begins with a fact.
fn begins(body: &Body) -> Option<Role> {
    match body {
        Body::OrderPaid(_) => Some(Role::Order),
        Body::ShowOpened(_) => Some(Role::Show),
        Body::VideoPosted(_) => Some(Role::Video),
        Body::ClaimOpened(_) | Body::ReturnRequested(_) => Some(Role::Case),
        Body::ContractSigned(_) => Some(Role::Contract),
        Body::ItemListed(_) => Some(Role::Item),
        Body::CampaignSet(_) => Some(Role::Campaign),
        _ => None,
    }
}

/// What a thing that facts name leads to.
fn leads_on(role: Role) -> bool {
    matches!(role, Role::Buyer | Role::Shop | Role::Streamer | Role::Provider | Role::Order | Role::Item)
}

/// Whose tallies are worth keeping beside an order: not what is behind a device.
fn is_somebody(role: Role) -> bool {
    matches!(role, Role::Buyer | Role::Shop | Role::Streamer | Role::Provider)
}

impl Book {
    /// All that a fact names, itself or through its order, case, contract, show or video.
    pub(super) fn named(&self, happening: &Happening) -> Names {
        let mut found = names(&happening.body);
        // An item sold leads to its shop; one talked of does not make the sentence the shop's.
        for role in [Role::Case, Role::Order, Role::Contract, Role::Show, Role::Video, Role::Campaign, Role::Item] {
            let leads = found.of(role).and_then(|key| self.leads.get(&key));
            leads.into_iter().flatten().for_each(|one| found.add(*one));
        }
        found
    }

    /// Counts a fact in for all that it names.
    pub(super) fn note(&mut self, happening: &Happening, found: &Names) {
        if let Some(begun) = begins(&happening.body)
            && let Some(key) = found.of(begun)
        {
            let others = found.all().iter().filter(|(role, _)| *role != begun && leads_on(*role)).copied().collect();
            self.leads.entry(key).or_insert(others);
        }
        let has_device = found.of(Role::Device).is_some();
        let somebody = found.all().iter().find(|(role, _)| is_somebody(*role)).map(|(_, key)| *key);
        for (role, key) in found.all() {
            let other = match role {
                Role::Buyer => found.all().iter().rev().find(|(r, _)| is_somebody(*r) && r != role).map(|(_, key)| *key),
                _ => somebody.filter(|k| k != key),
            };
            self.tallies.entry(*key).or_default().note(happening.at, &happening.body, other, has_device);
        }
    }

    /// What has been seen of one.
    pub(super) fn tally(&self, key: u64) -> Option<&Tally> {
        self.tallies.get(&key)
    }
}
