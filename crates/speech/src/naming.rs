//! Which of several things a sentence names.

/// Characters of a name that tell it from others.
const NAMED: usize = 3;

/// Characters of a name that are looked for; longer ones are told by their beginning.
const NAME_MAX: usize = 40;

/// The place of the one name that shares the longest stretch with the sentence; none when two share as much.
///
/// Names are short and few, so that this takes time linear in the sentence.
pub(crate) fn named<'n>(names: impl Iterator<Item = &'n str>, text: &str) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    let mut tied = false;
    for (at, name) in names.enumerate() {
        let shared = shared(name, text);
        match best {
            _ if shared < NAMED => {}
            Some((_, most)) if shared < most => {}
            Some((_, most)) if shared == most => tied = true,
            _ => {
                best = Some((at, shared));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(at, _)| at)
}

/// The longest stretch of a name that the sentence holds, in characters.
fn shared(name: &str, text: &str) -> usize {
    let name: Vec<char> = name.chars().take(NAME_MAX).collect();
    let holds = |length: &usize| name.windows(*length).any(|w| text.contains(&w.iter().collect::<String>()));
    (NAMED..=name.len()).rev().find(holds).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_share_names_and_a_tie_names_nothing() {
        let names = ["秋月牌梨膏", "秋月牌蜂蜜", "青山毛巾"];
        let meant = |text: &str| named(names.iter().copied(), text);
        assert_eq!(meant("那个秋月牌梨膏还有吗"), Some(0));
        assert_eq!(meant("青山毛巾真好"), Some(2));
        assert_eq!(meant("秋月牌的都好"), None, "two share as much");
        assert_eq!(meant("毛巾"), None, "too short to tell");
    }
}
