//! Marks on deals, turned into the hits of a rule.

use std::collections::{HashMap, HashSet};

use polars::prelude::*;

use crate::attribution::OrderVerdict;
use crate::columns;
use crate::dataset::Dataset;
use crate::rules::Severity;
use crate::rules::plan::order_hits;

/// What a rule found in a run of deals.
pub struct Mark {
    /// What it is about.
    pub subject: String,
    /// How bad it is.
    pub severity: Severity,
    /// The deals, by index.
    pub deals: Vec<usize>,
    /// What the message says of it, by name; every mark of a rule has the same names.
    pub details: Vec<(&'static str, String)>,
}

/// The hits of marks: one per deal, with its evidence and, as far as it is known, its caller. `None` when the account has no
/// deals at all.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn hits(data: &Dataset<'_>, marks: Vec<Mark>) -> PolarsResult<Option<LazyFrame>> {
    let Some(view) = data.orders.as_ref().filter(|_| !data.deals.all.is_empty()) else { return Ok(None) };
    let names: Vec<&'static str> =
        marks.first().map(|mark| mark.details.iter().map(|(name, _)| *name).collect()).unwrap_or_default();
    let of_deals: Vec<(&Mark, u32)> =
        marks.iter().flat_map(|mark| mark.deals.iter().map(move |&at| (mark, data.deals.all[at].row))).collect();
    let rows: Vec<u32> = of_deals.iter().map(|(_, row)| *row).collect();
    let mut frame = view.take(&IdxCa::from_vec("row".into(), rows.clone()))?;
    let texts = |value: &dyn Fn(&Mark) -> String| of_deals.iter().map(|(mark, _)| value(mark)).collect::<Vec<_>>();
    frame.with_column(Column::new("mark_subject".into(), texts(&|mark| mark.subject.clone())))?;
    let severities: Vec<i32> = of_deals.iter().map(|(mark, _)| mark.severity as i32).collect();
    frame.with_column(Column::new("mark_severity".into(), severities))?;
    for (number, name) in names.iter().enumerate() {
        frame.with_column(Column::new(detail(name), texts(&|mark| mark.details[number].1.clone())))?;
    }
    add_callers(&mut frame, data, &rows)?;
    let details: Vec<(&str, Expr)> = names.iter().map(|name| (*name, col(detail(name)))).collect();
    Ok(Some(order_hits(frame.lazy(), col("mark_subject"), col("mark_severity"), &details)))
}

fn detail(name: &str) -> PlSmallStr {
    format!("mark_{name}").into()
}

/// Adds who made the orders, where a call was found.
fn add_callers(frame: &mut DataFrame, data: &Dataset<'_>, rows: &[u32]) -> PolarsResult<()> {
    let wanted: HashSet<u32> = rows.iter().copied().collect();
    let known: HashMap<u32, usize> = data
        .verdicts
        .column("row")?
        .u32()?
        .iter()
        .enumerate()
        .filter_map(|(at, row)| Some((row.filter(|row| wanted.contains(row))?, at)))
        .collect();
    for name in ["ip", "key", "client"] {
        let column = columns::texts(&data.verdicts, name)?;
        let values: Vec<Option<&str>> = rows.iter().map(|row| column.get(*known.get(row)?)).collect();
        frame.with_column(Column::new(format!("call_{name}").into(), values))?;
    }
    Ok(())
}

/// The rows of orders that nothing explains, or an unexpected caller made.
pub fn unrecognized(data: &Dataset<'_>) -> HashSet<u32> {
    let odd = data.attribution.orders.iter().filter(|order| order.verdict.is_unrecognized());
    odd.flat_map(|order| order.order.rows.iter().copied()).collect()
}

/// The rows of orders that expected calls made, beyond chance.
pub fn explained(data: &Dataset<'_>) -> HashSet<u32> {
    let own = data.attribution.orders.iter();
    let own = own.filter(|order| order.verdict == OrderVerdict::Explained && !order.is_weak());
    own.flat_map(|order| order.order.rows.iter().copied()).collect()
}

/// A share as a percentage with one digit, for a message.
pub fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// An amount for a message: five significant digits do for a statistic.
pub fn amount(value: f64) -> String {
    let digits = if value == 0.0 { 0 } else { (4 - value.abs().log10().floor() as i32).clamp(0, 12) };
    let text = format!("{value:.*}", digits as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
