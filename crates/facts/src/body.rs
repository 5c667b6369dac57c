//! Bodies, a file a group of the public format.
//!
//! Fields stand in alphabetical order, so that serialising a body yields canonical JSON. Parties stand as
//! ids, identities as salted hashes; what buyers and viewers write passes through [`MaskedText`].
//!
//! [`MaskedText`]: crate::MaskedText

mod after_sale;
mod cases;
mod claims;
mod commerce;
mod conduct;
mod decided;
mod engagement;
mod evidence;
mod goods;
mod holds;
mod orders;
mod parties;
mod partners;
mod plans;
mod promises;
mod rings;
mod rulings;
mod settlement;
mod shows;
mod speech;
mod standing;

pub use after_sale::*;
pub use cases::*;
pub use claims::*;
pub use commerce::*;
pub use conduct::*;
pub use decided::*;
pub use engagement::*;
pub use evidence::*;
pub use goods::*;
pub use holds::*;
pub use orders::*;
pub use parties::*;
pub use partners::*;
pub use plans::*;
pub use promises::*;
pub use rings::*;
pub use rulings::*;
pub use settlement::*;
pub use shows::*;
pub use speech::*;
pub use standing::*;

use crate::error::Flaw;
use crate::ids::{ShowId, VideoId};
use crate::kind::Subject;
use crate::money::Currency;
use crate::time::Timestamp;

/// A field and whether it is there.
type Presence<'a> = (&'a str, bool);

fn quoted(fields: &[Presence<'_>]) -> String {
    fields.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Refuses a body that has none of some fields.
fn some_of(fields: &[Presence<'_>]) -> Result<(), Flaw> {
    if fields.iter().any(|(_, there)| *there) {
        return Ok(());
    }
    Err(Flaw::at(fields[0].0, format!("missing; name at least one of {}", quoted(fields))))
}

/// Refuses a body that has none or several of some fields.
fn one_of(fields: &[Presence<'_>]) -> Result<(), Flaw> {
    some_of(fields)?;
    match fields.iter().filter(|(_, there)| *there).nth(1) {
        Some((second, _)) => Err(Flaw::at(*second, format!("too many; name one alone of {}", quoted(fields)))),
        None => Ok(()),
    }
}

/// Refuses amounts without a currency.
fn needs_currency(currency: Option<Currency>, amounts: &[Presence<'_>]) -> Result<(), Flaw> {
    match amounts.iter().find(|(_, there)| *there) {
        Some((amount, _)) if currency.is_none() => Err(Flaw::at("currency", format!("missing; `{amount}` needs it, as `CNY`"))),
        _ => Ok(()),
    }
}

/// Refuses a stretch of time that ends before it begins.
fn in_order(from: Option<Timestamp>, until: Option<Timestamp>, first: &str, last: &str) -> Result<(), Flaw> {
    match (from, until) {
        (Some(from), Some(until)) if until < from => Err(Flaw::at(last, format!("{until} is before `{first}`, {from}"))),
        _ => Ok(()),
    }
}

/// The show or video that something happened in; `one_of` has seen to it that there is one.
fn seen(show: Option<&ShowId>, video: Option<&VideoId>) -> Subject {
    match (show, video) {
        (Some(show), _) => Subject::new("show", show),
        (None, Some(video)) => Subject::new("video", video),
        (None, None) => Subject::new("viewer", "unknown"),
    }
}
