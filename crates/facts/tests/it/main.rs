//! Facts as senders write them: examples of every kind, wrong ones, and mutations of both.

mod bad_input;
mod canonical;
mod examples;
mod fuzz;
mod schema;
mod speed;
