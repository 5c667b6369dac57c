//! Everything that somebody could try to tell planted facts by, as numbers under names.

use laotie_facts::Timestamp;
use serde_json::Value;

use super::book::Book;
use super::number::{real, real_i64};
use super::roles::{Names, Role};
use super::tally::{HOUR, What};
use crate::happening::Happening;

/// Fields that hold ids.
const IDS: [&str; 29] = [
    "order",
    "buyer",
    "shop",
    "streamer",
    "show",
    "video",
    "item",
    "room",
    "viewer",
    "follower",
    "campaign",
    "claim",
    "return",
    "review",
    "refund",
    "utterance",
    "comment",
    "contract",
    "provider",
    "client",
    "party",
    "merchant",
    "line",
    "visit",
    "parcel",
    "brand",
    "referred_by",
    "reply_to",
    "impression",
];

/// Those of them that are of parties and things to which much is done.
const TARGETS: [&str; 11] = ["shop", "streamer", "show", "video", "item", "room", "campaign", "provider", "client", "merchant", "brand"];

/// Fields that hold sentences.
const TEXTS: [&str; 6] = ["text", "title", "statement", "description", "name", "what"];

/// Elements of a list that are looked into.
const LOOKED_INTO: usize = 3;

/// Name of a feature, written out only once for a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Name {
    /// Of the fact itself.
    Own(String),
    /// Of the id of what it is done to: the same in every fact about that one, so that it tells little where there are few.
    Target(String),
    /// Of what was seen of somebody or something that it names, so far or over the run.
    Seen { of: Role, over_the_run: bool, what: What },
}

impl Name {
    /// The name in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Own(name) | Self::Target(name) => name.clone(),
            Self::Seen { of, over_the_run, what: (what, kind) } => {
                let when = if *over_the_run { "over the run" } else { "so far" };
                let kind = kind.map_or_else(String::new, |kind| format!(" {}", kind.name()));
                format!("{} {when}: {what}{kind}", of.name())
            }
        }
    }
}

/// The features of a row while it is made.
#[derive(Debug, Default)]
pub(super) struct Features {
    /// Numbers under their names; the same name twice counts up.
    pub(super) numbers: Vec<(Name, f64)>,
    /// What was said or written.
    pub(super) text: String,
}

impl Features {
    /// All features of a fact: its own fields, key and time, and what was and will be seen of whom it names.
    pub(super) fn of(happening: &Happening, found: &Names, start: Timestamp, offset_minutes: u32, sofar: &Book, run: &Book) -> Self {
        let mut features = Self::default();
        let body = serde_json::from_str(&happening.body.canonical()).unwrap_or(Value::Null);
        features.value("", &body, happening.at);
        features.id("key", &happening.key);
        features.add("by somebody else", f64::from(u8::from(happening.by.is_some())));
        features.time(happening.at, start, offset_minutes);
        for (role, key) in found.all() {
            let own_course = matches!(role, Role::Order | Role::Case | Role::Contract);
            for (over_the_run, book) in [(false, sofar), (true, run)] {
                if let Some(tally) = book.tally(*key) {
                    tally.tell(happening.at.micros(), own_course, |what, x| {
                        if x != 0.0 && x.is_finite() {
                            features.numbers.push((Name::Seen { of: *role, over_the_run, what }, x));
                        }
                    });
                }
            }
            features.add(&format!("{} named", role.name()), 1.0);
        }
        features
    }

    fn add(&mut self, name: &str, x: f64) {
        if x != 0.0 && x.is_finite() {
            self.numbers.push((Name::Own(name.to_owned()), x));
        }
    }

    fn value(&mut self, name: &str, value: &Value, at: Timestamp) {
        match value {
            Value::Null => {}
            Value::Bool(yes) => self.add(name, f64::from(u8::from(*yes))),
            Value::Number(n) => {
                let n = n.as_i64().unwrap_or(0);
                self.add(&format!("{name} there"), 1.0);
                self.add(name, real_i64(n));
                for end in [2, 10, 100, 1_000] {
                    self.add(&format!("{name} modulo {end}"), real_i64(n.rem_euclid(end)));
                }
            }
            Value::String(text) => self.word(name, text, at),
            Value::Array(list) => {
                self.add(&format!("{name}: how many"), real(list.len()));
                list.iter().take(LOOKED_INTO).for_each(|one| self.value(name, one, at));
            }
            Value::Object(fields) => {
                for (field, inner) in fields {
                    let path = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                    self.value(&path, inner, at);
                }
            }
        }
    }

