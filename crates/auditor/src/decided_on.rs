//! Kinds of facts whose answer rests on decisions: the auditor foresees the ways in which they can be refused, not which.

/// A kind, and the reasons for which a fact of it can be refused.
pub struct DecidedOn {
    /// As `claim.opened`.
    pub kind: &'static str,
    /// Stable names of the reasons, as the public list of problems has them.
    pub codes: &'static [&'static str],
}

const fn on(kind: &'static str, codes: &'static [&'static str]) -> DecidedOn {
    DecidedOn { kind, codes }
}

/// Every such kind.
pub const DECIDED_ON: [DecidedOn; 11] = [
    on(
        "appeal.opened",
        &[
            "ruling-unknown",
            "decision-unknown",
            "nothing-to-appeal",
            "appeal-too-late",
            "appealed-before",
            "appeal-id-reused",
            "not-the-party",
        ],
    ),
    on(
        "case.reviewed",
        &[
            "case-closed",
            "case-decided",
            "same-reviewer",
            "appeal-unknown",
            "appeal-unnamed",
            "appeal-decided",
            "reasons-missing",
            "currency-mismatch",
            "claim-unknown",
            "case-mismatch",
            "outcome-unfit",
            "party-unknown",
            "finding-unknown",
        ],
    ),
    on("claim.accepted", &["claim-unknown", "nothing-offered"]),
    on("claim.answered", &["claim-unknown", "claim-decided", "answer-too-late", "answer-repeated", "offer-too-large", "currency-mismatch"]),
    on(
        "claim.opened",
        &[
            "order-unknown",
            "claim-id-reused",
            "not-the-buyer",
            "currency-mismatch",
            "line-unknown",
            "not-entitled",
            "reason-not-covered",
            "window-not-open",
            "outside-window",
            "buyer-limited",
            "claim-repeated",
            "amount-too-large",
        ],
    ),
    on("claim.withdrawn", &["claim-unknown", "claim-decided"]),
    on("evidence.given", &["claim-unknown", "evidence-reused", "evidence-too-late", "case-closed"]),
    on("guarantee.switched", &["guarantee-unknown", "guarantee-is-default", "guarantee-mandated"]),
    on(
        "jury.voted",
        &["voted-before", "case-closed", "not-drawn", "juror-is-party", "jury-not-asked", "round-unknown", "round-full", "no-jury"],
    ),
    on("report.filed", &["report-id-reused", "party-unknown"]),
    on("withdrawal.requested", &["settlement-frozen", "nothing-available", "not-available"]),
];

/// What is foreseen of a kind; `None` for kinds whose answer the auditor knows.
pub fn decided_on(kind: &str) -> Option<&'static DecidedOn> {
    DECIDED_ON.iter().find(|d| d.kind == kind)
}
