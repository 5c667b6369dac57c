//! Metrics and rows of SQL held against the books, to the minor unit.

use std::collections::BTreeMap;

use laotie_facts::{Kind, Origin, Timestamp};
use serde_json::Value;

use crate::auditor::Auditor;
use crate::books::{Books, Figures};
use crate::decided_on::decided_on;
use crate::disagreement::Disagreement;

/// By what figures are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Not at all: one row.
    Whole,
    /// By the market's day, as `2026-06-10` in the column `day`.
    Day,
    /// By the column `shop`.
    Shop,
    /// By the column `buyer`; guests are null.
    Buyer,
}

impl Dimension {
    fn column(self) -> &'static str {
        match self {
            Dimension::Whole => "whole market",
            Dimension::Day => "day",
            Dimension::Shop => "shop",
            Dimension::Buyer => "buyer",
        }
    }
}

/// A column of an answer and the figure that it must hold.
type Column = (&'static str, fn(&Figures) -> i64);

/// The figures of a metric that the books know, by the columns of its answer.
fn metric_columns(metric: &str) -> Option<&'static [Column]> {
    Some(match metric {
        "gmv" => &[("value", |f| f.gmv_minor)],
        "orders" => &[("value", |f| f.orders)],
        "units" => &[("value", |f| f.units)],
        "net_sales" => &[("value", |f| f.net_minor)],
        "order_value" => &[("numerator", |f| f.gmv_minor), ("denominator", |f| f.orders)],
        "refund_rate" => &[("numerator", |f| f.returned + f.credits), ("denominator", |f| f.orders)],
        _ => return None,
    })
}

impl Books {
    /// The metrics that the books can check.
    pub const METRICS: [&'static str; 6] = ["gmv", "orders", "units", "net_sales", "order_value", "refund_rate"];

    /// Compares a metric's answer as the API gives it: `{metric, by, rows}`, not by more than one of day and shop.
    /// Where a row is missing, its figures must be nothing.
    pub fn compare_metric(&self, answer: &Value) -> Vec<Disagreement> {
        let metric = answer["metric"].as_str().unwrap_or_default();
        let by: Vec<&str> = answer["by"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let dimension = match by.as_slice() {
            [] => Some(Dimension::Whole),
            ["day"] => Some(Dimension::Day),
            ["shop"] => Some(Dimension::Shop),
            _ => None,
        };
        let (Some(columns), Some(dimension)) = (metric_columns(metric), dimension) else {
            return Disagreement::check("metric", "known to the auditor", true, false).into_iter().collect();
        };
        let rows = answer["rows"].as_array().map_or(&[][..], Vec::as_slice);
        self.compare(&format!("metric {metric}"), dimension, columns, rows)
    }

    /// Compares rows of SQL whose columns are named as the [`Figures`]: those named in `columns` are compared. Where a row
    /// is missing, its figures must be nothing.
    pub fn compare_rows(&self, dimension: Dimension, columns: &[&str], rows: &[Value]) -> Vec<Disagreement> {
        const FIGURES: [Column; 10] = [
            ("orders", |f| f.orders),
            ("units", |f| f.units),
            ("gmv_minor", |f| f.gmv_minor),
            ("refunds_minor", |f| f.refunds_minor),
            ("cancelled", |f| f.cancelled),
            ("cancelled_minor", |f| f.cancelled_minor),
            ("returned", |f| f.returned),
            ("credits", |f| f.credits),
            ("credits_minor", |f| f.credits_minor),
            ("net_minor", |f| f.net_minor),
        ];
        let known: Vec<Column> = FIGURES.into_iter().filter(|(name, _)| columns.contains(name)).collect();
        let unknown = columns.iter().filter(|c| !FIGURES.iter().any(|(name, _)| name == *c));
        let mut found: Vec<Disagreement> =
            unknown.filter_map(|column| Disagreement::check("rows", &format!("column {column}"), true, false)).collect();
        found.extend(self.compare("rows", dimension, &known, rows));
        found
    }

    fn compare(&self, about: &str, dimension: Dimension, columns: &[Column], rows: &[Value]) -> Vec<Disagreement> {
        let mut expected: BTreeMap<String, Figures> = match dimension {
            Dimension::Whole => BTreeMap::from([(String::new(), self.total)]),
            Dimension::Day => self.days.iter().map(|(day, f)| (date(*day), *f)).collect(),
            Dimension::Shop => self.shops.iter().map(|(shop, f)| (shop.clone(), *f)).collect(),
            Dimension::Buyer => self.buyers.iter().map(|(buyer, f)| (buyer.clone().unwrap_or_default(), *f)).collect(),
        };
        let nothing = Value::from(0);
        let mut disagreements = Vec::new();
        let mut compare_row = |place: &str, figures: &Figures, row: Option<&Value>| {
            let about = format!("{about}, {} {place}", dimension.column());
            for (name, figure) in columns {
                let found = row.map_or(&nothing, |r| &r[*name]);
                disagreements.extend(Disagreement::check(about.trim_end(), name, figure(figures), found.clone()));
            }
        };
        for row in rows {
            let place = row[dimension.column()].as_str().unwrap_or_default().to_owned();
            // A second row of the same place finds nothing left that it could agree with.
            let figures = expected.remove(&place).unwrap_or_default();
            compare_row(&place, &figures, Some(row));
        }
        for (place, figures) in &expected {
            compare_row(place, figures, None);
        }
        disagreements
    }
}

impl Auditor {
    /// Compares numbers of facts that stand, rows `{kind, facts}`, for every kind that markets send and for `order.frozen`.
    /// Other kinds that Laotie decides are left out: the auditor does not know why they are.
    pub fn compare_kinds(&self, rows: &[Value]) -> Vec<Disagreement> {
        let mut found: BTreeMap<&str, i64> = BTreeMap::new();
        for row in rows {
            *found.entry(row["kind"].as_str().unwrap_or_default()).or_default() += row["facts"].as_i64().unwrap_or(0);
        }
        let expected = self.standing();
        let counted = Kind::ALL.iter().filter(|k| k.origin() == Origin::Market || **k == Kind::OrderFrozen).map(|k| k.name());
        counted
            .filter(|kind| decided_on(kind).is_none())
            .filter_map(|kind| {
                let of = |counts: &BTreeMap<&str, i64>| counts.get(kind).copied().unwrap_or(0);
                Disagreement::check(&format!("facts {kind}"), "facts", of(&expected), of(&found))
            })
            .collect()
    }
}

/// A day, from days since 1970-01-01, as `2026-06-10`.
fn date(day: i32) -> String {
    const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;
    let midnight = Timestamp::from_micros(i64::from(day) * DAY_MICROS).unwrap_or_default();
    midnight.to_string().chars().take(10).collect()
}
