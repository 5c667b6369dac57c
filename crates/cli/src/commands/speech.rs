//! `laotie speech`.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use laotie_speech::{Finding, ItemFacts, Reader, Verdict, shipped};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::globals::{Globals, Lang};
use crate::output::{Failure, print_json};

/// Longest line.
const LINE_MAX: u64 = 64 << 20;

/// What hosts say: false claims in sentences
#[derive(Debug, Subcommand)]
pub(crate) enum SpeechCommand {
    /// Check sentences, one JSON object a line with `id`, `text` and, where known, `product`
    Check(Check),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  laotie speech check script.jsonl --lang zh\n  echo '{\"id\":\"1\",\"text\":\"这个枕头专治颈椎病\"}' | laotie speech check --json"
)]
pub(crate) struct Check {
    /// A file of sentences; `-` or nothing is standard input
    file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Sentence {
    id: String,
    text: String,
    #[serde(default)]
    product: Option<ItemFacts>,
}

impl SpeechCommand {
    pub(crate) fn run(&self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Check(check) => check.run(globals),
        }
    }
}

impl Check {
    fn run(&self, globals: &Globals) -> Result<(), Failure> {
        let book = shipped().map_err(|e| Failure::failed(anyhow::anyhow!("the shipped rule packs: {e}")))?;
        let reader = Reader::new(book);
        let (name, mut input): (String, Box<dyn BufRead>) = match self.file.as_deref().filter(|f| f.as_os_str() != "-") {
            Some(path) => {
                let file = std::fs::File::open(path).map_err(|e| Failure::usage(anyhow::anyhow!("{}: {e}", path.display())))?;
                (path.display().to_string(), Box::new(BufReader::new(file)))
            }
            None => ("standard input".to_owned(), Box::new(std::io::stdin().lock())),
        };
        let (mut number, mut bad, mut breaches, mut sentences) = (0_u64, 0_u64, 0_usize, 0_u64);
        loop {
            number += 1;
            let mut line = Vec::new();
            let read = (&mut input).take(LINE_MAX).read_until(b'\n', &mut line);
            if read.map_err(|e| Failure::failed(anyhow::anyhow!("{name}: {e}")))? == 0 {
                break;
            }
            if line.len() as u64 == LINE_MAX && line.last() != Some(&b'\n') {
                return Err(Failure::usage(anyhow::anyhow!("{name}, line {number}: longer than {LINE_MAX} bytes; a line is one sentence")));
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice::<Sentence>(&line) {
                Ok(sentence) => {
                    sentences += 1;
                    let findings = reader.read(&sentence.text, sentence.product.as_ref());
                    breaches += findings.iter().filter(|f| f.is_breach()).count();
                    if globals.json {
                        print_json(&answer(&sentence.id, &findings, globals.lang()));
                    } else {
                        tell(&sentence, &findings, globals.lang());
                    }
                }
                Err(error) => {
                    bad += 1;
                    eprintln!("laotie: {name}, line {number}: {error}; it is passed over");
                }
            }
        }
        if !globals.json {
            println!("{sentences} sentences, {breaches} breaches; packs {}", book.versions().join(", "));
        }
        if bad > 0 {
            return Err(Failure::usage(anyhow::anyhow!(
                "{name}: {bad} lines are no sentences; each needs an object with `id` and `text` (both strings), and may have `product`"
            )));
        }
        Ok(())
    }
}

fn worded(finding: &Finding, lang: Lang) -> (&str, &str) {
    match lang {
        Lang::Zh => (&finding.why_zh, &finding.suggestion_zh),
        Lang::En => (&finding.why_en, &finding.suggestion_en),
    }
}

fn answer(id: &str, findings: &[Finding], lang: Lang) -> Value {
    let breaches = || findings.iter().filter(|f| f.is_breach());
    let mut labels: Vec<&str> = breaches().map(|f| f.code.as_str()).collect();
    labels.sort_unstable();
    labels.dedup();
    let spans: Vec<Value> = breaches().map(|f| json!([f.span.start, f.span.end, f.code])).collect();
    let all: Vec<Value> = findings
        .iter()
        .map(|f| {
            let (why, suggestion) = worded(f, lang);
            json!({
                "code": f.code, "span": [f.span.start, f.span.end], "verdict": f.verdict, "confidence": f64::from(f.confidence_ppm) / 1e6,
                "why": why, "fact": f.fact, "clause": f.clause, "suggestion": suggestion, "rule": f.rule, "severity": f.severity,
            })
        })
        .collect();
    json!({ "id": id, "labels": labels, "spans": spans, "findings": all })
}

fn tell(sentence: &Sentence, findings: &[Finding], lang: Lang) {
    for finding in findings.iter().filter(|f| f.verdict != Verdict::Confirmed) {
        let said: String = sentence.text.chars().skip(finding.span.start).take(finding.span.end - finding.span.start).collect();
        let (why, suggestion) = worded(finding, lang);
        let mark = match (finding.is_breach(), lang) {
            (true, Lang::Zh) => "违规",
            (true, Lang::En) => "breach",
            (false, Lang::Zh) => "提示",
            (false, Lang::En) => "hint",
        };
        println!("{}  {mark}  {}  {said}\n    {why}\n    {}\n    {suggestion}", sentence.id, finding.code, finding.clause);
    }
}
