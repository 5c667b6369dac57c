//! Debts that froze a party's settlement: it asks to pay them in parts, and the platform agrees.

use laotie_facts::body::{DebtRaised, Instalment, PlanAgreed, PlanProposed, PlanSide, SettlementFrozen};
use laotie_facts::{Amount, Few, PlanId};

use crate::happening::Sender;
use crate::market::{Market, party_id, stamp};
use crate::rhythm::{DAY, HOUR};

/// Debts that are remembered; of more the oldest go.
const REMEMBERED: usize = 10_000;

impl Market {
    /// A debt was raised: who owes remembers it.
    pub(crate) fn owe(&mut self, debt: &DebtRaised) {
        if self.debts.len() == REMEMBERED {
            self.debts.pop_front();
        }
        self.debts.push_back(debt.clone());
    }

    /// Nothing is paid out to a party any more: within hours it proposes to pay each debt in two halves, a fortnight apart.
    ///
    /// A party does not know what was taken of a debt meanwhile, so that a proposal may be refused.
    pub(crate) fn ask_for_plans(&mut self, frozen: &SettlementFrozen) {
        for named in &frozen.debts {
            let Some(debt) = self.debts.iter().find(|d| d.debt == *named).cloned() else { continue };
            let (asked, owed) = (self.now + 3 * HOUR, debt.amount_minor.get());
            let half = owed / 2;
            let part = |minor: i64, days: i64| {
                Some(Instalment { amount_minor: Amount::new(minor).ok().filter(|_| minor > 0)?, due: stamp(asked + days * DAY) })
            };
            let parts: Vec<Instalment> = [part(owed - half, 14), part(half, 28)].into_iter().flatten().collect();
            let (Ok(instalments), Ok(plan)) = (Few::new(parts), PlanId::new(format!("pl-{}", debt.debt))) else { continue };
            let proposed = PlanProposed {
                by: debt.party.clone(),
                currency: debt.currency,
                debt: debt.debt,
                instalments,
                party: debt.party.clone(),
                party_kind: debt.party_kind,
                plan: plan.clone(),
                share_bps: None,
                side: PlanSide::Debtor,
            };
            let agreed = PlanAgreed {
                by: party_id("platform-accounts".to_owned()),
                party: debt.party,
                party_kind: debt.party_kind,
                plan: plan.clone(),
                side: PlanSide::Creditor,
            };
            self.say_at(asked, Sender::Platform, format!("{plan}/proposed"), proposed);
            self.say_at(asked + 20 * HOUR, Sender::Platform, format!("{plan}/agreed"), agreed);
        }
    }
}
