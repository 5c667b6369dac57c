//! The packs that ship with the product.

use std::sync::OnceLock;

use crate::book::RuleBook;
use crate::pack::{Pack, PackError};

const DOCUMENTS: &[(&str, &str)] = &[
    ("rulebook/speech/correction.toml", include_str!("../../../rulebook/speech/correction.toml")),
    ("rulebook/speech/scope.toml", include_str!("../../../rulebook/speech/scope.toml")),
    ("rulebook/speech/spelling.toml", include_str!("../../../rulebook/speech/spelling.toml")),
    ("rulebook/speech/goods.toml", include_str!("../../../rulebook/speech/goods.toml")),
    ("rulebook/speech/claims.toml", include_str!("../../../rulebook/speech/claims.toml")),
    ("rulebook/speech/health.toml", include_str!("../../../rulebook/speech/health.toml")),
    ("rulebook/speech/advertising.toml", include_str!("../../../rulebook/speech/advertising.toml")),
    ("rulebook/speech/trade.toml", include_str!("../../../rulebook/speech/trade.toml")),
    ("rulebook/speech/platform.toml", include_str!("../../../rulebook/speech/platform.toml")),
    ("rulebook/speech/loose.toml", include_str!("../../../rulebook/speech/loose.toml")),
];

/// Reads the shipped packs.
pub(crate) fn packs() -> Result<Vec<Pack>, PackError> {
    DOCUMENTS.iter().map(|(document, text)| Pack::parse(document, text)).collect()
}

/// The book of the shipped packs, compiled once; the error tells what is wrong with a pack.
///
/// # Errors
/// The text of the pack's or book's error.
pub fn shipped() -> Result<&'static RuleBook, String> {
    static BOOK: OnceLock<Result<RuleBook, String>> = OnceLock::new();
    BOOK.get_or_init(|| {
        let packs = packs().map_err(|error| error.to_string())?;
        RuleBook::of(&packs).map_err(|error| error.to_string())
    })
    .as_ref()
    .map_err(Clone::clone)
}
