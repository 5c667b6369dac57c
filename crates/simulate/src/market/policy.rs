//! What Laotie decided, fed back in: the market reacts to it.

use laotie_facts::body::{ActionKind, PartyKind, SupportKind, TargetKind};
use laotie_facts::{Body, Timestamp};

use crate::goods::{as_float, to_f32};
use crate::market::Market;
use crate::market::shops::GUARANTEES;
use crate::rhythm::{DAY, WEEK};

/// What a market does by itself, whoever decides it: the hooks of a policy that is tried out.
#[derive(Debug, Clone, PartialEq)]
pub enum Policy {
    /// How much a streamer is put before viewers: a factor.
    StreamerExposure {
        /// The streamer's id.
        streamer: String,
        /// 1 is as it was.
        factor: f64,
    },
    /// How much a shop is put before buyers on the shelf: a factor.
    ShopExposure {
        /// The shop's id.
        shop: String,
        /// 1 is as it was.
        factor: f64,
    },
    /// A guarantee of a shop is on or off; a fact of the market follows.
    Guarantee {
        /// The shop's id.
        shop: String,
        /// As `return_freight_cover`.
        guarantee: String,
        /// On or off.
        on: bool,
    },
    /// A reminder to the streamer on air.
    Reminder {
        /// The streamer's id.
        streamer: String,
    },
    /// A party may not sell until then.
    Suspension {
        /// The party's id.
        party: String,
        /// Until when.
        until: Timestamp,
    },
}

/// The most that an exposure is moved.
const FAVOUR: (f64, f64) = (0.0, 20.0);

impl Market {
    /// Carries out a policy from now on; whether the market knows whom it is about.
    pub fn apply(&mut self, policy: &Policy) -> bool {
        match policy {
            Policy::StreamerExposure { streamer, factor } => self.streamer_named(streamer).map(|s| {
                self.streamers[s].favour = to_f32(factor.clamp(FAVOUR.0, FAVOUR.1));
                self.draws_changed();
            }),
            Policy::ShopExposure { shop, factor } => self.shop_named(shop).map(|s| {
                self.shops[s].favour = to_f32(factor.clamp(FAVOUR.0, FAVOUR.1));
                self.shelf_changed();
            }),
            Policy::Guarantee { shop, guarantee, on } => self.shop_named(shop).and_then(|s| {
                let which = GUARANTEES.iter().position(|g| g == guarantee)?;
                if self.shops[s].guarantees[which] != *on {
                    self.shops[s].guarantees[which] = *on;
                    self.switch_guarantee(u32::try_from(s).ok()?, guarantee, *on);
                }
                Some(())
            }),
            Policy::Reminder { streamer } => self.streamer_named(streamer).map(|s| self.remind(s)),
            Policy::Suspension { party, until } => self.suspend(party, until.micros()),
        }
        .is_some()
    }

    /// Hears a fact that Laotie decided, and reacts as a market would. Facts of other kinds change nothing.
    pub fn hear(&mut self, decided: &Body) {
        match decided {
            Body::NudgeSent(nudge) => {
                let on_air = nudge.streamer.as_ref().and_then(|s| self.streamer_named(s.as_str()));
                if let Some(streamer) = on_air {
                    self.remind(streamer);
                }
            }
            Body::PenaltyImposed(penalty) => {
                for action in &penalty.actions {
                    let until = action.until.map_or(self.now + 7 * DAY, Timestamp::micros);
                    match action.action {
                        ActionKind::SuspendCart | ActionKind::Ban | ActionKind::CloseShop | ActionKind::Remove => {
                            self.suspend(penalty.party.as_str(), until);
                        }
                        ActionKind::LimitReach => self.favour(penalty.party_kind, penalty.party.as_str(), 0.3),
                        _ => {}
                    }
                }
            }
            Body::PenaltyLifted(lifted) => {
                self.suspend(lifted.party.as_str(), self.now);
                self.favour(lifted.party_kind, lifted.party.as_str(), 1.0);
            }
            Body::DebtRaised(debt) => self.owe(debt),
            Body::SettlementFrozen(frozen) => self.ask_for_plans(frozen),
            Body::BadgeLit(badge) => self.badge(badge.shop.as_str(), 0.12),
            Body::BadgeUnlit(badge) => self.badge(badge.shop.as_str(), 0.0),
            Body::TrustChanged(trust) => {
                let factor = 0.4 + 1.2 * as_float(trust.index_ppm.get()) / 1e6;
                match trust.subject_kind {
                    TargetKind::Streamer => self.favour(PartyKind::Streamer, trust.subject.as_str(), factor),
                    TargetKind::Shop => self.favour(PartyKind::Shop, trust.subject.as_str(), factor),
                    _ => {}
                }
            }
            Body::GrantIssued(grant) if grant.support == SupportKind::Traffic => {
                self.favour(grant.party_kind, grant.party.as_str(), 1.5);
            }
            _ => {}
        }
    }

    fn remind(&mut self, streamer: usize) {
        let [factor, heeded] = self.rules.streamers.reminded;
        let streamer = &mut self.streamers[streamer];
        let slot = streamer.show;
        if streamer.random.chance(heeded) {
            streamer.care = (streamer.care * to_f32(factor)).max(0.05);
            if let Some(show) = slot.and_then(|s| self.shows.get_mut(s)) {
                show.reminded = true;
            }
        }
    }

    fn suspend(&mut self, party: &str, until: i64) -> Option<()> {
        let until = until.min(self.now + 520 * WEEK);
        if let Some(streamer) = self.streamer_named(party) {
            self.streamers[streamer].suspended_until = until;
            return Some(());
        }
        let shop = self.shop_named(party)?;
        self.shops[shop].suspended_until = until;
        self.shelf_changed();
        Some(())
    }

    fn favour(&mut self, kind: PartyKind, party: &str, factor: f64) {
        let factor = to_f32(factor.clamp(FAVOUR.0, FAVOUR.1));
        if kind == PartyKind::Streamer {
            if let Some(streamer) = self.streamer_named(party) {
                self.streamers[streamer].favour = factor;
                self.draws_changed();
            }
        } else if let Some(shop) = self.shop_named(party) {
            self.shops[shop].favour = factor;
            self.shelf_changed();
        }
    }

    fn badge(&mut self, shop: &str, trust: f32) {
        if let Some(shop) = self.shop_named(shop) {
            self.shops[shop].badge = trust;
        }
    }

    fn streamer_named(&self, name: &str) -> Option<usize> {
        (0..self.streamers.len()).find(|i| u32::try_from(*i).is_ok_and(|i| self.streamer_name(i) == name))
    }

    /// A shop by its own id, or by its merchant's.
    fn shop_named(&self, name: &str) -> Option<usize> {
        let named = |i: u32| if name.starts_with("m-") { self.merchant_name(i) == name } else { self.shop_name(i) == name };
        (0..self.shops.len()).find(|i| u32::try_from(*i).is_ok_and(named))
    }
}
