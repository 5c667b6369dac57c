//! An opened market: its engine, its lake and the drain between them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use laotie_analytics::{Analytics, AnalyticsError, AnalyticsSettings};
use laotie_engine::{Engine, EngineSettings, StartError, clock};
use laotie_facts::{Currency, Flaw, MarketZone, TimeError, Timestamp};
use laotie_store::postgres::PostgresStore;
use laotie_store::sqlite::SqliteStore;
use laotie_store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::random_bytes;
use crate::air::Air;
use crate::drain::Drain;
use crate::evidence::Vault;
use crate::reports::CostsSoFar;
use crate::webhooks::Webhooks;

/// Whether a market's facts come from the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketKind {
    /// From the world.
    #[default]
    Real,
    /// From a simulation.
    Simulated,
}

/// What a market is called and how its days and money run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketSettings {
    /// Chinese name.
    pub title_zh: String,
    /// English name.
    pub title_en: String,
    /// Whether its facts come from the world.
    #[serde(default)]
    pub kind: MarketKind,
    /// Default currency.
    pub currency: String,
    /// Time zone by which its days are cut.
    pub time_zone: String,
}

impl Default for MarketSettings {
    fn default() -> Self {
        Self {
            title_zh: "主市场".to_owned(),
            title_en: "Main market".to_owned(),
            kind: MarketKind::Real,
            currency: "CNY".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
        }
    }
}

/// Where a market lies.
#[derive(Debug, Clone)]
pub struct MarketPlace {
    /// Folder of all markets.
    pub data: PathBuf,
    /// PostgreSQL address of the journal; SQLite in the market's folder when there is none.
    pub db: Option<String>,
    /// The market's name: small letters, digits and `_`.
    pub name: String,
}

