//! A sentence with all that was heard in it.

use crate::book::RuleBook;
use crate::lexicon::{Concept, Hit, Hits, Via};
use crate::quantity::{Quantity, quantities};
use crate::text::Text;

/// A sentence, its words and its quantities.
pub(crate) struct Heard<'a> {
    pub(crate) book: &'a RuleBook,
    pub(crate) text: Text,
    pub(crate) hits: Hits,
    pub(crate) quantities: Vec<Quantity>,
}

impl<'a> Heard<'a> {
    /// Listens to a sentence.
    pub(crate) fn of(book: &'a RuleBook, raw: &str) -> Heard<'a> {
        let text = Text::read(raw, &book.spellings);
        let mut hits = book.lexicon.scan(&text, &book.spellings);
        let quantities = quantities(text.chars());
        for (kind, concept) in &book.quantities {
            let told = quantities.iter().filter(|q| kind.holds(q)).map(|q| Hit { start: q.start, end: q.end, via: Via::Letter });
            hits.add(*concept, &told.collect::<Vec<_>>());
        }
        for phrase in &book.phrases {
            phrase.hear(&mut hits);
        }
        Heard { book, text, hits, quantities }
    }

    fn concept(&self, name: &str) -> Concept {
        self.book.names.get(name).copied().unwrap_or(Concept(usize::MAX - 1))
    }

    /// Where words of a concept stand.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = Hit> + Clone + '_ {
        self.hits.of(self.concept(name))
    }

    /// Where a concept is first said.
    pub(crate) fn first(&self, name: &str) -> Option<Hit> {
        self.all(name).next()
    }

    /// Whether a concept is said.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// Words of a concept that begin before `at`, the last first, as far back as one could still reach it over `gap`.
    pub(crate) fn back_from(&self, name: &str, at: usize, gap: usize) -> impl Iterator<Item = Hit> + '_ {
        let hits = self.hits.slice(self.concept(name));
        let to = hits.partition_point(|hit| hit.start < at);
        let reach = self.book.lexicon.reach() + gap;
        hits[..to].iter().rev().copied().take_while(move |hit| hit.start + reach >= at)
    }

    /// The last word of the concept that ends at most `gap` characters before `at`.
    pub(crate) fn before(&self, name: &str, at: usize, gap: usize) -> Option<Hit> {
        self.back_from(name, at, gap).find(|hit| hit.end <= at && hit.end + gap >= at)
    }

    /// The first word of the concept that begins at most `gap` characters after `at`.
    pub(crate) fn after(&self, name: &str, at: usize, gap: usize) -> Option<Hit> {
        let hits = self.hits.slice(self.concept(name));
        let next = *hits.get(hits.partition_point(|hit| hit.start < at))?;
        (next.start <= at + gap).then_some(next)
    }

    /// A word of the concept that lies within `gap` characters on either side.
    pub(crate) fn near(&self, name: &str, start: usize, end: usize, gap: usize) -> Option<Hit> {
        self.before(name, start, gap)
            .or_else(|| self.after(name, end, gap))
            .or_else(|| self.back_from(name, end, 0).filter(|hit| hit.end > start).last())
    }

    /// The quantities that begin in a stretch.
    pub(crate) fn quantities_from(&self, start: usize, end: usize) -> &[Quantity] {
        let at = |place: usize| self.quantities.partition_point(|q| q.start < place);
        &self.quantities[at(start)..at(end.max(start))]
    }

    /// The plain words of a stretch.
    pub(crate) fn words(&self, start: usize, end: usize) -> String {
        let chars = self.text.chars();
        chars[start.min(chars.len())..end.min(chars.len())].iter().collect()
    }

    /// Whether a stretch was written so as to be overlooked: by sound, by letters, or broken up.
    pub(crate) fn is_disguised(&self, hit: Hit) -> bool {
        let written = self.text.original(hit.start, hit.end);
        let by_chance = hit.via == Via::Sound && hit.end - hit.start < 3;
        hit.via != Via::Letter && !by_chance || written.end - written.start > hit.end - hit.start
    }

    /// Kinds of a class that were said: place in the class and where.
    pub(crate) fn kinds(&self, class: &str) -> Vec<(usize, Hit)> {
        let Some(kinds) = self.book.kinds.get(class) else { return Vec::new() };
        let all = self.concept(class);
        if self.hits.slice(all).is_empty() {
            return Vec::new();
        }
        let mut said: Vec<(usize, Hit)> =
            kinds.concepts.iter().enumerate().flat_map(|(at, &concept)| self.hits.of(concept).map(move |hit| (at, hit))).collect();
        said.sort_by_key(|(_, hit)| (hit.start, usize::MAX - hit.end));
        let mut reach = 0;
        let mut longest: Vec<(usize, Hit)> = Vec::new();
        for (at, hit) in said {
            if hit.end > reach || longest.last().is_some_and(|(_, last)| (last.start, last.end) == (hit.start, hit.end)) {
                reach = reach.max(hit.end);
                longest.push((at, hit));
            }
        }
        longest
    }
}
