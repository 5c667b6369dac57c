//! The words of a book and where they stand in a sentence: written, by sound, by letters, by split.
//!
//! # Invariants
//! - One pass of each automaton a sentence; hits of a concept come in order of their start.
//! - A hit by sound never covers an ordinary word, for then nothing was misheard.

use std::collections::HashMap;

use daachorse::CharwiseDoubleArrayAhoCorasick;

use crate::ordinary::Ordinary;
use crate::pattern::Element;
use crate::sound;
use crate::spelling::{Spellings, is_han};
use crate::text::{Text, is_clause_end};

/// Characters so common in speech that a hit by sound must not rest on them.
const FUNCTION: &str = "的了是我你他她它们这那就不在有和都也给把到说要会能去来上下里个一人大小多少很好看吃用做让被从对跟着过吧啊呢吗嘛哈啦呀嗯哦没还再又才只可以为与或而且但之所其什么怎谁哪家能问像将挺真太更事年月日时分秒头水子度押中找量";

/// A class of words; the number is its place in the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Concept(pub(crate) usize);

/// By which way a word was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// As it is written.
    Letter,
    /// By pinyin letters or split components.
    Disguise,
    /// By other characters of the same sound.
    Sound,
}

/// A word of a concept at plain characters `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// First plain character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// How it was found.
    pub via: Via,
}

/// All hits in a sentence, by concept.
#[derive(Debug, Default)]
pub struct Hits {
    by_concept: Vec<Vec<Hit>>,
    /// How far along each plain character is, the end of a clause counted as several.
    along: Vec<usize>,
}

/// How many characters the end of a clause counts for when two words stand on either side of it.
const STOP: usize = 3;

impl Hits {
    /// Hits of a concept, in order of their start.
    pub fn of(&self, concept: Concept) -> impl Iterator<Item = Hit> + Clone + '_ {
        self.slice(concept).iter().copied()
    }

    pub(crate) fn slice(&self, concept: Concept) -> &[Hit] {
        self.by_concept.get(concept.0).map_or(&[], Vec::as_slice)
    }

    /// How far apart two places are, with the clauses that end between them.
    pub(crate) fn distance(&self, from: usize, to: usize) -> usize {
        match (self.along.get(from), self.along.get(to)) {
            (Some(a), Some(b)) => b.saturating_sub(*a),
            _ => to.saturating_sub(from),
        }
    }

    /// Concepts that were said.
    pub(crate) fn concepts(&self) -> impl Iterator<Item = Concept> + '_ {
        self.by_concept.iter().enumerate().filter(|(_, hits)| !hits.is_empty()).map(|(concept, _)| Concept(concept))
    }

    /// Adds hits to a concept.
    pub(crate) fn add(&mut self, concept: Concept, hits: &[Hit]) {
        let Some(bucket) = self.by_concept.get_mut(concept.0) else { return };
        bucket.extend_from_slice(hits);
        bucket.sort_unstable_by_key(|hit| (hit.start, hit.end, hit.via));
        bucket.dedup_by_key(|hit| (hit.start, hit.end));
    }

    fn sorted(found: Vec<(usize, Hit)>, concepts: usize, chars: &[char]) -> Hits {
        let mut by_concept = vec![Vec::new(); concepts];
        for (concept, hit) in found {
            by_concept[concept].push(hit);
        }
        for bucket in &mut by_concept {
            bucket.sort_unstable_by_key(|hit| (hit.start, hit.end, hit.via));
            bucket.dedup_by_key(|hit| (hit.start, hit.end));
        }
        let mut along = Vec::with_capacity(chars.len() + 1);
        let mut at = 0;
        along.push(0);
        for &c in chars {
            at += if is_clause_end(c) { STOP } else { 1 };
            along.push(at);
        }
        Hits { by_concept, along }
    }
}

/// Words on their way into a lexicon.
#[derive(Debug, Default)]
pub(crate) struct LexiconBuilder {
    names: HashMap<String, usize>,
    words: Vec<(Vec<usize>, bool)>,
    by_word: HashMap<String, usize>,
    of_concept: Vec<Vec<usize>>,
    letters: HashMap<char, char>,
    other_sounds: HashMap<char, char>,
    ordinary: Vec<Vec<char>>,
    /// Concepts made of phrases, and the elements that name each among other words.
    phrases: HashMap<usize, Vec<usize>>,
}

impl LexiconBuilder {
    /// The concept that a phrase of this name makes.
    pub(crate) fn phrase(&mut self, name: &str) -> Concept {
        let concept = self.concept(name);
        self.phrases.entry(concept.0).or_default();
        concept
    }

