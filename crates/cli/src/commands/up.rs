//! `laotie up`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use laotie_analytics::import::{ImportPlan, Mapping};
use laotie_api::access::create_sign_in_link;
use laotie_api::importing::{ImportStatus, checkpoints, run};
use laotie_api::{App, AppSettings, Market, MarketKind, MarketPlace, MarketSettings, Markets, serve};
use laotie_simulate::Parameters;
use laotie_store::AccessKind;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;

use crate::commands::import::mapping_document;
use crate::commands::known_markets;
use crate::globals::Globals;
use crate::output::{Failure, progress};
use crate::simulation::{Plan, Simulation, document, settings};

/// Run every role in one process: engine, lake, API and console. Without other options the market lies in ./laotie-data.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie up --example online-retail --simulate\n  laotie up --listen 0.0.0.0:8181 --db postgres://laotie@db/laotie"
)]
pub(crate) struct Up {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8181", env = "LAOTIE_LISTEN")]
    listen: String,
    /// Load an example into the market first: online-retail
    #[arg(long, value_name = "NAME")]
    example: Option<String>,
    /// Open a simulated market beside the others and let it live: a market document by name, or a TOML file
    #[arg(long, value_name = "MARKET", num_args = 0..=1, default_missing_value = "live-market")]
    simulate: Option<String>,
    /// How fast the simulated market lives: 1 is real time, 60 a minute for each second
    #[arg(long, value_name = "SPEED", default_value_t = 60.0, requires = "simulate")]
    simulate_speed: f64,
    /// Seed of the simulated market
    #[arg(long, value_name = "N", default_value_t = 1, requires = "simulate")]
    simulate_seed: u64,
    /// Factor on how many take part in the simulated market; 1 is some 2,000 buyers
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, requires = "simulate")]
    simulate_scale: f64,
    /// Address under which people reach the console, for the sign-in link
    #[arg(long, value_name = "URL")]
    console: Option<String>,
}

/// Name of the market that `--simulate` opens.
const SIMULATED: &str = "simulated";

/// How long it lives, and how many hours of it are there from the first: two weeks, until the evening, when most people watch.
const SIMULATED_WEEKS: u32 = 104;
const SIMULATED_HOURS: u32 = 14 * 24 + 19;

/// An example that is shipped.
struct Example {
    name: &'static str,
    mapping: &'static str,
    file: &'static str,
    settings: fn() -> MarketSettings,
}

const EXAMPLES: [Example; 1] = [Example {
    name: "online-retail",
    mapping: "online-retail",
    file: "online_retail.parquet",
    settings: || MarketSettings {
        title_zh: "英国线上零售（真实数据）".to_owned(),
        title_en: "Online Retail, UK (real data)".to_owned(),
        kind: MarketKind::Real,
        currency: "GBP".to_owned(),
        time_zone: "Europe/London".to_owned(),
    },
}];

/// The example's file: below the working folder, beside the program, or where it was built.
fn example_file(example: &Example) -> Option<PathBuf> {
    let below = PathBuf::from("examples").join(example.name).join(example.file);
    let beside = std::env::current_exe().ok().and_then(|p| Some(p.parent()?.join(&below)));
    let built = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(&below);
    [Some(below), beside, Some(built)].into_iter().flatten().find(|p| p.is_file())
}

impl Up {
    pub(crate) async fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let example = match &self.example {
            Some(name) => Some(EXAMPLES.iter().find(|e| e.name == name).ok_or_else(|| {
                let known: Vec<&str> = EXAMPLES.iter().map(|e| e.name).collect();
                Failure::usage(anyhow::anyhow!("there is no example `{name}`; there are {}", known.join(", ")))
            })?),
            None => None,
        };
        let listener = TcpListener::bind(&self.listen)
            .await
            .map_err(|e| Failure::usage(anyhow::anyhow!("cannot listen on {}: {e}; choose another with --listen", self.listen)))?;
        let address = listener.local_addr().map_err(|e| Failure::failed(e.into()))?;
        let prometheus = PrometheusBuilder::new().install_recorder().map_err(|e| Failure::failed(e.into()))?;

