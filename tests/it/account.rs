//! A made-up account with several bots over 75 days, written as its owner would export it. The same seed gives the same
//! bytes. Tests, benches and the example `account` share it.

#![allow(dead_code, reason = "each user of this file needs a part of it")]

use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, Duration, TimeZone, Utc};
use fastrand::Rng;

/// What happens to the account besides its ordinary days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incident {
    /// Nothing.
    None,
    /// A foreign address sells all and buys a thin coin with the leaked key.
    Drain,
    /// The drain, then a withdrawal and a P2P sale; the owner deletes the key three days later and its tool goes on trying.
    Theft,
}

/// How the account is to look.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub days: i64,
    pub incident: Incident,
    /// Column names of the call log: time, key, address, client, operation, status, symbol, side, quantity.
    pub call_header: [&'static str; 9],
    /// Hours east of UTC in which the exports are written.
    pub offset_hours: i64,
    /// Whether the call log states milliseconds and `Z`.
    pub iso: bool,
    pub delimiter: char,
    pub bom: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            days: 75,
            incident: Incident::None,
            call_header: CALL_HEADERS[0],
            offset_hours: 0,
            iso: true,
            delimiter: ',',
            bom: false,
        }
    }
}

/// Spellings of the call log's header.
pub const CALL_HEADERS: [[&str; 9]; 5] = [
    ["Time", "API Key", "IP", "User Agent", "Endpoint", "Status", "Symbol", "Side", "Quantity"],
    ["Timestamp", "Key Name", "Source IP", "Client", "Operation", "Result", "Pair", "Side", "Qty"],
    [
        "@timestamp",
        "accessKeyId",
        "source.ip",
        "user_agent.original",
        "event.action",
        "http.response.status_code",
        "symbol",
        "side",
        "size",
    ],
    ["Event Time", "Label", "IP Address", "Tool", "Request", "Code", "Market", "Order Side", "Amount"],
    [
        "eventTime",
        "apikey",
        "sourceIPAddress",
        "userAgent",
        "eventName",
        "Response",
        "Trading Pair",
        "SIDE",
        "QUANTITY",
    ],
];

/// The day the account is exported.
pub fn exported() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 17, 3, 11).unwrap()
}

/// The address, orders and time of the drain.
pub const FOREIGN_IP: &str = "198.51.100.77";
pub const DRAIN_ORDERS: usize = 70;

#[derive(Clone, Debug)]
struct Call {
    time: DateTime<Utc>,
    key: &'static str,
    ip: String,
    client: &'static str,
    operation: &'static str,
    order: Option<usize>,
    status: &'static str,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub time: DateTime<Utc>,
    pub id: u64,
    pub symbol: &'static str,
    pub side: &'static str,
    pub market: bool,
    pub price: f64,
    pub quantity: f64,
    pub foreign: bool,
}

struct Bot {
    key: &'static str,
    client: &'static str,
    ips: &'static [&'static str],
    symbols: &'static [(&'static str, f64, f64)],
    orders_per_day: f64,
    reads_per_day: f64,
}

const BOTS: &[Bot] = &[
    Bot {
        key: "3Commas-Spot",
        client: "3Commas/2.4",
        ips: &["192.0.2.10", "192.0.2.11", "192.0.2.14", "192.0.2.90"],
        symbols: &[("BTCUSDT", 91000.0, 0.002), ("ETHUSDT", 3100.0, 0.05)],
        orders_per_day: 11.0,
        reads_per_day: 26.0,
    },
    Bot {
        key: "GridBot-Spot",
        client: "python-requests/2.31.0",
        ips: &["203.0.113.7"],
        symbols: &[("SOLUSDT", 155.0, 0.8), ("BNBUSDT", 880.0, 0.1), ("ETHUSDT", 3100.0, 0.04)],
        orders_per_day: 8.0,
        reads_per_day: 22.0,
    },
];

/// A generated account: its files and its true story.
pub struct Account {
    pub files: Vec<(String, Vec<u8>)>,
    pub orders: Vec<Order>,
}

impl Account {
    /// Writes the files into a folder.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        self.files.iter().try_for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes))
    }
}

