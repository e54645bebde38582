//! Which call made which order, on small logs whose answer is plain.

use crate::folder::Folder;

const EXPECTED: &str = r#"version = 1
[[network]]
name = "home"
cidrs = ["203.0.113.0/24"]
[[key]]
name = "Bot"
networks = ["home"]
allow = ["read", "trade"]
"#;

/// A call log and a history of orders as exports, with what is expected.
fn exports(calls: &str, orders: &str) -> Folder {
    let header =
        "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n";
    let rows: String = orders
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let [day, time, id, pair, side, amount] = cells.as_slice() else { panic!("{line}") };
            format!("{day} {time},{id},{pair},Market,{side},0,{amount},{day} {time},{amount},1,1,FILLED\n")
        })
        .collect();
    Folder::of(&[
        ("calls.csv", calls),
        ("Binance-Spot-Order-History-202611201800(UTC+0).csv", &format!("{header}{rows}")),
        ("expected.toml", EXPECTED),
    ])
}

/// The orders listed with their verdicts, then how many have each.
fn verdicts(calls: &str, orders: &str) -> Vec<(String, String)> {
    let report = exports(calls, orders).report();
    let all = report.orders.unrecognized.iter().map(|o| (o.order_id.clone().unwrap(), o.verdict.to_owned()));
    let mut all: Vec<(String, String)> = all.collect();
    all.extend(report.orders.by_verdict.iter().map(|(verdict, count)| ((*verdict).to_owned(), count.to_string())));
    all
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

const HEADER: &str = "Time,Key,IP,Endpoint,Status,Symbol,Side,Quantity,Order Id\n";

fn log(rows: &[&str]) -> String {
    // Reads every four hours keep the log covered.
    let reads = (0..60).map(|at| {
        format!("2026-11-{:02} {:02}:00:00,Bot,203.0.113.5,GET /api/v3/account,200,,,,\n", 11 + at / 6, at % 6 * 4)
    });
    let other = "2026-11-11 00:30:00,Bot,203.0.113.5,POST /api/v3/order,200,XRPUSDT,BUY,1,\n";
    format!(
        "{HEADER}{other}{}{}",
        reads.collect::<String>(),
        rows.iter().map(|row| format!("{row}\n")).collect::<String>()
    )
}

#[test]
fn one_call_explains_one_order_and_which_of_two_alike_cannot_be_told() {
    let calls = log(&["2026-11-15 10:00:00,Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,"]);
    let orders = "2026-11-15 10:00:01 1 BTCUSDT BUY 1BTC\n2026-11-15 10:00:02 2 BTCUSDT BUY 1BTC";
    let both = [("1", "unexplained"), ("2", "unexplained"), ("unexplained", "2")];
    assert_eq!(verdicts(&calls, orders), pairs(&both), "one of the two has no call");
    let unlike = "2026-11-15 10:00:01 1 BTCUSDT BUY 1BTC\n2026-11-15 10:00:02 2 BTCUSDT BUY 3BTC";
    let one = [("2", "unexplained"), ("explained", "1"), ("unexplained", "1")];
    assert_eq!(verdicts(&calls, unlike), pairs(&one), "the call states the quantity of the first");
}

#[test]
fn pair_and_side_must_agree_and_time_be_near() {
    let calls = log(&[
        "2026-11-15 10:00:00,Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,",
        "2026-11-15 11:00:00,Bot,203.0.113.5,POST /api/v3/order,200,ETHUSDT,SELL,1,",
        "2026-11-15 12:00:00,Bot,203.0.113.5,POST /api/v3/order,200,SOLUSDT,BUY,1,",
    ]);
    let orders = "2026-11-15 10:00:01 1 BTCUSDT SELL 1BTC\n2026-11-15 11:00:01 2 BTCUSDT SELL 1BTC\n2026-11-15 12:01:09 3 SOLUSDT BUY 1SOL";
    let expected = [("1", "unexplained"), ("2", "unexplained"), ("3", "unexplained"), ("unexplained", "3")];
    assert_eq!(verdicts(&calls, orders), pairs(&expected));
}

#[test]
fn a_denied_call_or_a_test_explains_nothing() {
    let calls = log(&[
        "2026-11-15 10:00:00,Bot,203.0.113.5,POST /api/v3/order,401,BTCUSDT,BUY,1,",
        "2026-11-15 11:00:00,Bot,203.0.113.5,POST /api/v3/order/test,200,BTCUSDT,BUY,1,",
    ]);
    let orders = "2026-11-15 10:00:00 1 BTCUSDT BUY 1BTC\n2026-11-15 11:00:00 2 BTCUSDT BUY 1BTC";
    assert_eq!(verdicts(&calls, orders), pairs(&[("1", "unexplained"), ("2", "unexplained"), ("unexplained", "2")]));
}

#[test]
fn an_order_id_in_the_call_settles_it_against_the_clock() {
    let calls = log(&[
        "2026-11-15 10:00:00,Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,2",
        "2026-11-15 10:00:01,Bot,198.51.100.9,POST /api/v3/order,200,BTCUSDT,BUY,1,1",
    ]);
    let orders = "2026-11-15 10:00:00 1 BTCUSDT BUY 1BTC\n2026-11-15 10:00:02 2 BTCUSDT BUY 1BTC";
    assert_eq!(
        verdicts(&calls, orders),
        pairs(&[("1", "suspicious-source"), ("explained", "1"), ("suspicious-source", "1")])
    );
}

#[test]
fn a_burst_is_matched_whole_even_where_the_nearest_call_is_not_the_right_one() {
    // Each order fits two calls; only one assignment serves all three.
    let calls = log(&[
        "2026-11-15 10:00:00,Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,",
        "2026-11-15 10:00:04,Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,",
        "2026-11-15 10:00:08,Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,",
    ]);
    let orders = "2026-11-15 10:00:05 1 BTCUSDT BUY 1BTC\n2026-11-15 10:00:09 2 BTCUSDT BUY 1BTC\n2026-11-15 10:00:13 3 BTCUSDT BUY 1BTC";
    assert_eq!(verdicts(&calls, orders), pairs(&[("explained", "3")]));
}

#[test]
fn an_oco_call_makes_two_orders() {
    let calls = log(&["2026-11-15 10:00:00,Bot,203.0.113.5,POST /api/v3/orderList/oco,200,BTCUSDT,SELL,1,"]);
    let orders = "2026-11-15 10:00:00 1 BTCUSDT SELL 1BTC\n2026-11-15 10:00:00 2 BTCUSDT SELL 1BTC\n2026-11-15 10:00:00 3 BTCUSDT SELL 1BTC";
    let all = [("1", "unexplained"), ("2", "unexplained"), ("3", "unexplained"), ("unexplained", "3")];
    assert_eq!(verdicts(&calls, orders), pairs(&all), "one of the three has no call");
    let two = "2026-11-15 10:00:00 1 BTCUSDT SELL 1BTC\n2026-11-15 10:00:00 2 BTCUSDT SELL 1BTC";
    assert_eq!(verdicts(&calls, two), pairs(&[("explained", "2")]));
}

#[test]
fn a_silent_log_accuses_nobody() {
    let calls = log(&[]);
    let orders = "2026-11-05 10:00:00 1 BTCUSDT BUY 1BTC\n2026-11-15 10:00:00 2 BTCUSDT BUY 1BTC";
    assert_eq!(verdicts(&calls, orders), pairs(&[("2", "unexplained"), ("not-covered", "1"), ("unexplained", "1")]));
}

#[test]
fn a_record_that_cannot_be_read_may_be_the_call() {
    let calls = log(&[
        "2026-11-20 21:00:00,Bot,203.0.113.5,GET /api/v3/account,200,,,,",
        "2026-11-20 21:0x:00,Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,",
        "2026-11-20 21:10:00,Bot,203.0.113.5,GET /api/v3/account,200,,,,",
    ]);
    let orders = "2026-11-20 21:05:00 1 BTCUSDT BUY 1BTC\n2026-11-20 21:30:00 2 BTCUSDT BUY 1BTC";
    assert_eq!(verdicts(&calls, orders), pairs(&[("not-covered", "2")]));
}

#[test]
fn a_suspicious_call_that_fits_as_well_casts_doubt() {
    let calls = log(&[
        "2026-11-15 10:00:00,Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,",
        "2026-11-15 10:00:00,Bot,198.51.100.9,POST /api/v3/order,200,BTCUSDT,BUY,1,",
    ]);
    let orders = "2026-11-15 10:00:01 1 BTCUSDT BUY 1BTC";
    assert_eq!(verdicts(&calls, orders), pairs(&[("1", "suspicious-source"), ("suspicious-source", "1")]));
}

/// Twelve orders on twelve days, and calls so many seconds before each.
fn apart(seconds: i64) -> (String, String) {
    let mut rows = Vec::new();
    let mut orders = Vec::new();
    for day in 11..21 {
        let second = 12 * 3600 - seconds;
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        rows.push(format!(
            "2026-11-{day} {hour:02}:{minute:02}:{second:02},Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,"
        ));
        orders.push(format!("2026-11-{day} 12:00:00 {day} BTCUSDT BUY 1BTC"));
    }
    (log(&rows.iter().map(String::as_str).collect::<Vec<_>>()), orders.join("\n"))
}

#[test]
fn a_clock_that_is_seconds_off_is_made_up_for() {
    for seconds in [-50, -20, 0, 20, 50] {
        let (calls, orders) = apart(seconds);
        assert_eq!(verdicts(&calls, &orders), pairs(&[("explained", "10")]), "{seconds}");
    }
}

#[test]
fn times_without_seconds_are_held_against_calls_to_the_minute() {
    let call = |time: &str| log(&[&format!("2026-11-15 {time},Bot,203.0.113.5,POST /api/v3/order,200,BTCUSDT,BUY,1,")]);
    let order = "2026-11-15 10:00 1 BTCUSDT BUY 1BTC";
    for time in ["10:00:01", "10:00:41", "10:00:59"] {
        assert_eq!(verdicts(&call(time), order), pairs(&[("explained", "1")]), "{time}");
    }
    let none = pairs(&[("1", "unexplained"), ("unexplained", "1")]);
    assert_eq!(verdicts(&call("10:04:00"), order), none);
    let exact = "2026-11-15 10:00:00 1 BTCUSDT BUY 1BTC";
    let other = call("10:00:41").replace("BTCUSDT,BUY,1,", ",,,");
    assert_eq!(verdicts(&other, exact), none, "a time with seconds is not widened");
    assert_eq!(verdicts(&other, order), pairs(&[("explained", "1")]));
}

#[test]
fn a_clock_that_drifts_is_made_up_for_along_a_line() {
    let mut rows = Vec::new();
    let mut orders = Vec::new();
    for day in 11..21 {
        let late = 4 * (day - 11);
        rows.push(format!("2026-11-{day} 12:00:{late:02},Bot,203.0.113.5,POST /api/v3/order,200,,,,"));
        orders.push(format!("2026-11-{day} 12:00:00 {day} BTCUSDT BUY 1BTC"));
    }
    let calls = log(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(verdicts(&calls, &orders.join("\n")), pairs(&[("explained", "10")]));
    // The same days in disorder are no line, and times alone do not place them.
    rows.swap(1, 8);
    rows.swap(2, 6);
    let swapped: Vec<String> =
        rows.iter().zip(11..21).map(|(row, day)| format!("2026-11-{day}{}", &row[10..])).collect();
    let calls = log(&swapped.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(verdicts(&calls, &orders.join("\n")).iter().any(|(_, verdict)| verdict == "unexplained"));
}

#[test]
fn a_clock_that_is_hours_off_is_named_and_accuses_nobody() {
    for seconds in [-7200, 900, 7200, 3600 * 5] {
        let (calls, orders) = apart(seconds);
        assert_eq!(verdicts(&calls, &orders), pairs(&[("not-covered", "10")]), "{seconds}");
    }
}

#[test]
fn a_clock_that_is_minutes_off_is_named_with_how_much_and_accuses_nobody() {
    for (seconds, told) in
        [(130, "2.2 minutes"), (300, "5 minutes"), (-460, "-7.7 minutes"), (780, "13 minutes"), (7620, "2.1 hours")]
    {
        let (calls, rows) = apart(seconds);
        assert_eq!(verdicts(&calls, &rows), pairs(&[("not-covered", "10")]), "{seconds}");
        let report = exports(&calls, &rows).report();
        let named: Vec<&str> = (report.findings.iter().filter(|finding| finding.rule == "clock-offset"))
            .map(|finding| finding.message.as_str())
            .collect();
        assert!(
            matches!(named[..], [message] if message.contains(&format!("differ by {told},")) && !message.contains("--tz")),
            "{seconds}: {named:?}"
        );
        assert!(report.findings.iter().all(|finding| finding.severity <= loganalyze::rules::Severity::Medium));
        assert!(
            report.verdict.reasons.iter().any(|reason| reason.contains("the clock of the call log is")),
            "{seconds}"
        );
    }
}

#[test]
fn the_zone_that_would_set_a_log_right_is_named_and_does() {
    let (calls, orders) = apart(-7200);
    let folder = exports(&calls, &orders);
    let report = folder.report();
    let finding = report.findings.iter().find(|finding| finding.rule == "clock-offset").unwrap();
    assert!(finding.message.contains("--tz 'calls.csv=UTC+02:00'"), "{}", finding.message);
    let mut settings = folder.settings();
    settings.zones.push(loganalyze::settings::ZoneOption::parse("calls.csv=UTC+02:00").unwrap());
    let report = crate::folder::report(&settings).unwrap();
    assert_eq!(report.orders.by_verdict.get("explained"), Some(&10), "{:?}", report.orders.by_verdict);
    assert!(report.findings.iter().all(|finding| finding.rule != "clock-offset"));
}

#[test]
fn what_the_users_own_bot_recorded_is_recognized() {
    let header =
        "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n";
    let order = |id: u32, minute: u32, amount: u32| {
        let time = format!("2026-11-15 10:{minute:02}:00");
        format!("{time},{id},BTCUSDT,Market,BUY,0,{amount}BTC,{time},{amount}BTC,1,1,FILLED\n")
    };
    let orders = format!("{header}{}{}{}", order(1, 0, 1), order(2, 10, 1), order(3, 20, 1));
    // The first by its id, the second by pair, side, quantity and time, the third not at all: its quantity differs.
    let own = "time,symbol,side,amount,order id\n2026-11-15 09:00:00,BTCUSDT,buy,1,1\n2026-11-15 10:10:30,BTCUSDT,buy,1,\n2026-11-15 10:20:10,BTCUSDT,buy,2,\n";
    let calls = log(&[]);
    let report = Folder::of(&[
        ("calls.csv", &calls),
        ("Binance-Spot-Order-History-202611201800(UTC+0).csv", &orders),
        ("my-bot.csv", own),
        ("expected.toml", EXPECTED),
    ])
    .report();
    let verdicts: Vec<(&str, u64)> = report.orders.by_verdict.iter().map(|(name, count)| (*name, *count)).collect();
    assert_eq!(verdicts, [("own-record", 2), ("unexplained", 1)]);
}

#[test]
fn what_a_call_log_says_of_an_order_goes_under_many_names() {
    for (pair, side, quantity, id) in [
        ("Symbol", "Side", "Quantity", "Order Id"),
        ("instrument_name", "direction", "size", "exchange_order_id"),
        ("requestParameters.symbol", "requestParameters.side", "requestParameters.quantity", "orderId"),
        ("Ticker", "Order Side", "Qty", "Order No"),
    ] {
        let header = format!("Time,Key,IP,Endpoint,Status,{pair},{side},{quantity},{id}\n");
        let calls = log(&["2026-11-15 10:00:00,Bot,203.0.113.5,POST /api/v3/order,200,BTC-USDT,buy,0.5,"]);
        let calls = calls.replace(HEADER, &header);
        let unlike = "2026-11-15 10:00:01 1 ETHUSDT BUY 1ETH";
        assert_eq!(verdicts(&calls, unlike), pairs(&[("1", "unexplained"), ("unexplained", "1")]), "{header}");
        assert_eq!(
            verdicts(&calls, "2026-11-15 10:00:01 1 BTCUSDT BUY 0.5BTC"),
            pairs(&[("explained", "1")]),
            "{header}"
        );
    }
}

#[test]
fn the_query_of_a_request_says_what_it_ordered() {
    let request = |at: u32, pair: &str, side: &str, quantity: &str| {
        format!(
            "2026-11-15 10:00:{at:02},Bot,203.0.113.5,POST /api/v3/order?symbol={pair}&side={side}&quantity={quantity}&timestamp=17{at} HTTP/1.1,200,\n"
        )
    };
    // The reads of the log, without the columns that say what a call ordered.
    let reads = log(&[])
        .replace(",,,,\n", ",\n")
        .replace("XRPUSDT,BUY,1,", "")
        .replace("Symbol,Side,Quantity,Order Id", "Note");
    let calls = format!(
        "{reads}{}{}{}",
        request(0, "BTCUSDT", "BUY", "0.5"),
        request(2, "BTC%2FUSDT", "SELL", "1"),
        request(4, "ETHUSDT", "BUY", "nothing")
    );
    let of = |order: &str| verdicts(&calls, &format!("2026-11-15 10:00:03 1 {order}"));
    let explained = pairs(&[("explained", "1")]);
    assert_eq!(of("BTCUSDT BUY 0.5BTC"), explained);
    assert_eq!(of("BTCUSDT SELL 1BTC"), explained);
    assert_eq!(of("ETHUSDT BUY 3ETH"), explained);
    assert_eq!(
        of("SOLUSDT BUY 1SOL"),
        pairs(&[("1", "unexplained"), ("unexplained", "1")]),
        "none asked for that pair"
    );
}

#[test]
fn addresses_that_proxies_passed_on_count_one_and_all() {
    let ips = |cell: &str| -> Vec<(String, String)> {
        let row = format!("2026-11-15 09:59:59,Bot,\"{cell}\",POST /api/v3/order,200,BTCUSDT,BUY,1,");
        let folder = Folder::of(&[("calls.csv", &log(&[&row])), ("expected.toml", EXPECTED)]);
        let listed = folder.report().ips.into_iter().map(|ip| (ip.ip, ip.verdict.to_owned()));
        listed.filter(|(ip, _)| ip != "203.0.113.5").collect()
    };
    assert_eq!(
        ips("203.0.113.9, 10.0.0.1"),
        pairs(&[("203.0.113.9", "expected")]),
        "a private one is a proxy's own side"
    );
    assert_eq!(ips("198.51.100.7, 10.0.0.1"), pairs(&[("198.51.100.7", "unrecognized")]));
    assert_eq!(
        ips("203.0.113.9, 198.51.100.7"),
        pairs(&[("198.51.100.7", "unrecognized")]),
        "anyone can write the first"
    );
    assert_eq!(ips("198.51.100.8 203.0.113.9"), pairs(&[("198.51.100.8", "unrecognized")]));
    assert_eq!(ips("10.0.0.1, 10.0.0.2"), pairs(&[("10.0.0.1, 10.0.0.2", "unusable")]));
}
