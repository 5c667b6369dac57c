//! The vault: what comes in, what goes out, and what does not.

use std::path::{Path, PathBuf};

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use futures::StreamExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::server::{Server, server};

fn hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|e| Some(e.ok()?.path()));
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn given(hash: &str, size: usize, media_type: &str, key: &str) -> Value {
    json!({"source": "shop", "key": key, "kind": "evidence.given", "at": "2026-06-12T09:00:00Z", "body": {
        "order": "o-1", "evidence": format!("e-{key}"), "evidence_kind": "photo", "side": "buyer",
        "file": {"hash": hash, "media_type": media_type, "size_bytes": size}}})
}

async fn outcome(server: &Server, key: &str, fact: &Value) -> (Value, Value, Value) {
    let sent = server.post("/v1/facts", key, "application/json", fact.to_string()).await.json();
    let receipt = &sent["receipts"][0];
    (receipt["outcome"].clone(), receipt["problem"].clone(), receipt["field"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_once_and_comes_back_as_it_was() {
    let server = server().await;
    let (buyer, reviewer) = (server.key("buyer").await, server.key("reviewer").await);
    let photo: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    let name = hash(&photo);
    let first = server.post(&format!("/v1/evidence?sha256={name}"), &buyer, "image/jpeg", photo.clone()).await;
    let expected = json!({"hash": name, "size_bytes": photo.len(), "media_type": "image/jpeg"});
    assert_eq!((first.status, first.json()), (StatusCode::CREATED, expected.clone()));
    let again = server.post("/v1/evidence", &buyer, "image/png", photo.clone()).await;
    assert_eq!((again.status, again.json()), (StatusCode::OK, expected));
    let folder = server.folder().join("evidence");
    assert_eq!(std::fs::read(folder.join(&name[..2]).join(&name)).expect("a file"), photo);
    assert_eq!(files(&folder).len(), 2, "the file and its note: {:?}", files(&folder));

    assert_eq!(server.get(&format!("/v1/evidence/{name}"), &buyer).await.status, StatusCode::FORBIDDEN);
    let (answer, bytes) = server.fetch(&format!("/v1/evidence/{name}"), &reviewer).await;
    assert_eq!(bytes, photo);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "image/jpeg");
    assert_eq!(answer.headers[header::CONTENT_DISPOSITION], format!("attachment; filename=\"{name}\""));
    assert_eq!(answer.headers.get_all(header::X_CONTENT_TYPE_OPTIONS).iter().collect::<Vec<_>>(), ["nosniff"]);

    // A file that was touched is never handed out.
    std::fs::write(folder.join(&name[..2]).join(&name), b"something else").expect("writes");
    let damaged = server.get(&format!("/v1/evidence/{name}"), &reviewer).await;
    assert_eq!((damaged.status.as_u16(), &damaged.json()["type"]), (500, &json!("/problems/evidence-damaged")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_hash_and_what_is_no_evidence_are_refused_and_leave_nothing() {
    let server = server().await;
    let buyer = server.key("buyer").await;
    let forged = format!("/v1/evidence?sha256={}", hash(b"what was promised"));
    for (path, kind, body, status, problem) in [
        (forged.as_str(), "image/jpeg", Bytes::from_static(b"what came"), 422, "evidence-hash-mismatch"),
        ("/v1/evidence?sha256=abc", "image/jpeg", Bytes::from_static(b"x"), 422, "bad-question"),
        ("/v1/evidence", "text/html", Bytes::from_static(b"<script>"), 415, "evidence-media-type"),
        ("/v1/evidence", "application/zip", Bytes::from_static(b"PK"), 415, "evidence-media-type"),
        ("/v1/evidence", "image/", Bytes::from_static(b"x"), 415, "evidence-media-type"),
        ("/v1/evidence", "text/plain", Bytes::new(), 422, "bad-question"),
        ("/v1/evidence", "video/mp4", Bytes::from(vec![0; (20 << 20) + 1]), 413, "body-too-large"),
    ] {
        let answer = server.post(path, &buyer, kind, body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["type"]), (status, &json!(format!("/problems/{problem}"))), "{path} {kind}");
    }
    let endless = futures::stream::iter((0..400).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![7; 64 << 10]))));
    let answer = server.post("/v1/evidence", &buyer, "video/mp4", Body::from_stream(endless)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(files(&server.folder().join("evidence")), Vec::<PathBuf>::new());
    let largest = server.post("/v1/evidence", &buyer, "video/mp4", vec![0; 20 << 20]).await;
    assert_eq!(largest.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let server = server().await;
    let buyer = server.key("buyer").await;
    let parts = [Ok(Bytes::from_static(b"half of")), Err(std::io::Error::other("the line went dead"))];
    let broken = server.post("/v1/evidence", &buyer, "text/plain", Body::from_stream(futures::stream::iter(parts))).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);

    // A client that goes away: its request is dropped in the middle.
    let hanging = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"half of"))]).chain(futures::stream::pending());
    let upload = server.post("/v1/evidence", &buyer, "text/plain", Body::from_stream(hanging));
    assert!(tokio::time::timeout(std::time::Duration::from_millis(300), upload).await.is_err());
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(files(&server.folder().join("evidence")), Vec::<PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_leads_out_of_the_vault() {
    let server = server().await;
    let auditor = server.key("auditor").await;
    let other = hash(b"not here");
    assert_eq!(server.get(&format!("/v1/evidence/{other}"), &auditor).await.status, StatusCode::NOT_FOUND);
    let long = "..%2F".repeat(21) + "x";
    let upper = other.to_uppercase();
    for name in ["..%2Fsalt", "..%2F..%2Fmain%2Fsalt", "%2Fetc%2Fpasswd", "ab", long.as_str(), upper.as_str(), "%00"] {
        let answer = server.get(&format!("/v1/evidence/{name}"), &auditor).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["type"]), (422, &json!("/problems/bad-question")), "{name}");
    }
    assert_eq!(server.get("/v1/evidence/../salt", &auditor).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_cannot_say_of_a_file_what_it_is_not() {
    let server = server().await;
    let key = server.key("platform_operator").await;
    let note = b"the seam came apart";
    let name = hash(note);
    let (recorded, refused) = (json!("recorded"), json!("refused"));
    // Kept elsewhere: nothing to hold it against.
    assert_eq!(outcome(&server, &key, &given(&name, 7, "image/png", "early")).await.0, recorded);
    assert_eq!(server.post("/v1/evidence", &key, "text/plain; charset=utf-8", &note[..]).await.status, StatusCode::CREATED);
    let differs = |field: &str| (refused.clone(), json!("evidence-differs"), json!(field));
    assert_eq!(outcome(&server, &key, &given(&name, 7, "text/plain", "a")).await, differs("body.file.size_bytes"));
    assert_eq!(outcome(&server, &key, &given(&name, note.len(), "image/png", "b")).await, differs("body.file.media_type"));
    assert_eq!(outcome(&server, &key, &given(&name, note.len(), "text/plain", "c")).await.0, recorded);
    assert_eq!(outcome(&server, &key, &given(&hash(b"elsewhere"), 7, "image/png", "d")).await.0, recorded);
    assert_eq!(outcome(&server, &key, &given(&name, 7, "image/png", "early")).await.0, json!("repeated"));
}
