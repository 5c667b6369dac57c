//! The sale: what an order's money is split into when it is paid.

use laotie_facts::body::{OrderFrozen, OrderPaid, PartyKind, Payer, Split};
use laotie_facts::{Bps, Money, MoneyError, Rounding};

use crate::account::{Account, PLATFORM, WORLD};
use crate::desk::{About, Desk, Side};
use crate::documents::Fees;
use crate::earnings::Earnings;

/// A line as the sale sees it.
struct Line<'p> {
    id: &'p str,
    /// What the buyer paid for it.
    paid_minor: i64,
    /// What others than the shop put in.
    subsidies: Vec<(String, i64)>,
}

impl Line<'_> {
    /// What fees and commissions are reckoned from: goods without freight and tax, subsidies included.
    fn base_minor(&self) -> i64 {
        (self.paid_minor + self.subsidies.iter().map(|(_, s)| s).sum::<i64>()).max(0)
    }
}

/// Posts the sale of an order that was just frozen.
pub(crate) fn post_sale(desk: &mut Desk<'_>, earnings: &Earnings, frozen: &OrderFrozen, fees: Option<&Fees>) {
    let Some(paid) = &earnings.sale else { return };
    let about = About { order: Some(paid.order.to_string()), ..About::default() };
    let lines = lines_paid(paid, Some(frozen));
    if let Ok(sides) = sides(paid, &lines, fees) {
        desk.post("sale", paid.currency, &about, sides, Vec::new());
    }
}

/// Whether an order's shares fit into what its goods bring.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn check(paid: &OrderPaid, fees: Option<&Fees>) -> Result<(), String> {
    let lines = lines_paid(paid, None);
    let sides = sides(paid, &lines, fees).map_err(|e| e.to_string())?;
    let shop = Account::new(format!("shop/{}", paid.shop), "escrow").to_string();
    let earned: i64 = sides.iter().filter(|s| s.account == shop).map(|s| s.amount_minor).sum();
    if earned < 0 {
        return Err(format!("the shares of others come to {} minor units more than the goods bring; lower `splits`", -earned));
    }
    Ok(())
}

fn lines_paid<'p>(paid: &'p OrderPaid, frozen: Option<&OrderFrozen>) -> Vec<(&'p str, i64)> {
    let discount: i64 = paid.discounts.iter().map(|d| d.amount_minor.get()).sum();
    let spread = match frozen {
        Some(_) => None,
        None => spread(discount, paid, &paid.lines.iter().map(|l| l.total_minor.get()).collect::<Vec<_>>()).ok(),
    };
    let share = |i: usize| spread.as_ref().and_then(|s| s.get(i)).copied().unwrap_or(0);
    let of = |i: usize, line: &laotie_facts::body::OrderLine| {
        let known = frozen.and_then(|f| f.lines.iter().find(|f| f.line == line.line));
        known.map_or(line.total_minor.get() - share(i), |f| f.paid_minor.get())
    };
    paid.lines.iter().enumerate().map(|(i, l)| (l.line.as_str(), of(i, l))).collect()
}

/// Parts of an amount by weights that are not negative; nothing where there is no weight.
fn spread(amount_minor: i64, paid: &OrderPaid, weights: &[i64]) -> Result<Vec<i64>, MoneyError> {
    if amount_minor == 0 {
        return Ok(vec![0; weights.len()]);
    }
    let weights: Vec<u64> = weights.iter().map(|w| u64::try_from(*w).unwrap_or(0)).collect();
    let parts = Money::new(amount_minor, paid.currency).spread(&weights)?;
    Ok(parts.into_iter().map(Money::minor).collect())
}

fn payer_account(paid: &OrderPaid, payer: Payer) -> Option<String> {
    let holder = match payer {
        Payer::Merchant => return None,
        Payer::Platform => PLATFORM.to_owned(),
        Payer::Streamer => format!("streamer/{}", paid.streamer.as_ref().map_or("unnamed", |s| s.as_str())),
        Payer::Brand => "brand/unnamed".to_owned(),
        Payer::Provider => "provider/unnamed".to_owned(),
    };
    Some(format!("{holder}/subsidy"))
}

/// All sides of a sale, line by line; they add up to nothing.
fn sides(paid: &OrderPaid, lines: &[(&str, i64)], fees: Option<&Fees>) -> Result<Vec<Side>, MoneyError> {
    let mut lines: Vec<Line<'_>> = lines.iter().map(|(id, minor)| Line { id, paid_minor: *minor, subsidies: Vec::new() }).collect();
    spread_subsidies(paid, &mut lines)?;
    let mut sides = Vec::with_capacity(lines.len() * 4 + 2);
    let shop = format!("shop/{}/escrow", paid.shop);
    let mut shop_minor: Vec<i64> = Vec::with_capacity(lines.len());
    for line in &lines {
        sides.push(Side::new(format!("{WORLD}/money"), -line.paid_minor).of_line(Some(line.id)));
        sides.extend(line.subsidies.iter().map(|(account, s)| Side::new(account, -s).of_line(Some(line.id)).purpose("subsidy")));
        shop_minor.push(line.paid_minor + line.subsidies.iter().map(|(_, s)| s).sum::<i64>());
    }
    let beside = paid.paid_minor.get() - lines.iter().map(|l| l.paid_minor).sum::<i64>();
    let brought = shop_minor.iter().sum::<i64>() + beside;
    for (account, purpose, parts) in fitting(shares(paid, &lines, fees)?, brought) {
        for (i, part) in parts.into_iter().enumerate() {
            shop_minor[i] -= part;
            sides.push(Side::new(account.clone(), part).of_line(Some(lines[i].id)).purpose(purpose));
        }
    }
    for (line, minor) in lines.iter().zip(shop_minor) {
        sides.push(Side::new(shop.clone(), minor).of_line(Some(line.id)).purpose("goods"));
    }
    sides.push(Side::new(format!("{WORLD}/money"), -beside));
    sides.push(Side::new(shop, beside).purpose("freight"));
    Ok(sides)
}

