//! Double entry for a market: accounts, postings, holds, debts, the liability waterfall, pay-outs.
//!
//! Money moves in `posting.made` alone, whose sides add up to nothing. All that follows from one fact is
//! written in one transaction, so a group of postings, holds and debts happens whole or not at all.
//!
//! # Invariants
//! - Accounts are per party, purpose and currency; nothing converts.
//! - Holds count against what is available; no account passes its floor.
//! - Ids of postings, holds and debts come from the fact that caused them: a retry changes nothing.
//! - A refund reverses the earning lines of the order's own sale, each at its own rate.
//! - Nothing here knows why something is owed; rulings and penalties say how much.
//!
//! Two-phase and linked transfers follow the semantics of ledgers built for them; here the second phase
//! is the fact `hold.ended`, and the link is the fact that causes the group.

mod account;
mod book;
mod desk;
mod documents;
mod draw;
mod earnings;
mod evolve;
mod money_in;
mod order;
mod payout;
mod penalty;
mod plan;
mod post;
mod reach;
mod recovery;
mod refund;
mod rows;
mod ruling;
mod sale;
mod state;
mod system;
mod terms;
mod undo;

pub use account::{Account, PLATFORM, WORLD};
pub use documents::{Fees, Settlement, Step, Waterfall};
pub use earnings::{EarningLine, Earnings, Part, Share};
pub use payout::{Payable, payable};
pub use plan::Plan;
pub use state::{ClaimMoney, Debt, Holding, Holds, LedgerState, Party};
pub use system::Ledger;