    /// The elements that name a phrase's concept among other words.
    pub(crate) fn wider(&self, phrase: Concept) -> Vec<Concept> {
        self.phrases.get(&phrase.0).into_iter().flatten().map(|&wider| Concept(wider)).collect()
    }

    /// The concept of a name, made if it is new.
    pub(crate) fn concept(&mut self, name: &str) -> Concept {
        let next = self.of_concept.len();
        let id = *self.names.entry(name.to_owned()).or_insert(next);
        if id == next {
            self.of_concept.push(Vec::new());
        }
        Concept(id)
    }

    /// Adds a word to a concept.
    pub(crate) fn add(&mut self, concept: Concept, word: &str, sound: bool) {
        let word = word.to_lowercase();
        let next = self.words.len();
        let id = *self.by_word.entry(word).or_insert(next);
        if id == next {
            self.words.push((Vec::new(), false));
        }
        let entry = &mut self.words[id];
        entry.1 |= sound;
        if !entry.0.contains(&concept.0) {
            entry.0.push(concept.0);
            self.of_concept[concept.0].push(id);
        }
    }

    /// The concept of a pattern's element: a named one, or a new one for its alternatives.
    pub(crate) fn element(&mut self, element: &Element) -> Result<Concept, String> {
        let mut ids = Vec::new();
        for alternative in &element.alternatives {
            if let Some(name) = alternative.strip_prefix('@') {
                ids.push(*self.names.get(name).ok_or_else(|| format!("no concept is named `{name}`"))?);
            }
        }
        if let ([id], 1) = (ids.as_slice(), element.alternatives.len()) {
            return Ok(Concept(*id));
        }
        let key = element.alternatives.join("|");
        let known = self.names.contains_key(&key);
        let concept = self.concept(&key);
        if known {
            return Ok(concept);
        }
        for id in ids {
            if let Some(wider) = self.phrases.get_mut(&id) {
                wider.push(concept.0);
            }
            for word in self.of_concept[id].clone() {
                if !self.words[word].0.contains(&concept.0) {
                    self.words[word].0.push(concept.0);
                    self.of_concept[concept.0].push(word);
                }
            }
        }
        for word in element.alternatives.iter().filter(|word| !word.starts_with('@')) {
            self.add(concept, word, word.chars().count() >= 3);
        }
        Ok(concept)
    }

    /// Characters that a lone syllable of letters may stand for.
    pub(crate) fn letters(&mut self, chars: &str) {
        for c in chars.chars().filter(|c| is_han(*c)) {
            if let Some(sound) = sound::char_sound(c) {
                self.letters.entry(sound).or_insert(c);
            }
        }
    }

    /// Characters that sound otherwise in the words of the book than by themselves, each before its syllable: 椎zhui.
    pub(crate) fn other_sounds(&mut self, entries: &str) {
        for entry in entries.split_whitespace() {
            let mut chars = entry.chars();
            if let (Some(c), Some(sound)) = (chars.next(), sound::syllable_char(chars.as_str())) {
                self.other_sounds.insert(c, sound);
            }
        }
    }

    /// Words that no hit by sound may cover.
    pub(crate) fn ordinary(&mut self, words: &str) {
        self.ordinary.extend(words.split_whitespace().map(|word| word.chars().collect()));
    }

