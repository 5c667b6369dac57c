//! API keys: made, listed, revoked. A secret is shown once.

use axum::Json;
use axum::http::StatusCode;
use laotie_store::{AccessKind, AccessRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{ROLES, create_api_key};
use crate::caller::{InMarket, PathParts};
use crate::input::Given;
use crate::lists::Page;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"party": "shop-system", "roles": ["sender"], "label": "orders feed"}))]
pub(crate) struct NewKey {
    /// The party that it stands for.
    party: String,
    /// What it may do, by role.
    roles: Vec<String>,
    /// What it is for.
    label: String,
}

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Key {
    /// Its id, by which it is revoked.
    id: String,
    /// The party that it stands for.
    party: String,
    /// What it may do, by role.
    roles: Vec<String>,
    /// What it is for.
    label: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created: String,
}

/// A key just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeKey {
    /// The key.
    key: Key,
    /// What goes behind `Bearer`; never shown again.
    secret: String,
}

fn key(row: &AccessRow) -> Key {
    Key {
        id: row.id.clone(),
        party: row.party.clone(),
        roles: serde_json::from_str(&row.roles).unwrap_or_default(),
        label: row.label.clone(),
        created: row.created.to_string(),
    }
}

/// All keys.
#[utoipa::path(get, path = "/keys", tag = "access", operation_id = "list_keys",
    responses((status = 200, description = "The keys, without their secrets", body = Page<Key>)), security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(InMarket(market): InMarket) -> Result<Json<Page<Key>>, Problem> {
    let rows = market.engine.store().access_list(AccessKind::ApiKey).await?;
    Ok(Json(Page { items: rows.iter().map(key).collect(), next: None }))
}

/// Make a key; its secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/keys", tag = "access", operation_id = "create_key", request_body = NewKey,
    responses((status = 201, description = "The key and its secret", body = MadeKey), (status = 400, description = "Not JSON", body = ProblemBody),
        (status = 415, description = "Not sent as JSON", body = ProblemBody), (status = 422, description = "No such role, or no party", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn create(InMarket(market): InMarket, Given(new): Given<NewKey>) -> Result<(StatusCode, Json<MadeKey>), Problem> {
    if let Some(unknown) = new.roles.iter().find(|r| !ROLES.contains(&r.as_str())) {
        return Err(Problem::bad_question("roles", format!("`{unknown}` is not a role; roles are {}", ROLES.join(", "))));
    }
    if new.party.trim().is_empty() || new.party.len() > 128 || new.label.len() > 200 || new.roles.is_empty() {
        return Err(Problem::bad_question(
            "party",
            "a key needs a party (1 to 128 characters), at least one role and a label of at most 200",
        ));
    }
    let (row, secret) = create_api_key(market.engine.store().as_ref(), &new.party, &new.roles, &new.label).await?;
    Ok((StatusCode::CREATED, Json(MadeKey { key: key(&row), secret })))
}

/// Revoke a key.
#[utoipa::path(delete, path = "/keys/{id}", tag = "access", operation_id = "revoke_key", params(("id" = String, Path, description = "The key's id")),
    responses((status = 204, description = "Revoked"), (status = 404, description = "No such key", body = ProblemBody)), security(("api_key" = []), ("session" = [])))]
pub(crate) async fn revoke(InMarket(market): InMarket, path: PathParts) -> Result<StatusCode, Problem> {
    let id = path.get("id");
    if market.engine.store().access_remove(AccessKind::ApiKey, &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("key", &id))
    }
}
