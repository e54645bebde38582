//! What strangers do with keys where one key, one address or one record does not show it, and thresholds as users set them.

use loganalyze::rules::Severity;

use crate::folder::Folder;
use crate::rules::{EXPECTED, calls, found, of, on_calls, only, orders};

/// Rows of a call log, so many seconds apart.
fn every(seconds: usize, rows: impl IntoIterator<Item = String>) -> String {
    let at = |number: usize| number * seconds;
    let clock = |at: usize| format!("{:02}:{:02}:{:02}", 10 + at / 3600, at / 60 % 60, at % 60);
    rows.into_iter().enumerate().map(|(number, row)| format!("2026-11-15 {},{row}\n", clock(at(number)))).collect()
}

#[test]
fn one_address_that_is_denied_with_several_keys_is_a_burst() {
    let tries = |count: usize| {
        let row = |number: usize| {
            format!("{},192.0.2.9,curl/8,POST /api/v3/order,401,,,", ["Bot", "Old", "Third"][number % 3])
        };
        on_calls("auth-fail-burst", &every(13, (0..count).map(row)))
    };
    let keys: Vec<(String, Severity)> =
        ["Bot", "Old", "Third"].map(|key| (key.to_owned(), Severity::Medium)).into_iter().collect();
    assert_eq!(tries(21), keys);
    assert_eq!(tries(19), [], "19 are none");
}

#[test]
fn a_newcomer_who_asks_for_coins_or_repeats_one_question_maps_the_key() {
    let first = |operation: &str| {
        on_calls("recon-burst", &every(1, [format!("Bot,192.0.2.9,gridbot/1,GET {operation},200,,,")]))
    };
    assert_eq!(first("/sapi/v1/capital/config/getall"), only("192.0.2.9", Severity::High));
    assert_eq!(first("/sapi/v1/capital/deposit/hisrec"), []);
    let same = |count: usize| {
        let row = "Bot,192.0.2.9,gridbot/1,GET /api/v3/openOrders,200,,,".to_owned();
        on_calls("recon-burst", &every(10, std::iter::repeat_n(row, count)))
    };
    assert_eq!(same(51), only("192.0.2.9", Severity::High));
    assert_eq!(same(50), []);
}

#[test]
fn a_stranger_is_new_even_where_the_log_begins_in_the_window() {
    let late = "Time,Key,IP,Endpoint,Status\n2026-11-15 10:00:00,Bot,203.0.113.7,GET /api/v3/order,200\n\
        2026-11-15 10:05:00,Bot,192.0.2.9,GET /api/v3/account,200\n2026-11-15 11:00:00,Bot,192.0.2.9,POST /api/v3/order,200\n";
    let rows = [("calls.csv", late)];
    assert_eq!(found("recon-then-trade", &rows), only("192.0.2.9", Severity::Critical));
    let own = late.replace("192.0.2.9", "203.0.113.8");
    assert_eq!(found("recon-then-trade", &[("calls.csv", &own)]), []);
}

#[test]
fn an_endpoint_of_another_version_does_the_same() {
    let borrow = "2026-11-15 10:00:00,Bot,203.0.113.7,gridbot/1,POST /sapi/v3/margin/borrow-repay,200,,,\n";
    assert_eq!(on_calls("op-not-allowed", borrow), only("Bot", Severity::High));
}

#[test]
fn a_right_that_the_paths_of_the_calls_do_not_use_is_not_needed() {
    let keys = "Name,Created,Last Used,Permissions,IP Restriction,Status\n\
        Bot,2026-08-01 00:00:00,2026-11-20 10:00:00,\"Reading, Spot & Margin Trading, Futures\",203.0.113.7,Enabled\n";
    let trades = |path: &str| {
        let row = format!("2026-11-15 10:00:00,Bot,203.0.113.7,gridbot/1,POST {path},200,,,\n");
        found("key-over-scoped", &[("calls.csv", &calls(&row)), ("keys.csv", keys)])
    };
    assert_eq!(trades("/api/v3/order"), only("Bot", Severity::Info), "`allow` covers it, but it was never used");
    assert_eq!(trades("/fapi/v1/order"), []);
}

