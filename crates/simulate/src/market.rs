//! The market: who is there, what is under way, and the loop that lets things happen.

use std::collections::VecDeque;

use laotie_facts::body::DebtRaised;
use laotie_facts::{Body, By, PartyId, Timestamp};

use crate::actors::{Buyer, Gang, Provider, Seller, Shop, Streamer};
use crate::calendar::Calendar;
use crate::goods::Item;
use crate::happening::{Happening, Sender};
use crate::names::Names;
use crate::parameters::{ParameterError, Parameters};
use crate::random::Random;
use crate::rhythm::{DAY, Rhythm};
use crate::truth::Truth;

mod accounts;
mod after_sale;
mod birth;
mod bought;
mod brushing;
mod claims;
mod commerce;
pub(crate) mod crowds;
mod debts;
mod follows;
mod ids;
mod listings;
mod orders;
mod partners;
mod places;
mod policy;
mod returns;
mod sessions;
mod shopping;
mod shops;
mod shows;
mod slots;
mod streamers;
mod upkeep;
mod values;
mod videos;
mod weather;

use crowds::Wave;
use orders::Order;
pub use policy::Policy;
use shows::Show;
use slots::Slots;
use videos::Video;
use weather::Weather;

/// Which run of a market.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// The seed: the same gives the same bytes.
    pub seed: u64,
    /// How long, from the document's first day on.
    pub weeks: u32,
    /// Factor on how many take part.
    pub scale: f64,
    /// Whether the truth is kept.
    pub truth: bool,
}

/// Most buyers that a run may have.
const BUYERS_MAX: f64 = 50_000_000.0;

/// What comes next in the calendar.
#[derive(Debug)]
pub(crate) enum What {
    /// A fact that was settled before leaves.
    Say(Box<Happening>),
    /// A buyer's account is opened.
    Join(u32),
    /// A buyer follows somebody before the first day; so many are left.
    EarlyFollow(u32, u16),
    /// A buyer looks at the phone.
    Session(u32),
    /// The next step of an order.
    Order(u32),
    /// A shop opens.
    OpenShop(u32),
    /// A shop's week.
    ShopWeek(u32),
    /// A streamer signs up.
    JoinStreamer(u32),
    /// A streamer goes on air.
    GoLive(u32),
    /// The next thing in a show.
    Show(u32),
    /// A streamer posts a video.
    PostVideo(u32),
    /// The next act of a wave.
    Wave(u32),
    /// A paid account does something for nobody.
    Camouflage(Box<crowds::Disguise>),
    /// A streamer thinks of buying engagement.
    Buy(u32),
    /// A shop orders from itself; so often it looks for a show still.
    Brushed(u32, u8),
    /// A gang strikes.
    Gang(u32),
    /// A provider signs a contract.
    Contract(u32),
    /// What a contract promised falls due.
    Deliver(Box<partners::Promise>),
    /// A removed shop comes back.
    ComeBack(u32),
    /// A campaign's hour.
    Campaign(Box<commerce::Campaign>),
    /// Newcomers of the day, and the weather of the day.
    NewDay,
    /// A programme is set.
    Programme(u32),
}

/// Names of everything, scrambled.
pub(crate) struct AllNames {
    pub(crate) party: Names,
    pub(crate) thing: Names,
    pub(crate) order: Names,
    pub(crate) key: Names,
}

