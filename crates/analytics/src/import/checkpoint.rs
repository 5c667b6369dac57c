//! How far an import has come, so that a stopped one goes on where it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::mapping::Mapping;
use super::run::TableTotals;
use crate::encode::hex;

/// How far an import has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// By query, in the mapping's order: facts and refusals that are behind us.
    pub(crate) done: Vec<u64>,
    /// By query: how many there are, once all of them are behind us.
    #[serde(default)]
    pub(crate) ended: Vec<bool>,
    /// What is left out, once it was counted.
    #[serde(default)]
    pub(crate) left_out: Option<LeftOutRows>,
    /// What is left out and what was read of each table, once all is behind us.
    #[serde(default)]
    pub(crate) whole: Option<Whole>,
}

/// What a mapping leaves out on purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LeftOutRows {
    /// Facts.
    pub(crate) facts: u64,
    /// Rows of each counted table.
    pub(crate) rows: BTreeMap<String, u64>,
}

/// Counts of an import that has come to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Whole {
    pub(crate) left_out: u64,
    pub(crate) unreadable: u64,
    pub(crate) tables: Vec<TableTotals>,
}

/// A name for one mapping over one set of files: their names, sizes, times and first and last bytes.
pub(crate) fn fingerprint(mapping: &Mapping, files: &[(String, PathBuf)]) -> std::io::Result<String> {
    use std::io::{Read, Seek, SeekFrom};
    let mut hash = Sha256::new();
    hash.update(serde_json::to_string(mapping).unwrap_or_default());
    for (table, path) in files {
        let mut file = std::fs::File::open(path)?;
        let meta = file.metadata()?;
        let mut sample = vec![0; 1 << 16];
        let n = file.read(&mut sample)?;
        hash.update(format!("\n{table} {} {}\n", path.display(), meta.len()));
        hash.update(&sample[..n]);
        let back = i64::try_from(meta.len().min(1 << 16)).unwrap_or(0);
        file.seek(SeekFrom::End(-back))?;
        let n = file.read(&mut sample)?;
        hash.update(&sample[..n]);
        if let Ok(age) = meta.modified().map(|t| t.duration_since(std::time::UNIX_EPOCH).unwrap_or_default()) {
            hash.update(age.as_nanos().to_be_bytes());
        }
    }
    Ok(hex(&hash.finalize())[..32].to_owned())
}

fn place(dir: &Path, fingerprint: &str) -> PathBuf {
    dir.join(format!("{fingerprint}.json"))
}

impl Checkpoint {
    /// What was kept; nothing when there is none or it cannot be read.
    pub(crate) fn load(dir: &Path, fingerprint: &str) -> Self {
        let text = std::fs::read_to_string(place(dir, fingerprint)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Keeps it, whole or not at all.
    pub(crate) fn save(&self, dir: &Path, fingerprint: &str) -> std::io::Result<()> {
        std::fs::create_dir_all(dir)?;
        let new = dir.join(format!("{fingerprint}.new"));
        std::fs::write(&new, serde_json::to_string(self).unwrap_or_default())?;
        std::fs::rename(new, place(dir, fingerprint))
    }
}
