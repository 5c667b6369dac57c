//! Speech outside a running show: sentences tried out, scripts read before the show, and how the rules did.

use std::sync::Arc;

use axum::Json;
use laotie_speech::live::FAMILY;
use laotie_speech::{Finding, ItemFacts, Reader, RuleBook};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::acting::now;
use crate::caller::{Caller, InMarket};
use crate::input::{Asked, Given};
use crate::lists::{Page, PageQuery, listed};
use crate::market::Market;
use crate::problem::Problem;
use crate::shapes::ProblemBody;
use crate::shows::facts_for;

/// Sentences of a question at most.
const SENTENCES_MAX: usize = 1_000;

/// Characters of a script at most.
const SCRIPT_MAX: usize = 100_000;

/// Items of an assortment at most.
const ITEMS_MAX: usize = 200;

/// The packs in force, compiled.
fn words(market: &Market) -> Result<Arc<RuleBook>, Problem> {
    let read = market.engine.book().read_family::<RuleBook>(FAMILY, now());
    read.map_err(|flaw| Problem::bad_question("rules", format!("the speech packs in force do not fit together: {flaw}")))
}

/// A sentence to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentenceAsked {
    /// Its name; its place when left out.
    id: Option<String>,
    /// The words.
    text: String,
    /// The item that it is about: what is on file of it now is used.
    item: Option<String>,
    /// Facts of the item, which go before those on file; keys as `laotie speech check` has them.
    #[schema(value_type = Option<Object>)]
    product: Option<ItemFacts>,
}

/// Sentences to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sentences": [{"text": "这个枕头专治颈椎病", "product": {"category": "枕头", "approval": "none"}}]}))]
pub(crate) struct SentencesAsked {
    /// They.
    sentences: Vec<SentenceAsked>,
}

/// A sentence with what was found in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "1", "text": "这个枕头专治颈椎病", "labels": ["MED"], "findings": [{"code": "MED", "span": [4, 9], "verdict": "asserted", "confidence_ppm": 900_000, "rule": "ill.cure", "severity": 3}], "facts": null}))]
pub(crate) struct SentenceRead {
    /// Its name.
    id: String,
    /// The words.
    text: String,
    /// The codes that it breaches.
    labels: Vec<String>,
    /// What it claims: code, span, verdict, confidence, fact used, clause, safe wording in both languages.
    #[schema(value_type = Vec<Object>)]
    findings: Vec<Value>,
    /// The facts that it was held against.
    #[schema(value_type = Object)]
    facts: Value,
}

/// Sentences with what was found in them, in the order in which they were sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SentencesRead {
    /// They.
    sentences: Vec<SentenceRead>,
    /// The packs that they were read by.
    packs: Vec<String>,
}

fn finding(f: &Finding) -> Value {
    json!({
        "code": f.code, "span": [f.span.start, f.span.end], "verdict": f.verdict, "confidence_ppm": f.confidence_ppm, "rule": f.rule,
        "fact": f.fact, "clause": f.clause, "severity": f.severity, "why": { "zh": f.why_zh, "en": f.why_en },
        "suggestion": { "zh": f.suggestion_zh, "en": f.suggestion_en }, "breach": f.is_breach(),
    })
}

fn labels(findings: &[Finding]) -> Vec<String> {
    let mut labels: Vec<String> = findings.iter().filter(|f| f.is_breach()).map(|f| f.code.as_str().to_owned()).collect();
    labels.sort();
    labels.dedup();
    labels
}

/// Type a sentence, pick an item, see why: nothing is recorded.
#[utoipa::path(post, path = "/speech/check", tag = "speech", operation_id = "check_speech", request_body = SentencesAsked,
    responses((status = 200, description = "What was found", body = SentencesRead), (status = 403, description = "Not your item", body = ProblemBody), (status = 404, description = "No such item", body = ProblemBody), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn check(
    InMarket(market): InMarket,
    caller: Caller,
    Given(asked): Given<SentencesAsked>,
) -> Result<Json<SentencesRead>, Problem> {
    if asked.sentences.len() > SENTENCES_MAX {
        return Err(Problem::bad_question(
            "sentences",
            format!("{} are too many; send at most {SENTENCES_MAX} at a time", asked.sentences.len()),
        ));
    }
    let words = words(&market)?;
    let mut sentences = Vec::with_capacity(asked.sentences.len());
    for (at, one) in asked.sentences.into_iter().enumerate() {
        let facts = match (one.product, &one.item) {
            (Some(product), _) => Some(product),
            (None, Some(item)) => Some(facts_for(&market, &caller, item).await?),
            (None, None) => None,
        };
        let findings = Reader::new(&words).read(&one.text, facts.as_ref());
        sentences.push(SentenceRead {
            id: one.id.unwrap_or_else(|| (at + 1).to_string()),
            labels: labels(&findings),
            findings: findings.iter().map(finding).collect(),
            facts: json!(facts),
            text: one.text,
        });
    }
    Ok(Json(SentencesRead { sentences, packs: words.versions().to_vec() }))
}

/// A script and the items that it sells.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"script": "大家好，先看梨膏。库存就剩三百单了！", "items": ["i-55"]}))]
pub(crate) struct BriefAsked {
    /// What is to be said.
    script: String,
    /// Items on file, in the order of the run-down.
    #[serde(default)]
    items: Vec<String>,
}

/// A script read before the show.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BriefRead {
    /// Sentences in order: place in the script, item, findings.
    #[schema(value_type = Vec<Object>)]
    lines: Vec<Value>,
    /// Claims of which nothing is on file, by item: what must be shown.
    #[schema(value_type = Vec<Object>)]
    proofs: Vec<Value>,
    /// Sentences by their gravest breach: 3 stop, 2 correct, 1 soften or prove, 0 nothing.
    #[schema(value_type = Object)]
    risk: Value,
    /// The packs that it was read by.
    packs: Vec<String>,
}

