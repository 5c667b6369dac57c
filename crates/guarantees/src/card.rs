//! The face of the trust card: what a buyer is promised in a room, on an item, on an order, and what is not given and why.

use laotie_facts::body::BuyerStanding;
use laotie_facts::{ClockUnit, RuleBook};
use serde::Serialize;

use crate::document::{Base, DecidedBy, Guarantee, Level, PaidBy, Since, Words};
use crate::entitle::{Asked, Denial, Goods, denials, standing};
use crate::freeze::FAMILY;
use crate::order::OrderState;

/// A guarantee on the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardLine {
    /// The clause.
    pub clause: Said,
    /// Whether a reviewer must decide.
    pub discretionary: bool,
    /// Whether it is given.
    pub given: bool,
    /// Its name in rules.
    pub guarantee: String,
    /// `base` or `upgraded`.
    pub level: &'static str,
    /// What it is called.
    pub name: Said,
    /// Who pays: `shop`, `platform`, `streamer`.
    pub payers: Vec<&'static str>,
    /// The promise in plain words.
    pub promise: Said,
    /// Why it is not given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Denial>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// The version that holds.
    pub version: String,
}

/// Words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl From<&Words> for Said {
    fn from(words: &Words) -> Self {
        Self { en: words.en.clone(), zh: words.zh.clone() }
    }
}

/// A window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Until {
    /// From when it counts.
    pub from: &'static str,
    /// How many.
    pub length: u16,
    /// Of what.
    pub unit: &'static str,
}

/// A trust card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Guarantees, base ones first, given ones before others.
    pub lines: Vec<CardLine>,
    /// The buyer's standing.
    pub standing: BuyerStanding,
}

/// The card that a buyer would have now: the same function that freezes an order says what is given.
pub fn card(book: &RuleBook, asked: &Asked<'_>, goods: &Goods<'_>) -> Card {
    let mut lines: Vec<CardLine> = book
        .family_at(FAMILY, asked.at)
        .filter_map(|(_, document)| {
            let rule = document.read::<Guarantee>().ok()?;
            (!rule.entitlement.fallback).then(|| face(&rule, document.version.as_str(), denials(&rule, asked, goods)))
        })
        .collect();
    in_order(&mut lines);
    Card { lines, standing: standing(asked) }
}

/// The card that an order carries: the frozen guarantees, whatever the rules say today.
pub fn card_of_order(book: &RuleBook, order: &OrderState) -> Card {
    let mut lines: Vec<CardLine> = order
        .terms
        .values()
        .filter_map(|term| {
            let rule = book.version(&term.version)?.read::<Guarantee>().ok()?;
            (!rule.entitlement.fallback).then(|| face(&rule, term.version.as_str(), Vec::new()))
        })
        .collect();
    in_order(&mut lines);
    Card { lines, standing: order.standing }
}

fn in_order(lines: &mut [CardLine]) {
    lines.sort_by(|a, b| (!a.given, a.level, &a.guarantee).cmp(&(!b.given, b.level, &b.guarantee)));
}

fn face(rule: &Guarantee, version: &str, reasons: Vec<Denial>) -> CardLine {
    let mut payers: Vec<PaidBy> = rule
        .award
        .iter()
        .flat_map(|a| if a.shares.is_empty() { vec![a.payer.unwrap_or(PaidBy::Shop)] } else { a.shares.iter().map(|s| s.payer).collect() })
        .collect();
    payers.sort_unstable();
    payers.dedup();
    CardLine {
        clause: (&rule.clause).into(),
        discretionary: rule.decision.by == DecidedBy::Review,
        given: reasons.is_empty(),
        guarantee: rule.id.clone(),
        level: if rule.level == Level::Base { "base" } else { "upgraded" },
        name: (&rule.name).into(),
        payers: payers.into_iter().map(payer_name).collect(),
        promise: (&rule.promise).into(),
        reasons,
        until: rule.window.map(|w| Until { from: Since::as_str(w.from), length: w.length, unit: ClockUnit::as_str(w.unit) }),
        version: version.to_owned(),
    }
}

/// A payer's name.
pub(crate) fn payer_name(payer: PaidBy) -> &'static str {
    match payer {
        PaidBy::Shop => "shop",
        PaidBy::Platform => "platform",
        PaidBy::Streamer => "streamer",
    }
}

/// In words, of what an award is reckoned.
pub(crate) fn base_name(base: Base) -> &'static str {
    match base {
        Base::LinePaid => "what was paid for the line",
        Base::LineList => "the line's price before discounts",
        Base::OrderPaid => "what was paid for the order, without freight",
        Base::FreightOut => "the freight paid",
        Base::Claimed => "what is asked for",
    }
}
