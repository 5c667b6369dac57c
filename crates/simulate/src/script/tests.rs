//! Tests of what is said: told apart by facts and not by words, true where clean, marked exactly.

mod words;

use std::collections::BTreeSet;

use super::claims::Claim;
use super::numbers::Figure;
use super::*;

const CODES: [&str; 24] = [
    "ABS", "MED", "FOODMED", "HEALTH", "COSM", "PRICE", "SCAR", "SALES", "DIVERT", "GUAR", "INVEST", "STATE", "DISP", "MATERIAL", "ORIGIN",
    "CERT", "FAKE", "MINOR", "SUPER", "LOTTERY", "INDUCE", "AUTH", "AFTER", "DRAMA",
];

const HONEY: Known<'_> = Known {
    category: "food",
    noun: "洋槐蜜",
    material: "洋槐蜜",
    material_percent: 85,
    origin: "陕西",
    certificate: "食品生产许可证",
    efficacy: "",
    price_minor: 3_990,
    list_price_minor: 9_990,
    lowest_7d_minor: 4_490,
    highest_30d_minor: 5_990,
    stock: 1_840,
    sold: 8_630,
    viewers: 412,
    minutes_left: 35,
    warranty_months: 0,
    repurchase_percent: 32,
    good_percent: 86,
    no_reason_return: true,
};

fn items() -> [Known<'static>; 6] {
    [
        HONEY,
        Known {
            category: "beauty",
            noun: "面霜",
            material: "神经酰胺",
            origin: "广州",
            certificate: "备案凭证",
            efficacy: "保湿",
            price_minor: 12_900,
            list_price_minor: 25_900,
            lowest_7d_minor: 12_900,
            highest_30d_minor: 16_900,
            stock: 312,
            sold: 23_400,
            minutes_left: 0,
            ..HONEY
        },
        Known {
            category: "health_food",
            noun: "钙片",
            material: "碳酸钙",
            origin: "山东",
            certificate: "保健食品批准证书",
            efficacy: "补充钙",
            price_minor: 7_900,
            sold: 950,
            stock: 75,
            viewers: 2_310,
            ..HONEY
        },
        Known {
            category: "clothing",
            noun: "羊绒衫",
            material: "羊绒",
            material_percent: 70,
            origin: "内蒙古",
            certificate: "质检报告",
            price_minor: 39_900,
            list_price_minor: 89_900,
            highest_30d_minor: 49_900,
            lowest_7d_minor: 42_900,
            minutes_left: 400,
            no_reason_return: false,
            ..HONEY
        },
        Known {
            category: "appliance",
            noun: "电饭煲",
            material: "铝内胆",
            material_percent: 100,
            origin: "广东",
            certificate: "3C认证",
            price_minor: 29_900,
            list_price_minor: 29_900,
            highest_30d_minor: 29_900,
            lowest_7d_minor: 26_900,
            warranty_months: 12,
            stock: 30,
            viewers: 61,
            ..HONEY
        },
        Known {
            category: "jewellery",
            noun: "玉手镯",
            material: "",
            origin: "",
            certificate: "",
            sold: 17,
            stock: 4,
            good_percent: 0,
            ..HONEY
        },
    ]
}

struct Sample {
    lie: bool,
    spoken: Spoken,
}

fn draw(each: usize, seed: u64) -> Vec<Sample> {
    let (items, mut random) = (items(), Random::new(seed));
    (0..2 * each)
        .map(|i| {
            let lie = i % 2 == 0;
            let evade = random.chance(0.08);
            Sample { lie, spoken: speak(&items[i / 2 % items.len()], lie, evade, &mut random) }
        })
        .collect()
}

fn float(n: usize) -> f64 {
    f64::from(u32::try_from(n).expect("small"))
}

#[test]
fn every_code_is_spoken_and_few_sentences_are_the_same() {
    let samples = draw(4_000, 12);
    let codes: BTreeSet<&str> = samples.iter().flat_map(|s| s.spoken.codes.iter().copied()).collect();
    assert_eq!(codes, CODES.into_iter().collect());
    let texts: BTreeSet<&str> = samples.iter().map(|s| s.spoken.text.as_str()).collect();
    println!("{} of {} are distinct", texts.len(), samples.len());
    assert!(texts.len() >= 5_000);
    let alike = samples.iter().filter(|s| s.spoken.look_alike).count();
    assert!((1_000..1_400).contains(&alike), "{alike} look-alikes");
}

