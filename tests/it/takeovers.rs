//! Made-up takeovers: of the owner's account at a tool's vendor, whose own machines then trade for the thief, and of a
//! session, through which the balances go out by P2P. Shared by the tests and the example `rates`.

#![allow(dead_code, reason = "each user of this file needs a part of it")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use fastrand::Rng;

use super::market::{DAY, MINUTE, Market, normal};
use super::thefts::{Hand, Thief};
use super::traders::{END, Form, Look, Order, Style, clock, export, file_name, local, number, order, orders, round};

/// What an account's owner exported, and which of its records (by file, from one) were not his doing.
#[derive(Default)]
pub struct Story {
    pub name: String,
    pub files: Vec<(String, String)>,
    pub foreign: BTreeSet<(String, u64)>,
}

const HOUR: i64 = 60 * MINUTE;
const DAYS: i64 = 75;

/// A vendor's bot: a purchase by market, safety orders under it, and a sale over it, again and again.
pub fn deal_bot(rng: &mut Rng, market: &Market, coins: &[&str]) -> Vec<Order> {
    let mut made = Vec::new();
    for coin in coins {
        let mut time = END - DAYS * DAY + rng.i64(0..DAY);
        while time < END {
            let size = 120.0 * (0.9 + 0.2 * rng.f64());
            let mut held = size / market.price(coin, time);
            made.push(sized(time, time, coin, true, "MARKET", market, size));
            let mut filled = time;
            for number in 0..[0, 0, 1, 1, 2, 3][rng.usize(..6)] {
                filled += rng.i64(10 * MINUTE..5 * HOUR);
                let size = size * 1.5f64.powi(number + 1);
                held += size / market.price(coin, filled);
                made.push(sized(time + 2_000, filled, coin, true, "LIMIT", market, size));
            }
            let sold = filled + rng.i64(5 * MINUTE..8 * HOUR);
            made.push(sized(filled + 3_000, sold, coin, false, "LIMIT", market, held * market.price(coin, sold)));
            time = sold + rng.i64(MINUTE..6 * HOUR);
        }
    }
    made.retain(|order| order.filled < END);
    made
}

fn sized(time: i64, filled: i64, coin: &str, buy: bool, kind: &'static str, market: &Market, total: f64) -> Order {
    let price = round(market.price(coin, filled), 4);
    Order { filled, ..order(time, coin, buy, kind, price, round(total / price, 4)) }
}

fn look(seed: u64) -> Look {
    let form = [Form::Orders, Form::Trades, Form::Both][(seed / 2) as usize % 3];
    Look { form, offset_hours: [0, 2, -6, 9][seed as usize % 4], old: false }
}

/// The account at the vendor is taken over: its key, addresses and client make every order, the thief's as well.
pub fn takeover(seed: u64) -> Story {
    let mut rng = Rng::with_seed(seed * 31 + 5);
    let market = Market::new(&mut rng, END - DAYS * DAY, DAYS);
    let mut all = deal_bot(&mut rng, &market, &["BTC", "ETH", "SOL", "XRP"]);
    let at = END - rng.i64(2 * DAY..25 * DAY);
    let hand = [Hand::Market, Hand::Crossing][seed as usize % 2];
    let what = ["pump", "slow pump", "loops", "known coin", "loops in a known coin"][seed as usize % 5];
    let mut thief = Thief { rng: &mut rng, market: &market, now: at, hand, orders: Vec::new() };
    match what {
        "pump" | "slow pump" => {
            let pause = if what == "pump" { 4_000 } else { 70_000 };
            thief.liquidate(&["BTC", "ETH", "SOL"], 20_000.0, pause);
            let count = thief.rng.usize(35..90);
            let times = 1.6 + 5.0 * thief.rng.f64();
            thief.chase(("AKRO", "USDT"), [0.0031, times], count, 19_000.0, pause);
        }
        "known coin" => {
            thief.liquidate(&["BTC", "ETH", "SOL"], 20_000.0, 4_000);
            let (price, count) = (market.price("XRP", at), thief.rng.usize(40..90));
            let times = 1.5 + 2.0 * thief.rng.f64();
            thief.chase(("XRP", "USDT"), [price, times], count, 19_000.0, 8_000);
        }
        _ => {
            let (coin, price) = if what == "loops" { ("DMG", 0.021) } else { ("XRP", market.price("XRP", at)) };
            for _ in 0..thief.rng.usize(25..120) {
                let total = 300.0 + 500.0 * thief.rng.f64();
                thief.trade(coin, "USDT", true, price * 1.05, total, 8_000);
                thief.trade(coin, "USDT", false, price * 0.95, total * 0.9, 8_000);
            }
        }
    }
    all.extend(thief.orders);
    let look = look(seed);
    let log = (!seed.is_multiple_of(3)).then(|| vendor_calls(&mut rng, &all));
    let mut story =
        Story { name: format!("{what} {hand:?} {:?} log {}", look.form, log.is_some()), ..Story::default() };
    story.write_orders(&mut rng, all, look, seed.is_multiple_of(2));
    story.files.extend(log.map(|log| ("api-calls.csv".to_owned(), log)));
    if !seed.is_multiple_of(4) {
        story.files.push(("expected.toml".to_owned(), EXPECTED.to_owned()));
    }
    story
}

