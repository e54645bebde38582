//! How exports are read does not show: threads, block size and the place where a text is cut change nothing.

use loganalyze::ingest::Reading;
use loganalyze::report::Report;
use loganalyze::settings::Settings;
use proptest::prelude::*;

use crate::account::{Incident, Plan, account};
use crate::folder::{self, Folder, assert_ledger};

/// The whole report in JSON.
fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap()
}

fn read(folder: &Folder, jobs: usize, block: usize) -> Report {
    let reading = Reading { jobs, block, hash: true, ..Reading::default() };
    folder::report(&Settings { reading, ..folder.settings() }).unwrap()
}

#[test]
fn threads_and_blocks_do_not_show() {
    for seed in [1, 2, 3] {
        let folder = Folder::new();
        let plan = Plan { seed, incident: Incident::Theft, bom: seed == 2, ..Plan::default() };
        account(&plan).write(&folder.path).unwrap();
        let whole = json(&read(&folder, 1, 1 << 20));
        for (jobs, block) in [(1, 4096), (2, 1 << 20), (2, 777), (8, 4096)] {
            assert!(whole == json(&read(&folder, jobs, block)), "{jobs} jobs, blocks of {block} bytes");
        }
    }
}

#[test]
fn hashes_made_along_the_way_are_those_of_the_files() {
    let folder = Folder::new();
    account(&Plan { bom: true, ..Plan::default() }).write(&folder.path).unwrap();
    let (at_once, in_blocks) = (read(&folder, 1, 1 << 20), read(&folder, 2, 1000));
    assert!(
        in_blocks.sources.iter().any(|source| source.bytes > 1 << 17),
        "no file is long enough to be read in blocks"
    );
    for (one, other) in at_once.sources.iter().zip(&in_blocks.sources) {
        assert_eq!(one.sha256, other.sha256, "{}", one.path);
        assert!(one.sha256.is_some());
    }
}

#[test]
fn without_hashes_the_report_says_so_and_copies_are_still_found() {
    let folder = Folder::new();
    account(&Plan::default()).write(&folder.path).unwrap();
    let (name, log) = account(&Plan::default()).files.into_iter().find(|(name, _)| name.contains("calls")).unwrap();
    assert!(log.len() > 4000, "{name}");
    folder.write("copy of calls.csv", &log);
    for block in [1000, 1 << 20] {
        let reading = Reading { hash: false, block, jobs: 2, ..Reading::default() };
        let report = folder::report(&Settings { reading, ..folder.settings() }).unwrap();
        assert!(report.sources.iter().all(|source| source.sha256.is_none()));
        assert!(report.not_checked.iter().any(|entry| entry.why.contains("--hash none")));
        assert_eq!(report.sources.iter().filter(|source| source.duplicate > 0 && source.accepted == 0).count(), 1);
    }
}

#[test]
fn callers_that_are_not_told_apart_are_counted_the_same_whoever_reads_them() {
    let mut text = "Time,Key,IP,User Agent,Endpoint,Status\n".to_owned();
    for call in 0..4000u32 {
        // Nearly every call comes from an address of its own; a few addresses come again, also in another part of the log.
        let ip = if call % 7 == 0 { call % 63 } else { call };
        let (hour, minute) = (call / 60 % 24, call % 60);
        text.push_str(&format!(
            "2026-01-{:02} {hour:02}:{minute:02}:00,Bot,198.{}.{}.7,bot/1,GET /api/v3/account,{}\n",
            call / 1440 + 1,
            18 + ip / 256 % 2,
            ip % 256,
            if call % 3 == 0 { 200 } else { 401 }
        ));
    }
    let folder = Folder::of(&[("calls.csv", &text)]);
    let read = |jobs, block, callers| {
        let reading = Reading { jobs, block, callers, ..Reading::default() };
        folder::report(&Settings { reading, ..folder.settings() }).unwrap()
    };
    let (all, few) = (read(1, 1 << 20, 100_000), read(1, 1 << 20, 60));
    assert_eq!(few.sources[0].accepted, 4000);
    assert!(few.ips.len() <= 60, "{}", few.ips.len());
    assert_eq!(few.ips.len() as u64 + few.ips_truncated.unwrap(), all.ips.len() as u64, "every address counts");
    for ip in &few.ips {
        let whole = all.ips.iter().find(|other| other.ip == ip.ip).unwrap();
        // Some of its calls may be counted with those of others, which the report says; never more than there are.
        assert!(ip.calls <= whole.calls && ip.first >= whole.first && ip.last <= whole.last, "{}", ip.ip);
    }
    assert!(few.not_checked.iter().any(|entry| entry.why.contains("counted together")));
    assert!(!all.not_checked.iter().any(|entry| entry.why.contains("counted together")));
    for (jobs, block) in [(1, 500), (2, 3000), (5, 700)] {
        assert!(json(&few) == json(&read(jobs, block, 60)), "{jobs} jobs, blocks of {block} bytes");
    }
}

