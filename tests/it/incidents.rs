//! Whole accounts, with and without an incident, in many spellings; and evidence that does not carry a clean verdict.

use loganalyze::report::Report;
use loganalyze::rules::Severity;
use loganalyze::settings::{Settings, WindowRequest};

use crate::account::{Account, CALL_HEADERS, DRAIN_ORDERS, FOREIGN_IP, Incident, Plan, account};
use crate::folder::{Folder, assert_ledger, report};

fn plans(incident: Incident) -> impl Iterator<Item = Plan> {
    let offsets = [0, 2, -6, 9];
    (0..10u64).map(move |seed| Plan {
        seed,
        incident,
        call_header: CALL_HEADERS[seed as usize % CALL_HEADERS.len()],
        offset_hours: offsets[seed as usize % offsets.len()],
        iso: !seed.is_multiple_of(3),
        delimiter: if seed % 4 == 3 { ';' } else { ',' },
        bom: seed.is_multiple_of(2),
        ..Plan::default()
    })
}

fn written(account: &Account) -> Folder {
    let folder = Folder::new();
    account.write(&folder.path).unwrap();
    folder
}

fn changed(account: &Account, name: &str, change: impl Fn(&str) -> String) -> Folder {
    let folder = written(account);
    let (name, bytes) = account.files.iter().find(|(file, _)| file.contains(name)).unwrap();
    folder.write(name, change(std::str::from_utf8(bytes).unwrap()).as_bytes());
    folder
}

#[test]
fn a_drain_is_found_whole_and_nothing_else() {
    for plan in plans(Incident::Drain) {
        let account = account(&plan);
        let report = written(&account).report();
        assert_ledger(&report);
        let mut found: Vec<String> =
            report.orders.unrecognized.iter().map(|order| order.order_id.clone().unwrap()).collect();
        let mut foreign: Vec<String> =
            account.orders.iter().filter(|order| order.foreign).map(|order| order.id.to_string()).collect();
        found.sort();
        foreign.sort();
        assert_eq!(foreign.len(), DRAIN_ORDERS);
        assert_eq!(found, foreign, "seed {}", plan.seed);
        let ips: Vec<&str> =
            report.ips.iter().filter(|ip| ip.verdict == "unrecognized").map(|ip| ip.ip.as_str()).collect();
        assert_eq!(ips, [FOREIGN_IP], "seed {}", plan.seed);
        assert_eq!(report.verdict.exit_code, 14, "seed {}", plan.seed);
    }
}

#[test]
fn an_ordinary_account_is_clear() {
    for plan in plans(Incident::None) {
        let report = written(&account(&plan)).report();
        assert_eq!(
            (report.verdict.result, report.verdict.exit_code),
            ("clear", 0),
            "seed {}: {:?}",
            plan.seed,
            report.verdict
        );
        assert!(report.findings.is_empty());
    }
}

#[test]
fn a_theft_is_followed_to_the_money() {
    let plan = Plan { incident: Incident::Theft, days: 45, ..Plan::default() };
    let report = written(&account(&plan)).report();
    let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
    for rule in
        ["ip-not-allowed", "order-suspect-source", "withdraw-new-address", "p2p-price-off", "key-use-after-delete"]
    {
        assert!(rules.contains(&rule), "{rule} not in {rules:?}");
    }
    assert_eq!(report.p2p.unrecognized.len(), 1);
    assert_eq!(report.transfers.unrecognized.len(), 1);
}

fn assert_not_clean(report: &Report, because: &str) {
    assert_ne!(report.verdict.exit_code, 0);
    assert!(report.verdict.reasons.iter().any(|reason| reason.contains(because)), "{because}: {:?}", report.verdict);
}

