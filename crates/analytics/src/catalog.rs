//! The public SQL names: a table a kind, and the views `orders`, `lines`, `buyers`, `shows`.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::catalog::{MemorySchemaProvider, SchemaProvider, TableProvider};
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::prelude::{SessionConfig, SessionContext};
use deltalake::DeltaTable;
use laotie_facts::Timestamp;

use crate::error::AnalyticsError;
use crate::lake::Lake;
use crate::lake_schema::TableShape;

/// Views over the kinds' tables, in the order in which they build on each other.
const VIEWS: [(&str, &str); 4] = [
    (
        "lines",
        "with paid as (select date, at, \"order\", buyer, shop, streamer, room, show, region, currency, unnest(lines) as l from order_paid)
         select date, at, \"order\", buyer, shop, streamer, room, show, region, currency,
                l['line'] as line, l['item'] as item, l['name'] as name, l['qty'] as qty, l['total_minor'] as total_minor,
                l['unit_price_minor'] as unit_price_minor
         from paid",
    ),
    (
        "orders",
        "with back as (
           select r.\"order\", sum(r.amount_minor) as refunded_minor, count(*) as refunds, max(r.at) as refunded_at,
                  sum(case when r.reason in ('quality', 'not_as_described', 'counterfeit', 'damaged', 'missing')
                            and r.at <= p.at + interval '15 days' then r.amount_minor else 0 end) as quality_refunded_15d_minor
           from refund_paid r join order_paid p on p.\"order\" = r.\"order\" group by r.\"order\")
         select p.date, p.at, p.seq, p.seen, p.\"order\", p.buyer, p.shop, p.streamer, p.room, p.show, p.region, p.entry, p.currency, p.paid_minor,
                coalesce(p.freight_minor, 0) as freight_minor, cardinality(p.lines) as line_count, c.at as cancelled_at, d.at as dispatched_at, d.promised_by,
                u.at as picked_up_at, s.at as signed_at, v.at as received_at, b.refunded_at, coalesce(b.refunds, 0) as refunds,
                least(coalesce(b.refunded_minor, 0), p.paid_minor) as refunded_minor, coalesce(b.quality_refunded_15d_minor, 0) as quality_refunded_15d_minor
         from order_paid p
           left join order_cancelled c on c.\"order\" = p.\"order\"
           left join order_dispatched d on d.\"order\" = p.\"order\"
           left join order_picked_up u on u.\"order\" = d.\"order\"
           left join order_signed s on s.\"order\" = d.\"order\"
           left join order_received v on v.\"order\" = d.\"order\"
           left join back b on b.\"order\" = p.\"order\"",
    ),
    (
        "buyers",
        "select buyer, min(date) as first_date, max(date) as last_date, count(*) as orders, count(distinct date) as paid_days,
                sum(paid_minor) as paid_minor, currency
         from order_paid where buyer is not null group by buyer, currency",
    ),
    (
        "shows",
        "select show, room, streamer, min(at) as first_order_at, max(at) as last_order_at, count(*) as orders, sum(paid_minor) as paid_minor, currency
         from order_paid where show is not null group by show, room, streamer, currency",
    ),
];

/// Makes a session in which the lake is as of a moment: every table without facts that were voided or refused after waiting and,
/// with `seen_until`, without facts heard of later.
pub(crate) async fn session(
    lake: &Lake,
    config: SessionConfig,
    runtime: Arc<RuntimeEnv>,
    seen_until: Option<Timestamp>,
) -> Result<SessionContext, AnalyticsError> {
    let failed = || AnalyticsError::lake::<DataFusionError>("opening the lake for questions");
    let state = SessionStateBuilder::new().with_config(config).with_runtime_env(runtime).with_default_features().build();
    let context = SessionContext::new_with_state(state);
    let raw = Arc::new(MemorySchemaProvider::new());
    let catalog = context.catalog("datafusion").expect("the default catalog is there");
    catalog.register_schema("lake", Arc::clone(&raw) as Arc<dyn SchemaProvider>).map_err(failed())?;

    let written = lake.snapshot().await;
    let has = |table: &str| written.iter().any(|(name, _)| name == table);
    let (voids, refusals) = (has("fact_voided"), has("fact_refused"));
    for shape in lake.shapes() {
        let provider = if let Some((_, table)) = written.iter().find(|(name, _)| *name == shape.name) {
            provider(&context, table).await?
        } else {
            let none = RecordBatch::new_empty(Arc::clone(&shape.schema));
            Arc::new(MemTable::try_new(Arc::clone(&shape.schema), vec![vec![none]]).map_err(failed())?) as Arc<dyn TableProvider>
        };
        raw.register_table(shape.name.clone(), provider).map_err(failed())?;
    }
    for shape in lake.shapes() {
        let mut conditions = Vec::new();
        // A voiding heard of later does not reach back into what was known.
        let heard = seen_until.map(|until| format!(" and seen <= timestamp '{until}'")).unwrap_or_default();
        if let Some(until) = seen_until {
            conditions.push(format!("seen <= timestamp '{until}'"));
        }
        if voids && shape.name != "fact_voided" {
            conditions.push(format!("seq not in (select because[1] from lake.fact_voided where because[1] is not null{heard})"));
        }
        if refusals && shape.name != "fact_refused" {
            conditions.push(format!("seq not in (select body_seq from lake.fact_refused where body_seq is not null{heard})"));
        }
        if conditions.is_empty() {
            let provider = raw.table(&shape.name).await.map_err(failed())?.expect("registered above");
            context.register_table(shape.name.as_str(), provider).map_err(failed())?;
        } else {
            view(&context, &shape.name, &format!("select * from lake.\"{}\" where {}", shape.name, conditions.join(" and "))).await?;
        }
    }
    for (name, sql) in VIEWS {
        view(&context, name, sql).await?;
    }
    let has_rows = |s: &&TableShape| written.is_empty() || written.iter().any(|(name, _)| *name == s.name);
    let kinds: Vec<String> = lake
        .shapes()
        .filter(has_rows)
        .map(|s| {
            let kind = s.name.replacen('_', ".", 1);
            format!(
                "select '{kind}' as kind, date, seq, seen, at, source, key, by_actor, by_principal, because, rules, body_hash from \"{}\"",
                s.name
            )
        })
        .collect();
    view(&context, "facts", &kinds.join(" union all ")).await?;
    Ok(context)
}

async fn provider(context: &SessionContext, table: &DeltaTable) -> Result<Arc<dyn TableProvider>, AnalyticsError> {
    table.update_datafusion_session(&context.state()).map_err(AnalyticsError::lake("opening a table for questions"))?;
    table.table_provider().await.map_err(AnalyticsError::lake("opening a table for questions"))
}

async fn view(context: &SessionContext, name: &str, sql: &str) -> Result<(), AnalyticsError> {
    let failed = || AnalyticsError::lake::<DataFusionError>("making a view");
    let plan = context.sql(sql).await.map_err(failed())?.into_view();
    context.register_table(name, plan).map_err(failed())?;
    Ok(())
}
