//! Frames for the rules: tables as polars data frames, calls as one row per tally.

use std::borrow::Cow;
use std::collections::HashMap;

use polars::prelude::*;

use crate::address::{neighbourhood, parse_ip};
use crate::attribution::{Attributed, Attribution};
use crate::columns::{self, GrowingTexts};
use crate::expectations::Expectations;
use crate::ingest::FastMap;
use crate::ingest::calls::{CallLog, Tally, shown};
use crate::ingest::table::ReadTable;
use crate::matching::{Caller, Inventory};
use crate::reference::Reference;
use crate::settings::Window;
use crate::tables::{Table, split_pair};
use crate::time::DAY;

/// Whether a status says that nothing came of it: failed, cancelled, rejected.
fn is_undone(status: &str) -> bool {
    let status = status.to_lowercase();
    ["cancel", "fail", "reject", "expire", "unsuccess", "declin", "refus"].iter().any(|word| status.contains(word))
}

/// A table as a frame: its columns, then `row`, `source`, `record`, `line`, `day` (since 1970), `in_window` and
/// `baseline` (before the window); for tables of pairs also `base` and `quote`, for those with a status `undone`, for the
/// ledger the `meaning` of the operation. What was read is not copied where all of it is kept.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn table_frame(read: &ReadTable, keep: &[bool], window: &Window, reference: &Reference) -> PolarsResult<DataFrame> {
    let kept = if keep.iter().all(|keep| *keep) {
        read.frame.clone()
    } else {
        read.frame.filter(&BooleanChunked::from_iter_values("keep".into(), keep.iter().copied()))?
    };
    let height = kept.height();
    let mut frame = kept.clone();
    if read.table.position("symbol").is_some() {
        let symbols = columns::texts(&kept, "symbol")?;
        let (mut bases, mut quotes) = (GrowingTexts::default(), GrowingTexts::default());
        for (base, quote) in (0..height).map(|row| split_pair(symbols.get(row).unwrap_or_default())) {
            bases.push(Some(base));
            quotes.push(Some(quote));
        }
        frame.with_column(bases.finish("base")?)?;
        frame.with_column(quotes.finish("quote")?)?;
    }
    if read.table.position("status").is_some() {
        let statuses = columns::texts(&kept, "status")?;
        // There are few words for it, and many records of each.
        let mut known: FastMap<&str, bool> = FastMap::default();
        let mut is_undone = |status| *known.entry(status).or_insert_with(|| is_undone(status));
        let undone = (0..height).map(|row| is_undone(statuses.get(row).unwrap_or_default()));
        frame.with_column(BooleanChunked::from_iter_values("undone".into(), undone).into_column())?;
    }
    if read.table == Table::Ledger {
        frame.with_column(meanings(&kept, reference)?)?;
    }
    let times = columns::times(&kept, read.table.time())?;
    let days = (0..height).map(|row| times.get(row).map(|time| time.div_euclid(DAY)));
    let is = |name: &str, holds: &dyn Fn(i64) -> bool| {
        let held = (0..height).map(|row| times.get(row).is_some_and(holds));
        BooleanChunked::from_iter_values(name.into(), held).into_column()
    };
    frame.with_column(UInt32Chunked::from_vec("row".into(), (0..height as u32).collect()).into_column())?;
    frame.with_column(is("in_window", &|time| window.holds(time)))?;
    frame.with_column(Int64Chunked::from_iter_options("day".into(), days).into_column())?;
    frame.with_column(is("baseline", &|time| time < window.start))?;
    Ok(frame)
}