pub const EXPECTED: &str = r#"version = 1
base_currency = "USDT"
confirmed = true

[[network]]
name = "vendor"
cidrs = ["192.0.2.0/25"]
kind = "tool"

[[tool]]
name = "DealBot"
networks = ["vendor"]
user_agents = ["dealbot/*"]
schedule = { kind = "continuous", every = "1d" }

[[key]]
name = "DealBot-Spot"
tools = ["DealBot"]
allow = ["read", "trade", "cancel"]
"#;

/// A log in which the vendor's machines make every order.
fn vendor_calls(rng: &mut Rng, orders: &[Order]) -> String {
    let mut calls: Vec<(i64, String)> = orders
        .iter()
        .map(|order| {
            let side = if order.buy { "BUY" } else { "SELL" };
            let (pair, quantity) = (format!("{}{}", order.base, order.quote), number(order.quantity));
            (order.time - rng.i64(20..600), format!("POST /api/v3/order,200,{pair},{side},{quantity}"))
        })
        .collect();
    let mut time = END - DAYS * DAY;
    while time < END {
        calls.push((time, "GET /api/v3/account,200,,,".to_owned()));
        time += rng.i64(5 * MINUTE..50 * MINUTE);
    }
    calls.push((END - 20_000, "GET /api/v3/openOrders,200,,,".to_owned()));
    calls.sort();
    let mut text = "Time,API Key,IP,User Agent,Endpoint,Status,Symbol,Side,Quantity\n".to_owned();
    for (time, what) in calls {
        let ip = ["192.0.2.10", "192.0.2.11", "192.0.2.90"][rng.usize(..3)];
        let time = clock(time, 0).format("%Y-%m-%dT%H:%M:%S%.3fZ");
        let _ = writeln!(text, "{time},DealBot-Spot,{ip},dealbot/2.4,{what}");
    }
    text
}

/// What the account did in P2P before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum P2pHabit {
    Never,
    /// Sold a little, once a week or so.
    Seller,
    /// Bought a little.
    Buyer,
    /// Bought and sold several times a day, with a few people.
    Merchant,
}

/// A P2P order.
#[derive(Clone, Debug)]
pub struct P2pOrder {
    pub time: i64,
    pub buy: bool,
    pub price: f64,
    pub quantity: f64,
    pub with: String,
    pub done: bool,
    pub foreign: bool,
}

/// Ordinary P2P orders over the days before [`END`], none in the hours around an instant but a merchant's.
pub fn p2p_history(rng: &mut Rng, habit: P2pHabit, around: i64) -> Vec<P2pOrder> {
    let gap = match habit {
        P2pHabit::Never => return Vec::new(),
        P2pHabit::Seller => 8 * DAY,
        P2pHabit::Buyer => 6 * DAY,
        P2pHabit::Merchant => 8 * HOUR,
    };
    let mut made = Vec::new();
    let mut time = END - DAYS * DAY + rng.i64(0..gap);
    while time < END - HOUR {
        let buy = habit == P2pHabit::Buyer || (habit == P2pHabit::Merchant && rng.bool());
        if habit == P2pHabit::Merchant || (time - around).abs() > 8 * HOUR {
            made.push(P2pOrder {
                time,
                buy,
                price: round(0.92 * (0.995 + 0.01 * rng.f64()), 4),
                quantity: round(80.0 + 320.0 * rng.f64(), 2),
                with: format!("{}***", ["am", "bo", "cy", "de"][rng.usize(..4)]),
                done: rng.f64() < 0.93,
                foreign: false,
            });
        }
        time += (gap as f64 * (0.4 + 1.2 * rng.f64())) as i64;
    }
    made
}

