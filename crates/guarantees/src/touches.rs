//! Which states a fact touches.

use laotie_facts::body::{DecisionKind, PartyKind, TargetKind};
use laotie_facts::{Body, Fact, States};

use crate::decide::appealed_claim;
use crate::evolve::{shop_of_review, shop_reported};
use crate::state::{Look, MARKET, State};

/// The order that a body is a step of.
pub(crate) fn order_of(body: &Body) -> Option<&str> {
    Some(match body {
        Body::OrderPaid(b) => b.order.as_str(),
        Body::OrderFrozen(b) => b.order.as_str(),
        Body::OrderCancelled(b) => b.order.as_str(),
        Body::OrderDispatched(b) => b.order.as_str(),
        Body::OrderSigned(b) => b.order.as_str(),
        Body::OrderReceived(b) => b.order.as_str(),
        Body::ReturnRequested(b) => b.order.as_str(),
        Body::ReturnAgreed(b) => b.order.as_str(),
        Body::ReturnShipped(b) => b.order.as_str(),
        Body::ReturnReceived(b) => b.order.as_str(),
        Body::RefundPaid(b) => b.order.as_ref()?.as_str(),
        Body::PromiseBroken(b) => b.order.as_str(),
        _ => return None,
    })
}

/// Keys of the states that a fact touches, as far as what is loaded tells.
pub(crate) fn touches(states: &States<State>, fact: &Fact) -> Vec<String> {
    let mut keys = Keys { keys: Vec::new(), states };
    keys.body(&fact.body, fact.target.as_deref());
    keys.keys.sort();
    keys.keys.dedup();
    keys.keys
}

struct Keys<'a> {
    keys: Vec<String>,
    states: &'a States<State>,
}

