//! What changed the account's assets: the legs of the ledger, and the trades, transfers and P2P orders that no ledger tells.
//! The two are views of the same events; they are held against each other and joined, and no event is counted twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::columns::{self, Counts, Decimals, Texts, Times};
use crate::dataset::{Dataset, is_leg};
use crate::decimal::Decimal;
use crate::tables::Table;
use crate::time::MINUTE;

/// By what an asset came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Trades and their fees.
    Trade,
    /// Deposits and withdrawals.
    Transfer,
    /// Payments by bank or card: deposits, withdrawals, purchases and sales.
    Fiat,
    /// Conversions of one asset into another.
    Conversion,
    /// P2P orders.
    P2p,
    /// Everything else: interest, moves between wallets.
    Other,
}

/// A change of a balance.
#[derive(Clone, Copy, Debug)]
pub struct Movement<'a> {
    /// When.
    pub time: i64,
    /// The exchange; empty when the export does not say.
    pub exchange: &'a str,
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

impl<'a> Columns<'a> {
    fn text(&self, name: &str) -> PolarsResult<Texts<'a>> {
        columns::texts(self.0, name)
    }

    fn time(&self, name: &str) -> PolarsResult<Times<'a>> {
        columns::times(self.0, name)
    }

    fn decimal(&self, name: &str) -> PolarsResult<Decimals<'a>> {
        columns::decimals(self.0, name)
    }

    fn sources(&self) -> PolarsResult<Counts<'a>> {
        columns::counts(self.0, "source")
    }
}

/// Which of the views of the account's changes.
#[derive(Clone, Copy, Debug)]
pub enum View<'a> {
    /// The legs of the ledger.
    Ledger,
    /// What trades, transfers and P2P orders make.
    Files,
    /// The legs of the ledger, and of the rest what it does not tell.
    Joined(&'a Told),
}

/// How far apart the times of an event in two exports may be.
const SLACK: i64 = MINUTE;

/// What ledgers tell, by export.
#[derive(Clone, Debug, Default)]
pub struct Told(BTreeMap<u32, Ledger>);

/// What a ledger tells: its exchange, the causes of its legs, and the time from its first leg to its last.
#[derive(Clone, Debug)]
struct Ledger {
    exchange: String,
    causes: BTreeSet<Cause>,
    from: i64,
    until: i64,
}

impl Told {
    /// By the ledgers of an account.
    ///
    /// # Errors
    /// When a frame lacks a column, which would be a fault of this program.
    pub fn of(data: &Dataset<'_>) -> PolarsResult<Self> {
        let Some(frame) = data.frames.get(&Table::Ledger) else { return Ok(Self::default()) };
        let columns = Columns(frame);
        let (meanings, times, sources) = (columns.text("meaning")?, columns.time("time")?, columns.sources()?);
        let exchanges = columns.text("exchange")?;
        let mut told: BTreeMap<u32, Ledger> = BTreeMap::new();
        for at in 0..frame.height() {
            let (Some(time), Some(source)) = (times.get(at), sources.get(at)) else { continue };
            let own = told.entry(source).or_insert_with(|| Ledger {
                exchange: exchanges.get(at).unwrap_or_default().to_owned(),
                causes: BTreeSet::new(),
                from: time,
                until: time,
            });
            (own.from, own.until) = (own.from.min(time), own.until.max(time));
            // Fees are charged for other things than trades, too.
            if meanings.get(at) != Some("fee") {
                own.causes.insert(cause(meanings.get(at)));
            }
        }
        Ok(Self(told))
    }

    /// Whether there is no ledger.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a ledger of its exchange tells of a movement. The records of one export are never views of one another:
    /// `source` is the one that asks.
    fn tells(&self, movement: &Movement<'_>, source: u32) -> bool {
        let covers = |own: &Ledger| (own.from - SLACK..=own.until + SLACK).contains(&movement.time);
        let same =
            |own: &Ledger| own.exchange == movement.exchange || own.exchange.is_empty() || movement.exchange.is_empty();
        let tells = |own: &Ledger| same(own) && own.causes.contains(&movement.cause) && covers(own);
        self.0.iter().any(|(ledger, own)| *ledger != source && tells(own))
    }
}

