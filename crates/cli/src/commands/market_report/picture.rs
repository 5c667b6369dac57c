//! Pictures as SVG: light, on white, readable without anything else.

use std::fmt::Write;

use laotie_simulate::measure::{Comparison, Leak, Scale};

const INK: &str = "#1f2328";
const FAINT: &str = "#d0d7de";
const SIMULATED: &str = "#0a7d5a";
const REAL: &str = "#b4540a";
const BAD: &str = "#c0272d";

/// A picture being drawn.
struct Picture(String);

impl Picture {
    fn new(width: f64, height: f64, title: &str) -> Self {
        let mut picture = Self(String::new());
        picture.push(&format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" font-family="system-ui, sans-serif" role="img" aria-label="{}">"#,
            escaped(title)
        ));
        picture.push(&format!(r##"<rect width="{width:.0}" height="{height:.0}" fill="#ffffff"/>"##));
        picture
    }

    fn push(&mut self, line: &str) {
        let _ = writeln!(self.0, "{line}");
    }

    fn text(&mut self, (x, y): (f64, f64), size: u32, anchor: &str, colour: &str, text: &str) {
        self.push(&format!(
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{}</text>"#,
            escaped(text)
        ));
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, dashed: bool) {
        let dash = if dashed { r#" stroke-dasharray="4 3""# } else { "" };
        self.push(&format!(r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="{colour}"{dash}/>"#, from.0, from.1, to.0, to.1));
    }

    fn bar(&mut self, (x, y): (f64, f64), width: f64, height: f64, colour: &str) {
        self.push(&format!(r#"<rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="{height:.1}" fill="{colour}"/>"#, width.max(0.0)));
    }

    fn curve(&mut self, points: &[(f64, f64)], colour: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.push(&format!(r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="1.8"/>"#, points.join(" ")));
    }

    fn done(mut self) -> String {
        self.push("</svg>");
        self.0
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Points of a curve.
const POINTS: usize = 160;

/// A small picture of the cumulative curves for each comparison that has both sides.
pub(super) fn calibration(title: &str, comparisons: &[Comparison]) -> String {
    const ACROSS: usize = 4;
    const WIDE: f64 = 260.0;
    const HIGH: f64 = 190.0;
    let shown: Vec<&Comparison> = comparisons.iter().filter(|c| c.simulated.count() > 0 && c.real.sample.count() > 0).collect();
    let across = f64::from(u32::try_from(ACROSS).unwrap_or(1));
    let down = f64::from(u32::try_from(shown.len().div_ceil(ACROSS)).unwrap_or(1));
    let mut picture = Picture::new(across * WIDE + 20.0, down * HIGH + 50.0, title);
    picture.text((16.0, 22.0), 15, "start", INK, title);
    picture.line((16.0, 36.0), (40.0, 36.0), SIMULATED, false);
    picture.text((46.0, 40.0), 12, "start", INK, "simulated");
    picture.line((120.0, 36.0), (144.0, 36.0), REAL, false);
    picture.text((150.0, 40.0), 12, "start", INK, "real; where the scale says “medians”, each is divided by its median");
    let (mut x, mut y) = (16.0, 56.0);
    for (n, comparison) in shown.iter().enumerate() {
        small(&mut picture, comparison, (x, y), (WIDE - 26.0, HIGH - 62.0));
        x += WIDE;
        if (n + 1) % ACROSS == 0 {
            (x, y) = (16.0, y + HIGH);
        }
    }
    picture.done()
}

fn small(picture: &mut Picture, comparison: &Comparison, (left, top): (f64, f64), (wide, high): (f64, f64)) {
    let simulated = comparison.curve(&comparison.simulated, POINTS);
    let real = comparison.curve(&comparison.real.sample, POINTS);
    let logarithmic = comparison.scale == Scale::Shape;
    let place = |x: f64| if logarithmic { libm::log10(x.max(1e-9)) } else { x };
    let all = || simulated.iter().chain(&real).map(|(x, _)| place(*x));
    let (low, high_x) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let span = (high_x - low).max(1e-9);
    let (base, head) = (top + 26.0 + high - 14.0, top + 26.0);
    let at = |(x, share): &(f64, f64)| (left + (place(*x) - low) / span * wide, base - share * (base - head));
    picture.text((left, top + 8.0), 11, "start", INK, &comparison.what);
    picture.text((left, top + 21.0), 10, "start", REAL, &comparison.real.from);
    picture.line((left, base), (left + wide, base), FAINT, false);
    picture.line((left, head), (left, base), FAINT, false);
    picture.line((left, f64::midpoint(head, base)), (left + wide, f64::midpoint(head, base)), FAINT, true);
    picture.curve(&real.iter().map(at).collect::<Vec<_>>(), REAL);
    picture.curve(&simulated.iter().map(at).collect::<Vec<_>>(), SIMULATED);
    let end = |x: f64| if logarithmic { libm::pow(10.0, x) } else { x };
    picture.text((left, base + 12.0), 9, "start", INK, &figure(end(low)));
    picture.text((left + wide, base + 12.0), 9, "end", INK, &figure(end(high_x)));
    let unit = if logarithmic { "medians, log" } else { &comparison.unit };
    picture.text((left + wide / 2.0, base + 12.0), 9, "middle", INK, unit);
}

/// Bars of the best field's and the best tree's area for each planted thing, with the line that none should cross.
pub(super) fn leakage(title: &str, leaks: &[Leak], bar: f64) -> String {
    const LABELS: f64 = 300.0;
    const WIDE: f64 = 460.0;
    const ROW: f64 = 34.0;
    let judged: Vec<(&Leak, f64, f64)> = leaks
        .iter()
        .filter_map(|leak| {
            let verdict = leak.verdict.as_ref()?;
            Some((leak, verdict.own.field_auc.max(verdict.all.field_auc), verdict.own.tree_auc.max(verdict.all.tree_auc)))
        })
        .collect();
    let height = 78.0 + ROW * f64::from(u32::try_from(judged.len()).unwrap_or(0));
    let mut picture = Picture::new(LABELS + WIDE + 70.0, height, title);
    picture.text((16.0, 22.0), 15, "start", INK, title);
    picture.bar((16.0, 32.0), 14.0, 8.0, REAL);
    picture.text((36.0, 40.0), 12, "start", INK, "best single field");
    picture.bar((150.0, 32.0), 14.0, 8.0, SIMULATED);
    picture.text((170.0, 40.0), 12, "start", INK, "best tree of depth two; .5 is chance, 1 is certain");
    let at = |area: f64| LABELS + (area.clamp(0.5, 1.0) - 0.5) / 0.5 * WIDE;
    for tick in [0.5, 0.6, 0.7, 0.8, 0.9, 1.0] {
        picture.line((at(tick), 58.0), (at(tick), height - 14.0), FAINT, false);
        picture.text((at(tick), 54.0), 10, "middle", INK, &format!("{tick:.1}"));
    }
    for (n, (leak, field, tree)) in judged.iter().enumerate() {
        let y = 62.0 + ROW * f64::from(u32::try_from(n).unwrap_or(0));
        picture.text((LABELS - 8.0, y + 15.0), 12, "end", INK, &format!("{} ({})", leak.thing, leak.planted));
        for (up, area, colour) in [(2.0, *field, REAL), (14.0, *tree, SIMULATED)] {
            let colour = if area > bar { BAD } else { colour };
            picture.bar((at(0.5), y + up), at(area) - at(0.5), 10.0, colour);
            picture.text((at(area) + 4.0, y + up + 9.0), 10, "start", INK, &format!("{area:.2}"));
        }
    }
    picture.line((at(bar), 58.0), (at(bar), height - 14.0), BAD, true);
    picture.done()
}

/// A number as people write it.
pub(super) fn figure(x: f64) -> String {
    match x.abs() {
        0.0 => "0".to_owned(),
        size if size >= 100.0 => format!("{x:.0}"),
        size if size >= 10.0 => format!("{x:.1}"),
        size if size >= 0.1 => format!("{x:.2}"),
        _ => format!("{x:.4}"),
    }
}