impl Keys<'_> {
    fn add(&mut self, kind: &str, id: &str) {
        self.keys.push(format!("{kind}/{id}"));
    }

    fn order(&mut self, id: &str) {
        self.add("order", id);
        if let Some(order) = self.states.order(id) {
            let (shop, buyer) = (order.shop.clone(), order.buyer.clone());
            self.add("shop", &shop);
            if let Some(buyer) = buyer {
                self.add("buyer", &buyer);
            }
        }
    }

    fn claim(&mut self, id: &str) {
        self.add("claim", id);
        let about = self.states.claim(id).map(|c| (c.order.clone(), c.shop.clone(), c.buyer.clone()));
        let Some((order, shop, buyer)) = about else { return };
        self.order(&order);
        self.add("shop", &shop);
        if let Some(buyer) = buyer {
            self.add("buyer", &buyer);
        }
    }

    fn claims_of(&mut self, order: &str) {
        let claims = self.states.order(order).map(|o| o.claims.iter().map(|c| c.claim.clone()).collect::<Vec<_>>());
        for claim in claims.unwrap_or_default() {
            self.add("claim", &claim);
        }
    }

    #[expect(clippy::too_many_lines, reason = "a line or two for each kind of fact")]
    fn body(&mut self, body: &Body, target: Option<&Fact>) {
        match body {
            Body::OrderPaid(paid) => {
                self.order(paid.order.as_str());
                self.claims_of(paid.order.as_str());
                self.add("shop", paid.shop.as_str());
                paid.buyer.iter().for_each(|b| self.add("buyer", b.as_str()));
                paid.lines.iter().for_each(|l| self.add("item", l.item.as_str()));
                self.keys.push(MARKET.to_owned());
            }
            Body::ReturnReceived(_) | Body::RefundPaid(_) => {
                let Some(order) = order_of(body) else { return };
                self.order(order);
                self.claims_of(order);
            }
            Body::FactVoided(_) => {
                if let Some(target) = target {
                    self.body(&target.body, None);
                }
            }
            Body::ClaimOpened(b) => {
                self.claim(b.claim.as_str());
                self.order(b.order.as_str());
            }
            Body::ClaimRouted(b) => {
                self.claim(b.claim.as_str());
                self.order(b.order.as_str());
            }
            Body::ClaimAnswered(b) => self.claim(b.claim.as_str()),
            Body::ClaimAccepted(b) => self.claim(b.claim.as_str()),
            Body::ClaimWithdrawn(b) => self.claim(b.claim.as_str()),
            Body::EvidenceGiven(b) => b.claim.iter().for_each(|c| self.claim(c.as_str())),
            Body::AttestationGiven(b) => match (&b.claim, &b.item) {
                (Some(claim), _) => self.claim(claim.as_str()),
                (None, Some(item)) => self.add("item", item.as_str()),
                (None, None) => {}
            },
            Body::RulingMade(b) => {
                self.claim(b.claim.as_str());
                self.add("ruling", b.ruling.as_str());
            }
            Body::CaseReviewed(b) => match &b.claim {
                Some(claim) => self.claim(claim.as_str()),
                None => {
                    self.claim(b.case.as_str());
                    if b.appeal.is_some() {
                        self.add("buyer", b.case.as_str());
                    }
                }
            },
            Body::AppealOpened(b) if b.against_kind == DecisionKind::Ruling => {
                self.add("ruling", b.against.as_str());
                self.claim(b.against.as_str());
                if let Some(claim) = appealed_claim(self.states, b) {
                    self.claim(&claim);
                }
            }
            Body::AppealOpened(b) if b.against_kind == DecisionKind::Standing => self.add("buyer", b.against.as_str()),
            Body::JuryVoted(b) => self.claim(b.case.as_str()),
            Body::GuaranteeSwitched(b) => {
                self.add("shop", b.shop.as_str());
                b.items.iter().for_each(|i| self.add("item", i.as_str()));
            }
            Body::ItemListed(b) => self.add("item", b.item.as_str()),
            Body::ItemChanged(b) => self.add("item", b.item.as_str()),
            Body::PartyRegistered(b) if b.party_kind == PartyKind::Shop => self.add("shop", b.party.as_str()),
            Body::ViolationFound(b) if b.party_kind == PartyKind::Shop => self.add("shop", b.party.as_str()),
            Body::ReviewPosted(b) => {
                match (&b.shop, &b.order, &b.item) {
                    (Some(shop), _, _) => self.add("shop", shop.as_str()),
                    (None, Some(order), _) => self.add("order", order.as_str()),
                    (None, None, Some(item)) => self.add("item", item.as_str()),
                    (None, None, None) => {}
                }
                if let Some(shop) = shop_of_review(self.states, b) {
                    self.add("shop", &shop);
                }
            }
            Body::ReportFiled(b) => {
                match b.target_kind {
                    TargetKind::Item => self.add("item", b.target.as_str()),
                    TargetKind::Order => self.add("order", b.target.as_str()),
                    _ => {}
                }
                if let Some(shop) = shop_reported(self.states, b.target_kind, b.target.as_str()) {
                    self.add("shop", &shop);
                }
            }
            Body::StandingChanged(b) => self.add("buyer", b.buyer.as_str()),
            Body::CoverPriced(b) => {
                self.add("shop", b.shop.as_str());
                self.keys.push(MARKET.to_owned());
            }
            Body::BadgeLit(b) => self.add("shop", b.shop.as_str()),
            Body::BadgeUnlit(b) => self.add("shop", b.shop.as_str()),
            Body::DeadlinePassed(b) if b.system.as_str() == crate::NAME => match b.key.as_str().split_once('/') {
                Some(("order", id)) => self.order(id),
                Some(("claim", id)) => self.claim(id),
                Some(("shop", id)) => {
                    self.add("shop", id);
                    self.keys.push(MARKET.to_owned());
                }
                Some((kind, id)) => self.add(kind, id),
                None => {}
            },
            other => {
                if let Some(order) = order_of(other) {
                    self.order(order);
                }
            }
        }
    }
}
