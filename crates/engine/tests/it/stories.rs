//! The stories of `rulebook/cases`: each must end as its arithmetic, worked by hand, says.

use std::fs;
use std::path::PathBuf;

use laotie_engine::shipped_rules;
use laotie_engine::story::read_stories;
use laotie_facts::MarketZone;

#[tokio::test]
async fn every_story_ends_as_its_arithmetic_says() {
    let zone = MarketZone::new("Asia/Shanghai").expect("known zone");
    let rules: Vec<_> = shipped_rules().iter().map(|r| r.published().expect("shipped rules are valid")).collect();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rulebook/cases");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).expect("rulebook/cases").map(|f| f.expect("readable").path()).collect();
    files.sort();
    let only = std::env::var("LAOTIE_STORY").ok();
    let (mut told, mut wrong) = (0, Vec::new());
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "toml")) {
        let text = fs::read_to_string(file).expect("readable");
        let name = file.file_name().expect("a file").to_string_lossy().into_owned();
        let stories = read_stories(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        for story in stories.iter().filter(|s| only.as_ref().is_none_or(|o| s.name.contains(o.as_str()))) {
            assert!(
                story.why.chars().any(|c| c.is_ascii_digit()) || !story.why.trim().is_empty(),
                "{name}: `{}` shows no arithmetic",
                story.name
            );
            let ending = story.run(&rules, &zone).await;
            told += 1;
            if !ending.differences.is_empty() {
                wrong.push(format!("{name}: {}\n    {}", story.name, ending.differences.join("\n    ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {told} stories end otherwise:\n{}", wrong.len(), wrong.join("\n"));
}
