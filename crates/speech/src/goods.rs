//! What kind of goods a sentence is about, which chooses the rules.

use crate::book::RuleBook;
use crate::heard::Heard;
use crate::item::ItemFacts;
use crate::lexicon::Hit;
use crate::scope;

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

    /// By the item's facts, else by what is named: first of all what is pointed at (这款茶), then what is named
    /// first, else by how it is used.
    pub(crate) fn of(heard: &Heard<'_>, item: Option<&ItemFacts>) -> Goods {
        if let Some(goods) = item.and_then(|item| Goods::of_item(heard.book, item)) {
            return goods;
        }
        let nouns = [("cosmetic_noun", Goods::Cosmetic), ("food_noun", Goods::Food), ("other_noun", Goods::Other)];
        // A longer word that begins at the same place says more: 眼膜 over 眼.
        let pointed = nouns.iter().flat_map(|&(concept, goods)| {
            heard
                .all(concept)
                .filter(|hit| heard.before("pointing", hit.start, 1).is_some())
                .map(move |hit| (hit.start, usize::MAX - hit.end, goods))
        });
        // What something else is likened to is not what is sold: 眼袋像核桃.
        let likened = |hit: &Hit| heard.before("likened", hit.start, 0).is_some();
        let named = nouns.iter().filter_map(|&(concept, goods)| {
            heard.all(concept).find(|hit| !likened(hit)).map(|hit| (hit.start, usize::MAX - hit.end, goods))
        });
        let first = |concept: &str| heard.all(concept).find(|hit| !is_of_medicine(heard, *hit)).map_or(usize::MAX, |hit| hit.start);
        let eaten = first("drink_verb").min(first("eat_verb"));
        if let Some((_, _, goods)) = pointed.min_by_key(|(start, end, _)| (*start, *end)) {
            return goods;
        }
        if let Some((_, _, goods)) = named.min_by_key(|(start, end, _)| (*start, *end)) {
            return if goods == Goods::Other && eaten < usize::MAX && first("use_verb") == usize::MAX { Goods::Food } else { goods };
        }
        // Flaws of skin and hair are a matter of cosmetics, unless something is eaten for them.
        let flaw = first("skin_flaw").min(first("hair_part")).min(first("effect"));
        if flaw < usize::MAX && eaten == usize::MAX {
            return Goods::Cosmetic;
        }
        let used = [(first("apply_verb"), Goods::Cosmetic), (eaten, Goods::Food), (first("use_verb"), Goods::Other)];
        used.into_iter().filter(|(at, _)| *at < usize::MAX).min_by_key(|(at, _)| *at).map_or(Goods::Unknown, |(_, goods)| goods)
    }
}

/// Whether it is medicine that is taken, or nothing is: 不用吃药.
fn is_of_medicine(heard: &Heard<'_>, hit: Hit) -> bool {
    heard.after("medicine", hit.end, 1).is_some() || scope::is_denied(heard, hit.start, hit.end)
}
