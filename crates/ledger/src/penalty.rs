//! Damages that a penalty sets: a debt with a deadline, withheld from withdrawals until it is paid.

use laotie_facts::body::{ActionKind, PenaltyImposed, PenaltyLifted};

use crate::account::PLATFORM;
use crate::desk::{About, Desk, NewDebt, Side};
use crate::draw::contra;
use crate::recovery::resume;
use crate::refund::Law;
use crate::undo::undo;

/// Posts the damages of a penalty.
pub(crate) fn post_damages(desk: &mut Desk<'_>, penalty: &PenaltyImposed, seq: i64) {
    let damages: i64 = penalty
        .actions
        .iter()
        .filter(|a| a.action == ActionKind::Damages)
        .filter_map(|a| a.amount_minor)
        .map(laotie_facts::Amount::get)
        .sum();
    let (Some(currency), true) = (penalty.currency, damages > 0) else { return };
    let named = format!("{}/{}", penalty.party_kind.as_str(), penalty.party);
    let debtor = desk.book.principal(&named);
    let Some(law) = Law::of(desk, None) else { return };
    let (version, waterfall) = law.waterfall(&debtor).clone();
    desk.rests_on(version);
    let creditor = format!("{PLATFORM}/damages");
    let id = desk.next_id("dbt");
    let sides = vec![Side::new(format!("{debtor}/debt/{id}"), -damages), Side::new(contra(&creditor), damages)];
    let due = penalty.appeal_by.unwrap_or_default().max(waterfall.debt.end(desk.now, &desk.calendar()));
    let debt = NewDebt { amount_minor: damages, creditor_account: creditor, debtor, due, freezes: true, id };
    let about = About { penalty: Some(penalty.penalty.to_string()), because: vec![seq], ..About::default() };
    desk.post("damages_due", currency, &about, sides, vec![debt]);
}

/// A penalty that counts as never imposed gives its damages back.
pub(crate) fn take_back(desk: &mut Desk<'_>, lifted: &PenaltyLifted, seq: i64) {
    if !lifted.undone {
        return;
    }
    let Some(money) = desk.book.penalty(lifted.penalty.as_str()) else { return };
    let about = About { penalty: Some(lifted.penalty.to_string()), because: vec![seq], ..About::default() };
    let holder = format!("{}/{}", lifted.party_kind.as_str(), lifted.party);
    for posted in money.postings.iter().rev() {
        undo(desk, None, posted, money.currency, &about);
    }
    resume(desk, &holder);
}
