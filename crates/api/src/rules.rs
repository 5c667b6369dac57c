//! The market's rules: read, compared, previewed, put forward and approved.

use axum::Json;
use laotie_engine::{check_rule, preview};
use laotie_facts::body::RulePublished;
use laotie_facts::{Kind, RuleDocument, RuleVersion, Text, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::acting::{Done, act, now};
use crate::caller::{Caller, InMarket, PathParts};
use crate::input::{Asked, Given};
use crate::lists::{Page, PageQuery, listed};
use crate::problem::Problem;
use crate::shapes::ProblemBody;

const DAY_MICROS: i64 = 86_400_000_000;

/// A version of a rule document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"family": "guarantees", "name": "counterfeit_multiple", "version": "guarantees/counterfeit_multiple@2024-05-23.1", "effective_from": "2024-05-22T16:00:00Z", "title": {"zh": "假一赔十", "en": "Tenfold compensation"}, "in_force": true}))]
pub(crate) struct RuleRow {
    /// Its family.
    family: String,
    /// Its name.
    name: String,
    /// Its version.
    version: String,
    /// From when it holds.
    #[schema(format = DateTime)]
    effective_from: String,
    /// What it is called.
    #[schema(value_type = Object)]
    title: Value,
    /// Whether it holds now.
    in_force: bool,
}

fn row(family: &str, name: &str, document: &RuleDocument, now_in_force: Option<&RuleVersion>) -> RuleRow {
    let title = document.table.get("name").and_then(|n| serde_json::to_value(n).ok()).unwrap_or_else(|| json!({ "zh": name, "en": name }));
    RuleRow {
        family: family.to_owned(),
        name: name.to_owned(),
        version: document.version.to_string(),
        effective_from: document.effective_from.to_string(),
        title,
        in_force: now_in_force == Some(&document.version),
    }
}

/// Of which family.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FamilyQuery {
    /// Only documents of this family.
    #[param(example = "guarantees")]
    family: Option<String>,
}

/// The rules that hold now.
#[utoipa::path(get, path = "/rules", tag = "rules", operation_id = "list_rules", params(FamilyQuery),
    responses((status = 200, description = "A row a document", body = Vec<RuleRow>)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(InMarket(market): InMarket, Asked(query): Asked<FamilyQuery>) -> Result<Json<Vec<RuleRow>>, Problem> {
    let (book, now) = (market.engine.book(), now());
    let families: Vec<String> = book.families().filter(|f| query.family.as_deref().is_none_or(|q| q == *f)).map(str::to_owned).collect();
    let rows = families.iter().flat_map(|f| book.family_at(f, now).map(|(name, d)| row(f, name, d, Some(&d.version))).collect::<Vec<_>>());
    Ok(Json(rows.collect()))
}

/// A document with all its versions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleWithHistory {
    /// Its versions, the earliest first.
    versions: Vec<RuleRow>,
    /// The text of each version, by version.
    #[schema(value_type = Object)]
    texts: Value,
}

