//! A line of a story: a fact with its defaults, or time that passes.

use laotie_facts::{Body, FactKey, Incoming, Kind, MarketZone, SourceId, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What happens in a line.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    /// When, in the market's zone unless it has an offset: `2026-06-01 10:00`.
    at: String,
    /// The kind of fact; without one only time passes.
    kind: Option<String>,
    /// The code with which it must be refused.
    pub(super) refused: Option<String>,
    /// The fact's key, by which a later line may void it; made up when absent.
    #[serde(rename = "as")]
    known_as: Option<String>,
    /// The fields of its body. An order's `lines` may be `[item, pieces, total]` each.
    #[serde(flatten)]
    body: Map<String, Value>,
}

impl Line {
    pub(super) fn time(&self, zone: &MarketZone) -> Result<Timestamp, String> {
        let text = self.at.replace(' ', "T");
        let full = if text.len() == 10 { format!("{text}T00:00:00") } else { text.clone() };
        let full = if full.len() == 16 { format!("{full}:00") } else { full };
        if text.contains('Z') || text.contains('+') {
            return Timestamp::parse(&text).map_err(|e| e.to_string());
        }
        zone.parse_naive(&full).map_err(|e| e.to_string())
    }

    /// The fact; `None` when only time passes.
    pub(super) fn fact(&self, i: usize, at: Timestamp) -> Result<Option<Incoming>, String> {
        let Some(name) = &self.kind else {
            if let Some(field) = self.body.keys().next() {
                return Err(format!("`{field}` stands in a line without a `kind`"));
            }
            return Ok(None);
        };
        let kind = Kind::from_name(name).ok_or_else(|| format!("`{name}` is not a kind of fact"))?;
        let mut body = self.body.clone();
        defaults(kind, &mut body);
        let body = Body::parse(kind, &Value::Object(body).to_string()).map_err(|e| e.to_string())?;
        let key = self.known_as.clone().unwrap_or_else(|| format!("line-{i}"));
        let source = SourceId::new("story").expect("a valid id");
        Ok(Some(Incoming::new(source, FactKey::new(key).map_err(|e| e.to_string())?, at, None, body)))
    }
}

/// Fills in what nearly every story says alike.
fn defaults(kind: Kind, body: &mut Map<String, Value>) {
    let mut default = |field: &str, value: Value| {
        body.entry(field.to_owned()).or_insert(value);
    };
    match kind {
        Kind::OrderPaid => {
            default("order", json!("o1"));
            default("buyer", json!("b1"));
            default("shop", json!("s1"));
            default("currency", json!("CNY"));
            order_lines(body);
        }
        Kind::OrderDispatched | Kind::OrderPickedUp | Kind::OrderSigned | Kind::OrderReceived | Kind::OrderCancelled => {
            default("order", json!("o1"));
        }
        Kind::RefundPaid => {
            default("order", json!("o1"));
            default("refund", json!("rf1"));
            default("currency", json!("CNY"));
            if body.contains_key("unlinked") {
                body.remove("order");
            }
        }
        Kind::ReturnRequested | Kind::ReturnAgreed | Kind::ReturnShipped | Kind::ReturnReceived => {
            default("order", json!("o1"));
            default("return", json!("rt1"));
            if kind == Kind::ReturnRequested {
                default("reason", json!("no_reason"));
            }
        }
        Kind::ClaimOpened => {
            default("claim", json!("c1"));
            default("order", json!("o1"));
            default("buyer", json!("b1"));
            default("wish", json!("refund"));
            let amount = body.contains_key("amount_minor");
            if amount {
                body.entry("currency").or_insert(json!("CNY"));
            }
        }
        Kind::ClaimAnswered | Kind::ClaimAccepted | Kind::ClaimWithdrawn => {
            default("claim", json!("c1"));
            if body.contains_key("offer_minor") {
                body.entry("currency").or_insert(json!("CNY"));
            }
        }
        Kind::CaseReviewed => {
            default("reviewer", json!("r1"));
            if let Some(claim) = body.get("claim").cloned() {
                body.entry("case").or_insert(claim);
            }
            if body.contains_key("amount_minor") {
                body.entry("currency").or_insert(json!("CNY"));
            }
        }
        Kind::AppealOpened => {
            default("appeal", json!("a1"));
            default("against_kind", json!("ruling"));
        }
        Kind::MarginPaid => {
            default("currency", json!("CNY"));
            default("account", json!("margin"));
            default("party", json!("m1"));
            default("party_kind", json!("merchant"));
        }
        Kind::EvidenceGiven => {
            default("file", json!({ "hash": "ab".repeat(32), "media_type": "image/jpeg", "size_bytes": 1000 }));
            default("side", json!("buyer"));
            default("evidence_kind", json!("photo"));
        }
        Kind::WithdrawalRequested => default("withdrawal", json!("w1")),
        Kind::PlanProposed | Kind::PlanAgreed => {
            let (side, by) = if kind == Kind::PlanProposed { ("debtor", "m1") } else { ("creditor", "op1") };
            default("plan", json!("pln1"));
            default("party", json!("m1"));
            default("party_kind", json!("merchant"));
            default("side", json!(side));
            default("by", json!(by));
            if kind == Kind::PlanProposed {
                default("currency", json!("CNY"));
            }
        }
        _ => {}
    }
}

/// `[item, pieces, total]` becomes a line, and what was paid is reckoned when it is not said.
fn order_lines(body: &mut Map<String, Value>) {
    let short = |i: usize, line: &Value| match line.as_array().map(Vec::as_slice) {
        Some([item, qty, total]) => json!({ "line": (i + 1).to_string(), "item": item, "qty": qty, "total_minor": total }),
        _ => line.clone(),
    };
    let Some(lines) = body.get_mut("lines").and_then(Value::as_array_mut) else { return };
    let whole: Vec<Value> = lines.iter().enumerate().map(|(i, l)| short(i, l)).collect();
    let sum = |list: Option<&Value>, field: &str| -> i64 {
        list.and_then(Value::as_array).map_or(0, |l| l.iter().filter_map(|v| v.get(field)?.as_i64()).sum())
    };
    let goods: i64 = whole.iter().filter_map(|l| l.get("total_minor")?.as_i64()).sum();
    *lines = whole;
    let freight = body.get("freight_minor").and_then(Value::as_i64).unwrap_or(0);
    let paid = goods + freight + sum(body.get("adjustments"), "amount_minor") - sum(body.get("discounts"), "amount_minor");
    body.entry("paid_minor").or_insert(json!(paid));
}
