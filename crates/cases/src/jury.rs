//! The public jury: sampled jurors vote without knowing the parties, and advise.

use std::collections::BTreeMap;

use laotie_facts::body::JuryVote;
use serde::{Deserialize, Serialize};

/// A juror's vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Who.
    pub juror: String,
    /// Which round, from 1.
    pub round: i64,
    /// The fact.
    pub seq: i64,
    /// The vote.
    pub vote: JuryVote,
}

/// What a jury advises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// There is a breach.
    Breach,
    /// There is none.
    NoBreach,
    /// Too few votes, or too evenly parted.
    Undecided,
}

/// The count of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Votes for a breach.
    pub breach: u32,
    /// Votes against.
    pub no_breach: u32,
    /// Votes that cannot tell.
    pub unsure: u32,
    /// What is advised.
    pub verdict: Verdict,
    /// Sum of the log-odds weights for a breach less those against, in thousandths of a nat.
    pub weight_millis: i64,
}

/// Counts a round with each juror weighed by past accuracy.
///
/// `accuracy_ppm` is a juror's share of votes that agreed with the final decision, shrunk towards the
/// jury's mean by whoever keeps it; an unknown juror counts as `default_ppm`. A verdict needs `quorum`
/// votes other than `unsure` and a summed weight of at least `margin_millis`.
/// Weights are log-odds of accuracy, the optimal weights of independent jurors: Nitzan and Paroush (1982),
/// International Economic Review 23 (2), 289-297; Shapley and Grofman (1984), Public Choice 43, 329-343.
pub fn tally(votes: &[Vote], round: i64, accuracy_ppm: &BTreeMap<String, i64>, default_ppm: i64, quorum: u32, margin_millis: i64) -> Tally {
    let mut tally = Tally { breach: 0, no_breach: 0, unsure: 0, verdict: Verdict::Undecided, weight_millis: 0 };
    for vote in votes.iter().filter(|v| v.round == round) {
        let weight = log_odds_millis(accuracy_ppm.get(&vote.juror).copied().unwrap_or(default_ppm));
        match vote.vote {
            JuryVote::Breach => {
                tally.breach += 1;
                tally.weight_millis += weight;
            }
            JuryVote::NoBreach => {
                tally.no_breach += 1;
                tally.weight_millis -= weight;
            }
            JuryVote::Unsure => tally.unsure += 1,
        }
    }
    if tally.breach + tally.no_breach >= quorum && tally.weight_millis.abs() >= margin_millis.max(1) {
        tally.verdict = if tally.weight_millis > 0 { Verdict::Breach } else { Verdict::NoBreach };
    }
    tally
}

/// ln(p / (1 - p)) in thousandths, by a table of whole percents, so that every machine weighs alike.
fn log_odds_millis(accuracy_ppm: i64) -> i64 {
    /// From 50 % to 95 % in steps of 5 %; nobody is trusted beyond.
    const STEPS: [i64; 10] = [0, 201, 405, 619, 847, 1_099, 1_386, 1_735, 2_197, 2_944];
    let over = (accuracy_ppm - 500_000).abs().min(450_000);
    let step = usize::try_from(over / 50_000).unwrap_or(0).min(STEPS.len() - 1);
    let next = STEPS[(step + 1).min(STEPS.len() - 1)];
    let weight = STEPS[step] + (next - STEPS[step]) * (over % 50_000) / 50_000;
    if accuracy_ppm < 500_000 { -weight } else { weight }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(breach: usize, no_breach: usize) -> Vec<Vote> {
        (0..breach + no_breach)
            .map(|i| Vote {
                juror: format!("b-{i}"),
                round: 1,
                seq: 1,
                vote: if i < breach { JuryVote::Breach } else { JuryVote::NoBreach },
            })
            .collect()
    }

    #[test]
    fn too_few_votes_decide_nothing() {
        let tally = tally(&votes(4, 0), 1, &BTreeMap::new(), 700_000, 5, 500);
        assert_eq!((tally.breach, tally.verdict), (4, Verdict::Undecided));
    }

    #[test]
    fn two_jurors_who_are_nearly_always_right_outweigh_five_who_guess() {
        let accuracy = BTreeMap::from([("b-0".to_owned(), 950_000), ("b-1".to_owned(), 950_000)]);
        let tally = tally(&votes(2, 5), 1, &accuracy, 550_000, 5, 500);
        assert_eq!(tally.verdict, Verdict::Breach);
    }

    #[test]
    fn somebody_who_is_mostly_wrong_counts_against_the_own_vote() {
        assert_eq!(log_odds_millis(300_000), -log_odds_millis(700_000));
        assert_eq!(log_odds_millis(500_000), 0);
        assert!(log_odds_millis(999_999) <= 2_944);
    }
}
