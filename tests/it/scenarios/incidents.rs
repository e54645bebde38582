//! Accounts in which a key, an address or a tool is not the owner's.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use fastrand::Rng;

use super::story::{Story, of, plan};
use crate::account::{EXPECTED, FOREIGN_IP, Incident, account, exported};

pub fn foreign(seed: u64) -> Story {
    Story { ips: BTreeSet::from([FOREIGN_IP.to_owned()]), ..of(seed, Incident::Drain) }
}

/// The thief calls from the bot's own machine, by a client of the same name for every second seed.
pub fn own_address(seed: u64) -> Story {
    let mut story = of(seed, Incident::Drain);
    story.calls(|mut cells| {
        if cells[2] == FOREIGN_IP {
            cells[2] = "192.0.2.10".to_owned();
            if seed.is_multiple_of(2) {
                cells[3] = "3Commas/2.4".to_owned();
            }
        }
        Some(cells)
    });
    story
}

pub fn denied(seed: u64) -> Story {
    let plan = plan(seed, Incident::None);
    let mut story = of(seed, Incident::None);
    let ips: Vec<String> = (0..40).map(|at| format!("198.51.{}.{}", 100 + at % 7, 10 + at)).collect();
    let start = exported() - Duration::days(5);
    let rows: Vec<(DateTime<Utc>, [&str; 8])> = (0..40)
        .map(|at| {
            let cells =
                ["3Commas-Spot", &ips[at], "python-requests/2.28.1", "GET /api/v3/account", "-2015", "", "", ""];
            (start + Duration::minutes(7 * at as i64), cells)
        })
        .collect();
    story.add(&plan, &rows);
    story.ips = ips.into_iter().collect();
    story
}

/// A key that was made in February and never used places orders in November.
pub fn dormant(seed: u64) -> Story {
    let plan = plan(seed, Incident::None);
    let mut story = of(seed, Incident::None);
    let expected = story.files.get_mut("expected.toml").unwrap();
    expected.push_str("\n[[key]]\nname = \"Copy-Spot\"\nnetworks = [\"vps\"]\nallow = [\"read\", \"trade\"]\nvalid_from = 2026-06-05\n");
    let start = exported() - Duration::days(4);
    let foreign = seed.is_multiple_of(2);
    let ip = if foreign { FOREIGN_IP } else { "203.0.113.7" };
    let mut calls = vec![(start, ["Copy-Spot", ip, "copytool/1", "GET /api/v3/account", "200", "", "", ""])];
    let mut orders = Vec::new();
    for at in 0..6 {
        let time = start + Duration::seconds(20 + 15 * at);
        calls.push((time, ["Copy-Spot", ip, "copytool/1", "POST /api/v3/order", "200", "BTCUSDT", "SELL", "0.01"]));
        orders.push((
            time + Duration::milliseconds(300),
            29_000_000_000 + at as u64,
            "BTCUSDT",
            "SELL",
            0.01,
            91_000.0,
        ));
    }
    story.add(&plan, &calls);
    story.order(&plan, &orders);
    if foreign {
        story.ips = BTreeSet::from([FOREIGN_IP.to_owned()]);
    }
    story.foreign = orders.iter().map(|order| order.1.to_string()).collect();
    story
}

