//! Waves of acts on one target: crowds of their own accord, and bought ones, which go the same way so that nothing but
//! who acts together tells them apart.

use laotie_facts::body::Entry;

use crate::market::places::Place;
use crate::market::sessions::Visit;
use crate::market::videos::Video;
use crate::market::{Market, What};
use crate::random::{Random, to_i64, to_u32};
use crate::rhythm::{HOUR, MINUTE, SECOND};
use crate::truth::{Crowd, Truth};

/// What is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Product {
    Follower,
    AdFollower,
    Like,
    Play,
    Popularity,
    ShopUnlock,
}

impl Product {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Follower => "follower",
            Self::AdFollower => "ad_follower",
            Self::Like => "like",
            Self::Play => "play",
            Self::Popularity => "popularity",
            Self::ShopUnlock => "shop_unlock",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Follower | Self::AdFollower | Self::ShopUnlock => "follow.made",
            Self::Like => "like.given",
            Self::Play => "view.made",
            Self::Popularity => "show.entered",
        }
    }
}

/// Why a wave comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WaveKind {
    Natural(Crowd),
    Bought { product: Product, seller: u16, price_micros: i64 },
}

/// An act to come that hides others.
#[derive(Debug)]
pub(crate) struct Disguise {
    account: u32,
    product: Product,
    seller: u16,
    random: Random,
}

/// Acts of many on one target over some time.
#[derive(Debug, Clone)]
pub(crate) struct Wave {
    kind: WaveKind,
    streamer: u32,
    video: Option<Video>,
    done: u32,
    total: u32,
    from: i64,
    hours: f64,
    /// Most acts at the beginning, rather than evenly.
    fading: bool,
    random: Random,
}

impl Market {
    #[expect(clippy::too_many_arguments, reason = "why, on whom, on what, how many, from when, how long")]
    pub(crate) fn start_wave(
        &mut self,
        kind: WaveKind,
        streamer: u32,
        video: Option<Video>,
        total: u32,
        from: i64,
        median_hours: f64,
        random: &mut Random,
    ) {
        let hours = random.log_normal(median_hours, 0.5);
        let fading = random.chance(0.6);
        let wave = Wave { kind, streamer, video, done: 0, total, from, hours, fading, random: random.split() };
        let slot = self.waves.put(wave);
        self.enter(from, What::Wave(slot));
    }

    pub(crate) fn wave_step(&mut self, slot: u32) {
        let Some(mut wave) = self.waves.get(slot).cloned() else { return };
        self.act(&mut wave);
        wave.done += 1;
        if wave.done >= wave.total {
            self.waves.take(slot);
            return;
        }
        let share = (f64::from(wave.done) + wave.random.unit()) / f64::from(wave.total);
        let passed = if wave.fading { -libm::log(1.0 - share * 0.95) / 3.0 } else { share };
        let at = self.rhythm.after(wave.from, passed * wave.hours);
        if let Some(place) = self.waves.get_mut(slot) {
            *place = wave;
        }
        self.enter(at.max(self.now + SECOND / 4), What::Wave(slot));
    }

    fn act(&mut self, wave: &mut Wave) {
        let mut random = wave.random;
        match wave.kind {
            WaveKind::Natural(crowd) => self.act_naturally(wave, crowd, &mut random),
            WaveKind::Bought { product, seller, price_micros } => {
                let held = &self.sellers[usize::from(seller)].accounts;
                if !held.is_empty() {
                    let mut account = *random.pick(held);
                    // Likes, plays and visits come from who is there more often, as they do of others.
                    let other = *random.pick(held);
                    let rate = |account: u32| self.buyers[account as usize].rate;
                    if matches!(product, Product::Like | Product::Play | Product::Popularity) && rate(other) > rate(account) {
                        account = other;
                    }
                    self.act_for_money(wave, account, (product, seller, price_micros), &mut random);
                    if random.chance(self.rules.bought.camouflage) {
                        let at = self.rhythm.after(self.now + MINUTE, random.exponential(14.0));
                        self.enter(at, What::Camouflage(Box::new(Disguise { account, product, seller, random: random.split() })));
                    }
                }
            }
        }
        wave.random = random;
    }

