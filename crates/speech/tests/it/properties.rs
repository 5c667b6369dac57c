//! Whatever is said, the reader answers, and answers inside the sentence.

use laotie_speech::{ItemFacts, Reader, shipped};
use proptest::prelude::*;

fn facts() -> ItemFacts {
    let facts = r#"{"category":"食品","approval":"ordinary_food","live_price":59.9,"price_history_max_30d":99,"price_history_min_30d":49,
        "stock":300,"material":{"棉":60,"聚酯纤维":40},"origin":"福建安溪","certificates":[],"units_sold":120,"warranty_months":12}"#;
    serde_json::from_str(facts).expect("facts")
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let reader = Reader::new(shipped().expect("the shipped packs are well formed"));
    let length = text.chars().count();
    for item in [None, Some(facts())] {
        for finding in reader.read(text, item.as_ref()) {
            prop_assert!(finding.span.start < finding.span.end && finding.span.end <= length, "{:?} in {length}", finding.span);
            prop_assert!(finding.confidence_ppm <= 1_000_000);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_string_is_read(text in "\\PC{0,60}") {
        check(&text)?;
    }

    #[test]
    fn words_of_the_trade_in_any_order_are_read(parts in prop::collection::vec(prop::sample::select(vec![
        "最", "治", "不", "原价", "三百", "九块九", "万", "亿", "半", "点", "折", "只剩", "十单", "加", "薇", " ", "氵", "台", "女子", "zhi", "liao", "V", "x", "🔝",
        "頂級", "纯棉", "占", "七成", "福建", "的", "，", "没有", "第一", "百分之", "保", "年", "开", "〇", "光", "哈", "一", "件", "卖了", "ＮＯ", "．", "１", "几", "来", "多", "\u{200b}",
    ]), 0..40)) {
        check(&parts.concat())?;
    }
}

#[test]
fn a_long_storm_of_repeats_is_read() {
    let reader = Reader::new(shipped().expect("the shipped packs are well formed"));
    for part in [
        "最",
        "最好",
        "治病",
        "🔝",
        "一二三",
        "原价三百今天",
        "zhiliao",
        "氵台",
        "不治病，",
        "老板亏到",
        "万",
        "微 信 ",
        "纯棉占三成",
        "福建的",
        "没有福建的，",
        "三成纯棉",
    ] {
        let findings = reader.read(&part.repeat(20_000), Some(&facts()));
        assert!(findings.len() <= 60, "{part}: {}", findings.len());
    }
}
