//! Kinds of parameters: one number, a whole number, a row of numbers, a table of rows, names.

use toml::de::DeValue;

use super::ParameterError;
use super::document::{Found, number};
use crate::random::to_u32;

/// A parameter that can be read from a document and checked.
pub(super) trait Parameter: Sized {
    /// Bounds of each number.
    type Bounds;

    fn read(found: &Found<'_, '_>, name: &str, bounds: &Self::Bounds) -> Result<Self, ParameterError>;
}

fn bounded(found: &Found<'_, '_>, name: &str, value: &DeValue<'_>, bounds: &(f64, f64)) -> Result<f64, ParameterError> {
    let x = number(value).ok_or_else(|| found.refuse(format!("`{name}` needs a finite number")))?;
    if x < bounds.0 || x > bounds.1 {
        return Err(found.refuse(format!("`{name}` is {x}, outside {} to {}", bounds.0, bounds.1)));
    }
    Ok(x)
}

impl Parameter for f64 {
    type Bounds = (f64, f64);

    fn read(found: &Found<'_, '_>, name: &str, bounds: &(f64, f64)) -> Result<Self, ParameterError> {
        bounded(found, name, found.value, bounds)
    }
}

impl Parameter for u32 {
    type Bounds = (f64, f64);

    fn read(found: &Found<'_, '_>, name: &str, bounds: &(f64, f64)) -> Result<Self, ParameterError> {
        if !matches!(found.value, DeValue::Integer(_)) {
            return Err(found.refuse(format!("`{name}` needs a whole number")));
        }
        bounded(found, name, found.value, bounds).map(to_u32)
    }
}

fn list<'d, 'a>(found: &'d Found<'_, 'a>, name: &str) -> Result<Vec<&'d DeValue<'a>>, ParameterError> {
    let array =
        found.value.as_array().ok_or_else(|| found.refuse(format!("`{name}` needs a list in [ ], not {}", found.value.type_str())))?;
    Ok(array.iter().map(toml::Spanned::get_ref).collect())
}

impl<const N: usize> Parameter for [f64; N] {
    type Bounds = (f64, f64);

    fn read(found: &Found<'_, '_>, name: &str, bounds: &(f64, f64)) -> Result<Self, ParameterError> {
        let values = list(found, name)?;
        if values.len() != N {
            return Err(found.refuse(format!("`{name}` needs {N} numbers, not {}", values.len())));
        }
        let mut row = [0.0; N];
        for (place, value) in row.iter_mut().zip(values) {
            *place = bounded(found, name, value, bounds)?;
        }
        if row.iter().all(|x| *x == 0.0) {
            return Err(found.refuse(format!("`{name}` is nothing but zeros")));
        }
        Ok(row)
    }
}

/// Rows of `N` numbers, any number of them.
impl<const N: usize> Parameter for Vec<[f64; N]> {
    type Bounds = (f64, f64);

    fn read(found: &Found<'_, '_>, name: &str, bounds: &(f64, f64)) -> Result<Self, ParameterError> {
        let read_row = |value: &DeValue<'_>| {
            let row = value.as_array().filter(|a| a.len() == N);
            let row = row.ok_or_else(|| found.refuse(format!("each row of `{name}` has {N} numbers")))?;
            let mut numbers = [0.0; N];
            for (place, value) in numbers.iter_mut().zip(row.iter()) {
                *place = bounded(found, name, value.get_ref(), bounds)?;
            }
            Ok(numbers)
        };
        list(found, name)?.into_iter().map(read_row).collect()
    }
}

impl Parameter for Vec<String> {
    type Bounds = (f64, f64);

    fn read(found: &Found<'_, '_>, name: &str, bounds: &(f64, f64)) -> Result<Self, ParameterError> {
        let values = list(found, name)?;
        let count = f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX));
        if count < bounds.0 || count > bounds.1 {
            return Err(found.refuse(format!("`{name}` has {count} entries, outside {} to {}", bounds.0, bounds.1)));
        }
        let text = |v: &DeValue<'_>| {
            let fits = v.as_str().filter(|t| !t.is_empty() && t.chars().count() <= 40 && !t.chars().any(char::is_control));
            fits.map(str::to_owned).ok_or_else(|| found.refuse(format!("`{name}` needs texts of 1 to 40 characters")))
        };
        values.into_iter().map(text).collect()
    }
}
