//! Several accounts in one folder: each is reported as if it were alone.

use std::collections::BTreeSet;

use loganalyze::report::Report;
use loganalyze::settings::{Settings, WindowRequest};

use crate::account::{Account, EXPECTED, Incident, Plan, account};
use crate::folder::{Folder, assert_ledger, report};

/// What a report says of one account, without the places where it says so.
fn told(report: &Report, name: Option<&str>) -> BTreeSet<String> {
    let own = |account: &Option<String>| account.as_deref() == name;
    let mut told = BTreeSet::new();
    for finding in report.findings.iter().filter(|finding| own(&finding.account)) {
        // A log that both share goes on as long as either calls: it shows for longer that a bot is silent.
        let last = finding.last.filter(|_| finding.rule != "bot-went-silent");
        let (rule, subject, span) = (finding.rule, &finding.subject.value, (finding.first, last));
        told.insert(format!("{rule} {subject} {:?} {} {span:?}", finding.severity, finding.count));
    }
    for order in report.orders.unrecognized.iter().filter(|order| own(&order.account)) {
        told.insert(format!("order {:?} {} {:?} {:?}", order.order_id, order.verdict, order.ip, order.delta_ms));
    }
    for ip in report.ips.iter().filter(|ip| own(&ip.account)) {
        told.insert(format!("ip {} {} {} {} {} {:?}", ip.ip, ip.verdict, ip.calls, ip.denied, ip.orders, ip.keys));
    }
    for key in report.keys.iter().filter(|key| own(&key.account)) {
        told.insert(format!("key {} {:?} {} {} {:?}", key.name, key.created, key.calls, key.orders, key.status));
    }
    for episode in report.episodes.iter().filter(|episode| own(&episode.account)) {
        told.insert(format!("episode {:?} {:?} {:?}", episode.severity, episode.orders, episode.rules));
    }
    for asset in report.assets.iter().filter(|asset| own(&asset.account)) {
        told.insert(format!("asset {} {} {} {}", asset.asset, asset.trades, asset.transfers, asset.p2p));
    }
    for order in report.p2p.unrecognized.iter().filter(|order| own(&order.account)) {
        told.insert(format!("p2p {:?} {:?}", order.order_id, order.rules));
    }
    for transfer in report.transfers.unrecognized.iter().filter(|transfer| own(&transfer.account)) {
        told.insert(format!("transfer {:?} {:?}", transfer.tx_id, transfer.rules));
    }
    for coverage in report.coverage.iter().filter(|coverage| own(&coverage.account)) {
        told.insert(format!("coverage {} {:?} {:?}", coverage.table, coverage.first, coverage.last));
    }
    told
}

fn run(folder: &Folder) -> Report {
    let window = WindowRequest { as_of: Some("2026-11-20T17:03:00Z".to_owned()), ..WindowRequest::default() };
    let report = report(&Settings { window, ..folder.settings() }).unwrap();
    assert_ledger(&report);
    assert!(report.unreadable.is_empty() && report.rejected.is_empty(), "{:?}", report.unreadable);
    report
}

fn alone(account: &Account) -> Report {
    let folder = Folder::new();
    account.write(&folder.path).unwrap();
    folder.write("expected.toml", EXPECTED.as_bytes());
    run(&folder)
}

fn assert_as_alone(report: &Report, name: &str, account: &Account) {
    let (apart, alone) = (told(report, Some(name)), told(&alone(account), None));
    assert!(alone.len() > 10, "{name}: {alone:?}");
    let differ: Vec<&String> = apart.symmetric_difference(&alone).collect();
    assert!(differ.is_empty(), "{name}: {differ:#?}");
}

fn two() -> [Account; 2] {
    [(1, Incident::None), (2, Incident::Theft)]
        .map(|(seed, incident)| account(&Plan { seed, incident, ..Plan::default() }))
}

#[test]
fn accounts_in_folders_of_their_own_are_reported_as_if_each_were_alone() {
    let [main, sub] = two();
    let both = Folder::new();
    main.write(&both.path).unwrap();
    sub.write(&both.path.join("sub")).unwrap();
    std::fs::remove_file(both.path.join("sub/expected.toml")).unwrap();
    let expected = format!("{EXPECTED}\n[[account]]\nname = \"sub-grid\"\nexports = [\"sub/**\"]\n");
    both.write("expected.toml", expected.as_bytes());
    let report = run(&both);
    assert_eq!(report.accounts, ["main", "sub-grid"]);
    for (name, account) in [("main", &main), ("sub-grid", &sub)] {
        assert_as_alone(&report, name, account);
    }
    let text: String = report.verdict.reasons.join("\n");
    assert_eq!(report.verdict.exit_code, 14, "{text}");
    assert!(report.findings.iter().all(|f| f.account.as_deref() == Some("sub-grid") || f.severity.name() == "info"));
}

