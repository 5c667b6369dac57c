//! A show as it runs, by server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, stream};
use laotie_engine::clock;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::air::Event;
use crate::app::App;
use crate::caller::{Caller, InMarket, PathParts};
use crate::input::Asked;
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;
use crate::shows::{EventQuery, show_for};

/// Events read from the journal at a time.
const AT_ONCE: usize = 500;

/// How often a silent line says that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// Where a listener is.
struct Listener {
    market: Arc<Market>,
    show: String,
    live: Receiver<Arc<Event>>,
    /// The last event that was told.
    after: i64,
    /// Whether the journal may hold events behind `after` that were missed.
    behind: bool,
    ready: VecDeque<Arc<Event>>,
}

impl Listener {
    /// The next event of the show: from the journal while it is behind, then as they come.
    async fn next(mut self) -> Option<(Arc<Event>, Self)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some((event, self));
            }
            if self.behind {
                self.read_on().await?;
                continue;
            }
            match self.live.recv().await {
                Ok(event) if event.show == self.show && event.seq > self.after => {
                    self.after = event.seq;
                    return Some((event, self));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => self.behind = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    async fn read_on(&mut self) -> Option<()> {
        let subject = format!("show/{}", self.show);
        match self.market.engine.store().history(&subject, self.after, AT_ONCE).await {
            Ok(rows) => {
                self.behind = rows.len() == AT_ONCE;
                self.after = rows.last().map_or(self.after, |r| r.seq);
                self.ready.extend(rows.iter().filter_map(Event::of).map(Arc::new));
                Some(())
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "could not read a show for its listener");
                None
            }
        }
    }
}

fn told(event: &Event, measured: bool) -> Sent {
    if measured && event.kind == "nudge.sent" {
        let micros = clock::now().micros() - event.seen.micros();
        metrics::histogram!("laotie_nudge_delay_seconds").record(f64::from(i32::try_from(micros.max(0)).unwrap_or(i32::MAX)) / 1e6);
    }
    Sent::default().id(event.seq.to_string()).data(&event.json)
}

fn events(listener: Listener, from: i64) -> impl Stream<Item = Result<Sent, Infallible>> {
    stream::unfold(listener, Listener::next).map(move |event| Ok(told(&event, event.seq > from)))
}

/// A show as it runs: each event's id is its place in the journal, so that a broken line goes on where it was.
///
/// Sent as `text/event-stream`; each event's data is `{seq, kind, at, seen, body}`. `Last-Event-ID`, which browsers send by
/// themselves when they connect again, or `after` says where to go on; without either, everything of the show comes first.
#[utoipa::path(get, path = "/shows/{id}/stream", tag = "speech", operation_id = "stream_show",
    params(("id" = String, Path, description = "The show", example = "t-9%2F20260610"), EventQuery, ("Last-Event-ID" = Option<i64>, Header, description = "The last event that came through")),
    responses((status = 200, description = "Events as they come", body = String, content_type = "text/event-stream"), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such show", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn stream(
    State(app): State<App>,
    InMarket(market): InMarket,
    caller: Caller,
    path: PathParts,
    headers: HeaderMap,
    Asked(query): Asked<EventQuery>,
) -> Result<Response, Problem> {
    let show = path.get("id");
    // Listened to before the journal is read, so that nothing falls between the two.
    let live = market.air.listen(&market.engine);
    show_for(&market, &caller, &show, "read_shows").await?;
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()?.parse::<i64>().ok());
    let head = market.engine.store().head().await?.seq;
    let listener = Listener { market, show, live, after: last.unwrap_or(query.after), behind: true, ready: VecDeque::new() };
    let mut stopping = app.stopping.subscribe();
    let until = async move {
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    let body = Sse::new(events(listener, head).take_until(Box::pin(until))).keep_alive(KeepAlive::new().interval(ALIVE));
    let direct = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(([direct], body).into_response())
}
