//! A webhook's body into facts, field by field in CEL.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cel::extractors::This;
use cel::{Context, Program};
use laotie_facts::{Currency, Incoming, MarketZone, ParseError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::functions::{hashed, local_time, minor, minor_of};
use super::mapping::Mapping;

/// One kind of fact out of one topic of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookRule {
    /// The topic, as the shop system names it; any when left out.
    #[serde(default)]
    pub(crate) topic: Option<String>,
    /// The kind of fact.
    pub(crate) kind: String,
    /// Whether the body is one, as CEL; always when left out.
    #[serde(default)]
    pub(crate) when: Option<String>,
    /// The fact's key, as CEL.
    pub(crate) key: String,
    /// Its time, as CEL.
    pub(crate) at: String,
    /// Its fields, as CEL; null leaves one out.
    pub(crate) body: BTreeMap<String, String>,
}

/// Why a webhook's body became no facts.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The mapping has no webhook.
    #[error("the mapping `{mapping}` takes no webhooks")]
    NoWebhook {
        /// The mapping.
        mapping: String,
    },
    /// An expression does not hold for this body.
    #[error("{kind}, {field}: {reason}")]
    Expression {
        /// The kind of fact.
        kind: String,
        /// The field.
        field: String,
        /// Why.
        reason: String,
    },
}

impl Mapping {
    /// The facts that a webhook's body tells. In CEL, `body` is the body; `setting(name)`,
    /// `minor(text)`, `minor_in(text, currency)`, `local_time(text)` and `hashed(text)` are as in SQL, and
    /// `sum(list)` adds whole numbers, without those that are null, and `text.replace(from, to)` replaces.
    ///
    /// # Errors
    /// [`WebhookError`] when an expression fails; a fact that is wrong comes back as its own error.
    pub fn facts_of_webhook(&self, topic: &str, body: &Value, salt: &[u8]) -> Result<Vec<Result<Incoming, ParseError>>, WebhookError> {
        if self.webhooks.is_empty() {
            return Err(WebhookError::NoWebhook { mapping: self.id.clone() });
        }
        let mut context = Context::default();
        let failed =
            |kind: &str, field: &str, reason: String| WebhookError::Expression { kind: kind.to_owned(), field: field.to_owned(), reason };
        context.add_variable("body", variable(body)).map_err(|e| failed("body", "", e.to_string()))?;
        let digits = Currency::new(&self.currency).map_or(2, Currency::digits);
        let twice = "each function is added once";
        context
            .add_function("minor", move |text: Arc<String>| minor(&text, digits, 1).map_or(cel::Value::Null, cel::Value::Int))
            .expect(twice);
        context
            .add_function("minor_in", |text: Arc<String>, currency: Arc<String>| {
                minor_of(&text, &currency).map_or(cel::Value::Null, cel::Value::Int)
            })
            .expect(twice);
        context
            .add_function("replace", |This(text): This<Arc<String>>, from: Arc<String>, to: Arc<String>| text.replace(from.as_str(), &to))
            .expect(twice);
        context.add_function("sum", |numbers: Arc<Vec<cel::Value>>| sum(&numbers)).expect(twice);
        let settings = self.settings.clone();
        context
            .add_function("setting", move |name: Arc<String>| {
                settings.get(name.as_str()).map_or(cel::Value::Null, |v| cel::Value::String(v.clone().into()))
            })
            .expect(twice);
        let zone = MarketZone::new(&self.zone).ok();
        context
            .add_function("local_time", move |text: Arc<String>| {
                zone.as_ref().and_then(|z| local_time(&text, z)).map_or(cel::Value::Null, |t| cel::Value::String(t.into()))
            })
            .expect(twice);
        let salt = salt.to_vec();
        context.add_function("hashed", move |text: Arc<String>| cel::Value::String(hashed(&text, &salt).into())).expect(twice);
        let ask = |kind: &str, field: &str, expression: &str| -> Result<Value, WebhookError> {
            let program = Program::compile(expression).map_err(|e| failed(kind, field, e.to_string()))?;
            let found = program.execute(&context).map_err(|e| failed(kind, field, e.to_string()))?;
            found.json().map_err(|e| failed(kind, field, e.to_string()))
        };
        let mut facts = Vec::new();
        for rule in self.webhooks.iter().filter(|r| topic.is_empty() || r.topic.as_deref().is_none_or(|t| t == topic)) {
            if let Some(when) = &rule.when
                && ask(&rule.kind, "when", when)? != Value::Bool(true)
            {
                continue;
            }
            let mut fields = Map::new();
            for (field, expression) in &rule.body {
                let value = without_nulls(ask(&rule.kind, field, expression)?);
                if !value.is_null() {
                    fields.insert(field.clone(), value);
                }
            }
            let fact = serde_json::json!({
                "source": self.fact_source, "kind": rule.kind, "key": ask(&rule.kind, "key", &rule.key)?, "at": ask(&rule.kind, "at", &rule.at)?,
                "body": fields,
            });
            facts.push(Incoming::parse(&fact.to_string()));
        }
        Ok(facts)
    }
}

/// A body as CEL has it. Every whole number is an `int`: CEL computes with `int` and `uint` apart, and whether a
/// sender's number is negative must not decide which of the two it is.
fn variable(body: &Value) -> cel::Value {
    match body {
        Value::Null => cel::Value::Null,
        Value::Bool(b) => (*b).into(),
        Value::Number(n) => match n.as_i64() {
            Some(whole) => whole.into(),
            None => n.as_f64().map_or(cel::Value::Null, Into::into),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(variable).collect::<Vec<_>>().into(),
        Value::Object(fields) => fields.iter().map(|(name, v)| (name.clone(), variable(v))).collect::<HashMap<_, _>>().into(),
    }
}

/// The sum of whole numbers; null when it is too large.
fn sum(numbers: &[cel::Value]) -> cel::Value {
    let add = |total: i64, n: &cel::Value| match n {
        cel::Value::Int(n) => total.checked_add(*n),
        _ => Some(total),
    };
    numbers.iter().try_fold(0, add).map_or(cel::Value::Null, cel::Value::Int)
}

/// A value in which objects have no null members.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, without_nulls(v))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}
