//! Frames: sequences of concepts that, said together, are a breach or take one back.

use crate::code::Code;
use crate::lexicon::{Concept, Hit, Hits, Via};
use crate::pack::Deniable;

/// Which code a frame gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// This one.
    Code(Code),
    /// A promise about an illness: the goods choose between three codes.
    Illness,
}

/// Concepts in order, each with the largest gap to the one before, and others anywhere.
#[derive(Debug, Clone)]
pub(crate) struct Sequence {
    pub(crate) steps: Vec<(usize, Concept)>,
    pub(crate) anywhere: Vec<Concept>,
}

/// A compiled frame.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) id: String,
    pub(crate) route: Route,
    pub(crate) say: Vec<Sequence>,
    pub(crate) unless: Vec<Sequence>,
    pub(crate) goods: Vec<String>,
    pub(crate) deniable: Deniable,
    pub(crate) stubborn: bool,
    pub(crate) own_range_clean: bool,
    pub(crate) prior_per_mille: u32,
}

/// A compiled phrase: what it says is heard like a word of its concept.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    pub(crate) concept: Concept,
    /// Elements of patterns that name the concept among other words.
    pub(crate) wider: Vec<Concept>,
    pub(crate) say: Vec<Sequence>,
    pub(crate) unless: Vec<Sequence>,
}

/// Where a sequence was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) via: Via,
    /// Where the last step begins, and where the one before it ended.
    pub(crate) hinge: (usize, usize),
}

impl Sequence {
    /// The concept it begins with.
    pub(crate) fn first(&self) -> Concept {
        self.steps[0].1
    }

    /// All places where the sequence is said; linear in the hits of its concepts.
    pub(crate) fn matches(&self, hits: &Hits) -> Vec<Match> {
        let said = |concept: Concept| !hits.slice(concept).is_empty();
        if !self.steps.iter().all(|(_, concept)| said(*concept)) || !self.anywhere.iter().all(|&concept| said(concept)) {
            return Vec::new();
        }
        let mut reached: Vec<Match> = hits
            .of(self.first())
            .map(|hit| Match { start: hit.start, end: hit.end, via: hit.via, hinge: (hit.start, hit.start) })
            .collect();
        for &(gap, concept) in &self.steps[1..] {
            reached.sort_unstable_by_key(|m| m.end);
            let mut next = Vec::new();
            let mut upto = 0;
            for hit in hits.of(concept) {
                while upto < reached.len() && reached[upto].end <= hit.start {
                    upto += 1;
                }
                // Of those that reach it, the nearest: the shortest stretch of words that says it.
                if let Some(before) = upto.checked_sub(1).map(|at| reached[at]).filter(|m| hits.distance(m.end, hit.start) <= gap) {
                    next.push(Match { start: before.start, end: hit.end, via: before.via.max(hit.via), hinge: (hit.start, before.end) });
                }
            }
            if next.is_empty() {
                return next;
            }
            reached = next;
        }
        reached
    }
}

impl Phrase {
    /// Adds what the phrase says to the hits.
    pub(crate) fn hear(&self, hits: &mut Hits) {
        let said: Vec<Hit> =
            self.say.iter().flat_map(|sequence| sequence.matches(hits)).map(|m| Hit { start: m.start, end: m.end, via: m.via }).collect();
        if said.is_empty() || self.unless.iter().any(|sequence| !sequence.matches(hits).is_empty()) {
            return;
        }
        for &concept in self.wider.iter().chain([&self.concept]) {
            hits.add(concept, &said);
        }
    }
}

impl Frame {
    /// Whether something said takes the frame back.
    pub(crate) fn is_lifted(&self, hits: &Hits) -> bool {
        self.unless.iter().any(|sequence| !sequence.matches(hits).is_empty())
    }
}
