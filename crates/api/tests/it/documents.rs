use std::path::Path;

use axum::http::{StatusCode, header};
use laotie_api::{Guard, PROBLEMS, REFUSALS, openapi, route_table};
use serde_json::{Value, json};

use crate::server::{paid, server};

fn document() -> Value {
    serde_json::from_str(&openapi().to_json().expect("serialises")).expect("JSON")
}

#[test]
fn the_document_says_everything_of_every_route() {
    let document = document();
    assert!(document["openapi"].as_str().is_some_and(|v| v.starts_with("3.1")));
    let mut ids = std::collections::HashSet::new();
    for route in route_table().into_iter().filter(|r| r.api) {
        let name = format!("{} {}", route.method, route.path);
        let operation = &document["paths"][&route.path][route.method.to_lowercase()];
        assert!(operation.is_object(), "{name} is not documented");
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        assert!(ids.insert(id.clone()), "{id} stands twice");
        assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{name} has no summary");
        let secured = operation["security"].as_array().is_some_and(|s| !s.is_empty());
        assert_eq!(secured, matches!(route.guard, Guard::Action(_)), "{name}: rights and document differ");

        let parameters: Vec<&str> = operation["parameters"].as_array().into_iter().flatten().filter_map(|p| p["name"].as_str()).collect();
        for part in route.path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')) {
            assert_eq!(parameters.iter().filter(|p| **p == part).count(), 1, "{name}: {part} is said once");
        }
        for (kind, content) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            let example = content.get("example").is_some() || resolve(&document, &content["schema"])["example"] != Value::Null;
            assert!(example && content["schema"] != Value::Null, "{name}: {kind} has no schema or no example");
        }
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.keys().any(|s| s.starts_with('2')), "{name} has no good answer");
        for (status, response) in responses {
            let content = response["content"].as_object();
            match status.as_str() {
                "204" => assert!(content.is_none(), "{name}: {status}"),
                "503" if route.path == "/readyz" => {}
                s if s >= "400" => {
                    let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(schema, "#/components/schemas/ProblemBody", "{name}: {status} is no problem");
                }
                _ => assert!(content.is_some_and(|c| c.values().all(|c| c["schema"] != Value::Null)), "{name}: {status} has no schema"),
            }
        }
        if secured {
            assert!(["401", "403", "429", "500", "503"].iter().all(|s| responses.contains_key(*s)), "{name} hides a problem");
        }
    }
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(place) => document.pointer(place.trim_start_matches('#')).expect("a schema that is there"),
        None => schema,
    }
}

