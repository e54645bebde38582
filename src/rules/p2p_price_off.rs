//! P2P orders at a price far from the account's own.

use polars::prelude::*;

use super::plan::{hits, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::marks::{amount, percent};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, HOUR};

pub(super) static RULE: Rule = Rule {
    id: "p2p-price-off",
    title: "P2P price far from your own",
    severity: "medium; high from `high_share`",
    confidence: Confidence::Medium,
    subject: Subject::P2pOrder,
    message: "P2P order {order}: {side} {asset} at {price} {fiat}, {off} % worse than your usual {usual}",
    needs: &[Table::P2p],
    needs_expectations: false,
    why: "A sale far under, or a purchase far above, your own prices hands the difference to the other side.",
    logic: "A P2P order of the window that was not cancelled, whose unit price is worse by `medium_share` than the median of the account's own orders of the same asset, fiat and side in the `days` before it (at least `orders` of them), or else than its own last order within `recent_hours`.",
    benign: &["a small fiat market", "a payment method with a premium"],
    next: &[Step::Report],
    sources: "fields: developers.binance.com C2C; thresholds: own proposals",
    thresholds: &[
        Threshold {
            name: "orders",
            default: 8.0,
            unit: "orders",
            source: "own proposal: fewer give no median to trust",
        },
        Threshold { name: "medium_share", default: 0.03, unit: "of the usual price", source: "own proposal" },
        Threshold { name: "high_share", default: 0.10, unit: "of the usual price", source: "own proposal" },
        Threshold { name: "days", default: 30.0, unit: "days", source: "own proposal" },
        Threshold { name: "recent_hours", default: 48.0, unit: "hours", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(orders) = data.table(Table::P2p) else { return Ok(None) };
    let done = col("undone").not();
    // The export of 2026 has no unit price: it is the total by the quantity.
    let number = |name: &str| col(name).cast(DataType::Float64);
    let unit = coalesce(&[number("price"), number("total") / number("quantity")]).alias("unit");
    let orders =
        orders.filter(done).with_column(unit).filter(col("unit").gt(lit(0.0)).and(col("unit").lt(lit(f64::INFINITY))));
    let by = || [col("asset"), col("fiat"), col("side")];
    let earlier = orders
        .clone()
        .select([by().to_vec(), vec![col("created").alias("then"), col("unit").alias("then_unit")]].concat());
    // P2P orders are done by hand: there are too few of them for this join to grow.
    let usual = orders
        .clone()
        .filter(col("in_window"))
        .join(earlier, by(), by(), JoinArgs::new(JoinType::Inner))
        .filter(
            col("then")
                .lt(col("created"))
                .and(col("then").gt_eq(col("created") - lit((thresholds.value("days") * DAY as f64) as i64))),
        )
        .sort(["row", "then"], SortMultipleOptions::default())
        .group_by([col("row")])
        .agg([
            col("then_unit").median().alias("median"),
            len().cast(DataType::Float64).alias("n"),
            col("then_unit").last().alias("last_unit"),
            col("then").last().alias("last_then"),
        ]);
    let recent =
        (col("created") - col("last_then")).lt_eq(lit((thresholds.value("recent_hours") * HOUR as f64) as i64));
    let reference = when(col("n").gt_eq(lit(thresholds.value("orders"))))
        .then(col("median"))
        .when(recent)
        .then(col("last_unit"))
        .otherwise(lit(NULL));
    let worse = when(col("side").eq(lit("BUY")))
        .then(col("unit") / col("usual") - lit(1.0))
        .otherwise(lit(1.0) - col("unit") / col("usual"));
    let off = orders
        .join(usual, [col("row")], [col("row")], JoinArgs::new(JoinType::Inner))
        .with_column(reference.alias("usual"))
        .with_column(worse.alias("worse"))
        .filter(col("worse").gt_eq(lit(thresholds.value("medium_share"))));
    let level = severity_if(col("worse").gt_eq(lit(thresholds.value("high_share"))), Severity::High, Severity::Medium);
    let mut off = off.collect()?;
    for (name, show) in [("unit", amount as fn(f64) -> String), ("usual", amount), ("worse", percent)] {
        let texts: Vec<Option<String>> = off.column(name)?.f64()?.iter().map(|value| value.map(show)).collect();
        off.with_column(Column::new(format!("{name}_text").into(), texts))?;
    }
    let details = [
        ("order", col("order_id")),
        ("side", col("side")),
        ("symbol", col("asset")),
        ("asset", col("asset")),
        ("fiat", col("fiat")),
        ("price", col("unit_text")),
        ("usual", col("usual_text")),
        ("off", col("worse_text")),
    ];
    let off = off.lazy();
    Ok(Some(hits(off, col("order_id"), level, Table::P2p, [col("created"), col("created")], lit(1u64), &details)))
}