/// Shows every change of a view; there may be many, so they are not gathered.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn each(data: &Dataset<'_>, view: View<'_>, visit: &mut dyn FnMut(Movement<'_>)) -> PolarsResult<()> {
    match view {
        View::Ledger => of_ledger(data, visit),
        View::Files => of_files(data, &mut |movement, _| visit(movement)),
        View::Joined(told) => {
            of_ledger(data, visit)?;
            of_files(data, &mut |movement, source| {
                if !told.tells(&movement, source) {
                    visit(movement);
                }
            })
        }
    }
}

/// The cause of a ledger's leg, by what its operation means.
fn cause(meaning: Option<&str>) -> Cause {
    match meaning {
        Some("trade" | "fee") => Cause::Trade,
        Some("deposit" | "withdrawal") => Cause::Transfer,
        Some("fiat") => Cause::Fiat,
        Some("convert") => Cause::Conversion,
        Some("p2p") => Cause::P2p,
        _ => Cause::Other,
    }
}

fn of_ledger(data: &Dataset<'_>, visit: &mut dyn FnMut(Movement<'_>)) -> PolarsResult<()> {
    let Some(frame) = data.frames.get(&Table::Ledger) else { return Ok(()) };
    let mut names: HashMap<&str, String> = HashMap::new();
    let columns = Columns(frame);
    let (wallets, assets, meanings) = (columns.text("wallet")?, columns.text("asset")?, columns.text("meaning")?);
    let (times, changes, exchanges) = (columns.time("time")?, columns.decimal("change")?, columns.text("exchange")?);
    for at in 0..frame.height() {
        let cause = cause(meanings.get(at));
        let written = wallets.get(at).unwrap_or_default();
        let wallet = names.entry(written).or_insert_with(|| wallet(written));
        if let (Some(time), Some(asset), Some(change)) = (times.get(at), assets.get(at), changes.get(at)) {
            let exchange = exchanges.get(at).unwrap_or_default();
            visit(Movement { time, exchange, wallet, asset, change, cause });
        }
    }
    Ok(())
}

/// The source of a record and its exchange.
type From<'a> = (u32, &'a str);

/// Shows every change that trades, transfers and P2P orders make, with its export.
fn of_files(data: &Dataset<'_>, visit: &mut dyn FnMut(Movement<'_>, u32)) -> PolarsResult<()> {
    let mut add = |(source, exchange): From<'_>, time: Option<i64>, asset: Option<&str>, change: i128, cause: Cause| {
        if let (Some(time), Some(asset), true) = (time, asset.filter(|asset| !asset.is_empty()), change != 0) {
            visit(Movement { time, exchange, wallet: "", asset, change, cause }, source);
        }
    };
    if let Some(frame) = data.frames.get(&Table::Trades) {
        let columns = Columns(frame);
        let exchange = columns.text("exchange")?;
        let (side, base, quote) = (columns.text("side")?, columns.text("base")?, columns.text("quote")?);
        let (times, market, sources) = (columns.time("time")?, columns.text("market")?, columns.sources()?);
        let (quantity, total) = (columns.decimal("quantity")?, columns.decimal("quote_total")?);
        let price = columns.decimal("price")?;
        // Not every export says what a trade came to.
        let total = |at: usize| {
            let worth = || Decimal(price.get(at)?).times(Decimal(quantity.get(at)?)).map(|worth| worth.0);
            total.get(at).or_else(worth).unwrap_or(0)
        };
        let (fee, fee_asset) = (columns.decimal("fee")?, columns.text("fee_asset")?);
        let is_leg = is_leg(frame);
        let is_spot = |at: &usize| market.get(*at).is_none_or(|market| market == "spot");
        for at in (0..frame.height()).filter(|at| is_spot(at) && !is_leg(*at)) {
            let sign = if side.get(at) == Some("BUY") { 1 } else { -1 };
            let from = (sources.get(at).unwrap_or_default(), exchange.get(at).unwrap_or_default());
            let mut add = |asset, change| add(from, times.get(at), asset, change, Cause::Trade);
            add(base.get(at), sign * quantity.get(at).unwrap_or(0));
            add(quote.get(at), -sign * total(at));
            add(fee_asset.get(at), -fee.get(at).unwrap_or(0));
        }
    }
    if let Some(frame) = data.frames.get(&Table::Transfers) {
        let columns = Columns(frame);
        let exchange = columns.text("exchange")?;
        let (times, sources, undone) = (columns.time("time")?, columns.sources()?, frame.column("undone")?.bool()?);
        let (transfers, is_leg) = (Transfers::new(&columns)?, is_leg(frame));
        for at in (0..frame.height()).filter(|&at| undone.get(at) != Some(true) && !is_leg(at)) {
            let (cause, changes) = transfers.changes(at);
            for (asset, change) in changes {
                add(
                    (sources.get(at).unwrap_or_default(), exchange.get(at).unwrap_or_default()),
                    times.get(at),
                    asset,
                    change,
                    cause,
                );
            }
        }
    }
    if let Some(frame) = data.frames.get(&Table::P2p) {
        let columns = Columns(frame);
        let exchange = columns.text("exchange")?;
        let (side, asset, times) = (columns.text("side")?, columns.text("asset")?, columns.time("created")?);
        let (quantity, undone, sources) =
            (columns.decimal("quantity")?, frame.column("undone")?.bool()?, columns.sources()?);
        // What was charged, in the asset (developers.binance.com, C2C: "Transaction Fee (in Crypto)").
        let fees = columns.decimal("fees")?;
        for at in (0..frame.height()).filter(|&at| undone.get(at) != Some(true)) {
            let sign = if side.get(at) == Some("BUY") { 1 } else { -1 };
            let change = sign * quantity.get(at).unwrap_or(0) - fees.get(at).unwrap_or(0).abs();
            add(
                (sources.get(at).unwrap_or_default(), exchange.get(at).unwrap_or_default()),
                times.get(at),
                asset.get(at),
                change,
                Cause::P2p,
            );
        }
    }
    Ok(())
}