#[test]
fn what_a_silence_is_can_be_set() {
    // A hole of nine hours with an order in it.
    let log: String = calls("")
        .lines()
        .filter(|line| !["06", "09"].iter().any(|hour| line.starts_with(&format!("2026-11-15 {hour}"))))
        .map(|line| format!("{line}\n"))
        .collect();
    let order = orders("2026-11-15 07:00:00 900 BTCUSDT BUY 5\n");
    let with = |settings: &str| {
        let settings = format!("{EXPECTED}[rules.log-gap]\n{settings}\n");
        let files = [
            ("calls.csv", log.as_str()),
            ("Binance-Spot-Order-History-202611201200(UTC+0).csv", order.as_str()),
            ("expected.toml", settings.as_str()),
        ];
        (of("log-gap", &Folder::of(&files)).len(), of("order-unrecognized", &Folder::of(&files)).len())
    };
    assert_eq!(with(""), (0, 1), "nine hours are less than five times the three that are usual");
    assert_eq!(with("times = 2"), (1, 0), "with twice as much they are a gap, and nothing is known of the order");
    assert_eq!(with("times = 2\nhours = 10"), (0, 1));
}

#[test]
fn a_threshold_that_makes_no_sense_is_refused_where_it_stands() {
    let fault = |line: &str| {
        let text = format!("version = 1\n[rules.log-gap]\n{line}\n");
        Folder::of(&[("calls.csv", &calls("")), ("expected.toml", &text)]).failure().message
    };
    assert_eq!(fault("hours = -1"), "exports/expected.toml:3:9: `hours` takes a number from 0 to 10000000");
    for wrong in ["nan", "inf", "1e300"] {
        assert!(fault(&format!("times = {wrong}")).contains(":3:9: `times` takes a number"), "{wrong}");
    }
    assert!(fault("times = \"five\"").contains(":3:9: `times` takes a number"));
    assert!(
        fault("hour = 3").contains(":3:1: rule `log-gap` has no setting `hour`; it has hours, times, severity; did")
    );
}

#[test]
fn the_seconds_after_a_deletion_can_be_fewer() {
    let used = "2026-11-10 00:00:40,Old,203.0.113.7,gridbot/1,GET /api/v3/account,401,,,\n";
    let with = |settings: &str| {
        let text = format!("{EXPECTED}{settings}");
        of("key-use-after-delete", &Folder::of(&[("calls.csv", &calls(used)), ("expected.toml", &text)]))
    };
    assert_eq!(with(""), []);
    assert_eq!(with("[rules.key-use-after-delete]\nseconds = 10\n"), only("Old", Severity::Medium));
}

#[test]
fn a_log_that_ends_before_a_deletion_is_named_even_if_all_exports_do() {
    let text = EXPECTED.replace("name = \"Bot\"\n", "name = \"Bot\"\ndeleted_at = 2026-11-25\n");
    let report = Folder::of(&[("calls.csv", &calls("")), ("expected.toml", &text)]).report();
    let named =
        |key: &str| report.not_checked.iter().any(|item| item.what.starts_with(&format!("what key {key} did from")));
    assert!(named("Bot"), "{:?}", report.not_checked);
    assert!(!named("Old"), "its deletion lies within the log");
}

#[test]
fn any_record_with_a_place_says_where_an_address_is() {
    let log = |berlin: &str, tokyo: &str| {
        let row = |time: &str, ip: &str, place: &str| {
            format!("2026-11-15 {time}:00,Bot,{ip},gridbot/1,GET /api/v3/account,200,{place}\n")
        };
        let head = "Time,Key,IP,Client,Endpoint,Status,City,Latitude,Longitude\n";
        let nowhere = ["203.0.113.7", "192.0.2.9"].map(|ip| row("08:00", ip, ",,")).concat();
        let rows = [row("10:00", "198.51.100.4", berlin), row("10:05", "192.0.2.9", tokyo)].concat();
        format!("{head}{nowhere}{}{rows}", row("09:00", "198.51.100.4", ",,"))
    };
    let (berlin, tokyo) = ("Berlin,52.5,13.4", "Tokyo,35.7,139.7");
    let files = log(berlin, tokyo);
    assert_eq!(found("ip-impossible-travel", &[("calls.csv", &files)]), only("key Bot", Severity::Medium));
    let place = |log: &str| {
        let report = Folder::of(&[("calls.csv", log), ("expected.toml", EXPECTED)]).report();
        let about = report.ips.iter().find(|ip| ip.ip == "192.0.2.9").and_then(|ip| ip.about.clone());
        let torn =
            report.not_checked.iter().find(|item| item.what.starts_with("the place of ")).map(|item| item.why.clone());
        (about.and_then(|about| about.city), torn)
    };
    assert_eq!(place(&files), (Some("Tokyo".to_owned()), None));
    // A log that puts an address in two cities says nothing on where it is, and that is told.
    let torn = format!("{files}2026-11-15 10:06:00,Bot,192.0.2.9,gridbot/1,GET /api/v3/account,200,Lima,-12.0,-77.0\n");
    let told = "the call logs name more than one place: 192.0.2.9 (Tokyo; Lima)".to_owned();
    assert_eq!(place(&torn), (None, Some(told)));
    assert_eq!(found("ip-impossible-travel", &[("calls.csv", &torn)]), []);
}

