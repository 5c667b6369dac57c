//! Shows: going live, items one after another, what is said of them, the end.

use laotie_facts::body::{
    ItemRole, ItemShown, PriceSet, ReportFiled, SaleMode, ShowClosed, ShowEnd, ShowOpened, TargetKind, UtteranceHeard,
};
use laotie_facts::{Currency, Few, Name, Ppm, ReportId, RoomId, Text, ThingId, UtteranceId};

use crate::actors::{NONE, StreamerNature};
use crate::goods::{as_float, round_price};
use crate::happening::Sender;
use crate::market::values::{amount, quantile, quantity, text};
use crate::market::{Market, What, stamp};
use crate::random::{Random, to_i64, to_u32};
use crate::rhythm::{HOUR, MINUTE, SECOND};
use crate::script::{self, Known, Spoken};
use crate::truth::Truth;

/// A show on air.
#[derive(Debug, Clone)]
pub(crate) struct Show {
    pub(crate) number: u64,
    pub(crate) streamer: u32,
    pub(crate) from: i64,
    pub(crate) until: i64,
    pub(crate) run_down: Vec<u32>,
    pub(crate) place: usize,
    /// When the next item is shown.
    turn: i64,
    /// When the show is really to end the offer of this item; 0 when it does not.
    offer_until: i64,
    pub(crate) visits: u32,
    /// How much it makes viewers follow, 1 on average.
    pub(crate) appeal: f32,
    /// A reminder came since the last sentence.
    pub(crate) reminded: bool,
}

impl Show {
    pub(crate) fn item(&self) -> u32 {
        self.run_down[self.place % self.run_down.len()]
    }

    /// Viewers in the room, as the counter shows them.
    pub(crate) fn viewers(&self) -> u32 {
        3 + self.visits / 3
    }
}

impl Market {
    pub(crate) fn item_to_show(&self, streamer: u32, random: &mut Random) -> Option<u32> {
        let shops = &self.streamers[streamer as usize].shops;
        (0..6).find_map(|_| {
            let shop = *random.pick(shops);
            let open = self.shops[shop as usize].open && self.shops[shop as usize].suspended_until <= self.now;
            open.then(|| self.item_of(shop, random)).flatten()
        })
    }

    pub(crate) fn go_live(&mut self, index: u32) {
        let (mut random, mut schedule) = (self.streamers[index as usize].random, self.streamers[index as usize].schedule);
        let streamer = &self.streamers[index as usize];
        let minutes = quantile(&self.rules.streamers.show_minutes, schedule.unit());
        let until = self.now + to_i64(minutes * 60.0) * SECOND;
        let hours = schedule.exponential(24.0 * 7.0 / f64::from(streamer.shows_per_week).max(0.05)).clamp(6.0, 500.0);
        let next = self.rhythm.after(until + 2 * HOUR, (hours - minutes / 60.0).max(0.5));
        let can = streamer.show.is_none() && streamer.suspended_until <= self.now;
        self.enter(next, What::GoLive(index));
        let mut run_down = Vec::new();
        if can {
            let wanted = to_u32(minutes / self.rules.streamers.item_minutes.max(1.0)).clamp(3, 40);
            for _ in 0..wanted {
                run_down.extend(self.item_to_show(index, &mut random));
            }
        }
        if !run_down.is_empty() {
            self.open_show(index, until, run_down, &mut random);
        }
        self.streamers[index as usize].random = random;
        self.streamers[index as usize].schedule = schedule;
    }