/// A seeded market; as an iterator it gives the facts in order of time.
pub struct Market {
    pub(crate) rules: Parameters,
    pub(crate) run: Run,
    pub(crate) now: i64,
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) rhythm: Rhythm,
    pub(crate) weather: Weather,
    pub(crate) names: AllNames,
    pub(crate) random: Random,
    calendar: Calendar<What>,
    ready: VecDeque<Happening>,
    truths: Vec<Truth>,
    pub(crate) buyers: Vec<Buyer>,
    pub(crate) shops: Vec<Shop>,
    pub(crate) items: Vec<Item>,
    pub(crate) streamers: Vec<Streamer>,
    pub(crate) providers: Vec<Provider>,
    pub(crate) sellers: Vec<Seller>,
    pub(crate) gangs: Vec<Gang>,
    pub(crate) brushers: Vec<u32>,
    pub(crate) brands: u32,
    pub(crate) orders: Slots<Order>,
    pub(crate) shows: Slots<Show>,
    pub(crate) on_air: Vec<u32>,
    pub(crate) videos: VecDeque<Video>,
    pub(crate) waves: Slots<Wave>,
    /// Cumulative draw of open shops, by index of shop.
    pub(crate) shelf: Vec<f64>,
    /// Cumulative draw of streamers, by index.
    pub(crate) draws: Vec<f64>,
    counted: u64,
    /// Debts that were heard of, the latest last.
    pub(crate) debts: VecDeque<DebtRaised>,
}

impl Market {
    /// A market of these parameters.
    ///
    /// # Errors
    /// [`ParameterError`] where the run asks for more than can be.
    pub fn new(parameters: &Parameters, run: Run) -> Result<Self, ParameterError> {
        let refuse = |reason: String| ParameterError { document: parameters.name.clone(), line: 0, reason };
        if !run.scale.is_finite() || run.scale <= 0.0 {
            return Err(refuse(format!("the scale is {}; it must be more than 0", run.scale)));
        }
        let buyers = f64::from(parameters.population.buyers) * run.scale;
        if buyers > BUYERS_MAX {
            return Err(refuse(format!("{buyers} buyers are more than {BUYERS_MAX}; choose a smaller scale")));
        }
        if run.weeks == 0 || run.weeks > 5_200 {
            return Err(refuse(format!("{} weeks; a run has 1 to 5,200", run.weeks)));
        }
        let rhythm = Rhythm::new(&parameters.calendar);
        let [year, month, day] = parameters.calendar.start;
        let noon = Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T12:00:00Z"))
            .map_err(|_| refuse(format!("calendar.start: {year}-{month}-{day} is not a day from 1970 on")))?;
        let start = rhythm.midnight(noon.micros());
        let mut random = Random::of(run.seed, &[0]);
        let mut market = Self {
            weather: Weather::new(&parameters.calendar, random.split()),
            rules: parameters.clone(),
            run,
            now: start - i64::from(parameters.calendar.opened_days) * DAY,
            start,
            end: start + i64::from(run.weeks) * 7 * DAY,
            rhythm,
            names: AllNames {
                party: Names::new(run.seed, 1),
                thing: Names::new(run.seed, 2),
                order: Names::new(run.seed, 3),
                key: Names::new(run.seed, 4),
            },
            random,
            calendar: Calendar::new(),
            ready: VecDeque::new(),
            truths: Vec::new(),
            buyers: Vec::new(),
            shops: Vec::new(),
            items: Vec::new(),
            streamers: Vec::new(),
            providers: Vec::new(),
            sellers: Vec::new(),
            gangs: Vec::new(),
            brushers: Vec::new(),
            brands: 0,
            orders: Slots::default(),
            shows: Slots::default(),
            on_air: Vec::new(),
            videos: VecDeque::new(),
            waves: Slots::default(),
            shelf: Vec::new(),
            draws: Vec::new(),
            counted: 0,
            debts: VecDeque::new(),
        };
        if market.now < 0 {
            return Err(refuse(format!(
                "calendar.opened_days: the market cannot have been open before 1970 ({} days)",
                market.rules.calendar.opened_days
            )));
        }
        market.populate();
        Ok(market)
    }

    /// The time of what was given last.
    pub fn now(&self) -> Timestamp {
        stamp(self.now)
    }

    /// When the first day begins; facts before it are the market's history.
    pub fn first_day(&self) -> Timestamp {
        stamp(self.start)
    }

    /// When the run ends.
    pub fn end(&self) -> Timestamp {
        stamp(self.end)
    }

