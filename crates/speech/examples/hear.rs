//! Says what is heard in each line of standard input, for whoever edits a pack.

use laotie_speech::{Reader, shipped};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reader = Reader::new(shipped()?);
    for line in std::io::stdin().lines() {
        let line = line?;
        println!("{line}");
        for finding in reader.read(&line, None) {
            println!("  {} {:?} {} {}", finding.code, finding.verdict, finding.rule, finding.why_en);
        }
    }
    Ok(())
}
