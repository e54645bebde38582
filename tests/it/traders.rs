//! Made-up accounts of several styles, written as order history, trade history or both. Shared by the tests of behaviour
//! and the example `rates`.

#![allow(dead_code, reason = "each user of this file needs a part of it")]

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use fastrand::Rng;

use super::market::{DAY, MINUTE, Market, normal};

/// The end of all accounts: 2026-11-20 17:00 UTC, in milliseconds.
pub const END: i64 = 1_795_194_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Grid,
    /// So many fills a day.
    Maker(u32),
    Dca,
    DayTrader,
    Holder,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub time: i64,
    pub filled: i64,
    pub base: String,
    pub quote: &'static str,
    pub buy: bool,
    /// `MARKET`, `LIMIT`, `STOP_LOSS_LIMIT`.
    pub kind: &'static str,
    pub price: f64,
    pub quantity: f64,
    pub foreign: bool,
}

pub fn order(time: i64, base: &str, buy: bool, kind: &'static str, price: f64, quantity: f64) -> Order {
    Order { time, filled: time, base: base.to_owned(), quote: "USDT", buy, kind, price, quantity, foreign: false }
}

/// The orders of an account of a style over the days before [`END`].
pub fn orders(style: Style, rng: &mut Rng, market: &Market, days: i64) -> Vec<Order> {
    let start = END - days * DAY;
    match style {
        Style::Grid => ["SOL", "BNB"].iter().flat_map(|base| grid(rng, market, base, start)).collect(),
        Style::Maker(fills) => maker(rng, market, fills, start),
        Style::Dca => dca(rng, market, start),
        Style::DayTrader => day_trader(rng, market, start),
        Style::Holder => holder(rng, market, start),
    }
}

/// Limit orders a step apart: one bought at every step down, one sold at every step up.
fn grid(rng: &mut Rng, market: &Market, base: &str, start: i64) -> Vec<Order> {
    let step = 1.0 + 0.006 + 0.004 * rng.f64();
    let lot = (60.0 + 80.0 * rng.f64()) / market.price(base, start);
    let mut level = market.price(base, start);
    let mut orders = vec![order(start, base, true, "MARKET", level, round(lot * 5.0, 3))];
    let mut placed = start;
    for time in (start..END).step_by(MINUTE as usize) {
        let price = market.price(base, time);
        while price >= level * step || price <= level / step {
            let buy = price <= level / step;
            level = if buy { level / step } else { level * step };
            let time = time + rng.i64(0..MINUTE);
            let fill = order(placed, base, buy, "LIMIT", round(level, 4), round(lot, 3));
            orders.push(Order { filled: time.max(placed), ..fill });
            placed = time;
        }
    }
    orders
}

/// Two quotes around the price, filled again and again.
fn maker(rng: &mut Rng, market: &Market, fills: u32, start: i64) -> Vec<Order> {
    let gap = DAY as f64 / f64::from(fills);
    let mut time = start as f64;
    let mut orders = Vec::new();
    loop {
        time += -(1.0 - rng.f64()).ln() * gap;
        let now = time as i64;
        if now >= END {
            return orders;
        }
        let buy = rng.bool();
        let price = market.price("BTC", now) * if buy { 0.9995 } else { 1.0005 };
        let quantity = round(0.004 * (0.3 * normal(rng)).exp(), 5);
        let placed = order(now - rng.i64(200..90_000), "BTC", buy, "LIMIT", round(price, 2), quantity);
        orders.push(Order { filled: now, ..placed });
    }
}

/// The same amounts at the same hour, and a basket once a week.
fn dca(rng: &mut Rng, market: &Market, start: i64) -> Vec<Order> {
    let mut orders = Vec::new();
    for day in 0..(END - start) / DAY {
        let at = start + day * DAY + 8 * 60 * MINUTE + rng.i64(0..5 * MINUTE);
        let basket: &[&str] = if day % 7 == 0 { &["BTC", "ETH", "SOL", "LINK", "DOT", "ADA"] } else { &["BTC", "ETH"] };
        for (number, base) in basket.iter().enumerate() {
            let time = at + number as i64 * 3_000;
            let price = market.price(base, time);
            orders.push(order(time, base, true, "MARKET", round(price, 4), round(50.0 / price, 5)));
        }
    }
    orders
}

