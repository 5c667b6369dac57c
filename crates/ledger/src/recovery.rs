//! Debts recovered from what comes in; settlement frozen while one is overdue, and resumed.

use laotie_facts::body::Reason;
use laotie_facts::{Currency, Name, Timestamp};

use crate::account::Account;
use crate::desk::{About, Desk, Side};
use crate::draw::contra;
use crate::state::{Debt, Party};

/// Takes what a holder (and the merchant behind it) owes out of what is available, the earliest due first.
///
/// `due_by` is the moment at which a debt falls due by this very fact: all that are due then count, whichever's deadline passes
/// first. Damages are taken once they are due, and only withheld before; what is paid by a plan is taken by the plan.
pub(crate) fn recover(desk: &mut Desk<'_>, holder: &str, due_by: Option<Timestamp>) {
    for (debtor, debt) in desk.book.debts(holder) {
        if debt.plan.is_none() && (debt.penalty.is_none() || debt.overdue || due_by.is_some_and(|due| debt.due <= due)) {
            let owed = desk.book.owed(&debtor, debt);
            take(desk, holder, &debtor, debt, owed, true);
        }
    }
}

/// Takes at most an amount for a debt: from the holder's proceeds, then, where it may be, from the margin behind it.
pub(crate) fn take(desk: &mut Desk<'_>, holder: &str, debtor: &str, debt: &Debt, most_minor: i64, margin_too: bool) {
    let wanted = most_minor.min(desk.book.owed(debtor, debt));
    if wanted <= 0 {
        return;
    }
    let proceeds = Account::new(holder, "proceeds");
    let margin = Account::new(desk.book.principal(holder), "margin");
    let from_proceeds = wanted.min(desk.book.available(&proceeds, debt.currency));
    let left = if margin_too { wanted - from_proceeds } else { 0 };
    let from_margin = left.min(desk.book.available(&margin, debt.currency));
    let recovered = from_proceeds + from_margin;
    let sides = vec![
        Side::new(&proceeds, -from_proceeds),
        Side::new(&margin, -from_margin),
        Side::new(format!("{debtor}/debt/{}", debt.id), recovered),
        Side::new(&debt.creditor_account, recovered),
        Side::new(contra(&debt.creditor_account), -recovered),
    ];
    let about = About { claim: debt.claim.clone(), penalty: debt.penalty.clone(), ..About::default() };
    desk.post("recovery", debt.currency, &about, sides, Vec::new());
}

/// From whom a debtor's debts are taken: its shops, then itself.
pub(crate) fn holders_of(party: &Party, debtor: &str) -> Vec<String> {
    let mut holders: Vec<String> = party.shops.iter().map(|s| format!("shop/{s}")).collect();
    holders.push(debtor.to_owned());
    holders
}

/// Resumes the settlement of whoever owes nothing overdue any more.
pub(crate) fn resume(desk: &mut Desk<'_>, holder: &str) {
    resume_but(desk, holder, None);
}

/// As [`resume`], one debt left out of account: one that a plan is agreed for by this very fact.
pub(crate) fn resume_but(desk: &mut Desk<'_>, holder: &str, planned: Option<&str>) {
    for debtor in debtors(desk, holder) {
        let Some(party) = desk.book.party(&debtor).filter(|p| p.frozen) else { continue };
        let presses = |d: &&Debt| d.overdue && d.freezes && d.plan.is_none() && planned != Some(d.id.as_str());
        let overdue = party.debts.iter().filter(presses).any(|d| desk.book.owed(&debtor, d) > 0);
        let freight = Account::new(debtor.clone(), "freight_cover");
        let currencies: Vec<Currency> =
            party.accounts.get("freight_cover").map(|a| a.keys().filter_map(|c| Currency::new(c).ok()).collect()).unwrap_or_default();
        if !overdue && currencies.iter().all(|c| desk.book.posted(&freight, *c) >= 0) {
            desk.resume(&debtor);
        }
    }
}

fn debtors(desk: &Desk<'_>, holder: &str) -> Vec<String> {
    let principal = desk.book.principal(holder);
    if principal == holder { vec![principal] } else { vec![holder.to_owned(), principal] }
}

/// A debt fell due: what can be is taken, and with anything left settlement freezes.
pub(crate) fn fall_due(desk: &mut Desk<'_>, debtor: &str, id: &str) {
    let Some(party) = desk.book.party(debtor) else { return };
    let Some(debt) = party.debts.iter().find(|d| d.id == id) else { return };
    for holder in holders_of(party, debtor) {
        recover(desk, &holder, Some(debt.due));
    }
    let left = desk.book.owed(debtor, debt);
    if left > 0 && debt.freezes && !party.frozen {
        desk.freeze(debtor, &[id], vec![overdue(debt, left)]);
    }
}

/// Why settlement freezes for a debt.
pub(crate) fn overdue(debt: &Debt, left: i64) -> Reason {
    reason("debt_overdue", debt, left)
}

fn reason(code: &str, debt: &Debt, left: i64) -> Reason {
    Reason {
        clause: None,
        code: Name::new(code).expect("codes are names"),
        facts: laotie_facts::Few::default(),
        text: laotie_facts::Text::new(format!("{left} minor units of {} are owed since {}", debt.currency, debt.due)).ok(),
    }
}
