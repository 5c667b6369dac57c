//! Small markets with and without a leak.

use laotie_facts::{Body, Kind, Timestamp};

use super::columns::Columns;
use super::features::Name;
use super::leakage::{Audit, Leak};
use super::pairs::exhaustive;
use super::sheet::Row;
use super::tree::{Split, Tree, greedy};
use super::verdict::{Halves, Verdict};
use crate::happening::{Happening, Sender};
use crate::random::Random;
use crate::truth::Truth;

/// Adds something to a planted or honest follow: its key, when it is, and whether the sentence beside it is marked.
type Leaking = fn(planted: bool, key: &mut String, micros: &mut i64, text: &mut String);

fn happening(key: &str, micros: i64, kind: Kind, body: &str) -> Happening {
    let at = Timestamp::from_micros(micros).expect("in range");
    Happening { at, sender: Sender::LiveRooms, key: key.to_owned(), by: None, body: Body::parse(kind, body).expect("well formed") }
}

/// A market of 300 viewers whose follows and 8 streamers whose sentences are noise but for the leak.
fn market(seed: u64, leaking: Leaking) -> (Vec<Happening>, Vec<Truth>) {
    let mut random = Random::new(seed);
    let (mut facts, mut truths) = (Vec::new(), Vec::new());
    let start = 1_767_571_200_000_000;
    for n in 0..300 {
        facts.push(happening(
            &format!("r{n}"),
            start + n * 1_000,
            Kind::PartyRegistered,
            &format!(r#"{{"party":"b{:05}","party_kind":"buyer","region":"广东"}}"#, n * 7),
        ));
    }
    let words = ["好看", "大家", "今天", "这款", "颜色", "手感", "真的", "下单"];
    for n in 0..4_000_i64 {
        let mut micros = start + 1_000_000_000 + n * 400_000_000 + random.whole(0, 300_000_000);
        let planted = random.chance(0.1);
        let mut key = format!("{:08x}", random.below(1 << 32));
        let mut text: String = (0..4).map(|_| *random.pick(&words)).collect();
        leaking(planted, &mut key, &mut micros, &mut text);
        let (buyer, streamer) = (random.below(300) * 7, random.below(8));
        let entry = if random.chance(0.5) { "recommend" } else { "search" };
        facts.push(happening(
            &key,
            micros,
            Kind::FollowMade,
            &format!(r#"{{"entry":"{entry}","follower":"b{buyer:05}","streamer":"s{streamer}"}}"#),
        ));
        facts.push(happening(
            &format!("u{n}"),
            micros,
            Kind::UtteranceHeard,
            &format!(r#"{{"show":"w{streamer}","streamer":"s{streamer}","text":"{text}","utterance":"u{n}"}}"#),
        ));
        if planted {
            truths.push(Truth::Bought {
                key,
                kind: "follow.made".to_owned(),
                product: "follower".to_owned(),
                seller: "x".to_owned(),
                client: "s1".to_owned(),
                price_micros: 1,
                camouflage: false,
            });
            truths.push(Truth::Utterance {
                utterance: format!("u{n}"),
                is_false: true,
                on_file: false,
                codes: Vec::new(),
                span: None,
                evasion: None,
                look_alike: false,
            });
        }
    }
    facts.sort_by_key(|fact| fact.at);
    (facts, truths)
}

fn audited(seed: u64, leaking: Leaking) -> Vec<Leak> {
    let (facts, truths) = market(seed, leaking);
    let mut audit = Audit::new(seed, 2_000, facts[0].at, 480);
    for fact in &facts {
        audit.learn(fact);
    }
    for truth in &truths {
        audit.learn_truth(truth);
    }
    for fact in &facts {
        audit.look(fact);
    }
    audit.finish().0
}

fn verdict(leaks: &[Leak], thing: &str) -> Verdict {
    let leak = leaks.iter().find(|leak| leak.thing == thing);
    leak.and_then(|leak| leak.verdict.clone()).unwrap_or_else(|| panic!("{thing} was not judged"))
}

const FOLLOWS: &str = "bought follower (follow.made)";

#[test]
fn noise_stays_noise() {
    let leaks = audited(1, |_, _, _, _| ());
    for thing in [FOLLOWS, "false sentences"] {
        let verdict = verdict(&leaks, thing);
        for found in [&verdict.own, &verdict.all] {
            assert!((0.4..0.6).contains(&found.field_auc), "{found:?}");
            assert!((0.4..0.6).contains(&found.tree_auc), "{found:?}");
        }
    }
    assert_eq!(verdict(&leaks, FOLLOWS).halves, Halves::Subjects);
}

#[test]
fn an_ending_of_a_key_is_found_and_named() {
    let verdict = verdict(
        &audited(2, |planted, key, _, _| {
            if planted {
                key.pop();
                key.push('z');
            }
        }),
        FOLLOWS,
    );
    for found in [&verdict.own, &verdict.all] {
        assert!(found.field_auc > 0.99 && found.tree_auc > 0.99, "{found:?}");
        assert!(found.field.contains("`key: character 1 from the end` larger when planted"), "{}", found.field);
    }
}

#[test]
fn a_constant_minute_is_found_by_a_tree() {
    let verdict = verdict(
        &audited(3, |planted, _, micros, _| {
            if planted {
                *micros = *micros / 3_600_000_000 * 3_600_000_000 + 1_820_000_000;
            }
        }),
        FOLLOWS,
    );
    for found in [&verdict.own, &verdict.all] {
        assert!(found.tree_auc > 0.95, "{found:?}");
        assert!(["`minute`", "microsecond", "`second`"].iter().any(|name| found.tree.contains(name)), "{}", found.tree);
    }
}

#[test]
fn a_word_is_found_and_named() {
    let verdict = verdict(
        &audited(4, |planted, _, _, text| {
            if planted {
                text.insert(6, '最');
            }
        }),
        "false sentences",
    );
    for found in [&verdict.own, &verdict.all] {
        assert!(found.field_auc > 0.99, "{found:?}");
        assert!(found.field.contains('最') || found.field.contains("characters"), "{}", found.field);
        assert!(found.fields.iter().any(|(name, _)| name.contains('最')), "{:?}", found.fields);
    }
}

#[test]
fn too_few_are_not_judged() {
    let leaks = audited(5, |_, _, _, _| ());
    assert!(leaks.iter().all(|leak| leak.verdict.is_some() == (leak.planted >= 30)));
}

/// Rows of noise, and two features that tell all together and nothing alone.
fn exclusive_or() -> Columns {
    let mut random = Random::new(9);
    let names: Vec<Name> = (0..20).map(|n| Name::Own(format!("f{n}"))).collect();
    let (mut honest, mut planted) = (Vec::new(), Vec::new());
    for n in 0..2_000_u64 {
        let values: Vec<f32> = (0..20).map(|_| f32::from(u8::try_from(random.below(200)).unwrap_or(0))).collect();
        let row = Row {
            numbers: (0..20_u16).zip(values.iter().copied()).collect(),
            subjects: [n.wrapping_mul(0x9e37_79b9), 0].map(|s| if s == 0 { n.wrapping_mul(0x9e37_79b9) } else { s }),
            ..Row::default()
        };
        let odd = (values[4] > 99.5) != (values[13] > 99.5);
        if odd { planted.push(row) } else { honest.push(row) }
    }
    Columns::of(&names, &honest, &planted)
}

#[test]
fn an_exclusive_or_is_found_by_the_search_over_pairs() {
    let columns = exclusive_or();
    let orders: Vec<Vec<usize>> = (0..20).map(|column| columns.order(column)).collect();
    let area = |tree: &Tree| {
        let scores: Vec<f64> = columns.judge.iter().map(|row| tree.score(&columns, *row)).collect();
        super::auc(&scores, &columns.judge.iter().map(|row| columns.planted[*row]).collect::<Vec<_>>())
    };
    let ranked: Vec<usize> = (0..20).rev().collect();
    let tree = exhaustive(&columns, &orders, &ranked).expect("there is a tree");
    assert!(area(&tree) > 0.93, "{} {}", area(&tree), tree.words(&columns));
    let words = tree.words(&columns);
    assert!(words.contains("`f4`") && words.contains("`f13`"), "{words}");
    let all: Vec<usize> = (0..20).collect();
    let blind = greedy(&columns, &orders, &all).expect("there is a tree");
    assert!(area(&blind) < area(&tree), "{}", blind.words(&columns));
}

/// Six random features and a label that depends on four of them.
fn mixed(seed: u64) -> Columns {
    let mut random = Random::new(seed);
    let at = |n: u64| usize::try_from((seed + n) % 6).unwrap_or(0);
    let (mut honest, mut planted) = (Vec::new(), Vec::new());
    for _ in 0..1_000 {
        let x: Vec<u16> = (0..6).map(|_| u16::try_from(random.below(400)).unwrap_or(0)).collect();
        let other = if x[at(4)] > 200 { x[at(2)] } else { x[at(1)] };
        let mark = u64::from(x[at(0)] + other) + random.below(100);
        let row = Row { numbers: (0..6).zip(x.iter().map(|x| f32::from(*x))).collect(), ..Row::default() };
        if mark > 430 { planted.push(row) } else { honest.push(row) }
    }
    let mut columns = Columns::of(&["0", "1", "2", "3", "4", "5"].map(|name| Name::Own(name.to_owned())), &honest, &planted);
    columns.fit = (0..1_000).collect();
    columns
}

/// Trees and areas as scikit-learn 1.9.1 gives them for the same rows, `DecisionTreeClassifier(max_depth=2)`: feature
/// and threshold of the root, of the question below it, of the one above it.
const BY_SCIKIT_LEARN: [(u64, &str, f64); 6] = [
    (20, "2 201.5 | 3 237.0 | 4 163.0", 0.844_454),
    (21, "3 204.5 | 4 260.5 | 5 76.5", 0.833_013),
    (22, "4 213.5 | 0 274.0 | 0 83.0", 0.820_589),
    (23, "5 215.5 | 1 257.5 | 1 114.5", 0.846_969),
    (24, "0 143.5 | 1 299.5 | 2 146.5", 0.833_835),
    (25, "1 199.5 | 2 266.5 | 3 96.0", 0.835_507),
];

#[test]
fn the_greedy_tree_is_the_one_that_scikit_learn_finds() {
    for (seed, questions, area) in BY_SCIKIT_LEARN {
        let columns = mixed(seed);
        let orders: Vec<Vec<usize>> = (0..6).map(|column| columns.order(column)).collect();
        let all: Vec<usize> = (0..6).collect();
        let tree = greedy(&columns, &orders, &all).expect("there is a tree");
        let words = |split: Option<Split>| split.map_or("-".to_owned(), |s| format!("{} {:.1}", s.column, s.threshold));
        let asked = [Some(tree.root), tree.children[0], tree.children[1]].map(words).join(" | ");
        assert_eq!(asked, questions, "seed {seed}");
        let scores: Vec<f64> = columns.fit.iter().map(|row| tree.score(&columns, *row)).collect();
        assert!((super::auc(&scores, &columns.planted) - area).abs() < 1e-6, "seed {seed}");
    }
}
