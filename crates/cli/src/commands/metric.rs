//! `laotie metric`.

use clap::Args;
use laotie_analytics::MetricQuery;
use laotie_facts::Timestamp;
use serde_json::{Value, json};

use crate::commands::open_market;
use crate::globals::{Globals, Lang};
use crate::output::{Failure, cell, print_json, print_table};
use crate::remote::Remote;

/// Answer a metric with its definition, version and maturity; `laotie metric list` names them all.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie metric list\n  laotie metric gmv --by month --from 2011-01-01 --to 2011-07-01\n  laotie metric net_sales --where 'region == \"France\"' --json"
)]
pub(crate) struct Metric {
    /// The metric's id, or `list`
    name: String,
    /// First day, YYYY-MM-DD [default: the data's first]
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Day after the last [default: the day after the data's last]
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// Dimensions: day, week, month, quarter, year, or one of the metric's own
    #[arg(long, value_name = "DIM", value_delimiter = ',')]
    by: Vec<String>,
    /// A condition in CEL over the metric's columns
    #[arg(long = "where", value_name = "CEL")]
    filter: Option<String>,
    /// Only what Laotie had heard of by then
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Rows at most
    #[arg(long)]
    limit: Option<usize>,
}

impl Metric {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let answer = match &globals.server {
            Some(server) => self.there(&Remote::new(globals, server)).await?,
            None => self.here(globals).await?,
        };
        if globals.json {
            print_json(&answer);
        } else if self.name == "list" {
            list(globals, &answer);
        } else {
            tell(globals, &answer);
        }
        Ok(())
    }

    async fn there(&self, remote: &Remote) -> Result<Value, Failure> {
        if self.name == "list" {
            return remote.get("/metrics", &[]).await;
        }
        let mut query = Vec::new();
        for (name, value) in [("from", &self.from), ("to", &self.to), ("where", &self.filter), ("as_of", &self.as_of)] {
            if let Some(value) = value {
                query.push((name, value.clone()));
            }
        }
        if !self.by.is_empty() {
            query.push(("by", self.by.join(",")));
        }
        if let Some(limit) = self.limit {
            query.push(("limit", limit.to_string()));
        }
        remote.get(&format!("/metrics/{}", self.name), &query).await
    }

    async fn here(&self, globals: &Globals) -> Result<Value, Failure> {
        let market = open_market(globals, false).await?;
        market.settle().await.map_err(|e| Failure::failed(e.into()))?;
        if self.name == "list" {
            return Ok(json!({ "items": market.analytics.metrics() }));
        }
        let as_of = self.as_of.as_deref().map(Timestamp::parse).transpose().map_err(|e| Failure::usage(anyhow::anyhow!("--as-of: {e}")))?;
        let query = MetricQuery {
            from: self.from.clone(),
            to: self.to.clone(),
            by: self.by.clone(),
            filter: self.filter.clone(),
            as_of,
            limit: self.limit,
        };
        let answer = market.analytics.metric(&self.name, &query).await.map_err(|e| Failure::usage(e.into()))?;
        Ok(json!(answer))
    }
}

fn lang(globals: &Globals) -> &'static str {
    if globals.lang() == Lang::Zh { "zh" } else { "en" }
}

fn list(globals: &Globals, answer: &Value) {
    let lang = lang(globals);
    let header = ["id", "version", "name", "unit", "dimensions"].map(str::to_owned);
    let rows: Vec<Vec<String>> = answer["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|m| {
            let dimensions: Vec<&str> = m["dimensions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            vec![cell(&m["id"]), cell(&m["version"]), cell(&m["name"][lang]), cell(&m["unit"]), dimensions.join(" ")]
        })
        .collect();
    print_table(&header, &rows);
}

/// A value in the unit of its metric.
fn shown(answer: &Value, column: &str, value: &Value) -> String {
    let money = column.ends_with("_minor") || (column == "value" && matches!(answer["unit"].as_str(), Some("minor" | "minor_per")));
    let currency = answer["currency"].as_str().and_then(|c| laotie_facts::Currency::new(c).ok());
    match (money, currency, value.as_f64()) {
        (true, Some(currency), Some(minor)) => {
            let digits = currency.digits() as usize;
            let major = minor / 10_f64.powi(i32::try_from(digits).unwrap_or(0));
            format!("{major:.digits$} {currency}")
        }
        _ if column == "value" && answer["unit"] == "ratio" => {
            value.as_f64().map_or_else(|| "–".to_owned(), |v| format!("{:.2} %", v * 100.0))
        }
        _ => cell(value),
    }
}

fn tell(globals: &Globals, answer: &Value) {
    let lang = lang(globals);
    let rows = answer["rows"].as_array().cloned().unwrap_or_default();
    let mut columns: Vec<String> = answer["by"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    for row in rows.iter().filter_map(Value::as_object).take(1) {
        columns.extend(row.keys().filter(|k| !columns.contains(k)).cloned().collect::<Vec<_>>());
    }
    println!("{} · {} … {}", cell(&answer["name"][lang]), cell(&answer["from"]), cell(&answer["to"]));
    if rows.is_empty() {
        println!("No rows: nothing lies in this period.");
    } else {
        let cells: Vec<Vec<String>> = rows.iter().map(|r| columns.iter().map(|c| shown(answer, c, &r[c])).collect()).collect();
        print_table(&columns, &cells);
    }
    let maturity = &answer["maturity"];
    let share = maturity["share_ppm"].as_i64().unwrap_or(0) / 10_000;
    println!(
        "\n{}\n{} · final through {} ({share} %): {}",
        cell(&answer["definition"][lang]),
        cell(&answer["version"]),
        cell(&maturity["final_through"]),
        cell(&maturity["note"][lang])
    );
}
