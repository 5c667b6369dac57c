//! Rows of features with what each really is.

use std::collections::{BTreeMap, HashMap};

use super::features::{Features, Name};
use super::known::Label;
use super::number::short;

/// Different values of a field that are told apart; the others stand together.
const VALUES: usize = 60;

/// Different features of a sheet.
const FEATURES: usize = 6_000;

/// A row: its features by number, who it is about, and its text.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) numbers: Vec<(u16, f32)>,
    /// Hashes of the one who acts and of the one it is done to; the same twice where there is one alone.
    pub(super) subjects: [u64; 2],
    pub(super) text: String,
    /// Id and amount, for the rule of two characters.
    pub(super) id: String,
    pub(super) amount: f64,
}

/// Rows of one kind: honest ones and those of each planted class, a bounded sample of each.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    names: Vec<Name>,
    numbers: HashMap<Name, u16>,
    values: HashMap<String, usize>,
    /// Where a feature stands in the row being made, and in which row that was.
    place: Vec<(usize, usize)>,
    made: usize,
    honest: Rows,
    planted: BTreeMap<u16, Rows>,
}

/// Rows that were kept, and how many there were.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) kept: Vec<Row>,
    pub(super) seen: u64,
}

impl Sheet {
    /// Counts a row of a label; it is made and kept with the chance that `keep` gives.
    pub(super) fn offer(&mut self, label: &Label, keep: bool, make: impl FnOnce() -> (Row, Features)) {
        let class = match label {
            Label::Aside => return,
            Label::Honest => &mut self.honest,
            Label::Planted(number) => self.planted.entry(*number).or_default(),
        };
        class.seen += 1;
        if !keep {
            return;
        }
        let (mut row, features) = make();
        row.numbers = self.numbered(features.numbers);
        row.text = features.text;
        match label {
            Label::Planted(number) => self.planted.entry(*number).or_default().kept.push(row),
            _ => self.honest.kept.push(row),
        }
    }

    fn numbered(&mut self, features: Vec<(Name, f64)>) -> Vec<(u16, f32)> {
        self.made += 1;
        let mut row: Vec<(u16, f32)> = Vec::with_capacity(features.len());
        for (name, x) in features {
            let Some(number) = self.number(name) else { continue };
            let place = &mut self.place[usize::from(number)];
            if place.0 == self.made {
                row[place.1].1 += short(x);
            } else {
                *place = (self.made, row.len());
                row.push((number, short(x)));
            }
        }
        row
    }

    fn number(&mut self, name: Name) -> Option<u16> {
        if let Some(number) = self.numbers.get(&name) {
            return Some(*number);
        }
        let mut name = name;
        if let Name::Own(text) = &name
            && let Some((field, _)) = text.split_once(" = ")
        {
            let values = self.values.entry(field.to_owned()).or_default();
            *values += 1;
            if *values > VALUES {
                name = Name::Own(format!("{field} is rare"));
                if let Some(number) = self.numbers.get(&name) {
                    return Some(*number);
                }
            }
        }
        let number = u16::try_from(self.names.len()).ok().filter(|n| usize::from(*n) < FEATURES)?;
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        self.place.push((0, 0));
        Some(number)
    }

    /// Names of the features by number.
    pub(super) fn names(&self) -> &[Name] {
        &self.names
    }

    /// The honest rows.
    pub(super) fn honest(&self) -> &Rows {
        &self.honest
    }

    /// The planted rows by class.
    pub(super) fn planted(&self) -> &BTreeMap<u16, Rows> {
        &self.planted
    }
}
