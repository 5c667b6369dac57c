//! A claim explained: the frozen clause, the facts, the arithmetic, the postings, the deadlines, the way to appeal.

use laotie_facts::{JournalRow, RuleBook};
use laotie_guarantees::{ClaimState, Guarantee};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::sentences;

/// A clause in both languages, in the version that the order carries.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Clause {
    /// The version.
    pub version: String,
    /// What the guarantee is called, in Chinese.
    pub name_zh: String,
    /// What the guarantee is called, in English.
    pub name_en: String,
    /// The clause in Chinese.
    pub zh: String,
    /// The clause in English.
    pub en: String,
}

/// Why something was decided.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Because {
    /// Stable name.
    pub code: String,
    /// What the code is called, in Chinese.
    pub title_zh: Option<String>,
    /// What the code is called, in English.
    pub title_en: Option<String>,
    /// The clause.
    pub clause: Option<String>,
    /// In words, with the arithmetic, as the fact has it.
    pub text: Option<String>,
    /// The same in Chinese; absent where a person wrote it.
    pub zh: Option<String>,
    /// The same in English; absent where a person wrote it.
    pub en: Option<String>,
    /// The facts that show it, by place in the journal.
    pub facts: Vec<i64>,
}

/// Money awarded.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Awarded {
    /// What for.
    pub award: String,
    /// How much.
    pub amount_minor: i64,
    /// The order's line.
    pub line: Option<String>,
    /// By which multiple of the price.
    pub multiple: Option<i64>,
    /// Who pays; the shop when absent.
    pub payer: Option<String>,
    /// Money, or a coupon.
    pub paid_as: String,
}

/// One side of a posting.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Side {
    /// The account.
    pub account: String,
    /// What it gains.
    pub amount_minor: i64,
}

/// A posting that paid for the claim.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Posted {
    /// The posting.
    pub posting: String,
    /// What for.
    pub purpose: String,
    /// The posting that it takes back.
    pub reverses: Option<String>,
    /// Its place in the journal.
    pub seq: i64,
    /// Its sides.
    pub sides: Vec<Side>,
}

/// A ruling with its reasons and money.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Ruled {
    /// The ruling.
    pub ruling: String,
    /// When.
    pub at: String,
    /// How it ends the case.
    pub outcome: String,
    /// Who is answerable.
    pub liability: Option<String>,
    /// Who decided; nobody when the rules did alone.
    pub reviewer: Option<String>,
    /// Why.
    pub reasons: Vec<Because>,
    /// What is paid.
    pub awards: Vec<Awarded>,
    /// Sum of the awards.
    pub total_minor: i64,
    /// Rules that it rests on.
    pub rules: Vec<String>,
    /// Until when it can be appealed against.
    pub appeal_by: Option<String>,
}

/// All of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// The claim.
    pub claim: String,
    /// The order.
    pub order: String,
    /// Against whom.
    pub shop: String,
    /// Who claims.
    pub buyer: Option<String>,
    /// Of all amounts.
    pub currency: String,
    /// How far it has come.
    pub stage: String,
    /// Whose turn it is.
    pub turn: String,
    /// The clause that the order carries; none for a plain dispute.
    pub clause: Option<Clause>,
    /// By when the merchant is to answer, or the buyer to take an offer.
    pub answer_by: Option<String>,
    /// By when evidence must be there.
    pub evidence_by: Option<String>,
    /// Rulings, in their order.
    pub rulings: Vec<Ruled>,
    /// What moved.
    pub postings: Vec<Posted>,
    /// How to appeal, while that is possible.
    pub appeal: Option<Appealable>,
}

/// The way to appeal.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Appealable {
    /// Until when.
    pub until: String,
    /// What to do, in Chinese.
    pub zh: String,
    /// What to do, in English.
    pub en: String,
}

fn text(value: &Value, field: &str) -> Option<String> {
    value[field].as_str().map(str::to_owned)
}

fn list<'v>(value: &'v Value, field: &str) -> impl Iterator<Item = &'v Value> {
    value[field].as_array().into_iter().flatten()
}

/// Explains a claim out of its state, the rows of its history and the rules.
pub(crate) fn explain(id: &str, claim: &ClaimState, rows: &[JournalRow], book: &RuleBook) -> Explanation {
    let clause = claim.version.as_ref().and_then(|version| {
        let guarantee = book.version(version)?.read::<Guarantee>().ok()?;
        Some(Clause {
            version: version.to_string(),
            name_zh: guarantee.name.zh.clone(),
            name_en: guarantee.name.en.clone(),
            zh: guarantee.clause.zh.clone(),
            en: guarantee.clause.en.clone(),
        })
    });
    let body = |row: &JournalRow| serde_json::from_str::<Value>(&row.body).unwrap_or_default();
    let rulings: Vec<Ruled> = rows.iter().filter(|r| r.kind == "ruling.made").map(|row| ruled(row, &body(row))).collect();
    let postings = rows.iter().filter(|r| r.kind == "posting.made").map(|row| posted(row, &body(row))).collect();
    let appeal = match &claim.case.stage {
        laotie_cases::Stage::Decided { appeal_by } => Some(Appealable {
            until: appeal_by.to_string(),
            zh: format!(
                "对裁定不服，可在 {appeal_by} 前申诉，由另一位审核员复核：POST /v1/appeals，against = {id}，against_kind = ruling。"
            ),
            en: format!(
                "Either side may appeal until {appeal_by}; somebody else looks again: POST /v1/appeals with against = {id}, against_kind = ruling."
            ),
        }),
        _ => None,
    };
    Explanation {
        claim: id.to_owned(),
        order: claim.order.clone(),
        shop: claim.shop.clone(),
        buyer: claim.buyer.clone(),
        currency: claim.currency.code().to_owned(),
        stage: claim.case.stage.as_str().to_owned(),
        turn: serde_json::to_value(claim.turn).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
        clause,
        answer_by: claim.answer_by.map(|t| t.to_string()),
        evidence_by: claim.evidence_by.map(|t| t.to_string()),
        rulings,
        postings,
        appeal,
    }
}