const CALLS: &str = "Time,Key,IP,User Agent,Endpoint,Status,Symbol,Quantity,Note\n";
const GOOD: &str = "2026-01-01 00:00:00,Bot,203.0.113.7,bot/1,GET /api/v3/account,200,BTCUSDT,1,\n";

/// Lines of a log: whole, quoted, over several lines, broken, empty.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let cell = prop_oneof![
        "[a-z0-9 ]{0,4}",
        Just("\"a,b\"".to_owned()),
        Just("\"two\nlines\"".to_owned()),
        Just("\"x\"\"y\"".to_owned()),
        Just("\"open".to_owned()),
        Just("mid\"dle".to_owned()),
        Just("\"loose\"z".to_owned()),
    ];
    let time = prop_oneof![
        8 => (0..28u32, 0..24u32, 0..60u32, 0..1000u32).prop_map(|(d, h, s, ms)| format!("2026-01-{:02} {h:02}:05:{s:02}.{ms:03}", d + 1)),
        1 => (0..60u32).prop_map(|s| format!("2026-01-05 10:00:{s:02}")),
        1 => Just("yesterday".to_owned()),
    ];
    let ip = (0..6u32).prop_map(|at| format!("203.0.113.{at}"));
    let number = prop_oneof![4 => (0..100u32).prop_map(|n| format!("{n}.5")), 1 => Just("many".to_owned()), 2 => Just(String::new())];
    let line =
        (time, ip, cell.clone(), 0..3usize, number, cell).prop_map(|(time, ip, agent, operation, number, note)| {
            let operation = ["GET /api/v3/account", "POST /api/v3/order", "\"POST /api/v3/order\""][operation];
            format!("{time},Bot,{ip},{agent},{operation},200,BTCUSDT,{number},{note}")
        });
    proptest::collection::vec(prop_oneof![12 => line, 1 => Just(String::new()), 1 => Just("a,b".to_owned())], 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_log_may_be_cut_anywhere(lines in lines(), end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")], jobs in 1..4usize, block in 40..900usize) {
        let text = format!("{CALLS}{GOOD}{}{end}", lines.join(end));
        let orders = "Date(UTC),OrderNo,Pair,Type,Side,Order Price,Order Amount,Time,Executed,Average Price,Trading total,Status\n2026-01-05 10:00:07,1,BTCUSDT,Market,BUY,0,1BTC,2026-01-05 10:00:07,1BTC,1,1USDT,FILLED\n";
        let folder = Folder::of(&[("calls.csv", &text), ("orders.csv", orders)]);
        let (whole, cut) = (read(&folder, 1, 1 << 20), read(&folder, jobs, block));
        assert_ledger(&whole);
        prop_assert_eq!(json(&whole), json(&cut));
    }

    #[test]
    fn a_table_may_be_cut_anywhere(body in proptest::collection::vec(prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..400), rows in 1..40usize, jobs in 1..4usize, block in 20..500usize) {
        let row = "1,2026-01-01 00:00:00,Spot,Deposit,USDT,1,\n";
        let mut bytes = format!("User ID,Time,Account,Operation,Coin,Change,Remark\n{}", row.repeat(rows)).into_bytes();
        bytes.extend(body);
        bytes.extend(row.repeat(rows).bytes());
        let folder = Folder::new();
        folder.write("statement.csv", &bytes);
        prop_assert_eq!(json(&read(&folder, 1, 1 << 20)), json(&read(&folder, jobs, block)));
    }

    #[test]
    fn records_are_those_of_csv(bytes in proptest::collection::vec(prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), b'a'..b'e'], 0..80)) {
        // On any bytes, as long as no quote is given up as unclosed.
        use loganalyze::ingest::records::{Piece, Records, split};
        let (mut records, mut fields, mut all) = (Records::new(&bytes, b','), csv::ByteRecord::new(), Vec::new());
        while let Some((_, raw, piece)) = records.piece() {
            match piece {
                Piece::Record { quoted } => {
                    split(raw, b',', quoted, &mut fields);
                    all.push(fields.clone());
                }
                Piece::Blank => {}
                Piece::Unclosed => return Ok(()),
            }
        }
        let oracle = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes.as_slice());
        let oracle: Vec<csv::ByteRecord> = oracle.into_byte_records().map(Result::unwrap).collect();
        prop_assert_eq!(all, oracle);
    }
}
