//! Paying back: the exact earning lines are reversed, each share at the rate at which it was earned.

use laotie_facts::body::RefundPaid;
use laotie_facts::{Currency, Money, Timestamp};

use crate::account::{Account, WORLD};
use crate::desk::{About, Desk, NewDebt, Side};
use crate::documents::{CommissionOnRefund, Fees, MoneyRules, Waterfall};
use crate::draw::{Draw, draw};
use crate::earnings::{EarningLine, Earnings, Share};
use crate::money_in::in_escrow;

/// The rules that an order's money follows: the frozen ones, or those in force where none were frozen.
pub(crate) struct Law {
    pub(crate) fees: Option<std::sync::Arc<Fees>>,
    pub(crate) merchant: (laotie_facts::RuleVersion, std::sync::Arc<Waterfall>),
    pub(crate) party: (laotie_facts::RuleVersion, std::sync::Arc<Waterfall>),
}

impl Law {
    /// `None` when the market has no waterfall at all: then no money moves.
    pub(crate) fn of(desk: &Desk<'_>, earnings: Option<&Earnings>) -> Option<Self> {
        let now = MoneyRules::at(desk.rules, desk.now);
        let frozen = |name: &str| {
            let version = earnings?.law(name)?;
            let read = desk.rules.version(&version)?.read::<Waterfall>().ok()?;
            Some((version, read))
        };
        let fees = earnings.and_then(|e| e.law("fees/platform")).and_then(|v| desk.rules.version(&v)?.read::<Fees>().ok());
        Some(Self {
            fees: fees.or(now.fees.map(|(_, f)| f)),
            merchant: frozen("waterfalls/merchant").or(now.merchant)?,
            party: frozen("waterfalls/party").or(now.party)?,
        })
    }

    pub(crate) fn waterfall(&self, holder: &str) -> &(laotie_facts::RuleVersion, std::sync::Arc<Waterfall>) {
        if holder.starts_with("shop/") || holder.starts_with("merchant/") { &self.merchant } else { &self.party }
    }
}

/// A refund that the market paid out; `earnings` are its order's, as they stand.
pub(crate) fn post_refund(desk: &mut Desk<'_>, earnings: Option<&Earnings>, refund: &RefundPaid, (seq, at): (i64, Timestamp)) {
    let money = format!("{WORLD}/money");
    let mut about =
        About { because: vec![seq], effective_at: Some(at), order: refund.order.as_ref().map(ToString::to_string), ..About::default() };
    let mut left = refund.amount_minor.get();
    if let Some(claim) = &refund.claim {
        about.claim = Some(claim.to_string());
        left -= pay_out_award(desk, earnings, refund, claim.as_str(), &about, left);
        // The rest carries out no ruling, so that taking the ruling back leaves it.
        about.claim = None;
    }
    if left == 0 {
        return;
    }
    let Some(law) = Law::of(desk, earnings) else { return };
    match earnings {
        Some(earnings) => {
            let named: Vec<(Option<&str>, i64)> = refund.lines.iter().map(|l| (Some(l.line.as_str()), l.amount_minor.get())).collect();
            let (lines, mut beyond) = spread_on_lines(earnings, &named, left, refund.currency);
            let mut sides = Vec::new();
            let mut debts = Vec::new();
            reverse_lines(desk, earnings, &lines, &money, &law, (&mut sides, &mut debts));
            desk.post("refund", refund.currency, &about, sides, debts);
            // What the order has no more was awarded before, and is paid out now, named or not.
            for claim in &earnings.ruled {
                if beyond > 0 {
                    let about = About { claim: Some(claim.clone()), ..about.clone() };
                    beyond -= pay_out_award(desk, Some(earnings), refund, claim, &about, beyond);
                }
            }
            if beyond > 0 {
                // More than that: out of goodwill, the shop's.
                pay_from(desk, &format!("shop/{}", earnings.shop), beyond, refund.currency, &money, &law, "goodwill", &about);
            }
        }
        None => {
            let Some(shop) = &refund.shop else { return };
            pay_from(desk, &format!("shop/{shop}"), left, refund.currency, &money, &law, "refund", &about);
        }
    }
}

/// Carries out what a ruling awarded: the buyer's money leaves the books. How much of it there was.
fn pay_out_award(
    desk: &mut Desk<'_>,
    earnings: Option<&Earnings>,
    refund: &RefundPaid,
    claim: &str,
    about: &About,
    amount_minor: i64,
) -> i64 {
    let Some(buyer) = refund.buyer.as_ref().map(ToString::to_string).or_else(|| earnings?.buyer.clone()) else { return 0 };
    let account = Account::new(format!("buyer/{buyer}"), "refunds");
    let unpaid = desk.book.claim(claim).map_or(0, |c| c.unpaid_minor);
    let paid = amount_minor.min(unpaid).min(desk.book.available(&account, refund.currency));
    let sides = vec![Side::new(&account, -paid), Side::new(format!("{WORLD}/money"), paid)];
    desk.post("award_paid", refund.currency, about, sides, Vec::new());
    paid
}

/// A holder pays an amount down its waterfall.
#[expect(clippy::too_many_arguments, reason = "who, how much, to whom, by which law, for what: each stands once")]
pub(crate) fn pay_from(
    desk: &mut Desk<'_>,
    holder: &str,
    amount_minor: i64,
    currency: Currency,
    to: &str,
    law: &Law,
    purpose: &'static str,
    about: &About,
) {
    let mut sides = vec![Side::new(to, amount_minor)];
    let mut debts = Vec::new();
    if holder.starts_with("platform/") {
        sides.push(Side::new(format!("{holder}/fund"), -amount_minor));
    } else {
        let wanted = Draw { amount_minor, currency, creditor: to, holder, line: None, purpose: None, waterfall: law.waterfall(holder) };
        draw(desk, &wanted, &mut sides, &mut debts);
    }
    desk.post(purpose, currency, about, sides, debts);
}

