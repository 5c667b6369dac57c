//! Plans by which an overdue debt is paid in instalments: what may be agreed, what is taken when, and what a missed one ends.

use laotie_facts::body::{Instalment, PlanAgreed, PlanBroken, PlanProposed, PlanSide, Reason};
use laotie_facts::{Bps, Currency, DebtId, FactBody as _, Few, Judgement, Money, Name, PlanId, Quantity, Rounding, Text, Timestamp};
use serde::{Deserialize, Serialize};

use crate::book::Book;
use crate::desk::{Desk, amount, party_of};
use crate::recovery::{holders_of, resume_but, take};
use crate::state::Debt;

/// A plan of instalments, proposed or agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Who agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_by: Option<String>,
    /// What is paid by when, the earliest first.
    pub instalments: Vec<Instalment>,
    /// How many instalments' times have passed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub passed: usize,
    /// The plan.
    pub plan: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// The share of each sale's proceeds that is taken as it settles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_bps: Option<i32>,
    /// On which side it was proposed.
    pub side: PlanSide,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Plan {
    pub(crate) fn of(proposed: &PlanProposed) -> Self {
        Self {
            agreed_by: None,
            instalments: proposed.instalments.iter().cloned().collect(),
            passed: 0,
            plan: proposed.plan.to_string(),
            proposed_by: proposed.by.to_string(),
            share_bps: proposed.share_bps.and_then(|s| i32::try_from(s.get()).ok()),
            side: proposed.side,
        }
    }

    fn total_minor(&self) -> i64 {
        self.instalments.iter().fold(0i64, |sum, i| sum.saturating_add(i.amount_minor.get()))
    }

    /// The instalment that comes next.
    pub fn next(&self) -> Option<&Instalment> {
        self.instalments.get(self.passed)
    }

    /// How much of the next instalment is missing while so much of the debt is left: whatever was paid before it, by
    /// shares of sales or otherwise, counts towards it.
    pub fn missing_minor(&self, left_minor: i64) -> i64 {
        let through: i64 = self.instalments.iter().take(self.passed + 1).map(|i| i.amount_minor.get()).sum();
        (left_minor - (self.total_minor() - through)).max(0)
    }

    /// What stays behind at a withdrawal: the next instalment, unless a share of each sale pays.
    pub(crate) fn withheld_minor(&self, left_minor: i64) -> i64 {
        if self.share_bps.is_some() { 0 } else { self.missing_minor(left_minor) }
    }
}

impl Debt {
    /// Whether a plan of that id is proposed for it.
    pub(crate) fn is_proposed(&self, plan: &str) -> bool {
        self.proposed.as_ref().is_some_and(|p| p.plan == plan)
    }

    /// Whether it is paid by a plan of that id.
    pub(crate) fn is_on(&self, plan: &str) -> bool {
        self.plan.as_ref().is_some_and(|p| p.plan == plan)
    }

    /// What an open debt keeps back at a withdrawal.
    pub(crate) fn withheld_minor(&self, left_minor: i64) -> i64 {
        self.plan.as_ref().map_or(left_minor, |p| p.withheld_minor(left_minor)).max(0)
    }
}

fn refuse(code: &'static str, reason: String) -> Judgement {
    Judgement::Refuse { code, reason }
}

/// Whether a plan can be proposed: for a debt that is overdue, on no plan yet, and for all that is left of it.
pub(crate) fn judge_proposal(book: &Book<'_>, proposed: &PlanProposed, at: Timestamp) -> Judgement {
    let debtor = proposed.subject().to_string();
    let Some(debt) = book.party(&debtor).and_then(|p| p.debts.iter().find(|d| d.id == proposed.debt.as_str())) else {
        return refuse("debt-unknown", format!("{debtor} has no open debt `{}`", proposed.debt));
    };
    if !debt.overdue {
        return refuse("debt-not-due", format!("the debt is due {}; a plan is for what was not paid by then", debt.due));
    }
    if let Some(plan) = &debt.plan {
        return refuse("plan-stands", format!("plan `{}` stands; it ends with its last instalment or the first that is missed", plan.plan));
    }
    if debt.currency != proposed.currency {
        return refuse(
            "currency-mismatch",
            format!("the debt is in {}, the plan in {}; nothing converts", debt.currency, proposed.currency),
        );
    }
    let (plan, left) = (Plan::of(proposed), book.owed(&debtor, debt));
    if plan.total_minor() != left {
        return refuse("plan-does-not-cover", format!("the instalments come to {}, {left} is owed", plan.total_minor()));
    }
    in_time(&plan, at)
}

fn in_time(plan: &Plan, at: Timestamp) -> Judgement {
    match plan.instalments.first().filter(|i| i.due <= at) {
        Some(first) => refuse("plan-too-late", format!("the first instalment was due {}; propose later ones", first.due)),
        None => Judgement::Accept,
    }
}