    /// Compiles the automata.
    pub(crate) fn build(self, spellings: &Spellings) -> Result<(Lexicon, HashMap<String, Concept>), String> {
        let mut texts = vec![String::new(); self.words.len()];
        for (word, id) in &self.by_word {
            texts[*id] = word.chars().map(|c| spellings.plain(c)).collect();
        }
        let mut plain: Vec<(String, u32)> = Vec::new();
        let mut by_sound: HashMap<String, Vec<(usize, bool)>> = HashMap::new();
        let mut concepts_of = Vec::new();
        let mut merged: HashMap<&str, usize> = HashMap::new();
        for (id, text) in texts.iter().enumerate() {
            let next = concepts_of.len();
            let at = *merged.entry(text).or_insert(next);
            if at == next {
                concepts_of.push(Vec::new());
                plain.push((text.clone(), u32::try_from(at).map_err(|e| e.to_string())?));
            }
            concepts_of[at].extend(self.words[id].0.iter().copied());
            let chars: Vec<char> = text.chars().collect();
            let usual = |&c: &char| sound::char_sound(c);
            let other = |&c: &char| self.other_sounds.get(&c).copied().or_else(|| sound::char_sound(c));
            let mut spoken = vec![chars.iter().map(usual).collect::<Option<String>>()];
            if chars.iter().any(|c| self.other_sounds.contains_key(c)) {
                spoken.push(chars.iter().map(other).collect());
            }
            for sounds in spoken.into_iter().flatten().filter(|_| chars.len() >= 2) {
                let slot = by_sound.entry(sounds).or_default();
                match slot.iter_mut().find(|(word, _)| *word == at) {
                    Some((_, sound)) => *sound |= self.words[id].1,
                    None => slot.push((at, self.words[id].1)),
                }
            }
        }
        let chars_of: Vec<Vec<char>> = plain.iter().map(|(text, _)| text.chars().collect()).collect();
        let (sounds, sound_words): (Vec<String>, Vec<Vec<(usize, bool)>>) = by_sound.into_iter().unzip();
        let sounds = sounds.into_iter().zip(0u32..).collect::<Vec<_>>();
        let build = |pairs: Vec<(String, u32)>| {
            let filler = [("\u{10fffd}".to_owned(), u32::MAX)];
            let pairs = if pairs.is_empty() { filler.to_vec() } else { pairs };
            CharwiseDoubleArrayAhoCorasick::with_values(pairs).map_err(|e| e.to_string())
        };
        let lexicon = Lexicon {
            plain: build(plain)?,
            sounds: build(sounds)?,
            concepts_of,
            chars_of: chars_of.clone(),
            sound_words,
            letters: self.letters,
            longest: chars_of.iter().map(Vec::len).max().unwrap_or(0),
            ordinary: Ordinary::of(chars_of.into_iter().chain(self.ordinary)),
            concepts: self.of_concept.len(),
            plain_concept: self.names.get("plain").copied(),
        };
        Ok((lexicon, self.names.into_iter().map(|(name, id)| (name, Concept(id))).collect()))
    }
}

/// Compiled words.
pub(crate) struct Lexicon {
    plain: CharwiseDoubleArrayAhoCorasick<u32>,
    sounds: CharwiseDoubleArrayAhoCorasick<u32>,
    concepts_of: Vec<Vec<usize>>,
    chars_of: Vec<Vec<char>>,
    /// Words of each sound, and whether other characters of that sound count too.
    sound_words: Vec<Vec<(usize, bool)>>,
    letters: HashMap<char, char>,
    ordinary: Ordinary,
    longest: usize,
    concepts: usize,
    plain_concept: Option<usize>,
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicon").field("words", &self.concepts_of.len()).finish_non_exhaustive()
    }
}

/// A reading of a text: its characters, and for each the plain stretch it stands for.
#[derive(Default)]
struct Reading {
    text: String,
    at: Vec<(usize, usize)>,
    /// Character of each byte offset that begins one, and one for the end.
    index: Vec<usize>,
}

impl Reading {
    fn push(&mut self, c: char, start: usize, end: usize) {
        self.index.resize(self.text.len() + 1, 0);
        self.index[self.text.len()] = self.at.len();
        self.text.push(c);
        self.at.push((start, end));
    }

    fn close(&mut self) {
        self.index.resize(self.text.len() + 1, 0);
        self.index[self.text.len()] = self.at.len();
    }
}

impl Lexicon {
    pub(crate) fn concept_count(&self) -> usize {
        self.concepts
    }

    pub(crate) fn word_count(&self) -> usize {
        self.concepts_of.len()
    }

    /// No hit is longer than this, in plain characters: a syllable of letters has at most six.
    pub(crate) fn reach(&self) -> usize {
        self.longest * 6
    }

    /// Finds every word of the book in a text.
    pub(crate) fn scan(&self, text: &Text, spellings: &Spellings) -> Hits {
        let mut found = Vec::new();
        let mut masks: Vec<(usize, usize)> = Vec::new();
        let mut straight = Reading::default();
        for (i, &c) in text.chars().iter().enumerate() {
            straight.push(c, i, i + 1);
        }
        straight.close();
        self.scan_plain(&straight, |_, _| Some(Via::Letter), &mut found);
        if let Some(plain) = self.plain_concept {
            masks.extend(found.iter().filter(|(concept, _)| *concept == plain).map(|(_, hit)| (hit.start, hit.end)));
        }
        if let Some(guarded) = text.guarded_reading(spellings) {
            let mut reading = Reading::default();
            let joins: Vec<bool> = guarded.iter().map(|(_, _, joined)| *joined).collect();
            for &(c, at, joined) in &guarded {
                reading.push(c, at, at + 1 + usize::from(joined));
            }
            reading.close();
            self.scan_plain(&reading, |from, to| (to - from >= 2 && joins[from..to].contains(&true)).then_some(Via::Disguise), &mut found);
        }
        self.scan_sounds(text, &mut found);
        masks.sort_unstable();
        found.retain(|(concept, hit)| Some(*concept) == self.plain_concept || !masked(&masks, *hit));
        Hits::sorted(found, self.concepts, text.chars())
    }

