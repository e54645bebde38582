//! Whether balances add up: opening + changes − closing, exactly, per asset and wallet.

mod held;
mod movements;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use polars::prelude::PolarsResult;

use crate::dataset::Dataset;
use crate::ingest::Source;
use crate::tables::Table;
use crate::time::SECOND;
use movements::{Cause, Movement, Told, View, each, wallet};

pub use held::{changed, held};

/// An asset of a wallet between two looks at its balance, in units of 10^-20.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The wallet; empty for all of them.
    pub wallet: String,
    /// The asset.
    pub asset: String,
    /// The balance at the first look; `None` when there was none.
    pub opening: Option<i128>,
    /// When that was.
    pub opened: Option<i64>,
    /// The balance at the last look.
    pub closing: Option<i128>,
    /// When that was.
    pub closed: Option<i64>,
    /// What trades and their fees changed.
    pub trades: i128,
    /// What deposits and withdrawals changed.
    pub transfers: i128,
    /// What P2P orders changed.
    pub p2p: i128,
    /// What everything else changed.
    pub other: i128,
    /// The row of the last look in the table of balances.
    pub row: Option<u32>,
}

impl Line {
    /// All changes.
    pub fn change(&self) -> i128 {
        self.trades.saturating_add(self.transfers).saturating_add(self.p2p).saturating_add(self.other)
    }

    /// Adds the changes of another line.
    fn take(&mut self, other: &Self) {
        self.trades = self.trades.saturating_add(other.trades);
        self.transfers = self.transfers.saturating_add(other.transfers);
        self.p2p = self.p2p.saturating_add(other.p2p);
        self.other = self.other.saturating_add(other.other);
    }

    /// The changes the other way round.
    fn reversed(&self) -> Self {
        let (trades, transfers) = (self.trades.saturating_neg(), self.transfers.saturating_neg());
        let (p2p, other) = (self.p2p.saturating_neg(), self.other.saturating_neg());
        Self { trades, transfers, p2p, other, ..Self::default() }
    }

    /// Lets changes of the very second of a look fall on its other side, if the sums then come out.
    fn settle(&mut self, at_first: &Self, at_last: &Self) {
        if self.gap().is_none_or(|gap| gap == 0) {
            return;
        }
        let not_last = at_last.reversed();
        for shifts in [vec![at_first], vec![&not_last], vec![at_first, &not_last]] {
            let mut settled = self.clone();
            shifts.into_iter().for_each(|shift| settled.take(shift));
            if settled.gap() == Some(0) {
                *self = settled;
                return;
            }
        }
    }

    /// What is there more than the changes explain; negative when something is missing. `None` without two looks.
    pub fn gap(&self) -> Option<i128> {
        Some(self.closing?.saturating_sub(self.opening?).saturating_sub(self.change()))
    }
}

/// The assets of an account before, in and after the window.
#[derive(Clone, Debug, Default)]
pub struct Balances {
    /// By wallet and asset.
    pub lines: Vec<Line>,
    /// What the changes were taken from.
    pub from: &'static str,
    /// What is missing for the sums to be whole, in words.
    pub missing: Vec<String>,
    /// Assets of which ledger and files tell different changes by the same cause: cause, asset, and by how much.
    pub disagreements: Vec<(&'static str, String, i128)>,
}

/// A balance seen: by wallet and time the assets with amount and row.
type Looks = BTreeMap<String, BTreeMap<i64, BTreeMap<String, (i128, u32)>>>;

/// Adds it up.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn balances(data: &Dataset<'_>) -> PolarsResult<Balances> {
    let mut balances = Balances::default();
    let told = Told::of(data)?;
    let (view, has_ledger) = (View::Joined(&told), !told.is_empty());
    let looks = looks(data, &mut balances.missing)?;
    if looks.is_empty() && !has_ledger {
        return Ok(balances);
    }
    balances.from = match (has_ledger, tells_all(data, &told)?) {
        (true, true) => "ledger",
        (true, false) => "ledger, and the trades, transfers and P2P orders that it does not tell",
        (false, _) => "trades, transfers and P2P orders",
    };
    if has_ledger {
        balances.disagreements = disagreements(data, &told)?;
    } else {
        balances.missing.push(
            "the ledger (transaction history): interest, conversions and moves between wallets are in no other file"
                .to_owned(),
        );
    }
    let mut lines = if looks.is_empty() { unseen(data, view)? } else { seen(data, &looks, view)? };
    lines.retain(|line| line.change() != 0 || line.gap().is_some_and(|gap| gap != 0) || line.opening != line.closing);
    for line in &lines {
        if let (Some(opened), Some(closed)) = (line.opened, line.closed) {
            missing(data, has_ledger, opened, closed, &mut balances.missing);
        }
    }
    balances.missing.sort();
    balances.missing.dedup();
    balances.lines = lines;
    Ok(balances)
}

