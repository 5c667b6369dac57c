use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use laotie_api::AppSettings;
use serde_json::{Value, json};

use crate::server::{paid, server, server_with};

#[tokio::test(flavor = "multi_thread")]
async fn facts_go_in_and_come_out_with_receipts_in_order() {
    let server = server().await;
    let key = server.key("platform_operator").await;
    let mut wrong = paid("o2", 5);
    wrong["body"]["lines"][0]["qty"] = json!("two");
    let body = json!([paid("o1", 100), wrong, paid("o1", 100), paid("o1", 101), {"source": "shop"}]).to_string();
    let answer = server.post("/v1/facts", &key, "application/json", body).await.json();
    let outcomes: Vec<&str> = answer["receipts"].as_array().expect("a list").iter().filter_map(|r| r["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["recorded", "refused", "repeated", "refused", "refused"], "{answer}");
    assert_eq!(answer["receipts"][1]["field"], "body.lines[0].qty");
    assert_eq!(answer["receipts"][3]["problem"], "identity-reused");
    assert_eq!((&answer["recorded"], &answer["repeated"], &answer["refused"]), (&json!(1), &json!(1), &json!(3)));

    let found = server.get("/v1/markets/main/facts?kind=order.paid", &key).await.json();
    assert_eq!(found["items"].as_array().expect("a list").len(), 1);
    assert_eq!(found["items"][0]["body"], paid("o1", 100)["body"]);
    assert!(server.get("/v1/markets/other/facts?kind=order.paid", &key).await.json()["items"].as_array().expect("a list").is_empty());
    assert_eq!(server.get("/v1/markets/nowhere/facts", &key).await.json()["type"], "/problems/unknown-market");
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_come_one_a_line_and_bad_lines_do_not_stop_the_others() {
    let server = server().await;
    let key = server.key("sender").await;
    let mut bytes = paid("o1", 1).to_string().into_bytes();
    bytes.extend(b"\n{\"source\":\n\n\xff\xfe\n");
    bytes.extend(vec![b'x'; 5 << 20]);
    bytes.push(b'\n');
    bytes.extend(paid("o2", 2).to_string().into_bytes());
    let answer = server.post("/v1/facts", &key, "application/x-ndjson", bytes).await.json();
    let problems: Vec<Option<&str>> = answer["receipts"].as_array().expect("a list").iter().map(|r| r["problem"].as_str()).collect();
    assert_eq!(problems, [None, Some("not-json"), Some("not-utf8"), Some("too-long"), None], "{answer}");
    let lines: Vec<Option<u64>> = answer["receipts"].as_array().expect("a list").iter().map(|r| r["line"].as_u64()).collect();
    assert_eq!(lines, [Some(1), Some(2), Some(4), Some(5), Some(6)], "{answer}");
    assert_eq!(answer["recorded"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_at_all_is_a_problem() {
    let server = server_with(AppSettings { body_max: 1 << 20, ..AppSettings::default() }).await;
    let key = server.key("sender").await;
    let answer = server.post("/v1/facts", &key, "application/json", "[{]").await;
    assert_eq!((answer.status, answer.json()["type"].clone()), (StatusCode::BAD_REQUEST, json!("/problems/not-json")));
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    let large = server.post("/v1/facts", &key, "application/json", vec![b' '; 2 << 20]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_gives_the_same_answer_for_the_same_body_alone() {
    let server = server().await;
    let key = server.key("sender").await;
    let send = |body: String| {
        Request::post("/v1/facts")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header("idempotency-key", "k1")
            .body(Body::from(body))
            .expect("a request")
    };
    let first = server.send(send(paid("o1", 1).to_string())).await;
    let again = server.send(send(paid("o1", 1).to_string())).await;
    assert_eq!(first.text, again.text);
    assert_eq!(server.send(send(paid("o2", 1).to_string())).await.json()["type"], "/problems/idempotency-key-reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_has_its_history_and_its_past() {
    let server = server().await;
    let key = server.key("platform_operator").await;
    let dispatched =
        json!({"source": "shop", "key": "o1/sent", "kind": "order.dispatched", "at": "2026-06-11T00:00:00Z", "body": {"order": "o1"}});
    server.post("/v1/facts", &key, "application/json", json!([paid("o1", 100), dispatched]).to_string()).await;
    let now = server.get("/v1/orders/o1", &key).await.json();
    assert_eq!(now["order"]["status"], "dispatched");
    let kinds: Vec<&str> = now["history"].as_array().expect("a list").iter().filter_map(|f| f["kind"].as_str()).collect();
    assert_eq!(kinds, ["order.paid", "order.frozen", "posting.made", "order.dispatched"]);
    assert_eq!(server.get("/v1/orders/o1?at=2026-06-10T23:00:00Z", &key).await.json()["order"]["status"], "paid");
    assert_eq!(server.get("/v1/orders/none", &key).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get("/v1/orders/o1?at=yesterday", &key).await.json()["field"], "at");
    assert_eq!(server.get("/v1/orders", &key).await.json()["items"][0]["order"], "o1");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages_without_gap_or_repeat() {
    let server = server().await;
    let key = server.key("platform_operator").await;
    let facts: Vec<Value> = (0..25).map(|i| paid(&format!("o{i}"), 1)).collect();
    server.post("/v1/facts", &key, "application/json", json!(facts).to_string()).await;
    for list in ["/v1/orders", "/v1/facts"] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = server.get(&format!("{list}?limit=7{after}"), &key).await.json();
            seen.extend(
                page["items"].as_array().expect("a list").iter().map(|i| i.get("order").or(i.get("seq")).expect("an id").to_string()),
            );
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let distinct: std::collections::HashSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "{list}");
        assert!(seen.len() >= 25, "{list}: {}", seen.len());
    }
    assert_eq!(server.get("/v1/facts?limit=0", &key).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_come_with_their_definition() {
    let server = server().await;
    let key = server.key("platform_operator").await;
    server.post("/v1/facts", &key, "application/json", json!([paid("o1", 100), paid("o2", 250)]).to_string()).await;
    server.markets.get("main").expect("is there").settle().await.expect("settles");
    let answer = server.get("/v1/metrics/gmv?by=month", &key).await.json();
    assert_eq!(answer["rows"], json!([{"month": "2026-06", "value": 350}]));
    assert!(
        answer["definition"]["zh"].as_str().is_some_and(|d| d.contains("实付"))
            && answer["version"].as_str().is_some_and(|v| v.starts_with("metrics/gmv@"))
    );
    assert_eq!(server.get("/v1/metrics/gmv?by=moon", &key).await.json()["field"], "by");
    assert_eq!(server.get("/v1/metrics/nothing", &key).await.status, StatusCode::NOT_FOUND);
    let rows = server.post("/v1/sql", &key, "application/json", r#"{"query":"select sum(paid_minor) from orders"}"#).await.json();
    assert_eq!(rows["rows"], json!([[350]]));
    let drop = server.post("/v1/sql", &key, "application/json", r#"{"query":"drop table order_paid"}"#).await;
    assert_eq!(drop.json()["type"], "/problems/not-read-only");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_which_none_is_json_are_a_problem() {
    let server = server().await;
    let key = server.key("sender").await;
    let page = server.post("/v1/facts", &key, "application/x-ndjson", "<html>\n<body>\n").await;
    assert_eq!((page.status, page.json()["type"].clone()), (StatusCode::BAD_REQUEST, json!("/problems/not-json")));
    let blank = server.post("/v1/facts", &key, "application/x-ndjson", "\n\n").await;
    assert_eq!((blank.status, blank.text.as_str()), (StatusCode::OK, r#"{"receipts":[],"recorded":0,"repeated":0,"refused":0}"#));
    let wrong = server.post("/v1/facts", &key, "application/x-ndjson; charset=utf-8", "{}\n[]").await.json();
    assert_eq!(wrong["refused"], 2, "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_stream_comes_back_with_a_receipt_a_line_in_order() {
    let server = server().await;
    let key = server.key("sender").await;
    let lines: Vec<String> =
        (0..2_500).map(|i| if i % 500 == 7 { "{}".to_owned() } else { paid(&format!("o{i}"), 1).to_string() }).collect();
    // Pieces that end in the middle of lines, as they come out of a socket.
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = lines.join("\n").into_bytes().chunks(7_001).map(|c| Ok(c.to_vec())).collect();
    let answer = server.post("/v1/facts", &key, "application/x-ndjson", Body::from_stream(futures::stream::iter(pieces))).await.json();
    let receipts = answer["receipts"].as_array().expect("a list");
    assert_eq!(receipts.len(), 2_500);
    for (i, receipt) in receipts.iter().enumerate() {
        assert_eq!((receipt["index"].as_u64(), receipt["line"].as_u64()), (Some(i as u64), Some(i as u64 + 1)));
        let expected = if i % 500 == 7 { "refused" } else { "recorded" };
        assert_eq!(receipt["outcome"], expected, "{receipt}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_holds_in_its_market_and_for_lines_too() {
    let server = server().await;
    let key = server.key("platform_operator").await;
    let send = |path: &str, idempotency: &str, kind: &str, body: String| {
        let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {key}")).header(header::CONTENT_TYPE, kind);
        server.send(request.header("idempotency-key", idempotency).body(Body::from(body)).expect("a request"))
    };
    let body = paid("o1", 1).to_string();
    for path in ["/v1/markets/main/facts", "/v1/markets/other/facts"] {
        assert_eq!(send(path, "k1", "application/json", body.clone()).await.json()["recorded"], 1, "{path}");
        assert_eq!(send(path, "k1", "application/json", body.clone()).await.json()["recorded"], 1, "{path} again");
    }
    let lines = paid("o2", 1).to_string();
    assert_eq!(send("/v1/facts", "k2", "application/x-ndjson", lines.clone()).await.json()["receipts"][0]["line"], 1);
    assert_eq!(send("/v1/facts", "k2", "application/x-ndjson", lines).await.json()["recorded"], 1);
    assert_eq!(send("/v1/facts", "k2", "application/x-ndjson", body.clone()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = send("/v1/facts", &"k".repeat(256), "application/json", body).await;
    assert_eq!((long.status, long.json()["field"].clone()), (StatusCode::UNPROCESSABLE_ENTITY, json!("Idempotency-Key")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_systems_webhook_becomes_facts() {
    let server = server().await;
    let key = server.key("sender").await;
    let order = json!({
        "number": "2101", "status": "processing", "currency": "EUR", "date_paid_gmt": "2026-09-03T08:14:22", "total": "65.90",
        "discount_total": "0", "shipping_total": "5.90", "customer_id": 0, "billing": {"email": "anna@example.com"},
        "line_items": [{"id": 1, "product_id": 301, "name": "Linen apron", "quantity": 1, "subtotal": "60.00"}],
    });
    // A shop system knows an address alone, with the key as its password.
    let pair = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("laotie:{key}"));
    let deliver = |topic: &str, body: String| {
        Request::post("/v1/webhooks/woocommerce-orders")
            .header(header::AUTHORIZATION, format!("Basic {pair}"))
            .header("x-wc-webhook-topic", topic)
            .body(Body::from(body))
            .expect("a request")
    };
    let answer = server.send(deliver("order.updated", order.to_string())).await;
    assert_eq!((answer.status, answer.json()["recorded"].clone()), (StatusCode::OK, json!(1)), "{}", answer.text);
    assert_eq!(server.send(deliver("order.updated", order.to_string())).await.json()["repeated"], 1);
    let reader = server.key("platform_operator").await;
    let found = server.get("/v1/orders/2101", &reader).await.json();
    assert_eq!(found["history"][0]["body"]["paid_minor"], 6_590, "{found}");
    assert!(found.to_string().contains("\"buyer\":\"h_") && !found.to_string().contains("anna@"), "{found}");
    let wrong = server.send(deliver("order.updated", json!({"date_paid_gmt": 1}).to_string())).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    let refused = server
        .send(
            Request::post("/v1/webhooks/nobody")
                .header(header::AUTHORIZATION, format!("Basic {pair}"))
                .body(Body::from("{}"))
                .expect("a request"),
        )
        .await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}
