//! Taking what a party owes out of its accounts, down the waterfall.

use laotie_facts::{Currency, RuleVersion};

use crate::account::{Account, PLATFORM, WORLD};
use crate::desk::{Desk, NewDebt, Side};
use crate::documents::{Step, Waterfall};

/// What is to be taken from whom, and for whom.
pub(crate) struct Draw<'d> {
    pub(crate) amount_minor: i64,
    pub(crate) currency: Currency,
    /// Who is credited by the posting that this goes into.
    pub(crate) creditor: &'d str,
    pub(crate) holder: &'d str,
    pub(crate) line: Option<&'d str>,
    /// What the sides are for, when it is not the posting's own purpose.
    pub(crate) purpose: Option<&'static str>,
    pub(crate) waterfall: &'d (RuleVersion, std::sync::Arc<Waterfall>),
}

/// Takes an amount down the waterfall and adds the sides that give it; what nobody has becomes debt.
///
/// The sides add up to `-amount_minor`, so that with the creditor's credit the posting adds up to nothing.
/// Whoever was paid outside already cannot be made to wait: then the platform advances what is missing.
pub(crate) fn draw(desk: &mut Desk<'_>, wanted: &Draw<'_>, sides: &mut Vec<Side>, debts: &mut Vec<NewDebt>) {
    let principal = desk.book.principal(wanted.holder);
    let (version, waterfall) = wanted.waterfall;
    desk.rests_on(version.clone());
    let side =
        |account: String, amount_minor: i64| Side { account, amount_minor, line: wanted.line.map(str::to_owned), purpose: wanted.purpose };
    let mut left = wanted.amount_minor;
    for step in &waterfall.steps {
        if left == 0 {
            break;
        }
        match step {
            Step::Proceeds | Step::Margin => {
                let account = match step {
                    Step::Proceeds => Account::new(wanted.holder, "proceeds"),
                    _ => Account::new(principal.clone(), "margin"),
                };
                // Sides of this posting are not moved yet; what they take is counted here.
                let taken: i64 = sides.iter().filter(|s| s.account == account.to_string()).map(|s| s.amount_minor).sum();
                let take = left.min((desk.book.available(&account, wanted.currency) + taken.min(0)).max(0));
                if take > 0 {
                    sides.push(side(account.to_string(), -take));
                    left -= take;
                }
            }
            Step::PlatformAdvance => {
                let taken: i64 = debts.iter().map(|d| d.amount_minor).sum();
                let take = waterfall.advance_limit_minor.map_or(left, |limit| left.min((limit - taken).max(0)));
                if take > 0 {
                    owe(desk, wanted, &principal, take, true, sides, debts);
                    left -= take;
                }
            }
            Step::Debt => {
                owe(desk, wanted, &principal, left, wanted.creditor.starts_with(WORLD), sides, debts);
                left = 0;
            }
        }
    }
    assert_eq!(left, 0, "a waterfall ends with a step that always can");
}

/// The debtor owes an amount: to the platform, which advances it, or to the creditor, who waits.
fn owe(
    desk: &mut Desk<'_>,
    wanted: &Draw<'_>,
    principal: &str,
    amount_minor: i64,
    advanced: bool,
    sides: &mut Vec<Side>,
    debts: &mut Vec<NewDebt>,
) {
    let (_, waterfall) = wanted.waterfall;
    let id = desk.next_id("dbt");
    let side =
        |account: String, amount_minor: i64| Side { account, amount_minor, line: wanted.line.map(str::to_owned), purpose: wanted.purpose };
    let creditor_account = if advanced { format!("{PLATFORM}/fund") } else { wanted.creditor.to_owned() };
    if advanced {
        sides.push(side(creditor_account.clone(), -amount_minor));
    } else {
        sides.push(side(wanted.creditor.to_owned(), -amount_minor));
    }
    sides.push(side(format!("{principal}/debt/{id}"), -amount_minor));
    sides.push(side(contra(&creditor_account), amount_minor));
    debts.push(NewDebt {
        amount_minor,
        creditor_account,
        debtor: principal.to_owned(),
        due: waterfall.debt.end(desk.now, &desk.calendar()),
        freezes: waterfall.freezes_settlement,
        id,
    });
}

/// The account that shows a creditor what is still to come from debts.
pub(crate) fn contra(creditor_account: &str) -> String {
    let holder = creditor_account.rsplit_once('/').map_or(creditor_account, |(holder, _)| holder);
    if holder == PLATFORM { format!("{PLATFORM}/receivable") } else { format!("{holder}/awaiting") }
}
