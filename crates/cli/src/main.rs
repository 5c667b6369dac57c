//! The program `laotie`.

mod commands;
mod globals;
mod output;
mod remote;
mod simulation;
mod workload;

use std::process::ExitCode;

/// Keeps far less of what is freed than the system's (docs/adr/0003).
#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    access, account, audit, bench, bench_claims, bench_scan, bench_simulate, claim, crash, debt, import, market_report, metric, payout,
    penalty, record, replay, report, rule, schema, simulate, speech, sql, up, webhook,
};
use crate::globals::Globals;
use crate::output::Failure;

/// The open trust engine for live commerce: a market's facts in, decisions and numbers that hold out.
#[derive(Debug, Parser)]
#[command(name = "laotie", version, propagate_version = true, arg_required_else_help = true, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run every role in one process and serve API and console
    Up(up::Up),
    /// Record facts, one JSON object a line
    Record(record::Record),
    /// Turn files of other systems into facts
    Import(import::ImportCommand),
    /// Print the JSON Schema of facts
    Schema(schema::Schema),
    /// Decide the journal again from empty, compare, and verify the chain of hashes
    Replay(replay::Replay),
    /// Simulate a whole market, honest and dishonest: its facts, and the truth beside them
    Simulate(simulate::Simulate),
    /// Answer a metric, or list them
    Metric(metric::Metric),
    /// Ask the lake in SQL, read-only
    Sql(sql::Sql),
    /// Claims: the queue, one claim, and why it ended as it did
    #[command(subcommand)]
    Claim(claim::ClaimCommand),
    /// Penalties: why one is what it is
    #[command(subcommand)]
    Penalty(penalty::PenaltyCommand),
    /// Reports over a whole market: cost to serve, consistency of penalties
    #[command(subcommand)]
    Report(report::ReportCommand),
    /// What hosts say: false claims in sentences
    #[command(subcommand)]
    Speech(speech::SpeechCommand),
    /// The market's rules: checked, previewed, put forward, approved, told as stories
    #[command(subcommand)]
    Rule(rule::RuleCommand),
    /// Accounts: who holds, owes and gets what; whether the books balance
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Debts: who owes what since when, and plans by which they are paid
    #[command(subcommand)]
    Debt(debt::DebtCommand),
    /// Pay-outs: what is due to everybody, and the run that pays it
    #[command(subcommand)]
    Payout(payout::PayoutCommand),
    /// Statements: drawn with every pay-out, each opening to its lines
    #[command(subcommand)]
    Statement(payout::StatementCommand),
    /// Make a one-time link to sign in to the console
    SignIn(access::SignIn),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Key(access::KeyCommand),
    /// Send decisions to other systems as they are made (Standard Webhooks)
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Kill a server under load and see that nothing acknowledged is lost (for development)
    #[command(hide = true)]
    Crash(crash::Crash),
    /// Hold a simulated market against a slow, obvious model of it (for development)
    #[command(hide = true)]
    Audit(audit::Audit),
    /// Measure how fast facts are recorded here, beside the database's raw limit (for development)
    #[command(hide = true)]
    Bench(bench::Bench),
    /// Measure how fast claims go from opened to paid (for development)
    #[command(hide = true)]
    BenchClaims(bench_claims::BenchClaims),
    /// Measure how long a question over Parquet files takes (for development)
    #[command(hide = true)]
    BenchScan(bench_scan::BenchScan),
    /// Measure how hard and how real the simulated market is, and write `docs/market.md` (for development)
    #[command(hide = true)]
    MarketReport(market_report::MarketReport),
    /// Measure how fast a market is made (for development)
    #[command(hide = true)]
    BenchSimulate(bench_simulate::BenchSimulate),
    /// Print the help of every command as Markdown (for the documentation)
    #[command(hide = true)]
    HelpAll,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.globals.json;
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("LAOTIE_LOG").unwrap_or_else(|_| "warn,buoyant_kernel=off,delta_kernel=off".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(16 << 20) // deep query plans in unoptimised builds
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(cli)),
        Err(error) => Err(Failure::failed(error.into())),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(json),
    }
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let globals = cli.globals.with_file().map_err(Failure::usage)?;
    match cli.command {
        Command::Up(up) => up.run(&globals).await,
        Command::Record(record) => record.run(&globals).await,
        Command::Import(import) => import.run(&globals).await,
        Command::Schema(schema) => schema.run(),
        Command::Replay(replay) => replay.run(&globals).await,
        Command::Simulate(simulate) => Box::pin(simulate.run(&globals)).await,
        Command::Metric(metric) => metric.run(&globals).await,
        Command::Sql(sql) => sql.run(&globals).await,
        Command::Claim(claim) => claim.run(&globals).await,
        Command::Penalty(penalty) => penalty.run(&globals).await,
        Command::Report(report) => report.run(&globals).await,
        Command::Speech(speech) => speech.run(&globals),
        Command::Rule(rule) => Box::pin(rule.run(&globals)).await,
        Command::Account(account) => account.run(&globals).await,
        Command::Debt(debt) => debt.run(&globals).await,
        Command::Payout(payout) => payout.run(&globals).await,
        Command::Statement(statement) => statement.run(&globals).await,
        Command::SignIn(sign_in) => sign_in.run(&globals).await,
        Command::Key(key) => key.run(&globals).await,
        Command::Webhook(webhook) => webhook.run(&globals).await,
        Command::Openapi => {
            println!("{}", laotie_api::openapi().to_pretty_json().map_err(|e| Failure::failed(e.into()))?);
            Ok(())
        }
        Command::Crash(crash) => crash.run(&globals).await,
        Command::Audit(audit) => audit.run(&globals).await,
        Command::Bench(bench) => bench.run(&globals).await,
        Command::BenchClaims(claims) => claims.run(&globals).await,
        Command::BenchSimulate(simulate) => simulate.run(),
        Command::BenchScan(scan) => scan.run().await,
        Command::MarketReport(report) => report.run(&globals).await,
        Command::HelpAll => {
            output::help_all(Cli::command());
            Ok(())
        }
    }
}