    fn open_show(&mut self, index: u32, until: i64, run_down: Vec<u32>, random: &mut Random) {
        let number = self.number();
        let streamer = &self.streamers[index as usize];
        let own = streamer.own_shop != NONE;
        let planned = until + random.whole(-20, 40) * MINUTE;
        let mut shops: Vec<u32> = run_down.iter().map(|i| self.items[*i as usize].shop).collect();
        shops.sort_unstable();
        shops.dedup();
        let title = random.pick(&["今晚福利场", "源头好货专场", "老铁回馈", "换季上新", "产地直发", "答应大家的返场", "日常开播聊聊天"]);
        let body = ShowOpened {
            agency: None,
            co_hosts: Few::default(),
            co_streams: Few::default(),
            language: Some(text("zh")),
            operator: None,
            planned_end: Some(stamp(planned.max(self.now))),
            room: RoomId::new(self.room_name(index)).expect("names are valid ids"),
            sale_mode: Some(if own { SaleMode::SelfLive } else { SaleMode::Distribution }),
            shops: Few::new(shops.iter().map(|s| self.shop_id(*s)).collect()).expect("some shops"),
            show: self.show_id(number),
            streamer: self.streamer_id(index),
            title: Some(text(title)),
        };
        let key = format!("{}/opened", body.show);
        self.say(Sender::LiveRooms, key, body);
        let show = Show {
            number,
            streamer: index,
            from: self.now,
            until,
            run_down,
            place: usize::MAX,
            turn: self.now,
            offer_until: 0,
            visits: 0,
            appeal: self.new_appeal(random),
            reminded: false,
        };
        let slot = self.shows.put(Show { place: 0, ..show });
        self.streamers[index as usize].show = Some(slot);
        self.on_air.push(slot);
        self.enter(self.now + random.whole(5 * SECOND, 3 * MINUTE), What::Show(slot));
        self.club_comes(slot, random);
        self.perhaps_draw_lots(index, until, random);
        self.deliver_awaited(index, until, random);
    }

    pub(crate) fn show_step(&mut self, slot: u32) {
        let Some(show) = self.shows.get(slot) else { return };
        let (streamer, until) = (show.streamer, show.until);
        let stopped = self.streamers[streamer as usize].suspended_until > self.now;
        if self.now >= until || stopped {
            return self.close_show(slot, stopped);
        }
        let mut random = self.streamers[streamer as usize].random;
        if self.now >= show.turn {
            self.show_item(slot, &mut random);
        } else {
            self.speak(slot, &mut random);
        }
        let rules = &self.rules.streamers;
        let gap = rules.item_minutes / rules.sentences_per_item.max(0.02);
        let wait = to_i64(random.between(0.3, 1.7) * gap * 60e6).max(2 * SECOND);
        let turn = self.shows.get(slot).map_or(until, |s| s.turn);
        let next = (self.now + wait).min(turn.max(self.now + SECOND)).min(until);
        self.streamers[streamer as usize].random = random;
        self.enter(next.max(self.now + SECOND), What::Show(slot));
    }

    fn show_item(&mut self, slot: u32, random: &mut Random) {
        let minutes = self.rules.streamers.item_minutes * random.between(0.5, 1.6);
        let Some(show) = self.shows.get_mut(slot) else { return };
        if show.from != show.turn {
            show.place = (show.place + 1) % show.run_down.len();
        }
        show.turn = self.now + to_i64(minutes * 60.0) * SECOND;
        let (item, number, streamer, until) = (show.item(), show.number, show.streamer, show.until);
        let position = i64::try_from(show.place).unwrap_or(0) + 1;
        let limited = random.chance(0.3);
        show.offer_until = if limited { (self.now + random.whole(4, 40) * MINUTE).min(until) } else { 0 };
        let offer_until = show.offer_until;
        let role = *random.pick(&[ItemRole::Traffic, ItemRole::Giveaway, ItemRole::Margin, ItemRole::Margin, ItemRole::Hit]);
        if role != ItemRole::Margin {
            let [least, most] = self.rules.streamers.live_reduction;
            let price = round_price(as_float(self.items[item as usize].usual_minor) * (1.0 - random.between(least, most)));
            let day = self.rhythm.day(self.now);
            self.items[item as usize].set_price(price, day);
            self.say_price(item, Some((number, if limited { offer_until } else { until })));
        }
        if random.chance(0.25) {
            self.say_stock(item, Some(number));
        }
        let body = ItemShown {
            currency: Some(Currency::CNY),
            duration_ms: None,
            item: self.item_id(item),
            position: Some(quantity(position)),
            price_minor: Some(amount(self.items[item as usize].price_minor)),
            role: Some(role),
            room: Some(RoomId::new(self.room_name(streamer)).expect("names are valid ids")),
            show: self.show_id(number),
            streamer: Some(self.streamer_id(streamer)),
        };
        let key = self.next_key("sp-");
        self.say(Sender::LiveRooms, key, body);
    }

