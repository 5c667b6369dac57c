//! Money that comes in or becomes free: deposits, freight premiums, orders that settle.

use laotie_facts::body::{DepositAccount, MarginPaid, PartyKind, PostingEntry, Reason};
use laotie_facts::{Body, Few, LineId, Name};

use crate::account::{Account, PLATFORM, WORLD};
use crate::desk::{About, Desk, NewDebt, Side};
use crate::draw::contra;
use crate::earnings::{EarningLine, Earnings, Part};
use crate::plan::take_shares;
use crate::recovery::{recover, resume};

/// The account that a deposit goes to: the merchant's, when its shop pays.
pub(crate) fn deposited(desk: &Desk<'_>, paid: &MarginPaid) -> Account {
    let named = format!("{}/{}", paid.party_kind.as_str(), paid.party);
    let holder = if paid.party_kind == PartyKind::Shop { desk.book.principal(&named) } else { named };
    let purpose = match paid.account {
        DepositAccount::Margin => "margin",
        DepositAccount::FreightCover => "freight_cover",
        DepositAccount::Advertising => "advertising",
    };
    Account::new(holder, purpose)
}

/// A party topped up an account; what it owes is taken from it.
pub(crate) fn post_deposit(desk: &mut Desk<'_>, paid: &MarginPaid) {
    let account = deposited(desk, paid);
    let amount = paid.amount_minor.get();
    let sides = vec![Side::new(format!("{WORLD}/money"), -amount), Side::new(&account, amount)];
    let holder = account.holder;
    desk.post("deposit", paid.currency, &About::default(), sides, Vec::new());
    if paid.account == DepositAccount::Margin {
        recover(desk, &holder, None);
    }
    resume(desk, &holder);
}

/// An order with freight cover was sent: its premium is charged, once. Without dispatch there is no fee.
pub(crate) fn charge_premium(desk: &mut Desk<'_>, earnings: &Earnings, order: &str) {
    let (Some(currency), premium) = (earnings.currency, earnings.premium_minor) else { return };
    if premium <= 0 || earnings.premium_charged {
        return;
    }
    let principal = desk.book.principal(&format!("shop/{}", earnings.shop));
    let account = Account::new(principal.clone(), "freight_cover");
    let before = desk.book.posted(&account, currency);
    let taken = premium.min(desk.book.available(&account, currency));
    let owed = premium - taken;
    let pool = format!("{PLATFORM}/freight_pool");
    let mut sides = vec![Side::new(&account, -taken), Side::new(&pool, taken)];
    let mut debts = Vec::new();
    if owed > 0 {
        // The account is at its floor: the fee stays owed.
        let id = desk.next_id("dbt");
        sides.push(Side::new(format!("{principal}/debt/{id}"), -owed));
        sides.push(Side::new(contra(&pool), owed));
        debts.push(NewDebt { amount_minor: owed, creditor_account: pool, debtor: principal.clone(), due: desk.now, freezes: true, id });
    }
    let about = About { order: Some(order.to_owned()), ..About::default() };
    desk.post("freight_cover_fee", currency, &about, sides, debts);
    let frozen = desk.book.party(&principal).is_some_and(|p| p.frozen);
    if before >= 0 && desk.book.posted(&account, currency) < 0 && !frozen {
        let reason =
            Reason { clause: None, code: Name::new("freight_account_negative").expect("a name"), facts: Few::default(), text: None };
        desk.freeze(&principal, &[], vec![reason]);
    }
}

/// Whose shares settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settles {
    /// The shop's, and what the platform takes.
    Shop,
    /// Promoters'.
    Promoters,
}

impl Settles {
    pub(crate) fn purpose(self) -> &'static str {
        match self {
            Self::Shop => "settlement",
            Self::Promoters => "commission_settlement",
        }
    }

    pub(crate) fn covers(self, account: &Account, shop: &str) -> bool {
        let own = account.holder == PLATFORM || account.holder == format!("shop/{shop}");
        account.is_escrow() && (self == Self::Shop) == own
    }
}

/// What was earned and not given back becomes proceeds; then debts are recovered from it.
pub(crate) fn settle(desk: &mut Desk<'_>, earnings: &Earnings, order: &str, who: Settles) {
    let Some(currency) = earnings.currency else { return };
    let mut sides = Vec::new();
    for line in &earnings.lines {
        for part in &line.parts {
            push(&mut sides, part, in_escrow(desk, earnings, line, part), &earnings.shop, who);
        }
    }
    let about = About { order: Some(order.to_owned()), ..About::default() };
    if let Some(version) = earnings.law("settlement/standard") {
        desk.rests_on(version);
    }
    let mut came: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
    for side in &sides {
        if let Some(holder) = side.account.strip_suffix("/proceeds") {
            *came.entry(holder.to_owned()).or_default() += side.amount_minor;
        }
    }
    desk.post(who.purpose(), currency, &about, sides, Vec::new());
    for (holder, came) in came {
        take_shares(desk, &holder, came, currency);
        recover(desk, &holder, None);
        resume(desk, &holder);
    }
}

/// What a share has left in escrow, by the postings that stand.
///
/// Reckoning it pro rata would not do: what is taken back of an earlier refund goes back to the fen, while a later
/// one was rounded on top of it.
pub(crate) fn in_escrow(desk: &Desk<'_>, earnings: &Earnings, line: &EarningLine, part: &Part) -> i64 {
    let drafted = || {
        desk.drafts.iter().filter_map(|d| match &d.body {
            Body::PostingMade(made) => Some(made),
            _ => None,
        })
    };
    let undone = |id: &str| drafted().filter_map(|m| m.reverses.as_ref()).any(|r| r.as_str() == id);
    let before = earnings.postings.iter().filter(|p| !undone(&p.id)).flat_map(|p| &p.entries);
    let now = drafted().filter(|m| m.reverses.is_none() && !undone(m.posting.as_str())).flat_map(|m| m.entries.iter());
    // The shop has one share of a line, whatever it is for.
    let shops = part.account.starts_with("shop/");
    let of_part = |e: &&PostingEntry| {
        e.account.as_str() == part.account
            && e.line.as_ref().map(LineId::as_str) == line.line.as_deref()
            && (shops || e.purpose.as_ref().map_or("goods", |p| p.as_str()) == part.purpose)
    };
    before.chain(now).filter(of_part).map(|e| e.amount_minor.get()).sum()
}

fn push(sides: &mut Vec<Side>, part: &Part, left: i64, shop: &str, who: Settles) {
    let Some(account) = Account::parse(&part.account) else { return };
    if left == 0 || !who.covers(&account, shop) {
        return;
    }
    let purpose = crate::refund::known(&part.purpose);
    sides.push(Side::new(&account, -left).purpose(purpose));
    sides.push(Side::new(account.settled(), left).purpose(purpose));
}
