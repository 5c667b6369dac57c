//! `laotie schema`.

use clap::Args;
use laotie_facts::{Kind, schema_of, schemas};
use serde_json::Value;

use crate::output::{Failure, print_json};

/// Print the JSON Schema of one kind of fact, or of all, one a line.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie schema order.paid")]
pub(crate) struct Schema {
    /// The kind, as order.paid; all when left out
    kind: Option<String>,
}

impl Schema {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match &self.kind {
            Some(name) => {
                let kind = Kind::from_name(name).ok_or_else(|| {
                    let known: Vec<&str> = Kind::ALL.iter().map(|k| k.name()).collect();
                    Failure::usage(anyhow::anyhow!("`{name}` is not a kind of fact; kinds are {}", known.join(", ")))
                })?;
                println!("{}", serde_json::to_string_pretty(&schema_of(kind)).unwrap_or_default());
            }
            None => schemas().iter().for_each(|schema: &Value| print_json(schema)),
        }
        Ok(())
    }
}
