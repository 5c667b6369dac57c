//! A broadcast as it is listened to: what is shown, what was said lately, and which nudges are open.

use laotie_facts::Timestamp;
use laotie_facts::body::NudgeLevel;
use serde::{Deserialize, Serialize};

/// Sentences of a show that are kept to tell repetitions and revisions.
const SAID_MAX: usize = 60;

/// Nudges of a show that are kept; the journal holds them all.
const THREADS_MAX: usize = 100;

/// Items of a show that are kept, to know which is meant.
const ITEMS_MAX: usize = 300;

/// An item that was put before the viewers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// When, the last time.
    pub at: Timestamp,
    /// Which.
    pub item: String,
    /// Its name on file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its place in the run-down, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
}

/// A sentence of late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Whether it was not over yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interim: bool,
    /// Nudges that it brought or joined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nudges: Vec<String>,
    /// The words.
    pub text: String,
    /// Which.
    pub utterance: String,
}

/// How a nudge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing came of it yet.
    Open,
    /// The desk saw it.
    Acknowledged,
    /// The words were taken back.
    Corrected,
    /// The desk does not agree.
    Dismissed,
    /// The desk says that it has proof.
    Proof,
    /// It was told again by a later one.
    Repeated,
    /// The time to take the words back is over.
    Uncorrected,
    /// It was heard wrong.
    Withdrawn,
}

/// A nudge with what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// When it was sent.
    pub at: Timestamp,
    /// What was found, the gravest first.
    pub codes: Vec<String>,
    /// Whether what is on file says otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contradicted: bool,
    /// Until when the words can be taken back.
    pub correct_by: Timestamp,
    /// When it is looked at by the clock, should the show fall silent.
    pub look_at: Timestamp,
    /// The item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// How loud.
    pub level: NudgeLevel,
    /// The nudge.
    pub nudge: String,
    /// Its report to the reviewers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// What read it.
    pub rule: String,
    /// The exact words.
    pub said: String,
    /// The nudge's fact.
    pub seq: i64,
    /// What the desk said to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// How it stands.
    pub status: Status,
    /// How often it was said since.
    pub times: i64,
    /// The sentence.
    pub utterance: String,
    /// The version of the pack that the rule is of.
    pub version: String,
}

impl Thread {
    /// Whether the time to take the words back is over, by the show's own time.
    pub fn is_late(&self, at: Timestamp) -> bool {
        self.is_open() && self.correct_by < at
    }

    /// Whether the words can still be taken back.
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Open | Status::Acknowledged | Status::Dismissed | Status::Proof)
    }
}

/// A finding that waits to be told with others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// What was found.
    pub code: String,
    /// How sure.
    pub confidence_ppm: i64,
    /// What was on file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// The item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Whether nothing is on file, and proof is asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proof: bool,
    /// What read it.
    pub rule: String,
    /// The fact that told of it.
    pub seq: i64,
    /// Where in the sentence.
    pub span: (i64, i64),
    /// The sentence.
    pub utterance: String,
}

/// A broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Show {
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// Nudges that were taken back on air.
    #[serde(default)]
    pub corrected: i64,
    /// Claims that were found.
    #[serde(default)]
    pub found: i64,
    /// Until when mild findings are gathered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gather_until: Option<Timestamp>,
    /// When they are told by the clock, should the show fall silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gather_look: Option<Timestamp>,
    /// Sentences that were heard.
    #[serde(default)]
    pub heard: i64,
    /// The item being explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Items that were shown, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Shown>,
    /// When it was last heard of.
    #[serde(default)]
    pub latest_at: Timestamp,
    /// Nudges that were sent.
    #[serde(default)]
    pub nudged: i64,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// Findings that wait to be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<Pending>,
    /// The room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// What was said lately, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Said>,
    /// Shops whose goods it sells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shops: Vec<String>,
    /// Who streams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streamer: Option<String>,
    /// Nudges, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<Thread>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Show {
    /// Whether mild findings were gathered long enough, by the show's own time.
    pub fn is_gathered(&self, at: Timestamp) -> bool {
        self.gather_until.is_some_and(|until| until <= at)
    }

    pub(crate) fn forget_gathered(&mut self) {
        self.gather_until = None;
        self.gather_look = None;
        self.pending.clear();
    }

    /// A sentence of late.
    pub fn sentence(&self, utterance: &str) -> Option<&Said> {
        self.said.iter().rev().find(|s| s.utterance == utterance)
    }

    /// The latest nudge about a kind of claim on an item.
    pub fn thread(&self, code: &str, item: Option<&str>) -> Option<&Thread> {
        self.threads.iter().rev().find(|t| t.item.as_deref() == item && t.codes.iter().any(|c| c == code))
    }

    /// A nudge.
    pub fn nudge(&self, id: &str) -> Option<&Thread> {
        self.threads.iter().rev().find(|t| t.nudge == id)
    }

    pub(crate) fn nudge_mut(&mut self, id: &str) -> Option<&mut Thread> {
        self.threads.iter_mut().rev().find(|t| t.nudge == id)
    }

    pub(crate) fn say(&mut self, said: Said) {
        match self.said.iter_mut().rev().find(|s| s.utterance == said.utterance) {
            Some(known) => {
                known.text = said.text;
                known.interim = said.interim;
            }
            None => self.said.push(said),
        }
        let surplus = self.said.len().saturating_sub(SAID_MAX);
        self.said.drain(..surplus);
    }

    pub(crate) fn show_item(&mut self, shown: Shown) {
        let known = self.items.iter().position(|s| s.item == shown.item).map(|at| self.items.remove(at));
        let position = shown.position.or_else(|| known.as_ref().and_then(|k| k.position));
        let name = shown.name.or_else(|| known.and_then(|k| k.name));
        self.item = Some(shown.item.clone());
        self.items.push(Shown { name, position, ..shown });
        let surplus = self.items.len().saturating_sub(ITEMS_MAX);
        self.items.drain(..surplus);
    }

    pub(crate) fn open_thread(&mut self, thread: Thread) {
        for old in self.threads.iter_mut().filter(|t| t.is_open() && t.item == thread.item && t.codes == thread.codes) {
            old.status = Status::Repeated;
        }
        self.threads.push(thread);
        // Closed ones go first: an open one is still to be taken back.
        while self.threads.len() > THREADS_MAX {
            let at = self.threads.iter().position(|t| !t.is_open()).unwrap_or(0);
            self.threads.remove(at);
        }
    }
}
