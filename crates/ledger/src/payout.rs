//! Withdrawals: what is available, what stays behind and why, the statement and the pay-out.

use laotie_facts::body::{PayoutMade, StatementDrawn, StatementLine, WithdrawalRequested};
use laotie_facts::{Bps, Currency, Few, Judgement, Money, Name, PayoutId, Rounding, SignedAmount, StatementId, States, Timestamp};
use serde::Serialize;

use crate::account::{Account, WORLD};
use crate::book::Book;
use crate::desk::{About, Desk, Side, amount, party_of};
use crate::documents::Settlement;
use crate::state::{DAY_MICROS, Holds, LedgerState, Party};

/// What a party may withdraw of one currency, and what stays behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "amounts end in the unit")]
pub(crate) struct Available {
    /// Owed subsidies, taken off first.
    pub(crate) subsidy_minor: i64,
    /// Kept back for refunds.
    pub(crate) reserve_minor: i64,
    /// Withheld for damages that are not paid.
    pub(crate) withheld_minor: i64,
    /// Free to go.
    pub(crate) free_minor: i64,
}

/// Reckons what is available to a holder.
pub(crate) fn available(book: &Book<'_>, holder: &str, currency: Currency, settlement: Option<&Settlement>, now: Timestamp) -> Available {
    let proceeds = book.available(&Account::new(holder, "proceeds"), currency);
    let subsidy_minor = (-book.posted(&Account::new(holder, "subsidy"), currency)).clamp(0, proceeds);
    let withheld: i64 =
        book.debts(holder).iter().filter(|(_, d)| d.currency == currency).map(|(debtor, d)| d.withheld_minor(book.owed(debtor, d))).sum();
    let reserve = settlement.map_or(0, |rule| {
        let since = i32::try_from(now.micros() / DAY_MICROS).unwrap_or(i32::MAX) - i32::from(rule.reserve_days);
        let earned: i64 = book
            .party(holder)
            .and_then(|p| p.commission.get(currency.code()))
            .map_or(0, |days| days.range(since + 1..).map(|(_, minor)| minor).sum());
        Money::new(earned, currency).rate(Bps(rule.reserve_bps), Rounding::HalfUp).map_or(0, Money::minor)
    });
    let left = proceeds - subsidy_minor;
    let withheld_minor = withheld.min(left);
    let reserve_minor = reserve.min(left - withheld_minor);
    Available { subsidy_minor, reserve_minor, withheld_minor, free_minor: left - withheld_minor - reserve_minor }
}

/// What a party could withdraw now of one currency, and what stays behind and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payable {
    /// Of all amounts.
    pub currency: Currency,
    /// Free to go; a withdrawal takes it.
    pub free_minor: i64,
    /// Whether nothing is paid out until overdue debts are paid.
    pub frozen: bool,
    /// Kept back for open claims and damages that are not decided.
    pub held_minor: i64,
    /// All proceeds.
    pub proceeds_minor: i64,
    /// Kept back for refunds.
    pub reserve_minor: i64,
    /// Owed subsidies, taken off first.
    pub subsidy_minor: i64,
    /// Withheld for debts.
    pub withheld_minor: i64,
}

/// What a party could withdraw now, a row a currency in which it has proceeds; by the same reckoning as a withdrawal.
///
/// `behind` is the merchant who answers for a shop, with its holder's name.
pub fn payable(
    holder: &str,
    party: &Party,
    behind: Option<(String, Party)>,
    rules: &laotie_facts::RuleBook,
    now: Timestamp,
) -> Vec<Payable> {
    let mut states: States<LedgerState> = States::default();
    states.load(holder.to_owned(), Some(LedgerState::Party(Box::new(party.clone()))));
    let frozen = party.frozen || behind.as_ref().is_some_and(|(_, p)| p.frozen);
    if let Some((name, merchant)) = behind {
        states.load(name, Some(LedgerState::Party(Box::new(merchant))));
    }
    if let Some(merchant) = &party.merchant {
        states.load(format!("merchant/{merchant}"), None);
    }
    let (book, rule) = (Book::new(&states), rule(rules, now));
    let proceeds = party.accounts.get("proceeds").into_iter().flatten().filter(|(_, h)| h.posted_minor > 0);
    let row = |(code, holds): (&String, &Holds)| {
        let currency = Currency::new(code).ok()?;
        let there = available(&book, holder, currency, rule.as_deref(), now);
        Some(Payable {
            currency,
            free_minor: if frozen { 0 } else { there.free_minor },
            frozen,
            held_minor: holds.held_minor,
            proceeds_minor: holds.posted_minor,
            reserve_minor: there.reserve_minor,
            subsidy_minor: there.subsidy_minor,
            withheld_minor: there.withheld_minor,
        })
    };
    proceeds.filter_map(row).collect()
}

fn holder_of(wanted: &WithdrawalRequested) -> String {
    format!("{}/{}", wanted.party_kind.as_str(), wanted.party)
}

fn currency_of(book: &Book<'_>, wanted: &WithdrawalRequested) -> Option<Currency> {
    wanted.currency.or_else(|| {
        let accounts = book.party(&holder_of(wanted))?.accounts.get("proceeds")?;
        let mut codes = accounts.iter().filter(|(_, h)| h.posted_minor > 0).map(|(c, _)| c);
        let code = codes.next()?;
        if codes.next().is_some() { None } else { Currency::new(code).ok() }
    })
}

