//! Where a decision writes its postings, holds and debts, one after the other.

use std::fmt;

use laotie_facts::body::{
    DebtRaised, HoldEnd, HoldEnded, HoldPlaced, PartyKind, PostingEntry, PostingMade, SettlementFrozen, SettlementResumed,
};
use laotie_facts::{
    Amount, Body, Calendar, ClaimId, Currency, DebtId, Draft, Fact, Few, HoldId, LineId, Name, OrderId, PartyId, PenaltyId, PostingId,
    RuleBook, RuleVersion, SignedAmount, States, Text, Timestamp, derived_id,
};

use crate::book::Book;
use crate::state::{LedgerState, Posted};

/// One side of a posting under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Side {
    pub(crate) account: String,
    pub(crate) amount_minor: i64,
    pub(crate) line: Option<String>,
    pub(crate) purpose: Option<&'static str>,
}

impl Side {
    pub(crate) fn new(account: impl fmt::Display, amount_minor: i64) -> Self {
        Self { account: account.to_string(), amount_minor, line: None, purpose: None }
    }

    pub(crate) fn of_line(mut self, line: Option<&str>) -> Self {
        self.line = line.map(str::to_owned);
        self
    }

    pub(crate) fn purpose(mut self, purpose: &'static str) -> Self {
        self.purpose = Some(purpose);
        self
    }
}

/// What a posting is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    pub(crate) claim: Option<String>,
    pub(crate) order: Option<String>,
    pub(crate) penalty: Option<String>,
    pub(crate) because: Vec<i64>,
    pub(crate) effective_at: Option<Timestamp>,
    pub(crate) reverses: Option<String>,
}

/// A debt that goes with a posting.
#[derive(Debug, Clone)]
pub(crate) struct NewDebt {
    pub(crate) amount_minor: i64,
    pub(crate) creditor_account: String,
    pub(crate) debtor: String,
    pub(crate) due: Timestamp,
    pub(crate) freezes: bool,
    pub(crate) id: String,
}