/// What the operation of each ledger record means.
fn meanings(ledger: &DataFrame, reference: &Reference) -> PolarsResult<Column> {
    let text = |name: &str| columns::texts(ledger, name);
    let (exchanges, operations, symbols) = (text("exchange")?, text("operation")?, text("symbol")?);
    // There are few operations, and many records of each.
    let mut known: HashMap<(&str, &str), Option<&str>> = HashMap::new();
    let meaning = |row: usize| {
        // OKX names no operation for a conversion, but a pair of its own, `TAO-USDC-CONVERT`.
        let by_pair = || symbols.get(row).filter(|symbol| symbol.ends_with("CONVERT")).map(|_| "convert");
        let operation = operations.get(row).or_else(by_pair).unwrap_or_default();
        let exchange = exchanges.get(row).unwrap_or_default();
        let find = || reference.ledger(exchange, operation).map(|found| found.meaning.as_str());
        *known.entry((exchange, operation)).or_insert_with(find)
    };
    columns::text_column("meaning", (0..ledger.height()).map(meaning))
}

/// The calls as a frame, one row per tally.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn call_frame<'a>(
    log: &'a CallLog,
    expectations: Option<&'a Expectations>,
    inventory: &Inventory,
    window: &Window,
) -> PolarsResult<DataFrame> {
    let tallies = &log.tallies;
    let texts = |name: &str, value: &dyn Fn(&'a Tally) -> Cow<'a, str>| {
        let mut column = GrowingTexts::default();
        tallies.iter().for_each(|tally| column.push(Some(&value(tally))));
        column.finish(name)
    };
    let words = |name: &str, value: fn(&Tally) -> &'static str| {
        columns::text_column(name, tallies.iter().map(|tally| Some(value(tally))))
    };
    let key = |at: Option<usize>| at.and_then(|at| expectations.map(|e| &e.keys[at]));
    let dynamic = |at: Option<usize>| at.is_some_and(|at| expectations.is_some_and(|e| e.networks[at].is_dynamic));
    let prefix = |ip: &str| parse_ip(ip).map_or_else(|| ip.to_owned(), |ip| neighbourhood(ip).to_string()).into();
    let place = |ip| if str::contains(ip, ':') { prefix(ip) } else { Cow::Borrowed(ip) };
    let columns = vec![
        Column::new("row".into(), (0..tallies.len() as u32).collect::<Vec<_>>()),
        texts("account", &|t| log.text(t.caller[shown::ACCOUNT]).into())?,
        texts("key", &|t| key_label(&log.caller(t), t.verdict.key.index(), expectations, inventory).into())?,
        texts("ip", &|t| log.caller(t).ip.into())?,
        texts("prefix", &|t| prefix(log.caller(t).ip))?,
        texts("place", &|t| place(log.caller(t).ip))?,
        texts("client", &|t| log.caller(t).client.into())?,
        texts("operation", &|t| operation(&log.caller(t)).into())?,
        words("class", |t| t.verdict.class.name())?,
        Column::new("sensitive".into(), tallies.iter().map(|t| t.verdict.class.is_sensitive()).collect::<Vec<_>>()),
        words("outcome", |t| t.verdict.outcome.name())?,
        Column::new("entered".into(), tallies.iter().map(|t| t.verdict.outcome.may_have_entered()).collect::<Vec<_>>()),
        Column::new("dynamic".into(), tallies.iter().map(|t| dynamic(t.verdict.network)).collect::<Vec<_>>()),
        words("key_verdict", |t| t.verdict.key.name())?,
        words("ip_verdict", |t| t.verdict.ip.name())?,
        words("tool_verdict", |t| t.verdict.tool.name())?,
        words("operation_verdict", |t| t.verdict.operation.name())?,
        Column::new(
            "deleted_at".into(),
            tallies.iter().map(|t| key(t.verdict.key.index()).and_then(|key| key.valid.until)).collect::<Vec<_>>(),
        ),
        texts("allowed", &|t| key(t.verdict.key.index()).map_or(Cow::Borrowed(""), |key| key.allow.join(", ").into()))?,
        Column::new("in_window".into(), tallies.iter().map(|t| window.holds(t.first)).collect::<Vec<_>>()),
        Column::new("baseline".into(), tallies.iter().map(|t| t.first < window.start).collect::<Vec<_>>()),
        Column::new("count".into(), tallies.iter().map(|t| t.count).collect::<Vec<_>>()),
        Column::new("first".into(), tallies.iter().map(|t| t.first).collect::<Vec<_>>()),
        Column::new("last".into(), tallies.iter().map(|t| t.last).collect::<Vec<_>>()),
    ];
    DataFrame::new(tallies.len(), columns)
}

