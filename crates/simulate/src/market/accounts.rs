//! Buyers' accounts: made, opened, and held by whom.

use laotie_facts::Few;
use laotie_facts::body::{Identity, IdentityKind, PartyKind, PartyRegistered};

use crate::actors::{Buyer, BuyerNature, Gang, NONE, Seller};
use crate::goods::to_f32;
use crate::happening::Sender;
use crate::market::birth::plain;
use crate::market::values::hash_of;
use crate::market::{Market, What};
use crate::random::{Random, to_i64, to_u32};
use crate::rhythm::HOUR;

impl Market {
    /// Makes a buyer; its index is the number of those before it.
    pub(crate) fn make_buyer(&mut self, mut random: Random) -> u32 {
        let (rules, fussy) = (&self.rules.buyers, self.rules.after_sale.fussy_sigma);
        let index = u32::try_from(self.buyers.len()).unwrap_or(NONE);
        let rate =
            random.log_normal(rules.sessions_per_day, rules.sessions_sigma) * libm::exp(-0.5 * rules.sessions_sigma * rules.sessions_sigma);
        let orders = random.gamma(rules.orders_shape) / rules.orders_shape * rules.orders_per_year / 365.0;
        let network = if index > 0 && random.chance(rules.household / (1.0 + rules.household)) {
            let back = random.below(u64::from(index).min(50)) + 1;
            self.buyers[index as usize - usize::try_from(back).unwrap_or(1)].network
        } else {
            random.next()
        };
        let region = u8::try_from(to_u32(random.unit() * random.unit() * 40.0).min(39)).unwrap_or(0);
        let urge = random.log_normal(1.0, rules.follows_sigma) * libm::exp(-0.5 * rules.follows_sigma * rules.follows_sigma);
        let buyer = Buyer {
            nature: BuyerNature::Honest,
            region,
            belongs_to: u16::MAX,
            orders: 0,
            rate: to_f32(rate.clamp(0.004, 40.0)),
            needs: to_f32((orders / rate.max(0.004)).min(0.9)),
            urge: to_f32(urge),
            fussy: to_f32(random.log_normal(1.0, fussy) * libm::exp(-0.5 * fussy * fussy)),
            taste: std::array::from_fn(|_| u8::try_from(to_u32(random.gamma(0.9) * 128.0).min(255)).unwrap_or(255)),
            device: random.next(),
            network,
            edges: Vec::new(),
            memory: [(NONE, 0.0); 4],
            random,
        };
        self.buyers.push(buyer);
        index
    }

    /// A buyer's account is opened.
    pub(crate) fn join(&mut self, index: u32) {
        let name = self.buyer_name(index);
        let region = self.buyers[index as usize].region;
        let mut random = self.buyers[index as usize].random;
        let shown = Identity { hash: hash_of(self.buyers[index as usize].device), kind: IdentityKind::Device };
        let body = PartyRegistered {
            identities: if random.chance(0.5) { Few::new(vec![shown]).expect("one") } else { Few::default() },
            region: Some(self.region(region)),
            ..plain(&name, PartyKind::Buyer)
        };
        self.say(Sender::Platform, format!("{name}/registered"), body);
        let buyer = &mut self.buyers[index as usize];
        buyer.random = random;
        let (nature, rate, urge, belongs_to) = (buyer.nature, f64::from(buyer.rate), f64::from(buyer.urge), buyer.belongs_to);
        let owner = match nature {
            BuyerNature::Panel => self.sellers.get(usize::from(belongs_to)).map(|s| s.name.clone()),
            BuyerNature::Gang => self.gangs.get(usize::from(belongs_to)).map(|g| g.name.clone()),
            _ => None,
        };
        self.tell_party(&name, "buyer", nature.name(), self.now, owner);
        let random = &mut self.buyers[index as usize].random;
        let follows = random.poisson(self.rules.buyers.follows_mean * urge);
        let wait = random.exponential(1.0 / rate);
        let first = self.rhythm.after(self.now.max(self.start), wait * 24.0);
        if self.now < self.start && follows > 0 {
            self.enter(self.now, What::EarlyFollow(index, u16::try_from(follows).unwrap_or(u16::MAX)));
        }
        self.enter(first, What::Session(index));
    }

    /// Gives out who is held by whom; accounts of panels, brushers and gangs are like all others otherwise.
    pub(crate) fn hire(&mut self, buyers: u32) {
        let mut random = self.random.split();
        let count = self.scaled(self.rules.population.engagement_sellers);
        for i in 0..count {
            let quality = u8::try_from(random.weighted(&self.rules.bought.qualities)).unwrap_or(0);
            self.sellers.push(Seller { name: format!("panel-{i}"), accounts: Vec::new(), quality });
        }
        let gangs = to_u32(f64::from(buyers) * self.rules.brushing.gang_share / f64::from(self.rules.brushing.gang_size) + 0.5);
        for i in 0..gangs {
            self.gangs.push(Gang { random: random.split(), name: format!("gang-{i}"), members: Vec::new() });
            let first = self.start + to_i64(random.between(0.0, 30.0) * 24.0) * HOUR;
            self.enter(first, What::Gang(i));
        }
        for buyer in 0..buyers {
            self.give_role(buyer, &mut random);
        }
    }

    /// Decides what a new account is.
    pub(crate) fn give_role(&mut self, buyer: u32, random: &mut Random) {
        let (bought, brushing) = (&self.rules.bought, &self.rules.brushing);
        let weights = [
            (1.0 - bought.panel_share - brushing.brusher_share - brushing.gang_share).max(0.0),
            bought.panel_share,
            brushing.brusher_share,
            brushing.gang_share,
        ];
        let nature = [BuyerNature::Honest, BuyerNature::Panel, BuyerNature::Brusher, BuyerNature::Gang][random.weighted(&weights)];
        let place = match nature {
            BuyerNature::Honest => return,
            BuyerNature::Panel => {
                let seller = random.index(self.sellers.len());
                self.sellers[seller].accounts.push(buyer);
                if random.chance(bought.shared_devices) {
                    let other = *random.pick(&self.sellers[seller].accounts);
                    self.buyers[buyer as usize].network = self.buyers[other as usize].network;
                }
                seller
            }
            BuyerNature::Brusher => {
                self.brushers.push(buyer);
                0
            }
            BuyerNature::Gang if self.gangs.is_empty() => return,
            BuyerNature::Gang => {
                let gang = random.index(self.gangs.len());
                self.gangs[gang].members.push(buyer);
                gang
            }
        };
        let account = &mut self.buyers[buyer as usize];
        account.nature = nature;
        if matches!(nature, BuyerNature::Brusher | BuyerNature::Gang) {
            account.needs *= to_f32(self.rules.brushing.own_orders);
        }
        account.belongs_to = u16::try_from(place).unwrap_or(u16::MAX);
    }

    /// Somebody new; the index of the account.
    pub(crate) fn newcomer(&mut self, at: i64, random: &mut Random) -> u32 {
        let index = self.make_buyer(Random::of(self.run.seed, &[1, self.buyers.len() as u64]));
        self.give_role(index, random);
        self.enter(at, What::Join(index));
        index
    }
}
