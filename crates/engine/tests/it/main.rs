//! The engine on both databases.

mod as_of;
mod market;
mod property;
mod receipts;
mod replay;
