//! Decisions on their way to a real HTTP server.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::post;
use laotie_api::AppSettings;
use laotie_api::webhooks::Pace;
use laotie_facts::{Body as FactBody, FactKey, Incoming, Kind, SourceId, Timestamp};
use serde_json::{Value, json};

use crate::server::{Server, paid, server, server_in};

/// A pace for tests: three tries within a blink.
const QUICK: Pace =
    Pace { first: Duration::from_millis(40), factor: 2, longest: Duration::from_secs(1), tries: 3, timeout: Duration::from_secs(2) };

/// A pace for tests that stop in the middle: tries go on for longer than the test.
const PATIENT: Pace = Pace { first: Duration::from_millis(200), factor: 1, tries: 1_000, ..QUICK };

/// What came in, and how the next requests are answered; 204 when nothing else is said.
#[derive(Default)]
struct Inbox {
    came: Vec<(HeaderMap, Bytes)>,
    answers: VecDeque<u16>,
    always: Option<u16>,
    wait: Duration,
}

/// A receiver of webhooks.
struct Receiver {
    url: String,
    inbox: Arc<Mutex<Inbox>>,
}

async fn receive(State(inbox): State<Arc<Mutex<Inbox>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let (answer, wait) = {
        let mut inbox = inbox.lock().expect("not poisoned");
        inbox.came.push((headers, body));
        let next = inbox.answers.pop_front().or(inbox.always).unwrap_or(204);
        (next, inbox.wait)
    };
    tokio::time::sleep(wait).await;
    StatusCode::from_u16(answer).expect("a status")
}

async fn receiver() -> Receiver {
    let inbox: Arc<Mutex<Inbox>> = Arc::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let url = format!("http://{}/laotie?token=t0p", listener.local_addr().expect("an address"));
    let router = Router::new().route("/laotie", post(receive)).with_state(Arc::clone(&inbox));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Receiver { url, inbox }
}

impl Receiver {
    fn set(&self, change: impl FnOnce(&mut Inbox)) {
        change(&mut self.inbox.lock().expect("not poisoned"));
    }

