//! The rules in force as a state, so that a market opens without reading its whole journal.

use laotie_facts::body::{FrozenPart, RulePublished};
use laotie_facts::{Body, Draft, Fact, Judgement, Listing, RuleBook, States, System, Timestamp};
use laotie_store::{Store, StoreError};
use serde::{Deserialize, Serialize};

/// The system of rules; its states are keyed by `FAMILY/NAME`.
pub(crate) struct MarketRules;

/// Every published version of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Versions {
    versions: Vec<RulePublished>,
}

fn key(fact: &Fact) -> Option<String> {
    match &fact.body {
        Body::RulePublished(rule) => Some(format!("{}/{}", rule.family.as_str(), rule.name.as_str())),
        _ => None,
    }
}

impl System for MarketRules {
    const NAME: &'static str = "rules";
    type State = Versions;

    fn touches(fact: &Fact) -> Vec<String> {
        key(fact).into_iter().collect()
    }

    fn judge(_: &States<Versions>, _: &Fact, _: &RuleBook) -> Judgement {
        Judgement::Accept
    }

    fn freeze(_: &States<Versions>, _: &Fact, _: &RuleBook) -> Option<FrozenPart> {
        None
    }

    fn decide(_: &States<Versions>, _: &Fact, _: &RuleBook, _: Timestamp) -> Vec<Draft> {
        Vec::new()
    }

    fn evolve(states: &mut States<Versions>, fact: &Fact) {
        if let (Some(key), Body::RulePublished(rule)) = (key(fact), &fact.body) {
            states.edit(&key).versions.push(rule.clone());
        }
    }

    fn listings(_: &str, _: &Versions) -> Vec<Listing> {
        Vec::new()
    }
}

/// Adds a published document to a book. A document that cannot be read was refused when it was sent.
pub(crate) fn publish(book: &mut RuleBook, rule: &RulePublished) {
    let (family, name) = (rule.family.as_str(), rule.name.as_str());
    let text = rule.text.as_str().to_owned();
    if let Err(flaw) = book.publish(family, name, rule.version.clone(), rule.effective_from, text) {
        tracing::error!(rule.version = %rule.version, "a published rule cannot be read: {flaw}");
    }
}

/// Reads the book of a market out of its states.
pub(crate) async fn load(store: &dyn Store) -> Result<RuleBook, StoreError> {
    let mut book = RuleBook::default();
    let mut after = String::new();
    loop {
        let page = store.states_after(MarketRules::NAME, &after, 500).await?;
        let Some(last) = page.last() else { return Ok(book) };
        after.clone_from(&last.key);
        for row in &page {
            let state: Versions = serde_json::from_str(&row.body)
                .map_err(|e| StoreError::Corrupt { what: format!("the rules of {}", row.key), reason: e.to_string() })?;
            state.versions.iter().for_each(|rule| publish(&mut book, rule));
        }
    }
}
