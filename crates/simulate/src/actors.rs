//! Who takes part, with what nobody sees of them.

use crate::market::crowds::Product;
use crate::random::Random;

/// Nobody, where an index of a party stands.
pub(crate) const NONE: u32 = u32::MAX;

/// What a buyer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuyerNature {
    Honest,
    /// Held by a seller of engagement.
    Panel,
    /// Orders for money what nobody wants.
    Brusher,
    /// Orders to return, for the freight.
    Gang,
}

impl BuyerNature {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Panel => "panel",
            Self::Brusher => "brusher",
            Self::Gang => "gang",
        }
    }
}

/// A follow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) streamer: u32,
    /// 0 to 1.
    pub(crate) trust: f32,
    pub(crate) orders: u16,
    pub(crate) club: bool,
    pub(crate) bought: bool,
}

/// A buyer, viewer and fan.
#[derive(Debug, Clone)]
pub(crate) struct Buyer {
    pub(crate) random: Random,
    pub(crate) nature: BuyerNature,
    pub(crate) region: u8,
    /// Panel or gang that it belongs to.
    pub(crate) belongs_to: u16,
    pub(crate) orders: u16,
    /// Sessions a day.
    pub(crate) rate: f32,
    /// Orders per session, about.
    pub(crate) needs: f32,
    /// Urge to follow, 1 on average.
    pub(crate) urge: f32,
    /// How easily goods go back, 1 on average.
    pub(crate) fussy: f32,
    /// Liking of each trade, 128 on average.
    pub(crate) taste: [u8; 8],
    pub(crate) device: u64,
    pub(crate) network: u64,
    pub(crate) edges: Vec<Edge>,
    /// Shops remembered, with trust.
    pub(crate) memory: [(u32, f32); 4],
}

impl Buyer {
    pub(crate) fn edge(&self, streamer: u32) -> Option<&Edge> {
        self.edges.iter().find(|e| e.streamer == streamer)
    }

    /// Trust in a shop, where it is remembered.
    pub(crate) fn memory_of(&self, shop: u32) -> Option<f32> {
        self.memory.iter().find(|(s, _)| *s == shop).map(|(_, trust)| *trust)
    }

    /// Learns from what came: `worth` from 0 to 1.
    pub(crate) fn learn(&mut self, shop: u32, streamer: u32, worth: f32, rate: f32) {
        if let Some(edge) = self.edges.iter_mut().find(|e| e.streamer == streamer) {
            edge.trust += rate * (worth - edge.trust);
        }
        let place = self.memory.iter().position(|(s, _)| *s == shop).unwrap_or_else(|| {
            let worst = self.memory.iter().enumerate().min_by(|a, b| a.1.1.total_cmp(&b.1.1));
            let worst = worst.map_or(0, |(i, _)| i);
            self.memory[worst] = (shop, 0.5);
            worst
        });
        self.memory[place].1 += rate * (worth - self.memory[place].1);
    }
}

/// What a shop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShopNature {
    Careful,
    Sloppy,
    Counterfeit,
    /// Good until a day, then as a counterfeit and sloppy shop.
    Turning {
        /// Day since 1970.
        day: i64,
    },
}

impl ShopNature {
    /// Whether it is bad on a day.
    pub(crate) fn is_bad(self, day: i64) -> bool {
        match self {
            Self::Careful => false,
            Self::Sloppy | Self::Counterfeit => true,
            Self::Turning { day: turns } => day >= turns,
        }
    }

    /// Whether some of its pieces are not genuine on a day.
    pub(crate) fn sells_fakes(self, day: i64) -> bool {
        matches!(self, Self::Counterfeit) || matches!(self, Self::Turning { day: turns } if day >= turns)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Careful => "careful",
            Self::Sloppy => "sloppy",
            Self::Counterfeit => "counterfeit",
            Self::Turning { .. } => "turning",
        }
    }
}

/// A shop and the merchant behind it.
#[derive(Debug, Clone)]
pub(crate) struct Shop {
    pub(crate) random: Random,
    pub(crate) nature: ShopNature,
    pub(crate) category: u8,
    pub(crate) region: u8,
    pub(crate) open: bool,
    pub(crate) brushes: bool,
    /// The shop that it was before it was removed.
    pub(crate) alias_of: u32,
    pub(crate) brand: Option<u32>,
    /// How well known, 1 on average.
    pub(crate) fame: f32,
    /// Factor that the market's policy puts on its exposure.
    pub(crate) favour: f32,
    /// Trust that a badge gives it in buyers' eyes.
    pub(crate) badge: f32,
    /// Guarantees switched on: freight cover, instant refund, dispatch promise, tenfold compensation.
    pub(crate) guarantees: [bool; 4],
    /// First item and number of items.
    pub(crate) items: (u32, u32),
    /// Seeds of its identities: licence, payee, device, address.
    pub(crate) identities: [u64; 4],
    pub(crate) orders_week: u32,
    pub(crate) complaints: u32,
    pub(crate) suspended_until: i64,
    /// Factor on defects, 1 among its like.
    pub(crate) defects: f32,
    /// Factor on hours to dispatch.
    pub(crate) dispatch_factor: f32,
}

/// What a streamer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamerNature {
    Honest,
    Boaster,
    Liar,
}

impl StreamerNature {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Boaster => "boaster",
            Self::Liar => "liar",
        }
    }
}

/// A streamer and the room.
#[derive(Debug, Clone)]
pub(crate) struct Streamer {
    pub(crate) random: Random,
    /// When it goes on air, and for how long, is decided by these dice alone: no policy moves a schedule.
    pub(crate) schedule: Random,
    pub(crate) nature: StreamerNature,
    pub(crate) region: u8,
    pub(crate) charisma: f32,
    pub(crate) favour: f32,
    /// Shops whose goods it shows.
    pub(crate) shops: Vec<u32>,
    /// Shop of its own, where it sells for itself.
    pub(crate) own_shop: u32,
    pub(crate) show: Option<u32>,
    pub(crate) shows_per_week: f32,
    pub(crate) fans: u32,
    /// Fan club members, at most some hundreds.
    pub(crate) club: Vec<u32>,
    /// Sells already: has the fans that a shop window needs.
    pub(crate) unlocked: bool,
    pub(crate) buys: bool,
    /// Packages that are delivered in the next show.
    pub(crate) awaited: Vec<(Product, u32)>,
    /// Factor on false claims since it was reminded.
    pub(crate) care: f32,
    pub(crate) suspended_until: i64,
}

/// A seller of engagement and the accounts it holds.
#[derive(Debug, Clone)]
pub(crate) struct Seller {
    pub(crate) name: String,
    pub(crate) accounts: Vec<u32>,
    /// Quality of its accounts: 0 low, 1 mid, 2 high, 3 people who are paid.
    pub(crate) quality: u8,
}

/// A gang of buyers who return for the freight.
#[derive(Debug, Clone)]
pub(crate) struct Gang {
    pub(crate) random: Random,
    pub(crate) name: String,
    pub(crate) members: Vec<u32>,
}

/// A service provider.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    pub(crate) random: Random,
    /// Place in the five classes.
    pub(crate) class: u8,
    /// Axis on which it fails.
    pub(crate) fails_on: Option<u8>,
}
