//! Side doors out of the account: what is sent, paid or moved to other accounts without a withdrawal.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::plan::{among, hits, holds_word, severity, severity_if};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Thresholds};
use crate::dataset::Dataset;
use crate::tables::Table;
use crate::time::MINUTE;

pub(super) static RULE: Rule = Rule {
    id: "transfer-out-unlisted",
    title: "money through a side door",
    severity: "high; low for an operation that the account used before the window and for a first conversion; info for a sub-account where the expectations list an `[[account]]`",
    confidence: Confidence::Medium,
    subject: Subject::Operation,
    message: "{count:time} {operation}: {asset} left the wallet, which this account did {habit} before the window",
    needs: &[Table::Ledger, Table::Transfers],
    needs_expectations: false,
    why: "Gifts, payments, cards and transfers to other accounts take money out without a withdrawal and its address book.",
    logic: "An entry of the window by which an asset left: sent, paid, given away, put on a card, given for a loan or moved to another account of the exchange (of the ledger, by the meaning of its operation, an unknown one by its words; of transfers, by their kind). Moves that come back in the same ledger within a minute stay in the account. The ledger does not name the other side, so a sub-account of your own cannot be told from a stranger's, unless the remark or address names an `[[account]]`; where there is one, a move to a sub-account that the ledger does not name is info. Conversions stay in the account; the first ones are told at low severity, but for those that the exchange makes by itself.",
    benign: &[
        "a payment or a gift of your own",
        "your own sub-account: list it as an [[account]]",
        "a coin that the exchange converted",
    ],
    next: &[Step::DisableAccount, Step::DeleteKey, Step::Report],
    sources: "ways out besides withdrawals: binance-api-swagger spot_api.yaml; meanings: the table of ledger operations",
    thresholds: &[],
    plan,
};

/// The legs of one move stand so close together.
const TOGETHER: i64 = MINUTE;

fn plan(data: &Dataset<'_>, _: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    let mut parts = Vec::new();
    let words = |list: &[&str]| lit(Series::new("".into(), list)).implode(true);
    if let Some(ledger) = data.frames.get(&Table::Ledger) {
        let meanings = words(&["send", "sub-account", "card", "convert", "borrow"]);
        let by_itself = holds_word(ledger, "operation", "auto")?;
        let stayed = among(stayed(ledger)?);
        let doors = ledger
            .clone()
            .lazy()
            .filter(col("change").cast(DataType::Float64).lt(lit(0.0)).and(col("meaning").is_in(meanings, false)))
            .filter(by_itself.or(stayed).or(named_own(data, ledger, &["remark", "address"])?).not())
            .with_columns([col("operation").alias("door"), col("meaning").eq(lit("convert")).alias("stays")]);
        parts.push(told(data, doors, Table::Ledger)?);
    }
    if let Some(transfers) = data.frames.get(&Table::Transfers) {
        let own = named_own(data, transfers, &["address", "tag"])?;
        let out = col("direction").eq(lit("out")).and(col("undone").not());
        let doors = transfers
            .clone()
            .lazy()
            .filter(own.not())
            .filter(out.and(col("kind").is_in(words(&["internal", "gift card", "pay", "send"]), false)))
            .with_columns([col("kind").alias("door"), col("kind").alias("meaning"), lit(false).alias("stays")]);
        parts.push(told(data, doors, Table::Transfers)?);
    }
    if parts.is_empty() { Ok(None) } else { Ok(Some(concat(parts, UnionArgs::default())?)) }
}

/// Moves between wallets of the account, both of whose legs the ledger shows: the same amount of the same asset, gone and
/// come at the same time.
fn stayed(ledger: &DataFrame) -> PolarsResult<Vec<u32>> {
    let (assets, meanings) = (ledger.column("asset")?.str()?, ledger.column("meaning")?.str()?);
    let (times, changes) = (ledger.column("time")?.i64()?, ledger.column("change")?.decimal()?.physical());
    let mut came: BTreeMap<(&str, i128), Vec<i64>> = BTreeMap::new();
    let mut gone = Vec::new();
    for at in (0..ledger.height()).filter(|&at| meanings.get(at) == Some("sub-account")) {
        let (Some(asset), Some(time), Some(change)) = (assets.get(at), times.get(at), changes.get(at)) else {
            continue;
        };
        if change > 0 {
            came.entry((asset, change)).or_default().push(time);
        } else {
            gone.push((asset, change, time, at as u32));
        }
    }
    let mut rows = Vec::new();
    for (asset, change, time, row) in gone {
        let Some(times) = came.get_mut(&(asset, -change)) else { continue };
        if let Some(twin) = times.iter().position(|other| (other - time).abs() <= TOGETHER) {
            times.swap_remove(twin);
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Records that name one of the owner's other accounts.
fn named_own(data: &Dataset<'_>, frame: &DataFrame, columns: &[&str]) -> PolarsResult<Expr> {
    let accounts = data.expectations.map(|e| e.accounts.as_slice()).unwrap_or_default();
    let names: Vec<String> = accounts.iter().map(|account| account.name.to_lowercase()).collect();
    let mut rows = Vec::new();
    for column in columns {
        for (at, text) in frame.column(column)?.str()?.iter().enumerate() {
            let text = text.unwrap_or_default().to_lowercase();
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
            if text.split(|c| !is_word(c)).any(|word| names.iter().any(|name| name == word)) || names.contains(&text) {
                rows.push(at as u32);
            }
        }
    }
    Ok(among(rows))
}

fn told(data: &Dataset<'_>, doors: LazyFrame, table: Table) -> PolarsResult<LazyFrame> {
    let before = col("baseline").cast(DataType::Int64).sum().over([col("door")])?;
    let known = col("before").gt(lit(0));
    let level = severity_if(known.clone().or(col("stays")), Severity::Low, Severity::High);
    let has_accounts = data.expectations.is_some_and(|e| !e.accounts.is_empty());
    let perhaps_own = col("meaning").eq(lit("sub-account")).and(lit(has_accounts));
    let level = when(perhaps_own).then(severity(Severity::Info)).otherwise(level);
    let odd =
        doors.with_column(before.alias("before")).filter(col("in_window").and(col("stays").and(known.clone()).not()));
    let habit = when(known).then(lit("too")).otherwise(lit("never"));
    let details = [("operation", col("door")), ("asset", col("asset")), ("symbol", col("asset")), ("habit", habit)];
    Ok(hits(odd, col("door"), level, table, [col("time"), col("time")], lit(1u64), &details))
}