/// What is odd about the login behind an order that no call made.
const BY_HAND: &str = "placed by hand after a login from an address that is none of yours";

/// What explains each order, one row per row of the order table.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn verdict_frame(
    attribution: &Attribution,
    log: &CallLog,
    expectations: Option<&Expectations>,
    inventory: &Inventory,
) -> PolarsResult<DataFrame> {
    let orders: Vec<(u32, &Attributed)> =
        attribution.orders.iter().flat_map(|order| order.order.rows.iter().map(move |row| (*row, order))).collect();
    // Many orders share a caller: its doubts, address, key and client.
    let mut known: FastMap<u32, [String; 4]> = FastMap::default();
    for number in orders.iter().filter_map(|(_, order)| Some(order.call(log)?.tally)) {
        known.entry(number).or_insert_with(|| {
            let tally = &log.tallies[number as usize];
            let caller = log.caller(tally);
            let key = key_label(&caller, tally.verdict.key.index(), expectations, inventory);
            [tally.verdict.doubts().join("; "), caller.ip.to_owned(), key, caller.client.to_owned()]
        });
    }
    let mut texts: [GrowingTexts; 4] = Default::default();
    for (_, order) in &orders {
        let by_hand = order.session.as_deref().map_or(["", ""], |ip| [BY_HAND, ip]);
        let caller = order.call(log).and_then(|call| known.get(&call.tally));
        for (at, column) in texts.iter_mut().enumerate() {
            let of_login = by_hand.get(at).copied().unwrap_or_default();
            column.push(Some(caller.map_or(of_login, |caller| &caller[at])));
        }
    }
    let mut columns = vec![
        UInt32Chunked::from_vec("row".into(), orders.iter().map(|(row, _)| *row).collect()).into_column(),
        columns::text_column("verdict", orders.iter().map(|(_, order)| Some(order.verdict.name())))?,
        Column::new("in_gap".into(), orders.iter().map(|(_, order)| order.in_gap).collect::<Vec<_>>()),
    ];
    for (name, column) in ["doubt", "ip", "key", "client"].into_iter().zip(texts) {
        columns.push(column.finish(name)?);
    }
    DataFrame::new(orders.len(), columns)
}

/// The name a key goes by in reports: that of the expectations, else of a key list, else as logged.
pub fn key_label(
    caller: &Caller<'_>,
    index: Option<usize>,
    expectations: Option<&Expectations>,
    inventory: &Inventory,
) -> String {
    if let (Some(at), Some(expectations)) = (index, expectations) {
        return expectations.keys[at].name.clone();
    }
    // A stranger that goes by the name of an expected key is told from it by its id.
    let borrowed = |e: &Expectations| e.keys.iter().any(|key| key.name.eq_ignore_ascii_case(caller.key_name));
    if !caller.key_name.is_empty() && (caller.key.is_empty() || !expectations.is_some_and(borrowed)) {
        return caller.key_name.to_owned();
    }
    let named = inventory.aliases("", caller.key).map(|(name, _)| name).find(|name| !name.is_empty());
    named.filter(|_| caller.key_name.is_empty()).unwrap_or(caller.key).to_owned()
}

/// An operation as people read it: method and path, or as logged.
pub fn operation(caller: &Caller<'_>) -> String {
    if caller.method.is_empty() {
        caller.operation.to_owned()
    } else {
        format!("{} {}", caller.method, caller.operation)
    }
}
