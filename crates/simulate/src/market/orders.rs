//! An order's life until it is received.

use laotie_facts::body::{
    AfterSaleReason, Discount, Entry, FactVoided, OrderCancelled, OrderDispatched, OrderLine, OrderPaid, OrderPickedUp, OrderReceived,
    OrderSigned, Payer, RefundPaid,
};
use laotie_facts::{Count, Currency, FactKey, LineId, OrderId, RefundId, RoomId, SignedAmount, SourceId};

use crate::actors::{NONE, ShopNature};
use crate::goods::as_float;
use crate::happening::Sender;
use crate::market::after_sale::Path;
use crate::market::values::{amount, text};
use crate::market::{Market, What, stamp};
use crate::random::{Random, to_i64};
use crate::rhythm::{DAY, HOUR, MINUTE};
use crate::truth::Truth;

/// What an order is in truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    Honest,
    /// Bought by its own shop.
    Brushed(Trick),
    /// Bought to be sent back.
    Gang,
}

/// How a brushed order hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trick {
    Cancel,
    EmptyParcel,
    Trinket,
    Substitute,
}

impl Trick {
    pub(crate) const ALL: [Trick; 4] = [Self::Cancel, Self::EmptyParcel, Self::Trinket, Self::Substitute];

    fn name(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::EmptyParcel => "empty_parcel",
            Self::Trinket => "trinket",
            Self::Substitute => "substitute",
        }
    }
}

/// What is wrong with what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Nothing,
    Quality,
    Damaged,
    Missing,
    Mismatch,
    Spoiled,
    Counterfeit,
}

impl Wrong {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Quality => "quality",
            Self::Damaged => "damaged",
            Self::Missing => "missing",
            Self::Mismatch => "mismatch",
            Self::Spoiled => "spoiled",
            Self::Counterfeit => "counterfeit",
        }
    }
}

/// What an order does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Pay,
    Cancel,
    RefundCancelled,
    Dispatch,
    PickUp,
    Mend,
    Sign,
    Receive,
    Review,
    ReturnRequest,
    ReturnAgree,
    ReturnShip,
    ReturnReceive,
    ReturnRefund,
    FreightClaim,
    Claim,
    Answer,
    Withdraw,
    Jury,
    Judge,
    Appeal,
    JudgeAppeal,
    ClaimRefund,
}

/// An order under way.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "what is true of an order, each independent of the others")]
pub(crate) struct Order {
    pub(crate) number: u64,
    pub(crate) random: Random,
    pub(crate) buyer: u32,
    pub(crate) shop: u32,
    pub(crate) item: u32,
    pub(crate) second: Option<u32>,
    pub(crate) streamer: u32,
    pub(crate) show: Option<u64>,
    pub(crate) entry: Option<Entry>,
    pub(crate) payer: Payer,
    pub(crate) nature: Nature,
    pub(crate) wrong: Wrong,
    pub(crate) fake: bool,
    pub(crate) late: bool,
    pub(crate) mistaken: bool,
    pub(crate) upheld: bool,
    pub(crate) honest_case: bool,
    pub(crate) step: Step,
    pub(crate) path: Path,
    pub(crate) reason: AfterSaleReason,
    pub(crate) qty: u16,
    pub(crate) unit_minor: i64,
    pub(crate) second_minor: i64,
    pub(crate) discount_minor: i64,
    pub(crate) freight_minor: i64,
    pub(crate) refunded_minor: i64,
    /// Hours promised from payment to delivery.
    pub(crate) promised_days: u32,
    pub(crate) promised: i64,
    pub(crate) case: u64,
    pub(crate) offer_minor: i64,
}

impl Order {
    pub(crate) fn empty(step: Step, random: Random) -> Self {
        Self {
            number: 0,
            random,
            buyer: 0,
            shop: 0,
            item: 0,
            second: None,
            streamer: NONE,
            show: None,
            entry: None,
            payer: Payer::Merchant,
            nature: Nature::Honest,
            wrong: Wrong::Nothing,
            fake: false,
            late: false,
            mistaken: false,
            upheld: false,
            honest_case: true,
            step,
            path: Path::Keep,
            reason: AfterSaleReason::NoReason,
            qty: 1,
            unit_minor: 0,
            second_minor: 0,
            discount_minor: 0,
            freight_minor: 0,
            refunded_minor: 0,
            promised_days: 0,
            promised: 0,
            case: 0,
            offer_minor: 0,
        }
    }

