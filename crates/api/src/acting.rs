//! Acts of people through the API: each is a fact, with who acted.

use laotie_engine::{Outcome, clock};
use laotie_facts::{Body, By, FactKey, Incoming, Kind, PartyId, SourceId, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::random_bytes;
use crate::caller::Caller;
use crate::market::Market;
use crate::problem::Problem;

/// The source of facts that people make here.
const CONSOLE: &str = "console";

/// Roles that see and do for everybody; others see and do for themselves alone.
const STAFF: [&str; 5] = ["platform_operator", "reviewer", "auditor", "engineer", "rule_editor"];

/// What became of an act.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"kind": "claim.opened", "key": "c5qk…", "seq": 8121}))]
pub(crate) struct Done {
    /// The kind of fact that it is.
    pub(crate) kind: String,
    /// Its key under the source `console`.
    pub(crate) key: String,
    /// Where it stands in the journal.
    pub(crate) seq: i64,
}

/// Records what a caller does. A refusal of the engine is a problem that says why.
pub(crate) async fn act(market: &Market, caller: &Caller, kind: Kind, body: &Value) -> Result<Done, Problem> {
    act_as(market, caller, kind, body, &new_id("")).await
}

/// As [`act`], under a key of the caller's own choosing, so that doing it twice does it once.
pub(crate) async fn act_as(market: &Market, caller: &Caller, kind: Kind, body: &Value, key: &str) -> Result<Done, Problem> {
    let body = Body::parse(kind, &body.to_string()).map_err(|e| Problem::bad_question(&e.field, e.reason))?;
    let source = SourceId::new(CONSOLE).expect("a valid id");
    let fact_key = FactKey::new(key).map_err(|e| Problem::bad_question("key", e.reason))?;
    let by = PartyId::new(caller.party.clone()).ok().map(|actor| By { actor, principal: None });
    let fact = Incoming::new(source, fact_key, now(), by, body);
    let receipts = market.engine.record(vec![fact]).await?;
    match receipts.into_iter().next().map(|r| r.outcome) {
        Some(Outcome::Recorded { seq, .. } | Outcome::Repeated { seq }) => {
            Ok(Done { kind: kind.name().to_owned(), key: key.to_owned(), seq })
        }
        Some(Outcome::Refused { code, field, reason }) => Err(Problem::refused(&code, &field, &reason)),
        None => Err(Problem::crashed()),
    }
}

/// A new id: a prefix and random base32.
pub(crate) fn new_id(prefix: &str) -> String {
    let text = data_encoding::BASE32_NOPAD.encode(&random_bytes()[..16]).to_lowercase();
    format!("{prefix}{text}")
}

/// Now.
pub(crate) fn now() -> Timestamp {
    clock::now()
}

/// Whether a caller sees and does for everybody.
pub(crate) fn is_staff(caller: &Caller) -> bool {
    caller.roles.iter().any(|role| STAFF.contains(&role.as_str()))
}

/// The role in which a party of a kind comes; nobody comes as the platform or the world outside.
fn role_of(kind: &str) -> Option<&'static str> {
    match kind {
        "buyer" => Some("buyer"),
        "shop" | "merchant" => Some("merchant"),
        "streamer" => Some("streamer"),
        "provider" | "agency" | "supplier" | "brand" => Some("provider"),
        _ => None,
    }
}

/// Lets a caller through to what is its own, and staff to everything.
///
/// `parties` are kind and id: ids are unique within a kind alone, so that a buyer of some id is not the shop of that id.
pub(crate) fn own(caller: &Caller, action: &str, parties: &[(&str, Option<&str>)]) -> Result<(), Problem> {
    let has = |role: &str| caller.roles.iter().any(|r| r == role);
    let is_own = parties.iter().any(|(kind, id)| *id == Some(caller.party.as_str()) && role_of(kind).is_some_and(has));
    if is_staff(caller) || is_own { Ok(()) } else { Err(Problem::forbidden(action)) }
}

#[cfg(test)]
mod tests {
    use laotie_store::AccessKind;

    use super::*;

    fn caller(party: &str, role: &str) -> Caller {
        Caller { id: "k".into(), kind: AccessKind::ApiKey, party: party.into(), roles: vec![role.into()], label: String::new() }
    }

    #[test]
    fn an_id_is_ones_own_in_ones_own_role_alone() {
        let shop = [("shop", Some("17"))];
        assert!(own(&caller("17", "merchant"), "read_accounts", &shop).is_ok());
        assert!(own(&caller("17", "buyer"), "read_accounts", &shop).is_err(), "the buyer 17 is not the shop 17");
        assert!(own(&caller("18", "merchant"), "read_accounts", &shop).is_err());
        assert!(own(&caller("main", "provider"), "read_accounts", &[("platform", Some("main"))]).is_err());
        assert!(own(&caller("x", "auditor"), "read_accounts", &shop).is_ok());
        assert!(own(&caller("17", "buyer"), "read_claims", &[("buyer", None), ("shop", Some("17"))]).is_err());
    }
}
