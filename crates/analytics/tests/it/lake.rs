//! The lake holds every row once, and other programs can read it.

use std::process::Command;

use laotie_analytics::{AnalyticsError, MetricQuery};
use serde_json::json;

use crate::journal::{lake, rows};

fn orders(n: usize) -> String {
    (0..n)
        .map(|i| {
            let day = 1 + i % 28;
            format!(
                r#"{{"source":"t","key":"o{i}/paid","kind":"order.paid","at":"2026-03-{day:02}T04:00:00Z","by":{{"actor":"p1"}},"body":{{"order":"o{i}","buyer":"b{}","shop":"s1","currency":"CNY","paid_minor":{},"lines":[{{"line":"1","item":"i{}","qty":2,"total_minor":{}}}]}}}}"#,
                i % 7, 100 + i, i % 3, 100 + i
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_lie_in_the_lake_once_however_often_they_are_sent() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows = rows(&orders(100));
    {
        let analytics = lake(dir.path()).await;
        analytics.append(&rows[..60]).await.expect("appends");
        analytics.append(&rows[..60]).await.expect("appends");
        assert_eq!(analytics.position(), 60);
    }
    // A crash after the commit and before the note of the position.
    std::fs::remove_file(dir.path().join("position")).expect("was there");
    let analytics = lake(dir.path()).await;
    assert_eq!(analytics.position(), 0);
    analytics.append(&rows).await.expect("appends");
    let found = analytics.sql("select count(*), count(distinct seq), sum(paid_minor) from order_paid", 10).await.expect("answers");
    assert_eq!(json!(found.rows), json!([[100, 100, 100 * 100 + 4950]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_can_be_asked_as_it_was_known() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    let rows = rows(&orders(10));
    analytics.append(&rows).await.expect("appends");
    let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook/metrics/gmv.toml"))
        .expect("readable");
    analytics.publish(vec![("gmv".into(), String::new(), text)]).expect("valid");
    let query = MetricQuery { as_of: Some(rows[3].seen), ..MetricQuery::default() };
    let answer = analytics.metric("gmv", &query).await.expect("answers");
    assert_eq!(json!(answer.rows), json!([{"value": 100 + 101 + 102 + 103}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn small_files_are_put_together_and_nothing_is_lost() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    let rows = rows(&orders(400));
    for some in rows.chunks(10) {
        analytics.append(some).await.expect("appends");
    }
    let done = analytics.maintain().await.expect("keeps up");
    assert_eq!(done.compacted, 1);
    let found = analytics.sql("select count(*), count(distinct \"order\") from orders", 1).await.expect("answers");
    assert_eq!(json!(found.rows), json!([[400, 400]]));
    analytics.append(&rows).await.expect("appends");
    let found = analytics.sql("select count(*) from order_paid", 1).await.expect("answers");
    assert_eq!(json!(found.rows), json!([[400]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_can_be_asked_for() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    let credit = r#"{"source":"t","key":"c","kind":"refund.paid","at":"2026-03-01T04:00:00Z","body":{"refund":"c","unlinked":true,"shop":"s","amount_minor":5,"currency":"CNY"}}"#;
    let linked = r#"{"source":"t","key":"d","kind":"refund.paid","at":"2026-03-01T05:00:00Z","body":{"refund":"d","order":"o","amount_minor":7,"currency":"CNY"}}"#;
    analytics.append(&rows(&format!("{credit}\n{linked}"))).await.expect("appends");
    for condition in ["unlinked", "unlinked = true", "coalesce(unlinked, false)", "\"order\" is null", "unlinked is true"] {
        let found = analytics.sql(&format!("select amount_minor from refund_paid where {condition}"), 9).await.expect("answers");
        assert_eq!(json!(found.rows), json!([[5]]), "where {condition}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_questions_are_answered() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    for statement in [
        "create table t (a int)",
        "insert into order_paid select * from order_paid",
        "drop table order_paid",
        "set datafusion.execution.batch_size = 1",
        "copy order_paid to 'x.parquet'",
        "create external table t stored as parquet location '/etc/passwd'",
        "delete from order_paid",
    ] {
        let error = analytics.sql(statement, 10).await.expect_err(statement);
        assert!(matches!(error, AnalyticsError::NotReadOnly { .. } | AnalyticsError::BadQuestion { .. }), "{statement}: {error:?}");
    }
    let error = analytics.sql("select nothing from order_paid", 10).await.expect_err("no such column");
    assert!(error.to_string().contains("nothing"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_programs_read_the_lake_as_it_lies() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    for some in rows(&orders(300)).chunks(100) {
        analytics.append(some).await.expect("appends");
    }
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read_lake.py");
    let output = Command::new("python3").arg(script).arg(dir.path().join("order_paid")).output().expect("python3 runs");
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.code() == Some(77) {
        let missing = String::from_utf8_lossy(&output.stderr);
        assert!(std::env::var_os("LAOTIE_TESTS_MANDATORY").is_none(), "{missing}");
        eprintln!("SKIPPED: other programs read the lake: {missing}");
        return;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = 300 * 100 + (0..300).sum::<usize>();
    assert_eq!(text.trim(), format!("deltalake 300 {expected}\nduckdb 300 {expected} 600"), "{text}");
}

fn gmv() -> Vec<(String, String, String)> {
    let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook/metrics/gmv.toml"))
        .expect("readable");
    vec![("gmv".into(), String::new(), text)]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voiding_heard_of_later_does_not_reach_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    let voiding = r#"{"source":"t","key":"v","kind":"fact.voided","at":"2026-03-30T04:00:00Z","body":{"source":"t","key":"o1/paid","reason":"mistake"}}"#;
    let rows = rows(&format!("{}\n{voiding}", orders(3)));
    analytics.append(&rows).await.expect("appends");
    analytics.publish(gmv()).expect("valid");
    let asked = |as_of| MetricQuery { as_of, ..MetricQuery::default() };
    let before = analytics.metric("gmv", &asked(Some(rows[2].seen))).await.expect("answers");
    assert_eq!(json!(before.rows), json!([{"value": 100 + 101 + 102}]));
    let now = analytics.metric("gmv", &asked(None)).await.expect("answers");
    assert_eq!(json!(now.rows), json!([{"value": 100 + 102}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_nest_too_deep_are_refused_and_the_program_lives() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    analytics.append(&rows(&orders(3))).await.expect("appends");
    analytics.publish(gmv()).expect("valid");
    let long = |unit: &str, n: usize| unit.repeat(n);
    for condition in [
        format!("{}true{}", long("(", 900), long(")", 900)),
        format!("{}true{}", long("(", 60), long(")", 60)),
        format!("{}true", long("true ? false : ", 120)),
        format!("{}true", long("!(", 400)),
        long("shop == 'x' || ", 5_000),
    ] {
        let query = MetricQuery { filter: Some(condition), ..MetricQuery::default() };
        assert!(matches!(analytics.metric("gmv", &query).await, Err(AnalyticsError::BadQuestion { .. })));
    }
    for sql in [
        format!("select 1{}", long("+1", 5_000)),
        format!("select 1{}", long(" union all select 1", 2_000)),
        format!("select {}1{}", long("(", 5_000), long(")", 5_000)),
        format!("select {} true", long("not ", 5_000)),
        format!("select 1{}", long(" ", 100_000)),
    ] {
        assert!(matches!(analytics.sql(&sql, 1).await, Err(AnalyticsError::BadQuestion { .. })), "{}", &sql[..40]);
    }
    // As deep as is allowed, everything is answered.
    let condition = format!("{}shop == 's1'{}", long("(", 24), long(")", 24));
    let query = MetricQuery { filter: Some(condition), ..MetricQuery::default() };
    assert_eq!(json!(analytics.metric("gmv", &query).await.expect("answers").rows), json!([{"value": 303}]));
    let many = (0..90).map(|i| format!("shop == '{i}'")).collect::<Vec<_>>().join(" || ");
    let query = MetricQuery { filter: Some(many), ..MetricQuery::default() };
    analytics.metric("gmv", &query).await.expect("answers");
    for sql in [
        format!("select max(seq{}) from order_paid", long("+seq", 290)),
        format!("select count(*) from order_paid where seq = 1{}", long(" or seq = 7", 140)),
    ] {
        analytics.sql(&sql, 1).await.expect("answers");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_of_all_kinds_stand_in_one_view_even_in_an_empty_market() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    assert!(analytics.sql("select * from facts", 10).await.expect("answers").rows.is_empty());
    analytics.append(&rows(&orders(1))).await.expect("appends");
    let found = analytics.sql("select kind, by_actor, because, rules from facts", 10).await.expect("answers");
    assert_eq!(json!(found.rows), json!([["order.paid", "p1", [], []]]));
    let freight = analytics.sql("select freight_minor from orders", 10).await.expect("answers");
    assert_eq!(json!(freight.rows), json!([[0]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_questions_say_what_is_wrong() {
    let dir = tempfile::tempdir().expect("a folder");
    let analytics = lake(dir.path()).await;
    analytics.append(&rows(&orders(3))).await.expect("appends");
    analytics.publish(gmv()).expect("valid");
    let query = MetricQuery { filter: Some("shop == 3".into()), ..MetricQuery::default() };
    let error = analytics.metric("gmv", &query).await.expect_err("a text is no number");
    assert!(matches!(error, AnalyticsError::BadQuestion { .. }), "{error:?}");
    let twice = MetricQuery { by: vec!["month".into(), "month".into()], ..MetricQuery::default() };
    assert_eq!(json!(analytics.metric("gmv", &twice).await.expect("answers").rows), json!([{"month": "2026-03", "value": 303}]));
    assert!(!analytics.sql("explain select 1", 10).await.expect("answers").rows.is_empty());
    assert!(!analytics.sql("describe order_paid", 100).await.expect("answers").rows.is_empty());
}
