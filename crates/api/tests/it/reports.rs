//! Reports over a whole market.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::server::{paid, server};

fn fact(key: &str, kind: &str, at: &str, body: impl Into<Value>) -> Value {
    let body = body.into();
    json!({ "source": "shop", "key": key, "kind": kind, "at": at, "body": body })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_orders_cost_agrees_with_the_books() {
    let server = server().await;
    let operator = server.key("platform_operator").await;
    let empty = server.get("/v1/reports/cost-to-serve", &operator).await.json();
    assert_eq!((empty["orders_paid"].as_i64(), empty["agrees_with_books"].as_bool()), (Some(0), Some(true)), "{empty}");
    let mut facts = Vec::new();
    for (order, minor) in [("o1", 10_000), ("o2", 4_000), ("o3", 7_000)] {
        facts.push(paid(order, minor));
        facts.push(fact(&format!("{order}/sent"), "order.dispatched", "2026-06-10T15:00:00Z", json!({ "order": order })));
        facts.push(fact(&format!("{order}/signed"), "order.signed", "2026-06-11T09:00:00Z", json!({ "order": order })));
    }
    let claim = json!({ "claim": "c1", "order": "o1", "buyer": "b-1", "reason": "quality", "wish": "refund" });
    facts.push(fact("c1/opened", "claim.opened", "2026-06-11T10:00:00Z", claim));
    facts.push(fact("c1/answered", "claim.answered", "2026-06-11T11:00:00Z", json!({ "claim": "c1", "answer": "agree" })));
    let refund = json!({ "order": "o2", "refund": "r2", "amount_minor": 1_500, "currency": "CNY" });
    facts.push(fact("r2", "refund.paid", "2026-06-12T10:00:00Z", refund));
    for fact in facts {
        let sent = server.post("/v1/facts", &operator, "application/json", fact.to_string()).await.json();
        assert_eq!(sent["receipts"][0]["outcome"], "recorded", "{sent}");
    }
    let report = server.get("/v1/reports/cost-to-serve", &operator).await.json();
    assert_eq!(report["orders_paid"], 3);
    assert_eq!(report["orders_with_cost"], 2);
    assert_eq!(report["agrees_with_books"], true, "{report}");
    // The price of o1 back by its ruling, 15.00 of o2 by a refund.
    assert_eq!(report["total"]["money_minor"], 11_500, "{report}");
    assert_eq!(report["cost_per_order_minor"], 3_833);
    assert_eq!(report["dearest"][0]["order"], "o1");
    assert_eq!(report["dearest"][0]["contacts"], 2, "a claim and its answer");
    // A second report reads on from the first.
    let later = json!({ "order": "o3", "refund": "r3", "amount_minor": 500, "currency": "CNY" });
    let later = fact("r3", "refund.paid", "2026-06-13T10:00:00Z", later);
    server.post("/v1/facts", &operator, "application/json", later.to_string()).await;
    let report = server.get("/v1/reports/cost-to-serve", &operator).await.json();
    assert_eq!((report["total"]["money_minor"].as_i64(), report["agrees_with_books"].as_bool()), (Some(12_000), Some(true)), "{report}");
    // An order that never was is none that costs are divided among.
    let voided = json!({ "source": "shop", "key": "o3/paid", "reason": "sent twice" });
    let sent =
        server.post("/v1/facts", &operator, "application/json", fact("void", "fact.voided", "2026-06-14T10:00:00Z", voided).to_string());
    let sent = sent.await.json();
    assert_eq!(sent["receipts"][0]["outcome"], "recorded", "{sent}");
    let report = server.get("/v1/reports/cost-to-serve", &operator).await.json();
    assert_eq!((report["orders_paid"].as_i64(), report["agrees_with_books"].as_bool()), (Some(2), Some(true)), "{report}");
    let others = server.get("/v1/reports/cost-to-serve?shop=s-9", &operator).await.json();
    assert_eq!(others["total"]["money_minor"], 0);
    assert_eq!(server.get("/v1/reports/cost-to-serve?currency=XX", &operator).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(server.get("/v1/reports/cost-to-serve?limit=0", &operator).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_facts_bring_the_same_penalty() {
    let server = server().await;
    let operator = server.key("platform_operator").await;
    let json = "application/json";
    for n in 0..3 {
        let report = json!({ "report": format!("rp-{n}"), "reporter": "b-7", "code": "out_of_scope_listing", "target": format!("s-{n}"), "target_kind": "shop" });
        let at = format!("2026-0{}-11T10:00:00Z", n + 3);
        let sent =
            server.post("/v1/facts", &operator, json, fact(&format!("rp-{n}"), "report.filed", &at, report).to_string()).await.json();
        assert_eq!(sent["receipts"][0]["outcome"], "recorded", "{sent}");
        let reviewer = server.key_of(&format!("rev-{n}"), "reviewer").await;
        let cases = server.get("/v1/cases", &reviewer).await.json();
        let case = cases["items"][0]["case"].as_str().expect("waits").to_owned();
        let done = server.post(&format!("/v1/cases/{case}/review"), &reviewer, json, r#"{"outcome":"uphold"}"#).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    }
    // A namesake of another kind may not appeal, the shop itself may.
    let penalties = server.get("/v1/facts?kind=penalty.imposed", &operator).await.json();
    let body = penalties["items"][0]["body"].clone();
    let (shop, penalty) = (body["party"].as_str().expect("named"), body["penalty"].as_str().expect("named"));
    let appeal = json!({ "against": penalty, "against_kind": "penalty", "statement": "not ours" }).to_string();
    let streamer = server.key_of(shop, "streamer").await;
    assert_eq!(server.post("/v1/appeals", &streamer, json, appeal.clone()).await.status, StatusCode::FORBIDDEN);
    let itself = server.key_of(shop, "merchant").await;
    let opened = server.post("/v1/appeals", &itself, json, appeal).await;
    // The case is of the spring: the way to appeal is over, and the conduct system says so.
    assert!([StatusCode::OK, StatusCode::CONFLICT].contains(&opened.status), "{}", opened.text);
    let found = server.get("/v1/reports/consistency", &operator).await.json();
    assert_eq!(
        (found["penalties"].as_i64(), found["parties"].as_i64(), found["reviewers"].as_i64()),
        (Some(3), Some(3), Some(3)),
        "{found}"
    );
    assert_eq!((found["not_explained"].as_i64(), found["disparities"].as_array().map(Vec::len)), (Some(0), Some(0)), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_sees_what_a_badge_still_lacks() {
    let server = server().await;
    let operator = server.key("platform_operator").await;
    let own = server.key_of("s-1", "merchant").await;
    let badges = |found: Value| {
        let all = found.as_array().expect("a list").clone();
        all.into_iter().find(|b| b["badge"] == "trust_badge").expect("ships")
    };
    let condition = |badge: &Value, name: &str| {
        let all = badge["conditions"].as_array().expect("a list").clone();
        all.into_iter().find(|c| c["name"] == name).expect("stands in the document")
    };
    let before = badges(server.get("/v1/badges/progress?shop=s-1", &own).await.json());
    assert_eq!((before["lit"].as_bool(), before["holds"].as_bool()), (Some(false), Some(false)));
    let multiple = condition(&before, "gives_counterfeit_multiple");
    assert_eq!((multiple["holds"].as_bool(), multiple["value"].as_i64()), (Some(false), Some(0)));
    assert!(multiple["fix"]["en"].as_str().is_some_and(|f| f.contains("counterfeit_multiple")), "{multiple}");
    let switched = json!({ "guarantee": "counterfeit_multiple", "shop": "s-1", "on": true });
    let sent = fact("on", "guarantee.switched", "2026-06-11T10:00:00Z", switched);
    let sent = server.post("/v1/facts", &operator, "application/json", sent.to_string()).await.json();
    assert_eq!(sent["receipts"][0]["outcome"], "recorded", "{sent}");
    let after = condition(&badges(server.get("/v1/badges/progress?shop=s-1", &own).await.json()), "gives_counterfeit_multiple");
    assert_eq!((after["holds"].as_bool(), after.get("fix")), (Some(true), None));
    let other = server.key_of("s-2", "merchant").await;
    assert_eq!(server.get("/v1/badges/progress?shop=s-1", &other).await.status, StatusCode::FORBIDDEN);
}
