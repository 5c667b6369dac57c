//! The rule book: several packs, compiled.

use std::collections::{BTreeMap, HashMap};

use crate::code::Code;
use crate::frame::{Frame, Phrase, Route, Sequence};
use crate::lexicon::{Concept, Lexicon, LexiconBuilder};
use crate::pack::{CodeEntry, FrameEntry, Name, Pack, PhraseEntry, line_of};
use crate::pattern::{self, Element};
use crate::quantity::QuantityKind;
use crate::spelling::Spellings;
use crate::tolerance::Tolerance;

/// A kind that facts are compared with.
#[derive(Debug, Clone)]
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) accepts: Vec<String>,
    pub(crate) refuses: Vec<String>,
    pub(crate) within: Option<usize>,
}

impl Kind {
    /// Whether a fact's text is of this kind.
    pub(crate) fn fits(&self, fact: &str) -> bool {
        !self.refuses.iter().any(|word| fact.contains(word)) && self.accepts.iter().any(|word| fact.contains(word))
    }
}

/// The kinds of one class, and which concept stands for each.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    pub(crate) list: Vec<Kind>,
    pub(crate) concepts: Vec<Concept>,
}

/// What a code rests on.
#[derive(Debug, Clone)]
pub(crate) struct Basis {
    pub(crate) severity: u8,
    pub(crate) clause: String,
    pub(crate) name: Name,
    pub(crate) instead: Name,
}

/// Packs that do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// A pack names something amiss.
    #[error("{document}, line {line}: {message}")]
    Entry {
        /// Which document.
        document: String,
        /// Line in it, from one.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The words could not be compiled.
    #[error("could not compile the words: {0}")]
    Words(String),
}

/// Several packs, compiled for reading.
#[derive(Debug)]
pub struct RuleBook {
    pub(crate) spellings: Spellings,
    pub(crate) lexicon: Lexicon,
    /// In the order they are heard: one may name those before it.
    pub(crate) phrases: Vec<Phrase>,
    pub(crate) frames: Vec<Frame>,
    /// For each concept, the sequences that begin with it: frame and place in it.
    pub(crate) starting: Vec<Vec<(usize, usize)>>,
    pub(crate) kinds: HashMap<String, Kinds>,
    pub(crate) names: HashMap<String, Concept>,
    /// The concept of each kind of quantity.
    pub(crate) quantities: Vec<(QuantityKind, Concept)>,
    pub(crate) bases: BTreeMap<Code, Basis>,
    /// What claims of fact are held to; without it none is.
    pub(crate) tolerance: Option<Tolerance>,
    versions: Vec<String>,
    /// For each frame, the document that it stands in.
    documents: HashMap<String, String>,
    /// The document that checks are held to.
    checked_by: Option<String>,
}

struct Place<'a> {
    pack: &'a Pack,
    offset: usize,
}

impl Place<'_> {
    fn error(&self, message: String) -> BookError {
        BookError::Entry { document: self.pack.document.clone(), line: line_of(&self.pack.text, self.offset), message }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}

