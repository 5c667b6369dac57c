//! Streamers who buy engagement, and what they buy.

use crate::market::crowds::{Product, WaveKind};
use crate::market::videos::Video;
use crate::market::{Market, What};
use crate::random::{Random, to_i64, to_u32};
use crate::rhythm::HOUR;

const PACKAGES: [Product; 5] = [Product::Follower, Product::AdFollower, Product::Like, Product::Play, Product::Popularity];

impl Market {
    /// A client thinks of the next package, or of the fans that the next threshold needs.
    pub(crate) fn buy_engagement(&mut self, index: u32) {
        let mut random = self.streamers[index as usize].random;
        let rules = &self.rules.bought;
        let streamer = &self.streamers[index as usize];
        let (buys, unlocked, fans) = (streamer.buys, streamer.unlocked, f64::from(streamer.fans));
        let next = self.rules.streamers.unlock_fans.iter().copied().find(|threshold| *threshold > fans);
        // Who is near a threshold buys what is missing; who has no shop window yet also from afar.
        let wanted =
            next.filter(|threshold| !unlocked || fans > rules.threshold[0] * threshold).map_or(0, |threshold| to_u32(threshold - fans));
        // Who is watched by more buys more, so as not to stand out.
        let watched = libm::pow(f64::from(streamer.charisma), 0.95).clamp(0.3, 16.0);
        if wanted > 0 && random.chance(rules.threshold[1]) {
            let size = (wanted + random.poisson(4.0)).min(to_u32(rules.threshold[2] * watched));
            self.buy(index, Product::ShopUnlock, size, &mut random);
        } else if buys {
            let choice = random.weighted(&rules.mix);
            let size = to_u32(random.log_normal(rules.size[choice] * watched, 0.6)).max(4);
            self.buy(index, PACKAGES[choice], size, &mut random);
        }
        if buys || !unlocked {
            let wait = random.exponential(30.0 / self.rules.bought.packages_per_month.max(0.01));
            self.enter(self.now + to_i64(wait * 24.0).max(6) * HOUR + random.whole(0, HOUR), What::Buy(index));
        }
        self.streamers[index as usize].random = random;
    }

    fn buy(&mut self, index: u32, product: Product, size: u32, random: &mut Random) {
        // Likes and visits, and half of the fans, are delivered while a show is on.
        let row = PACKAGES.iter().position(|p| *p == product).unwrap_or(0);
        let in_show = self.rules.bought.in_show[row];
        if random.chance(in_show) {
            return self.streamers[index as usize].awaited.push((product, size));
        }
        let hours = [5.0, 24.0, 150.0][random.weighted(&self.rules.bought.speeds)];
        let from = self.now + random.whole(0, 5 * HOUR);
        self.deliver_package(index, product, size, from, hours, random);
    }

    /// A show opens: what was bought for it comes while it is on.
    pub(crate) fn deliver_awaited(&mut self, index: u32, until: i64, random: &mut Random) {
        let hours = crate::goods::as_float((until - self.now) / 1_000_000) / 3_600.0;
        for (product, all) in std::mem::take(&mut self.streamers[index as usize].awaited) {
            // A large package is spread over some shows.
            let size = if all > 6 { all.div_ceil(3) } else { all };
            if size < all {
                self.streamers[index as usize].awaited.push((product, all - size));
            }
            let from = self.now + to_i64(random.between(0.0, 0.2) * hours * 3.6e9);
            self.deliver_package(index, product, size, from, hours * 0.8, random);
        }
    }

    fn deliver_package(&mut self, index: u32, product: Product, size: u32, from: i64, hours: f64, random: &mut Random) {
        let seller = random.index(self.sellers.len());
        let quality = usize::from(self.sellers[seller].quality);
        let row = PACKAGES.iter().position(|p| *p == product).unwrap_or(0);
        let price = self.rules.bought.price_micros.get(row).map_or(0.0, |prices| prices[quality]);
        let recent: Vec<Video> = self.videos.iter().rev().filter(|v| v.streamer == index).take(3).copied().collect();
        // Mostly what goes well already is pushed further.
        let best = recent.iter().max_by(|a, b| a.draw.total_cmp(&b.draw)).copied().filter(|_| random.chance(0.7));
        let video = best.or_else(|| (!recent.is_empty()).then(|| *random.pick(&recent)));
        let price = price * random.log_normal(1.0, self.rules.bought.price_sigma);
        let seller = u16::try_from(seller).unwrap_or(0);
        let kind = WaveKind::Bought { product, seller, price_micros: to_i64(price) };
        self.start_wave(kind, index, video, size, from, hours, random);
    }
}
