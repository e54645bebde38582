//! Writes a made-up trade history of any length, with a theft in it, for measurements:
//! `cargo run --release --example trades -- TRADES SEED FOLDER [futures]`. The trades are those of a busy account over a
//! year: two quotes around the price in each of twelve pairs, and one in a hundred at market. With `futures` it is the export
//! that states order ids and who made: three fills in a row may be of one order.

use std::fs::{File, create_dir_all};
use std::io::{BufWriter, Write};

use chrono::DateTime;
use fastrand::Rng;

/// Pairs with a price in dollars.
const PAIRS: [(&str, f64); 12] = [
    ("BTC", 91_000.0),
    ("ETH", 3_100.0),
    ("BNB", 880.0),
    ("SOL", 155.0),
    ("XRP", 2.2),
    ("ADA", 0.61),
    ("LINK", 18.0),
    ("AVAX", 29.0),
    ("DOGE", 0.19),
    ("DOT", 5.9),
    ("LTC", 84.0),
    ("TRX", 0.3),
];

/// 2026-11-20 17:00 UTC, in milliseconds.
const END: i64 = 1_795_194_000_000;
const DAY: i64 = 86_400_000;
const DAYS: i64 = 365;
/// The orders of the theft, ten days before the end.
const STOLEN: i64 = 400;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (trades, seed, folder, export) = match args.as_slice() {
        [trades, seed, folder] => (trades, seed, folder, Export::Spot),
        [trades, seed, folder, futures] if futures == "futures" => (trades, seed, folder, Export::Futures),
        _ => return Err("usage: trades TRADES SEED FOLDER [futures]".into()),
    };
    let (count, seed): (i64, u64) = (trades.parse()?, seed.parse()?);
    create_dir_all(folder)?;
    let file = File::create(format!("{folder}/{}", export.file()))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let mut rng = Rng::with_seed(seed);
    let mut prices = PAIRS.map(|(_, price)| price);
    writeln!(out, "{}", export.header())?;
    let mut history = History { out, export, trade: 0, order: 0, last: (usize::MAX, false, 0) };
    let (theft, mut stolen) = (END - 10 * DAY, 0);
    for number in 0..count {
        let time = END - DAYS * DAY + (DAYS * DAY / count.max(1)) * number;
        while stolen < STOLEN && time > theft + stolen * 1_500 {
            let price = 0.0031 * 8f64.powf(stolen as f64 / STOLEN as f64);
            history.row(Fill {
                time: theft + stolen * 1_500,
                pair: None,
                buy: true,
                maker: false,
                price,
                total: 300.0,
            })?;
            stolen += 1;
        }
        let pair = rng.usize(..PAIRS.len());
        // A walk of some 80 % a year, whatever the number of trades.
        let step = 0.8 * (12.0 / count as f64).sqrt();
        prices[pair] *= (step * (rng.f64() + rng.f64() + rng.f64() + rng.f64() - 2.0) * 1.73).exp();
        let buy = rng.bool();
        let maker = rng.u32(..100) != 0;
        let off = if maker { 0.9995 } else { 1.0 };
        let price = if buy { prices[pair] * off } else { prices[pair] / off };
        history.row(Fill { time, pair: Some(pair), buy, maker, price, total: 40.0 + 400.0 * rng.f64() })?;
    }
    history.out.flush()?;
    Ok(())
}

/// Which of Binance's exports.
enum Export {
    /// Without ids.
    Spot,
    /// With those of trades and orders, and who made.
    Futures,
}

impl Export {
    fn file(&self) -> &'static str {
        match self {
            Self::Spot => "Binance-Spot-Trade-History-202611201700(UTC+0)_5d0c11aa.csv",
            Self::Futures => "Binance-Futures-Trade-History-202611201700(UTC+0)_5d0c11aa.csv",
        }
    }

    fn header(&self) -> &'static str {
        match self {
            Self::Spot => "Time,Pair,Side,Price,Executed,Amount,Fee",
            Self::Futures => {
                "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID"
            }
        }
    }
}

struct Fill {
    time: i64,
    /// Its place in `PAIRS`; none for the thief's.
    pair: Option<usize>,
    buy: bool,
    maker: bool,
    price: f64,
    total: f64,
}

struct History<W: Write> {
    out: W,
    export: Export,
    trade: u64,
    order: u64,
    /// Pair, side and fills of the order at hand.
    last: (usize, bool, u32),
}

impl<W: Write> History<W> {
    fn row(&mut self, fill: Fill) -> std::io::Result<()> {
        let Fill { time, pair, buy, maker, price, total } = fill;
        let base = pair.map_or("AKRO", |pair| PAIRS[pair].0);
        let time = DateTime::from_timestamp_millis(time).unwrap_or_default();
        let side = if buy { "BUY" } else { "SELL" };
        let quantity = total / price;
        match self.export {
            Export::Spot => {
                let (time, fee) = (time.format("%y-%m-%d %H:%M:%S"), 0.00075 * total / 880.0);
                writeln!(self.out, "{time},{base}USDT,{side},{price:.6},{quantity:.6}{base},{total:.4}USDT,{fee:.8}BNB")
            }
            Export::Futures => {
                let (time, fee) = (time.format("%Y-%m-%d %H:%M:%S"), 0.0004 * total);
                let same = pair.is_some_and(|pair| (pair, buy) == (self.last.0, self.last.1)) && self.last.2 < 3;
                self.last = (pair.unwrap_or(usize::MAX), buy, if same { self.last.2 + 1 } else { 1 });
                self.trade += 1;
                self.order += u64::from(!same);
                let (trade, order) = (700_000_000 + self.trade, 9_000_000_000 + self.order);
                writeln!(
                    self.out,
                    "41,{time},{base}USDT,{side},{price:.6},{quantity:.6},{total:.4},{fee:.6}USDT,0,{buy},{maker},{trade},{order}"
                )
            }
        }
    }
}
