//! Parquet files asked as they lie, without a market.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{ParquetReadOptions, SessionContext};

use crate::analytics::session_config;
use crate::deep::deep;
use crate::error::AnalyticsError;
use crate::sql::{SqlAnswer, answer, asked};

/// Parquet files as tables, by the engine and with the settings that answer questions about a market's lake.
pub struct Files {
    context: SessionContext,
}

impl Files {
    /// Opens files, each under its name.
    ///
    /// # Errors
    /// [`AnalyticsError::BadQuestion`] naming the file that cannot be read.
    pub async fn open(files: &[(String, PathBuf)], memory_limit_bytes: usize, threads: usize) -> Result<Self, AnalyticsError> {
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(memory_limit_bytes)))
            .build_arc()
            .map_err(AnalyticsError::lake("preparing questions"))?;
        let context = SessionContext::new_with_config_rt(session_config(threads), runtime);
        for (name, path) in files {
            if !path.is_file() {
                return Err(AnalyticsError::question("file", format!("{}: there is no such file", path.display())));
            }
            let path = path.to_string_lossy();
            context.register_parquet(name.as_str(), path.as_ref(), ParquetReadOptions::default()).await.map_err(asked("file"))?;
        }
        Ok(Self { context })
    }

    /// Answers a question in SQL, as [`crate::Analytics::sql`] does.
    ///
    /// # Errors
    /// As there.
    pub async fn sql(&self, query: &str, limit: usize) -> Result<SqlAnswer, AnalyticsError> {
        let (context, query) = (self.context.clone(), query.to_owned());
        deep(async move { answer(&context, &query, limit).await }).await
    }
}
