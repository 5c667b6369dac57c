//! Streamers: made, and signed up.

use laotie_facts::Few;
use laotie_facts::body::{Identity, IdentityKind, PartyKind, PartyRegistered};

use crate::actors::{NONE, Streamer, StreamerNature};
use crate::goods::to_f32;
use crate::happening::Sender;
use crate::market::birth::plain;
use crate::market::values::{hash_of, share_of};
use crate::market::{Market, What};
use crate::random::{Random, to_i64};
use crate::rhythm::{DAY, HOUR};

impl Market {
    pub(crate) fn make_streamer(&mut self, index: u32) {
        let mut random = Random::of(self.run.seed, &[3, u64::from(index)]);
        let rules = &self.rules.streamers;
        let spread = self.spread(3, index);
        let nature = match share_of(spread, &[(1.0 - rules.liars - rules.boasters).max(0.0), rules.boasters, rules.liars]) {
            0 => StreamerNature::Honest,
            1 => StreamerNature::Boaster,
            _ => StreamerNature::Liar,
        };
        let beginner = random.chance(rules.beginners);
        let buys = self.spread(6, index) < self.rules.bought.clients[nature as usize];
        let (trade, shops) = (random.weighted(&self.rules.goods.shares), self.shops.len());
        let mut shown: Vec<u32> = Vec::with_capacity(6);
        for _ in 0..60 {
            let shop = random.index(shops);
            let fits = usize::from(self.shops[shop].category) == trade || random.chance(0.15);
            let shop = u32::try_from(shop).unwrap_or(0);
            if fits && shown.len() < 6 && !shown.contains(&shop) {
                shown.push(shop);
            }
        }
        if shown.is_empty() {
            shown.push(0);
        }
        let own_shop = if random.chance(0.2) { shown[0] } else { NONE };
        let at = self.start - self.opened_ago(&mut random);
        let streamer = Streamer {
            nature,
            region: u8::try_from(random.below(40)).unwrap_or(0),
            charisma: to_f32(random.pareto(0.35, rules.charisma_tail).min(40.0)),
            favour: 1.0,
            shops: shown,
            own_shop,
            show: None,
            shows_per_week: to_f32(random.log_normal(rules.shows_per_week, 0.4).min(10.0)),
            fans: 0,
            club: Vec::new(),
            unlocked: !beginner,
            buys,
            awaited: Vec::new(),
            care: 1.0,
            suspended_until: 0,
            schedule: random.split(),
            random,
        };
        self.streamers.push(streamer);
        self.enter(at, What::JoinStreamer(index));
    }

    pub(crate) fn join_streamer(&mut self, index: u32) {
        let name = self.streamer_name(index);
        let streamer = &self.streamers[index as usize];
        let (nature, region, mut random, buys, unlocked) =
            (streamer.nature, streamer.region, streamer.random, streamer.buys, streamer.unlocked);
        let shown = vec![
            Identity { hash: hash_of(random.next()), kind: IdentityKind::Document },
            Identity { hash: hash_of(random.next()), kind: IdentityKind::Face },
        ];
        let body = PartyRegistered {
            identities: Few::new(shown).expect("two identities"),
            region: Some(self.region(region)),
            ..plain(&name, PartyKind::Streamer)
        };
        self.say(Sender::Platform, format!("{name}/registered"), body);
        self.tell_party(&name, "streamer", nature.name(), self.now, None);
        let from = self.now.max(self.start);
        let first = from + to_i64(random.between(0.0, 60.0)) * HOUR + random.whole(0, HOUR);
        self.enter(first, What::GoLive(index));
        self.enter(from + random.whole(0, 48 * HOUR), What::PostVideo(index));
        if buys || !unlocked {
            // Who has no shop window yet thinks of one some day; who buys anyway does so soon.
            let days = random.whole(1, if unlocked { 20 } else { 150 });
            self.enter(from + days * DAY + random.whole(0, DAY), What::Buy(index));
        }
        self.streamers[index as usize].random = random;
    }
}
