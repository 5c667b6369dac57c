//! Every metric document's own tests.

use laotie_analytics::{MetricDefinition, MetricQuery};

use crate::journal::{lake, rows};

fn documents() -> Vec<(String, String)> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook/metrics");
    let mut found: Vec<(String, String)> = std::fs::read_dir(dir)
        .expect("the rulebook is there")
        .map(|e| e.expect("readable").path())
        .map(|p| (p.file_stem().expect("a name").to_string_lossy().into_owned(), std::fs::read_to_string(&p).expect("readable")))
        .collect();
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_answers_its_documents_own_tests() {
    let mut failures = Vec::new();
    let mut tried = 0;
    for (name, text) in documents() {
        let metric = MetricDefinition::parse(&name, &text).unwrap_or_else(|e| panic!("{e}"));
        assert!(!metric.tests.is_empty(), "{name} has no test of its own");
        for test in &metric.tests {
            let dir = tempfile::tempdir().expect("a folder");
            let analytics = lake(dir.path()).await;
            analytics.publish(vec![(name.clone(), String::new(), text.clone())]).expect("valid");
            analytics.append(&rows(&test.facts)).await.unwrap_or_else(|e| panic!("{name}: {e:?}"));
            let query = MetricQuery {
                from: test.from.clone(),
                to: test.to.clone(),
                by: test.by.clone(),
                filter: test.filter.clone(),
                as_of: None,
                limit: None,
            };
            let expected: serde_json::Value = serde_json::from_str(&test.rows).unwrap_or_else(|e| panic!("{name}: rows: {e}"));
            match analytics.metric(&name, &query).await {
                Ok(answer) if serde_json::json!(answer.rows) == expected => {}
                Ok(answer) => failures.push(format!("{name}, {}: {}", test.name, serde_json::json!(answer.rows))),
                Err(error) => failures.push(format!("{name}, {}: {error:?}", test.name)),
            }
            tried += 1;
        }
    }
    assert!(failures.is_empty(), "{} of {tried} tests failed:\n{}", failures.len(), failures.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_market_answers_every_metric() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    let documents = documents();
    analytics.publish(documents.iter().map(|(n, t)| (n.clone(), String::new(), t.clone())).collect()).expect("valid");
    for (name, _) in documents {
        let answer = analytics.metric(&name, &MetricQuery::default()).await.unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert!(answer.rows.is_empty() && answer.maturity.final_through.is_none());
        let query = MetricQuery { from: Some("2026-01-01".into()), to: Some("2026-02-01".into()), ..MetricQuery::default() };
        analytics.metric(&name, &query).await.unwrap_or_else(|e| panic!("{name}: {e:?}"));
    }
}
