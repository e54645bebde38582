//! The hits of a rule: its plan collected, held to its schema, and read back.

use polars::prelude::{AnyValue, Column, DataFrame, DataType};

use super::{Evidence, thresholds};
use crate::dataset::Dataset;
use crate::rules::{Rule, plan};
use crate::tables::Table;

/// One hit, read back from its frame.
pub(super) struct Hit<'a> {
    pub(super) severity: i32,
    pub(super) table: Option<Table>,
    pub(super) row: Option<u32>,
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
    pub(super) count: u64,
    /// Where the record stands, when it is no row of a table.
    pub(super) place: Option<Evidence>,
    pub(super) texts: Vec<(&'a str, String)>,
}

impl Hit<'_> {
    pub(super) fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }
}

pub(super) fn read<'a>(frame: &'a DataFrame) -> Vec<Hit<'a>> {
    let texts: Vec<(&'a str, Vec<String>)> = frame
        .columns()
        .iter()
        .filter(|column| column.dtype() == &DataType::String)
        .map(|column| {
            let values = column.str().map(|all| all.iter().map(|text| text.unwrap_or_default().to_owned()).collect());
            (column.name().as_str(), values.unwrap_or_default())
        })
        .collect();
    let number = |name: &str, at: usize| -> Option<i64> {
        match frame.column(name).ok()?.get(at).ok()? {
            AnyValue::Null => None,
            value => value.extract::<i64>(),
        }
    };
    (0..frame.height())
        .map(|at| {
            let texts: Vec<(&str, String)> = texts.iter().map(|(name, all)| (*name, all[at].clone())).collect();
            let table = texts
                .iter()
                .find(|(name, _)| *name == "table")
                .and_then(|(_, name)| Table::ALL.iter().copied().find(|t| t.name() == name));
            Hit {
                severity: number("severity", at).unwrap_or(0) as i32,
                table,
                row: number("row", at).map(|row| row as u32),
                first: number("first", at),
                last: number("last", at),
                count: number("count", at).unwrap_or(0) as u64,
                place: place_of(&number, at),
                texts,
            }
        })
        .collect()
}

/// The place that a hit states by itself.
fn place_of(number: &dyn Fn(&str, usize) -> Option<i64>, at: usize) -> Option<Evidence> {
    let unsigned = |name: &str| number(name, at).and_then(|value| u64::try_from(value).ok());
    Some(Evidence {
        source: u32::try_from(unsigned("source")?).ok()?,
        record: unsigned("record")?,
        line: unsigned("line")?,
    })
}

/// Collects the plan of a rule and holds it to the schema of hits.
pub(super) fn hits(rule: &Rule, data: &Dataset<'_>) -> Result<Option<DataFrame>, String> {
    let plan = (rule.plan)(data, &thresholds(rule, data)).map_err(|error| error.to_string())?;
    let Some(plan) = plan else { return Ok(None) };
    let frame = plan.collect().map_err(|error| error.to_string())?;
    check(frame).map(Some)
}

/// Holds hits to their schema.
pub(super) fn check(frame: DataFrame) -> Result<DataFrame, String> {
    let required = plan::hit_schema();
    for (name, dtype) in &required {
        match frame.column(name) {
            Ok(column) if column.dtype() == dtype => {}
            Ok(column) => return Err(format!("column `{name}` is {}, not {dtype}", column.dtype())),
            Err(_) => return Err(format!("column `{name}` is missing")),
        }
    }
    let odd =
        frame.columns().iter().find(|c| !required.iter().any(|(name, _)| *name == c.name().as_str()) && !is_detail(c));
    match odd {
        Some(column) => Err(format!("detail `{}` is {}, not text", column.name(), column.dtype())),
        None => Ok(frame),
    }
}

/// Whether a further column of hits is a detail in words, or part of the place of a record.
fn is_detail(column: &Column) -> bool {
    let place = matches!(column.name().as_str(), "source" | "record" | "line");
    column.dtype() == if place { &DataType::UInt64 } else { &DataType::String }
}