#[test]
fn a_call_log_cut_short_is_not_clean() {
    let account = account(&Plan::default());
    let cut = |text: &str| {
        let lines: Vec<&str> =
            text.lines().filter(|line| !(line.as_bytes()[0] == b'2' && *line > "2026-11-10")).collect();
        lines.join("\n")
    };
    let report = changed(&account, "api-calls", cut).report();
    assert_not_clean(&report, "of the window");
    assert!(report.orders.unrecognized.is_empty(), "silence is no accusation");
    assert!(report.orders.by_verdict["not-covered"] > 50);
}

#[test]
fn broken_call_records_are_not_clean_and_accuse_nobody() {
    let account = account(&Plan::default());
    let broken = |text: &str| {
        let line =
            |(at, line): (usize, &str)| if at % 3 == 2 { line.replace("2026-", "20-26-") } else { line.to_owned() };
        text.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
    };
    let report = changed(&account, "api-calls", broken).report();
    assert_ledger(&report);
    assert_not_clean(&report, "could not be read");
    assert!(report.orders.unrecognized.is_empty());
}

#[test]
fn an_unknown_file_is_not_clean() {
    let folder = written(&account(&Plan::default()));
    folder.write("notes.csv", b"what,when\nnothing,never\n");
    let report = folder.report();
    assert_not_clean(&report, "notes.csv");
    assert_eq!(report.unreadable[0].path, "exports/notes.csv");
}

#[test]
fn a_record_dated_a_year_ahead_does_not_move_the_window() {
    for name in ["Spot-Order-History", "api-calls", "Withdraw-History"] {
        let account = account(&Plan { incident: Incident::Drain, ..Plan::default() });
        let ahead = |text: &str| {
            let last = text.lines().last().unwrap();
            format!("{text}{}\n", last.replacen("2026-", "2027-", 1).replacen("26-", "27-", 1))
        };
        let report = changed(&account, name, ahead).report();
        assert_not_clean(&report, "--as-of");
        assert_eq!(report.run.as_of.to_string()[..10], *"2026-11-20", "{name}");
        assert_eq!(report.orders.unrecognized.len(), DRAIN_ORDERS, "{name}");
    }
}

#[test]
fn without_expectations_nothing_is_clean_and_what_is_new_is_told() {
    let folder = written(&account(&Plan { incident: Incident::Drain, ..Plan::default() }));
    std::fs::remove_file(folder.path.join("expected.toml")).unwrap();
    let report = folder.report();
    assert_not_clean(&report, "no expectations");
    assert!(report.ips.iter().all(|ip| ip.verdict == "unreviewed"));
    let new: Vec<&str> =
        report.findings.iter().filter(|f| f.rule == "ip-first-seen").map(|f| f.subject.value.as_str()).collect();
    assert_eq!(new, [FOREIGN_IP]);
    assert!(report.findings.iter().any(|f| f.rule == "symbol-first-seen" && f.subject.value == "AKROUSDT"));
}

#[test]
fn without_a_call_log_only_what_behaviour_shows_is_accused() {
    let folder = |incident| {
        let folder = written(&account(&Plan { incident, ..Plan::default() }));
        std::fs::remove_file(folder.path.join("api-calls.csv")).unwrap();
        folder
    };
    assert!(folder(Incident::None).report().orders.unrecognized.is_empty());
    let report = folder(Incident::Drain).report();
    assert_not_clean(&report, "no call log: who placed these orders cannot be told");
    assert_eq!(report.orders.unrecognized.len(), DRAIN_ORDERS);
    assert!(report.orders.unrecognized.iter().all(|order| order.verdict == "not-covered" && order.ip.is_none()));
    assert!(report.not_checked.iter().any(|item| item.why.contains("no API call log")));
}

#[test]
fn trades_stand_for_orders_when_there_are_none() {
    let account = account(&Plan { incident: Incident::Drain, ..Plan::default() });
    let folder = written(&account);
    let orders = account.files.iter().find(|(name, _)| name.contains("Spot-Order")).unwrap();
    std::fs::remove_file(folder.path.join(&orders.0)).unwrap();
    let report = folder.report();
    let foreign = report.orders.unrecognized.iter().filter(|order| order.ip.as_deref() == Some(FOREIGN_IP)).count();
    assert_eq!((foreign, report.orders.unrecognized.len()), (DRAIN_ORDERS, DRAIN_ORDERS));
}

