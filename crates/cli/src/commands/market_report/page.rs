//! The page `docs/market.md`.

use std::fmt::Write;

use laotie_simulate::Parameters;
use laotie_simulate::measure::{Comparison, Found, Halves, IdRule, Leak, Verdict};

use super::picture::figure;
use super::real::ShareBeside;

/// Above this area a planted thing is too easy.
pub(super) const BAR: f64 = 0.75;

/// Subjects below which what is seen of them says little of others.
const FEW_SUBJECTS: usize = 10;

/// Where text written by people stands, which is kept when the page is written again.
const ABOUT: &str = "<!-- about -->";
const ABOUT_END: &str = "<!-- /about -->";

/// What is told of a run.
pub(super) struct Measured {
    pub(super) parameters: Parameters,
    pub(super) facts: u64,
    pub(super) days: f64,
    pub(super) kinds: Vec<(&'static str, u64)>,
    pub(super) comparisons: Vec<Comparison>,
    pub(super) shares: Vec<ShareBeside>,
    pub(super) leaks: Vec<Leak>,
    pub(super) rules: Vec<IdRule>,
}

/// How the runs were made.
pub(super) struct Made {
    pub(super) date: String,
    pub(super) commit: String,
    pub(super) seed: u64,
    pub(super) weeks: u32,
    pub(super) scale: f64,
    pub(super) rows: usize,
}

/// The text that people wrote into an earlier page.
fn about(earlier: &str) -> &str {
    let after = earlier.split_once(ABOUT).map_or("", |(_, after)| after);
    after.split_once(ABOUT_END).map_or("", |(text, _)| text).trim()
}

macro_rules! put {
    ($page:expr, $($text:tt)*) => { let _ = writeln!($page, $($text)*); };
}

/// The whole page; what people wrote into an earlier one is kept.
pub(super) fn page(made: &Made, runs: &[Measured], earlier: &str) -> String {
    let mut page = String::new();
    put!(page, "# The simulated market, measured\n");
    put!(
        page,
        "Written by `laotie market-report` on {} at commit {}: seed {}, {} weeks, scale {}. Do not edit, but between the two marks below.\n",
        made.date,
        made.commit,
        made.seed,
        made.weeks,
        made.scale
    );
    put!(page, "{ABOUT}\n{}\n{ABOUT_END}\n", about(earlier));
    put!(page, "## In short\n");
    for run in runs {
        summary(&mut page, run);
    }
    for run in runs {
        let name = &run.parameters.name;
        put!(page, "\n## {} (`{name}`)\n", run.parameters.title_en);
        let many: Vec<String> = run.kinds.iter().take(8).map(|(kind, n)| format!("{n} `{kind}`")).collect();
        put!(page, "{} facts over {:.0} days; most are {}.\n", run.facts, run.days, many.join(", "));
        put!(page, "### Against real markets\n\n![Cumulative curves](market/calibration-{name}.svg)\n");
        calibration(&mut page, run);
        put!(page, "\n### What gives planted things away\n\n![Areas](market/leakage-{name}.svg)\n");
        leakage(&mut page, run);
        id_rules(&mut page, run);
        sources(&mut page, run);
    }
    method(&mut page, made, runs);
    page
}

fn summary(page: &mut String, run: &Measured) {
    let judged: Vec<(&Leak, &Verdict)> = run.leaks.iter().filter_map(|leak| Some((leak, leak.verdict.as_ref()?))).collect();
    let named = |few: bool| {
        let over = judged.iter().filter(|(_, v)| v.worst() > BAR && (v.subjects < FEW_SUBJECTS) == few);
        over.map(|(leak, v)| format!("{} ({:.2})", leak.thing, v.worst())).collect::<Vec<_>>()
    };
    let told = |over: Vec<String>| if over.is_empty() { "none".to_owned() } else { over.join(", ") };
    put!(
        page,
        "- `{}`: {} planted things judged, {} with too few to judge. Above an area of {BAR} for one field or two questions: {}. Above it with fewer \
than {FEW_SUBJECTS} subjects to score on, which may be chance: {}.",
        run.parameters.name,
        judged.len(),
        run.leaks.len() - judged.len(),
        told(named(false)),
        told(named(true))
    );
}

fn numbers(values: &[f64]) -> String {
    if values.is_empty() { "–".to_owned() } else { values.iter().map(|x| figure(*x)).collect::<Vec<_>>().join(" · ") }
}

fn maybe(x: Option<f64>) -> String {
    x.map_or_else(|| "–".to_owned(), |x| format!("{x:.3}"))
}

fn calibration(page: &mut String, run: &Measured) {
    put!(page, "Quantiles are the 10th, 25th, 50th, 75th, 90th and 99th in a hundred.\n");
    put!(page, "| what | beside | unit | simulated (n) | quantiles | real (n) | quantiles | KS | W1 of logs |");
    put!(page, "|---|---|---|--:|---|--:|---|--:|--:|");
    for c in &run.comparisons {
        let (simulated, real) = c.quantiles();
        put!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            c.what,
            c.real.from,
            c.unit,
            c.simulated.count(),
            numbers(&simulated),
            c.real.sample.count(),
            numbers(&real),
            maybe(c.kolmogorov_smirnov()),
            maybe(c.wasserstein())
        );
    }
    put!(page, "\n| share | beside | simulated | of | real | of |\n|---|---|--:|--:|--:|--:|");
    for s in &run.shares {
        let percent = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), |x| format!("{:.2} %", x * 100.0));
        put!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            s.what,
            s.from,
            percent(s.simulated.share()),
            s.simulated.all,
            percent(s.real.share()),
            s.real.all
        );
    }
    put!(page, "\n| mean of | simulated | real (Olist) |\n|---|--:|--:|");
    for c in run.comparisons.iter().filter(|c| c.what.starts_with("stars")) {
        let mean = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), |x| format!("{x:.2}"));
        put!(page, "| {} | {} | {} |", c.what, mean(c.simulated.mean()), mean(c.real.sample.mean()));
    }
}