    /// What the buyer pays.
    pub(crate) fn paid_minor(&self) -> i64 {
        self.unit_minor * i64::from(self.qty) + self.second_minor - self.discount_minor + self.freight_minor
    }

    /// What is left to pay back.
    pub(crate) fn left_minor(&self) -> i64 {
        self.paid_minor() - self.refunded_minor
    }
}

impl Market {
    pub(crate) fn order_name(&self, number: u64) -> String {
        self.names.order.of("o-", number)
    }

    pub(crate) fn order_id(&self, number: u64) -> OrderId {
        OrderId::new(self.order_name(number)).expect("names are valid ids")
    }

    /// One step of an order; it stays in its place as long as there is a next one.
    pub(crate) fn order_step(&mut self, slot: u32) {
        let Some(mut order) = self.orders.get(slot).cloned() else { return };
        let next = match order.step {
            Step::Pay => Some(self.pay(&mut order)),
            Step::Cancel => Some(self.cancel(&mut order)),
            Step::RefundCancelled => self.refund(&mut order, i64::MAX, AfterSaleReason::Cancelled),
            Step::Dispatch => Some(self.dispatch(&mut order)),
            Step::PickUp => Some(self.pick_up(&mut order)),
            Step::Mend => Some(self.mend(&mut order)),
            Step::Sign => Some(self.sign(&mut order)),
            Step::Receive => self.receive(&mut order),
            _ => self.after_sale_step(&mut order),
        };
        match next {
            Some((step, wait)) if self.now + wait < self.end => {
                order.step = step;
                if let Some(place) = self.orders.get_mut(slot) {
                    *place = order;
                }
                self.enter(self.now + wait.max(1), What::Order(slot));
            }
            _ => {
                self.orders.take(slot);
            }
        }
    }

    fn pay(&mut self, order: &mut Order) -> (Step, i64) {
        let name = self.order_name(order.number);
        let mut lines = vec![self.line("1", order.item, i64::from(order.qty), order.unit_minor)];
        if let Some(second) = order.second {
            lines.push(self.line("2", second, 1, order.second_minor));
        }
        let discounts = if order.discount_minor > 0 {
            let named = text(order.random.pick(&["coupon", "spend_and_save", "red_packet"]));
            vec![Discount { amount_minor: amount(order.discount_minor), name: Some(named), payer: order.payer }]
        } else {
            Vec::new()
        };
        let streamer = (order.streamer != NONE).then(|| self.streamer_id(order.streamer));
        let room = streamer.is_some().then(|| RoomId::new(self.room_name(order.streamer)).expect("names are valid ids"));
        let body = OrderPaid {
            adjustments: Vec::new(),
            buyer: Some(self.buyer_id(order.buyer)),
            currency: Currency::CNY,
            discounts,
            entry: order.entry,
            freight_minor: amount(order.freight_minor),
            lines,
            order: self.order_id(order.number),
            paid_minor: amount(order.paid_minor()),
            region: Some(self.region(self.buyers[order.buyer as usize].region)),
            room,
            shop: self.shop_id(order.shop),
            show: order.show.map(|s| self.show_id(s)),
            splits: Vec::new(),
            streamer,
        };
        self.say(Sender::ShopSystem, format!("{name}/paid"), body);
        let buyer = &mut self.buyers[order.buyer as usize];
        buyer.orders = buyer.orders.saturating_add(1);
        if let Some(edge) = buyer.edges.iter_mut().find(|e| e.streamer == order.streamer) {
            edge.orders = edge.orders.saturating_add(1);
        }
        self.settle_fate(order);
        self.tell_order(order);
        order.promised = self.now + i64::from(order.promised_days) * HOUR;
        let rules = &self.rules.orders;
        let cancels = match order.nature {
            Nature::Brushed(trick) => trick == Trick::Cancel,
            _ => order.random.chance(rules.cancelled),
        };
        let factor = f64::from(self.shops[order.shop as usize].dispatch_factor);
        let hours = order.random.log_normal(rules.dispatch_hours[0] * factor, rules.dispatch_hours[1]);
        if cancels {
            let wait = order.random.between(0.02, 0.95) * hours;
            return (Step::Cancel, to_i64(wait * as_float(HOUR)));
        }
        let at = self.rhythm.after(self.now, hours);
        (Step::Dispatch, at - self.now)
    }