/// The lines of two logs as one log, with a column that says whose each is.
fn merged(accounts: &[(&str, &Account)], file: &str) -> String {
    let mut text = String::new();
    for (name, account) in accounts {
        let (_, bytes) = account.files.iter().find(|(known, _)| known == file).unwrap();
        let lines: Vec<&str> = std::str::from_utf8(bytes).unwrap().lines().collect();
        if text.is_empty() {
            text = format!("{},User ID\n", lines[0]);
        }
        lines[1..].iter().for_each(|line| text.push_str(&format!("{line},{name}\n")));
    }
    text
}

#[test]
fn accounts_that_the_files_name_are_kept_apart_within_one_file() {
    let [main, sub] = two();
    let both = Folder::new();
    main.write(&both.path).unwrap();
    sub.write(&both.path.join("sub")).unwrap();
    for file in ["api-calls.csv", "api-keys.csv", "expected.toml"] {
        std::fs::remove_file(both.path.join("sub").join(file)).unwrap();
    }
    for file in ["api-calls.csv", "api-keys.csv"] {
        let all = [("35000001", &main), ("35000002", &sub)];
        both.write(file, merged(&all, file).as_bytes());
    }
    let expected = format!("{EXPECTED}\n[[account]]\nname = \"35000002\"\nexports = [\"sub/*\"]\n");
    both.write("expected.toml", expected.as_bytes());
    let report = run(&both);
    // The one id that is left over is the main account's, like the files that name none.
    assert_eq!(report.accounts, ["main", "35000002"]);
    for (name, account) in [("main", &main), ("35000002", &sub)] {
        assert_as_alone(&report, name, account);
    }
    let calls = report.sources.iter().find(|source| source.path.ends_with("api-calls.csv")).unwrap();
    assert_eq!(calls.accounts, ["main", "35000002"]);
}

const LEDGER: &str = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n";

#[test]
fn equal_records_of_two_accounts_are_no_duplicates() {
    let line = |id: &str| format!("{id},2026-11-02 10:00:00,Spot,Deposit,BTC,0.5,\n");
    let text = |ids: &[&str]| format!("{LEDGER}{}", ids.iter().map(|id| line(id)).collect::<String>());
    let accepted = |files: &[(&str, &str)]| {
        let report = Folder::of(files).report();
        assert_ledger(&report);
        let counts: Vec<u64> = report.sources.iter().map(|source| source.accepted).collect();
        (report.accounts, counts)
    };
    let (one, other) = (text(&["11"]), text(&["22"]));
    let (accounts, counts) = accepted(&[("a.csv", &one), ("b.csv", &other)]);
    assert_eq!((accounts, counts), (vec!["11".to_owned(), "22".to_owned()], vec![1, 1]));
    let (accounts, counts) = accepted(&[("a.csv", &text(&["11", "22"])), ("b.csv", &text(&["22", "11"]))]);
    assert_eq!((accounts.len(), counts), (2, vec![2, 0]));
    // One id alone tells no accounts apart; an older export of the same records that names none is a copy.
    let older = "UTC_Time,Account,Operation,Coin,Change,Remark\n2026-11-02 10:00:00,Spot,Deposit,BTC,0.5,\n";
    assert_eq!(accepted(&[("a.csv", &one), ("b.csv", older)]), (Vec::new(), vec![1, 0]));
}

#[test]
fn the_same_bytes_bound_to_two_accounts_are_read_for_each() {
    let text =
        format!("{LEDGER}11,2026-11-02 10:00:00,Spot,Deposit,BTC,0.5,\n").replace("User_ID,", "").replace("11,", "");
    let expected = "version = 1\n[[account]]\nname = \"a\"\nexports = [\"a.csv\"]\n[[account]]\nname = \"b\"\nexports = [\"b.csv\"]\n";
    let report = Folder::of(&[("a.csv", &text), ("b.csv", &text), ("expected.toml", expected)]).report();
    assert_eq!(report.accounts, ["a", "b"]);
    assert_eq!(report.sources.iter().map(|source| source.accepted).collect::<Vec<_>>(), [1, 1]);
    let gains: Vec<&str> = report.assets.iter().map(|asset| asset.transfers.as_str()).collect();
    assert_eq!(gains, ["0.5", "0.5"]);
}