/// A session is taken over: coins are sold for dollars, and these to strangers by P2P.
pub fn cash_out(seed: u64) -> Story {
    const HABITS: [P2pHabit; 4] = [P2pHabit::Never, P2pHabit::Seller, P2pHabit::Buyer, P2pHabit::Merchant];
    let mut rng = Rng::with_seed(seed * 37 + 11);
    let market = Market::new(&mut rng, END - DAYS * DAY, DAYS);
    let at = END - rng.i64(2 * DAY..25 * DAY);
    let habit = HABITS[seed as usize % 4];
    let mut all = match seed % 5 {
        0 => orders(Style::Holder, &mut rng, &market, DAYS),
        1 => deal_bot(&mut rng, &market, &["BTC", "ETH", "SOL"]),
        2 => orders(Style::DayTrader, &mut rng, &market, DAYS),
        3 => orders(Style::Dca, &mut rng, &market, DAYS),
        _ => Vec::new(),
    };
    let converts = rng.f64() < 0.7;
    let hand = [Hand::Market, Hand::Crossing][(seed / 4) as usize % 2];
    let mut thief = Thief { rng: &mut rng, market: &market, now: at, hand, orders: Vec::new() };
    if converts {
        let coins = ["BTC", "ETH", "SOL", "LINK", "BNB"];
        let count = thief.rng.usize(1..5);
        let total = 8_000.0 + 40_000.0 * thief.rng.f64();
        thief.liquidate(&coins[..count], total, 9_000);
    }
    let mut time = thief.now + thief.rng.i64(MINUTE..15 * MINUTE);
    all.extend(thief.orders);
    let (count, cheap) = (rng.usize(3..11), [0.0, 0.0, 0.03, 0.12][rng.usize(..4)]);
    let span = [10, 40, 100, 150][(seed / 4) as usize % 4] * MINUTE;
    let total = 6_000.0 + 40_000.0 * rng.f64();
    let mut p2p = p2p_history(&mut rng, habit, at);
    for _ in 0..count {
        p2p.push(P2pOrder {
            time,
            buy: false,
            price: round(0.92 * (1.0 - cheap) * (0.995 + 0.01 * rng.f64()), 4),
            quantity: round(total / count as f64 * (0.6 + 0.8 * rng.f64()), 2),
            with: format!("{}***", ["vv", "ww", "xx", "yy", "zz"][rng.usize(..5)]),
            done: true,
            foreign: true,
        });
        time += (span as f64 / count as f64 * (0.5 + rng.f64())) as i64;
    }
    let look = look(seed);
    let mut story = Story {
        name: format!("{habit:?} {count} in {} min, {cheap} cheap, converts {converts} {:?}", span / MINUTE, look.form),
        ..Story::default()
    };
    if !all.is_empty() {
        story.write_orders(&mut rng, all, look, seed.is_multiple_of(3));
    }
    story.write_p2p(&mut rng, p2p, look);
    story
}

impl Story {
    /// Writes orders, with a ledger of them if asked.
    pub fn write_orders(&mut self, rng: &mut Rng, all: Vec<Order>, look: Look, with_ledger: bool) {
        if with_ledger {
            self.files.push((file_name(look, "Transaction-History", "_0a1b2c3d"), ledger(&all, look)));
        }
        let written = export(rng, all, look);
        let name = written.files[0].0.clone();
        let foreign = (1..).zip(&written.foreign).filter(|(_, foreign)| **foreign);
        self.foreign.extend(foreign.map(|(record, _)| (name.clone(), record)));
        self.files.extend(written.files);
    }

    /// Writes P2P orders, in one of the exchange's layouts or a plain one.
    pub fn write_p2p(&mut self, rng: &mut Rng, mut all: Vec<P2pOrder>, look: Look) {
        all.sort_by_key(|order| std::cmp::Reverse(order.time));
        let plain = rng.bool();
        let (name, mut text) = if plain {
            let header = "Order No,Created Time,Side,Asset,Fiat,Unit Price,Quantity,Total Price,Nickname,Status\n";
            (file_name(look, "P2P-Orders", ""), header.to_owned())
        } else {
            let header =
                "Order Number,Created Time,Order Type,Asset,Quantity,Total Price,Fiat Type,Counterparty,Status\n";
            (file_name(look, "C2C-Order-History", "_7b1c9e05"), header.to_owned())
        };
        let count = all.len() as u64;
        for (record, order) in (1..).zip(&all) {
            let P2pOrder { price, quantity, with, .. } = order;
            let (id, time) = (20_401_194_693_654_421_504 - u128::from(count - record) * 977, local(order.time, look));
            let side = if order.buy { "BUY" } else { "SELL" };
            let status = if order.done { "Completed" } else { "Cancelled" };
            let (amount, total) = (number(*quantity), number(round(price * quantity, 2)));
            let _ = if plain {
                writeln!(text, "{id},{time},{side},USDT,EUR,{price},{amount},{total},{with},{status}")
            } else {
                writeln!(text, "{id},{time},{side},USDT,{amount},{total},EUR,{with},{status}")
            };
            if order.foreign {
                self.foreign.insert((name.clone(), record));
            }
        }
        self.files.push((name, text));
    }
}

