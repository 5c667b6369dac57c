//! What is heard in a show: nudges, corrections by voice, and what goes to the reviewers.

use laotie_engine::{Outcome, Rehearsal, shipped_rules};
use laotie_facts::body::{NudgeLevel, NudgeResponse, RulePublished};
use laotie_facts::{Body, Fact, Incoming, Timestamp};
use serde_json::{Value, json};

const SECOND: i64 = 1_000_000;

fn start() -> Timestamp {
    Timestamp::parse("2026-06-10T12:00:00Z").expect("a time")
}

/// A show of one streamer that sells a pear syrup (ordinary food, 2,400 in stock, 99 yuan) and a towel.
struct Show {
    market: Rehearsal,
    n: u32,
    now: Timestamp,
    read: usize,
    /// How long after it happened a fact is heard of.
    lag: i64,
}

impl Show {
    async fn open() -> Show {
        let rules: Vec<RulePublished> = shipped_rules().iter().map(|r| r.published().expect("shipped")).collect();
        let mut show = Show { market: Rehearsal::new(&rules), n: 0, now: start(), read: 0, lag: 0 };
        let facts = json!({ "name": "秋月牌梨膏", "category": "滋补膏方", "approval": "ordinary_food", "origin": "安徽砀山", "certificates": [], "patents": [] });
        show.say("item.listed", json!({ "item": "i-1", "shop": "s-1", "facts": facts })).await;
        let towel = json!({ "name": "青山竹纤维毛巾", "category": "毛巾", "approval": "none", "materials": [{ "name": "棉", "share_ppm": 700_000 }, { "name": "竹纤维", "share_ppm": 300_000 }] });
        show.say("item.listed", json!({ "item": "i-2", "shop": "s-1", "facts": towel })).await;
        show.say("price.set", json!({ "item": "i-1", "currency": "CNY", "price_minor": 9900, "list_price_minor": 12900 })).await;
        show.say("stock.set", json!({ "item": "i-1", "available": 2400 })).await;
        show.say("show.opened", json!({ "show": "t-9/1", "room": "t-9", "streamer": "t-9", "shops": ["s-1"] })).await;
        show.say("item.shown", json!({ "show": "t-9/1", "item": "i-2", "position": 2 })).await;
        show.say("item.shown", json!({ "show": "t-9/1", "item": "i-1", "position": 1 })).await;
        show.decided();
        show
    }

    async fn say(&mut self, kind: &str, body: Value) -> Outcome {
        self.n += 1;
        let line = json!({ "source": "live", "key": format!("f-{}", self.n), "kind": kind, "at": self.now.to_string(), "body": body });
        let fact = Incoming::parse(&line.to_string()).unwrap_or_else(|e| panic!("{e}: {line}"));
        self.market.take(&fact, self.now.plus_micros(self.lag * SECOND)).await.expect("no store, no error")
    }

    /// A sentence so many seconds after the last.
    async fn hear(&mut self, after: i64, text: &str) -> Vec<Fact> {
        let utterance = format!("u-{}", self.n + 1);
        self.hear_as(after, json!({ "utterance": utterance, "text": text })).await
    }

    async fn hear_as(&mut self, after: i64, mut body: Value) -> Vec<Fact> {
        self.now = self.now.plus_micros(after * SECOND);
        body["show"] = json!("t-9/1");
        let outcome = self.say("utterance.heard", body).await;
        assert!(matches!(outcome, Outcome::Recorded { .. }), "{outcome:?}");
        self.decided()
    }

    /// What was decided since it was last asked.
    fn decided(&mut self) -> Vec<Fact> {
        let rows = self.market.rows();
        let new = rows[self.read..].iter().filter(|r| r.source == "laotie").map(|r| r.fact().expect("a row of ours")).collect();
        self.read = rows.len();
        new
    }

    async fn wait(&mut self, seconds: i64) -> Vec<Fact> {
        self.now = self.now.plus_micros(seconds * SECOND);
        self.market.pass(self.now).await.expect("passes");
        self.decided()
    }
}

fn nudges(facts: &[Fact]) -> Vec<(&str, NudgeLevel, &str)> {
    let one = |f: &'_ Fact| match &f.body {
        Body::NudgeSent(b) => Some(b.clone()),
        _ => None,
    };
    facts
        .iter()
        .filter_map(|f| match &f.body {
            Body::NudgeSent(b) => {
                assert!(one(f).is_some_and(|b| b.safe_wording.is_some_and(|w| w.as_str().chars().count() <= 20)), "{b:?}");
                Some((b.code.as_str(), b.level, b.said.as_ref().map_or("", |s| s.as_str())))
            }
            _ => None,
        })
        .collect()
}

fn heeded(facts: &[Fact]) -> Vec<NudgeResponse> {
    facts
        .iter()
        .filter_map(|f| match &f.body {
            Body::NudgeHeeded(b) => Some(b.response),
            _ => None,
        })
        .collect()
}

