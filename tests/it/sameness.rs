//! However exports are packed, cut, named or repeated, what is found is the same but for the places where it stands.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use loganalyze::report::Report;
use proptest::prelude::*;

use crate::account::{Incident, Plan, account};
use crate::containers::{gz, row, tar, xlsx, zip};
use crate::folder::{self, Folder, assert_ledger};

type Files = Vec<(String, Vec<u8>)>;

/// An account after a theft, and a history of another exchange that goes to several tables.
fn files() -> Files {
    let mut files = account(&Plan { seed: 5, incident: Incident::Theft, ..Plan::default() }).files;
    files.push(("coinbase.csv".to_owned(), mixed().into_bytes()));
    files
}

/// Purchases, sales, rewards and transfers, several in one second here and there, some of them equal.
fn mixed() -> String {
    let mut text =
        "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,\
        Total (inclusive of fees and/or spread),Fees and/or Spread,Notes\n"
            .to_owned();
    for at in 0..120u32 {
        let kind = ["Buy", "Sell", "Staking Income", "Receive", "Send", "Convert"][at as usize % 6];
        let (day, second) = (1 + at / 8, at / 3 % 60);
        let sign = if matches!(kind, "Sell" | "Send" | "Convert") { "-" } else { "" };
        let _ = writeln!(
            text,
            "id{},2026-11-{day:02} 10:00:{second:02} UTC,{kind},ETH,{sign}0.{:03},EUR,€2500.5,{sign}€25.00,{sign}€25.50,€0.50,",
            at / 2 * 2,
            at / 2 + 1
        );
    }
    text
}

/// Everything that is found, without the places where it stands.
fn found(report: &Report) -> BTreeSet<String> {
    let mut found = BTreeSet::from([format!("{} {}", report.verdict.result, report.verdict.exit_code)]);
    for f in &report.findings {
        found.insert(format!(
            "{} {} {} {:?} {} {:?} {:?}",
            f.id, f.rule, f.message, f.severity, f.count, f.first, f.last
        ));
    }
    for o in report.orders.unrecognized.iter().chain(&report.orders.ui_unverified) {
        found.insert(format!("order {:?} {} {} {:?} {:?}", o.order_id, o.time, o.verdict, o.ip, o.delta_ms));
    }
    found.extend(report.orders.by_verdict.iter().map(|(verdict, count)| format!("{count} {verdict}")));
    found.extend(
        report.episodes.iter().map(|e| format!("episode {} {:?} {:?} {:?}", e.id, e.severity, e.sold, e.bought)),
    );
    found.extend(report.p2p.unrecognized.iter().map(|o| format!("p2p {:?} {:?}", o.order_id, o.rules)));
    found.extend(report.transfers.unrecognized.iter().map(|t| format!("transfer {:?} {:?}", t.tx_id, t.rules)));
    found.extend(report.keys.iter().map(|key| format!("key {} {} {:?}", key.name, key.calls, key.last_used)));
    found.extend(report.ips.iter().map(|ip| format!("ip {} {} {} {}", ip.ip, ip.verdict, ip.calls, ip.orders)));
    found.extend(
        report.assets.iter().map(|a| format!("asset {} {} {} {} {}", a.asset, a.trades, a.transfers, a.p2p, a.other)),
    );
    found
}

fn folder_of(files: &[(String, Vec<u8>)]) -> Folder {
    let folder = Folder::new();
    files.iter().for_each(|(name, bytes)| folder.write(name, bytes));
    folder
}

fn assert_same(files: &[(String, Vec<u8>)], what: &str) {
    let report = folder_of(files).report();
    assert_ledger(&report);
    assert!(report.unreadable.is_empty() && report.rejected.is_empty(), "{what}: {:?}", report.unreadable);
    let (whole, found) = (found(&folder_of(&self::files()).report()), found(&report));
    let differ: Vec<&String> = whole.symmetric_difference(&found).collect();
    assert!(whole.len() > 50 && differ.is_empty(), "{what}: {differ:#?}");
}

fn is_export(name: &str) -> bool {
    name.ends_with(".csv")
}

/// The header of an export, and its records with the second they are of.
fn lines(bytes: &[u8]) -> (String, Vec<String>) {
    let mut lines = std::str::from_utf8(bytes).unwrap().lines().map(|line| format!("{line}\n"));
    (lines.next().unwrap(), lines.collect())
}

