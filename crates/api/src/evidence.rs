//! The evidence vault: files by the hash of their bytes, beside the market.
//!
//! A file lies at `evidence/ab/abcd…` with a note `abcd….json` of its media type and the time at which it came. Nothing
//! here removes one: evidence is kept for three years, and what is older may be removed by hand.
//!
//! # Invariants
//! - A file stands under the hash of its bytes, whole and on disk, or not at all; it is never changed.
//! - No name that a client sends becomes a path: only 64 hexadecimal digits do.
//! - What is read is held against its hash once more before any of it leaves.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use laotie_engine::clock;
use laotie_facts::body::{EvidenceFile, MediaType};
use laotie_facts::{Kind, Quantity, Sha256Hex, Timestamp};
use laotie_guarantees::ClaimState;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;
use tokio_util::io::ReaderStream;
use utoipa::{IntoParams, ToSchema};

use crate::acting::{Done, act_as, is_staff, own};
use crate::caller::{Caller, InMarket, PathParts};
use crate::claims::claim_state;
use crate::input::{Asked, SMALL_BODY, announced, content_type, read_body};
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;

/// Largest file.
const FILE_MAX: usize = 20 << 20;

/// What an upload left half done is removed after so long.
const LEFT_OVER: Duration = Duration::from_hours(24);

/// What is noted of a file beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Note {
    media_type: MediaType,
    received: Timestamp,
}

/// Why the vault does not work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VaultError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    /// A file is not what it was.
    #[error("the file of evidence {hash} is damaged: {reason}")]
    Damaged { hash: Sha256Hex, reason: String },
}

/// A market's files of evidence.
#[derive(Clone)]
pub(crate) struct Vault {
    dir: PathBuf,
    /// One file at a time is put in its place.
    turn: Arc<std::sync::Mutex<()>>,
}

/// A file on its way in; dropped before its end, it leaves nothing.
struct Upload {
    file: NamedTempFile,
    open: tokio::fs::File,
    hash: Sha256,
    size: usize,
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> VaultError {
    let path = path.to_owned();
    move |source| VaultError::File { path, source }
}

/// Writes the names in a folder to disk.
fn sync(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

impl Vault {
    /// The vault of the market in a folder.
    pub(crate) fn of_market(dir: &Path) -> Self {
        Self { dir: dir.join("evidence"), turn: Arc::default() }
    }

    fn place(&self, hash: &Sha256Hex) -> PathBuf {
        let name = hash.to_string();
        self.dir.join(&name[..2]).join(name)
    }

    fn note(&self, hash: &Sha256Hex) -> PathBuf {
        self.place(hash).with_extension("json")
    }

    /// What is known of a file; `None` when it is not here.
    pub(crate) fn find(&self, hash: &Sha256Hex) -> Result<Option<EvidenceFile>, VaultError> {
        let path = self.place(hash);
        let size = match std::fs::metadata(&path) {
            Ok(found) => i64::try_from(found.len()).unwrap_or(i64::MAX),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&path)(error)),
        };
        let text = std::fs::read(self.note(hash)).map_err(failed(&self.note(hash)))?;
        let damaged = |reason: String| VaultError::Damaged { hash: *hash, reason };
        let note: Note = serde_json::from_slice(&text).map_err(|e| damaged(e.to_string()))?;
        let size_bytes = Quantity::new(size).map_err(|flaw| damaged(flaw.reason))?;
        Ok(Some(EvidenceFile { hash: *hash, media_type: note.media_type, size_bytes }))
    }

    /// Begins to take a file in.
    fn begin(&self) -> Result<Upload, VaultError> {
        let folder = self.dir.join("incoming");
        let begun = std::fs::create_dir_all(&folder).and_then(|()| {
            let file = NamedTempFile::new_in(&folder)?;
            let open = tokio::fs::File::from_std(file.reopen()?);
            sweep(&folder, &file)?;
            Ok(Upload { file, open, hash: Sha256::new(), size: 0 })
        });
        begun.map_err(failed(&folder))
    }

    /// Puts a file in its place, unless it is there; whether it is new. What is there keeps its media type.
    fn keep(&self, file: NamedTempFile, hash: &Sha256Hex, note: &Note) -> Result<bool, VaultError> {
        let _turn = self.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (place, beside) = (self.place(hash), self.note(hash));
        if place.exists() {
            return Ok(false);
        }
        let folder = place.parent().expect("a file of the vault lies in a folder");
        let keep = || {
            std::fs::create_dir_all(folder)?;
            sync(&self.dir)?;
            // The note first: where the file is, its note is.
            let mut told = NamedTempFile::new_in(self.dir.join("incoming"))?;
            serde_json::to_writer(&mut told, note)?;
            told.as_file().sync_all()?;
            told.persist(&beside).map_err(|e| e.error)?;
            let new = match file.persist_noclobber(&place) {
                Ok(_) => true,
                Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => false,
                Err(e) => return Err(e.error),
            };
            sync(folder)?;
            Ok(new)
        };
        keep().map_err(failed(&place))
    }