    /// What will be wrong with the goods, as far as the shop is to blame.
    fn settle_fate(&mut self, order: &mut Order) {
        let day = self.rhythm.day(self.now);
        let (shop, item) = (&self.shops[order.shop as usize], &self.items[order.item as usize]);
        let goods = &self.rules.goods;
        let bad = shop.nature.is_bad(day);
        // Who sells what is not genuine is careful otherwise.
        let careless = bad && !matches!(shop.nature, ShopNature::Counterfeit);
        let factor = f64::from(shop.defects) * if careless { self.rules.shops.bad_defects } else { 1.0 };
        let defects = goods.defect_rate[usize::from(item.category)] * factor * self.weather.defects() * (1.5 - f64::from(item.quality));
        order.fake = shop.nature.sells_fakes(day) && order.random.chance(self.rules.shops.fake_share);
        if order.random.chance(defects.min(0.7)) {
            let fresh = if item.category <= 1 { 0.4 } else { 0.02 };
            let kinds = [Wrong::Quality, Wrong::Damaged, Wrong::Missing, Wrong::Mismatch, Wrong::Spoiled];
            order.wrong = kinds[order.random.weighted(&[0.45, 0.18, 0.12, 0.23, fresh])];
        } else if order.fake && order.random.chance(self.rules.shops.fake_seen) {
            order.wrong = Wrong::Counterfeit;
        } else if order.fake && order.random.chance(self.rules.shops.fake_disliked) {
            order.wrong = Wrong::Quality;
        }
    }

    fn tell_order(&mut self, order: &Order) {
        let (nature, trick) = match order.nature {
            Nature::Honest => ("honest", None),
            Nature::Gang => ("gang", None),
            Nature::Brushed(trick) => ("brushed", Some(trick.name().to_owned())),
        };
        let goods = order.paid_minor() - order.freight_minor;
        let worth = match (order.nature, order.wrong) {
            (Nature::Brushed(_), _) | (_, Wrong::Counterfeit | Wrong::Spoiled) => 0,
            (_, Wrong::Nothing) if order.fake => goods / 4,
            (_, Wrong::Nothing) => goods,
            _ => goods / 3,
        };
        let name = self.order_name(order.number);
        let genuine = !order.fake;
        self.tell(|| Truth::Order { order: name, nature: nature.to_owned(), worth_minor: worth, genuine, trick });
    }

    fn line(&self, line: &str, item: u32, qty: i64, unit_minor: i64) -> OrderLine {
        let signed = |minor: i64| SignedAmount::new(minor).expect("prices are small");
        OrderLine {
            item: self.item_id(item),
            line: LineId::new(line).expect("short"),
            name: None,
            qty: Count::new(qty).expect("few pieces"),
            total_minor: signed(qty * unit_minor),
            unit_price_minor: Some(signed(unit_minor)),
        }
    }

    fn cancel(&mut self, order: &mut Order) -> (Step, i64) {
        let reasons = ["不想要了", "拍错了", "地址写错", "想换个颜色", "发货太慢", "多拍了一件"];
        let reason = order.random.chance(0.7).then(|| text(order.random.pick(&reasons)));
        let body = OrderCancelled { order: self.order_id(order.number), reason };
        let key = format!("{}/cancelled", self.order_name(order.number));
        self.say(Sender::ShopSystem, key, body);
        let item = &mut self.items[order.item as usize];
        item.stock += u32::from(order.qty);
        (Step::RefundCancelled, order.random.whole(2 * MINUTE, 9 * HOUR))
    }

    /// Money back: at most what is left of what was paid.
    pub(crate) fn refund(&mut self, order: &mut Order, minor: i64, reason: AfterSaleReason) -> Option<(Step, i64)> {
        let minor = minor.min(order.left_minor());
        if minor <= 0 {
            return None;
        }
        order.refunded_minor += minor;
        let name = self.names.thing.next("rf-");
        let body = RefundPaid {
            amount_minor: amount(minor),
            buyer: Some(self.buyer_id(order.buyer)),
            claim: (order.step == Step::ClaimRefund).then(|| self.claim_id(order)),
            currency: Currency::CNY,
            lines: Vec::new(),
            order: Some(self.order_id(order.number)),
            reason: Some(reason),
            refund: RefundId::new(name.clone()).expect("names are valid ids"),
            region: None,
            shop: Some(self.shop_id(order.shop)),
            unlinked: false,
        };
        self.say(Sender::ShopSystem, name, body);
        None
    }

