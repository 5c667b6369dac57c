//! A show's case file: what was said, what was found, what the desk and the host did, and what followed.

use std::collections::BTreeMap;

use axum::Json;
use laotie_conduct::{Conduct, State as ConductState};
use laotie_facts::System;
use laotie_store::{StateKey, StoreError};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::caller::{Caller, InMarket, PathParts};
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;
use crate::shows::show_for;

/// Rows of a show that a file holds at most; a longer one says so.
const ROWS_MAX: usize = 50_000;

/// Rows read at a time.
const AT_ONCE: usize = 1_000;

/// Claims on the show's orders that a file names.
const CLAIMS_MAX: usize = 200;

/// A show's case file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseOfShow {
    /// Which show.
    show: String,
    /// Room, streamer, title, times.
    #[schema(value_type = Object)]
    about: Value,
    /// How much was heard, found, told and taken back, in all and by code.
    #[schema(value_type = Object)]
    counts: Value,
    /// Every sentence, in order of time, with its findings and what was on file when it was said.
    #[schema(value_type = Vec<Object>)]
    transcript: Vec<Value>,
    /// Every nudge with its answer, its report and what the reviewers found.
    #[schema(value_type = Vec<Object>)]
    nudges: Vec<Value>,
    /// What viewers reported of the show.
    #[schema(value_type = Vec<Object>)]
    reports: Vec<Value>,
    /// Claims that buyers opened on orders of the show.
    #[schema(value_type = Vec<Object>)]
    claims: Vec<Value>,
    /// Whether there is more than a file holds.
    truncated: bool,
}

#[derive(Default)]
struct File {
    sentences: Vec<Value>,
    at: BTreeMap<String, usize>,
    nudges: Vec<Value>,
    nudge_at: BTreeMap<String, usize>,
    reports: Vec<Value>,
    items: Vec<Value>,
}

impl File {
    fn take(&mut self, seq: i64, kind: &str, at: laotie_facts::Timestamp, body: Value) {
        let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
        match kind {
            "utterance.heard" if body["interim"] != json!(true) => {
                let id = text("utterance");
                let line = json!({ "utterance": id, "seq": seq, "at": at, "text": body["text"], "item": body["item"], "start_ms": body["start_ms"], "findings": [] });
                match self.at.get(&id) {
                    Some(known) => self.sentences[*known] = line,
                    None => {
                        self.at.insert(id, self.sentences.len());
                        self.sentences.push(line);
                    }
                }
            }
            "utterance.checked" => {
                if let Some(known) = self.at.get(&text("utterance")) {
                    self.sentences[*known]["findings"] = body["findings"].clone();
                    self.sentences[*known]["item"] = body["item"].clone();
                }
            }
            "nudge.sent" => {
                self.nudge_at.insert(text("nudge"), self.nudges.len());
                let mut nudge = body;
                nudge["at"] = json!(at);
                nudge["seq"] = json!(seq);
                nudge["answers"] = json!([]);
                self.nudges.push(nudge);
            }
            "nudge.heeded" => {
                let answer = json!({ "at": at, "seq": seq, "response": body["response"], "after_ms": body["after_ms"], "utterance": body["utterance"], "statement": body["statement"], "file": body["file"] });
                if let Some(nudge) = self.nudge_at.get(&text("nudge")) {
                    self.nudges[*nudge]["answers"].as_array_mut().into_iter().for_each(|a| a.push(answer.clone()));
                }
            }
            "report.filed" => match self.nudge_at.get(&text("nudge")) {
                Some(nudge) => self.nudges[*nudge]["report"] = json!({ "report": body["report"], "code": body["code"], "corrected": body["corrected"] == json!(true), "at": at }),
                None => self.reports.push(json!({ "report": body["report"], "code": body["code"], "statement": body["statement"], "utterance": body["utterance"], "at": at })),
            },
            "item.shown" => self.items.push(json!({ "at": at, "item": body["item"] })),
            _ => {}
        }
    }

    fn counts(&self) -> Value {
        let mut codes: BTreeMap<String, [i64; 5]> = BTreeMap::new();
        for finding in self.sentences.iter().flat_map(|s| s["findings"].as_array().into_iter().flatten()) {
            let row = codes.entry(finding["code"].as_str().unwrap_or_default().to_owned()).or_default();
            match finding["verdict"].as_str() {
                Some("asserted" | "contradicted") => row[0] += 1,
                Some("confirmed") => row[1] += 1,
                _ => row[2] += 1,
            }
        }
        for nudge in &self.nudges {
            let row = codes.entry(nudge["code"].as_str().unwrap_or_default().to_owned()).or_default();
            row[3] += 1;
            row[4] += i64::from(corrected(nudge));
        }
        let by_code: Vec<Value> = codes
            .into_iter()
            .map(|(code, [breaches, confirmed, open, nudged, corrected])| {
                json!({ "code": code, "breaches": breaches, "confirmed": confirmed, "unproven": open, "nudged": nudged, "corrected": corrected })
            })
            .collect();
        let corrected = self.nudges.iter().filter(|n| self::corrected(n)).count();
        json!({ "sentences": self.sentences.len(), "nudges": self.nudges.len(), "corrected": corrected, "items": self.items.len(), "by_code": by_code })
    }
}

