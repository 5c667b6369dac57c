//! A posting taken in: balances move, and what order, claim and penalty keep of it.

use std::collections::BTreeMap;

use laotie_facts::body::{PostingEntry, PostingMade};
use laotie_facts::{Fact, States, Timestamp};

use crate::account::{Account, WORLD};
use crate::book::penalty_key;
use crate::desk::posted;
use crate::documents::COMMISSION_DAYS;
use crate::earnings::{EarningLine, Earnings, Part, Share};
use crate::evolve::{claim_state, order, party};
use crate::state::{DAY_MICROS, LedgerState, Party, Since};
use crate::terms::set_clocks;
use crate::undo::{refunded_lines, take_back_refunded};

/// Money moved: balances, and what the order and the claim keep of it.
pub(crate) fn take_posting(states: &mut States<LedgerState>, fact: &Fact, made: &PostingMade) {
    for entry in &made.entries {
        let Some(account) = Account::parse(entry.account.as_str()) else { continue };
        let minor = entry.amount_minor.get();
        let party = party(states, &account.holder);
        let holds = party.holds_mut(&account.purpose, made.currency);
        holds.posted_minor += minor;
        let left = holds.posted_minor;
        if account.purpose == "proceeds" {
            count_in_statement(party, made, entry.purpose.as_ref().map_or(made.purpose.as_str(), |p| p.as_str()), minor, fact.at);
            remember_commission(party, made, entry, fact.at);
        }
        if let Some(debt) = account.purpose.strip_prefix("debt/")
            && left == 0
            && minor > 0
        {
            party.debts.retain(|d| d.id != debt);
            party.accounts.remove(&account.purpose);
        }
    }
    let kept = posted(fact, made);
    if let Some(claim) = &made.claim
        && let LedgerState::Claim(money) = claim_state(states, claim.as_str())
    {
        money.currency = Some(made.currency);
        let refunds = |a: &str| a.starts_with("buyer/") && a.ends_with("/refunds");
        money.unpaid_minor += made.entries.iter().filter(|e| refunds(e.account.as_str())).map(|e| e.amount_minor.get()).sum::<i64>();
        match (&made.reverses, made.purpose.as_str()) {
            (Some(reversed), _) => money.postings.retain(|p| p.id != reversed.as_str()),
            (None, "award_paid" | "recovery") => {}
            (None, _) => money.postings.push(kept.clone()),
        }
    }
    if let Some(penalty) = &made.penalty {
        let state = states.edit(&penalty_key(penalty.as_str()));
        if !matches!(state, LedgerState::Penalty(_)) {
            *state = LedgerState::Penalty(Box::default());
        }
        if let LedgerState::Penalty(money) = state {
            money.currency = Some(made.currency);
            match (&made.reverses, made.purpose.as_str()) {
                (Some(reversed), _) => money.postings.retain(|p| p.id != reversed.as_str()),
                (None, "damages_due") => money.postings.push(kept.clone()),
                _ => {}
            }
        }
    }
    if let Some(id) = &made.order {
        let earnings = order(states, id.as_str());
        if let Some(claim) = made.claim.as_ref().filter(|c| !earnings.ruled.iter().any(|r| r == c.as_str())) {
            earnings.ruled.push(claim.to_string());
        }
        match made.purpose.as_str() {
            "sale" => {
                earnings.lines = lines_of(made);
                set_clocks(earnings);
            }
            "refund" => add_refunded(earnings, made),
            "settlement" => {
                earnings.shop_share = Share::Settled;
            }
            "commission_settlement" => {
                earnings.promoters = Share::Settled;
            }
            "freight_cover_fee" => earnings.premium_charged = true,
            _ => {}
        }
        match &made.reverses {
            Some(reversed) => {
                if let Some(i) = earnings.postings.iter().position(|p| p.id == reversed.as_str()) {
                    let undone = earnings.postings.remove(i);
                    match undone.purpose.as_str() {
                        "refund" => take_back_refunded(earnings, &undone),
                        "settlement" => earnings.shop_share = Share::Due,
                        "commission_settlement" => earnings.promoters = Share::Due,
                        "freight_cover_fee" => earnings.premium_charged = false,
                        _ => {}
                    }
                }
            }
            None if made.purpose.as_str() == "recovery" => {}
            None => earnings.postings.push(kept),
        }
    }
}

fn count_in_statement(party: &mut Party, made: &PostingMade, purpose: &str, minor: i64, at: Timestamp) {
    let posted = party.holds("proceeds", made.currency).posted_minor;
    let since = party.since.entry(made.currency.code().to_owned()).or_insert_with(|| Since {
        from: at,
        opening_minor: posted - minor,
        sums: BTreeMap::new(),
    });
    if made.purpose.as_str() == "payout" {
        // The statement drawn with this pay-out ends here; the next begins with what is left.
        *since = Since { from: at, opening_minor: posted, sums: BTreeMap::new() };
        return;
    }
    *since.sums.entry(purpose.to_owned()).or_default() += minor;
}

fn remember_commission(party: &mut Party, made: &PostingMade, entry: &PostingEntry, at: Timestamp) {
    let earned = made.purpose.as_str() == "commission_settlement" && entry.amount_minor.get() > 0;
    if !earned {
        return;
    }
    let day = i32::try_from(at.micros() / DAY_MICROS).unwrap_or(i32::MAX);
    let days = party.commission.entry(made.currency.code().to_owned()).or_default();
    *days.entry(day).or_default() += entry.amount_minor.get();
    days.retain(|d, _| *d > day - COMMISSION_DAYS);
}

/// The lines of a sale out of its posting.
pub(crate) fn lines_of(made: &PostingMade) -> Vec<EarningLine> {
    let mut lines: Vec<EarningLine> = Vec::new();
    let world = format!("{WORLD}/money");
    for entry in &made.entries {
        let id = entry.line.as_ref().map(ToString::to_string);
        let line = match lines.iter_mut().position(|l| l.line == id) {
            Some(i) => &mut lines[i],
            None => {
                lines.push(EarningLine { line: id, paid_minor: 0, parts: Vec::new(), refunded_minor: 0 });
                lines.last_mut().expect("pushed above")
            }
        };
        if entry.account.as_str() == world {
            line.paid_minor -= entry.amount_minor.get();
        } else {
            let purpose = entry.purpose.as_ref().map_or("goods", |p| p.as_str()).to_owned();
            line.parts.push(Part { account: entry.account.as_str().to_owned(), amount_minor: entry.amount_minor.get(), purpose });
        }
    }
    lines
}

pub(crate) fn add_refunded(earnings: &mut Earnings, made: &PostingMade) {
    for (line, minor) in refunded_lines(&made.entries) {
        if let Some(line) = earnings.lines.iter_mut().find(|l| l.line == line) {
            line.refunded_minor += minor;
        }
    }
}