    fn dispatch(&mut self, order: &mut Order) -> (Step, i64) {
        let carrier = *order.random.pick(&["顺风快运", "中达速递", "圆通四海", "韵和物流"]);
        let parcel = self.names.thing.next("YT");
        let body = OrderDispatched {
            carrier: Some(text(carrier)),
            order: self.order_id(order.number),
            parcel: Some(text(&parcel)),
            promised_by: Some(stamp(order.promised)),
        };
        let key = format!("{}/dispatched", self.order_name(order.number));
        self.say(Sender::ShopSystem, key, body);
        let [median, sigma] = self.rules.orders.pickup_hours;
        let hours = order.random.log_normal(median, sigma);
        (Step::PickUp, to_i64(hours * as_float(HOUR)))
    }

    fn pick_up(&mut self, order: &mut Order) -> (Step, i64) {
        let (noise, weighed, way, mistakes) = {
            let rules = &self.rules.orders;
            (rules.weight_noise, rules.weighed, rules.way_days, rules.mistakes)
        };
        let item = &self.items[order.item as usize];
        let second = order.second.map_or(0, |s| self.items[s as usize].weight_g);
        let goods = f64::from(item.weight_g) * f64::from(order.qty) + f64::from(second);
        let inside = match order.nature {
            Nature::Brushed(Trick::EmptyParcel) => order.random.between(0.25, 1.0) * goods,
            Nature::Brushed(Trick::Substitute) => goods * order.random.log_normal(0.8, 0.35),
            _ if order.wrong == Wrong::Missing => goods * 0.6,
            _ => goods,
        };
        let weight = inside * order.random.log_normal(1.0, noise[0]) + noise[1] * order.random.between(0.3, 2.0);
        let weight_g = order.random.chance(weighed).then(|| amount(to_i64(weight).max(10) / 10 * 10));
        let body = OrderPickedUp { order: self.order_id(order.number), weight_g };
        let key = format!("{}/picked_up", self.order_name(order.number));
        self.say(Sender::Carriers, key, body);
        let far = if self.shops[order.shop as usize].region == self.buyers[order.buyer as usize].region { 0.75 } else { 1.0 };
        let days = order.random.log_normal(way[0] * far * self.weather.slowness(), way[1]).clamp(0.2, 70.0);
        let at = self.rhythm.after(self.now, days * 24.0);
        if order.random.chance(mistakes * 5.0) {
            order.mistaken = true;
            return (Step::Sign, (at - self.now) / 2);
        }
        (Step::Sign, at - self.now)
    }

    /// A signing that was recorded by mistake is voided; the right one follows.
    fn mend(&mut self, order: &mut Order) -> (Step, i64) {
        let signed = format!("{}/signed", self.order_name(order.number));
        let body = FactVoided {
            key: FactKey::new(signed.clone()).expect("keys are short"),
            reason: text("another parcel was scanned"),
            source: SourceId::new(Sender::Carriers.source()).expect("a valid name"),
        };
        self.say(Sender::Carriers, format!("{signed}/voided"), body);
        (Step::Sign, order.random.whole(12 * HOUR, 2 * DAY))
    }

    fn sign(&mut self, order: &mut Order) -> (Step, i64) {
        let again = order.step == Step::Sign && order.path == Path::Mended;
        let name = self.order_name(order.number);
        let key = if again { format!("{name}/signed/2") } else { format!("{name}/signed") };
        let body = OrderSigned { order: self.order_id(order.number) };
        self.say(Sender::Carriers, key, body);
        if order.mistaken {
            order.mistaken = false;
            order.path = Path::Mended;
            return (Step::Mend, order.random.whole(HOUR, 9 * HOUR));
        }
        order.path = Path::Keep;
        order.late = self.now > order.promised;
        self.choose_path(order)
    }

    fn receive(&mut self, order: &mut Order) -> Option<(Step, i64)> {
        let automatic = order.offer_minor == -1;
        let body = OrderReceived { automatic, order: self.order_id(order.number) };
        let key = format!("{}/received", self.order_name(order.number));
        self.say(Sender::ShopSystem, key, body);
        self.learn_from(order, 1.0);
        self.perhaps_review(order)
    }
}