/// In and out of several coins by day, in one order or several, by market and by limit; now and then a rotation, a sale of
/// everything, or a new listing.
fn day_trader(rng: &mut Rng, market: &Market, start: i64) -> Vec<Order> {
    const COINS: [&str; 8] = ["BTC", "ETH", "SOL", "XRP", "ADA", "LINK", "DOGE", "AVAX"];
    let mut orders = Vec::new();
    for day in 0..(END - start) / DAY {
        for _ in 0..rng.usize(2..9) {
            let coin = COINS[rng.usize(..COINS.len())];
            let enter = start + day * DAY + rng.i64(9 * 60..21 * 60) * MINUTE + rng.i64(0..MINUTE);
            let leave = enter + (rng.f64().powi(2) * 300.0 * MINUTE as f64) as i64 + 3 * MINUTE;
            let size = 600.0 * (0.7 * normal(rng)).exp();
            scaled(rng, market, &mut orders, coin, true, enter, size);
            scaled(rng, market, &mut orders, coin, false, leave, size);
        }
        if rng.f64() < 0.03 {
            // A sale of everything within minutes, or into one coin.
            let at = start + day * DAY + 15 * 60 * MINUTE;
            for (number, coin) in COINS[1..6].iter().enumerate() {
                scaled(rng, market, &mut orders, coin, false, at + number as i64 * 20_000, 900.0);
            }
            if rng.bool() {
                scaled(rng, market, &mut orders, "BTC", true, at + 3 * MINUTE, 3_000.0);
            }
        }
    }
    orders.retain(|order| order.filled < END);
    orders
}

/// An amount traded in one to five orders close together.
fn scaled(rng: &mut Rng, market: &Market, orders: &mut Vec<Order>, coin: &str, buy: bool, at: i64, size: f64) {
    let parts = [1, 1, 1, 2, 3, 5][rng.usize(..6)];
    let limit = rng.f64() < 0.4;
    for part in 0..parts {
        let filled = at + part * rng.i64(5_000..90_000);
        let price = market.price(coin, filled) * (1.0 + 0.0004 * normal(rng));
        let kind = if limit { "LIMIT" } else { "MARKET" };
        let placed = if limit { filled - rng.i64(1_000..30 * MINUTE) } else { filled };
        let quantity = round(size / parts as f64 / price, 4);
        if quantity > 0.0 {
            orders.push(Order { filled, ..order(placed, coin, buy, kind, round(price, 5), quantity) });
        }
    }
}

/// A few large orders a month.
fn holder(rng: &mut Rng, market: &Market, start: i64) -> Vec<Order> {
    let mut orders = Vec::new();
    let mut time = start + rng.i64(0..5 * DAY);
    while time < END {
        let coin = ["BTC", "ETH", "SOL", "LINK"][rng.usize(..4)];
        let (buy, size) = (rng.f64() < 0.75, 2_500.0 * (0.5 * normal(rng)).exp());
        scaled(rng, market, &mut orders, coin, buy, time, size);
        time += rng.i64(3 * DAY..16 * DAY);
    }
    orders.retain(|order| order.filled < END);
    orders
}

pub fn round(value: f64, digits: i32) -> f64 {
    let factor = 10f64.powi(digits);
    (value * factor).round() / factor
}

/// What the account's owner exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Both,
    Orders,
    Trades,
}

/// How it is written.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub form: Form,
    pub offset_hours: i64,
    /// Which of the header's generations.
    pub old: bool,
}

/// Files, and for the one that stands for the orders which of its records are not the owner's.
pub struct Export {
    pub files: Vec<(String, String)>,
    pub foreign: Vec<bool>,
}

