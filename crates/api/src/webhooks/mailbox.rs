//! What waits for an endpoint, and what was given up.
//!
//! # Invariants
//! - Letters leave in the order in which they came; only one that is sent again by hand goes behind the others.
//! - A row of the outbox is taken once.

use std::collections::VecDeque;

use laotie_facts::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Endpoint, EndpointStatus};

/// Letters that wait for one endpoint at most; past them the oldest is given up.
pub(super) const WAITING_MAX: usize = 10_000;

/// Letters given up that are kept for one endpoint; past them the oldest goes. The journal still has its fact.
pub(super) const DEAD_MAX: usize = 1_000;

/// A fact on its way to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Letter {
    /// The fact's place in the journal.
    pub(super) seq: i64,
    /// Its kind.
    pub(super) kind: String,
}

/// A letter that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeadLetter {
    /// Its id, which is the `webhook-id` that it came under.
    pub id: String,
    /// The webhook that it was for.
    pub webhook: String,
    /// The fact's place in the journal.
    pub seq: i64,
    /// The fact's kind.
    pub kind: String,
    /// How often it was tried.
    pub tries: u32,
    /// Why the last try failed.
    pub error: String,
    /// When it was given up.
    #[schema(value_type = String, format = DateTime)]
    pub given_up: Timestamp,
}

/// The id of a letter: the same at every try, so that a receiver knows what it has.
pub(super) fn letter_id(endpoint: &str, seq: i64) -> String {
    format!("{endpoint}-{seq}")
}

/// The endpoint and the fact that a letter's id names.
pub(super) fn parts_of(id: &str) -> Option<(&str, i64)> {
    let (endpoint, seq) = id.rsplit_once('-')?;
    let plain = endpoint.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    Some((endpoint, seq.parse().ok()?)).filter(|_| plain && !endpoint.is_empty())
}

/// An endpoint's letters.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Mailbox {
    /// The outbox row that was taken last.
    pub(super) taken: i64,
    waiting: VecDeque<Letter>,
    /// How often the first of them was tried.
    pub(super) tries: u32,
    /// When it is tried again.
    pub(super) next_at: Option<Timestamp>,
    last_error: Option<String>,
    delivered: u64,
    /// Letters given up, the oldest first.
    pub(super) dead: Vec<DeadLetter>,
}

impl Mailbox {
    /// The letter that goes next.
    pub(super) fn first(&self) -> Option<&Letter> {
        self.waiting.front()
    }

    /// Takes a letter with its place in the outbox; whether it is new.
    pub(super) fn take(&mut self, endpoint: &str, row: i64, letter: Letter, now: Timestamp) -> bool {
        if row <= self.taken {
            return false;
        }
        self.taken = row;
        self.waiting.push_back(letter);
        while self.waiting.len() > WAITING_MAX {
            self.drop_first(endpoint, &format!("more than {WAITING_MAX} letters waited"), now);
        }
        true
    }

    /// A letter was answered with 2xx.
    pub(super) fn delivered(&mut self, seq: i64) {
        self.delivered += 1;
        self.last_error = None;
        self.dead.retain(|dead| dead.seq != seq); // given up while it was on its way
        self.leave(seq);
    }

    /// How often a letter was tried, the try under way among them.
    pub(super) fn tries_with(&self, seq: i64) -> u32 {
        if self.first().is_some_and(|letter| letter.seq == seq) { self.tries + 1 } else { 1 }
    }

    /// The first letter failed and is tried again.
    pub(super) fn try_again(&mut self, error: &str, at: Timestamp) {
        self.tries += 1;
        self.next_at = Some(at);
        self.last_error = Some(error.to_owned());
    }

    /// A letter failed for the last time.
    pub(super) fn give_up(&mut self, endpoint: &str, seq: i64, error: &str, now: Timestamp) {
        self.last_error = Some(error.to_owned());
        if self.first().is_some_and(|letter| letter.seq == seq) {
            self.tries += 1;
            self.drop_first(endpoint, error, now);
        }
    }

    /// The endpoint wants no more: all that waits is given up.
    pub(super) fn close(&mut self, endpoint: &str, error: &str, now: Timestamp) {
        self.last_error = Some(error.to_owned());
        self.tries += 1;
        while !self.waiting.is_empty() {
            self.drop_first(endpoint, error, now);
        }
    }