/// Discounts of others than the shop, spread on lines by what each line's discount leaves.
fn spread_subsidies(paid: &OrderPaid, lines: &mut [Line<'_>]) -> Result<(), MoneyError> {
    let mut left: Vec<i64> = paid.lines.iter().zip(lines.iter()).map(|(l, line)| (l.total_minor.get() - line.paid_minor).max(0)).collect();
    for discount in &paid.discounts {
        let parts = spread(discount.amount_minor.get(), paid, &left)?;
        for (i, part) in parts.into_iter().enumerate() {
            left[i] -= part;
            if let Some(account) = payer_account(paid, discount.payer)
                && part != 0
            {
                lines[i].subsidies.push((account, part));
            }
        }
    }
    Ok(())
}

/// The platform's own fee, the last share, gives way where goods that are taken back leave the shop too little for it.
fn fitting(mut shares: Vec<Share>, brought: i64) -> Vec<Share> {
    let mut short = shares.iter().flat_map(|(_, _, parts)| parts).sum::<i64>() - brought;
    if let Some((_, _, parts)) =
        shares.last_mut().filter(|(account, purpose, _)| account.starts_with(PLATFORM) && *purpose == "technical_fee")
    {
        for part in parts.iter_mut().rev() {
            let given_up = short.clamp(0, (*part).max(0));
            *part -= given_up;
            short -= given_up;
        }
    }
    shares
}

type Share = (String, &'static str, Vec<i64>);

/// Commissions and fees, a list of parts a share, line by line.
fn shares(paid: &OrderPaid, lines: &[Line<'_>], fees: Option<&Fees>) -> Result<Vec<Share>, MoneyError> {
    let base: Vec<i64> = lines.iter().map(Line::base_minor).collect();
    let mut shares = Vec::new();
    let rate = |bps: i32| -> Result<Vec<i64>, MoneyError> {
        base.iter().map(|b| Ok(Money::new(*b, paid.currency).rate(Bps(bps), Rounding::Down)?.minor())).collect()
    };
    for split in &paid.splits {
        let mut parts = match (split.rate_bps, split.amount_minor) {
            (Some(bps), _) => rate(i32::try_from(bps.get()).map_err(|_| MoneyError::Overflow)?)?,
            (None, fixed) => spread(fixed.map_or(0, laotie_facts::Amount::get), paid, &base)?,
        };
        let total: i64 = parts.iter().sum();
        let bounded = total.max(split.minimum_minor.map_or(0, laotie_facts::Amount::get));
        let bounded = split.maximum_minor.map_or(bounded, |m| bounded.min(m.get()));
        if bounded != total {
            parts = spread(bounded, paid, &base)?;
        }
        shares.extend(split_between(split, parts, fees)?);
    }
    let named = |purpose: &str| paid.splits.iter().any(|s| s.purpose.as_str() == purpose);
    if let Some(fees) = fees {
        if let Some(streamer) = paid.streamer.as_ref().filter(|_| fees.streamer_commission_bps > 0 && !named("commission")) {
            shares.push((format!("streamer/{streamer}/escrow"), "commission", rate(fees.streamer_commission_bps)?));
        }
        if fees.technical_fee_bps > 0 && !named("technical_fee") {
            shares.push((format!("{PLATFORM}/escrow"), "technical_fee", rate(fees.technical_fee_bps)?));
        }
    }
    Ok(shares)
}

fn known_purpose(split: &Split) -> &'static str {
    match split.purpose.as_str() {
        "commission" => "commission",
        "leader_fee" => "leader_fee",
        "promoter_fee" => "promoter_fee",
        "technical_fee" => "technical_fee",
        "service_fee" => "service_fee",
        _ => "share",
    }
}

/// A split's parts, a leader's fee shared with the platform.
fn split_between(split: &Split, parts: Vec<i64>, fees: Option<&Fees>) -> Result<Vec<Share>, MoneyError> {
    let purpose = known_purpose(split);
    let holder = if split.party_kind == PartyKind::Platform {
        PLATFORM.to_owned()
    } else {
        format!("{}/{}", split.party_kind.as_str(), split.party)
    };
    let account = format!("{holder}/escrow");
    let bps = fees.map_or(0, |f| f.leader_fee_platform_bps);
    if purpose != "leader_fee" || bps == 0 {
        return Ok(vec![(account, purpose, parts)]);
    }
    let platform: Vec<i64> = parts
        .iter()
        .map(|p| Ok(Money::new(*p, laotie_facts::Currency::CNY).rate(Bps(bps), Rounding::Down)?.minor()))
        .collect::<Result<_, MoneyError>>()?;
    let leader = parts.iter().zip(&platform).map(|(all, p)| all - p).collect();
    Ok(vec![(account, purpose, leader), (format!("{PLATFORM}/escrow"), purpose, platform)])
}
