//! Who may come in: API keys, one-time sign-in links, sessions. Secrets are random and kept as hashes.

use laotie_engine::clock;
use laotie_facts::Timestamp;
use laotie_store::{AccessKind, AccessRow, Store, StoreError};
use sha2::{Digest, Sha256};

/// How long a sign-in link is good.
const LINK_MICROS: i64 = 24 * 3_600_000_000;

/// How long a session is good.
const SESSION_MICROS: i64 = 30 * 24 * 3_600_000_000;

/// Roles that the market knows, as in `rulebook/roles.cedar`.
pub const ROLES: [&str; 11] =
    ["platform_operator", "reviewer", "rule_editor", "merchant", "streamer", "desk", "provider", "buyer", "auditor", "engineer", "sender"];

/// 32 random bytes of the system.
pub(crate) fn random_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes
}

fn base32(bytes: &[u8]) -> String {
    data_encoding::BASE32_NOPAD.encode(bytes).to_lowercase()
}

/// Hex SHA-256 of a secret. Secrets hold 256 random bits, so that a fast hash gives nothing away.
pub(crate) fn secret_hash(secret: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

/// Makes a secret of a kind, keeps its hash and returns it: the only time that it is seen.
async fn issue(
    store: &dyn Store,
    kind: AccessKind,
    party: &str,
    roles: &[String],
    label: &str,
    good_for: Option<i64>,
) -> Result<(AccessRow, String), StoreError> {
    let prefix = match kind {
        AccessKind::ApiKey => "lt",
        AccessKind::Session => "ls",
        AccessKind::SignInLink => "li",
    };
    let secret = format!("{prefix}_{}", base32(&random_bytes()));
    let created = clock::now();
    let row = AccessRow {
        kind,
        id: format!("{prefix}k_{}", &base32(&random_bytes())[..16]),
        secret_hash: secret_hash(&secret),
        party: party.to_owned(),
        roles: serde_json::to_string(roles).unwrap_or_else(|_| "[]".to_owned()),
        label: label.to_owned(),
        created,
        expires: good_for.map(|micros| created.plus_micros(micros)),
    };
    store.access_put(&row).await?;
    Ok((row, secret))
}

/// Makes an API key.
///
/// # Errors
/// [`StoreError`].
pub async fn create_api_key(store: &dyn Store, party: &str, roles: &[String], label: &str) -> Result<(AccessRow, String), StoreError> {
    issue(store, AccessKind::ApiKey, party, roles, label, None).await
}

/// Makes a one-time sign-in link's token, good for a day.
///
/// # Errors
/// [`StoreError`].
pub async fn create_sign_in_link(store: &dyn Store, party: &str, roles: &[String]) -> Result<String, StoreError> {
    Ok(issue(store, AccessKind::SignInLink, party, roles, "sign-in link", Some(LINK_MICROS)).await?.1)
}

/// Changes a link's token into a session; `None` when it was used or is too old. Of two callers one wins.
pub(crate) async fn sign_in(store: &dyn Store, token: &str) -> Result<Option<(AccessRow, String)>, StoreError> {
    let Some(link) = store.access_by_hash(AccessKind::SignInLink, &secret_hash(token)).await? else { return Ok(None) };
    let fresh = is_good(&link, clock::now());
    if !store.access_remove(AccessKind::SignInLink, &link.id).await? || !fresh {
        return Ok(None);
    }
    sweep(store).await?;
    let roles: Vec<String> = serde_json::from_str(&link.roles).unwrap_or_default();
    issue(store, AccessKind::Session, &link.party, &roles, "console", Some(SESSION_MICROS)).await.map(Some)
}

/// Removes links and sessions that have ended.
async fn sweep(store: &dyn Store) -> Result<(), StoreError> {
    let now = clock::now();
    for kind in [AccessKind::SignInLink, AccessKind::Session] {
        for row in store.access_list(kind).await?.iter().filter(|row| !is_good(row, now)) {
            store.access_remove(kind, &row.id).await?;
        }
    }
    Ok(())
}

/// Whether a row has not ended.
pub(crate) fn is_good(row: &AccessRow, now: Timestamp) -> bool {
    row.expires.is_none_or(|end| now < end)
}