/// Deposits and withdrawals of an ordinary account: one of each a month or so, to and from the same addresses.
pub fn movements(rng: &mut Rng, look: Look) -> Vec<(String, String)> {
    let mut out = "Time,Coin,Network,Amount,Fee,Address,TXID,Status\n".to_owned();
    let mut come = "Time,Coin,Network,Amount,Address,TXID,Status\n".to_owned();
    for number in 0..4 {
        let time = END - (4 * DAY + number * 24 * DAY) - rng.i64(0..DAY);
        let (amount, id) = (rng.u32(200..2_000), rng.u64(..));
        let _ = writeln!(out, "{},USDT,TRX,{amount},1,TOwn1ColdWa11et,{id:016x},Completed", local(time, look));
        let _ =
            writeln!(come, "{},USDT,TRX,{amount},TMyDep0sitAddre55,{:016x},Completed", local(time + HOUR, look), !id);
    }
    let named = |kind, tail| file_name(look, kind, tail);
    vec![(named("Withdraw-History", "_7b1c9e06"), out), (named("Deposit-History", "_7b1c9e07"), come)]
}

/// The legs of orders, as a ledger tells them.
fn ledger(all: &[Order], look: Look) -> String {
    let mut legs: Vec<(i64, &str, &str, f64)> = Vec::new();
    for order in all {
        let (sign, total) = (if order.buy { 1.0 } else { -1.0 }, order.price * order.quantity);
        let (base, quote) = if order.buy {
            ("Transaction Buy", "Transaction Spend")
        } else {
            ("Transaction Sold", "Transaction Revenue")
        };
        legs.push((order.filled, base, &order.base, sign * order.quantity));
        legs.push((order.filled, quote, order.quote, -sign * total));
        legs.push((order.filled, "Transaction Fee", "BNB", -0.00075 * total / 880.0));
    }
    legs.sort_by_key(|(time, ..)| *time);
    let mut text = "User ID,Time,Account,Operation,Coin,Change,Remark\n".to_owned();
    for (time, operation, coin, change) in legs {
        let _ = writeln!(text, "1,{},Spot,{operation},{coin},{},", local(time, look), number(change));
    }
    text
}

/// The shapes of a listing day's scalp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalp {
    /// In and out every few orders.
    InAndOut,
    /// In on the way up, out on the way down.
    Hump,
    /// A ladder in, then in and out by turns.
    Ladder,
    /// As a hump, paid for with three other coins sold before.
    Funded,
    /// As a hump, over six hours.
    Slow,
}

pub const SCALPS: [Scalp; 5] = [Scalp::InAndOut, Scalp::Hump, Scalp::Ladder, Scalp::Funded, Scalp::Slow];

/// 60 market orders in a coin on the day it is listed, which end about even.
pub fn listing_day(rng: &mut Rng, market: &Market, shape: Scalp, at: i64) -> Vec<Order> {
    const COUNT: usize = 60;
    let mut made = Vec::new();
    let mut time = at;
    if shape == Scalp::Funded {
        for coin in ["BTC", "ETH", "SOL"] {
            made.push(sized(time, time, coin, false, "MARKET", market, 1_500.0));
            time += rng.i64(3_000..15_000);
        }
    }
    let top = 1.3 + 0.8 * rng.f64();
    let is_buy = |number: usize| match shape {
        Scalp::InAndOut => number % 4 < 2,
        Scalp::Ladder => number < 10 || number.is_multiple_of(2),
        _ => number < COUNT / 2,
    };
    let mut held = 0.0;
    for number in 0..COUNT {
        let way = if shape == Scalp::InAndOut {
            1.0
        } else {
            1.0 + (top - 1.0) * (std::f64::consts::PI * number as f64 / (COUNT - 1) as f64).sin()
        };
        let price = round(0.4 * way * (0.004 * normal(rng)).exp(), 5);
        let left = (number..COUNT).filter(|number| !is_buy(*number)).count() as f64;
        let quantity = if is_buy(number) {
            round(1_000.0 * (0.8 + 0.4 * rng.f64()), 1)
        } else if left == 1.0 {
            held
        } else {
            round(f64::min(held, if shape == Scalp::InAndOut { 1_000.0 } else { held / left }), 1)
        };
        if quantity > 0.0 {
            held = round(if is_buy(number) { held + quantity } else { held - quantity }, 1);
            made.push(order(time, "NEWT", is_buy(number), "MARKET", price, quantity));
        }
        time += if shape == Scalp::Slow { rng.i64(3 * MINUTE..9 * MINUTE) } else { rng.i64(4_000..40_000) };
    }
    made
}