        let data = globals.data_dir();
        let mut names = known_markets(&data);
        if !names.iter().any(|n| n == globals.market()) {
            names.push(globals.market().to_owned());
        }
        let mut markets = Vec::new();
        for name in names {
            let place = MarketPlace { data: data.clone(), db: globals.db.clone(), name: name.clone() };
            let new = example.filter(|_| name == globals.market()).map_or_else(MarketSettings::default, |e| (e.settings)());
            markets.push(
                Market::open(&place, new).await.map_err(|e| Failure::failed(anyhow::Error::from(e).context(format!("market {name}"))))?,
            );
        }
        let simulated = match &self.simulate {
            Some(like) => Some(self.open_simulated(like, &data, globals, &mut markets).await?),
            None => None,
        };
        let console = self.console.clone().unwrap_or_else(|| format!("http://{address}"));
        let link = first_link(&markets, globals.market(), &console).await?;
        let markets = Arc::new(Markets::start(markets));
        if let (Some(example), Some(market)) = (example, markets.get(globals.market())) {
            load(example, market).await?;
        }
        if let Some((parameters, plan)) = simulated
            && let Some(market) = markets.get(SIMULATED)
        {
            // Whatever is the matter with it, the other markets are served.
            match Simulation::into_market(&parameters, plan, Arc::clone(market), None).await {
                Ok(simulation) => live_beside(simulation, self.simulate_speed),
                Err(failure) => eprintln!("The simulated market stands still: {failure}"),
            }
        }
        let app = App::new(Arc::clone(&markets), AppSettings::default(), prometheus);
        eprintln!("Laotie serves {console}  (API: {console}/docs)");
        match link {
            Some(link) => eprintln!("Sign in once with this link, good for a day:\n  {link}"),
            None => eprintln!("Sign in with a link from: laotie sign-in --data {}", data.display()),
        }
        serve(listener, app, stopped()).await.map_err(|e| Failure::failed(e.into()))
    }
}

impl Up {
    /// Opens the market of the simulation among the others.
    async fn open_simulated(
        &self,
        like: &str,
        data: &std::path::Path,
        globals: &Globals,
        markets: &mut Vec<Market>,
    ) -> Result<(Parameters, Plan), Failure> {
        if !self.simulate_speed.is_finite() || self.simulate_speed <= 0.0 {
            return Err(Failure::usage(anyhow::anyhow!("--simulate-speed needs a number above 0")));
        }
        let parameters = document(like)?;
        let plan = Plan::new(&parameters, like, self.simulate_seed, SIMULATED_WEEKS, self.simulate_scale)?;
        if !markets.iter().any(|m| m.name == SIMULATED) {
            let place = MarketPlace { data: data.to_owned(), db: globals.db.clone(), name: SIMULATED.to_owned() };
            let opened = Market::open(&place, settings(&parameters)).await;
            markets.push(opened.map_err(|e| Failure::failed(anyhow::Error::from(e).context(format!("market {SIMULATED}"))))?);
        }
        Ok((parameters, plan))
    }
}

/// Lets a simulated market live while the server runs.
fn live_beside(simulation: Simulation, speed: f64) {
    eprintln!("A simulated market lives beside it, {speed} times as fast as the clock: choose `{SIMULATED}` at the top of the console");
    tokio::spawn(async move {
        if let Err(failure) = simulation.live(speed, SIMULATED_HOURS).await {
            tracing::warn!("the simulated market stands still: {failure}");
        }
    });
}

/// A sign-in link at the first start, while nobody could sign in yet.
async fn first_link(markets: &[Market], name: &str, console: &str) -> Result<Option<String>, Failure> {
    let main = markets.iter().find(|m| m.name == "main").or_else(|| markets.iter().find(|m| m.name == name)).or(markets.first());
    let Some(market) = main else { return Ok(None) };
    let store = market.engine.store();
    for kind in [AccessKind::Session, AccessKind::ApiKey] {
        if !store.access_list(kind).await.map_err(|e| Failure::failed(e.into()))?.is_empty() {
            return Ok(None);
        }
    }
    let token =
        create_sign_in_link(store.as_ref(), "operator", &["platform_operator".to_owned()]).await.map_err(|e| Failure::failed(e.into()))?;
    Ok(Some(format!("{console}/sign-in?token={token}")))
}

/// Loads an example; what is there already is skipped.
async fn load(example: &Example, market: &Market) -> Result<(), Failure> {
    let file = example_file(example).ok_or_else(|| {
        Failure::usage(anyhow::anyhow!("examples/{}/{} is not there; run from the project's folder", example.name, example.file))
    })?;
    let (name, text) = mapping_document(example.mapping, Some(market))?;
    let mapping = Mapping::parse(&name, &text).map_err(|e| Failure::failed(e.into()))?;
    let plan = ImportPlan {
        mapping,
        files: vec![(None, file)],
        memory_limit_bytes: 128 << 20,
        salt: market.salt.clone(),
        checkpoints: Some(checkpoints(market)),
    };
    let bar = progress(None, "loading the example");
    let mut tick = |status: &ImportStatus| bar.set_position(status.read);
    let status = run(market, plan, &mut tick, &mut |_| ()).await.map_err(|e| Failure::failed(e.into()))?;
    bar.finish_and_clear();
    market.settle().await.map_err(|e| Failure::failed(e.into()))?;
    eprintln!(
        "Example {}: {} facts read, {} recorded, {} there before, {} refused, {} left out on purpose ({:.1} s)",
        example.name, status.read, status.recorded, status.repeated, status.refused, status.left_out, status.seconds
    );
    Ok(())
}

/// Until somebody wants the server to stop.
async fn stopped() {
    let interrupt = async { tokio::signal::ctrl_c().await.ok() };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    tokio::select! { _ = interrupt => {}, _ = terminate => {} }
    eprintln!("stopping: finishing what waits …");
}
