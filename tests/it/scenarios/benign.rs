//! Accounts in which all is the owner's, and looks as if it were not.

use chrono::{DateTime, Duration, Utc};
use fastrand::Rng;

use super::story::{Story, of, plan, story};
use crate::account::{EXPECTED, Incident, Plan, account, exported};

pub fn clean(seed: u64) -> Story {
    Story { result: Some("clear"), ..of(seed, Incident::None) }
}

pub fn incomplete(seed: u64) -> Story {
    let mut rng = Rng::with_seed(seed);
    let mut story = of(seed, Incident::None);
    story.calls(|cells| (rng.f64() < 0.6).then_some(cells));
    story.result = Some("inconclusive");
    story
}

pub fn shifted(seed: u64) -> Story {
    let plan = plan(seed, Incident::None);
    let mut story = of(seed, Incident::None);
    let hours = if seed.is_multiple_of(2) { 2 } else { -2 };
    let layout = if plan.iso { "%Y-%m-%dT%H:%M:%S%.3fZ" } else { "%Y-%m-%d %H:%M:%S" };
    story.calls(|mut cells| {
        let time = chrono::NaiveDateTime::parse_from_str(&cells[0], layout).unwrap();
        cells[0] = (time + Duration::hours(hours)).format(layout).to_string();
        Some(cells)
    });
    story
}

/// The same for a log that names neither pair nor side.
pub fn shifted_bare(seed: u64) -> Story {
    let mut story = shifted(seed);
    story.calls(|mut cells| {
        cells[6..9].iter_mut().for_each(String::clear);
        Some(cells)
    });
    story
}

pub fn pool(seed: u64) -> Story {
    let mut story = of(seed, Incident::None);
    let mut at = 0;
    story.calls(|mut cells| {
        if cells[1] == "3Commas-Spot" {
            at += 1;
            cells[2] = format!("192.0.2.{}", 20 + 3 * (at % 20));
        }
        Some(cells)
    });
    story.result = Some("clear");
    story
}

pub fn dual_stack(seed: u64) -> Story {
    let mut rng = Rng::with_seed(seed);
    let mut story = of(seed, Incident::None);
    story.calls(|mut cells| {
        if cells[1] == "GridBot-Spot" && rng.bool() {
            cells[2] = format!("2001:db8:7:1:{:x}:{:x}:{:x}:{:x}", rng.u16(..), rng.u16(..), rng.u16(..), rng.u16(1..));
        }
        Some(cells)
    });
    let expected =
        EXPECTED.replace("cidrs = [\"203.0.113.7/32\"]", "cidrs = [\"203.0.113.7/32\", \"2001:db8:7:1::/64\"]");
    story.files.insert("expected.toml".to_owned(), expected);
    story.result = Some("clear");
    story
}

/// The tax tool calls once a quarter, the last time in the window.
pub fn quarterly(seed: u64) -> Story {
    let plan = Plan { days: 110, ..plan(seed, Incident::None) };
    let mut story = story(&account(&plan));
    story.calls(|cells| (cells[1] != "TaxReport-ReadOnly").then_some(cells));
    let mut rows = Vec::new();
    for run in [10, 102] {
        for at in 0..30 {
            let time = exported() - Duration::days(run) + Duration::seconds(5 * at);
            rows.push((
                time,
                ["TaxReport-ReadOnly", "203.0.113.7", "taxreport/5.1", "GET /api/v3/myTrades", "200", "", "", ""],
            ));
        }
    }
    story.add(&plan, &rows);
    story.result = Some("clear");
    story
}

