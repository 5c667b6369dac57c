//! A market under examination: what was sent to it, and all in which it differs from the auditor's expectation.

use std::collections::BTreeMap;

use laotie_analytics::MetricQuery;
use laotie_api::Market;
use laotie_auditor::{Auditor, Books, Dimension, Disagreement};
use laotie_engine::{AsOf, replay};
use laotie_facts::{Incoming, JournalRow, OrderId, Timestamp};
use serde_json::{Map, Value, json};

use crate::output::Failure;

/// Figures of the orders view, by a column that tells rows apart. What credit notes take off is in the metrics.
const FIGURES: [&str; 4] = ["orders", "gmv_minor", "refunds_minor", "cancelled"];

/// A market and the auditor beside it.
pub(super) struct Examination {
    pub(super) market: Market,
    pub(super) auditor: Auditor,
    first_day: Timestamp,
    /// Facts sent.
    pub(super) facts: u64,
    /// Market days that ended.
    pub(super) days: u64,
    /// All that differs.
    pub(super) found: Vec<Disagreement>,
    pub(super) replay_differences: i64,
    /// Orders compared since the last line.
    compared: usize,
}

fn failed<E: Into<anyhow::Error>>(error: E) -> Failure {
    Failure::failed(error.into())
}

impl Examination {
    pub(super) fn new(market: Market, first_day: Timestamp) -> Self {
        let auditor = Auditor::new(market.engine.settings().zone.clone());
        Self { market, auditor, first_day, facts: 0, days: 0, found: Vec::new(), replay_differences: 0, compared: 0 }
    }

    /// The market's day, as days since 1970-01-01; `None` is all the time before the simulation's first day.
    pub(super) fn day(&self, at: Timestamp) -> Option<i32> {
        (at >= self.first_day).then(|| self.market.engine.settings().zone.day(at))
    }

    /// Records facts and compares the receipts.
    pub(super) async fn record(&mut self, facts: Vec<Incoming>) -> Result<(), Failure> {
        let expected: Vec<_> = facts.iter().map(|fact| self.auditor.watch(fact)).collect();
        self.facts += u64::try_from(facts.len()).unwrap_or(0);
        let receipts = self.market.engine.record(facts).await.map_err(failed)?;
        for (expected, receipt) in expected.iter().zip(&receipts) {
            let about = format!("fact {}/{}", &*receipt.source, &*receipt.key);
            self.found.extend(expected.compare(&about, &json!(receipt)));
        }
        if receipts.len() != expected.len() {
            return Err(Failure::failed(anyhow::anyhow!("{} facts got {} receipts", expected.len(), receipts.len())));
        }
        Ok(())
    }

    /// Compares the orders that facts were about since the last time.
    pub(super) async fn compare_touched(&mut self) -> Result<(), Failure> {
        for order in self.auditor.take_touched() {
            let view = self.view(&order).await?;
            self.found.extend(self.auditor.compare_order(&order, &view));
            self.compared += 1;
        }
        Ok(())
    }

    /// An order as `GET /orders/{id}` shows it.
    async fn view(&self, id: &str) -> Result<Value, Failure> {
        let id = OrderId::new(id).map_err(failed)?;
        let Some(view) = self.market.engine.order(&id, AsOf::default()).await.map_err(failed)? else { return Ok(Value::Null) };
        let row = |r: &JournalRow| {
            let body: Value = serde_json::from_str(&r.body).unwrap_or(Value::Null);
            json!({ "source": r.source, "key": r.key, "kind": r.kind, "body": body })
        };
        Ok(json!({ "id": view.id, "order": view.order, "history": view.history.iter().map(row).collect::<Vec<_>>() }))
    }

    fn books(&self) -> Books {
        self.auditor.books(self.market.engine.settings().currency)
    }

