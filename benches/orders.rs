//! Made-up orders that calls of a made-up log made, and a theft without calls among them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::NaiveDateTime;
use fastrand::Rng;

use crate::call_log::{self, Shape};

/// The name that the exchange gives such a history.
pub const HISTORY: &str = "Binance-Spot-Order-History-202611190000(UTC+0)-part1-of1.csv";
/// The orders of the theft, one every two seconds.
const STOLEN: i64 = 300;
/// When it begins, 10 days before the log ends.
const THEFT: &str = "2026-11-09 03:10:00";

/// Writes a log of calls and the history of the orders that some of them made: one call in eight makes an order, so there are at
/// most that many.
pub fn write(log: impl Write, history: impl Write, calls: u64, orders: u64, seed: u64) -> io::Result<()> {
    // Of the calls that make orders so many are spread over the whole log.
    let share = orders as f64 / (calls as f64 / 8.0);
    // A walk of some 80 % a year, whatever the number of orders.
    let step = 0.8 * (8.0 / orders as f64).sqrt();
    let (rng, prices) = (Rng::with_seed(seed + 1), BTreeMap::new());
    let mut made = Made { log, history, rng, share, step, prices, left: orders, number: 10_000_000_000 };
    writeln!(
        made.history,
        "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status"
    )?;
    call_log::write(&mut made, calls, seed, Shape::Usual)?;
    let theft = NaiveDateTime::parse_from_str(THEFT, "%Y-%m-%d %H:%M:%S").map_err(io::Error::other)?;
    for number in 0..STOLEN {
        let time = (theft + chrono::Duration::seconds(2 * number)).format("%Y-%m-%d %H:%M:%S").to_string();
        made.order(&time, "AKROUSDT", true, 0.0031 * 8f64.powf(number as f64 / STOLEN as f64))?;
    }
    made.flush()
}

/// Writes calls as they come, and the orders that they make.
struct Made<L, H> {
    log: L,
    history: H,
    rng: Rng,
    /// The share of calls that make orders whose orders are written.
    share: f64,
    /// By how much a price moves from order to order, about.
    step: f64,
    prices: BTreeMap<String, f64>,
    left: u64,
    number: u64,
}

impl<L: Write, H: Write> Write for Made<L, H> {
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        self.log.write_all(record)?;
        let text = String::from_utf8_lossy(record);
        let fields: Vec<&str> = text.split(',').collect();
        let [time, _, _, _, "POST /api/v3/order", symbol, "200", ..] = fields[..] else { return Ok(record.len()) };
        if self.left > 0 && self.rng.f64() < self.share {
            self.left -= 1;
            let buy = self.rng.bool();
            let walk = self.step * 3.0 * (self.rng.f64() + self.rng.f64() - 1.0);
            let price = self.prices.entry(symbol.to_owned()).or_insert(100.0);
            *price *= walk.exp();
            // Quotes on both sides of the price.
            let price = *price * if buy { 0.9995 } else { 1.0005 };
            self.order(&time[..19], symbol, buy, price)?;
        }
        Ok(record.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.log.flush()?;
        self.history.flush()
    }
}

impl<L, H: Write> Made<L, H> {
    fn order(&mut self, time: &str, symbol: &str, buy: bool, price: f64) -> io::Result<()> {
        self.number += 1;
        let side = if buy { "BUY" } else { "SELL" };
        let base = symbol.trim_end_matches("USDT");
        let quantity = 0.5 + self.rng.f64();
        writeln!(
            self.history,
            "{time},{},{symbol},LIMIT,{side},{price:.4},{quantity:.4}{base},{time},{quantity:.4}{base},{price:.4},{:.8}USDT,FILLED",
            self.number,
            quantity * price
        )
    }
}