/// Which lines a refund is for: those named, then the others by what is left of them. The rest is more than
/// the order has.
pub(crate) fn spread_on_lines<'e>(
    earnings: &'e Earnings,
    named: &[(Option<&str>, i64)],
    amount_minor: i64,
    currency: Currency,
) -> (Vec<(&'e EarningLine, i64)>, i64) {
    let mut taken: Vec<i64> = vec![0; earnings.lines.len()];
    let mut left = amount_minor;
    for (line, wanted) in named {
        if let Some(i) = earnings.lines.iter().position(|l| l.line.as_deref() == *line) {
            let take = (*wanted).min(left).min(earnings.lines[i].left_minor() - taken[i]).max(0);
            taken[i] += take;
            left -= take;
        }
    }
    let room: Vec<u64> = earnings.lines.iter().zip(&taken).map(|(l, t)| u64::try_from(l.left_minor() - t).unwrap_or(0)).collect();
    let all: u64 = room.iter().sum();
    let rest = left.min(i64::try_from(all).unwrap_or(i64::MAX));
    if rest > 0
        && let Ok(parts) = Money::new(rest, currency).spread(&room)
    {
        for (i, part) in parts.iter().enumerate() {
            taken[i] += part.minor();
        }
        left -= rest;
    }
    (earnings.lines.iter().zip(taken).filter(|(_, t)| *t != 0).collect(), left)
}

/// Reverses shares of lines for what is paid back of each, to a creditor's account.
///
/// A share gives back `share × refunded / paid`, towards zero over the whole of what was paid back so far,
/// and the shop's share the rest, so that paying everything back leaves nothing anywhere.
pub(crate) fn reverse_lines(
    desk: &mut Desk<'_>,
    earnings: &Earnings,
    lines: &[(&EarningLine, i64)],
    creditor: &str,
    law: &Law,
    (sides, debts): (&mut Vec<Side>, &mut Vec<NewDebt>),
) {
    let Some(currency) = earnings.currency else { return };
    let kept = law.fees.as_ref().is_some_and(|f| f.commission_on_refund == CommissionOnRefund::Shop);
    let shop = format!("shop/{}/escrow", earnings.shop);
    for (line, refund) in lines {
        let id = line.line.as_deref();
        sides.push(Side::new(creditor, *refund).of_line(id));
        let mut shop_gives = *refund;
        for part in line.parts.iter().filter(|p| p.account != shop) {
            let mut gives = line.reversed(part, line.refunded_minor + refund) - line.reversed(part, line.refunded_minor);
            let earned = part.amount_minor > 0;
            let own = part.account.starts_with(crate::account::PLATFORM);
            if earned && if own { earnings.shop_share } else { earnings.promoters } != Share::Settled {
                gives = gives.min(in_escrow(desk, earnings, line, part).max(0));
            }
            if gives == 0 || (kept && earned) {
                continue;
            }
            shop_gives -= gives;
            let purpose = known(&part.purpose);
            let account = Account::parse(&part.account).expect("parts stand on accounts");
            if !earned {
                sides.push(Side::new(&account, -gives).of_line(id).purpose(purpose));
                continue;
            }
            give_back(desk, earnings, &account, gives, (currency, id, purpose, creditor), law, (sides, debts));
        }
        if shop_gives != 0 {
            let account = Account::parse(&shop).expect("a shop's escrow is an account");
            give_back(desk, earnings, &account, shop_gives, (currency, id, "goods", creditor), law, (sides, debts));
        }
    }
}

/// A share is given back out of escrow while the order has not settled, down the waterfall afterwards.
fn give_back(
    desk: &mut Desk<'_>,
    earnings: &Earnings,
    account: &Account,
    amount_minor: i64,
    (currency, line, purpose, creditor): (Currency, Option<&str>, &'static str, &str),
    law: &Law,
    (sides, debts): (&mut Vec<Side>, &mut Vec<NewDebt>),
) {
    let own = account.holder.starts_with("shop/") || account.holder == crate::account::PLATFORM;
    let settled = if own { earnings.shop_share } else { earnings.promoters } == Share::Settled;
    let from = if settled { account.settled() } else { account.clone() };
    let side = |minor: i64| Side::new(&from, -minor).of_line(line).purpose(purpose);
    let promoted = account.holder != crate::account::PLATFORM;
    if amount_minor < 0 || !promoted {
        sides.push(side(amount_minor));
        return;
    }
    let mut left = amount_minor;
    if !settled {
        let taken: i64 = sides.iter().filter(|s| s.account == from.to_string()).map(|s| s.amount_minor).sum();
        let take = left.min((desk.book.available(&from, currency) + taken.min(0)).max(0));
        sides.push(side(take));
        left -= take;
    }
    if left > 0 {
        let waterfall = law.waterfall(&account.holder);
        let wanted = Draw { amount_minor: left, currency, creditor, holder: &account.holder, line, purpose: Some(purpose), waterfall };
        draw(desk, &wanted, sides, debts);
    }
}

/// Purposes are words of ours.
pub(crate) fn known(purpose: &str) -> &'static str {
    const WORDS: [&str; 9] =
        ["goods", "freight", "commission", "leader_fee", "promoter_fee", "technical_fee", "service_fee", "share", "subsidy"];
    WORDS.into_iter().find(|w| *w == purpose).unwrap_or("share")
}
