//! Every problem that this API answers with, as RFC 9457, in one place.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use laotie_analytics::AnalyticsError;
use laotie_engine::{ReadError, RecordError};
use laotie_facts::Sha256Hex;
use laotie_store::StoreError;
use serde_json::{Map, Value, json};

use crate::evidence::VaultError;
use crate::webhooks::WebhookError;

/// A stable type of problem.
#[derive(Debug, Clone, Copy)]
pub struct ProblemType {
    /// Name in the type's address, `/problems/NAME`.
    pub name: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What it is, in English.
    pub title: &'static str,
    /// What it is, in Chinese.
    pub title_zh: &'static str,
    /// What to do, in English.
    pub way_out: &'static str,
    /// What to do, in Chinese.
    pub way_out_zh: &'static str,
}

macro_rules! problems {
    ($($constant:ident $name:literal $status:literal $title:literal $title_zh:literal $way_out:literal $way_out_zh:literal;)*) => {
        $(const $constant: ProblemType = ProblemType {
            name: $name, status: $status, title: $title, title_zh: $title_zh, way_out: $way_out, way_out_zh: $way_out_zh,
        };)*
        /// Every type of problem.
        pub const PROBLEMS: &[ProblemType] = &[$($constant,)*];
    };
}

problems! {
    NOT_SIGNED_IN "not-signed-in" 401 "Not signed in" "未登录" "Send an API key as a bearer token, or sign in with a link from `laotie sign-in`." "以 Bearer 方式附上 API 密钥，或用 `laotie sign-in` 给出的链接登录。";
    FORBIDDEN "forbidden" 403 "Not allowed" "无权限" "Ask an operator for a key with a role that may do this." "请运营人员发放具有相应角色的密钥。";
    NO_CSRF "csrf-header-missing" 403 "The request lacks its header" "请求缺少防伪头" "Send `X-Laotie-Csrf: 1` with changes made through a session." "通过会话做更改时请附上 `X-Laotie-Csrf: 1`。";
    SIGN_IN_LINK_USED "sign-in-link-used" 401 "The link was used or is too old" "登录链接已用过或已过期" "Get a new one with `laotie sign-in`." "用 `laotie sign-in` 获取新链接。";
    NOT_FOUND "not-found" 404 "There is no such thing" "不存在" "Check the address and the id." "请检查地址和编号。";
    UNKNOWN_MARKET "unknown-market" 404 "There is no such market" "没有这个市场" "`GET /v1/markets` lists them." "`GET /v1/markets` 列出全部市场。";
    NOT_JSON "not-json" 400 "The body is not JSON" "请求体不是 JSON" "Send a fact, an array of facts, or one fact a line as `application/x-ndjson`." "请发送一个事实、事实数组，或以 `application/x-ndjson` 每行一个事实。";
    BAD_QUESTION "bad-question" 422 "The question cannot be answered as put" "查询有误" "The detail names the part that is wrong and what would be right." "详情说明了错误之处与正确写法。";
    NOT_READ_ONLY "not-read-only" 422 "Only questions are answered here" "此处只接受查询" "Ask with select; changes are made by facts." "请用 select 查询；更改要通过事实提交。";
    TOO_LARGE_QUESTION "question-too-large" 422 "The question needs too much memory" "查询占用内存过大" "Ask for a shorter period or fewer columns, or raise the limit." "缩短时间范围、减少列，或调高上限。";
    QUESTION_TOO_SLOW "question-too-slow" 422 "The question takes too long" "查询耗时过长" "Ask for a shorter period, or narrow the joins; nothing was changed." "缩短时间范围或收窄关联；未改动任何数据。";
    NO_SUCH_METHOD "method-not-allowed" 405 "The address does not take this method" "该地址不支持此方法" "`/docs` lists the methods of every address." "`/docs` 列出每个地址支持的方法。";
    WRONG_MEDIA_TYPE "wrong-media-type" 415 "The body has another media type" "请求体类型不符" "Send JSON with `Content-Type: application/json`." "请以 `Content-Type: application/json` 发送 JSON。";
    BODY_TOO_LARGE "body-too-large" 413 "The body is too large" "请求体过大" "Send fewer facts at a time, or one a line as `application/x-ndjson`." "减少单次事实数，或以 `application/x-ndjson` 逐行发送。";
    EVIDENCE_HASH_MISMATCH "evidence-hash-mismatch" 422 "The file hashes to something else" "文件哈希不符" "Send the file unchanged, or hash the bytes that you send; nothing was kept." "请原样发送文件，或按实际发送的字节计算哈希；未保存任何内容。";
    EVIDENCE_MEDIA_TYPE "evidence-media-type" 415 "Evidence is not of this media type" "证据不支持该文件类型" "Send an image, video, sound, PDF or plain text with its `Content-Type`." "请发送图片、视频、音频、PDF 或纯文本，并附上相应的 `Content-Type`。";
    EVIDENCE_DAMAGED "evidence-damaged" 500 "The file of evidence is damaged" "证据文件已损坏" "Restore the file from a backup of the market's folder; what is there no longer hashes to its name." "请从市场目录的备份恢复该文件；现有内容与其哈希不符。";
    IDEMPOTENCY_KEY_REUSED "idempotency-key-reused" 422 "The idempotency key was used for another body" "幂等键已用于其他请求体" "Use a new key for a new body." "新的请求体请使用新的幂等键。";
    REFUSED "refused" 409 "The fact was refused" "该事实被拒绝" "`code` names the reason and `detail` the way out; `/problems/CODE` explains it." "`code` 为原因，`detail` 为出路；说明见 `/problems/CODE`。";
    TOO_MANY_REQUESTS "too-many-requests" 429 "Too many requests" "请求过于频繁" "Wait as long as `Retry-After` says; send facts in batches." "按 `Retry-After` 等待；请成批发送事实。";
    OVERLOADED "overloaded" 503 "Too much is waiting" "系统繁忙" "Wait as long as `Retry-After` says and send the same again; nothing is recorded twice." "按 `Retry-After` 等待后原样重发；不会重复记录。";
    STOPPING "stopping" 503 "The server is stopping" "服务正在停止" "Send the same again to the next server; nothing is recorded twice." "请向下一台服务器原样重发；不会重复记录。";
    STORE_UNAVAILABLE "store-unavailable" 503 "The database does not answer" "数据库无响应" "Send the same again when `/readyz` is well; nothing is recorded twice." "待 `/readyz` 恢复后原样重发；不会重复记录。";
    INTERNAL "internal" 500 "Something went wrong here" "服务内部错误" "Send the same again; if it stays, give the operators the time of the request." "请重试；若仍失败，请把请求时间告知运维。";
}