impl Because {
    /// A reason of a fact, with its words in both languages.
    pub(crate) fn of(r: &Value) -> Self {
        let (code, text) = (text(r, "code").unwrap_or_default(), text(r, "text"));
        let (title, told) = (sentences::title(&code), text.as_ref().and_then(|t| sentences::told(&code, t)));
        let (zh, en) = told.map(|t| (t.zh, t.en)).unzip();
        Self {
            title_zh: title.map(|t| t.zh.to_owned()),
            title_en: title.map(|t| t.en.to_owned()),
            code,
            clause: r["clause"].as_str().map(str::to_owned),
            text,
            zh,
            en,
            facts: list(r, "facts").filter_map(Value::as_i64).collect(),
        }
    }
}

/// A reason as everybody may know it: which, and by which clause; no facts, figures or words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Coded {
    /// Stable name.
    pub code: String,
    /// What it is called, in Chinese.
    pub title_zh: Option<String>,
    /// What it is called, in English.
    pub title_en: Option<String>,
    /// The clause.
    pub clause: Option<String>,
}

impl From<&Because> for Coded {
    fn from(b: &Because) -> Self {
        Self { code: b.code.clone(), title_zh: b.title_zh.clone(), title_en: b.title_en.clone(), clause: b.clause.clone() }
    }
}

/// A ruling as everybody may know it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CodedRuling {
    /// When.
    pub at: String,
    /// How it ends the case.
    pub outcome: String,
    /// Who is answerable, as a role.
    pub liability: Option<String>,
    /// Whether the rules decided alone.
    pub by_rules: bool,
    /// Why, coded.
    pub reasons: Vec<Coded>,
}

/// A claim as everybody may know it: how it ended, and by which clause; no parties, money, facts or words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CodedClaim {
    /// The claim.
    pub claim: String,
    /// How far it has come.
    pub stage: String,
    /// The clause that the order carries; none for a plain dispute.
    pub clause: Option<Clause>,
    /// Rulings, in their order.
    pub rulings: Vec<CodedRuling>,
}

impl From<&Explanation> for CodedClaim {
    fn from(e: &Explanation) -> Self {
        let ruling = |r: &Ruled| CodedRuling {
            at: r.at.clone(),
            outcome: r.outcome.clone(),
            liability: r.liability.clone(),
            by_rules: r.reviewer.is_none(),
            reasons: r.reasons.iter().map(Coded::from).collect(),
        };
        Self { claim: e.claim.clone(), stage: e.stage.clone(), clause: e.clause.clone(), rulings: e.rulings.iter().map(ruling).collect() }
    }
}

fn ruled(row: &JournalRow, body: &Value) -> Ruled {
    let award = |a: &Value| Awarded {
        award: text(a, "award").unwrap_or_default(),
        amount_minor: a["amount_minor"].as_i64().unwrap_or(0),
        line: text(a, "line"),
        multiple: a["multiple"].as_i64(),
        payer: text(a, "payer_kind").map(|kind| format!("{kind}/{}", text(a, "payer").unwrap_or_default())),
        paid_as: text(a, "paid_as").unwrap_or_else(|| "money".to_owned()),
    };
    let awards: Vec<Awarded> = list(body, "awards").map(award).collect();
    Ruled {
        ruling: text(body, "ruling").unwrap_or_default(),
        at: row.at.to_string(),
        outcome: text(body, "outcome").unwrap_or_default(),
        liability: text(body, "liability"),
        reviewer: text(body, "reviewer"),
        reasons: list(body, "reasons").map(Because::of).collect(),
        total_minor: awards.iter().map(|a| a.amount_minor).sum(),
        awards,
        rules: serde_json::from_str(&row.rules).unwrap_or_default(),
        appeal_by: text(body, "appeal_by"),
    }
}

fn posted(row: &JournalRow, body: &Value) -> Posted {
    let mut sides: Vec<Side> = Vec::new();
    for entry in list(body, "entries") {
        let (account, minor) = (text(entry, "account").unwrap_or_default(), entry["amount_minor"].as_i64().unwrap_or(0));
        match sides.iter_mut().find(|s| s.account == account) {
            Some(side) => side.amount_minor += minor,
            None => sides.push(Side { account, amount_minor: minor }),
        }
    }
    Posted {
        posting: text(body, "posting").unwrap_or_default(),
        purpose: text(body, "purpose").unwrap_or_default(),
        reverses: text(body, "reverses"),
        seq: row.seq,
        sides,
    }
}
