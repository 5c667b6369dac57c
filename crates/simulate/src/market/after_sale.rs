//! After sale: returns, claims and what becomes of them, reviews.

use laotie_facts::body::{AfterSaleReason, ReviewPosted};
use laotie_facts::{Few, MaskedText, ReviewId, Stars};

use crate::goods::{as_float, to_f32};
use crate::happening::Sender;
use crate::market::Market;
use crate::market::orders::{Nature, Order, Step, Wrong};
use crate::random::to_i64;
use crate::rhythm::{DAY, HOUR, MINUTE};
use crate::script;
use crate::truth::Truth;

/// What a buyer does about what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    Keep,
    /// A signing by mistake is being mended.
    Mended,
    Return,
    Claim,
}

/// What is said without cause: worn and sent back, or claimed for what was in order.
const BASELESS_RETURNS: [AfterSaleReason; 9] = [
    AfterSaleReason::NoReason,
    AfterSaleReason::NoReason,
    AfterSaleReason::NoReason,
    AfterSaleReason::NoReason,
    AfterSaleReason::NoReason,
    AfterSaleReason::NoReason,
    AfterSaleReason::NoReason,
    AfterSaleReason::Quality,
    AfterSaleReason::NotAsDescribed,
];
const BASELESS_CLAIMS: [AfterSaleReason; 11] = [
    AfterSaleReason::Quality,
    AfterSaleReason::Quality,
    AfterSaleReason::NotAsDescribed,
    AfterSaleReason::NotAsDescribed,
    AfterSaleReason::Damaged,
    AfterSaleReason::Damaged,
    AfterSaleReason::Late,
    AfterSaleReason::Late,
    AfterSaleReason::Late,
    AfterSaleReason::Missing,
    AfterSaleReason::Counterfeit,
];

/// A wait of some hours.
pub(crate) fn hours(order: &mut Order, least: i64, most: i64) -> i64 {
    order.random.whole(least * HOUR, most * HOUR)
}

impl Market {
    /// Decided when the parcel is opened.
    pub(crate) fn choose_path(&mut self, order: &mut Order) -> (Step, i64) {
        let rules = &self.rules.after_sale;
        let item = &self.items[order.item as usize];
        let fussy = f64::from(self.buyers[order.buyer as usize].fussy);
        let no_reason = if item.no_reason_return { self.rules.goods.no_reason_rate[usize::from(item.category)] * fussy } else { 0.0 };
        // Goods go back without cause where others send theirs back as well.
        let rates = &self.rules.goods.no_reason_rate;
        let easy = 0.3 + 0.7 * rates[usize::from(item.category)] * 8.0 / rates.iter().sum::<f64>();
        order.reason = reason_of(order.wrong, &mut order.random);
        let path = match (order.nature, order.wrong) {
            (Nature::Brushed(_), _) => Path::Keep,
            (Nature::Gang, _) => {
                order.honest_case = false;
                order.reason = *order.random.pick(&[
                    AfterSaleReason::NoReason,
                    AfterSaleReason::NoReason,
                    AfterSaleReason::Quality,
                    AfterSaleReason::NotAsDescribed,
                ]);
                if order.random.chance(self.rules.brushing.gang_returns) { Path::Return } else { Path::Keep }
            }
            (Nature::Honest, Wrong::Nothing) => {
                if order.late && order.random.chance(rules.late_claims) {
                    order.reason = AfterSaleReason::Late;
                    Path::Claim
                } else if order.random.chance(rules.baseless * fussy * easy) {
                    order.honest_case = false;
                    let returned = order.random.chance(0.5);
                    order.reason = *order.random.pick(if returned { &BASELESS_RETURNS } else { &BASELESS_CLAIMS });
                    if returned { Path::Return } else { Path::Claim }
                } else if order.random.chance(no_reason.min(0.6)) {
                    order.reason = AfterSaleReason::NoReason;
                    Path::Return
                } else {
                    Path::Keep
                }
            }
            (Nature::Honest, Wrong::Counterfeit) => {
                if order.random.chance(0.5) {
                    Path::Claim
                } else {
                    Path::Return
                }
            }
            (Nature::Honest, _) => match order.random.weighted(&rules.about_wrong) {
                0 => Path::Keep,
                1 => Path::Return,
                _ => Path::Claim,
            },
        };
        order.path = path;
        if order.wrong != Wrong::Nothing {
            self.shops[order.shop as usize].complaints += u32::from(path != Path::Keep);
        }
        order.case = self.number();
        match path {
            Path::Return => (Step::ReturnRequest, hours(order, 2, 110)),
            Path::Claim => (Step::Claim, hours(order, 1, 120)),
            Path::Keep | Path::Mended => self.wait_for_receipt(order),
        }
    }

    /// Confirmed by the buyer, or by the clock; the latter is marked in a field that is free until then.
    fn wait_for_receipt(&mut self, order: &mut Order) -> (Step, i64) {
        let automatic = to_i64(self.rules.orders.automatic_days * as_float(DAY));
        let by_hand = order.random.whole(10 * MINUTE, 14 * DAY);
        if by_hand >= automatic {
            order.offer_minor = -1;
        }
        (Step::Receive, by_hand.min(automatic))
    }

