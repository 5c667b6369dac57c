//! Guarantees of a market: who is entitled to what, claims and rulings, freight cover, badges, standing.
//!
//! What an order is promised is frozen on it when it is paid; every later decision reads that version and no other.
//!
//! # Invariants
//! - No ruling pays more than its terms: refunds of a line never exceed what was paid for it less what went back.
//! - A change of rules changes no older order's outcome.
//! - The card that is shown and the terms that are frozen come from one function.
//! - Nothing automatic without clause, facts, a deadline and a way out; what a limit refuses does not feed the limit.
//! - Guarantees never learn whose database they are in, what time it is, or what the ledger holds.

mod admit;
mod awards;
mod badge;
mod badge_progress;
mod buyer;
mod card;
mod check;
mod claim;
mod clocks;
mod cover;
mod days;
mod decide;
mod desk;
mod document;
mod entitle;
mod evolve;
mod freeze;
mod hold;
mod item;
mod judge;
mod listings;
mod order;
mod reasons;
mod shop;
mod standing;
mod state;
mod system;
mod touches;

pub use badge::{BADGES, Badge, BadgeCondition, Compared, Evaluated, Fix, Metric, cheapest_fix, evaluate};
pub use badge_progress::{BadgeProgress, ConditionProgress, badge_progress};
pub use buyer::{BuyerState, Deed, HISTORY_DAYS, StandingAppeal};
pub use card::{Card, CardLine, Said, Until, card, card_of_order};
pub use claim::{Attested, Awaiting, ClaimState};
pub use cover::{Cover, Hold, Mandate, MarketCover, Price, ShopCover, price};
pub use days::{Days, day_begins, day_of, day_of_month};
pub use document::*;
pub use entitle::{Asked, Denial, Goods, denials, is_entitled, standing};
pub use freeze::FAMILY;
pub use item::{Attested as ItemAttested, ItemState};
pub use order::{Awarded, ClaimStanding, Line, OrderClaim, OrderState, Refunded, Return, Term};
pub use shop::{BadgeState, Event, ShopState, Switched, WINDOW_DAYS};
pub use standing::{GoodStanding, LimitedStanding, STANDING, StandingRules, earned};
pub use state::State;
pub use system::Guarantees;

/// The system's name.
pub const NAME: &str = "guarantees";
