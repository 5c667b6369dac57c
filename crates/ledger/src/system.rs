//! The ledger as a system of the engine.

use laotie_facts::body::{FrozenPart, FrozenTerm, RefundPaid};
use laotie_facts::{
    Balance, Body, Currency, Draft, Due, Fact, Flaw, Judgement, Listing, RuleBook, RuleDocument, SAFE_MAX, SignedAmount, States, System,
    Timestamp,
};

use crate::account::{Account, WORLD};
use crate::book::Book;
use crate::desk::Desk;
use crate::documents::{Fees, MoneyRules, Settlement, Waterfall};
use crate::evolve::evolve;
use crate::money_in::{charge_premium, post_deposit};
use crate::order::{fall_due, hold_for_claim, hold_for_others, sell, settle_what_waited, take_back};
use crate::reach::reach;
use crate::rows::{balances_row, debt_rows};
use crate::state::{Debt, LedgerState};
use crate::{payout, penalty, plan, refund, ruling, sale};

/// The ledger; its states are keyed by party (`KIND/ID`), `order/ID`, `claim/ID` and `penalty/ID`.
pub struct Ledger;

impl System for Ledger {
    const NAME: &'static str = "ledger";
    type State = LedgerState;

    fn touches(before: &States<LedgerState>, fact: &Fact) -> Vec<String> {
        reach(before, fact)
    }

    fn judge(before: &States<LedgerState>, fact: &Fact, rules: &RuleBook) -> Judgement {
        let book = Book::new(before);
        match &fact.body {
            Body::OrderPaid(paid) => {
                if let Some(over) = overflows(&book, paid.currency, paid.paid_minor.get()) {
                    return over;
                }
                let fees = MoneyRules::at(rules, fact.at).fees;
                match sale::check(paid, fees.as_ref().map(|(_, f)| f.as_ref())) {
                    Ok(()) => Judgement::Accept,
                    Err(reason) => Judgement::Refuse { code: "splits-exceed-goods", reason },
                }
            }
            Body::RefundPaid(paid) => exceeds(&book, paid).unwrap_or(Judgement::Accept),
            Body::MarginPaid(paid) => overflows(&book, paid.currency, paid.amount_minor.get()).unwrap_or(Judgement::Accept),
            Body::WithdrawalRequested(wanted) => payout::judge(&book, wanted, rules, fact.seen),
            Body::PlanProposed(proposed) => plan::judge_proposal(&book, proposed, fact.at),
            Body::PlanAgreed(agreed) => plan::judge_agreement(&book, agreed, fact.at),
            _ => Judgement::Accept,
        }
    }

    fn freeze(_: &States<LedgerState>, fact: &Fact, rules: &RuleBook) -> Option<FrozenPart> {
        let Body::OrderPaid(_) = &fact.body else { return None };
        let law = MoneyRules::at(rules, fact.at);
        let mut part = FrozenPart::default();
        let mut text = |name: &str, version: &laotie_facts::RuleVersion| {
            part.terms.insert(name.to_owned(), FrozenTerm::Text(version.to_string()));
            part.rules.push(version.clone());
        };
        law.fees.iter().for_each(|(v, _)| text("fees", v));
        law.merchant.iter().for_each(|(v, _)| text("waterfall", v));
        law.party.iter().for_each(|(v, _)| text("promoter_waterfall", v));
        law.settlement.iter().for_each(|(v, _)| text("settlement", v));
        if let Some((_, settlement)) = &law.settlement {
            let mut number = |name: &str, value: i64| {
                if let Ok(value) = SignedAmount::new(value) {
                    part.terms.insert(name.to_owned(), FrozenTerm::Number(value));
                }
            };
            number("shop_days", i64::from(settlement.shop_days));
            number("promoter_days", i64::from(settlement.promoter_days));
            number("freight_cover_floor_minor", settlement.freight_cover_floor_minor);
        }
        (!part.terms.is_empty()).then_some(part)
    }

