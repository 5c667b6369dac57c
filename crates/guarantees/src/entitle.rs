//! Who is entitled to what: buyer standing x shop tier x goods x switches. One function for card and claim.

use laotie_facts::body::BuyerStanding;
use laotie_facts::{Currency, Timestamp};
use serde::Serialize;

use crate::buyer::BuyerState;
use crate::document::{Guarantee, Switch};
use crate::item::ItemState;
use crate::shop::ShopState;

/// Who asks, where and for how much.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// When.
    pub at: Timestamp,
    /// The buyer; nobody for a guest.
    pub buyer: Option<&'a BuyerState>,
    /// Of all amounts.
    pub currency: Currency,
    /// What the order costs.
    pub order_minor: i64,
    /// The shop.
    pub shop: Option<&'a ShopState>,
    /// In whose room.
    pub streamer: Option<&'a str>,
}

/// The goods of a line.
#[derive(Debug, Clone, Copy)]
pub struct Goods<'a> {
    /// What is on file about them.
    pub item: Option<&'a ItemState>,
    /// What the line counts for.
    pub line_minor: i64,
}

/// Why a guarantee is not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Denial {
    /// Stable name.
    pub code: &'static str,
    /// In words.
    pub en: String,
    /// In words.
    pub zh: String,
}

/// Why a guarantee is not given, before it is put into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Standing,
    ShopTier,
    Category,
    ExcludedCategory,
    VirtualGoods,
    ReturnPolicy,
    NotMarked,
    NotAttested,
    OrderTooLarge,
    LineTooLarge,
    Currency,
    NotSwitchedOn,
}

/// The standing under which a buyer asks.
pub fn standing(asked: &Asked<'_>) -> BuyerStanding {
    asked.buyer.map_or(BuyerStanding::New, |b| b.standing_at(asked.at))
}

/// Whether a guarantee is given for a line.
pub fn is_entitled(rule: &Guarantee, asked: &Asked<'_>, goods: &Goods<'_>) -> bool {
    failures(rule, asked, goods).next().is_none()
}

/// Every reason why a guarantee is not given for a line; none when it is.
pub fn denials(rule: &Guarantee, asked: &Asked<'_>, goods: &Goods<'_>) -> Vec<Denial> {
    failures(rule, asked, goods).map(|failure| said(failure, rule, asked)).collect()
}

fn failures(rule: &Guarantee, asked: &Asked<'_>, goods: &Goods<'_>) -> impl Iterator<Item = Failure> {
    let who = &rule.entitlement;
    let item = goods.item;
    let category = item.and_then(|i| i.category.as_deref());
    let class = item.and_then(|i| i.goods_class);
    let bound = !who.categories.is_empty() || !who.goods_classes.is_empty();
    let fits = category.is_some_and(|c| who.categories.iter().any(|w| w == c)) || class.is_some_and(|c| who.goods_classes.contains(&c));
    let tier = asked.shop.and_then(|s| s.tier.as_deref()).unwrap_or("");
    let policy = item.and_then(|i| i.return_policy);
    let checked = [
        (Failure::Standing, !who.standings.is_empty() && !who.standings.contains(&standing(asked))),
        (Failure::ShopTier, !who.shop_tiers.is_empty() && !who.shop_tiers.iter().any(|t| t == tier)),
        (Failure::Category, bound && !fits),
        (Failure::ExcludedCategory, category.is_some_and(|c| who.excluded_categories.iter().any(|w| w == c))),
        (Failure::VirtualGoods, !who.virtual_goods && item.is_some_and(|i| i.virtual_goods)),
        (Failure::ReturnPolicy, policy.is_some_and(|p| !who.return_policies.is_empty() && !who.return_policies.contains(&p))),
        (Failure::NotMarked, who.needs_mark && !item.is_some_and(|i| i.marks.contains(&rule.id))),
        (Failure::NotAttested, who.needs_attestation && !item.is_some_and(|i| i.is_attested(asked.at))),
        (Failure::OrderTooLarge, who.order_below_minor.is_some_and(|below| asked.order_minor >= below)),
        (Failure::LineTooLarge, who.line_maximum_minor.is_some_and(|most| goods.line_minor > most)),
        (Failure::Currency, rule.currency.is_some_and(|c| c != asked.currency)),
        (Failure::NotSwitchedOn, !is_on(rule, asked, goods)),
    ];
    checked.into_iter().filter(|(_, failed)| *failed).map(|(failure, _)| failure)
}

fn said(failure: Failure, rule: &Guarantee, asked: &Asked<'_>) -> Denial {
    let who = &rule.entitlement;
    let (code, zh, en) = match failure {
        Failure::Standing => {
            let (now, needed) = (standing(asked).as_str(), who.standings.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(", "));
            ("standing", format!("买家信用为 {now}，需要 {needed}"), format!("the buyer's standing is {now}, it needs {needed}"))
        }
        Failure::ShopTier => {
            let needed = who.shop_tiers.join(", ");
            ("shop_tier", format!("店铺等级需要 {needed}"), format!("the shop's tier must be {needed}"))
        }
        Failure::Category => ("category", "不在适用类目内".into(), "the item is of none of its categories or classes".into()),
        Failure::ExcludedCategory => ("excluded_category", "类目不适用".into(), "the item's category is excluded".into()),
        Failure::VirtualGoods => ("virtual_goods", "虚拟商品不适用".into(), "it does not hold for goods of which nothing is sent".into()),
        Failure::ReturnPolicy => ("return_policy", "商品不支持此退货方式".into(), "the item is not taken back this way".into()),
        Failure::NotMarked => ("not_marked", "商品未带此标识".into(), "the item does not carry the mark".into()),
        Failure::NotAttested => ("not_attested", "商品未经查验".into(), "nobody has attested the item".into()),
        Failure::OrderTooLarge => {
            let below = who.order_below_minor.unwrap_or(0);
            ("order_too_large", format!("订单金额须低于 {below} 分"), format!("the order must cost less than {below} minor units"))
        }
        Failure::LineTooLarge => {
            let most = who.line_maximum_minor.unwrap_or(0);
            ("line_too_large", format!("子订单金额不得超过 {most} 分"), format!("the line may count for {most} minor units at most"))
        }
        Failure::Currency => ("currency", "币种不同".into(), "its amounts are in another currency; nothing converts".into()),
        Failure::NotSwitchedOn => ("not_switched_on", "商家未开通".into(), "the shop has not switched it on".into()),
    };
    Denial { code, en, zh }
}

/// Whether it is switched on: by rule, for the shop, in the room or on the item.
fn is_on(rule: &Guarantee, asked: &Asked<'_>, goods: &Goods<'_>) -> bool {
    if rule.entitlement.switch == Switch::Default || rule.entitlement.needs_mark {
        return true;
    }
    let switched = asked.shop.and_then(|s| s.switched.get(&rule.id));
    let in_room = switched.zip(asked.streamer).is_some_and(|(s, who)| s.streamers.iter().any(|t| t == who));
    switched.is_some_and(|s| s.on) || in_room || goods.item.is_some_and(|i| i.marks.contains(&rule.id))
}
