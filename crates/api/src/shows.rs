//! Shows: what is on air, what is said in them, nudges and what the desk answers.

pub(crate) mod case;
pub(crate) mod stream;

use axum::Json;
use laotie_facts::{Calendar, Kind, System, Timestamp};
use laotie_speech::live::{Show, Speech, State as SpeechState};
use laotie_store::{StateKey, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::acting::{Done, act_as, is_staff, now};
use crate::air::Event;
use crate::caller::{Caller, InMarket, PathParts};
use crate::input::{Asked, Given};
use crate::lists::{self, Page, PageQuery, listed};
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

async fn state(market: &Market, key: String) -> Result<Option<SpeechState>, Problem> {
    let rows = market.engine.store().states(&[StateKey { system: Speech::NAME.to_owned(), key: key.clone() }]).await?;
    let read = |body: &str| serde_json::from_str(body).map_err(|e| StoreError::Corrupt { what: key.clone(), reason: e.to_string() });
    Ok(rows.first().map(|row| read(&row.body)).transpose()?)
}

/// A show, for those who may see it: staff, its streamer, and its streamer's desk.
pub(crate) async fn show_for(market: &Market, caller: &Caller, id: &str, action: &str) -> Result<Show, Problem> {
    let found = state(market, format!("show/{id}")).await?.and_then(|s| s.show);
    let known = found.filter(|show| is_staff(caller) || is_desk_of(caller, show.streamer.as_deref()));
    match known {
        Some(show) => Ok(show),
        // Whoever may not see a show is not told whether there is one.
        None if is_staff(caller) => Err(Problem::not_found("show", id)),
        None => Err(Problem::forbidden(action)),
    }
}

fn is_desk_of(caller: &Caller, streamer: Option<&str>) -> bool {
    streamer == Some(caller.party.as_str()) && caller.roles.iter().any(|r| r == "streamer" || r == "desk")
}

/// What is on file about an item at a moment, as the reader takes it.
pub(crate) async fn facts_of(
    market: &Market,
    item: &str,
    show: Option<&str>,
    at: Timestamp,
) -> Result<Option<laotie_speech::ItemFacts>, Problem> {
    let shelf = state(market, format!("item/{item}")).await?.and_then(|s| s.item);
    let calendar = Calendar::at(&market.engine.book(), at);
    Ok(shelf.map(|shelf| shelf.at(at, show, &calendar.zone)))
}

/// Shows of a streamer that are looked through for an item.
const RECENT: usize = 20;

/// What is on file about an item now, for those who may know it: staff, its shop, and a streamer (or its desk) who sold it, or
/// goods of its shop, in a show of late. Others are not told whether there is one.
pub(crate) async fn facts_for(market: &Market, caller: &Caller, item: &str) -> Result<laotie_speech::ItemFacts, Problem> {
    let shelf = state(market, format!("item/{item}")).await?.and_then(|s| s.item);
    let has = |role: &str| caller.roles.iter().any(|r| r == role);
    let shop = shelf.as_ref().and_then(|s| s.shop.clone());
    let may = is_staff(caller)
        || shop.as_deref() == Some(caller.party.as_str()) && has("merchant")
        || (has("streamer") || has("desk")) && sold_by(market, &caller.party, item, shop.as_deref()).await?;
    if !may {
        return Err(Problem::forbidden("check_speech"));
    }
    let at = now();
    let calendar = Calendar::at(&market.engine.book(), at);
    shelf.map(|shelf| shelf.at(at, None, &calendar.zone)).ok_or_else(|| Problem::not_found("item", item))
}

/// Whether a streamer sold an item, or goods of its shop, in a show of late.
async fn sold_by(market: &Market, streamer: &str, item: &str, of_shop: Option<&str>) -> Result<bool, Problem> {
    let page = PageQuery { limit: Some(RECENT), after: None };
    let recent = listed(market, "shows", &format!("streamer/{streamer}"), &page, true).await?.0.items;
    for id in recent.iter().filter_map(|row| row["show"].as_str()) {
        let recently = state(market, format!("show/{id}")).await?.and_then(|s| s.show);
        if recently
            .is_some_and(|s| s.items.iter().any(|i| i.item == item) || of_shop.is_some_and(|of| s.shops.iter().any(|shop| shop == of)))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which shows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShowQuery {
    /// Only those that are on air.
    #[serde(default)]
    live: bool,
    /// Only those of a streamer.
    #[param(example = "t-9")]
    streamer: Option<String>,
    /// Rows at most; 50 when left out, 500 at most.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A show in a list.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
#[schema(example = json!({"show": "t-9/20260610", "room": "t-9", "streamer": "t-9", "title": "砀山梨膏专场", "opened_at": "2026-06-10T11:00:00Z", "closed_at": null, "latest_at": "2026-06-10T11:32:04Z", "item": "i-55", "heard": 512, "found": 31, "nudged": 6, "corrected": 4, "open": 1, "uncorrected": 1}))]
pub(crate) struct ShowRow {
    /// The show.
    show: String,
    /// The room.
    room: Option<String>,
    /// Who streams.
    streamer: Option<String>,
    /// Its title.
    title: Option<String>,
    /// When it began.
    #[schema(format = DateTime)]
    opened_at: Option<String>,
    /// When it ended.
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// When it was last heard of.
    #[schema(format = DateTime)]
    latest_at: String,
    /// The item being explained.
    item: Option<String>,
    /// Sentences heard.
    heard: i64,
    /// Claims found.
    found: i64,
    /// Nudges sent.
    nudged: i64,
    /// Nudges taken back on air.
    corrected: i64,
    /// Nudges that are open.
    open: i64,
    /// Nudges that were not taken back in time.
    uncorrected: i64,
}

/// Shows, the latest first; a streamer and its desk see their own.
#[utoipa::path(get, path = "/shows", tag = "speech", operation_id = "list_shows", params(ShowQuery),
    responses((status = 200, description = "A page of shows", body = Page<ShowRow>), (status = 403, description = "Not yours", body = ProblemBody), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(InMarket(market): InMarket, caller: Caller, Asked(query): Asked<ShowQuery>) -> Result<Json<Page<Value>>, Problem> {
    let streamer = match (&query.streamer, is_staff(&caller)) {
        (named, true) => named.clone(),
        (None, false) => Some(caller.party.clone()),
        (Some(named), false) if is_desk_of(&caller, Some(named)) => Some(named.clone()),
        (Some(_), false) => return Err(Problem::forbidden("read_shows")),
    };
    let page = PageQuery { limit: query.limit, after: query.after };
    match streamer {
        Some(streamer) => {
            let mut rows = listed(&market, "shows", &format!("streamer/{streamer}"), &page, true).await?;
            rows.0.items.retain(|row| !query.live || row["closed_at"].is_null());
            Ok(rows)
        }
        None => listed(&market, if query.live { "shows_live" } else { "shows" }, "", &page, true).await,
    }
}

/// A show as the desk sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShowNow {
    /// Which.
    show: String,
    /// The journal's end when this was read: listen from here on.
    position: i64,
    /// Room, streamer, title, times and counts.
    #[schema(value_type = Object)]
    about: Value,
    /// The item being explained with what is on file at this moment; null while none is.
    #[schema(value_type = Object)]
    item: Value,
    /// Items that were shown, the latest first.
    #[schema(value_type = Vec<Object>)]
    items: Value,
    /// Nudges, the latest first.
    #[schema(value_type = Vec<Object>)]
    nudges: Value,
}

/// A show now: its item with price, stock and what is on file, and its nudges.
#[utoipa::path(get, path = "/shows/{id}", tag = "speech", operation_id = "get_show",
    params(("id" = String, Path, description = "The show; a `/` in it is written `%2F`", example = "t-9%2F20260610")),
    responses((status = 200, description = "The show", body = ShowNow), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such show", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn one(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<ShowNow>, Problem> {
    let id = path.get("id");
    let position = market.engine.store().head().await?.seq;
    let show = show_for(&market, &caller, &id, "read_shows").await?;
    let item = match &show.item {
        Some(item) => {
            let facts = facts_of(&market, item, Some(&id), now()).await?;
            let position = show.items.iter().rev().find(|s| s.item == *item).and_then(|s| s.position);
            json!({ "item": item, "position": position, "facts": facts })
        }
        None => Value::Null,
    };
    let about = json!({
        "room": show.room, "streamer": show.streamer, "shops": show.shops, "title": show.title, "opened_at": show.opened_at,
        "closed_at": show.closed_at, "latest_at": show.latest_at, "heard": show.heard, "found": show.found, "nudged": show.nudged,
        "corrected": show.corrected,
    });
    let nudges: Vec<Value> = show.threads.iter().rev().map(|t| json!(t)).collect();
    let items: Vec<Value> = show.items.iter().rev().map(|s| json!(s)).collect();
    Ok(Json(ShowNow { show: id, position, about, item, items: json!(items), nudges: json!(nudges) }))
}

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// Behind this place in the journal.
    #[serde(default)]
    pub(crate) after: i64,
    /// Events at most; 50 when left out, 500 at most.
    limit: Option<usize>,
}

/// Something that happened in a show.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
#[schema(example = json!({"seq": 520, "kind": "nudge.sent", "at": "2026-06-10T11:32:04Z", "seen": "2026-06-10T11:32:04.1Z", "body": {"nudge": "ndg-1", "show": "t-9/20260610", "code": "FOODMED", "level": "red"}}))]
pub(crate) struct ShowEvent {
    /// Its place in the journal.
    seq: i64,
    /// What kind of fact it is.
    kind: String,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// When we heard of it.
    #[schema(format = DateTime)]
    seen: String,
    /// The fact's body.
    #[schema(value_type = Object)]
    body: Value,
}

/// What happened in a show, in order: sentences, findings, nudges and their answers.
#[utoipa::path(get, path = "/shows/{id}/events", tag = "speech", operation_id = "list_show_events",
    params(("id" = String, Path, description = "The show", example = "t-9%2F20260610"), EventQuery),
    responses((status = 200, description = "A page of events", body = Page<ShowEvent>), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such show", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn events(
    InMarket(market): InMarket,
    caller: Caller,
    path: PathParts,
    Asked(query): Asked<EventQuery>,
) -> Result<Json<Page<Value>>, Problem> {
    let id = path.get("id");
    show_for(&market, &caller, &id, "read_shows").await?;
    let limit = lists::limit(query.limit)?;
    let rows = market.engine.store().history(&format!("show/{id}"), query.after, limit + 1).await?;
    let next = (rows.len() > limit).then(|| rows[limit - 1].seq.to_string());
    let items = rows.iter().take(limit).filter_map(Event::of).filter_map(|e| serde_json::from_str(&e.json).ok()).collect();
    Ok(Json(Page { items, next }))
}

/// What the desk says to a nudge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeskAnswer {
    /// Seen; the host will take the words back.
    Acknowledged,
    /// Not agreed.
    Dismissed,
    /// There is proof.
    Proof,
}

/// A file of the evidence vault.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofFile {
    /// SHA-256 of its bytes.
    hash: String,
    /// What it holds, as `application/pdf`.
    media_type: String,
    /// How many bytes.
    size_bytes: i64,
}

/// The desk's answer to a nudge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"response": "proof", "statement": "检测报告编号 2026-118", "file": {"hash": "24d58e526ffc2a09f9674afe88998cb51e0ebc50f12fadf4b488b4562d2fc731", "media_type": "application/pdf", "size_bytes": 68800}}))]
pub(crate) struct NudgeAnswer {
    /// What it says.
    response: DeskAnswer,
    /// In words.
    statement: Option<String>,
    /// The proof, put into the vault before.
    file: Option<ProofFile>,
}

/// Answer a nudge, as the desk.
#[utoipa::path(post, path = "/shows/{id}/nudges/{nudge}", tag = "speech", operation_id = "answer_nudge", request_body = NudgeAnswer,
    params(("id" = String, Path, description = "The show", example = "t-9%2F20260610"), ("nudge" = String, Path, description = "The nudge", example = "ndg-1")),
    responses((status = 200, description = "Answered", body = Done), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such show", body = ProblemBody), (status = 409, description = "It is answered, or its time is over", body = ProblemBody), (status = 422, description = "The answer is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn answer(
    InMarket(market): InMarket,
    caller: Caller,
    path: PathParts,
    Given(answer): Given<NudgeAnswer>,
) -> Result<Json<Done>, Problem> {
    let (id, nudge) = (path.get("id"), path.get("nudge"));
    show_for(&market, &caller, &id, "answer_nudges").await?;
    let mut body = json!({ "show": id, "nudge": nudge, "response": answer.response });
    if let Some(statement) = &answer.statement {
        body["statement"] = json!(statement);
    }
    if let Some(file) = &answer.file {
        body["file"] = json!(file);
        let read: laotie_facts::body::EvidenceFile =
            serde_json::from_value(json!(file)).map_err(|e| Problem::bad_question("file", e.to_string()))?;
        if let Some((field, reason)) = market.evidence.differs(&read).await? {
            return Err(Problem::bad_question(&format!("file.{field}"), reason));
        }
    }
    let said = serde_json::to_value(answer.response).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    act_as(&market, &caller, Kind::NudgeHeeded, &body, &format!("{nudge}/{said}")).await.map(Json)
}
