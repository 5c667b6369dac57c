//! Answers, tables, progress and failures as people and programs want them.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::StyledStr;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

/// Why a command ends badly: 1 when it failed, 2 when the input or usage is at fault.
#[derive(Debug)]
pub(crate) struct Failure {
    error: anyhow::Error,
    code: u8,
}

impl Failure {
    /// It failed.
    pub(crate) fn failed(error: anyhow::Error) -> Self {
        Self { error, code: 1 }
    }

    /// The input or usage is at fault.
    pub(crate) fn usage(error: anyhow::Error) -> Self {
        Self { error, code: 2 }
    }

    /// Says it on standard error and gives the exit code.
    pub(crate) fn tell(&self, as_json: bool) -> ExitCode {
        let text = self.to_string();
        if as_json {
            eprintln!("{}", json!({ "error": text }));
        } else {
            eprintln!("laotie: {text}");
        }
        ExitCode::from(self.code)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::failed(error)
    }
}

/// Prints one JSON document.
pub(crate) fn print_json(value: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = serde_json::to_writer(&mut out, value);
    let _ = writeln!(out);
}

/// Prints rows in columns as wide as their widest cell.
pub(crate) fn print_table(header: &[String], rows: &[Vec<String>]) {
    let width = |text: &str| text.chars().map(|c| if c > '\u{1100}' { 2 } else { 1 }).sum::<usize>();
    let columns = header.len();
    let widest: Vec<usize> = (0..columns)
        .map(|i| rows.iter().map(|r| r.get(i).map_or(0, |c| width(c))).chain([width(&header[i])]).max().unwrap_or(0).min(60))
        .collect();
    let mut out = std::io::stdout().lock();
    let mut line = |cells: &[String]| {
        let padded: Vec<String> =
            cells.iter().zip(&widest).map(|(c, w)| format!("{c}{}", " ".repeat(w.saturating_sub(width(c))))).collect();
        let _ = writeln!(out, "{}", padded.join("  ").trim_end());
    };
    line(header);
    line(&widest.iter().map(|w| "─".repeat(*w)).collect::<Vec<_>>());
    for row in rows {
        line(row);
    }
}

/// A value as a cell.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(n) if n.is_f64() => format!("{:.4}", n.as_f64().unwrap_or(0.0)),
        other => other.to_string(),
    }
}

/// A progress bar on standard error; silent where that is no terminal.
pub(crate) fn progress(total: Option<u64>, what: &str) -> ProgressBar {
    let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    let template = if total.is_some() {
        "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}"
    } else {
        "{spinner} {msg} {human_pos} ({per_sec}) {elapsed}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// The help of every command, as Markdown.
pub(crate) fn help_all(mut root: clap::Command) {
    root = root.term_width(100);
    root.build();
    println!("# Commands\n\nPrinted by `laotie help-all`; do not edit.\n");
    tell(&mut root, "laotie");
}

fn tell(command: &mut clap::Command, path: &str) {
    let help: StyledStr = command.render_long_help();
    println!("## `{path}`\n\n```text\n{}\n```\n", help.to_string().trim_end());
    for sub in command.get_subcommands_mut() {
        if sub.get_name() != "help" && !sub.is_hide_set() {
            let path = format!("{path} {}", sub.get_name());
            tell(sub, &path);
        }
    }
}
