//! Taking a posting back: every side the other way round, whatever became of its money since.

use laotie_facts::Currency;

use crate::account::{Account, PLATFORM};
use crate::desk::{About, Desk, Side};
use crate::draw::contra;
use crate::earnings::{Earnings, Share};
use crate::refund::known;
use crate::state::Posted;

/// Takes a posting back. What was recovered of its debts since goes back to whom it was taken from; what a
/// buyer has already been paid out, the platform bears.
pub(crate) fn undo(desk: &mut Desk<'_>, earnings: Option<&mut Earnings>, posted: &Posted, currency: Option<Currency>, about: &About) {
    let Some(currency) = currency.or_else(|| earnings.as_ref().and_then(|e| e.currency)) else { return };
    let settles = matches!(posted.purpose.as_str(), "settlement" | "commission_settlement");
    let mut sides: Vec<Side> = posted
        .entries
        .iter()
        .map(|e| {
            let account = where_now(earnings.as_deref(), e.account.as_str(), settles);
            let mut side = Side::new(account, -e.amount_minor.get()).of_line(e.line.as_ref().map(laotie_facts::LineId::as_str));
            side.purpose = e.purpose.as_ref().map(|p| known(p.as_str()));
            side
        })
        .collect();
    let shop = earnings.as_ref().map(|e| format!("shop/{}", e.shop));
    let recovered: Vec<Side> = sides
        .iter()
        .filter(|s| s.account.contains("/debt/"))
        .flat_map(|s| since_recovered(desk, posted, s, shop.as_deref(), currency))
        .collect();
    sides.extend(recovered);
    borne_by_platform(desk, &mut sides, currency, about.claim.as_deref());
    let about = About { reverses: Some(posted.id.clone()), ..about.clone() };
    desk.post("reversal", currency, &about, sides, Vec::new());
    if let Some(earnings) = earnings {
        match posted.purpose.as_str() {
            "refund" => take_back_refunded(earnings, posted),
            "settlement" => earnings.shop_share = Share::Due,
            "commission_settlement" => earnings.promoters = Share::Due,
            _ => {}
        }
    }
}

/// What was in escrow when it was posted and has settled since is given back where it is now.
fn where_now(earnings: Option<&Earnings>, account: &str, settles: bool) -> String {
    let Some(parsed) = Account::parse(account).filter(|a| a.is_escrow() && !settles) else { return account.to_owned() };
    let own = parsed.holder.starts_with("shop/") || parsed.holder == PLATFORM;
    let settled = earnings.is_some_and(|e| if own { e.shop_share } else { e.promoters } == Share::Settled);
    if settled { parsed.settled().to_string() } else { account.to_owned() }
}

/// What was recovered of a debt since: the reversal must not pay it twice.
fn since_recovered(desk: &Desk<'_>, posted: &Posted, debt: &Side, shop: Option<&str>, currency: Currency) -> Vec<Side> {
    let Some(account) = Account::parse(&debt.account) else { return Vec::new() };
    let recovered = debt.amount_minor + desk.book.posted(&account, currency);
    if recovered <= 0 {
        return Vec::new();
    }
    let creditor = match posted.purpose.as_str() {
        "damages_due" => format!("{PLATFORM}/damages"),
        "freight_cover_fee" => format!("{PLATFORM}/freight_pool"),
        _ if posted.entries.iter().any(|e| e.account.as_str() == format!("{PLATFORM}/fund") && e.amount_minor.get() < 0) => {
            format!("{PLATFORM}/fund")
        }
        _ => posted
            .entries
            .iter()
            .map(|e| e.account.as_str())
            .find(|a| a.ends_with("/awaiting"))
            .map_or_else(|| format!("{PLATFORM}/fund"), |a| a.replace("/awaiting", "/refunds")),
    };
    let from = shop.unwrap_or(account.holder.as_str());
    let with = |account: String, minor: i64| Side { account, amount_minor: minor, line: debt.line.clone(), purpose: debt.purpose };
    vec![
        with(debt.account.clone(), -recovered),
        with(contra(&creditor), recovered),
        with(creditor, -recovered),
        with(format!("{from}/proceeds"), recovered),
    ]
}

/// What an account cannot give back, because it was paid out since, the platform's fund gives.
fn borne_by_platform(desk: &Desk<'_>, sides: &mut Vec<Side>, currency: Currency, claim: Option<&str>) {
    let mut wanted: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
    for side in sides.iter() {
        *wanted.entry(side.account.clone()).or_default() += side.amount_minor;
    }
    for (name, minor) in wanted {
        let Some(account) = Account::parse(&name) else { continue };
        let mut there = desk.book.available(&account, currency);
        if let Some(money) = claim.and_then(|c| desk.book.claim(c)).filter(|_| account.purpose == "refunds") {
            // What other claims awarded to the same buyer is theirs.
            there = there.min((money.unpaid_minor + desk.book.moved(&account, currency)).max(0));
        }
        if minor < 0 && there < -minor {
            sides.push(Side::new(&account, -minor - there));
            sides.push(Side::new(format!("{PLATFORM}/fund"), minor + there));
        }
    }
}

/// Lines that a refund posting paid back count as not paid back again.
pub(crate) fn take_back_refunded(earnings: &mut Earnings, posted: &Posted) {
    for (line, minor) in refunded_lines(&posted.entries) {
        if let Some(line) = earnings.lines.iter_mut().find(|l| l.line == line) {
            line.refunded_minor -= minor;
        }
    }
}

/// What a refund posting pays back of each line: what its creditors gain.
pub(crate) fn refunded_lines(entries: &[laotie_facts::body::PostingEntry]) -> Vec<(Option<String>, i64)> {
    let creditor = |account: &str| {
        account.starts_with("outside/")
            || (account.starts_with("buyer/") && (account.ends_with("/refunds") || account.ends_with("/awaiting")))
    };
    entries
        .iter()
        .filter(|e| creditor(e.account.as_str()))
        .map(|e| (e.line.as_ref().map(ToString::to_string), e.amount_minor.get()))
        .collect()
}
