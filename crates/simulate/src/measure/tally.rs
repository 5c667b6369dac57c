//! What has been seen of one party, room, order or other thing so far.

use laotie_facts::{Body, Kind, Timestamp};

use super::number::{part, real_i64};

/// Microseconds of an hour.
pub(super) const HOUR: i64 = 3_600_000_000;

/// What a number about one thing says, and of which kind of fact.
pub(super) type What = (&'static str, Option<Kind>);

/// How often a kind of fact named it, and when last.
#[derive(Debug, Clone, Copy)]
struct Seen {
    kind: Kind,
    count: u32,
    last: i64,
}

/// Running counts and sums about one thing.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    seen: Vec<Seen>,
    facts: u32,
    first: i64,
    last: i64,
    registered: Option<i64>,
    /// A bit for each other by its hash: Whang and others (1990), "A linear-time probabilistic counting algorithm for
    /// database applications", ACM TODS 15 (2), pp. 208-229.
    others: u128,
    days: u128,
    hours: u32,
    with_device: u32,
    paid: f64,
    paid_squared: f64,
    refunded: f64,
    stars: f64,
    watched_ms: f64,
    stayed_ms: f64,
    weight_g: f64,
}

impl Tally {
    /// Counts a fact in; `other` is the hash of who or what it is with.
    pub(super) fn note(&mut self, at: Timestamp, body: &Body, other: Option<u64>, has_device: bool) {
        let (kind, now) = (body.kind(), at.micros());
        match self.seen.iter_mut().find(|s| s.kind == kind) {
            Some(seen) => {
                seen.count += 1;
                seen.last = now;
            }
            None => self.seen.push(Seen { kind, count: 1, last: now }),
        }
        if self.facts == 0 {
            self.first = now;
        }
        self.facts += 1;
        self.last = now;
        if let Some(other) = other {
            self.others |= 1 << (other % 128);
        }
        self.days |= 1 << (now / (24 * HOUR)).rem_euclid(128);
        self.hours |= 1 << (now / HOUR).rem_euclid(24);
        self.with_device += u32::from(has_device);
        match body {
            Body::PartyRegistered(_) => {
                self.registered.get_or_insert(now);
            }
            Body::OrderPaid(b) => {
                let paid = real_i64(b.paid_minor.get());
                self.paid += paid;
                self.paid_squared += paid * paid;
            }
            Body::RefundPaid(b) => self.refunded += real_i64(b.amount_minor.get()),
            Body::ReviewPosted(b) => self.stars += real_i64(b.stars.get()),
            Body::ViewMade(b) => self.watched_ms += b.watched_ms.map_or(0.0, |ms| real_i64(ms.get())),
            Body::ShowLeft(b) => self.stayed_ms += b.stayed_ms.map_or(0.0, |ms| real_i64(ms.get())),
            Body::OrderPickedUp(b) => self.weight_g += b.weight_g.map_or(0.0, |g| real_i64(g.get())),
            _ => {}
        }
    }

    fn count(&self, kind: Kind) -> f64 {
        self.seen.iter().find(|s| s.kind == kind).map_or(0.0, |s| f64::from(s.count))
    }

    /// Amount paid over all orders, in minor units.
    pub(super) fn paid(&self) -> f64 {
        self.paid
    }