/// Read a script before the show: every risky sentence with safe wording, every missing proof.
#[utoipa::path(post, path = "/speech/brief", tag = "speech", operation_id = "brief_script", request_body = BriefAsked,
    responses((status = 200, description = "The brief", body = BriefRead), (status = 403, description = "Not your item", body = ProblemBody), (status = 404, description = "No such item", body = ProblemBody), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn brief(InMarket(market): InMarket, caller: Caller, Given(asked): Given<BriefAsked>) -> Result<Json<BriefRead>, Problem> {
    let length = asked.script.chars().count();
    if length == 0 || length > SCRIPT_MAX {
        return Err(Problem::bad_question("script", format!("has {length} characters; 1 to {SCRIPT_MAX} are read at a time")));
    }
    if asked.items.len() > ITEMS_MAX {
        return Err(Problem::bad_question("items", format!("{} are too many; name at most {ITEMS_MAX}", asked.items.len())));
    }
    let words = words(&market)?;
    let mut items = Vec::with_capacity(asked.items.len());
    for item in &asked.items {
        items.push(facts_for(&market, &caller, item).await?);
    }
    let read = laotie_speech::brief(&words, &asked.script, &items);
    let (mut lines, mut proofs, mut risk) = (Vec::new(), Vec::new(), [0_i64; 4]);
    for line in &read {
        let item = line.item.map(|at| asked.items[at].as_str());
        let asks = line.findings.iter().filter(|f| f.verdict == laotie_speech::Verdict::NoRecord);
        let before = proofs.len();
        proofs.extend(asks.map(|f| {
            let said: String = line.text.chars().skip(f.span.start).take(f.span.end - f.span.start).collect();
            json!({ "item": item, "code": f.code, "said": said, "start": line.start + f.span.start, "why": { "zh": f.why_zh, "en": f.why_en } })
        }));
        let grave = line.findings.iter().filter(|f| f.is_breach()).map(|f| usize::from(f.severity)).max();
        let grave = grave.unwrap_or(usize::from(proofs.len() > before)).min(3);
        risk[grave] += 1;
        lines.push(json!({ "start": line.start, "text": line.text, "item": item, "severity": grave, "findings": line.findings.iter().map(finding).collect::<Vec<_>>() }));
    }
    let risk = json!({ "stop": risk[3], "correct": risk[2], "prove": risk[1], "clean": risk[0] });
    Ok(Json(BriefRead { lines, proofs, risk, packs: words.versions().to_vec() }))
}

/// How a version of a rule did.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents an answer and is never made")]
#[schema(example = json!({"rule": "ill.cure", "version": "speech/health@2026-11-27.1", "nudged": 41, "corrected": 30, "dismissed": 2, "withdrawn": 1, "upheld": 6, "rejected": 1}))]
pub(crate) struct SpeechRuleRow {
    /// The frame or check.
    rule: String,
    /// The pack that it stands in, with its version.
    version: String,
    /// Nudges that it gave.
    nudged: i64,
    /// Of these, taken back on air.
    corrected: i64,
    /// Of these, not agreed by the desk.
    dismissed: i64,
    /// Of these, heard wrong.
    withdrawn: i64,
    /// Of these, found to be breaches in review.
    upheld: i64,
    /// Of these, found to be none.
    rejected: i64,
}

/// How rules of speech did, by version: hits, overrides and reviews; the busiest first.
#[utoipa::path(get, path = "/speech/rules", tag = "speech", operation_id = "list_speech_rules", params(PageQuery),
    responses((status = 200, description = "A page of rules", body = Page<SpeechRuleRow>), (status = 422, description = "The question is wrong", body = ProblemBody)),
    security(("api_key" = []), ("session" = [])))]
pub(crate) async fn rules(InMarket(market): InMarket, Asked(query): Asked<PageQuery>) -> Result<Json<Page<Value>>, Problem> {
    listed(&market, "speech_rules", "", &query, false).await
}
