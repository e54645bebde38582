//! Pairs that the account never traded before.

use polars::prelude::*;

use super::plan::{
    HISTORY_DAYS, HISTORY_RECORDS, all_orders, among, attributed_orders, baseline, order_hits, severity, severity_if,
};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::behaviour::own_sales::own_sales;
use crate::columns;
use crate::dataset::Dataset;
use crate::ingest::FastSet;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "symbol-first-seen",
    title: "pair never traded before",
    severity: "low; medium when large for its day; high when an order in it is unrecognized, unless it may be a sale by hand; info with too little history",
    confidence: Confidence::Low,
    subject: Subject::Symbol,
    message: "{count:order} in {symbol}, a pair that was not traded before the window",
    needs: &[Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "The usual theft with a trade-only key buys a thin coin that the account never held, from the thief.",
    logic: "A pair of the window that no order (or fill) before the window has, and that no key's `symbols` names. Medium when its orders make up `day_share` of a day's total in the same quote asset. Info until the table holds `history_days` and `history_records` of records before the window.",
    benign: &["a new listing", "the sale of an airdrop", "the exchange converted a coin"],
    next: &[Step::AddToExpectations, Step::DeleteKey],
    sources: "the thefts of VIA (2018), DMG and AXS (2022), AKRO and MIR (2022)",
    thresholds: &[
        HISTORY_DAYS,
        HISTORY_RECORDS,
        Threshold { name: "day_share", default: 0.2, unit: "of the day's total", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let (Some(view), Some(all)) = (&data.orders, all_orders(data)) else { return Ok(None) };
    let Some(enough) = baseline(all, "time", len(), data.window.start, thresholds)? else { return Ok(None) };
    let symbols = columns::texts(view, "symbol")?;
    let before = view.column("baseline")?.bool()?;
    let known: FastSet<&str> =
        (0..view.height()).filter(|row| before.get(*row) == Some(true)).filter_map(|row| symbols.get(row)).collect();
    let own = data.verdicts.column("row")?.u32()?;
    let own = own.iter().flatten().map(|row| symbols.get(row as usize));
    let own: FastSet<Option<&str>> = own.collect();
    let is_known = |symbol: &&str| known.contains(symbol) || is_expected(data, symbol);
    let usual: Vec<&str> = own.iter().flatten().copied().filter(is_known).collect();
    let any = usual.len() < own.len();
    let Some(orders) = attributed_orders(data, |_, _| any)? else { return Ok(None) };
    let usual = df!("symbol" => usual)?.lazy();
    let total = |by: &[&str]| {
        let by: Vec<Expr> = by.iter().map(|name| col(*name)).collect();
        // Summed as decimals: sums of floats depend on their order.
        PolarsResult::Ok(col("quote_total").sum().over(by)?.cast(DataType::Float64))
    };
    let own_sales: Vec<u32> = own_sales(data)?.into_iter().collect();
    let odd = lit(Series::new("".into(), ["unexplained", "suspicious-source"])).implode(true);
    let new = orders
        .filter(col("in_window"))
        .with_column((total(&["symbol", "day"])? / total(&["quote", "day"])?).alias("share"))
        .join(usual, [col("symbol")], [col("symbol")], JoinArgs::new(JoinType::Anti));
    let level = match enough {
        true => when(col("verdict").is_in(odd, false).and(among(own_sales).not()))
            .then(severity(Severity::High))
            .otherwise(severity_if(
                col("share").gt_eq(lit(thresholds.value("day_share"))).fill_null(lit(false)),
                Severity::Medium,
                Severity::Low,
            )),
        false => severity(Severity::Info),
    };
    Ok(Some(order_hits(new, col("symbol"), level, &[])))
}

fn is_expected(data: &Dataset<'_>, symbol: &str) -> bool {
    data.expectations.is_some_and(|e| e.keys.iter().any(|key| key.symbols.iter().any(|glob| glob.is_match(symbol))))
}
