//! Mutated mappings and mutated files: whatever comes, nothing panics, no row goes missing, and a refusal gives its reason.
//!
//! Runs for `LAOTIE_FUZZ_SECONDS` (5 by default). What breaks a rule is written to `tests/corpus/`, where it is tried first
//! ever after, with the shipped mapping as it stands then; commit it with its mending.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use laotie_analytics::import::{Import, ImportPlan, Mapping};
use tokio::time::Instant;

use crate::import::root;

/// Numbers that follow from a seed (`SplitMix64`, Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % n.max(1) as u64).expect("below n")
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

const PIECES: [&[u8]; 24] = [
    b"",
    b"\"",
    b"'''",
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"null",
    b"-1",
    b"1e400",
    b"9223372036854775808",
    b"NaN",
    b"[[",
    b"]]",
    b"{",
    b"}",
    b"select",
    b"not a time",
    b"2026-02-30 25:61:00",
    b"\xe8\x80\x81\xe9\x93\x81",
    b"= true",
    b"\\u0000",
];

fn mutated(dice: &mut Dice, seed: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(4) {
        let (from, length) = (dice.below(bytes.len() + 1), dice.below(24));
        let to = (from + length).min(bytes.len());
        match dice.below(5) {
            0 => drop(bytes.drain(from..to)),
            1 => drop(bytes.splice(from..to, dice.of(&PIECES).iter().copied())),
            2 => {
                let again = bytes[from..to].to_vec();
                drop(bytes.splice(from..from, again));
            }
            3 if from < bytes.len() => bytes[from] ^= 1 << dice.below(8),
            _ => bytes.truncate(bytes.len() - dice.below(bytes.len() / 4 + 1)),
        }
    }
    bytes
}

/// The mapping of a case.
#[derive(Clone)]
enum Mapped {
    /// One of the rulebook, as it stands when the case is tried: of it each row is accounted for.
    Shipped(String),
    /// A text of the case's own.
    Text(Vec<u8>),
}

/// What is tried: a mapping over a file of some name and content.
#[derive(Clone)]
struct Case {
    mapping: Mapped,
    file: String,
    data: Vec<u8>,
}

impl Case {
    /// The file's name, then the mapping's name or the length of its text, each in a line; then text and data.
    fn to_bytes(&self) -> Vec<u8> {
        let (named, text) = match &self.mapping {
            Mapped::Shipped(name) => (name.clone(), &[][..]),
            Mapped::Text(text) => (text.len().to_string(), text.as_slice()),
        };
        [self.file.as_bytes(), b"\n", named.as_bytes(), b"\n", text, &self.data].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut parts = bytes.splitn(3, |b| *b == b'\n');
        let (file, named, rest) = (parts.next()?, std::str::from_utf8(parts.next()?).ok()?, parts.next()?);
        let (mapping, data) = match named.parse() {
            Ok(length) => rest.split_at_checked(length).map(|(text, data)| (Mapped::Text(text.to_vec()), data))?,
            Err(_) => (Mapped::Shipped(named.to_owned()), rest),
        };
        Some(Self { mapping, file: String::from_utf8(file.to_vec()).ok()?, data: data.to_vec() })
    }