#[test]
fn the_report_is_the_same_whatever_the_order_of_files_and_runs() {
    let plan = Plan { incident: Incident::Theft, days: 45, ..Plan::default() };
    let account = account(&plan);
    let json = |report: &Report| serde_json::to_string(report).unwrap();
    let first = written(&account);
    let second = Folder::new();
    for (name, bytes) in account.files.iter().rev() {
        second.write(name, bytes);
    }
    let (first, again, second) = (json(&first.report()), json(&first.report()), json(&second.report()));
    assert_eq!(first, again);
    assert_eq!(first, second);
}

#[test]
fn cutting_an_export_in_two_changes_sources_and_places_only() {
    let account = account(&Plan { incident: Incident::Drain, ..Plan::default() });
    let whole = written(&account).report();
    for name in ["api-calls", "Spot-Order-History"] {
        let (file, bytes) = account.files.iter().find(|(file, _)| file.contains(name)).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let middle = lines.len() / 2;
        let folder = written(&account);
        std::fs::remove_file(folder.path.join(file)).unwrap();
        let name_of = |part: &str| match name {
            "api-calls" => format!("api-calls-{part}.csv"),
            _ => file.replace("-part1-of1", &format!("-part{part}-of2")),
        };
        folder.write(&name_of("1"), format!("{}\n", lines[..middle].join("\n")).as_bytes());
        folder.write(&name_of("2"), format!("{}\n{}\n", lines[0], lines[middle..].join("\n")).as_bytes());
        let cut = folder.report();
        let findings = |report: &Report| {
            let key = |f: &loganalyze::report::FindingInfo| {
                (f.id.clone(), f.message.clone(), f.count, f.severity, f.first, f.last)
            };
            report.findings.iter().map(key).collect::<Vec<_>>()
        };
        assert_eq!(findings(&cut), findings(&whole), "{name}");
        assert_eq!(cut.orders.by_verdict, whole.orders.by_verdict, "{name}");
        assert_eq!(cut.verdict.sentence, whole.verdict.sentence, "{name}");
    }
}

#[test]
fn an_overlapping_copy_changes_nothing_but_the_ledger() {
    let account = account(&Plan::default());
    let (file, bytes) = account.files.iter().find(|(file, _)| file.contains("Spot-Order-History")).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let half: Vec<&str> = text.lines().take(500).collect();
    let folder = written(&account);
    folder.write(&file.replace("202611", "202610"), format!("{}\n", half.join("\n")).as_bytes());
    let report = folder.report();
    assert_ledger(&report);
    assert_eq!(report.verdict.result, "clear", "{:?}", report.verdict);
    assert_eq!(report.sources.iter().map(|source| source.duplicate).sum::<u64>(), 499);
}

#[test]
fn the_window_can_be_moved() {
    let folder = written(&account(&Plan { incident: Incident::Drain, ..Plan::default() }));
    let moved = |window: WindowRequest| report(&Settings { window, ..folder.settings() }).unwrap();
    let before = moved(WindowRequest { until: Some("2026-11-01".to_owned()), ..WindowRequest::default() });
    assert_eq!(before.run.until.to_string(), "2026-11-01T00:00:00Z");
    assert_eq!(before.run.since.to_string(), "2026-10-02T00:00:00Z");
    assert_eq!(before.orders.unrecognized.len(), 0);
    let last = moved(WindowRequest { last: loganalyze::time::parse_span("20d"), ..WindowRequest::default() });
    assert_eq!(last.orders.unrecognized.len(), DRAIN_ORDERS);
    let wrong = report(&Settings {
        window: WindowRequest { since: Some("soon".to_owned()), ..WindowRequest::default() },
        ..folder.settings()
    });
    assert!(wrong.unwrap_err().message.contains("--since soon"));
}

