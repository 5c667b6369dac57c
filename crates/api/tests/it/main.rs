//! The API on a real market, as a client sees it.

mod access;
mod documents;
mod facts;
mod server;
mod stopping;
