use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use laotie_api::access::create_api_key;
use laotie_api::{App, AppSettings, Market, MarketPlace, MarketSettings, Markets, prometheus_builder, serve};
use laotie_store::JournalFilter;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::server::paid;

/// Sends one fact after the other on one connection; returns the orders whose facts were acknowledged.
async fn send_until_cut(address: std::net::SocketAddr, secret: String, name: usize) -> Vec<String> {
    let mut acknowledged = Vec::new();
    let Ok(mut socket) = TcpStream::connect(address).await else { return acknowledged };
    for number in 0.. {
        let order = format!("o{name}-{number}");
        let body = paid(&order, 1).to_string();
        let head = format!(
            "POST /v1/facts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {secret}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if socket.write_all((head + &body).as_bytes()).await.is_err() {
            break;
        }
        let mut answer = Vec::new();
        let mut piece = [0; 4_096];
        while !answer.ends_with(b"\"refused\":0}") {
            match socket.read(&mut piece).await {
                Ok(n) if n > 0 => answer.extend_from_slice(&piece[..n]),
                _ => return acknowledged,
            }
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        acknowledged.push(order);
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_stopping_is_there_and_in_the_lake() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = MarketPlace { data: folder.path().to_owned(), db: None, name: "main".to_owned() };
    let market = Market::open(&place, MarketSettings::default()).await.expect("opens");
    let secret = create_api_key(market.engine.store().as_ref(), "erp", &["sender".to_owned()], "erp").await.expect("is made").1;
    let markets = Arc::new(Markets::start(vec![market]));
    let prometheus = prometheus_builder().expect("buckets").build_recorder().handle();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let app = App::new(Arc::clone(&markets), AppSettings::default(), prometheus);
    let served = tokio::spawn(serve(listener, app, async move {
        let _ = stopped.await;
    }));

    let senders: Vec<_> = (0..8).map(|name| tokio::spawn(send_until_cut(address, secret.clone(), name))).collect();
    tokio::time::sleep(Duration::from_millis(400)).await;
    stop.send(()).expect("the server listens");
    served.await.expect("ends").expect("ends well");
    let mut acknowledged = Vec::new();
    for sender in senders {
        acknowledged.extend(sender.await.expect("ends"));
    }
    assert!(acknowledged.len() > 8, "only {} facts were acknowledged", acknowledged.len());

    let head = markets.get("main").expect("is there").engine.store().head().await.expect("reads");
    assert_eq!(markets.get("main").expect("is there").analytics.position(), head.seq, "the lake holds everything");
    drop(markets);
    let market = Market::open(&place, MarketSettings::default()).await.expect("opens again");
    for order in acknowledged {
        let filter = JournalFilter { source: Some("shop".to_owned()), key: Some(format!("{order}/paid")), kind: None, subject: None };
        let rows = market.engine.store().journal_page(&filter, 0, 2).await.expect("reads");
        assert_eq!(rows.len(), 1, "{order}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_ends_does_not_hold_up_the_others() {
    let going = Arc::new(AtomicBool::new(true));
    let server = crate::server::server().await;
    let key = server.key("platform_operator").await;
    let flag = Arc::clone(&going);
    let endless = futures::stream::unfold(0_u64, move |i| {
        let flag = Arc::clone(&flag);
        async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            flag.load(Ordering::Relaxed).then(|| (Ok::<_, std::io::Error>(format!("{}\n", paid(&format!("s{i}"), 1))), i + 1))
        }
    });
    let stream = server.post("/v1/facts", &key, "application/x-ndjson", axum::body::Body::from_stream(endless));
    let other = async {
        for i in 0..20 {
            let one = server.post("/v1/facts", &key, "application/json", paid(&format!("o{i}"), 1).to_string()).await;
            assert_eq!(one.json()["recorded"], 1);
        }
        going.store(false, Ordering::Relaxed);
    };
    let (streamed, ()) = tokio::join!(stream, other);
    assert!(streamed.json()["recorded"].as_u64().is_some_and(|n| n > 0));
}