fn rule(book: &laotie_facts::RuleBook, now: Timestamp) -> Option<std::sync::Arc<Settlement>> {
    book.at("settlement", "standard", now)?.read::<Settlement>().ok()
}

/// Whether a withdrawal can be.
pub(crate) fn judge(balances: &Book<'_>, wanted: &WithdrawalRequested, rules: &laotie_facts::RuleBook, now: Timestamp) -> Judgement {
    let refuse = |code, reason: String| Judgement::Refuse { code, reason };
    let holder = holder_of(wanted);
    let principal = balances.principal(&holder);
    if [&holder, &principal].iter().any(|h| balances.party(h).is_some_and(|p| p.frozen)) {
        let reason = format!("settlement of {holder} is frozen until its overdue debts are paid; top up the margin or freight account");
        return refuse("settlement-frozen", reason);
    }
    let Some(currency) = currency_of(balances, wanted) else {
        return refuse("nothing-available", format!("{holder} has no proceeds to withdraw, or in several currencies: name one"));
    };
    let there = available(balances, &holder, currency, rule(rules, now).as_deref(), now);
    let asked = wanted.amount_minor.map_or(there.free_minor, laotie_facts::Amount::get);
    if asked <= 0 || asked > there.free_minor {
        return refuse(
            if there.free_minor == 0 { "nothing-available" } else { "not-available" },
            format!(
                "{asked} is not available to {holder}: {} is free, {} stays as refund reserve, {} is withheld for debts",
                there.free_minor, there.reserve_minor, there.withheld_minor
            ),
        );
    }
    Judgement::Accept
}

/// Draws the statement and pays out.
pub(crate) fn pay_out(desk: &mut Desk<'_>, wanted: &WithdrawalRequested, seq: i64) {
    let holder = holder_of(wanted);
    let Some(currency) = currency_of(&desk.book, wanted) else { return };
    let rule = rule(desk.rules, desk.now);
    let there = available(&desk.book, &holder, currency, rule.as_deref(), desk.now);
    let paid = wanted.amount_minor.map_or(there.free_minor, laotie_facts::Amount::get);
    let about = About { because: vec![seq], ..About::default() };
    let proceeds = format!("{holder}/proceeds");
    if there.subsidy_minor > 0 {
        let sides = vec![Side::new(&proceeds, -there.subsidy_minor), Side::new(format!("{holder}/subsidy"), there.subsidy_minor)];
        desk.post("subsidy_settled", currency, &about, sides, Vec::new());
    }
    let statement = draw_statement(desk, &holder, currency, there.subsidy_minor);
    let sides = vec![Side::new(&proceeds, -paid), Side::new(format!("{WORLD}/money"), paid)];
    desk.post("payout", currency, &about, sides, Vec::new());
    let Some((party_kind, party)) = party_of(&holder) else { return };
    let payout = desk.next_id("pay");
    let reserved = there.reserve_minor > 0;
    desk.say(
        PayoutMade {
            amount_minor: amount(paid),
            currency,
            held_minor: (there.withheld_minor > 0).then(|| amount(there.withheld_minor)),
            party,
            party_kind,
            payout: PayoutId::new(payout).expect("ids of ours are valid"),
            reserve_minor: reserved.then(|| amount(there.reserve_minor)),
            reserve_until: rule.filter(|_| reserved).map(|r| desk.now.plus_micros(i64::from(r.reserve_days) * DAY_MICROS)),
            statement,
        }
        .into(),
    );
}

/// What moved on the proceeds since the last statement, by what it was for; the lines add up to what is there.
fn draw_statement(desk: &mut Desk<'_>, holder: &str, currency: Currency, subsidy_minor: i64) -> Option<StatementId> {
    let since = desk.book.party(holder)?.since.get(currency.code())?.clone();
    let line = |purpose: &str, minor: i64| StatementLine {
        amount_minor: SignedAmount::new(minor).expect("amounts are bounded when they are sent"),
        line: None,
        order: None,
        posting: None,
        purpose: Name::new(purpose).expect("purposes are names"),
    };
    let mut lines: Vec<StatementLine> = Vec::new();
    if since.opening_minor != 0 {
        lines.push(line("opening", since.opening_minor));
    }
    lines.extend(since.sums.iter().filter(|(_, minor)| **minor != 0).map(|(purpose, minor)| line(purpose, *minor)));
    if subsidy_minor > 0 {
        lines.push(line("subsidy_settled", -subsidy_minor));
    }
    let total: i64 = lines.iter().map(|l| l.amount_minor.get()).sum();
    let (party_kind, party) = party_of(holder)?;
    let statement = StatementId::new(desk.next_id("stm")).expect("ids of ours are valid");
    let body = StatementDrawn {
        contract: None,
        currency,
        final_at: None,
        from: since.from,
        lines: Few::new(lines).expect("purposes are few"),
        party,
        party_kind,
        statement: statement.clone(),
        supersedes: None,
        total_minor: SignedAmount::new(total).expect("amounts are bounded when they are sent"),
        until: desk.now,
        valid_gmv_minor: None,
    };
    desk.say(body.into());
    Some(statement)
}