#[test]
fn a_security_log_that_names_keys_is_one_by_its_name() {
    let log = "Date,Action,IP Address,Device,API Key\n2026-11-14 08:00:00,Login,192.0.2.9,Firefox,\n\
        2026-11-14 09:00:00,API key created,192.0.2.9,Firefox,Fr3sh0000kkkkAAAA\n";
    let table = |name: &str| Folder::of(&[(name, log), ("zz-calls.csv", &calls(""))]).report().sources[0].table;
    assert_eq!(table("security-log.csv"), "events");
    assert_eq!(table("Account Activity.csv"), "events");
    assert_eq!(table("export.csv"), "calls", "nothing says that it is not the log of a program");
    let files = [("security-log.csv", log), ("calls.csv", &calls(""))];
    assert_eq!(found("login-new-ip-then-key-change", &files), only("192.0.2.9", Severity::Critical));
    assert_eq!(found("key-created-in-window", &files).len(), 1);
}

#[test]
fn records_of_two_exports_that_contradict_each_other_are_named_in_every_table() {
    let two = |name: &str, head: &str, one: &str, other: &str| {
        let (old, new) = (format!("{head}\n{one}\n"), format!("{head}\n{other}\n"));
        let names = ["202611191200", "202611201200"].map(|stamp| format!("Binance-{name}-History-{stamp}(UTC+0).csv"));
        let files = [(names[0].as_str(), old.as_str()), (names[1].as_str(), new.as_str())];
        let report = Folder::of(&files).report();
        let found = report.findings.iter().filter(|f| f.rule == "duplicate-or-edited");
        found.map(|finding| finding.message.clone()).collect::<Vec<_>>()
    };
    let p2p = |one, other| {
        let head = "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Couterparty,Status,Created Time";
        let row = |(quantity, person, status): (&str, &str, &str)| {
            format!("2233445566,Sell,USDT,EUR,930,0.93,{quantity},,{person},{status},2026-11-10 10:00:00")
        };
        two("P2P-Order", head, &row(one), &row(other))
    };
    assert_eq!(p2p(("1000", "ab***", "Trading"), ("1000", "ab***", "Completed")), [""; 0], "an update");
    assert_eq!(
        p2p(("1000", "ab***", "Completed"), ("1000", "zz***", "Completed")),
        [
            "1 record of the P2P orders contradicting another of the same id: counterparty of 2233445566 is ab*** and zz***"
        ]
    );
    let order = |pair: &str| {
        format!(
            "2026-11-10 10:00:00,71,{pair},LIMIT,BUY,90000,0.5BTC,2026-11-10 10:00:01,0.5BTC,90000,45000USDT,Filled"
        )
    };
    let head = "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status";
    let edited = two("Spot-Order", head, &order("BTCUSDT"), &order("BTCUSDT").replace("USDT", "FDUSD"));
    assert_eq!(
        edited,
        ["1 record of the orders contradicting another of the same id: symbol of 71 is BTCUSDT and BTCFDUSD"]
    );
    let paid = |address: &str| format!("2026-11-10 10:00:00,BTC,BTC,0.5,0.0001,{address},abcdef0123456789,Completed");
    let head = "Date(UTC+0),Coin,Network,Amount,Fee,Address,TXID,Status";
    assert_eq!(two("Withdraw", head, &paid("bc1qone"), &paid("bc1qone")), [""; 0]);
    assert_eq!(two("Withdraw", head, &paid("bc1qone"), &paid("bc1qtwo")).len(), 1);
}

