//! What a claim comes to by the formulas that the order carries.

use laotie_facts::body::{Award, AwardKind, PartyKind};
use laotie_facts::{Amount, LineId, Money, PartyId, Quantity, SAFE_MAX};

use crate::card::base_name;
use crate::document::{AwardRule, Base, Guarantee, PaidBy, Scope};
use crate::order::{ClaimStanding, Line, OrderState};

/// The platform as a payer.
pub(crate) const PLATFORM: &str = "main";

/// What a claim is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sought<'a> {
    /// The claim; empty before it has an id.
    pub(crate) claim: &'a str,
    /// How much is asked for.
    pub(crate) claimed_minor: Option<i64>,
    /// Which lines.
    pub(crate) lines: &'a [String],
    /// The order.
    pub(crate) order: &'a OrderState,
    /// The guarantee; none for a plain dispute.
    pub(crate) rule: Option<&'a Guarantee>,
}

/// Money before it is divided among payers.
#[derive(Debug, Clone)]
struct Sum<'a> {
    award: AwardKind,
    line: Option<&'a str>,
    minor: i64,
    rule: Option<&'a AwardRule>,
}

/// All that the terms give, refunds first, in the order of the document.
pub(crate) fn in_full(sought: &Sought<'_>) -> Vec<Award> {
    paid_out(sought, sums(sought))
}

/// As much of it as an amount allows, in the same order.
pub(crate) fn up_to(sought: &Sought<'_>, amount_minor: i64) -> Vec<Award> {
    let mut left = amount_minor.max(0);
    let mut sums = sums(sought);
    for sum in &mut sums {
        sum.minor = sum.minor.min(left);
        left -= sum.minor;
    }
    paid_out(sought, sums)
}

/// The most that a ruling can award.
pub(crate) fn at_risk(sought: &Sought<'_>) -> i64 {
    sums(sought).iter().fold(0i64, |all, s| all.saturating_add(s.minor)).min(SAFE_MAX)
}

fn sums<'a>(sought: &Sought<'a>) -> Vec<Sum<'a>> {
    let order = sought.order;
    let lines: Vec<&Line> = order.lines.iter().filter(|l| sought.lines.contains(&l.line)).collect();
    let mut sums = Vec::new();
    match sought.rule {
        None => refunds(sought, &lines, None, &mut sums),
        Some(rule) => {
            for award in &rule.award {
                match (award.award, award.scope) {
                    (AwardKind::Refund, _) => refunds(sought, &lines, Some(award), &mut sums),
                    (_, Scope::Line) => sums.extend(lines.iter().map(|line| Sum {
                        award: award.award,
                        line: Some(&line.line),
                        minor: bounded(award, of_base(award, of_line(award.base, line))),
                        rule: Some(award),
                    })),
                    (_, Scope::Order) => {
                        sums.push(Sum { award: award.award, line: None, minor: of_order(sought, rule, award), rule: Some(award) });
                    }
                }
            }
        }
    }
    once_for_all_multiples(sought, &mut sums);
    sums.retain(|s| s.minor > 0);
    sums
}

/// Goods are compensated by a multiple once: what another guarantee gave for the same lines is taken off.
fn once_for_all_multiples(sought: &Sought<'_>, sums: &mut [Sum<'_>]) {
    let name = sought.rule.map_or("", |r| r.id.as_str());
    let others = sought.order.claims.iter().filter(|c| {
        c.claim != sought.claim
            && c.guarantee != name
            && c.standing == ClaimStanding::Upheld
            && c.lines.iter().any(|l| sought.lines.contains(l))
    });
    let mut given: i64 =
        others.flat_map(|c| &c.awards).filter(|a| a.multiple.is_some() && a.award == AwardKind::Compensation).map(|a| a.amount_minor).sum();
    for sum in sums.iter_mut().filter(|s| s.award == AwardKind::Compensation && s.rule.is_some_and(|r| r.multiple.is_some())) {
        let less = given.min(sum.minor);
        sum.minor -= less;
        given -= less;
    }
}

/// Refunds never exceed what is left of a line, nor what is left of the order.
fn refunds<'a>(sought: &Sought<'a>, lines: &[&'a Line], rule: Option<&'a AwardRule>, sums: &mut Vec<Sum<'a>>) {
    let mut left = sought.order.left(sought.claim);
    for line in lines {
        let minor = sought.order.left_of_line(&line.line, sought.claim).min(left);
        left -= minor;
        sums.push(Sum { award: AwardKind::Refund, line: Some(&line.line), minor, rule });
    }
}

fn of_line(base: Base, line: &Line) -> i64 {
    let minor = if base == Base::LineList { line.list_minor } else { line.paid_minor };
    minor.max(0)
}

