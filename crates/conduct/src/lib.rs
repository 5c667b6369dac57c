//! Conduct: reports, violations, points, penalties, study credits, appeals, and the public jury.
//!
//! A report opens a case; a reviewer decides it, advised by the jury where asked. What is upheld is a
//! violation, and a violation has the penalty that the schedule in force sets. Violations that other systems
//! find, and rulings that a schedule names, come to the same penalties.
//!
//! # Invariants
//! - A penalty depends on the schedule, the violation's facts and the party's own past alone: never on who
//!   the party is, who reviewed, or the day of the year (but for the year's first breach).
//! - Points are appended, never changed; what is undone stays as a trace and counts nowhere. After a penalty
//!   is undone, those that followed it stand as if it had never been.
//! - Roles count apart: a shop's points are none of a streamer's, even of one name.
//! - Nothing here knows money's accounts, the time or the database: damages are an action in a fact.

mod audit;
mod breach;
mod case_file;
mod choice;
mod cost;
mod decide;
mod decision;
mod evolve;
mod evolve_ledger;
mod evolve_void;
mod explain;
mod found;
mod judge;
mod jury;
mod listings;
mod past;
mod penalty;
mod points;
mod reach;
mod schedule;
mod schedule_check;
mod state;
mod system;
mod target;
mod year;

pub use audit::{AuditRow, Disparity, ShopSize, audit};
pub use breach::{Breach, Severity};
pub use case_file::CaseFile;
pub use choice::{Chosen, Position};
pub use cost::{CostToServe, OrderCost, Reconciliation, SELLER_FRAUD};
pub use decision::{Decision, decide_on};
pub use explain::{Explanation, explain, review_due};
pub use jury::{Juror, JuryRules, Round, is_eligible, sample};
pub use past::Past;
pub use penalty::Penalty;
pub use points::{AsOf, Credit, Entry, LadderStanding, Party, Running, Standing, standing};
pub use reach::party_key;
pub use schedule::{ActionRule, Band, Choice, CodeRule, LadderRule, Node, Occasion, Range, Schedule, Title, schedule_for};
pub use state::State;
pub use system::Conduct;