#[test]
fn a_woken_key_that_lays_out_orders_in_pairs_never_traded_and_is_silent_again_is_no_new_tool() {
    let expected =
        format!("{EXPECTED}[[key]]\nname = \"Spare\"\nallow = [\"read\", \"trade\"]\nnetworks = [\"home\"]\n");
    let rested = |pair: &str| {
        let call =
            |at: usize| format!("2026-11-15 10:0{at}:00,Spare,203.0.113.7,x,POST /api/v3/order,200,{pair},BUY,1\n");
        let order = |at: usize| {
            format!("2026-11-15 10:0{at}:00,90{at},{pair},LIMIT,BUY,1,5,2026-11-15 11:00:00,5,1,5USDT,FILLED\n")
        };
        let history = orders("") + &(0..4).map(order).collect::<String>();
        let log = calls(&(0..4).map(call).collect::<String>());
        of(
            "key-dormant-woke",
            &Folder::of(&[("calls.csv", &log), ("orders.csv", &history), ("expected.toml", &expected)]),
        )
    };
    assert_eq!(rested("AKROUSDT"), only("Spare", Severity::High));
    assert_eq!(rested("ETHUSDT"), only("Spare", Severity::Medium), "a grid in a known pair that was tried for a day");
}

#[test]
fn how_clocks_are_measured_can_be_set() {
    let log = |seconds: i64| -> String {
        let row = |day: usize| {
            let minute = if seconds < 60 { "00" } else { "01" };
            format!(
                "2026-11-{day:02} 12:{minute}:{:02},Bot,203.0.113.7,gridbot/1,POST /api/v3/order,200,BTCUSDT,BUY,5\n",
                seconds % 60
            )
        };
        (1..=12).map(row).collect()
    };
    let made: String = (1..=12).map(|day| format!("2026-11-{day:02} 12:00:00 90{day} BTCUSDT BUY 5\n")).collect();
    let told = |seconds: i64, settings: &str| {
        let settings = format!("{EXPECTED}[rules.clock-offset]\n{settings}\n");
        let log = calls(&log(seconds)).replace("POST /api/v3/order,200,ETHUSDT", "GET /api/v3/account,200,");
        let folder = Folder::of(&[("calls.csv", &log), ("orders.csv", &orders(&made)), ("expected.toml", &settings)]);
        let report = folder.report();
        let message = report.findings.iter().find(|f| f.rule == "clock-offset").map(|finding| finding.message.clone());
        message.map(|message| message.contains("made up for"))
    };
    assert_eq!(told(20, ""), Some(true));
    assert_eq!(told(20, "seconds = 30"), None, "the way of an order");
    assert_eq!(told(20, "pairs = 30"), None, "too few");
    assert_eq!(told(80, ""), Some(false), "no clock that is off by so much is made up for");
    assert_eq!(told(80, "made_up = 100"), Some(true));
}

#[test]
fn the_first_day_of_a_woken_key_and_the_families_on_one_key_can_be_set() {
    let rows = "2026-10-01 01:00:00,Spare,203.0.113.7,gridbot/1,GET /api/v3/account,200,,,\n\
        2026-11-12 10:00:00,Spare,203.0.113.7,gridbot/1,GET /api/v3/account,200,,,\n\
        2026-11-12 16:00:00,Spare,203.0.113.7,gridbot/1,POST /api/v3/order,200,BTCUSDT,BUY,1\n";
    let shared: String = (0..3)
        .map(|at| format!("2026-11-15 1{at}:00:00,Bot,203.0.113.7,other/1,GET /api/v3/account,200,,,\n"))
        .collect();
    let with = |rule: &str, rows: &str, settings: &str| {
        let spare = "[[key]]\nname = \"Spare\"\ntools = [\"GridBot\"]\nallow = [\"read\", \"trade\"]\n";
        let text = format!("{EXPECTED}{spare}[rules.{rule}]\n{settings}\n");
        of(rule, &Folder::of(&[("calls.csv", &calls(rows)), ("expected.toml", &text)]))
    };
    assert_eq!(with("key-dormant-woke", rows, ""), only("Spare", Severity::High));
    assert_eq!(with("key-dormant-woke", rows, "first_hours = 3"), only("Spare", Severity::Low));
    assert_eq!(with("key-shared-by-tools", &shared, ""), only("Bot", Severity::Medium));
    assert_eq!(with("key-shared-by-tools", &shared, "families = 3"), []);
}