/// The balances that were looked at, with the time of the look: of the record, else of the file's name.
fn looks(data: &Dataset<'_>, missing: &mut Vec<String>) -> PolarsResult<Looks> {
    let mut looks = Looks::new();
    let Some(frame) = data.frames.get(&Table::Balances) else { return Ok(looks) };
    let text = |name: &str| -> PolarsResult<_> { frame.column(name)?.str() };
    let decimal = |name: &str| -> PolarsResult<_> { Ok(frame.column(name)?.decimal()?.physical()) };
    let (accounts, assets) = (text("account")?, text("asset")?);
    let (free, locked, total) = (decimal("free")?, decimal("locked")?, decimal("total")?);
    let (times, sources) = (frame.column("time")?.i64()?, frame.column("source")?.u32()?);
    for at in 0..frame.height() {
        let source = data.sources.iter().find(|source| Some(source.id) == sources.get(at));
        let Some(time) = times.get(at).or(source.and_then(|source| source.stamp)) else {
            let path = source.map_or("", |source| source.path.as_str());
            missing
                .push(format!("the time of the balances in {path}: write it into a column, or into the file's name"));
            continue;
        };
        let amount = match (free.get(at), locked.get(at), total.get(at)) {
            (_, _, Some(total)) => total,
            (Some(free), locked, None) => free.saturating_add(locked.unwrap_or(0)),
            _ => continue,
        };
        let asset = assets.get(at).unwrap_or_default().to_ascii_uppercase();
        let look = looks.entry(accounts.get(at).map(wallet).unwrap_or_default()).or_default().entry(time).or_default();
        let known = look.entry(asset).or_insert((0, at as u32));
        known.0 = known.0.saturating_add(amount);
    }
    Ok(looks)
}

/// The lines between the look before the window, or else the first, and the last one. An asset that a look does not show
/// was not there.
fn seen(data: &Dataset<'_>, looks: &Looks, view: View<'_>) -> PolarsResult<Vec<Line>> {
    let mut lines = Vec::new();
    for (wallet, by_time) in looks {
        let before = by_time.range(..=data.window.start).next_back().or(by_time.iter().next());
        let (Some((opened, first)), Some((closed, last))) = (before, by_time.iter().next_back()) else { continue };
        let single = opened == closed;
        let mut of_asset: BTreeMap<String, Line> = BTreeMap::new();
        // What happened in the very second of a look may show in it or not.
        let (mut at_first, mut at_last): (BTreeMap<String, Line>, BTreeMap<String, Line>) = Default::default();
        let of_wallet = |movement: &Movement<'_>| match movement.wallet {
            _ if wallet.is_empty() => true,
            "" => home(looks, movement.cause).is_none_or(|home| home == wallet),
            named => named == wallet,
        };
        let inside = |movement: &Movement<'_>| {
            movement.time <= *closed && (movement.time > *opened || single && movement.time >= data.window.start)
        };
        let second = |time: i64| time.div_euclid(SECOND);
        each(data, view, &mut |movement| {
            if !of_wallet(&movement) {
                return;
            }
            if inside(&movement) {
                add(line(&mut of_asset, movement.asset), &movement);
                if second(movement.time) == second(*closed) {
                    add(line(&mut at_last, movement.asset), &movement);
                }
            } else if second(movement.time) == second(*opened) {
                add(line(&mut at_first, movement.asset), &movement);
            }
        })?;
        let assets: BTreeSet<&str> = first.keys().chain(last.keys()).map(String::as_str).collect();
        assets.iter().for_each(|asset| {
            line(&mut of_asset, asset);
        });
        for (asset, mut line) in of_asset {
            line.wallet.clone_from(wallet);
            line.closing = Some(last.get(&asset).map_or(0, |(amount, _)| *amount));
            line.closed = Some(*closed);
            line.row = last.get(&asset).or(first.get(&asset)).map(|(_, row)| *row);
            if !single {
                line.opening = Some(first.get(&asset).map_or(0, |(amount, _)| *amount));
                line.opened = Some(*opened);
            }
            let none = Line::default();
            line.settle(at_first.get(&asset).unwrap_or(&none), at_last.get(&asset).unwrap_or(&none));
            line.asset = asset;
            lines.push(line);
        }
    }
    Ok(lines)
}

/// The wallet, of those looked at, in which changes fall that name none: P2P orders are settled in the funding wallet, where
/// there is one, and all else in the main one.
fn home(looks: &Looks, cause: Cause) -> Option<&'static str> {
    let wanted: &[&str] = if cause == Cause::P2p { &["funding", "spot"] } else { &["spot"] };
    wanted.iter().copied().find(|wanted| looks.contains_key(*wanted))
}

/// The line of an asset.
fn line<'a>(lines: &'a mut BTreeMap<String, Line>, asset: &str) -> &'a mut Line {
    if !lines.contains_key(asset) {
        lines.insert(asset.to_owned(), Line::default());
    }
    lines.entry(asset.to_owned()).or_default()
}

