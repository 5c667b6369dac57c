//! Small JSON files, read and replaced whole.

use std::io::Write;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::WebhookError;

fn failed(file: &Path) -> impl FnOnce(std::io::Error) -> WebhookError {
    let file = file.to_owned();
    move |source| WebhookError::File { file, source }
}

/// What a file holds; `None` where there is none.
pub(super) fn read<T: DeserializeOwned>(file: &Path) -> Result<Option<T>, WebhookError> {
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(file)(error)),
    };
    // The error names a place in the file and never what stands there, which may be a secret.
    serde_json::from_slice(&text).map(Some).map_err(|e| WebhookError::Broken {
        file: file.to_owned(),
        reason: format!("not as Laotie wrote it, at line {} column {}", e.line(), e.column()),
    })
}

/// Replaces a file: the old one or the new one is there, whatever happens; readable by its owner alone.
pub(super) fn write<T: Serialize>(file: &Path, value: &T) -> Result<(), WebhookError> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let replace = || {
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut new, value)?;
        new.flush()?;
        new.as_file().sync_all()?;
        new.persist(file).map_err(|e| e.error)?;
        std::fs::File::open(folder)?.sync_all()
    };
    replace().map_err(failed(file))
}

/// Removes a file; one that is not there is no error.
pub(super) fn remove(file: &Path) -> Result<(), WebhookError> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(file)(error)),
        _ => Ok(()),
    }
}