    pub(crate) fn say_price(&mut self, index: u32, show: Option<(u64, i64)>) {
        let item = &self.items[index as usize];
        let (owner, price, list) = (item.shop, item.price_minor, item.list_price_minor);
        let key = self.next_key("pr-");
        let body = PriceSet {
            channel: None,
            currency: Currency::CNY,
            item: self.item_id(index),
            list_price_minor: (list > price).then(|| amount(list)),
            price_minor: amount(price),
            shop: Some(self.shop_id(owner)),
            show: show.map(|(s, _)| self.show_id(s)),
            until: show.map(|(_, until)| stamp(until)),
            variant: None,
        };
        self.say(Sender::ShopSystem, key, body);
    }

    /// What the market knows of an item at this second.
    pub(crate) fn known(&self, index: u32, viewers: u32, minutes_left: u32) -> Known<'static> {
        let item = &self.items[index as usize];
        let good = if item.reviews >= 5 { item.good_reviews * 100 / item.reviews } else { 0 };
        let repurchase = if item.sold > 300 { 8 + to_u32(f64::from(item.quality) * 30.0) } else { 0 };
        Known {
            category: crate::parameters::CATEGORIES[usize::from(item.category)],
            noun: item.ware().noun,
            material: item.material(item.on_file),
            material_percent: u32::from(item.on_file.percent),
            origin: item.origin(item.on_file),
            certificate: item.certificate(),
            efficacy: item.efficacy(),
            price_minor: item.price_minor,
            list_price_minor: item.list_price_minor,
            lowest_7d_minor: item.lowest_7d(),
            highest_30d_minor: item.highest_30d(),
            stock: item.stock,
            sold: item.sold,
            viewers,
            minutes_left,
            warranty_months: u32::from(item.warranty_months),
            repurchase_percent: repurchase,
            good_percent: good,
            no_reason_return: item.no_reason_return,
        }
    }

    fn speak(&mut self, slot: u32, random: &mut Random) {
        let Some(show) = self.shows.get_mut(slot) else { return };
        let (item, number, from, reminded) = (show.item(), show.number, show.from, std::mem::take(&mut show.reminded));
        let (viewers, offer_until, index) = (show.viewers(), show.offer_until, show.streamer);
        let minutes_left = if offer_until > self.now { u32::try_from((offer_until - self.now) / MINUTE).unwrap_or(0) + 1 } else { 0 };
        let streamer = &self.streamers[index as usize];
        let rules = &self.rules.streamers;
        let place = match streamer.nature {
            StreamerNature::Honest => 0,
            StreamerNature::Boaster => 1,
            StreamerNature::Liar => 2,
        };
        let lie = !reminded && random.chance(rules.false_share[place] * f64::from(streamer.care));
        let evade = lie && random.chance(rules.disguised);
        let known = self.known(item, viewers, minutes_left);
        let mut spoken = script::speak(&known, lie, evade, random);
        let misheard = random.chance(rules.misheard);
        if misheard {
            mishear(&mut spoken, random);
        }
        let Ok(words) = Text::new(std::mem::take(&mut spoken.text)) else { return };
        // What is on file may itself be untrue: a sentence that repeats it then is false as well.
        let item_facts = &self.items[item as usize];
        let file_lies = item_facts.on_file != item_facts.really && !lie && names_file(&known, words.as_str());
        let name = self.names.thing.next("u-");
        let length = random.whole(2_200, 6_800);
        let start = (self.now - from) / 1_000;
        let body = UtteranceHeard {
            confidence_ppm: Some(Ppm::new(random.whole(if misheard { 610_000 } else { 680_000 }, 999_000)).expect("below all of it")),
            end_ms: Some(quantity(start + length)),
            heard_by: Some(text("hearing-2026.1")),
            interim: false,
            item: random.chance(0.92).then(|| self.item_id(item)),
            language: Some(text("zh")),
            recording: None,
            room: Some(RoomId::new(self.room_name(index)).expect("names are valid ids")),
            show: self.show_id(number),
            start_ms: Some(quantity(start)),
            streamer: Some(self.streamer_id(index)),
            text: words,
            utterance: UtteranceId::new(name.clone()).expect("names are valid ids"),
        };
        let utterance = body.utterance.clone();
        self.say(Sender::LiveRooms, name.clone(), body);
        let is_false = lie || file_lies;
        self.tell(|| Truth::Utterance {
            utterance: name,
            is_false,
            on_file: spoken.on_file,
            codes: spoken.codes.iter().map(|c| (*c).to_owned()).collect(),
            span: spoken.span,
            evasion: spoken.evasion.map(str::to_owned),
            look_alike: spoken.look_alike,
        });
        let per_thousand = self.rules.after_sale.reports[usize::from(!is_false)];
        if random.chance(per_thousand / 1_000.0) {
            self.report(number, index, item, utterance, random);
        }
    }

    fn report(&mut self, show: u64, streamer: u32, item: u32, utterance: UtteranceId, random: &mut Random) {
        let reporter = u32::try_from(random.below(self.buyers.len() as u64)).unwrap_or(0);
        let name = self.names.thing.next("rp-");
        let body = ReportFiled {
            code: Name::new(*random.pick(&["false_claim", "false_claim", "false_price", "counterfeit", "off_platform"])).expect("a name"),
            corrected: false,
            evidence: Few::default(),
            item: Some(self.item_id(item)),
            moment_ms: None,
            nudge: None,
            report: ReportId::new(name.clone()).expect("names are valid ids"),
            reporter: random.chance(0.8).then(|| self.buyer_id(reporter)),
            show: Some(self.show_id(show)),
            statement: None,
            target: ThingId::new(self.streamer_name(streamer)).expect("names are valid ids"),
            target_kind: TargetKind::Streamer,
            utterance: Some(utterance),
        };
        let at = self.now + random.whole(10 * SECOND, 20 * MINUTE);
        self.say_at(at, Sender::Platform, name, body);
    }

    fn close_show(&mut self, slot: u32, stopped: bool) {
        self.on_air.retain(|s| *s != slot);
        let Some(show) = self.shows.take(slot) else { return };
        let mut random = self.streamers[show.streamer as usize].random;
        self.streamers[show.streamer as usize].show = None;
        let ended = if stopped {
            ShowEnd::Stopped
        } else if random.chance(0.02) {
            ShowEnd::Broken
        } else {
            ShowEnd::Planned
        };
        let body = ShowClosed {
            ended: Some(ended),
            peak_concurrent: Some(quantity(3 + to_i64(f64::from(show.visits) * random.between(0.1, 0.4)))),
            recording: None,
            show: self.show_id(show.number),
            viewers: Some(quantity(show.visits)),
        };
        let key = format!("{}/closed", body.show);
        self.say(Sender::LiveRooms, key, body);
        let day = self.rhythm.day(self.now);
        let mut shown = show.run_down.clone();
        shown.sort_unstable();
        shown.dedup();
        for item in shown {
            let usual = self.items[item as usize].usual_minor;
            if self.items[item as usize].price_minor != usual && random.chance(0.8) {
                self.items[item as usize].set_price(usual, day);
                self.say_price(item, None);
            }
        }
        if random.chance(self.rules.crowds.raids) && !self.on_air.is_empty() {
            self.raid(&mut random);
        }
        self.streamers[show.streamer as usize].random = random;
    }
}

/// Whether a sentence repeats what is on file about material or origin.
fn names_file(known: &Known<'_>, words: &str) -> bool {
    let says = |what: &str| !what.is_empty() && words.contains(what);
    says(known.material) || says(known.origin)
}

/// Hearing drops a character; the offence's place moves with it.
fn mishear(spoken: &mut Spoken, random: &mut Random) {
    let length = spoken.text.chars().count();
    if length < 4 {
        return;
    }
    let lost = random.index(length);
    spoken.text = spoken.text.chars().enumerate().filter(|(i, _)| *i != lost).map(|(_, c)| c).collect();
    if let Some((start, end)) = &mut spoken.span {
        if lost < *start {
            *start -= 1;
        }
        if lost < *end {
            *end -= 1;
        }
        if *start >= *end {
            spoken.span = None;
        }
    }
}