/// One document, every version of it in full.
#[utoipa::path(get, path = "/rules/{family}/{name}", tag = "rules", operation_id = "get_rule",
    params(("family" = String, Path, description = "The family", example = "guarantees"), ("name" = String, Path, description = "The document", example = "counterfeit_multiple")),
    responses((status = 200, description = "The document", body = RuleWithHistory), (status = 404, description = "No such rule", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn one(InMarket(market): InMarket, path: PathParts) -> Result<Json<RuleWithHistory>, Problem> {
    let (family, name) = (path.get("family"), path.get("name"));
    let book = market.engine.book();
    let in_force = book.at(&family, &name, now()).map(|d| d.version.clone());
    let versions: Vec<RuleRow> = book.history(&family, &name).map(|d| row(&family, &name, d, in_force.as_ref())).collect();
    if versions.is_empty() {
        return Err(Problem::not_found("rule", &format!("{family}/{name}")));
    }
    let texts = book.history(&family, &name).map(|d| (d.version.to_string(), json!(d.text))).collect::<serde_json::Map<_, _>>();
    Ok(Json(RuleWithHistory { versions, texts: Value::Object(texts) }))
}

/// A document to be looked at or put forward.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"family": "fees", "name": "platform", "text": "id = \"platform\"\nversion = \"2027-01-01.1\"\n…", "days": 30}))]
pub(crate) struct Draft {
    /// Its family.
    family: String,
    /// Its name.
    name: String,
    /// The document, TOML with `version` and `effective_from`.
    text: String,
    /// For a preview: how many days back facts are decided again; 30 when absent.
    days: Option<u16>,
    /// Why it should change.
    statement: Option<String>,
}

/// What a draft says of itself.
fn read(draft: &Draft) -> Result<(RuleVersion, Timestamp), Problem> {
    let table: toml::Table = draft.text.parse().map_err(|e: toml::de::Error| Problem::bad_question("text", e.to_string()))?;
    let text =
        |field: &str| table.get(field).and_then(|v| v.as_str()).ok_or_else(|| Problem::bad_question("text", format!("has no `{field}`")));
    let version = RuleVersion::new(format!("{}/{}@{}", draft.family, draft.name, text("version")?))
        .map_err(|e| Problem::bad_question("text", format!("version: {}", e.reason)))?;
    let from = text("effective_from")?;
    let from = if from.len() == 10 { format!("{from}T00:00:00Z") } else { from.to_owned() };
    let from = Timestamp::parse(&from).map_err(|e| Problem::bad_question("text", format!("effective_from: {e}")))?;
    check_rule(&draft.family, &draft.name, version.clone(), &draft.text).map_err(|flaw| {
        Problem::bad_question("text", if flaw.field.is_empty() { flaw.reason } else { format!("{}: {}", flaw.field, flaw.reason) })
    })?;
    Ok((version, from))
}

/// What a rule change would have done.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
pub(crate) struct PreviewBody {
    /// From when facts were looked at.
    #[schema(format = DateTime)]
    since: String,
    /// Facts decided again.
    facts: i64,
    /// Subjects for which something would have been otherwise.
    subjects_changed: i64,
    /// By kind of fact: how many less and how many more.
    #[schema(value_type = Object)]
    kinds: Value,
    /// What buyers would have got more, by currency.
    #[schema(value_type = Object)]
    money_changed_minor: Value,
    /// By currency and kind of account: how much more would stand there.
    #[schema(value_type = Object)]
    accounts: Value,
    /// Some of the subjects.
    #[schema(value_type = Vec<Object>)]
    examples: Value,
}

/// See what a change would have done to the facts of the last days, before anybody is bound by it.
#[utoipa::path(post, path = "/rules/preview", tag = "rules", operation_id = "preview_rule", request_body = Draft,
    responses((status = 200, description = "What would have been otherwise", body = PreviewBody), (status = 422, description = "The document is no rule", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn preview_change(InMarket(market): InMarket, Given(draft): Given<Draft>) -> Result<Json<Value>, Problem> {
    let (version, _) = read(&draft)?;
    let since = Timestamp::from_micros((now().micros() - i64::from(draft.days.unwrap_or(30)) * DAY_MICROS).max(0)).unwrap_or_default();
    let text = |field: &str, text: &str| Text::new(text).map_err(|e| Problem::bad_question(field, e.reason));
    let changed = RulePublished {
        effective_from: since,
        family: text("family", &draft.family).map(|t: Text<50>| t)?,
        name: Text::new(draft.name.clone()).map_err(|e| Problem::bad_question("name", e.reason))?,
        text: Text::new(draft.text.clone()).map_err(|e| Problem::bad_question("text", e.reason))?,
        version,
    };
    let found = preview(market.engine.store().as_ref(), &changed, since, &mut |_| ()).await?;
    Ok(Json(json!(found)))
}

/// Put a change forward; it holds once enough people have approved it and its notice has run.
#[utoipa::path(post, path = "/rules/proposals", tag = "rules", operation_id = "propose_rule", request_body = Draft,
    responses((status = 200, description = "Put forward", body = Done), (status = 409, description = "It cannot be put forward", body = ProblemBody), (status = 422, description = "The document is no rule", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn propose(InMarket(market): InMarket, caller: Caller, Given(draft): Given<Draft>) -> Result<Json<Done>, Problem> {
    let (version, from) = read(&draft)?;
    let mut body = json!({
        "family": draft.family, "name": draft.name, "text": draft.text, "version": version.to_string(),
        "effective_from": from.to_string(), "proposer": caller.party,
    });
    if let Some(statement) = &draft.statement {
        body["statement"] = json!(statement);
    }
    act(&market, &caller, Kind::RuleProposed, &body).await.map(Json)
}

/// A change that waits for approval.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
pub(crate) struct ProposalRow {
    /// Its family.
    family: String,
    /// Its name.
    name: String,
    /// Its version.
    version: String,
    /// From when it is to hold.
    #[schema(format = DateTime)]
    effective_from: String,
    /// Who put it forward.
    proposer: String,
    /// Who approved it so far.
    approvers: Vec<String>,
    /// When it was put forward.
    #[schema(format = DateTime)]
    at: String,
    /// The document.
    text: String,
    /// Why.
    #[schema(nullable = false)]
    statement: Option<String>,
}

/// Changes that wait for approval.
#[utoipa::path(get, path = "/rules/proposals", tag = "rules", operation_id = "list_proposals", params(PageQuery),
    responses((status = 200, description = "A page of changes", body = Page<ProposalRow>), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn proposals(InMarket(market): InMarket, Asked(query): Asked<PageQuery>) -> Result<Json<Page<Value>>, Problem> {
    listed(&market, "rule_proposals", "", &query, false).await
}

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"version": "fees/platform@2027-01-01.1", "statement": "read, agreed"}))]
pub(crate) struct Approval {
    /// The version that is approved.
    version: String,
    /// What the approver says.
    statement: Option<String>,
}

/// Approve a change. Two different people must.
#[utoipa::path(post, path = "/rules/approvals", tag = "rules", operation_id = "approve_rule", request_body = Approval,
    responses((status = 200, description = "Approved", body = Done), (status = 409, description = "It cannot be approved", body = ProblemBody), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn approve(InMarket(market): InMarket, caller: Caller, Given(approval): Given<Approval>) -> Result<Json<Done>, Problem> {
    let bad = || Problem::bad_question("version", format!("`{}` is no version, as `fees/platform@2027-01-01.1`", approval.version));
    let (family, rest) = approval.version.split_once('/').ok_or_else(bad)?;
    let (name, _) = rest.split_once('@').ok_or_else(bad)?;
    let mut body = json!({ "family": family, "name": name, "version": approval.version, "approver": caller.party });
    if let Some(statement) = &approval.statement {
        body["statement"] = json!(statement);
    }
    act(&market, &caller, Kind::RuleApproved, &body).await.map(Json)
}
