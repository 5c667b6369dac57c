//! Conduct told as stories on a small engine of its own: judge, decide, evolve, deadlines.

mod appeals;
mod audits;
mod costs;
mod driver;
mod jury;
mod ledger;
mod schedules;
mod stories;