    /// Compares the day's orders and, in the lake, what all days so far add up to: a late refund moves an earlier day.
    pub(super) async fn end_of_day(&mut self) -> Result<(), Failure> {
        self.compare_touched().await?;
        self.market.settle().await.map_err(failed)?;
        let books = self.books();
        self.found.extend(books.check_sums());
        for metric in ["gmv", "orders", "units", "net_sales"] {
            let answer = self.metric(metric, &["day"]).await?;
            self.found.extend(books.compare_metric(&answer));
        }
        Ok(())
    }

    /// Compares the whole: metrics, shops, buyers, numbers of facts by kind, the replay.
    pub(super) async fn end(&mut self) -> Result<(), Failure> {
        let books = self.books();
        for metric in Books::METRICS {
            for by in [&[][..], &["day"], &["shop"]] {
                let answer = self.metric(metric, by).await?;
                self.found.extend(books.compare_metric(&answer));
            }
        }
        for (dimension, column) in [(Dimension::Day, "cast(date as varchar)"), (Dimension::Shop, "shop"), (Dimension::Buyer, "buyer")] {
            let name = if dimension == Dimension::Day { "day" } else { column };
            let rows = self
                .sql(&format!(
                    "select {column} as {name}, count(*) as orders, sum(paid_minor) as gmv_minor, sum(refunded_minor) as refunds_minor, \
                     sum(case when cancelled_at is null then 0 else 1 end) as cancelled from orders group by 1"
                ))
                .await?;
            self.found.extend(books.compare_rows(dimension, &FIGURES, &rows));
        }
        if self.auditor.unchecked_facts() == 0 {
            let rows = self.sql("select kind, count(*) as facts from facts group by kind").await?;
            self.found.extend(self.auditor.compare_kinds(&rows));
        }
        let report = replay(self.market.engine.store().as_ref(), None, &mut |_| ()).await.map_err(failed)?;
        self.replay_differences = report.differences;
        if let Some(first) = report.first_difference {
            eprintln!("the replay differs: {first:?}");
        }
        Ok(())
    }

    async fn metric(&self, name: &str, by: &[&str]) -> Result<Value, Failure> {
        let by = by.iter().map(|dimension| (*dimension).to_owned()).collect();
        let query = MetricQuery { by, limit: Some(10_000_000), ..MetricQuery::default() };
        let answer = self.market.analytics.metric(name, &query).await.map_err(failed)?;
        Ok(json!(*answer))
    }

    async fn sql(&self, query: &str) -> Result<Vec<Value>, Failure> {
        let answer = self.market.analytics.sql(query, 100_000_000).await.map_err(failed)?;
        let names: Vec<&String> = answer.columns.iter().map(|c| &c.name).collect();
        let object = |row: Vec<Value>| -> Map<String, Value> { names.iter().map(|n| (*n).clone()).zip(row).collect() };
        Ok(answer.rows.into_iter().map(|row| Value::Object(object(row))).collect())
    }

    /// How many disagreements there are, by what they are about and the field: `metric gmv value`, `order status`.
    pub(super) fn by_place(&self) -> BTreeMap<String, usize> {
        let mut places = BTreeMap::new();
        for wrong in &self.found {
            let about = wrong.about.split(',').next().unwrap_or_default();
            // An order's or a fact's name is left out, a metric's or a kind's is kept.
            let words = if about.starts_with("metric") || about.starts_with("facts") { 2 } else { 1 };
            let place: Vec<&str> = about.split(' ').take(words).chain([wrong.field.as_str()]).collect();
            *places.entry(place.join(" ")).or_default() += 1;
        }
        places
    }

    /// A day that ended, in a line.
    pub(super) fn line(&mut self, day: Option<i32>) -> String {
        let total = self.books().total;
        let compared = std::mem::take(&mut self.compared);
        let midnight = day.and_then(|day| Timestamp::from_micros(i64::from(day) * 86_400_000_000).ok()).map(|t| t.to_string());
        format!(
            "{}: {} facts, {compared} views of orders compared; in all {} orders, {} paid, {} net in minor units; {} disagreements",
            midnight.as_deref().map_or("before the first day", |text| &text[..10]),
            self.facts,
            total.orders,
            total.gmv_minor,
            total.net_minor,
            self.found.len()
        )
    }
}
