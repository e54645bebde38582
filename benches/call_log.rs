//! A made-up log of API calls of any length, for measurements: five keys, five bots on some 190 addresses, 110 days, in
//! order of time. The same seed gives the same bytes. The benches and the example `call_log` share it.

#![allow(dead_code, reason = "each user of this file needs a part of it")]

use std::io::{self, Write};

use fastrand::Rng;

/// What the log looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Bots at work, with one call in a thousand from one of 30 foreign addresses.
    Usual,
    /// Every call from an address of its own.
    Distinct,
    /// As usual, with ids, quantities and a latency in every record.
    Detailed,
    /// As usual, with user agents that hold a comma and stand in quotes.
    Quoted,
}

impl Shape {
    /// All of them, with their names.
    pub const ALL: [(&str, Self); 4] =
        [("usual", Self::Usual), ("distinct", Self::Distinct), ("detailed", Self::Detailed), ("quoted", Self::Quoted)];

    /// How a user agent is logged.
    fn agent(self, agent: &str) -> String {
        if self == Self::Quoted { format!("{agent} (Linux, x86_64)") } else { agent.to_owned() }
    }
}

/// The keys, with their tool, its user agent and how many addresses it has.
const KEYS: [(&str, &str, &str, u32); 5] = [
    ("Xk3f91TqGr1dSpot", "GridBot", "gridbot/2.4.1", 24),
    ("b7Qw02LmD0caSpot", "DcaBot", "python-requests/2.31.0", 16),
    ("Zp88RkMargnTr41x", "MarginBot", "Go-http-client/1.1", 40),
    ("hV5cFut5resBot9y", "FuturesBot", "axios/1.6.2", 64),
    ("T4xRep0rtRead0nl", "TaxReport", "okhttp/4.9.3", 16),
];

const OPERATIONS: [&str; 8] = [
    "GET /api/v3/account",
    "GET /api/v3/openOrders",
    "GET /api/v3/myTrades",
    "GET /api/v3/ticker/24hr",
    "GET /api/v3/depth",
    "POST /api/v3/order",
    "DELETE /api/v3/order",
    "GET /api/v3/allOrders",
];

const SYMBOLS: [&str; 8] = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "ADAUSDT", "DOGEUSDT", "LINKUSDT", "AVAXUSDT"];

/// Days that the log spans.
const DAYS: u64 = 110;
/// 2026-08-01T00:00:00Z in seconds.
const BEGIN: u64 = 1_785_542_400;

/// The expectations that fit a log.
pub fn expectations(shape: Shape) -> String {
    let mut text = "version = 1\n".to_owned();
    for (at, (key, tool, agent, addresses)) in KEYS.iter().enumerate() {
        let agent = shape.agent(agent);
        let bits = 32 - addresses.next_power_of_two().trailing_zeros();
        text.push_str(&format!(
            "\n[[network]]\nname = \"{tool}-net\"\ncidrs = [\"203.0.{at}.0/{bits}\"]\n\n[[tool]]\nname = \"{tool}\"\nnetworks = [\"{tool}-net\"]\nuser_agents = [\"{agent}\"]\n\n[[key]]\nname = \"{key}\"\ntools = [\"{tool}\"]\nallow = [\"read\", \"trade\", \"cancel\"]\n"
        ));
    }
    text
}

/// Writes a log of so many calls.
///
/// # Errors
/// When it cannot be written.
pub fn write(out: &mut impl Write, calls: u64, seed: u64, shape: Shape) -> io::Result<()> {
    let mut rng = Rng::with_seed(seed);
    let more = if shape == Shape::Detailed { ",Side,Quantity,Order ID,Latency" } else { "" };
    writeln!(out, "Time,API Key,IP,User Agent,Endpoint,Symbol,Status,Weight{more}")?;
    let quote = if shape == Shape::Quoted { "\"" } else { "" };
    let agents = KEYS.map(|(_, _, agent, _)| format!("{quote}{}{quote}", shape.agent(agent)));
    let step = DAYS * 86_400_000 / calls.max(1);
    let mut line = Vec::new();
    for call in 0..calls {
        let at = BEGIN * 1000 + call * step + rng.u64(0..step.max(1));
        let own = rng.usize(0..KEYS.len());
        let (key, _, _, addresses) = KEYS[own];
        let agent = &agents[own];
        let ip = match shape {
            Shape::Distinct => format!("{}.{}.{}.{}", 11 + (call >> 24), call >> 16 & 255, call >> 8 & 255, call & 255),
            _ if rng.u32(0..1000) == 0 => format!("198.51.100.{}", rng.u32(0..30)),
            _ => format!("203.0.{own}.{}", rng.u32(0..addresses)),
        };
        let operation = OPERATIONS[rng.usize(0..OPERATIONS.len())];
        let symbol = SYMBOLS[rng.usize(0..SYMBOLS.len())];
        let status = if rng.u32(0..200) == 0 { "429" } else { "200" };
        line.clear();
        write_time(&mut line, at)?;
        write!(line, ",{key},{ip},{agent},{operation},{symbol},{status},{}", 1 + operation.len() % 5)?;
        if shape == Shape::Detailed {
            let side = if rng.bool() { "BUY" } else { "SELL" };
            let (whole, part) = (rng.u32(0..50), rng.u32(1..100_000));
            write!(line, ",{side},{whole}.{part:05},{},{}", 10_000_000_000 + call, rng.u32(3..900))?;
        }
        line.push(b'\n');
        out.write_all(&line)?;
    }
    Ok(())
}

/// Writes `2026-08-01 00:00:00.000` for milliseconds since 1970.
fn write_time(line: &mut Vec<u8>, at: u64) -> io::Result<()> {
    let (seconds, millis) = (at / 1000, at % 1000);
    let (days, second) = ((seconds - BEGIN) / 86_400, seconds % 86_400);
    // August to December 2026.
    let mut day = days + 1;
    let mut month = 8;
    for length in [31, 30, 31, 30] {
        if day <= length {
            break;
        }
        day -= length;
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    write!(line, "2026-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{millis:03}")
}
