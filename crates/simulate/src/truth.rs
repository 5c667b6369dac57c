//! The ground truth: what the market knows of itself and never sends. Its own file, for auditors and benchmarks alone.

use laotie_facts::Timestamp;
use serde::{Deserialize, Serialize};

/// What kind of crowd came of its own accord: the hard negatives of every detector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crowd {
    /// A video that everybody passed on.
    Viral,
    /// Fans who act together since they like the same streamer.
    FanClub,
    /// Viewers whom one streamer sent on to another at the end of a show.
    Raid,
    /// Viewers who follow to take part in a host's draw.
    LuckyBag,
}

/// One line of the truth file; facts are named by the sender's `key`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case", deny_unknown_fields)]
pub enum Truth {
    /// What a party is. A later line about the same party replaces an earlier one from `since` on.
    Party {
        /// The party.
        party: String,
        /// `buyer`, `shop`, `streamer`, `provider`, `brand`, `seller` (of engagement; never in the facts).
        party_kind: String,
        /// What it is: `honest`, or `sloppy`, `counterfeit`, `turned`, `alias`, `liar`, `boaster`, `panel`, `brusher`, `gang`, `failing` …
        nature: String,
        /// From when.
        since: Timestamp,
        /// The party that it really is, or the seller or gang that it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        belongs_to: Option<String>,
    },
    /// What an order was really worth; one line an order.
    Order {
        /// The order.
        order: String,
        /// `honest`, `brushed` (bought by its own shop) or `gang` (bought to be returned for the freight).
        nature: String,
        /// What the buyer really got for the money, in minor units; 0 for an order that was none.
        worth_minor: i64,
        /// Whether the goods were genuine.
        genuine: bool,
        /// How a brushed order hides: `cancel`, `empty_parcel`, `trinket`, `substitute`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trick: Option<String>,
    },
    /// An engagement that was bought.
    Bought {
        /// The fact's key.
        key: String,
        /// The fact's kind.
        kind: String,
        /// `follower`, `ad_follower`, `like`, `play`, `shop_unlock`, `popularity`.
        product: String,
        /// Who sold it.
        seller: String,
        /// Who paid for it.
        client: String,
        /// What it cost, in millionths of the market's currency.
        price_micros: i64,
        /// Whether it is camouflage: done for nobody, to look like others.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        camouflage: bool,
    },
    /// An engagement that belongs to a crowd of its own accord.
    Natural {
        /// The fact's key.
        key: String,
        /// The fact's kind.
        kind: String,
        /// Which crowd.
        crowd: Crowd,
    },
    /// What a sentence on air really was; one line a sentence.
    Utterance {
        /// The sentence.
        utterance: String,
        /// The claim is not true, or must not be made of such goods.
        is_false: bool,
        /// What is on file about the item is enough to see it.
        on_file: bool,
        /// Codes of the offence; empty when there is none.
        codes: Vec<String>,
        /// First and one past the last character of the offence, in code points.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        span: Option<(usize, usize)>,
        /// How it was disguised: `homophone`, `spaced`, `pinyin`, `traditional`, `emoji`, `fullwidth`, `repeat`, `split`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evasion: Option<String>,
        /// The sentence holds words of an offence and is none.
        look_alike: bool,
    },
    /// Whether a claim or return was in good faith.
    AfterSale {
        /// The claim or return.
        case: String,
        /// Of which order.
        order: String,
        /// In good faith.
        honest: bool,
        /// What was really wrong with the goods: `nothing`, `quality`, `counterfeit`, `late`, `damaged`, `mismatch` …
        really: String,
    },
    /// Whether a review says what its writer found.
    Review {
        /// The review.
        review: String,
        /// It does.
        honest: bool,
    },
    /// What a contract's provider can do on the axis that was bought, in ppm, and whether it delivered.
    Contract {
        /// The contract.
        contract: String,
        /// Share of what was promised that was delivered.
        delivered_ppm: i64,
        /// Sales were brushed to reach the floor.
        brushed: bool,
    },
}
