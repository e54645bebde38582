//! The fills that a ledger tells: of a spot trade both legs, of a contract the one that was settled.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PlSmallStr, PolarsResult};

use super::Records;
use crate::columns::{self, Decimals, Texts, Times};
use crate::dataset::order_view::{Fill, Filled, left_over};
use crate::ingest::table::{ReadTable, Value};
use crate::ingest::{FastMap, FastSet, position, side};
use crate::reference::Reference;
use crate::tables::{Table, quote_rank};

/// What the operations of trades mean.
const TRADE: &str = "trade";

/// The times of the legs that may be of fills.
pub fn may_be_fill(ledger: &ReadTable) -> impl Iterator<Item = i64> + '_ {
    let (exchange, operation) = (ledger.texts("exchange"), ledger.texts("operation"));
    let times = ledger.times("time");
    let mut known: FastMap<(&str, &str), bool> = FastMap::default();
    (0..ledger.len()).filter_map(move |at| {
        let key = (exchange.get(at).unwrap_or_default(), operation.get(at).unwrap_or_default());
        let means = || Reference::built_in().ledger(key.0, key.1).is_some_and(|found| found.meaning == TRADE);
        if *known.entry(key).or_insert_with(means) { times.get(at) } else { None }
    })
}

/// The columns of a ledger's legs.
struct Legs<'a> {
    exchange: Texts<'a>,
    meaning: Texts<'a>,
    operation: Texts<'a>,
    wallet: Texts<'a>,
    time: Times<'a>,
    asset: Texts<'a>,
    change: Decimals<'a>,
    symbol: Texts<'a>,
    side: Texts<'a>,
    quantity: Decimals<'a>,
    unit: Texts<'a>,
    fee: Decimals<'a>,
    fee_asset: Texts<'a>,
    order_id: Texts<'a>,
    trade_id: Texts<'a>,
    reference: Texts<'a>,
}

/// A fill, and the row of the leg that tells it.
struct Told {
    row: usize,
    symbol: String,
    side: &'static str,
    market: &'static str,
    quantity: Option<i128>,
    total: Option<i128>,
    /// The row of the leg that the fee was charged with.
    charged: Option<usize>,
}

/// What the legs of one order share, or those of one trade, or of one instant: exchange, pair, id, time.
type Key<'a> = (&'a str, &'a str, &'a str, i64);

/// The fills that no export of trades tells.
pub(super) fn of<'a>(ledger: &'a DataFrame, frames: &BTreeMap<Table, DataFrame>) -> PolarsResult<Records<'a>> {
    let legs = Legs::new(ledger)?;
    let mut records = Records::new(Table::Trades, ledger)?;
    let known = Known::new(frames)?;
    let mut told: Vec<Told> = Vec::new();
    for (key, rows) in legs.groups(ledger.height()) {
        if key.1.is_empty() {
            told.extend(legs.exchanged(&rows, key.0, &known));
        } else {
            legs.of_pair(key.1, &rows, &mut told);
        }
    }
    let mut told = known.without(told, &legs);
    told.sort_by_key(|fill| fill.row);
    for fill in told {
        let fee = fill.charged.and_then(|row| legs.fee.get(row)).filter(|fee| *fee != 0);
        let asset = fill.charged.and_then(|row| legs.fee_asset.get(row).or(legs.asset.get(row)));
        let text = |text: &str| Some(Value::Text(text.into()));
        let own = [
            ("symbol", text(&fill.symbol)),
            ("side", text(fill.side)),
            ("market", text(fill.market)),
            ("quantity", fill.quantity.map(Value::Decimal)),
            ("quote_total", fill.total.map(Value::Decimal)),
            ("fee", fee.map(Value::Decimal)),
            ("fee_asset", fee.and(asset).and_then(text)),
        ];
        records.add(fill.row, &own);
    }
    Ok(records)
}

