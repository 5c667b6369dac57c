//! Rows that people page through: shows, and how rules did.

use laotie_facts::Listing;
use serde::Serialize;

use crate::live::show::{Show, Status};
use crate::live::state::{Record, State};

#[derive(Serialize)]
struct ShowRow<'a> {
    closed_at: Option<laotie_facts::Timestamp>,
    corrected: i64,
    found: i64,
    heard: i64,
    item: Option<&'a str>,
    latest_at: laotie_facts::Timestamp,
    nudged: i64,
    open: usize,
    opened_at: Option<laotie_facts::Timestamp>,
    room: Option<&'a str>,
    show: &'a str,
    streamer: Option<&'a str>,
    title: Option<&'a str>,
    uncorrected: usize,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    #[serde(flatten)]
    record: &'a Record,
    rule: &'a str,
    version: &'a str,
}

fn body(row: &impl Serialize) -> String {
    serde_json::to_string(row).expect("strings and integers always serialise")
}

/// The rows of a state.
pub(crate) fn listings(key: &str, state: &State) -> Vec<Listing> {
    match key.split_once('/') {
        Some(("show", id)) => state.show.as_ref().map(|show| shows(id, show)).unwrap_or_default(),
        Some(("rule", id)) => {
            let row = |(version, record): (&String, &Record)| Listing {
                view: "speech_rules",
                owner: String::new(),
                sort: format!("{:012}", 999_999_999_999 - record.nudged.clamp(0, 999_999_999_999)),
                key: format!("{id}@{version}"),
                body: body(&RuleRow { record, rule: id, version }),
            };
            state.rule.iter().map(row).collect()
        }
        _ => Vec::new(),
    }
}

fn shows(id: &str, show: &Show) -> Vec<Listing> {
    let row = body(&ShowRow {
        closed_at: show.closed_at,
        corrected: show.corrected,
        found: show.found,
        heard: show.heard,
        item: show.item.as_deref(),
        latest_at: show.latest_at,
        nudged: show.nudged,
        open: show.threads.iter().filter(|t| t.is_open()).count(),
        opened_at: show.opened_at,
        room: show.room.as_deref(),
        show: id,
        streamer: show.streamer.as_deref(),
        title: show.title.as_deref(),
        uncorrected: show.threads.iter().filter(|t| t.status == Status::Uncorrected).count(),
    });
    let sort = show.opened_at.unwrap_or(show.latest_at).to_string();
    let listing = |view, owner: String| Listing { view, owner, sort: sort.clone(), key: id.to_owned(), body: row.clone() };
    let mut rows = vec![listing("shows", String::new())];
    rows.extend(show.streamer.iter().map(|s| listing("shows", format!("streamer/{s}"))));
    if show.closed_at.is_none() {
        rows.push(listing("shows_live", String::new()));
    }
    rows
}
