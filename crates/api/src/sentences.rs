//! The words of reasons in both languages: what a code is called, and what the sentence of a fact says.
//!
//! A decided fact carries a code and a sentence with its figures, and never changes; `sentences.toml` reads
//! it. Words that people wrote (a reviewer's statement) are in no table and stay as they were written.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// The table.
const TABLE: &str = include_str!("sentences.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    any: Vec<Sentence>,
    code: BTreeMap<String, CodeWords>,
    lists: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeWords {
    en: String,
    joined: Option<Joined>,
    #[serde(default)]
    said: Vec<Sentence>,
    zh: String,
}

/// Sentences that stand side by side in one text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Joined {
    fact: String,
    zh: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    en: Option<String>,
    fact: String,
    zh: String,
}

/// What a code is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Title {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

/// What a sentence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

fn table() -> &'static Table {
    static READ: OnceLock<Table> = OnceLock::new();
    READ.get_or_init(|| toml::from_str(TABLE).expect("sentences.toml is tested"))
}

/// What a code is called; `None` for one that the table does not know.
pub fn title(code: &str) -> Option<Title> {
    table().code.get(code).map(|c| Title { en: &c.en, zh: &c.zh })
}

/// What the text of a fact's reason says in both languages; `None` where it is a person's own words.
pub fn told(code: &str, text: &str) -> Option<Told> {
    let table = table();
    let (said, joined) = table.code.get(code).map_or((&[][..], None), |c| (c.said.as_slice(), c.joined.as_ref()));
    let sentences = || said.iter().chain(&table.any);
    let Some(joined) = joined else { return sentences().find_map(|s| s.read(text)) };
    let parts: Option<Vec<Told>> = text.split(joined.fact.as_str()).map(|part| sentences().find_map(|s| s.read(part))).collect();
    let parts = parts?;
    let all = |of: fn(&Told) -> &str, between: &str| parts.iter().map(of).collect::<Vec<_>>().join(between);
    Some(Told { en: all(|p| &p.en, &joined.fact), zh: all(|p| &p.zh, &joined.zh) })
}

/// What stands at a place: the word itself, and in Chinese.
type Found<'t> = (&'t str, &'t str, &'t str);

impl Sentence {
    /// What a text says, if it is this sentence.
    fn read(&self, text: &str) -> Option<Told> {
        let mut found = Vec::new();
        fits(&self.fact, text, &mut found).then(|| Told {
            en: self.en.as_ref().map_or_else(|| text.to_owned(), |en| filled(en, &found, |f| f.1)),
            zh: filled(&self.zh, &found, |f| f.2),
        })
    }
}

/// Fits a pattern to a text from left to right; every place takes as little as the rest allows.
fn fits<'t>(pattern: &'t str, text: &'t str, found: &mut Vec<Found<'t>>) -> bool {
    let Some((before, rest)) = pattern.split_once('{') else { return pattern == text };
    let (place, after) = rest.split_once('}').expect("places are closed; the table is tested");
    let (name, list) = place.split_once(':').map_or((place, None), |(n, l)| (n, table().lists.get(l)));
    let Some(text) = text.strip_prefix(before) else { return false };
    let ends = text.char_indices().map(|(i, c)| i + c.len_utf8());
    for end in ends {
        let (word, left) = text.split_at(end);
        let zh = match list {
            Some(list) => list.get(word).map(String::as_str),
            None => Some(word),
        };
        let Some(zh) = zh else { continue };
        found.push((name, word, zh));
        if fits(after, left, found) {
            return true;
        }
        found.pop();
    }
    false
}

/// A sentence with its places filled.
fn filled<'t>(pattern: &str, found: &[Found<'t>], of: fn(&Found<'t>) -> &'t str) -> String {
    let mut out = pattern.to_owned();
    for word in found {
        out = out.replace(&format!("{{{}}}", word.0), of(word));
    }
    out
}

#[cfg(test)]
mod tests {
    use laotie_conduct::{Breach, Past, Schedule, Severity, decide_on};
    use laotie_engine::Rehearsal;
    use laotie_engine::shipped_rules;
    use laotie_engine::story::read_stories;
    use laotie_facts::{MarketZone, Timestamp};
    use serde_json::Value;

    use super::{table, title, told};

    fn zh(code: &str, text: &str) -> String {
        told(code, text).map_or_else(|| "–".to_owned(), |t| t.zh)
    }

    #[test]
    fn a_sentence_is_told_with_its_figures() {
        assert_eq!(zh("merchant_refused", "the merchant refused: used_goods"), "商家拒绝：used_goods");
        assert_eq!(zh("false_claim", "serious, step 2 of 4 of its range"), "情节严重，取幅度内第 2 档（共 4 档）");
        assert_eq!(zh("damage_caused", "damage of 5000.00 CNY: +1 steps"), "造成损失 5000.00 CNY：+1 档");
        assert_eq!(
            zh("formula", "9 x what was paid for the line, at least 50000 and 5.00 % of what was paid for the order, without freight"),
            "该行实付金额 × 9，最低 50000（最小货币单位），另加 订单实付金额（不含运费） 的 5.00%"
        );
        let back = told("too_many_claims", "7 claims in 90 days, 5 at most; 期满恢复 / it ends by itself").expect("told");
        assert_eq!(
            (back.zh.as_str(), back.en.as_str()),
            ("90 天内维权 7 次，上限 5 次；期满恢复", "7 claims in 90 days, 5 at most; it ends by itself")
        );
    }

