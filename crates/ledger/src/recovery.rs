//! Debts recovered from what comes in; settlement frozen while one is overdue, and resumed.

use laotie_facts::body::Reason;
use laotie_facts::{Currency, Name};

use crate::account::Account;
use crate::desk::{About, Desk, Side};
use crate::draw::contra;
use crate::state::Debt;

/// Takes what a holder (and the merchant behind it) owes out of what is available, the earliest due first.
///
/// `due_now` names a debt that falls due by this very fact. Damages are taken once they are due, and only
/// withheld before.
pub(crate) fn recover(desk: &mut Desk<'_>, holder: &str, due_now: Option<&str>) {
    let principal = desk.book.principal(holder);
    for (debtor, debt) in desk.book.debts(holder) {
        let takes = debt.penalty.is_none() || debt.overdue || due_now == Some(debt.id.as_str());
        let owed = desk.book.owed(&debtor, debt);
        if !takes || owed <= 0 {
            continue;
        }
        let proceeds = Account::new(holder, "proceeds");
        let margin = Account::new(principal.clone(), "margin");
        let from_proceeds = owed.min(desk.book.available(&proceeds, debt.currency));
        let from_margin = (owed - from_proceeds).min(desk.book.available(&margin, debt.currency));
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
}

/// Resumes the settlement of whoever owes nothing overdue any more.
pub(crate) fn resume(desk: &mut Desk<'_>, holder: &str) {
    for debtor in debtors(desk, holder) {
        let Some(party) = desk.book.party(&debtor).filter(|p| p.frozen) else { continue };
        let overdue = party.debts.iter().any(|d| d.overdue && d.freezes && desk.book.owed(&debtor, d) > 0);
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
    let mut holders: Vec<String> = party.shops.iter().map(|s| format!("shop/{s}")).collect();
    holders.push(debtor.to_owned());
    for holder in holders {
        recover(desk, &holder, Some(id));
    }
    let left = desk.book.owed(debtor, debt);
    if left > 0 && debt.freezes && !party.frozen {
        desk.freeze(debtor, &[id], vec![reason("debt_overdue", debt, left)]);
    }
}

fn reason(code: &str, debt: &Debt, left: i64) -> Reason {
    Reason {
        clause: None,
        code: Name::new(code).expect("codes are names"),
        facts: laotie_facts::Few::default(),
        text: laotie_facts::Text::new(format!("{left} minor units of {} are owed since {}", debt.currency, debt.due)).ok(),
    }
}