/// A log of a month with a read every hour from home, and the rows given.
fn hourly_log(rows: &str) -> String {
    let mut text = "Time,Key,IP,Operation,Status,Pair,Side,Quantity\n".to_owned();
    for hour in 0..31 * 24 {
        let time = chrono::DateTime::from_timestamp(1_761_500_000 + 365 * 86_400 + hour * 3600, 0).unwrap();
        text.push_str(&format!("{},K,203.0.113.7,GET /api/v3/account,200,,,\n", time.format("%Y-%m-%d %H:%M:%S")));
    }
    text + rows
}

const HOME: &str = "version = 1\n[[network]]\nname = \"n\"\ncidrs = [\"203.0.113.7\"]\n[[key]]\nname = \"K\"\nid = \"Gr1d...77aa\"\nnetworks = [\"n\"]\n";

fn hourly(rows: &str, more: &[(&str, &str)]) -> Report {
    let log = hourly_log(rows);
    let files: Vec<(&str, &str)> =
        [("calls.csv", log.as_str()), ("expected.toml", HOME)].into_iter().chain(more.iter().copied()).collect();
    Folder::of(&files).report()
}

const FILLS: &str = "Time,Pair,Side,Price,Executed,Amount,Fee\n";

#[test]
fn one_old_call_does_not_explain_any_number_of_fills() {
    let call = "2026-10-27 09:00:00,K,203.0.113.7,POST /api/v3/order,200,BTCUSDT,BUY,\n";
    let fills: String =
        (0..30).map(|at| format!("26-11-18 12:00:{at:02},BTCUSDT,BUY,60000,1BTC,60000USDT,0.01BNB\n")).collect();
    let report = hourly(call, &[("Spot-Trade-History.csv", &format!("{FILLS}{fills}"))]);
    assert_eq!(report.orders.by_verdict["not-covered"], 1, "one may have rested");
    assert_eq!(report.orders.by_verdict["unexplained"], 29);
}

const ORDERS: &str =
    "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n";

#[test]
fn fills_that_the_orders_leave_out_are_looked_at() {
    let call = "2026-11-18 10:00:00,K,203.0.113.7,POST /api/v3/order,200,BTCUSDT,BUY,1\n";
    let orders =
        format!("{ORDERS}26-11-18 10:00:00,1,BTCUSDT,Limit,BUY,1,1BTC,26-11-18 12:00:00,1BTC,1,1USDT,FILLED\n");
    let own = "26-11-18 11:00:00,BTCUSDT,BUY,1,0.5BTC,1USDT,0BNB\n26-11-18 12:00:00,BTCUSDT,BUY,1,0.5BTC,1USDT,0BNB\n";
    let foreign = "26-11-18 12:30:00,AKROUSDT,BUY,1,5AKRO,5USDT,0BNB\n";
    let verdicts = |fills: &str| {
        hourly(call, &[("Spot-Order.csv", &orders), ("Spot-Trade.csv", &format!("{FILLS}{fills}"))]).orders.by_verdict
    };
    assert_eq!(verdicts(own).into_iter().collect::<Vec<_>>(), [("explained", 1)]);
    assert_eq!(verdicts(&format!("{own}{foreign}"))["unexplained"], 1);
    let futures = "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID\n8,26-11-18 10:00:09,AKROUSDT,BUY,7,1,7,0.2 USDT,0,true,false,4,5\n";
    let report = hourly(call, &[("Spot-Order.csv", &orders), ("Futures-Trade.csv", futures)]);
    assert_eq!(
        report.orders.unrecognized[0].market.as_deref(),
        Some("um-futures"),
        "no futures orders: fills stand for them"
    );
}

