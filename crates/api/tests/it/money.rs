//! Pay-out runs, statements, and evidence given by the parties of a claim.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::server::{Server, paid, server};

const JSON: &str = "application/json";

async fn told(server: &Server, key: &str, kind: &str, at: &str, body: Value) {
    let fact = json!({ "source": "shop", "key": format!("{kind}/{at}/{body}"), "kind": kind, "at": at, "body": body });
    let sent = server.post("/v1/facts", key, JSON, fact.to_string()).await.json();
    assert_eq!(sent["receipts"][0]["outcome"], "recorded", "{sent}");
}

/// 100.00 less 3 % is free once the order has settled, seven days after receipt; a day's run pays it once.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_pays_everybody_once_and_its_statement_opens_to_the_order() {
    let server = server().await;
    let operator = server.key("platform_operator").await;
    let sent = server.post("/v1/facts", &operator, JSON, paid("o1", 10_000).to_string()).await.json();
    assert_eq!(sent["receipts"][0]["outcome"], "recorded", "{sent}");
    for (kind, at) in [("order.dispatched", "2026-06-10T15:00:00Z"), ("order.signed", "2026-06-11T09:00:00Z")] {
        told(&server, &operator, kind, at, json!({ "order": "o1" })).await;
    }
    told(&server, &operator, "order.received", "2026-06-12T09:00:00Z", json!({ "order": "o1" })).await;
    let mut due = Value::Null;
    for _ in 0..100 {
        due = server.get("/v1/payouts/due", &operator).await.json();
        if due["free_minor"]["CNY"] == json!(9_700) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(due["items"][0]["party"], "s-1", "{due}");
    assert_eq!(due["free_minor"]["CNY"], 9_700, "{due}");
    let late = server.post("/v1/payouts/runs", &operator, JSON, r#"{"date":"2126-01-01"}"#).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let run = server.post("/v1/payouts/runs", &operator, JSON, "{}").await.json();
    assert_eq!((&run["items"][0]["outcome"], &run["paid_minor"]["CNY"]), (&json!("paid"), &json!(9_700)), "{run}");
    let again = server.post("/v1/payouts/runs", &operator, JSON, "{}").await.json();
    assert_eq!((again["items"].as_array().map(Vec::len), &again["paid_minor"]), (Some(0), &json!({})), "{again}");
    let left = server.get("/v1/payouts/due", &operator).await.json();
    assert_eq!(left["items"], json!([]), "{left}");

    let own = server.key_of("s-1", "merchant").await;
    let statements = server.get("/v1/accounts/shop/s-1/statements", &own).await.json();
    assert_eq!((statements[0]["total_minor"].as_i64(), statements[0]["paid_minor"].as_i64()), (Some(9_700), Some(9_700)), "{statements}");
    let path = format!("/v1/statements/{}", statements[0]["statement"].as_str().expect("an id"));
    let view = server.get(&path, &own).await.json();
    let sum: i64 = view["lines"].as_array().expect("lines").iter().filter_map(|l| l["amount_minor"].as_i64()).sum();
    assert_eq!((sum, &view["lines"][0]["order"]), (9_700, &json!("o1")), "{view}");
    let other = server.key_of("s-2", "merchant").await;
    for path in [path.as_str(), "/v1/accounts/shop/s-1/statements"] {
        assert_eq!(server.get(path, &other).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/v1/payouts/runs", "/v1/plans"] {
        assert_ne!(server.post(path, &other, JSON, "{}").await.status, StatusCode::OK, "{path}");
    }
    let plan = r#"{"debt":"dbt_none","party":"s-1","party_kind":"shop","instalments":[{"amount_minor":1,"due":"2027-01-01T00:00:00Z"}]}"#;
    assert_eq!(server.post("/v1/plans", &other, JSON, plan).await.status, StatusCode::FORBIDDEN);
    assert_eq!(server.post("/v1/plans", &own, JSON, plan).await.status, StatusCode::NOT_FOUND);
}

/// Who is party to a claim gives evidence on the own side, and nobody else does.
#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_given_on_the_own_side_and_a_forged_hash_is_refused() {
    let server = server().await;
    let operator = server.key("platform_operator").await;
    let sent = server.post("/v1/facts", &operator, JSON, paid("o1", 10_000).to_string()).await.json();
    assert_eq!(sent["receipts"][0]["outcome"], "recorded", "{sent}");
    for (kind, at) in [("order.dispatched", "2026-06-10T15:00:00Z"), ("order.signed", "2026-06-11T09:00:00Z")] {
        told(&server, &operator, kind, at, json!({ "order": "o1" })).await;
    }
    let claim = json!({ "claim": "c1", "order": "o1", "buyer": "b-1", "reason": "quality", "wish": "refund" });
    told(&server, &operator, "claim.opened", "2026-06-11T10:00:00Z", claim).await;
    let (buyer, shop) = (server.key_of("b-1", "buyer").await, server.key_of("s-1", "merchant").await);
    let stranger = server.key_of("b-2", "buyer").await;
    let path = "/v1/claims/c1/evidence";
    assert_eq!(server.post(path, &stranger, "text/plain", "seen it").await.status, StatusCode::FORBIDDEN);
    let forged = format!("{path}?sha256={}", "ab".repeat(32));
    assert_eq!(server.post(&forged, &buyer, "text/plain", "the seam came apart").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = json!({ "hash": "ab".repeat(32) }).to_string();
    assert_eq!(server.post(path, &buyer, JSON, unknown).await.status, StatusCode::NOT_FOUND, "a hash that no file has");
    let other_side = format!("{path}?side=merchant");
    assert_eq!(server.post(&other_side, &buyer, "text/plain", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(server.post(path, &operator, "text/plain", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY, "staff name the side");
    let given = server.post(path, &buyer, "text/plain", "the seam came apart").await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.text);
    let kept = server.post("/v1/evidence", &shop, "text/plain", "it left whole").await.json();
    let held = json!({ "hash": kept["hash"] }).to_string();
    assert_eq!(server.post(path, &shop, JSON, held).await.status, StatusCode::OK);
    let state = server.get("/v1/claims/c1", &buyer).await.json()["state"].clone();
    let sides: Vec<&str> = state["case"]["evidence"].as_array().expect("evidence").iter().filter_map(|e| e["side"].as_str()).collect();
    assert_eq!(sides, ["buyer", "merchant"], "{state}");
}
