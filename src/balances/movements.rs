//! What changed the account's assets: the legs of the ledger, or, where there is none, the trades, transfers and P2P orders.
//! The two are views of the same events; they are held against each other, and never added.

use std::collections::HashMap;

use polars::prelude::*;

use crate::dataset::Dataset;
use crate::tables::Table;

/// By what an asset came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Trades and their fees.
    Trade,
    /// Deposits and withdrawals.
    Transfer,
    /// P2P orders.
    P2p,
    /// Everything else: interest, conversions, moves between wallets.
    Other,
}

/// A change of a balance.
#[derive(Clone, Copy, Debug)]
pub struct Movement<'a> {
    /// When.
    pub time: i64,
    /// The wallet, as [`wallet`] writes it; empty when the export does not say.
    pub wallet: &'a str,
    /// The asset.
    pub asset: &'a str,
    /// By how much, in units of 10^-20.
    pub change: i128,
    /// By what.
    pub cause: Cause,
}

/// The name that a wallet goes by: exchanges have renamed theirs.
pub fn wallet(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match plain.as_str() {
        "main" | "spotwallet" | "spotaccount" | "exchange" => "spot".to_owned(),
        "usdtfutures" | "usdmfutures" | "umfutures" | "futures" => "usd-m futures".to_owned(),
        "coinmfutures" | "coinfutures" | "cmfutures" => "coin-m futures".to_owned(),
        "crossmargin" | "margin" => "cross margin".to_owned(),
        "isolatedmargin" => "isolated margin".to_owned(),
        "fundingwallet" | "p2p" => "funding".to_owned(),
        _ => plain,
    }
}

struct Columns<'a>(&'a DataFrame);

impl Columns<'_> {
    fn text(&self, name: &str) -> PolarsResult<&StringChunked> {
        self.0.column(name)?.str()
    }

    fn time(&self, name: &str) -> PolarsResult<&Int64Chunked> {
        self.0.column(name)?.i64()
    }

    fn decimal(&self, name: &str) -> PolarsResult<&Int128Chunked> {
        Ok(self.0.column(name)?.decimal()?.physical())
    }
}

/// Which of the two views of the account's changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The legs of the ledger.
    Ledger,
    /// What trades, transfers and P2P orders make.
    Files,
}

impl View {
    /// The one that an account's sums are taken from: the ledger, where there is one.
    pub fn of(data: &Dataset<'_>) -> Self {
        if data.frames.contains_key(&Table::Ledger) { Self::Ledger } else { Self::Files }
    }
}

/// Shows every change of a view; there may be many, so they are not gathered.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn each(data: &Dataset<'_>, view: View, visit: &mut dyn FnMut(Movement<'_>)) -> PolarsResult<()> {
    match view {
        View::Ledger => of_ledger(data, visit),
        View::Files => of_files(data, visit),
    }
}

fn of_ledger(data: &Dataset<'_>, visit: &mut dyn FnMut(Movement<'_>)) -> PolarsResult<()> {
    let Some(frame) = data.frames.get(&Table::Ledger) else { return Ok(()) };
    let mut names: HashMap<&str, String> = HashMap::new();
    let columns = Columns(frame);
    let (wallets, assets, meanings) = (columns.text("wallet")?, columns.text("asset")?, columns.text("meaning")?);
    let (times, changes) = (columns.time("time")?, columns.decimal("change")?);
    for at in 0..frame.height() {
        let cause = match meanings.get(at) {
            Some("trade" | "fee") => Cause::Trade,
            Some("deposit" | "withdrawal") => Cause::Transfer,
            Some("p2p") => Cause::P2p,
            _ => Cause::Other,
        };
        let written = wallets.get(at).unwrap_or_default();
        let wallet = names.entry(written).or_insert_with(|| wallet(written));
        if let (Some(time), Some(asset), Some(change)) = (times.get(at), assets.get(at), changes.get(at)) {
            visit(Movement { time, wallet, asset, change, cause });
        }
    }
    Ok(())
}

fn of_files(data: &Dataset<'_>, visit: &mut dyn FnMut(Movement<'_>)) -> PolarsResult<()> {
    let mut add = |time: Option<i64>, asset: Option<&str>, change: i128, cause: Cause| {
        if let (Some(time), Some(asset), true) = (time, asset.filter(|asset| !asset.is_empty()), change != 0) {
            visit(Movement { time, wallet: "", asset, change, cause });
        }
    };
    if let Some(frame) = data.frames.get(&Table::Trades) {
        let columns = Columns(frame);
        let (side, base, quote) = (columns.text("side")?, columns.text("base")?, columns.text("quote")?);
        let (times, market) = (columns.time("time")?, columns.text("market")?);
        let (quantity, total) = (columns.decimal("quantity")?, columns.decimal("quote_total")?);
        let (fee, fee_asset) = (columns.decimal("fee")?, columns.text("fee_asset")?);
        for at in (0..frame.height()).filter(|&at| market.get(at).is_none_or(|market| market == "spot")) {
            let sign = if side.get(at) == Some("BUY") { 1 } else { -1 };
            add(times.get(at), base.get(at), sign * quantity.get(at).unwrap_or(0), Cause::Trade);
            add(times.get(at), quote.get(at), -sign * total.get(at).unwrap_or(0), Cause::Trade);
            add(times.get(at), fee_asset.get(at), -fee.get(at).unwrap_or(0), Cause::Trade);
        }
    }
    if let Some(frame) = data.frames.get(&Table::Transfers) {
        let columns = Columns(frame);
        let (direction, asset, received) =
            (columns.text("direction")?, columns.text("asset")?, columns.text("received_asset")?);
        let (times, undone) = (columns.time("time")?, frame.column("undone")?.bool()?);
        let (amount, fee, got) = (columns.decimal("amount")?, columns.decimal("fee")?, columns.decimal("received")?);
        for at in (0..frame.height()).filter(|&at| undone.get(at) != Some(true)) {
            let sign = if direction.get(at) == Some("in") { 1 } else { -1 };
            let cause = if received.get(at).is_some() { Cause::Other } else { Cause::Transfer };
            let fee = if sign < 0 { fee.get(at).unwrap_or(0) } else { 0 };
            add(times.get(at), asset.get(at), sign * amount.get(at).unwrap_or(0) - fee, cause);
            add(times.get(at), received.get(at), got.get(at).unwrap_or(0), cause);
        }
    }
    if let Some(frame) = data.frames.get(&Table::P2p) {
        let columns = Columns(frame);
        let (side, asset, times) = (columns.text("side")?, columns.text("asset")?, columns.time("created")?);
        let (quantity, undone) = (columns.decimal("quantity")?, frame.column("undone")?.bool()?);
        for at in (0..frame.height()).filter(|&at| undone.get(at) != Some(true)) {
            let sign = if side.get(at) == Some("BUY") { 1 } else { -1 };
            add(times.get(at), asset.get(at), sign * quantity.get(at).unwrap_or(0), Cause::P2p);
        }
    }
    Ok(())
}
