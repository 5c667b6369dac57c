//! What kind of goods a sentence is about, which chooses the rules.

use crate::book::RuleBook;
use crate::heard::Heard;
use crate::item::ItemFacts;

/// A kind of goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goods {
    /// Eaten or drunk.
    Food,
    /// Put on skin, hair or teeth.
    Cosmetic,
    /// Anything else.
    Other,
    /// Nothing tells.
    Unknown,
}

impl Goods {
    /// The name that packs use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Goods::Food => "food",
            Goods::Cosmetic => "cosmetic",
            Goods::Other => "other",
            Goods::Unknown => "unknown",
        }
    }

    /// Whether rules for goods of these names hold; where nothing tells, those for food do, for a
    /// promise about the body is then most likely about something to eat.
    pub(crate) fn is_among(self, names: &[String]) -> bool {
        names.is_empty() || names.iter().any(|name| name == self.name() || self == Goods::Unknown && name == "food")
    }

    /// By the approval, else by the first kind of the book's class `category` that the item's category fits.
    fn of_item(book: &RuleBook, item: &ItemFacts) -> Option<Goods> {
        match item.approval.as_deref() {
            Some("ordinary_food" | "health_food") => return Some(Goods::Food),
            Some("cosmetic_ordinary" | "cosmetic_special") => return Some(Goods::Cosmetic),
            _ => {}
        }
        let category = item.category.as_deref()?;
        let known = book.kinds.get("category").and_then(|kinds| kinds.list.iter().find(|kind| kind.fits(category)));
        Some(match known.map(|kind| kind.name.as_str()) {
            Some("food") => Goods::Food,
            Some("cosmetic") => Goods::Cosmetic,
            _ => Goods::Other,
        })
    }

    /// By the item's facts, else by what is named first, else by how it is used.
    pub(crate) fn of(heard: &Heard<'_>, item: Option<&ItemFacts>) -> Goods {
        if let Some(goods) = item.and_then(|item| Goods::of_item(heard.book, item)) {
            return goods;
        }
        let first = |concept: &str| heard.first(concept).map_or(usize::MAX, |hit| hit.start);
        let named = [(first("cosmetic_noun"), Goods::Cosmetic), (first("food_noun"), Goods::Food), (first("other_noun"), Goods::Other)];
        let (at, goods) = named.into_iter().min_by_key(|(at, _)| *at).unwrap_or((usize::MAX, Goods::Unknown));
        if at < usize::MAX {
            return if goods == Goods::Other && first("drink_verb") < usize::MAX && first("use_verb") == usize::MAX {
                Goods::Food
            } else {
                goods
            };
        }
        let used = [
            (first("apply_verb"), Goods::Cosmetic),
            (first("drink_verb"), Goods::Food),
            (first("eat_verb"), Goods::Food),
            (first("use_verb"), Goods::Other),
        ];
        used.into_iter().filter(|(at, _)| *at < usize::MAX).min_by_key(|(at, _)| *at).map_or(Goods::Unknown, |(_, goods)| goods)
    }
}