/// The columns of transfers that tell what they changed.
struct Transfers<'a> {
    direction: Texts<'a>,
    kind: Texts<'a>,
    method: Texts<'a>,
    asset: Texts<'a>,
    received_asset: Texts<'a>,
    amount: Decimals<'a>,
    fee: Decimals<'a>,
    received: Decimals<'a>,
}

impl<'a> Transfers<'a> {
    fn new(columns: &Columns<'a>) -> PolarsResult<Self> {
        Ok(Self {
            direction: columns.text("direction")?,
            kind: columns.text("kind")?,
            method: columns.text("method")?,
            asset: columns.text("asset")?,
            received_asset: columns.text("received_asset")?,
            amount: columns.decimal("amount")?,
            fee: columns.decimal("fee")?,
            received: columns.decimal("received")?,
        })
    }

    /// What a transfer changed, and by what cause.
    fn changes(&self, at: usize) -> (Cause, [(Option<&'a str>, i128); 2]) {
        let (asset, comes) = (self.asset.get(at), self.direction.get(at) == Some("in"));
        let (amount, fee) = (self.amount.get(at).unwrap_or(0), self.fee.get(at).unwrap_or(0));
        let received = self.received.get(at);
        let by_bank = self.kind.get(at) == Some("fiat");
        let Some(other) = self.received_asset.get(at).filter(|other| Some(*other) != asset) else {
            let cause = if by_bank { Cause::Fiat } else { Cause::Transfer };
            let change = match received {
                _ if comes => received.unwrap_or(amount),
                // Of some exports the amount holds the fee already.
                Some(received) => -amount.max(received.saturating_add(fee)),
                None => -amount.saturating_add(fee),
            };
            return (cause, [(asset, change), (None, 0)]);
        };
        let received = (Some(other), received.unwrap_or(0));
        let given = (asset, -amount.saturating_add(fee));
        if !by_bank {
            return (Cause::Conversion, [given, received]);
        }
        // What a card or a bank pays, or is paid, is not among the account's assets.
        let in_account = self.method.get(at).is_some_and(|method| method.to_lowercase().contains("balance"));
        let changes = match (in_account, comes) {
            (true, _) => [given, received],
            (false, true) => [received, (None, 0)],
            (false, false) => [given, (None, 0)],
        };
        (Cause::Fiat, changes)
    }
}