/// Whether a value is as its schema says, as far as our document uses JSON Schema; tells the first difference.
fn differs(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let schema = resolve(document, schema);
    for some in ["oneOf", "anyOf"] {
        if let Some(options) = schema[some].as_array() {
            let all: Vec<_> = options.iter().filter_map(|o| differs(document, o, value, at)).collect();
            return (all.len() == options.len()).then(|| all.join(" / "));
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let fits = allowed.contains(&kind) || kind == "integer" && allowed.contains(&"number");
    if !fits {
        return Some(format!("{at} is {kind}, said is {allowed:?}"));
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        return Some(format!("{at} is {value}, said is {values:?}"));
    }
    if let Some(items) = value.as_array() {
        return items.iter().enumerate().find_map(|(i, item)| differs(document, &schema["items"], item, &format!("{at}[{i}]")));
    }
    let fields = value.as_object()?;
    let missing = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).find(|name| !fields.contains_key(*name));
    if let Some(name) = missing {
        return Some(format!("{at}.{name} is missing"));
    }
    let more = &schema["additionalProperties"];
    fields.iter().find_map(|(name, field)| {
        let at = format!("{at}.{name}");
        match (schema["properties"].get(name), more) {
            (Some(schema), _) => differs(document, schema, field, &at),
            (None, Value::Object(_)) => differs(document, more, field, &at),
            (None, Value::Null) if schema["properties"].is_object() => Some(format!("{at} is not said")),
            _ => None,
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_the_document_says() {
    let server = server().await;
    let key = server.key("platform_operator").await;
    let mut wrong = paid("o2", 5);
    wrong["body"]["lines"][0]["qty"] = json!("two");
    let sent =
        json!({"source": "shop", "key": "o1/sent", "kind": "order.dispatched", "at": "2026-06-11T00:00:00Z", "body": {"order": "o1"}});
    let early =
        json!({"source": "shop", "key": "o9/sent", "kind": "order.dispatched", "at": "2026-06-11T00:00:00Z", "body": {"order": "o9"}});
    let receipts = server.post("/v1/facts", &key, "application/json", json!([paid("o1", 100), wrong, sent, early]).to_string()).await;
    server.markets.get("main").expect("is there").settle().await.expect("settles");
    let made = server.post("/v1/keys", &key, "application/json", r#"{"party":"erp","roles":["sender"],"label":"feed"}"#).await;
    let rows = server.post("/v1/sql", &key, "application/json", r#"{"query":"select order, paid_minor, at from order_paid"}"#).await;

    let document = document();
    let check = |path: &str, method: &str, answer: &crate::server::Answer| {
        let status = answer.status.as_u16().to_string();
        let content = &document["paths"][path][method]["responses"][&status]["content"];
        let kind = answer.headers[header::CONTENT_TYPE].to_str().expect("text");
        let schema = &content[kind]["schema"];
        assert!(schema.is_object(), "{method} {path} {status} {kind} is not documented: {}", answer.text);
        let difference = differs(&document, schema, &answer.json(), "answer");
        assert_eq!(difference, None, "{method} {path}: {}", answer.text);
    };
    check("/v1/facts", "post", &receipts);
    check("/v1/keys", "post", &made);
    check("/v1/sql", "post", &rows);
    for (path, asked) in [
        ("/v1/facts", "/v1/facts"),
        ("/v1/facts", "/v1/facts?limit=0"),
        ("/v1/orders", "/v1/orders"),
        ("/v1/orders/{id}", "/v1/orders/o1"),
        ("/v1/orders/{id}", "/v1/orders/o1?at=2026-06-10T23:00:00Z&seen=2100-01-01T00:00:00Z"),
        ("/v1/orders/{id}", "/v1/orders/none"),
        ("/v1/metrics", "/v1/metrics"),
        ("/v1/metrics/{id}", "/v1/metrics/gmv?by=month"),
        ("/v1/metrics/{id}", "/v1/metrics/refund_rate"),
        ("/v1/metrics/{id}", "/v1/metrics/none"),
        ("/v1/status", "/v1/status"),
        ("/v1/markets", "/v1/markets"),
        ("/v1/markets/{market}/status", "/v1/markets/other/status"),
        ("/v1/markets/{market}/status", "/v1/markets/none/status"),
        ("/v1/schema", "/v1/schema"),
        ("/v1/schema/{kind}", "/v1/schema/order.paid"),
        ("/v1/session", "/v1/session"),
        ("/v1/keys", "/v1/keys"),
        ("/readyz", "/readyz"),
        ("/openapi.json", "/openapi.json"),
    ] {
        check(path, "get", &server.get(asked, &key).await);
    }
    check("/v1/session", "get", &server.get("/v1/session", "").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_problem_has_a_page_in_both_languages() {
    let server = server().await;
    let mut names = std::collections::HashSet::new();
    for problem in PROBLEMS.iter().chain(REFUSALS) {
        assert!(names.insert(problem.name), "{} stands twice", problem.name);
        assert!(problem.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", problem.name);
        let page = server.get(&format!("/problems/{}", problem.name), "").await;
        assert_eq!(page.status, StatusCode::OK);
        for text in [problem.title, problem.title_zh, problem.way_out, problem.way_out_zh] {
            assert!(!text.is_empty() && page.text.contains(text), "{}: {text}", problem.name);
        }
    }
}

/// Reads the names of refusals where facts are refused, so that none is without its page.
#[test]
fn every_refusal_is_listed() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let folders =
        ["facts/src", "orders/src", "engine/src", "cases/src", "ledger/src", "guarantees/src", "guarantees/src/evolve", "conduct/src"];
    for folder in folders {
        for entry in std::fs::read_dir(crates.join(folder)).expect("a folder").filter_map(Result::ok) {
            // A row of the journal that is damaged is no refusal.
            if entry.file_name() == "row.rs" {
                continue;
            }
            let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for mark in ["impossible(", "once(", "code: ", "refused(", "refuse(", "Obstacle::new("] {
                for (at, _) in text.match_indices(mark) {
                    let near: String = text[at + mark.len()..].chars().take(80).collect();
                    let Some(name) = near.split('"').nth(1) else { continue };
                    if name.contains('-') && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
                        found.push(name.to_owned());
                    }
                }
            }
        }
    }
    assert!(found.len() > 15, "only {found:?} were found");
    for name in found {
        assert!(PROBLEMS.iter().chain(REFUSALS).any(|p| p.name == name), "`{name}` has no page in problem.rs");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documentation_is_served_without_the_internet() {
    let server = server().await;
    for path in ["/docs/", "/docs/swagger-ui-bundle.js", "/openapi.json", "/healthz", "/readyz"] {
        let answer = server.get(path, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.text.contains("https://cdn") && !answer.text.contains("unpkg.com"), "{path} asks elsewhere");
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("script-src"), "{policy}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_and_measures_say_how_far_the_lake_is() {
    let server = server().await;
    let ready = server.get("/readyz", "").await.json();
    assert_eq!((&ready["ready"], &ready["markets"]["other"]["store"]), (&json!(true), &json!("ready")));
    assert!(ready["markets"]["main"]["lake"]["behind"].is_i64());
    let engineer = server.key("engineer").await;
    assert_eq!(server.get("/metrics", &engineer).await.status, StatusCode::OK);
    assert_eq!(server.get("/metrics", "").await.status, StatusCode::UNAUTHORIZED);
}