    fn scan_plain(&self, reading: &Reading, via: impl Fn(usize, usize) -> Option<Via>, found: &mut Vec<(usize, Hit)>) {
        for m in self.plain.find_overlapping_iter(&reading.text) {
            let (from, to) = (reading.index[m.start()], reading.index[m.end()]);
            let Some(via) = via(from, to) else { continue };
            let Some(concepts) = self.concepts_of.get(m.value() as usize) else { continue };
            let hit = Hit { start: reading.at[from].0, end: reading.at[to - 1].1, via };
            found.extend(concepts.iter().map(|&concept| (concept, hit)));
        }
    }

    /// Finds words by sound: pinyin letters freely, other characters only where no ordinary word is.
    fn scan_sounds(&self, text: &Text, found: &mut Vec<(usize, Hit)>) {
        let chars = text.chars();
        let mut reading = Reading::default();
        let mut spelt = Reading::default();
        let mut lettered = Vec::new();
        let mut i = 0;
        while i < chars.len() {
            let run = chars[i..].iter().take_while(|c| c.is_ascii_alphabetic()).count();
            if run == 0 {
                if !chars[i].is_whitespace() {
                    reading.push(sound::char_sound(chars[i]).unwrap_or(' '), i, i + 1);
                    spelt.push(chars[i], i, i + 1);
                    lettered.push(false);
                }
                i += 1;
                continue;
            }
            let cut = sound::syllables(&chars[i..i + run]).unwrap_or_default();
            if cut.is_empty() {
                for (k, &c) in chars[i..i + run].iter().enumerate() {
                    reading.push(' ', i + k, i + k + 1);
                    spelt.push(c, i + k, i + k + 1);
                    lettered.push(false);
                }
            }
            for (from, to, c) in cut {
                reading.push(c, i + from, i + to);
                spelt.push(self.letters.get(&c).copied().unwrap_or(' '), i + from, i + to);
                lettered.push(true);
            }
            i += run;
        }
        reading.close();
        spelt.close();
        if lettered.contains(&true) {
            self.scan_plain(&spelt, |from, to| lettered[from..to].contains(&true).then_some(Via::Disguise), found);
        }
        for m in self.sounds.find_overlapping_iter(&reading.text) {
            let (from, to) = (reading.index[m.start()], reading.index[m.end()]);
            let (start, end) = (reading.at[from].0, reading.at[to - 1].1);
            let by_letters = lettered[from..to].contains(&true);
            let Some(words) = self.sound_words.get(m.value() as usize) else { continue };
            for &(word, by_sound) in words {
                let wanted = &self.chars_of[word];
                let via = if by_letters {
                    let same = (from..to).zip(wanted).all(|(k, &w)| lettered[k] || chars[reading.at[k].0] == w || to - from > 2);
                    if !same {
                        continue;
                    }
                    Via::Disguise
                } else {
                    if !by_sound || chars[start..end] == wanted[..] || !self.misheard(chars, start, end, wanted) {
                        continue;
                    }
                    Via::Sound
                };
                found.extend(self.concepts_of[word].iter().map(|&concept| (concept, Hit { start, end, via })));
            }
        }
    }

    /// Whether other characters of the same sound are more likely a disguise than ordinary words.
    fn misheard(&self, chars: &[char], start: usize, end: usize, wanted: &[char]) -> bool {
        let said = &chars[start..end];
        let differing = said.iter().zip(wanted).filter(|(a, b)| a != b);
        if differing.clone().any(|(a, _)| FUNCTION.contains(*a)) {
            return false;
        }
        let long = said.len() >= 3;
        if self.ordinary.holds(said) || !long && said.iter().zip(wanted).all(|(a, b)| a != b) {
            return false;
        }
        let mut covered = vec![false; said.len()];
        for from in start.saturating_sub(2)..end {
            for len in [2, 3] {
                let to = from + len;
                if to > chars.len() || to <= start || !self.ordinary.holds(&chars[from..to]) {
                    continue;
                }
                if !long {
                    return false;
                }
                for at in from.max(start)..to.min(end) {
                    covered[at - start] = true;
                }
            }
        }
        // In a longer word one character in the clear, that differs, is enough.
        said.iter().zip(wanted).zip(&covered).any(|((a, b), covered)| a != b && !covered)
    }
}

fn masked(masks: &[(usize, usize)], hit: Hit) -> bool {
    let to = masks.partition_point(|(start, _)| *start <= hit.start);
    masks[to.saturating_sub(8)..to].iter().any(|&(start, end)| start <= hit.start && hit.end <= end && end - start > hit.end - hit.start)
}