    fn act_naturally(&mut self, wave: &Wave, crowd: Crowd, random: &mut Random) {
        let rules = &self.rules.crowds;
        if crowd == Crowd::Raid {
            let buyer = u32::try_from(random.below(self.buyers.len() as u64)).unwrap_or(0);
            if let Some(key) = self.visit_on_air(buyer, wave.streamer, random) {
                self.tell_natural(key, "show.entered", crowd);
                if random.chance(self.rules.crowds.raid_follows) {
                    self.follow_in_show(buyer, wave.streamer, crowd, random);
                }
            }
            return;
        }
        if crowd == Crowd::LuckyBag {
            let buyer = u32::try_from(random.below(self.buyers.len() as u64)).unwrap_or(0);
            return self.follow_in_show(buyer, wave.streamer, crowd, random);
        }
        let new = random.chance(rules.viral_newcomers);
        let appeal = wave.video.map_or(1.0, |v| f64::from(v.appeal)).clamp(0.2, 2.0);
        let [likes, follows] = rules.viral_acts.map(|share| share * appeal);
        let buyer = if new {
            let at = self.now - random.whole(1, 20) * SECOND;
            self.newcomer(at.max(self.now), random)
        } else {
            u32::try_from(random.below(self.buyers.len() as u64)).unwrap_or(0)
        };
        let Some(video) = wave.video else { return };
        let place = Place::Video(video.number);
        let watched = super::sessions::watched(&self.rules.buyers.watching, video.duration, random);
        if random.chance(self.rules.buyers.visits_logged) {
            let key = self.say_view(buyer, place, video.duration, watched, random);
            self.tell_natural(key, "view.made", crowd);
        }
        if random.chance(likes) {
            let at = self.now + watched;
            let key = self.say_like(buyer, place, at, random);
            self.tell_natural(key, "like.given", crowd);
        }
        if random.chance(follows)
            && let Some(key) = self.follow(buyer, wave.streamer, place, false, random)
        {
            self.tell_natural(key, "follow.made", crowd);
        }
    }

    /// One of a crowd follows the host while the show is on.
    fn follow_in_show(&mut self, buyer: u32, streamer: u32, crowd: Crowd, random: &mut Random) {
        let Some(show) = self.streamers[streamer as usize].show.and_then(|slot| self.shows.get(slot)) else { return };
        let place = Place::Show(show.number);
        if crowd == Crowd::LuckyBag {
            self.come_first(buyer, streamer, place, random);
        }
        if let Some(key) = self.follow(buyer, streamer, place, false, random) {
            self.tell_natural(key, "follow.made", crowd);
        }
    }

    fn tell_natural(&mut self, key: String, kind: &str, crowd: Crowd) {
        self.tell(|| Truth::Natural { key, kind: kind.to_owned(), crowd });
    }

    /// One bought act; the fact's key goes into the truth.
    fn act_for_money(&mut self, wave: &Wave, account: u32, (product, seller, price_micros): (Product, u16, i64), random: &mut Random) {
        let place = self.place_of(wave.streamer, wave.video, random);
        let Some(key) = self.deliver_act(account, wave.streamer, place, product, random) else { return };
        self.tell_bought(key, product, seller, wave.streamer, Some(price_micros));
    }

    /// The same act for somebody who did not ask for it, chosen as honest viewers choose.
    pub(crate) fn camouflage(&mut self, disguise: &Disguise) {
        let Disguise { account, product, seller, mut random } = *disguise;
        let random = &mut random;
        // As honest viewers are spread: mostly over what is on air, by how much it draws.
        let on_air = if product == Product::Play { None } else { self.recommended(random).filter(|_| random.chance(0.75)) };
        let video = self.choose_video(random);
        let shown = on_air.and_then(|slot| self.shows.get(slot)).map(|s| (s.streamer, Place::Show(s.number)));
        let (streamer, place) = match (shown, video) {
            (Some(shown), _) => shown,
            (None, Some(video)) => (video.streamer, Place::Video(video.number)),
            (None, None) => (self.streamer_by_draw(random), Place::Nowhere),
        };
        let Some(key) = self.deliver_act(account, streamer, place, product, random) else { return };
        self.tell_bought(key, product, seller, streamer, None);
    }

    /// What was paid for it, or nothing where it hides what was.
    fn tell_bought(&mut self, key: String, product: Product, seller: u16, streamer: u32, price_micros: Option<i64>) {
        let (client, seller) = (self.streamer_name(streamer), self.sellers[usize::from(seller)].name.clone());
        self.tell(|| Truth::Bought {
            key,
            kind: product.kind().to_owned(),
            product: product.name().to_owned(),
            seller,
            client,
            price_micros: price_micros.unwrap_or(0),
            camouflage: price_micros.is_none(),
        });
    }

    /// In the show when it is on, on the video, or on the profile.
    fn place_of(&self, streamer: u32, video: Option<Video>, random: &mut Random) -> Place {
        let show = self.streamers[streamer as usize].show.and_then(|slot| self.shows.get(slot));
        match (show, video) {
            (Some(show), _) if random.chance(0.85) => Place::Show(show.number),
            (_, Some(video)) if random.chance(0.85) => Place::Video(video.number),
            _ => Place::Nowhere,
        }
    }