/// A multiple, a rate (half a minor unit up) or a fixed amount.
fn of_base(award: &AwardRule, base: i64) -> i64 {
    let product = match (award.multiple, award.rate_bps, award.amount_minor) {
        (Some(multiple), _, _) => i128::from(base) * i128::from(multiple),
        (_, Some(bps), _) => (i128::from(base) * i128::from(bps) + 5_000) / 10_000,
        (_, _, fixed) => i128::from(fixed.unwrap_or(0)),
    };
    i64::try_from(product).unwrap_or(SAFE_MAX).min(SAFE_MAX)
}

fn bounded(award: &AwardRule, minor: i64) -> i64 {
    minor.max(award.minimum_minor.unwrap_or(0)).min(award.maximum_minor.unwrap_or(SAFE_MAX))
}

/// Of the whole order, over the lines of all claims upheld under this guarantee, less what they were awarded.
fn of_order(sought: &Sought<'_>, rule: &Guarantee, award: &AwardRule) -> i64 {
    let order = sought.order;
    let others: Vec<_> =
        order.claims.iter().filter(|c| c.claim != sought.claim && c.guarantee == rule.id && c.standing == ClaimStanding::Upheld).collect();
    let counted = |line: &&Line| sought.lines.contains(&line.line) || others.iter().any(|c| c.lines.contains(&line.line));
    let base = match award.base {
        Base::LinePaid | Base::LineList => order.lines.iter().filter(counted).map(|l| of_line(award.base, l)).sum(),
        Base::OrderPaid => (order.paid_minor - order.freight_minor).max(0),
        Base::FreightOut => order.freight_minor,
        Base::Claimed => sought.claimed_minor.or(award.maximum_minor).unwrap_or(0),
    };
    let before: i64 = others.iter().flat_map(|c| &c.awards).filter(|a| a.award == award.award).map(|a| a.amount_minor).sum();
    (bounded(award, of_base(award, base)) - before).max(0)
}

fn paid_out(sought: &Sought<'_>, sums: Vec<Sum<'_>>) -> Vec<Award> {
    sums.into_iter().filter(|s| s.minor > 0).flat_map(|sum| divided(sought, &sum)).collect()
}

/// Divides a sum among its payers, largest remainder, ties to the payer named first.
fn divided(sought: &Sought<'_>, sum: &Sum<'_>) -> Vec<Award> {
    let shares: Vec<(PaidBy, u64)> = match sum.rule {
        Some(rule) if !rule.shares.is_empty() => rule.shares.iter().map(|s| (s.payer, u64::from(s.share_bps))).collect(),
        rule => vec![(rule.and_then(|r| r.payer).unwrap_or(PaidBy::Shop), 1)],
    };
    let weights: Vec<u64> = shares.iter().map(|s| s.1).collect();
    let parts = Money::new(sum.minor, sought.order.currency).spread(&weights).expect("shares add up to 10000, checked with the document");
    let awards = shares.iter().zip(parts).filter(|(_, part)| part.minor() > 0);
    awards.map(|((payer, _), part)| award(sought.order, sum, *payer, part.minor())).collect()
}

fn award(order: &OrderState, sum: &Sum<'_>, payer: PaidBy, minor: i64) -> Award {
    let (payer, payer_kind) = payer_of(order, payer);
    Award {
        amount_minor: Amount::new(minor).expect("a part of an amount"),
        award: sum.award,
        line: sum.line.and_then(|l| LineId::new(l).ok()),
        multiple: sum
            .rule
            .filter(|_| sum.award == AwardKind::Compensation)
            .and_then(|r| r.multiple)
            .and_then(|m| Quantity::new(i64::from(m)).ok()),
        paid_as: sum.rule.and_then(|r| r.paid_as),
        payer,
        payer_kind,
        source: sum.rule.and_then(|r| r.source),
    }
}

/// The payer as an award names it; nobody for the shop.
pub(crate) fn payer_of(order: &OrderState, payer: PaidBy) -> (Option<PartyId>, Option<PartyKind>) {
    match (payer, &order.streamer) {
        (PaidBy::Platform, _) => (PartyId::new(PLATFORM).ok(), Some(PartyKind::Platform)),
        (PaidBy::Streamer, Some(streamer)) => (PartyId::new(streamer.clone()).ok(), Some(PartyKind::Streamer)),
        (PaidBy::Shop | PaidBy::Streamer, _) => (None, None),
    }
}

/// The formula in words, for explanations.
pub(crate) fn formula(rule: &Guarantee) -> String {
    let parts = rule.award.iter().map(|a| {
        let how = match (a.multiple, a.rate_bps, a.amount_minor) {
            (Some(m), _, _) => format!("{m} x {}", base_name(a.base)),
            (_, Some(bps), _) => format!("{}.{:02} % of {}", bps / 100, bps % 100, base_name(a.base)),
            (_, _, fixed) => format!("{} minor units", fixed.unwrap_or(0)),
        };
        let least = a.minimum_minor.map_or(String::new(), |m| format!(", at least {m}"));
        let most = a.maximum_minor.map_or(String::new(), |m| format!(", at most {m}"));
        format!("{how}{least}{most}")
    });
    parts.collect::<Vec<_>>().join(" and ")
}
