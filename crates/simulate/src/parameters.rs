//! The parameters of a market: read from a document of `rulebook/markets/`, each with its source, bounds checked.

mod document;
mod kinds;

use document::Document;
use kinds::Parameter;

/// What is wrong with a market document, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("market document {document}{}: {reason}", place(*.line))]
pub struct ParameterError {
    /// The document.
    pub document: String,
    /// The line, from 1; 0 where it is about the whole.
    pub line: usize,
    /// What, and the way out.
    pub reason: String,
}

fn place(line: usize) -> String {
    if line == 0 { String::new() } else { format!(", line {line}") }
}

/// A parameter and where its figure is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced {
    /// `section.key`.
    pub name: String,
    /// The document that it stands in.
    pub document: String,
    /// Where the figure is from; `assumed` where there is no source.
    pub source: String,
}

macro_rules! sections {
    ($($(#[$doc:meta])* $section:ident $kind:ident {
        $($(#[$field_doc:meta])* $field:ident : $type:ty = $min:literal .. $max:literal;)*
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq)]
            pub struct $kind { $($(#[$field_doc])* pub $field: $type,)* }
        )*

        /// The parameters of a market.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Parameters {
            /// The document's name.
            pub name: String,
            /// The document's version, as `2026-11-24.1`.
            pub version: String,
            /// Chinese name of the market.
            pub title_zh: String,
            /// English name of the market.
            pub title_en: String,
            /// Every parameter with its source, in order.
            pub sources: Vec<Sourced>,
            $($(#[$doc])* pub $section: $kind,)*
        }

        const KNOWN: &[(&str, &[&str])] = &[$((stringify!($section), &[$(stringify!($field)),*])),*];

        impl Parameters {
            fn from_document(document: &Document<'_>) -> Result<Self, ParameterError> {
                document.check_known(KNOWN, &HEADINGS)?;
                let heading = |key: &str| document.heading(key).map(str::to_owned).ok_or_else(|| ParameterError {
                    document: document.name.clone(), line: 0, reason: format!("`{key}` is missing at the top"),
                });
                let mut sources = Vec::new();
                let read = Self {
                    name: document.name.clone(),
                    version: heading("version")?,
                    title_zh: heading("title_zh")?,
                    title_en: heading("title_en")?,
                    $($section: $kind { $($field: {
                        let found = document.find(stringify!($section), stringify!($field))?;
                        let name = concat!(stringify!($section), ".", stringify!($field));
                        sources.push(Sourced { name: name.to_owned(), document: found.document.name.clone(), source: found.source.to_owned() });
                        <$type as Parameter>::read(&found, name, &($min, $max))?
                    },)* },)*
                    sources: Vec::new(),
                };
                Ok(Self { sources, ..read })
            }
        }
    };
}

/// What stands at the top of a document.
const HEADINGS: [&str; 6] = ["version", "source", "title_zh", "title_en", "based_on", "about"];

/// Trades of goods, in the order in which rows of eight are written.
pub const CATEGORIES: [&str; 8] = ["food", "fresh", "health_food", "beauty", "clothing", "jewellery", "home", "appliance"];

sections! {
    /// When and where the market runs.
    calendar CalendarRules {
        /// First day, as year, month, day.
        start: [f64; 3] = 1.0 .. 9000.0;
        /// The market's offset from UTC in minutes.
        utc_offset_minutes: u32 = 0.0 .. 840.0;
        /// Days for which the market had been open before the first day.
        opened_days: u32 = 1.0 .. 3650.0;
        /// Activity by hour of the day.
        hours: [f64; 24] = 0.0 .. 100.0;
        /// Activity by day of the week, from Monday.
        weekdays: [f64; 7] = 0.0 .. 100.0;
        /// Festivals: month, first day, days, factor on activity.
        festivals: Vec<[f64; 4]> = 0.0 .. 100.0;
        /// Carrier strikes a year.
        strikes_per_year: f64 = 0.0 .. 50.0;
        /// Deviation of the slow walk of base rates (lateness, quality), a week.
        base_rate_walk: f64 = 0.0 .. 1.0;
    }
    /// How many take part at scale 1.
    population Population {
        /// Buyers.
        buyers: u32 = 1.0 .. 100_000_000.0;
        /// Shops.
        shops: u32 = 1.0 .. 1_000_000.0;
        /// Streamers.
        streamers: u32 = 1.0 .. 1_000_000.0;
        /// Brands.
        brands: u32 = 1.0 .. 100_000.0;
        /// Service providers, over the five classes.
        providers: u32 = 5.0 .. 100_000.0;
        /// Sellers of bought engagement.
        engagement_sellers: u32 = 1.0 .. 10_000.0;
        /// Buyers who join in a week, as a share of all.
        newcomers_per_week: f64 = 0.0 .. 1.0;
        /// Items of a shop: least, most.
        items_per_shop: [f64; 2] = 1.0 .. 200.0;
        /// Quantiles 0, 10, 25, 50, 75, 90, 100 of an account's age as a share of the market's.
        account_age: [f64; 7] = 0.0 .. 1.0;
        /// Names of regions.
        regions: Vec<String> = 1.0 .. 40.0;
    }
    /// What buyers do.
    buyers BuyerRules {
        /// Sessions of a buyer a day.
        sessions_per_day: f64 = 0.0 .. 50.0;
        /// Deviation of the logarithm of a buyer's own rate.
        sessions_sigma: f64 = 0.0 .. 3.0;
        /// Signals (views, likes, visits …) of a buyer a day that reach the market's log.
        signals_per_day: f64 = 0.0 .. 1000.0;
        /// Orders of a buyer a year, about.
        orders_per_year: f64 = 0.0 .. 1000.0;
        /// Shape of the gamma from which a buyer's own rate of buying is drawn.
        orders_shape: f64 = 0.05 .. 100.0;
        /// Share of sessions spent in live rooms, on videos, on the shelf.
        places: [f64; 3] = 0.0 .. 1.0;
        /// Share of live sessions in rooms of streamers followed, where one of them is on air.
        follows_first: f64 = 0.0 .. 1.0;
        /// Follows of a buyer before the first day.
        follows_mean: f64 = 0.0 .. 1000.0;
        /// Deviation of the logarithm of a buyer's own urge to follow.
        follows_sigma: f64 = 0.0 .. 3.0;
        /// Share of follows that end in a week.
        unfollow_per_week: f64 = 0.0 .. 1.0;
        /// Share of follows that are made in the fan club.
        fan_club_share: f64 = 0.0 .. 1.0;
        /// Pieces of a line beyond the first, mean.
        more_pieces: f64 = 0.0 .. 100.0;
        /// How strongly trust moves buying: factor on the odds from no trust to full.
        trust_weight: f64 = 0.0 .. 20.0;
        /// How strongly price against the usual moves buying.
        price_weight: f64 = 0.0 .. 20.0;
        /// How fast trust learns from an order that came.
        trust_learning: f64 = 0.0 .. 1.0;
        /// Share of shelf orders that go to a shop remembered.
        loyal_share: f64 = 0.0 .. 1.0;
        /// Share of signals that carry a hashed device.
        device_share: f64 = 0.0 .. 1.0;
        /// Persons behind one network address, on average beyond the first.
        household: f64 = 0.0 .. 20.0;
        /// Trust in a shop that a buyer knows nothing of, 0 to 1.
        unknown_trust: f64 = 0.0 .. 1.0;
        /// Chance of a follow by who watches a show for a while, sees half of a video, browses the shelf.
        follow_chances: [f64; 3] = 0.0 .. 1.0;
        /// Likes of a show, likes of a video, comments, shares by somebody who watches, on average.
        acts: [f64; 4] = 0.0 .. 100.0;
        /// Share of visits and views of a logged session that are in the log themselves: what is logged is a sample.
        visits_logged: f64 = 0.0 .. 1.0;
        /// How videos are watched: left at once, to somewhere within, to the end or again.
        watching: [f64; 3] = 0.0 .. 1.0;
        /// Share of visits that are over within three seconds.
        zapping: f64 = 0.0 .. 1.0;
        /// Median stay of the other visits in seconds, and the deviation of its logarithm.
        stay: [f64; 2] = 0.0 .. 100_000.0;
    }
    /// Goods, by trade: food, fresh, health food, beauty, clothing, jewellery, home, appliances.
    goods Goods {
        /// Share of shops.
        shares: [f64; 8] = 0.0 .. 100.0;
        /// Median price in minor units.
        price_minor: [f64; 8] = 1.0 .. 100_000_000.0;
        /// Deviation of the logarithm of a price.
        price_sigma: f64 = 0.0 .. 3.0;
        /// Crossed-out price over price, median.
        list_over_price: f64 = 1.0 .. 10.0;
        /// Share of buyers who send goods back without a reason.
        no_reason_rate: [f64; 8] = 0.0 .. 1.0;
        /// Share of good shops' pieces with something wrong.
        defect_rate: [f64; 8] = 0.0 .. 1.0;
        /// Mean days until the same need comes back.
        need_days: [f64; 8] = 1.0 .. 1000.0;
        /// Price changes of an item a week.
        price_changes_per_week: f64 = 0.0 .. 50.0;
        /// Pieces in stock after a restock, median.
        stock: f64 = 1.0 .. 1_000_000.0;
    }
    /// Shops and what they are.
    shops ShopRules {
        /// Share that is sloppy.
        sloppy: f64 = 0.0 .. 1.0;
        /// Share that sells counterfeit goods.
        counterfeit: f64 = 0.0 .. 1.0;
        /// Share that turns bad after good times.
        turning: f64 = 0.0 .. 1.0;
        /// Days from the first until a turning shop turns: least, most.
        turn_days: [f64; 2] = 0.0 .. 3650.0;
        /// Share of a counterfeit shop's pieces that are not genuine.
        fake_share: f64 = 0.0 .. 1.0;
        /// Share of buyers who see that a piece is not genuine.
        fake_seen: f64 = 0.0 .. 1.0;
        /// Factor on defects of a bad shop.
        bad_defects: f64 = 1.0 .. 50.0;
        /// Deviation of the logarithm of defects among shops alike.
        defect_sigma: f64 = 0.0 .. 3.0;
        /// Share of buyers who find a piece that is not genuine wanting, without seeing why.
        fake_disliked: f64 = 0.0 .. 1.0;
        /// Factor on hours to dispatch of a sloppy shop.
        sloppy_hours: f64 = 1.0 .. 50.0;
        /// Chance a week that a shop found bad is removed.
        removal_per_week: f64 = 0.0 .. 1.0;
        /// Share of removed shops that come back under a new name.
        comes_back: f64 = 0.0 .. 1.0;
        /// Days until it comes back: least, most.
        back_days: [f64; 2] = 0.0 .. 3650.0;
        /// Share of the identities that the returned shop still shares with the removed one.
        shared_identities: f64 = 0.0 .. 1.0;
        /// Share of shops with each guarantee switched on: return freight cover, instant refund, dispatch promise, tenfold compensation.
        guarantees: [f64; 4] = 0.0 .. 1.0;
        /// Tail exponent of how well known a shop is.
        fame_tail: f64 = 0.5 .. 10.0;
    }
    /// Streamers and their shows.
    streamers StreamerRules {
        /// Share that lies.
        liars: f64 = 0.0 .. 1.0;
        /// Share that boasts.
        boasters: f64 = 0.0 .. 1.0;
        /// False claims among claims: honest, boaster, liar.
        false_share: [f64; 3] = 0.0 .. 1.0;
        /// Share of false claims that are disguised.
        disguised: f64 = 0.0 .. 1.0;
        /// Factor on false claims after a reminder, and share of reminders that are heeded.
        reminded: [f64; 2] = 0.0 .. 1.0;
        /// Shows of a streamer a week.
        shows_per_week: f64 = 0.0 .. 50.0;
        /// Quantiles 0, 10, 25, 50, 75, 90, 100 of a show's minutes.
        show_minutes: [f64; 7] = 1.0 .. 1440.0;
        /// Minutes for which an item is explained.
        item_minutes: f64 = 1.0 .. 240.0;
        /// Sentences about an item that the market hears.
        sentences_per_item: f64 = 0.0 .. 500.0;
        /// Share of sentences that the hearing gets wrong somewhere.
        misheard: f64 = 0.0 .. 1.0;
        /// Median seconds of a video, and the deviation of its logarithm.
        video_seconds: [f64; 2] = 0.0 .. 3_600.0;
        /// Videos of a streamer a week.
        videos_per_week: f64 = 0.0 .. 100.0;
        /// Deviation of the logarithm of how much one video draws beside another.
        video_sigma: f64 = 0.0 .. 5.0;
        /// Deviation of the logarithm of how much one video or show makes its viewers like and follow.
        appeal_sigma: f64 = 0.0 .. 5.0;
        /// Tail exponent of how much a streamer draws.
        charisma_tail: f64 = 0.5 .. 10.0;
        /// Share that begins with no fans and needs them to open a shop window.
        beginners: f64 = 0.0 .. 1.0;
        /// Fans needed to open a shop window, and for better places after it.
        unlock_fans: [f64; 5] = 1.0 .. 10_000_000.0;
        /// Reduction of the price on air: least, most.
        live_reduction: [f64; 2] = 0.0 .. 0.9;
    }
    /// Orders until they are received.
    orders OrderRules {
        /// Share cancelled before dispatch by the buyer.
        cancelled: f64 = 0.0 .. 1.0;
        /// Share with a coupon, and its mean share of the price.
        coupon: [f64; 2] = 0.0 .. 1.0;
        /// Shares of coupons paid by merchant, platform, streamer.
        coupon_payers: [f64; 3] = 0.0 .. 1.0;
        /// Share that pays freight, and the median freight in minor units.
        freight: [f64; 2] = 0.0 .. 100_000.0;
        /// Share with a second line.
        second_line: f64 = 0.0 .. 1.0;
        /// Median hours to dispatch, and the deviation of its logarithm.
        dispatch_hours: [f64; 2] = 0.0 .. 1000.0;
        /// Median hours from dispatch to pick-up, and the deviation of its logarithm.
        pickup_hours: [f64; 2] = 0.0 .. 1000.0;
        /// Median days on the way, and the deviation of its logarithm.
        way_days: [f64; 2] = 0.0 .. 100.0;
        /// Days promised: least, most.
        promised_days: [f64; 2] = 0.5 .. 100.0;
        /// Share of parcels that the carrier weighs.
        weighed: f64 = 0.0 .. 1.0;
        /// Deviation of a weighed parcel's logarithm, and packaging in grams.
        weight_noise: [f64; 2] = 0.0 .. 1000.0;
        /// Days after which receipt is confirmed by the clock.
        automatic_days: f64 = 1.0 .. 60.0;
        /// Share of steps recorded by mistake and voided.
        mistakes: f64 = 0.0 .. 0.5;
    }
    /// Returns, claims, reviews.
    after_sale AfterSaleRules {
        /// Share of orders reviewed.
        reviewed: f64 = 0.0 .. 1.0;
        /// Stars 1 to 5 of orders that went well.
        stars_good: [f64; 5] = 0.0 .. 1.0;
        /// Stars 1 to 5 of orders that came late.
        stars_late: [f64; 5] = 0.0 .. 1.0;
        /// Stars 1 to 5 of orders whose goods were wrong.
        stars_wrong: [f64; 5] = 0.0 .. 1.0;
        /// What a buyer does about wrong goods: nothing, return, claim.
        about_wrong: [f64; 3] = 0.0 .. 1.0;
        /// Share of late orders claimed for.
        late_claims: f64 = 0.0 .. 1.0;
        /// Deviation of the logarithm of how easily a buyer sends goods back.
        fussy_sigma: f64 = 0.0 .. 3.0;
        /// Share of claims and returns without cause.
        baseless: f64 = 0.0 .. 1.0;
        /// Share of claims with evidence of the buyer's.
        evidence: f64 = 0.0 .. 1.0;
        /// How a good shop answers: agree, offer, refuse.
        answers_good: [f64; 3] = 0.0 .. 1.0;
        /// How a bad shop answers: agree, offer, refuse.
        answers_bad: [f64; 3] = 0.0 .. 1.0;
        /// Share of refused claims that are withdrawn.
        withdrawn: f64 = 0.0 .. 1.0;
        /// Share of case reviews that are right.
        reviewer_right: f64 = 0.0 .. 1.0;
        /// Share of reviewed cases appealed.
        appealed: f64 = 0.0 .. 1.0;
        /// Share of cases put before a jury, and votes in one.
        jury: [f64; 2] = 0.0 .. 100.0;
        /// Share of votes that are right.
        juror_right: f64 = 0.0 .. 1.0;
        /// Reports filed by viewers per thousand false sentences, and per thousand true ones.
        reports: [f64; 2] = 0.0 .. 1000.0;
    }
    /// Crowds of their own accord.
    crowds CrowdRules {
        /// Videos that go viral, per thousand.
        viral_per_thousand: f64 = 0.0 .. 1000.0;
        /// Median size of a viral wave at scale 1, and the deviation of its logarithm.
        viral_size: [f64; 2] = 0.0 .. 1_000_000.0;
        /// Median hours of a viral wave.
        viral_hours: f64 = 0.1 .. 1000.0;
        /// Share of a viral wave that likes, follows.
        viral_acts: [f64; 2] = 0.0 .. 1.0;
        /// Share of a viral wave that are newcomers.
        viral_newcomers: f64 = 0.0 .. 1.0;
        /// Share of club members who come when a show opens.
        club_comes: f64 = 0.0 .. 1.0;
        /// Share of shows that end with a raid.
        raids: f64 = 0.0 .. 1.0;
        /// Median size of a raid at scale 1.
        raid_size: f64 = 0.0 .. 1_000_000.0;
        /// Share of a raid that follows the host to whom it was sent.
        raid_follows: f64 = 0.0 .. 1.0;
        /// Share of shows with a draw among those who follow, and the median of how many follow for it.
        lucky_bags: [f64; 2] = 0.0 .. 1_000_000.0;
    }
    /// Bought engagement.
    bought BoughtRules {
        /// Share of accounts that panels hold.
        panel_share: f64 = 0.0 .. 0.9;
        /// Share of panel accounts that are people who are paid.
        live_accounts: f64 = 0.0 .. 1.0;
        /// Sellers by the quality of their accounts: low, mid, high, people who are paid.
        qualities: [f64; 4] = 0.0 .. 1.0;
        /// Share of packages delivered while a show is on: followers, ad followers, likes, plays, popularity.
        in_show: [f64; 5] = 0.0 .. 1.0;
        /// Fans for a threshold: from which share of it on they are bought, how often one near it does, how many at most (of a streamer of average draw).
        threshold: [f64; 3] = 0.0 .. 100_000.0;
        /// Share of streamers who buy: honest, boaster, liar.
        clients: [f64; 3] = 0.0 .. 1.0;
        /// Packages that a client buys a month.
        packages_per_month: f64 = 0.0 .. 100.0;
        /// Choice among packages: followers, ad followers, likes, plays, popularity (shop unlock is bought by need).
        mix: [f64; 5] = 0.0 .. 1.0;
        /// Median size of a package: followers, ad followers, likes, plays, popularity.
        size: [f64; 5] = 0.0 .. 1_000_000.0;
        /// Prices of a bought follower, ad follower, like, play, visit, in millionths of the currency, by quality low, mid, high, live.
        price_micros: Vec<[f64; 4]> = 0.0 .. 1_000_000_000.0;
        /// Deviation of the logarithm of a price among sellers.
        price_sigma: f64 = 0.0 .. 3.0;
        /// Share of packages delivered at once, over a day, over a week.
        speeds: [f64; 3] = 0.0 .. 1.0;
        /// Camouflage acts per bought act.
        camouflage: f64 = 0.0 .. 20.0;
        /// Share of bought followers that end the follow in a month.
        drops_per_month: f64 = 0.0 .. 1.0;
        /// Share of panel accounts that share their device or network with others of the panel.
        shared_devices: f64 = 0.0 .. 1.0;
    }
    /// Orders that are none.
    brushing BrushingRules {
        /// Share of accounts that brush for money.
        brusher_share: f64 = 0.0 .. 0.9;
        /// Share of shops that brush: good, bad.
        shops: [f64; 2] = 0.0 .. 1.0;
        /// Brushed orders per real one in such a shop, about.
        per_order: f64 = 0.0 .. 20.0;
        /// Tricks: cancel before dispatch, empty parcel, trinket of the right weight, substitute.
        tricks: [f64; 4] = 0.0 .. 1.0;
        /// Share of brushed orders reviewed.
        reviewed: f64 = 0.0 .. 1.0;
        /// Share of accounts in return gangs.
        gang_share: f64 = 0.0 .. 0.9;
        /// Members of a gang.
        gang_size: u32 = 2.0 .. 1000.0;
        /// Abusive orders of a member a year.
        gang_orders_per_year: f64 = 0.0 .. 1000.0;
        /// Share of a gang's orders that go back; the rest hides them.
        gang_returns: f64 = 0.0 .. 1.0;
        /// Orders that brushers and gangs place for themselves, of what others do.
        own_orders: f64 = 0.0 .. 10.0;
    }
    /// Contracts, providers, programmes.
    partners PartnerRules {
        /// Contracts that a provider signs a month.
        contracts_per_month: f64 = 0.0 .. 100.0;
        /// Share of contracts with a slot fee, and its median in minor units.
        slot_fee: [f64; 2] = 0.0 .. 1_000_000_000.0;
        /// Sales floor over slot fee.
        floor_over_fee: f64 = 0.0 .. 1000.0;
        /// Commission in basis points: least, most.
        commission_bps: [f64; 2] = 0.0 .. 10_000.0;
        /// Share of providers that fail on one axis.
        failing: f64 = 0.0 .. 1.0;
        /// Share of what is promised that a failing provider delivers, and an able one.
        delivers: [f64; 2] = 0.0 .. 1.0;
        /// Share of contracts whose sales are reached by brushing.
        brushed_floors: f64 = 0.0 .. 1.0;
        /// Samples sent to a streamer a month.
        samples_per_month: f64 = 0.0 .. 100.0;
        /// Delegations that a shop grants a year.
        delegations_per_year: f64 = 0.0 .. 100.0;
        /// Programmes a year.
        programmes_per_year: f64 = 0.0 .. 100.0;
    }
    /// Advertising.
    commerce CommerceRules {
        /// Campaigns of a shop a month.
        campaigns_per_month: f64 = 0.0 .. 100.0;
        /// Median daily budget in minor units.
        daily_budget_minor: f64 = 0.0 .. 1_000_000_000.0;
        /// Cost of a thousand impressions in minor units.
        thousand_minor: f64 = 1.0 .. 1_000_000.0;
        /// Share of sessions that begin with an impression that the log holds.
        impressions: f64 = 0.0 .. 1.0;
        /// Share of impressions tapped on.
        taps: f64 = 0.0 .. 1.0;
    }
}

/// The documents that are shipped.
const SHIPPED: [(&str, &str); 2] = [
    ("live-market", include_str!("../../../rulebook/markets/live-market.toml")),
    ("olist-like", include_str!("../../../rulebook/markets/olist-like.toml")),
];

impl Parameters {
    /// Names of the documents that are shipped.
    pub fn shipped_names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A shipped document.
    ///
    /// # Errors
    /// [`ParameterError`] when there is no such document.
    pub fn shipped(name: &str) -> Result<Self, ParameterError> {
        let Some((_, text)) = SHIPPED.iter().find(|(n, _)| *n == name) else {
            let known: Vec<&str> = Self::shipped_names().collect();
            let reason = format!("there is no such market document; there are {}", known.join(", "));
            return Err(ParameterError { document: name.to_owned(), line: 0, reason });
        };
        Self::parse(name, text)
    }

    /// Reads a document; what it leaves out comes from the shipped one that it is `based_on`.
    ///
    /// # Errors
    /// [`ParameterError`] with line and reason.
    pub fn parse(name: &str, text: &str) -> Result<Self, ParameterError> {
        let alone = Document::read(name, text, None)?;
        let Some(base) = alone.heading("based_on").map(str::to_owned) else { return Self::from_document(&alone) };
        let below = SHIPPED.iter().find(|(n, _)| *n == base && *n != name).ok_or_else(|| {
            let byte = text.find("based_on").unwrap_or(0);
            alone.wrong(
                byte,
                format!("it cannot be based on `{base}`; base it on one of {}", Self::shipped_names().collect::<Vec<_>>().join(", ")),
            )
        })?;
        let base = Document::read(below.0, below.1, None)?;
        Self::from_document(&Document::read(name, text, Some(base))?)
    }
}