/// An answer that says what went wrong.
#[derive(Debug)]
pub struct Problem {
    kind: &'static ProblemType,
    detail: String,
    more: Map<String, Value>,
    retry_after: Option<Duration>,
}

impl Problem {
    fn of(kind: &'static ProblemType, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), more: Map::new(), retry_after: None }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::of(&NOT_SIGNED_IN, "no valid API key or session came with the request")
    }

    pub(crate) fn forbidden(action: &str) -> Self {
        Self::of(&FORBIDDEN, format!("none of your roles may {}", action.replace('_', " "))).with("action", action)
    }

    pub(crate) fn no_csrf() -> Self {
        Self::of(&NO_CSRF, "a change through a session needs the header `X-Laotie-Csrf: 1`")
    }

    pub(crate) fn link_used() -> Self {
        Self::of(&SIGN_IN_LINK_USED, "this sign-in link was used already or is older than a day")
    }

    /// What the engine refused, by its own code.
    pub(crate) fn refused(code: &str, field: &str, reason: &str) -> Self {
        let problem = Self::of(&REFUSED, reason).with("code", code);
        if field.is_empty() { problem } else { problem.with("field", field) }
    }

    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::of(&NOT_FOUND, format!("there is no {what} `{id}`"))
    }

    pub(crate) fn unknown_market(name: &str) -> Self {
        Self::of(&UNKNOWN_MARKET, format!("there is no market `{name}`"))
    }

    pub(crate) fn not_json(reason: impl Into<String>) -> Self {
        Self::of(&NOT_JSON, reason)
    }

    pub(crate) fn bad_question(field: &str, reason: impl Into<String>) -> Self {
        Self::of(&BAD_QUESTION, reason).with("field", field)
    }

    pub(crate) fn wrong_media_type(sent: &str) -> Self {
        Self::of(&WRONG_MEDIA_TYPE, format!("the body came as `{sent}`"))
    }

    pub(crate) fn no_such_method() -> Self {
        Self::of(&NO_SUCH_METHOD, "nothing here takes this method")
    }

    /// What a panic leaves; its message is in the log alone.
    pub(crate) fn crashed() -> Self {
        Self::of(&INTERNAL, "the cause is in the server's log")
    }

    pub(crate) fn too_slow(limit: Duration) -> Self {
        Self::of(&QUESTION_TOO_SLOW, format!("it was stopped after {} seconds", limit.as_secs()))
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        Self::of(&BODY_TOO_LARGE, format!("at most {} MiB at a time", limit >> 20))
    }

    pub(crate) fn evidence_hash_mismatch(declared: &Sha256Hex, found: &Sha256Hex) -> Self {
        Self::of(&EVIDENCE_HASH_MISMATCH, format!("{declared} was declared, {found} came")).with("field", "sha256")
    }

    pub(crate) fn evidence_media_type(sent: &str) -> Self {
        Self::of(&EVIDENCE_MEDIA_TYPE, format!("the file came as `{sent}`"))
    }

    pub(crate) fn key_reused() -> Self {
        Self::of(&IDEMPOTENCY_KEY_REUSED, "this `Idempotency-Key` came with another body before")
    }

    pub(crate) fn too_many(wait: Duration) -> Self {
        Self::of(&TOO_MANY_REQUESTS, "your key sends more requests than it may").after(wait)
    }

    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "a request failed: {error}");
        Self::of(&INTERNAL, "the cause is in the server's log")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("/problems/{}", self.kind.name), "title": self.kind.title, "status": self.kind.status, "detail": self.detail,
        });
        if let Some(object) = body.as_object_mut() {
            object.extend(self.more);
        }
        let status = StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body.to_string()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs().max(1);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A store that fails a statement is away or in trouble, and may be back soon; the rest is a bug or a damage.
