//! The API on a real market, as a client sees it.

mod access;
mod documents;
mod evidence;
mod facts;
mod money;
mod reports;
mod server;
mod shows;
mod stopping;
mod webhooks;
