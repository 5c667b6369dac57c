//! An order's view held against what it must be.

use serde_json::{Value, json};

use crate::auditor::Auditor;
use crate::disagreement::Disagreement;
use crate::expected::{ExpectedOrder, ExpectedStep};

/// The source under which Laotie's own facts stand.
const OWN_SOURCE: &str = "laotie";

impl Auditor {
    /// Compares an order as engine and API give it: `{id, order: {status, steps, waiting, refused}}` and, where it is
    /// there, `history`, of which the frozen lines and the kinds recorded are compared. `Null` is an order that is not there.
    ///
    /// Every field that differs is named once; a forgotten order agrees with anything.
    pub fn compare_order(&self, id: &str, view: &Value) -> Vec<Disagreement> {
        if self.is_forgotten(id) {
            return Vec::new();
        }
        let about = format!("order {id}");
        let expected = match (self.order(id), view) {
            (None, Value::Null) => return Vec::new(),
            (Some(expected), Value::Object(_)) => expected,
            (expected, _) => {
                return Disagreement::check(&about, "there", expected.is_some(), !view.is_null()).into_iter().collect();
            }
        };
        let order = &view["order"];
        let steps = list(&order["steps"]);
        let paid = steps.iter().find(|s| s["step"] == "paid").copied().unwrap_or(&Value::Null);
        let mut found = trade(&about, &expected, paid);
        let back: i64 = steps.iter().filter(|s| s["step"] == "refunded").filter_map(|s| s["amount_minor"].as_i64()).sum();
        let refunded = back.min(paid["paid_minor"].as_i64().unwrap_or(i64::MAX));
        found.extend(Disagreement::check(&about, "refunded_minor", expected.refunded_minor, refunded));
        found.extend(Disagreement::check(&about, "status", expected.status, order["status"].clone()));
        found.extend(Disagreement::check(&about, "id", id, view["id"].clone()));
        found.extend(compare_steps(&about, "steps", &expected.steps, &steps));
        let waiting = list(&order["waiting"]);
        found.extend(compare_steps(&about, "waiting", &expected.waiting, &waiting));
        if self.knows_the_time() {
            let until = expected.waiting.iter().map(|step| json!(step.until)).collect::<Vec<_>>();
            found.extend(Disagreement::check(&about, "waiting.until", json!(until), column(&waiting, "until")));
        }
        let mut codes: Vec<&str> = list(&order["refused"]).iter().filter_map(|r| r["code"].as_str()).collect();
        codes.sort_unstable();
        found.extend(Disagreement::check(&about, "refused", json!(expected.refused), json!(codes)));
        if let Some(history) = view["history"].as_array() {
            found.extend(compare_history(&about, &expected, history));
        }
        found
    }

    /// Compares an order's row in the list of orders: `{order, status, paid_minor, refunded_minor, …}`.
    pub fn compare_summary(&self, row: &Value) -> Vec<Disagreement> {
        let id = row["order"].as_str().unwrap_or_default();
        if self.is_forgotten(id) {
            return Vec::new();
        }
        let about = format!("summary of order {id}");
        let Some(expected) = self.order(id) else {
            return Disagreement::check(&about, "there", false, true).into_iter().collect();
        };
        let mut flat = row.clone();
        flat["at"] = row["paid_at"].clone();
        let mut found = trade(&about, &expected, &flat);
        found.extend(Disagreement::check(&about, "refunded_minor", expected.refunded_minor, row["refunded_minor"].as_i64().unwrap_or(0)));
        found.extend(Disagreement::check(&about, "status", expected.status, row["status"].clone()));
        found
    }
}

/// Who traded what, when and for how much.
fn trade(about: &str, expected: &ExpectedOrder, paid: &Value) -> Vec<Disagreement> {
    let mut found = Vec::new();
    let mut check =
        |field: &str, expected: Value, name: &str| found.extend(Disagreement::check(about, field, expected, paid[name].clone()));
    check("paid_minor", json!(expected.paid_minor), "paid_minor");
    check("currency", json!(expected.currency), "currency");
    check("buyer", json!(expected.buyer), "buyer");
    check("shop", json!(expected.shop), "shop");
    check("streamer", json!(expected.streamer), "streamer");
    check("paid_at", json!(expected.paid_at), "at");
    found
}

/// What happened and, where that agrees, when.
fn compare_steps(about: &str, field: &str, expected: &[ExpectedStep], found: &[&Value]) -> Option<Disagreement> {
    let kinds: Vec<&str> = expected.iter().map(|s| s.step).collect();
    // The payment's time is compared as `paid_at`, and its terms are frozen at the same time.
    let own_time = |step: &Value| field == "waiting" || (step != "paid" && step != "frozen");
    let times: Vec<Value> = expected.iter().filter(|s| own_time(&json!(s.step))).map(|s| json!(s.at)).collect();
    let found_times: Vec<Value> = found.iter().filter(|s| own_time(&s["step"])).map(|s| s["at"].clone()).collect();
    Disagreement::check(about, field, json!(kinds), column(found, "step"))
        .or_else(|| Disagreement::check(about, &format!("{field}.at"), json!(times), json!(found_times)))
}

/// The facts of its life, and the lines that the last payment froze.
fn compare_history(about: &str, expected: &ExpectedOrder, history: &[Value]) -> Vec<Disagreement> {
    const LIFE: [&str; 3] = ["order.", "return.", "refund."];
    let sent = history.iter().filter(|row| row["source"] != OWN_SOURCE).filter_map(|row| row["kind"].as_str());
    let kinds: Vec<&str> = sent.filter(|kind| LIFE.iter().any(|group| kind.starts_with(group))).collect();
    let mut found: Vec<Disagreement> = Vec::new();
    found.extend(Disagreement::check(about, "history", json!(expected.recorded), json!(kinds)));
    if expected.paid_minor.is_some() {
        let frozen = history.iter().rev().find(|row| row["kind"] == "order.frozen").unwrap_or(&Value::Null);
        let lines = list(&frozen["body"]["lines"]).iter().map(|l| json!([l["line"], l["paid_minor"]])).collect::<Vec<_>>();
        found.extend(Disagreement::check(about, "frozen_lines", json!(expected.frozen_lines), json!(lines)));
    }
    found
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map(|a| a.iter().collect()).unwrap_or_default()
}

fn column(rows: &[&Value], name: &str) -> Value {
    rows.iter().map(|r| r[name].clone()).collect()
}
