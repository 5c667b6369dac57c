//! What the reader reports.

use serde::Serialize;

use crate::code::Code;

/// A stretch of the sentence in Unicode characters, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// How a claim stands to the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The words alone are the breach.
    Asserted,
    /// The facts say otherwise.
    Contradicted,
    /// The facts bear it out.
    Confirmed,
    /// No fact is known: ask for proof.
    NoRecord,
    /// A fact is known, but does not settle it.
    Unsure,
}

/// One claim of a sentence, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The kind of breach, or the kind it would be.
    pub code: Code,
    /// Where it was said.
    pub span: Span,
    /// How it stands to the facts.
    pub verdict: Verdict,
    /// How sure the finding is, in parts per million: what was assumed of its frame or check, not measured yet.
    pub confidence_ppm: u32,
    /// The frame or check that spoke, such as `abs.superlative`.
    pub rule: String,
    /// Why, in Chinese.
    pub why_zh: String,
    /// Why, in English.
    pub why_en: String,
    /// The fact that was used, as `key=value`.
    pub fact: Option<String>,
    /// Basis in law.
    pub clause: String,
    /// What to say instead, in Chinese, at most twenty characters.
    pub suggestion_zh: String,
    /// What to say instead, in English.
    pub suggestion_en: String,
    /// 3 stop now, 2 correct in the next sentence, 1 soften.
    pub severity: u8,
}

impl Finding {
    /// Confidence from which a finding is a nudge, in parts per million; below, it is a hint.
    pub const NUDGE_PPM: u32 = 500_000;

    /// Whether this counts as a breach (and not as a hint, a proof to show, or a true claim).
    pub fn is_breach(&self) -> bool {
        matches!(self.verdict, Verdict::Asserted | Verdict::Contradicted) && self.confidence_ppm >= Finding::NUDGE_PPM
    }
}
