//! The auditor on its own: what it expects, what it notices, and that it knows nothing of what it examines.

mod books;
mod forgetting;
mod noticing;
mod reach;
mod stories;
mod story;
