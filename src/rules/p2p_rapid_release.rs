//! P2P sales whose coins were released almost at once.

use polars::prelude::*;

use super::plan::{hits, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::MINUTE;

pub(super) static RULE: Rule = Rule {
    id: "p2p-rapid-release",
    title: "P2P coins released at once",
    severity: "medium; high with a counterparty that no order before the window has and no [[p2p]] lists",
    confidence: Confidence::Low,
    subject: Subject::P2pOrder,
    message: "P2P order {order}: {asset} released to {counterparty} so soon that hardly anyone can have looked at the bank account",
    needs: &[Table::P2p],
    needs_expectations: false,
    why: "Looking whether the money came takes a minute; a thief need not look.",
    logic: "A P2P sale of the window, not cancelled, released within `after_paid` minutes after payment or `after_created` after it was made. Exports without the time of release cannot show it.",
    benign: &["a merchant you know, and a payment that shows at once"],
    next: &[Step::Report, Step::CheckBank],
    sources: "users' reports; numbers: own proposal",
    thresholds: &[
        Threshold { name: "after_paid", default: 2.0, unit: "minutes", source: "own proposal" },
        Threshold { name: "after_created", default: 3.0, unit: "minutes", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(orders) = data.table(Table::P2p) else { return Ok(None) };
    let minutes = |name: &str| lit((thresholds.value(name) * MINUTE as f64) as i64);
    let soon = |from: &str, limit: &str| (col("released") - col(from)).lt_eq(minutes(limit)).fill_null(lit(false));
    let known = orders.clone().filter(col("baseline")).select([col("counterparty"), lit(true).alias("known")]);
    let known = known.unique(None, UniqueKeepStrategy::Any);
    let odd = orders
        .filter(col("in_window").and(col("side").eq(lit("SELL"))).and(col("undone").not()))
        .filter(soon("paid", "after_paid").or(soon("created", "after_created")))
        .join(known, [col("counterparty")], [col("counterparty")], JoinArgs::new(JoinType::Left));
    let nicknames = data.frames[&Table::P2p].column("counterparty")?.str()?.unique()?;
    let listed: Vec<&str> = nicknames
        .iter()
        .flatten()
        .filter(|name| data.expectations.is_some_and(|e| e.counterparty(name).is_some()))
        .collect();
    let listed = col("counterparty").is_in(lit(Series::new("listed".into(), listed)).implode(true), false);
    let known = col("known").or(listed).fill_null(lit(false));
    let level = severity_if(known, Severity::Medium, Severity::High);
    let details = [
        ("order", col("order_id")),
        ("symbol", col("asset")),
        ("asset", col("asset")),
        ("counterparty", col("counterparty")),
    ];
    let time = || col("created");
    Ok(Some(hits(odd, col("order_id"), level, Table::P2p, [time(), time()], lit(1u64), &details)))
}