/// A deleted key goes on working.
pub fn deleted(seed: u64) -> Story {
    let mut story = of(seed, Incident::None);
    let gone = (exported() - Duration::days(6)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let expected = EXPECTED.replace("id = \"Gr1d...77aa\"\n", &format!("id = \"Gr1d...77aa\"\ndeleted_at = {gone}\n"));
    story.files.insert("expected.toml".to_owned(), expected);
    // What it ordered by its calls: pair, side and quantity are all there is of an order in the log.
    let plan = plan(seed, Incident::None);
    let layout = if plan.iso { "%Y-%m-%dT%H:%M:%S%.3fZ" } else { "%Y-%m-%d %H:%M:%S" };
    let offset = Duration::hours(if plan.iso { 0 } else { plan.offset_hours });
    let mut ordered = BTreeSet::new();
    story.calls(|cells| {
        let time = chrono::NaiveDateTime::parse_from_str(&cells[0], layout).unwrap().and_utc() - offset;
        if cells[1] == "GridBot-Spot" && time > exported() - Duration::days(6) + Duration::seconds(60) {
            ordered.insert((cells[6].clone(), cells[7].clone(), cells[8].clone()));
        }
        Some(cells)
    });
    let orders = account(&plan).orders;
    let by_key = |order: &&crate::account::Order| {
        order.time > exported() - Duration::days(6)
            && ordered.contains(&(order.symbol.to_owned(), order.side.to_owned(), order.quantity.to_string()))
    };
    story.foreign = orders.iter().filter(by_key).map(|order| order.id.to_string()).collect();
    story.result = Some("findings");
    story
}

pub fn no_calls(seed: u64) -> Story {
    let mut story = of(seed, Incident::Drain);
    story.calls(|cells| (cells[2] != FOREIGN_IP).then_some(cells));
    story
}

/// The bot goes on all the while, an order every few seconds.
pub fn busy(seed: u64) -> Story {
    let plan = plan(seed, Incident::Drain);
    let mut rng = Rng::with_seed(seed);
    let mut story = foreign(seed);
    let (mut calls, mut orders) = (Vec::new(), Vec::new());
    let mut time = exported() - Duration::days(10);
    let sizes: Vec<String> = (20..60).map(|thousandths| (f64::from(thousandths) / 10_000.0).to_string()).collect();
    while time < exported() - Duration::days(8) {
        let (pair, price) = [("BTCUSDT", 91_000.0), ("ETHUSDT", 3_100.0)][rng.usize(..2)];
        let (side, size) = (["BUY", "SELL"][rng.usize(..2)], &sizes[rng.usize(..sizes.len())]);
        let cells = ["3Commas-Spot", "192.0.2.10", "3Commas/2.4", "POST /api/v3/order", "200", pair, side, size];
        calls.push((time, cells));
        let id = 29_300_000_000 + calls.len() as u64;
        orders.push((time + Duration::milliseconds(250), id, pair, side, size.parse().unwrap(), price));
        time += Duration::seconds(rng.i64(20..200));
    }
    story.add(&plan, &calls);
    story.order(&plan, &orders);
    story
}

/// The same where the log names neither pair, side nor quantity, and the bot trades in the very minutes of the thief.
pub fn busy_bare(seed: u64) -> Story {
    let plan = plan(seed, Incident::Drain);
    let mut rng = Rng::with_seed(seed);
    let mut story = foreign(seed);
    let drained = account(&plan).orders;
    let times = || drained.iter().filter(|order| order.foreign).map(|order| order.time);
    let (mut calls, mut orders) = (Vec::new(), Vec::new());
    let mut time = times().min().unwrap() - Duration::seconds(90);
    while time < times().max().unwrap() + Duration::seconds(90) {
        let (pair, price) = [("SOLUSDT", 155.0), ("BNBUSDT", 880.0)][rng.usize(..2)];
        let cells = ["GridBot-Spot", "203.0.113.7", "python-requests/2.31.0", "POST /api/v3/order", "200", "", "", ""];
        calls.push((time, cells));
        let id = 29_400_000_000 + calls.len() as u64;
        let side = ["BUY", "SELL"][rng.usize(..2)];
        orders.push((time + Duration::milliseconds(rng.i64(150..400)), id, pair, side, 0.1, price));
        time += Duration::milliseconds(rng.i64(2_000..11_000));
    }
    story.add(&plan, &calls);
    story.order(&plan, &orders);
    story.calls(|mut cells| {
        cells[6..9].iter_mut().for_each(String::clear);
        Some(cells)
    });
    story
}

/// The clock of the log gains a second and a half a day.
pub fn drifting(seed: u64) -> Story {
    let plan = plan(seed, Incident::Drain);
    let layout = if plan.iso { "%Y-%m-%dT%H:%M:%S%.3fZ" } else { "%Y-%m-%d %H:%M:%S" };
    let mut story = foreign(seed);
    story.calls(|mut cells| {
        let time = chrono::NaiveDateTime::parse_from_str(&cells[0], layout).unwrap();
        let days = (time.and_utc() - exported()).num_minutes() as f64 / 1440.0;
        cells[0] = (time + Duration::milliseconds((days * 1_500.0) as i64)).format(layout).to_string();
        Some(cells)
    });
    story
}

/// A spreadsheet cut the seconds off the order history.
pub fn to_the_minute(seed: u64) -> Story {
    let mut story = foreign(seed);
    let name = story.files.keys().find(|name| name.contains("Spot-Order-History")).unwrap().clone();
    let history = story.files.get_mut(&name).unwrap();
    let cut = |cell: &str| {
        let is_time = cell.len() == 17 && cell.as_bytes()[14] == b':';
        if is_time { cell[..14].to_owned() } else { cell.to_owned() }
    };
    let lines = history.lines().map(|line| line.split(',').map(cut).collect::<Vec<_>>().join(",") + "\r\n");
    *history = lines.collect();
    story.files.retain(|name, _| !name.contains("Trade-History"));
    story
}