    fn mapping_text(&self) -> Vec<u8> {
        match &self.mapping {
            Mapped::Shipped(name) => read(&format!("rulebook/mappings/{name}.toml")),
            Mapped::Text(text) => text.clone(),
        }
    }
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The first rule that a case breaks.
async fn broken_rule(case: &Case, dir: &Path) -> Option<String> {
    let shipped = matches!(case.mapping, Mapped::Shipped(_));
    let text = String::from_utf8(case.mapping_text()).ok()?;
    let mapping = match Mapping::parse("fuzzed", &text) {
        Ok(mapping) => mapping,
        Err(error) => return error.reason.trim().is_empty().then(|| "a mapping is refused without a reason".to_owned()),
    };
    let path = dir.join(&case.file);
    std::fs::write(&path, &case.data).expect("writes");
    let plan = ImportPlan { mapping, files: vec![(None, path)], memory_limit_bytes: 64 << 20, salt: b"salt".to_vec(), checkpoints: None };
    let reading = async {
        let mut import = match Import::open(plan).await {
            Ok(import) => import,
            Err(error) => return error.to_string().trim().is_empty().then(|| "a file is refused without a reason".to_owned()),
        };
        let (mut facts, mut refused) = (0_u64, 0_u64);
        loop {
            match import.next().await {
                Ok(Some(batch)) => {
                    if batch.refused.iter().any(|r| r.reason.trim().is_empty()) {
                        return Some("a row is refused without a reason".to_owned());
                    }
                    facts += batch.facts.len() as u64;
                    refused += batch.refused.len() as u64;
                    import.done(batch.id);
                }
                Ok(None) => break,
                Err(error) => return error.to_string().trim().is_empty().then(|| "it fails without a reason".to_owned()),
            }
        }
        let totals = import.totals();
        if totals.read != facts + refused + totals.left_out + totals.skipped {
            return Some(format!("{facts} facts and {refused} refused of {totals:?}"));
        }
        // Only of a mapping that is whole can be asked that each row is in one place.
        import.tables().into_iter().find(|t| shipped && t.unaccounted() != 0).map(|t| format!("rows are missing: {t:?}"))
    };
    // A mutated query may join everything with everything; that it takes long is no fault.
    tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap_or(None)
}

fn seeds() -> Vec<Case> {
    let invoices = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
                    1,A,\"thing, \"\"blue\"\"\",2,2011-01-05 10:00:00,1.50,77,France\n1,B,other,1,2011-01-05 10:00:00,0.001,77,France\n\
                    C2,A,thing,-2,2011-01-06 10:00:00,1.50,77,France\nA3,B,debt,1,2011-01-07 10:00:00,-9.00,,UK\n4,A,gone,-5,2011-01-08 10:00:00,0,,UK\n";
    let lines: String = invoices
        .lines()
        .skip(1)
        .map(|_| "{\"InvoiceNo\":\"9\",\"StockCode\":\"A\",\"Quantity\":2,\"InvoiceDate\":\"2011-01-05 10:00:00\",\"UnitPrice\":1.5}\n")
        .collect();
    let orders = "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at\na,c,delivered,2018-01-02 10:00:00,2018-01-02 10:10:00\n";
    let case =
        |mapping: &str, file: &str, data: Vec<u8>| Case { mapping: Mapped::Shipped(mapping.to_owned()), file: file.to_owned(), data };
    vec![
        case("online-retail", "online_retail.csv", invoices.as_bytes().to_vec()),
        case("online-retail", "online_retail.jsonl", lines.into_bytes()),
        case("shopify-orders", "orders_export_1.csv", read("examples/shopify-orders/orders_export_1.csv")),
        case("woocommerce-orders", "orders-export.csv", read("examples/woocommerce-orders/orders-export.csv")),
        case("olist", "olist_orders_dataset.csv", orders.as_bytes().to_vec()),
        case("online-retail", "online_retail.parquet", small_parquet()),
    ]
}

/// A Parquet file of two columns that no mapping expects alone; what matters is its framing.
fn small_parquet() -> Vec<u8> {
    use deltalake::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
    let text = |t: &'static str| Arc::new(StringArray::from(vec![t; 50])) as ArrayRef;
    let batch = RecordBatch::try_from_iter([
        ("InvoiceNo", text("7")),
        ("StockCode", text("A")),
        ("Quantity", Arc::new(Int64Array::from(vec![2; 50])) as ArrayRef),
        ("InvoiceDate", text("2011-01-05 10:00:00")),
        ("UnitPrice", Arc::new(Float64Array::from(vec![1.5; 50])) as ArrayRef),
    ])
    .expect("one length");
    let mut bytes = Vec::new();
    let mut writer = deltalake::parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("opens");
    writer.write(&batch).expect("writes");
    writer.close().expect("closes");
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn fuzz_mapping_reader() {
    let number = |name: &str| std::env::var(name).ok().and_then(|s| s.parse::<u64>().ok());
    let seconds = number("LAOTIE_FUZZ_SECONDS").unwrap_or(5);
    let seed = number("LAOTIE_FUZZ_SEED").unwrap_or_else(|| u64::from(std::process::id()) << 32 | 0x1a0);
    eprintln!("fuzz_mapping_reader: LAOTIE_FUZZ_SEED={seed} LAOTIE_FUZZ_SECONDS={seconds}");
    let panics: Arc<Mutex<Vec<String>>> = Arc::default();
    let told = Arc::clone(&panics);
    std::panic::set_hook(Box::new(move |info| {
        // Told at once as well: a panic of this very thread ends the test before the list is looked at.
        eprintln!("fuzz_mapping_reader: {info}");
        told.lock().expect("not poisoned").push(info.to_string());
    }));
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let dir = tempfile::tempdir().expect("a folder");
    let kept = std::fs::read_dir(&corpus).into_iter().flatten().map(|e| {
        let path = e.expect("can be listed").path();
        Case::from_bytes(&std::fs::read(&path).expect("can be read")).unwrap_or_else(|| panic!("{} is no case", path.display()))
    });
    let kept: Vec<Case> = kept.collect();
    let (seeds, mut dice, mut tried) = (seeds(), Dice(seed), 0_u64);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut kept = kept.into_iter();
    loop {
        let next = kept.next();
        let case = match next {
            Some(case) => case,
            None if Instant::now() >= until => break,
            None => {
                let mut case = dice.of(&seeds).clone();
                if dice.below(3) > 0 {
                    case.data = mutated(&mut dice, &case.data);
                } else {
                    case.mapping = Mapped::Text(mutated(&mut dice, &case.mapping_text()));
                }
                case
            }
        };
        tried += 1;
        let broken = broken_rule(&case, dir.path()).await;
        let panicked = panics.lock().expect("not poisoned").pop();
        if let Some(why) = broken.or(panicked) {
            let _ = std::panic::take_hook();
            std::fs::create_dir_all(&corpus).expect("makes the folder");
            let path = corpus.join(format!("{seed:x}-{tried}.case"));
            std::fs::write(&path, case.to_bytes()).expect("writes");
            panic!("{why}; kept as {}", path.display());
        }
    }
    eprintln!("{tried} cases");
    assert!(tried > 0);
}