/// Writes orders as an exchange does: newest first, in local time, to the second.
pub fn export(rng: &mut Rng, mut orders: Vec<Order>, look: Look) -> Export {
    orders.sort_by_key(|order| std::cmp::Reverse(order.time));
    let mut files = Vec::new();
    let mut foreign: Vec<bool> = orders.iter().map(|order| order.foreign).collect();
    let total = orders.len() as u64;
    if look.form != Form::Trades {
        let mut text = if look.old {
            "Date(UTC),OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n"
        } else {
            "Time,OrderNo,Pair,Type¹,Side,Order Price,Order Amount,Time,Executed²,Average Price,Trading total³,Status\n"
        }
        .to_owned();
        for (at, order) in orders.iter().enumerate() {
            let id = 41_000_000_000 + (total - at as u64) * 13;
            order_row(&mut text, id, order, look);
        }
        files.push((file_name(look, "Spot-Order-History", "-part1-of1"), text));
    }
    if look.form != Form::Orders {
        let time = if look.old { "Date(UTC)" } else { "Time" };
        let mut text = format!("{time},Pair,Side,Price,Executed,Amount,Fee\n");
        let mut of_fills = Vec::new();
        let mut sorted: Vec<&Order> = orders.iter().collect();
        sorted.sort_by_key(|order| std::cmp::Reverse(order.filled));
        for order in sorted {
            let parts = if order.quantity > 0.01 { rng.usize(1..4) } else { 1 };
            for _ in 0..parts {
                fill_row(&mut text, order, order.quantity / parts as f64, look);
                of_fills.push(order.foreign);
            }
        }
        if look.form == Form::Trades {
            foreign = of_fills;
        }
        files.push((file_name(look, "Spot-Trade-History", "_5d0c11aa"), text));
    }
    Export { files, foreign }
}

pub fn file_name(look: Look, kind: &str, tail: &str) -> String {
    let sign = if look.offset_hours < 0 { "--".to_owned() } else { "+".to_owned() };
    let stamp = clock(END, look.offset_hours).format("%Y%m%d%H%M");
    // The old headers say that they are UTC; their files are not named for a zone.
    if look.old {
        format!("{kind}{tail}.csv")
    } else {
        format!("Binance-{kind}-{stamp}(UTC{sign}{}){tail}.csv", look.offset_hours.abs())
    }
}

pub fn clock(time: i64, offset: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(time + offset * 60 * MINUTE).unwrap_or_default()
}

pub fn local(time: i64, look: Look) -> String {
    let (offset, pattern) = if look.old { (0, "%Y-%m-%d %H:%M:%S") } else { (look.offset_hours, "%y-%m-%d %H:%M:%S") };
    clock(time, offset).format(pattern).to_string()
}

pub fn number(value: f64) -> String {
    let text = format!("{value:.8}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn order_row(text: &mut String, id: u64, order: &Order, look: Look) {
    let Order { base, quote, .. } = order;
    let kind = order.kind.replace("IOC", "LIMIT");
    let (quantity, price) = (number(order.quantity), number(order.price));
    let _ = writeln!(
        text,
        "{},{id},{base}{quote},{kind},{},{},{quantity}{base},{},{quantity}{base},{price},{}{quote},FILLED",
        local(order.time, look),
        if order.buy { "BUY" } else { "SELL" },
        if kind == "MARKET" { "0" } else { &price },
        local(order.filled, look),
        number(order.price * order.quantity),
    );
}

fn fill_row(text: &mut String, order: &Order, quantity: f64, look: Look) {
    let Order { base, quote, .. } = order;
    let _ = writeln!(
        text,
        "{},{base}{quote},{},{},{}{base},{}{quote},{}BNB",
        local(order.filled, look),
        if order.buy { "BUY" } else { "SELL" },
        number(order.price),
        number(quantity),
        number(order.price * quantity),
        number(0.00075 * order.price * quantity / 880.0),
    );
}
