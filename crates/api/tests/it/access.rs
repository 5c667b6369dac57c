use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use laotie_api::access::create_api_key;
use laotie_api::{AppSettings, Guard, route_table};

use crate::server::{paid, server, server_with};

fn filled(path: &str) -> String {
    path.replace("{market}", "main")
        .replace("{hash}", "x")
        .replace("{id}", "x")
        .replace("{nudge}", "x")
        .replace("{kind}", "order.paid")
        .replace("{mapping}", "shopify-orders")
        .replace("{name}", "forbidden")
        .replace("{*file}", "swagger-ui.css")
        .replace("{*page}", "sign-in")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_tried_without_rights() {
    let server = server().await;
    let nobody = server.key("nobody").await; // no role of ours: it may do nothing
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

/// What parties may do at all, they may do with what is their own.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_is_forbidden() {
    let server = server().await;
    let operator = server.key("platform_operator").await;
    let json = "application/json";
    for fact in [paid("o1", 10_000), order_step("o1", "dispatched"), order_step("o1", "signed"), claim("c1", "o1")] {
        let sent = server.post("/v1/facts", &operator, json, fact.to_string()).await.json();
        assert_eq!(sent["receipts"][0]["outcome"], "recorded", "{sent}");
    }
    // Keys of the tests stand for a party called like their role, which owns nothing here.
    let (buyer, merchant) = (server.key("buyer").await, server.key("merchant").await);
    for key in [&buyer, &merchant] {
        for path in [
            "/v1/claims?shop=s-1",
            "/v1/claims?buyer=b-1",
            "/v1/claims/c1",
            "/v1/orders/o1/card",
            "/v1/accounts/shop/s-1",
            "/v1/accounts/shop/s-1/postings",
        ] {
            assert_eq!(server.get(path, key).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let appeal = r#"{"against":"c1","against_kind":"ruling"}"#;
        assert_eq!(server.post("/v1/appeals", key, json, appeal).await.status, StatusCode::FORBIDDEN);
        let for_another = r#"{"against":"pen-1","against_kind":"penalty","appellant":"s-1"}"#;
        assert_eq!(server.post("/v1/appeals", key, json, for_another).await.status, StatusCode::FORBIDDEN);
    }
    let claim = r#"{"order":"o1","buyer":"b-1","reason":"quality","wish":"refund"}"#;
    assert_eq!(server.post("/v1/claims", &buyer, json, claim).await.status, StatusCode::FORBIDDEN, "for another buyer");
    for path in ["/v1/claims/c1/accept", "/v1/claims/c1/withdraw"] {
        assert_eq!(server.post(path, &buyer, json, "{}").await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(server.post("/v1/claims/c1/answer", &merchant, json, r#"{"answer":"agree"}"#).await.status, StatusCode::FORBIDDEN);
    let withdrawal = r#"{"party":"s-1","party_kind":"shop"}"#;
    assert_eq!(server.post("/v1/withdrawals", &merchant, json, withdrawal).await.status, StatusCode::FORBIDDEN);
    assert_eq!(server.get("/v1/standing/shop/s-1", &merchant).await.status, StatusCode::FORBIDDEN);
    // The claim's own buyer and shop see it.
    for (party, role) in [("b-1", "buyer"), ("s-1", "merchant")] {
        let own = server.key_of(party, role).await;
        assert_eq!(server.get("/v1/claims/c1", &own).await.status, StatusCode::OK, "{party}");
    }
    // How it ended everybody may know, coded: without parties, money or anybody's words.
    let coded = server.get("/v1/claims/c1/public", &buyer).await;
    assert_eq!(coded.status, StatusCode::OK);
    let coded = coded.json().to_string();
    assert!(coded.contains("\"stage\"") && !coded.contains("b-1") && !coded.contains("s-1") && !coded.contains("_minor"), "{coded}");
    assert_eq!(server.get("/v1/penalties/pen-none", &server.key_of("s-1", "merchant").await).await.status, StatusCode::NOT_FOUND);
    let namesake = server.key_of("s-1", "buyer").await;
    assert_eq!(
        server.get("/v1/accounts/shop/s-1", &namesake).await.status,
        StatusCode::FORBIDDEN,
        "a buyer of the shop's id is not the shop"
    );
}

fn order_step(order: &str, step: &str) -> serde_json::Value {
    let at = if step == "signed" { "2026-06-11T09:00:00Z" } else { "2026-06-10T15:00:00Z" };
    serde_json::json!({"source": "shop", "key": format!("{order}/{step}"), "kind": format!("order.{step}"), "at": at, "body": {"order": order}})
}

fn claim(claim: &str, order: &str) -> serde_json::Value {
    serde_json::json!({"source": "shop", "key": format!("{claim}/opened"), "kind": "claim.opened", "at": "2026-06-11T10:00:00Z",
        "body": {"claim": claim, "order": order, "buyer": "b-1", "reason": "quality", "wish": "refund"}})
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
    assert_eq!(of("desk").await, ["answer_nudges", "check_speech", "give_evidence", "read_markets", "read_shows", "use_session"]);
    assert!(!of("auditor").await.contains(&"manage_keys".to_owned()));
}
