//! What the market sends: facts as they leave it, before anybody has read them.

use std::io::Write;

use laotie_facts::{Body, By, FactKey, Incoming, SourceId, Timestamp};

/// The systems of a market that send facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sender {
    /// The platform's own systems: parties, cases, programmes.
    Platform,
    /// The shops' software: goods, prices, orders.
    ShopSystem,
    /// The live rooms: shows, what is said, what viewers do.
    LiveRooms,
    /// The carriers.
    Carriers,
    /// The advertising system.
    Advertising,
}

impl Sender {
    /// The source under which its facts stand.
    pub fn source(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::ShopSystem => "shop-system",
            Self::LiveRooms => "live-rooms",
            Self::Carriers => "carriers",
            Self::Advertising => "advertising",
        }
    }
}

/// A fact as the market sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// Which of the market's systems sends it.
    pub sender: Sender,
    /// Its key, unique for the sender.
    pub key: String,
    /// Who acted, where it was by delegation.
    pub by: Option<By>,
    /// What happened.
    pub body: Body,
}

impl Happening {
    /// The fact as the engine takes it.
    pub fn into_incoming(self) -> Incoming {
        let source = SourceId::new(self.sender.source()).expect("senders have valid names");
        let key = FactKey::new(self.key).expect("keys are short and printable");
        Incoming::new(source, key, self.at, self.by, self.body)
    }

    /// Appends the fact as one line of JSON, as the public format has it.
    pub fn write_line(&self, into: &mut Vec<u8>) {
        write!(into, r#"{{"source":"{}","key":""#, self.sender.source()).expect("memory takes every byte");
        into.extend_from_slice(self.key.as_bytes()); // keys are made here, of letters, digits, `-` and `/`
        write!(into, r#"","kind":"{}","at":"{}""#, self.body.kind().name(), self.at).expect("memory takes every byte");
        if let Some(by) = &self.by {
            into.extend_from_slice(br#","by":"#);
            serde_json::to_writer(&mut *into, by).expect("ids always serialise");
        }
        into.extend_from_slice(br#","body":"#);
        into.extend_from_slice(self.body.canonical().as_bytes());
        into.extend_from_slice(b"}\n");
    }
}