    /// Opens a file, held against its hash.
    fn open(&self, kept: &EvidenceFile) -> Result<File, VaultError> {
        let path = self.place(&kept.hash);
        let mut file = File::open(&path).map_err(failed(&path))?;
        let (mut hash, mut piece) = (Sha256::new(), vec![0; 64 << 10]);
        loop {
            match file.read(&mut piece).map_err(failed(&path))? {
                0 => break,
                n => hash.update(&piece[..n]),
            }
        }
        if Sha256Hex::from_bytes(hash.finalize().into()) != kept.hash {
            return Err(VaultError::Damaged { hash: kept.hash, reason: "its bytes do not hash to its name".to_owned() });
        }
        file.seek(SeekFrom::Start(0)).map_err(failed(&path))?;
        Ok(file)
    }

    /// What is wrong with a file that a fact names: the field and the reason. A file that is not here is not ours to judge.
    pub(crate) async fn differs(&self, named: &EvidenceFile) -> Result<Option<(&'static str, String)>, Problem> {
        let (vault, hash) = (self.clone(), named.hash);
        let Some(kept) = aside(move || vault.find(&hash)).await? else { return Ok(None) };
        Ok(if kept.size_bytes != named.size_bytes {
            let (kept, named) = (kept.size_bytes.get(), named.size_bytes.get());
            Some(("body.file.size_bytes", format!("the file with this hash has {kept} bytes, not {named}")))
        } else if kept.media_type != named.media_type {
            let (kept, named) = (kept.media_type.as_str(), named.media_type.as_str());
            Some(("body.file.media_type", format!("the file with this hash came as `{kept}`, not as `{named}`")))
        } else {
            None
        })
    }
}

/// Removes what was left half done a day before the file that was just begun.
fn sweep(folder: &Path, begun: &NamedTempFile) -> std::io::Result<()> {
    let now = begun.as_file().metadata()?.modified()?;
    for entry in std::fs::read_dir(folder)?.filter_map(Result::ok) {
        let modified = entry.metadata().and_then(|m| m.modified());
        if modified.is_ok_and(|then| now.duration_since(then).is_ok_and(|age| age > LEFT_OVER)) {
            let _ = std::fs::remove_file(entry.path()); // another upload may have removed it
        }
    }
    Ok(())
}

/// Runs what waits for the disk where it holds up nobody.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, VaultError> + Send + 'static) -> Result<T, Problem> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(|e| Problem::internal(&e))??)
}

/// The media type of a body, when evidence may be of it.
fn media_type(headers: &HeaderMap) -> Result<MediaType, Problem> {
    let sent = content_type(headers).to_ascii_lowercase();
    let refused = || Problem::evidence_media_type(&sent);
    let media_type = MediaType::new(sent.clone()).map_err(|_| refused())?;
    let taken = ["image/", "video/", "audio/"].iter().any(|kind| sent.starts_with(kind))
        || ["application/pdf", "text/plain"].contains(&sent.as_str());
    if taken { Ok(media_type) } else { Err(refused()) }
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, example = "(the file's bytes)")]
#[expect(dead_code, reason = "documents a body and is never made")]
pub(crate) struct FileBytes(String);

/// A file in the vault.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "size_bytes": 4, "media_type": "text/plain"}))]
pub(crate) struct KeptFile {
    /// SHA-256 of its bytes; by it facts name the file.
    hash: String,
    /// How many bytes.
    size_bytes: i64,
    /// What it holds, as it was said when it first came.
    media_type: String,
}

/// What is known of a file before it comes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GiveQuery {
    /// SHA-256 that the bytes should have, as 64 hexadecimal digits in small letters.
    sha256: Option<String>,
}

fn hash_of(field: &str, text: &str) -> Result<Sha256Hex, Problem> {
    Sha256Hex::new(text).map_err(|_| Problem::bad_question(field, "a SHA-256 has 64 hexadecimal digits in small letters"))
}

