use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use laotie_api::access::create_api_key;
use laotie_api::{AppSettings, Guard, route_table};

use crate::server::{paid, server, server_with};

fn filled(path: &str) -> String {
    path.replace("{market}", "main")
        .replace("{hash}", "x")
        .replace("{id}", "x")
        .replace("{kind}", "order.paid")
        .replace("{mapping}", "shopify-orders")
        .replace("{name}", "forbidden")
        .replace("{*file}", "swagger-ui.css")
        .replace("{*page}", "sign-in")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_tried_without_rights() {
    let server = server().await;
    let nobody = server.key("desk").await; // a role that may do next to nothing
    let table = route_table();
    assert!(table.len() > 30, "the table has {} routes", table.len());
    let mut public = Vec::new();
    for route in table {
        let request = |key: Option<&str>| {
            let mut builder =
                Request::builder().method(Method::from_bytes(route.method.as_bytes()).expect("a method")).uri(filled(&route.path));
            if let Some(key) = key {
                builder = builder.header(header::AUTHORIZATION, format!("Bearer {key}"));
            }
            builder.header(header::CONTENT_TYPE, "application/json").body(Body::from("{}")).expect("a request")
        };
        let (name, bare) = (format!("{} {}", route.method, route.path), server.send(request(None)).await.status);
        match route.guard {
            Guard::Public(reason) => {
                assert!(!reason.is_empty());
                assert_ne!(bare, StatusCode::NOT_FOUND, "{name} is not served");
                assert_ne!(bare, StatusCode::METHOD_NOT_ALLOWED, "{name} is not served");
                public.push(name);
            }
            Guard::Action(action) => {
                assert_eq!(bare, StatusCode::UNAUTHORIZED, "{name} without a key");
                assert_eq!(server.send(request(Some("lt_made_up"))).await.status, StatusCode::UNAUTHORIZED, "{name} with a made-up key");
                if !["read_markets", "use_session"].contains(&action) {
                    assert_eq!(server.send(request(Some(&nobody))).await.status, StatusCode::FORBIDDEN, "{name} with a role that may not");
                }
            }
        }
    }
    let expected = [
        "GET /healthz",
        "GET /readyz",
        "GET /openapi.json",
        "GET /problems/{name}",
        "GET /docs",
        "GET /docs/{*file}",
        "GET /{*page}",
        "POST /v1/markets/{market}/session",
        "POST /v1/session",
    ];
    assert_eq!(public, expected, "a route became public");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_link_works_once_and_changes_need_the_header() {
    let server = server().await;
    let token = server.sign_in_token().await;
    let sign_in = || {
        Request::post("/v1/session")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(format!(r#"{{"token":"{token}"}}"#)))
            .expect("a request")
    };
    let first = server.send(sign_in()).await;
    assert_eq!(first.status, StatusCode::OK);
    let cookie = first.headers[header::SET_COOKIE].to_str().expect("text").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(server.send(sign_in()).await.status, StatusCode::UNAUTHORIZED);

    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    let with = |method: Method, path: &str, csrf: bool, body: String| {
        let mut builder =
            Request::builder().method(method).uri(path).header(header::COOKIE, &cookie).header(header::CONTENT_TYPE, "application/json");
        if csrf {
            builder = builder.header("x-laotie-csrf", "1");
        }
        builder.body(Body::from(body)).expect("a request")
    };
    assert_eq!(server.send(with(Method::GET, "/v1/session", false, String::new())).await.json()["party"], "operator");
    let fact = paid("o1", 100).to_string();
    assert_eq!(server.send(with(Method::POST, "/v1/facts", false, fact.clone())).await.status, StatusCode::FORBIDDEN);
    assert_eq!(server.send(with(Method::POST, "/v1/facts", true, fact)).await.status, StatusCode::OK);
    assert_eq!(server.send(with(Method::DELETE, "/v1/session", true, String::new())).await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.send(with(Method::GET, "/v1/session", false, String::new())).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_shown_once_and_end_when_revoked() {
    let server = server().await;
    let operator = server.key("platform_operator").await;
    let made = server.post("/v1/keys", &operator, "application/json", r#"{"party":"erp","roles":["sender"],"label":"feed"}"#).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.json();
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert!(!server.get("/v1/keys", &operator).await.text.contains(&secret));
    assert_eq!(server.post("/v1/facts", &secret, "application/json", paid("o1", 1).to_string()).await.status, StatusCode::OK);
    assert_eq!(server.get("/v1/facts", &secret).await.status, StatusCode::FORBIDDEN);
    let path = format!("/v1/keys/{}", made["key"]["id"].as_str().expect("an id"));
    let revoke = Request::delete(&path).header(header::AUTHORIZATION, format!("Bearer {operator}")).body(Body::empty()).expect("a request");
    assert_eq!(server.send(revoke).await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.post("/v1/facts", &secret, "application/json", paid("o2", 1).to_string()).await.status, StatusCode::UNAUTHORIZED);
    let wrong = server.post("/v1/keys", &operator, "application/json", r#"{"party":"erp","roles":["king"],"label":""}"#).await;
    assert_eq!((wrong.status, wrong.json()["type"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("/problems/bad-question")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_much_is_told_when_to_come_back() {
    let server = server_with(AppSettings { rate: 0.001, burst: 2.0, ..AppSettings::default() }).await;
    let key = server.key("auditor").await;
    assert_eq!(server.get("/v1/facts", &key).await.status, StatusCode::OK);
    assert_eq!(server.get("/v1/facts", &key).await.status, StatusCode::OK);
    let third = server.get("/v1/facts", &key).await;
    assert_eq!(third.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(third.headers.contains_key(header::RETRY_AFTER));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_route_takes_is_a_problem_too() {
    let server = server().await;
    let key = server.key("platform_operator").await;
    let send = |method: Method, path: &str, kind: &str, body: &str| {
        let builder = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {key}"));
        server.send(builder.header(header::CONTENT_TYPE, kind).body(Body::from(body.to_owned())).expect("a request"))
    };
    let json = "application/json";
    for (method, path, kind, body, status, problem) in [
        (Method::PATCH, "/v1/facts", json, "", 405, "method-not-allowed"),
        (Method::POST, "/anything", json, "", 405, "method-not-allowed"),
        (Method::GET, "/v1", json, "", 404, "not-found"),
        (Method::GET, "/v1/nothing/at/all", json, "", 404, "not-found"),
        (Method::GET, "/assets/gone.js", json, "", 404, "not-found"),
        (Method::GET, "/problems/none", json, "", 404, "not-found"),
        (Method::GET, "/v1/markets/%FF/facts", json, "", 422, "bad-question"),
        (Method::GET, "/v1/facts?sourc=shop", json, "", 422, "bad-question"),
        (Method::GET, "/v1/facts?limit=many", json, "", 422, "bad-question"),
        (Method::GET, "/v1/orders?buyer=b-1", json, "", 422, "bad-question"),
        (Method::POST, "/v1/keys", "text/plain", "{}", 415, "wrong-media-type"),
        (Method::POST, "/v1/keys", json, "{", 400, "not-json"),
        (Method::POST, "/v1/keys", json, r#"{"party":"erp","roles":"sender","label":""}"#, 422, "bad-question"),
        (Method::POST, "/v1/sql", json, r#"{"query":"select 1","limits":3}"#, 422, "bad-question"),
    ] {
        let answer = send(method.clone(), path, kind, body).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.text);
        assert_eq!(answer.json()["type"], format!("/problems/{problem}"), "{method} {path}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_unknown_may_send_much() {
    let server = server().await;
    let large = format!(r#"{{"token":"{}"}}"#, "x".repeat(2 << 20));
    assert_eq!(server.post("/v1/session", "", "application/json", large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_open_a_link_at_once_one_gets_in() {
    let server = server().await;
    let token = server.sign_in_token().await;
    let open = || server.post("/v1/session", "", "application/json", format!(r#"{{"token":"{token}"}}"#));
    let (a, b) = tokio::join!(open(), open());
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_one_market_opens_no_other() {
    let server = server().await;
    let other = server.markets.get("other").expect("is there");
    let store = other.engine.store().as_ref();
    let key = create_api_key(store, "erp", &["platform_operator".to_owned()], "erp").await.expect("is made").1;
    assert_eq!(server.get("/v1/markets/other/facts", &key).await.status, StatusCode::OK);
    assert_eq!(server.get("/v1/markets/main/facts", &key).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get("/v1/facts", &key).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_says_what_its_roles_permit() {
    let server = server().await;
    let of = async |role: &str| {
        let who = server.get("/v1/session", &server.key(role).await).await.json();
        serde_json::from_value::<Vec<String>>(who["actions"].clone()).expect("a list")
    };
    let operator = of("platform_operator").await;
    assert!(["manage_keys", "read_orders", "ask_sql"].iter().all(|a| operator.iter().any(|o| o == a)), "{operator:?}");
    assert_eq!(of("desk").await, ["read_markets", "use_session"]);
    assert!(!of("auditor").await.contains(&"manage_keys".to_owned()));
}
