//! The auditor can share no code with what it examines: the graph of what it is built of says so.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Packages that the auditor's library is built of, by what `cargo metadata` resolves; tests' own are left out.
fn reached(metadata: &Value, from: &str) -> BTreeSet<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let names: BTreeMap<String, String> = list(&metadata["packages"]).iter().map(|p| (text(&p["id"]), text(&p["name"]))).collect();
    let normal = |dependency: &Value| list(&dependency["dep_kinds"]).iter().any(|k| k["kind"].is_null());
    let arrows: BTreeMap<String, Vec<String>> = list(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| (text(&node["id"]), list(&node["deps"]).iter().filter(|d| normal(d)).map(|d| text(&d["pkg"])).collect()))
        .collect();
    let mut open: Vec<String> = names.iter().filter(|(_, name)| *name == from).map(|(id, _)| id.clone()).collect();
    assert_eq!(open.len(), 1, "{from} stands once in the graph");
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id.clone()) {
            open.extend(arrows.get(&id).cloned().unwrap_or_default());
        }
    }
    seen.iter().map(|id| names[id].clone()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The graph of this machine's platform: crates of others need not be on it.
fn metadata() -> Value {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc runs").stdout;
    let version = String::from_utf8(version).expect("rustc prints text");
    let host = version.lines().find_map(|l| l.strip_prefix("host: ")).expect("rustc names its host");
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host, "--manifest-path", manifest])
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

/// What stands in the graph and must not.
fn wrong(reached: &BTreeSet<String>) -> Vec<&str> {
    const NO_IO: [&str; 8] = ["tokio", "rusqlite", "tokio-postgres", "postgres", "datafusion", "deltalake", "axum", "reqwest"];
    let ours = |name: &str| name.starts_with("laotie-") && !["laotie-auditor", "laotie-facts"].contains(&name);
    reached.iter().map(String::as_str).filter(|name| ours(name) || NO_IO.contains(name)).collect()
}

#[test]
fn the_auditor_reaches_the_vocabulary_and_nothing_else_of_ours() {
    let reached = reached(&metadata(), "laotie-auditor");
    assert!(reached.contains("laotie-facts"), "the walk goes through dependencies");
    assert_eq!(wrong(&reached), [""; 0]);
}

#[test]
fn a_new_arrow_would_be_found() {
    let mut metadata = metadata();
    let id = |metadata: &Value, name: &str| -> Value {
        let packages = metadata["packages"].as_array().expect("packages");
        packages.iter().find(|p| p["name"] == name).map(|p| p["id"].clone()).expect("a member of the workspace")
    };
    let (from, to) = (id(&metadata, "laotie-facts"), id(&metadata, "laotie-store"));
    let nodes = metadata["resolve"]["nodes"].as_array_mut().expect("nodes");
    let node = nodes.iter_mut().find(|n| n["id"] == from).expect("a node");
    let arrow = serde_json::json!({"name": "laotie_store", "pkg": to, "dep_kinds": [{"kind": null, "target": null}]});
    node["deps"].as_array_mut().expect("arrows").push(arrow);
    let reached = reached(&metadata, "laotie-auditor");
    let wrong = wrong(&reached);
    assert!(wrong.contains(&"laotie-store") && wrong.contains(&"rusqlite"), "{wrong:?}");
}
