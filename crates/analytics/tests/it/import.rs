//! Files into facts.

use std::path::{Path, PathBuf};

use laotie_analytics::import::{Import, ImportError, ImportPlan, Mapping, RefusedRow, TableTotals, Totals};
use laotie_facts::Incoming;
use serde_json::{Value, json};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn mapping(name: &str) -> Mapping {
    let text = std::fs::read_to_string(root().join(format!("rulebook/mappings/{name}.toml"))).expect("readable");
    Mapping::parse(name, &text).unwrap_or_else(|e| panic!("{e}"))
}

fn plan(name: &str, files: Vec<PathBuf>, checkpoints: Option<PathBuf>) -> ImportPlan {
    let files = files.into_iter().map(|f| (None, f)).collect();
    ImportPlan { mapping: mapping(name), files, memory_limit_bytes: 512 << 20, salt: b"salt".to_vec(), checkpoints }
}

struct Read {
    facts: Vec<Incoming>,
    refused: Vec<RefusedRow>,
    totals: Totals,
    tables: Vec<TableTotals>,
}

/// Reads to the end, or to the `stop`th batch; every batch is durable at once.
async fn read_to(plan: ImportPlan, stop: usize) -> Result<Read, ImportError> {
    let mut import = Import::open(plan).await?;
    let mut read = Read { facts: Vec::new(), refused: Vec::new(), totals: Totals::default(), tables: Vec::new() };
    for _ in 0..stop {
        let Some(batch) = import.next().await? else { break };
        assert_eq!(batch.facts.len(), batch.places.len());
        read.facts.extend(batch.facts);
        read.refused.extend(batch.refused);
        import.done(batch.id);
    }
    read.totals = import.totals();
    read.tables = import.tables();
    Ok(read)
}

async fn read(plan: ImportPlan) -> Read {
    read_to(plan, usize::MAX).await.unwrap_or_else(|e| panic!("{e:?}"))
}