/// The changes of the window, where no balance was looked at.
fn unseen(data: &Dataset<'_>, view: View<'_>) -> PolarsResult<Vec<Line>> {
    let mut wallets: BTreeMap<String, BTreeMap<String, Line>> = BTreeMap::new();
    each(data, view, &mut |movement| {
        if data.window.holds(movement.time) {
            add(line(wallets.entry(movement.wallet.to_owned()).or_default(), movement.asset), &movement);
        }
    })?;
    // What files tell that name no wallet is shown with the account's main one, where a ledger names that.
    if wallets.contains_key("spot") {
        let unnamed = wallets.remove("").unwrap_or_default();
        let spot = wallets.entry("spot".to_owned()).or_default();
        unnamed.into_iter().for_each(|(asset, other)| line(spot, &asset).take(&other));
    }
    let named = |(wallet, lines): (String, BTreeMap<String, Line>)| {
        lines.into_iter().map(move |(asset, line)| Line { wallet: wallet.clone(), asset, ..line })
    };
    Ok(wallets.into_iter().flat_map(named).collect())
}

fn add(line: &mut Line, movement: &Movement<'_>) {
    let sum = match movement.cause {
        Cause::Trade => &mut line.trades,
        Cause::Transfer | Cause::Fiat => &mut line.transfers,
        Cause::P2p => &mut line.p2p,
        Cause::Conversion | Cause::Other => &mut line.other,
    };
    *sum = sum.saturating_add(movement.change);
}

/// Whether the ledger tells all that the other files tell.
fn tells_all(data: &Dataset<'_>, told: &Told) -> PolarsResult<bool> {
    let (mut legs, mut all) = (0usize, 0usize);
    each(data, View::Ledger, &mut |_| legs += 1)?;
    each(data, View::Joined(told), &mut |_| all += 1)?;
    Ok(legs == all)
}

/// What does not reach over the span between two looks: the ledger, unless each of the other files does.
fn missing(data: &Dataset<'_>, has_ledger: bool, opened: i64, closed: i64, missing: &mut Vec<String>) {
    let partial = |table: &Table| {
        let covered = data.coverage_of(*table);
        !covered.is_some_and(|covered| {
            covered.first().is_some_and(|first| first <= opened) && covered.last().is_some_and(|last| last >= closed)
        })
    };
    let files = [Table::Trades, Table::Transfers, Table::P2p];
    let wanted: Vec<Table> = if !has_ledger {
        files.into_iter().filter(partial).collect()
    } else if partial(&Table::Ledger) && files.iter().any(partial) {
        vec![Table::Ledger]
    } else {
        Vec::new()
    };
    missing.extend(wanted.iter().map(|table| format!("the {} of the whole time between the balances", table.words())));
}

/// Where the ledger and the other files tell different changes of an asset by the same cause, over the time both cover.
fn disagreements(data: &Dataset<'_>, told: &Told) -> PolarsResult<Vec<(&'static str, String, i128)>> {
    const CAUSES: [(Cause, &str, Table); 3] = [
        (Cause::Trade, "trades", Table::Trades),
        (Cause::Transfer, "deposits and withdrawals", Table::Transfers),
        (Cause::P2p, "P2P orders", Table::P2p),
    ];
    let covered = |exchange: &str, table: Table| {
        let own = || data.sources.iter().filter(|source| source.exchange == exchange && source.writes(table));
        Some((own().filter_map(|source| source.first).min()?, own().filter_map(Source::last).max()?))
    };
    let both = |exchange: &str, table: Table| {
        let ((from, until), (ledger_from, ledger_until)) =
            (covered(exchange, table)?, covered(exchange, Table::Ledger)?);
        Some(from.max(ledger_from)..=until.min(ledger_until))
    };
    let exchanges: BTreeSet<&str> = data.sources.iter().map(|source| source.exchange).collect();
    let spans: Vec<(&str, Cause, &'static str, RangeInclusive<i64>)> = exchanges
        .into_iter()
        .flat_map(|exchange| CAUSES.map(|(cause, name, table)| Some((exchange, cause, name, both(exchange, table)?))))
        .flatten()
        .collect();
    let shared = |movement: &Movement<'_>| {
        let shared = |(exchange, cause, _, span): &&(&str, Cause, _, RangeInclusive<i64>)| {
            *exchange == movement.exchange && *cause == movement.cause && span.contains(&movement.time)
        };
        spans.iter().find(shared).map(|(_, _, name, _)| *name)
    };
    let mut sums: BTreeMap<(&'static str, String), i128> = BTreeMap::new();
    let mut add = |movement: Movement<'_>, sign: i128| {
        if let Some(name) = shared(&movement) {
            let sum = sums.entry((name, movement.asset.to_owned())).or_default();
            *sum = sum.saturating_add(sign * movement.change);
        }
    };
    // What no ledger tells is in both, and cancels out.
    each(data, View::Joined(told), &mut |movement| add(movement, 1))?;
    each(data, View::Files, &mut |movement| add(movement, -1))?;
    Ok(sums.into_iter().filter(|(_, sum)| *sum != 0).map(|((name, asset), sum)| (name, asset, sum)).collect())
}