#[test]
fn orders_as_an_api_gives_them_explain_the_fills_of_any_exchange() {
    let call = "2026-11-18 10:00:00,K,203.0.113.7,POST /api/v3/order,200,BTCUSDT,BUY,1\n";
    let list = "symbol,orderId,clientOrderId,price,origQty,executedQty,status,type,side,time,updateTime\n\
        BTCUSDT,1,x-1,1,1,1,FILLED,LIMIT,BUY,1794996000000,1795003200000\n";
    let own = "26-11-18 11:00:00,BTCUSDT,BUY,1,0.5BTC,1USDT,0BNB\n26-11-18 12:00:00,BTCUSDT,BUY,1,0.5BTC,1USDT,0BNB\n";
    let foreign = "26-11-18 12:00:00,BTCUSDT,SELL,1,1BTC,1USDT,0BNB\n";
    let report = |fills: &str| hourly(call, &[("allOrders.csv", list), ("Spot-Trade.csv", &format!("{FILLS}{fills}"))]);
    assert_eq!(report(own).orders.by_verdict.into_iter().collect::<Vec<_>>(), [("explained", 1)]);
    assert_eq!(report(&format!("{own}{foreign}")).orders.by_verdict["unexplained"], 1);
    // The website's history tells the same order once more.
    let orders =
        format!("{ORDERS}26-11-18 10:00:00,1,BTCUSDT,Limit,BUY,1,1BTC,26-11-18 12:00:00,1BTC,1,1USDT,FILLED\n");
    let both = hourly(call, &[("allOrders.csv", list), ("Spot-Order.csv", &orders)]);
    assert_eq!(both.orders.total, 1);
}

#[test]
fn fills_of_one_order_are_told_as_one() {
    let header = "Uid,Spot Pairs,Order Type,Direction,Filled Value,Filled Price,Filled Quantity,Fees,Transaction ID,Order No.,Timestamp (UTC+0)\n";
    let fill =
        |at: u32, order: u32| format!("9,OAXUSDT,MARKET,BUY,9,0.09,100,0,{at},{order},2026-11-18 06:09:{at:02}\n");
    let fills = format!("UID: 9,Company Name: ,Country: \n{header}{}{}{}", fill(1, 7), fill(2, 7), fill(3, 8));
    let call = "2026-11-18 10:00:00,K,203.0.113.7,POST /api/v3/order,200,BTCUSDT,BUY,1\n";
    let report = hourly(call, &[("Bybit-TradeHistory-Spot.csv", &fills)]);
    assert_eq!(report.orders.unrecognized.len(), 3);
    assert!(report.verdict.sentence.contains("2 orders (3 fills)"), "{}", report.verdict.sentence);
}

#[test]
fn one_order_of_the_owners_tool_in_a_moving_market_is_no_suspect() {
    let price = |day: u32| if day == 20 { 116 } else { 100 };
    let order = |day: u32| {
        let (time, price) = (format!("26-11-{day:02} 10:00:00"), price(day));
        format!("{time},{day},BTCUSDT,Market,BUY,0,1BTC,{time},1BTC,{price},{price}USDT,FILLED\n")
    };
    let call = |day: u32| format!("2026-11-{day:02} 10:00:00,K,203.0.113.7,POST /api/v3/order,200,BTCUSDT,BUY,1\n");
    let orders: String = (5..=20).map(order).collect();
    let told = |calls: &str| {
        let report = hourly(calls, &[("Spot-Order.csv", &format!("{ORDERS}{orders}"))]);
        report.findings.into_iter().find(|finding| finding.rule == "price-off-own").map(|finding| finding.severity)
    };
    let calls: Vec<String> = (5..=20).map(call).collect();
    assert_eq!(told(&calls.concat()), Some(Severity::Info));
    assert_eq!(told(&calls[..15].concat()), Some(Severity::Medium), "nobody's call made the last one");
}

#[test]
fn a_log_with_an_unknown_time_is_no_key_list() {
    let odd = "Zeitpunkt,API Key,IP,Client,Operation,Status\n2026-11-18T10:00:00Z,Gr1dAAAABBBBCCCC77aa,198.51.100.66,curl/8,POST /api/v3/order,200\n";
    let report = hourly("", &[("calls2.csv", odd)]);
    assert_eq!(report.unreadable[0].path, "exports/calls2.csv");
}