#[test]
fn a_span_holds_the_offence_and_only_lies_have_one() {
    for Sample { lie, spoken } in draw(4_000, 13) {
        assert_eq!(lie, !spoken.codes.is_empty());
        assert_eq!(lie, spoken.span.is_some(), "{spoken:?}");
        assert!(!spoken.text.contains(['{', '}', '[', ']']), "{spoken:?}");
        let Some((from, to)) = spoken.span else {
            assert!(spoken.evasion.is_none());
            continue;
        };
        let length = spoken.text.chars().count();
        assert!(from < to && to <= length, "{spoken:?}");
        assert!(to - from >= 2 && (spoken.evasion.is_some() || to - from <= 24), "{spoken:?}");
    }
}

#[test]
fn a_disguise_changes_the_offence_and_nothing_around_it() {
    let mut plain = Vec::new();
    for seed in 0..2_000 {
        let mut pen_random = Random::new(seed);
        let open = speak(&HONEY, true, false, &mut pen_random);
        let hidden = speak(&HONEY, true, true, &mut Random::new(seed));
        let ((from, to), (hidden_from, hidden_to)) = (open.span.expect("a lie"), hidden.span.expect("a lie"));
        assert_eq!(from, hidden_from);
        assert_eq!(open.text.chars().take(from).collect::<String>(), hidden.text.chars().take(from).collect::<String>());
        let stretch = |text: &str, from: usize, to: usize| text.chars().skip(from).take(to - from).collect::<String>();
        assert_ne!(stretch(&open.text, from, to), stretch(&hidden.text, hidden_from, hidden_to));
        plain.push(hidden.evasion.expect("it was to evade"));
    }
    for style in disguise::STYLES {
        assert!(plain.contains(&style), "{style}");
    }
}

/// Reads numbers in digits and in Chinese numerals, as 39块9, 一千二, 1.2万, 两百零三.
fn read(text: &str) -> Option<f64> {
    let mut characters = text.chars().peekable();
    let (mut total, mut part, mut digit, mut last) = (0.0, 0.0, None::<f64>, 1.0);
    while let Some(c) = characters.next() {
        let value = "零一二三四五六七八九".chars().position(|d| d == c).or(if c == '两' { Some(2) } else { None });
        if let Some(value) = value {
            digit = Some(float(value));
            if value == 0 {
                last = 10.0;
            }
        } else if c.is_ascii_digit() {
            let mut number = String::from(c);
            while let Some(next) = characters.next_if(|n| n.is_ascii_digit() || *n == '.') {
                number.push(next);
            }
            digit = Some(number.parse().ok()?);
        } else {
            let unit = match c {
                '十' => 10.0,
                '百' => 100.0,
                '千' => 1_000.0,
                '万' | 'w' => 10_000.0,
                _ => return None,
            };
            if unit > 9_999.0 {
                total = (part + digit.unwrap_or(0.0)) * unit;
                part = 0.0;
            } else {
                part += digit.unwrap_or(1.0) * unit;
            }
            digit = None;
            last = unit;
        }
    }
    Some(total + part + digit.unwrap_or(0.0) * (last / 10.0_f64).max(1.0))
}

#[test]
fn numbers_read_back_within_five_percent() {
    let mut random = Random::new(5);
    for i in 0..60_000_u32 {
        let n = if i < 3_000 { i } else { u32::try_from(random.below(90_000_000) >> random.below(24)).expect("small") };
        let mut text = String::new();
        numbers::write(&mut text, Figure::Count(n), &mut random);
        let plain = text.replace("万多", "万").replace("万出头", "万").replace('小', "");
        let read = read(&plain).unwrap_or(-1.0);
        assert!((read - f64::from(n)).abs() <= 0.05 * f64::from(n) + 1e-9, "{n} was written {text} and reads {read}");
        let r = f64::from(numbers::rounded(n));
        assert!((r - f64::from(n)).abs() <= 0.05 * f64::from(n), "{n} {r}");
    }
}

#[test]
fn prices_read_back_exactly() {
    let mut random = Random::new(6);
    for i in 1..40_000_i64 {
        let (minor, mut text) = (if i < 20_000 { i * 10 } else { i * 100 }, String::new());
        numbers::write(&mut text, Figure::Money(minor), &mut random);
        let plain = text.replace("块钱", "块").replace('毛', "");
        let (yuan, jiao) = plain.split_once(['块', '元']).unwrap_or((&plain, ""));
        let price = read(yuan).unwrap_or(-1.0) + read(jiao).unwrap_or(0.0) / 10.0;
        assert_eq!(crate::random::to_i64(price * 100.0 + 0.5), minor, "{text}");
    }
}

fn near(said: i64, known: i64) -> bool {
    (said - known).abs() * 20 <= known.abs()
}