/// Makes the account of a plan.
pub fn account(plan: &Plan) -> Account {
    let mut rng = Rng::with_seed(plan.seed);
    let end = exported() - Duration::seconds(20);
    let start = end - Duration::days(plan.days);
    let mut calls = Vec::new();
    let mut orders: Vec<Order> = Vec::new();
    for bot in BOTS {
        ordinary(bot, start, end, &mut rng, &mut calls, &mut orders);
    }
    tax(start, end, &mut rng, &mut calls);
    if plan.incident != Incident::None {
        drain(end, &mut rng, &mut calls, &mut orders);
    }
    if plan.incident == Incident::Theft {
        delete_key(&mut calls, &mut orders);
    }
    let mut by_time: Vec<usize> = (0..orders.len()).collect();
    by_time.sort_by_key(|&at| orders[at].time);
    for (number, &at) in by_time.iter().enumerate() {
        orders[at].id = 28_325_000_000 + number as u64 * 37 + plan.seed % 37;
    }
    calls.sort_by_key(|call| call.time);
    let files = vec![
        ("api-calls.csv".to_owned(), call_log(plan, &calls, &orders)),
        (spot_name(plan, "Spot-Order-History", "-part1-of1"), order_history(plan, &orders)),
        (spot_name(plan, "Spot-Trade-History", "_7b1c9e04"), trade_history(plan, &orders)),
        (spot_name(plan, "C2C-Order-History", "_7b1c9e05"), p2p_history(plan, &mut rng)),
        (spot_name(plan, "Withdraw-History", "_7b1c9e06"), withdrawals(plan, &mut rng)),
        ("api-keys.csv".to_owned(), key_list(plan, &calls)),
        ("expected.toml".to_owned(), expected(plan).into_bytes()),
    ];
    orders.sort_by_key(|order| order.time);
    Account { files, orders }
}

fn spot_name(plan: &Plan, kind: &str, tail: &str) -> String {
    let sign = if plan.offset_hours < 0 { "--".to_owned() } else { "+".to_owned() };
    let stamp = (exported() + Duration::hours(plan.offset_hours)).format("%Y%m%d%H%M");
    format!("Binance-{kind}-{stamp}(UTC{sign}{}){tail}.csv", plan.offset_hours.abs())
}

fn ordinary(
    bot: &Bot,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    rng: &mut Rng,
    calls: &mut Vec<Call>,
    orders: &mut Vec<Order>,
) {
    const READS: &[&str] =
        &["GET /api/v3/account", "GET /api/v3/openOrders", "GET /api/v3/myTrades", "GET /api/v3/ticker/price"];
    let mut call = |time, operation, order| {
        let ip = bot.ips[(time as DateTime<Utc>).timestamp().unsigned_abs() as usize / 7 % bot.ips.len()].to_owned();
        calls.push(Call { time, key: bot.key, ip, client: bot.client, operation, order, status: "200" });
    };
    let every = |per_day: f64, rng: &mut Rng, act: &mut dyn FnMut(DateTime<Utc>, &mut Rng)| {
        let mut time = start;
        loop {
            let gap = -(1.0 - rng.f64()).ln() * 86_400_000.0 / per_day;
            // Never silent for hours: bots poll.
            time += Duration::milliseconds(gap.clamp(400.0, 14_400_000.0) as i64);
            if time >= end {
                break;
            }
            act(time, rng);
        }
    };
    let mut made = Vec::new();
    every(bot.reads_per_day, rng, &mut |time, rng| made.push((time, READS[rng.usize(..READS.len())], None)));
    every(bot.orders_per_day, rng, &mut |time, rng| {
        let (symbol, price, size) = bot.symbols[rng.usize(..bot.symbols.len())];
        let market = rng.f64() < 0.3;
        let order = Order {
            time: time + Duration::milliseconds(rng.i64(20..900)),
            id: 0,
            symbol,
            side: if rng.bool() { "BUY" } else { "SELL" },
            market,
            price: round(price * (0.97 + rng.f64() * 0.06), 2),
            quantity: round(size * (0.5 + rng.f64()), 5),
            foreign: false,
        };
        made.push((time, "POST /api/v3/order", Some(orders.len())));
        orders.push(order);
    });
    for (time, operation, order) in made {
        call(time, operation, order);
    }
}

fn round(value: f64, digits: i32) -> f64 {
    let factor = 10f64.powi(digits);
    (value * factor).round() / factor
}

