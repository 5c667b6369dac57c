//! Who and what a fact names.

use laotie_facts::body::{PartyKind, TargetKind};
use laotie_facts::{Body, Sha256Hex};

/// What something is that facts name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Role {
    Buyer,
    Shop,
    Streamer,
    Provider,
    Party,
    Show,
    Video,
    Item,
    Order,
    Case,
    Contract,
    Campaign,
    Device,
    Network,
}

impl Role {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Shop => "shop",
            Self::Streamer => "streamer",
            Self::Provider => "provider",
            Self::Party => "party",
            Self::Show => "show",
            Self::Video => "video",
            Self::Item => "item",
            Self::Order => "order",
            Self::Case => "case",
            Self::Contract => "contract",
            Self::Campaign => "campaign",
            Self::Device => "device",
            Self::Network => "network",
        }
    }

    /// A party's role.
    pub(super) fn of_party(kind: PartyKind) -> Self {
        match kind {
            PartyKind::Buyer => Self::Buyer,
            PartyKind::Shop => Self::Shop,
            PartyKind::Streamer => Self::Streamer,
            PartyKind::Provider | PartyKind::Agency => Self::Provider,
            _ => Self::Party,
        }
    }
}

/// Something that facts name: its role and a hash of its id.
pub(super) type Named = (Role, u64);

/// FNV-1a: Fowler, Noll, Vo, RFC 9923. The same on every machine.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