    /// Waits until so many letters came, and a little for any that should not.
    async fn letters(&self, n: usize) -> Vec<(String, Value)> {
        for _ in 0..400 {
            if self.inbox.lock().expect("not poisoned").came.len() >= n {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        tokio::time::sleep(Duration::from_millis(150)).await;
        let inbox = self.inbox.lock().expect("not poisoned");
        let read = |(headers, body): &(HeaderMap, Bytes)| {
            let id = headers["webhook-id"].to_str().expect("text").to_owned();
            (id, serde_json::from_slice(body).expect("JSON"))
        };
        let letters: Vec<_> = inbox.came.iter().map(read).collect();
        assert_eq!(letters.len(), n, "{letters:?}");
        letters
    }
}

async fn quick() -> Server {
    quick_at(QUICK).await
}

async fn quick_at(pace: Pace) -> Server {
    server_in(tempfile::tempdir().expect("a folder"), AppSettings::default(), pace).await
}

/// Makes a webhook; its id and secret.
async fn made(server: &Server, url: &str, kinds: &[&str]) -> (String, String) {
    let key = server.key("platform_operator").await;
    let made = server.post("/v1/webhooks", &key, "application/json", json!({"url": url, "kinds": kinds}).to_string()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = made.json();
    (made["webhook"]["id"].as_str().expect("an id").to_owned(), made["secret"].as_str().expect("a secret").to_owned())
}

async fn status(server: &Server, id: &str) -> Value {
    let key = server.key("platform_operator").await;
    let list = server.get("/v1/webhooks", &key).await.json();
    list["items"].as_array().expect("a list").iter().find(|w| w["id"] == id).expect("is there").clone()
}

/// Waits until a webhook's status is as wanted.
async fn until(server: &Server, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..400 {
        let now = status(server, id).await;
        if wanted(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it stays {}", status(server, id).await);
}

/// Records decisions as the systems make them, each on a shop of its own.
async fn decide(server: &Server, kind: Kind, shops: std::ops::Range<u32>) {
    let at = Timestamp::parse("2026-06-10T12:00:00Z").expect("a time");
    let fact = |n: u32| {
        let body = json!({"badge": "trust_badge", "shop": format!("s-{n}")}).to_string();
        let body = FactBody::parse(kind, &body).expect("a body");
        Incoming::new(SourceId::new("test").expect("an id"), FactKey::new(format!("{}/{n}", kind.name())).expect("a key"), at, None, body)
    };
    let market = server.markets.get("main").expect("is there");
    let receipts = market.engine.record(shops.map(fact).collect()).await.expect("answers");
    assert!(receipts.iter().all(|r| matches!(r.outcome, laotie_engine::Outcome::Recorded { .. })), "{receipts:?}");
}

fn shops(letters: &[(String, Value)]) -> Vec<&str> {
    letters.iter().map(|(_, letter)| letter["data"]["body"]["shop"].as_str().expect("a shop")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_gets_its_letters_in_order_and_signed() {
    let (server, all, some) = (quick().await, receiver().await, receiver().await);
    let (id, secret) = made(&server, &all.url, &[]).await;
    made(&server, &some.url, &["badge.unlit"]).await;
    decide(&server, Kind::BadgeLit, 1..4).await;
    let key = server.key("platform_operator").await;
    server.post("/v1/facts", &key, "application/json", paid("o1", 100).to_string()).await;
    decide(&server, Kind::BadgeUnlit, 4..6).await;

    let letters = all.letters(5).await;
    assert_eq!(shops(&letters), ["s-1", "s-2", "s-3", "s-4", "s-5"]);
    assert_eq!(shops(&some.letters(2).await), ["s-4", "s-5"]);
    let (letter_id, first) = &letters[0];
    let seq = first["data"]["seq"].as_i64().expect("a number");
    assert_eq!(*letter_id, format!("{id}-{seq}"));
    let expected = json!({"type": "badge.lit", "timestamp": "2026-06-10T12:00:00Z", "data": {
        "seq": seq, "key": "badge.lit/1", "subject": "shop/s-1", "because": [], "rules": [], "body": {"badge": "trust_badge", "shop": "s-1"}}});
    assert_eq!(*first, expected);

    let verifier = standardwebhooks::Webhook::new(&secret).expect("a secret");
    let stranger = standardwebhooks::Webhook::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
    for (headers, body) in &all.inbox.lock().expect("not poisoned").came {
        assert_eq!(headers[header::CONTENT_TYPE], "application/json");
        verifier.verify(body, headers).expect("is signed");
        assert!(stranger.verify(body, headers).is_err());
        assert!(verifier.verify(&[body, &b" "[..]].concat(), headers).is_err());
    }
    let now = until(&server, &id, |w| w["delivered"] == 5).await;
    assert_eq!((&now["waiting"], &now["last_error"]), (&json!(0), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_fails_comes_again_under_its_id_and_nothing_overtakes_it() {
    let (server, receiver) = (quick().await, receiver().await);
    receiver.set(|inbox| inbox.answers = VecDeque::from([500, 302]));
    let (id, _) = made(&server, &receiver.url, &[]).await;
    decide(&server, Kind::BadgeLit, 1..3).await;
    let letters = receiver.letters(4).await;
    assert_eq!(shops(&letters), ["s-1", "s-1", "s-1", "s-2"]);
    assert!(letters[..3].iter().all(|(letter, _)| *letter == letters[0].0) && letters[3].0 != letters[0].0);
    until(&server, &id, |w| w["delivered"] == 2 && w["dead_letters"] == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_too_often_is_a_dead_letter_that_can_be_sent_again() {
    let (server, receiver) = (quick().await, receiver().await);
    receiver.set(|inbox| inbox.answers = VecDeque::from([503; 3]));
    let (id, _) = made(&server, &receiver.url, &[]).await;
    let key = server.key("platform_operator").await;
    decide(&server, Kind::BadgeLit, 1..3).await;
    assert_eq!(shops(&receiver.letters(4).await), ["s-1", "s-1", "s-1", "s-2"]);
    until(&server, &id, |w| w["dead_letters"] == 1 && w["delivered"] == 1).await;
    let dead = server.get("/v1/webhooks/dead-letters", &key).await.json();
    let letter = &dead["items"][0];
    assert_eq!((&letter["webhook"], &letter["kind"], &letter["tries"]), (&json!(id), &json!("badge.lit"), &json!(3)));
    assert_eq!(letter["error"], "answered 503 Service Unavailable");

    let retry = |letter: &str| server.post_owned(format!("/v1/webhooks/dead-letters/{letter}/retry"), key.clone());
    let name = letter["id"].as_str().expect("an id");
    assert_eq!(retry(name).await.status, StatusCode::NO_CONTENT);
    let letters = receiver.letters(5).await;
    assert_eq!((shops(&letters)[4], letters[4].0.as_str()), ("s-1", name));
    until(&server, &id, |w| w["delivered"] == 2 && w["dead_letters"] == 0).await;
    for wrong in [name, "none", "..%2F..%2Fmain-1"] {
        assert_eq!(retry(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_gone_is_switched_off_until_it_answers_a_test() {
    let (server, receiver) = (quick().await, receiver().await);
    receiver.set(|inbox| inbox.always = Some(410));
    let (id, secret) = made(&server, &receiver.url, &[]).await;
    let key = server.key("platform_operator").await;
    decide(&server, Kind::BadgeLit, 1..3).await;
    let off = until(&server, &id, |w| w["enabled"] == false).await;
    assert_eq!((&off["waiting"], &off["dead_letters"]), (&json!(0), &json!(2)));
    decide(&server, Kind::BadgeLit, 3..4).await;
    receiver.letters(1).await;

    let test = || server.post_owned(format!("/v1/webhooks/{id}/test"), key.clone());
    assert_eq!(test().await.json(), json!({"delivered": false, "status": 410, "error": "answered 410 Gone"}));
    receiver.set(|inbox| inbox.always = None);
    assert_eq!(test().await.json(), json!({"delivered": true, "status": 204, "error": null}));
    assert_eq!(status(&server, &id).await["enabled"], true);
    decide(&server, Kind::BadgeLit, 4..5).await;
    let letters = receiver.letters(4).await;
    assert_eq!((&letters[2].1["type"], shops(&letters[3..])), (&json!("webhook.test"), vec!["s-4"]));
    let verifier = standardwebhooks::Webhook::new(&secret).expect("a secret");
    let inbox = receiver.inbox.lock().expect("not poisoned");
    verifier.verify(&inbox.came[2].1, &inbox.came[2].0).expect("a test is signed too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_endpoint_holds_up_no_other() {
    let (server, slow, fast) = (quick().await, receiver().await, receiver().await);
    slow.set(|inbox| inbox.wait = Duration::from_mins(1));
    let (id, _) = made(&server, &slow.url, &[]).await;
    made(&server, &fast.url, &[]).await;
    decide(&server, Kind::BadgeLit, 1..30).await;
    assert_eq!(fast.letters(29).await.len(), 29);
    let late = until(&server, &id, |w| w["tries"].as_u64() > Some(0)).await;
    assert_eq!(late["last_error"], "no answer within 2 s");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_it_was_and_repeats_nothing() {
    let (server, receiver) = (quick_at(PATIENT).await, receiver().await);
    let (id, _) = made(&server, &receiver.url, &[]).await;
    decide(&server, Kind::BadgeLit, 1..4).await;
    receiver.letters(3).await;
    let mailbox = server.folder().join("webhooks").join(format!("{id}.json"));
    let before = std::fs::read(&mailbox).expect("a mailbox");
    receiver.set(|inbox| inbox.always = Some(500));
    decide(&server, Kind::BadgeLit, 4..7).await;
    until(&server, &id, |w| w["tries"] == 1).await;
    let folder = server.stop().await;
    let tried = receiver.inbox.lock().expect("not poisoned").came.len();
    receiver.set(|inbox| inbox.always = None);

    let server = server_in(folder, AppSettings::default(), PATIENT).await;
    let letters = receiver.letters(tried + 3).await;
    assert_eq!(shops(&letters[tried..]), ["s-4", "s-5", "s-6"]);
    until(&server, &id, |w| w["delivered"] == 6).await;
    let store = server.markets.get("main").expect("is there").engine.store();
    assert!(store.outbox_waiting(0, 9).await.expect("reads").is_empty());

    // As if the program had died between an answer and its note: the letter comes again, under its id.
    let folder = server.stop().await;
    let mut note: Value = serde_json::from_slice(&before).expect("JSON");
    note["waiting"] = json!([{"seq": letters[tried + 2].1["data"]["seq"], "kind": "badge.lit"}]);
    std::fs::write(&mailbox, note.to_string()).expect("writes");
    let _server = server_in(folder, AppSettings::default(), PATIENT).await;
    let again = receiver.letters(tried + 4).await;
    assert_eq!(again[tried + 3], letters[tried + 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_listed_without_secrets_and_end_when_removed() {
    let (server, receiver) = (quick().await, receiver().await);
    let key = server.key("platform_operator").await;
    let (id, secret) = made(&server, &receiver.url, &["payout.made"]).await;
    assert!(secret.starts_with("whsec_"));
    let list = server.get("/v1/webhooks", &key).await;
    assert!(list.text.contains(&id) && !list.text.contains("whsec_"), "{}", list.text);
    for (url, kinds, field) in [
        ("ftp://shop.example/", vec![], "url"),
        ("https://name:word@shop.example/", vec![], "url"),
        ("https://shop.example/", vec!["order.paid"], "kinds"),
    ] {
        let wrong = server.post("/v1/webhooks", &key, "application/json", json!({"url": url, "kinds": kinds}).to_string()).await;
        assert_eq!((wrong.status, &wrong.json()["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{url}");
    }
    let remove = || {
        let request = Request::delete(format!("/v1/webhooks/{id}")).header(header::AUTHORIZATION, format!("Bearer {key}"));
        server.send(request.body(Body::empty()).expect("a request"))
    };
    assert_eq!(remove().await.status, StatusCode::NO_CONTENT);
    assert_eq!(remove().await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.post_owned(format!("/v1/webhooks/{id}/test"), key.clone()).await.status, StatusCode::NOT_FOUND);
    decide(&server, Kind::BadgeLit, 1..2).await;
    receiver.letters(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_webhooks_the_outbox_empties_itself() {
    let server = server().await;
    decide(&server, Kind::BadgeLit, 1..4).await;
    let store = server.markets.get("main").expect("is there").engine.store();
    for _ in 0..200 {
        if store.outbox_waiting(0, 9).await.expect("reads").is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("letters wait for nobody");
}
