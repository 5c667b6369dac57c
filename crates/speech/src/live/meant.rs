//! Which item a sentence is about: named by the sender, by its place, by its name, or the one being explained.

use crate::live::show::Show;
use crate::naming::named;
use crate::number::{digit, number, power};

/// Words that follow an item's place: 三号链接.
const PLACED: [&str; 4] = ["号链接", "号宝贝", "号商品", "号品"];

/// The item that a sentence means, out of those that the show has shown.
pub(crate) fn meant<'a>(show: &'a Show, text: &str) -> Option<&'a str> {
    by_place(show, text).or_else(|| by_name(show, text)).or(show.item.as_deref())
}

fn by_place<'a>(show: &'a Show, text: &str) -> Option<&'a str> {
    let at = PLACED.iter().filter_map(|word| text.find(word)).min()?;
    let before: Vec<char> = text[..at].chars().rev().take_while(|c| digit(*c).or_else(|| power(*c)).is_some()).collect();
    let digits: Vec<char> = before.into_iter().rev().collect();
    let place = number(&digits, 0).filter(|n| n.end == digits.len()).map(|n| n.milli / 1000)?;
    show.items.iter().rev().find(|s| s.position == Some(place)).map(|s| s.item.as_str())
}

fn by_name<'a>(show: &'a Show, text: &str) -> Option<&'a str> {
    let at = named(show.items.iter().map(|s| s.name.as_deref().unwrap_or("")), text)?;
    Some(&show.items[at].item)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::show::Shown;

    fn show() -> Show {
        let mut show = Show::default();
        for (item, name, position) in [("i-1", "秋月牌梨膏", 1), ("i-2", "青山竹纤维毛巾", 2), ("i-3", "晚风香氛蜡烛", 12)]
        {
            let at = laotie_facts::Timestamp::default();
            show.show_item(Shown { at, item: item.into(), name: Some(name.into()), position: Some(position) });
        }
        show
    }

    #[test]
    fn an_item_is_meant_by_place_name_or_turn() {
        let show = show();
        assert_eq!(meant(&show, "二号链接今天最后五十单"), Some("i-2"));
        assert_eq!(meant(&show, "12号链接还有货"), Some("i-3"));
        assert_eq!(meant(&show, "十二号链接还有货"), Some("i-3"));
        assert_eq!(meant(&show, "刚才那个秋月牌的还有吗"), Some("i-1"));
        assert_eq!(meant(&show, "这个真的好用"), Some("i-3"), "the one shown last");
        assert_eq!(meant(&show, "九号链接没有"), Some("i-3"));
        assert_eq!(meant(&Show::default(), "一号链接"), None);
    }
}
