//! The control desk's side of the API: a show now, as it runs, its nudges and its case file.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use futures::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::server::{Server, server};

const JSON: &str = "application/json";
const SHOW: &str = "/v1/shows/t-9%2F1";

fn at(second: u32) -> String {
    format!("2026-06-10T12:{:02}:{:02}Z", second / 60, second % 60)
}

fn fact(key: &str, kind: &str, second: u32, body: &Value) -> Value {
    json!({ "source": "live", "key": key, "kind": kind, "at": at(second), "body": body })
}

fn heard(n: u32, second: u32, text: &str) -> Value {
    fact(&format!("u-{n}"), "utterance.heard", second, &json!({ "show": "t-9/1", "utterance": format!("u-{n}"), "text": text }))
}

async fn record(server: &Server, facts: &[Value]) {
    let operator = server.key("platform_operator").await;
    let sent = server.post("/v1/facts", &operator, JSON, json!(facts).to_string()).await.json();
    assert_eq!(sent["refused"], 0, "{sent}");
}

/// A server with a show of streamer t-9 on air that sells a syrup of which 2,400 are left.
async fn on_air() -> Server {
    let server = server().await;
    let facts = json!({ "name": "秋月牌梨膏", "approval": "ordinary_food", "origin": "安徽砀山" });
    let opened = [
        fact("i", "item.listed", 0, &json!({ "item": "i-1", "shop": "s-1", "facts": facts })),
        fact("p", "price.set", 0, &json!({ "item": "i-1", "currency": "CNY", "price_minor": 9900 })),
        fact("s", "stock.set", 0, &json!({ "item": "i-1", "available": 2400 })),
        fact("o", "show.opened", 1, &json!({ "show": "t-9/1", "room": "t-9", "streamer": "t-9", "title": "梨膏专场" })),
        fact("w", "item.shown", 2, &json!({ "show": "t-9/1", "item": "i-1", "position": 1 })),
    ];
    record(&server, &opened).await;
    server
}

