//! `laotie sign-in` and `laotie key`.

use clap::{Args, Subcommand};
use laotie_api::access::{ROLES, create_api_key, create_sign_in_link};
use laotie_store::AccessKind;
use serde_json::json;

use crate::commands::open_market;
use crate::globals::Globals;
use crate::output::{Failure, print_json, print_table};

/// Make a one-time link to sign in to the console; good for a day.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  laotie sign-in --role auditor")]
pub(crate) struct SignIn {
    /// What the session may do
    #[arg(long = "role", value_name = "ROLE", default_value = "platform_operator")]
    roles: Vec<String>,
    /// The party that it stands for
    #[arg(long, default_value = "operator")]
    party: String,
    /// Address under which the console is reached
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8181")]
    console: String,
}

fn known(roles: &[String]) -> Result<(), Failure> {
    match roles.iter().find(|r| !ROLES.contains(&r.as_str())) {
        Some(role) => Err(Failure::usage(anyhow::anyhow!("`{role}` is not a role; roles are {}", ROLES.join(", ")))),
        None => Ok(()),
    }
}

impl SignIn {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        known(&self.roles)?;
        let market = open_market(globals, false).await?;
        let token =
            create_sign_in_link(market.engine.store().as_ref(), &self.party, &self.roles).await.map_err(|e| Failure::failed(e.into()))?;
        let link = format!("{}/sign-in?token={token}", self.console.trim_end_matches('/'));
        if globals.json {
            print_json(&json!({ "link": link }));
        } else {
            println!("{link}");
        }
        Ok(())
    }
}

/// Make, list and revoke API keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key; its secret is printed once
    #[command(after_help = "Example:\n  laotie key create --role sender --party shop-system --label 'orders feed'")]
    Create {
        /// What it may do
        #[arg(long = "role", value_name = "ROLE", required = true)]
        roles: Vec<String>,
        /// The party that it stands for
        #[arg(long)]
        party: String,
        /// What it is for
        #[arg(long, default_value = "")]
        label: String,
    },
    /// All keys, without their secrets
    List,
    /// Revoke a key
    Revoke {
        /// Its id
        id: String,
    },
}

impl KeyCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let market = open_market(globals, true).await?;
        let store = market.engine.store();
        match self {
            Self::Create { roles, party, label } => {
                known(roles)?;
                let (row, secret) = create_api_key(store.as_ref(), party, roles, label).await.map_err(|e| Failure::failed(e.into()))?;
                if globals.json { print_json(&json!({ "id": row.id, "secret": secret })) } else { println!("{secret}") }
            }
            Self::List => {
                let rows = store.access_list(AccessKind::ApiKey).await.map_err(|e| Failure::failed(e.into()))?;
                if globals.json {
                    let items: Vec<_> = rows
                        .iter()
                        .map(|r| json!({ "id": r.id, "party": r.party, "roles": r.roles, "label": r.label, "created": r.created }))
                        .collect();
                    print_json(&json!({ "items": items }));
                } else {
                    let cells: Vec<Vec<String>> = rows
                        .iter()
                        .map(|r| vec![r.id.clone(), r.party.clone(), r.roles.clone(), r.label.clone(), r.created.to_string()])
                        .collect();
                    print_table(&["id", "party", "roles", "label", "created"].map(str::to_owned), &cells);
                }
            }
            Self::Revoke { id } => {
                if !store.access_remove(AccessKind::ApiKey, id).await.map_err(|e| Failure::failed(e.into()))? {
                    return Err(Failure::usage(anyhow::anyhow!("there is no key `{id}`")));
                }
                println!("revoked {id}");
            }
        }
        Ok(())
    }
}
