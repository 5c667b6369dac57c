//! Names of accounts: `KIND/ID/PURPOSE`, as `shop/s-3/proceeds`.

use std::fmt;

/// The platform, as holder of accounts.
pub const PLATFORM: &str = "platform/main";

/// Everything outside the market's books: the payment service's money. It goes below zero as money comes in.
pub const WORLD: &str = "outside/bank";

/// An account's name: its holder (`KIND/ID`) and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    /// `KIND/ID`.
    pub holder: String,
    /// `proceeds`, `escrow`, `margin`, …, or `debt/DEBT`.
    pub purpose: String,
}

impl Account {
    /// An account of a holder.
    pub fn new(holder: impl Into<String>, purpose: impl Into<String>) -> Self {
        Self { holder: holder.into(), purpose: purpose.into() }
    }

    /// Reads `KIND/ID/PURPOSE`. Ids may hold `/`; purposes are known words, so the last known one ends the id.
    pub fn parse(name: &str) -> Option<Self> {
        if let Some((holder, debt)) = name.split_once("/debt/") {
            return Some(Self::new(holder, format!("debt/{debt}")));
        }
        let (holder, purpose) = name.rsplit_once('/')?;
        holder.contains('/').then(|| Self::new(holder, purpose))
    }

    /// Money of trades that may still be undone without a trace: a shop's or promoter's before settlement.
    pub fn is_escrow(&self) -> bool {
        self.purpose == "escrow"
    }

    /// The account that an escrow becomes when the order settles.
    #[must_use]
    pub fn settled(&self) -> Self {
        let purpose = if self.holder == PLATFORM { "fees" } else { "proceeds" };
        Self::new(self.holder.clone(), purpose)
    }

    /// What its balance less its holds may not fall below, unless a rule says otherwise.
    pub fn floor(&self) -> Option<i64> {
        matches!(self.purpose.as_str(), "proceeds" | "escrow" | "margin" | "refunds" | "coupons").then_some(0)
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.holder, self.purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_whatever_the_id_holds() {
        for name in ["shop/s-3/proceeds", "shop/a/b/c/escrow", "merchant/m-1/debt/dbt_1", "platform/main/fund"] {
            assert_eq!(Account::parse(name).expect("an account").to_string(), name);
        }
        assert_eq!(Account::parse("shop/a/b/margin").expect("an account").holder, "shop/a/b");
        assert!(Account::parse("proceeds").is_none());
    }
}