/// A new bot asks what there is and fills its grid.
pub fn grid_start(seed: u64) -> Story {
    let plan = plan(seed, Incident::None);
    let mut story = of(seed, Incident::None);
    let start = exported() - Duration::days(3);
    let dated =
        if seed.is_multiple_of(2) { format!("valid_from = {}\n", start.format("%Y-%m-%d")) } else { String::new() };
    story.files.get_mut("expected.toml").unwrap().push_str(&format!(
        "\n[[key]]\nname = \"NewGrid-Spot\"\ntools = [\"GridBot\"]\nallow = [\"read\", \"trade\", \"cancel\"]\n{dated}"
    ));
    let created = (start - Duration::minutes(8)).format("%Y-%m-%d %H:%M:%S");
    story.files.get_mut("api-keys.csv").unwrap().push_str(&format!(
        "NewGrid-Spot,N3w0…12ab,{created},{},\"Reading, Spot & Margin Trading\",203.0.113.7,Enabled\n",
        exported().format("%Y-%m-%d %H:%M:%S")
    ));
    let who = ["NewGrid-Spot", "203.0.113.7", "python-requests/2.31.0"];
    let call = |operation: &'static str, status: &'static str| [who[0], who[1], who[2], operation, status, "", "", ""];
    let reads = [
        "GET /api/v3/exchangeInfo",
        "GET /api/v3/account",
        "GET /api/v3/openOrders",
        "GET /api/v3/myTrades",
        "GET /sapi/v1/account/apiRestrictions",
        "GET /sapi/v1/capital/config/getall",
        "GET /api/v3/allOrders",
    ];
    let mut calls: Vec<(DateTime<Utc>, [&str; 8])> =
        reads.iter().zip(0..).map(|(read, at)| (start + Duration::seconds(at), call(read, "200"))).collect();
    let mut orders = Vec::new();
    for at in 0..40 {
        let time = start + Duration::seconds(20 + at);
        let side = if at < 20 { "BUY" } else { "SELL" };
        calls.push((time, [who[0], who[1], who[2], "POST /api/v3/order", "200", "SOLUSDT", side, "0.5"]));
        orders.push((
            time + Duration::milliseconds(250),
            29_100_000_000 + at as u64,
            "SOLUSDT",
            side,
            0.5,
            150.0 + at as f64 * 0.25,
        ));
    }
    story.add(&plan, &calls);
    let name = story.files.keys().find(|name| name.contains("Spot-Order-History")).unwrap().clone();
    let history = story.files.get_mut(&name).unwrap();
    for (time, id, pair, side, quantity, price) in orders {
        let time = (time + Duration::hours(plan.offset_hours)).format("%y-%m-%d %H:%M:%S");
        history
            .push_str(&format!("{time},{id},{pair},Limit,{side},{price:.2},{quantity}SOL,{time},0SOL,0,0USDT,NEW\r\n"));
    }
    story
}

/// The owner sells everything at once, by a script of his own from a listed address.
pub fn panic_sale(seed: u64) -> Story {
    let plan = plan(seed, Incident::None);
    let mut story = of(seed, Incident::None);
    let start = exported() - Duration::days(2);
    let mut calls = Vec::new();
    let mut orders = Vec::new();
    let sold =
        [("BTCUSDT", 0.2, 90_500.0), ("ETHUSDT", 2.5, 3_050.0), ("SOLUSDT", 20.0, 152.0), ("BNBUSDT", 3.0, 872.0)];
    let sizes: Vec<String> = sold.iter().map(|(_, quantity, _)| quantity.to_string()).collect();
    for (at, (pair, quantity, price)) in sold.into_iter().enumerate() {
        let time = start + Duration::seconds(25 * at as i64);
        let row = [
            "GridBot-Spot",
            "203.0.113.7",
            "python-requests/2.31.0",
            "POST /api/v3/order",
            "200",
            pair,
            "SELL",
            &sizes[at],
        ];
        calls.push((time, row));
        orders.push((time + Duration::milliseconds(200), 29_200_000_000 + at as u64, pair, "SELL", quantity, price));
    }
    story.add(&plan, &calls);
    story.order(&plan, &orders);
    story
}

/// The same by hand: the exports say nothing of how these orders were placed.
pub fn panic_sale_by_hand(seed: u64) -> Story {
    let with_calls = panic_sale(seed);
    let log = of(seed, Incident::None).files["api-calls.csv"].clone();
    let mut story = Story { silent: true, ..with_calls };
    story.files.insert("api-calls.csv".to_owned(), log);
    story
}

/// By hand as well, on futures, of pairs that the account never traded there.
pub fn panic_sale_on_futures(seed: u64) -> Story {
    let mut story = of(seed, Incident::None);
    let mut history = "Uid,Time,Order No,Symbol,Type,Side,Price,Average Price,Amount,Executed Amount,Executed Quote Amount,Stop Price,Status,Update Time\n".to_owned();
    let sold =
        [("LINKUSDT", 300.0, 14.1), ("AVAXUSDT", 120.0, 27.3), ("ADAUSDT", 9_000.0, 0.45), ("LINKUSDT", 200.0, 14.0)];
    for (at, (pair, quantity, price)) in sold.into_iter().enumerate() {
        let time = exported() - Duration::days(2) + Duration::seconds(28 * at as i64);
        let time = time.format("%Y-%m-%d %H:%M:%S");
        let (id, total) = (29_500_000_000 + at as u64, quantity * price);
        history.push_str(&format!(
            "12345,{time},{id},{pair},MARKET,SELL,0,{price},{quantity},{quantity},{total},0,FILLED,{time}\n"
        ));
    }
    story.files.insert("Binance-Futures-Order-History.csv".to_owned(), history);
    story.silent = true;
    story
}