/// A vertical bar ends a cell; a text may hold one.
fn in_cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn leakage(page: &mut String, run: &Measured) {
    put!(page, "| planted | n | honest | subjects | halves | fact alone: field | tree | ± | all that is seen: field | tree | ± |");
    put!(page, "|---|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|");
    let bold = |area: f64| if area > BAR { format!("**{area:.3}**") } else { format!("{area:.3}") };
    for leak in &run.leaks {
        let Some(v) = &leak.verdict else {
            put!(page, "| {} | {} | {} | too few | | | | | | | |", leak.thing, leak.planted, leak.honest);
            continue;
        };
        let halves = match v.halves {
            Halves::Subjects => "both",
            Halves::Actors => "who acts",
            Halves::Targets => "whom",
            Halves::Rows => "rows",
        };
        let areas = |f: &Found| format!("{} | {} | {:.3}", bold(f.field_auc), bold(f.tree_auc), f.error);
        put!(
            page,
            "| {} | {} | {} | {} | {halves} | {} | {} |",
            leak.thing,
            leak.planted,
            leak.honest,
            v.subjects,
            areas(&v.own),
            areas(&v.all)
        );
    }
    put!(page, "\nWhat the best field and the best tree ask:\n");
    for leak in &run.leaks {
        let Some(v) = &leak.verdict else { continue };
        put!(page, "- **{}**", leak.thing);
        for (name, f) in [("the fact alone", &v.own), ("all that is seen", &v.all)] {
            put!(page, "  - {name}, {} features: {}; tree: {}", f.tried, f.field, f.tree);
        }
    }
}

fn id_rules(page: &mut String, run: &Measured) {
    put!(page, "\nThe rule that gave PaySim away (issue 13: two characters of an id and an amount caught 1003 of 1007):\n");
    put!(
        page,
        "| planted | id of | n | area | ± | amount alone | recall | precision | characters |\n|---|---|--:|--:|--:|--:|--:|--:|---|"
    );
    for rule in &run.rules {
        match &rule.found {
            Some(f) => {
                put!(
                    page,
                    "| {} | {} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {} |",
                    rule.thing,
                    rule.of,
                    rule.planted,
                    f.auc,
                    f.error,
                    f.amount_auc,
                    f.recall,
                    f.precision,
                    f.characters
                );
            }
            None => {
                put!(page, "| {} | {} | {} | too few | | | | |", rule.thing, rule.of, rule.planted);
            }
        }
    }
}