    fn decide(before: &States<LedgerState>, fact: &Fact, rules: &RuleBook, now: Timestamp) -> Vec<Draft> {
        let mut desk = Desk::new(before, fact, rules, now);
        match &fact.body {
            Body::OrderFrozen(frozen) => sell(&mut desk, frozen, fact),
            Body::OrderDispatched(sent) => {
                if let Some(earnings) = desk.book.order(sent.order.as_str()) {
                    charge_premium(&mut desk, earnings, sent.order.as_str());
                }
            }
            Body::OrderReceived(received) => {
                if let Some(earnings) = desk.book.order(received.order.as_str()) {
                    settle_what_waited(&mut desk, earnings, received.order.as_str(), None);
                }
            }
            Body::RefundPaid(paid) => {
                let earnings = paid.order.as_ref().and_then(|o| desk.book.order(o.as_str()));
                if paid.order.is_none() || earnings.is_some_and(|e| !e.lines.is_empty()) {
                    refund::post_refund(&mut desk, earnings, paid, (fact.seq, fact.at));
                }
            }
            Body::ClaimOpened(opened) => hold_for_claim(&mut desk, opened, rules),
            Body::RulingMade(made) => {
                let earnings = ruling::post_ruling(&mut desk, made, fact.seq);
                if let (Some(earnings), Some(order)) = (earnings, &made.order) {
                    hold_for_others(&mut desk, &earnings, order.as_str(), made.claim.as_str(), rules);
                    settle_what_waited(&mut desk, &earnings, order.as_str(), Some(made.claim.as_str()));
                }
            }
            Body::PenaltyImposed(imposed) => penalty::post_damages(&mut desk, imposed, fact.seq),
            Body::PenaltyLifted(lifted) => penalty::take_back(&mut desk, lifted, fact.seq),
            Body::MarginPaid(paid) => post_deposit(&mut desk, paid),
            Body::WithdrawalRequested(wanted) => payout::pay_out(&mut desk, wanted, fact.seq),
            Body::PlanAgreed(agreed) => plan::agreed(&mut desk, agreed),
            Body::DeadlinePassed(passed) if passed.system.as_str() == Self::NAME => {
                fall_due(&mut desk, passed.key.as_str(), passed.purpose.as_str());
            }
            Body::FactVoided(_) => take_back(&mut desk, fact),
            _ => {}
        }
        desk.drafts
    }

    fn evolve(states: &mut States<LedgerState>, fact: &Fact) {
        evolve(states, fact);
    }

    fn listings(key: &str, state: &LedgerState) -> Vec<Listing> {
        match state {
            LedgerState::Party(party) => balances_row(key, party).into_iter().chain(debt_rows(key, party)).collect(),
            _ => Vec::new(),
        }
    }

    fn deadlines(_: &str, state: &LedgerState) -> Vec<Due> {
        match state {
            LedgerState::Party(party) => {
                let open = party.debts.iter().filter(|d| !d.overdue);
                let next = |d: &Debt| Some(Due { purpose: format!("plan/{}", d.id), due: d.plan.as_ref()?.next()?.due });
                open.map(|d| Due { purpose: format!("debt/{}", d.id), due: d.due }).chain(party.debts.iter().filter_map(next)).collect()
            }
            LedgerState::Order(order) => {
                let mut due = Vec::new();
                if let Some(at) = order.shop_settles_at {
                    due.push(Due { purpose: "settlement".to_owned(), due: at });
                }
                if let Some(at) = order.promoters_settle_at {
                    due.push(Due { purpose: "commission_settlement".to_owned(), due: at });
                }
                due
            }
            _ => Vec::new(),
        }
    }

    fn balances(key: &str, state: &LedgerState) -> Vec<Balance> {
        let LedgerState::Party(party) = state else { return Vec::new() };
        let of = |purpose: &str, code: &str, holds: &crate::state::Holds| {
            let account = Account::new(key, purpose);
            Some(Balance {
                currency: Currency::new(code).ok()?,
                floor_minor: party.floor(&account),
                account: account.to_string(),
                posted_minor: holds.posted_minor,
                held_minor: holds.held_minor,
            })
        };
        party.accounts.iter().flat_map(|(purpose, by)| by.iter().filter_map(move |(code, holds)| of(purpose, code, holds))).collect()
    }

    fn check_rule(family: &str, document: &RuleDocument) -> Result<(), Flaw> {
        match family {
            "waterfalls" => document.read::<Waterfall>().map(|_| ()),
            "fees" => document.read::<Fees>().map(|_| ()),
            "settlement" => document.read::<Settlement>().map(|_| ()),
            _ => Ok(()),
        }
    }
}

/// A refund that names a claim may pay what was awarded and what is left of the order, no more.
fn exceeds(book: &Book<'_>, paid: &RefundPaid) -> Option<Judgement> {
    let earnings = book.order(paid.order.as_ref()?.as_str())?;
    let awarded = book.claim(paid.claim.as_ref()?.as_str()).map_or(0, |c| c.unpaid_minor);
    let (left, amount) = (earnings.left_minor(), paid.amount_minor.get());
    (amount > left.saturating_add(awarded)).then(|| Judgement::Refuse {
        code: "refund-exceeds-paid",
        reason: format!("{amount} is more than the {left} left of the order and the {awarded} that the claim was awarded and not yet paid"),
    })
}

fn overflows(book: &Book<'_>, currency: Currency, amount_minor: i64) -> Option<Judgement> {
    let world = book.posted(&Account::new(WORLD, "money"), currency);
    (world.saturating_sub(amount_minor) < -SAFE_MAX).then(|| Judgement::Refuse {
        code: "amount-overflows",
        reason: format!("with {amount_minor} more the market's books would pass 2^53 - 1 minor units of {currency}"),
    })
}
