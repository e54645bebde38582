//! Writes a made-up trade history of any length, with a theft in it, for measurements:
//! `cargo run --release --example trades -- TRADES SEED FOLDER`. The trades are those of a busy account over a year: two
//! quotes around the price in each of twelve pairs, and one in a hundred at market.

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
    let [trades, seed, folder] = args.as_slice() else { return Err("usage: trades TRADES SEED FOLDER".into()) };
    let (count, seed): (i64, u64) = (trades.parse()?, seed.parse()?);
    create_dir_all(folder)?;
    let file = File::create(format!("{folder}/Binance-Spot-Trade-History-202611201700(UTC+0)_5d0c11aa.csv"))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let mut rng = Rng::with_seed(seed);
    let mut prices = PAIRS.map(|(_, price)| price);
    writeln!(out, "Time,Pair,Side,Price,Executed,Amount,Fee")?;
    let (theft, mut stolen) = (END - 10 * DAY, 0);
    for number in 0..count {
        let time = END - DAYS * DAY + (DAYS * DAY / count.max(1)) * number;
        while stolen < STOLEN && time > theft + stolen * 1_500 {
            let price = 0.0031 * 8f64.powf(stolen as f64 / STOLEN as f64);
            row(&mut out, theft + stolen * 1_500, "AKRO", true, price, 300.0)?;
            stolen += 1;
        }
        let pair = rng.usize(..PAIRS.len());
        // A walk of some 80 % a year, whatever the number of trades.
        let step = 0.8 * (12.0 / count as f64).sqrt();
        prices[pair] *= (step * (rng.f64() + rng.f64() + rng.f64() + rng.f64() - 2.0) * 1.73).exp();
        let buy = rng.bool();
        let off = if rng.u32(..100) == 0 { 1.0 } else { 0.9995 };
        let price = if buy { prices[pair] * off } else { prices[pair] / off };
        row(&mut out, time, PAIRS[pair].0, buy, price, 40.0 + 400.0 * rng.f64())?;
    }
    out.flush()?;
    Ok(())
}

fn row(out: &mut impl Write, time: i64, base: &str, buy: bool, price: f64, total: f64) -> std::io::Result<()> {
    let time = DateTime::from_timestamp_millis(time).unwrap_or_default().format("%y-%m-%d %H:%M:%S");
    let side = if buy { "BUY" } else { "SELL" };
    let fee = 0.00075 * total / 880.0;
    writeln!(out, "{time},{base}USDT,{side},{price:.6},{:.6}{base},{total:.4}USDT,{fee:.8}BNB", total / price)
}
