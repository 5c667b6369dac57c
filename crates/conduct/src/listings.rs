//! Rows that people page through: the queue of cases, penalties, the public board, points, the jury's cases.

use laotie_cases::{Stage, Verdict};
use laotie_facts::body::{ActionKind, Ladder, PenaltyAction};
use laotie_facts::{Listing, Timestamp};
use serde::Serialize;

use crate::case_file::CaseFile;
use crate::penalty::Penalty;
use crate::points::Party;
use crate::state::State;

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("strings and integers always serialise")
}

fn row<T: Serialize>(view: &'static str, owner: String, at: Timestamp, key: &str, body: &T) -> Listing {
    Listing { view, owner, sort: format!("{:016}", at.micros()), key: key.to_owned(), body: json(body) }
}

/// The rows of a state.
pub(crate) fn listings(key: &str, state: &State) -> Vec<Listing> {
    let Some((_, id)) = key.split_once('/') else { return Vec::new() };
    let mut rows = Vec::new();
    if let Some(case) = &state.case {
        rows.extend(of_case(id, case));
    }
    if let Some(penalty) = &state.penalty {
        rows.extend(of_penalty(id, penalty));
    }
    rows.extend(state.party.as_ref().and_then(|party| of_party(id, party)));
    rows
}

#[derive(Serialize)]
struct QueueRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    appeal: Option<&'a str>,
    case: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    jury: Option<JuryCount>,
    opened_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    penalty: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    show: Option<&'a str>,
    stage: &'a str,
    target: &'a str,
    target_kind: &'a str,
}

#[derive(Serialize)]
struct JuryCount {
    breach: u32,
    no_breach: u32,
    round: i64,
    unsure: u32,
    verdict: Verdict,
    weight_millis: i64,
}

/// What a juror may see: neither parties nor show nor item, which would tell who they are.
#[derive(Serialize)]
struct JuryRow<'a> {
    asked_at: Timestamp,
    case: &'a str,
    code: &'a str,
    eligible_share_ppm: i64,
    evidence: Vec<JuryEvidence<'a>>,
    round: i64,
    sample_size: u32,
    target_kind: &'a str,
    votes: usize,
}

#[derive(Serialize)]
struct JuryEvidence<'a> {
    evidence: &'a str,
    hash: &'a str,
}

fn of_case(id: &str, file: &CaseFile) -> Vec<Listing> {
    let mut rows = Vec::new();
    if !file.is_open() {
        return rows;
    }
    let jury = file.round().map(|round| {
        let t = round.tally(&file.case.votes);
        let (breach, no_breach, unsure) = (t.breach, t.no_breach, t.unsure);
        JuryCount { breach, no_breach, round: round.round, unsure, verdict: t.verdict, weight_millis: t.weight_millis }
    });
    let queued = QueueRow {
        appeal: None,
        case: id,
        code: &file.code,
        jury,
        opened_at: file.opened_at,
        penalty: None,
        show: file.show.as_deref(),
        stage: file.case.stage.as_str(),
        target: &file.target,
        target_kind: file.target_kind.as_str(),
    };
    rows.push(row("conduct_queue", String::new(), file.opened_at, id, &queued));
    if let Some(round) = file.round().filter(|r| !r.is_full(&file.case.votes)) {
        let evidence = file.case.evidence.iter().map(|e| JuryEvidence { evidence: &e.id, hash: &e.hash });
        let shown = JuryRow {
            asked_at: round.asked_at,
            case: id,
            code: &file.code,
            eligible_share_ppm: round.rules.eligible_share_ppm,
            evidence: evidence.collect(),
            round: round.round,
            sample_size: round.rules.sample_size,
            target_kind: file.target_kind.as_str(),
            votes: round.votes(&file.case.votes),
        };
        rows.push(row("jury", String::new(), round.asked_at, id, &shown));
    }
    rows
}

#[derive(Serialize)]
struct BoardRow<'a> {
    actions: Vec<BoardAction>,
    anonymous: bool,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'a str>,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<&'a str>,
    party_kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    penalty: Option<&'a str>,
    status: &'a str,
}