    /// Tells every count, sum and share at a moment, each under a name; `steps` adds when each kind came, for what has
    /// a course of its own, like an order.
    pub(super) fn tell(&self, now: i64, steps: bool, mut into: impl FnMut(What, f64)) {
        let orders = self.count(Kind::OrderPaid);
        for seen in &self.seen {
            into(("number of", Some(seen.kind)), f64::from(seen.count));
            into(("share of", Some(seen.kind)), f64::from(seen.count) / f64::from(self.facts));
            into(("hours since last", Some(seen.kind)), real_i64(now - seen.last) / real_i64(HOUR));
            if steps {
                into(("hours until", Some(seen.kind)), real_i64(seen.last - self.first) / real_i64(HOUR));
            }
        }
        let empty = f64::from(self.others.count_zeros()).max(0.5);
        let life_days = real_i64((self.last - self.first).max(HOUR)) / real_i64(24 * HOUR);
        into(("facts", None), f64::from(self.facts));
        into(("facts a day", None), f64::from(self.facts) / life_days);
        into(("hours since first fact", None), real_i64(now - self.first) / real_i64(HOUR));
        into(("hours since last fact", None), real_i64(now - self.last) / real_i64(HOUR));
        into(("days between first and last fact", None), life_days);
        into(("different others", None), -128.0 * libm::log(empty / 128.0));
        into(("days with a fact", None), f64::from(self.days.count_ones()));
        into(("hours of day with a fact", None), f64::from(self.hours.count_ones()));
        into(("share of facts with a device", None), part(f64::from(self.with_device), f64::from(self.facts)));
        into(("facts for each other", None), part(f64::from(self.facts), f64::from(self.others.count_ones())));
        if let Some(registered) = self.registered {
            into(("account age in hours", None), real_i64(now - registered) / real_i64(HOUR));
            into(("hours from registration to last fact", None), real_i64(self.last - registered) / real_i64(HOUR));
        }
        if orders > 0.0 {
            let mean = self.paid / orders;
            into(("amount paid", None), self.paid);
            into(("mean order value", None), mean);
            into(("deviation of order value", None), libm::sqrt((self.paid_squared / orders - mean * mean).max(0.0)));
            into(("refunds an order", None), self.count(Kind::RefundPaid) / orders);
            into(("refunded share of amount", None), part(self.refunded, self.paid));
            into(("cancelled share of orders", None), self.count(Kind::OrderCancelled) / orders);
            into(("returns an order", None), self.count(Kind::ReturnRequested) / orders);
            into(("claims an order", None), self.count(Kind::ClaimOpened) / orders);
            into(("reviews an order", None), self.count(Kind::ReviewPosted) / orders);
        }
        let mean = |sum: f64, kind: Kind| part(sum, self.count(kind));
        into(("mean stars", None), mean(self.stars, Kind::ReviewPosted));
        into(("mean time watched", None), mean(self.watched_ms, Kind::ViewMade));
        into(("mean stay", None), mean(self.stayed_ms, Kind::ShowLeft));
        into(("mean weight", None), mean(self.weight_g, Kind::OrderPickedUp));
        into(("follows ended a follow", None), part(self.count(Kind::FollowEnded), self.count(Kind::FollowMade)));
        into(("likes a view", None), part(self.count(Kind::LikeGiven), self.count(Kind::ViewMade)));
        into(("comments a visit", None), part(self.count(Kind::CommentPosted), self.count(Kind::ShowEntered)));
        into(("orders a visit", None), part(orders, self.count(Kind::ShowEntered)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_tells_what_was_noted() {
        let mut tally = Tally::default();
        let at = |hours: i64| Timestamp::from_micros(hours * HOUR).expect("in range");
        let follow = |to: &str| Body::parse(Kind::FollowMade, &format!(r#"{{"follower":"b1","streamer":"{to}"}}"#)).expect("well formed");
        tally.note(at(10), &follow("s1"), Some(1), true);
        tally.note(at(34), &follow("s2"), Some(2), false);
        let mut told = std::collections::BTreeMap::new();
        tally.tell(at(36).micros(), false, |what, x| {
            told.insert(what, x);
        });
        let close = |what: What, x: f64| assert!((told[&what] - x).abs() < 0.02, "{what:?} is {}", told[&what]);
        close(("number of", Some(Kind::FollowMade)), 2.0);
        close(("hours since last", Some(Kind::FollowMade)), 2.0);
        close(("hours since first fact", None), 26.0);
        close(("different others", None), 2.02);
        close(("share of facts with a device", None), 0.5);
        close(("days with a fact", None), 2.0);
    }
}
