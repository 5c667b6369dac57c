//! Returns, from the request to the money, and what sending back cost.

use laotie_facts::body::{AfterSaleReason, ClaimOpened, ClaimWish, ReturnAgreed, ReturnReceived, ReturnRequested, ReturnShipped};
use laotie_facts::{Currency, Few, Name, ReturnId};

use crate::happening::Sender;
use crate::market::Market;
use crate::market::after_sale::hours;
use crate::market::orders::{Order, Step};
use crate::market::values::amount;

impl Market {
    pub(crate) fn return_id(&self, order: &Order) -> ReturnId {
        ReturnId::new(self.names.thing.of("rt-", 1 << 37 | order.case)).expect("names are valid ids")
    }

    pub(crate) fn request_return(&mut self, order: &mut Order) -> (Step, i64) {
        let return_id = self.return_id(order);
        let name = return_id.as_str().to_owned();
        let body = ReturnRequested { lines: Vec::new(), order: self.order_id(order.number), reason: order.reason, return_id };
        self.say(Sender::ShopSystem, format!("{name}/requested"), body);
        self.tell_case(order, name);
        (Step::ReturnAgree, hours(order, 0, 30))
    }

    pub(crate) fn return_step(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let (id, return_id) = (self.order_id(order.number), self.return_id(order));
        let name = return_id.as_str().to_owned();
        match order.step {
            Step::ReturnAgree => {
                self.say(Sender::ShopSystem, format!("{name}/agreed"), ReturnAgreed { order: id, return_id });
                order.random.chance(0.94).then(|| (Step::ReturnShip, hours(order, 3, 80)))
            }
            Step::ReturnShip => {
                self.say(Sender::Carriers, format!("{name}/shipped"), ReturnShipped { order: id, return_id });
                Some((Step::ReturnReceive, hours(order, 24, 130)))
            }
            _ => {
                self.say(Sender::ShopSystem, format!("{name}/received"), ReturnReceived { order: id, return_id });
                let item = &mut self.items[order.item as usize];
                item.stock += u32::from(order.qty);
                item.returned += u32::from(order.qty);
                Some((Step::ReturnRefund, hours(order, 0, 40)))
            }
        }
    }

    pub(crate) fn refund_return(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let goods = order.left_minor() - order.freight_minor;
        let own_fault = order.reason == AfterSaleReason::NoReason;
        self.refund(order, if own_fault { goods } else { i64::MAX }, order.reason);
        order.upheld = true;
        self.learn_from(order, 0.7);
        let covered = self.shops[order.shop as usize].guarantees[0];
        (covered && order.random.chance(0.6)).then(|| (Step::FreightClaim, hours(order, 0, 24)))
    }

    /// What sending back cost, out of the shop's freight cover.
    pub(crate) fn claim_freight(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let claim = self.claim_id(order);
        let name = claim.as_str().to_owned();
        let asked = order.random.whole(6, 13) * 100;
        let body = ClaimOpened {
            amount_minor: Some(amount(asked)),
            buyer: Some(self.buyer_id(order.buyer)),
            claim,
            currency: Some(Currency::CNY),
            evidence: Few::default(),
            guarantee: Some(Name::new("return_freight_cover").expect("a name")),
            lines: Few::default(),
            order: self.order_id(order.number),
            reason: order.reason,
            return_id: Some(self.return_id(order)),
            statement: None,
            wish: ClaimWish::FreightCover,
        };
        self.say(Sender::Platform, format!("{name}/opened"), body);
        self.tell_case(order, name);
        None
    }
}