#[test]
fn several_merchants_may_go_by_one_masked_nickname() {
    let head = "Order No,Created Time,Side,Asset,Fiat,Unit Price,Quantity,Total Price,Nickname,Payer Name,Status\n";
    let sale = "9,2026-11-11 02:10:00,SELL,USDT,EUR,0.93,200,186,ab***,Carl Dorn,Completed\n";
    let with = |names: &[&str]| {
        let people = names.iter().map(|name| format!("[[p2p]]\nnickname = \"ab***\"\nreal_name = \"{name}\"\n"));
        let text = format!("{EXPECTED}{}", people.collect::<String>());
        let files = [("calls.csv", calls("")), ("p.csv", format!("{head}{sale}")), ("expected.toml", text)];
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        of("p2p-name-mismatch", &Folder::of(&files))
    };
    assert_eq!(with(&["Xaver Ypsilon"]), only("9", Severity::High));
    assert_eq!(with(&["Xaver Ypsilon", "Carl Dorn"]), []);
}

#[test]
fn without_networks_the_verdict_says_that_nothing_tells_whose_the_addresses_are() {
    let stranger = "2026-11-15 10:00:00,Bot,192.0.2.9,curl/8,POST /sapi/v1/capital/withdraw/apply,200,,,\n";
    let sentence = Folder::of(&[("calls.csv", &calls(stranger))]).report().verdict.sentence;
    assert!(
        sentence.contains("0 orders of the window are not recognized, and nothing says whose its 2 IP addresses are."),
        "{sentence}"
    );
}

#[test]
fn a_tool_that_no_key_has_is_named() {
    let text = format!("{EXPECTED}[[tool]]\nname = \"Gone\"\nnetworks = [\"home\"]\n");
    let report = Folder::of(&[("calls.csv", &calls("")), ("expected.toml", &text)]).report();
    let tools: Vec<&str> =
        report.not_checked.iter().map(|item| item.what.as_str()).filter(|what| what.starts_with("tool ")).collect();
    assert_eq!(tools, ["tool Gone of the expectations"]);
}

#[test]
fn a_key_that_is_stated_as_deleted_needs_no_deletion_though_the_exports_end_before() {
    let keys = "Name,Created,Last Used,Permissions,IP Restriction,Status\n\
        Bot,2026-08-01 00:00:00,2026-11-20 10:00:00,\"Reading, Withdrawals\",Unrestricted,Enabled\n";
    let others = "Name,Created,Last Used,Permissions,IP Restriction,Status\n\
        Other,2026-08-01 00:00:00,2026-11-20 10:00:00,Reading,203.0.113.7,Enabled\n";
    let rules = |list: &str, stated: &str| {
        let text = EXPECTED.replace("name = \"Bot\"\n", &format!("name = \"Bot\"\n{stated}"));
        let vendor = "[[vendor]]\nname = \"Vendor\"\ntools = [\"GridBot\"]\n";
        let text = format!("{text}{vendor}");
        let report = Folder::of(&[("calls.csv", &calls("")), ("keys.csv", list), ("expected.toml", &text)]).report();
        let about = ["key-ip-open", "key-withdraw-enabled", "key-vendor-compromised", "key-vanished"];
        let found: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
        about.into_iter().filter(|rule| found.contains(rule)).collect::<Vec<_>>()
    };
    assert_eq!(rules(keys, ""), ["key-ip-open", "key-withdraw-enabled", "key-vendor-compromised"]);
    assert_eq!(rules(keys, "deleted_at = 2026-11-25\n"), [""; 0]);
    assert_eq!(rules(others, ""), ["key-vendor-compromised", "key-vanished"]);
    assert_eq!(rules(others, "deleted_at = 2026-11-25\n"), [""; 0]);
}