    /// The truth of what was given so far, since it was taken last.
    pub fn take_truths(&mut self) -> Vec<Truth> {
        std::mem::take(&mut self.truths)
    }

    /// Actors, live edges and orders under way: what the market's memory is of.
    pub fn census(&self) -> Census {
        let edges = self.buyers.iter().map(|b| b.edges.len()).sum();
        Census {
            actors: self.buyers.len() + self.shops.len() + self.streamers.len() + self.providers.len(),
            edges,
            orders: self.orders.len(),
        }
    }

    /// A running number.
    pub(crate) fn number(&mut self) -> u64 {
        self.counted += 1;
        self.counted
    }

    pub(crate) fn tell(&mut self, truth: impl FnOnce() -> Truth) {
        if self.run.truth {
            self.truths.push(truth());
        }
    }

    pub(crate) fn enter(&mut self, at: i64, what: What) {
        if at < self.end {
            self.calendar.enter(at.max(self.now), what);
        }
    }

    /// A fact of this moment.
    pub(crate) fn say(&mut self, sender: Sender, key: String, body: impl Into<Body>) {
        self.ready.push_back(Happening { at: stamp(self.now), sender, key, by: None, body: body.into() });
    }

    /// A fact of this moment, by somebody on another's behalf.
    pub(crate) fn say_for(&mut self, sender: Sender, key: String, actor: String, principal: String, body: impl Into<Body>) {
        let by = By { actor: party_id(actor), principal: Some(party_id(principal)) };
        self.ready.push_back(Happening { at: stamp(self.now), sender, key, by: Some(by), body: body.into() });
    }

    /// A fact of a later moment that is settled already.
    pub(crate) fn say_at(&mut self, at: i64, sender: Sender, key: String, body: impl Into<Body>) {
        let said = Happening { at: stamp(at), sender, key, by: None, body: body.into() };
        self.enter(at, What::Say(Box::new(said)));
    }

    fn happen(&mut self, what: What) {
        match what {
            What::Say(said) => self.ready.push_back(*said),
            What::Join(buyer) => self.join(buyer),
            What::EarlyFollow(buyer, left) => self.early_follow(buyer, left),
            What::Session(buyer) => self.session(buyer),
            What::Order(slot) => self.order_step(slot),
            What::OpenShop(shop) => self.open_shop(shop),
            What::ShopWeek(shop) => self.shop_week(shop),
            What::JoinStreamer(streamer) => self.join_streamer(streamer),
            What::GoLive(streamer) => self.go_live(streamer),
            What::Show(slot) => self.show_step(slot),
            What::PostVideo(streamer) => self.post_video(streamer),
            What::Wave(slot) => self.wave_step(slot),
            What::Camouflage(disguise) => self.camouflage(&disguise),
            What::Buy(streamer) => self.buy_engagement(streamer),
            What::Brushed(shop, tries) => self.brushed_order(shop, tries),
            What::Gang(gang) => self.gang_strikes(gang),
            What::Contract(provider) => self.sign_contract(provider),
            What::Deliver(promise) => self.deliver(&promise),
            What::ComeBack(shop) => self.come_back(shop),
            What::Campaign(campaign) => self.campaign_hour(*campaign),
            What::NewDay => self.new_day(),
            What::Programme(n) => self.set_programme(n),
        }
    }
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Census {
    /// Buyers, shops, streamers, providers.
    pub actors: usize,
    /// Live follows.
    pub edges: usize,
    /// Orders under way.
    pub orders: usize,
}

impl Iterator for Market {
    type Item = Happening;

    fn next(&mut self) -> Option<Happening> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            let (at, what) = self.calendar.next_before(self.end)?;
            self.now = at;
            self.happen(what);
        }
    }
}

pub(crate) fn stamp(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap_or_default()
}

pub(crate) fn party_id(name: String) -> PartyId {
    PartyId::new(name).expect("names are valid ids")
}
