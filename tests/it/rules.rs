//! The registry of rules, and for each rule evidence that it finds and evidence that it leaves alone.

use std::collections::BTreeSet;

use loganalyze::rules::{ALL, PLANNED, Severity};

use crate::folder::Folder;

#[test]
fn ids_are_the_files_names_and_unique() {
    let files: BTreeSet<String> = std::fs::read_dir(crate::folder::project("src/rules"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().replace('_', "-"))
        .filter(|name| !matches!(name.as_str(), "call-rows" | "mod" | "plan" | "playbook"))
        .collect();
    let ids: BTreeSet<String> = ALL.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(ids.len(), ALL.len());
    assert_eq!(ids, files);
    assert!(PLANNED.iter().all(|id| !ids.contains(*id)), "a rule that is built must leave the list of planned ones");
}

#[test]
fn every_rule_says_why_what_else_and_what_next() {
    for rule in ALL {
        for text in [rule.title, rule.why, rule.logic, rule.message, rule.severity, rule.sources] {
            assert!(text.len() > 3, "{}", rule.id);
        }
        assert!(!rule.benign.is_empty() && !rule.next.is_empty() && !rule.needs.is_empty(), "{}", rule.id);
        assert!(rule.thresholds.iter().all(|t| !t.source.is_empty() && !t.unit.is_empty()), "{}", rule.id);
        assert!(
            rule.thresholds.iter().all(|t| rule.logic.contains(t.name) || rule.severity.contains(t.name)),
            "{}: a threshold the text does not name",
            rule.id
        );
    }
}

pub const EXPECTED: &str = r#"version = 1
[[network]]
name = "home"
cidrs = ["203.0.113.0/24"]
[[tool]]
name = "GridBot"
networks = ["home"]
user_agents = ["gridbot/*"]
[[key]]
name = "Bot"
tools = ["GridBot"]
allow = ["read", "trade"]
symbols = ["BTC*"]
[[key]]
name = "Old"
networks = ["home"]
allow = ["read"]
deleted_at = 2026-11-10T00:00:00Z
[[address]]
asset = "BTC"
address = "own1"
"#;

/// A log of a month with enough history, then the rows given.
pub fn calls(rows: &str) -> String {
    let mut text = "Time,Key,IP,User Agent,Endpoint,Status,Symbol,Side,Quantity\n".to_owned();
    for hour in (0..60 * 24).step_by(3) {
        let (day, month) = if hour / 24 < 31 { (hour / 24 + 1, 10) } else { (hour / 24 - 30, 11) };
        if month == 11 && day > 20 {
            break;
        }
        text.push_str(&format!(
            "2026-{month}-{day:02} {:02}:00:00,Bot,203.0.113.7,gridbot/1,GET /api/v3/account,200,,,\n",
            hour % 24
        ));
    }
    for day in 1..21 {
        text.push_str(&format!(
            "2026-10-{day:02} 12:00:00,Bot,203.0.113.7,gridbot/1,POST /api/v3/order,200,ETHUSDT,BUY,1\n"
        ));
    }
    text.push_str(rows);
    text
}

pub fn orders(rows: &str) -> String {
    let mut text =
        "Time,OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n"
            .to_owned();
    for day in 1..21 {
        text.push_str(&format!("2026-10-{day:02} 12:00:00,{day},ETHUSDT,Market,BUY,0,1ETH,2026-10-{day:02} 12:00:00,1ETH,1,100USDT,FILLED\n"));
    }
    for row in rows.lines() {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let [day, time, id, pair, side, total] = cells.as_slice() else { panic!("{row}") };
        let quote = if pair.ends_with("USDT") { "USDT" } else { &pair[pair.len() - 3..] };
        text.push_str(&format!("{day} {time},{id},{pair},Market,{side},0,1,{day} {time},1,1,{total}{quote},FILLED\n"));
    }
    text
}

/// The findings of a rule on these files, with subject and severity.
pub fn found(rule: &str, files: &[(&str, &str)]) -> Vec<(String, Severity)> {
    let with_expectations: Vec<(&str, &str)> = files.iter().copied().chain([("expected.toml", EXPECTED)]).collect();
    of(rule, &Folder::of(&with_expectations))
}

pub fn of(rule: &str, folder: &Folder) -> Vec<(String, Severity)> {
    let report = folder.report();
    assert!(report.verdict.reasons.iter().all(|reason| !reason.contains("failed")), "{:?}", report.verdict.reasons);
    report.findings.iter().filter(|f| f.rule == rule).map(|f| (f.subject.value.clone(), f.severity)).collect()
}

pub fn only(subject: &str, severity: Severity) -> Vec<(String, Severity)> {
    vec![(subject.to_owned(), severity)]
}

pub fn on_calls(rule: &str, rows: &str) -> Vec<(String, Severity)> {
    found(rule, &[("calls.csv", &calls(rows))])
}

#[test]
fn ip_not_allowed() {
    let hit = |ip: &str, operation: &str, status: u32| {
        on_calls("ip-not-allowed", &format!("2026-11-15 10:00:00,Bot,{ip},gridbot/1,{operation},{status},,,\n"))
    };
    assert_eq!(hit("198.51.100.9", "GET /api/v3/account", 200), only("198.51.100.9", Severity::High));
    assert_eq!(hit("198.51.100.9", "POST /api/v3/order", 200), only("198.51.100.9", Severity::Critical));
    assert_eq!(hit("203.0.113.200", "POST /api/v3/order", 200), []);
    assert_eq!(hit("198.51.100.9", "POST /api/v3/order", 401), []);
    assert_eq!(hit("10.0.0.1", "POST /api/v3/order", 200), []);
}

#[test]
fn ip_denied_outside() {
    let hit = |rows: &[(&str, &str)]| {
        let rows: String =
            rows.iter().map(|(time, ip)| format!("{time},Bot,{ip},x,GET /api/v3/account,-2015,,,\n")).collect();
        on_calls("ip-denied-outside", &rows)
    };
    assert_eq!(hit(&[("2026-11-15 10:00:00", "198.51.100.9")]), only("Bot", Severity::Medium));
    assert_eq!(
        hit(&[("2026-11-15 10:00:00", "198.51.100.9"), ("2026-11-15 11:00:00", "198.51.101.9")]),
        only("Bot", Severity::High)
    );
    assert_eq!(
        hit(&[("2026-11-13 10:00:00", "198.51.100.9"), ("2026-11-15 11:00:00", "198.51.101.9")]),
        only("Bot", Severity::Medium)
    );
    let three = [
        ("2026-11-15 10:00:00", "198.51.100.9"),
        ("2026-11-15 20:00:00", "198.51.100.9"),
        ("2026-11-16 09:59:00", "198.51.100.8"),
    ];
    assert_eq!(hit(&three), only("Bot", Severity::High));
    assert_eq!(hit(&[("2026-11-15 10:00:00", "203.0.113.9")]), []);
}

#[test]
fn ip_first_seen() {
    let hit = |rows: &str| on_calls("ip-first-seen", rows);
    let row = |time: &str, ip: &str, operation: &str| format!("{time},Bot,{ip},gridbot/1,{operation},200,,,\n");
    let read = "GET /api/v3/account";
    assert_eq!(hit(&row("2026-11-15 10:00:00", "198.51.100.9", read)), only("198.51.100.9", Severity::Medium));
    assert_eq!(
        hit(&row("2026-11-15 10:00:00", "198.51.100.9", "POST /api/v3/order")),
        only("198.51.100.9", Severity::High)
    );
    let seen = row("2026-10-10 10:00:00", "198.51.100.9", read);
    assert_eq!(hit(&(seen.clone() + &row("2026-11-15 10:00:00", "198.51.100.9", read))), []);
    assert_eq!(hit(&(seen + &row("2026-11-15 10:00:00", "198.51.100.10", read))), only("198.51.100.10", Severity::Low));
    assert_eq!(hit(&row("2026-11-15 10:00:00", "203.0.113.99", read)), []);
    let v6 = row("2026-10-10 10:00:00", "2001:db8:5::1", read) + &row("2026-11-15 10:00:00", "2001:db8:5::abcd", read);
    assert_eq!(hit(&v6), [], "temporary addresses of one /64 are one place");
    let short = "Time,Key,IP,Endpoint\n2026-10-15 10:00:00,Bot,203.0.113.7,GET /api/v3/account\n2026-11-14 12:00:00,Bot,203.0.113.7,GET /api/v3/account\n2026-11-15 10:00:00,Bot,198.51.100.9,GET /api/v3/account\n";
    assert_eq!(
        found("ip-first-seen", &[("calls.csv", short)]),
        only("198.51.100.9", Severity::Low),
        "too little history"
    );
    let none = "Time,Key,IP,Endpoint\n2026-11-15 10:00:00,Bot,198.51.100.9,GET /api/v3/account\n";
    assert_eq!(found("ip-first-seen", &[("calls.csv", none)]), [], "no history at all: nothing can be called new");
}

#[test]
fn tool_not_expected() {
    let hit = |client: &str, operation: &str| {
        on_calls("tool-not-expected", &format!("2026-11-15 10:00:00,Bot,203.0.113.7,{client},{operation},200,,,\n"))
    };
    assert_eq!(hit("python-requests/2.31", "GET /api/v3/account"), only("python-requests/2.31", Severity::Medium));
    assert_eq!(hit("python-requests/2.31", "POST /api/v3/order"), only("python-requests/2.31", Severity::High));
    assert_eq!(hit("GridBot/9.0", "POST /api/v3/order"), []);
    assert_eq!(hit("GridBot", "POST /api/v3/order"), []);
    assert_eq!(hit("", "POST /api/v3/order"), []);
}

#[test]
fn op_not_allowed() {
    let hit = |operation: &str, status: u32| {
        on_calls("op-not-allowed", &format!("2026-11-15 10:00:00,Bot,203.0.113.7,gridbot/1,{operation},{status},,,\n"))
    };
    assert_eq!(hit("POST /sapi/v1/capital/withdraw/apply", 200), only("Bot", Severity::High));
    assert_eq!(hit("POST /sapi/v1/capital/withdraw/apply", 401), only("Bot", Severity::Medium));
    assert_eq!(hit("DELETE /api/v3/order", 200), only("Bot", Severity::High));
    for fine in [
        "POST /api/v3/order",
        "GET /api/v3/order",
        "POST /sapi/v3/asset/getUserAsset",
        "POST /api/v3/order/test",
        "GET /sapi/v1/capital/withdraw/history",
        "POST /something/new",
    ] {
        assert_eq!(hit(fine, 200), [], "{fine}");
    }
}

#[test]
fn key_unknown() {
    let hit = |key: &str, operation: &str| {
        on_calls("key-unknown", &format!("2026-11-15 10:00:00,{key},203.0.113.7,gridbot/1,{operation},200,,,\n"))
    };
    assert_eq!(hit("Stranger", "GET /api/v3/account"), only("Stranger", Severity::High));
    assert_eq!(hit("Stranger", "POST /api/v3/order"), only("Stranger", Severity::Critical));
    assert_eq!(hit("bot", "POST /api/v3/order"), []);
    let list = |permissions: &str| {
        format!(
            "Name,Created,Permissions,Status\nBot,2026-01-01,Reading,Enabled\nOther,2026-01-01,{permissions},Enabled\nGone,2026-01-01,Reading,Deleted\n"
        )
    };
    let listed =
        |permissions: &str| found("key-unknown", &[("calls.csv", &calls("")), ("keys.csv", &list(permissions))]);
    assert_eq!(listed("Reading"), only("Other", Severity::High));
    assert_eq!(listed("\"Reading, Withdrawals\""), only("Other", Severity::Critical));
}

#[test]
fn key_use_after_delete() {
    let hit = |time: &str, ip: &str, status: u32| {
        on_calls("key-use-after-delete", &format!("{time},Old,{ip},x,GET /api/v3/account,{status},,,\n"))
    };
    assert_eq!(hit("2026-11-15 10:00:00", "203.0.113.7", 200), only("Old", Severity::Critical));
    assert_eq!(hit("2026-11-15 10:00:00", "203.0.113.7", 401), only("Old", Severity::Medium));
    assert_eq!(
        hit("2026-11-10 02:00:00", "203.0.113.7", 200),
        only("Old", Severity::Medium),
        "a zone error would explain it"
    );
    assert_eq!(hit("2026-11-10 02:00:00", "198.51.100.9", 200), only("Old", Severity::Critical));
    assert_eq!(hit("2026-11-10 00:00:59", "203.0.113.7", 200), []);
    assert_eq!(hit("2026-11-09 10:00:00", "203.0.113.7", 200), []);
}

#[test]
fn a_deleted_key_that_still_works_is_told_wherever_the_window_ends() {
    let stray = |status: u32| {
        let row = format!("2026-11-25 08:00:00,Old,203.0.113.7,gridbot/1,GET /api/v3/account,{status},,,\n");
        Folder::of(&[
            ("calls.csv", &calls(&row)),
            ("orders.csv", &orders("2026-11-19 10:00:00 9 BTCUSDT BUY 5")),
            ("expected.toml", EXPECTED),
        ])
    };
    let folder = stray(200);
    assert_eq!(of("key-use-after-delete", &folder), only("Old", Severity::Critical));
    let report = folder.report();
    assert!(report.run.as_of.to_string().starts_with("2026-11-20"), "{}", report.run.as_of);
    assert!(report.verdict.reasons.iter().any(|reason| reason.contains("stands alone")));
    assert_eq!(of("key-use-after-delete", &stray(401)), [], "a denied call is no evidence that the key works");
    let mut settings = folder.settings();
    settings.window.as_of = Some("2026-11-21".to_owned());
    let report = crate::folder::report(&settings).unwrap();
    assert!(
        report.findings.iter().all(|finding| finding.rule != "key-use-after-delete"),
        "the user says when the end is"
    );
}

#[test]
fn key_dormant() {
    let list = |used: &str, permissions: &str| {
        format!(
            "Name,Created,Last Used,Permissions,Status\nBot,2026-01-01,2026-11-20,Reading,Enabled\nSpare,2026-01-01,{used},{permissions},Enabled\n"
        )
    };
    let hit = |used: &str, permissions: &str| {
        found("key-dormant", &[("calls.csv", &calls("")), ("keys.csv", &list(used, permissions))])
    };
    assert_eq!(hit("2026-09-01", "Reading"), only("Spare", Severity::Low));
    assert_eq!(hit("never", "Spot"), only("Spare", Severity::Medium));
    assert_eq!(hit("2026-09-01", "Withdrawals"), only("Spare", Severity::High));
    assert_eq!(hit("2026-11-01", "Withdrawals"), []);
}

#[test]
fn order_unrecognized() {
    let hit = |rows: &str| found("order-unrecognized", &[("calls.csv", &calls("")), ("orders.csv", &orders(rows))]);
    let one = "2026-11-15 10:00:00 900 BTCUSDT BUY 5\n";
    assert_eq!(hit(one), only("BTCUSDT", Severity::High));
    assert_eq!(
        hit("2026-11-15 10:00:00 900 BTCUSDT BUY 50\n"),
        only("BTCUSDT", Severity::Critical),
        "large for the account"
    );
    let three = "2026-11-15 10:00:00 900 BTCUSDT BUY 1\n2026-11-15 10:04:00 901 BTCUSDT BUY 1\n2026-11-15 10:09:59 902 BTCUSDT BUY 1\n";
    assert_eq!(hit(three), only("BTCUSDT", Severity::Critical));
    let apart = "2026-11-15 10:00:00 900 BTCUSDT BUY 1\n2026-11-15 10:04:00 901 BTCUSDT BUY 1\n2026-11-15 10:10:01 902 BTCUSDT BUY 1\n";
    assert_eq!(hit(apart), only("BTCUSDT", Severity::High));
    let explained = calls("2026-11-15 10:00:00,Bot,203.0.113.7,gridbot/1,POST /api/v3/order,200,BTCUSDT,BUY,1\n");
    assert_eq!(found("order-unrecognized", &[("calls.csv", &explained), ("orders.csv", &orders(one))]), []);
}

#[test]
fn sales_by_hand_are_told_from_what_a_thief_does() {
    let on = |calls_rows: &str, rows: &str| {
        found("order-unrecognized", &[("calls.csv", &calls(calls_rows)), ("orders.csv", &orders(rows))])
            .into_iter()
            .map(|(_, severity)| severity)
            .max()
    };
    let hit = |rows: &str| on("", rows);
    let sales = "2026-11-15 10:00:00 900 ETHUSDT SELL 500\n2026-11-15 10:00:30 901 BTCUSDT SELL 900\n2026-11-15 10:01:10 902 XRPUSDT SELL 70\n";
    assert_eq!(hit(sales), Some(Severity::Medium));
    assert_eq!(hit(&format!("{sales}2026-11-15 10:20:00 903 AKROUSDT BUY 900\n")), Some(Severity::Critical));
    assert_eq!(hit(&sales.replace("XRPUSDT", "XRPTRY")), Some(Severity::Critical), "not the account's money");
    let on_futures = |rows: &[(&str, &str)]| {
        let mut history = "Uid,Time,Order No,Symbol,Type,Side,Price,Average Price,Amount,Executed Amount,Executed Quote Amount,Stop Price,Status,Update Time\n".to_owned();
        for (at, (pair, price)) in rows.iter().enumerate() {
            let time = format!("2026-11-15 10:0{at}:00");
            history.push_str(&format!("1,{time},90{at},{pair},MARKET,SELL,0,{price},1,1,{price},0,FILLED,{time}\n"));
        }
        let files = [("calls.csv", calls("")), ("futures.csv", history), ("orders.csv", orders(""))];
        let found = found("order-unrecognized", &files.each_ref().map(|(name, text)| (*name, text.as_str())));
        found.into_iter().map(|(_, severity)| severity).max()
    };
    let closed = [("XRPUSDT", "2.00"), ("ADAUSDT", "0.50"), ("XRPUSDT", "1.95"), ("XRPUSDT", "1.92")];
    assert_eq!(on_futures(&closed), Some(Severity::Medium));
    let pushed = [("XRPUSDT", "2.00"), ("ADAUSDT", "0.50"), ("XRPUSDT", "1.95"), ("XRPUSDT", "1.80")];
    assert_eq!(on_futures(&pushed), Some(Severity::Critical), "a short of a pair whose price he pushed");
    let storm: String = (0..20).map(|at| format!("2026-11-15 10:00:{at:02} {} ETHUSDT SELL 5\n", 900 + at)).collect();
    assert_eq!(hit(&storm), Some(Severity::Critical), "faster than a hand");
    let stranger = "2026-11-15 03:00:00,Bot,198.51.100.9,gridbot/1,GET /api/v3/account,-2015,,,\n";
    assert_eq!(on(stranger, sales), Some(Severity::Critical), "somebody tried a key the same day");
}

#[test]
fn order_beyond_limits() {
    let hit = |key: &str, pair: &str, total: u32| {
        let calls =
            calls(&format!("2026-11-15 10:00:00,Bot,203.0.113.7,gridbot/1,POST /api/v3/order,200,{pair},BUY,\n"));
        let expected = EXPECTED.replace("symbols = [\"BTC*\"]\n", key);
        let folder = Folder::of(&[
            ("calls.csv", &calls),
            ("orders.csv", &orders(&format!("2026-11-15 10:00:00 900 {pair} BUY {total}\n"))),
            ("expected.toml", &expected),
        ]);
        of("order-beyond-limits", &folder)
    };
    let high = only("Bot", Severity::High);
    assert_eq!(hit("symbols = [\"BTC*\"]\n", "AKROUSDT", 5), high);
    assert_eq!(hit("symbols = [\"BTC*\"]\n", "BTCUSDT", 5), []);
    assert_eq!(hit("max_order = 100\n", "BTCUSDT", 101), high);
    assert_eq!(hit("max_order = 100\n", "BTCUSDT", 100), []);
    assert_eq!(hit("markets = [\"um-futures\"]\n", "BTCUSDT", 5), high);
    assert_eq!(hit("markets = [\"spot\"]\n", "BTCUSDT", 5), []);
}

#[test]
fn orders_that_nothing_prices_are_told_as_not_held_against_their_limit() {
    let open = |pair: &str| {
        let calls =
            calls(&format!("2026-11-15 10:00:00,Bot,203.0.113.7,gridbot/1,POST /api/v3/order,200,{pair},BUY,\n"));
        let folder = Folder::of(&[
            ("calls.csv", &calls),
            ("orders.csv", &orders(&format!("2026-11-15 10:00:00 900 {pair} BUY 5\n"))),
            ("expected.toml", &EXPECTED.replace("symbols = [\"BTC*\"]\n", "max_order = 100\n")),
        ]);
        let report = folder.report();
        report.not_checked.into_iter().find(|item| item.what.contains("max_order")).map(|item| item.why)
    };
    assert_eq!(open("ETHUSDT"), None);
    assert_eq!(open("AKROTRY").as_deref(), Some("nothing in the exports tells what TRY is worth"));
}

#[test]
fn key_dormant_woke() {
    let hit = |expected: &str, row: &str| {
        let expected = format!("{EXPECTED}[[key]]\nname = \"Spare\"\nallow = [\"read\", \"trade\"]\n{expected}");
        of("key-dormant-woke", &Folder::of(&[("calls.csv", &calls(row)), ("expected.toml", &expected)]))
    };
    let (own, dated) = ("networks = [\"home\"]\n", "networks = [\"home\"]\nvalid_from = 2026-02-01\n");
    let trade = "2026-11-15 10:00:00,Spare,203.0.113.7,x,POST /api/v3/order,200,BTCUSDT,BUY,1\n";
    let read = "2026-11-15 10:00:00,Spare,203.0.113.7,x,GET /api/v3/account,200,,,\n";
    assert_eq!(hit(dated, trade), only("Spare", Severity::High));
    assert_eq!(hit(dated, &trade.replace("203.0.113.7", "198.51.100.9")), only("Spare", Severity::Critical));
    assert_eq!(hit(dated, read), only("Spare", Severity::Low));
    assert_eq!(hit(own, trade), only("Spare", Severity::Medium), "it may be new");
    assert_eq!(hit(own, read), []);
    assert_eq!(hit("networks = [\"home\"]\nvalid_from = 2026-11-14\n", trade), []);
}

#[test]
fn a_key_that_trades_once_and_is_silent_again_is_no_new_tool() {
    let expected =
        format!("{EXPECTED}[[key]]\nname = \"Spare\"\nallow = [\"read\", \"trade\"]\nnetworks = [\"home\"]\n");
    let trade: String = (0..4)
        .map(|at| format!("2026-11-15 10:0{at}:00,Spare,203.0.113.7,x,POST /api/v3/order,200,BTCUSDT,BUY,1\n"))
        .collect();
    let made: String = (0..4).map(|at| format!("2026-11-15 10:0{at}:00 90{at} BTCUSDT BUY 5\n")).collect();
    let hit = |rows: &str| {
        let folder =
            Folder::of(&[("calls.csv", &calls(rows)), ("orders.csv", &orders(&made)), ("expected.toml", &expected)]);
        let report = folder.report();
        let listed = report.orders.unrecognized.iter().filter_map(|order| order.order_id.as_deref());
        let listed = listed.filter(|id| id.starts_with("90")).count();
        (of("key-dormant-woke", &folder), listed)
    };
    assert_eq!(hit(&trade), (only("Spare", Severity::High), 4));
    let goes_on = format!("{trade}2026-11-18 10:00:00,Spare,203.0.113.7,x,GET /api/v3/account,200,,,\n");
    assert_eq!(hit(&goes_on), (only("Spare", Severity::Medium), 0), "it may be new");
}

/// Calls that place limit orders, and those orders, which rest.
fn resting(times: &[&str], client: &str, pair: &str) -> (String, String) {
    let call = |time: &&str| format!("{time},Spare,203.0.113.7,{client},POST /api/v3/order,200,{pair},BUY,1\n");
    let order = |(at, time): (usize, &&str)| format!("{time},80{at},{pair},Limit,BUY,90,1,{time},0,0,0USDT,NEW\n");
    (times.iter().map(call).collect(), times.iter().enumerate().map(order).collect())
}

#[test]
fn a_woken_key_that_rests_orders_and_is_silent_again_is_no_new_tool() {
    let expected =
        format!("{EXPECTED}[[key]]\nname = \"Spare\"\nallow = [\"read\", \"trade\"]\nnetworks = [\"home\"]\n");
    let times: Vec<String> = (0..6).map(|at| format!("2026-11-15 10:0{at}:00")).collect();
    let times: Vec<&str> = times.iter().map(String::as_str).collect();
    let hit = |times: &[&str], more: &str| {
        let (rows, made) = resting(times, "x", "ETHUSDT");
        let (calls, orders) = (calls(&format!("{rows}{more}")), orders("") + &made);
        let folder = Folder::of(&[("calls.csv", &calls), ("orders.csv", &orders), ("expected.toml", &expected)]);
        let report = folder.report();
        let listed = report.orders.unrecognized.iter().filter_map(|order| order.order_id.as_deref());
        (of("key-dormant-woke", &folder), listed.filter(|id| id.starts_with("80")).count())
    };
    assert_eq!(hit(&times, ""), (only("Spare", Severity::High), 6));
    assert_eq!(hit(&times[..1], ""), (only("Spare", Severity::Medium), 0), "a plan that buys once a week");
    let goes_on = "2026-11-18 10:00:00,Spare,203.0.113.7,x,GET /api/v3/account,200,,,\n";
    assert_eq!(hit(&times, goes_on), (only("Spare", Severity::Medium), 0), "it may be new");
}

#[test]
fn a_bot_of_a_season_goes_on_where_it_left_off() {
    let expected =
        format!("{EXPECTED}[[key]]\nname = \"Spare\"\nallow = [\"read\", \"trade\"]\nnetworks = [\"home\"]\n");
    let before: Vec<String> = (1..6).map(|day| format!("2026-10-0{day} 10:00:00")).collect();
    let after: Vec<String> = (15..20).map(|day| format!("2026-11-{day} 10:00:00")).collect();
    let hit = |after: &[String], client: &str, pair: &str| {
        let texts = |times: &[String]| times.to_vec();
        let (before, after) = (texts(&before), texts(after));
        let (old, old_orders) = resting(&before.iter().map(String::as_str).collect::<Vec<_>>(), "x/1", "ETHUSDT");
        let (new, new_orders) = resting(&after.iter().map(String::as_str).collect::<Vec<_>>(), client, pair);
        let orders = format!("{}{old_orders}{}", orders(""), new_orders.replace(",80", ",90"));
        let calls = calls(&format!("{old}{new}"));
        let folder = Folder::of(&[("calls.csv", &calls), ("orders.csv", &orders), ("expected.toml", &expected)]);
        of("key-dormant-woke", &folder)
    };
    let (medium, high) = (only("Spare", Severity::Medium), only("Spare", Severity::High));
    assert_eq!(hit(&after, "x/2", "ETHUSDT"), medium);
    assert_eq!(hit(&after[..1], "x/2", "ETHUSDT"), high, "silent again");
    assert_eq!(hit(&after, "curl/8", "ETHUSDT"), high, "another client");
    assert_eq!(hit(&after, "x/2", "AKROUSDT"), high, "another pair");
    let faster: Vec<String> = (0..3).map(|at| format!("2026-11-15 10:0{at}:00")).chain(after.clone()).collect();
    assert_eq!(hit(&faster, "x/2", "ETHUSDT"), high, "three at once, where there was one a day");
}

#[test]
fn a_changed_key_is_told_by_its_use_after_the_change_however_often_it_was_used_before() {
    let expected = format!("{EXPECTED}[[key]]\nname = \"Spare\"\nallow = [\"read\"]\nnetworks = [\"home\"]\n");
    let often = |ip: &str, last: u32| -> String {
        let row = |at: u32| {
            format!("2026-11-15 {:02}:{:02}:00,Spare,{ip},x,GET /api/v3/account,200,,,\n", 8 + at / 60, at % 60)
        };
        (0..last).map(row).collect()
    };
    let log = "Date,Action,IP Address,API Key\n2026-11-15 10:10:00,API edited,198.51.100.9,Spare\n";
    let hit = |ip: &str, last: u32| {
        let calls = calls(&often(ip, last));
        let folder = Folder::of(&[("calls.csv", &calls), ("events.csv", log), ("expected.toml", &expected)]);
        of("key-created-then-used", &folder)
    };
    assert_eq!(hit("198.51.100.9", 180), only("Spare", Severity::Critical), "raised, as its address is foreign too");
    assert_eq!(hit("198.51.100.9", 120), [], "not used after the change");
}

#[test]
fn callers_with_a_wrong_clock_are_named() {
    let rows = |code: &str, count: usize| -> String {
        (0..count)
            .map(|at| format!("2026-11-15 10:00:{at:02},Bot,203.0.113.7,gridbot/1,GET /api/v3/account,{code},,,\n"))
            .collect()
    };
    let told = |code: &str, count: usize| {
        let report = Folder::of(&[("calls.csv", &calls(&rows(code, count))), ("expected.toml", EXPECTED)]).report();
        report.findings.into_iter().find(|finding| finding.rule == "clock-offset").map(|f| (f.severity, f.message))
    };
    let (severity, message) = told("-1021", 5).unwrap();
    assert_eq!(severity, Severity::Info);
    assert!(message.starts_with("the timestamps of 5 calls from 203.0.113.7 were refused"), "{message}");
    assert_eq!(told("-1021", 2), None);
    assert_eq!(told("-1013", 5), None);
}

#[test]
fn periodic_tools_are_held_to_their_jitter() {
    let how = |schedule: &str, days: [&str; 2]| {
        let expected = format!(
            "{EXPECTED}[[tool]]\nname = \"Weekly\"\nnetworks = [\"home\"]\nschedule = {{ kind = \"periodic\", every = \"20d\"{schedule} }}\n[[key]]\nname = \"Reader\"\ntools = [\"Weekly\"]\nallow = [\"read\"]\nvalid_from = 2026-09-01\n"
        );
        let row = |day: &str| format!("2026-{day} 10:30:00,Reader,203.0.113.7,weekly/1,GET /api/v3/myTrades,200,,,\n");
        let folder = Folder::of(&[("calls.csv", &calls(&days.map(row).concat())), ("expected.toml", &expected)]);
        let report = folder.report();
        let message = report.findings.into_iter().find(|f| f.rule == "off-schedule").map(|f| f.message);
        message.map(|message| if message.contains("too soon") { "soon" } else { "late" })
    };
    assert_eq!(how("", ["10-25", "11-10"]), None, "16 of 20 days");
    assert_eq!(how("", ["11-08", "11-11"]), Some("soon"));
    assert_eq!(how("", ["10-10", "11-12"]), Some("late"));
    let jitter = ", jitter = \"2d\"";
    assert_eq!(how(jitter, ["10-22", "11-12"]), None, "21 days");
    assert_eq!(how(jitter, ["10-25", "11-10"]), Some("soon"));
    assert_eq!(how(jitter, ["10-18", "11-10"]), Some("late"));
}

#[test]
fn counterparties_that_are_listed_are_nobody_new() {
    let history: String =
        (1..=4).map(|day| format!("{day},2026-10-0{day} 10:00:00,SELL,USDT,100,90,EUR,nick,Completed\n")).collect();
    let report = |p2p: &str| {
        let sale = "9,2026-11-15 10:00:00,SELL,USDT,1000,900,EUR,ab***,Completed\n";
        Folder::of(&[
            ("calls.csv", &calls("")),
            ("p.csv", &format!("{P2P}{history}{sale}")),
            ("expected.toml", &format!("{EXPECTED}{p2p}")),
        ])
        .report()
    };
    let is_new = |p2p: &str| report(p2p).findings.iter().any(|f| f.rule == "p2p-counterparty-new-large");
    assert!(is_new(""));
    assert!(!is_new("[[p2p]]\nnickname = \"ab***\"\n"));
    assert!(!is_new("[[p2p]]\nnickname = \"Abelard\"\nreal_name = \"P. Abelard\"\n"), "what both show agrees");
    let other = report("[[p2p]]\nnickname = \"ac***\"\n");
    assert!(other.findings.iter().any(|f| f.rule == "p2p-counterparty-new-large"));
    assert!(other.not_checked.iter().any(|item| item.what == "[[p2p]] ac*** of the expectations"), "it is stale");
}

#[test]
fn names_of_keys_are_judged_by_the_users_own_pattern() {
    let keys = "Name,Created,Last Used,Permissions,Status\ndesk7_grid,2026-01-01,2026-11-20,Reading,Enabled\n";
    let hit = |defaults: &str| {
        let expected = EXPECTED.replacen("version = 1\n", &format!("version = 1\n{defaults}"), 1);
        let folder = Folder::of(&[("keys.csv", keys), ("calls.csv", &calls("")), ("expected.toml", &expected)]);
        let report = folder.report();
        let finding = report.findings.into_iter().find(|finding| finding.rule == "key-name-unclear");
        finding.map(|finding| finding.message)
    };
    let message = hit("").unwrap();
    assert!(message.ends_with("may do: desk7_grid"), "{message}");
    assert_eq!(hit("[defaults]\nkey_name = '^desk\\d+_\\w+$'\n"), None);
}

#[test]
fn order_suspect_source() {
    let hit = |ip: &str| {
        let calls = calls(&format!("2026-11-15 10:00:00,Bot,{ip},gridbot/1,POST /api/v3/order,200,BTCUSDT,BUY,1\n"));
        found(
            "order-suspect-source",
            &[("calls.csv", &calls), ("orders.csv", &orders("2026-11-15 10:00:00 900 BTCUSDT BUY 5\n"))],
        )
    };
    assert_eq!(hit("198.51.100.9"), only("198.51.100.9", Severity::Critical));
    assert_eq!(hit("203.0.113.7"), []);
}

#[test]
fn symbol_first_seen() {
    let hit = |pair: &str, total: u32, call: bool| {
        let row = format!("2026-11-15 10:00:00,Bot,203.0.113.7,gridbot/1,POST /api/v3/order,200,{pair},BUY,1\n");
        let rows = format!("2026-11-15 10:00:00 900 {pair} BUY {total}\n2026-11-15 12:00:00 901 ETHUSDT BUY 100\n");
        let calls = calls(&format!(
            "{}2026-11-15 12:00:00,Bot,203.0.113.7,gridbot/1,POST /api/v3/order,200,ETHUSDT,BUY,1\n",
            if call { &row } else { "" }
        ));
        found("symbol-first-seen", &[("calls.csv", &calls), ("orders.csv", &orders(&rows))])
    };
    assert_eq!(hit("AKROUSDT", 5, true), only("AKROUSDT", Severity::Low));
    assert_eq!(hit("AKROUSDT", 50, true), only("AKROUSDT", Severity::Medium));
    assert_eq!(hit("AKROUSDT", 5, false), only("AKROUSDT", Severity::High));
    assert_eq!(hit("BTCUSDT", 50, true), [], "named by a key's symbols");
    assert_eq!(hit("ETHUSDT", 50, true), []);
}

#[test]
fn withdraw_new_address() {
    let transfers = |rows: &str| {
        format!(
            "Time,Coin,Network,Amount,Fee,Address,TXID,Status\n2026-10-01 00:00:00,BTC,BTC,1,0,paid1,t0,Completed\n{rows}"
        )
    };
    let hit_beside = |own_calls: &str, rows: &str, more: &[(&str, &str)]| {
        let (calls, transfers) = (calls(own_calls), transfers(rows));
        let files: Vec<(&str, &str)> = [("calls.csv", calls.as_str()), ("w.csv", transfers.as_str())]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        found("withdraw-new-address", &files)
    };
    let hit = |rows: &str, more: &[(&str, &str)]| hit_beside("", rows, more);
    let to = |asset: &str, address: &str, status: &str| {
        format!("2026-11-15 10:00:00,{asset},BTC,1,0,{address},t1,{status}\n")
    };
    assert_eq!(hit(&to("BTC", "new1", "Completed"), &[]), only("new1", Severity::High));
    let login = [("s.csv", "Date,Action,IP Address,Device\n2026-11-14 10:00:00,Login,198.51.100.9,Firefox\n")];
    assert_eq!(hit(&to("BTC", "new1", "Completed"), &login), only("new1", Severity::Critical));
    let early = [("s.csv", "Date,Action,IP Address,Device\n2026-11-11 10:00:00,Login,198.51.100.9,Firefox\n")];
    assert_eq!(hit(&to("BTC", "new1", "Completed"), &early), only("new1", Severity::High));
    let asked = |time: &str, status: u32| {
        let call =
            format!("2026-11-15 {time},Bot,203.0.113.7,gridbot/1,POST /sapi/v1/capital/withdraw/apply,{status},,,\n");
        hit_beside(&call, &to("BTC", "new1", "Completed"), &[])
    };
    assert_eq!(asked("09:59:30", 200), only("new1", Severity::Critical), "a key asked for it");
    assert_eq!(asked("09:59:30", 403), only("new1", Severity::High), "the key was denied");
    assert_eq!(asked("02:00:00", 200), only("new1", Severity::High), "the key asked for another");
    assert_eq!(hit(&to("BTC", "paid1", "Completed"), &[]), []);
    assert_eq!(hit(&to("BTC", "own1", "Completed"), &[]), []);
    assert_eq!(hit(&to("ETH", "own1", "Completed"), &[]), only("own1", Severity::High), "listed for another asset");
    assert_eq!(hit(&to("BTC", "new1", "Cancelled"), &[]), []);
}

pub const P2P: &str = "Order Number,Created Time,Order Type,Asset,Quantity,Total Price,Fiat Type,Counterparty,Status\n";

#[test]
fn p2p_first_use() {
    let hit = |rows: &str| found("p2p-first-use", &[("calls.csv", &calls("")), ("p.csv", &format!("{P2P}{rows}"))]);
    assert_eq!(hit("1,2026-11-15 10:00:00,SELL,USDT,100,90,EUR,nick,Completed\n"), only("main", Severity::High));
    assert_eq!(hit("1,2026-11-15 10:00:00,SELL,USDT,100,90,EUR,nick,Cancelled\n"), []);
    assert_eq!(
        hit(
            "0,2026-10-01 10:00:00,BUY,USDT,100,90,EUR,nick,Completed\n1,2026-11-15 10:00:00,SELL,USDT,100,90,EUR,nick,Completed\n"
        ),
        []
    );
}

#[test]
fn p2p_price_off() {
    let header = "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Couterparty,Status,Created Time\n";
    let history: String = (1..=9)
        .map(|day| format!("{day},Sell,USDT,EUR,92,0.92,100,,n,Completed,2026-11-{day:02} 10:00:00\n"))
        .collect();
    let hit =
        |row: &str| found("p2p-price-off", &[("calls.csv", &calls("")), ("p.csv", &format!("{header}{history}{row}"))]);
    assert_eq!(hit("90,Sell,USDT,EUR,80,0.80,100,,n,Completed,2026-11-15 10:00:00\n"), only("90", Severity::High));
    assert_eq!(hit("90,Sell,USDT,EUR,88,0.88,100,,n,Completed,2026-11-15 10:00:00\n"), only("90", Severity::Medium));
    assert_eq!(hit("90,Sell,USDT,EUR,91,0.91,100,,n,Completed,2026-11-15 10:00:00\n"), []);
    assert_eq!(hit("90,Sell,USDT,EUR,99,0.99,100,,n,Completed,2026-11-15 10:00:00\n"), [], "better than usual");
    assert_eq!(hit("90,Sell,USDT,EUR,80,0.80,100,,n,Cancelled,2026-11-15 10:00:00\n"), []);
    assert_eq!(
        hit("90,Buy,USDT,EUR,80,1.20,100,,n,Completed,2026-11-15 10:00:00\n"),
        [],
        "no own prices to compare with"
    );
}

#[test]
fn log_gap() {
    let hit = |rows: &str| found("log-gap", &[("calls.csv", &calls("")), ("orders.csv", &orders(rows))]);
    assert_eq!(hit("2026-11-21 09:30:00 900 BTCUSDT BUY 5\n"), only("calls", Severity::Medium));
    assert_eq!(hit("2026-11-20 23:30:00 900 BTCUSDT BUY 5\n"), [], "the log was exported a little earlier");
    assert_eq!(hit("2026-11-15 10:00:00 900 BTCUSDT BUY 5\n"), []);
}

#[test]
fn window_short() {
    let short = "Time,Key,IP,Endpoint\n2026-11-15 10:00:00,Bot,203.0.113.7,GET /api/v3/account\n2026-11-15 11:00:00,Bot,203.0.113.7,GET /api/v3/account\n";
    assert_eq!(found("window-short", &[("calls.csv", short)]), only("calls", Severity::Info));
    assert_eq!(on_calls("window-short", ""), []);
}

#[test]
fn a_severity_and_a_threshold_can_be_overridden() {
    let row = "2026-11-15 10:00:00,Bot,198.51.100.9,gridbot/1,GET /api/v3/account,200,,,\n";
    let seen = "2026-10-19 10:00:00,Bot,198.51.100.9,gridbot/1,GET /api/v3/account,200,,,\n";
    let with = |settings: &str, rows: &str| {
        of(
            "ip-first-seen",
            &Folder::of(&[
                ("calls.csv", &calls(rows)),
                ("expected.toml", &format!("{EXPECTED}[rules.ip-first-seen]\n{settings}\n")),
            ]),
        )
    };
    assert_eq!(with("severity = \"info\"", row), only("198.51.100.9", Severity::Info));
    assert_eq!(with("baseline_days = 30", &(seen.to_owned() + row)), []);
    assert_eq!(with("baseline_days = 1", &(seen.to_owned() + row)), only("198.51.100.9", Severity::Medium));
}

#[test]
fn a_suppression_is_marked_and_does_not_count() {
    let row = "2026-11-15 10:00:00,Bot,198.51.100.9,gridbot/1,GET /api/v3/account,200,,,\n";
    let suppress = |until: &str, ip: &str| {
        let rules = ["ip-not-allowed", "ip-first-seen", "recon-burst"].map(|rule| {
            format!("[[suppress]]\nrule = \"{rule}\"\nip = \"{ip}\"\nuntil = {until}\nreason = \"holiday\"\n")
        });
        Folder::of(&[("calls.csv", &calls(row)), ("expected.toml", &format!("{EXPECTED}{}", rules.concat()))]).report()
    };
    let held = suppress("2026-12-01", "198.51.100.0/24");
    assert!(held.findings.iter().all(|f| f.suppressed.as_ref().is_some_and(|s| s.reason == "holiday")));
    assert_eq!((held.findings.len(), held.verdict.exit_code), (3, 4));
    let over = suppress("2026-11-01", "198.51.100.0/24");
    assert_eq!(over.verdict.exit_code, 13);
    assert!(over.not_checked.iter().any(|item| item.why.starts_with("expired")));
    assert_eq!(suppress("2026-12-01", "198.51.99.0/24").verdict.exit_code, 13);
}