fn sources(page: &mut String, run: &Measured) {
    let all = &run.parameters.sources;
    let sourced: Vec<_> = all.iter().filter(|s| !s.source.starts_with("assumed")).collect();
    put!(page, "\n### Where the figures are from\n");
    put!(
        page,
        "Version {} of `rulebook/markets/{}.toml`: {} of {} parameters have a source, the others are assumed and say so.\n",
        run.parameters.version,
        run.parameters.name,
        sourced.len(),
        all.len()
    );
    put!(page, "| parameter | document | source |\n|---|---|---|");
    for s in sourced {
        put!(page, "| `{}` | {} | {} |", s.name, s.document, in_cell(&s.source));
    }
}

fn method(page: &mut String, made: &Made, runs: &[Measured]) {
    let likes: Vec<String> = runs.iter().map(|run| format!("--like {}", run.parameters.name)).collect();
    put!(page, "\n## How it is measured\n");
    put!(
        page,
        "**Leaks.** The market is run twice with one seed. The first time the truth is read, and for every buyer, shop, streamer, \
provider, show, video, item, order, case, contract, campaign, device and network what was seen of it over the run. The second time a row \
is made for each fact that planted things come in. *The fact alone* has each field as it is (numbers also modulo 2, 10, 100 and 1000, \
words and codes one by one, presence of what is optional), patterns of its key, of its own id and of the actor's (length, first and last \
characters, digits and their sum, the number that they make), the time down to the microsecond, and texts (length, digits, the 200 most \
frequent characters and pairs and the 200 that differ most). *All that is seen* has as well the same patterns of the ids of those to whom it \
is done, and for each that the fact names, directly or through its order, show, video, case or contract, its counts, shares, sums and gaps, \
so far and over the run, the future included. About {} rows of a class are kept, drawn evenly. Camouflage (what panel accounts do for \
nobody) counts neither as planted nor as honest; crowds of their own accord (viral videos, fan clubs, raids, draws among followers) count as honest. Contracts \
count as not fulfilled below 90 % of what was promised.\n",
        made.rows
    );
    put!(
        page,
        "Rows are divided by a hash of who acts and of whom it is done to, so that neither is in both halves; where that leaves too few, by \
one of them, else every other row. Fields are ranked and trees fitted on one half and scored on the other; a field ranks by the worse of \
its areas on two parts of its half with different subjects. The tree is the better of two: the greedy one of depth two (Gini, as \
scikit-learn's `DecisionTreeClassifier(max_depth=2)`, with which it was compared), and the best over pairs of features (all pairs of the 400 \
that tell most, coarsely, then the best of them and all pairs of the best twelve, finely). A tree reads: question ? (if so) : (if not), with \
the share of planted rows at each end. The area is the chance that a planted row scores above an honest one, ± its standard error (Hanley and \
McNeil 1982), for all that is seen as if each subject were one row. *Subjects* are the different planted ones that were scored on, of those who act or of \
those to whom it is done, whichever are fewer. Below 30 planted rows nothing is said.\n"
    );
    put!(
        page,
        "**Calibration.** KS is the largest difference of the cumulative shares (Smirnov 1948), W1 of logs the mean distance of equal \
quantiles of the logarithms (Wasserstein; Vallender 1974). Where markets differ in currency, size or length, both are taken after \
dividing by the median, so that the shape alone counts; W1 of 0.1 is then about a tenth. Purchases of one day count once between purchases. \
Real data: the folders of `data/` named in the \
table, each with its origin and licence in its README.\n"
    );
    put!(
        page,
        "## How to repeat\n\n```sh\nlaotie market-report --shared DIR --out docs --seed {} --weeks {} --scale {} {} --commit COMMIT\n```\n\nThe same seed, \
weeks and scale give the same figures on every machine; `--json` prints all of them.",
        made.seed,
        made.weeks,
        made.scale,
        likes.join(" ")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_kept() {
        let made = Made { date: "2026-11-24".to_owned(), commit: "abc".to_owned(), seed: 1, weeks: 4, scale: 1.0, rows: 100 };
        let first = page(&made, &[], "");
        let written = first.replace(&format!("{ABOUT}\n\n"), &format!("{ABOUT}\nA market of ours.\n"));
        assert!(page(&made, &[], &written).contains("A market of ours."));
        assert_eq!(page(&made, &[], &page(&made, &[], &written)), page(&made, &[], &written));
    }
}
