//! What is said and written in the market: sentences on air, comments, reviews, complaints, in Chinese.
//!
//! A sentence is an opening, a core and a going on. Lies and clean sentences draw openings, goings on and lengths from
//! the same lists, and claims about facts from the same patterns, so that what is on file tells them apart, not the words.
//!
//! # Invariants
//! - One stream of chance and one item give the same text.
//! - Numbers in a clean claim are within 5 percent of what is known; those in a false one are not.
//! - A span holds the whole offence, disguise included, and nothing of the opening or the going on.

mod characters;
mod claim_patterns;
mod claims;
mod comments;
mod cures;
mod disguise;
mod look_alikes;
mod numbers;
mod offence_patterns;
mod offences;
mod openers;
mod parts;
mod pen;
mod pictures;
mod plain;
mod reviews;
mod rivals;
mod slots;
#[cfg(test)]
mod tests;

use self::claims::Claim;
use self::pen::Pen;
use crate::random::Random;

/// What an item is made of and comes from, on file or in truth, and what the market knows of it at this second.
///
/// Money is in minor units (fen). Empty texts mean that nothing is on file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known<'a> {
    /// Trade, as `food`, `fresh`, `health_food`, `beauty`, `clothing`, `jewellery`, `home`, `appliance`.
    pub category: &'a str,
    /// What one calls it, as 蜂蜜.
    pub noun: &'a str,
    /// Material on file, as 棉, and its share in percent; empty where there is none.
    pub material: &'a str,
    /// Share of the material in percent.
    pub material_percent: u32,
    /// Origin on file.
    pub origin: &'a str,
    /// Certificate on file.
    pub certificate: &'a str,
    /// Registered efficacy on file.
    pub efficacy: &'a str,
    /// Price now.
    pub price_minor: i64,
    /// Price crossed out.
    pub list_price_minor: i64,
    /// Lowest price done in the last seven days, before this one.
    pub lowest_7d_minor: i64,
    /// Highest price done in the last thirty days.
    pub highest_30d_minor: i64,
    /// Pieces left.
    pub stock: u32,
    /// Pieces sold so far.
    pub sold: u32,
    /// Viewers in the room now.
    pub viewers: u32,
    /// Minutes until the offer really ends; 0 when it does not.
    pub minutes_left: u32,
    /// Warranty in months.
    pub warranty_months: u32,
    /// Share of buyers who bought again, in percent.
    pub repurchase_percent: u32,
    /// Share of good reviews, in percent.
    pub good_percent: u32,
    /// Returns without a reason are taken.
    pub no_reason_return: bool,
}

/// A sentence as it was said, and what it really was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The sentence.
    pub text: String,
    /// Codes of the offence; empty when there is none.
    pub codes: Vec<&'static str>,
    /// First and one past the last character of the offence, in code points.
    pub span: Option<(usize, usize)>,
    /// What is on file about the item is enough to see it.
    pub on_file: bool,
    /// How it was disguised.
    pub evasion: Option<&'static str>,
    /// Words of an offence without one.
    pub look_alike: bool,
}

/// Share of lies that claim a fact; the others are offences by their words alone.
const LIES_ABOUT_FACTS: f64 = 0.6;
/// Shares of clean sentences that are look-alikes and claims of fact; the others are plain talk.
const LOOK_ALIKES: f64 = 0.3;
const TRUE_CLAIMS: f64 = 0.47;
/// Share of clean sentences that are written as oddly as a disguise.
const NOISE: f64 = 0.04;

/// What the core of a sentence turned out to be.
#[derive(Default)]
struct Core {
    codes: Vec<&'static str>,
    on_file: bool,
    look_alike: bool,
}

/// A sentence about an item: an offence when `lie`, disguised when `evade`.
pub fn speak(known: &Known<'_>, lie: bool, evade: bool, random: &mut Random) -> Spoken {
    let mut pen = Pen::new(known, random);
    let until = 13 + pen.random.index(6) + pen.random.index(7) + pen.random.index(6);
    openers::open(&mut pen);
    let from = pen.text.len();
    let core = if lie { offence(&mut pen) } else { clean(&mut pen) };
    let mut evasion = None;
    if lie && evade {
        evasion = disguise::hide(&mut pen, &disguise::STYLES);
    } else if !lie && pen.random.chance(NOISE) {
        pen.mark = pen.mark.or(Some((from, pen.text.len())));
        disguise::hide(&mut pen, &["spaced", "traditional", "emoji", "repeat"]);
    }
    openers::go_on(&mut pen, until);
    let span = if lie { pen.span() } else { None };
    Spoken { text: pen.text, codes: core.codes, span, on_file: core.on_file, evasion, look_alike: core.look_alike }
}

fn offence(pen: &mut Pen<'_, '_>) -> Core {
    if pen.random.chance(LIES_ABOUT_FACTS)
        && let Some(claim) = claim(pen, true)
    {
        return Core { codes: vec![claim.code(pen.known.category)], on_file: true, look_alike: false };
    }
    let sort = offences::any(pen.known.category, pen.random);
    pen.one_of(sort.patterns);
    Core { codes: sort.codes.to_vec(), on_file: sort.on_file, look_alike: false }
}

fn clean(pen: &mut Pen<'_, '_>) -> Core {
    let kind = pen.random.unit();
    if kind < LOOK_ALIKES {
        let particular = pen.random.below(4) == 0;
        pen.one_of(if particular { look_alikes::of(pen.known.category) } else { look_alikes::ANY });
        return Core { look_alike: true, ..Core::default() };
    }
    if kind < LOOK_ALIKES + TRUE_CLAIMS && claim(pen, false).is_some() {
        return Core::default();
    }
    let particular = pen.random.below(3) == 0;
    pen.one_of(if particular { plain::of(pen.known.category) } else { plain::ANY });
    Core::default()
}

/// Makes a claim of fact, true or false; none when nothing that is known allows for one.
fn claim(pen: &mut Pen<'_, '_>, lie: bool) -> Option<Claim> {
    for _ in 0..6 {
        let claim = Claim::any(pen.random);
        if let Some(said) = claim.said(pen.known, lie, pen.random) {
            pen.said = said;
            pen.one_of(claim.patterns());
            return Some(claim);
        }
    }
    None
}

/// What a viewer writes under a show: questions, chat, grumbles, and what the viewer would rather have.
pub fn comment(known: &Known<'_>, random: &mut Random) -> String {
    let mut pen = Pen::new(known, random);
    comments::write(&mut pen);
    pen.text
}

/// What a buyer finds to say of an item that came, for 1 to 5 stars.
pub fn review(known: &Known<'_>, stars: i64, random: &mut Random) -> String {
    let mut pen = Pen::new(known, random);
    reviews::review(&mut pen, stars);
    pen.text
}

/// What a buyer says when claiming, for what is wrong: `quality`, `counterfeit`, `late`, `damaged`, `mismatch`, `missing`, `spoiled`, `allergy`, `no_reason`.
pub fn complaint(known: &Known<'_>, wrong: &str, random: &mut Random) -> String {
    let mut pen = Pen::new(known, random);
    reviews::complaint(&mut pen, wrong);
    pen.text
}
