//! Orders that nothing explains, although the call log covers their time.

use polars::prelude::*;

use super::plan::{all_orders, among, attributed_orders, order_hits, severity, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::own_sales::own_sales;
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::{DAY, MINUTE};

pub(super) static RULE: Rule = Rule {
    id: "order-unrecognized",
    title: "orders that no call explains",
    severity: "high; critical when several fall within ten minutes, or they are large for the account; medium for sales that may be your own",
    confidence: Confidence::Medium,
    subject: Subject::Symbol,
    message: "{count:order} in {symbol} that no call in the log made{note}",
    needs: &[Table::Orders, Table::Trades, Table::Calls],
    needs_expectations: false,
    why: "An order that your tools did not place was placed by someone else: through a session, or with a key that the log does not show.",
    logic: "An order of the window, at a time that the call log covers, that no accepted call explains by id, or by pair, side, quantity and time (order time between 2 s before and 5 s after the call, wider for coarser clocks). Critical when `orders` of them fall within `minutes`, or their total exceeds `day_share` of the largest day of the 30 days before the window, in the same quote asset. Medium for sales into the account's usual money, of which the export does not say how they were placed, at the pace of a hand (outside spot, in pairs traded before or at a price that kept within a tenth), without another order that nothing explains within the hour and without a call or login of somebody else within the day.",
    benign: &[
        "an order you placed by hand, on the website or in the app",
        "a call log that leaves calls out",
        "a wrong time zone of one of the files",
        "an order that the exchange made itself (liquidation, delisting)",
    ],
    next: &[
        Step::SaveEvidence,
        Step::DisableAccount,
        Step::DeleteKey,
        Step::CancelOrders,
        Step::LogOutDevices,
        Step::Report,
    ],
    sources: "the checks of API keys in the README; recvWindow: binance-spot-api-docs rest-api.md",
    thresholds: &[
        Threshold { name: "orders", default: 3.0, unit: "orders", source: "own proposal" },
        Threshold { name: "minutes", default: 10.0, unit: "minutes", source: "own proposal" },
        Threshold { name: "day_share", default: 0.1, unit: "of the largest earlier day", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let unexplained = attributed_orders(data, |verdict, _| verdict == "unexplained")?;
    let (Some(all), Some(orders)) = (all_orders(data), unexplained) else { return Ok(None) };
    let largest_day = all
        .filter(col("baseline").and(col("time").gt_eq(lit(data.window.start - 30 * DAY))))
        .group_by([col("quote"), col("day")])
        .agg([col("quote_total").sum().alias("day_total")])
        .group_by([col("quote")])
        .agg([col("day_total").max()]);
    let own_sales: Vec<u32> = own_sales(data)?.into_iter().collect();
    let others = thresholds.value("orders") as i64 - 1;
    let span = lit((thresholds.value("minutes") * MINUTE as f64) as i64);
    // A row belongs to a cluster when any run of that many orders around it is short enough.
    let dense = (0..=others)
        .map(|before| {
            (col("time").shift(lit(before - others)) - col("time").shift(lit(before)))
                .lt_eq(span.clone())
                .fill_null(lit(false))
        })
        .reduce(Expr::or)
        .unwrap_or(lit(false));
    let odd = orders
        .sort(["time", "row"], SortMultipleOptions::default())
        .with_columns([dense.alias("dense"), col("quote_total").sum().over([col("quote")])?.alias("total")])
        .join(largest_day, [col("quote")], [col("quote")], JoinArgs::new(JoinType::Left))
        .with_column(
            col("total").gt(col("day_total") * lit(thresholds.value("day_share"))).fill_null(lit(false)).alias("large"),
        );
    let grave = severity_if(col("dense").or(col("large")), Severity::Critical, Severity::High);
    let own = || among(own_sales.clone());
    let level = when(own()).then(severity(Severity::Medium)).otherwise(grave);
    let note = when(own()).then(lit("; by what they are, you may have sold by hand")).otherwise(lit(""));
    Ok(Some(order_hits(odd, col("symbol"), level, &[("note", note)])))
}
