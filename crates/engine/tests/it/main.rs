//! The engine on both databases.

mod as_of;
mod auditor;
mod commute;
mod disorder;
mod market;
mod money;
mod outbox;
mod property;
mod receipts;
mod replay;
mod speech;
mod stories;