    #[test]
    fn what_a_person_wrote_stays_as_it_is() {
        assert_eq!(told("reviewer_upheld", "the laboratory found a counterfeit"), None);
        assert_eq!(told("a_code_of_tomorrow", "whatever it says"), None);
        assert_eq!(title("a_code_of_tomorrow"), None);
    }

    #[test]
    fn every_sentence_of_the_table_reads_itself_and_fills_all_places() {
        let table = table();
        let of = |(code, words): (&String, &'static super::CodeWords)| words.said.iter().map(|s| (code.clone(), s)).collect::<Vec<_>>();
        for (code, sentence) in table.code.iter().flat_map(of).chain(table.any.iter().map(|s| ("x".to_owned(), s))) {
            let mut text = sentence.fact.clone();
            for (list, words) in &table.lists {
                let word = words.keys().next().expect("a list has words");
                let start = text.find(&format!(":{list}}}"));
                if let Some(open) = start.and_then(|end| text[..end].rfind('{')) {
                    let close = open + text[open..].find('}').expect("closed") + 1;
                    text.replace_range(open..close, word);
                }
            }
            let text = text.replace('{', "‹").replace('}', "›");
            let read = told(&code, &text).unwrap_or_else(|| panic!("`{text}` is not read under {code}"));
            assert!(!read.zh.contains('{') && !read.en.contains('{'), "{code}: {read:?}");
        }
    }

    /// Penalties of every code, severity and past that the shipped schedules know.
    #[test]
    fn every_reason_of_a_shipped_penalty_is_told_in_both_languages() {
        let mut seen = 0;
        let rules = published();
        let market = Rehearsal::new(&rules);
        for (_, document) in market.book().family_at("penalties", Timestamp::from_micros(1_900_000_000_000_000).expect("a time")) {
            let schedule = document.read::<Schedule>().expect("shipped schedules are valid");
            for code in schedule.code.iter().map(|c| c.code.as_str()) {
                for severity in [None, Some(Severity::Light), Some(Severity::Serious), Some(Severity::VerySerious)] {
                    for (n, flag) in (0..4).flat_map(|n| [(n, false), (n, true)]) {
                        let breach = Breach {
                            code: code.to_owned(),
                            corrected: flag,
                            damage_minor: n * 5_000_000,
                            self_reported: flag,
                            severity,
                            shared: flag,
                            warned_partner: flag,
                        };
                        let past = Past { earlier: (0..n).collect(), general_points: n * 40, ..Past::default() };
                        if severity.is_none() && schedule.code(code).is_some_and(|c| c.occasion.is_empty()) {
                            continue;
                        }
                        for reason in decide_on(&schedule, &breach, &past).into_iter().flat_map(|d| d.reasons) {
                            let (code, text) = (reason.code.as_str(), reason.text.as_ref().expect("says why").as_str());
                            assert!(title(code).is_some() && told(code, text).is_some(), "{code}: {text}");
                            seen += 1;
                        }
                    }
                }
            }
        }
        assert!(seen > 1_000, "{seen} reasons were told");
    }

    fn published() -> Vec<laotie_facts::body::RulePublished> {
        shipped_rules().iter().map(|r| r.published().expect("shipped rules are valid")).collect()
    }

    /// What the stories decide is told as well, but for the words of their reviewers.
    #[tokio::test]
    async fn every_reason_of_the_stories_is_told_in_both_languages() {
        let zone = MarketZone::new("Asia/Shanghai").expect("a known zone");
        let (rules, mut seen) = (published(), 0);
        let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rulebook/cases");
        for file in std::fs::read_dir(folder).expect("rulebook/cases") {
            let text = std::fs::read_to_string(file.expect("readable").path()).expect("readable");
            for story in read_stories(&text).expect("stories are valid") {
                let (market, _) = story.tell(&rules, &zone).await;
                let statements: Vec<String> = market.rows().iter().filter(|r| r.kind == "case.reviewed").map(|r| r.body.clone()).collect();
                for row in market.rows() {
                    let body: Value = serde_json::from_str(&row.body).expect("rows hold JSON");
                    for reason in body["reasons"].as_array().into_iter().flatten() {
                        let code = reason["code"].as_str().expect("a code");
                        assert!(title(code).is_some(), "{}: no title for {code}", story.name);
                        let Some(text) = reason["text"].as_str() else { continue };
                        let own_words = statements.iter().any(|s| s.contains(text));
                        assert!(own_words || told(code, text).is_some(), "{}: {code}: {text}", story.name);
                        seen += 1;
                    }
                }
            }
        }
        assert!(seen > 500, "{seen} reasons were told");
    }
}
