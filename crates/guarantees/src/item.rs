//! What guarantees know of an item: what decides who is entitled to what.

use laotie_facts::Timestamp;
use laotie_facts::body::{GoodsClass, ItemFacts, ReturnPolicy};
use serde::{Deserialize, Serialize};

/// An item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ItemState {
    /// Attested as authentic or conforming, until when (for good when absent).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attested: Option<Attested>,
    /// Its category, as the market names categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Whether it perishes by dispatch or opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goods_class: Option<GoodsClass>,
    /// Guarantees that it carries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// How it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_policy: Option<ReturnPolicy>,
    /// The shop that offers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// Whether nothing is sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub virtual_goods: bool,
}

/// That somebody vouched for an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// The fact.
    pub seq: i64,
    /// Until when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl ItemState {
    /// Takes in what is on file; an absent field stays as it was.
    pub fn file(&mut self, facts: &ItemFacts) {
        if let Some(category) = &facts.category {
            self.category = Some(category.as_str().to_owned());
        }
        self.goods_class = facts.goods_class.or(self.goods_class);
        if let Some(marks) = &facts.guarantees {
            self.marks = marks.iter().map(ToString::to_string).collect();
        }
        self.return_policy = facts.return_policy.or(self.return_policy);
        self.virtual_goods = facts.virtual_goods.unwrap_or(self.virtual_goods);
    }

    /// Whether somebody vouches for it at a time.
    pub fn is_attested(&self, at: Timestamp) -> bool {
        self.attested.as_ref().is_some_and(|a| a.until.is_none_or(|until| at <= until))
    }
}