impl RuleBook {
    /// Compiles packs into a book.
    ///
    /// # Errors
    /// [`BookError`] for a code, concept, goods or pattern that is not known, with its line.
    pub fn of(packs: &[Pack]) -> Result<RuleBook, BookError> {
        let spellings = Spellings::of(packs);
        let mut builder = LexiconBuilder::default();
        let quantities = QuantityKind::ALL.iter().map(|kind| (*kind, builder.phrase(kind.name()))).collect::<Vec<_>>();
        let mut rests_on = BTreeMap::new();
        for pack in packs {
            for concept in &pack.concepts {
                let id = builder.concept(concept.name.get_ref());
                words(&concept.words).for_each(|word| builder.add(id, word, concept.sound));
            }
            for entry in &pack.codes {
                let (code, basis) = basis_of(pack, entry)?;
                rests_on.insert(code, basis);
            }
        }
        let kinds = kinds_of(packs, &mut builder)?;
        let mut phrases = Vec::new();
        for pack in packs {
            for entry in &pack.phrases {
                phrases.push(phrase_of(pack, entry, &mut builder)?);
            }
        }
        let mut frames = Vec::new();
        for pack in packs {
            for entry in &pack.frames {
                frames.push(frame_of(pack, entry, &mut builder)?);
            }
        }
        let quantities_wider = quantities
            .into_iter()
            .flat_map(|(kind, own)| builder.wider(own).into_iter().chain([own]).map(move |concept| (kind, concept)))
            .collect();
        for phrase in &mut phrases {
            phrase.wider = builder.wider(phrase.concept);
        }
        for spelling in packs.iter().filter_map(|pack| pack.spelling.as_ref()) {
            builder.letters(&spelling.letters);
            builder.other_sounds(&spelling.other_sounds);
            builder.ordinary(&spelling.ordinary);
        }
        let (lexicon, names) = builder.build(&spellings).map_err(BookError::Words)?;
        let mut starting = vec![Vec::new(); lexicon.concept_count()];
        for (at, frame) in frames.iter().enumerate() {
            for (n, sequence) in frame.say.iter().enumerate() {
                starting[sequence.first().0].push((at, n));
            }
        }
        let versions = packs.iter().map(Pack::version).collect();
        let of_frame = |pack: &Pack| pack.frames.iter().map(|f| (f.id.get_ref().clone(), pack.document.clone())).collect::<Vec<_>>();
        let documents = packs.iter().flat_map(of_frame).collect();
        let checked_by = packs.iter().rev().find(|p| p.tolerance.is_some()).map(|p| p.document.clone());
        let tolerance = packs.iter().rev().find_map(|pack| pack.tolerance.clone());
        Ok(RuleBook {
            spellings,
            lexicon,
            phrases,
            frames,
            starting,
            kinds,
            names,
            quantities: quantities_wider,
            bases: rests_on,
            tolerance,
            versions,
            documents,
            checked_by,
        })
    }

    /// The document that a finding's rule stands in: of a frame its own, of a check the one that says how far a figure may be off.
    pub fn document_of(&self, rule: &str) -> Option<&str> {
        self.documents.get(rule).or(self.checked_by.as_ref()).map(String::as_str)
    }

    /// What a code rests on.
    pub(crate) fn basis(&self, code: Code) -> Option<&Basis> {
        self.bases.get(&code)
    }

    /// The packs in it, each with its version.
    pub fn versions(&self) -> &[String] {
        &self.versions
    }

    /// The number of words it knows.
    pub fn word_count(&self) -> usize {
        self.lexicon.word_count()
    }
}

fn basis_of(pack: &Pack, entry: &CodeEntry) -> Result<(Code, Basis), BookError> {
    let place = Place { pack, offset: entry.code.span().start };
    let code = Code::named(entry.code.get_ref()).ok_or_else(|| place.error(format!("no code is named `{}`", entry.code.get_ref())))?;
    if entry.instead.zh.chars().count() > 20 {
        return Err(place.error("a wording instead has more than twenty characters".to_owned()));
    }
    let basis = Basis { severity: entry.severity, clause: entry.clause.clone(), name: entry.name.clone(), instead: entry.instead.clone() };
    Ok((code, basis))
}

