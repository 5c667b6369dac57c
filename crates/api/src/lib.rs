//! The faces that talk HTTP: facts in, states, numbers and decisions out, and the console.
//!
//! # Invariants
//! - No route without a right and a documented schema: the table in `routes` takes both or nothing.
//! - Nothing acknowledged is lost on shutdown; nothing waits without bound.
//! - Secrets are kept as hashes and never logged.

pub mod access;
mod accounts;
mod acting;
mod air;
mod app;
mod caller;
mod claims;
mod console;
mod drain;
mod evidence;
mod explain;
mod facts;
pub mod importing;
mod input;
mod keys;
mod lists;
mod market;
mod markets;
mod metrics;
mod openapi;
mod orders;
mod payouts;
mod penalties;
mod plans;
mod policy;
mod problem;
mod receipts;
mod refusals;
mod reports;
mod routes;
mod rules;
pub mod sentences;
mod serve;
mod service;
mod session;
mod shapes;
mod shows;
mod speech;
mod statements;
mod status;
pub mod webhooks;

pub use accounts::PostingLine;
pub use app::{App, AppSettings};
pub use claims::explain_claim;
pub use explain::{Appealable, Awarded, Because, Clause, Coded, CodedClaim, CodedRuling, Explanation, Posted, Ruled, Side};
pub use market::{Market, MarketKind, MarketPlace, MarketSettings, OpenError};
pub use markets::Markets;
pub use openapi::openapi;
pub use payouts::{PayoutDue, PayoutPaid, PayoutPreview, PayoutRun, RunError, pay_out_all, payouts_due};
pub use penalties::{PenaltyExplanation, explain_penalty};
pub use problem::{PROBLEMS, Problem, ProblemType};
pub use refusals::REFUSALS;
pub use reports::{ConsistencyReport, CostReport, OrderRow, consistency, cost_to_serve};
pub use routes::{Guard, Route, route_table, router};
pub use serve::serve;
pub use service::prometheus_builder;
pub use statements::{StatementHead, StatementSum, StatementView, statement, statement_lines, statements_of};
