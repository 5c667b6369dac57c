//! A buyer looks at the phone: watches, likes, comments, follows, perhaps buys.

use laotie_facts::body::{ClickMade, CommentPosted, Entry, ImpressionServed, LikeGiven, ShareMade, ShowEntered, ShowLeft, ViewMade};
use laotie_facts::{CommentId, MaskedText, Ppm, Sha256Hex, VisitId};

use crate::happening::Sender;
use crate::market::places::Place;
use crate::market::values::{hash_of, quantity, text};
use crate::market::{Market, What};
use crate::random::{Random, to_i64};
use crate::rhythm::SECOND;
use crate::script;

/// Signals of an average session that is logged: visits and views, and acts (likes, comments, shares).
const SIGNALS_OF_SESSION: (f64, f64) = (1.12, 0.38);

/// Hashed device and network of a signal, each where it is logged.
pub(crate) type Marks = (Option<Sha256Hex>, Option<Sha256Hex>);

/// A stay in a show.
pub(crate) struct Visit {
    pub(crate) buyer: u32,
    pub(crate) show: u64,
    pub(crate) entry: Option<Entry>,
    pub(crate) from: i64,
    pub(crate) stay: i64,
    pub(crate) taps: u32,
}

impl Market {
    pub(crate) fn marks(&self, buyer: u32, random: &mut Random) -> Marks {
        let account = &self.buyers[buyer as usize];
        let share = self.rules.buyers.device_share;
        (random.chance(share).then(|| hash_of(account.device)), random.chance(share * 0.7).then(|| hash_of(account.network)))
    }

    /// How long somebody stays, in microseconds: seconds when zapping through, longer otherwise.
    pub(crate) fn stay(&self, random: &mut Random) -> i64 {
        let rules = &self.rules.buyers;
        if random.chance(rules.zapping) {
            return to_i64(random.between(0.8, 3.6) * 1e6);
        }
        to_i64(random.log_normal(rules.stay[0], rules.stay[1]).clamp(2.0, 14_000.0) * 1e6)
    }

    /// Whether a session's signals are logged, and the factor on likes and comments.
    fn logged(&self, random: &mut Random) -> (bool, f64) {
        let rules = &self.rules.buyers;
        let wanted = rules.signals_per_day / rules.sessions_per_day.max(0.001);
        let (visits, acts) = SIGNALS_OF_SESSION;
        let busy = ((wanted - visits) / acts).max(1.0);
        (random.chance(wanted / (visits + acts)), busy)
    }

    pub(crate) fn session(&mut self, buyer: u32) {
        let mut random = self.buyers[buyer as usize].random;
        let wait = random.exponential(24.0 / f64::from(self.buyers[buyer as usize].rate)) / self.weather.festival;
        let next = self.rhythm.after(self.now + SECOND, wait);
        self.enter(next, What::Session(buyer));
        let (logged, busy) = self.logged(&mut random);
        self.perhaps_unfollow(buyer, &mut random);
        match random.weighted(&self.rules.buyers.places) {
            0 => match self.choose_show(buyer, &mut random) {
                Some((slot, entry)) => self.watch_show(buyer, slot, entry, logged.then_some(busy), &mut random),
                None => self.watch_video(buyer, logged.then_some(busy), &mut random),
            },
            1 => self.watch_video(buyer, logged.then_some(busy), &mut random),
            _ => self.browse(buyer, logged, &mut random),
        }
        self.buyers[buyer as usize].random = random;
    }

    pub(crate) fn watch_show(&mut self, buyer: u32, slot: u32, entry: Entry, log: Option<f64>, random: &mut Random) {
        let Some(show) = self.shows.get(slot) else { return };
        let (number, streamer, until, appeal) = (show.number, show.streamer, show.until, show.appeal);
        let stay = self.stay(random).min(until - self.now - SECOND).max(SECOND);
        if let Some(show) = self.shows.get_mut(slot) {
            show.visits += 1;
        }
        let serious = stay > 20 * SECOND;
        if let Some(busy) = log {
            let taps = if serious { random.poisson(0.4) } else { 0 };
            let entry = random.chance(0.85).then_some(entry);
            if random.chance(self.rules.buyers.visits_logged) {
                self.say_visit(&Visit { buyer, show: number, entry, from: self.now, stay, taps }, random);
            }
            if serious {
                self.say_acts(buyer, Place::Show(number), stay, busy, random);
                if random.chance(self.rules.buyers.acts[2] * busy.min(3.0)) {
                    self.say_comment(buyer, slot, stay, random);
                }
            }
        }
        if serious {
            let account = &self.buyers[buyer as usize];
            let known = account.edge(streamer).is_some();
            if !known && random.chance((self.rules.buyers.follow_chances[0] * f64::from(account.urge * appeal)).min(0.6)) {
                self.follow(buyer, streamer, Place::Show(number), false, random);
            }
            self.consider_in_show(buyer, slot, entry, stay, random);
        }
    }

