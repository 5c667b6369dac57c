//! Facts in and out.

use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use futures::StreamExt;
use laotie_analytics::import::Mapping;
use laotie_engine::{Outcome, Receipt};
use laotie_facts::{Body as FactBody, Incoming, JournalRow, ParseError};
use laotie_store::JournalFilter;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use crate::app::App;
use crate::caller::{Caller, InMarket, PathParts};
use crate::input::{Asked, announced, content_type, read_body};
use crate::lists::{self, Page};
use crate::market::Market;
use crate::problem::Problem;
use crate::receipts::{Receipts, json_answer};
use crate::shapes::{FactReceipts, FactsSent, ProblemBody, RecordedFact};

/// Facts recorded at a time out of a stream: so many lines, or so many bytes of them.
const CHUNK: usize = 1_000;
const CHUNK_BYTES: usize = 4 << 20;

/// Longest line.
const LINE_MAX: usize = 4 << 20;

/// How long a stream waits for room in the engine before it is turned away.
const PATIENCE: Duration = Duration::from_secs(10);

/// Longest idempotency key.
const KEY_MAX: usize = 255;

/// What was sent as one fact: its line where it has one, and the fact or what is wrong with it.
struct Sent {
    line: Option<u64>,
    fact: Result<Incoming, ParseError>,
}

/// Records what could be read, and puts receipts and refusals in the order of what was sent.
async fn settle(market: &Market, sent: Vec<Sent>, into: &mut Receipts) -> Result<(), Problem> {
    let mut places = Vec::with_capacity(sent.len());
    let mut facts = Vec::with_capacity(sent.len());
    for one in sent {
        let place = match one.fact {
            Ok(fact) => match false_evidence(market, &fact).await? {
                Some(receipt) => Place::Told(receipt),
                None => {
                    facts.push(fact);
                    Place::Next
                }
            },
            Err(error) => Place::Unread(error),
        };
        places.push((one.line, place));
    }
    let mut receipts = market.engine.record(facts).await?.into_iter();
    for (line, place) in places {
        match place {
            Place::Unread(error) => into.refuse(line, error)?,
            Place::Told(receipt) => into.take(line, &receipt)?,
            Place::Next => into.take(line, &receipts.next().expect("a receipt for every fact"))?,
        }
    }
    Ok(())
}

/// Where the receipt of something sent comes from.
enum Place {
    /// It could not be read.
    Unread(ParseError),
    /// It was refused before the engine saw it.
    Told(Receipt),
    /// The engine's next one.
    Next,
}

/// The refusal of `evidence.given` when the vault holds its file, and not as the fact says. A file that the vault does not
/// hold is kept elsewhere and recorded as it is; a fact that is recorded already is the engine's to answer.
async fn false_evidence(market: &Market, fact: &Incoming) -> Result<Option<Receipt>, Problem> {
    let FactBody::EvidenceGiven(given) = &fact.body else { return Ok(None) };
    let Some((field, reason)) = market.evidence.differs(&given.file).await? else { return Ok(None) };
    let (source, key) = (fact.source.as_str().to_owned(), fact.key.as_str().to_owned());
    let filter = JournalFilter { source: Some(source.clone()), key: Some(key.clone()), kind: None, subject: None };
    if !market.engine.store().journal_page(&filter, 0, 1).await?.is_empty() {
        return Ok(None);
    }
    Ok(Some(Receipt { source, key, outcome: Outcome::refused("evidence-differs", field, reason) }))
}