    pub(crate) fn learn_from(&mut self, order: &Order, share: f64) {
        if matches!(order.nature, Nature::Brushed(_)) {
            return;
        }
        let quality = f64::from(self.items[order.item as usize].quality);
        let worth = match (order.wrong, order.late, order.upheld) {
            (Wrong::Nothing, false, _) => 0.55 + 0.55 * quality,
            (Wrong::Nothing, true, _) => 0.3 + 0.4 * quality,
            (_, _, true) => 0.45,
            _ => 0.08,
        };
        let rate = self.rules.buyers.trust_learning * share;
        self.buyers[order.buyer as usize].learn(order.shop, order.streamer, to_f32(worth.min(1.0)), to_f32(rate));
    }

    pub(crate) fn perhaps_review(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let reviewed =
            if matches!(order.nature, Nature::Brushed(_)) { self.rules.brushing.reviewed } else { self.rules.after_sale.reviewed };
        order.random.chance(reviewed).then(|| (Step::Review, hours(order, 0, 140)))
    }

    pub(crate) fn after_sale_step(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        match order.step {
            Step::Review => self.review(order),
            Step::ReturnRequest => Some(self.request_return(order)),
            Step::ReturnAgree | Step::ReturnShip | Step::ReturnReceive => self.return_step(order),
            Step::ReturnRefund => self.refund_return(order),
            Step::FreightClaim => self.claim_freight(order),
            Step::Claim => Some(self.claim(order)),
            Step::Answer => Some(self.answer(order)),
            Step::Withdraw => self.withdraw(order),
            Step::Jury => Some(self.jury(order)),
            Step::Judge | Step::JudgeAppeal => self.judge(order),
            Step::Appeal => Some(self.appeal(order)),
            Step::ClaimRefund => self.refund_claim(order),
            _ => None,
        }
    }

    fn review(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let rules = &self.rules.after_sale;
        let weights = match order.nature {
            Nature::Brushed(_) => &rules.stars_good,
            _ if order.wrong != Wrong::Nothing => &rules.stars_wrong,
            _ if order.late => &rules.stars_late,
            _ => &rules.stars_good,
        };
        let mut stars = i64::try_from(order.random.weighted(weights)).unwrap_or(4) + 1;
        let paid_for = matches!(order.nature, Nature::Brushed(_));
        if paid_for {
            stars = stars.max(order.random.whole(3, 5));
        }
        let known = self.known(order.item, 0, 0);
        let written = script::review(&known, stars, &mut order.random);
        let name = self.names.thing.next("rv-");
        let stars_of = |n: i64| Stars::new(n.clamp(1, 5)).ok();
        let delivery = if order.late { order.random.whole(1, 3) } else { order.random.whole(3, 5) };
        let body = ReviewPosted {
            additional: false,
            anonymous: order.random.chance(0.3),
            buyer: Some(self.buyer_id(order.buyer)),
            delivery_stars: order.random.chance(0.6).then_some(delivery).and_then(stars_of),
            images: Few::default(),
            item: Some(self.item_id(order.item)),
            line: None,
            order: Some(self.order_id(order.number)),
            review: ReviewId::new(name.clone()).expect("names are valid ids"),
            service_stars: order.random.chance(0.5).then_some((stars + order.random.whole(-1, 1)).clamp(1, 5)).and_then(stars_of),
            shop: Some(self.shop_id(order.shop)),
            stars: Stars::new(stars).expect("one to five"),
            text: if order.random.chance(0.75) { MaskedText::new(written).ok() } else { None },
            title: None,
        };
        self.say(Sender::ShopSystem, name.clone(), body);
        let item = &mut self.items[order.item as usize];
        item.reviews += 1;
        item.good_reviews += u32::from(stars >= 4);
        self.tell(|| Truth::Review { review: name, honest: !paid_for });
        None
    }

    pub(crate) fn tell_case(&mut self, order: &Order, case: String) {
        let (name, honest) = (self.order_name(order.number), order.honest_case);
        let really = if order.late && order.wrong == Wrong::Nothing { "late" } else { order.wrong.name() };
        self.tell(|| Truth::AfterSale { case, order: name, honest, really: really.to_owned() });
    }
}

/// The reason that a buyer first names for what is wrong.
fn reason_of(wrong: Wrong, random: &mut crate::random::Random) -> AfterSaleReason {
    match wrong {
        Wrong::Nothing => AfterSaleReason::NoReason,
        Wrong::Quality => {
            // Bad goods are suspected of not being genuine as well, which a laboratory then denies.
            const SAID: [(AfterSaleReason, f64); 4] = [
                (AfterSaleReason::Quality, 0.47),
                (AfterSaleReason::NotAsDescribed, 0.22),
                (AfterSaleReason::Other, 0.22),
                (AfterSaleReason::Counterfeit, 0.09),
            ];
            SAID[random.weighted(&SAID.map(|(_, share)| share))].0
        }
        Wrong::Damaged => AfterSaleReason::Damaged,
        Wrong::Missing => AfterSaleReason::Missing,
        Wrong::Mismatch => *random.pick(&[AfterSaleReason::NotAsDescribed, AfterSaleReason::SubstitutedGoods, AfterSaleReason::FalseClaim]),
        Wrong::Spoiled => *random.pick(&[AfterSaleReason::Spoiled, AfterSaleReason::Quality]),
        Wrong::Counterfeit => *random.pick(&[
            AfterSaleReason::Counterfeit,
            AfterSaleReason::Counterfeit,
            AfterSaleReason::Quality,
            AfterSaleReason::NotAsDescribed,
        ]),
    }
}
