//! Lists of bounded length.

use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::error::Flaw;

/// A list of `MIN` to `MAX` entries; left out of JSON when it may be empty and is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<T>", into = "Vec<T>", bound(serialize = "T: Serialize + Clone", deserialize = "T: Deserialize<'de>"))]
pub struct Few<T, const MAX: usize, const MIN: usize = 0>(Vec<T>);

impl<T, const MAX: usize, const MIN: usize> Few<T, MAX, MIN> {
    /// Checks and wraps a list.
    ///
    /// # Errors
    /// [`Flaw`] when it is too long or too short.
    pub fn new(list: Vec<T>) -> Result<Self, Flaw> {
        if list.len() < MIN {
            return Err(Flaw::new(format!("the list has {} entries, at least {MIN} are needed", list.len())));
        }
        if list.len() > MAX {
            return Err(Flaw::new(format!("the list has {} entries, at most {MAX} are allowed", list.len())));
        }
        Ok(Self(list))
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> Default for Few<T, MAX, 0> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize, const MIN: usize> Deref for Few<T, MAX, MIN> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'a, T, const MAX: usize, const MIN: usize> IntoIterator for &'a Few<T, MAX, MIN> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T, const MAX: usize, const MIN: usize> TryFrom<Vec<T>> for Few<T, MAX, MIN> {
    type Error = Flaw;
    fn try_from(list: Vec<T>) -> Result<Self, Flaw> {
        Self::new(list)
    }
}

impl<T, const MAX: usize, const MIN: usize> From<Few<T, MAX, MIN>> for Vec<T> {
    fn from(list: Few<T, MAX, MIN>) -> Vec<T> {
        list.0
    }
}

impl<T: JsonSchema, const MAX: usize, const MIN: usize> JsonSchema for Few<T, MAX, MIN> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("FewOf{MIN}To{MAX}{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<T>();
        if MIN == 0 {
            return json_schema!({ "type": "array", "items": items, "maxItems": MAX });
        }
        json_schema!({ "type": "array", "items": items, "minItems": MIN, "maxItems": MAX })
    }
}