fn tax(start: DateTime<Utc>, end: DateTime<Utc>, rng: &mut Rng, calls: &mut Vec<Call>) {
    let day = start + (end - start) / 3;
    for at in 0..12 {
        let time = day + Duration::seconds(at * 9 + rng.i64(0..5));
        let operation = if at % 2 == 0 { "GET /api/v3/myTrades" } else { "GET /sapi/v1/capital/deposit/hisrec" };
        calls.push(Call {
            time,
            key: "TaxReport-ReadOnly",
            ip: "203.0.113.7".to_owned(),
            client: "taxreport/5.1",
            operation,
            order: None,
            status: "200",
        });
    }
}

/// Balances are sold within a minute, then one thin coin is bought ever higher.
fn drain(end: DateTime<Utc>, rng: &mut Rng, calls: &mut Vec<Call>, orders: &mut Vec<Order>) {
    let start = end - Duration::days(9) - Duration::minutes(rng.i64(0..600));
    let mut call = |time, operation, order| {
        let client = "python-requests/2.28.1";
        calls.push(Call {
            time,
            key: "3Commas-Spot",
            ip: FOREIGN_IP.to_owned(),
            client,
            operation,
            order,
            status: "200",
        });
    };
    call(start, "GET /api/v3/account", None);
    call(start + Duration::seconds(4), "DELETE /api/v3/openOrders", None);
    let mut time = start + Duration::seconds(9);
    for at in 0..DRAIN_ORDERS {
        let (symbol, side, price, quantity) = match at {
            0..3 => ("BTCUSDT", "SELL", 90_800.0 - at as f64 * 40.0, 0.17),
            3..6 => ("ETHUSDT", "SELL", 3_080.0 - at as f64 * 5.0, 2.4),
            6..8 => ("SOLUSDT", "SELL", 154.0, 31.0),
            _ => (
                "AKROUSDT",
                "BUY",
                round(0.0031 * 1.036f64.powi(at as i32 - 8), 6),
                round(180_000.0 / 1.036f64.powi(at as i32 - 8), 0),
            ),
        };
        call(time, "POST /api/v3/order", Some(orders.len()));
        let time_of_order = time + Duration::milliseconds(rng.i64(30..600));
        orders.push(Order { time: time_of_order, id: 0, symbol, side, market: true, price, quantity, foreign: true });
        time += Duration::milliseconds(rng.i64(2_000..9_000));
    }
}

/// When the owner of the stolen key deleted it.
fn deleted() -> DateTime<Utc> {
    exported() - Duration::days(6)
}

/// From its deletion on the key's calls are denied and make no orders.
fn delete_key(calls: &mut Vec<Call>, orders: &mut Vec<Order>) {
    calls.retain(|call| call.key != "3Commas-Spot" || call.time < deleted() || call.order.is_none());
    for call in calls.iter_mut().filter(|call| call.key == "3Commas-Spot" && call.time >= deleted()) {
        call.status = "-2015";
    }
    let mut kept: Vec<usize> = calls.iter().filter_map(|call| call.order).collect();
    kept.sort_unstable();
    for call in calls {
        call.order = call.order.and_then(|order| kept.binary_search(&order).ok());
    }
    *orders = kept.into_iter().map(|order| orders[order].clone()).collect();
}

/// The expectations of the account's owner.
fn expected(plan: &Plan) -> String {
    if plan.incident != Incident::Theft {
        return EXPECTED.to_owned();
    }
    let deleted = format!(
        "deleted_at = {}\nreason = \"seen in an order I did not place\"\n",
        deleted().format("%Y-%m-%dT%H:%M:%SZ")
    );
    EXPECTED.replace("tools = [\"3Commas\"]\n", &format!("tools = [\"3Commas\"]\n{deleted}"))
}

fn local(plan: &Plan, time: DateTime<Utc>) -> String {
    (time + Duration::hours(plan.offset_hours)).format("%y-%m-%d %H:%M:%S").to_string()
}