#[test]
fn a_foreign_call_that_failed_or_was_stopped_is_not_clean() {
    for status in ["-2010", "-1021", "400", "404", "403", "418", "429", "-1003", "500", "weird"] {
        let report =
            hourly(&format!("2026-11-18 10:00:01,K,198.51.100.66,POST /api/v3/order,{status},BTCUSDT,BUY,1\n"), &[]);
        assert_eq!(report.ips[0].verdict, "unrecognized");
        let told = report.findings.iter().any(|f| f.subject.value == "198.51.100.66")
            || report.verdict.reasons.iter().any(|r| r.contains("not recognized"));
        assert!(told, "{status}: {:?}", report.verdict);
    }
}

#[test]
fn calls_from_addresses_that_cannot_be_checked_are_not_clean() {
    for ip in ["198.51.100.066", "AWS Internal", "10.0.0.5", ""] {
        assert_not_clean(
            &hourly(&format!("2026-11-18 10:00:01,K,{ip},GET /api/v3/account,200,,,\n"), &[]),
            "without an address that can be checked",
        );
    }
}

#[test]
fn an_id_that_contradicts_the_expected_one_is_another_key() {
    let log = "Time,Key Name,API Key,IP,Operation,Status\n2026-11-18 10:00:00,K,Gr1dAAAABBBBCCCC77aa,203.0.113.7,GET /api/v3/account,200\n2026-11-18 10:00:01,K,ZzzzEVILEVILEVIL0000,203.0.113.7,POST /api/v3/order,200\n";
    let keys = |report: &Report| {
        report.findings.iter().filter(|f| f.rule == "key-unknown").map(|f| f.subject.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(keys(&Folder::of(&[("calls.csv", log), ("expected.toml", HOME)]).report()), ["ZzzzEVILEVILEVIL0000"]);
    let list = "Name,API Key,Created,Permissions\nK,Gr1d…77aa,2026-01-01,Reading\nK,Zz99…0000,2026-11-18,Withdrawals\n";
    assert_eq!(keys(&hourly("", &[("keys.csv", list)])), ["Zz99…0000"]);
}

#[test]
fn a_withdrawal_to_an_address_that_is_not_stated_is_told() {
    let report = hourly(
        "",
        &[(
            "w.csv",
            "Time,Coin,Network,Amount,Fee,Address,TXID,Status\n26-11-11 21:03:11,BTC,BTC,0.08,0,,t,Completed\n",
        )],
    );
    assert_eq!(report.transfers.unrecognized.len(), 1);
}

#[test]
fn the_newer_state_of_a_p2p_order_stays_whatever_the_files_are_called() {
    let state = |status: &str| {
        format!(
            "Order Number,Created Time,Order Type,Asset,Quantity,Total Price,Fiat Type,Counterparty,Status\n7,26-11-11 10:00:00,SELL,USDT,891,891,CAD,m,{status}\n"
        )
    };
    let (done, cancelled) = (state("Completed"), state("Cancelled"));
    let count = |a: &str, b: &str| {
        hourly("", &[("a.csv", a), ("b.csv", b)]).findings.iter().filter(|f| f.rule == "p2p-first-use").count()
    };
    assert_eq!((count(&done, &cancelled), count(&cancelled, &done)), (1, 1));
}

#[test]
fn a_missing_part_of_an_export_is_named() {
    let account = account(&Plan::default());
    let (file, bytes) = account.files.iter().find(|(file, _)| file.contains("Spot-Order-History")).unwrap();
    let folder = written(&account);
    std::fs::remove_file(folder.path.join(file)).unwrap();
    folder.write(&file.replace("-part1-of1", "-part1-of3"), bytes);
    assert_not_clean(&folder.report(), "an export of 3 parts, of which part 2, 3 is missing");
}

#[test]
fn every_market_must_be_covered() {
    let folder = written(&account(&Plan::default()));
    let header = "Uid,Time,Order No,Symbol,Type,Side,Price,Average Price,Amount,Executed Amount,Executed Quote Amount,Stop Price,Status,Update Time\n";
    let row = "x,2026-09-01 00:00:00,1,ABCUSDT,MARKET,SELL,0,100,1,1,100,0,FILLED,2026-09-01 00:00:00\n";
    folder.write("Futures-Order-History.csv", format!("{header}{row}").as_bytes());
    assert_not_clean(&folder.report(), "um-futures orders may be missing");
    std::fs::rename(
        folder.path.join("Futures-Order-History.csv"),
        folder.path.join("Futures-Order-History-202611201800(UTC+0).csv"),
    )
    .unwrap();
    assert_eq!(folder.report().verdict.exit_code, 0);
}

#[test]
fn a_log_of_reads_alone_accuses_nobody() {
    let orders =
        format!("{ORDERS}26-11-18 10:00:00,1,BTCUSDT,Limit,BUY,1,1BTC,26-11-18 12:00:00,1BTC,1,1USDT,FILLED\n");
    let report = hourly("", &[("Spot-Order.csv", &orders)]);
    assert_eq!(report.orders.by_verdict["not-covered"], 1);
    assert_not_clean(&report, "cannot be attributed");
}

#[test]
fn order_ids_hold_against_a_clock_that_is_hours_off() {
    let log = hourly_log("").replacen("Quantity\n", "Order Id\n", 1)
        + "2026-11-18 12:00:00,K,203.0.113.7,POST /api/v3/order,200,BTCUSDT,BUY,77\n";
    let orders =
        format!("{ORDERS}26-11-18 10:00:00,77,BTCUSDT,Limit,BUY,1,1BTC,26-11-18 12:00:00,1BTC,1,1USDT,FILLED\n");
    let report = Folder::of(&[("calls.csv", &log), ("Spot-Order.csv", &orders), ("expected.toml", HOME)]).report();
    assert_eq!(report.orders.by_verdict["explained"], 1);
}

#[test]
fn fills_beyond_what_the_orders_were_filled_for_are_looked_at() {
    let call = "2026-11-01 10:00:00,K,203.0.113.7,POST /api/v3/order,200,BTCUSDT,BUY,2\n";
    let order = |status: &str, updated: &str| {
        format!("{ORDERS}26-11-01 10:00:00,1,BTCUSDT,Limit,BUY,1,2BTC,{updated},0.5BTC,1,1USDT,{status}\n")
    };
    let own = "26-11-05 10:00:00,BTCUSDT,BUY,1,0.2BTC,1USDT,0BNB\n26-11-06 10:00:00,BTCUSDT,BUY,1,0.3BTC,1USDT,0BNB\n";
    let foreign: String = (0..9).map(|at| format!("26-11-10 10:00:0{at},BTCUSDT,BUY,1,0.9BTC,1USDT,0BNB\n")).collect();
    for (status, updated) in
        [("PARTIALLY_FILLED", "26-11-06 10:00:00"), ("CANCELED", ""), ("FILLED", "26-11-18 10:00:00")]
    {
        let orders = order(status, updated);
        let verdicts = |fills: &str| {
            hourly(call, &[("Spot-Order.csv", &orders), ("Spot-Trade.csv", &format!("{FILLS}{fills}"))])
                .orders
                .by_verdict
        };
        assert_eq!(verdicts(own).into_iter().collect::<Vec<_>>(), [("explained", 1)], "{status}");
        assert_eq!(verdicts(&format!("{own}{foreign}"))["unexplained"], 9, "{status}");
    }
}

#[test]
fn fills_of_one_order_in_different_seconds_are_of_its_call() {
    // Fills are logged to the second: the first seems to come before its call.
    let call = "2026-11-10T10:00:00.500Z,K,203.0.113.7,POST /api/v3/order,200,BTCUSDT,BUY,0.003\n";
    let fills = "26-11-10 10:00:00,BTCUSDT,BUY,1,0.001BTC,1USDT,0BNB\n26-11-10 10:00:01,BTCUSDT,BUY,1,0.001BTC,1USDT,0BNB\n26-11-10 15:00:01,BTCUSDT,BUY,1,0.001BTC,1USDT,0BNB\n";
    let verdicts = |fills: &str| hourly(call, &[("Spot-Trade.csv", &format!("{FILLS}{fills}"))]).orders.by_verdict;
    assert_eq!(verdicts(fills).into_iter().collect::<Vec<_>>(), [("explained", 1), ("not-covered", 2)]);
    assert_eq!(verdicts(&format!("{fills}26-11-10 16:00:01,BTCUSDT,BUY,1,0.001BTC,1USDT,0BNB\n"))["unexplained"], 1);
}

#[test]
fn calls_of_earlier_fills_are_not_left_over_for_later_ones() {
    let account = account(&Plan::default());
    let folder = written(&account);
    let of = |kind: &str| account.files.iter().find(|(name, _)| name.contains(kind)).unwrap();
    std::fs::remove_file(folder.path.join(&of("Spot-Order").0)).unwrap();
    let (name, bytes) = of("Spot-Trade");
    let foreign: String =
        (0..20).map(|at| format!("26-11-14 10:00:{at:02},BTCUSDT,BUY,91000,0.002BTC,182USDT,0BNB\r\n")).collect();
    folder.write(name, &[bytes.as_slice(), foreign.as_bytes()].concat());
    let report = folder.report();
    assert!(report.orders.by_verdict["unexplained"] >= 18, "{:?}", report.orders.by_verdict);
}

#[test]
fn fills_from_long_before_the_log_change_nothing() {
    let call = "2026-11-10T10:00:00.500Z,K,203.0.113.7,POST /api/v3/order,200,BTCUSDT,BUY,0.003\n";
    let own =
        "26-11-10 10:00:01,BTCUSDT,BUY,1,0.003BTC,3USDT,0BNB\n26-11-10 15:00:01,BTCUSDT,BUY,1,0.001BTC,1USDT,0BNB\n";
    let old: String = (1..9).map(|day| format!("25-12-0{day} 10:00:00,BTCUSDT,BUY,1,0.003BTC,3USDT,0BNB\n")).collect();
    let verdicts = |fills: &str| hourly(call, &[("Spot-Trade.csv", &format!("{FILLS}{fills}"))]).orders.by_verdict;
    assert_eq!(verdicts(own).into_values().sum::<u64>(), 2);
    assert_eq!(verdicts(&format!("{old}{own}")), verdicts(own));
}

#[test]
fn an_id_that_shows_nothing_contradicts_nothing() {
    for id in ["***", "...", "…", "[redacted]", "hidden", "n/a"] {
        let log = format!(
            "Time,Key Name,API Key,IP,Operation,Status\n2026-11-18 10:00:00,K,{id},203.0.113.7,GET /api/v3/account,200\n"
        );
        let report = Folder::of(&[("calls.csv", &log), ("expected.toml", HOME)]).report();
        assert!(report.findings.iter().all(|f| f.rule != "key-unknown"), "{id}");
    }
}

#[test]
fn parts_belong_together_whatever_follows_their_numbers() {
    let account = account(&Plan::default());
    let (file, bytes) = account.files.iter().find(|(file, _)| file.contains("Spot-Order-History")).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let folder = written(&account);
    std::fs::remove_file(folder.path.join(file)).unwrap();
    let part = |range: std::ops::Range<usize>| format!("{}\n{}\n", lines[0], lines[range].join("\n"));
    folder.write(&file.replace("-part1-of1", "-part1-of2_ab12"), part(1..700).as_bytes());
    folder.write(&file.replace("-part1-of1", "-part1-of2 (1)"), part(1..700).as_bytes());
    folder.write(&file.replace("-part1-of1", "-part2-of2_ef34"), part(700..lines.len()).as_bytes());
    assert_eq!(folder.report().verdict.reasons, Vec::<String>::new());
}
