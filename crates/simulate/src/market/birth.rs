//! Who is there at the beginning, and how each becomes known to the market.

use laotie_facts::Few;
use laotie_facts::body::{BrandKind, PartyKind, PartyRegistered, ProviderClass};

use crate::actors::{NONE, Provider};
use crate::happening::Sender;
use crate::market::values::quantile;
use crate::market::{Market, What, party_id, stamp};
use crate::random::{Random, to_i64, to_u32};
use crate::rhythm::{DAY, HOUR, MINUTE};
use crate::truth::Truth;

impl Market {
    pub(crate) fn scaled(&self, count: u32) -> u32 {
        to_u32(f64::from(count) * self.run.scale + 0.5).max(1)
    }

    /// A number in `0.0..1.0` of one of a kind, spread evenly over them, so that shares hold among few as well.
    ///
    /// Steps of an irrational number from a place of the seed's: Weyl (1916), Math. Ann. 77, pp. 313-352. Who buys
    /// engagement goes by another step than what the others are, since two shares of one step go hand in hand.
    pub(crate) fn spread(&self, kind: u64, index: u32) -> f64 {
        let start = Random::of(self.run.seed, &[5, kind]).unit();
        let step = if kind == 6 { core::f64::consts::SQRT_2 - 1.0 } else { 0.618_033_988_749_894_9 };
        let x = start + f64::from(index) * step;
        x - libm::floor(x)
    }

    /// An age of an account before the first day, by the quantiles of the document.
    pub(crate) fn opened_ago(&self, random: &mut Random) -> i64 {
        let share = quantile(&self.rules.population.account_age, random.unit());
        to_i64(share * f64::from(self.rules.calendar.opened_days) * 24.0) * HOUR + random.whole(0, HOUR - 1)
    }

    /// Makes everybody and enters what they do first.
    pub(crate) fn populate(&mut self) {
        let opened = self.now;
        self.brands = self.scaled(self.rules.population.brands);
        self.make_brands_and_providers(opened);
        for i in 0..self.scaled(self.rules.population.shops) {
            let at = self.make_shop(i, NONE);
            self.enter(at, What::OpenShop(i));
        }
        for i in 0..self.scaled(self.rules.population.streamers) {
            self.make_streamer(i);
        }
        self.draws_changed();
        let buyers = self.scaled(self.rules.population.buyers);
        self.buyers.reserve_exact(buyers as usize);
        for i in 0..buyers {
            let mut random = Random::of(self.run.seed, &[1, u64::from(i)]);
            let at = self.start - self.opened_ago(&mut random);
            self.make_buyer(random);
            self.enter(at, What::Join(i));
        }
        self.hire(buyers);
        self.enter(self.start, What::NewDay);
        let programmes = self.rules.partners.programmes_per_year;
        if programmes > 0.0 {
            self.enter(self.start + 2 * DAY, What::Programme(0));
        }
    }

    fn make_brands_and_providers(&mut self, opened: i64) {
        for brand in 0..self.brands {
            let kind = *self.random.pick(&[BrandKind::Established, BrandKind::PlatformBorn, BrandKind::Unbranded]);
            let at = opened + i64::from(brand) * MINUTE;
            let name = self.brand_name(brand);
            let body = PartyRegistered { brand_kind: Some(kind), ..plain(&name, PartyKind::Brand) };
            self.say_at(at, Sender::Platform, format!("{name}/registered"), body);
        }
        for provider in 0..self.scaled(self.rules.population.providers) {
            let mut random = Random::of(self.run.seed, &[4, u64::from(provider)]);
            let class = u8::try_from(provider % 5).unwrap_or(0);
            let fails_on = (self.spread(4, provider) < self.rules.partners.failing).then(|| u8::try_from(random.below(5)).unwrap_or(0));
            let region = u8::try_from(random.below(40)).unwrap_or(0);
            let name = self.provider_name(provider);
            let body = PartyRegistered {
                provider_class: Some(CLASSES[usize::from(class)]),
                region: Some(self.region(region)),
                ..plain(&name, PartyKind::Provider)
            };
            let at = opened + DAY + i64::from(provider) * MINUTE;
            self.say_at(at, Sender::Platform, format!("{name}/registered"), body);
            let nature = if fails_on.is_some() { "failing" } else { "able" };
            self.tell_party(&name, "provider", nature, at, None);
            let first = self.start + to_i64(random.between(0.0, 14.0) * 24.0) * HOUR;
            self.providers.push(Provider { random, class, fails_on });
            self.enter(first, What::Contract(provider));
        }
    }

    pub(crate) fn tell_party(&mut self, party: &str, kind: &str, nature: &str, since: i64, belongs_to: Option<String>) {
        let line = || Truth::Party {
            party: party.to_owned(),
            party_kind: kind.to_owned(),
            nature: nature.to_owned(),
            since: stamp(since),
            belongs_to,
        };
        self.tell(line);
    }

    /// The day's newcomers, and its weather.
    pub(crate) fn new_day(&mut self) {
        let festival = self.rhythm.festival(self.now);
        self.weather.next_day(festival);
        let mut random = self.random.split();
        let established = f64::from(self.scaled(self.rules.population.buyers));
        let mean = established * self.rules.population.newcomers_per_week / 7.0;
        for _ in 0..random.poisson(mean) {
            let at = self.rhythm.midnight(self.now) + random.whole(0, DAY - 1);
            self.newcomer(at, &mut random);
        }
        let tomorrow = self.rhythm.midnight(self.now) + DAY;
        self.enter(tomorrow, What::NewDay);
    }
}

const CLASSES: [ProviderClass; 5] =
    [ProviderClass::Strategic, ProviderClass::Base, ProviderClass::Local, ProviderClass::Brand, ProviderClass::Leader];

pub(crate) fn plain(name: &str, kind: PartyKind) -> PartyRegistered {
    PartyRegistered {
        brand_kind: None,
        grade: None,
        identities: Few::default(),
        industry: None,
        merchant: None,
        party: party_id(name.to_owned()),
        party_kind: kind,
        provider_class: None,
        referred_by: None,
        region: None,
        trial: false,
    }
}
