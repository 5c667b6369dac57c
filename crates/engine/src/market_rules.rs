//! The rules as a state: what holds, what is put forward, who approved it.

use laotie_facts::body::{FrozenPart, RuleApproved, RuleProposed, RulePublished};
use laotie_facts::{Body, Draft, Fact, Judgement, Listing, RuleBook, States, System, Timestamp, body_hash};
use laotie_store::{Store, StoreError};
use serde::{Deserialize, Serialize};

const DAY_MICROS: i64 = 86_400_000_000;

/// The system of rules; its states are keyed by `FAMILY/NAME`.
pub(crate) struct MarketRules;

/// A change that is put forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proposal {
    /// Who approved it so far.
    approvers: Vec<String>,
    /// When it was put forward.
    at: Timestamp,
    /// It.
    rule: RuleProposed,
    /// The fact.
    seq: i64,
}

/// Every published version of a document, and changes that wait for approval.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Versions {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    proposals: Vec<Proposal>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    versions: Vec<RulePublished>,
}

fn key(fact: &Fact) -> Option<String> {
    let (family, name) = match &fact.body {
        Body::RulePublished(rule) => (&rule.family, &rule.name),
        Body::RuleProposed(rule) => (&rule.family, &rule.name),
        Body::RuleApproved(rule) => (&rule.family, &rule.name),
        _ => return None,
    };
    Some(format!("{}/{}", family.as_str(), name.as_str()))
}

/// How many must approve, and how many days before it holds a change is made public.
fn governance(book: &RuleBook, now: Timestamp) -> (usize, i64) {
    let document = book.at("governance", "rules", now);
    let number = |field: &str, default: i64| document.and_then(|d| d.table.get(field)?.as_integer()).unwrap_or(default);
    (usize::try_from(number("approvals", 2)).unwrap_or(2), number("notice_days", 0))
}

fn hash_of(text: &str) -> laotie_facts::Sha256Hex {
    laotie_facts::Sha256Hex::from_bytes(body_hash(text))
}

impl System for MarketRules {
    const NAME: &'static str = "rules";
    type State = Versions;

    fn touches(_: &States<Versions>, fact: &Fact) -> Vec<String> {
        key(fact).into_iter().collect()
    }

    fn judge(before: &States<Versions>, fact: &Fact, book: &RuleBook) -> Judgement {
        let refuse = |code, reason: String| Judgement::Refuse { code, reason };
        let known = key(fact).and_then(|k| before.get(&k));
        match &fact.body {
            Body::RuleProposed(rule) => {
                let own = format!("{}/{}@", rule.family.as_str(), rule.name.as_str());
                if !rule.version.to_string().starts_with(&own) {
                    return refuse("version-of-another-rule", format!("version `{}` should begin with `{own}`", rule.version));
                }
                let taken = |v: &Versions| {
                    v.versions.iter().any(|p| p.version == rule.version) || v.proposals.iter().any(|p| p.rule.version == rule.version)
                };
                if known.is_some_and(taken) || book.version(&rule.version).is_some() {
                    return refuse("version-exists", format!("`{}` exists already; a change gets the next number", rule.version));
                }
                let (_, days) = governance(book, fact.seen);
                let earliest = fact.seen.plus_micros(days * DAY_MICROS);
                if rule.effective_from < earliest {
                    let reason = format!(
                        "{days} days of notice are needed: it can hold from {earliest} at the earliest, not from {}",
                        rule.effective_from
                    );
                    return refuse("notice-too-short", reason);
                }
                Judgement::Accept
            }
            Body::RuleApproved(approved) => match proposal(known, approved) {
                None => refuse("proposal-unknown", format!("nothing is put forward as `{}`", approved.version)),
                Some(p) if p.approvers.iter().any(|a| a == approved.approver.as_str()) => {
                    refuse("approved-before", format!("`{}` approved it already; another person must", approved.approver))
                }
                Some(p) if approved.text_hash.is_some_and(|h| h != hash_of(p.rule.text.as_str())) => {
                    refuse("another-text", "the hash is not that of the text put forward; read it again".to_owned())
                }
                Some(_) => Judgement::Accept,
            },
            _ => Judgement::Accept,
        }
    }

    fn freeze(_: &States<Versions>, _: &Fact, _: &RuleBook) -> Option<FrozenPart> {
        None
    }

    fn decide(before: &States<Versions>, fact: &Fact, book: &RuleBook, now: Timestamp) -> Vec<Draft> {
        let Body::RuleApproved(approved) = &fact.body else { return Vec::new() };
        let (needed, _) = governance(book, now);
        let known = key(fact).and_then(|k| before.get(&k));
        let Some(proposal) = proposal(known, approved).filter(|p| p.approvers.len() + 1 >= needed) else { return Vec::new() };
        let rule = &proposal.rule;
        let body = RulePublished {
            effective_from: rule.effective_from.max(now),
            family: rule.family.clone(),
            name: rule.name.clone(),
            text: rule.text.clone(),
            version: rule.version.clone(),
        };
        vec![Draft { at: now, body: body.into(), because: vec![proposal.seq], rules: Vec::new() }]
    }

    fn evolve(states: &mut States<Versions>, fact: &Fact) {
        let Some(key) = key(fact) else { return };
        let state = states.edit(&key);
        match &fact.body {
            Body::RulePublished(rule) => {
                state.versions.push(rule.clone());
                state.proposals.retain(|p| p.rule.version != rule.version);
            }
            Body::RuleProposed(rule) => {
                state.proposals.push(Proposal { approvers: Vec::new(), at: fact.at, rule: rule.clone(), seq: fact.seq });
            }
            Body::RuleApproved(approved) => {
                let of = |p: &&mut Proposal| p.rule.version == approved.version;
                state.proposals.iter_mut().filter(of).for_each(|p| p.approvers.push(approved.approver.to_string()));
            }
            _ => {}
        }
    }

    fn listings(_: &str, state: &Versions) -> Vec<Listing> {
        let row = |p: &Proposal| Listing {
            view: "rule_proposals",
            owner: String::new(),
            sort: p.rule.effective_from.to_string(),
            key: p.rule.version.to_string(),
            body: serde_json::to_string(&Row { approvers: &p.approvers, at: p.at, rule: &p.rule }).expect("strings always serialise"),
        };
        state.proposals.iter().map(row).collect()
    }
}

#[derive(Serialize)]
struct Row<'a> {
    approvers: &'a [String],
    at: Timestamp,
    #[serde(flatten)]
    rule: &'a RuleProposed,
}

fn proposal<'v>(known: Option<&'v Versions>, approved: &RuleApproved) -> Option<&'v Proposal> {
    known?.proposals.iter().find(|p| p.rule.version == approved.version)
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
