//! `laotie sql`.

use std::path::PathBuf;

use clap::Args;
use laotie_analytics::Files;
use serde_json::{Value, json};

use crate::commands::open_market;
use crate::globals::Globals;
use crate::output::{Failure, cell, print_json, print_table};
use crate::remote::Remote;

/// Ask the lake in SQL, read-only: a table a kind of fact, and the views orders, lines, buyers, shows, facts.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie sql 'select region, count(*) from orders group by 1 order by 2 desc'\n  laotie sql --file sales=sales.parquet 'select count(*) from sales'"
)]
pub(crate) struct Sql {
    /// The question; `-` reads it from standard input
    query: String,
    /// Ask Parquet files instead of a market, each as a table
    #[arg(long = "file", value_name = "NAME=FILE")]
    files: Vec<String>,
    /// Rows at most
    #[arg(long, default_value_t = 1_000)]
    limit: usize,
}

/// Memory of a question over files, in bytes.
pub(crate) const QUESTION_MEMORY: usize = 4 << 30;

/// Threads of a question.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get)
}

/// Reads `NAME=FILE`.
pub(crate) fn tables(files: &[String]) -> Result<Vec<(String, PathBuf)>, Failure> {
    let read = |text: &String| {
        let (name, file) = text.split_once('=').ok_or_else(|| Failure::usage(anyhow::anyhow!("--file {text}: write it as NAME=FILE")))?;
        Ok((name.to_owned(), PathBuf::from(file)))
    };
    files.iter().map(read).collect()
}

impl Sql {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let query = if self.query == "-" {
            std::io::read_to_string(std::io::stdin()).map_err(|e| Failure::failed(e.into()))?
        } else {
            self.query.clone()
        };
        let answer = match &globals.server {
            _ if !self.files.is_empty() => {
                let files = tables(&self.files)?;
                let asked = Files::open(&files, QUESTION_MEMORY, threads()).await.map_err(|e| Failure::usage(e.into()))?;
                json!(asked.sql(&query, self.limit).await.map_err(|e| Failure::usage(e.into()))?)
            }
            Some(server) => {
                Remote::new(globals, server)
                    .post("/sql", json!({ "query": query, "limit": self.limit }).to_string(), "application/json")
                    .await?
            }
            None => {
                let market = open_market(globals, false).await?;
                market.settle().await.map_err(|e| Failure::failed(e.into()))?;
                json!(market.analytics.sql(&query, self.limit).await.map_err(|e| Failure::usage(e.into()))?)
            }
        };
        if globals.json {
            print_json(&answer);
            return Ok(());
        }
        let header: Vec<String> = answer["columns"].as_array().into_iter().flatten().map(|c| cell(&c["name"])).collect();
        let rows: Vec<Vec<String>> =
            answer["rows"].as_array().into_iter().flatten().filter_map(Value::as_array).map(|r| r.iter().map(cell).collect()).collect();
        print_table(&header, &rows);
        if answer["truncated"] == true {
            eprintln!("… there are more rows; --limit shows them");
        }
        Ok(())
    }
}
