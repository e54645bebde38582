//! Balances that do not add up.

use polars::prelude::*;

use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::balances::Line;
use crate::dataset::Dataset;
use crate::decimal::Decimal;
use crate::tables::Table;

pub(super) static RULE: Rule = Rule {
    id: "balance-gap",
    title: "balance does not add up",
    severity: "high when more than `share` and `dollars` are missing; low when less is missing, or more is there than explained",
    confidence: Confidence::Medium,
    subject: Subject::Symbol,
    message: "{asset} ({wallet}): {opening} at first and {change} by the {from} make {expected}, but {closing} is there: {gap}{missing}",
    needs: &[Table::Balances],
    needs_expectations: false,
    why: "What left by a way that no export shows is seen in the balance alone.",
    logic: "Opening balance plus all changes minus closing balance, exact to the last digit, per asset and wallet. The opening balance is the last look before the window, else the first one; the changes are the legs of the ledger, or without a ledger the trades, deposits, withdrawals, conversions and P2P orders; those of the very second of a look fall on the side of it on which the sum comes out. Missing money is high from `share` of the larger balance and `dollars`, at the account's own prices.",
    benign: &[
        "an export that is missing (earn, futures wallet, the other exchange)",
        "interest, airdrops and dust",
        "balances copied at another time than stated",
    ],
    next: &[Step::FetchExport, Step::Report],
    sources: "the checks of API keys in the README",
    thresholds: &[
        Threshold { name: "share", default: 0.005, unit: "of the larger balance", source: "own proposal" },
        Threshold { name: "dollars", default: 50.0, unit: "dollars", source: "own proposal" },
    ],
    plan,
};

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Balances) {
        return Ok(None);
    }
    let balances = &data.balances;
    let missing = if balances.missing.is_empty() {
        String::new()
    } else {
        format!("; missing for a sure answer: {}", balances.missing.join("; "))
    };
    let gaps: Vec<(&Line, i128)> =
        balances.lines.iter().filter_map(|line| Some((line, line.gap().filter(|gap| *gap != 0)?))).collect();
    let texts =
        |value: &dyn Fn(&Line, i128) -> String| gaps.iter().map(|(line, gap)| value(line, *gap)).collect::<Vec<_>>();
    let amount = |units: Option<i128>| Decimal(units.unwrap_or(0)).to_string();
    let frame = df!(
        "subject" => texts(&|line, _| format!("{} {}", line.asset, line.wallet).trim_end().to_owned()),
        "severity" => gaps.iter().map(|(line, gap)| level(data, line, *gap, thresholds) as i32).collect::<Vec<_>>(),
        "table" => vec![Table::Balances.name(); gaps.len()],
        "row" => gaps.iter().map(|(line, _)| line.row).collect::<Vec<_>>(),
        "first" => gaps.iter().map(|(line, _)| line.opened).collect::<Vec<_>>(),
        "last" => gaps.iter().map(|(line, _)| line.closed).collect::<Vec<_>>(),
        "count" => vec![1u64; gaps.len()],
        "symbol" => texts(&|line, _| line.asset.clone()),
        "asset" => texts(&|line, _| line.asset.clone()),
        "wallet" => texts(&|line, _| if line.wallet.is_empty() { "all wallets".to_owned() } else { line.wallet.clone() }),
        "opening" => texts(&|line, _| amount(line.opening)),
        "closing" => texts(&|line, _| amount(line.closing)),
        "change" => texts(&|line, _| amount(Some(line.change()))),
        "expected" => texts(&|line, _| amount(line.opening.map(|opening| opening.saturating_add(line.change())))),
        "gap" => texts(&|_, gap| if gap < 0 { format!("{} missing", amount(Some(-gap))) } else { format!("{} more", amount(Some(gap))) }),
        "from" => vec![balances.from; gaps.len()],
        "missing" => vec![missing.as_str(); gaps.len()],
    )?;
    Ok(Some(frame.lazy()))
}

fn level(data: &Dataset<'_>, line: &Line, gap: i128, thresholds: &Thresholds) -> Severity {
    let float = |units: i128| units as f64 / 1e20;
    let larger = float(line.opening.unwrap_or(0).max(line.closing.unwrap_or(0)));
    let missing = -float(gap);
    let value = data.deals.worth_of(&line.asset).map(|worth| worth * missing);
    // An account that never trades against a dollar has no price in dollars to compare.
    let priced = data.deals.in_dollars || data.deals.symbols.is_empty();
    let large = value.is_some_and(|value| !priced || value > thresholds.value("dollars"));
    if missing > thresholds.value("share") * larger && large { Severity::High } else { Severity::Low }
}
