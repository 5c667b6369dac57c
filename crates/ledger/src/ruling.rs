//! A ruling paid: awards down the waterfall, the claim's holds ended, an earlier ruling undone.

use laotie_facts::Currency;
use laotie_facts::body::{Award, AwardKind, FundSource, HoldEnd, PaidAs, PartyKind, RulingMade};

use crate::account::{Account, PLATFORM};
use crate::desk::{About, Desk, Side};
use crate::earnings::Earnings;
use crate::refund::{Law, pay_from, reverse_lines, spread_on_lines};
use crate::undo::undo;

/// Posts what a ruling awards; returns the order's earnings as they stand then.
pub(crate) fn post_ruling(desk: &mut Desk<'_>, ruling: &RulingMade, seq: i64) -> Option<Earnings> {
    let order = ruling.order.as_ref().map(ToString::to_string);
    let mut earnings = order.as_deref().and_then(|o| desk.book.order(o)).cloned();
    let about = About { because: vec![seq], claim: Some(ruling.claim.to_string()), order: order.clone(), ..About::default() };
    let buyer = Account::new(format!("buyer/{}", earnings.as_ref().and_then(|e| e.buyer.as_deref()).unwrap_or("guest")), "refunds");
    let borne = ruling
        .currency
        .or_else(|| earnings.as_ref()?.currency)
        .map_or(0, |currency| take_first_back(desk, earnings.as_mut(), ruling, currency, &buyer, &about));
    end_holds(desk, earnings.as_ref(), ruling.claim.as_str());
    let (Some(currency), Some(current)) = (ruling.currency, earnings.as_mut()) else { return earnings };
    let law = Law::of(desk, Some(current))?;
    let before = desk.book.posted(&buyer, currency);
    refund_lines(desk, current, ruling, currency, &law, &about);
    for award in ruling.awards.iter().filter(|a| a.award != AwardKind::Refund) {
        pay(desk, current, award, currency, &law, &about);
    }
    // What the buyer was paid out under the first decision counts towards the second.
    let again = borne.min(desk.book.posted(&buyer, currency) - before);
    if again > 0 {
        let sides = vec![Side::new(&buyer, -again), Side::new(format!("{PLATFORM}/fund"), again)];
        desk.post("set_off", currency, &about, sides, Vec::new());
    }
    earnings
}

/// A second decision takes the place of the first: what that moved is taken back, line by line. Says how much the
/// platform bore of it because the buyer was paid out.
fn take_first_back(
    desk: &mut Desk<'_>,
    mut earnings: Option<&mut Earnings>,
    ruling: &RulingMade,
    currency: Currency,
    buyer: &Account,
    about: &About,
) -> i64 {
    let Some(money) = desk.book.claim(ruling.claim.as_str()) else { return 0 };
    let before = desk.book.posted(buyer, currency);
    let name = buyer.to_string();
    let mut awarded = 0;
    for posted in money.postings.iter().rev() {
        awarded += posted.entries.iter().filter(|e| e.account.as_str() == name).map(|e| e.amount_minor.get()).sum::<i64>();
        undo(desk, earnings.as_deref_mut(), posted, Some(currency), about);
    }
    awarded - (before - desk.book.posted(buyer, currency))
}

fn end_holds(desk: &mut Desk<'_>, earnings: Option<&Earnings>, claim: &str) {
    let Some(holder) = earnings.map(|e| format!("shop/{}", e.shop)) else { return };
    let held: Vec<String> = desk
        .book
        .party(&holder)
        .map(|p| p.holds.iter().filter(|(_, h)| h.claim.as_deref() == Some(claim)).map(|(id, _)| id.clone()).collect())
        .unwrap_or_default();
    for hold in held {
        desk.end_hold(&holder, &hold, HoldEnd::Released);
    }
}

fn buyer_account(earnings: &Earnings, purpose: &str) -> String {
    format!("buyer/{}/{purpose}", earnings.buyer.as_deref().unwrap_or("guest"))
}

/// Awards of the price reverse the lines that earned it.
fn refund_lines(desk: &mut Desk<'_>, earnings: &mut Earnings, ruling: &RulingMade, currency: Currency, law: &Law, about: &About) {
    let refunds: Vec<&Award> = ruling.awards.iter().filter(|a| a.award == AwardKind::Refund).collect();
    let by_shop = |a: &&&Award| a.payer_kind.is_none_or(|k| k == PartyKind::Shop || k == PartyKind::Merchant);
    let named: Vec<(Option<&str>, i64)> =
        refunds.iter().filter(by_shop).map(|a| (a.line.as_ref().map(laotie_facts::LineId::as_str), a.amount_minor.get())).collect();
    let total: i64 = named.iter().map(|(_, minor)| minor).sum();
    if total > 0 {
        let creditor = buyer_account(earnings, "refunds");
        let (mut sides, mut debts) = (Vec::new(), Vec::new());
        let (lines, beyond) = spread_on_lines(earnings, &named, total, currency);
        let taken: Vec<(Option<String>, i64)> = lines.iter().map(|(l, minor)| (l.line.clone(), *minor)).collect();
        reverse_lines(desk, earnings, &lines, &creditor, law, (&mut sides, &mut debts));
        desk.post("refund", currency, about, sides, debts);
        for (line, minor) in taken {
            if let Some(line) = earnings.lines.iter_mut().find(|l| l.line == line) {
                line.refunded_minor += minor;
            }
        }
        if beyond > 0 {
            let shop = format!("shop/{}", earnings.shop);
            pay_from(desk, &shop, beyond, currency, &creditor, law, "goodwill", about);
        }
    }
    // What others pay of the price is theirs: the shop keeps what it earned.
    for award in refunds.iter().filter(|a| !by_shop(a)) {
        pay(desk, earnings, award, currency, law, about);
    }
}

/// Pays an award beyond the price.
fn pay(desk: &mut Desk<'_>, earnings: &Earnings, award: &Award, currency: Currency, law: &Law, about: &About) {
    let amount = award.amount_minor.get();
    if amount == 0 {
        return;
    }
    let to = buyer_account(earnings, if award.paid_as == Some(PaidAs::Coupon) { "coupons" } else { "refunds" });
    let purpose = match award.award {
        AwardKind::Refund => "refund_borne",
        AwardKind::Compensation => "compensation",
        AwardKind::Freight => "freight_cover",
        AwardKind::Damages => "damages",
        AwardKind::Goodwill => "goodwill",
    };
    if award.source == Some(FundSource::FreightCover) {
        let sides = vec![crate::desk::Side::new(&to, amount), crate::desk::Side::new(format!("{PLATFORM}/freight_pool"), -amount)];
        desk.post(purpose, currency, about, sides, Vec::new());
        return;
    }
    let payer = match (award.payer_kind, &award.payer) {
        (Some(PartyKind::Platform), _) => PLATFORM.to_owned(),
        (Some(kind), Some(payer)) => format!("{}/{payer}", kind.as_str()),
        _ => format!("shop/{}", earnings.shop),
    };
    pay_from(desk, &payer, amount, currency, &to, law, purpose, about);
}
