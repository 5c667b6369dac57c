//! What requests and answers look like, for the OpenAPI document.
//!
//! Answers are made of the types of the floors below, which know no HTTP; these are their public shapes. A test
//! compares real answers with the document.
#![expect(dead_code, reason = "these types document answers and are never made")]

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

/// What went wrong (RFC 9457), sent as `application/problem+json`.
#[derive(ToSchema)]
#[schema(example = json!({"type": "/problems/not-found", "title": "There is no such thing", "status": 404, "detail": "there is no order `o-1`"}))]
pub(crate) struct ProblemBody {
    /// Stable address of the kind of problem; opened, it says what to do.
    r#type: String,
    /// What it is, in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What is wrong this time.
    detail: String,
    /// Which part of the question is wrong.
    #[schema(nullable = false)]
    field: Option<String>,
    /// The right that is missing.
    #[schema(nullable = false)]
    action: Option<String>,
}

/// A text in both languages.
#[derive(ToSchema)]
pub(crate) struct Bilingual {
    /// Chinese.
    zh: String,
    /// English.
    en: String,
}

/// For whom somebody acted.
#[derive(ToSchema)]
pub(crate) struct By {
    /// Who did it.
    actor: String,
    /// For whom.
    principal: String,
}

/// A fact to be recorded. `GET /v1/schema/{kind}` has the body of each kind.
#[derive(ToSchema)]
pub(crate) struct SentFact {
    /// The system that tells it; with `key` its identity.
    source: String,
    /// Its name there.
    key: String,
    /// What happened, as `order.paid`.
    kind: String,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// For whom somebody acted.
    #[schema(nullable = false)]
    by: Option<By>,
    /// The rest, by kind.
    #[schema(value_type = Object)]
    body: Value,
}

/// One fact or an array of them.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum FactsSent {
    /// One.
    One(SentFact),
    /// Some.
    Many(Vec<SentFact>),
}

/// What became of one fact.
#[derive(ToSchema)]
pub(crate) struct FactReceipt {
    /// Its place in what was sent, from 0.
    index: u64,
    /// Its line, from 1, where facts came one a line.
    #[schema(nullable = false)]
    line: Option<u64>,
    /// Its source, where it could be read.
    #[schema(nullable = false)]
    source: Option<String>,
    /// Its key, where it could be read.
    #[schema(nullable = false)]
    key: Option<String>,
    /// What became of it.
    outcome: FactOutcome,
    /// Its place in the journal.
    #[schema(nullable = false)]
    seq: Option<i64>,
    /// The kind of fact that it waits for.
    #[schema(nullable = false)]
    waiting_for: Option<String>,
    /// Stable name of the problem, as `order-already-paid`; `/problems/NAME` explains it.
    #[schema(nullable = false)]
    problem: Option<String>,
    /// The field that is wrong, as `body.lines[0].qty`.
    #[schema(nullable = false)]
    field: Option<String>,
    /// What is wrong and what would be right.
    #[schema(nullable = false)]
    reason: Option<String>,
}

/// What can become of a fact.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum FactOutcome {
    /// On disk, now.
    Recorded,
    /// Recorded before, the same.
    Repeated,
    /// Not recorded.
    Refused,
}

/// The answer to sent facts.
#[derive(ToSchema)]
pub(crate) struct FactReceipts {
    /// In the order of the facts.
    receipts: Vec<FactReceipt>,
    /// Facts recorded now.
    recorded: u64,
    /// Facts that were recorded before.
    repeated: u64,
    /// Facts refused.
    refused: u64,
}

/// A row of the journal.
#[derive(ToSchema)]
pub(crate) struct RecordedFact {
    /// Its place.
    seq: i64,
    /// When Laotie heard of it.
    #[schema(format = DateTime)]
    seen: String,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// The system that told it; `laotie` for what was decided here.
    source: String,
    /// Its name there.
    key: String,
    /// What happened.
    kind: String,
    /// For whom somebody acted.
    #[schema(nullable = false)]
    by: Option<By>,
    /// The facts that caused it.
    because: Vec<i64>,
    /// The rules that caused it, as `NAME@VERSION`.
    rules: Vec<String>,
    /// The rest, by kind.
    #[schema(value_type = Object)]
    body: Value,
    /// Hex SHA-256 of the body.
    body_hash: String,
    /// Hex SHA-256 over the row and the hash of the row before.
    hash: String,
}

