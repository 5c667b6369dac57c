//! Speech as a system of the engine: what is heard in a show, held against what is on file at that moment.

mod decide;
mod desk;
mod evolve;
mod listings;
mod meant;
mod shelf;
mod show;
mod state;
mod system;
mod touches;

pub use desk::DeskRules;
pub use shelf::Shelf;
pub use show::{Pending, Said, Show, Shown, Status, Thread};
pub use state::{Record, State};
pub use system::{FAMILY, Speech};
