//! Days on which far more was paid in fees than usual.

use polars::prelude::*;

use super::plan::{hits, severity};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::columns;
use crate::dataset::Dataset;
use crate::decimal::{PRECISION, SCALE};
use crate::ingest::FastMap;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "fee-burn",
    title: "fees far above the usual day",
    severity: "info: it supports other findings",
    confidence: Confidence::Low,
    subject: Subject::Symbol,
    message: "{count:fill} on days whose fees in {asset} were far above the usual: up to {paid} where {usual} is the median",
    needs: &[Table::Trades],
    needs_expectations: false,
    why: "Churn costs fees, whoever trades; so does a bot in a lively week, so alone it says little.",
    logic: "A day of the window with at least `fills` fills whose fees in one asset come to `times` the median of the days before the window that paid any (at least `days`).",
    benign: &["a busy day", "another fee level, or fees paid in another coin"],
    next: &[Step::AddToExpectations],
    sources: "own proposal",
    thresholds: &[
        Threshold { name: "times", default: 5.0, unit: "times the median", source: "own proposal" },
        Threshold { name: "fills", default: 20.0, unit: "fills", source: "own proposal" },
        Threshold { name: "days", default: 7.0, unit: "days", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(trades) = data.frames.get(&Table::Trades) else { return Ok(None) };
    let daily = |inside: &str| daily(trades, inside);
    let usual = daily("baseline")?
        .group_by([col("fee_asset")])
        .agg([col("paid").median().alias("usual"), len().alias("days")])
        .filter(col("days").cast(DataType::Float64).gt_eq(lit(thresholds.value("days"))));
    let by = || [col("fee_asset"), col("day")];
    let burnt = daily("in_window")?
        .join(usual, [col("fee_asset")], [col("fee_asset")], JoinArgs::new(JoinType::Inner))
        .filter(col("fills").cast(DataType::Float64).gt_eq(lit(thresholds.value("fills"))))
        .filter(col("paid").gt_eq(col("usual") * lit(thresholds.value("times"))))
        .with_column(col("paid").max().over([col("fee_asset")])?.alias("most"));
    let mut burnt = burnt.collect()?;
    for name in ["most", "usual"] {
        let texts: StringChunked = burnt.column(name)?.f64()?.iter().map(|paid| paid.map(shown)).collect();
        burnt.with_column(texts.with_name(name.into()).into_column())?;
    }
    // Most accounts have no such day, and millions of fills.
    let fills = if burnt.height() == 0 { trades.head(Some(0)) } else { trades.clone() };
    let paid =
        fills.lazy().filter(col("fee_asset").is_not_null()).filter(col("fee").cast(DataType::Float64).gt(lit(0.0)));
    let odd = paid.filter(col("in_window")).join(burnt.lazy(), by(), by(), JoinArgs::new(JoinType::Inner));
    let details =
        [("asset", col("fee_asset")), ("symbol", col("symbol")), ("paid", col("most")), ("usual", col("usual"))];
    Ok(Some(hits(
        odd,
        col("fee_asset"),
        severity(Severity::Info),
        Table::Trades,
        [col("time"), col("time")],
        lit(1u64),
        &details,
    )))
}

/// A sum of fees for people: to the millionth.
fn shown(paid: f64) -> String {
    format!("{paid:.6}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What the fills of a part of the table paid in fees: `fee_asset`, `day`, `paid` and the number of `fills`.
fn daily(trades: &DataFrame, part: &str) -> PolarsResult<LazyFrame> {
    let (assets, fees) = (columns::texts(trades, "fee_asset")?, columns::decimals(trades, "fee")?);
    let (days, inside) = (trades.column("day")?.i64()?, trades.column(part)?.bool()?);
    // Summed as decimals: sums of floats depend on their order.
    let mut sums: FastMap<(&str, Option<i64>), (i128, u32)> = FastMap::default();
    for row in (0..trades.height()).filter(|row| inside.get(*row) == Some(true)) {
        if let (Some(asset), Some(fee)) = (assets.get(row), fees.get(row).filter(|fee| *fee > 0)) {
            let (paid, fills) = sums.entry((asset, days.get(row))).or_default();
            *paid = paid.saturating_add(fee);
            *fills += 1;
        }
    }
    let paid = Int128Chunked::from_iter_values("paid".into(), sums.values().map(|(paid, _)| *paid));
    let mut frame = df!(
        "fee_asset" => sums.keys().map(|(asset, _)| *asset).collect::<Vec<_>>(),
        "day" => sums.keys().map(|(_, day)| *day).collect::<Vec<_>>(),
        "fills" => sums.values().map(|(_, fills)| *fills).collect::<Vec<_>>(),
    )?;
    frame.with_column(paid.into_decimal(PRECISION, SCALE)?.into_column())?;
    Ok(frame.lazy().with_column(col("paid").cast(DataType::Float64)))
}