fn whole(read: &Read) -> bool {
    for table in &read.tables {
        assert_eq!(table.unaccounted(), 0, "{table:?}");
    }
    read.totals.read == u64::try_from(read.facts.len() + read.refused.len()).expect("few") + read.totals.left_out + read.totals.skipped
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shipped_shop_adds_up_to_the_penny() {
    let read = read(plan("online-retail", vec![root().join("examples/online-retail/online_retail.parquet")], None)).await;
    assert!(whole(&read));
    assert!(read.refused.is_empty(), "{:?}", read.refused.first());
    let body = |f: &Incoming| serde_json::from_str::<Value>(&f.body_text).expect("JSON");
    let (mut orders, mut gmv, mut credits, mut back) = (0, 0, 0, 0);
    for fact in &read.facts {
        if fact.kind().name() == "order.paid" {
            orders += 1;
            gmv += body(fact)["paid_minor"].as_i64().expect("money");
        } else {
            credits += 1;
            back += body(fact)["amount_minor"].as_i64().expect("money");
        }
    }
    if let Some(expected) = independent("independent_online_retail.py", &root().join("examples/online-retail/online_retail.parquet")) {
        assert_eq!(expected, format!("orders {orders} gmv {gmv} credits {credits} credited {back}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn read_twice_it_yields_the_same_facts() {
    let file = root().join("examples/online-retail/online_retail.parquet");
    let once = read(plan("online-retail", vec![file.clone()], None)).await;
    let twice = read(plan("online-retail", vec![file], None)).await;
    assert!(once.facts == twice.facts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_import_goes_on_where_it_was() {
    let file = root().join("examples/online-retail/online_retail.parquet");
    let kept = tempfile::tempdir().expect("a folder");
    let whole_run = read(plan("online-retail", vec![file.clone()], None)).await;
    let first = read_to(plan("online-retail", vec![file.clone()], Some(kept.path().to_owned())), 9).await.expect("reads");
    let rest = read(plan("online-retail", vec![file.clone()], Some(kept.path().to_owned()))).await;
    assert!(whole(&rest) && rest.totals.skipped >= u64::try_from(first.facts.len()).expect("few"));
    assert_eq!(first.facts.len() + rest.facts.len(), whole_run.facts.len());
    let nothing = read(plan("online-retail", vec![file], Some(kept.path().to_owned()))).await;
    assert!(nothing.facts.is_empty() && nothing.totals.read == whole_run.totals.read);
}

/// Runs a script beside the tests; `None` when its Python packages are missing.
fn independent(script: &str, of: &Path) -> Option<String> {
    let output = std::process::Command::new("python3")
        .arg(root().join("crates/analytics/tests").join(script))
        .arg(of)
        .output()
        .expect("python3 runs");
    if output.status.code() == Some(77) {
        assert!(std::env::var_os("LAOTIE_TESTS_MANDATORY").is_none(), "pyarrow is missing");
        eprintln!("SKIPPED: the independent computation needs the Python package pyarrow");
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_of_olist_adds_up_to_the_centavo() {
    let folder = root().join("../shared/data/olist");
    if !folder.is_dir() {
        eprintln!("SKIPPED: {} is not there; the tables are not ours to ship", folder.display());
        return;
    }
    let files: Vec<PathBuf> = std::fs::read_dir(&folder).expect("readable").map(|e| e.expect("an entry").path()).collect();
    let files: Vec<PathBuf> = files.into_iter().filter(|f| f.extension().is_some_and(|e| e == "parquet")).collect();
    assert_eq!(files.len(), 8);
    let read = read(plan("olist", files, None)).await;
    assert!(whole(&read) && read.refused.is_empty(), "{:?}", read.refused.first());
    let (kinds, paid, _) = sums(&read);
    let of = |kind: &str| kinds.iter().find(|(k, _)| k == kind).map_or(0, |(_, n)| *n);
    if let Some(expected) = independent("independent_olist.py", &folder) {
        assert_eq!(expected, format!("parts {} paid {paid} reviews {}", of("order.paid"), of("review.posted")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_olist_may_be_dirty_and_missing() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("writes");
        path
    };
    let orders = write(
        "olist_orders_dataset.csv",
        "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date\n\
         a,c1,delivered,2018-01-02 10:00:00,2018-01-02 10:10:00,2018-01-03 08:00:00,2018-01-09 12:00:00,2018-01-20 00:00:00\n\
         a,c1,delivered,2018-01-02 10:00:00,2018-01-02 10:10:00,,,\n\
         b,c2,canceled,2018-01-05 10:00:00,2018-01-05 11:00:00,,,\n\
         c,c3,created,2018-01-06 10:00:00,,,,\n\
         d,c4,delivered,not a time,,,,\n",
    );
    let items = write(
        "olist_order_items_dataset.csv",
        "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n\
         a,1,p1,s1,,19.90,3.10\na,2,p2,s2,,5.00,1.00\nb,1,p1,s1,,19.90,3.10\nb,2,p1,s1,,dear,3.10\nz,1,p9,s1,,1.00,0\n",
    );
    let read_orders = read(plan("olist", vec![orders.clone(), items], None)).await;
    assert!(whole(&read_orders));
    let (found, paid, _) = sums(&read_orders);
    assert_eq!(
        found,
        kinds(&[("order.cancelled", 1), ("order.dispatched", 2), ("order.paid", 3), ("order.picked_up", 2), ("order.signed", 2)]),
        "an order of two sellers is two orders here"
    );
    assert_eq!(paid, 2_300 + 600 + 2_300);
    let fields: Vec<&str> = read_orders.refused.iter().map(|r| r.field.as_str()).collect();
    assert_eq!(fields, ["order_purchase_timestamp", "price"], "{:?}", read_orders.refused);
    let alone = read(plan("olist", vec![orders], None)).await;
    assert!(alone.facts.is_empty() && whole(&alone), "without items there is no order, and no failure");
}

/// What was sold and paid back, in minor units, and how many facts of each kind.
fn sums(read: &Read) -> (Vec<(String, usize)>, i64, i64) {
    let mut kinds = std::collections::BTreeMap::<String, usize>::new();
    let (mut paid, mut back) = (0, 0);
    for fact in &read.facts {
        *kinds.entry(fact.kind().name().to_owned()).or_default() += 1;
        let body: Value = serde_json::from_str(&fact.body_text).expect("JSON");
        paid += body["paid_minor"].as_i64().unwrap_or(0);
        back += body["amount_minor"].as_i64().unwrap_or(0);
    }
    (kinds.into_iter().collect(), paid, back)
}

fn kinds(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
    expected.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_shopify_is_read() {
    let read = read(plan("shopify-orders", vec![root().join("examples/shopify-orders/orders_export_1.csv")], None)).await;
    assert!(whole(&read) && read.refused.is_empty(), "{:?}", read.refused);
    let (found, paid, back) = sums(&read);
    assert_eq!(found, kinds(&[("order.cancelled", 1), ("order.dispatched", 3), ("order.paid", 5), ("refund.paid", 2)]));
    assert_eq!((paid, back), (32_800 + 23_040 + 10_600 + 14_000 + 38_400, 11_520 + 14_000));
    assert_eq!(read.totals.left_out, 1, "one was never paid");
    let body = |i: usize| serde_json::from_str::<Value>(&read.facts[i].body_text).expect("JSON");
    assert_eq!(body(0)["lines"].as_array().map(Vec::len), Some(2));
    assert_eq!(body(0)["buyer"], body(4)["buyer"], "who buys twice is one buyer");
    assert_eq!(body(1)["discounts"][0]["amount_minor"], 2_560);
    assert!(body(2).get("buyer").is_none(), "a guest");
    assert_eq!(body(2)["adjustments"][0]["amount_minor"], 600);
    assert!(!read.facts.iter().any(|f| f.body_text.contains("example.com")), "addresses stay outside");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_of_woocommerce_is_read() {
    let read = read(plan("woocommerce-orders", vec![root().join("examples/woocommerce-orders/orders-export.csv")], None)).await;
    assert!(whole(&read) && read.refused.is_empty(), "{:?}", read.refused);
    let (found, paid, back) = sums(&read);
    assert_eq!(found, kinds(&[("order.paid", 4), ("refund.paid", 2)]));
    assert_eq!((paid, back), (6_590 + 5_990 + 4_165 + 7_500, 4_165 + 1_250));
    assert_eq!(read.totals.left_out, 1, "one was never paid");
    let coupon: Value = serde_json::from_str(&read.facts[1].body_text).expect("JSON");
    assert_eq!(coupon["discounts"][0]["amount_minor"], 600);
}

#[test]
fn a_setting_is_one_of_the_mapping() {
    let mut shop = mapping("shopify-orders");
    shop.set("shop", "tea-house").expect("is one");
    shop.set("zone", "Asia/Shanghai").expect("is one");
    let unknown = shop.set("colour", "red").expect_err("is none").to_string();
    assert!(unknown.contains("colour") && unknown.contains("shop"), "{unknown}");
    assert!(shop.set("zone", "Mars/Olympus").is_err() && shop.set("currency", "beans").is_err());
}

/// A webhook's facts: kind and body.
fn told(name: &str, topic: &str, body: &Value) -> Vec<(String, Value)> {
    let facts = mapping(name).facts_of_webhook(topic, body, b"salt").unwrap_or_else(|e| panic!("{e}"));
    let facts = facts.into_iter().map(|f| f.unwrap_or_else(|e| panic!("{e:?}")));
    facts.map(|f| (f.kind().name().to_owned(), serde_json::from_str(&f.body_text).expect("JSON"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_of_shopify_tells_the_order() {
    let order = json!({
        "id": 5501, "name": "#1001", "email": "LIN@example.com", "currency": "CNY", "processed_at": "2026-10-01T09:12:40+08:00",
        "total_price": "334.00", "total_discounts": "0.00", "total_shipping_price_set": {"shop_money": {"amount": "12.00", "currency_code": "CNY"}},
        "shipping_address": {"country": "China"},
        "line_items": [
            {"id": 1, "sku": "LJ-100", "name": "West Lake Longjing, 100 g", "quantity": 2, "price": "128.00"},
            {"id": 2, "sku": null, "name": "Tea tin", "quantity": 1, "price": "60.00"}],
    });
    let facts = told("shopify-orders", "orders/paid", &order);
    assert_eq!(facts.len(), 1);
    let (kind, body) = &facts[0];
    assert_eq!((kind.as_str(), body["paid_minor"].as_i64()), ("order.paid", Some(33_400)));
    assert_eq!(body["adjustments"][0]["amount_minor"], 600);
    assert_eq!(body["lines"][1]["item"], "Tea tin");
    let export = read(plan("shopify-orders", vec![root().join("examples/shopify-orders/orders_export_1.csv")], None)).await;
    let exported: Value = serde_json::from_str(&export.facts[0].body_text).expect("JSON");
    assert_eq!(body["buyer"], exported["buyer"], "a buyer has one id, whichever way the order came");
    assert!(told("shopify-orders", "products/update", &order).is_empty());
}

#[test]
fn a_webhook_of_woocommerce_tells_the_order_and_its_dispatch() {
    let order = json!({
        "id": 2101, "number": "2101", "status": "completed", "currency": "JPY", "date_paid_gmt": "2026-09-03T08:14:22",
        "date_completed_gmt": "2026-09-04T09:00:00", "total": "6590", "discount_total": "0", "shipping_total": "590", "customer_id": 17,
        "billing": {"email": ""}, "shipping": {"country": "JP"},
        "line_items": [{"id": 1, "product_id": 301, "sku": "", "name": "Linen apron", "quantity": 2, "subtotal": "6000"}],
    });
    let facts = told("woocommerce-orders", "order.updated", &order);
    let (paid, sent) = (&facts[0], &facts[1]);
    assert_eq!((paid.0.as_str(), sent.0.as_str(), facts.len()), ("order.paid", "order.dispatched", 2));
    assert_eq!((paid.1["paid_minor"].as_i64(), paid.1["buyer"].as_str()), (Some(6_590), Some("17")), "yen have no minor unit");
    assert!(mapping("online-retail").facts_of_webhook("", &order, b"").is_err(), "takes none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_import_tells_its_bad_rows_again_and_leaves_nothing_behind() {
    let dir = tempfile::tempdir().expect("a folder");
    let (file, kept) = (dir.path().join("online_retail_stop.csv"), dir.path().join("kept"));
    let lines: Vec<String> = (0..4_000)
        .map(|n| format!("{n},A,thing,2,2011-01-05 10:00:00,{},77,France\n", if n % 1_000 == 7 { "dear" } else { "1.50" }))
        .collect();
    std::fs::write(&file, format!("{HEADER}{}", lines.concat())).expect("writes");
    let first = read_to(plan("online-retail", vec![file.clone()], Some(kept.clone())), 2).await.expect("reads");
    assert_eq!((first.facts.len(), first.refused.len()), (2_000, 4));
    assert!(std::fs::read_dir(&kept).expect("a folder").count() > 2, "what was read is kept");
    let rest = read(plan("online-retail", vec![file.clone()], Some(kept.clone()))).await;
    assert_eq!((rest.facts.len(), rest.refused.len(), rest.totals.skipped), (1_996, 4, 2_000));
    assert!(whole(&rest) && rest.tables[0].read == 4_000 && rest.tables[0].refused == 4, "{:?}", rest.tables);
    let left: Vec<_> = std::fs::read_dir(&kept).expect("a folder").map(|e| e.expect("an entry").file_name()).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let nothing = read(plan("online-retail", vec![file], Some(kept))).await;
    assert!(nothing.facts.is_empty() && nothing.totals.read == rest.totals.read, "{:?}", nothing.totals);
}

const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

async fn csv(bytes: &[u8]) -> Result<Read, ImportError> {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("online_retail_test.csv");
    std::fs::write(&file, bytes).expect("writes");
    read_to(plan("online-retail", vec![file], None), usize::MAX).await
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_are_refused_with_their_line_and_the_others_stand() {
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend(b"1,A,thing,2,2011-01-05 10:00:00,1.50,77,France\n2,B,too,few\n3,C,\xff\xfe,1,2011-01-05 10:00:00,1,77,France\n");
    bytes.extend(b"4,D,bad time,1,yesterday,1,77,France\n5,E,\"a, quoted \"\"one\"\"\",1,1/6/2011 9:05,0.10,,Spain\r\n");
    let read = csv(&bytes).await.expect("reads");
    assert!(whole(&read));
    assert_eq!(read.facts.len(), 2);
    let places: Vec<(i64, &str)> = read.refused.iter().map(|r| (r.row, r.field.as_str())).collect();
    assert_eq!(places, [(3, ""), (4, "Description"), (5, "InvoiceDate")], "{:?}", read.refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_line_is_refused_without_eating_the_memory() {
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend(b"1,A,thing,2,2011-01-05 10:00:00,1.50,77,France\n2,B,");
    bytes.resize(bytes.len() + (64 << 20), b'x');
    bytes.extend(b"\n3,C,thing,2,2011-01-05 10:00:00,1.50,77,France\n");
    let read = csv(&bytes).await.expect("reads");
    assert_eq!(read.facts.len(), 2);
    assert_eq!(read.refused.len(), 1, "{:?}", read.refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_does_not_fit_is_told_by_name() {
    let error = csv(b"InvoiceNo,StockCode\n1,A\n").await.err().expect("is refused").to_string();
    assert!(error.contains("InvoiceDate") && error.contains("online_retail_test.csv"), "{error}");
    let error = csv(b"").await.err().expect("is refused").to_string();
    assert!(error.contains("empty"), "{error}");
    let missing = read_to(plan("online-retail", vec![PathBuf::from("online_retail_gone.csv")], None), 1).await.err().expect("is refused");
    assert!(missing.to_string().contains("no such file"), "{missing}");
    let none = read_to(plan("online-retail", Vec::new(), None), 1).await.err().expect("is refused");
    assert!(none.to_string().contains("online_retail*"), "{none}");
}

/// Prints what an import costs: `LAOTIE_IMPORT=FILE cargo test … import_speed -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn import_speed() {
    let file = std::env::var_os("LAOTIE_IMPORT").map_or_else(|| root().join("examples/online-retail/online_retail.parquet"), PathBuf::from);
    let name = std::env::var("LAOTIE_MAPPING").unwrap_or_else(|_| "online-retail".to_owned());
    let mut plan = plan(&name, vec![file], None);
    if let Some(limit) = std::env::var("LAOTIE_MEMORY_MIB").ok().and_then(|m| m.parse::<usize>().ok()) {
        plan.memory_limit_bytes = limit << 20;
    }
    let mut import = Import::open(plan).await.expect("opens");
    let (mut facts, mut refused) = (0, 0);
    while let Some(batch) = import.next().await.unwrap_or_else(|e| panic!("{e:?}")) {
        facts += batch.facts.len();
        refused += batch.refused.len();
        import.done(batch.id);
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or_default();
    eprintln!("{facts} facts, {refused} refused, {:?}, {:?}, {peak}", import.totals(), import.tables());
}