/// A thing of a role by its id.
pub(super) fn named(role: Role, id: &str) -> Named {
    (role, hash(id.as_bytes()) ^ (role as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// What a fact names, each once.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<Named>);

impl Names {
    pub(super) fn all(&self) -> &[Named] {
        &self.0
    }

    /// The first of a role.
    pub(super) fn of(&self, role: Role) -> Option<u64> {
        self.0.iter().find(|(r, _)| *r == role).map(|(_, key)| *key)
    }

    /// Adds one, unless there is one of its role.
    pub(super) fn add(&mut self, one: Named) {
        if self.of(one.0).is_none() {
            self.0.push(one);
        }
    }

    fn id(mut self, role: Role, id: impl AsRef<str>) -> Self {
        self.add(named(role, id.as_ref()));
        self
    }

    fn maybe<T: ToString>(self, role: Role, id: Option<&T>) -> Self {
        match id {
            Some(id) => self.id(role, id.to_string()),
            None => self,
        }
    }

    fn origin(mut self, device: Option<&Sha256Hex>, network: Option<&Sha256Hex>) -> Self {
        for (role, bytes) in [(Role::Device, device), (Role::Network, network)] {
            if let Some(bytes) = bytes {
                self.add((role, hash(bytes.bytes()) ^ role as u64));
            }
        }
        self
    }
}

/// What a fact names itself; what its order or show names besides, [`super::book::Book`] knows.
#[expect(clippy::too_many_lines, reason = "one arm a kind")]
pub(super) fn names(body: &Body) -> Names {
    use Role::{Buyer, Campaign, Case, Contract, Item, Order, Provider, Shop, Show, Streamer, Video};
    let n = Names::default();
    match body {
        Body::PartyRegistered(b) => n.id(Role::of_party(b.party_kind), b.party.as_str()),
        Body::PartyCredential(b) => n.id(Role::of_party(b.party_kind), b.party.as_str()),
        Body::PartyRemoved(b) => n.id(Role::of_party(b.party_kind), b.party.as_str()),
        Body::MarginPaid(b) => n.id(Role::of_party(b.party_kind), b.party.as_str()),
        Body::GuaranteeSwitched(b) => n.id(Shop, b.shop.as_str()),
        Body::DelegationGranted(b) => n.id(Provider, b.delegate.as_str()).maybe(Shop, b.shops.first()),
        Body::ItemListed(b) => n.id(Item, b.item.as_str()).id(Shop, b.shop.as_str()),
        Body::ItemChanged(b) => n.id(Item, b.item.as_str()).maybe(Shop, b.shop.as_ref()),
        Body::PriceSet(b) => n.id(Item, b.item.as_str()).maybe(Shop, b.shop.as_ref()),
        Body::StockSet(b) => n.id(Item, b.item.as_str()).maybe(Shop, b.shop.as_ref()),
        Body::AttestationGiven(b) => n.maybe(Item, b.item.as_ref()).maybe(Order, b.order.as_ref()),
        Body::ShowOpened(b) => n.id(Show, b.show.as_str()).id(Streamer, b.streamer.as_str()),
        Body::ShowClosed(b) => n.id(Show, b.show.as_str()),
        Body::VideoPosted(b) => n.id(Video, b.video.as_str()).maybe(Streamer, b.streamer.as_ref()).maybe(Shop, b.shop.as_ref()),
        Body::ItemShown(b) => n.id(Show, b.show.as_str()).id(Item, b.item.as_str()).maybe(Streamer, b.streamer.as_ref()),
        Body::UtteranceHeard(b) => n.id(Show, b.show.as_str()).maybe(Streamer, b.streamer.as_ref()).maybe(Item, b.item.as_ref()),
        Body::CommentPosted(b) => n
            .maybe(Buyer, b.viewer.as_ref())
            .maybe(Show, b.show.as_ref())
            .maybe(Video, b.video.as_ref())
            .origin(b.device_hash.as_ref(), b.network_hash.as_ref()),
        Body::OrderPaid(b) => n
            .id(Order, b.order.as_str())
            .maybe(Buyer, b.buyer.as_ref())
            .id(Shop, b.shop.as_str())
            .maybe(Streamer, b.streamer.as_ref())
            .maybe(Show, b.show.as_ref())
            .maybe(Item, b.lines.first().map(|l| &l.item)),
        Body::OrderCancelled(b) => n.id(Order, b.order.as_str()),
        Body::OrderDispatched(b) => n.id(Order, b.order.as_str()),
        Body::OrderPickedUp(b) => n.id(Order, b.order.as_str()),
        Body::OrderSigned(b) => n.id(Order, b.order.as_str()),
        Body::OrderReceived(b) => n.id(Order, b.order.as_str()),
        Body::ReturnRequested(b) => n.id(Case, b.return_id.as_str()).id(Order, b.order.as_str()),
        Body::ReturnAgreed(b) => n.id(Case, b.return_id.as_str()).id(Order, b.order.as_str()),
        Body::ReturnShipped(b) => n.id(Case, b.return_id.as_str()).id(Order, b.order.as_str()),
        Body::ReturnReceived(b) => n.id(Case, b.return_id.as_str()).id(Order, b.order.as_str()),
        Body::RefundPaid(b) => n.maybe(Order, b.order.as_ref()).maybe(Buyer, b.buyer.as_ref()).maybe(Shop, b.shop.as_ref()),
        Body::ClaimOpened(b) => n.id(Case, b.claim.as_str()).id(Order, b.order.as_str()).maybe(Buyer, b.buyer.as_ref()),
        Body::ClaimAnswered(b) => n.id(Case, b.claim.as_str()),
        Body::ClaimWithdrawn(b) => n.id(Case, b.claim.as_str()),
        Body::EvidenceGiven(b) => n.maybe(Case, b.claim.as_ref()).maybe(Order, b.order.as_ref()),
        Body::CaseReviewed(b) => match &b.claim {
            Some(claim) => n.id(Case, claim.as_str()),
            None => n.id(Case, b.case.as_str()),
        },
        Body::ReviewPosted(b) => {
            n.maybe(Order, b.order.as_ref()).maybe(Buyer, b.buyer.as_ref()).maybe(Shop, b.shop.as_ref()).maybe(Item, b.item.as_ref())
        }
        Body::ReportFiled(b) => {
            let n = n.maybe(Buyer, b.reporter.as_ref()).maybe(Show, b.show.as_ref()).maybe(Item, b.item.as_ref());
            match b.target_kind {
                TargetKind::Shop => n.id(Shop, b.target.as_str()),
                TargetKind::Streamer => n.id(Streamer, b.target.as_str()),
                TargetKind::Provider => n.id(Provider, b.target.as_str()),
                _ => n,
            }
        }
        Body::ViewMade(b) => n
            .maybe(Buyer, b.viewer.as_ref())
            .maybe(Video, b.video.as_ref())
            .maybe(Show, b.show.as_ref())
            .maybe(Campaign, b.campaign.as_ref())
            .origin(b.device_hash.as_ref(), b.network_hash.as_ref()),
        Body::LikeGiven(b) => n
            .maybe(Buyer, b.viewer.as_ref())
            .maybe(Video, b.video.as_ref())
            .maybe(Show, b.show.as_ref())
            .origin(b.device_hash.as_ref(), b.network_hash.as_ref()),
        Body::FollowMade(b) => n
            .id(Buyer, b.follower.as_str())
            .maybe(Streamer, b.streamer.as_ref())
            .maybe(Shop, b.shop.as_ref())
            .maybe(Show, b.show.as_ref())
            .maybe(Video, b.video.as_ref())
            .maybe(Campaign, b.campaign.as_ref())
            .origin(b.device_hash.as_ref(), b.network_hash.as_ref()),
        Body::FollowEnded(b) => n.id(Buyer, b.follower.as_str()).maybe(Streamer, b.streamer.as_ref()).maybe(Shop, b.shop.as_ref()),
        Body::ShareMade(b) => n
            .maybe(Buyer, b.viewer.as_ref())
            .maybe(Video, b.video.as_ref())
            .maybe(Show, b.show.as_ref())
            .origin(b.device_hash.as_ref(), b.network_hash.as_ref()),
        Body::ShowEntered(b) => n
            .maybe(Buyer, b.viewer.as_ref())
            .id(Show, b.show.as_str())
            .maybe(Campaign, b.campaign.as_ref())
            .origin(b.device_hash.as_ref(), b.network_hash.as_ref()),
        Body::ShowLeft(b) => n.maybe(Buyer, b.viewer.as_ref()).id(Show, b.show.as_str()).origin(b.device_hash.as_ref(), None),
        Body::CampaignSet(b) => n.id(Campaign, b.campaign.as_str()).maybe(Shop, b.shop.as_ref()),
        Body::ImpressionServed(b) => n
            .maybe(Buyer, b.viewer.as_ref())
            .maybe(Video, b.video.as_ref())
            .maybe(Show, b.show.as_ref())
            .maybe(Campaign, b.campaign.as_ref())
            .origin(b.device_hash.as_ref(), b.network_hash.as_ref()),
        Body::ClickMade(b) => n
            .maybe(Buyer, b.viewer.as_ref())
            .maybe(Video, b.video.as_ref())
            .maybe(Show, b.show.as_ref())
            .maybe(Campaign, b.campaign.as_ref())
            .origin(b.device_hash.as_ref(), b.network_hash.as_ref()),
        Body::SpendCharged(b) => n.id(Campaign, b.campaign.as_str()),
        Body::ContractSigned(b) => {
            let n = n.id(Contract, b.contract.as_str()).id(Provider, b.provider.as_str());
            match Role::of_party(b.client_kind) {
                Role::Provider => n,
                client => n.id(client, b.client.as_str()),
            }
        }
        Body::DeliverableGiven(b) => n.id(Contract, b.contract.as_str()),
        Body::DeliverableAccepted(b) => n.id(Contract, b.contract.as_str()),
        Body::DeliverableDisputed(b) => n.id(Contract, b.contract.as_str()),
        Body::SampleSent(b) => n.id(Streamer, b.streamer.as_str()).maybe(Shop, b.shop.as_ref()).id(Item, b.item.as_str()),
        _ => n,
    }
}
