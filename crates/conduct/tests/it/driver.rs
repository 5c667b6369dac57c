//! A small engine: the same hops as the real one, with every state read anew for every fact, so that a fact
//! that touches more than it says is found out.

use std::collections::{BTreeMap, VecDeque};

use laotie_conduct::{AsOf, Conduct, Party, Penalty, Schedule, Standing, State, schedule_for, standing};
use laotie_facts::body::{PartyKind, PenaltyImposed, PenaltyLifted};
use laotie_facts::{
    Body, Calendar, Draft, Fact, FactKey, Judgement, Kind, Listing, RuleBook, RuleVersion, SourceId, States, System, Timestamp,
};
use serde_json::{Value, json};

pub(crate) const MERCHANT: &str = include_str!("../../../../rulebook/penalties/merchant.toml");
pub(crate) const CREATOR: &str = include_str!("../../../../rulebook/penalties/creator.toml");
pub(crate) const PROVIDER: &str = include_str!("../../../../rulebook/penalties/provider.toml");
pub(crate) const JURY: &str = include_str!("../../../../rulebook/jury/jury.toml");
const CALENDAR: &str = include_str!("../../../../rulebook/calendar/market.toml");

pub(crate) fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

/// Noon of a day, market time.
pub(crate) fn noon(day: &str) -> Timestamp {
    time(&format!("{day}T12:00:00+08:00"))
}

#[derive(Clone, Default)]
pub(crate) struct Market {
    pub(crate) book: RuleBook,
    pub(crate) facts: Vec<Fact>,
    store: BTreeMap<String, String>,
}

impl Market {
    /// A market with the shipped rules.
    pub(crate) fn open() -> Self {
        let mut market = Self::default();
        for (family, name, text) in [
            ("calendar", "market", CALENDAR),
            ("penalties", "merchant", MERCHANT),
            ("penalties", "creator", CREATOR),
            ("penalties", "provider", PROVIDER),
            ("jury", "jury", JURY),
        ] {
            market.publish(family, name, text);
        }
        market
    }

    pub(crate) fn publish(&mut self, family: &str, name: &str, text: &str) {
        let table: toml::Table = text.parse().expect("TOML");
        let said = |field: &str| table.get(field).and_then(|v| v.as_str()).expect("said in the document").to_owned();
        let body = json!({
            "effective_from": said("effective_from"), "family": family, "name": name, "text": text,
            "version": format!("{family}/{name}@{}", said("version")),
        });
        self.tell("2020-01-01T00:00:00Z", "rule.published", &body).expect("a rule");
    }

    /// Sends a fact; what was decided on it, or the refusal's code.
    pub(crate) fn tell(&mut self, at: &str, kind: &str, body: &Value) -> Result<Vec<Fact>, String> {
        self.take(time(at), kind, body, None)
    }

    /// Sends a fact at noon of a day.
    pub(crate) fn on(&mut self, day: &str, kind: &str, body: &Value) -> Result<Vec<Fact>, String> {
        self.take(noon(day), kind, body, None)
    }

    /// Voids a recorded fact.
    pub(crate) fn void(&mut self, day: &str, seq: i64) -> Result<Vec<Fact>, String> {
        let target = self.facts.iter().find(|f| f.seq == seq).cloned().expect("recorded");
        let body = json!({ "key": target.key.as_str(), "source": target.source.as_str(), "reason": "a mistake" });
        self.take(noon(day), "fact.voided", &body, Some(target))
    }

    fn take(&mut self, at: Timestamp, kind: &str, body: &Value, target: Option<Fact>) -> Result<Vec<Fact>, String> {
        let kind = Kind::from_name(kind).expect("a kind");
        let body = Body::parse(kind, &body.to_string()).unwrap_or_else(|e| panic!("{}: {e}", kind.name()));
        let fact = self.number(at, at, body, target, Vec::new(), "market");
        if kind.origin() == laotie_facts::Origin::Market
            && let Judgement::Refuse { code, reason } = Conduct::judge(&self.gather(&fact), &fact, &self.book)
        {
            assert!(reason.len() > 10, "{code} gives no reason");
            return Err(code.to_owned());
        }
        Ok(self.follow(fact))
    }