fn store(error: &StoreError) -> Problem {
    match error {
        StoreError::Statement { .. } | StoreError::Open { .. } => {
            tracing::error!(error = error as &dyn std::error::Error, "a request failed: {error}");
            Problem::of(&STORE_UNAVAILABLE, "the database does not answer as it should").after(Duration::from_secs(2))
        }
        _ => Problem::internal(error),
    }
}

impl From<RecordError> for Problem {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Overloaded { retry_after } => {
                Self::of(&OVERLOADED, "too many facts are waiting to be recorded").after(retry_after)
            }
            RecordError::Stopped => Self::of(&STOPPING, "the server takes no more facts").after(Duration::from_secs(2)),
            RecordError::Store(error) => store(error.as_ref()),
        }
    }
}

impl From<WebhookError> for Problem {
    fn from(error: WebhookError) -> Self {
        match &error {
            WebhookError::Asked { field, reason } => Self::bad_question(field, reason.clone()),
            WebhookError::Unknown { what, id } => Self::not_found(what, id),
            WebhookError::Stopping => Self::of(&STOPPING, "the server is stopping").after(Duration::from_secs(2)),
            WebhookError::File { .. } | WebhookError::Broken { .. } => Self::internal(&error),
        }
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        match &error {
            VaultError::Damaged { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "a request failed: {error}");
                Self::of(&EVIDENCE_DAMAGED, error.to_string())
            }
            VaultError::File { .. } => Self::internal(&error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        store(&error)
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let ReadError::Store(error) = error;
        store(&error)
    }
}

impl From<AnalyticsError> for Problem {
    fn from(error: AnalyticsError) -> Self {
        match &error {
            AnalyticsError::UnknownMetric { .. } => Self::of(&NOT_FOUND, error.to_string()),
            AnalyticsError::BadQuestion { field, reason } => Self::bad_question(field, reason.clone()),
            AnalyticsError::NotReadOnly { .. } => Self::of(&NOT_READ_ONLY, error.to_string()),
            AnalyticsError::TooLarge { .. } => Self::of(&TOO_LARGE_QUESTION, error.to_string()),
            _ => Self::internal(&error),
        }
    }
}
