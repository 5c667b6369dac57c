//! What the system knows, keyed `order/ID`, `claim/ID`, `ruling/ID`, `shop/ID`, `buyer/ID`, `item/ID`, `market/NAME`.

use laotie_facts::States;
use serde::{Deserialize, Serialize};

use crate::buyer::BuyerState;
use crate::claim::ClaimState;
use crate::cover::MarketCover;
use crate::item::ItemState;
use crate::order::OrderState;
use crate::shop::ShopState;

/// The state of one subject.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is known, or it was taken back.
    #[default]
    Nothing,
    /// An order.
    Order(Box<OrderState>),
    /// A claim.
    Claim(Box<ClaimState>),
    /// The claim that a ruling is about.
    Ruling(String),
    /// A shop.
    Shop(Box<ShopState>),
    /// A buyer.
    Buyer(Box<BuyerState>),
    /// An item.
    Item(Box<ItemState>),
    /// The market's experience with return freight cover.
    Market(MarketCover),
}

/// Reads of loaded states by what they are.
pub(crate) trait Look {
    fn order(&self, id: &str) -> Option<&OrderState>;
    fn claim(&self, id: &str) -> Option<&ClaimState>;
    fn ruling(&self, id: &str) -> Option<&str>;
    fn shop(&self, id: &str) -> Option<&ShopState>;
    fn buyer(&self, id: &str) -> Option<&BuyerState>;
    fn item(&self, id: &str) -> Option<&ItemState>;
    fn market(&self) -> MarketCover;
}

/// The key of the market's experience with return freight cover.
pub(crate) const MARKET: &str = "market/return_freight_cover";

macro_rules! look {
    ($self:ident, $prefix:literal, $id:ident, $variant:ident) => {
        match $self.get(&format!(concat!($prefix, "/{}"), $id)) {
            Some(State::$variant(found)) => Some(found),
            _ => None,
        }
    };
}

impl Look for States<State> {
    fn order(&self, id: &str) -> Option<&OrderState> {
        look!(self, "order", id, Order).map(AsRef::as_ref)
    }
    fn claim(&self, id: &str) -> Option<&ClaimState> {
        look!(self, "claim", id, Claim).map(AsRef::as_ref)
    }
    fn ruling(&self, id: &str) -> Option<&str> {
        look!(self, "ruling", id, Ruling).map(String::as_str)
    }
    fn shop(&self, id: &str) -> Option<&ShopState> {
        look!(self, "shop", id, Shop).map(AsRef::as_ref)
    }
    fn buyer(&self, id: &str) -> Option<&BuyerState> {
        look!(self, "buyer", id, Buyer).map(AsRef::as_ref)
    }
    fn item(&self, id: &str) -> Option<&ItemState> {
        look!(self, "item", id, Item).map(AsRef::as_ref)
    }
    fn market(&self) -> MarketCover {
        match self.get(MARKET) {
            Some(State::Market(market)) => market.clone(),
            _ => MarketCover::default(),
        }
    }
}

/// A state to be changed; made anew when there is none.
pub(crate) fn shop_mut<'a>(states: &'a mut States<State>, id: &str) -> &'a mut ShopState {
    let state = states.edit(&format!("shop/{id}"));
    if !matches!(state, State::Shop(_)) {
        *state = State::Shop(Box::default());
    }
    match state {
        State::Shop(shop) => shop,
        _ => unreachable!("made a shop above"),
    }
}

/// As [`shop_mut`], of a buyer.
pub(crate) fn buyer_mut<'a>(states: &'a mut States<State>, id: &str) -> &'a mut BuyerState {
    let state = states.edit(&format!("buyer/{id}"));
    if !matches!(state, State::Buyer(_)) {
        *state = State::Buyer(Box::default());
    }
    match state {
        State::Buyer(buyer) => buyer,
        _ => unreachable!("made a buyer above"),
    }
}

/// As [`shop_mut`], of an item.
pub(crate) fn item_mut<'a>(states: &'a mut States<State>, id: &str) -> &'a mut ItemState {
    let state = states.edit(&format!("item/{id}"));
    if !matches!(state, State::Item(_)) {
        *state = State::Item(Box::default());
    }
    match state {
        State::Item(item) => item,
        _ => unreachable!("made an item above"),
    }
}

/// An order to be changed, if it is known.
pub(crate) fn order_mut<'a>(states: &'a mut States<State>, id: &str) -> Option<&'a mut OrderState> {
    states.order(id)?;
    match states.edit(&format!("order/{id}")) {
        State::Order(order) => Some(order),
        _ => None,
    }
}

/// A claim to be changed, if it is known.
pub(crate) fn claim_mut<'a>(states: &'a mut States<State>, id: &str) -> Option<&'a mut ClaimState> {
    states.claim(id)?;
    match states.edit(&format!("claim/{id}")) {
        State::Claim(claim) => Some(claim),
        _ => None,
    }
}