    /// Lets time pass: deadlines fall due, each one a fact.
    pub(crate) fn until(&mut self, time: Timestamp) -> Vec<Fact> {
        let mut all = Vec::new();
        loop {
            let states = self.store.iter().map(|(key, text)| (key.clone(), read(text)));
            let due =
                states.flat_map(|(key, state)| Conduct::deadlines(&key, &state).into_iter().map(move |d| (d.due, key.clone(), d.purpose)));
            let Some((due, key, purpose)) = due.filter(|(due, ..)| *due <= time).min() else { return all };
            let body = Body::parse(
                Kind::from_name("deadline.passed").expect("a kind"),
                &json!({ "due": due.to_string(), "key": key, "purpose": purpose, "system": Conduct::NAME }).to_string(),
            );
            let at = due.max(self.facts.last().map_or(due, |f| f.seen));
            let fact = self.number(due, at, body.expect("a deadline"), None, Vec::new(), "laotie");
            all.extend(self.follow(fact));
        }
    }

    fn number(&self, at: Timestamp, seen: Timestamp, body: Body, target: Option<Fact>, rules: Vec<RuleVersion>, source: &str) -> Fact {
        let seq = i64::try_from(self.facts.len()).expect("few facts") + 1;
        Fact {
            seq,
            seen,
            at,
            source: SourceId::new(source).expect("an id"),
            key: FactKey::new(format!("k{seq}")).expect("a key"),
            by: None,
            because: Vec::new(),
            rules,
            body,
            target: target.map(Box::new),
        }
    }

    fn gather(&self, fact: &Fact) -> States<State> {
        let mut states = States::default();
        loop {
            let keys = Conduct::touches(&states, fact);
            let missing: Vec<String> = keys.into_iter().filter(|k| !states.is_loaded(k)).collect();
            if missing.is_empty() {
                return states;
            }
            for key in missing {
                let state = self.store.get(&key).map(|text| read(text));
                states.load(key, state);
            }
        }
    }

    fn follow(&mut self, first: Fact) -> Vec<Fact> {
        let seen = first.seen;
        let mut all = Vec::new();
        let mut waiting: VecDeque<Result<Fact, Draft>> = VecDeque::from([Ok(first)]);
        while let Some(next) = waiting.pop_front() {
            let fact = match next {
                Ok(fact) => fact,
                Err(draft) => {
                    // What is decided must be what could be read back from the journal.
                    let body = Body::parse(draft.body.kind(), &draft.body.canonical()).expect("a body reads back");
                    self.number(draft.at, seen, body, None, draft.rules, "laotie")
                }
            };
            let mut states = self.gather(&fact);
            let drafts = Conduct::decide(&states, &fact, &self.book, fact.seen);
            assert!(drafts.iter().all(|d| d.because.iter().all(|s| *s <= fact.seq)), "a draft names causes to come");
            Conduct::evolve(&mut states, &fact);
            let touched = Conduct::touches(&self.gather(&fact), &fact);
            for (key, state) in states.changed() {
                assert!(touched.iter().any(|t| t == key), "{} changes `{key}` without touching it", fact.kind().name());
                let text = serde_json::to_string(state).expect("serialises");
                assert_eq!(&read(&text), state, "a state reads back");
                self.store.insert(key.to_owned(), text);
            }
            if let Body::RulePublished(rule) = &fact.body {
                let (family, name) = (rule.family.as_str(), rule.name.as_str());
                self.book.publish(family, name, rule.version.clone(), rule.effective_from, rule.text.as_str().to_owned()).expect("TOML");
            }
            self.facts.push(fact.clone());
            all.push(fact);
            for draft in drafts.into_iter().rev() {
                waiting.push_front(Err(draft));
            }
        }
        all
    }

    pub(crate) fn state(&self, key: &str) -> State {
        self.store.get(key).map(|text| read(text)).unwrap_or_default()
    }

    pub(crate) fn text(&self, key: &str) -> String {
        self.store.get(key).cloned().unwrap_or_default()
    }