/// Reads events off a stream until one of a kind came.
async fn until(server: &Server, key: &str, path: &str, kind: &str) -> Vec<Value> {
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {key}")).body(Body::empty()).expect("a request");
    let response = server.router.clone().oneshot(request).await.expect("never fails");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let (mut text, mut events) = (String::new(), Vec::new());
    loop {
        let part = tokio::time::timeout(Duration::from_secs(20), stream.next()).await.expect("in time").expect("goes on").expect("reads");
        text.push_str(std::str::from_utf8(&part).expect("UTF-8"));
        while let Some(end) = text.find("\n\n") {
            let one: String = text.drain(..end + 2).collect();
            let data = one.lines().find_map(|l| l.strip_prefix("data: "));
            events.extend(data.map(|d| serde_json::from_str::<Value>(d).expect("JSON")));
        }
        if events.iter().any(|e| e["kind"] == kind) {
            return events;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_sees_its_show_hears_nudges_as_they_come_and_answers() {
    let server = on_air().await;
    let desk = server.key_of("t-9", "desk").await;
    let now = server.get(SHOW, &desk).await.json();
    assert_eq!(now["item"]["facts"]["stock"], "2400", "{now}");
    assert_eq!(now["about"]["title"], "梨膏专场");
    let after = now["position"].as_i64().expect("a place");
    let path = format!("{SHOW}/stream?after={after}");
    let listening = until(&server, &desk, &path, "nudge.sent");
    let speaking = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        record(&server, &[heard(1, 10, "库存就剩最后三百单了，抢完就没了")]).await;
    };
    let (events, ()) = tokio::join!(listening, speaking);
    let nudge = events.iter().find(|e| e["kind"] == "nudge.sent").expect("a nudge");
    assert_eq!(nudge["body"]["code"], "SCAR");
    assert_eq!(nudge["body"]["fact"], "stock=2400");
    let id = nudge["body"]["nudge"].as_str().expect("an id");

    // A line that broke goes on behind the last event, and nothing comes twice.
    let seq = events.iter().find(|e| e["kind"] == "utterance.heard").and_then(|e| e["seq"].as_i64()).expect("a place");
    let again = until(&server, &desk, &format!("{SHOW}/stream?after={seq}"), "nudge.sent").await;
    assert!(again.iter().all(|e| e["seq"].as_i64() > Some(seq)), "{again:?}");

    let path = format!("{SHOW}/nudges/{id}");
    let answered = server.post(&path, &desk, JSON, r#"{"response":"acknowledged"}"#).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
    let unknown = server.post(&format!("{SHOW}/nudges/ndg-none"), &desk, JSON, r#"{"response":"acknowledged"}"#).await;
    assert_eq!(unknown.status, StatusCode::CONFLICT, "{}", unknown.text);
    let unproven =
        server.post(&path, &desk, JSON, r#"{"response":"dismissed","file":{"hash":"00","media_type":"text/plain","size_bytes":1}}"#).await;
    assert_eq!(unproven.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unproven.text);

    record(&server, &[heard(2, 40, "刚才说错了，库存是两千四百单")]).await;
    let case = server.get(&format!("{SHOW}/case"), &desk).await.json();
    assert_eq!(case["counts"]["corrected"], 1, "{case}");
    assert_eq!(case["transcript"][0]["findings"][0]["fact"], "stock=2400");
    let answers: Vec<&str> =
        case["nudges"][0]["answers"].as_array().expect("answers").iter().filter_map(|a| a["response"].as_str()).collect();
    assert_eq!(answers, ["acknowledged", "corrected"]);
    let reviewer = server.key("reviewer").await;
    let rules = server.get("/v1/speech/rules", &reviewer).await.json();
    assert_eq!((&rules["items"][0]["nudged"], &rules["items"][0]["corrected"]), (&json!(1), &json!(1)), "{rules}");
    assert!(rules["items"][0]["version"].as_str().is_some_and(|v| v.starts_with("speech/")), "{rules}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_show_is_seen_by_its_own_desk_and_by_staff_alone() {
    let server = on_air().await;
    record(&server, &[heard(1, 10, "库存就剩最后三百单了")]).await;
    let (own, other) = (server.key_of("t-9", "streamer").await, server.key_of("t-8", "desk").await);
    // A buyer of the same id is not the streamer.
    let namesake = server.key_of("t-9", "buyer").await;
    for path in [SHOW.to_owned(), format!("{SHOW}/events"), format!("{SHOW}/stream"), format!("{SHOW}/case")] {
        assert_eq!(server.get(&path, &other).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(server.get(&path, &namesake).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(server.get("/v1/shows/none", &other).await.status, StatusCode::FORBIDDEN, "whether there is one is not told");
    assert_eq!(server.get("/v1/shows?streamer=t-9", &other).await.status, StatusCode::FORBIDDEN);
    assert_eq!(server.get("/v1/shows", &other).await.json()["items"], json!([]));
    let answer = server.post(&format!("{SHOW}/nudges/x"), &other, JSON, r#"{"response":"dismissed"}"#).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(server.get("/v1/shows?live=true", &own).await.json()["items"][0]["show"], "t-9/1");
    let operator = server.key("platform_operator").await;
    assert_eq!(server.get("/v1/shows?live=true", &operator).await.json()["items"][0]["heard"], 1);
    assert_eq!(server.get("/v1/shows/none", &operator).await.status, StatusCode::NOT_FOUND);
    let events = server.get(&format!("{SHOW}/events?limit=1"), &own).await.json();
    assert!(events["next"].is_string(), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sentences_are_tried_out_and_scripts_are_read_before_the_show() {
    let server = on_air().await;
    let merchant = server.key_of("s-1", "merchant").await;
    let asked = json!({ "sentences": [{ "text": "库存就剩三百单了", "item": "i-1" }, { "id": "x", "text": "大家好" }] });
    let read = server.post("/v1/speech/check", &merchant, JSON, asked.to_string()).await.json();
    assert_eq!(read["sentences"][0]["labels"], json!(["SCAR"]), "{read}");
    assert_eq!(read["sentences"][1]["id"], "x");
    let unknown = json!({ "sentences": [{ "text": "好", "item": "i-none" }] });
    let operator = server.key("platform_operator").await;
    assert_eq!(server.post("/v1/speech/check", &operator, JSON, unknown.to_string()).await.status, StatusCode::NOT_FOUND);
    // Price, stock and sales of an item are its shop's, and of those who sell it.
    let (other, desk) = (server.key_of("s-2", "merchant").await, server.key_of("t-9", "desk").await);
    let (stranger, namesake) = (server.key_of("t-8", "desk").await, server.key_of("s-1", "provider").await);
    for (key, may) in [(&desk, true), (&other, false), (&stranger, false), (&namesake, false)] {
        let status = server.post("/v1/speech/check", key, JSON, asked.to_string()).await.status;
        assert_eq!(status, if may { StatusCode::OK } else { StatusCode::FORBIDDEN });
    }
    let own = json!({ "sentences": [{ "text": "库存就剩三百单了", "product": { "stock": 2400 } }] });
    assert_eq!(server.post("/v1/speech/check", &other, JSON, own.to_string()).await.status, StatusCode::OK);
    assert_eq!(server.post("/v1/speech/check", &merchant, JSON, unknown.to_string()).await.status, StatusCode::FORBIDDEN);
    let script = json!({ "script": "大家好。这个梨膏支气管炎都能治好！这个是卖爆了的，回购率百分之六十。", "items": ["i-1"] });
    let brief = server.post("/v1/speech/brief", &merchant, JSON, script.to_string()).await.json();
    assert_eq!(brief["risk"]["stop"], 1, "{brief}");
    assert_eq!(brief["lines"].as_array().map(Vec::len), Some(3));
    assert_eq!(brief["proofs"][0]["code"], "SALES", "{brief}");
    let empty = server.post("/v1/speech/brief", &merchant, JSON, r#"{"script":""}"#).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}
