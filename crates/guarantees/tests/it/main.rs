//! Guarantees told as stories: facts go through a small driver as they go through the engine.

mod badges;
mod claims;
mod clocks;
mod cover;
mod driver;
mod properties;
mod refusals;
mod rulebook;
mod snapshot;
mod standing;
