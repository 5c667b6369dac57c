//! Forward-only, numbered migrations.

use crate::StoreError;

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    /// From 1, without gaps.
    pub(crate) number: i64,
    /// A word for people.
    pub(crate) name: &'static str,
    /// Its statements.
    pub(crate) sql: &'static str,
}

/// The migration after `found`; `None` when there is none.
///
/// # Errors
/// [`StoreError::FromTheFuture`] when `found` is not known here.
pub(crate) fn pending(migrations: &[Migration], found: i64) -> Result<Option<&Migration>, StoreError> {
    let known = migrations.last().map_or(0, |m| m.number);
    if found > known {
        return Err(StoreError::FromTheFuture { found, known });
    }
    Ok(migrations.iter().find(|m| m.number == found + 1))
}