    /// A stay as the log has it; the key of its beginning.
    pub(crate) fn say_visit(&mut self, visit: &Visit, random: &mut Random) -> String {
        let (device_hash, network_hash) = self.marks(visit.buyer, random);
        let name = self.names.thing.next("x-");
        let visit_id = VisitId::new(name.clone()).expect("names are valid ids");
        let viewer = Some(self.buyer_id(visit.buyer));
        let region = random.chance(0.5).then(|| self.region(self.buyers[visit.buyer as usize].region));
        let body = ShowEntered {
            campaign: None,
            device_hash,
            entry: visit.entry,
            network_hash,
            region,
            show: self.show_id(visit.show),
            viewer: viewer.clone(),
            visit: Some(visit_id.clone()),
        };
        self.say_at(visit.from, Sender::LiveRooms, format!("{name}/in"), body);
        let left = ShowLeft {
            device_hash,
            item_taps: (visit.taps > 0).then(|| quantity(visit.taps)),
            show: self.show_id(visit.show),
            stayed_ms: Some(quantity(visit.stay / 1_000)),
            viewer,
            visit: Some(visit_id),
        };
        self.say_at(visit.from + visit.stay, Sender::LiveRooms, format!("{name}/out"), left);
        format!("{name}/in")
    }

    /// Likes and shares of somebody who is watching.
    fn say_acts(&mut self, buyer: u32, place: Place, stay: i64, busy: f64, random: &mut Random) {
        for _ in 0..random.poisson(self.rules.buyers.acts[0] * busy) {
            let at = self.now + to_i64(random.unit() * crate::goods::as_float(stay));
            self.say_like(buyer, place, at, random);
        }
        if random.chance(self.rules.buyers.acts[3] * busy) {
            let (show, video) = self.place_ids(place);
            let (device_hash, network_hash) = self.marks(buyer, random);
            let channel = Some(text(random.pick(&["message", "group", "moments"])));
            let body = ShareMade { channel, device_hash, item: None, network_hash, show, video, viewer: Some(self.buyer_id(buyer)) };
            let key = self.next_key("e-");
            self.say_at(self.now + stay / 2, Sender::LiveRooms, key, body);
        }
    }

    pub(crate) fn say_like(&mut self, buyer: u32, place: Place, at: i64, random: &mut Random) -> String {
        let (show, video) = self.place_ids(place);
        let (device_hash, network_hash) = self.marks(buyer, random);
        let count = (show.is_some() && random.chance(0.5)).then(|| quantity(1 + random.poisson(6.0)));
        let body = LikeGiven { comment: None, count, device_hash, network_hash, show, video, viewer: Some(self.buyer_id(buyer)) };
        let key = self.next_key("e-");
        self.say_at(at, Sender::LiveRooms, key.clone(), body);
        key
    }

    pub(crate) fn say_comment(&mut self, buyer: u32, slot: u32, stay: i64, random: &mut Random) {
        let Some(show) = self.shows.get(slot) else { return };
        let (number, item) = (show.number, show.item());
        let viewers = show.viewers();
        let known = self.known(item, viewers, 0);
        let written = script::comment(&known, random);
        let Ok(text) = MaskedText::new(written) else { return };
        let (device_hash, network_hash) = self.marks(buyer, random);
        let name = self.names.thing.next("c-");
        let body = CommentPosted {
            comment: CommentId::new(name.clone()).expect("names are valid ids"),
            device_hash,
            item: random.chance(0.6).then(|| self.item_id(item)),
            network_hash,
            reply_to: None,
            show: Some(self.show_id(number)),
            text,
            video: None,
            viewer: Some(self.buyer_id(buyer)),
        };
        let at = self.now + to_i64(random.unit() * crate::goods::as_float(stay));
        self.say_at(at, Sender::LiveRooms, name, body);
    }