/// An export as two files, cut where the second changes, so that equal records stay together.
fn halves((name, bytes): &(String, Vec<u8>), overlap: usize) -> Files {
    let (header, records) = lines(bytes);
    let second = |record: &str| {
        let cell = record.split(',').find(|cell| cell.contains(':'))?;
        Some(cell[..cell.rfind(':')? + 3].to_owned())
    };
    let mut at = records.len() / 2;
    while at > 0 && at < records.len() && second(&records[at - 1]) == second(&records[at]) {
        at += 1;
    }
    let mut from = at.saturating_sub(overlap);
    while from > 0 && second(&records[from - 1]) == second(&records[from]) {
        from -= 1;
    }
    let file = |part: &str, records: &[String]| {
        (format!("{part} {name}"), format!("{header}{}", records.concat()).into_bytes())
    };
    vec![file("one", &records[..at]), file("two", &records[from..])]
}

#[test]
fn cutting_every_export_in_two_changes_nothing() {
    let cut = files()
        .iter()
        .flat_map(|file| if is_export(&file.0) { halves(file, 0) } else { vec![file.clone()] })
        .collect::<Files>();
    assert_same(&cut, "cut");
}

#[test]
fn a_copy_that_overlaps_changes_nothing() {
    // A log of calls is never deduplicated: ten equal calls in a second are ten calls.
    let part = |file: &(String, Vec<u8>)| {
        if is_export(&file.0) && !file.0.contains("calls") { halves(file, 30) } else { vec![file.clone()] }
    };
    assert_same(&files().iter().flat_map(part).collect::<Files>(), "overlapping");
}

#[test]
fn names_and_their_order_change_nothing() {
    let renamed = files().into_iter().enumerate().map(|(at, (name, bytes))| match is_export(&name) {
        true => (format!("{} {name}", 9 - at), bytes),
        false => (name, bytes),
    });
    assert_same(&renamed.collect::<Files>(), "renamed");
}

#[test]
fn archives_change_nothing() {
    let (exports, others): (Files, Files) = files().into_iter().partition(|(name, _)| is_export(name));
    let members: Vec<(&str, &[u8])> = exports.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let with = |name: &str, bytes: Vec<u8>| [others.clone(), vec![(name.to_owned(), bytes)]].concat();
    assert_same(&with("all.zip", zip(&members)), "zip");
    assert_same(&with("all.tar.gz", gz(&tar(&members))), "tar.gz");
    let single: Files = exports.iter().map(|(name, bytes)| (format!("{name}.gz"), gz(bytes))).collect();
    assert_same(&[others.clone(), single].concat(), "gz");
}

#[test]
fn workbooks_change_nothing() {
    let sheet = |(name, bytes): (String, Vec<u8>)| {
        if !name.contains("Order-History") && !name.contains("Trade-History") {
            return (name, bytes);
        }
        let (header, records) = lines(&bytes);
        let rows = [header].into_iter().chain(records).enumerate().map(|(at, line)| {
            let cells: Vec<&str> = line.trim_end().trim_start_matches('\u{feff}').split(',').collect();
            row(at + 3, &cells)
        });
        (name.replace(".csv", ".xlsx"), xlsx(&rows.collect::<String>()))
    };
    assert_same(&files().into_iter().map(sheet).collect::<Files>(), "xlsx");
}

#[test]
fn json_lines_change_nothing() {
    let as_json = |(name, bytes): (String, Vec<u8>)| {
        if name != "api-calls.csv" {
            return (name, bytes);
        }
        let (header, records) = lines(&bytes);
        let names: Vec<&str> = header.trim_end().split(',').collect();
        let mut text = String::new();
        for record in records {
            let cells = names.iter().zip(record.trim_end().split(','));
            let object: serde_json::Map<String, serde_json::Value> =
                cells.map(|(name, cell)| ((*name).to_owned(), cell.into())).collect();
            text.push_str(&serde_json::Value::Object(object).to_string());
            text.push('\n');
        }
        ("api-calls.jsonl".to_owned(), text.into_bytes())
    };
    assert_same(&files().into_iter().map(as_json).collect::<Files>(), "JSON lines");
}

