//! What of a violation its penalty depends on.

use laotie_facts::body::ViolationFound;
use serde::{Deserialize, Serialize};

/// How grave a violation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Light.
    Light,
    /// Serious.
    Serious,
    /// Very serious.
    VerySerious,
}

impl Severity {
    /// All, the lightest first.
    pub const ALL: [Self; 3] = [Self::Light, Self::Serious, Self::VerySerious];

    /// Its name in rules and findings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Serious => "serious",
            Self::VerySerious => "very_serious",
        }
    }

    /// The severity of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }

    /// As facts number it: 1 to 3.
    pub fn level(self) -> i64 {
        self as i64 + 1
    }

    /// Of a number in a fact; whatever is above 3 is very serious.
    pub fn of_level(level: i64) -> Self {
        match level {
            ..=1 => Self::Light,
            2 => Self::Serious,
            _ => Self::VerySerious,
        }
    }
}

/// Findings and reasons that change the weight of a violation and are none themselves.
pub(crate) const SELF_REPORTED: &str = "self_reported";
/// The other side of a co-stream warned of it, or stopped it.
pub(crate) const WARNED_PARTNER: &str = "warned_partner";
/// It was taken back in time.
pub(crate) const CORRECTED: &str = "corrected";
/// Those who streamed along are answerable as well.
pub(crate) const SHARED_LIABILITY: &str = "shared_liability";

/// Whether a finding says how a violation weighs, rather than which it is.
pub(crate) fn is_modifier(finding: &str) -> bool {
    Severity::from_name(finding).is_some() || matches!(finding, SELF_REPORTED | WARNED_PARTNER | CORRECTED | SHARED_LIABILITY)
}

/// The facts of a violation that its penalty depends on, and no other: neither the party nor the reviewer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, named where it is made and read")]
pub struct Breach {
    /// What was broken, as the schedule names it.
    pub code: String,
    /// Whether it was taken back in time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub corrected: bool,
    /// Damage that it caused, in the schedule's currency.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub damage_minor: i64,
    /// Whether the party reported itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub self_reported: bool,
    /// How grave; the lightest that the schedule knows when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Whether the party is answerable for what another did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// Whether whoever shares the liability warned, or stopped it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warned_partner: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
pub(crate) fn is_zero(n: &i64) -> bool {
    *n == 0
}

impl Breach {
    /// The breach that a fact tells of; the damage stands in the case.
    pub(crate) fn of(found: &ViolationFound, damage_minor: i64) -> Self {
        let says = |code: &str| found.reasons.iter().any(|r| r.code.as_str() == code);
        Self {
            code: found.code.as_str().to_owned(),
            corrected: found.corrected || says(CORRECTED),
            damage_minor,
            self_reported: says(SELF_REPORTED),
            severity: found.severity.map(|s| Severity::of_level(s.get())),
            shared: false,
            warned_partner: says(WARNED_PARTNER),
        }
    }

    /// As it weighs for somebody who shares the liability.
    #[must_use]
    pub fn shared(&self) -> Self {
        Self { shared: true, ..self.clone() }
    }
}