fn text(plan: &Plan, lines: Vec<Vec<String>>) -> Vec<u8> {
    let mut text = String::new();
    if plan.bom {
        text.push('\u{feff}');
    }
    for line in lines {
        text.push_str(&line.join(&plan.delimiter.to_string()));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn call_log(plan: &Plan, calls: &[Call], orders: &[Order]) -> Vec<u8> {
    let mut header = row(&plan.call_header);
    if !plan.iso {
        let sign = if plan.offset_hours < 0 { "-" } else { "+" };
        header[0] = format!("{}(UTC{sign}{})", header[0], plan.offset_hours.abs());
    }
    let mut lines = vec![header];
    for call in calls {
        let time = if plan.iso {
            call.time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
        } else {
            (call.time + Duration::hours(plan.offset_hours)).format("%Y-%m-%d %H:%M:%S").to_string()
        };
        let order = call.order.map(|at| &orders[at]);
        lines.push(vec![
            time,
            call.key.to_owned(),
            call.ip.clone(),
            call.client.to_owned(),
            call.operation.to_owned(),
            call.status.to_owned(),
            order.map_or(String::new(), |order| order.symbol.to_owned()),
            order.map_or(String::new(), |order| order.side.to_owned()),
            order.map_or(String::new(), |order| order.quantity.to_string()),
        ]);
    }
    text(plan, lines)
}

fn base(symbol: &str) -> &str {
    symbol.trim_end_matches("USDT")
}

fn order_history(plan: &Plan, orders: &[Order]) -> Vec<u8> {
    let header = [
        "Time",
        "OrderNo",
        "Pair",
        "Type¹",
        "Side",
        "Order Price",
        "Order Amount",
        "Time",
        "Executed²",
        "Average Price",
        "Trading total³",
        "Status",
    ];
    let mut lines = vec![row(&header)];
    let mut sorted: Vec<&Order> = orders.iter().collect();
    sorted.sort_by_key(|order| std::cmp::Reverse((order.time, order.id)));
    for order in sorted {
        let amount = format!("{}{}", order.quantity, base(order.symbol));
        lines.push(vec![
            local(plan, order.time),
            order.id.to_string(),
            order.symbol.to_owned(),
            if order.market { "Market" } else { "Limit" }.to_owned(),
            order.side.to_owned(),
            if order.market { "0".to_owned() } else { order.price.to_string() },
            amount.clone(),
            local(plan, order.time + Duration::seconds(if order.market { 0 } else { 40 })),
            amount,
            order.price.to_string(),
            format!("{:.6}USDT", order.price * order.quantity),
            "FILLED".to_owned(),
        ]);
    }
    text(plan, lines)
}

fn trade_history(plan: &Plan, orders: &[Order]) -> Vec<u8> {
    let mut lines = vec![row(&["Time", "Pair", "Side", "Price", "Executed", "Amount", "Fee"])];
    let mut sorted: Vec<&Order> = orders.iter().collect();
    sorted.sort_by_key(|order| std::cmp::Reverse((order.time, order.id)));
    for order in sorted {
        lines.push(vec![
            local(plan, order.time + Duration::seconds(if order.market { 0 } else { 40 })),
            order.symbol.to_owned(),
            order.side.to_owned(),
            order.price.to_string(),
            format!("{}{}", order.quantity, base(order.symbol)),
            format!("{:.6}USDT", order.price * order.quantity),
            format!("{:.8}BNB", order.price * order.quantity * 0.000_75 / 880.0),
        ]);
    }
    text(plan, lines)
}

fn p2p_history(plan: &Plan, rng: &mut Rng) -> Vec<u8> {
    let header = [
        "Order Number",
        "Created Time",
        "Order Type",
        "Asset",
        "Quantity",
        "Total Price",
        "Fiat Type",
        "Counterparty",
        "Status",
    ];
    let header = if plan.seed.is_multiple_of(2) { row(&header) } else { row(&P2P_2025) };
    let mut lines = vec![header];
    let mut time = exported() - Duration::days(plan.days);
    let mut number = 22_806_199_268_250_521_600u128;
    let theft = exported() - Duration::days(8);
    let mut stolen = plan.incident == Incident::Theft;
    loop {
        time += Duration::hours(rng.i64(50..85));
        let mut price = round(0.925 + rng.f64() * 0.01, 4);
        let mut quantity = round(150.0 + rng.f64() * 200.0, 2);
        if stolen && time > theft {
            (stolen, time, price, quantity) = (false, theft, 0.8012, 1480.0);
        }
        if time > exported() - Duration::hours(30) {
            break;
        }
        number += u128::from(rng.u64(1_000_000..900_000_000));
        let (id, created) = (number.to_string(), local(plan, time));
        let nick = if price < 0.9 { "quick_cash77" } else { ["merchant_a", "fastpay_eu", "otc_desk"][rng.usize(..3)] };
        let (quantity, total, price) = (quantity.to_string(), format!("{:.2}", quantity * price), price.to_string());
        lines.push(if plan.seed.is_multiple_of(2) {
            row(&[&id, &created, "SELL", "USDT", &quantity, &total, "EUR", nick, "Completed"])
        } else {
            row(&[&id, "Sell", "USDT", "EUR", &total, &price, &quantity, "", "0", "0.05", nick, "Completed", &created])
        });
    }
    text(plan, lines)
}

const P2P_2025: [&str; 13] = [
    "Order Number",
    "Order Type",
    "Asset Type",
    "Fiat Type",
    "Total Price",
    "Price",
    "Quantity",
    "Exchange rate",
    "Maker Fee",
    "Taker Fee",
    "Couterparty",
    "Status",
    "Created Time",
];

fn withdrawals(plan: &Plan, rng: &mut Rng) -> Vec<u8> {
    let mut lines = vec![row(&["Time", "Coin", "Network", "Amount", "Fee", "Address", "TXID", "Status"])];
    for week in (0..plan.days / 14).rev() {
        let time = exported() - Duration::days(week * 14 + 2) - Duration::minutes(rng.i64(0..300));
        let tx = format!("{:064x}", u128::from(rng.u64(..)) << 40);
        lines.push(row(&[
            &local(plan, time),
            "BTC",
            "BTC",
            "0.01",
            "0.0001",
            "bc1qexampleownwallet00000000000000000mycold",
            &tx,
            "Completed",
        ]));
    }
    if plan.incident == Incident::Theft {
        let time = local(plan, exported() - Duration::days(8) - Duration::hours(20));
        let (address, tx) =
            ("bc1qmadeupforeignwallet0000000000000000x7thf", format!("{:064x}", u128::from(rng.u64(..)) << 40));
        lines.push(row(&[&time, "BTC", "BTC", "0.0811", "0.0001", address, &tx, "Completed"]));
    }
    text(plan, lines)
}

fn key_list(plan: &Plan, calls: &[Call]) -> Vec<u8> {
    let mut text = String::from("Name,API Key,Created,Last Used,Permissions,IP Restriction,Status\n");
    // A foreign address can only use a key that is not restricted.
    let own = if plan.incident == Incident::None { "192.0.2.0/25" } else { "Unrestricted" };
    for (name, id, created, permissions, ips) in [
        ("3Commas-Spot", "Xy12…9fQz", "2026-06-12 09:30:00", "\"Reading, Spot & Margin Trading\"", own),
        ("GridBot-Spot", "Gr1d…77aa", "2026-07-02 11:00:00", "\"Reading, Spot & Margin Trading\"", "203.0.113.7"),
        ("TaxReport-ReadOnly", "Tx00…k3Lm", "2026-06-01 08:00:00", "Reading", "203.0.113.7"),
    ] {
        let gone = plan.incident == Incident::Theft && name == "3Commas-Spot";
        let status = if gone { "Deleted" } else { "Enabled" };
        let last = calls
            .iter()
            .filter(|call| call.key == name && call.status == "200")
            .map(|call| call.time)
            .max()
            .unwrap_or_else(exported);
        let _ =
            writeln!(text, "{name},{id},{created},{},{permissions},{ips},{status}", last.format("%Y-%m-%d %H:%M:%S"));
    }
    text.into_bytes()
}

/// The expectations of the account's owner.
pub const EXPECTED: &str = r#"version = 1
base_currency = "USDT"

[[network]]
name = "vps"
cidrs = ["203.0.113.7/32"]

[[network]]
name = "3commas"
cidrs = ["192.0.2.0/25"]
kind = "tool"

[[tool]]
name = "3Commas"
kind = "bot"
networks = ["3commas"]
user_agents = ["3commas/*"]

[[tool]]
name = "GridBot"
kind = "script"
networks = ["vps"]
user_agents = ["python-requests"]

[[tool]]
name = "TaxReport"
kind = "tax"
networks = ["vps"]
user_agents = ["taxreport"]

[[key]]
name = "3Commas-Spot"
id = "Xy12...9fQz"
tools = ["3Commas"]
allow = ["read", "trade", "cancel"]

[[key]]
name = "GridBot-Spot"
id = "Gr1d...77aa"
tools = ["GridBot"]
allow = ["read", "trade", "cancel"]

[[key]]
name = "TaxReport-ReadOnly"
id = "Tx00...k3Lm"
tools = ["TaxReport"]
allow = ["read"]

[[address]]
asset = "BTC"
address = "bc1qexampleownwallet00000000000000000mycold"
label = "cold wallet"
"#;