/// Put a file of evidence into the vault: its bytes as the body, of at most 20 MiB.
///
/// Images, videos, sound, PDF and plain text are taken. The file is kept once under the hash of its bytes, for three years; sent again,
/// it is the same file with the media type that it first came with. A fact (`evidence.given`) then names it by hash, size and media
/// type. Evidence may also be kept elsewhere: a hash that the vault does not hold is recorded as it is.
#[utoipa::path(post, path = "/evidence", tag = "evidence", operation_id = "give_evidence", params(GiveQuery),
    request_body(description = "The file's bytes, sent as their own media type", content((FileBytes = "image/*"), (FileBytes = "video/*"), (FileBytes = "audio/*"),
        (FileBytes = "application/pdf"), (FileBytes = "text/plain"))),
    responses((status = 201, description = "Kept now", body = KeptFile), (status = 200, description = "Kept before", body = KeptFile),
        (status = 400, description = "The body broke off", body = ProblemBody), (status = 413, description = "The file is too large", body = ProblemBody),
        (status = 415, description = "Evidence is not of this media type", body = ProblemBody),
        (status = 422, description = "The bytes hash to something else, or there are none", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn give(
    InMarket(market): InMarket,
    Asked(query): Asked<GiveQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<KeptFile>), Problem> {
    let declared = query.sha256.as_deref().map(|text| hash_of("sha256", text)).transpose()?;
    let (new, kept) = take_in(&market, declared, &headers, body).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let answer =
        KeptFile { hash: kept.hash.to_string(), size_bytes: kept.size_bytes.get(), media_type: kept.media_type.as_str().to_owned() };
    Ok((status, Json(answer)))
}

/// Takes a body into the vault under the hash of its bytes; whether it is new, and what the vault knows of it.
async fn take_in(market: &Market, declared: Option<Sha256Hex>, headers: &HeaderMap, body: Body) -> Result<(bool, EvidenceFile), Problem> {
    let note = Note { media_type: media_type(headers)?, received: clock::now() };
    announced(headers, FILE_MAX)?;
    let vault = market.evidence.clone();
    let mut upload = aside(move || vault.begin()).await?;
    take(&mut upload, body).await?;
    let hash = Sha256Hex::from_bytes(upload.hash.finalize().into());
    if upload.size == 0 {
        return Err(Problem::bad_question("body", "there are no bytes; send the file as the body"));
    }
    if let Some(declared) = declared.filter(|declared| *declared != hash) {
        return Err(Problem::evidence_hash_mismatch(&declared, &hash));
    }
    let (vault, file) = (market.evidence.clone(), upload.file);
    let (new, kept) = aside(move || Ok((vault.keep(file, &hash, &note)?, vault.find(&hash)?))).await?;
    Ok((new, kept.ok_or_else(|| Problem::not_found("file of evidence", &hash.to_string()))?))
}

/// What is said of a piece of evidence beside its bytes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ClaimEvidenceQuery {
    /// SHA-256 that the bytes should have.
    sha256: Option<String>,
    /// What it is: `photo`, `video`, `lab_report`, …; by its media type when left out.
    kind: Option<String>,
    /// What it shows.
    statement: Option<String>,
    /// On which side, for staff alone: parties give it on their own.
    side: Option<String>,
}

/// A file that the vault holds already.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}))]
pub(crate) struct HeldFile {
    /// SHA-256 of its bytes.
    hash: String,
}

/// On which side a caller gives evidence for a claim, and in whose name.
fn side_of(caller: &Caller, claim: &ClaimState, asked: Option<&str>) -> Result<(String, Option<String>), Problem> {
    if is_staff(caller) {
        let side = asked.ok_or_else(|| Problem::bad_question("side", "staff name the side that they give it for, as `buyer`"))?;
        let by = match side {
            "buyer" => claim.buyer.clone(),
            "merchant" => Some(claim.shop.clone()),
            _ => Some(caller.party.clone()),
        };
        return Ok((side.to_owned(), by));
    }
    let own_side = |kind: &str, id: Option<&str>| own(caller, "give_evidence", &[(kind, id)]).is_ok();
    let side = if own_side("buyer", claim.buyer.as_deref()) {
        "buyer"
    } else if own_side("shop", Some(&claim.shop)) {
        "merchant"
    } else {
        return Err(Problem::forbidden("give_evidence"));
    };
    if let Some(other) = asked.filter(|asked| *asked != side) {
        return Err(Problem::bad_question("side", format!("you are the {side} here, not the {other}")));
    }
    Ok((side.to_owned(), Some(caller.party.clone())))
}

fn kind_of(media_type: &str) -> &'static str {
    match media_type.split('/').next() {
        Some("image") => "photo",
        Some("video") => "video",
        Some("audio") => "audio",
        _ => "document",
    }
}

