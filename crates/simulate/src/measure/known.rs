//! What each thing really is, as the ground truth tells.

use std::collections::{BTreeMap, HashMap};

use laotie_facts::{Body, Kind};

use super::roles::hash;
use crate::happening::Happening;
use crate::truth::Truth;

/// Below this share of what was promised a contract counts as not fulfilled, in ppm.
const FULFILLED_PPM: i64 = 900_000;

/// What a fact or party is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    /// Not planted.
    Honest,
    /// Planted, under the number of its class.
    Planted(u16),
    /// Neither: camouflage of panels.
    Aside,
}

/// Labels by what they are about.
#[derive(Debug, Default)]
pub(super) struct Known {
    labels: HashMap<u64, u16>,
    classes: Vec<String>,
    counts: Vec<u64>,
    numbers: BTreeMap<String, u16>,
}

/// Natures of those who do what they should.
const HONEST: [&str; 3] = ["honest", "careful", "able"];

/// Stands for camouflage.
const ASIDE: u16 = u16::MAX;

fn about(what: &str, id: &str) -> u64 {
    hash(what.as_bytes()) ^ hash(id.as_bytes()).rotate_left(17)
}

impl Known {
    fn set(&mut self, what: &str, id: &str, class: &str) {
        let next = u16::try_from(self.classes.len()).unwrap_or(ASIDE - 1);
        let number = *self.numbers.entry(class.to_owned()).or_insert_with(|| {
            self.classes.push(class.to_owned());
            self.counts.push(0);
            next
        });
        if self.labels.insert(about(what, id), number) != Some(number) {
            self.counts[usize::from(number)] += 1;
        }
    }

    /// Takes in a line of the truth.
    pub(super) fn learn(&mut self, truth: &Truth) {
        match truth {
            Truth::Party { party, party_kind, nature, .. } if !HONEST.contains(&nature.as_str()) => {
                self.set("party", party, &format!("{nature} {party_kind}s"));
            }
            Truth::Order { order, nature, .. } if nature != "honest" => self.set("order", order, &format!("{nature} orders")),
            Truth::Bought { key, kind, camouflage: true, .. } => {
                self.labels.insert(about(kind, key), ASIDE);
            }
            Truth::Bought { key, kind, product, .. } => self.set(kind, key, &format!("bought {product} ({kind})")),
            Truth::Utterance { utterance, is_false: true, .. } => self.set("utterance", utterance, "false sentences"),
            Truth::AfterSale { case, honest: false, .. } => self.set("case", case, "dishonest"),
            Truth::Review { review, honest: false } => self.set("review", review, "dishonest reviews"),
            Truth::Contract { contract, delivered_ppm, brushed } => {
                if *brushed {
                    self.set("contract", contract, "contracts with brushed sales");
                } else if *delivered_ppm < FULFILLED_PPM {
                    self.set("contract", contract, "contracts not fulfilled");
                }
            }
            _ => {}
        }
    }

    /// What a fact is about, for kinds that planted things come in.
    pub(super) fn label(&self, happening: &Happening) -> Option<Label> {
        let (what, id) = match &happening.body {
            Body::PartyRegistered(b) => ("party", b.party.as_str()),
            Body::OrderPaid(b) => ("order", b.order.as_str()),
            Body::UtteranceHeard(b) => ("utterance", b.utterance.as_str()),
            Body::ClaimOpened(b) => ("case", b.claim.as_str()),
            Body::ReturnRequested(b) => ("case", b.return_id.as_str()),
            Body::ReviewPosted(b) => ("review", b.review.as_str()),
            Body::ContractSigned(b) => ("contract", b.contract.as_str()),
            other if is_engagement(other.kind()) => (other.kind().name(), happening.key.as_str()),
            _ => return None,
        };
        Some(match self.labels.get(&about(what, id)) {
            None => Label::Honest,
            Some(&ASIDE) => Label::Aside,
            Some(number) => Label::Planted(*number),
        })
    }

    /// How many of a class there are, as far as the truth has been read.
    pub(super) fn count(&self, number: u16) -> u64 {
        self.counts.get(usize::from(number)).copied().unwrap_or(0)
    }

    /// Name of a class.
    pub(super) fn class(&self, number: u16) -> &str {
        self.classes.get(usize::from(number)).map_or("unknown", String::as_str)
    }
}

/// Kinds of engagement that are sold.
fn is_engagement(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::FollowMade | Kind::LikeGiven | Kind::ViewMade | Kind::ShowEntered | Kind::CommentPosted | Kind::ShareMade | Kind::ClickMade
    )
}