/// Why a market does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its name is not one.
    #[error("`{name}` is not a market's name: 1 to 40 small letters, digits or `_`")]
    Name {
        /// What was given.
        name: String,
    },
    /// A file of it cannot be read or written.
    #[error("{}: {source}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Its settings are broken.
    #[error("{}: {reason}", file.display())]
    Settings {
        /// The file.
        file: PathBuf,
        /// Why, and the way out.
        reason: String,
    },
    /// Its store does not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its engine does not start.
    #[error(transparent)]
    Engine(#[from] StartError),
    /// Its lake does not open.
    #[error(transparent)]
    Lake(#[from] AnalyticsError),
}

/// An opened market.
pub struct Market {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub dir: PathBuf,
    /// Its settings.
    pub settings: MarketSettings,
    /// Its engine.
    pub engine: Engine,
    /// Its numbers.
    pub analytics: Arc<Analytics>,
    /// Secret with which identities from outside are hashed.
    pub salt: Vec<u8>,
    /// Who listens to its shows.
    pub(crate) air: Air,
    /// The way of journal rows to the lake.
    pub(crate) drain: Drain,
    /// Who is told of decisions.
    pub(crate) webhooks: Webhooks,
    /// Its files of evidence.
    pub(crate) evidence: Vault,
    /// What orders cost, as far as it was read.
    pub(crate) costs: tokio::sync::Mutex<CostsSoFar>,
    /// The span of the trade, and the lake's position when it was looked up.
    span: tokio::sync::Mutex<(i64, [Value; 3])>,
}

fn file(path: &Path) -> impl FnOnce(std::io::Error) -> OpenError {
    let file = path.to_owned();
    move |source| OpenError::File { file, source }
}

impl Market {
    /// Opens a market, making it with `new` settings where there is none.
    ///
    /// # Errors
    /// [`OpenError`] with the place and the reason.
    pub async fn open(place: &MarketPlace, new: MarketSettings) -> Result<Self, OpenError> {
        Self::open_by(place, new, clock::now).await
    }

    /// As [`Market::open`], by another clock: what falls due, and when facts are heard of, goes by it.
    ///
    /// # Errors
    /// As [`Market::open`].
    pub async fn open_by(place: &MarketPlace, new: MarketSettings, clock: fn() -> Timestamp) -> Result<Self, OpenError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if place.name.is_empty() || place.name.len() > 40 || !place.name.bytes().all(plain) {
            return Err(OpenError::Name { name: place.name.clone() });
        }
        let dir = place.data.join(&place.name);
        std::fs::create_dir_all(&dir).map_err(file(&dir))?;
        let settings = settings(&dir.join("market.toml"), new)?;
        let wrong = |reason: String| OpenError::Settings { file: dir.join("market.toml"), reason };
        let zone = MarketZone::new(&settings.time_zone).map_err(|e: TimeError| wrong(e.to_string()))?;
        let currency = Currency::new(&settings.currency).map_err(|e: Flaw| wrong(e.reason))?;
        let salt = salt(&dir.join("salt"))?;
        let store: Arc<dyn Store> = match &place.db {
            Some(url) => Arc::new(PostgresStore::open(url, &place.name).await?),
            None => Arc::new(SqliteStore::open(&dir)?),
        };
        let engine = Engine::start(store, EngineSettings { clock, ..EngineSettings::new(zone.clone(), currency) }).await?;
        let threads = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
        let lake = AnalyticsSettings { zone, currency, memory_limit_bytes: 128 << 20, threads };
        let analytics = Arc::new(Analytics::open(&dir.join("lake"), lake).await?);
        let drain = Drain::new(engine.clone(), Arc::clone(&analytics), dir.join("lake.lock"));
        drain.publish_metrics()?;
        Ok(Self {
            name: place.name.clone(),
            webhooks: Webhooks::of_market(&dir),
            evidence: Vault::of_market(&dir),
            air: Air::default(),
            dir,
            settings,
            engine,
            analytics,
            salt,
            drain,
            costs: tokio::sync::Mutex::default(),
            span: tokio::sync::Mutex::new((-1, [const { Value::Null }; 3])),
        })
    }

    /// Brings every recorded row into the lake, then stops. For commands that open a market and leave.
    ///
    /// # Errors
    /// [`AnalyticsError`] when the lake fails; the rows are in the journal and go to the lake next time.
    pub async fn close(&self) -> Result<(), AnalyticsError> {
        self.engine.stop().await;
        self.drain.to_end().await
    }

    /// First and last payment and the number of paid orders, as far as the lake knows; looked up anew when it grew.
    pub(crate) async fn trade_span(&self) -> [Value; 3] {
        let mut span = self.span.lock().await;
        let position = self.analytics.position();
        if span.0 != position {
            match self.analytics.sql("select min(at), max(at), count(*) from order_paid", 1).await {
                Ok(answer) => {
                    let mut cells = answer.rows.into_iter().next().unwrap_or_default().into_iter();
                    *span = (position, std::array::from_fn(|_| cells.next().unwrap_or_default()));
                }
                Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "could not look up the span of the trade"),
            }
        }
        span.1.clone()
    }

    /// Brings every row recorded so far into the lake.
    ///
    /// # Errors
    /// As [`Market::close`].
    pub async fn settle(&self) -> Result<(), AnalyticsError> {
        self.drain.to_end().await
    }
}

fn settings(path: &Path, new: MarketSettings) -> Result<MarketSettings, OpenError> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|e| OpenError::Settings { file: path.to_owned(), reason: e.to_string() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = toml::to_string(&new).map_err(|e| OpenError::Settings { file: path.to_owned(), reason: e.to_string() })?;
            std::fs::write(path, text).map_err(file(path))?;
            Ok(new)
        }
        Err(error) => Err(file(path)(error)),
    }
}

/// The market's secret, made once; readable by its owner alone.
fn salt(path: &Path) -> Result<Vec<u8>, OpenError> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    match std::fs::read(path) {
        Ok(salt) if salt.len() >= 32 => return Ok(salt),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(file(path)(error)),
        _ => {}
    }
    let salt = random_bytes().to_vec();
    let made = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).map_err(file(path))?;
    let mut made = made;
    made.write_all(&salt).and_then(|()| made.sync_all()).map_err(file(path))?;
    Ok(salt)
}
