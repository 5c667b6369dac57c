//! Follows: made, and ended.

use laotie_facts::body::{Entry, FollowEnded, FollowMade};
use laotie_facts::{BuyerId, StreamerId};

use crate::actors::Edge;
use crate::happening::Sender;
use crate::market::places::Place;
use crate::market::values::hash_of;
use crate::market::{Market, What};
use crate::random::Random;

/// Follows that a buyer keeps at most.
const EDGES_MAX: usize = 400;

impl Market {
    pub(crate) fn buyer_id(&self, buyer: u32) -> BuyerId {
        BuyerId::new(self.buyer_name(buyer)).expect("names are valid ids")
    }

    pub(crate) fn streamer_id(&self, streamer: u32) -> StreamerId {
        StreamerId::new(self.streamer_name(streamer)).expect("names are valid ids")
    }

    /// A follow before the first day: how many, was settled when the account was opened.
    pub(crate) fn early_follow(&mut self, buyer: u32, left: u16) {
        let mut random = self.buyers[buyer as usize].random;
        let streamer = self.streamer_by_draw(&mut random);
        self.follow(buyer, streamer, Place::Nowhere, false, &mut random);
        if left > 1 {
            let rest = crate::goods::as_float(self.start - self.now);
            let wait = random.exponential(rest / f64::from(left));
            let at = self.now + crate::random::to_i64(wait) + 1;
            if at < self.start {
                self.enter(at, What::EarlyFollow(buyer, left - 1));
            }
        }
        self.buyers[buyer as usize].random = random;
    }

    /// The sums of how much each streamer draws are made anew.
    pub(crate) fn draws_changed(&mut self) {
        let mut sum = 0.0;
        self.draws.clear();
        for streamer in &self.streamers {
            sum += f64::from(streamer.charisma * streamer.favour);
            self.draws.push(sum);
        }
    }

    /// A streamer, in proportion to how much each draws.
    pub(crate) fn streamer_by_draw(&self, random: &mut Random) -> u32 {
        let target = random.unit() * self.draws.last().copied().unwrap_or(0.0);
        let place = self.draws.partition_point(|sum| *sum <= target).min(self.draws.len().saturating_sub(1));
        u32::try_from(place).unwrap_or(0)
    }

    /// A follow of this moment; its key, or nothing when it was there already.
    pub(crate) fn follow(&mut self, buyer: u32, streamer: u32, place: Place, bought: bool, random: &mut Random) -> Option<String> {
        let account = &self.buyers[buyer as usize];
        if account.edge(streamer).is_some() || account.edges.len() >= EDGES_MAX {
            return None;
        }
        let club = random.chance(self.rules.buyers.fan_club_share);
        let entry = match place {
            Place::Nowhere => *random.pick(&[None, Some(Entry::Profile), Some(Entry::Recommend), Some(Entry::Search)]),
            Place::Show(_) => *random.pick(&[None, Some(Entry::Recommend), Some(Entry::Recommend), Some(Entry::Video)]),
            Place::Video(_) => *random.pick(&[None, Some(Entry::Recommend), Some(Entry::Video), Some(Entry::Profile)]),
        };
        let (show, video) = self.place_ids(place);
        let device = account.device;
        let network = account.network;
        let shares = self.rules.buyers.device_share;
        let body = FollowMade {
            campaign: None,
            device_hash: random.chance(shares).then(|| hash_of(device)),
            entry,
            fan_club: club,
            follower: self.buyer_id(buyer),
            network_hash: random.chance(shares * 0.7).then(|| hash_of(network)),
            shop: None,
            show,
            streamer: Some(self.streamer_id(streamer)),
            video,
        };
        let key = self.next_key("f-");
        self.say(Sender::LiveRooms, key.clone(), body);
        self.buyers[buyer as usize].edges.push(Edge { streamer, trust: 0.5, orders: 0, club, bought });
        let followed = &mut self.streamers[streamer as usize];
        followed.fans += 1;
        if f64::from(followed.fans) >= self.rules.streamers.unlock_fans[0] {
            followed.unlocked = true;
        }
        if club && followed.club.len() < 300 {
            followed.club.push(buyer);
        }
        Some(key)
    }

    /// Now and then a buyer looks through what it follows and lets go of the one it trusts least.
    pub(crate) fn perhaps_unfollow(&mut self, buyer: u32, random: &mut Random) {
        let account = &self.buyers[buyer as usize];
        if account.edges.is_empty() {
            return;
        }
        let weekly = self.rules.buyers.unfollow_per_week * 7.0 / 4.0;
        let some = random.index(account.edges.len());
        let edge = account.edges[some];
        let drops = if edge.bought { self.rules.bought.drops_per_month * 7.0 / 30.0 } else { 0.0 };
        let factor = (2.0 - 2.0 * f64::from(edge.trust)).max(0.1);
        let edges = crate::goods::as_float(i64::try_from(account.edges.len()).unwrap_or(1));
        let sessions = f64::from(account.rate) * 7.0;
        if random.chance((weekly * factor + drops) * edges / sessions.max(0.5) * 0.5) {
            self.unfollow(buyer, some, random);
        }
    }

    fn unfollow(&mut self, buyer: u32, place: usize, random: &mut Random) {
        let edge = self.buyers[buyer as usize].edges.swap_remove(place);
        let body = FollowEnded {
            fan_club: edge.club && random.chance(0.2),
            follower: self.buyer_id(buyer),
            shop: None,
            show: None,
            streamer: Some(self.streamer_id(edge.streamer)),
        };
        let key = self.next_key("f-");
        self.say(Sender::LiveRooms, key, body);
        let followed = &mut self.streamers[edge.streamer as usize];
        followed.fans = followed.fans.saturating_sub(1);
        followed.club.retain(|member| *member != buyer);
    }
}
