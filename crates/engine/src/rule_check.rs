//! Whether a document can be a rule: asked of every system before it is put forward.

use laotie_facts::body::RuleProposed;
use laotie_facts::{Flaw, RuleBook, RuleVersion, Timestamp};

use crate::seat::{Seat, seats};

/// Reads a document as the systems would.
///
/// # Errors
/// [`Flaw`] with the line or field and the reason.
pub fn check_rule(family: &str, name: &str, version: RuleVersion, text: &str) -> Result<(), Flaw> {
    check_by(&seats(), family, name, version, text)
}

pub(crate) fn check_by(seats: &[Box<dyn Seat>], family: &str, name: &str, version: RuleVersion, text: &str) -> Result<(), Flaw> {
    let mut book = RuleBook::default();
    book.publish(family, name, version, Timestamp::default(), text.to_owned())?;
    let document = book.at(family, name, Timestamp::MAX).expect("published above");
    if document.table.get("source").and_then(|s| s.as_str()).is_none_or(str::is_empty) {
        return Err(Flaw::at("source", "missing; a rule says where it comes from"));
    }
    seats.iter().try_for_each(|seat| seat.check_rule(family, document))
}

/// Reads a change that is put forward by itself, and then together with what holds of its family.
pub(crate) fn check_proposed(seats: &[Box<dyn Seat>], rule: &RuleProposed, book: &RuleBook) -> Result<(), Flaw> {
    let (family, name) = (rule.family.as_str(), rule.name.as_str());
    check_by(seats, family, name, rule.version.clone(), rule.text.as_str())?;
    let mut changed = book.clone();
    changed.publish(family, name, rule.version.clone(), rule.effective_from, rule.text.as_str().to_owned())?;
    seats.iter().try_for_each(|seat| seat.check_family(family, &changed))
}
