//! The frozen terms of money that an order carries, and the clocks that run by them.

use laotie_facts::body::{FrozenTerm, OrderFrozen};
use laotie_facts::{RuleVersion, System};

use crate::account::PLATFORM;
use crate::earnings::{Earnings, Part, Share};
use crate::state::DAY_MICROS;
use crate::system::Ledger;

/// Takes the frozen terms of money in; the floor of freight accounts among them.
pub(crate) fn take_terms(earnings: &mut Earnings, frozen: &OrderFrozen) -> Option<i64> {
    let number = |part: &str, name: &str| match frozen.parts.get(part)?.get(name)? {
        FrozenTerm::Number(n) => Some(n.get()),
        _ => None,
    };
    let texts = frozen.parts.get(Ledger::NAME).into_iter().flatten().filter_map(|(_, term)| match term {
        FrozenTerm::Text(text) => Some(text.clone()),
        _ => None,
    });
    earnings.law = texts.filter(|t| RuleVersion::new(t.clone()).is_ok()).collect();
    let days = |name: &str| number(Ledger::NAME, name).and_then(|d| u16::try_from(d).ok());
    earnings.settle_days = days("shop_days").zip(days("promoter_days"));
    earnings.premium_minor = number("guarantees", "return_freight_cover_premium_minor").unwrap_or(0);
    set_clocks(earnings);
    number(Ledger::NAME, "freight_cover_floor_minor")
}

/// The clocks of settlement run from receipt, in days of 24 hours.
pub(crate) fn set_clocks(earnings: &mut Earnings) {
    let (Some(at), Some((shop, promoters))) = (earnings.received_at, earnings.settle_days) else { return };
    if earnings.shop_share == Share::Escrowed {
        earnings.shop_settles_at = Some(at.plus_micros(i64::from(shop) * DAY_MICROS));
    }
    let own = |p: &Part| p.account.starts_with("shop/") || p.account.starts_with(PLATFORM);
    let promoted = earnings.lines.iter().flat_map(|l| &l.parts).any(|p| !own(p) && p.account.ends_with("/escrow"));
    if promoted && earnings.promoters == Share::Escrowed {
        earnings.promoters_settle_at = Some(at.plus_micros(i64::from(promoters) * DAY_MICROS));
    }
}