/// Record facts: one, an array, or one a line (`application/x-ndjson`).
///
/// Each fact stands alone and gets its receipt: `recorded` means that it is on disk. The same `source` and `key` sent twice is
/// recorded once, so that anything may be sent again; with an `Idempotency-Key` the whole answer is repeated too, for as long as
/// it is among the last 1,000 (16 MiB) that this server keeps in memory. With such a key the body is one piece of at most 16 MiB;
/// without one, facts one a line may be a stream of up to 1 GiB, which is recorded while it comes: lines behind a failure are
/// not recorded, those before it are. `evidence.given` is refused (`evidence-differs`) when the vault holds the file under its
/// hash with another size or media type; a file that the vault does not hold is kept elsewhere, and its fact recorded as it is.
#[utoipa::path(post, path = "/facts", tag = "facts", operation_id = "record_facts",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible characters; the same key with another body is refused", example = "nightly-2026-06-10")),
    request_body(description = "One fact, an array of facts, or one fact a line", content(
        (FactsSent = "application/json", example = json!([{"source": "shop-system", "key": "o-1001/paid", "kind": "order.paid", "at": "2026-06-10T12:00:00Z",
            "body": {"order": "o-1001", "buyer": "b-7", "shop": "s-3", "currency": "CNY", "paid_minor": 25800,
                     "lines": [{"line": "1", "item": "i-55", "qty": 2, "unit_price_minor": 12900, "total_minor": 25800}]}}])),
        (String = "application/x-ndjson", example = "{\"source\":\"shop-system\",\"key\":\"o-1001/sent\",\"kind\":\"order.dispatched\",\"at\":\"2026-06-11T09:00:00Z\",\"body\":{\"order\":\"o-1001\"}}\n"))),
    responses((status = 200, description = "Receipts in the order of the facts", body = FactReceipts,
        example = json!({"receipts": [{"index": 0, "source": "shop-system", "key": "o-1001/paid", "outcome": "recorded", "seq": 42}], "recorded": 1, "repeated": 0, "refused": 0})),
        (status = 400, description = "Nothing of it is JSON", body = ProblemBody), (status = 413, description = "The body is too large", body = ProblemBody),
        (status = 422, description = "The idempotency key came with another body", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn record(
    State(app): State<App>,
    InMarket(market): InMarket,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let lines =
        matches!(content_type(&headers), "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines");
    let key = idempotency_key(&headers)?;
    let Some(key) = key else {
        let receipts = if lines {
            record_lines(&app, &market, &headers, body).await?
        } else {
            record_whole(&market, read_body(&headers, body, app.settings.body_max).await?, false).await?
        };
        return receipts.into_answer();
    };
    let key = format!("{} {} {key}", caller.id, market.name);
    let bytes = read_body(&headers, body, app.settings.body_max).await?;
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    if let Some(answer) = app.answered(&key, &hash)? {
        return Ok(json_answer(answer));
    }
    let answer = record_whole(&market, bytes, lines).await?.into_bytes()?;
    app.keep_answer(key, hash, &answer);
    Ok(json_answer(answer))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|k| (1..=KEY_MAX).contains(&k.len()) && k.bytes().all(|b| b.is_ascii_graphic()));
    key.map(Some).ok_or_else(|| Problem::bad_question("Idempotency-Key", format!("it needs 1 to {KEY_MAX} visible ASCII characters")))
}

/// Runs work that keeps a core busy where it holds up no other request.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Problem::internal(&e))
}

/// Records a body that came whole.
async fn record_whole(market: &Market, bytes: Bytes, lines: bool) -> Result<Receipts, Problem> {
    let parsed =
        aside(move || if lines { Ok(parse_lines(bytes.split(|b| *b == b'\n').zip(1..))) } else { parse_document(&bytes) }).await??;
    let mut receipts = Receipts::new();
    settle(market, parsed, &mut receipts).await?;
    receipts.nothing_parsed().filter(|_| lines).map_or(Ok(receipts), Err)
}

/// The facts of a JSON document; an error when it is none.
fn parse_document(bytes: &[u8]) -> Result<Vec<Sent>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|e| Problem::not_json(format!("not UTF-8 at byte {}", e.valid_up_to())))?;
    let wrong = |e: serde_json::Error| Problem::not_json(e.to_string());
    let parts: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(wrong)?
    } else {
        vec![serde_json::from_str(text).map_err(wrong)?]
    };
    Ok(parts.into_iter().map(|part| Sent { line: None, fact: Incoming::parse(part.get()) }).collect())
}

/// The facts of some lines; blank ones are none.
fn parse_lines<'a>(lines: impl Iterator<Item = (&'a [u8], u64)>) -> Vec<Sent> {
    let parse = |line: &[u8]| {
        if line.len() > LINE_MAX {
            let reason = format!("the line is longer than {} MiB", LINE_MAX >> 20);
            return Err(ParseError { code: "too-long", field: String::new(), reason });
        }
        Incoming::parse_bytes(line)
    };
    let told = lines.filter(|(line, _)| !line.iter().all(u8::is_ascii_whitespace));
    told.map(|(line, number)| Sent { line: Some(number), fact: parse(line) }).collect()
}

/// Lines of a stream until they are recorded.
#[derive(Default)]
struct Lines {
    /// What came of the line that has not ended; past the longest line, no more of it than tells so.
    open: Vec<u8>,
    /// Ended lines with their numbers.
    ended: Vec<(Vec<u8>, u64)>,
    /// Bytes of the ended lines.
    bytes: usize,
    number: u64,
}

impl Lines {
    fn extend(&mut self, piece: &[u8]) {
        let room = (LINE_MAX + 1).saturating_sub(self.open.len());
        self.open.extend_from_slice(&piece[..piece.len().min(room)]);
    }

    fn end(&mut self) {
        self.number += 1;
        let line = std::mem::take(&mut self.open);
        self.bytes += line.len();
        self.ended.push((line, self.number));
    }

    fn is_full(&self) -> bool {
        self.ended.len() >= CHUNK || self.bytes >= CHUNK_BYTES
    }

    async fn record(&mut self, market: &Market, receipts: &mut Receipts) -> Result<(), Problem> {
        let ended = std::mem::take(&mut self.ended);
        self.bytes = 0;
        let parsed = aside(move || parse_lines(ended.iter().map(|(line, number)| (line.as_slice(), *number)))).await?;
        room(market, parsed.len()).await;
        settle(market, parsed, receipts).await
    }
}

/// Waits until the engine has room, for a while: a stream that is not read further slows its sender down.
async fn room(market: &Market, facts: usize) {
    let full = || market.engine.waiting() + facts > market.engine.settings().waiting_max;
    let wait = async {
        while full() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, wait).await;
}

