//! A server's life: listen, serve, stop without losing what was acknowledged.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use crate::app::App;
use crate::markets::Markets;
use crate::routes::router;

/// How long requests under way may take once the server is to stop.
const LINGER: Duration = Duration::from_secs(30);

/// How often samples that nobody came to read are folded together.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves until `stop`, then finishes the requests under way, what waits in the engines, and the lake.
///
/// A request that is not done half a minute after `stop` is left: it got no answer, so nothing of it was acknowledged.
///
/// # Errors
/// The listener's failure.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let markets: Arc<Markets> = Arc::clone(&app.markets);
    let prometheus = app.prometheus.clone();
    let upkeep = tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            prometheus.run_upkeep();
        }
    });
    let told = Arc::clone(&app.stopping);
    let mut stopping = told.subscribe();
    let signal = async move {
        stop.await;
        told.send_replace(true);
    };
    // Small answers leave at once instead of waiting for more to send.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let serving = axum::serve(listener, router(app)).with_graceful_shutdown(signal).into_future();
    let late = async {
        let _ = stopping.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(LINGER).await;
    };
    let served = tokio::select! {
        served = serving => served,
        () = late => {
            tracing::warn!("some requests did not end in time and are left unanswered");
            Ok(())
        }
    };
    upkeep.abort();
    markets.stop().await;
    served
}
