//! The hits of a rule: its plan collected, held to its schema, and read back.

use polars::prelude::{Column, DataFrame, DataType, DslPlan, PolarsResult};

use super::Evidence;
use crate::columns::{self, Texts};
use crate::dataset::Dataset;
use crate::parallel;
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
    pub(super) texts: Vec<(&'a str, &'a str)>,
}

impl<'a> Hit<'a> {
    pub(super) fn text(&self, name: &str) -> &'a str {
        self.texts.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }
}

/// Reads hits that were held to their schema.
pub(super) fn read(frame: &DataFrame, jobs: usize) -> PolarsResult<Vec<Hit<'_>>> {
    let is_text = |column: &&Column| column.dtype() == &DataType::String;
    let texts: Vec<(&str, Texts<'_>)> = frame
        .columns()
        .iter()
        .filter(is_text)
        .map(|column| Ok((column.name().as_str(), Texts::new(column)?)))
        .collect::<PolarsResult<_>>()?;
    let severities = frame.column("severity")?.i32()?;
    let (rows, counts) = (frame.column("row")?.u32()?, frame.column("count")?.u64()?);
    let (firsts, lasts) = (columns::times(frame, "first")?, columns::times(frame, "last")?);
    let place = |name: &str| frame.column(name).and_then(Column::u64).ok();
    let places = place("source").zip(place("record")).zip(place("line"));
    let hit = |at: usize| {
        let texts: Vec<(&str, &str)> =
            texts.iter().map(|(name, all)| (*name, all.get(at).unwrap_or_default())).collect();
        let table = texts.iter().find(|(name, _)| *name == "table").map_or("", |(_, text)| text);
        Hit {
            severity: severities.get(at).unwrap_or(0),
            table: Table::ALL.iter().copied().find(|known| known.name() == table),
            row: rows.get(at),
            first: firsts.get(at),
            last: lasts.get(at),
            count: counts.get(at).unwrap_or(0),
            place: places.and_then(|((source, record), line)| {
                let (source, record, line) = (source.get(at)?, record.get(at)?, line.get(at)?);
                Some(Evidence { source: u32::try_from(source).ok()?, record, line })
            }),
            texts,
        }
    };
    let rows: Vec<usize> = (0..frame.height()).collect();
    Ok(parallel::in_parts(&rows, jobs, |_, rows| rows.iter().map(|at| hit(*at)).collect()))
}

/// Collects the plan of a rule and holds it to the schema of hits.
pub(super) fn hits(rule: &Rule, data: &Dataset<'_>) -> Result<Option<DataFrame>, String> {
    let plan = (rule.plan)(data, &rule.in_force(data.expectations)).map_err(|error| error.to_string())?;
    let Some(plan) = plan else { return Ok(None) };
    let frame = match &plan.logical_plan {
        // A loop's hits are a frame already: to have polars plan how to hand it over takes a millisecond a rule.
        DslPlan::DataFrameScan { df, .. } => df.as_ref().clone(),
        _ => plan.collect().map_err(|error| error.to_string())?,
    };
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
