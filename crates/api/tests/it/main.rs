//! The API on a real market, as a client sees it.

mod access;
mod documents;
mod evidence;
mod facts;
mod server;
mod stopping;
mod webhooks;