#[derive(Serialize)]
struct BoardAction {
    action: ActionKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_minor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

fn board_action(action: &PenaltyAction) -> BoardAction {
    BoardAction {
        action: action.action,
        amount_minor: action.amount_minor.map(laotie_facts::Amount::get),
        points: action.points.map(laotie_facts::Quantity::get),
        until: action.until,
    }
}

#[derive(Serialize)]
struct PenaltyRow<'a> {
    actions: Vec<BoardAction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    appeal_by: Option<Timestamp>,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<&'a str>,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ladder: Option<Ladder>,
    penalty: &'a str,
    public: bool,
    seq: i64,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    violation: Option<&'a str>,
}

/// The key of an anonymous row on the board: nobody can ask for the penalty by it.
fn masked(id: &str) -> String {
    let hash = laotie_facts::body_hash(&format!("board\n{id}"));
    let half: [u8; 16] = hash[..16].try_into().expect("a hash has 32 bytes");
    format!("anonymous-{:032x}", u128::from_be_bytes(half))
}

fn of_penalty(id: &str, penalty: &Penalty) -> Vec<Listing> {
    let imposed = &penalty.imposed;
    let first = imposed.reasons.first();
    let code = first.map_or("violation", |r| r.code.as_str());
    let status = penalty.status();
    let currency = imposed.currency.as_ref().map(laotie_facts::Currency::code);
    let full = PenaltyRow {
        actions: imposed.actions.iter().map(board_action).collect(),
        appeal_by: imposed.appeal_by,
        at: penalty.at,
        case: penalty.case_id.as_deref(),
        code,
        currency,
        ladder: imposed.ladder,
        penalty: id,
        public: imposed.public,
        seq: penalty.seq,
        status,
        violation: imposed.violations.first().map(laotie_facts::ViolationId::as_str),
    };
    let mut rows = vec![row("penalties", penalty.party(), penalty.at, id, &full)];
    if imposed.public && penalty.undone_by.is_none() {
        let named = !imposed.anonymous;
        let key = if named { id.to_owned() } else { masked(id) };
        let shown = BoardRow {
            actions: imposed.actions.iter().map(board_action).collect(),
            anonymous: imposed.anonymous,
            at: penalty.at,
            clause: first.and_then(|r| r.clause.as_ref()).map(laotie_facts::Text::as_str),
            code,
            currency,
            party: named.then_some(imposed.party.as_str()),
            party_kind: imposed.party_kind.as_str(),
            penalty: named.then_some(id),
            status,
        };
        rows.push(row("penalty_board", String::new(), penalty.at, &key, &shown));
    }
    if let (Stage::Appealed { appeal }, None) = (&penalty.case.stage, penalty.undone_by) {
        let opened_at = penalty.case.appeals.last().map_or(penalty.at, |a| a.at);
        let queued = QueueRow {
            appeal: Some(appeal),
            case: penalty.case_id.as_deref().or(imposed.violations.first().map(laotie_facts::ViolationId::as_str)).unwrap_or(id),
            code,
            jury: None,
            opened_at,
            penalty: Some(id),
            show: None,
            stage: "appealed",
            target: imposed.party.as_str(),
            target_kind: imposed.party_kind.as_str(),
        };
        rows.push(row("conduct_queue", String::new(), opened_at, &format!("appeal/{appeal}"), &queued));
    }
    rows
}

#[derive(Serialize)]
struct PointsRow<'a> {
    closed: bool,
    credits: i64,
    general: i64,
    party: &'a str,
    party_kind: &'a str,
    penalties: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    resets_at: Option<Timestamp>,
    serious: i64,
    year: i32,
}

/// The party's row of points, the closest to being closed first.
fn of_party(key: &str, party: &Party) -> Option<Listing> {
    let (kind, id) = key.split_once('/')?;
    let now = party.totals(party.year);
    let shown = PointsRow {
        closed: party.is_closed(),
        credits: now.credits,
        general: now.general,
        party: id,
        party_kind: kind,
        penalties: party.entries.iter().filter(|e| e.voided_by.is_none()).count(),
        resets_at: party.resets_at,
        serious: now.serious,
        year: party.year,
    };
    let most = now.general.max(now.serious).clamp(0, 999_999);
    Some(Listing { view: "points", owner: String::new(), sort: format!("{:06}", 999_999 - most), key: key.to_owned(), body: json(&shown) })
}