    fn word(&mut self, name: &str, text: &str, at: Timestamp) {
        self.add(&format!("{name} there"), 1.0);
        let field = name.rsplit('.').next().unwrap_or(name);
        if TEXTS.contains(&field) {
            let digits = text.chars().filter(char::is_ascii_digit).count();
            self.add(&format!("{name}: characters"), real(text.chars().count()));
            self.add(&format!("{name}: digits"), real(digits));
            self.text.push_str(text);
            self.text.push('\n');
        } else if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            self.add(&format!("{name}: first character"), f64::from(text.as_bytes()[0]));
            self.add(&format!("{name}: last character"), f64::from(text.as_bytes()[63]));
        } else if let Some(time) = text.ends_with('Z').then(|| Timestamp::parse(text).ok()).flatten() {
            let hours = real_i64(time.micros() - at.micros()) / real_i64(HOUR);
            self.add(&format!("{name}: hours after the fact"), hours);
            self.add(&format!("{name}: microsecond"), real_i64(time.micros() % 1_000_000));
        } else {
            if IDS.contains(&field) || text.bytes().any(|b| b.is_ascii_digit()) {
                self.id(name, text);
            }
            if !IDS.contains(&field) {
                self.add(&format!("{name} = {text}"), 1.0);
            }
        }
    }

    /// Patterns of an id or key.
    fn id(&mut self, name: &str, id: &str) {
        let is_target = TARGETS.contains(&name.rsplit('.').next().unwrap_or(name));
        let before = self.numbers.len();
        let bytes = id.as_bytes();
        let digits: Vec<u8> = bytes.iter().filter(|b| b.is_ascii_digit()).map(|b| b - b'0').collect();
        let whole = digits.iter().fold(0_u64, |n, d| n.wrapping_mul(10).wrapping_add(u64::from(*d)));
        let letters = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
        let sum_of_digits: u32 = digits.iter().map(|d| u32::from(*d)).sum();
        let sum_of_characters: u32 = bytes.iter().map(|b| u32::from(*b)).sum();
        self.add(&format!("{name}: length"), real(bytes.len()));
        self.add(&format!("{name}: digits"), real(digits.len()));
        self.add(&format!("{name}: letters"), real(letters));
        self.add(&format!("{name}: sum of digits"), f64::from(sum_of_digits));
        self.add(&format!("{name}: sum of characters"), f64::from(sum_of_characters));
        self.add(&format!("{name}: digits as a number"), real(usize::try_from(whole % 1_000_000_000).unwrap_or(0)));
        for end in [2, 3, 7, 10, 100] {
            self.add(&format!("{name}: number modulo {end}"), real(usize::try_from(whole % end).unwrap_or(0)));
        }
        for place in 0..4 {
            if let (Some(first), Some(last)) = (bytes.get(place), bytes.iter().rev().nth(place)) {
                self.add(&format!("{name}: character {}", place + 1), f64::from(*first));
                self.add(&format!("{name}: character {} from the end", place + 1), f64::from(*last));
            }
        }
        for (name, _) in self.numbers[before..].iter_mut().filter(|_| is_target) {
            *name = Name::Target(name.words());
        }
    }

    fn time(&mut self, at: Timestamp, start: Timestamp, offset_minutes: u32) {
        let local = at.micros() + i64::from(offset_minutes) * 60_000_000;
        let within_day = local.rem_euclid(24 * HOUR);
        let day = local.div_euclid(24 * HOUR);
        self.add("hour", real_i64(within_day / HOUR));
        self.add("hour of day with its fraction", real_i64(within_day) / real_i64(HOUR));
        self.add("minute", real_i64(within_day / 60_000_000 % 60));
        self.add("second", real_i64(within_day / 1_000_000 % 60));
        self.add("microsecond", real_i64(within_day % 1_000_000));
        self.add("microsecond modulo 1000", real_i64(within_day % 1_000));
        self.add("weekday", real_i64((day + 3).rem_euclid(7)));
        self.add("day since start", real_i64(at.micros() - start.micros()) / real_i64(24 * HOUR));
    }
}

#[cfg(test)]
mod tests {
    use laotie_facts::{Body, Kind};

    use super::*;
    use crate::happening::Sender;

    #[test]
    fn a_fact_is_taken_apart() {
        let text = r#"{"device_hash":"00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00ff","entry":"recommend","follower":"b-107","streamer":"s9"}"#;
        let at = Timestamp::parse("2026-01-05T13:04:05.000007Z").expect("a time");
        let body = Body::parse(Kind::FollowMade, text).expect("well formed");
        let happening = Happening { at, sender: Sender::LiveRooms, key: "f/3".to_owned(), by: None, body };
        let book = Book::default();
        let found = book.named(&happening);
        let features = Features::of(&happening, &found, at, 480, &book, &book);
        let of = |name: &str| features.numbers.iter().find(|(n, _)| n.words() == name).map(|(_, x)| *x);
        assert_eq!(of("follower: digits as a number"), Some(107.0));
        assert_eq!(of("follower: character 1 from the end"), Some(f64::from(b'7')));
        assert_eq!(of("entry = recommend"), Some(1.0));
        assert_eq!(of("device_hash: last character"), Some(f64::from(b'f')));
        assert_eq!(of("hour"), Some(21.0));
        assert_eq!(of("microsecond"), Some(7.0));
        assert_eq!(of("weekday"), None, "2026-01-05 is a Monday, which is 0");
        assert_eq!(of("key: sum of digits"), Some(3.0));
    }
}
