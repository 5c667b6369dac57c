//! Orders told as stories: one fact a word, `paid`, `dispatched`, …; `void:N` takes fact N back.

mod stories;
mod story;
