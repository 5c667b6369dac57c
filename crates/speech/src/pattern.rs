//! Patterns of frames: words and concepts in a row, with the gaps that may lie between them.
//!
//! `@cure ~4 @disease` is a cure and, at most four characters on, a disease; without `~` the gap is
//! six; `..` is a gap of forty; `a|b` is either word; `& @x` asks that `@x` stands anywhere.

/// One element of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its alternatives: words, or names of concepts with `@` in front.
    pub(crate) alternatives: Vec<String>,
}

/// A parsed pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pattern {
    /// Elements in order, each with the largest gap to the one before it.
    pub(crate) steps: Vec<(usize, Element)>,
    /// Elements that may stand anywhere.
    pub(crate) anywhere: Vec<Element>,
}

const GAP: usize = 6;
const WIDE_GAP: usize = 40;

/// Reads a pattern; the error says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Pattern, String> {
    let mut pattern = Pattern::default();
    let mut gap = GAP;
    let mut loose = false;
    for token in text.split_whitespace() {
        if token == "&" {
            loose = true;
        } else if token == ".." {
            gap = WIDE_GAP;
        } else if let Some(digits) = token.strip_prefix('~') {
            gap = digits.parse().map_err(|_| format!("`{token}` is no gap"))?;
            if gap > 200 {
                return Err(format!("a gap of {gap} is wider than 200"));
            }
        } else {
            let alternatives: Vec<String> = token.split('|').map(str::to_owned).collect();
            if alternatives.iter().any(|a| a.is_empty() || a == "@") {
                return Err(format!("`{token}` has an empty alternative"));
            }
            let element = Element { alternatives };
            if loose {
                pattern.anywhere.push(element);
            } else {
                pattern.steps.push((gap, element));
            }
            gap = GAP;
            loose = false;
        }
    }
    if pattern.steps.is_empty() {
        return Err("a pattern needs at least one element in order".to_owned());
    }
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_alternatives_are_read() {
        let p = parse("@cure|治 ~4 @disease .. 好 & @food").expect("well formed");
        assert_eq!(p.steps.len(), 3);
        assert_eq!(p.steps[1].0, 4);
        assert_eq!(p.steps[2].0, WIDE_GAP);
        assert_eq!(p.anywhere.len(), 1);
    }

    #[test]
    fn faults_are_told() {
        assert!(parse("").is_err());
        assert!(parse("a ~x b").is_err());
        assert!(parse("a||b").is_err());
    }
}
