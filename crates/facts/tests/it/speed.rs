//! What reading a fact costs. Run with `cargo test --release -p laotie-facts -- --ignored --nocapture speed`.

use std::hint::black_box;

use laotie_facts::Incoming;

const ORDER: &str = r#"{"source":"shop-system","key":"o-1001/paid","kind":"order.paid","at":"2026-06-10T12:00:00Z","body":{"order":"o-1001","buyer":"b-7","shop":"s-3","streamer":"t-9","room":"t-9","show":"t-9/20260610","currency":"CNY","lines":[{"line":"1","item":"i-55","name":"洋槐蜂蜜 500 g","qty":2,"unit_price_minor":12900,"total_minor":25800},{"line":"2","item":"i-56","name":"木勺","qty":1,"unit_price_minor":900,"total_minor":900}],"discounts":[{"amount_minor":1000,"payer":"platform"}],"freight_minor":0,"paid_minor":25700,"entry":"follow"}}"#;

#[test]
#[ignore = "measures, and says nothing in a build without optimisation"]
#[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
fn speed_of_reading_an_order() {
    let rounds = 100_000_u32;
    let mut best = f64::MAX;
    for _ in 0..5 {
        let begun = std::time::Instant::now();
        for _ in 0..rounds {
            black_box(Incoming::parse(black_box(ORDER)).expect("valid"));
        }
        best = best.min(begun.elapsed().as_secs_f64() * 1e6 / f64::from(rounds));
    }
    eprintln!("order.paid with two lines, {} bytes: parsed, checked, written and hashed in {best:.2} µs", ORDER.len());
}