#[test]
fn an_order_of_one_account_is_not_explained_by_a_call_of_another() {
    let log = "Time,Account,API Key,IP,User Agent,Operation,Status,Symbol,Side,Quantity\n\
        2026-11-19T10:00:00Z,sub,bot,203.0.113.7,bot/1,POST /api/v3/order,200,BTCUSDT,BUY,0.5\n\
        2026-11-19T10:00:01Z,main,bot,203.0.113.7,bot/1,POST /api/v3/order,200,ETHUSDT,BUY,2\n";
    let orders = "Time,Order No,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n\
        2026-11-19 10:00:00,71,BTCUSDT,LIMIT,BUY,90000,0.5BTC,2026-11-19 10:00:00,0.5BTC,90000,45000USDT,Filled\n\
        2026-11-19 10:00:01,72,ETHUSDT,LIMIT,BUY,3000,2ETH,2026-11-19 10:00:01,2ETH,3000,6000USDT,Filled\n";
    let orders = orders.replace("Order No,", "OrderNo,");
    let expected = "version = 1\n[[network]]\nname = \"vps\"\ncidrs = [\"203.0.113.7\"]\n[[tool]]\nname = \"bot\"\nnetworks = [\"vps\"]\n\
        [[key]]\nname = \"bot\"\ntools = [\"bot\"]\nallow = [\"read\", \"trade\"]\n";
    let files = [
        ("calls.csv", log),
        ("Binance-Spot-Order-History-202611200000(UTC+0).csv", &orders),
        ("expected.toml", expected),
    ];
    let report = Folder::of(&files).report();
    assert_eq!(report.accounts, ["main", "sub"]);
    let of = |id: &str| report.orders.unrecognized.iter().any(|order| order.order_id.as_deref() == Some(id));
    assert!(of("71") && !of("72"), "{:?} {:?}", report.orders, report.verdict);
    let assumed = report.not_checked.iter().find(|item| item.what.contains("whose some files are")).unwrap();
    assert!(assumed.why.contains("Spot-Order-History"), "{assumed:?}");
}

#[test]
fn a_stranger_with_keys_of_two_accounts_is_one_stranger() {
    let log = "Time,Account,API Key,IP,User Agent,Operation,Status\n\
        2026-11-19T10:00:00Z,sub,grid,198.51.100.9,curl/8,GET /api/v3/account,200\n\
        2026-11-19T10:00:05Z,main,bot,198.51.100.9,curl/8,GET /api/v3/account,200\n";
    let expected = "version = 1\n[[network]]\nname = \"vps\"\ncidrs = [\"203.0.113.7\"]\n[[key]]\nname = \"bot\"\nnetworks = [\"vps\"]\n\
        [[key]]\nname = \"grid\"\nnetworks = [\"vps\"]\n";
    let report = Folder::of(&[("calls.csv", log), ("expected.toml", expected)]).report();
    let found: Vec<&str> =
        report.findings.iter().filter(|f| f.rule == "ip-across-keys").map(|f| f.message.as_str()).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().any(|message| message.contains("grid of sub")), "{found:?}");
    assert!(!report.findings.iter().any(|f| f.rule == "key-vanished"));
}

#[test]
fn an_id_that_is_masked_in_one_file_is_the_one_that_is_whole_in_another() {
    let header = "UID,Account Type,Currency,Side,Amount,Fee,Time(UTC+00:00),Remark\n";
    let line = |id: &str, day: u8| format!("{id},mainAccount,USDT,Deposit,10,0,2026-11-{day:02} 10:00:00,Deposit\n");
    let accounts =
        |lines: &[String]| Folder::of(&[("a.csv", &format!("{header}{}", lines.concat()))]).report().accounts;
    assert!(accounts(&[line("****4228", 2), line("68194228", 3)]).is_empty());
    assert_eq!(accounts(&[line("****4228", 2), line("68194228", 3), line("****7001", 4)]), ["****7001", "68194228"]);
}

#[test]
fn an_account_whose_exports_match_no_file_is_named() {
    let text = format!("{LEDGER}11,2026-11-02 10:00:00,Spot,Deposit,BTC,0.5,\n");
    let stale = |glob: &str| {
        let expected = format!("version = 1\n[[account]]\nname = \"sub\"\nexports = [\"{glob}\"]\n");
        let report = Folder::of(&[("a.csv", &text), ("expected.toml", &expected)]).report();
        report.not_checked.iter().any(|item| item.what == "account sub of the expectations")
    };
    assert!(stale("sub/**") && !stale("A*.csv"));
}