    pub(crate) fn party(&self, kind: &str, id: &str) -> Party {
        self.state(&format!("party/{kind}/{id}")).party.unwrap_or_default()
    }

    pub(crate) fn penalty(&self, id: &str) -> Penalty {
        self.state(&format!("penalty/{id}")).penalty.expect("imposed")
    }

    /// How a party stands at a time.
    pub(crate) fn standing(&self, kind: PartyKind, id: &str, at: Timestamp) -> Standing {
        let (schedule, calendar) = self.law(kind, at);
        standing(&self.party(kind.as_str(), id), AsOf::now(at), &schedule, &calendar)
    }

    pub(crate) fn law(&self, kind: PartyKind, at: Timestamp) -> (std::sync::Arc<Schedule>, std::sync::Arc<Calendar>) {
        (schedule_for(&self.book, kind, at).expect("a schedule").1, Calendar::at(&self.book, at))
    }

    /// The rows of a view, sorted as they are paged.
    pub(crate) fn view(&self, view: &str, owner: &str) -> Vec<Listing> {
        let all = self.store.iter().flat_map(|(key, text)| Conduct::listings(key, &read(text)));
        let mut rows: Vec<Listing> = all.filter(|l| l.view == view && l.owner == owner).collect();
        rows.sort_by(|a, b| (&a.sort, &a.key).cmp(&(&b.sort, &b.key)));
        rows
    }

    /// Another system finds a violation.
    pub(crate) fn violation(&mut self, day: &str, party: &str, code: &str, severity: i64) -> PenaltyImposed {
        self.violation_with(day, party, code, severity, &json!({}))
    }

    /// Another system finds a violation that weighs in its own way.
    pub(crate) fn violation_with(&mut self, day: &str, party: &str, code: &str, severity: i64, more: &Value) -> PenaltyImposed {
        let (kind, id) = party.split_once('/').expect("KIND/ID");
        let n = self.facts.len();
        let mut body = json!({ "code": code, "party": id, "party_kind": kind, "severity": severity, "violation": format!("v{n}") });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let facts = self.on(day, "violation.found", &body).expect("never refused");
        imposed(&facts).into_iter().next().expect("a penalty")
    }
}

fn read(text: &str) -> State {
    serde_json::from_str(text).expect("a state reads back")
}

/// The penalties among facts.
pub(crate) fn imposed(facts: &[Fact]) -> Vec<PenaltyImposed> {
    let found = facts.iter().filter_map(|f| match &f.body {
        Body::PenaltyImposed(b) => Some(b.clone()),
        _ => None,
    });
    found.collect()
}

/// The liftings among facts.
pub(crate) fn lifted(facts: &[Fact]) -> Vec<PenaltyLifted> {
    let found = facts.iter().filter_map(|f| match &f.body {
        Body::PenaltyLifted(b) => Some(b.clone()),
        _ => None,
    });
    found.collect()
}

/// A penalty in words: actions with days counted from `day`, money in fen, points, ladder; then its reasons.
pub(crate) fn told(penalty: &PenaltyImposed, day: &str) -> String {
    let zone = laotie_facts::MarketZone::new("Asia/Shanghai").expect("a zone");
    let start = zone.day(noon(day));
    let actions: Vec<String> = penalty
        .actions
        .iter()
        .map(|a| {
            let name = serde_json::to_value(a.action).expect("serialises").as_str().expect("a name").to_owned();
            let days = a.until.map(|u| format!("{}d", zone.day(u) - 1 - start));
            let money = a.amount_minor.map(|m| format!("{}", m.get()));
            let points = a.points.map(|p| format!("{}", p.get()));
            [Some(name), days, money, points].into_iter().flatten().collect::<Vec<_>>().join(" ")
        })
        .collect();
    let reasons: Vec<&str> = penalty.reasons.iter().map(|r| r.code.as_str()).collect();
    let ladder = penalty.ladder.map_or(String::new(), |l| format!(" on {l:?}"));
    format!("{}{ladder}\n  because {}", actions.join(", "), reasons.join(", "))
}
