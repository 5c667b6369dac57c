//! `laotie webhook`.

use clap::Subcommand;
use laotie_api::webhooks::{NewEndpoint, WebhookError, Webhooks, kinds};
use serde_json::{Value, json};

use crate::commands::market_dir;
use crate::globals::Globals;
use crate::output::{Failure, cell, print_json, print_table};
use crate::remote::Remote;

/// Send decisions to other systems as they are made (Standard Webhooks).
#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Make a webhook; the secret that signs its letters is printed once
    #[command(after_help = "Example:\n  laotie webhook add https://shop.example/laotie --kind ruling.made --kind payout.made")]
    Add {
        /// Where letters go: an http or https address; private ones are allowed
        url: String,
        /// The kinds of facts that it takes; all that webhooks tell of when left out
        #[arg(long = "kind", value_name = "KIND")]
        kinds: Vec<String>,
    },
    /// All webhooks and how they are doing, without their secrets
    List,
    /// Remove a webhook with all that waits for it
    Remove {
        /// Its id
        id: String,
    },
    /// Send a test, now and once; a webhook that was switched off and answers well is switched on again
    Test {
        /// Its id
        id: String,
    },
    /// Letters that were given up
    DeadLetters,
    /// Send a letter that was given up again
    Retry {
        /// Its id
        id: String,
    },
}

/// Where the webhooks are changed: in the market's folder, or on a running server.
enum Place {
    Here(Webhooks),
    There(Remote),
}

fn failure(error: WebhookError) -> Failure {
    match error {
        WebhookError::Asked { .. } | WebhookError::Unknown { .. } => Failure::usage(error.into()),
        _ => Failure::failed(error.into()),
    }
}

fn told<T: serde::Serialize>(value: T) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|e| Failure::failed(e.into()))
}

/// All rows of a list of a server, page by page.
async fn all(remote: &Remote, path: &str) -> Result<Value, Failure> {
    let (mut items, mut query) = (Vec::new(), Vec::new());
    loop {
        let mut page = remote.get(path, &query).await?;
        if let Some(rows) = page["items"].as_array_mut() {
            items.append(rows);
        }
        match page["next"].as_str() {
            Some(next) => query = vec![("after", next.to_owned())],
            None => return Ok(Value::Array(items)),
        }
    }
}

impl WebhookCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let place = match &globals.server {
            Some(server) => Place::There(Remote::new(globals, server)),
            None => Place::Here(Webhooks::of_market(&market_dir(globals)?)),
        };
        match self {
            Self::Add { url, kinds } => add(&place, url, kinds, globals.json).await,
            Self::List => {
                let items = match &place {
                    Place::Here(webhooks) => told(webhooks.statuses().map_err(failure)?)?,
                    Place::There(remote) => all(remote, "/webhooks").await?,
                };
                print_rows(&items, &["id", "url", "kinds", "enabled", "delivered", "waiting", "dead_letters", "last_error"], globals.json);
                Ok(())
            }
            Self::Remove { id } => {
                match &place {
                    Place::Here(webhooks) => webhooks.remove(id).map_err(failure)?,
                    Place::There(remote) => drop(remote.delete(&format!("/webhooks/{id}")).await?),
                }
                done("removed", id, globals.json);
                Ok(())
            }
            Self::Test { id } => test(&place, id, globals.json).await,
            Self::DeadLetters => {
                let items = match &place {
                    Place::Here(webhooks) => told(webhooks.dead_letters().map_err(failure)?)?,
                    Place::There(remote) => all(remote, "/webhooks/dead-letters").await?,
                };
                print_rows(&items, &["id", "webhook", "seq", "kind", "tries", "error", "given_up"], globals.json);
                Ok(())
            }
            Self::Retry { id } => {
                match &place {
                    Place::Here(webhooks) => webhooks.send_again(id).map_err(failure)?,
                    Place::There(remote) => {
                        drop(remote.post(&format!("/webhooks/dead-letters/{id}/retry"), String::new(), "application/json").await?);
                    }
                }
                done("waits again", id, globals.json);
                Ok(())
            }
        }
    }
}

async fn add(place: &Place, url: &str, chosen: &[String], as_json: bool) -> Result<(), Failure> {
    let made = match place {
        Place::Here(webhooks) => {
            let new = NewEndpoint { url: url.to_owned(), kinds: chosen.to_vec() };
            let (webhook, secret) = webhooks.add(new).map_err(failure)?;
            json!({ "webhook": told(webhook)?, "secret": secret })
        }
        Place::There(remote) => {
            let body = json!({ "url": url, "kinds": chosen });
            remote.post("/webhooks", body.to_string(), "application/json").await?
        }
    };
    if as_json {
        print_json(&made);
        return Ok(());
    }
    eprintln!("{}: its letters are signed with the secret below, which is not shown again", cell(&made["webhook"]["id"]));
    if chosen.is_empty() {
        eprintln!("It takes {}", kinds().join(", "));
    }
    println!("{}", cell(&made["secret"]));
    Ok(())
}

async fn test(place: &Place, id: &str, as_json: bool) -> Result<(), Failure> {
    let tried = match place {
        Place::Here(webhooks) => told(webhooks.test(id).await.map_err(failure)?)?,
        Place::There(remote) => remote.post(&format!("/webhooks/{id}/test"), String::new(), "application/json").await?,
    };
    let delivered = tried["delivered"] == true;
    if as_json {
        print_json(&tried);
    } else if delivered {
        println!("delivered: answered {}", cell(&tried["status"]));
    }
    if delivered { Ok(()) } else { Err(Failure::failed(anyhow::anyhow!("the test was not taken: {}", cell(&tried["error"])))) }
}

fn done(what: &str, id: &str, as_json: bool) {
    if as_json { print_json(&json!({ "id": id })) } else { println!("{what}: {id}") }
}

fn print_rows(items: &Value, columns: &[&str], as_json: bool) {
    if as_json {
        print_json(&json!({ "items": items }));
        return;
    }
    let rows = items.as_array().map_or(&[][..], Vec::as_slice);
    let line = |row: &Value| {
        let column = |name: &&str| match &row[*name] {
            Value::Array(some) if some.is_empty() => "all".to_owned(),
            Value::Array(some) => some.iter().map(cell).collect::<Vec<_>>().join(" "),
            one => cell(one),
        };
        columns.iter().map(column).collect()
    };
    let cells: Vec<Vec<String>> = rows.iter().map(line).collect();
    print_table(&columns.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>(), &cells);
}
