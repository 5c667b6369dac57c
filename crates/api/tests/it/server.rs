//! A server without a socket: requests go straight to its router.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use laotie_api::access::{create_api_key, create_sign_in_link};
use laotie_api::webhooks::Pace;
use laotie_api::{App, AppSettings, Market, MarketPlace, MarketSettings, Markets, router};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) struct Server {
    pub(crate) router: Router,
    pub(crate) markets: Arc<Markets>,
    folder: tempfile::TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
}

pub(crate) async fn server() -> Server {
    server_with(AppSettings::default()).await
}

pub(crate) async fn server_with(settings: AppSettings) -> Server {
    server_in(tempfile::tempdir().expect("a folder"), settings, Pace::default()).await
}

/// A server over the markets of a folder, its webhooks at a pace.
pub(crate) async fn server_in(folder: tempfile::TempDir, settings: AppSettings, pace: Pace) -> Server {
    let mut opened = Vec::new();
    for name in ["main", "other"] {
        let at = MarketPlace { data: folder.path().to_owned(), db: None, name: name.to_owned() };
        opened.push(Market::open(&at, MarketSettings::default()).await.expect("opens"));
    }
    let markets = Arc::new(Markets::start_at(opened, pace));
    let prometheus = PrometheusBuilder::new().build_recorder().handle();
    Server { router: router(App::new(Arc::clone(&markets), settings, prometheus)), markets, folder }
}

impl Server {
    /// The folder of the main market.
    pub(crate) fn folder(&self) -> std::path::PathBuf {
        self.folder.path().join("main")
    }

    /// Stops as on a signal; what is left is the folder.
    pub(crate) async fn stop(self) -> tempfile::TempDir {
        self.markets.stop().await;
        self.folder
    }

    pub(crate) async fn key(&self, role: &str) -> String {
        self.key_of("test", role).await
    }

    /// A key of a party in a role.
    pub(crate) async fn key_of(&self, party: &str, role: &str) -> String {
        let market = self.markets.get("main").expect("is there");
        create_api_key(market.engine.store().as_ref(), party, &[role.to_owned()], "test").await.expect("is made").1
    }

    pub(crate) async fn sign_in_token(&self) -> String {
        let market = self.markets.get("main").expect("is there");
        create_sign_in_link(market.engine.store().as_ref(), "operator", &["platform_operator".to_owned()]).await.expect("is made")
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.router.clone().oneshot(request).await.expect("never fails");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("reads");
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Gets bytes.
    pub(crate) async fn fetch(&self, path: &str, key: &str) -> (Answer, Vec<u8>) {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {key}")).body(Body::empty()).expect("a request");
        let response: Response<Body> = self.router.clone().oneshot(request).await.expect("never fails");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("reads").to_vec();
        (Answer { status: parts.status, headers: parts.headers, text: String::new() }, bytes)
    }

    pub(crate) async fn get(&self, path: &str, key: &str) -> Answer {
        self.send(Request::get(path).header(header::AUTHORIZATION, format!("Bearer {key}")).body(Body::empty()).expect("a request")).await
    }

    /// Posts nothing.
    pub(crate) async fn post_owned(&self, path: String, key: String) -> Answer {
        self.post(&path, &key, "application/json", Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, key: &str, kind: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {key}")).header(header::CONTENT_TYPE, kind);
        self.send(request.body(body.into()).expect("a request")).await
    }
}

pub(crate) fn paid(order: &str, minor: i64) -> Value {
    json!({
        "source": "shop", "key": format!("{order}/paid"), "kind": "order.paid", "at": "2026-06-10T12:00:00Z",
        "body": {"order": order, "shop": "s-1", "buyer": "b-1", "currency": "CNY", "paid_minor": minor,
                 "lines": [{"line": "1", "item": "i-1", "qty": 1, "total_minor": minor}]},
    })
}