/// An order in the list of orders.
#[derive(ToSchema)]
pub(crate) struct OrderSummary {
    /// Its id.
    order: String,
    /// Who bought, where it is known.
    #[schema(nullable = false)]
    buyer: Option<String>,
    /// Of its amounts.
    currency: String,
    /// When it was paid.
    #[schema(format = DateTime)]
    paid_at: String,
    /// How much was paid.
    paid_minor: i64,
    /// How much went back; left out when nothing did.
    #[schema(nullable = false)]
    refunded_minor: Option<i64>,
    /// The shop.
    shop: String,
    /// Where it stands, as `dispatched`.
    status: String,
    /// Who sold it on air.
    #[schema(nullable = false)]
    streamer: Option<String>,
}

/// A step in an order's life.
#[derive(ToSchema)]
pub(crate) struct OrderStep {
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// What happened, as `dispatched`.
    step: String,
    /// The fact that tells it.
    seq: i64,
    /// What else is known of it.
    #[serde(flatten)]
    more: BTreeMap<String, Value>,
}

/// A fact that waited and was refused later.
#[derive(ToSchema)]
pub(crate) struct LateRefusal {
    /// Why, as a problem's name.
    code: String,
    /// The fact.
    seq: i64,
}

/// An order's state.
#[derive(ToSchema)]
pub(crate) struct OrderState {
    /// Where it stands.
    status: String,
    /// What happened, in order.
    steps: Vec<OrderStep>,
    /// What waits for a fact before it.
    #[schema(nullable = false)]
    waiting: Option<Vec<OrderStep>>,
    /// What waited in vain.
    #[schema(nullable = false)]
    refused: Option<Vec<LateRefusal>>,
}

/// The two times that an answer looks back to.
#[derive(ToSchema)]
pub(crate) struct AsOfTimes {
    /// Only what had happened by then.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// Only what was known by then.
    #[schema(format = DateTime)]
    seen: Option<String>,
}

/// An order with its history.
#[derive(ToSchema)]
pub(crate) struct OrderWithHistory {
    /// Its id.
    id: String,
    /// Its state.
    order: OrderState,
    /// The times that were asked for.
    as_of: AsOfTimes,
    /// The facts that made it, in order.
    history: Vec<RecordedFact>,
}

/// What a value is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Unit {
    /// Minor units of the market's currency.
    Minor,
    /// A number of things.
    Count,
    /// A share; numerator and denominator stand beside it.
    Ratio,
    /// Minor units for one thing; numerator and denominator stand beside it.
    MinorPer,
}

/// When a number becomes final.
#[derive(ToSchema)]
pub(crate) struct MaturityRule {
    /// Days after which the number of a day no longer moves by itself.
    days: u32,
    /// Why.
    note: Bilingual,
}

/// A metric as its document states it.
#[derive(ToSchema)]
pub(crate) struct MetricDefinition {
    /// Its id.
    id: String,
    /// Its version.
    version: String,
    /// Who answers for it.
    owner: String,
    /// Where the definition comes from.
    source: String,
    /// Its name.
    name: Bilingual,
    /// What exactly it counts.
    definition: Bilingual,
    /// One row of what is counted.
    grain: String,
    /// How the period is applied.
    window: String,
    /// What is left out, and whether it is raw or clean.
    filters: String,
    /// What the value is.
    unit: Unit,
    /// When a number becomes final.
    maturity: MaturityRule,
    /// By what it can be split.
    dimensions: Vec<String>,
    /// The SQL behind it.
    sql: String,
    /// How the value is computed from it.
    #[serde(flatten)]
    more: BTreeMap<String, Value>,
}

/// How final a number is.
#[derive(ToSchema)]
pub(crate) struct Maturity {
    /// Numbers of days up to this one no longer move by themselves.
    #[schema(format = Date)]
    final_through: Option<String>,
    /// Share of the period's days that are final, in millionths.
    share_ppm: i64,
    /// Why.
    note: Bilingual,
}