    fn deliver_act(&mut self, account: u32, streamer: u32, place: Place, product: Product, random: &mut Random) -> Option<String> {
        match product {
            Product::Follower | Product::AdFollower | Product::ShopUnlock => {
                self.come_first(account, streamer, place, random);
                self.follow(account, streamer, place, true, random)
            }
            Product::Like if place == Place::Nowhere => None,
            Product::Like => {
                let stay = self.come_first(account, streamer, place, random);
                let at = self.now + to_i64(random.unit() * crate::goods::as_float(stay));
                Some(self.say_like(account, place, at, random))
            }
            Product::Play => {
                let Place::Video(_) = place else { return None };
                let duration = self.video_duration(random);
                let watched = super::sessions::watched(&self.rules.buyers.watching, duration, random);
                Some(self.say_view(account, place, duration, watched, random))
            }
            Product::Popularity => {
                let key = self.visit_on_air(account, streamer, random);
                if let (Some(slot), true) = (self.streamers[streamer as usize].show, random.chance(0.1)) {
                    self.say_comment(account, slot, 200 * SECOND, random);
                }
                key
            }
        }
    }

    /// A paid account mostly looks before it acts, as others do; how long it stays.
    fn come_first(&mut self, account: u32, streamer: u32, place: Place, random: &mut Random) -> i64 {
        let logged = random.chance(self.rules.buyers.visits_logged);
        match place {
            Place::Show(_) => {
                let stay = self.stay(random).max(20 * SECOND);
                if logged {
                    self.visit_for(account, streamer, stay, random);
                }
                stay
            }
            Place::Video(_) => {
                let duration = self.video_duration(random);
                let watched = super::sessions::watched(&self.rules.buyers.watching, duration, random);
                if logged {
                    self.say_view(account, place, duration, watched, random);
                }
                watched
            }
            Place::Nowhere => SECOND,
        }
    }

    fn visit_on_air(&mut self, buyer: u32, streamer: u32, random: &mut Random) -> Option<String> {
        let stay = self.stay(random);
        self.visit_for(buyer, streamer, stay, random)
    }

    fn visit_for(&mut self, buyer: u32, streamer: u32, stay: i64, random: &mut Random) -> Option<String> {
        let slot = self.streamers[streamer as usize].show?;
        let show = self.shows.get_mut(slot)?;
        show.visits += 1;
        let (number, until) = (show.number, show.until);
        let stay = stay.min(until - self.now - SECOND).max(SECOND);
        let entries = [Entry::Recommend, Entry::Recommend, Entry::Follow, Entry::Follow, Entry::Search, Entry::Ad, Entry::Video];
        let entry = random.chance(0.85).then(|| *random.pick(&entries));
        let taps = if stay > 20 * SECOND { random.poisson(0.3) } else { 0 };
        Some(self.say_visit(&Visit { buyer, show: number, entry, from: self.now, stay, taps }, random))
    }

    /// Members of the fan club come when a show opens, and like it together.
    pub(crate) fn club_comes(&mut self, slot: u32, random: &mut Random) {
        let Some(show) = self.shows.get(slot) else { return };
        let (number, streamer) = (show.number, show.streamer);
        let members = self.streamers[streamer as usize].club.clone();
        for buyer in members {
            if !random.chance(self.rules.crowds.club_comes) {
                continue;
            }
            let from = self.now + to_i64(random.exponential(4.0 * 60e6));
            let stay = to_i64(random.log_normal(500.0, 0.9) * 1e6).clamp(30 * SECOND, 3 * HOUR);
            let visit = Visit { buyer, show: number, entry: Some(Entry::FanGroup), from, stay, taps: random.poisson(0.5) };
            let entry = if random.chance(0.4) { Some(Entry::FanGroup) } else { Some(Entry::Follow) };
            let key = self.say_visit(&Visit { entry, ..visit }, random);
            self.tell_natural(key, "show.entered", Crowd::FanClub);
            if random.chance(0.5) {
                let key = self.say_like(buyer, Place::Show(number), from + random.whole(SECOND, 3 * MINUTE), random);
                self.tell_natural(key, "like.given", Crowd::FanClub);
            }
        }
    }

    /// A host draws lots among those who follow, at some time of the show.
    pub(crate) fn perhaps_draw_lots(&mut self, streamer: u32, until: i64, random: &mut Random) {
        let [share, median] = self.rules.crowds.lucky_bags;
        if !random.chance(share) {
            return;
        }
        let draws = f64::from(self.streamers[streamer as usize].charisma).clamp(0.5, 3.0);
        let size = to_u32(random.log_normal(median, 0.8) * draws).max(3);
        let from = self.now + to_i64(random.between(0.0, 0.8) * crate::goods::as_float(until - self.now));
        self.start_wave(WaveKind::Natural(Crowd::LuckyBag), streamer, None, size, from, 0.3, random);
    }

    /// A show ends and its viewers go on to another one.
    pub(crate) fn raid(&mut self, random: &mut Random) {
        let slot = *random.pick(&self.on_air);
        let Some(streamer) = self.shows.get(slot).map(|s| s.streamer) else { return };
        let size = to_u32(random.log_normal(self.rules.crowds.raid_size, 0.7)).max(3);
        self.start_wave(WaveKind::Natural(Crowd::Raid), streamer, None, size, self.now + 5 * SECOND, 0.12, random);
    }
}
