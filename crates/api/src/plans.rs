//! Plans by which overdue debts are paid: one side proposes, the other agrees.

use axum::Json;
use laotie_facts::Kind;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::accounts::party;
use crate::acting::{Done, act_as, is_staff, new_id, own};
use crate::caller::{Caller, InMarket, PathParts};
use crate::input::Given;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// An instalment.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInstalment {
    /// How much.
    amount_minor: i64,
    /// By when.
    #[schema(format = DateTime)]
    due: String,
}

/// A plan to propose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"debt": "dbt_…", "party": "m-1", "party_kind": "merchant", "instalments": [{"amount_minor": 4000, "due": "2026-07-28T16:00:00Z"}, {"amount_minor": 3513, "due": "2026-08-28T16:00:00Z"}]}))]
pub(crate) struct NewPlan {
    /// The overdue debt.
    debt: String,
    /// Who owes.
    party: String,
    /// What the party is.
    party_kind: String,
    /// What is paid by when; together all that is owed.
    instalments: Vec<NewInstalment>,
    /// The share of each sale's proceeds that is taken as it settles, and counts towards the instalments.
    share_bps: Option<i64>,
}

/// Whose plan is agreed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"party": "m-1", "party_kind": "merchant"}))]
pub(crate) struct Agreement {
    /// Who owes.
    party: String,
    /// What the party is.
    party_kind: String,
}

/// The side on which a caller speaks: the debtor's own, or the market's for whom it is owed to.
fn side_of(caller: &Caller, kind: &str, id: &str) -> Result<&'static str, Problem> {
    own(caller, "plan_debts", &[(kind, Some(id))])?;
    Ok(if is_staff(caller) { "creditor" } else { "debtor" })
}

/// Propose in which instalments an overdue debt is paid; a new proposal takes the place of the one before.
#[utoipa::path(post, path = "/plans", tag = "money", operation_id = "propose_plan", request_body = NewPlan,
    responses((status = 200, description = "Proposed", body = Done), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such debt", body = ProblemBody), (status = 409, description = "It cannot be proposed", body = ProblemBody), (status = 422, description = "The plan is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn propose(InMarket(market): InMarket, caller: Caller, Given(new): Given<NewPlan>) -> Result<Json<Done>, Problem> {
    let side = side_of(&caller, &new.party_kind, &new.party)?;
    let debtor = party(&market, &format!("{}/{}", new.party_kind, new.party)).await?.unwrap_or_default();
    let debt = debtor.debts.iter().find(|d| d.id == new.debt).ok_or_else(|| Problem::not_found("open debt", &new.debt))?;
    let plan = new_id("pln-");
    let mut body = json!({
        "by": caller.party, "currency": debt.currency.code(), "debt": new.debt, "instalments": new.instalments, "party": new.party,
        "party_kind": new.party_kind, "plan": plan, "side": side,
    });
    if let Some(share) = new.share_bps {
        body["share_bps"] = json!(share);
    }
    act_as(&market, &caller, Kind::PlanProposed, &body, &format!("{plan}/proposed")).await.map(Json)
}

/// Agree to a plan that the other side proposed: settlement resumes, and the debt is taken by the plan.
#[utoipa::path(post, path = "/plans/{id}/agree", tag = "money", operation_id = "agree_plan", request_body = Agreement,
    params(("id" = String, Path, description = "The plan", example = "pln-1")),
    responses((status = 200, description = "Agreed", body = Done), (status = 403, description = "Not yours", body = ProblemBody), (status = 409, description = "It cannot be agreed to", body = ProblemBody), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn agree(
    InMarket(market): InMarket,
    caller: Caller,
    path: PathParts,
    Given(new): Given<Agreement>,
) -> Result<Json<Done>, Problem> {
    let (id, side) = (path.get("id"), side_of(&caller, &new.party_kind, &new.party)?);
    let body = json!({ "by": caller.party, "party": new.party, "party_kind": new.party_kind, "plan": id, "side": side });
    act_as(&market, &caller, Kind::PlanAgreed, &body, &format!("{id}/agreed")).await.map(Json)
}