/// A decision under way.
pub(crate) struct Desk<'a> {
    pub(crate) book: Book<'a>,
    pub(crate) rules: &'a RuleBook,
    pub(crate) now: Timestamp,
    pub(crate) drafts: Vec<Draft>,
    seq: i64,
    ordinal: u32,
    law: Vec<RuleVersion>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(states: &'a States<LedgerState>, fact: &Fact, rules: &'a RuleBook, now: Timestamp) -> Self {
        Self { book: Book::new(states), rules, now, drafts: Vec::new(), seq: fact.seq, ordinal: 0, law: Vec::new() }
    }

    pub(crate) fn calendar(&self) -> std::sync::Arc<Calendar> {
        Calendar::at(self.rules, self.now)
    }

    /// Names a rule version that what is written next rests on.
    pub(crate) fn rests_on(&mut self, version: RuleVersion) {
        if !self.law.contains(&version) {
            self.law.push(version);
        }
    }

    pub(crate) fn next_id(&mut self, prefix: &str) -> String {
        self.ordinal += 1;
        derived_id(prefix, self.seq, "ledger", self.ordinal)
    }

    fn write(&mut self, body: Body, because: Vec<i64>) {
        let mut rules = self.law.clone();
        rules.sort();
        self.drafts.push(Draft { at: self.now, body, because, rules });
    }

    /// Posts sides that add up to nothing, and raises the debts that go with them; sides without an amount
    /// are left out, and with all of them the posting.
    pub(crate) fn post(&mut self, purpose: &'static str, currency: Currency, about: &About, sides: Vec<Side>, debts: Vec<NewDebt>) {
        let sides = merged(sides);
        if sides.is_empty() {
            return;
        }
        assert_eq!(sides.iter().map(|s| i128::from(s.amount_minor)).sum::<i128>(), 0, "a posting adds up to nothing");
        for side in &sides {
            self.book.moves(&side.account, currency, side.amount_minor);
        }
        let id = self.next_id("pst");
        let entries: Vec<PostingEntry> = sides.into_iter().map(entry).collect();
        self.write_posting(&id, purpose, currency, about, entries);
        for debt in debts {
            self.raise(debt, currency, about, &id);
        }
    }

    fn write_posting(&mut self, id: &str, purpose: &'static str, currency: Currency, about: &About, entries: Vec<PostingEntry>) {
        let body = PostingMade {
            claim: about.claim.as_ref().map(|c| ClaimId::new(c.clone()).expect("an id that was read")),
            contract: None,
            currency,
            effective_at: about.effective_at.filter(|at| *at != self.now),
            entries: Few::new(entries).expect("a posting has two to a thousand sides"),
            order: about.order.as_ref().map(|o| OrderId::new(o.clone()).expect("an id that was read")),
            penalty: about.penalty.as_ref().map(|p| PenaltyId::new(p.clone()).expect("an id that was read")),
            posting: PostingId::new(id).expect("ids of ours are valid"),
            purpose: Name::new(purpose).expect("purposes are names"),
            reverses: about.reverses.as_ref().map(|r| PostingId::new(r.clone()).expect("ids of ours are valid")),
        };
        self.write(body.into(), about.because.clone());
    }

    fn raise(&mut self, debt: NewDebt, currency: Currency, about: &About, posting: &str) {
        let Some((kind, party)) = party_of(&debt.debtor) else { return };
        let body = DebtRaised {
            amount_minor: amount(debt.amount_minor),
            claim: about.claim.as_ref().map(|c| ClaimId::new(c.clone()).expect("an id that was read")),
            creditor_account: Text::new(debt.creditor_account).expect("account names are short"),
            currency,
            debt: DebtId::new(debt.id).expect("ids of ours are valid"),
            due: debt.due,
            freezes: debt.freezes,
            order: about.order.as_ref().map(|o| OrderId::new(o.clone()).expect("an id that was read")),
            party,
            party_kind: kind,
            penalty: about.penalty.as_ref().map(|p| PenaltyId::new(p.clone()).expect("an id that was read")),
            posting: PostingId::new(posting).expect("ids of ours are valid"),
        };
        self.write(body.into(), about.because.clone());
    }

    /// Keeps part of an account back.
    pub(crate) fn hold(&mut self, account: &str, amount_minor: i64, currency: Currency, purpose: &'static str, about: &About) {
        let hold = self.next_id("hld");
        self.book.frees(account, currency, -amount_minor);
        let body = HoldPlaced {
            account: Text::new(account).expect("account names are short"),
            amount_minor: amount(amount_minor),
            claim: about.claim.as_ref().map(|c| ClaimId::new(c.clone()).expect("an id that was read")),
            currency,
            hold: HoldId::new(hold).expect("ids of ours are valid"),
            order: about.order.as_ref().map(|o| OrderId::new(o.clone()).expect("an id that was read")),
            penalty: None,
            purpose: Name::new(purpose).expect("purposes are names"),
            until: None,
        };
        self.write(body.into(), about.because.clone());
    }

    /// Ends a hold of a party, so that its money counts as available again.
    pub(crate) fn end_hold(&mut self, holder: &str, hold: &str, end: HoldEnd) {
        let Some(holding) = self.book.party(holder).and_then(|p| p.holds.get(hold)) else { return };
        let account = format!("{holder}/{}", holding.on);
        self.book.frees(&account, holding.currency, holding.amount_minor);
        let body = HoldEnded {
            account: Text::new(account).expect("account names are short"),
            amount_minor: amount(holding.amount_minor),
            currency: holding.currency,
            end,
            hold: HoldId::new(hold).expect("an id that was read"),
        };
        self.write(body.into(), Vec::new());
    }

    /// Nothing is paid out to a party any more.
    pub(crate) fn freeze(&mut self, holder: &str, debts: &[&str], reasons: Vec<laotie_facts::body::Reason>) {
        let Some((party_kind, party)) = party_of(holder) else { return };
        let debts = debts.iter().filter_map(|d| DebtId::new(*d).ok()).take(1_000).collect();
        let body = SettlementFrozen {
            debts: Few::new(debts).expect("at most a thousand"),
            party,
            party_kind,
            reasons: Few::new(reasons).expect("a few"),
        };
        self.write(body.into(), Vec::new());
    }

    /// A party is paid out again.
    pub(crate) fn resume(&mut self, holder: &str) {
        let Some((party_kind, party)) = party_of(holder) else { return };
        self.write(SettlementResumed { party, party_kind }.into(), Vec::new());
    }

    /// Writes a fact of another kind.
    pub(crate) fn say(&mut self, body: Body) {
        self.write(body, Vec::new());
    }
}

/// Sides with the same account, line and purpose become one; those without an amount go.
fn merged(sides: Vec<Side>) -> Vec<Side> {
    let mut merged: Vec<Side> = Vec::with_capacity(sides.len());
    for side in sides {
        match merged.iter_mut().find(|m| (&m.account, &m.line, m.purpose) == (&side.account, &side.line, side.purpose)) {
            Some(same) => same.amount_minor += side.amount_minor,
            None => merged.push(side),
        }
    }
    merged.retain(|s| s.amount_minor != 0);
    merged
}

fn entry(side: Side) -> PostingEntry {
    PostingEntry {
        account: Text::new(side.account).expect("account names are short"),
        amount_minor: SignedAmount::new(side.amount_minor).expect("amounts are bounded when they are sent"),
        line: side.line.map(|l| LineId::new(l).expect("an id that was read")),
        purpose: side.purpose.map(|p| Name::new(p).expect("purposes are names")),
    }
}

pub(crate) fn amount(minor: i64) -> Amount {
    Amount::new(minor).expect("amounts are bounded when they are sent")
}

/// Kind and id of a holder.
pub(crate) fn party_of(holder: &str) -> Option<(PartyKind, PartyId)> {
    let (kind, id) = holder.split_once('/')?;
    let kind = PartyKind::from_name(kind)?;
    Some((kind, PartyId::new(id).ok()?))
}

/// A posting as a state keeps it.
pub(crate) fn posted(fact: &Fact, posting: &PostingMade) -> Posted {
    Posted {
        because: fact.because.clone(),
        entries: posting.entries.iter().cloned().collect(),
        id: posting.posting.to_string(),
        purpose: posting.purpose.as_str().to_owned(),
    }
}