/// Records facts one a line as they come, holding no more than some at a time.
async fn record_lines(app: &App, market: &Market, headers: &HeaderMap, body: Body) -> Result<Receipts, Problem> {
    announced(headers, app.settings.stream_max)?;
    let mut stream = body.into_data_stream();
    let (mut receipts, mut lines, mut read) = (Receipts::new(), Lines::default(), 0);
    while let Some(part) = stream.next().await {
        let part = part.map_err(|e| Problem::not_json(format!("the body broke off in line {}: {e}", lines.number + 1)))?;
        read += part.len();
        if read > app.settings.stream_max {
            return Err(Problem::body_too_large(app.settings.stream_max));
        }
        let mut pieces = part.split(|b| *b == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            lines.extend(piece);
            if pieces.peek().is_some() {
                lines.end();
            }
            if lines.is_full() {
                lines.record(market, &mut receipts).await?;
            }
        }
    }
    lines.end();
    lines.record(market, &mut receipts).await?;
    receipts.nothing_parsed().map_or(Ok(receipts), Err)
}

/// A recorded fact as JSON.
pub(crate) fn as_json(row: &JournalRow) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    let mut fact = json!({
        "seq": row.seq, "seen": row.seen, "at": row.at, "source": row.source, "key": row.key, "kind": row.kind, "because": parsed(&row.because),
        "rules": parsed(&row.rules), "body": parsed(&row.body), "body_hash": data_encoding::HEXLOWER.encode(&row.body_hash),
        "hash": data_encoding::HEXLOWER.encode(&row.hash),
    });
    if let (Some(by), Some(object)) = (&row.by, fact.as_object_mut()) {
        object.insert("by".to_owned(), parsed(by));
    }
    fact
}

/// Which facts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FactQuery {
    /// Of this source.
    source: Option<String>,
    /// With this key.
    key: Option<String>,
    /// Of this kind, as `order.paid`.
    kind: Option<String>,
    /// In this history, as `order/o-1`.
    subject: Option<String>,
    /// Rows at most; 50 when left out, 500 at most.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// The journal, in order.
#[utoipa::path(get, path = "/facts", tag = "facts", operation_id = "list_facts", params(FactQuery),
    responses((status = 200, description = "A page of facts", body = Page<RecordedFact>), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn list(InMarket(market): InMarket, Asked(query): Asked<FactQuery>) -> Result<Json<Page<Value>>, Problem> {
    let limit = lists::limit(query.limit)?;
    let after = match &query.after {
        Some(text) => text.parse::<i64>().map_err(|_| lists::not_a_next(text))?,
        None => 0,
    };
    let filter = JournalFilter { source: query.source, key: query.key, kind: query.kind, subject: query.subject };
    let rows = market.engine.store().journal_page(&filter, after, limit + 1).await?;
    let next = (rows.len() > limit).then(|| rows[limit - 1].seq.to_string());
    Ok(Json(Page { items: rows.iter().take(limit).map(as_json).collect(), next }))
}

/// Facts out of a shop system's webhook, through a mapping's CEL expressions.
///
/// The topic is read from `X-Shopify-Topic`, `X-WC-Webhook-Topic` or `X-Laotie-Topic`.
#[utoipa::path(post, path = "/webhooks/{id}", tag = "facts", operation_id = "take_webhook",
    params(("id" = String, Path, description = "The mapping", example = "shopify-orders")),
    request_body(content = Object, description = "As the shop system sends it", example = json!({"id": 1001, "total_price": "258.00"})),
    responses((status = 200, description = "Receipts of the facts that it tells", body = FactReceipts), (status = 400, description = "Not JSON", body = ProblemBody),
        (status = 404, description = "No such mapping", body = ProblemBody), (status = 413, description = "The body is too large", body = ProblemBody),
        (status = 422, description = "The mapping does not fit this body", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn webhook(
    State(app): State<App>,
    InMarket(market): InMarket,
    path: PathParts,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let name = path.get("id");
    let book = market.engine.book();
    let document = book.family("mappings").find(|(n, _)| *n == name).map(|(_, d)| d.text.clone());
    let document = document.ok_or_else(|| Problem::not_found("mapping", &name))?;
    let mapping = Mapping::parse(&name, &document).map_err(|e| Problem::internal(&e))?;
    let bytes = read_body(&headers, body, app.settings.body_max).await?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|e| Problem::not_json(e.to_string()))?;
    let named = ["x-shopify-topic", "x-wc-webhook-topic", "x-laotie-topic"].iter().find_map(|h| headers.get(*h)?.to_str().ok());
    let facts =
        mapping.facts_of_webhook(named.unwrap_or(""), &value, &market.salt).map_err(|e| Problem::bad_question("body", e.to_string()))?;
    let mut receipts = Receipts::new();
    settle(&market, facts.into_iter().map(|fact| Sent { line: None, fact }).collect(), &mut receipts).await?;
    receipts.into_answer()
}