    fn watch_video(&mut self, buyer: u32, log: Option<f64>, random: &mut Random) {
        let Some(video) = self.choose_video(random) else { return self.browse(buyer, log.is_some(), random) };
        let seen = watched(&self.rules.buyers.watching, video.duration, random);
        let place = Place::Video(video.number);
        if let Some(busy) = log {
            if random.chance(self.rules.buyers.visits_logged) {
                self.say_view(buyer, place, video.duration, seen, random);
            }
            for _ in 0..random.poisson((self.rules.buyers.acts[1] * busy * f64::from(video.appeal)).min(4.0)) {
                let at = self.now + seen;
                self.say_like(buyer, place, at, random);
            }
        }
        let account = &self.buyers[buyer as usize];
        if seen * 2 > video.duration
            && account.edge(video.streamer).is_none()
            && random.chance((self.rules.buyers.follow_chances[1] * f64::from(account.urge * video.appeal)).min(0.5))
        {
            self.follow(buyer, video.streamer, place, false, random);
        }
        if seen * 3 > video.duration {
            self.consider(buyer, video.item, None, video.streamer, Entry::Video, 0.5, random);
        }
    }

    pub(crate) fn say_view(&mut self, buyer: u32, place: Place, duration: i64, watched: i64, random: &mut Random) -> String {
        let (show, video) = self.place_ids(place);
        let (device_hash, network_hash) = self.marks(buyer, random);
        let share = (i128::from(watched) * 1_000_000 / i128::from(duration.max(1))).min(1_000_000);
        let body = ViewMade {
            campaign: None,
            completed_ppm: random.chance(0.8).then(|| Ppm::new(i64::try_from(share).unwrap_or(0)).expect("at most all of it")),
            device_hash,
            entry: random
                .chance(0.8)
                .then(|| *random.pick(&[Entry::Recommend, Entry::Recommend, Entry::Follow, Entry::Search, Entry::Profile])),
            network_hash,
            region: None,
            show,
            video,
            viewer: Some(self.buyer_id(buyer)),
            watched_ms: Some(quantity(watched / 1_000)),
        };
        let key = self.next_key("e-");
        self.say(Sender::LiveRooms, key.clone(), body);
        key
    }

    /// The shelf: shop pages and the mall.
    fn browse(&mut self, buyer: u32, logged: bool, random: &mut Random) {
        // Some follow a streamer whom they heard of, from the profile.
        if random.chance((self.rules.buyers.follow_chances[2] * f64::from(self.buyers[buyer as usize].urge)).min(0.3)) {
            let streamer = self.streamer_by_draw(random);
            self.follow(buyer, streamer, Place::Nowhere, false, random);
        }
        let Some((item, remembered)) = self.choose_on_shelf(buyer, random) else { return };
        if logged && random.chance(self.rules.commerce.impressions * 6.0) {
            self.say_impression(buyer, item, None, random);
        }
        let entry = if remembered { Entry::Shelf } else { *random.pick(&[Entry::Shelf, Entry::Search, Entry::Recommend]) };
        self.consider(buyer, item, None, crate::actors::NONE, entry, 1.0, random);
    }

    pub(crate) fn say_impression(&mut self, buyer: u32, item: u32, campaign: Option<u64>, random: &mut Random) {
        let name = self.names.thing.next("n-");
        let (device_hash, network_hash) = self.marks(buyer, random);
        let campaign = campaign.map(|c| self.campaign_id(c));
        let position = Some(quantity(random.whole(1, 12)));
        let entry = Some(if campaign.is_some() { Entry::Ad } else { Entry::Shelf });
        let body = ImpressionServed {
            auction: None,
            campaign: campaign.clone(),
            currency: None,
            device_hash,
            entry,
            impression: Some(text(&name)),
            item: Some(self.item_id(item)),
            network_hash,
            position,
            price_minor: None,
            show: None,
            slot: Some(text(random.pick(&["mall", "search", "feed"]))),
            video: None,
            viewer: Some(self.buyer_id(buyer)),
        };
        let slot = body.slot.clone();
        self.say(Sender::Advertising, name.clone(), body);
        if random.chance(self.rules.commerce.taps * 4.0) {
            let tap = ClickMade {
                campaign,
                device_hash,
                entry,
                impression: Some(text(&name)),
                item: Some(self.item_id(item)),
                network_hash,
                position,
                show: None,
                slot,
                video: None,
                viewer: Some(self.buyer_id(buyer)),
            };
            let at = self.now + to_i64(random.between(0.5, 9.0) * 1e6);
            self.say_at(at, Sender::Advertising, format!("{name}/tap"), tap);
        }
    }
}

/// How long a video is watched: many leave at once, many see it through, some again.
pub(crate) fn watched(watching: &[f64; 3], duration: i64, random: &mut Random) -> i64 {
    let length = crate::goods::as_float(duration);
    let share = match random.weighted(watching) {
        0 => random.exponential(2.0e6) / length,
        1 => random.unit(),
        _ => 1.0 + random.exponential(0.15),
    };
    to_i64((share * length).clamp(0.3e6, 3.0 * length))
}
