//! Withdrawals to an address that was never paid before.

use polars::prelude::*;

use super::plan::{hits, severity, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::dataset::Dataset;
use crate::matching::Verdict;
use crate::reference::Class;
use crate::tables::Table;
use crate::time::{HOUR, MINUTE};

pub(super) static RULE: Rule = Rule {
    id: "withdraw-new-address",
    title: "first payment to an address",
    severity: "high; medium where the export does not state the address and the asset was withdrawn before the window, too; critical soon after a login or a change of security settings, or when a key asked for it",
    confidence: Confidence::Medium,
    subject: Subject::Address,
    message: "{count:withdrawal} of {asset} to {address}{news}",
    needs: &[Table::Transfers],
    needs_expectations: false,
    why: "Money that left to an address you do not know is the loss itself.",
    logic: "A withdrawal of the window that did not fail, to an address (with its tag) that no earlier withdrawal of the asset has and no `[[address]]` lists; also one that only a ledger tells, which mostly does not state the address. Critical when a login or a change of password, 2FA, whitelist or keys happened in the `hours` before, or a call that withdraws in the `call_minutes` before.",
    benign: &["a new wallet of your own: add it as an [[address]]"],
    next: &[Step::DisableAccount, Step::Report, Step::ReviewAddresses],
    sources: "Binance's report on 7 May 2019; 72 h: own proposal",
    thresholds: &[
        Threshold { name: "hours", default: 72.0, unit: "hours", source: "own proposal" },
        Threshold { name: "call_minutes", default: 60.0, unit: "minutes", source: "own proposal" },
    ],
    plan,
};

/// Addresses that begin with 0x are the same in any case (EIP-55 mixes it as a checksum).
fn plain_address(address: Expr) -> Expr {
    when(address.clone().str().starts_with(lit("0x")))
        .then(address.clone().str().to_lowercase())
        .otherwise(address)
        .alias("address")
}

/// Stands for the address where the export states none.
const UNSTATED: &str = "an address that the export does not state";

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let Some(transfers) = data.table(Table::Transfers) else { return Ok(None) };
    let out = transfers
        .filter(col("direction").eq(lit("out")).and(col("kind").eq(lit("chain"))).and(col("undone").not()))
        .with_column(col("tag").fill_null(lit("")))
        // An export that leaves the address out does not make the payment known.
        .with_column(col("address").fill_null(lit(UNSTATED)))
        .with_column(col("address").alias("written"))
        .with_column(plain_address(col("address")));
    let by = || [col("asset"), col("address"), col("tag")];
    let known = out
        .clone()
        .filter(col("baseline").and(col("address").neq(lit(UNSTATED))))
        .select(by())
        .unique(None, UniqueKeepStrategy::Any);
    let habit = out
        .clone()
        .filter(col("baseline"))
        .select([col("asset"), lit(true).alias("usual")])
        .unique(None, UniqueKeepStrategy::Any);
    let new = out.filter(col("in_window")).join(known, by(), by(), JoinArgs::new(JoinType::Anti));
    let own = data.expectations.map(|e| e.addresses.as_slice()).unwrap_or_default();
    let own = df!(
        "address" => own.iter().map(|a| if a.address.starts_with("0x") { a.address.to_lowercase() } else { a.address.clone() }).collect::<Vec<_>>(),
        "own_asset" => own.iter().map(|a| a.asset.as_deref()).collect::<Vec<_>>(),
    )?;
    let listed = new
        .clone()
        .join(own.lazy(), [col("address")], [col("address")], JoinArgs::new(JoinType::Inner))
        .filter(col("own_asset").is_null().or(col("own_asset").eq(col("asset"))))
        .select([col("row")]);
    let new = new.join(listed, [col("row")], [col("row")], JoinArgs::new(JoinType::Anti));
    let alarm = alarms(data, thresholds)?;
    let alarmed = new
        .clone()
        .select([col("row"), col("time"), lit(true).alias("any")])
        // Both sides are few: withdrawals to new addresses of one window, and security events.
        .join(alarm.with_column(lit(true).alias("any")), [col("any")], [col("any")], JoinArgs::new(JoinType::Inner))
        .filter(col("alarm_from").lt_eq(col("time")).and(col("time").lt_eq(col("alarm_until"))))
        .select([col("row"), lit(true).alias("alarmed")])
        .unique(None, UniqueKeepStrategy::Any);
    let new = new.join(alarmed, [col("row")], [col("row")], JoinArgs::new(JoinType::Left));
    let new = new.join(habit, [col("asset")], [col("asset")], JoinArgs::new(JoinType::Left));
    let unstated = col("written").eq(lit(UNSTATED));
    let usual = unstated.clone().and(col("usual").fill_null(lit(false)));
    let level = severity_if(usual, Severity::Medium, Severity::High);
    let level = when(col("alarmed").fill_null(lit(false))).then(severity(Severity::Critical)).otherwise(level);
    let news = when(unstated).then(lit("")).otherwise(lit(", an address not paid before and not listed"));
    let details = [("address", col("written")), ("asset", col("asset")), ("symbol", col("asset")), ("news", news)];
    Ok(Some(hits(new, col("written"), level, Table::Transfers, [col("time"), col("time")], lit(1u64), &details)))
}

/// Spans in which a withdrawal is worse: after security events, and around calls that withdraw.
fn alarms(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<LazyFrame> {
    let after_event = (thresholds.value("hours") * HOUR as f64) as i64;
    let after_call = (thresholds.value("call_minutes") * MINUTE as f64) as i64;
    let mut spans: Vec<LazyFrame> =
        vec![df!("alarm_from" => Vec::<i64>::new(), "alarm_until" => Vec::<i64>::new())?.lazy()];
    if let Some(events) = data.table(Table::Events) {
        spans.push(
            events.select([col("time").alias("alarm_from"), (col("time") + lit(after_event)).alias("alarm_until")]),
        );
    }
    let asks = |verdict: &Verdict| verdict.class == Class::Withdraw && verdict.outcome.may_have_entered();
    let asked = data.calls.tallies.iter().filter(|tally| asks(&tally.verdict));
    let from: Vec<i64> = asked.flat_map(|tally| &tally.sample).map(|place| place.time).collect();
    let until: Vec<i64> = from.iter().map(|time| time + after_call).collect();
    spans.push(df!("alarm_from" => from, "alarm_until" => until)?.lazy());
    concat(spans, UnionArgs::default())
}