fn corrected(nudge: &Value) -> bool {
    nudge["answers"].as_array().is_some_and(|all| all.iter().any(|a| a["response"] == "corrected"))
}

/// What became of reports: how far their cases came, and the penalties.
async fn outcomes(market: &Market, reports: impl Iterator<Item = &mut Value>) -> Result<(), Problem> {
    for report in reports {
        let Some(id) = report["report"].as_str() else { continue };
        let key = format!("case/{id}");
        let rows = market.engine.store().states(&[StateKey { system: Conduct::NAME.to_owned(), key: key.clone() }]).await?;
        let Some(row) = rows.first() else { continue };
        let state: ConductState = serde_json::from_str(&row.body).map_err(|e| StoreError::Corrupt { what: key, reason: e.to_string() })?;
        if let Some(case) = state.case {
            report["stage"] = json!(case.case.stage.as_str());
            report["violations"] = json!(case.violations);
            report["penalties"] = json!(case.penalties);
        }
    }
    Ok(())
}

/// Claims on orders that were paid in the show, as far as the lake knows.
async fn claims(market: &Market, show: &str) -> Vec<Value> {
    let quoted = show.replace('\'', "''");
    let query = format!(
        "select c.claim, c.\"order\", c.reason, c.at from claim_opened c join order_paid o on o.\"order\" = c.\"order\" where o.show = '{quoted}' order by c.at"
    );
    match market.analytics.sql(&query, CLAIMS_MAX).await {
        Ok(answer) => answer
            .rows
            .into_iter()
            .map(|row| {
                let mut cells = row.into_iter();
                let mut next = || cells.next().unwrap_or_default();
                json!({ "claim": next(), "order": next(), "reason": next(), "at": next() })
            })
            .collect(),
        Err(error) => {
            // Before the first claim there is no such table.
            tracing::debug!(error = &error as &dyn std::error::Error, "no claims of a show");
            Vec::new()
        }
    }
}

/// A show's case file: transcript, findings, what was on file then, nudges, corrections, reviews, and complaints that followed.
#[utoipa::path(get, path = "/shows/{id}/case", tag = "speech", operation_id = "get_show_case",
    params(("id" = String, Path, description = "The show", example = "t-9%2F20260610")),
    responses((status = 200, description = "The file", body = CaseOfShow), (status = 403, description = "Not yours", body = ProblemBody), (status = 404, description = "No such show", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn case(InMarket(market): InMarket, caller: Caller, path: PathParts) -> Result<Json<CaseOfShow>, Problem> {
    let id = path.get("id");
    let show = show_for(&market, &caller, &id, "read_shows").await?;
    let (mut file, mut after, mut read, mut truncated) = (File::default(), 0, 0, false);
    loop {
        let rows = market.engine.store().history(&format!("show/{id}"), after, AT_ONCE).await?;
        for row in &rows {
            let body = serde_json::from_str(&row.body).unwrap_or(Value::Null);
            file.take(row.seq, &row.kind, row.at, body);
            after = row.seq;
        }
        read += rows.len();
        if rows.len() < AT_ONCE {
            break;
        }
        if read >= ROWS_MAX {
            truncated = true;
            break;
        }
    }
    file.sentences.sort_by(|a, b| a["at"].as_str().cmp(&b["at"].as_str()).then(a["seq"].as_i64().cmp(&b["seq"].as_i64())));
    let counts = file.counts();
    outcomes(&market, file.nudges.iter_mut().filter_map(|n| n.get_mut("report")).chain(file.reports.iter_mut())).await?;
    let about = json!({ "room": show.room, "streamer": show.streamer, "shops": show.shops, "title": show.title, "opened_at": show.opened_at, "closed_at": show.closed_at });
    let claims = claims(&market, &id).await;
    Ok(Json(CaseOfShow {
        show: id,
        about,
        counts,
        transcript: file.sentences,
        nudges: file.nudges,
        reports: file.reports,
        claims,
        truncated,
    }))
}