impl<'a> Legs<'a> {
    fn new(ledger: &'a DataFrame) -> PolarsResult<Self> {
        let text = |name: &str| columns::texts(ledger, name);
        let decimal = |name: &str| columns::decimals(ledger, name);
        Ok(Self {
            exchange: text("exchange")?,
            meaning: text("meaning")?,
            operation: text("operation")?,
            wallet: text("wallet")?,
            time: columns::times(ledger, "time")?,
            asset: text("asset")?,
            change: decimal("change")?,
            symbol: text("symbol")?,
            side: text("side")?,
            quantity: decimal("quantity")?,
            unit: text("unit")?,
            fee: decimal("fee")?,
            fee_asset: text("fee_asset")?,
            order_id: text("order_id")?,
            trade_id: text("trade_id")?,
            reference: text("reference")?,
        })
    }

    /// The legs of trades that belong together, in the order of the ledger.
    fn groups(&self, height: usize) -> Vec<(Key<'a>, Vec<usize>)> {
        let mut places: FastMap<Key<'a>, usize> = FastMap::default();
        let mut groups: Vec<(Key<'a>, Vec<usize>)> = Vec::new();
        for row in (0..height).filter(|row| self.meaning.get(*row) == Some(TRADE)) {
            let (Some(time), Some(_), Some(_)) = (self.time.get(row), self.asset.get(row), self.change.get(row)) else {
                continue;
            };
            let symbol = self.symbol.get(row).unwrap_or_default();
            let own = self.order_id.get(row).or(self.trade_id.get(row));
            // What an export calls its reference may be that of the leg alone.
            let id = own.or(self.reference.get(row).filter(|_| symbol.is_empty())).unwrap_or_default();
            let key = (self.exchange.get(row).unwrap_or_default(), symbol, id, if id.is_empty() { time } else { 0 });
            let place = *places.entry(key).or_insert_with(|| {
                groups.push((key, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(row);
        }
        groups
    }

    fn change(&self, row: usize) -> i128 {
        self.change.get(row).unwrap_or(0)
    }

    /// The market of a trade of one asset for another, by the wallet it was made in.
    fn market(&self, row: usize) -> &'static str {
        let by_margin = self.wallet.get(row).is_some_and(|wallet| wallet.to_ascii_lowercase().contains("margin"));
        if by_margin { "margin" } else { "spot" }
    }

    /// How much of its asset a leg moved, before what was charged.
    fn amount(&self, row: usize) -> i128 {
        self.quantity.get(row).filter(|amount| *amount != 0).unwrap_or_else(|| self.change(row).abs())
    }

    /// The fills of legs that name their pair.
    fn of_pair(&self, symbol: &str, rows: &[usize], told: &mut Vec<Told>) {
        let of = |asset: &str| -> Vec<usize> {
            let mut own: Vec<usize> = rows
                .iter()
                .copied()
                .filter(|row| self.asset.get(*row) == Some(asset) && self.change(*row) != 0)
                .collect();
            own.sort_by_key(|row| self.time.get(*row));
            own
        };
        let assets = || rows.iter().filter_map(|row| self.asset.get(*row));
        let base = assets().find(|base| assets().any(|quote| is_pair(symbol, base, quote)));
        if let Some(base) = base {
            let quote = assets().find(|quote| is_pair(symbol, base, quote)).unwrap_or_default();
            let (bases, quotes) = (of(base), of(quote));
            for (at, row) in bases.iter().enumerate() {
                // Which legs of several fills belong together is plain only where there are as many of each.
                let other = quotes.get(at).copied().filter(|_| bases.len() == quotes.len());
                let charged = [Some(*row), other].into_iter().flatten();
                told.push(Told {
                    row: *row,
                    symbol: symbol.to_owned(),
                    side: if self.change(*row) > 0 { "BUY" } else { "SELL" },
                    market: self.market(*row),
                    quantity: Some(self.amount(*row)),
                    total: other.map(|other| self.amount(other)),
                    charged: charged.into_iter().find(|row| self.fee.get(*row).is_some_and(|fee| fee != 0)),
                });
            }
            return;
        }
        told.extend(rows.iter().filter_map(|row| self.alone(symbol, *row)));
    }

    /// The fill of a leg without another: one of a contract, or the first asset of a pair.
    fn alone(&self, symbol: &str, row: usize) -> Option<Told> {
        let asset = self.asset.get(row).unwrap_or_default();
        let words = self.side.get(row).or(self.operation.get(row)).unwrap_or_default();
        let whole =
            self.quantity.get(row).is_some_and(|amount| (self.change(row).abs() - amount).abs() <= amount / 100);
        let is_spot = whole || self.wallet.get(row).is_some_and(|wallet| wallet.eq_ignore_ascii_case("spot"));
        let in_coin = symbol.starts_with(asset);
        if is_spot && !in_coin {
            return None;
        }
        let side = match is_spot {
            true => ["SELL", "BUY"][usize::from(self.change(row) > 0)],
            false => position(words).or_else(|_| side(words)).ok()?,
        };
        let market = if is_spot { "spot" } else { ["um-futures", "cm-futures"][usize::from(in_coin)] };
        // A number of contracts is no amount of anything.
        let counted = self.unit.get(row).is_some_and(|unit| unit.eq_ignore_ascii_case("cont"));
        let quantity = if is_spot { Some(self.amount(row)) } else { self.quantity.get(row).filter(|_| !counted) };
        Some(Told { row, symbol: symbol.to_owned(), side, market, quantity, total: None, charged: Some(row) })
    }

    /// The trade of legs that name no pair: one asset for another.
    fn exchanged(&self, rows: &[usize], exchange: &str, known: &Known) -> Option<Told> {
        let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
        for row in rows {
            // What was charged is no part of the price.
            *sums.entry(self.asset.get(*row)?).or_default() += self.change(*row) + self.fee.get(*row).unwrap_or(0);
        }
        let [(one, a), (two, b)] = *sums.into_iter().collect::<Vec<_>>().as_slice() else { return None };
        if (a > 0) == (b > 0) || a == 0 || b == 0 {
            return None;
        }
        let named = |base: &str, quote: &str| known.symbols.contains(&(exchange.into(), pair(base, quote).into()));
        let turned = match (named(one, two), named(two, one)) {
            (true, false) => false,
            (false, true) => true,
            _ => quote_rank(one) < quote_rank(two),
        };
        let ((base, bought), (quote, paid)) = if turned { ((two, b), (one, a)) } else { ((one, a), (two, b)) };
        let row = rows.iter().copied().find(|row| self.asset.get(*row) == Some(base))?;
        Some(Told {
            row,
            symbol: pair(base, quote),
            side: if bought > 0 { "BUY" } else { "SELL" },
            market: self.market(row),
            quantity: Some(bought.abs()),
            total: Some(paid.abs()),
            charged: rows.iter().copied().find(|row| self.fee.get(*row).is_some_and(|fee| fee != 0)),
        })
    }
}

fn pair(base: &str, quote: &str) -> String {
    format!("{}{}", base.to_uppercase(), quote.to_uppercase())
}

fn is_pair(symbol: &str, base: &str, quote: &str) -> bool {
    symbol.len() == base.len() + quote.len() && symbol == pair(base, quote)
}

/// What exports of trades and orders tell.
struct Known {
    /// Exchange and id of trades and of the orders they are of.
    ids: FastSet<(PlSmallStr, PlSmallStr)>,
    /// Exchange and pair.
    symbols: FastSet<(PlSmallStr, PlSmallStr)>,
    /// The trades, with their ids, by exchange, pair, side, and whether they are spot.
    trades: FastMap<Kind, Vec<Trade>>,
}

type Kind = (PlSmallStr, PlSmallStr, PlSmallStr, bool);

/// A trade: when, how much, and its ids.
struct Trade {
    time: i64,
    quantity: Option<i128>,
    ids: [Option<PlSmallStr>; 2],
}

impl Known {
    fn new(frames: &BTreeMap<Table, DataFrame>) -> PolarsResult<Self> {
        let mut known = Self { ids: FastSet::default(), symbols: FastSet::default(), trades: FastMap::default() };
        let own = |text: Option<&str>| PlSmallStr::from(text.unwrap_or_default());
        if let Some(frame) = frames.get(&Table::Orders) {
            let (exchange, symbol) = (columns::texts(frame, "exchange")?, columns::texts(frame, "symbol")?);
            known.symbols.extend((0..frame.height()).map(|at| (own(exchange.get(at)), own(symbol.get(at)))));
        }
        let Some(frame) = frames.get(&Table::Trades) else { return Ok(known) };
        let text = |name: &str| columns::texts(frame, name);
        let (exchange, symbol, side, market) = (text("exchange")?, text("symbol")?, text("side")?, text("market")?);
        let ids = [text("trade_id")?, text("order_id")?];
        let (time, quantity) = (columns::times(frame, "time")?, columns::decimals(frame, "quantity")?);
        for at in 0..frame.height() {
            let of = own(exchange.get(at));
            let ids = ids.map(|ids| ids.get(at).map(PlSmallStr::from));
            known.ids.extend(ids.iter().flatten().map(|id| (of.clone(), id.clone())));
            known.symbols.insert((of.clone(), own(symbol.get(at))));
            let Some(time) = time.get(at) else { continue };
            let kind = (of, own(symbol.get(at)), own(side.get(at)), is_spot(market.get(at).unwrap_or("spot")));
            known.trades.entry(kind).or_default().push(Trade { time, quantity: quantity.get(at), ids });
        }
        Ok(known)
    }

    /// Leaves out the fills that an export of trades tells: by an id, and else by time and quantity.
    fn without(self, fills: Vec<Told>, legs: &Legs<'_>) -> Vec<Told> {
        if self.trades.is_empty() {
            return fills;
        }
        let exchange = |fill: &Told| PlSmallStr::from(legs.exchange.get(fill.row).unwrap_or_default());
        let mut met: FastSet<(PlSmallStr, PlSmallStr)> = FastSet::default();
        let mut left: Vec<Told> = Vec::new();
        for fill in fills {
            let ids = [legs.trade_id, legs.order_id, legs.reference].map(|ids| ids.get(fill.row));
            let told =
                ids.into_iter().flatten().map(|id| (exchange(&fill), id.into())).find(|id| self.ids.contains(id));
            match told {
                Some(id) => drop(met.insert(id)),
                None => left.push(fill),
            }
        }
        let mut of_kind: FastMap<Kind, Vec<Fill>> = FastMap::default();
        for (at, fill) in left.iter().enumerate() {
            let Some(time) = legs.time.get(fill.row) else { continue };
            let kind = (exchange(fill), fill.symbol.as_str().into(), fill.side.into(), is_spot(fill.market));
            of_kind.entry(kind).or_default().push((time, fill.quantity, at));
        }
        let mut stays = vec![false; left.len()];
        for (kind, mut fills) in of_kind {
            let is_open =
                |trade: &&Trade| !trade.ids.iter().flatten().any(|id| met.contains(&(kind.0.clone(), id.clone())));
            let open = self.trades.get(&kind).into_iter().flatten().filter(is_open);
            let mut open: Vec<Filled> =
                open.map(|trade| Filled { start: trade.time, end: trade.time, left: trade.quantity }).collect();
            left_over(&mut open, &mut fills).into_iter().for_each(|at| stays[at] = true);
        }
        left.into_iter().zip(stays).filter_map(|(fill, stays)| stays.then_some(fill)).collect()
    }
}

fn is_spot(market: &str) -> bool {
    !market.ends_with("futures")
}