/// Whether a plan can be agreed to: by the other side, in somebody else's name, before its first instalment.
pub(crate) fn judge_agreement(book: &Book<'_>, agreed: &PlanAgreed, at: Timestamp) -> Judgement {
    let debtor = agreed.subject().to_string();
    let Some(plan) = proposal(book, &debtor, agreed) else {
        return refuse("plan-unknown", format!("no plan `{}` is proposed to {debtor}; another may have taken its place", agreed.plan));
    };
    if plan.side == agreed.side || plan.proposed_by == agreed.by.as_str() {
        return refuse("plan-own-proposal", format!("`{}` proposed the plan; the other side agrees to it", plan.proposed_by));
    }
    in_time(plan, at)
}

fn proposal<'a>(book: &Book<'a>, debtor: &str, agreed: &PlanAgreed) -> Option<&'a Plan> {
    let debt = book.party(debtor)?.debts.iter().find(|d| d.is_proposed(agreed.plan.as_str()))?;
    debt.proposed.as_ref()
}

/// A plan is agreed to: what it is about keeps nobody's settlement frozen any more.
pub(crate) fn agreed(desk: &mut Desk<'_>, agreed: &PlanAgreed) {
    let debtor = agreed.subject().to_string();
    let debt = desk.book.party(&debtor).and_then(|p| p.debts.iter().find(|d| d.is_proposed(agreed.plan.as_str())));
    if let Some(debt) = debt {
        resume_but(desk, &debtor, Some(&debt.id));
    }
}

/// Takes the agreed share of what a sale brought, for every debt on such a plan, the earliest due first.
pub(crate) fn take_shares(desk: &mut Desk<'_>, holder: &str, came_minor: i64, currency: Currency) {
    for (debtor, debt) in desk.book.debts(holder) {
        let Some(bps) = debt.plan.as_ref().and_then(|p| p.share_bps).filter(|_| debt.currency == currency && came_minor > 0) else {
            continue;
        };
        let share = Money::new(came_minor, currency).rate(Bps(bps), Rounding::HalfUp).map_or(0, Money::minor);
        take(desk, holder, &debtor, debt, share, false);
    }
}

/// An instalment fell due: what is missing of it is taken, and with anything left the plan is broken.
pub(crate) fn instalment_due(desk: &mut Desk<'_>, debtor: &str, id: &str) {
    let Some(party) = desk.book.party(debtor) else { return };
    let Some((debt, plan)) = party.debts.iter().find(|d| d.id == id).and_then(|d| Some((d, d.plan.as_ref()?))) else { return };
    let Some(instalment) = plan.next() else { return };
    for holder in holders_of(party, debtor) {
        let missing = plan.missing_minor(desk.book.owed(debtor, debt));
        take(desk, &holder, debtor, debt, missing, true);
    }
    let missing = plan.missing_minor(desk.book.owed(debtor, debt));
    let Some((party_kind, named)) = party_of(debtor).filter(|_| missing > 0) else { return };
    let number = plan.passed + 1;
    let text = format!(
        "instalment {number} of {}: {missing} minor units of {} are missing since {}",
        plan.instalments.len(),
        debt.currency,
        instalment.due
    );
    let reason = Reason {
        clause: None,
        code: Name::new("instalment_missed").expect("codes are names"),
        facts: Few::default(),
        text: Text::new(text).ok(),
    };
    let body = PlanBroken {
        currency: debt.currency,
        debt: DebtId::new(debt.id.clone()).expect("an id that was read"),
        due: instalment.due,
        instalment: Quantity::new(i64::try_from(number).unwrap_or(1)).expect("a hundred at most"),
        missing_minor: amount(missing),
        party: named,
        party_kind,
        plan: PlanId::new(plan.plan.clone()).expect("an id that was read"),
        reasons: Few::new(vec![reason.clone()]).expect("one"),
    };
    desk.say(body.into());
    if debt.freezes && !party.frozen {
        desk.freeze(debtor, &[id], vec![reason]);
    }
}

/// A plan was recorded by mistake: the debt is overdue as it was.
pub(crate) fn undone(desk: &mut Desk<'_>, debtor: &str, plan: &str) {
    let Some(party) = desk.book.party(debtor) else { return };
    let Some(debt) = party.debts.iter().find(|d| d.is_on(plan)) else { return };
    for holder in holders_of(party, debtor) {
        let owed = desk.book.owed(debtor, debt);
        take(desk, &holder, debtor, debt, owed, true);
    }
    let left = desk.book.owed(debtor, debt);
    if left > 0 && debt.freezes && !party.frozen {
        desk.freeze(debtor, &[&debt.id], vec![crate::recovery::overdue(debt, left)]);
    }
}