/// Whether what was said agrees with what is known, decided anew.
fn agrees(claim: Claim, said: claims::Said<'_>, known: &Known<'_>) -> bool {
    match (claim, said.figure) {
        (Claim::Reference, Figure::Money(m)) => m > known.price_minor && m <= known.highest_30d_minor,
        (Claim::Discount, Figure::Discount(d)) => i64::from(d) * known.highest_30d_minor * 105 >= known.price_minor * 100 * 100,
        (Claim::Cheaper, Figure::Money(m)) => near(m, known.lowest_7d_minor - known.price_minor),
        (Claim::LowestOfWeek, _) => known.price_minor <= known.lowest_7d_minor,
        (Claim::Stock, Figure::Count(n)) => near(n.into(), known.stock.into()),
        (Claim::Countdown, Figure::Minutes(n)) => known.minutes_left > 0 && near(n.into(), known.minutes_left.into()),
        (Claim::Sold, Figure::Count(n)) => near(n.into(), known.sold.into()),
        (Claim::Viewers, Figure::Count(n)) => near(n.into(), known.viewers.into()),
        (Claim::Good, Figure::Percent(n)) => near(n.into(), known.good_percent.into()),
        (Claim::Repurchase, Figure::Percent(n)) => near(n.into(), known.repurchase_percent.into()),
        (Claim::Share, Figure::Percent(n)) => said.word == known.material && near(n.into(), known.material_percent.into()),
        (Claim::Material, _) => said.word == known.material,
        (Claim::Origin, _) => said.word == known.origin,
        (Claim::Certificate, _) => said.word == known.certificate,
        (Claim::Efficacy, _) => said.word == known.efficacy,
        (Claim::Warranty, Figure::Months(n)) => n == known.warranty_months,
        (Claim::Return, _) => known.no_reason_return,
        _ => false,
    }
}

#[test]
fn true_claims_agree_with_what_is_known_and_false_ones_do_not() {
    let mut random = Random::new(9);
    let (mut made, mut claims_made) = (0, BTreeSet::new());
    for i in 0..60_000 {
        let (known, lie) = (&items()[i / 2 % 6], i % 2 == 0);
        let claim = Claim::any(&mut random);
        if let Some(said) = claim.said(known, lie, &mut random) {
            assert_eq!(agrees(claim, said, known), !lie, "{claim:?} {said:?}");
            made += 1;
            claims_made.insert((claim.code(known.category), lie));
        }
    }
    assert!(made > 40_000, "{made}");
    assert_eq!(claims_made.len(), 18, "{claims_made:?}");
}

#[test]
fn one_seed_gives_one_text() {
    for known in &items() {
        let all = |seed| {
            let mut r = Random::new(seed);
            let spoken = speak(known, seed % 2 == 0, seed % 3 == 0, &mut r);
            (spoken, comment(known, &mut r), review(known, 4, &mut r), complaint(known, "late", &mut r))
        };
        for seed in 0..50 {
            assert_eq!(all(seed), all(seed));
        }
    }
}

#[test]
fn comments_reviews_and_complaints_vary() {
    let mut r = Random::new(3);
    let comments: BTreeSet<String> = (0..4_000).map(|_| comment(&HONEY, &mut r)).collect();
    assert!(comments.len() > 500, "{}", comments.len());
    for wrong in ["quality", "counterfeit", "late", "damaged", "mismatch", "missing", "spoiled", "allergy", "no_reason"] {
        let texts: BTreeSet<String> = (0..500).map(|_| complaint(&HONEY, wrong, &mut r)).collect();
        assert!(texts.len() > 60, "{wrong} {}", texts.len());
    }
    for stars in 1..=5 {
        let texts: BTreeSet<String> = (0..500).map(|_| review(&HONEY, stars, &mut r)).collect();
        assert!(texts.len() > 60, "{stars} {}", texts.len());
    }
}

#[test]
fn nothing_known_and_too_much_known_still_make_sentences() {
    let nothing = Known {
        category: "",
        noun: "",
        material: "",
        material_percent: 0,
        origin: "",
        certificate: "",
        price_minor: 0,
        list_price_minor: 0,
        lowest_7d_minor: 0,
        highest_30d_minor: 0,
        stock: 0,
        sold: 0,
        viewers: 0,
        minutes_left: 0,
        repurchase_percent: 0,
        good_percent: 0,
        ..HONEY
    };
    let much = Known {
        noun: "新品",
        material_percent: u32::MAX,
        price_minor: 1 << 40,
        lowest_7d_minor: 1 << 41,
        highest_30d_minor: 1 << 42,
        stock: u32::MAX,
        sold: u32::MAX,
        viewers: u32::MAX,
        minutes_left: u32::MAX,
        warranty_months: u32::MAX,
        good_percent: u32::MAX,
        ..HONEY
    };
    let mut r = Random::new(2);
    for i in 0..20_000 {
        let lie = i % 2 == 0;
        for known in [&nothing, &much] {
            let spoken = speak(known, lie, i % 3 == 0, &mut r);
            assert_eq!(spoken.codes.is_empty(), !lie);
            assert!(spoken.text.chars().count() >= 8);
        }
    }
}