    /// Lets a letter that was given up wait again, behind all others; whether there was one.
    pub(super) fn send_again(&mut self, seq: i64) -> bool {
        let Some(place) = self.dead.iter().position(|dead| dead.seq == seq) else { return false };
        let DeadLetter { seq, kind, .. } = self.dead.remove(place);
        self.waiting.push_back(Letter { seq, kind });
        true
    }

    fn drop_first(&mut self, endpoint: &str, error: &str, now: Timestamp) {
        let Some(Letter { seq, kind }) = self.waiting.front().cloned() else { return };
        let id = letter_id(endpoint, seq);
        let dead = DeadLetter { id, webhook: endpoint.to_owned(), seq, kind, tries: self.tries, error: error.to_owned(), given_up: now };
        self.dead.push(dead);
        if self.dead.len() > DEAD_MAX {
            let oldest = self.dead.remove(0);
            tracing::warn!(
                webhook.id = endpoint,
                seq = oldest.seq,
                "webhook {endpoint}: the dead letter of fact {} is forgotten",
                oldest.seq
            );
        }
        self.leave(seq);
    }

    /// Takes a letter out; the next one starts with all its tries.
    fn leave(&mut self, seq: i64) {
        if self.first().is_some_and(|letter| letter.seq == seq) {
            self.waiting.pop_front();
            (self.tries, self.next_at) = (0, None);
        }
    }

    /// An endpoint and how it is doing.
    pub(super) fn status(&self, endpoint: Endpoint) -> EndpointStatus {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let Endpoint { id, url, kinds, enabled, created, .. } = endpoint;
        EndpointStatus {
            id,
            url,
            kinds,
            enabled,
            created,
            waiting: count(self.waiting.len()),
            tries: self.tries,
            next_at: self.next_at,
            last_error: self.last_error.clone(),
            delivered: self.delivered,
            dead_letters: count(self.dead.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse("2026-06-10T12:00:00Z").expect("a time")
    }

    fn filled(n: i64) -> Mailbox {
        let mut mailbox = Mailbox::default();
        for seq in 1..=n {
            assert!(mailbox.take("wh_a", seq, Letter { seq, kind: "badge.lit".to_owned() }, now()));
        }
        mailbox
    }

    #[test]
    fn letters_leave_in_order_and_a_row_is_taken_once() {
        let mut mailbox = filled(3);
        assert!(!mailbox.take("wh_a", 3, Letter { seq: 3, kind: "badge.lit".to_owned() }, now()));
        for seq in 1..=3 {
            assert_eq!(mailbox.first().map(|l| l.seq), Some(seq));
            mailbox.try_again("500", now());
            assert_eq!(mailbox.tries_with(seq), 2);
            mailbox.delivered(seq);
            assert_eq!((mailbox.tries, mailbox.next_at), (0, None));
        }
        assert_eq!((mailbox.first(), mailbox.delivered), (None, 3));
    }

    #[test]
    fn what_was_given_up_comes_behind_the_others() {
        let mut mailbox = filled(3);
        mailbox.give_up("wh_a", 1, "500", now());
        assert_eq!(mailbox.dead.iter().map(|d| (d.id.as_str(), d.tries)).collect::<Vec<_>>(), [("wh_a-1", 1)]);
        assert!(mailbox.send_again(1) && !mailbox.send_again(1));
        assert_eq!(mailbox.waiting.iter().map(|l| l.seq).collect::<Vec<_>>(), [2, 3, 1]);
    }

    #[test]
    fn nothing_grows_without_bound() {
        let max = i64::try_from(WAITING_MAX).expect("fits");
        let mut mailbox = filled(max + 2);
        assert_eq!((mailbox.first().map(|l| l.seq), mailbox.waiting.len(), mailbox.dead.len()), (Some(3), WAITING_MAX, 2));
        mailbox.delivered(2); // it was on its way meanwhile
        assert_eq!((mailbox.first().map(|l| l.seq), mailbox.dead.len()), (Some(3), 1));
        mailbox.close("wh_a", "410 Gone", now());
        assert_eq!((mailbox.waiting.len(), mailbox.dead.len()), (0, DEAD_MAX));
        assert_eq!(mailbox.dead.last().map(|d| d.seq), Some(max + 2));
    }

    #[test]
    fn a_letters_id_names_its_parts_and_no_path() {
        assert_eq!(parts_of(&letter_id("wh_a", 7)), Some(("wh_a", 7)));
        for wrong in ["", "wh_a", "../x-7", "wh_a-x", "-7", "a/b-7"] {
            assert_eq!(parts_of(wrong), None, "{wrong}");
        }
    }
}
