//! Options that every command takes, from the command line, `LAOTIE_*` variables or `laotie.toml`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use figment::Figment;
use figment::providers::{Format, Toml};
use serde::Deserialize;

/// A language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Where the market lies and how to answer.
#[derive(Debug, Clone, Args)]
pub(crate) struct Globals {
    /// Folder of the embedded markets [default: ./laotie-data]
    #[arg(long, global = true, env = "LAOTIE_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// PostgreSQL address of the markets' journals (lake and settings stay in the data folder)
    #[arg(long, global = true, env = "LAOTIE_DB", value_name = "URL", hide_env_values = true)]
    pub(crate) db: Option<String>,
    /// Address of a running server to talk to instead
    #[arg(long, global = true, env = "LAOTIE_SERVER", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// API key for the running server
    #[arg(long, global = true, env = "LAOTIE_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub(crate) api_key: Option<String>,
    /// Which market [default: main]
    #[arg(long, global = true, env = "LAOTIE_MARKET", value_name = "NAME")]
    pub(crate) market: Option<String>,
    /// One JSON document on standard output; logs and progress on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language of names and definitions [default: en]
    #[arg(long, global = true, env = "LAOTIE_LANG", value_name = "LANG")]
    pub(crate) lang: Option<Lang>,
    /// Settings file [default: ./laotie.toml where there is one]
    #[arg(long, global = true, env = "LAOTIE_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// What `laotie.toml` may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    db: Option<String>,
    server: Option<String>,
    api_key: Option<String>,
    market: Option<String>,
    lang: Option<Lang>,
}

impl Globals {
    /// Fills in what the command line and the environment leave open from the settings file.
    pub(crate) fn with_file(mut self) -> anyhow::Result<Self> {
        let path = self.config.clone().unwrap_or_else(|| PathBuf::from("laotie.toml"));
        if !path.exists() {
            if let Some(named) = &self.config {
                anyhow::bail!("there is no settings file {}", named.display());
            }
            return Ok(self);
        }
        let file: File = Figment::from(Toml::file(&path)).extract().map_err(|e| anyhow::anyhow!("{}: {e}", path.display()))?;
        self.data = self.data.or(file.data);
        self.db = self.db.or(file.db);
        self.server = self.server.or(file.server);
        self.api_key = self.api_key.or(file.api_key);
        self.market = self.market.or(file.market);
        self.lang = self.lang.or(file.lang);
        Ok(self)
    }

    /// The folder of the embedded markets.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from("./laotie-data"))
    }

    /// The market's name.
    pub(crate) fn market(&self) -> &str {
        self.market.as_deref().unwrap_or("main")
    }

    /// The language of names and definitions.
    pub(crate) fn lang(&self) -> Lang {
        self.lang.unwrap_or(Lang::En)
    }
}