fn reports(facts: &[Fact]) -> Vec<(&str, bool)> {
    facts
        .iter()
        .filter_map(|f| match &f.body {
            Body::ReportFiled(b) => Some((b.code.as_str(), b.corrected)),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_false_claim_is_nudged_once_and_taken_back_by_voice() {
    let mut show = Show::open().await;
    let said = show.hear(5, "这罐梨膏天天喝，支气管炎都能治好").await;
    assert_eq!(nudges(&said).iter().map(|n| (n.0, n.1)).collect::<Vec<_>>(), [("FOODMED", NudgeLevel::Red)]);
    assert!(nudges(&show.hear(20, "真的，支气管炎都能治好").await).is_empty(), "the same is not told again within minutes");
    let back = show.hear(10, "刚才那句说错了，这就是普通食品，治不了支气管炎").await;
    assert_eq!(heeded(&back), [NudgeResponse::Corrected]);
    assert_eq!(reports(&back), [("false_claim", true)], "a grave claim is looked at all the same, the correction credited");
    assert!(reports(&show.wait(400).await).is_empty(), "and once");
    let again = show.hear(5, "反正支气管炎都能治好").await;
    assert_eq!(nudges(&again).len(), 1, "after a correction it is a new claim: {again:?}");
}

#[tokio::test]
async fn a_figure_is_held_against_what_is_on_file_at_that_moment() {
    let mut show = Show::open().await;
    let said = show.hear(5, "库存就剩最后三百单了，抢完就没了").await;
    assert_eq!(nudges(&said).iter().map(|n| n.0).collect::<Vec<_>>(), ["SCAR"]);
    let fact = said.iter().find_map(|f| match &f.body {
        Body::NudgeSent(b) => b.fact.clone(),
        _ => None,
    });
    assert_eq!(fact.expect("the fact it used").as_str(), "stock=2400");
    let paid = json!({ "order": "o-1", "shop": "s-1", "currency": "CNY", "paid_minor": 20_790_000, "show": "t-9/1", "streamer": "t-9",
        "lines": [{ "line": "1", "item": "i-1", "qty": 2100, "unit_price_minor": 9900, "total_minor": 20_790_000 }] });
    show.say("order.paid", paid).await;
    show.decided();
    let now_true = show.hear(30, "库存就剩最后三百单了").await;
    assert!(nudges(&now_true).is_empty(), "2,100 of 2,400 were sold meanwhile: {now_true:?}");
    assert_eq!(heeded(&now_true), [NudgeResponse::Corrected], "and what is true now takes back what was false");
}

#[tokio::test]
async fn the_item_that_is_meant_is_named_by_its_place() {
    let mut show = Show::open().await;
    let said = show.hear(5, "二号链接这个毛巾是百分百纯棉的").await;
    let checked = said.iter().find_map(|f| match &f.body {
        Body::UtteranceChecked(b) => Some(b.clone()),
        _ => None,
    });
    assert_eq!(checked.expect("a finding").item.expect("an item").as_str(), "i-2");
    assert_eq!(nudges(&said).iter().map(|n| n.0).collect::<Vec<_>>(), ["MATERIAL"]);
}

#[tokio::test]
async fn what_is_not_taken_back_goes_to_the_reviewers_and_weighs_as_it_was_heard() {
    let mut show = Show::open().await;
    let said = show.hear(5, "这罐梨膏天天喝，支气管炎都能治好").await;
    let nudge = said.iter().find_map(|f| match &f.body {
        Body::NudgeSent(b) => Some(b.nudge.to_string()),
        _ => None,
    });
    assert!(reports(&show.wait(299).await).is_empty());
    let due = show.wait(2).await;
    assert_eq!(reports(&due), [("false_claim", false)]);
    let case = due.iter().find_map(|f| match &f.body {
        Body::ReportFiled(b) => Some(b.report.to_string()),
        _ => None,
    });
    let review = json!({ "case": case, "outcome": "uphold", "reviewer": "r-1", "findings": ["serious"] });
    show.say("case.reviewed", review).await;
    let found = show.decided();
    let violation = found.iter().find_map(|f| match &f.body {
        Body::ViolationFound(b) => Some(b.clone()),
        _ => None,
    });
    let violation = violation.expect("a violation");
    assert_eq!((violation.party.as_str(), violation.corrected), ("t-9", false));
    assert_eq!(violation.nudge.map(|n| n.to_string()), nudge);
}

#[tokio::test]
async fn a_sentence_heard_otherwise_takes_its_nudge_back() {
    let mut show = Show::open().await;
    let early = show.hear_as(5, json!({ "utterance": "u-a", "text": "这罐梨膏支气管炎都能治好", "interim": true })).await;
    assert_eq!(nudges(&early).len(), 1, "{early:?}");
    let same = show
        .hear_as(1, json!({ "utterance": "u-a", "text": "这罐梨膏支气管炎都能治好的话我就成神仙了，不能治的啊", "interim": false }))
        .await;
    assert!(nudges(&same).is_empty());
    assert_eq!(heeded(&same), [NudgeResponse::Withdrawn], "{same:?}");
    let repeated = show.hear_as(1, json!({ "utterance": "u-a", "text": "这罐梨膏支气管炎都能治好", "interim": true })).await;
    assert!(repeated.is_empty(), "a late interim of a sentence that is over says nothing: {repeated:?}");
}

#[tokio::test]
async fn a_show_nobody_opened_and_an_item_nobody_listed_are_read_by_their_words() {
    let mut show = Show::open().await;
    let body = json!({ "show": "nowhere/1", "utterance": "x-1", "item": "i-none", "text": "喝了它高血压就好了，药都能停" });
    show.say("utterance.heard", body).await;
    assert!(nudges(&show.decided()).iter().any(|n| n.0.ends_with("MED")));
    let old = json!({ "show": "t-9/1", "utterance": "x-2", "text": "喝了它高血压就好了，药都能停" });
    show.hear(600, "今天给大家带来的是梨膏").await;
    let late = json!({ "source": "live", "key": "late", "kind": "utterance.heard", "at": start().to_string(), "body": old });
    let now = show.now;
    show.market.take(&Incoming::parse(&late.to_string()).expect("valid"), now).await.expect("taken");
    let decided = show.decided();
    assert!(nudges(&decided).is_empty(), "too late to be told: {decided:?}");
    assert!(decided.iter().any(|f| matches!(f.body, Body::UtteranceChecked(_))), "and kept for the case file");
}

#[tokio::test]
async fn a_pack_that_does_not_fit_is_refused_with_its_line_and_the_old_one_stays() {
    let mut show = Show::open().await;
    let text = "id = \"t\"\nversion = \"2026-12-01.1\"\neffective_from = \"2026-12-01T00:00:00Z\"\nsource = \"test\"\nname = { zh = \"试\", en = \"test\" }\n[[frame]]\nid = \"f\"\ncode = \"ABS\"\nsay = [\"@nobody\"]\n";
    let body = json!({ "family": "speech", "name": "own", "version": "speech/own@2026-12-01.1", "effective_from": "2026-12-01T00:00:00Z", "text": text, "proposer": "e-1" });
    let key = json!({ "source": "console", "key": "p-1", "kind": "rule.proposed", "at": show.now.to_string(), "body": body });
    let parsed = laotie_facts::Body::parse(laotie_facts::Kind::RuleProposed, &key["body"].to_string()).expect("a body");
    let source = laotie_facts::SourceId::new("console").expect("a source");
    let fact = Incoming::new(source, laotie_facts::FactKey::new("p-1").expect("a key"), show.now, None, parsed);
    let now = show.now;
    match show.market.take(&fact, now).await.expect("answers") {
        Outcome::Refused { reason, .. } => assert!(reason.contains("line 9") && reason.contains("nobody"), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(nudges(&show.hear(5, "加我微信便宜卖你").await).len(), 1);
}

#[tokio::test]
async fn claims_without_a_record_are_gathered_and_told_at_once() {
    let mut show = Show::open().await;
    let first = show.hear(5, "我们这个梨膏平时原价三百九十九").await;
    assert!(first.iter().any(|f| matches!(&f.body, Body::UtteranceChecked(b) if b.gather_until.is_some())), "{first:?}");
    assert!(nudges(&first).is_empty());
    let second = show.hear(20, "二号链接的毛巾是新疆产的").await;
    assert!(nudges(&second).iter().all(|n| n.1 != NudgeLevel::Green));
    let told = show.wait(60).await;
    assert_eq!(nudges(&told).iter().map(|n| n.1).collect::<Vec<_>>(), [NudgeLevel::Green], "{told:?}");
    assert!(show.wait(400).await.iter().all(|f| !matches!(f.body, Body::ReportFiled(_))), "what asks for proof goes to no reviewer");
}

#[tokio::test]
async fn a_show_that_is_told_a_month_late_ends_as_it_would_have_then() {
    let mut show = Show::open().await;
    show.lag = 30 * 86_400;
    let said = show.hear(5, "这罐梨膏天天喝，支气管炎都能治好").await;
    assert_eq!(nudges(&said).len(), 1);
    let back = show.hear(30, "刚才那句说错了，治不了支气管炎").await;
    assert_eq!(heeded(&back), [NudgeResponse::Corrected], "the clock is a month ahead, and the words came in time");
    show.hear(10, "我们这个梨膏平时原价三百九十九").await;
    let told = show.hear(61, "大家好").await;
    assert_eq!(nudges(&told).iter().map(|n| n.1).collect::<Vec<_>>(), [NudgeLevel::Green], "the show's own minute is over");
    let again = show.hear(5, "反正支气管炎都能治好").await;
    assert_eq!(nudges(&again).len(), 1, "{again:?}");
    let over = show.hear(301, "再看下一个").await;
    assert_eq!(reports(&over), [("false_claim", false)], "and so is the time to take it back: {over:?}");
    assert!(reports(&show.wait(40 * 86_400).await).is_empty(), "once");
}