/// A metric's answer: never a number without definition, version and maturity.
#[derive(ToSchema)]
pub(crate) struct MetricAnswer {
    /// Its id.
    metric: String,
    /// The version of the document, as `metrics/gmv@2026-11-23.1`.
    version: String,
    /// Its name.
    name: Bilingual,
    /// What exactly it counts.
    definition: Bilingual,
    /// Who answers for it.
    owner: String,
    /// What the values are.
    unit: Unit,
    /// Of amounts.
    currency: String,
    /// First day.
    #[schema(format = Date)]
    from: Option<String>,
    /// Day after the last.
    #[schema(format = Date)]
    to: Option<String>,
    /// Dimensions of the rows.
    by: Vec<String>,
    /// Only facts heard of by then.
    #[schema(format = DateTime)]
    as_of: Option<String>,
    /// How final it is.
    maturity: Maturity,
    /// The rows: a column a dimension, `value`, and for ratios `numerator` and `denominator`.
    #[schema(example = json!([{"month": "2026-06", "value": 35000}]))]
    rows: Vec<BTreeMap<String, Value>>,
    /// Whether there were more rows than asked for.
    truncated: bool,
}

/// A column of an answer in SQL.
#[derive(ToSchema)]
pub(crate) struct Column {
    /// Its name.
    name: String,
    /// Its Arrow type.
    r#type: String,
}

/// An answer in SQL: one array a row, cells in the order of the columns.
#[derive(ToSchema)]
#[schema(example = json!({"columns": [{"name": "n", "type": "Int64"}], "rows": [[350]], "truncated": false}))]
pub(crate) struct SqlAnswer {
    /// The columns.
    columns: Vec<Column>,
    /// The rows.
    rows: Vec<Vec<Value>>,
    /// Whether there were more rows than asked for.
    truncated: bool,
}

/// Whether a market's facts come from the world.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum MarketKind {
    /// From the world.
    Real,
    /// From a simulation.
    Simulated,
}

/// A market of the server.
#[derive(ToSchema)]
pub(crate) struct MarketSummary {
    /// Its name in addresses.
    market: String,
    /// What people call it.
    title: Bilingual,
    /// Whether its facts come from the world.
    kind: MarketKind,
    /// Default currency.
    currency: String,
    /// Time zone by which its days are cut.
    time_zone: String,
}

/// How far the lake is.
#[derive(ToSchema)]
pub(crate) struct LakeStatus {
    /// The journal row up to which it holds all.
    position: i64,
    /// Rows that it lacks.
    behind: i64,
}

/// How a market is doing.
#[derive(ToSchema)]
pub(crate) struct MarketStatus {
    /// Its name in addresses.
    market: String,
    /// What people call it.
    title: Bilingual,
    /// Whether its facts come from the world.
    kind: MarketKind,
    /// Default currency.
    currency: String,
    /// Time zone by which its days are cut.
    time_zone: String,
    /// The program's version.
    version: String,
    /// Facts recorded.
    facts: i64,
    /// When the last was heard of.
    #[schema(format = DateTime)]
    last_seen: Option<String>,
    /// When the first order was paid.
    first_at: Option<String>,
    /// When the last order was paid.
    last_at: Option<String>,
    /// Orders paid.
    orders: Option<i64>,
    /// Facts that wait to be recorded.
    waiting: u64,
    /// How far the lake is.
    lake: LakeStatus,
    /// The last imports, the latest first.
    imports: Vec<crate::importing::ImportStatus>,
}

/// Whether a server can work.
#[derive(ToSchema)]
pub(crate) struct Readiness {
    /// Whether every store answers.
    ready: bool,
    /// By market.
    markets: BTreeMap<String, MarketReadiness>,
}

/// Whether a market can be worked with.
#[derive(ToSchema)]
pub(crate) struct MarketReadiness {
    /// `ready` or `no answer`.
    store: String,
    /// How far the lake is; null while the store does not answer.
    lake: Option<LakeStatus>,
}