fn kinds_of(packs: &[Pack], builder: &mut LexiconBuilder) -> Result<HashMap<String, Kinds>, BookError> {
    let mut kinds: HashMap<String, Kinds> = HashMap::new();
    for pack in packs {
        for entry in &pack.kinds {
            let class = kinds.entry(entry.class.get_ref().clone()).or_default();
            // Places and papers by sound are mostly other words; foreign lands are worth it.
            let sound = !matches!(entry.class.get_ref().as_str(), "place" | "paper") || entry.within == "进口";
            let all = builder.concept(entry.class.get_ref());
            let own = builder.concept(&format!("{}:{}", entry.class.get_ref(), entry.name));
            for word in words(&entry.words).chain([entry.name.as_str()]) {
                builder.add(all, word, sound);
                builder.add(own, word, sound);
            }
            let within = match entry.within.as_str() {
                "" => None,
                outer => Some(class.list.iter().position(|kind| kind.name == outer).ok_or_else(|| {
                    Place { pack, offset: entry.class.span().start }
                        .error(format!("`{}` lies within `{outer}`, which is not named before it", entry.name))
                })?),
            };
            let own_names = words(&entry.accepts).chain([entry.name.as_str()]).map(str::to_owned).collect::<Vec<_>>();
            let mut outer = within;
            while let Some(at) = outer {
                class.list[at].accepts.extend(own_names.iter().cloned());
                outer = class.list[at].within;
            }
            class.list.push(Kind {
                name: entry.name.clone(),
                accepts: own_names,
                refuses: words(&entry.refuses).map(str::to_owned).collect(),
                within,
            });
            class.concepts.push(own);
        }
    }
    Ok(kinds)
}

fn sequences(pack: &Pack, patterns: &[toml::Spanned<String>], builder: &mut LexiconBuilder) -> Result<Vec<Sequence>, BookError> {
    patterns
        .iter()
        .map(|text| {
            let place = Place { pack, offset: text.span().start };
            let pattern = pattern::parse(text.get_ref()).map_err(|message| place.error(message))?;
            let mut concept = |element: &Element| builder.element(element).map_err(|message| place.error(message));
            Ok(Sequence {
                steps: pattern.steps.iter().map(|(gap, element)| Ok((*gap, concept(element)?))).collect::<Result<_, _>>()?,
                anywhere: pattern.anywhere.iter().map(&mut concept).collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

fn phrase_of(pack: &Pack, entry: &PhraseEntry, builder: &mut LexiconBuilder) -> Result<Phrase, BookError> {
    let say = sequences(pack, &entry.say, builder)?;
    let unless = sequences(pack, &entry.unless, builder)?;
    // The name comes after the patterns, so that no phrase can name itself.
    Ok(Phrase { concept: builder.phrase(entry.name.get_ref()), wider: Vec::new(), say, unless })
}

fn frame_of(pack: &Pack, entry: &FrameEntry, builder: &mut LexiconBuilder) -> Result<Frame, BookError> {
    let place = Place { pack, offset: entry.code.span().start };
    let route = match entry.code.get_ref().as_str() {
        "ILLNESS" => Route::Illness,
        label => Route::Code(Code::named(label).ok_or_else(|| place.error(format!("no code is named `{label}`")))?),
    };
    if let Some(goods) = entry.goods.iter().find(|goods| !["food", "cosmetic", "other"].contains(&goods.as_str())) {
        return Err(place.error(format!("no goods are named `{goods}`")));
    }
    Ok(Frame {
        id: entry.id.get_ref().clone(),
        route,
        say: sequences(pack, &entry.say, builder)?,
        unless: sequences(pack, &entry.unless, builder)?,
        goods: entry.goods.clone(),
        deniable: entry.deniable,
        stubborn: entry.stubborn,
        own_range_clean: entry.own_range_clean,
        prior_per_mille: entry.prior.min(1000),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_names_no_concept_is_refused_with_its_line() {
        let text = "id = \"t\"\nversion = \"1\"\neffective_from = \"x\"\nsource = \"t\"\nname = { zh = \"试\", en = \"test\" }\n[[frame]]\nid = \"f\"\ncode = \"ABS\"\nsay = [\n  \"好\",\n  \"@nobody\",\n]\n";
        let pack = Pack::parse("t.toml", text).expect("well formed");
        let error = RuleBook::of(&[pack]).expect_err("unknown concept");
        assert_eq!(error.to_string(), "t.toml, line 11: no concept is named `nobody`");
    }
}