/// Put a file before a claim: it goes into the vault under the hash of its bytes, and `evidence.given` is recorded on the caller's own
/// side. As JSON, `{"hash"}` names a file that the vault holds already.
#[utoipa::path(post, path = "/claims/{id}/evidence", tag = "evidence", operation_id = "give_claim_evidence", params(("id" = String, Path, description = "The claim", example = "clm-1"), ClaimEvidenceQuery),
    request_body(description = "The file's bytes, sent as their own media type, or which file of the vault", content((FileBytes = "image/*"), (FileBytes = "video/*"), (FileBytes = "audio/*"),
        (FileBytes = "application/pdf"), (FileBytes = "text/plain"), (HeldFile = "application/json"))),
    responses((status = 200, description = "Given", body = Done), (status = 403, description = "Not a claim of yours", body = ProblemBody),
        (status = 404, description = "No such claim, or the vault does not hold the file", body = ProblemBody), (status = 409, description = "It cannot be given", body = ProblemBody),
        (status = 413, description = "The file is too large", body = ProblemBody), (status = 415, description = "Evidence is not of this media type", body = ProblemBody),
        (status = 422, description = "The bytes hash to something else, or the question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn give_for_claim(
    InMarket(market): InMarket,
    caller: Caller,
    path: PathParts,
    Asked(query): Asked<ClaimEvidenceQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Done>, Problem> {
    let id = path.get("id");
    let claim = claim_state(&market, &id).await?;
    let (side, by) = side_of(&caller, &claim, query.side.as_deref())?;
    let declared = query.sha256.as_deref().map(|text| hash_of("sha256", text)).transpose()?;
    let file = if content_type(&headers) == "application/json" {
        let bytes = read_body(&headers, body, SMALL_BODY).await?;
        let held: HeldFile = serde_json::from_slice(&bytes).map_err(|e| Problem::bad_question("body", e.to_string()))?;
        let hash = hash_of("hash", &held.hash)?;
        let vault = market.evidence.clone();
        aside(move || vault.find(&hash)).await?.ok_or_else(|| Problem::not_found("file of evidence", &held.hash))?
    } else {
        take_in(&market, declared, &headers, body).await?.1
    };
    let mut body = json!({
        "claim": id, "evidence": file.hash, "evidence_kind": query.kind.as_deref().unwrap_or_else(|| kind_of(file.media_type.as_str())),
        "file": file, "order": claim.order, "side": side,
    });
    for (field, value) in [("given_by", &by), ("statement", &query.statement)] {
        if let Some(value) = value {
            body[field] = json!(value);
        }
    }
    act_as(&market, &caller, Kind::EvidenceGiven, &body, &format!("{id}/evidence/{}", file.hash)).await.map(Json)
}

/// Writes a body to disk and hashes it on the way.
async fn take(upload: &mut Upload, body: Body) -> Result<(), Problem> {
    let path = upload.file.path().to_owned();
    let wrong = |e| Problem::from(failed(&path)(e));
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|e| Problem::not_json(format!("the body broke off: {e}")))?;
        upload.size += part.len();
        if upload.size > FILE_MAX {
            return Err(Problem::body_too_large(FILE_MAX));
        }
        upload.hash.update(&part);
        upload.open.write_all(&part).await.map_err(&wrong)?;
    }
    upload.open.flush().await.map_err(&wrong)?;
    upload.open.sync_all().await.map_err(&wrong)
}

/// A file of evidence, held against its hash before it leaves.
#[utoipa::path(get, path = "/evidence/{hash}", tag = "evidence", operation_id = "get_evidence",
    params(("hash" = String, Path, description = "SHA-256 of its bytes", example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")),
    responses((status = 200, description = "The file, as its own media type", body = FileBytes, content_type = "*/*"),
        (status = 404, description = "The vault does not hold it", body = ProblemBody), (status = 422, description = "Not a hash", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn one(InMarket(market): InMarket, path: PathParts) -> Result<Response, Problem> {
    let hash = hash_of("hash", &path.get("hash"))?;
    let vault = market.evidence.clone();
    let found = aside(move || {
        let Some(kept) = vault.find(&hash)? else { return Ok(None) };
        let file = vault.open(&kept)?;
        Ok(Some((kept, file)))
    });
    let Some((kept, file)) = found.await? else { return Err(Problem::not_found("file of evidence", &hash.to_string())) };
    let headers: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, kept.media_type.as_str().to_owned()),
        (header::CONTENT_LENGTH, kept.size_bytes.get().to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{hash}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let body = Body::from_stream(ReaderStream::with_capacity(tokio::fs::File::from_std(file), 64 << 10));
    Ok((headers, body).into_response())
}