/// Containers and JSON to begin with, by name.
fn seeds() -> Files {
    let trades =
        b"Time,Pair,Side,Price,Executed,Amount,Fee\n26-01-10 12:00:00,BTCUSDT,BUY,90000,0.01BTC,900USDT,0.001BNB\n";
    let cells = [
        &["Time", "Pair", "Side", "Price", "Executed", "Amount", "Fee"],
        &["26-01-10 12:00:00", "BTCUSDT", "BUY", "1", "1BTC", "1USDT", "0BNB"],
    ];
    let rows: String = cells.iter().enumerate().map(|(at, cells)| row(at + 1, *cells)).collect();
    let json = b"{\"Records\":[{\"eventTime\":\"2026-11-19T10:00:00Z\",\"eventName\":\"x\",\"sourceIPAddress\":\"198.51.100.7\",\"userAgent\":\"a\"}]}";
    vec![
        ("a.zip".to_owned(), zip(&[("t.csv", trades)])),
        ("a.tar".to_owned(), tar(&[("t.csv", trades)])),
        ("a.tgz".to_owned(), gz(&tar(&[("t.csv", trades)]))),
        ("a.csv.gz".to_owned(), gz(trades)),
        ("a.xlsx".to_owned(), xlsx(&rows)),
        ("a.json".to_owned(), json.to_vec()),
        ("a.jsonl".to_owned(), json.to_vec()),
        ("a.csv".to_owned(), mixed().into_bytes()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_damage_to_a_container_makes_the_reader_panic(
        seed in 0..8usize,
        cut in proptest::option::of(0.0..1.0f64),
        changes in proptest::collection::vec((0.0..1.0f64, any::<u8>()), 0..12),
        insert in proptest::option::of((0.0..1.0f64, proptest::collection::vec(any::<u8>(), 1..30))),
    ) {
        let (name, mut bytes) = seeds().swap_remove(seed);
        let at = |share: f64, length: usize| ((share * length as f64) as usize).min(length.saturating_sub(1));
        for (share, byte) in changes {
            let place = at(share, bytes.len());
            bytes[place] = byte;
        }
        if let Some((share, more)) = insert {
            let place = at(share, bytes.len());
            bytes.splice(place..place, more);
        }
        if let Some(share) = cut {
            bytes.truncate(at(share, bytes.len()).max(1));
        }
        let folder = Folder::of(&[("zz-calls.csv", "time,ip,operation\n2026-01-01 00:00:00,203.0.113.7,ping\n")]);
        folder.write(&name, &bytes);
        // Read or named with a reason, and the ledgers add up: whatever the bytes, the run itself goes on.
        let report = folder::report(&folder.settings()).map_err(|failure| TestCaseError::fail(format!("{failure:?}")))?;
        assert_ledger(&report);
        prop_assert!(report.sources.len() > 1 || !report.unreadable.is_empty());
    }
}

/// What a report says but for positions and sources.
fn said(files: &[(&str, &str)]) -> (String, Vec<String>, u64, Vec<String>) {
    let report = Folder::of(files).report();
    let findings = report.findings.iter().map(|found| format!("{} {:?} {}", found.rule, found.severity, found.message));
    let assets = report.assets.iter().map(|line| format!("{} {} {}", line.asset, line.trades, line.other));
    (report.run.as_of.to_string(), findings.collect(), report.orders.total, assets.collect())
}

#[test]
fn an_older_download_of_an_export_changes_nothing() {
    let name = "Binance-Spot-Trade-History-202611201830(UTC+0)-part1-of1.csv";
    let again = "Binance-Spot-Trade-History-202611201830(UTC+0)-part1-of1 (1).csv";
    let header = "Time,Pair,Side,Price,Executed,Amount,Fee\n";
    let older = "26-11-01 09:00:00,SOLUSDT,SELL,150,1SOL,150USDT,0.15USDT\n26-11-02 09:00:00,SOLUSDT,SELL,150,1SOL,150USDT,0.15USDT\n";
    // The newest record stands alone by days.
    let newer = "26-11-10 09:00:00,SOLUSDT,SELL,151,1SOL,151USDT,0.15USDT\n";
    let whole = format!("{header}{older}{newer}");
    let before = said(&[(name, &whole)]);
    assert_eq!(before.0, "2026-11-10T09:00:00Z");
    assert_eq!(said(&[(name, &whole), (again, &format!("{header}{older}"))]), before);
    assert_eq!(said(&[("a.csv", &whole), ("b.csv", &format!("{header}{newer}"))]), said(&[("a.csv", &whole)]));
}
